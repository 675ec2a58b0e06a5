//! Cells as text to copy: for spreadsheets, for Python, for Markdown.

use crate::opcode::{PyText, repr_str_prefix};
use crate::view::card::{Cell, CellKind, Cells};
use serde::{Deserialize, Serialize};

/// How cells are written as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum CellFormat {
    /// Lines with tabs, as spreadsheets take them.
    #[default]
    Tsv,
    /// A literal: a value, a list, or a list of rows.
    Python,
    /// A table with heads.
    Markdown,
}

impl CellFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tsv, Self::Python, Self::Markdown];

    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tsv => "TSV",
            Self::Python => "Python",
            Self::Markdown => "Markdown",
        }
    }

    /// What stands before the rows. `heads` are those of the heads of rows, then of the columns.
    pub(crate) fn begin(self, heads: (&[String], &Cells), rows: u64, out: &mut String) {
        let (names, cells) = heads;
        match self {
            Self::Tsv => {}
            Self::Python if rows == 1 && cells.heads.len() == 1 => {}
            Self::Python => out.push('['),
            Self::Markdown => {
                let names = names.iter().map(String::as_str);
                markdown_line(names.chain(cells.heads.iter().map(|(name, _)| name.as_str())), out);
                out.push('\n');
                let first = cells.rows.first();
                let is_number = |at: usize| first.and_then(|row| row.get(at)).is_some_and(is_right);
                out.push('|');
                let columns = (0..cells.heads.len()).map(|at| if is_number(at) { " ---: |" } else { " --- |" });
                heads.0.iter().map(|_| " --- |").chain(columns).for_each(|rule| out.push_str(rule));
                out.push('\n');
            }
        }
    }

    /// Some rows, of which `before` are written already.
    pub(crate) fn rows(self, cells: &Cells, before: u64, out: &mut String) {
        for (at, row) in cells.rows.iter().enumerate() {
            let is_first = before == 0 && at == 0;
            match self {
                Self::Tsv => {
                    if !is_first {
                        out.push('\n');
                    }
                    tsv_line(row, out);
                }
                Self::Python => {
                    if !is_first {
                        out.push_str(if row.len() > 1 { ",\n " } else { ", " });
                    }
                    python_row(row, out);
                }
                Self::Markdown => {
                    let heads = cells.row_heads.get(at).into_iter().flatten().map(String::as_str);
                    markdown_line(heads.chain(row.iter().map(Cell::full_text)), out);
                    out.push('\n');
                }
            }
        }
    }

    /// What stands behind the rows.
    pub(crate) fn end(self, rows: u64, columns: usize, out: &mut String) {
        if self == Self::Python && (rows != 1 || columns != 1) {
            out.push(']');
        }
    }
}

fn is_right(cell: &Cell) -> bool {
    matches!(cell.kind, CellKind::Number | CellKind::Missing)
}

fn tsv_line(row: &[Cell], out: &mut String) {
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            out.push('\t');
        }
        let text = cell.full_text();
        if text.contains(['\t', '\n', '\r', '"']) {
            out.push('"');
            out.push_str(&text.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(text);
        }
    }
}

fn python_row(row: &[Cell], out: &mut String) {
    let several = row.len() > 1;
    if several {
        out.push('[');
    }
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(&python(cell));
    }
    if several {
        out.push(']');
    }
}

/// An expression that needs no import.
fn python(cell: &Cell) -> String {
    let text = cell.full_text();
    match (cell.kind, text) {
        (CellKind::Number, "inf" | "-inf") | (CellKind::Missing, "nan") => format!("float('{text}')"),
        (CellKind::Missing, _) => "None".to_owned(),
        (CellKind::Number, "True" | "False") => text.to_owned(),
        (CellKind::Number, _) if is_number(text) => text.to_owned(),
        // The text of an object or of an array's text is its repr already.
        (CellKind::Text, _) if is_literal(text) => text.to_owned(),
        _ => repr_str_prefix(&PyText::from(text), usize::MAX).0,
    }
}

/// A number or a complex number as Python writes it.
fn is_number(text: &str) -> bool {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
    inner.parse::<f64>().is_ok()
        || inner.ends_with('j') && inner.bytes().all(|byte| byte.is_ascii_digit() || b"+-.ej".contains(&byte))
}

/// A text in quotes, as cells of arrays of text have it.
fn is_literal(text: &str) -> bool {
    let inner = text.strip_prefix('b').unwrap_or(text);
    let quote = inner.chars().next().filter(|c| matches!(c, '\'' | '"'));
    quote.is_some_and(|quote| {
        let body = inner[1..].strip_suffix(quote).unwrap_or("\n");
        let mut escaped = false;
        let is_plain = |c: char| {
            let ends = c == quote && !escaped || c.is_control();
            escaped = c == '\\' && !escaped;
            !ends
        };
        body.chars().all(is_plain) && !escaped
    })
}

fn markdown_line<'t>(fields: impl Iterator<Item = &'t str>, out: &mut String) {
    out.push('|');
    for field in fields {
        out.push(' ');
        for c in field.chars() {
            match c {
                '|' | '\\' | '`' | '*' | '_' | '<' | '[' | ']' => out.extend(['\\', c]),
                '\n' | '\r' => out.push(' '),
                c => out.push(c),
            }
        }
        out.push_str(" |");
    }
}
