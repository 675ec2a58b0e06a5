//! A value as its fields: a row for each key, attribute or item.

use super::{LabelKind, TextPart};
use crate::safety::Level;
use serde::{Deserialize, Serialize};

/// What the rows are sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum FieldSort {
    /// Their place in the value.
    #[default]
    Position,
    /// Their names.
    Name,
    /// Their types.
    Type,
    /// Their bytes in the file.
    Size,
}

/// The order of the rows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct FieldOrder {
    /// What they are sorted by.
    pub by: FieldSort,
    /// Whether the last comes first.
    pub descending: bool,
}

/// The fields of a value, asked for by windows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Fields {
    /// How many there are.
    pub total: u64,
    /// Whether they can be sorted: not when there are too many.
    pub sortable: bool,
}

/// One field.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FieldRow {
    /// What the name is.
    pub label_kind: LabelKind,
    /// The key, attribute or position.
    pub name: String,
    /// The type of the value.
    pub type_name: String,
    /// Shape and first values, in one line.
    pub preview: Vec<TextPart>,
    /// Bytes from the first opcode of the value to the last; `None` when it stands elsewhere.
    pub size: Option<u64>,
    /// The share of these bytes in those of the whole value, from 0 to 1.
    pub share: f64,
    /// The value in the graph.
    pub node: Option<u32>,
    /// Offsets of the instructions that make the value and its key, to tell whether they are hits of a search.
    pub offsets: Vec<u64>,
    /// The worst of what loading would do in it.
    pub danger: Option<(Level, String)>,
}
