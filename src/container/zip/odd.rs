//! What is odd about the entries of an archive together.

use super::local::HEADER;
use super::note;
use crate::container::Entry;
use std::collections::HashMap;

/// Notes names that occur twice and names that lead out of the folder they are unpacked into.
pub(in crate::container) fn names(entries: &mut [Entry]) {
    let mut first: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    let mut twice = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(earlier) = first.insert(entry.name.clone(), index) {
            twice.push((earlier, index));
        }
    }
    drop(first);
    for (earlier, later) in twice {
        let (before, after) = (entries[earlier].header, entries[later].header);
        let text = format!("another entry has the same name: the one at {after}; Python reads that, torch this");
        entries[earlier].notes.push(note(before, text));
        let text = format!("another entry has the same name: the one at {before}; Python reads this, torch that");
        entries[later].notes.push(note(after, text));
    }
    for entry in entries {
        let is_absolute = entry.name.starts_with(['/', '\\']) || entry.name.as_bytes().get(1) == Some(&b':');
        if is_absolute || entry.name.split(['/', '\\']).any(|part| part == "..") {
            entry.notes.push(note(entry.header, "the name leads out of the folder that the archive is unpacked into"));
        }
    }
}

/// Notes entries that lie outside the file, and those whose bytes belong to another, too.
pub(super) fn places(entries: &mut [Entry], length: u64) {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|index| entries[*index].header);
    let mut furthest: Option<(usize, u64)> = None;
    for index in order {
        let entry = &entries[index];
        let start = entry.header;
        // At least: the local header's extra field is not known here.
        let end = start.saturating_add(HEADER + entry.name.len() as u64).saturating_add(entry.packed);
        if end > length {
            entries[index].notes.push(note(start, "the entry reaches past the end of the file"));
        }
        if let Some((other, reach)) = furthest
            && start < reach
        {
            let before = entries[other].header;
            let text = format!("the entry's bytes are part of the one at offset {before}, too");
            entries[index].notes.push(note(start, text));
        }
        if furthest.is_none_or(|(_, reach)| end > reach) {
            furthest = Some((index, end));
        }
    }
}
