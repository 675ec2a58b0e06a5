//! What stands between the instructions of a listing: raw bytes and pickles inside a pickle, as the machine found them. An
//! ordinary file is not read by the machine for that: only one that names joblib's wrapper, or a `.npy` file.

use super::dis_stack::{MarkNote, Stack};
use crate::bytes::{Limits, Source, Span, read_span};
use crate::container::{self, Format};
use crate::format::joblib;
use crate::machine::{self, Layout, RawKind, Reading};
use crate::opcode::{Arg, DecodeError, Instruction, Opcode, decode};

/// The class whose instances are followed by bytes.
const WRAPPER: &[u8] = joblib::INLINE.as_bytes();

/// The parts of a file that are no instruction of the pickle around them.
#[derive(Debug, Default)]
pub(super) struct Inlays {
    reading: Option<Reading>,
}

impl Inlays {
    /// Those of a `.npy` file; none for other files.
    pub(super) fn of(source: &dyn Source, limits: &Limits) -> Self {
        let is_npy = container::sniff(source) == Some(Format::Npy);
        Self { reading: is_npy.then(|| machine::read_npy(source, limits, &mut |_, _| {})) }
    }

    /// What was read of a `.npy` file.
    pub(super) fn npy(&self) -> Option<&Reading> {
        self.reading.as_ref().filter(|reading| reading.layout == Layout::Npy)
    }

    /// The raw bytes that begin at an offset, and what they are.
    pub(super) fn raw(&self, offset: u64) -> Option<(Span, &'static str)> {
        let raw = &self.reading.as_ref()?.raw;
        let found = raw.binary_search_by_key(&offset, |part| part.span.start).ok()?;
        let name = match raw[found].kind {
            RawKind::Header => "header",
            RawKind::Padding => "padding",
            RawKind::Array => "array data",
        };
        Some((raw[found].span, name))
    }

    /// The pickle inside a pickle that begins at an offset.
    pub(super) fn nested(&self, offset: u64) -> Option<Span> {
        let nested = &self.reading.as_ref()?.nested;
        let found = nested.binary_search_by_key(&offset, |nested| nested.span.start).ok()?;
        Some(nested[found].span)
    }

    /// Where the pickle at `offset` ends. With `sound`, also whether a loader's stack would hold out to a STOP that finds
    /// a value: bytes that are no pickle often decode as one for a while.
    pub(super) fn scan(
        &mut self,
        source: &dyn Source,
        offset: u64,
        limits: &Limits,
        sound: bool,
    ) -> Result<u64, String> {
        let mut wrappers = false;
        let end = self.scan_once(source, offset, limits, sound, &mut wrappers);
        if !wrappers || self.reading.is_some() {
            return end;
        }
        self.reading = Some(machine::read(source, limits, &mut |_, _| {}));
        self.scan_once(source, offset, limits, sound, &mut wrappers)
    }

    fn scan_once(
        &self,
        source: &dyn Source,
        offset: u64,
        limits: &Limits,
        sound: bool,
        wrappers: &mut bool,
    ) -> Result<u64, String> {
        let mut stack = Stack::default();
        let mut at = offset;
        loop {
            let skipped = |at| self.raw(at).map(|(span, _)| span).or_else(|| self.nested(at));
            while let Some(span) = skipped(at).filter(|span| !span.is_empty()) {
                at = span.end;
            }
            let instruction = decode(source, at, limits).map_err(|error: DecodeError| error.to_string())?;
            *wrappers = *wrappers || names_wrapper(source, &instruction);
            if sound {
                let opcode = instruction.opcode;
                let info = opcode.info();
                let (mark, count) = stack.take_mark(opcode, info);
                let held = stack.apply(count, info.after, at).is_ok();
                if mark == MarkNote::Missing || !held {
                    return Err(format!("at offset {at}, {}: nothing on the stack to take", opcode.name()));
                }
            }
            at = instruction.end;
            if instruction.opcode == Opcode::Stop {
                return Ok(at);
            }
        }
    }
}

fn names_wrapper(source: &dyn Source, instruction: &Instruction) -> bool {
    let (Arg::Payload(name) | Arg::Pair(_, name)) = instruction.arg else { return false };
    name.len() == WRAPPER.len() as u64 && read_span(source, name).is_ok_and(|name| *name == *WRAPPER)
}
