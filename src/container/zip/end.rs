//! The end records, which say where the directory is (4.3.14 to 4.3.16).

use super::fields::{u16_at, u32_at, u64_at};
use super::local::HEADER;
use crate::bytes::{Source, Span, read_span};
use crate::container::archive::Entry;
use crate::container::note::Note;
use std::sync::Arc;

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
    /// What has to be added to every offset, because something was put before the archive, or taken away.
    pub(super) shift: i64,
    /// Where the record ends, but for its comment.
    pub(super) end: u64,
    /// Bytes of the comment.
    pub(super) comment: u64,
    /// Whether records behind this one lead nowhere.
    passed: bool,
    /// Other directories that the same records can be taken to mean.
    pub(super) others: Vec<Place>,
    pub(super) notes: Vec<Note>,
}

/// A place where a directory can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    begin: u64,
    end: u64,
    entries: u64,
    shift: i64,
}

impl End {
    pub(super) fn of(place: Place) -> Self {
        Self {
            span: Span::new(place.begin, place.end),
            entries: place.entries,
            shift: place.shift,
            end: place.end,
            comment: 0,
            passed: false,
            others: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn place(&self) -> Place {
        Place { begin: self.span.start, end: self.span.end, entries: self.entries, shift: self.shift }
    }
}

/// Earlier end records that are looked at. Readers that search from the end stop at the first or the second.
const READINGS: usize = 64;

/// Why there is no directory to read.
pub(super) enum Unusable {
    /// The archive is one of several parts.
    Parts(Note),
    /// It has none, or where it should be is something else.
    Missing,
}

/// What a pair of end records says.
#[derive(Clone, Copy)]
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
pub(super) fn find(source: &Arc<dyn Source>) -> Result<End, Unusable> {
    /// Most archives have no comment: their records are in so few bytes. A thousand archives one behind the other are not
    /// worth a thousand reads of the longest comment.
    const SHORT: u64 = 256;
    match find_in(source, SHORT) {
        Ok(end) if end.entries > 0 && !end.passed => Ok(end),
        _ => find_in(source, TAIL),
    }
}

fn find_in(source: &Arc<dyn Source>, tail: u64) -> Result<End, Unusable> {
    let length = source.len();
    let start = length.saturating_sub(tail);
    let tail = read_span(source, Span::new(start, length)).map_err(|_| Unusable::Missing)?;
    let mut passed = 0;
    for at in memchr::memmem::rfind_iter(&tail, b"PK\x05\x06") {
        let Some(record) = tail.get(at..at + RECORD) else { continue };
        let stated = stated(source, &tail, at, start);
        let readings = readings(source, &tail, at, start);
        let is_part = stated.disk != 0 && stated.disk != 0xffff;
        // Python's zipfile does not look at the number: what is all there is no part to it.
        if is_part && !readings.iter().any(|&place| leads(source, place)) {
            let text = "this is one part of an archive in several parts; join the parts first";
            return Err(Unusable::Parts(Note::at(start + at as u64, text)));
        }
        let Some(mut end) = locate(source, &stated).or_else(|| readings.first().map(|&place| End::of(place))) else {
            passed += 1;
            continue;
        };
        // Where the entries are not where one way to count puts them, another does.
        if !leads(source, end.place())
            && let Some(&better) = readings.iter().find(|&&place| leads(source, place))
        {
            end = End { notes: end.notes, ..End::of(better) };
        }
        if is_part {
            let text = "the end record says that this is one part of several, yet the archive is all here";
            end.notes.push(Note::disguise(start + at as u64, text));
        }
        end.others = readings.into_iter().filter(|&place| place != end.place() && leads(source, place)).collect();
        let comment = usize::from(u16_at(record, 20));
        let after = tail.len() - at - RECORD;
        let offset = start + at as u64;
        end.end = offset + RECORD as u64;
        end.comment = comment.min(after) as u64;
        end.passed = passed > 0;
        if after > comment {
            end.notes.push(Note::at(offset, format!("{} bytes follow the end of the archive", after - comment)));
        } else if after < comment {
            end.notes.push(Note::at(offset, "the archive's comment is cut off"));
        }
        if stated.entries == 0 && finds_entries(source, &tail[..at], start) {
            let text = "the end record says that the archive is empty, but another before it leads to entries";
            end.notes.push(Note::disguise(offset, text));
        }
        if stated.is_disputed {
            let text = "the end record of zip64 says something else than the one after it: Python's zipfile follows it, others do not";
            end.notes.push(Note::disguise(offset, text));
        }
        if passed > 0 {
            let text = format!("{passed} later end records lead to no directory and were passed over");
            end.notes.push(Note::disguise(offset, text));
        }
        return Ok(end);
    }
    Err(Unusable::Missing)
}

/// All places of a directory that the records at `at` of the tail can be taken to mean. Readers differ in whether they
/// follow zip64's record where nothing asks for it, and in whether they count from the end or from the beginning.
fn readings(source: &Arc<dyn Source>, tail: &[u8], at: usize, start: u64) -> Vec<Place> {
    let plain = plain(tail, at, start);
    let wide = wide(source, tail, at, start);
    let moved = wide.iter().map(|wide| Stated { at: wide.at, ..plain });
    let mut found: Vec<Place> = Vec::new();
    for stated in [plain].into_iter().chain(moved).chain(wide.iter().copied()) {
        let before = stated.at.checked_sub(stated.size);
        let counted_back = before.and_then(|before| Some((before, before.checked_signed_diff(stated.offset)?)));
        let counted_on = (stated.offset < stated.at).then_some((stated.offset, 0));
        for (begin, shift) in counted_back.into_iter().chain(counted_on) {
            let place = Place { begin, end: stated.at, entries: stated.entries, shift };
            let is_known = found.iter().any(|other| (other.begin, other.shift) == (begin, shift));
            if !is_known && is_directory(source, begin) {
                found.push(place);
            }
        }
    }
    found
}

fn is_directory(source: &Arc<dyn Source>, at: u64) -> bool {
    let mut magic = [0; 4];
    source.read_at(at, &mut magic).is_ok_and(|count| count == 4) && magic == *b"PK\x01\x02"
}

/// Whether the first entry of a directory is where it says.
fn leads(source: &Arc<dyn Source>, place: Place) -> bool {
    let mut record = [0; 46];
    if !source.read_at(place.begin, &mut record).is_ok_and(|count| count == record.len()) {
        return false;
    }
    let header = u32_at(&record, 42);
    let mut magic = [0; 4];
    let at = u64::from(header).saturating_add_signed(place.shift);
    header == u32::MAX || source.peek(at, &mut magic).is_ok_and(|count| count == 4) && magic == *b"PK\x03\x04"
}

/// Other directories in the archive, to which an end record leads that is not the last: what is in the archive's own
/// bytes, from its first entry on, and no content of an entry.
pub(super) fn earlier(source: &Arc<dyn Source>, end: &End, entries: &[Entry]) -> Vec<Place> {
    let first = entries.iter().map(|entry| entry.header).min().unwrap_or(end.span.start);
    let stop = end.end - RECORD as u64;
    let start = stop.saturating_sub(TAIL).max(first);
    if start >= stop {
        return Vec::new();
    }
    // An archive may be an entry of another, as it is.
    let mut places: Vec<(u64, u64)> = entries.iter().map(|entry| (entry.header, entry.packed)).collect();
    places.sort_unstable();
    let is_in_entry = |at: u64| {
        let before = places.partition_point(|(header, _)| *header <= at);
        let Some(&(header, packed)) = before.checked_sub(1).and_then(|index| places.get(index)) else { return false };
        let mut head = [0; HEADER as usize];
        if source.peek(header, &mut head).is_err() {
            return false;
        }
        let own = u64::from(u16_at(&head, 26)) + u64::from(u16_at(&head, 28));
        at < header.saturating_add(HEADER + own).saturating_add(packed)
    };
    let Ok(tail) = read_span(source, Span::new(start, stop)) else { return Vec::new() };
    let records = memchr::memmem::rfind_iter(&tail, b"PK\x05\x06").filter(|at| at + RECORD <= tail.len());
    let records = records.filter(|at| !is_in_entry(start + *at as u64));
    let mut found: Vec<Place> = Vec::new();
    for place in records.take(READINGS).flat_map(|at| readings(source, &tail, at, start)) {
        if place.begin >= first && !found.contains(&place) && leads(source, place) {
            found.push(place);
        }
    }
    found
}

/// Whether an end record in `tail` leads to a directory that is not empty.
fn finds_entries(source: &Arc<dyn Source>, tail: &[u8], start: u64) -> bool {
    memchr::memmem::rfind_iter(tail, b"PK\x05\x06").filter(|at| at + RECORD <= tail.len()).any(|at| {
        let stated = stated(source, tail, at, start);
        stated.entries > 0 && locate(source, &stated).is_some()
    })
}

/// What the record at `at` of the tail says.
fn plain(tail: &[u8], at: usize, start: u64) -> Stated {
    let record = &tail[at..];
    Stated {
        entries: u64::from(u16_at(record, 10)),
        size: u64::from(u32_at(record, 12)),
        offset: u64::from(u32_at(record, 16)),
        disk: u64::from(u16_at(record, 4)),
        at: start + at as u64,
        is_disputed: false,
    }
}

/// What records of zip64 before the one at `at` of the tail say: where the locator says, and before the locator when the
/// archive was moved.
fn wide(source: &Arc<dyn Source>, tail: &[u8], at: usize, start: u64) -> Vec<Stated> {
    const WIDE: u64 = 56;
    let locator = at.checked_sub(LOCATOR).map(|before| &tail[before..at]);
    let Some(locator) = locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) else { return Vec::new() };
    let said = u64_at(locator, 8).unwrap_or(u64::MAX);
    let before = (start + at as u64 - LOCATOR as u64).saturating_sub(WIDE);
    let mut places = vec![before, said];
    places.dedup();
    let record = |place: u64| {
        let bytes = read_span(source, Span { start: place, end: place.saturating_add(WIDE) }).ok()?;
        let fields = (u64_at(&bytes, 32)?, u64_at(&bytes, 40)?, u64_at(&bytes, 48)?);
        let (entries, size, offset) = bytes.starts_with(b"PK\x06\x06").then_some(fields)?;
        Some(Stated { entries, size, offset, disk: u64::from(u32_at(&bytes, 16)), at: place, is_disputed: false })
    };
    places.into_iter().filter_map(record).collect()
}

/// Reads the record at `at` of the tail, and zip64's where the fields are full.
fn stated(source: &Arc<dyn Source>, tail: &[u8], at: usize, start: u64) -> Stated {
    let stated = plain(tail, at, start);
    let is_full = stated.entries == 0xffff || stated.size == 0xffff_ffff || stated.offset == 0xffff_ffff;
    let Some(&wide) = wide(source, tail, at, start).first() else { return stated };
    if is_full {
        return wide;
    }
    // torch writes both records whatever the size.
    let is_disputed = (wide.entries, wide.size, wide.offset) != (stated.entries, stated.size, stated.offset);
    Stated { at: wide.at, is_disputed, ..stated }
}

/// The directory, where it lies before the records, or else where they say.
fn locate(source: &Arc<dyn Source>, stated: &Stated) -> Option<End> {
    let is_directory = |at: u64| is_directory(source, at);
    let mut notes = Vec::new();
    let before = stated.at.checked_sub(stated.size);
    let shift = before.and_then(|before| before.checked_signed_diff(stated.offset));
    let (at, shift) = match (before, shift) {
        (Some(before), Some(shift)) if stated.size == 0 && stated.entries == 0 => (before, shift.max(0)),
        (Some(before), Some(shift @ 0..)) if is_directory(before) => (before, shift),
        _ if stated.offset < stated.at && is_directory(stated.offset) => {
            let text = "the directory does not end where its end record begins, as it says; read from where it begins";
            notes.push(Note::at(stated.offset, text));
            (stated.offset, 0)
        }
        // Python's zipfile counts back whatever the offset is.
        (Some(before), Some(shift)) if is_directory(before) => (before, shift),
        _ => return None,
    };
    match shift {
        1.. => {
            let text = format!("{shift} bytes lie before the archive; its offsets are counted from behind them");
            notes.push(Note::at(0, text));
        }
        0 => {}
        _ => {
            let missing = shift.unsigned_abs();
            let text = format!(
                "the archive's offsets are counted from {missing} bytes before the file: Python's zipfile reads it all the \
                 same, others do not"
            );
            notes.push(Note::disguise(0, text));
        }
    }
    let place = Place { begin: at, end: stated.at, entries: stated.entries, shift };
    Some(End { notes, ..End::of(place) })
}
