//! Columns of tables in the tree: rows for what is no value of its own in the file.

use super::Document;
use super::column_rows::{ColumnRow, ColumnRows};
use super::content::{Child, Column, Content, Place, RANGE, Target};
use crate::lens::{TableColumn, TableValue, ValueKind, Vector};
use crate::view::card::Card;
use crate::view::{Inspection, TextKind, TextPart, TreeRow, ValueChunk, cards, shown};

/// Values that a row shows.
const SHOWN: usize = 6;
/// Characters of each.
const LONG: usize = 40;

impl Document {
    /// Selects a column of a table, whose row is revealed.
    pub fn inspect_column(&mut self, node: u32, number: u64) -> Option<Inspection> {
        let table = self.node(node)?;
        let column = Column { table, number };
        if number >= self.components(table)?.columns {
            return None;
        }
        let (root, mut steps) = self.way_to(table)?;
        let child = Child { place: Place::Column(column), target: Target::Column(column) };
        let total = self.node_children(table);
        let first = number / RANGE * RANGE;
        if total > RANGE {
            let range = Content::Range { node: table, first, count: RANGE.min(total - first) };
            let place = Place::Range(first, RANGE.min(total - first));
            steps.push(((Content::Node(table), number / RANGE), Child { place, target: Target::Content(range) }));
            steps.push(((range, number - first), child));
        } else {
            steps.push(((Content::Node(table), number), child));
        }
        let row = self.reveal_way(root, steps);
        self.inspect_row(row)
    }

    /// What is known of a column: its bytes are those of the block that it stands in, its opcode is the one that makes the table.
    pub(super) fn inspection_of_column(&self, column: Column) -> Inspection {
        let lens = self.lens();
        let found = lens.table(column.table).and_then(|table| table.column(column.number));
        let block = found.as_ref().and_then(|column| column.values.node).unwrap_or(column.table);
        let span = self.extent(block);
        Inspection {
            column: Some(column.number),
            type_name: found.map(|found| found.values.dtype).unwrap_or_default(),
            summary: Vec::new(),
            facts: Vec::new(),
            embedded: None,
            value: ValueChunk::default(),
            span: (span.start, span.end),
            ..self.inspection_of(column.table, &lens.shape(column.table))
        }
    }

    /// What a lens understands of a column of a table.
    #[must_use]
    pub fn column_card(&self, node: u32, column: u64) -> Option<Card> {
        cards::column(&self.lens(), self.node(node)?, column).map(shown)
    }

    /// What a column is called, as Python writes it in brackets; its number where it has no name.
    pub(super) fn column_label(&self, column: Column) -> String {
        self.column_row(column).map_or_else(|| column.number.to_string(), |row| row.label)
    }

    /// Dtype and first values of a column.
    pub(super) fn describe_column(&self, row: &mut TreeRow, column: Column) {
        let Some(found) = self.column_row(column) else { return };
        (row.type_name, row.offset, row.preview) = (found.dtype, found.offset, found.preview);
    }

    /// The row of a column. Tables are read again for each question, so columns are described many at a time.
    fn column_row(&self, column: Column) -> Option<ColumnRow> {
        const TOGETHER: u64 = 256;
        let first = column.number / TOGETHER * TOGETHER;
        let at = (column.number - first) as usize;
        let mut kept = self.column_rows.borrow_mut();
        if (kept.table, kept.first) != (Some(column.table), first) {
            let lens = self.lens();
            let table = lens.table(column.table)?;
            let keys = table.column_keys(first, TOGETHER as usize);
            let described = table.columns_from(first, TOGETHER as usize).into_iter().enumerate();
            let row = |(at, found): (usize, TableColumn<'_>)| ColumnRow {
                label: keys.get(at).cloned().unwrap_or_else(|| (first + at as u64).to_string()),
                dtype: found.values.dtype.clone(),
                offset: found.values.node.map(|node| self.reading.graph.offset(node)),
                preview: first_values(&found.values, table.rows),
            };
            *kept = ColumnRows { table: Some(column.table), first, rows: described.map(row).collect() };
        }
        kept.rows.get(at).cloned()
    }
}

fn first_values(values: &Vector<'_>, rows: u64) -> Vec<TextPart> {
    let found = match values.cells(0, SHOWN, LONG) {
        Ok(found) => found,
        Err(reason) => return vec![TextPart::new(TextKind::Error, reason)],
    };
    let mut parts = Vec::new();
    for (number, value) in (1..).zip(&found) {
        parts.push(part(value, if number < rows { "," } else { "" }));
    }
    parts.extend((rows > SHOWN as u64).then(|| TextPart::new(TextKind::Dim, "…")));
    parts
}

fn part(value: &TableValue, separator: &str) -> TextPart {
    let kind = match value.kind {
        ValueKind::Number => TextKind::Number,
        ValueKind::Text => TextKind::Str,
        ValueKind::Missing => TextKind::Constant,
        ValueKind::Object => TextKind::Plain,
    };
    let cut = if value.is_cut { "…" } else { "" };
    TextPart::new(kind, value.repr() + cut + separator)
}
