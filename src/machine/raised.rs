//! What CPython's C loader raises when it refuses: exception and message as `Modules/_pickle.c` of 3.11 has them.

use crate::opcode::{EscapeError, EscapeErrorKind, Opcode};
use std::borrow::Cow;
use std::fmt;

/// Digits that CPython since 3.11 makes into an int (`sys.int_info.default_max_str_digits`).
pub(crate) const MOST_DIGITS: usize = 4300;

/// An exception of a loader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Raised {
    /// Its type: `TypeError`.
    pub exception: &'static str,
    /// Its text.
    pub message: Cow<'static, str>,
}

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.exception, self.message)
    }
}

impl Raised {
    pub(super) fn new(exception: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { exception, message: message.into() }
    }

    pub(super) fn unpickling(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("UnpicklingError", message)
    }

    pub(super) fn type_error(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("TypeError", message)
    }

    /// Bytes that are no UTF-8; `bad` begins with the first of them, `position` bytes into the text.
    pub(crate) fn utf8(bad: &[u8], position: u64) -> Self {
        let (count, reason) = utf8_fault(bad);
        let what = match (count, bad.first()) {
            (1, Some(byte)) => format!("byte {byte:#04x} in position {position}"),
            _ => format!("bytes in position {position}-{}", position + count - 1),
        };
        Self::new("UnicodeDecodeError", format!("'utf-8' codec can't decode {what}: {reason}"))
    }

    /// The first byte of a line that is not ASCII.
    pub(crate) fn ascii(line: &[u8]) -> Self {
        let position = line.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        let byte = line.get(position).copied().unwrap_or(0);
        let text =
            format!("'ascii' codec can't decode byte {byte:#04x} in position {position}: ordinal not in range(128)");
        Self::new("UnicodeDecodeError", text)
    }

    /// A backslash escape that does not read.
    pub(crate) fn escape(line: &[u8], error: EscapeError) -> Self {
        let at = error.position;
        let digits =
            |most: usize| line.iter().skip(at + 2).take(most).take_while(|digit| digit.is_ascii_hexdigit()).count();
        let unicode = |end: usize, reason: &str| {
            let text = format!("'rawunicodeescape' codec can't decode bytes in position {at}-{end}: {reason}");
            Self::new("UnicodeDecodeError", text)
        };
        match error.kind {
            EscapeErrorKind::ShortUnicode => unicode(at + 1 + digits(4), "truncated \\uXXXX escape"),
            EscapeErrorKind::LongUnicode => unicode(at + 1 + digits(8), "truncated \\UXXXXXXXX escape"),
            EscapeErrorKind::OutOfRange => unicode(at + 9, "\\Uxxxxxxxx out of range"),
            EscapeErrorKind::Hex => Self::new("ValueError", format!("invalid \\x escape at position {at}")),
            EscapeErrorKind::TrailingBackslash => Self::new("ValueError", "Trailing \\ in string"),
            EscapeErrorKind::Quotes => Self::unpickling("the STRING opcode argument must be quoted"),
        }
    }

    /// An integer of more digits than `int` takes; `opcode` is INT or LONG.
    pub(crate) fn digits(count: usize, opcode: Option<Opcode>) -> Self {
        if opcode == Some(Opcode::Int) {
            return Self::new("ValueError", "could not convert string to int");
        }
        let text = format!(
            "Exceeds the limit (4300 digits) for integer string conversion: value has {count} digits; \
             use sys.set_int_max_str_digits() to increase the limit"
        );
        Self::new("ValueError", text)
    }
}

/// How many bytes CPython's decoder blames, and why (`Objects/stringlib/codecs.h`, `utf8_decode`).
fn utf8_fault(bad: &[u8]) -> (u64, &'static str) {
    const START: &str = "invalid start byte";
    const CONTINUATION: &str = "invalid continuation byte";
    let Some(&first) = bad.first() else { return (1, START) };
    let (length, second) = match first {
        0xc2..=0xdf => (2, 0x80..=0xbf),
        0xe0 => (3, 0xa0..=0xbf),
        0xed => (3, 0x80..=0x9f),
        0xe1..=0xef => (3, 0x80..=0xbf),
        0xf0 => (4, 0x90..=0xbf),
        0xf4 => (4, 0x80..=0x8f),
        0xf1..=0xf3 => (4, 0x80..=0xbf),
        _ => return (1, START),
    };
    for index in 1..length {
        match bad.get(index) {
            None => return (bad.len() as u64, "unexpected end of data"),
            Some(byte) if index == 1 && !second.contains(byte) => return (1, CONTINUATION),
            Some(byte) if byte & 0xc0 != 0x80 => return (index as u64, CONTINUATION),
            Some(_) => {}
        }
    }
    (length as u64, CONTINUATION)
}
