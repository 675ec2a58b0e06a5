//! Bytes as text to copy: digits, base64, literals of programming languages.

use crate::opcode;
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// How bytes are written as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum ByteFormat {
    /// `80 04 2e`
    #[default]
    Hex,
    /// `gAQu`
    Base64,
    /// `b'\x80\x04.'`
    Python,
    /// `[0x80, 0x04, 0x2e]`
    Rust,
    /// `{0x80, 0x04, 0x2e}`
    C,
}

/// Numbers in a line of a literal.
const LINE: usize = 16;

impl ByteFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Hex, Self::Base64, Self::Python, Self::Rust, Self::C];

    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Python => "Python",
            Self::Rust => "Rust",
            Self::C => "C",
        }
    }

    /// The bytes as text.
    #[must_use]
    pub fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => {
                let digits: Vec<String> = bytes.iter().map(|byte| HEXLOWER.encode(&[*byte])).collect();
                digits.join(" ")
            }
            Self::Base64 => BASE64.encode(bytes),
            Self::Python => opcode::repr_bytes(bytes),
            Self::Rust => numbers(bytes, ["[", "]"]),
            Self::C => numbers(bytes, ["{", "}"]),
        }
    }
}

fn numbers(bytes: &[u8], [open, close]: [&str; 2]) -> String {
    let mut text = open.to_owned();
    let has_lines = bytes.len() > LINE;
    for (number, byte) in bytes.iter().enumerate() {
        if has_lines && number.is_multiple_of(LINE) {
            text.push_str("\n    ");
        } else if number > 0 {
            text.push(' ');
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "0x{byte:02x}");
        if has_lines || number + 1 < bytes.len() {
            text.push(',');
        }
    }
    if has_lines {
        text.push('\n');
    }
    text + close
}

#[cfg(test)]
mod tests {
    use super::ByteFormat;

    #[test]
    fn every_format_has_its_spelling() {
        let all = |bytes: &[u8]| ByteFormat::ALL.map(|format| format.text(bytes));
        let few = ["80 04 2e", "gAQu", r"b'\x80\x04.'", "[0x80, 0x04, 0x2e]", "{0x80, 0x04, 0x2e}"];
        assert_eq!(all(b"\x80\x04."), few);
        assert_eq!(all(b""), ["", "", "b''", "[]", "{}"]);
        let lines = ByteFormat::C.text(&[7; 17]);
        assert_eq!(lines.lines().map(str::len).collect::<Vec<_>>(), [1, 4 + 16 * 6 - 1, 4 + 5, 1]);
        assert!(lines.ends_with("\n    0x07,\n}"));
    }
}
