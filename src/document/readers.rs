//! Readers side by side over the document.

use super::Document;
use crate::readers;
use crate::view::{ReadersFacts, machine_value, readers_facts, shown};

impl Document {
    /// What readers of pickles make of the document, where they differ. `has_torch`: whether torch's restricted loader is among
    /// them.
    #[must_use]
    pub fn readers(&self, has_torch: bool) -> ReadersFacts {
        let lens = self.lens();
        let comparison = readers::compare(&self.reading, &lens, has_torch);
        let value = |stream: usize| {
            let stream = self.reading.streams.get(stream)?;
            Some(machine_value(&lens, stream.root?.node(), stream.span.end).words())
        };
        shown(readers_facts(&comparison, &value))
    }
}
