//! An entry of an archive whose place is looked up when something is read from it.
//!
//! A torch archive may hold ten thousand storages. Finding where one begins takes a read of its own header, which is only
//! worth it for those that are looked at.

use crate::bytes::{ReadError, Source, Span};
use crate::container::{Entry, Opened};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// The content of an entry, opened by the first read.
pub(super) struct LazyEntry {
    archive: Arc<dyn Source>,
    entry: Arc<Entry>,
    budget: Arc<AtomicU64>,
    opened: OnceLock<Result<Arc<dyn Source>, String>>,
}

impl LazyEntry {
    /// The content of `entry` of `archive`; a compressed one is unpacked up to `budget` bytes, which all that have that
    /// budget share.
    pub(super) fn new(archive: Arc<dyn Source>, entry: Arc<Entry>, budget: Arc<AtomicU64>) -> Self {
        Self { archive, entry, budget, opened: OnceLock::new() }
    }

    fn opened(&self) -> Result<&Arc<dyn Source>, ReadError> {
        let open = || match self.entry.open(&self.archive)? {
            Opened::Stored(slice) => Ok(Arc::new(slice) as Arc<dyn Source>),
            Opened::Packed(unpacked) => {
                let left = self.budget.load(Ordering::Relaxed);
                unpacked.advance(left, &mut |_, _| {});
                self.budget.store(left.saturating_sub(unpacked.len()), Ordering::Relaxed);
                Ok(Arc::new(unpacked) as Arc<dyn Source>)
            }
        };
        self.opened.get_or_init(open).as_ref().map_err(|why| ReadError { offset: 0, message: why.clone() })
    }
}

impl Source for LazyEntry {
    fn len(&self) -> u64 {
        match self.opened.get() {
            Some(Ok(source)) => source.len(),
            _ => self.entry.size,
        }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.opened()?.read_at(offset, buffer)
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.opened()?.peek(offset, buffer)
    }

    fn in_file(&self, span: Span) -> Option<Span> {
        self.opened().ok()?.in_file(span)
    }
}
