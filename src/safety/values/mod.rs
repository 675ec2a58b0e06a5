//! What the expressions of a file come to: values, as far as the file tells, and what is met on the way to them.

mod apply;
mod attribute;
mod call;
mod called;
mod fold;
mod value;

pub(super) use apply::finds_item;
pub(super) use attribute::is_table_of_names;
pub(super) use call::{ARGUMENTS, Call, Step};
pub(super) use value::{AbstractValue, GlobalRef};
