//! What each byte of the document is for: opcodes and their arguments, arrays, padding, what stands between and behind pickles.

use super::Document;
use crate::bytes::{ByteSpan, Span, SpanKind, Tiles};
use crate::container::npy;
use crate::machine::{RawKind, RawPart};
use crate::opcode::{self, Arg, Instruction};
use crate::view::{preview, shown};

impl Document {
    /// The spans that tile a window of the bytes, at most so many. The reading begins at the closest place that is kept, so
    /// this takes no longer at the end of a file.
    #[must_use]
    pub fn byte_spans(&self, window: Span, most: usize) -> Vec<ByteSpan> {
        let mut tiles = Tiles::new(window, self.source.len(), most);
        while !tiles.is_done() {
            let at = tiles.position();
            if let Some(part) = self.raw_part_at(at) {
                self.describe_raw(part, &mut tiles);
            } else if let Some(listed) = self.instruction_at(at) {
                for (_, instruction) in self.instructions(listed.number) {
                    // Where something else comes between, it is described first.
                    if tiles.is_done() || instruction.offset > tiles.position() {
                        break;
                    }
                    describe_instruction(&instruction, &mut tiles);
                }
            } else {
                self.describe_rest(at, &mut tiles);
            }
            if tiles.position() == at {
                break;
            }
        }
        shown(tiles.finish())
    }

    fn describe_raw(&self, part: &RawPart, tiles: &mut Tiles) {
        let of = || preview::brief(&self.lens(), part.node);
        match part.kind {
            RawKind::Header => drop(npy::describe_header(&*self.source, tiles)),
            RawKind::Padding => {
                tiles.field(part.span.start, 1, SpanKind::Length, || format!("length of the padding of {}", of()));
                let bytes = Span::new(part.span.start + 1, part.span.end);
                tiles.add(bytes, SpanKind::Padding, || format!("padding of {}", of()));
            }
            RawKind::Array => tiles.add(part.span, SpanKind::Array, || format!("elements of {}", of())),
        }
        // Of a header that says nothing.
        tiles.add(part.span, SpanKind::Header, || "header".to_owned());
    }

    /// Bytes of no pickle, up to the next thing that is known.
    fn describe_rest(&self, at: u64, tiles: &mut Tiles) {
        let storages = self.legacy.as_ref().map_or(&[][..], |legacy| &legacy.storages);
        let next_storage = storages.partition_point(|(_, span)| span.end <= at);
        if let Some((key, span)) = storages.get(next_storage).filter(|(_, span)| span.contains(at)) {
            return tiles.add(*span, SpanKind::Array, || format!("storage {key}"));
        }
        let reading = &self.reading;
        let next_stream = reading.streams.partition_point(|stream| stream.span.start <= at);
        let next_raw = reading.raw.partition_point(|part| part.span.start <= at);
        let before = [
            next_stream.checked_sub(1).map(|number| reading.streams[number].span.end),
            next_raw.checked_sub(1).map(|number| reading.raw[number].span.end),
            next_storage.checked_sub(1).map(|number| storages[number].1.end),
            self.trailing().map(|span| span.start),
        ];
        let behind = [
            reading.streams.get(next_stream).map(|stream| stream.span.start),
            reading.raw.get(next_raw).map(|part| part.span.start),
            storages.get(next_storage).map(|(_, span)| span.start),
            self.trailing().map(|span| span.start),
        ];
        let start = before.into_iter().flatten().filter(|start| *start <= at).max().unwrap_or(0);
        let end = behind.into_iter().flatten().filter(|end| *end > at).min().unwrap_or(self.source.len());
        // `torch.save` before 1.6 puts eight bytes before each storage.
        if end - start == 8 && storages.get(next_storage).is_some_and(|(_, span)| span.start == end) {
            let words = || format!("number of elements of storage {}", storages[next_storage].0);
            return tiles.add(Span::new(start, end), SpanKind::Length, words);
        }
        let is_behind = self.trailing().is_some_and(|span| span.contains(at));
        tiles.add(Span::new(start, end), SpanKind::Rest, || {
            let words = match (is_behind, reading.is_complete()) {
                _ if reading.streams.is_empty() => "not part of a pickle",
                (true, true) => "behind the last pickle",
                (true, false) => "not read: the reading stopped before this",
                _ => "between pickles",
            };
            words.to_owned()
        });
    }
}

/// The opcode, and what its argument is made of.
fn describe_instruction(instruction: &Instruction, tiles: &mut Tiles) {
    let Instruction { offset, opcode, arg, end } = *instruction;
    if tiles.position() >= end {
        return;
    }
    let info = opcode.info();
    let of = |what: &str| format!("{what} of {} at {offset:#x}", info.name);
    let start = tiles.field(offset, 1, SpanKind::Opcode, || format!("opcode {} at {offset:#x}", info.name));
    match arg {
        Arg::None => {}
        Arg::Int(number) => {
            tiles.add(Span::new(start, end), SpanKind::Argument, || format!("{}: {number}", of("argument")));
        }
        // The length of a frame.
        Arg::UInt(number) => {
            tiles.add(Span::new(start, end), SpanKind::Length, || format!("{}: length {number}", of("argument")));
        }
        Arg::Float(number) => tiles.add(Span::new(start, end), SpanKind::Argument, || {
            format!("{}: {}", of("argument"), opcode::repr_float(number))
        }),
        Arg::Payload(payload) => {
            let length = || preview::plural(payload.len(), "byte", "bytes");
            if payload.start > start {
                let prefix = Span::new(start, payload.start);
                tiles.add(prefix, SpanKind::Length, || format!("{}: length {}", of("argument"), payload.len()));
            }
            tiles.add(payload, SpanKind::Payload, || format!("{}: {}", of("payload"), length()));
            tiles.add(Span::new(payload.end, end), SpanKind::Length, || of("end of the line"));
        }
        Arg::Pair(module, name) => {
            tiles.add(module, SpanKind::Payload, || of("module"));
            tiles.add(Span::new(module.end, name.start), SpanKind::Length, || of("end of the first line"));
            tiles.add(name, SpanKind::Payload, || of("name"));
            tiles.add(Span::new(name.end, end), SpanKind::Length, || of("end of the second line"));
        }
    }
}
