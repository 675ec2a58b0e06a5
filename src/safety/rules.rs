//! The rules, each with its page; `docs/rules` is made of these texts. A rule stands in the pass that finds it.

pub use super::finding::Rule;
pub use super::passes::bombs::RESOURCE_BOMB;
pub use super::passes::call_rules::{COMPUTED_CALL, DANGEROUS_CALL, UNUSUAL_ARGUMENTS, UNUSUAL_USE};
pub use super::passes::changes::MODIFIES_IMPORT;
pub use super::passes::containers::CONTAINER_ODDITY;
pub use super::passes::hooks::PLANTED_HOOK;
pub use super::passes::imports::{DANGEROUS_IMPORT, INTROSPECTION, UNKNOWN_CODE};
pub use super::passes::loader::{EXTENSION_CODE, PERSISTENT_ID};
pub use super::passes::lookups::{ATTRIBUTE_WALK, COMPUTED_NAME};
pub use super::passes::memory::FOREIGN_MEMORY;
pub use super::passes::nested::{HIDDEN_DATA, NESTED_PICKLE};
pub use super::passes::readers::{MEMO_OVERWRITTEN, READER_DIFFERENCE};
pub use super::passes::stored_code::{RUNS_STORED_CODE, STORED_CODE};

/// All of them, by id.
pub const ALL: &[Rule] = &[
    ATTRIBUTE_WALK,
    COMPUTED_CALL,
    COMPUTED_NAME,
    CONTAINER_ODDITY,
    DANGEROUS_CALL,
    DANGEROUS_IMPORT,
    EXTENSION_CODE,
    FOREIGN_MEMORY,
    HIDDEN_DATA,
    INTROSPECTION,
    MEMO_OVERWRITTEN,
    MODIFIES_IMPORT,
    NESTED_PICKLE,
    PERSISTENT_ID,
    PLANTED_HOOK,
    READER_DIFFERENCE,
    RESOURCE_BOMB,
    RUNS_STORED_CODE,
    STORED_CODE,
    UNKNOWN_CODE,
    UNUSUAL_ARGUMENTS,
    UNUSUAL_USE,
];
