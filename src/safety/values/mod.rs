//! Values, as far as a file tells what they are, the calls that make them, and texts that calls put together.

mod call;
mod fold;
mod size;
mod value;

pub(super) use call::{ARGUMENTS, Call, Step};
pub(super) use fold::{fold, is_worked_out};
pub(super) use size::{Size, StoredSize};
pub(super) use value::{AbstractValue, GlobalRef};
