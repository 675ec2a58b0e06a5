//! Shelves of `shelve` on `dbm.dumb`: pickles in one file, each in blocks of its own, and a directory of keys beside it.
//!
//! Source: `Lib/dbm/dumb.py` (`_update`, `_commit`: lines such as `'key', (512, 22)`).

use super::member::{Member, MemberId, Origin};
use super::{Bundle, OnProgress};
use crate::bytes::{Span, read_span};
use crate::container::{self, Note};
use crate::opcode;

/// Bytes of a directory that are read, and keys.
const DIRECTORY: u64 = 16 << 20;
const KEYS: usize = 10_000;

impl Bundle {
    /// Adds the values of a shelf by their keys, where its directory was opened with it.
    pub(super) fn add_shelf(&mut self, id: MemberId, progress: OnProgress<'_>) {
        let Some(stem) = self.at(id).name.strip_suffix(".dat").filter(|_| self.at(id).parent.is_none()) else { return };
        let name = format!("{stem}.dir");
        let Some(beside) = self.roots.iter().copied().find(|&root| self.at(root).name == name) else { return };
        let (Ok(directory), Ok(source)) = (self.source(beside, progress), self.source(id, progress)) else { return };
        let Ok(text) = read_span(&*directory, Span::new(0, directory.len().min(DIRECTORY))) else { return };
        let entries: Vec<(String, Span)> =
            container::shelf_entries(&text).take(KEYS).filter(|(_, span)| span.end <= source.len()).collect();
        if entries.is_empty() {
            return;
        }
        let first = opcode::printable(&entries[0].0).into_owned();
        let text = match entries.len() {
            1 => format!("it is a shelf (dbm.dumb) with the key {first}"),
            count => format!("it is a shelf (dbm.dumb) with {count} keys, of which {first} is the first"),
        };
        self.at_mut(id).notes.push(Note { offset: None, text, disguise: false });
        self.at_mut(id).left_over.get_or_insert_default().is_shelf = true;
        for (key, span) in entries {
            let made = self.add(Member::new(key, id, Origin::Part(span)));
            self.at_mut(id).children.get_or_insert_default().push(made);
        }
        self.visible.clear();
    }

    /// Whether what is in a member is listed in a directory beside it.
    pub(super) fn is_shelf(&self, id: MemberId) -> bool {
        self.at(id).left_over.as_ref().is_some_and(|left| left.is_shelf)
    }
}
