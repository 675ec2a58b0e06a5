//! One instruction at a time: where it begins, what its argument is, where the next one begins.
//!
//! Only headers are read. Payloads stay where they are and are named by their [`Span`]; lines are searched for their
//! end in chunks. Nothing is allocated by a length the input claims.

use super::{ArgKind, Opcode};
use crate::bytes::{Limits, ReadError, Source, Span};
use std::fmt;

/// An opcode with its argument and its place.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Instruction {
    /// Offset of the opcode's byte.
    pub offset: u64,
    /// What to do.
    pub opcode: Opcode,
    /// With what.
    pub arg: Arg,
    /// Offset after the argument: where the next instruction begins.
    pub end: u64,
}

impl Instruction {
    /// All bytes of the instruction. The spans of consecutive instructions tile a stream.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.offset, self.end)
    }
}

/// The argument of an instruction.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Arg {
    /// The opcode takes none.
    None,
    /// A fixed-width integer: a value, a memo index, an extension code, a protocol.
    Int(i64),
    /// A fixed-width integer of 64 bits without sign: the length of a frame.
    UInt(u64),
    /// The value of BINFLOAT.
    Float(f64),
    /// The content of a counted argument without its length, or of a line without its newline.
    Payload(Span),
    /// Two lines, module and name, each without its newline.
    Pair(Span, Span),
}

/// Why no instruction could be read at an offset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecodeError {
    /// Where the opcode stands, or should stand.
    pub offset: u64,
    /// The opcode, if its byte was one.
    pub opcode: Option<Opcode>,
    /// What is wrong.
    pub kind: DecodeErrorKind,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.opcode {
            Some(opcode) => write!(f, "at offset {}, {}: {}", self.offset, opcode.name(), self.kind),
            None => write!(f, "at offset {}: {}", self.offset, self.kind),
        }
    }
}

impl std::error::Error for DecodeError {}

/// What can be wrong with an instruction.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DecodeErrorKind {
    /// The byte is no opcode of protocols 0 to 5.
    UnknownOpcode(u8),
    /// The input ends where an opcode should be.
    EndOfInput,
    /// The input ends inside a fixed-width argument or the length of a counted one.
    Truncated {
        /// Bytes that part of the argument has.
        needed: u64,
        /// Bytes that are left.
        remaining: u64,
    },
    /// A line argument without a newline before the end of the input.
    MissingNewline,
    /// A signed length below zero.
    NegativeLength(i64),
    /// A payload longer than what is left of the input.
    LengthBeyondInput {
        /// Bytes the payload should have.
        length: u64,
        /// Bytes that are left.
        remaining: u64,
    },
    /// A line argument with no newline within [`Limits::line`] bytes.
    LineTooLong,
    /// The host could not read the input.
    Read(ReadError),
}

impl fmt::Display for DecodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOpcode(byte) => write!(f, "expected an opcode, found byte 0x{byte:02x}, which is not one"),
            Self::EndOfInput => f.write_str("expected an opcode, found the end of the input before any STOP"),
            Self::Truncated { needed, remaining } => {
                write!(f, "expected {} of argument, only {remaining} {}", bytes(*needed), remain(*remaining))
            }
            Self::MissingNewline => f.write_str("expected a line, the input ends before its newline"),
            Self::NegativeLength(length) => write!(f, "expected a length of 0 or more, found {length}"),
            Self::LengthBeyondInput { length, remaining } => {
                write!(f, "expected {} of payload, only {remaining} {}", bytes(*length), remain(*remaining))
            }
            Self::LineTooLong => f.write_str("expected a newline within the longest line allowed, found none"),
            Self::Read(error) => error.fmt(f),
        }
    }
}

fn bytes(count: u64) -> String {
    format!("{count} byte{}", if count == 1 { "" } else { "s" })
}

fn remain(count: u64) -> &'static str {
    if count == 1 { "remains" } else { "remain" }
}

/// Reads the instruction at `offset`.
///
/// # Errors
/// When there is none: [`DecodeErrorKind`] lists the reasons. The error names the opcode if there was one.
pub fn decode(source: &dyn Source, offset: u64, limits: &Limits) -> Result<Instruction, DecodeError> {
    // The opcode and its fixed part together are 9 bytes at most.
    let mut buffer = [0; 9];
    let (head, total): (&[u8], u64) = match source.contiguous() {
        Some(all) => {
            let start = usize::try_from(offset).unwrap_or(usize::MAX).min(all.len());
            (&all[start..], all.len() as u64)
        }
        None => match source.read_at(offset, &mut buffer) {
            Ok(count) => (&buffer[..count], source.len()),
            Err(error) => return Err(DecodeError { offset, opcode: None, kind: DecodeErrorKind::Read(error) }),
        },
    };
    let Some((&byte, rest)) = head.split_first() else {
        return Err(DecodeError { offset, opcode: None, kind: DecodeErrorKind::EndOfInput });
    };
    let Some(opcode) = Opcode::from_byte(byte) else {
        return Err(DecodeError { offset, opcode: None, kind: DecodeErrorKind::UnknownOpcode(byte) });
    };
    let header = Header { source, rest, start: offset + 1, total, limits };
    match header.argument(opcode.info().arg) {
        Ok((arg, end)) => Ok(Instruction { offset, opcode, arg, end }),
        Err(kind) => Err(DecodeError { offset, opcode: Some(opcode), kind }),
    }
}

