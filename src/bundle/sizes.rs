//! What is large in what was opened.

use super::{Bundle, OnProgress};
use crate::document::Document;
use crate::size::Sizes;
use crate::view::{MemberRow, SizeEntry};
use std::sync::Arc;

impl Bundle {
    /// What everything that was opened takes, packed and unpacked, at most `most` members. What has no bytes of its own is left
    /// out; whether there is more.
    pub fn entry_sizes(&mut self, most: usize, progress: OnProgress<'_>) -> (Vec<SizeEntry>, bool) {
        let mut entries: Vec<SizeEntry> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut is_cut = false;
        let mut take = |row: &MemberRow| {
            is_cut = entries.len() >= most;
            names.truncate(row.level as usize - 1);
            names.push(row.name.clone());
            if row.can_show && !is_cut {
                let (level, word, packed, unpacked) = (row.level, row.word.clone(), row.packed, row.size);
                entries.push(SizeEntry { name: names.join("/"), level, word, packed, unpacked });
            }
            !is_cut
        };
        self.every_row(&mut take, progress);
        (entries, is_cut)
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
