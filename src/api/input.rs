//! What was opened, as a source that knows it.

use crate::bytes::{MemorySource, ReadError, Source, Span};
use std::sync::Arc;

/// What was opened.
#[doc(hidden)]
pub struct Input {
    /// Its bytes.
    pub source: Arc<dyn Source>,
    /// Why these are not all, in a sentence.
    pub cut: Option<String>,
}

/// The bytes of a file that was opened, which know that they are.
pub(super) struct File<S>(pub(super) S);

impl<S: Source> Source for File<S> {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.0.read_at(offset, buffer)
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.0.peek(offset, buffer)
    }

    fn contiguous(&self) -> Option<&[u8]> {
        self.0.contiguous()
    }

    fn is_far(&self) -> bool {
        self.0.is_far()
    }

    fn in_file(&self, span: Span) -> Option<Span> {
        Some(span)
    }
}

/// Bytes in memory as what was opened.
pub(super) fn memory(bytes: Vec<u8>) -> Arc<dyn Source> {
    Arc::new(File(MemorySource::new(bytes)))
}
