//! What the machine has to say: problems that a loader would meet, and damage that ends the reading.

use super::problem::{Problem, ProblemKind};
use super::raised::Raised;
use super::run::{Halt, Machine, problem_at};
use crate::bytes::{Span, read_span};
use crate::opcode::{DecodeErrorKind, Opcode, PyText};

impl Machine<'_> {
    /// Checks a `str` that reaches past the window, piece by piece: one that does not decode is refused however long it is.
    #[cold]
    pub(super) fn check_long_utf8(&mut self, span: Span, at: u64) {
        const PIECE: u64 = 1 << 20;
        let end = self.checked_end(span, at);
        let mut start = span.start;
        while start < end {
            let piece = Span::new(start, span.end).prefix(PIECE);
            let Ok(bytes) = read_span(self.source, piece) else { return };
            match PyText::utf8_prefix(&bytes) {
                // A character that the piece cuts in two begins the next one; at the end there is none.
                Ok((_, used)) if used > 0 && (used == bytes.len() || piece.end < span.end) => start += used as u64,
                Ok((_, used)) => return self.note_utf8(&bytes[used..], start - span.start + used as u64, at),
                Err(error) => {
                    let position = start - span.start + error.position as u64;
                    return self.note_utf8(&bytes[error.position..], position, at);
                }
            }
        }
    }

    /// How far a long text is read to see whether it decodes; says where that is not all of it.
    fn checked_end(&mut self, span: Span, at: u64) -> u64 {
        let checked = span.len().min(self.texts);
        self.texts -= checked;
        if checked < span.len() {
            self.note(at, ProblemKind::TextUnchecked { checked, length: span.len() });
        }
        span.start + checked
    }

    #[cold]
    pub(super) fn check_utf8(&mut self, bytes: &[u8], at: u64) {
        if std::str::from_utf8(bytes).is_err()
            && let Err(error) = PyText::from_utf8_surrogatepass(bytes)
        {
            self.note_utf8(&bytes[error.position..], error.position as u64, at);
        }
    }

    #[cold]
    pub(super) fn check_long_ascii(&mut self, span: Span, at: u64) {
        const PIECE: u64 = 1 << 20;
        let end = self.checked_end(span, at);
        let mut start = span.start;
        while start < end {
            let piece = Span::new(start, end).prefix(PIECE);
            match read_span(self.source, piece) {
                Ok(bytes) if bytes.is_ascii() => start = piece.end,
                Ok(bytes) => return self.note_not_ascii(&bytes, start - span.start, at),
                Err(_) => return,
            }
        }
    }

    /// A `str` of Python 2 with bytes beyond ASCII, the first of them among these, which begin `before` bytes into it.
    #[cold]
    pub(super) fn note_not_ascii(&mut self, bytes: &[u8], before: u64, at: u64) {
        self.has_odd_python2 = true;
        let place = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        self.note(at, ProblemKind::NotAscii { byte: bytes[place], position: before + place as u64 });
    }

    /// A text whose bytes do not decode from `position` on; `bad` are the first of them.
    fn note_utf8(&mut self, bad: &[u8], position: u64, at: u64) {
        let reason = format!("expected UTF-8, found none at byte {position} of the text");
        self.note(at, ProblemKind::BadText { reason, raised: Raised::utf8(bad, position) });
    }

    #[cold]
    pub(super) fn note(&mut self, at: u64, kind: ProblemKind) {
        if self.problems.is_full(self.limits.problems) {
            self.problems.total += 1;
            return;
        }
        let opcode = self.opcode_at(at);
        self.problems.push(Problem { offset: at, opcode, kind, fatal: false }, self.limits.problems);
    }

    pub(super) fn opcode_at(&self, at: u64) -> Option<Opcode> {
        let mut byte = [0];
        match self.source.read_at(at, &mut byte) {
            Ok(1) => Opcode::from_byte(byte[0]),
            _ => None,
        }
    }

    #[cold]
    pub(super) fn damage(&self, at: u64, kind: ProblemKind) -> Halt {
        Halt::Damage(Box::new(problem_at(at, self.opcode_at(at), kind)))
    }

    #[cold]
    pub(super) fn underflow(&self, at: u64) -> Halt {
        let is_mark = self.stack.depth() > 0;
        self.damage(at, if is_mark { ProblemKind::UnexpectedMark } else { ProblemKind::StackUnderflow })
    }

    #[cold]
    pub(super) fn no_mark(&self, at: u64) -> Halt {
        self.damage(at, ProblemKind::NoMark)
    }

    #[cold]
    pub(super) fn beyond(&self, at: u64, length: u64, remaining: u64) -> Halt {
        self.damage(at, ProblemKind::Decode(DecodeErrorKind::LengthBeyondInput { length, remaining }))
    }

    #[cold]
    pub(super) fn negative_length(&self, length: i32, at: u64) -> Halt {
        self.damage(at, ProblemKind::Decode(DecodeErrorKind::NegativeLength(i64::from(length))))
    }
}
