//! Random access to the bytes of one input.

use super::Span;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// An input that can be read at any offset, synchronously.
///
/// Readers ask for windows and skip what they do not need, so a source may be far larger than memory. A source may be held by
/// any thread, so that what was opened can be handed from one to another.
pub trait Source: Send + Sync {
    /// Total number of bytes.
    fn len(&self) -> u64;

    /// Whether the source holds no byte at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buffer` from `offset` on and returns how many bytes were written: all of them, or fewer only where the
    /// source ends.
    ///
    /// # Errors
    /// When the host cannot read (the file changed or vanished, the disk failed).
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError>;

    /// The same for a few bytes whose neighbours are of no interest: a cache reads no page for them.
    ///
    /// # Errors
    /// As [`Source::read_at`].
    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.read_at(offset, buffer)
    }

    /// All bytes at once, when they are in memory anyway; lets the decoder run over them without a copy.
    fn contiguous(&self) -> Option<&[u8]> {
        None
    }

    /// Where the bytes of `span` stand in the file that was opened, when they stand there as they are: not where they were
    /// unpacked or decoded. Whoever has the file can then use them in place.
    fn in_file(&self, _span: Span) -> Option<Span> {
        None
    }

    /// Whether what it has is in memory, so that reading a few bytes costs next to nothing.
    fn is_in_memory(&self) -> bool {
        self.contiguous().is_some()
    }

    /// Whether bytes come from elsewhere, piece by piece, so that nothing reads all of them unasked.
    fn is_far(&self) -> bool {
        false
    }
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        (**self).read_at(offset, buffer)
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        (**self).peek(offset, buffer)
    }

    fn contiguous(&self) -> Option<&[u8]> {
        (**self).contiguous()
    }

    fn in_file(&self, span: Span) -> Option<Span> {
        (**self).in_file(span)
    }

    fn is_in_memory(&self) -> bool {
        (**self).is_in_memory()
    }

    fn is_far(&self) -> bool {
        (**self).is_far()
    }
}

impl<S: Source + ?Sized> Source for Arc<S> {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        (**self).read_at(offset, buffer)
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        (**self).peek(offset, buffer)
    }

    fn contiguous(&self) -> Option<&[u8]> {
        (**self).contiguous()
    }

    fn in_file(&self, span: Span) -> Option<Span> {
        (**self).in_file(span)
    }

    fn is_in_memory(&self) -> bool {
        (**self).is_in_memory()
    }

    fn is_far(&self) -> bool {
        (**self).is_far()
    }
}

/// The host could not read a part of the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadError {
    /// Where the read began.
    pub offset: u64,
    /// What the host said.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read at offset {}: {}", self.offset, self.message)
    }
}

impl std::error::Error for ReadError {}

/// A source over bytes in memory.
#[derive(Clone, Debug, Default)]
pub struct MemorySource(Vec<u8>);

impl MemorySource {
    /// Takes the bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Source for MemorySource {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let count = buffer.len().min(self.0.len() - start);
        buffer[..count].copy_from_slice(&self.0[start..start + count]);
        Ok(count)
    }

    fn contiguous(&self) -> Option<&[u8]> {
        Some(&self.0)
    }
}

/// The bytes of `span`, borrowed where the source has them in memory. A span that reaches past the end gives what is
/// there. The caller bounds the span: this allocates its length.
///
/// # Errors
/// When the host cannot read.
pub fn read_span(source: &dyn Source, span: Span) -> Result<Cow<'_, [u8]>, ReadError> {
    let end = span.end.min(source.len());
    let start = span.start.min(end);
    if let Some(all) = source.contiguous() {
        // Both ends are inside the slice, so they fit usize.
        return Ok(Cow::Borrowed(&all[start as usize..end as usize]));
    }
    let length = usize::try_from(end - start)
        .map_err(|_| ReadError { offset: start, message: format!("{} bytes do not fit in memory", end - start) })?;
    let mut bytes = vec![0; length];
    let count = source.read_at(start, &mut bytes)?;
    bytes.truncate(count);
    Ok(Cow::Owned(bytes))
}
