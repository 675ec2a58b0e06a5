//! What readers of pickles do not agree on, and why a reading is not complete.

use super::bombs::RESOURCE_BOMB;
use super::nested::{Inside, Nested};
use crate::bytes::{Span, read_span};
use crate::graph::{Node, NodeId};
use crate::lens::capitalised;
use crate::machine::{self, Layout, Problem, ProblemKind, RawKind, Reading};
use crate::opcode::{Arg, DecodeErrorKind, Effect, Opcode, decode};
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Finding, Rule};
use crate::safety::level::Level;
use crate::safety::verdict::Findings;

/// Largest source that is read a second time, as another reader would.
const AGAIN: u64 = 64 << 20;
/// Frames that are followed in that way.
const FRAMES: usize = 16;
/// A payload that claims more than this is no damage: a tebibyte.
const ABSURD: u64 = 1 << 40;

/// Readers see different things.
pub const READER_DIFFERENCE: Rule = Rule {
    id: "reader-difference",
    title: "Readers see different things",
    what: "Programs that read pickles do not agree on these bytes: CPython's C loader before and after 3.14.7, its Python loader and pickletools take them differently.",
    why: "A file can look harmless to the one and run code in the other. Ordinary picklers never write such bytes.",
    example: ("FRAME that ends inside a BINBYTES", "an instruction that crosses its frame"),
    advice: "Treat it as an attempt to hide something. Do not load this file.",
    references: &[
        ("python/cpython#126996: NULs in lines", "https://github.com/python/cpython/issues/126996"),
        ("python/cpython#126997: encodings of STRING", "https://github.com/python/cpython/issues/126997"),
        ("python/cpython#128853: reads across a frame's end", "https://github.com/python/cpython/issues/128853"),
    ],
};

/// Stores twice under one memo index.
pub const MEMO_OVERWRITTEN: Rule = Rule {
    id: "memo-overwritten",
    title: "Stores twice under one memo index",
    what: "PUT stores a second value under an index that is in use.",
    why: "Picklers never do that. Programs that follow the memo carelessly see the first value where a loader sees the second.",
    example: ("p0 ... p0", "PUT 0 after PUT 0"),
    advice: "Treat it as an attempt to hide something.",
    references: &[
        ("python/cpython#123309: memo keys may be defined again", "https://github.com/python/cpython/issues/123309"),
        ("pickletools: PUT and MEMOIZE", "https://docs.python.org/3/library/pickletools.html"),
    ],
};

/// Judges what the machine noted while reading.
pub(in crate::safety) fn problems(facts: &Facts<'_>, nested: &Nested<'_>, found: &mut Findings) {
    let reading = facts.reading;
    let mut frames = 0;
    for problem in &reading.problems.list {
        match &problem.kind {
            ProblemKind::StraddlesFrame { end } => {
                differ(facts, problem, found);
                if frames < FRAMES {
                    frames += 1;
                    read_as_old_c_loader(facts, nested, (problem.offset, *end), found);
                }
            }
            ProblemKind::NestedFrame
            | ProblemKind::FrameBeyondStop(_)
            | ProblemKind::ReadersDiffer { .. }
            | ProblemKind::SecondProtocol(_) => {
                differ(facts, problem, found);
            }
            // joblib goes on behind bytes whose number is not known here: what it runs from there cannot be seen.
            ProblemKind::ArrayUnknown(_) | ProblemKind::ArrayPadding(_) => differ(facts, problem, found),
            // A file that was cut short has such a frame, too.
            ProblemKind::FrameBeyondInput { .. } if reading.is_complete() => differ(facts, problem, found),
            ProblemKind::Decode(DecodeErrorKind::LengthBeyondInput { length, .. }) if *length > ABSURD => {
                let mut draft = Draft::place(problem.offset);
                draft.explanation =
                    format!("A value claims {length} bytes; loaders that believe it run out of memory.");
                found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
            }
            _ => {}
        }
    }
    overwrites(facts, found);
    if reading.problems.total > reading.problems.list.len() as u64 {
        found.partial("more problems than are kept; what readers differ on was not all looked at");
    }
    if let Some(problem) = reading.problems.fatal() {
        found.partial(problem.to_string());
    }
}

fn differ(facts: &Facts<'_>, problem: &Problem, found: &mut Findings) {
    let mut draft = Draft::place(problem.offset);
    draft.explanation = capitalised(&problem.kind.to_string()) + ".";
    found.find(facts, &READER_DIFFERENCE, Level::Suspicious, draft);
}

fn overwrites(facts: &Facts<'_>, found: &mut Findings) {
    for &offset in facts.reading.overwrites.iter().take(100) {
        let mut draft = Draft::place(offset);
        draft.explanation = "A second value is stored under a memo index that is in use.".to_owned();
        found.find(facts, &MEMO_OVERWRITTEN, Level::Suspicious, draft);
    }
}

