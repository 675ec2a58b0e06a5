//! Which exception of CPython's C loader a problem is.

use super::problem::{Problem, ProblemKind};
use super::raised::Raised;
use crate::opcode::{DecodeErrorKind, Opcode};

/// Largest length that CPython takes, and the largest of a bytes object: its header is 33 bytes.
const LARGEST: u64 = i64::MAX as u64;
const LARGEST_BYTES: u64 = LARGEST - 33;

/// Of the largest length: what is read before it adds to it.
const OVERFLOW: &str = "read would overflow (invalid bytecode)";

impl Problem {
    /// What CPython's C loader raises at this place, when it stops here for a reason that is in the stream. `None` for what
    /// it takes, and for what depends on the loading program: its persistent ids, buffers, registry, memo.
    #[must_use]
    pub fn raised(&self) -> Option<Raised> {
        let truncated = || Raised::unpickling("pickle data was truncated");
        Some(match &self.kind {
            ProblemKind::Refused(raised) | ProblemKind::RefusedInC(raised) | ProblemKind::RefusedAsText(raised) => {
                raised.clone()
            }
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
