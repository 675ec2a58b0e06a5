//! Archives without a directory: the entries' own headers, one after the other.

use super::fields::{extras, u16_at, u32_at, u64_at};
use super::header::{self, method, note_flags};
use super::listed::Listed;
use super::local::{DESCRIPTOR, HEADER};
use crate::bytes::{Limits, Source, Span};
use crate::container::archive::{Directory, Entry, Place};
use crate::container::feed::Feed;
use crate::container::note::Note;
use std::sync::Arc;

/// Lists what the headers show. `why` says why there is nothing better.
pub(super) fn read(source: &Arc<dyn Source>, limits: &Limits, why: String) -> Directory {
    let mut directory = Directory { notes: vec![Note::at(0, why)], complete: false, ..Directory::default() };
    let mut feed = Feed::new(Arc::clone(source), Span::new(0, source.len()));
    let mut left = limits.searched;
    while find(&mut feed, &mut left, is_header) {
        if directory.entries.len() >= limits.entries {
            let text = format!("only the first {} entries are listed", limits.entries);
            directory.notes.push(Note::at(feed.position(), text));
            break;
        }
        let Some(entry) = header(&mut feed, &mut left) else { break };
        directory.entries.push(entry);
    }
    if let Some(missing) = missing(&**source, &directory.entries).filter(|_| left > 0) {
        let plural = if missing == 1 { "byte is" } else { "bytes are" };
        let text =
            format!("by the headers of its entries, at least {missing} {plural} missing at the end of the archive");
        directory.notes.push(Note::at(source.len(), text));
    }
    if left == 0 {
        directory.notes.push(ended(feed.position(), limits));
    }
    directory
}

/// The fewest bytes that are missing at the end: of the content of the last entry, and of a directory of all of them.
fn missing(source: &dyn Source, entries: &[Entry]) -> Option<u64> {
    // Fixed parts of an entry of the directory, and of the end record.
    const LISTED: u64 = 46;
    const END: u64 = 22;
    let last = entries.last()?;
    let mut head = [0; HEADER as usize];
    let count = source.peek(last.header, &mut head).ok()?;
    let head = head.get(..count).filter(|head| head.len() == HEADER as usize)?;
    let names = u64::from(u16_at(head, 26)) + u64::from(u16_at(head, 28));
    let content = last.header.checked_add(HEADER)?.checked_add(names)?.checked_add(last.packed)?;
    let listed: u64 = entries.iter().map(|entry| LISTED + entry.name.len() as u64).sum();
    content.checked_add(listed)?.checked_add(END)?.checked_sub(source.len()).filter(|&missing| missing > 0)
}

/// Entries in a part of an archive, at most so many. Takes what it searches from `left`.
pub(super) fn within(source: &Arc<dyn Source>, span: Span, most: usize, left: &mut u64) -> Vec<Entry> {
    let mut feed = Feed::new(Arc::clone(source), span);
    let mut entries = Vec::new();
    while entries.len() < most && find(&mut feed, left, is_header) {
        match header(&mut feed, left) {
            Some(entry) => entries.push(entry),
            None => break,
        }
    }
    entries
}

/// The entry at `at` as its own header has it.
pub(super) fn at(source: &Arc<dyn Source>, at: u64) -> Option<Entry> {
    let mut feed = Feed::new(Arc::clone(source), Span::new(at.min(source.len()), source.len()));
    let mut left = Limits::default().searched;
    is_header(feed.peek(4)).then(|| header(&mut feed, &mut left)).flatten()
}

/// What is said where the search for headers ends.
pub(super) fn ended(at: u64, limits: &Limits) -> Note {
    Note::at(at, format!("only {} bytes were searched for headers of entries, up to here", limits.searched))
}

fn is_header(window: &[u8]) -> bool {
    window.starts_with(b"PK\x03\x04")
}

