//! What an archive has that its directory does not: entries of which only their own headers tell, bytes before, between
//! and behind.

use super::end::End;
use super::fields::u16_at;
use super::local::{DESCRIPTOR, HEADER};
use super::walk;
use crate::bytes::{Limits, Source, Span, sorting};
use crate::container::archive::{Directory, Entry};
use crate::container::note::Note;
use std::sync::Arc;

/// Entries whose own header is read, to know where their bytes end: those with the most room behind them.
const LOOKED_AT: usize = 1024;
/// Room that the header of an honest entry takes beyond what the directory tells: torch moves contents to multiples of 64.
const ALIGNED: u64 = 64 + 4 + 8;
/// Room for another entry: its header, and a byte of a name.
const ROOM: u64 = HEADER + 1;

/// Adds entries that the directory leaves out, and gives all bytes that belong to nothing as the rest.
pub(super) fn find(source: &Arc<dyn Source>, end: &End, directory: &mut Directory, limits: &Limits) {
    let mut order: Vec<usize> = (0..directory.entries.len()).collect();
    sorting::by_key(&mut order, |index| directory.entries[*index].header);
    let first = order.first().map_or(end.span.start, |index| directory.entries[*index].header).min(end.span.start);
    let behind = Span::new(end.end.min(source.len()), source.len());
    let mut rest = vec![Span::new(0, first)];
    let mut hidden = Vec::new();
    let (gaps, all) = between(source, end, &directory.entries, &order, &mut directory.notes);
    directory.complete &= all;
    let mut left = limits.searched;
    for gap in gaps {
        let found = walk::within(source, gap, limits.entries.saturating_sub(directory.entries.len()), &mut left);
        if found.is_empty() {
            rest.push(gap);
        }
        hidden.extend(found);
        if left == 0 && directory.complete {
            directory.complete = false;
            directory.notes.push(walk::ended(gap.start, limits));
        }
    }
    for mut entry in hidden {
        let text = "the directory does not list it: only readers that go forward from entry to entry see it";
        entry.notes.push(Note::disguise(entry.header, text));
        directory.entries.push(entry);
    }
    rest.push(behind);
    directory.rest = rest.into_iter().filter(|span| !span.is_empty()).collect();
}

/// Bytes between entries that are of none, in order, and whether these are all that may hold something.
fn between(
    source: &Arc<dyn Source>,
    end: &End,
    entries: &[Entry],
    order: &[usize],
    notes: &mut Vec<Note>,
) -> (Vec<Span>, bool) {
    // The furthest that any entry before reaches, at least: entries may lie in each other.
    let mut reach = 0;
    let mut rooms: Vec<(u64, u64, u64)> = Vec::new();
    for (number, index) in order.iter().enumerate() {
        let entry = &entries[*index];
        let least = entry.header.saturating_add(HEADER + entry.name.len() as u64).saturating_add(entry.packed);
        reach = least.max(reach);
        let next = order.get(number + 1).map_or(end.span.start, |next| entries[*next].header);
        if next.saturating_sub(reach) >= ROOM {
            rooms.push((next - reach, *index as u64, next));
        }
    }
    let mut all = true;
    if rooms.len() > LOOKED_AT {
        sorting::by_key(&mut rooms, |room| std::cmp::Reverse(room.0));
        all = rooms[LOOKED_AT].0 <= ALIGNED;
        rooms.truncate(LOOKED_AT);
        let text = format!("only the {LOOKED_AT} largest gaps between entries were looked into");
        notes.push(Note::at(end.span.start, text));
    }
    let gap = |(_, index, next): (u64, u64, u64)| {
        let entry = &entries[index as usize];
        let mut head = [0; HEADER as usize];
        let count = source.peek(entry.header, &mut head).ok()?;
        let is_header = count == head.len() && head.starts_with(b"PK\x03\x04");
        // Without a header nothing says where the entry is.
        let own = if is_header { u64::from(u16_at(&head, 26)) + u64::from(u16_at(&head, 28)) } else { 0 };
        let mut start = entry.header.saturating_add(HEADER + own).saturating_add(entry.packed);
        if u16_at(&head, 6) & DESCRIPTOR != 0 {
            start = start.saturating_add(descriptor(&**source, start, entry.packed));
        }
        (next.saturating_sub(start) >= ROOM).then(|| Span::new(start, next))
    };
    let mut gaps: Vec<Span> = rooms.into_iter().filter_map(gap).collect();
    sorting::by_key(&mut gaps, |gap| gap.start);
    (gaps, all)
}

/// Bytes of the descriptor behind an entry's content (4.3.9): with its sign or without, with sizes of four bytes or eight.
pub(super) fn descriptor(source: &dyn Source, at: u64, packed: u64) -> u64 {
    let mut bytes = [0; 24];
    let count = source.peek(at, &mut bytes).unwrap_or_default();
    let sign = if bytes[..count].starts_with(b"PK\x07\x08") { 4 } else { 0 };
    let wide = bytes[sign + 4..].first_chunk().copied().map(u64::from_le_bytes);
    sign as u64 + if wide == Some(packed) && packed > 0 { 20 } else { 12 }
}
