//! Budgets.

/// What the source may cost. What is beyond it is left out, and the source says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Lines.
    pub lines: usize,
    /// Bytes of text.
    pub bytes: usize,
    /// Items of one container.
    pub items: usize,
    /// Bytes of one text or bytes literal.
    pub literal: usize,
    /// Objects that are looked at.
    pub objects: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { lines: 200_000, bytes: 16 << 20, items: 2000, literal: 1000, objects: 2_000_000 }
    }
}
