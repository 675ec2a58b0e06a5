//! The central directory (4.3.12).

use super::end::End;
use super::fields::{extras, u16_at, u32_at, u64_at};
use super::header::{method, name, note_flags};
use super::listed::Listed;
use super::walk;
use crate::bytes::{Limits, Source};
use crate::container::archive::{Directory, Entry, Place};
use crate::container::feed::Feed;
use crate::container::note::Note;
use std::sync::Arc;

const RECORD: usize = 46;
/// The directory is read by windows of this size.
const WINDOW: u64 = 1 << 20;

/// Reads all records that the directory has, whatever number the end record gives.
pub(super) fn read(source: &Arc<dyn Source>, end: &End, limits: &Limits) -> Directory {
    let mut feed = Feed::with_window(Arc::clone(source), end.span, WINDOW);
    let mut directory = Directory { notes: end.notes.clone(), complete: true, ..Directory::default() };
    while feed.left() > 0 {
        let at = feed.position();
        if directory.entries.len() >= limits.entries {
            directory.complete = false;
            let text = format!("only the first {} of {} entries are listed", limits.entries, end.entries);
            directory.notes.push(Note::at(at, text));
            return directory;
        }
        let Some(entry) = record(&mut feed, end.shift) else {
            if is_signature(&mut feed) {
                break;
            }
            directory.notes.push(Note::at(at, damage(&feed)));
            directory.complete = false;
            break;
        };
        directory.entries.push(entry);
    }
    if directory.entries.is_empty() && !directory.complete {
        return walk::read(source, limits, "the directory of the archive is damaged".to_owned());
    }
    // A count of 16 bits wraps around where a writer did without zip64.
    let listed = directory.entries.len() as u64;
    if directory.complete && listed != end.entries && listed & 0xffff != end.entries {
        let text = format!("the end record says {} entries, the directory has {listed}", end.entries);
        directory.notes.push(Note::at(end.span.end, text));
    }
    directory
}

fn damage(feed: &Feed) -> String {
    match feed.error() {
        Some(error) => error.to_string(),
        None => "the directory is damaged here; later entries are not listed".to_owned(),
    }
}

/// A digital signature (4.3.13) or zip64's records may follow the entries.
fn is_signature(feed: &mut Feed) -> bool {
    let head = feed.peek(4);
    head.starts_with(b"PK\x05\x05") || head.starts_with(b"PK\x06\x06") || head.starts_with(b"PK\x06\x07")
}

/// One record; `None` when there is none here.
fn record(feed: &mut Feed, shift: i64) -> Option<Entry> {
    let at = feed.position();
    let head = feed.peek(RECORD).get(..RECORD)?;
    if !head.starts_with(b"PK\x01\x02") {
        return None;
    }
    let name = usize::from(u16_at(head, 28));
    let extra = usize::from(u16_at(head, 30));
    let length = RECORD + name + extra + usize::from(u16_at(head, 32));
    let record = feed.peek(length).get(..length)?;
    let (raw_name, rest) = record[RECORD..].split_at(name);
    let entry = entry(at, record, raw_name, &rest[..extra], shift);
    feed.consume(length);
    Some(entry)
}

fn entry(at: u64, record: &[u8], raw_name: &[u8], extra: &[u8], shift: i64) -> Entry {
    let flags = u16_at(record, 8);
    let mut packed = u64::from(u32_at(record, 20));
    let mut size = u64::from(u32_at(record, 24));
    let mut header = u64::from(u32_at(record, 42));
    let mut notes = Vec::new();
    if let Some((_, wide)) = extras(extra).find(|(kind, _)| *kind == 1) {
        // 4.5.3: only the fields that are full, in this order.
        let mut next = 0;
        for field in [&mut size, &mut packed, &mut header] {
            if *field == 0xffff_ffff
                && let Some(value) = u64_at(wide, next)
            {
                *field = value;
                next += 8;
            }
        }
    }
    let disk = u16_at(record, 34);
    if disk != 0 && disk != 0xffff {
        notes.push(Note::at(at, format!("the directory says that the entry is in part {} of the archive", disk + 1)));
    }
    note_flags(at, flags, &mut notes);
    let (name, raw_name) = name(at, flags, raw_name, extra, &mut notes);
    Entry {
        folder: name.ends_with('/'),
        special: None,
        name,
        size,
        packed,
        method: method(u16_at(record, 10)),
        header: header.saturating_add_signed(shift),
        encrypted: flags & 1 != 0,
        crc: Some(u32_at(record, 16)),
        notes,
        place: Place::Zip(Listed { flags, raw_name, record: Some(at) }),
    }
}
