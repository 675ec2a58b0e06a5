//! What the machine has to say: problems that a loader would meet, and damage that ends the reading.

use super::problem::{Problem, ProblemKind};
use super::run::{Halt, Machine, problem_at};
use crate::bytes::{Span, read_span};
use crate::graph::{RunKind, Tag};
use crate::opcode::{DecodeErrorKind, Opcode, PyText};

impl Machine<'_> {
    /// Checks a `str` that reaches past the window, piece by piece. Very long ones are left to whoever shows them: reading
    /// them would cost what skipping payloads saves.
    #[cold]
    pub(super) fn check_long_utf8(&mut self, span: Span, at: u64) {
        const LONGEST: u64 = 16 << 20;
        const PIECE: u64 = 64 * 1024;
        let mut start = span.start;
        while start < span.end && span.len() <= LONGEST {
            let piece = Span::new(start, span.end).prefix(PIECE);
            let Ok(bytes) = read_span(self.source, piece) else { return };
            match PyText::utf8_prefix(&bytes) {
                // A character that the piece cuts in two begins the next one; at the end there is none.
                Ok((_, used)) if used > 0 && (used == bytes.len() || piece.end < span.end) => start += used as u64,
                Ok(_) => return self.note(at, ProblemKind::BadText("its last character is cut off".to_owned())),
                Err(error) => return self.note(at, ProblemKind::BadText(error.to_string())),
            }
        }
    }

    #[cold]
    pub(super) fn check_utf8(&mut self, bytes: &[u8], at: u64) {
        if std::str::from_utf8(bytes).is_err()
            && let Err(error) = PyText::from_utf8_surrogatepass(bytes)
        {
            self.note(at, ProblemKind::BadText(error.to_string()));
        }
    }

    #[cold]
    pub(super) fn note(&mut self, at: u64, kind: ProblemKind) {
        let opcode = self.opcode_at(at);
        self.problems.push(Problem { offset: at, opcode, kind, fatal: false }, self.limits.problems);
    }

    #[cold]
    pub(super) fn note_cannot_add(&mut self, tag: Tag, kind: RunKind, at: u64) {
        // Anything but a plain value may have the method once it is loaded.
        if matches!(tag, Tag::Global | Tag::ComputedGlobal | Tag::PersistentId | Tag::Extension | Tag::ByteArray) {
            return;
        }
        let method = match kind {
            RunKind::Items => "append or extend",
            RunKind::Pairs => "__setitem__",
            RunKind::Members => "add",
            RunKind::State => "__setstate__",
        };
        self.note(at, ProblemKind::CannotAdd { method });
    }

    #[cold]
    pub(super) fn note_unhashable(&mut self, tag: Tag, at: u64) {
        let what = match tag {
            Tag::List => "list",
            Tag::Dict => "dict",
            Tag::Set => "set",
            _ => "bytearray",
        };
        self.note(at, ProblemKind::Unhashable(what));
    }

    fn opcode_at(&self, at: u64) -> Option<Opcode> {
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
        self.damage(at, ProblemKind::StackUnderflow)
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