/// What is known about an instruction after its first byte.
struct Header<'a> {
    source: &'a dyn Source,
    /// The bytes after the opcode: at least 8, or as many as there are.
    rest: &'a [u8],
    /// Offset of `rest`.
    start: u64,
    total: u64,
    limits: &'a Limits,
}

type Found = Result<(Arg, u64), DecodeErrorKind>;

impl Header<'_> {
    #[inline]
    fn argument(&self, kind: ArgKind) -> Found {
        match kind {
            ArgKind::None => Ok((Arg::None, self.start)),
            ArgKind::UInt1 => self.int(|[byte]| i64::from(byte)),
            ArgKind::UInt2 => self.int(|bytes| i64::from(u16::from_le_bytes(bytes))),
            ArgKind::Int4 => self.int(|bytes| i64::from(i32::from_le_bytes(bytes))),
            ArgKind::UInt4 => self.int(|bytes| i64::from(u32::from_le_bytes(bytes))),
            ArgKind::UInt8 => Ok((Arg::UInt(u64::from_le_bytes(self.fixed()?)), self.start + 8)),
            ArgKind::Float8 => Ok((Arg::Float(f64::from_be_bytes(self.fixed()?)), self.start + 8)),
            ArgKind::String1 | ArgKind::Bytes1 | ArgKind::Long1 | ArgKind::UnicodeString1 => {
                let [length] = self.fixed()?;
                self.payload(1, u64::from(length))
            }
            ArgKind::String4 | ArgKind::Long4 => {
                let length = i32::from_le_bytes(self.fixed()?);
                let unsigned = u64::try_from(length).map_err(|_| DecodeErrorKind::NegativeLength(i64::from(length)))?;
                self.payload(4, unsigned)
            }
            ArgKind::Bytes4 | ArgKind::UnicodeString4 => {
                let length = u32::from_le_bytes(self.fixed()?);
                self.payload(4, u64::from(length))
            }
            ArgKind::Bytes8 | ArgKind::ByteArray8 | ArgKind::UnicodeString8 => {
                let length = u64::from_le_bytes(self.fixed()?);
                self.payload(8, length)
            }
            ArgKind::DecimalNlShort
            | ArgKind::DecimalNlLong
            | ArgKind::FloatNl
            | ArgKind::StringNl
            | ArgKind::StringNlNoEscape
            | ArgKind::UnicodeStringNl => {
                let line = self.line(self.start)?;
                Ok((Arg::Payload(line), line.end + 1))
            }
            ArgKind::StringNlNoEscapePair => {
                let first = self.line(self.start)?;
                let second = self.line(first.end + 1)?;
                Ok((Arg::Pair(first, second), second.end + 1))
            }
        }
    }

    #[inline]
    fn int<const N: usize>(&self, value: impl FnOnce([u8; N]) -> i64) -> Found {
        Ok((Arg::Int(value(self.fixed()?)), self.start + N as u64))
    }

    #[inline]
    fn fixed<const N: usize>(&self) -> Result<[u8; N], DecodeErrorKind> {
        self.rest
            .first_chunk()
            .copied()
            .ok_or(DecodeErrorKind::Truncated { needed: N as u64, remaining: self.rest.len() as u64 })
    }

    #[inline]
    fn payload(&self, prefix: u64, length: u64) -> Found {
        let start = self.start + prefix;
        let remaining = self.total.saturating_sub(start);
        if length > remaining {
            return Err(DecodeErrorKind::LengthBeyondInput { length, remaining });
        }
        Ok((Arg::Payload(Span::new(start, start + length)), start + length))
    }

    /// The line that begins at `start`, without its newline.
    fn line(&self, start: u64) -> Result<Span, DecodeErrorKind> {
        let limit = self.limits.line as u64;
        // One more than the longest line, so that its newline is still found.
        let reach = limit.saturating_add(1).min(self.total.saturating_sub(start));
        let found = match self.source.contiguous() {
            Some(all) => memchr::memchr(b'\n', &all[start as usize..][..reach as usize]).map(|at| at as u64),
            None => self.search_newline(start, reach)?,
        };
        match found {
            Some(at) => Ok(Span::new(start, start + at)),
            None if reach > limit => Err(DecodeErrorKind::LineTooLong),
            None => Err(DecodeErrorKind::MissingNewline),
        }
    }

    /// Distance from `start` to the next newline, looking at `reach` bytes.
    fn search_newline(&self, start: u64, reach: u64) -> Result<Option<u64>, DecodeErrorKind> {
        let mut buffer = [0; 4096];
        // Lines are short as a rule: look at little first.
        let mut window = 128;
        let mut done = 0;
        while done < reach {
            let wanted = (reach - done).min(window) as usize;
            let count = self.source.read_at(start + done, &mut buffer[..wanted]).map_err(DecodeErrorKind::Read)?;
            if let Some(at) = memchr::memchr(b'\n', &buffer[..count]) {
                return Ok(Some(done + at as u64));
            }
            if count < wanted {
                break;
            }
            done += count as u64;
            window = buffer.len() as u64;
        }
        Ok(None)
    }
}
