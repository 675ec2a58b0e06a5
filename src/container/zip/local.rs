//! The header in front of an entry's content (4.3.7).

use super::fields::{u16_at, u32_at};
use super::header::method;
use super::listed::Listed;
use crate::bytes::{Source, Span};
use crate::container::archive::{self, Entry, Method};
use crate::container::note::Note;
use std::sync::Arc;

pub(super) const HEADER: u64 = 30;
/// Sizes and CRC follow the content (4.4.4, bit 3).
pub(super) const DESCRIPTOR: u16 = 8;

/// Where the content lies, with everything that is odd about it as far as it can be said without unpacking it.
pub(in crate::container) fn data(
    entry: &Entry,
    listed: &Listed,
    source: &Arc<dyn Source>,
) -> Result<(Span, Vec<Note>), String> {
    let (span, mut notes) = place(entry, listed, source)?;
    if entry.method == Method::Stored {
        check(entry, source, span, &mut notes);
    }
    Ok((span, notes))
}

/// Where the content lies: behind the local header, as long as the directory says. Everything the two disagree on is
/// noted.
pub(in crate::container) fn place(
    entry: &Entry,
    listed: &Listed,
    source: &Arc<dyn Source>,
) -> Result<(Span, Vec<Note>), String> {
    let at = entry.header;
    let mut head = [0; HEADER as usize];
    let count = source.peek(at, &mut head).map_err(|error| error.to_string())?;
    if count < head.len() || !head.starts_with(b"PK\x03\x04") {
        return Err(format!("{}: there is no entry's header at offset {at}", entry.name));
    }
    let mut notes = Vec::new();
    let name_length = u64::from(u16_at(&head, 26));
    let start = at + HEADER + name_length + u64::from(u16_at(&head, 28));
    let mut name = vec![0; name_length as usize];
    let count = source.peek(at + HEADER, &mut name).map_err(|error| error.to_string())?;
    name.truncate(count);
    if name != listed.raw_name.as_deref().unwrap_or(entry.name.as_bytes()) {
        let text = format!(
            "the entry's own header has the name {:?}: Python's zipfile refuses such an entry, torch opens it",
            String::from_utf8_lossy(&name)
        );
        notes.push(Note::disguise(at, text));
    }
    compare(entry, listed, &head, &mut notes);
    let length = source.len();
    let end = start.saturating_add(entry.packed);
    if end > length {
        let text = format!("{} of the entry's {} bytes lie behind the end of the file", end - length, entry.packed);
        notes.push(Note::at(at, text));
    }
    Ok((Span::new(start.min(length), end.min(length)), notes))
}

/// The method of the header at `at`, when it leaves the sizes to a descriptor behind the content.
pub(super) fn sizes_follow(source: &Arc<dyn Source>, at: u64) -> Option<Method> {
    let mut head = [0; HEADER as usize];
    let count = source.peek(at, &mut head).ok()?;
    let is_header = count == head.len() && head.starts_with(b"PK\x03\x04");
    let follow = u16_at(&head, 6) & DESCRIPTOR != 0 && u32_at(&head, 18) == 0;
    (is_header && follow).then(|| method(u16_at(&head, 8)))
}

/// What the local header says otherwise. Both loaders use what the directory says.
fn compare(entry: &Entry, listed: &Listed, head: &[u8], notes: &mut Vec<Note>) {
    let both = "Python's zipfile and torch go by the directory, tools that read forward by this";
    let flags = u16_at(head, 6);
    if flags != listed.flags {
        let text = format!("the entry's own header has flags {flags:#06x}, the directory {:#06x}", listed.flags);
        notes.push(Note::disguise(entry.header, text));
    }
    let own = method(u16_at(head, 8));
    if own != entry.method {
        let text = format!("the entry's own header says {}, the directory {}: {both}", own.name(), entry.method.name());
        notes.push(Note::disguise(entry.header, text));
    }
    let sizes = [("packed bytes", u32_at(head, 18), entry.packed), ("bytes", u32_at(head, 22), entry.size)];
    for (what, own, listed) in sizes {
        // Zero where they follow the content, full where zip64's field has them.
        let elsewhere = own == 0xffff_ffff || own == 0 && flags & DESCRIPTOR != 0;
        if !elsewhere && u64::from(own) != listed {
            let text = format!("the entry's own header says {own} {what}, the directory {listed}: {both}");
            notes.push(Note::disguise(entry.header, text));
        }
    }
}

/// Holds a small stored content against the directory.
fn check(entry: &Entry, source: &Arc<dyn Source>, span: Span, notes: &mut Vec<Note>) {
    if entry.size != entry.packed {
        let text = format!("the entry is stored, yet {} bytes should take {}", entry.size, entry.packed);
        notes.push(Note::at(entry.header, text));
    }
    // torch may be told to write no CRC; it then is 0.
    let Some(crc) = entry.crc.filter(|crc| *crc != 0) else { return };
    if let Some(sum) = archive::other_crc(entry, source, span) {
        let text = format!(
            "the directory says CRC-32 {crc:08x}, the content has {sum:08x}: Python's zipfile refuses it, torch does not look"
        );
        notes.push(Note::at(entry.header, text));
    }
}
