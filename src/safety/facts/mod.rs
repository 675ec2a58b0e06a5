//! The facts of a reading that passes judge: the names that the file gives, what its calls come to (`apply`, `attribute`), how bad
//! it is to call that (`called`), the texts that name what Python calls by itself. Nothing is found here.

mod acting_code;
mod apply;
mod attribute;
mod called;
mod own_functions;
mod quiet;
mod reading;
mod sizes;
mod spell;
mod texts;

pub(super) use acting_code::{CodeBudget, acting};
pub(super) use apply::finds_item;
pub(super) use attribute::is_table_of_names;
pub(super) use reading::Facts;
pub(super) use texts::{Payload, may_be_packed};
