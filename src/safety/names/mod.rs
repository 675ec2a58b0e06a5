//! What is known of names: the database (`data`, one name a line), the search in it, and what follows from it for names that are
//! reached another way.

mod capability;
mod class_facts;
mod database;
mod growth;
mod hash;
mod judge;
mod lines;
mod review;
mod special;
mod traits;

pub use capability::Capability;
pub(super) use database::is_allowed_by_torch;
pub(super) use growth::{AtOnce, Growth};
pub use judge::{Known, judge};
pub(super) use judge::{
    growth, is_known_module, is_known_package, is_read_package, is_reviewed_package, is_stdlib, module_capability,
    source, traits,
};
#[cfg(target_arch = "wasm32")]
pub(crate) use lines::{prepare, take};
pub use review::{Called, Check, Review, Role};
pub(super) use special::{
    acts, acts_on_import, attribute, finds, is_adder, is_hook, is_introspective, is_master_key, is_memory_access,
    is_plain_method, is_template, may_act, may_be_hook, method_acts, public_module, reaches_out, rebuilds,
};
pub(super) use traits::{Attribute, Traits};
