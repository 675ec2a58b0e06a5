//! What CPython's C loader raises when it refuses: exception and message as `Modules/_pickle.c` of 3.11 has them.

use super::problem::{Problem, ProblemKind};
use crate::opcode::{DecodeErrorKind, EscapeError, EscapeErrorKind, Opcode};
use std::borrow::Cow;
use std::fmt;

/// Largest length that CPython takes, and the largest of a bytes object: its header is 33 bytes.
const LARGEST: u64 = i64::MAX as u64;
const LARGEST_BYTES: u64 = LARGEST - 33;

/// Of the largest length: what is read before it adds to it.
const OVERFLOW: &str = "read would overflow (invalid bytecode)";

/// Digits that CPython since 3.11 makes into an int (`sys.int_info.default_max_str_digits`).
pub(super) const MOST_DIGITS: usize = 4300;

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
    pub(super) fn utf8(bad: &[u8], position: u64) -> Self {
        let (count, reason) = utf8_fault(bad);
        let what = match (count, bad.first()) {
            (1, Some(byte)) => format!("byte {byte:#04x} in position {position}"),
            _ => format!("bytes in position {position}-{}", position + count - 1),
        };
        Self::new("UnicodeDecodeError", format!("'utf-8' codec can't decode {what}: {reason}"))
    }

    /// The first byte of a line that is not ASCII.
    pub(super) fn ascii(line: &[u8]) -> Self {
        let position = line.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        let byte = line.get(position).copied().unwrap_or(0);
        let text =
            format!("'ascii' codec can't decode byte {byte:#04x} in position {position}: ordinal not in range(128)");
        Self::new("UnicodeDecodeError", text)
    }

    /// A backslash escape that does not read.
    pub(super) fn escape(line: &[u8], error: EscapeError) -> Self {
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
    pub(super) fn digits(count: usize, opcode: Option<Opcode>) -> Self {
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

impl Problem {
    /// What CPython's C loader raises at this place, when it stops here for a reason that is in the stream. `None` for what
    /// it takes, and for what depends on the loading program: its persistent ids, buffers, registry, memo.
    #[must_use]
    pub fn raised(&self) -> Option<Raised> {
        let truncated = || Raised::unpickling("pickle data was truncated");
        Some(match &self.kind {
            ProblemKind::Refused(raised) | ProblemKind::RefusedAsText(raised) => raised.clone(),
            ProblemKind::BadText { raised, .. } => raised.clone(),
            ProblemKind::Decode(kind) => self.undecoded(kind)?,
            ProblemKind::StackUnderflow => Raised::unpickling("unpickling stack underflow"),
            ProblemKind::UnexpectedMark => Raised::unpickling("unexpected MARK found"),
            ProblemKind::NoMark => Raised::unpickling("could not find MARK"),
            ProblemKind::MemoMissing(index) => Raised::unpickling(format!("Memo value not found at index {index}")),
            ProblemKind::BadNumber { raised, .. } => raised.clone()?,
            ProblemKind::OddPairs(_) => {
                let name = if self.opcode == Some(Opcode::Dict) { "DICT" } else { "SETITEMS" };
                Raised::unpickling(format!("odd number of items for {name}"))
            }
            ProblemKind::UnknownProtocol(number) => {
                Raised::new("ValueError", format!("unsupported pickle protocol: {number}"))
            }
            ProblemKind::ExtensionCode(_) => Raised::unpickling("EXT specifies code <= 0"),
            ProblemKind::FrameBeyondInput { length, .. } => match *length {
                ..LARGEST => truncated(),
                LARGEST => Raised::unpickling(OVERFLOW),
                _ => too_large("FRAME length exceeds system's maximum"),
            },
            ProblemKind::ReadersDiffer { raised, .. } => raised.clone()?,
            _ => return None,
        })
    }

    fn undecoded(&self, kind: &DecodeErrorKind) -> Option<Raised> {
        let name = self.opcode.map_or("", |opcode| opcode.info().name);
        Some(match kind {
            DecodeErrorKind::UnknownOpcode(byte @ (0x20..=0x26 | 0x28..=0x5b | 0x5d..=0x7e)) => {
                Raised::unpickling(format!("invalid load key, '{}'.", char::from(*byte)))
            }
            DecodeErrorKind::UnknownOpcode(byte) => Raised::unpickling(format!("invalid load key, '\\x{byte:02x}'.")),
            DecodeErrorKind::EndOfInput => Raised::new("EOFError", "Ran out of input"),
            DecodeErrorKind::NegativeLength(_) if self.opcode == Some(Opcode::Long4) => {
                Raised::unpickling("LONG pickle has negative byte count")
            }
            // The room of a bytes object is asked for before anything is read into it.
            DecodeErrorKind::LengthBeyondInput { length, .. }
                if self.opcode == Some(Opcode::BinBytes8) && (LARGEST_BYTES + 1..=LARGEST).contains(length) =>
            {
                Raised::new("OverflowError", "byte string is too large")
            }
            DecodeErrorKind::LengthBeyondInput { length: LARGEST, .. } => Raised::unpickling(OVERFLOW),
            DecodeErrorKind::LengthBeyondInput { length, .. } if i64::try_from(*length).is_err() => {
                let name = if name == "BYTEARRAY8" { name } else { name.trim_end_matches('8') };
                too_large(&format!("{name} exceeds system's maximum size"))
            }
            DecodeErrorKind::Truncated { .. }
            | DecodeErrorKind::MissingNewline
            | DecodeErrorKind::NegativeLength(_)
            | DecodeErrorKind::LengthBeyondInput { .. } => Raised::unpickling("pickle data was truncated"),
            DecodeErrorKind::LineTooLong | DecodeErrorKind::Read(_) => return None,
        })
    }
}

fn too_large(what: &str) -> Raised {
    Raised::new("OverflowError", format!("{what} of {} bytes", i64::MAX))
}
