//! Time travel: the stack, the memo, the frame and the reader's position before and after any instruction of a reading.
//!
//! Nothing is read anew and nothing is copied for each instant. The finished graph knows which node each instruction made, so a
//! light machine of node numbers repeats what the loader did to stack and memo. [`History`] keeps, every few thousand
//! instructions, how that machine stood, as a difference to the place before; an instant is the closest such place and a
//! short replay.

mod columns;
mod history;
mod moment;
mod replay;
mod seek;
mod stack;
mod step;
mod walk;

pub use history::{History, Unreached};
pub use moment::{Instant, Moment, Slot, Trace};
pub use seek::{Direction, Found, Goal, Search};
pub use step::{Action, Step, Taken};
