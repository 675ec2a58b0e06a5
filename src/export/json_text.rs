//! Pieces of JSON that every writer of it needs.

use crate::opcode::{self, PyText};
use std::io::Write as _;

/// Adds a string with its quotes. Surrogates would be escapes: readers take two of them for one character, so callers keep
/// them apart.
pub(super) fn string(text: &PyText<'_>, out: &mut Vec<u8>) {
    out.push(b'"');
    characters(text, out);
    out.push(b'"');
}

/// Adds a string with its quotes.
pub(super) fn plain_string(text: &str, out: &mut Vec<u8>) {
    string(&PyText::from(text), out);
}

/// Adds what stands between the quotes of a string.
pub(super) fn characters(text: &PyText<'_>, out: &mut Vec<u8>) {
    for code in text.code_points() {
        // Writing to a vector cannot fail.
        let _ = match char::from_u32(code) {
            Some('"') => out.write_all(b"\\\""),
            Some('\\') => out.write_all(b"\\\\"),
            Some('\n') => out.write_all(b"\\n"),
            Some('\t') => out.write_all(b"\\t"),
            // What is not seen could drive a terminal, or hide.
            Some(c) if opcode::is_visible(c) => out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Some(c) => c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}")),
            None => write!(out, "\\u{code:04x}"),
        };
    }
}
