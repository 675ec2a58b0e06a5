//! Zip archives, read as the lenient loaders read them: Python's `zipfile`, and miniz as torch uses it. Source: PKWARE's
//! APPNOTE.TXT 6.3.10, whose sections are named where they matter.
//!
//! Listing costs one read of the end and the reads of the central directory, whatever the size of the archive. Nothing is
//! expanded. What is odd becomes a note, at the entry or at the archive.

mod central;
mod end;
mod fields;
mod gaps;
mod header;
mod listed;
mod local;
mod odd;
mod spans;
mod walk;

use super::archive::{self, Directory, Entry, Method, Opened};
use super::format::Packing;
use super::note::Note;
use super::unpack::{Ending, Expected, Unpacked};
use crate::bytes::{Limits, Slice, Source, Span};
use std::collections::HashSet;
use std::sync::Arc;

pub(super) use listed::Listed;
pub(super) use local::{data, place};
pub(super) use spans::ZipPlaces;

/// Reads the directory of a zip archive. Without a usable one the headers of the entries are followed from the start, as
/// far as they go.
#[must_use]
pub fn read(source: &Arc<dyn Source>, limits: &Limits) -> Directory {
    let mut directory = match end::find(source) {
        Ok(end) => {
            let mut directory = central::read(source, &end, limits);
            others(source, &end, &mut directory, limits);
            gaps::find(source, &end, &mut directory, limits);
            directory
        }
        Err(end::Unusable::Parts(note)) => {
            return Directory { notes: vec![note], ..Directory::default() };
        }
        Err(end::Unusable::Missing) => {
            let text = "the archive has no directory: it is cut off or damaged; the entries are those that were found \
                        by their own headers";
            walk::read(source, limits, text.to_owned())
        }
    };
    archive::note_names(&mut directory.entries);
    odd::places(&mut directory.entries, source.len());
    directory
}

/// Adds what other directories list that some reader takes, because of a second record or another way to count.
fn others(source: &Arc<dyn Source>, end: &end::End, directory: &mut Directory, limits: &Limits) {
    let earlier = end::earlier(source, end, &directory.entries);
    let places: Vec<end::Place> = end.others.iter().copied().chain(earlier).collect();
    if places.is_empty() {
        return;
    }
    // Together they cost no more than a directory may.
    let mut left = limits.entries;
    let key = |entry: &Entry| (entry.header, entry.packed, entry.size, entry.method, entry.name.clone());
    let mut known: HashSet<_> = directory.entries.iter().map(key).collect();
    for place in places {
        let other = central::read(source, &end::End::of(place), &Limits { entries: left, ..limits.clone() });
        left -= other.entries.len().min(left);
        directory.complete &= left > 0;
        for mut entry in other.entries {
            if directory.entries.len() >= limits.entries {
                directory.complete = false;
                return;
            }
            if known.insert(key(&entry)) {
                let text = "it is in another directory of the archive, which some readers take for the directory";
                entry.notes.push(Note::disguise(entry.header, text));
                directory.entries.push(entry);
            }
        }
    }
}

/// Where the end record that leads to a directory ends, but for its comment.
pub(super) fn end(source: &Arc<dyn Source>) -> Option<u64> {
    end::find(source).ok().map(|found| found.end)
}

/// The bytes of the archive that ends with the source, from its first entry to its end record.
pub(super) fn extent(source: &Arc<dyn Source>, limits: &Limits) -> Option<Span> {
    let end = end::find(source).ok()?;
    let directory = central::read(source, &end, limits);
    let first = directory.entries.iter().map(|entry| entry.header).min().unwrap_or(end.span.start);
    Some(Span::new(first.min(end.span.start), end.end))
}

/// An entry as its own header has it, where that may pack the content otherwise than the directory says. Where sizes follow the
/// content and the method is the same, nothing in the header differs: to look for their place would be to read the content.
pub(super) fn own(source: &Arc<dyn Source>, listed: &Entry) -> Option<Entry> {
    let follows = local::sizes_follow(source, listed.header).is_some_and(|method| method == listed.method);
    (!follows).then(|| walk::at(source, listed.header)).flatten()
}

/// Opens the content of an entry whose bytes lie in `span`.
pub(super) fn open(entry: &Entry, listed: &Listed, source: &Arc<dyn Source>, span: Span) -> Result<Opened, String> {
    let packing = match entry.method {
        Method::Stored => {
            // The old encryption puts 12 bytes in front. Without them the flag lies.
            return if entry.encrypted && entry.packed != entry.size {
                Err(format!("{} is encrypted", entry.name))
            } else {
                Ok(Opened::Stored(Slice::new(Arc::clone(source), span)))
            };
        }
        Method::Deflate => Packing::Deflate,
        Method::Bzip2 => Packing::Bzip2,
        Method::Lzma => Packing::BareLzma,
        Method::Zstd => Packing::Zstd,
        Method::Xz => Packing::Xz,
        other => {
            let name = if entry.name.is_empty() { "an entry without a name" } else { &entry.name };
            return Err(format!("{name} is packed with {}, which is not read here", other.name()));
        }
    };
    let ends_by_size = listed.flags & END_MARKER == 0;
    let expected = Expected { size: Some(entry.size), crc: entry.crc, ends_by_size };
    let unpacked = Unpacked::with_expected(packing, Arc::clone(source), span, expected);
    if entry.encrypted && entry.size > 0 && is_noise(&unpacked) {
        return Err(format!("{} is encrypted", entry.name));
    }
    Ok(Opened::Packed(unpacked))
}

/// With LZMA: the stream ends with a marker (4.4.4, bit 1).
const END_MARKER: u16 = 0x0002;

/// Whether a first piece does not unpack: the content is encrypted as its flag says.
fn is_noise(unpacked: &Unpacked) -> bool {
    const PROBE: u64 = 16 * 1024;
    matches!(unpacked.advance(PROBE, &mut |_, _| {}), Ending::Damaged { .. })
}
