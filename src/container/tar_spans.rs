//! What each byte of a tar archive is for: blocks of headers and records, contents, padding.

use super::archive::{Entry, Place};
use super::tar::{BLOCK, checksum_holds, number, text};
use crate::bytes::{Source, Span, SpanKind, Tiles};

/// Records before one entry that are told apart: writers put three of them there at most.
const RECORDS: usize = 256;

/// Fields of a header: bytes and name (POSIX.1-1988, `ustar`).
const FIELDS: [(u64, &str); 17] = [
    (100, "name"),
    (8, "mode"),
    (8, "user"),
    (8, "group"),
    (12, "size"),
    (12, "time of change"),
    (8, "checksum"),
    (1, "type"),
    (100, "target of the link"),
    (6, "magic"),
    (2, "version"),
    (32, "name of the user"),
    (32, "name of the group"),
    (8, "major number of the device"),
    (8, "minor number of the device"),
    (155, "beginning of the name"),
    (12, "unused"),
];

/// Where the entries of a tar archive are.
#[derive(Debug)]
pub(super) struct TarPlaces {
    /// Header and content of each entry, in order.
    entries: Vec<(u64, Span)>,
}

impl TarPlaces {
    pub(super) fn new<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let place = |entry: &Entry| match &entry.place {
            Place::At(content) => Some((entry.header, *content)),
            _ => None,
        };
        let mut entries: Vec<(u64, Span)> = entries.filter_map(place).collect();
        entries.sort_by_key(|(header, _)| *header);
        Self { entries }
    }

    /// Adds what the bytes are to the tiles of a window.
    pub(super) fn describe(&self, source: &dyn Source, tiles: &mut Tiles) {
        let first = self.entries.partition_point(|(_, content)| blocks_end(*content) <= tiles.position());
        let mut at = first.checked_sub(1).map_or(0, |before| blocks_end(self.entries[before].1));
        for (header, content) in &self.entries[first..] {
            if tiles.is_done() {
                return;
            }
            records(source, tiles, at, *header);
            let name = header_block(source, tiles, *header, "header");
            let begin = header.saturating_add(BLOCK);
            tiles.add(Span::new(begin, content.start.max(begin)), SpanKind::Header, || {
                format!("map of the sparse file {name}")
            });
            tiles.add(*content, SpanKind::Data, || format!("content of {name}"));
            at = blocks_end(*content);
            tiles.add(Span::new(content.end, at), SpanKind::Padding, || format!("padding behind {name}"));
        }
        end(source, tiles, at);
    }
}

/// Where the last block of a content ends.
fn blocks_end(content: Span) -> u64 {
    content.start.saturating_add(content.len().div_ceil(BLOCK).saturating_mul(BLOCK))
}

fn block_at(source: &dyn Source, at: u64) -> Option<[u8; BLOCK as usize]> {
    let mut block = [0; BLOCK as usize];
    source.peek(at, &mut block).is_ok_and(|count| count == block.len()).then_some(block)
}

/// The fields of a header, and the name in it.
fn header_block(source: &dyn Source, tiles: &mut Tiles, at: u64, what: &str) -> String {
    let Some(block) = block_at(source, at) else { return String::new() };
    let name = text(&block[..100]);
    let mut begin = 0;
    for (length, field) in FIELDS {
        let bytes = &block[begin as usize..(begin + length) as usize];
        let kind = match field {
            "name" | "beginning of the name" => SpanKind::Name,
            "unused" => SpanKind::Padding,
            "checksum" => SpanKind::Trailer,
            _ => SpanKind::Header,
        };
        tiles.field(at.saturating_add(begin), length, kind, || {
            format!("{what} of {name}: {field} {}", text(bytes).trim()).trim_end().to_owned()
        });
        begin += length;
    }
    name
}

/// Records before the header of an entry: pax, long names of GNU.
fn records(source: &dyn Source, tiles: &mut Tiles, mut at: u64, header: u64) {
    for _ in 0..RECORDS {
        if at >= header || tiles.is_done() {
            return;
        }
        let Some(block) = block_at(source, at).filter(checksum_holds) else { break };
        let what = match block[156] {
            b'x' | b'X' => "pax records",
            b'g' => "global pax records",
            b'L' => "long name",
            b'K' => "long target of a link",
            _ => break,
        };
        header_block(source, tiles, at, what);
        let begin = at.saturating_add(BLOCK);
        let size = number(&block[124..136]).unwrap_or_default().min(header.saturating_sub(begin));
        let content = Span::new(begin, begin.saturating_add(size));
        tiles.add(content, SpanKind::Name, || what.to_owned());
        at = blocks_end(content).min(header);
        tiles.add(Span::new(content.end, at.max(content.end)), SpanKind::Padding, || format!("padding behind {what}"));
    }
    tiles.add(Span::new(at, header.max(at)), SpanKind::Rest, || "blocks of no entry".to_owned());
}

/// What follows the last entry: two blocks of zeros, and zeros up to the size of a tape's record.
fn end(source: &dyn Source, tiles: &mut Tiles, at: u64) {
    let left = Span::new(at.min(source.len()), source.len());
    let is_zero = |at: u64| block_at(source, at).is_some_and(|block| block.iter().all(|byte| *byte == 0));
    if is_zero(at) {
        let blocks = if is_zero(at + BLOCK) { 2 } else { 1 };
        let mark = left.prefix(blocks * BLOCK);
        tiles.add(mark, SpanKind::Trailer, || "end of the archive: blocks of zeros".to_owned());
        tiles.add(Span::new(mark.end, left.end), SpanKind::Rest, || "behind the end of the archive".to_owned());
    } else {
        tiles.add(left, SpanKind::Rest, || "of no entry".to_owned());
    }
}