/// CPython before 3.13.15 and 3.14.7, when it reads from a file: an argument that does not fit its frame is taken from
/// behind the frame, and what is left of the frame is dropped.
fn read_as_old_c_loader(facts: &Facts<'_>, nested: &Nested<'_>, (at, frame_end): (u64, u64), found: &mut Findings) {
    let total = facts.lens.source.len();
    // Within what is read again this would be a reading for each choice of frames. The frames are suspicious anyway.
    if !nested.is_outermost() || total > AGAIN || frame_end > total || !nested.budget.charge(total) {
        return;
    }
    let Ok(instruction) = decode(facts.lens.source, at, facts.lens.limits) else { return };
    let argument = match instruction.arg {
        Arg::Payload(payload) if payload.start <= frame_end => payload.start,
        _ => at + 1,
    };
    let (Ok(before), Ok(after)) = (
        read_span(facts.lens.source, Span::new(0, argument)),
        read_span(facts.lens.source, Span::new(frame_end.max(argument), total)),
    ) else {
        return;
    };
    let dropped = frame_end.saturating_sub(argument);
    // The frame is no longer one: its header is made to cover nothing.
    let mut bytes = [&*before, &*after].concat();
    close_frame(facts, &mut bytes, at);
    let Some(Inside { audit, .. }) = nested.audit_bytes(facts, bytes) else { return };
    // What fills a buffer of its own takes the rest of the frame first since 3.8.
    let own_buffer =
        matches!(instruction.opcode, Opcode::ShortBinBytes | Opcode::BinBytes | Opcode::BinBytes8 | Opcode::ByteArray8);
    let versions = if own_buffer { "before 3.8" } else { "before 3.13.15 and 3.14.7" };
    for mut finding in audit.findings {
        let known = |found: &Finding| found.rule == finding.rule && found.name == finding.name;
        if finding.level < Level::Suspicious || found.out.findings.iter().any(known) {
            continue;
        }
        finding.moved(|place| if place >= argument { place + dropped } else { place });
        finding.explanation = format!("For CPython {versions} reading from a file: {}", finding.explanation);
        found.adopt(finding);
    }
}

/// `pickle.load` of a file of joblib takes the bytes of arrays for opcodes. Nearly always it stops at the first of
/// them; where it gets on to something that it imports or calls, the file is judged as it reads it, too.
pub(in crate::safety) fn read_without_joblib(facts: &Facts<'_>, nested: &Nested<'_>, found: &mut Findings) {
    let Some((start, is_array)) = first_opaque(facts) else { return };
    if !nested.may_descend() || !runs_on(facts, start) {
        return;
    }
    if start > AGAIN || !nested.budget.charge(start) {
        return nested.budget.short.set(is_array || nested.budget.short.get());
    }
    let reading = machine::read_plain(facts.lens.source, facts.lens.limits, &mut |_, _| {});
    // It reads no arrays where joblib has its notes.
    nested.budget.without_joblib.set(true);
    let inside = nested.audit_reading(facts, &reading, facts.lens.source);
    nested.budget.without_joblib.set(false);
    let Some(Inside { audit, .. }) = inside else { return };
    // Bytes of an array that happen to be EXT: no loader has such a code, and gets no further.
    let stop = extension(&reading).filter(|&offset| offset >= start);
    for mut finding in audit.findings {
        if stop.is_some_and(|stop| finding.offset >= stop) {
            continue;
        }
        // In honest files the memo's numbers lead to other values in a pickle inside, so any of its calls may look odd;
        // what is dangerous by name is no accident.
        let is_meant = finding.level == Level::Dangerous && finding.capability.is_some() || is_array;
        let known = |found: &Finding| found.rule == finding.rule && found.offset == finding.offset;
        if finding.level < Level::Suspicious || !is_meant || found.out.findings.iter().any(known) {
            continue;
        }
        finding.node = None;
        finding.explanation =
            format!("For pickle.load, which takes the bytes of joblib's arrays for opcodes: {}", finding.explanation);
        found.adopt(finding);
    }
}

/// The first object of the extension registry.
fn extension(reading: &Reading) -> Option<u64> {
    let is_extension = |id: &NodeId| matches!(reading.graph.node(*id), Node::Extension(_));
    reading.graph.reaching_out().find(is_extension).map(|id| reading.graph.offset(id))
}

/// Where joblib's reading and that of `pickle.load` part, and whether that is in the bytes of an array: else it is in a
/// pickle for which joblib begins a new memo. Of protocol 2 and with numbered memo indexes it reads the same.
fn first_opaque(facts: &Facts<'_>) -> Option<(u64, bool)> {
    let reading = facts.reading;
    if reading.layout == Layout::Npy {
        return None;
    }
    let array = reading.raw.iter().find(|part| part.kind != RawKind::Header).map(|part| part.span.start);
    let nested = reading.nested.iter().find(|nested| nested.opcode_protocol > 2 || !nested.complete);
    let array = array.map(|start| (start, true));
    array.into_iter().chain(nested.map(|nested| (nested.span.start, false))).min()
}

/// Whether bytes go on as opcodes until one of them imports or calls something.
fn runs_on(facts: &Facts<'_>, start: u64) -> bool {
    /// Opcodes that are followed; so many in a row are no accident.
    const FOLLOWED: usize = 100_000;
    let mut at = start;
    for _ in 0..FOLLOWED {
        let Ok(instruction) = decode(facts.lens.source, at, facts.lens.limits) else { return false };
        let effects = instruction.opcode.info().effects;
        if effects.iter().any(|effect| matches!(effect, Effect::Import | Effect::Call)) {
            return true;
        }
        at = instruction.end;
    }
    true
}

/// Sets the length of the last frame that begins before `at` to zero.
fn close_frame(facts: &Facts<'_>, bytes: &mut [u8], at: u64) {
    let mut frames = facts.reading.streams.iter().flat_map(|stream| &stream.frames);
    let Some(frame) = frames.rfind(|frame| frame.offset < at) else { return };
    let start = frame.offset as usize + 1;
    if let Some(length) = bytes.get_mut(start..start + 8) {
        length.fill(0);
    }
}
