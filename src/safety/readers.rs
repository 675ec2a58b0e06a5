//! What readers of pickles do not agree on, and why a reading is not complete.

use super::audit::Auditor;
use super::evidence::Draft;
use super::{Level, rules};
use crate::bytes::{Span, read_span};
use crate::machine::{Problem, ProblemKind};
use crate::opcode::{Arg, DecodeErrorKind, Opcode, decode};

/// Largest source that is read a second time, as another reader would.
const AGAIN: u64 = 64 << 20;
/// Frames that are followed in that way.
const FRAMES: usize = 16;
/// A payload that claims more than this is no damage: a tebibyte.
const ABSURD: u64 = 1 << 40;

impl Auditor<'_> {
    /// Judges what the machine noted while reading.
    pub(super) fn problems(&mut self) {
        let reading = self.reading;
        let mut frames = 0;
        for problem in &reading.problems.list {
            match &problem.kind {
                ProblemKind::StraddlesFrame { end } => {
                    self.differ(problem);
                    if frames < FRAMES {
                        frames += 1;
                        self.read_as_old_c_loader(problem.offset, *end);
                    }
                }
                ProblemKind::NestedFrame | ProblemKind::ReadersDiffer(_) | ProblemKind::SecondProtocol(_) => {
                    self.differ(problem);
                }
                // A file that was cut short has such a frame, too.
                ProblemKind::FrameBeyondInput { .. } if reading.is_complete() => self.differ(problem),
                ProblemKind::Decode(DecodeErrorKind::LengthBeyondInput { length, .. }) if *length > ABSURD => {
                    let mut draft = Draft::place(problem.offset);
                    draft.explanation =
                        format!("A value claims {length} bytes; loaders that believe it run out of memory.");
                    self.find(&rules::resource_bomb::RULE, Level::Suspicious, draft);
                }
                _ => {}
            }
        }
        self.overwrites();
        if reading.problems.total > reading.problems.list.len() as u64 {
            self.out
                .partial
                .push("more problems than are kept; what readers differ on was not all looked at".to_owned());
        }
        if let Some(problem) = reading.problems.fatal() {
            self.out.partial.push(problem.to_string());
        }
    }

    fn differ(&mut self, problem: &Problem) {
        let mut draft = Draft::place(problem.offset);
        let text = problem.kind.to_string();
        let mut chars = text.chars();
        let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        draft.explanation = format!("{first}{}.", chars.as_str());
        self.find(&rules::reader_difference::RULE, Level::Suspicious, draft);
    }

    fn overwrites(&mut self) {
        for &offset in self.reading.overwrites.iter().take(100) {
            let mut draft = Draft::place(offset);
            draft.explanation = "A second value is stored under a memo index that is in use.".to_owned();
            self.find(&rules::memo_overwritten::RULE, Level::Suspicious, draft);
        }
    }

    /// CPython before 3.13.15 and 3.14.7, when it reads from a file: an argument that does not fit its frame is taken from
    /// behind the frame, and what is left of the frame is dropped.
    fn read_as_old_c_loader(&mut self, at: u64, frame_end: u64) {
        let total = self.lens.source.len();
        if total > AGAIN || frame_end > total {
            return;
        }
        let Ok(instruction) = decode(self.lens.source, at, self.lens.limits) else { return };
        let argument = match instruction.arg {
            Arg::Payload(payload) if payload.start <= frame_end => payload.start,
            _ => at + 1,
        };
        let (Ok(before), Ok(after)) = (
            read_span(self.lens.source, Span::new(0, argument)),
            read_span(self.lens.source, Span::new(frame_end.max(argument), total)),
        ) else {
            return;
        };
        let dropped = frame_end.saturating_sub(argument);
        // The frame is no longer one: its header is made to cover nothing.
        let mut bytes = [&*before, &*after].concat();
        self.close_frame(&mut bytes, at);
        if !self.may_descend() {
            return;
        }
        let Some((audit, _)) = self.audit_bytes(bytes) else { return };
        // What fills a buffer of its own takes the rest of the frame first since 3.8.
        let own_buffer = matches!(
            instruction.opcode,
            Opcode::ShortBinBytes | Opcode::BinBytes | Opcode::BinBytes8 | Opcode::ByteArray8
        );
        let versions = if own_buffer { "before 3.8" } else { "before 3.13.15 and 3.14.7" };
        for mut finding in audit.findings {
            let known = |found: &super::Finding| found.rule == finding.rule && found.name == finding.name;
            if finding.level < Level::Suspicious || self.out.findings.iter().any(known) {
                continue;
            }
            for place in [&mut finding.offset, &mut finding.start] {
                if *place >= argument {
                    *place += dropped;
                }
            }
            finding.node = None;
            finding.explanation = format!("For CPython {versions} reading from a file: {}", finding.explanation);
            self.adopt(finding);
        }
    }

    /// Sets the length of the last frame that begins before `at` to zero.
    fn close_frame(&self, bytes: &mut [u8], at: u64) {
        let mut frames = self.reading.streams.iter().flat_map(|stream| &stream.frames);
        let Some(frame) = frames.rfind(|frame| frame.offset < at) else { return };
        let start = frame.offset as usize + 1;
        if let Some(length) = bytes.get_mut(start..start + 8) {
            length.fill(0);
        }
    }
}
