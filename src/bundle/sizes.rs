//! What is large in what was opened.

use super::{Bundle, OnProgress};
use crate::document::Document;
use crate::size::Sizes;
use crate::view::{MemberRow, SizeEntry};
use std::sync::Arc;

impl Bundle {
    /// What everything that was opened takes, packed and unpacked, at most `most` members; whether there are more. Everything in it
    /// is opened.
    pub fn entry_sizes(&mut self, most: usize, progress: OnProgress<'_>) -> (Vec<SizeEntry>, bool) {
        let mut entries = Entries::new(most);
        self.every_row(&mut |row| entries.take(row), progress);
        (entries.list, entries.is_cut)
    }

    /// The same of what is known so far: nothing is opened or unpacked.
    #[must_use]
    pub fn known_entry_sizes(&self, most: usize) -> (Vec<SizeEntry>, bool) {
        let mut entries = Entries::new(most);
        self.every_known_row(&mut |row| entries.take(row));
        (entries.list, entries.is_cut)
    }

    /// The document on show with its sizes, measured when they are first asked for.
    ///
    /// # Errors
    /// When it has too many values.
    pub fn measured(&mut self) -> Result<(&Document, Arc<Sizes>), String> {
        let sizes = match &self.sizes {
            Some(sizes) => Arc::clone(sizes),
            None => Arc::new(Sizes::of(&self.document)?),
        };
        self.sizes = Some(Arc::clone(&sizes));
        Ok((&self.document, sizes))
    }
}

/// Members that have bytes, with their paths.
struct Entries {
    list: Vec<SizeEntry>,
    /// Names on the way to the last one.
    names: Vec<String>,
    most: usize,
    is_cut: bool,
}

impl Entries {
    fn new(most: usize) -> Self {
        Self { list: Vec::new(), names: Vec::new(), most, is_cut: false }
    }

    /// Takes a row; whether there is room for more.
    fn take(&mut self, row: &MemberRow) -> bool {
        self.is_cut = self.list.len() >= self.most;
        self.names.truncate(row.level as usize - 1);
        self.names.push(row.name.clone());
        if row.can_show && !self.is_cut {
            let (level, word, packed, unpacked) = (row.level, row.word.clone(), row.packed, row.size);
            self.list.push(SizeEntry { name: self.names.join("/"), level, word, packed, unpacked });
        }
        !self.is_cut
    }
}
