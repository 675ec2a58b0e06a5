//! Passes over the facts of a reading. Each is a function from facts to findings and begins with the pages of the rules that it
//! finds.

pub(super) mod arguments;
pub(super) mod bombs;
pub(super) mod call_rules;
pub(super) mod calls;
pub(super) mod changes;
pub(super) mod collisions;
pub(super) mod containers;
pub(super) mod formulas;
pub(super) mod given;
pub(super) mod hooks;
pub(super) mod imports;
pub(super) mod joblib_notes;
pub(super) mod keys;
pub(super) mod loader;
pub(super) mod lookups;
pub(super) mod memory;
pub(super) mod nested;
pub(super) mod readers;
pub(super) mod running_code;
pub(super) mod sizes;
pub(super) mod stand_ins;
pub(super) mod stored_code;
pub(super) mod unreviewed;
