//! Frames and series of pandas, an index first, as `DataFrame.to_csv` writes them.

use super::array_cell;
use super::csv_lines::{Field, Lines};
use super::writer::Remarks;
use crate::graph::NodeId;
use crate::lens::{Lens, Table, TableKind, TableValue, ValueKind};

/// Cells of one step.
const CELLS: u64 = 16 * 1024;
/// Rows of one step.
const ROWS: u64 = 2048;
/// Columns of a table.
const COLUMNS: u64 = 1 << 20;
/// Columns whose problems are told one by one.
const REMARKED: usize = 256;

/// A table on its way into a file.
pub(super) struct Frame {
    node: NodeId,
    columns: u64,
    /// Whether the labels of the rows come first.
    labelled: bool,
    pub(super) rows: u64,
    pub(super) header: Vec<Field>,
}

/// What does not fit together in columns whose values are written nevertheless: a time zone that is not known.
pub(super) fn say_problems(table: &Table<'_>, remarks: &mut Remarks) {
    for column in table.columns_from(0, REMARKED) {
        if let Some(problem) = column.values.problem() {
            remarks.say(format!("the column {}: {problem}", crate::opcode::printable(&column.name)));
        }
    }
}

impl Frame {
    /// The table that a value is.
    pub(super) fn of(lens: &Lens<'_>, node: NodeId, lines: &mut Lines) -> Option<Self> {
        let table = lens.table(node)?;
        table.remarks.iter().for_each(|remark| lines.remarks.say(remark));
        let labelled = matches!(table.kind, TableKind::Frame | TableKind::Series);
        let columns = table.columns.min(COLUMNS);
        if columns < table.columns {
            lines.remarks.say(format!("only the first {COLUMNS} columns are in the file"));
        }
        let mut header = Vec::new();
        if labelled {
            header.extend(table.level_names().into_iter().map(name));
        }
        header.extend(names(&table, columns).into_iter().map(name));
        say_problems(&table, &mut lines.remarks);
        Some(Self { node, columns, labelled, rows: table.rows, header })
    }

    /// Writes rows from `row` on; gives the number of the next one.
    pub(super) fn step(&self, lens: &Lens<'_>, row: u64, lines: &mut Lines, out: &mut Vec<u8>) -> Result<u64, String> {
        let table = lens.table(self.node).ok_or("this value is no table any more")?;
        let rows = (CELLS / self.columns.max(1)).clamp(8, ROWS).min(self.rows - row);
        let mut fields: Vec<Vec<Field>> = vec![Vec::new(); rows as usize];
        if self.labelled {
            let labels = table.labels(row, rows as usize, budget(lens))?;
            for (line, labels) in fields.iter_mut().zip(labels) {
                line.extend(labels.into_iter().map(|label| field(lens, label, lines)));
            }
        }
        for column in table.columns_from(0, self.columns as usize) {
            let cells = match column.values.cells(row, rows as usize, budget(lens)) {
                Ok(cells) => cells,
                Err(reason) => {
                    let column = crate::opcode::printable(&column.name).into_owned();
                    lines.remarks.say(format!("the column {column} is empty: {reason}"));
                    Vec::new()
                }
            };
            let mut cells = cells.into_iter();
            for line in &mut fields {
                line.push(cells.next().map_or(Field::Missing, |cell| field(lens, cell, lines)));
            }
        }
        fields.iter().for_each(|line| lines.line(line, out));
        Ok(row + rows)
    }
}

/// The names of columns; a series without one is called 0, as in its `to_frame`.
pub(super) fn names(table: &Table<'_>, columns: u64) -> Vec<String> {
    let mut names = table.names(0, columns as usize);
    if table.kind != TableKind::Frame && names.len() == 1 && names[0].is_empty() {
        "0".clone_into(&mut names[0]);
    }
    for number in names.len() as u64..columns {
        names.push(number.to_string());
    }
    names
}

/// Characters of a cell: as many as a value may have.
pub(super) fn budget(lens: &Lens<'_>) -> usize {
    usize::try_from(lens.limits.value).unwrap_or(usize::MAX)
}

fn name(name: String) -> Field {
    if name.is_empty() { Field::Missing } else { Field::Text(name) }
}

fn field(lens: &Lens<'_>, value: TableValue, lines: &mut Lines) -> Field {
    if value.is_cut {
        lines.remarks.say("a long value was cut");
    }
    match value.kind {
        ValueKind::Missing => Field::Missing,
        ValueKind::Number => Field::Bare(value.text),
        ValueKind::Text => Field::Text(value.text),
        ValueKind::Object => {
            lines.remarks.say("what is no plain value became text as Python writes it");
            Field::Text(value.node.and_then(|node| array_cell::text(lens, node)).unwrap_or(value.text))
        }
    }
}
