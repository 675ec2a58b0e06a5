//! What questions and answers hold, where it is no plain data of a view.

use crate::explain::Explanation;
use crate::view::card::CellWindow;
use crate::view::{ByteMark, Inspection};
use serde::{Deserialize, Serialize};

/// What a selection starts from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Target {
    /// A row of the tree.
    Row(u64),
    /// A row of the listing.
    Opcode(u64),
    /// A byte of the file.
    Offset(u64),
    /// A value, by its node.
    Node(u32),
    /// A column of a table.
    Column {
        /// Node of the table.
        node: u32,
        /// Number of the column.
        column: u64,
    },
}

/// Places that may be hits of a search.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Among {
    /// Offsets of instructions.
    Offsets(Vec<u64>),
    /// Lines of the Python source.
    Lines(Vec<u64>),
    /// Cells of a grid with so many columns; each is told by its number, row by row.
    Cells(CellWindow, u64),
}

/// Some rows of a list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Window<T> {
    /// All rows of the list.
    pub total: u64,
    /// Those that were asked for.
    pub rows: Vec<T>,
}

/// The tree after a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// All visible rows now.
    pub total: u64,
    /// The row to focus.
    pub row: u64,
}

/// A selection. Selecting an opcode or a byte may open rows of the tree to reveal the value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Selected {
    /// All visible rows now.
    pub total: u64,
    /// What was selected.
    pub inspection: Inspection,
}

/// A hit at one of the places at which its value stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlaceShown {
    /// Which place, from 0.
    pub place: u64,
    /// How many there are; of very many, those that are known.
    pub places: u64,
    /// All visible rows of the tree now.
    pub total: u64,
    /// The row of the value.
    pub row: u64,
}

/// What an error message means.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Explained {
    /// What is known of it.
    pub explanation: Explanation,
    /// The document that was asked whether it shows the cause, by its name.
    pub file: Option<String>,
}

/// Bytes of the file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HexWindow {
    /// First offset.
    pub start: u64,
    /// Two lower-case hex digits a byte.
    pub digits: String,
    /// Instructions in the window that something was found at.
    pub marks: Vec<ByteMark>,
}
