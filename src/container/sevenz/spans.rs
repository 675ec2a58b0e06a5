//! What each byte of a 7z archive is for: the first header, packed blocks, the directory.

use super::{START, data};
use crate::bytes::{Source, Span, SpanKind, Tiles};
use crate::container::archive::{Entry, Place};

/// Bytes and name of the fields of the first header.
const FIELDS: [(u64, &str); 6] = [
    (6, "signature"),
    (2, "version"),
    (4, "CRC-32 of what follows"),
    (8, "offset of the directory"),
    (8, "size of the directory"),
    (4, "CRC-32 of the directory"),
];

/// Where the blocks of a 7z archive and its directory are.
#[derive(Debug)]
pub(in crate::container) struct BlockPlaces {
    /// In order, each once.
    places: Vec<(Span, SpanKind)>,
}

impl BlockPlaces {
    pub(in crate::container) fn new<'a>(entries: impl Iterator<Item = &'a Entry>, source: &dyn Source) -> Self {
        let block = |entry: &Entry| match &entry.place {
            Place::SevenZip(part) => Some((data(part), SpanKind::Data)),
            _ => None,
        };
        let mut places: Vec<(Span, SpanKind)> = entries.filter_map(block).collect();
        let mut start = [0; START as usize];
        if source.peek(0, &mut start).is_ok_and(|count| count == start.len()) {
            let number = |at: usize| start[at..].first_chunk().copied().map_or(0, u64::from_le_bytes);
            let at = number(12).saturating_add(START);
            places.push((Span::new(at, at.saturating_add(number(20))), SpanKind::Directory));
        }
        places.sort_by_key(|(span, _)| *span);
        places.dedup_by_key(|(span, _)| *span);
        Self { places }
    }

    /// Adds what the bytes are to the tiles of a window.
    pub(in crate::container) fn describe(&self, source: &dyn Source, tiles: &mut Tiles) {
        let mut at = 0;
        for (length, name) in FIELDS {
            at = tiles.field(at, length, SpanKind::Header, || format!("7z header: {name}"));
        }
        let first = self.places.partition_point(|(span, _)| span.end <= tiles.position());
        let mut end = first.checked_sub(1).map_or(START, |before| self.places[before].0.end);
        for (span, kind) in &self.places[first..] {
            if tiles.is_done() {
                return;
            }
            tiles.add(Span::new(end, span.start.max(end)), SpanKind::Rest, || "of no entry".to_owned());
            tiles.add(*span, *kind, || match kind {
                SpanKind::Directory => "7z directory".to_owned(),
                _ => "packed block of entries".to_owned(),
            });
            end = span.end.max(end);
        }
        tiles.add(Span::new(end.min(source.len()), source.len()), SpanKind::Rest, || "behind the archive".to_owned());
    }
}
