//! What readers of pickles do not agree on, and why a reading is not complete.

use super::audit::Auditor;
use super::evidence::Draft;
use super::nested::Inside;
use super::outcome::Finding;
use super::{Level, rules};
use crate::bytes::{Span, read_span};
use crate::lens::capitalised;
use crate::machine::{self, Layout, Problem, ProblemKind, RawKind};
use crate::opcode::{Arg, DecodeErrorKind, Effect, Opcode, decode};

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
                // joblib goes on behind bytes whose number is not known here: what it runs from there cannot be seen.
                ProblemKind::ArrayUnknown(_) | ProblemKind::ArrayPadding(_) => self.differ(problem),
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
        draft.explanation = capitalised(&problem.kind.to_string()) + ".";
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
        // Within what is read again this would be a reading for each choice of frames. The frames are suspicious anyway.
        if !self.is_outermost() || total > AGAIN || frame_end > total || !self.budget.charge(total) {
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
        let Some(Inside { audit, .. }) = self.audit_bytes(bytes) else { return };
        // What fills a buffer of its own takes the rest of the frame first since 3.8.
        let own_buffer = matches!(
            instruction.opcode,
            Opcode::ShortBinBytes | Opcode::BinBytes | Opcode::BinBytes8 | Opcode::ByteArray8
        );
        let versions = if own_buffer { "before 3.8" } else { "before 3.13.15 and 3.14.7" };
        for mut finding in audit.findings {
            let known = |found: &Finding| found.rule == finding.rule && found.name == finding.name;
            if finding.level < Level::Suspicious || self.out.findings.iter().any(known) {
                continue;
            }
            finding.moved(|place| if place >= argument { place + dropped } else { place });
            finding.explanation = format!("For CPython {versions} reading from a file: {}", finding.explanation);
            self.adopt(finding);
        }
    }

    /// `pickle.load` of a file of joblib takes the bytes of arrays for opcodes. Nearly always it stops at the first of
    /// them; where it gets on to something that it imports or calls, the file is judged as it reads it, too.
    pub(super) fn read_without_joblib(&mut self) {
        let Some((start, is_array)) = self.first_opaque() else { return };
        if !self.may_descend() || !self.runs_on(start) {
            return;
        }
        if start > AGAIN || !self.budget.charge(start) {
            return self.budget.short.set(is_array || self.budget.short.get());
        }
        let reading = machine::read_plain(self.lens.source, self.lens.limits, &mut |_, _| {});
        let Some(Inside { audit, .. }) = self.audit_reading(&reading, self.lens.source) else { return };
        for mut finding in audit.findings {
            // In honest files the memo's numbers lead to other values in a pickle inside, so any of its calls may look odd;
            // what is dangerous by name is no accident.
            let is_meant = finding.level == Level::Dangerous && finding.capability.is_some() || is_array;
            let known = |found: &Finding| found.rule == finding.rule && found.offset == finding.offset;
            if finding.level < Level::Suspicious || !is_meant || self.out.findings.iter().any(known) {
                continue;
            }
            finding.node = None;
            finding.explanation = format!(
                "For pickle.load, which takes the bytes of joblib's arrays for opcodes: {}",
                finding.explanation
            );
            self.adopt(finding);
        }
    }

    /// Where joblib's reading and that of `pickle.load` part, and whether that is in the bytes of an array: else it is in a
    /// pickle for which joblib begins a new memo. Of protocol 2 and with numbered memo indexes it reads the same.
    fn first_opaque(&self) -> Option<(u64, bool)> {
        let reading = self.reading;
        if reading.layout == Layout::Npy {
            return None;
        }
        let array = reading.raw.iter().find(|part| part.kind != RawKind::Header).map(|part| part.span.start);
        let nested = reading.nested.iter().find(|nested| nested.opcode_protocol > 2 || !nested.complete);
        let array = array.map(|start| (start, true));
        array.into_iter().chain(nested.map(|nested| (nested.span.start, false))).min()
    }

    /// Whether bytes go on as opcodes until one of them imports or calls something.
    fn runs_on(&self, start: u64) -> bool {
        /// Opcodes that are followed; so many in a row are no accident.
        const FOLLOWED: usize = 100_000;
        let mut at = start;
        for _ in 0..FOLLOWED {
            let Ok(instruction) = decode(self.lens.source, at, self.lens.limits) else { return false };
            let effects = instruction.opcode.info().effects;
            if effects.iter().any(|effect| matches!(effect, Effect::Import | Effect::Call)) {
                return true;
            }
            at = instruction.end;
        }
        true
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
