//! Tables in plain JSON: columns, index and rows apart, as `DataFrame.to_json(orient='split')` has them.

use super::array_cell;
use super::csv_table::{budget, names};
use super::json_text::plain_string;
use super::plain_scalars::{is_number, number, said_string};
use super::writer::Remarks;
use crate::graph::NodeId;
use crate::lens::{Lens, Table, TableKind, TableValue, ValueKind};

/// Cells of one step.
const CELLS: u64 = 8 * 1024;
const ROWS: u64 = 2048;
/// Columns of a table.
const COLUMNS: u64 = 1 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Index,
    Data,
    Done,
}

/// Writes one table.
pub(super) struct TableJson {
    node: NodeId,
    part: Part,
    row: u64,
    rows: u64,
    columns: u64,
    labelled: bool,
}

impl TableJson {
    /// The table that a value is.
    pub(super) fn of(lens: &Lens<'_>, node: NodeId, remarks: &mut Remarks) -> Option<Self> {
        let table = lens.table(node)?;
        remarks.say("tables became objects of columns, index and data, without their dtypes");
        table.remarks.iter().for_each(|remark| remarks.say(remark));
        super::csv_table::say_problems(&table, remarks);
        let labelled = matches!(table.kind, TableKind::Frame | TableKind::Series);
        let columns = table.columns.min(COLUMNS);
        Some(Self { node, part: Part::Head, row: 0, rows: table.rows, columns, labelled })
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether everything was written.
    pub(super) fn is_done(&self) -> bool {
        self.part == Part::Done
    }

    /// Writes some more; gives the number of rows whose values were written.
    pub(super) fn step(&mut self, lens: &Lens<'_>, out: &mut Vec<u8>, remarks: &mut Remarks) -> Result<u64, String> {
        let table = lens.table(self.node).ok_or("this value is no table any more")?;
        match self.part {
            Part::Head => {
                out.extend(b"{\"columns\":[");
                for (index, name) in names(&table, self.columns).iter().enumerate() {
                    out.extend(if index > 0 { &b","[..] } else { b"" });
                    plain_string(name, out);
                }
                out.extend(if self.labelled { &b"],\"index\":["[..] } else { b"],\"data\":[" });
                self.part = if self.labelled { Part::Index } else { Part::Data };
            }
            Part::Index => {
                let count = ROWS.min(self.rows - self.row);
                for labels in table.labels(self.row, count as usize, budget(lens))? {
                    out.extend(if self.row > 0 { &b","[..] } else { b"" });
                    match &labels[..] {
                        [label] => value(lens, label, out, remarks),
                        labels => list(lens, labels, out, remarks),
                    }
                    self.row += 1;
                }
                if count == 0 || self.row >= self.rows {
                    out.extend(b"],\"data\":[");
                    (self.part, self.row) = (Part::Data, 0);
                }
            }
            Part::Data => return self.data(lens, &table, out, remarks),
            Part::Done => {}
        }
        Ok(0)
    }

    fn data(
        &mut self,
        lens: &Lens<'_>,
        table: &Table<'_>,
        out: &mut Vec<u8>,
        remarks: &mut Remarks,
    ) -> Result<u64, String> {
        let rows = (CELLS / self.columns.max(1)).clamp(8, ROWS).min(self.rows - self.row);
        let mut lines: Vec<Vec<TableValue>> = vec![Vec::new(); rows as usize];
        for column in table.columns_from(0, self.columns as usize) {
            let cells = column.values.cells(self.row, rows as usize, budget(lens)).unwrap_or_else(|reason| {
                let column = crate::opcode::printable(&column.name).into_owned();
                remarks.say(format!("the column {column} is null: {reason}"));
                Vec::new()
            });
            let mut cells = cells.into_iter();
            let missing = || TableValue { kind: ValueKind::Missing, ..TableValue::default() };
            lines.iter_mut().for_each(|line| line.push(cells.next().unwrap_or_else(missing)));
        }
        for line in lines {
            out.extend(if self.row > 0 { &b","[..] } else { b"" });
            list(lens, &line, out, remarks);
            self.row += 1;
        }
        if self.row >= self.rows {
            out.extend(b"]}");
            self.part = Part::Done;
        }
        Ok(rows)
    }
}

/// Whether null stands for it.
fn is_none(text: &str) -> bool {
    matches!(text.trim_start_matches('-'), "nan" | "inf")
}

fn list(lens: &Lens<'_>, values: &[TableValue], out: &mut Vec<u8>, remarks: &mut Remarks) {
    out.push(b'[');
    for (index, one) in values.iter().enumerate() {
        out.extend(if index > 0 { &b","[..] } else { b"" });
        value(lens, one, out, remarks);
    }
    out.push(b']');
}

fn value(lens: &Lens<'_>, value: &TableValue, out: &mut Vec<u8>, remarks: &mut Remarks) {
    if value.is_cut {
        remarks.say("a long value was cut");
    }
    match (value.kind, value.text.as_str()) {
        (ValueKind::Missing, _) => out.extend(b"null"),
        (ValueKind::Number, "True") => out.extend(b"true"),
        (ValueKind::Number, "False") => out.extend(b"false"),
        (ValueKind::Number, text) if is_number(text) || is_none(text) => number(text, out, remarks),
        (ValueKind::Object, _) if value.node.is_some_and(|node| array_cell::json(lens, node, out, remarks)) => {}
        (_, text) => said_string(text, out, remarks),
    }
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn numbers_are_those_that_json_has() {
        for text in ["0", "-1", "1.5", "1e+16", "1.5e-07", "-0.0"] {
            assert!(is_number(text), "{text}");
        }
        for text in
            ["", "01", "1.", ".5", "2020-01-01", "0 days", "True", "1_0", "+1", "1e", "nan", "-inf", "--1", "1e+-1"]
        {
            assert!(!is_number(text), "{text}");
        }
    }
}
