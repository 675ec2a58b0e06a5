//! What the lossless JSON writes for values that JSON itself has no room for: texts that are no Unicode, numbers that are
//! no numbers, names that do not decode.

use super::json_text::{plain_string, string};
use crate::graph::Symbol;
use crate::opcode::{self, PyText};
use data_encoding::BASE64;
use std::io::Write as _;

/// What stands before the hexadecimal digits of a text with surrogates.
pub(super) const CODE_POINTS: &str = "{\"type\":\"str\",\"utf8_surrogatepass\":\"";

/// The bits of `float('nan')`.
const NAN: u64 = 0x7ff8_0000_0000_0000;

/// Whether a text has surrogates. Readers of JSON make one character of two that form a pair, and refuse or replace
/// single ones.
pub(super) fn has_surrogate(text: &PyText<'_>) -> bool {
    text.as_str().is_none()
}

/// Adds a text: a string where every reader gives the same text back, else its code points.
pub(super) fn text(text: &PyText<'_>, out: &mut Vec<u8>) {
    if has_surrogate(text) {
        out.extend(CODE_POINTS.as_bytes());
        hexadecimal(text.as_bytes(), out);
        out.extend(b"\"}");
    } else {
        string(text, out);
    }
}

/// Adds bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        // Writing to a vector cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
}

/// Adds a float; of a NaN its bits, unless they are those of `float('nan')`.
pub(super) fn float(value: f64, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "{{\"type\":\"float\",\"value\":\"{}\"", opcode::repr_float(value));
    if value.is_nan() && value.to_bits() != NAN {
        let _ = write!(out, ",\"bits\":\"{:016x}\"", value.to_bits());
    }
    out.push(b'}');
}

/// Adds a global without its last brace: as a Python 3 loader looks it up, and as the file spells it where that is something else.
pub(super) fn global(symbol: &Symbol, out: &mut Vec<u8>) {
    out.extend(b"{\"type\":\"global\",\"module\":");
    plain_string(&symbol.module, out);
    out.extend(b",\"name\":");
    plain_string(&symbol.name, out);
    if let Some((module, name)) = symbol.spelled() {
        out.extend(b",\"raw_module\":");
        spelled(module, out);
        out.extend(b",\"raw_name\":");
        spelled(name, out);
    }
}

/// Adds a name as the file spells it.
fn spelled(name: &[u8], out: &mut Vec<u8>) {
    match PyText::from_utf8_surrogatepass(name) {
        Ok(name) => text(&name, out),
        Err(error) => {
            out.extend(b"{\"type\":\"unreadable\",\"reason\":");
            plain_string(&error.to_string(), out);
            // Writing to a vector cannot fail.
            let _ = write!(out, ",\"base64\":\"{}\"}}", BASE64.encode(name));
        }
    }
}
