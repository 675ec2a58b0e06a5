//! The file as Python source, line by line.

use super::TextPart;
use crate::safety::Level;
use serde::{Deserialize, Serialize};

/// A line of Python.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SourceLine {
    /// Number of the line, from 0.
    pub index: u64,
    /// Levels of indentation.
    pub indent: u32,
    /// The text in typed pieces.
    pub parts: Vec<TextPart>,
    /// The object that the line makes or changes.
    pub node: Option<u32>,
    /// Offset of the opcode that does it, to select it in the other views.
    pub offset: Option<u64>,
    /// What the audit has to say of it.
    pub danger: Option<(Level, String)>,
}
