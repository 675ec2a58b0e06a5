//! What is odd about the entries of an archive together.

use super::local::HEADER;
use crate::bytes::sorting;
use crate::container::archive::Entry;
use crate::container::note::Note;

/// Notes entries that lie outside the file, and those whose bytes belong to another, too.
pub(super) fn places(entries: &mut [Entry], length: u64) {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    sorting::by_key(&mut order, |index| entries[*index].header);
    let mut furthest: Option<(usize, u64)> = None;
    for index in order {
        let entry = &entries[index];
        let start = entry.header;
        // At least: the local header's name and extra field are not known here.
        let end = start.saturating_add(HEADER).saturating_add(entry.packed);
        if end > length {
            entries[index].notes.push(Note::at(start, "the entry reaches past the end of the file"));
        }
        if let Some((other, reach)) = furthest
            && start < reach
        {
            let before = entries[other].header;
            let text = format!("the entry's bytes are part of the one at offset {before}, too");
            entries[index].notes.push(Note::disguise(start, text));
        }
        if furthest.is_none_or(|(_, reach)| end > reach) {
            furthest = Some((index, end));
        }
    }
}
