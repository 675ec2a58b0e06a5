//! Everything the inspector shows of one selection.

use super::{OpcodeRow, RowMark, TextPart};
use serde::{Deserialize, Serialize};

/// A named fact: `length`, `12 characters`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// Short name.
    pub name: String,
    /// Value as text.
    pub value: String,
}

/// A row on the way from the root of the tree down to the selection.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WayRow {
    /// What it adds to the path: `obj`, `['model']`, `.steps`, `[0]`.
    pub text: String,
    /// Its row in the tree.
    pub row: u64,
}

/// What the selection is, where it stands and what made it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Inspection {
    /// Node of the graph, when the selection is a value.
    pub node: Option<u32>,
    /// The column of it that was selected, when it is a table.
    pub column: Option<u64>,
    /// Row in the tree, when the value can be reached there.
    pub row: Option<u64>,
    /// Row in the listing of the opcode that made it (or that was selected).
    pub opcode: Option<u64>,
    /// Label of the row, or the opcode's name.
    pub title: String,
    /// Full type: `sklearn.pipeline.Pipeline`.
    pub type_name: String,
    /// Accessor path, `obj['model'].steps[0]`; empty where Python has none.
    pub path: String,
    /// The rows from the root down to it, itself last. Of a long way the middle is one row, `…`.
    pub way: Vec<WayRow>,
    /// What the value is, in one line.
    pub summary: Vec<TextPart>,
    /// Marks of the row.
    pub marks: Vec<RowMark>,
    /// Length, memo slots, encoding ...
    pub facts: Vec<Fact>,
    /// What the value holds that can be opened: `a pickle of protocol 4`.
    pub embedded: Option<String>,
    /// The other member of the bundle that the numbers of an array are in: its number, and where it is to a person.
    pub numbers_in: Option<(u32, String)>,
    /// First piece of the full value.
    pub value: ValueChunk,
    /// The instructions that built it, its children's left out; at most 200.
    pub opcodes: Vec<OpcodeRow>,
    /// How many there are.
    pub opcode_count: u64,
    /// Bytes from the first opcode of the value to the last: start and end.
    pub span: (u64, u64),
    /// Bytes of the instruction that made it, opcode and argument: start and end.
    pub own: (u64, u64),
    /// The byte that was asked for, when the selection began with one.
    pub asked: Option<u64>,
}

/// A piece of a value's text.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ValueChunk {
    /// Python's repr, or the text itself for `str`.
    pub text: String,
    /// Where in the value the next piece begins: in bytes of its payload, or of the elements of an array in the order in
    /// which they are shown. `None` when this is the last.
    pub next: Option<u64>,
    /// Bytes of the whole payload, or of all elements of an array; 0 for values without bytes of their own.
    pub total: u64,
}
