//! Half-open ranges of byte offsets.

/// The bytes `start..end` of a source. Offsets are absolute and 64-bit everywhere: files over 4 GiB are ordinary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset after the last byte; never before `start`.
    pub end: u64,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    #[must_use]
    pub fn new(start: u64, end: u64) -> Self {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start, end }
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(self) -> u64 {
        self.end - self.start
    }

    /// Whether the span covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` lies inside.
    #[must_use]
    pub fn contains(self, offset: u64) -> bool {
        (self.start..self.end).contains(&offset)
    }

    /// The first `length` bytes of the span, or all of it.
    #[must_use]
    pub fn prefix(self, length: u64) -> Self {
        Self { start: self.start, end: self.end.min(self.start.saturating_add(length)) }
    }
}
