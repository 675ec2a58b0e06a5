//! Pickles inside pickles: in values and in what a nested load is given, and after the end.

mod behind;
mod budget;
mod packed;
mod values;

pub use behind::HIDDEN_DATA;
pub(in crate::safety) use behind::behind;
pub(in crate::safety) use budget::Budget;
pub use values::NESTED_PICKLE;
pub(in crate::safety) use values::{Inside, Nested};
