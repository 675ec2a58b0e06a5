//! Rows of columns of tables, as they are kept between questions.

use crate::graph::NodeId;
use crate::view::TextPart;

/// What the rows of columns show that stand side by side in one table.
#[derive(Debug, Default)]
pub(super) struct ColumnRows {
    /// The table.
    pub(super) table: Option<NodeId>,
    /// The first of them.
    pub(super) first: u64,
    /// One for each.
    pub(super) rows: Vec<ColumnRow>,
}

/// What the row of a column shows.
#[derive(Clone, Debug)]
pub(super) struct ColumnRow {
    /// As it is written in brackets.
    pub(super) label: String,
    /// Its dtype.
    pub(super) dtype: String,
    /// Where the opcode is that makes its block.
    pub(super) offset: Option<u64>,
    /// Its first values.
    pub(super) preview: Vec<TextPart>,
}
