//! What was found, and the evidence for it.

mod evidence;
mod found;
mod rule;

pub(super) use evidence::Draft;
pub use found::{Finding, HowNamed};
pub use rule::Rule;
