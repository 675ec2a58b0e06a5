//! A part of a source as a source of its own.

use super::{ReadError, Source, Span};
use std::sync::Arc;

/// The bytes of a span of another source; offsets count from the start of the span.
#[derive(Clone)]
pub struct Slice {
    inner: Arc<dyn Source>,
    span: Span,
}

impl Slice {
    /// The part of `inner` that `span` covers. What lies past the end of `inner` is no part of the slice.
    #[must_use]
    pub fn new(inner: Arc<dyn Source>, span: Span) -> Self {
        let end = span.end.min(inner.len());
        let span = Span::new(span.start.min(end), end);
        Self { inner, span }
    }

    /// Where the slice lies in the source it is a part of.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }
}

impl Source for Slice {
    fn len(&self) -> u64 {
        self.span.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let Some(left) = self.span.len().checked_sub(offset) else { return Ok(0) };
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        self.inner
            .read_at(self.span.start + offset, &mut buffer[..count])
            .map_err(|error| ReadError { offset, message: error.message })
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let Some(left) = self.span.len().checked_sub(offset) else { return Ok(0) };
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        self.inner
            .peek(self.span.start + offset, &mut buffer[..count])
            .map_err(|error| ReadError { offset, message: error.message })
    }

    fn is_in_memory(&self) -> bool {
        self.inner.is_in_memory()
    }

    fn contiguous(&self) -> Option<&[u8]> {
        // Both ends lie inside the slice that the inner source gives, so they fit usize.
        self.inner.contiguous()?.get(self.span.start as usize..self.span.end as usize)
    }

    fn in_file(&self, span: Span) -> Option<Span> {
        let end = self.span.start.checked_add(span.end).filter(|end| *end <= self.span.end)?;
        self.inner.in_file(Span::new(self.span.start + span.start.min(span.end), end))
    }
}
