//! What loading a file would do: known globals, levels, the verdict.
//!
//! This is the first table of well-known names and the facts of the opcodes. Judging calls by their arguments and following
//! computed names comes with the audit, in this layer.

mod known;
mod level;
mod verdict;

pub use known::{Capability, Known, judge};
pub use level::Level;
pub use verdict::{Subject, Verdict, node_level, verdict};
