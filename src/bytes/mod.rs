//! Bytes and where they are: spans, random-access sources, a page cache, limits.
//!
//! Nothing here knows what a pickle is, and nothing here does IO: a [`Source`] is handed in by the host (a file on the
//! command line, a `Blob` in the browser worker, a `Vec` in tests).

mod byte_span;
mod cache;
mod limits;
mod locked;
mod slice;
pub(crate) mod sorting;
mod source;
mod span;

pub use byte_span::{ByteSpan, SpanKind, Tiles};
pub use cache::PageCache;
pub use limits::Limits;
pub(crate) use locked::Locked;
pub use slice::Slice;
pub use source::{MemorySource, ReadError, Source, read_span};
pub use span::Span;
