//! Tables as comma- or tab-separated values (RFC 4180, with `\n` as the end of a line): arrays of one and two dimensions,
//! arrays of structures, tables of pandas, lists of rows, dicts of columns.

use super::csv_lines::{Field, Lines};
use super::csv_rows::{Row, Rows};
use super::csv_table::Frame;
use super::writer::{Origin, PIECE, REPEATED, Remarks, Writer};
use crate::graph::NodeId;
use crate::lens::{Array, Data, Kind, Lens, Plain};

/// Elements of an array that are read at once.
const ELEMENTS: u64 = 16 * 1024;

/// Characters of a field with parts.
const PART: usize = 1 << 16;

/// What stands between the fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Separator {
    /// `,`
    Comma,
    /// A tab.
    Tab,
}

enum Body {
    /// Elements in rows of so many.
    Elements { node: NodeId, columns: u64 },
    /// Structures.
    Structures { node: NodeId },
    /// Rows of objects.
    Rows(Box<Rows>),
    /// A table of pandas.
    Frame(Box<Frame>),
}

/// Writes a table.
pub struct Csv {
    lines: Lines,
    body: Body,
    header: Option<Vec<Field>>,
    row: u64,
    rows: u64,
}

impl Csv {
    /// The table that a value is. With `escape_formulas` a field that a spreadsheet would run has an apostrophe before it.
    ///
    /// # Errors
    /// When it is none.
    pub fn new(lens: &Lens<'_>, node: NodeId, separator: Separator, escape_formulas: bool) -> Result<Self, String> {
        let separator = if separator == Separator::Comma { b',' } else { b'\t' };
        let mut lines = Lines { separator, escape_formulas, remarks: Remarks::default() };
        let (body, header, rows) = match lens.array(node) {
            Some(array) => Self::of_array(&array, node, &mut lines)?,
            None if let Some(mut frame) = Frame::of(lens, node, &mut lines) => {
                let (header, rows) = (std::mem::take(&mut frame.header), frame.rows);
                (Body::Frame(Box::new(frame)), Some(header), rows)
            }
            None => {
                let rows = Rows::of(lens, node, &mut lines.remarks)?;
                let header = rows.header().map(|names| names.iter().cloned().map(Field::Text).collect());
                let count = rows.len();
                (Body::Rows(Box::new(rows)), header, count)
            }
        };
        Ok(Self { lines, body, header, row: 0, rows })
    }

    fn of_array(array: &Array<'_>, node: NodeId, lines: &mut Lines) -> Result<(Body, Option<Vec<Field>>, u64), String> {
        if let Data::Missing(reason) = &array.data {
            return Err(reason.clone());
        }
        if array.repeats_beyond(REPEATED) {
            return Err(format!("its {} elements repeat few bytes", crate::lens::grouped(array.len())));
        }
        if let Some(problem) = &array.problem {
            lines.remarks.say(problem);
        }
        if array.dtype.kind == Kind::Struct && array.grid().len() == 1 {
            if array.dtype.more_fields {
                lines.remarks.say("fields that are not understood were left out");
            }
            if array.mask.is_some() {
                lines.remarks.say("the mask of an array of structures was left out");
            }
            let header = array.dtype.fields.iter().map(|field| Field::Text(field.name.clone())).collect();
            return Ok((Body::Structures { node }, Some(header), array.len()));
        }
        if array.mask.is_some() {
            lines.remarks.say("masked elements are empty");
        }
        lines.remarks.say("the columns of an array have no names: the first line is its first row");
        let (rows, columns) = match *array.grid() {
            [rows] => (rows, 1),
            [rows, columns] => (rows, columns),
            _ => return Err("only arrays of one or two dimensions are tables".to_owned()),
        };
        Ok((Body::Elements { node, columns }, None, if columns == 0 { 0 } else { rows }))
    }

    fn elements(&mut self, lens: &Lens<'_>, node: NodeId, columns: u64, out: &mut Vec<u8>) -> Result<(), String> {
        let array = lens.array(node).ok_or("this value is no array any more")?;
        let rows = (ELEMENTS / columns).max(1).min(self.rows - self.row);
        let (first, count) = (self.row * columns, rows.saturating_mul(columns));
        // A row may be longer than what one piece should be; it is put together from parts.
        let mut fields = Vec::new();
        let mut done = 0;
        while done < count {
            let part = ELEMENTS.min(count - done) as usize;
            let values: Vec<Field> = match array.data {
                Data::Items(_) => {
                    let items = array.items(first + done, part);
                    items.into_iter().map(|edge| Row::field(lens, edge, &mut self.lines)).collect()
                }
                _ => {
                    let values = array.plain(first + done, part)?;
                    values.into_iter().map(|value| self.lines.element(value)).collect()
                }
            };
            if values.is_empty() {
                return Err(format!("element {} is not there", first + done));
            }
            done += values.len() as u64;
            for value in values {
                fields.push(value);
                if fields.len() as u64 == columns {
                    self.lines.line(&fields, out);
                    fields.clear();
                }
            }
        }
        self.row += rows;
        Ok(())
    }

    fn structures(&mut self, lens: &Lens<'_>, node: NodeId, out: &mut Vec<u8>) -> Result<(), String> {
        let array = lens.array(node).ok_or("this value is no array any more")?;
        let size = usize::try_from(array.dtype.itemsize).unwrap_or(usize::MAX);
        let rows = (PIECE as u64 / 4 / (size as u64).max(1)).clamp(1, 4096).min(self.rows - self.row);
        let bytes = array.piece(self.row, rows as usize, false)?;
        for row in 0..rows as usize {
            let one = &bytes[(row * size).min(bytes.len())..((row + 1) * size).min(bytes.len())];
            let mut fields = Vec::with_capacity(array.dtype.fields.len());
            for field in &array.dtype.fields {
                let end = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(one.len());
                let part = &one[end(field.offset)..end(field.offset.saturating_add(field.dtype.itemsize))];
                fields.push(match field.dtype.kind {
                    Kind::Struct | Kind::Subarray => {
                        self.lines.remarks.say("fields with parts became text as Python writes them");
                        Field::Text(field.dtype.element_text(part, PART))
                    }
                    _ => self.lines.element(Plain::of(&field.dtype, part)),
                });
            }
            self.lines.line(&fields, out);
        }
        self.row += rows;
        Ok(())
    }
}

/// Whether an array is a table.
pub(super) fn fits(array: &Array<'_>) -> bool {
    !matches!(array.data, Data::Missing(_)) && matches!(array.grid().len(), 1 | 2) && !array.repeats_beyond(REPEATED)
}

impl Writer for Csv {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        if let Some(header) = self.header.take() {
            self.lines.line(&header, out);
        }
        if self.row < self.rows {
            let lens = &origin.lens;
            match &mut self.body {
                &mut Body::Elements { node, columns } => self.elements(lens, node, columns, out)?,
                &mut Body::Structures { node } => self.structures(lens, node, out)?,
                Body::Frame(frame) => self.row = frame.step(lens, self.row, &mut self.lines, out)?,
                Body::Rows(rows) => self.row = rows.step(lens, self.row, &mut self.lines, out)?,
            }
        }
        Ok(self.row >= self.rows)
    }

    fn progress(&self) -> (u64, u64) {
        (self.row, self.rows)
    }

    fn remarks(&self) -> Vec<String> {
        self.lines.remarks.sentences()
    }
}