/// Steps forward to the next place where `PK` begins something that `is_it` accepts; sees eight bytes more than that. Takes the
/// bytes that it steps over from `left`, and finds nothing when there are no more: a hole in a sparse file may have terabytes.
fn find(feed: &mut Feed, left: &mut u64, is_it: impl Fn(&[u8]) -> bool) -> bool {
    const SEEN: usize = 24;
    while *left > 0 {
        let window = feed.peek(SEEN);
        if window.len() < 4 {
            return false;
        }
        let is_last = window.len() < SEEN;
        let places = window.len() - if is_last { 3 } else { SEEN - 1 };
        let found = memchr::memmem::find_iter(&window[..places + 1], b"PK").find(|at| is_it(&window[*at..]));
        match found {
            Some(at) => {
                feed.consume(at);
                return true;
            }
            None if is_last => return false,
            None => {
                feed.consume(places);
                *left = left.saturating_sub(places as u64);
            }
        }
    }
    false
}

/// Reads the header at the feed's position and steps over its entry.
fn header(feed: &mut Feed, left: &mut u64) -> Option<Entry> {
    let at = feed.position();
    let head = feed.peek(HEADER as usize).first_chunk::<{ HEADER as usize }>().copied()?;
    let (name, extra) = (usize::from(u16_at(&head, 26)), usize::from(u16_at(&head, 28)));
    let whole = HEADER as usize + name + extra;
    let bytes = feed.peek(whole).get(HEADER as usize..whole)?;
    let (raw_name, extra) = bytes.split_at(name);
    let flags = u16_at(&head, 6);
    let mut notes = Vec::new();
    note_flags(at, flags, &mut notes);
    let (name, raw_name) = header::name(at, flags, raw_name, extra, &mut notes);
    let (mut packed, mut size) = (u64::from(u32_at(&head, 18)), u64::from(u32_at(&head, 22)));
    if let Some((_, wide)) = extras(extra).find(|(kind, _)| *kind == 1) {
        // 4.5.3: both are there in a local header.
        size = u64_at(wide, 0).filter(|_| size == 0xffff_ffff).unwrap_or(size);
        packed = u64_at(wide, 8).filter(|_| packed == 0xffff_ffff).unwrap_or(packed);
    }
    let mut crc = Some(u32_at(&head, 14));
    feed.consume(whole);
    if flags & DESCRIPTOR != 0 && packed == 0 {
        let found = measure(feed, left);
        packed = found.packed;
        // Without a descriptor nothing says what the content should be.
        size = found.size.unwrap_or(packed);
        crc = found.crc;
        if found.size.is_none() {
            notes.push(Note::at(at, "the end of the entry was found by what follows it; its size is not known"));
        }
    } else {
        feed.skip(packed);
    }
    Some(Entry {
        folder: name.ends_with('/'),
        special: None,
        name,
        size,
        packed,
        method: method(u16_at(&head, 8)),
        header: at,
        encrypted: flags & 1 != 0,
        crc,
        notes,
        place: Place::Zip(Listed { flags, raw_name, record: None }),
    })
}

struct Measured {
    packed: u64,
    size: Option<u64>,
    crc: Option<u32>,
}

/// Finds the end of an entry whose size follows it: its descriptor (4.3.9), or whatever comes next.
fn measure(feed: &mut Feed, searched: &mut u64) -> Measured {
    let start = feed.position();
    loop {
        let ends = |window: &[u8]| matches!(window, [_, _, 7, 8, ..] | [_, _, 3, 4, ..] | [_, _, 1, 2, ..]);
        if !find(feed, searched, ends) {
            let left = feed.left();
            feed.skip(left);
            return Measured { packed: feed.position() - start, size: None, crc: None };
        }
        let packed = feed.position() - start;
        let window = feed.peek(24);
        if !window.starts_with(b"PK\x07\x08") {
            return Measured { packed, size: None, crc: None };
        }
        let crc = Some(u32_at(window, 4));
        if u64::from(u32_at(window, 8)) == packed {
            let size = Some(u64::from(u32_at(window, 12)));
            feed.consume(16);
            return Measured { packed, size, crc };
        }
        if u64_at(window, 8) == Some(packed) {
            let size = u64_at(window, 16);
            feed.consume(24);
            return Measured { packed, size, crc };
        }
        feed.consume(4);
    }
}
