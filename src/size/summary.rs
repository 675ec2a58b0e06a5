//! The sizes of a document as a whole.

use super::memory::Memory;
use super::sizes::Sizes;
use crate::document::Document;
use crate::view::preview::plural;
use crate::view::{MemorySize, SizeRest, SizeSummary, shown};

impl Sizes {
    /// What the document takes, and what it would in memory.
    #[must_use]
    pub fn summary(&self, document: &Document) -> SizeSummary {
        let memory = Memory::of(document);
        let mut notes = Vec::new();
        if memory.native > 0 {
            notes.push(format!(
                "{} of the numbers are in memory of a library's own, which Python does not count.",
                plural(memory.native, "byte", "bytes")
            ));
        }
        if memory.unread_texts > 0 {
            let texts = plural(memory.unread_texts, "long text", "long texts");
            notes.push(format!("{texts} counted as if all characters were ASCII."));
        }
        if !document.is_complete() {
            notes.push("The file was not read completely: what is missing is not counted.".to_owned());
        }
        let rest = |(kind, bytes): (super::RestKind, u64)| SizeRest { what: kind.words().to_owned(), bytes };
        shown(SizeSummary {
            file: self.file(),
            beside: self.beside(),
            values: u64::from(self.values()),
            rests: self.rests().into_iter().map(rest).collect(),
            memory: MemorySize { objects: memory.objects, numbers: memory.numbers, peak: memory.peak(), notes },
        })
    }
}
