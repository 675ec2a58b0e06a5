//! Instructions one after the other, over what stands between them.

use crate::bytes::{Limits, Locked, ReadError, Source};
use crate::machine::Reading;
use crate::opcode::{Instruction, decode};

/// Where the next instruction is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) offset: u64,
    pub(super) stream: usize,
}

/// A reading and its bytes, for whoever goes along its instructions.
pub(super) struct Walk<'a> {
    pub(super) reading: &'a Reading,
    limits: &'a Limits,
    source: Ahead<'a>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(reading: &'a Reading, source: &'a dyn Source, limits: &'a Limits) -> Self {
        Self { reading, limits, source: Ahead { source, held: Locked::default() } }
    }

    /// The instruction at a place that is not the end.
    pub(super) fn instruction(&self, place: Place) -> Option<Instruction> {
        decode(&self.source, place.offset, self.limits).ok()
    }

    /// Short text of a line.
    pub(super) fn line(&self, start: u64, end: u64) -> Vec<u8> {
        const LONGEST: u64 = 40;
        let mut bytes = vec![0; (end - start).min(LONGEST) as usize];
        let count = self.source.read_at(start, &mut bytes).unwrap_or_default();
        bytes.truncate(count);
        bytes
    }

    /// Where the reader stands after an instruction that ends at `offset`: behind the raw parts that follow it.
    pub(super) fn behind_raw(&self, offset: u64) -> u64 {
        let raw = &self.reading.raw;
        let mut offset = offset;
        let mut at = raw.partition_point(|part| part.span.start < offset);
        while let Some(part) = raw.get(at).filter(|part| part.span.start == offset) {
            offset = part.span.end;
            at += 1;
        }
        offset
    }

    /// The place of the first instruction of the pickle that instruction `number` belongs to.
    pub(super) fn stream_start(&self, number: u64) -> Place {
        let streams = &self.reading.streams;
        // Pickles without instructions have the number of the next one.
        let stream = streams.partition_point(|stream| stream.first <= number).saturating_sub(1);
        streams.get(stream).map_or_else(Place::default, |begin| Place {
            number: begin.first,
            offset: begin.span.start,
            stream,
        })
    }

    /// The checkpoint before the `after`-th, or the beginning of the pickle with this first instruction if that comes later.
    pub(super) fn resume(&self, first: u64, after: usize) -> Place {
        let mut place = self.stream_start(first);
        if let Some(at) = after.checked_sub(1)
            && let Some(point) = self.reading.checkpoints.get(at).filter(|point| point.number > first)
        {
            (place.number, place.offset) = (point.number, point.offset);
        }
        place
    }
}

/// A source that is not in memory, read ahead: instructions are short.
struct Ahead<'a> {
    source: &'a dyn Source,
    /// Bytes from an offset on.
    held: Locked<(u64, Vec<u8>)>,
}

/// Bytes that are read at once.
const AHEAD: usize = 1 << 16;

impl Source for Ahead<'_> {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        if self.source.contiguous().is_some() || buffer.len() > AHEAD {
            return self.source.read_at(offset, buffer);
        }
        let mut held = self.held.take();
        let end = held.0 + held.1.len() as u64;
        let is_held = offset >= held.0 && offset.saturating_add(buffer.len() as u64) <= end;
        if !is_held {
            held.1.resize(AHEAD, 0);
            match self.source.read_at(offset, &mut held.1) {
                Ok(count) => held.1.truncate(count),
                Err(error) => {
                    held.1.clear();
                    return Err(error);
                }
            }
            held.0 = offset;
        }
        let rest = held.1.get((offset - held.0) as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn contiguous(&self) -> Option<&[u8]> {
        self.source.contiguous()
    }
}
