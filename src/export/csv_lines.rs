//! Lines of a table as text: fields, what stands between them, and what a spreadsheet would run.

use super::plain_scalars::say_replaced;
use super::writer::Remarks;
use crate::lens::Plain;

/// A field on its way into the file.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Field {
    /// Nothing.
    Missing,
    /// What is no text: numbers, truth values, times.
    Bare(String),
    /// Text.
    Text(String),
}

/// Puts fields together to lines.
pub(super) struct Lines {
    pub(super) separator: u8,
    /// Whether a field that a spreadsheet would run gets an apostrophe before it.
    pub(super) escape_formulas: bool,
    pub(super) remarks: Remarks,
}

impl Lines {
    pub(super) fn line(&mut self, fields: &[Field], out: &mut Vec<u8>) {
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                out.push(self.separator);
            }
            match field {
                // A line without any character would be passed over by readers.
                Field::Missing if fields.len() == 1 => out.extend(b"\"\""),
                Field::Missing => {}
                Field::Bare(text) | Field::Text(text) => {
                    say_replaced(text, &mut self.remarks);
                    self.field(text, out);
                }
            }
        }
        out.push(b'\n');
    }

    fn field(&mut self, text: &str, out: &mut Vec<u8>) {
        if !is_formula(text) {
            return self.quoted(text, out);
        }
        if self.escape_formulas {
            self.remarks.say("a cell that begins as formulas do got an apostrophe before it");
            self.quoted(&format!("'{text}"), out);
        } else {
            self.remarks.say("a cell begins as formulas do (=, +, -, @): a spreadsheet may run it");
            self.quoted(text, out);
        }
    }

    fn quoted(&self, text: &str, out: &mut Vec<u8>) {
        // Spreadsheets have separators of their own: behind one that they see, a formula would begin.
        let any_separator = |byte: u8| self.escape_formulas && matches!(byte, b',' | b';' | b'\t' | b'|');
        let quoted = |byte: u8| byte == self.separator || matches!(byte, b'"' | b'\n' | b'\r') || any_separator(byte);
        let is_quoted = text.is_empty() || text.bytes().any(quoted) || text.starts_with(' ') || text.ends_with(' ');
        if !is_quoted {
            out.extend(text.as_bytes());
            return;
        }
        out.push(b'"');
        for byte in text.bytes() {
            out.extend(if byte == b'"' { &b"\"\""[..] } else { std::slice::from_ref(&byte) });
        }
        out.push(b'"');
    }

    pub(super) fn element(&mut self, value: Plain) -> Field {
        match value {
            Plain::Missing => Field::Missing,
            Plain::Bool(value) => Field::Bare(if value { "True" } else { "False" }.to_owned()),
            Plain::Number(text) => Field::Bare(text),
            Plain::Text(text) => Field::Text(text),
            Plain::Bytes(bytes) => self.bytes(&bytes),
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Field {
        match std::str::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control)) {
            Some(text) => {
                self.remarks.say("bytes that are UTF-8 became text");
                Field::Text(text.to_owned())
            }
            None => {
                self.remarks.say("bytes that are no text became what Python writes for them");
                Field::Text(crate::opcode::repr_bytes(bytes))
            }
        }
    }
}

/// Whether a spreadsheet would take a cell for a formula: it begins as one, in characters of any width, and is no number.
fn is_formula(text: &str) -> bool {
    const BEGIN: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.starts_with(BEGIN) && text.parse::<f64>().is_err()
}
