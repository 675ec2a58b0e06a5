//! What each byte of a container is for, by windows: whatever the size, only the window is read.

use super::archive::Entry;
use super::format::Archive;
use super::npy;
use super::pieces::Pieces;
use super::sevenz::BlockPlaces;
use super::tar_spans::TarPlaces;
use super::zip::ZipPlaces;
use crate::bytes::{Source, Span, SpanKind, Tiles};
use std::sync::Arc;

/// Where the parts of a container are.
#[derive(Debug)]
pub struct Structure(Of);

#[derive(Debug)]
enum Of {
    Zip(ZipPlaces),
    Tar(TarPlaces),
    SevenZip(BlockPlaces),
    Stream(Pieces),
    Npy,
    Named(Vec<(Span, String)>),
}

impl Structure {
    /// That of an archive with these entries.
    pub fn of_archive<'a>(
        archive: Archive,
        entries: impl Iterator<Item = &'a Entry>,
        source: &Arc<dyn Source>,
    ) -> Self {
        Self(match archive {
            Archive::Zip => Of::Zip(ZipPlaces::new(entries, source)),
            Archive::Tar => Of::Tar(TarPlaces::new(entries)),
            Archive::SevenZip => Of::SevenZip(BlockPlaces::new(entries, &**source)),
        })
    }

    /// That of a compressed stream, as far as it was decompressed.
    #[must_use]
    pub fn of_stream(pieces: Pieces) -> Self {
        Self(Of::Stream(pieces))
    }

    /// That of a `.npy` file.
    #[must_use]
    pub fn of_npy() -> Self {
        Self(Of::Npy)
    }

    /// That of bytes of which some have a name.
    #[must_use]
    pub fn of_named(mut parts: Vec<(Span, String)>) -> Self {
        parts.sort_by_key(|(span, _)| *span);
        Self(Of::Named(parts))
    }

    /// Adds what the bytes of `source` are to the tiles of a window.
    pub fn describe(&self, source: &dyn Source, tiles: &mut Tiles) {
        match &self.0 {
            Of::Zip(places) => places.describe(source, tiles),
            Of::Tar(places) => places.describe(source, tiles),
            Of::SevenZip(places) => places.describe(source, tiles),
            Of::Stream(pieces) => pieces.describe(source, tiles),
            Of::Npy => {
                let data = npy::describe_header(source, tiles);
                let data = Span::new(data.min(source.len()), source.len());
                tiles.add(data, SpanKind::Array, || "elements of the array".to_owned());
            }
            Of::Named(parts) => named(parts, source, tiles),
        }
    }
}

fn named(parts: &[(Span, String)], source: &dyn Source, tiles: &mut Tiles) {
    let first = parts.partition_point(|(span, _)| span.end <= tiles.position());
    let mut end = first.checked_sub(1).map_or(0, |before| parts[before].0.end);
    let rest = "no format that is told apart here";
    for (span, name) in &parts[first..] {
        if tiles.is_done() {
            return;
        }
        tiles.add(Span::new(end, span.start.max(end)), SpanKind::Rest, || rest.to_owned());
        tiles.add(*span, SpanKind::Data, || name.clone());
        end = span.end.max(end);
    }
    tiles.add(Span::new(end.min(source.len()), source.len()), SpanKind::Rest, || rest.to_owned());
}
