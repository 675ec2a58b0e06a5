//! Bytes that belong to a finding, for the bytes pane.

use crate::safety::Level;
use serde::{Deserialize, Serialize};

/// An instruction that something was found at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ByteMark {
    /// Offset of its first byte.
    pub start: u64,
    /// Offset behind its last one.
    pub end: u64,
    /// How bad.
    pub level: Level,
    /// What, in a few words.
    pub words: String,
}
