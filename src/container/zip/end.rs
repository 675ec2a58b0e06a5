//! The end records, which say where the directory is (4.3.14 to 4.3.16).

use super::fields::{u16_at, u32_at, u64_at};
use super::{disguise, note};
use crate::bytes::{Source, Span, read_span};
use crate::container::Note;
use std::rc::Rc;

/// How far from the end the record may begin: its 22 bytes, the longest comment, and the records of zip64 before it.
const TAIL: u64 = 22 + 0xffff + 20 + 1024;
const RECORD: usize = 22;
const LOCATOR: usize = 20;

/// Where the directory is.
pub(super) struct End {
    /// The directory.
    pub(super) span: Span,
    /// Entries it has, by its own count.
    pub(super) entries: u64,
    /// What has to be added to every offset, because something was put before the archive.
    pub(super) shift: u64,
    /// Where the record ends, but for its comment.
    pub(super) end: u64,
    pub(super) notes: Vec<Note>,
}

/// Why there is no directory to read.
pub(super) enum Unusable {
    /// The archive is one of several parts.
    Parts(Note),
    /// It has none, or where it should be is something else.
    Missing,
}

/// What a pair of end records says.
struct Stated {
    entries: u64,
    size: u64,
    offset: u64,
    disk: u64,
    /// Where the records begin: the directory has to end there.
    at: u64,
    /// Whether zip64's record says something else although nothing asks for it.
    is_disputed: bool,
}

/// Finds the last end record that leads to a directory.
pub(super) fn find(source: &Rc<dyn Source>) -> Result<End, Unusable> {
    let length = source.len();
    let start = length.saturating_sub(TAIL);
    let tail = read_span(source, Span::new(start, length)).map_err(|_| Unusable::Missing)?;
    let mut passed = 0;
    for at in memchr::memmem::rfind_iter(&tail, b"PK\x05\x06") {
        let Some(record) = tail.get(at..at + RECORD) else { continue };
        let stated = stated(source, &tail, at, start);
        if stated.disk != 0 && stated.disk != 0xffff {
            let text = "this is one part of an archive in several parts; join the parts first";
            return Err(Unusable::Parts(note(start + at as u64, text)));
        }
        let Some(mut end) = locate(source, &stated) else {
            passed += 1;
            continue;
        };
        let comment = usize::from(u16_at(record, 20));
        let after = tail.len() - at - RECORD;
        let offset = start + at as u64;
        end.end = offset + RECORD as u64;
        if after > comment {
            end.notes.push(note(offset, format!("{} bytes follow the end of the archive", after - comment)));
        } else if after < comment {
            end.notes.push(note(offset, "the archive's comment is cut off"));
        }
        if stated.entries == 0 && finds_entries(source, &tail[..at], start) {
            let text = "the end record says that the archive is empty, but another before it leads to entries";
            end.notes.push(disguise(offset, text));
        }
        if stated.is_disputed {
            let text = "the end record of zip64 says something else than the one after it: Python's zipfile follows it, others do not";
            end.notes.push(disguise(offset, text));
        }
        if passed > 0 {
            let text = format!("{passed} later end records lead to no directory and were passed over");
            end.notes.push(disguise(offset, text));
        }
        return Ok(end);
    }
    Err(Unusable::Missing)
}

/// Whether an end record in `tail` leads to a directory that is not empty.
fn finds_entries(source: &Rc<dyn Source>, tail: &[u8], start: u64) -> bool {
    memchr::memmem::rfind_iter(tail, b"PK\x05\x06").filter(|at| at + RECORD <= tail.len()).any(|at| {
        let stated = stated(source, tail, at, start);
        stated.entries > 0 && locate(source, &stated).is_some()
    })
}

/// Reads the record at `at` of the tail, and zip64's where the fields are full.
fn stated(source: &Rc<dyn Source>, tail: &[u8], at: usize, start: u64) -> Stated {
    let record = &tail[at..];
    let stated = Stated {
        entries: u64::from(u16_at(record, 10)),
        size: u64::from(u32_at(record, 12)),
        offset: u64::from(u32_at(record, 16)),
        disk: u64::from(u16_at(record, 4)),
        at: start + at as u64,
        is_disputed: false,
    };
    let is_full = stated.entries == 0xffff || stated.size == 0xffff_ffff || stated.offset == 0xffff_ffff;
    let locator = at.checked_sub(LOCATOR).map(|before| &tail[before..at]);
    let Some(locator) = locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) else { return stated };
    // Where the locator says; before the locator when the archive was moved.
    let said = u64_at(locator, 8).unwrap_or(u64::MAX);
    let before = (stated.at - LOCATOR as u64).saturating_sub(56);
    for place in [before, said] {
        let Ok(bytes) = read_span(source, Span { start: place, end: place.saturating_add(56) }) else { continue };
        if let (true, Some(entries), Some(size), Some(offset)) =
            (bytes.starts_with(b"PK\x06\x06"), u64_at(&bytes, 32), u64_at(&bytes, 40), u64_at(&bytes, 48))
        {
            if !is_full {
                // torch writes both records whatever the size.
                let is_disputed = (entries, size, offset) != (stated.entries, stated.size, stated.offset);
                return Stated { at: place, is_disputed, ..stated };
            }
            let disk = u64::from(u32_at(&bytes, 16));
            return Stated { entries, size, offset, disk, at: place, is_disputed: false };
        }
    }
    stated
}

/// The directory, where it lies before the records, or else where they say.
fn locate(source: &Rc<dyn Source>, stated: &Stated) -> Option<End> {
    let is_directory = |at: u64| {
        let mut magic = [0; 4];
        source.read_at(at, &mut magic).is_ok_and(|count| count == 4) && magic == *b"PK\x01\x02"
    };
    let mut notes = Vec::new();
    let before = stated.at.checked_sub(stated.size);
    let (at, shift) = match before {
        Some(before) if stated.size == 0 && stated.entries == 0 => (before, before.saturating_sub(stated.offset)),
        Some(before) if before >= stated.offset && is_directory(before) => (before, before - stated.offset),
        _ if stated.offset < stated.at && is_directory(stated.offset) => {
            let text = "the directory does not end where its end record begins, as it says; read from where it begins";
            notes.push(note(stated.offset, text));
            (stated.offset, 0)
        }
        _ => return None,
    };
    if shift > 0 {
        let text = format!("{shift} bytes lie before the archive; its offsets are counted from behind them");
        notes.push(note(0, text));
    }
    Some(End { span: Span::new(at, stated.at), entries: stated.entries, shift, end: stated.at, notes })
}
