//! The symbolic unpickler. It runs every opcode the way CPython's loader does, except that nothing is imported, called or
//! changed: what a loader would do becomes a node of the graph.
//!
//! Reading never fails, it stops: the result is always the graph so far, the stack and memo where it stopped, and the
//! problems met. Semantics follow `Modules/_pickle.c`; where readers differ, the most lenient one decides what is read and a
//! problem names the difference.

mod batches;
mod budget;
mod dtype;
mod exec;
mod fix_imports;
mod fix_imports_table;
mod in_python;
mod inline;
mod memo;
mod memo_past;
mod notes;
mod npy;
mod operands;
mod parts;
mod problem;
mod problem_raised;
mod raised;
mod raised_number;
mod read;
mod reserve;
#[cfg(test)]
mod rollback_tests;
mod run;
mod stack;
mod types;
mod window;

pub use fix_imports::map as map_to_python3;
pub use memo::{Memo, MemoView};
pub use npy::read_npy;
pub use parts::{Checkpoint, Frame, Idle, Nested, RawKind, RawPart};
pub use problem::{Problem, ProblemKind, Problems};
pub(crate) use raised::MOST_DIGITS;
pub use raised::Raised;
pub use read::{Layout, Reading, Stream, read, read_plain};
