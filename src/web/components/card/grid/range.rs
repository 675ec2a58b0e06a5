//! The cells of a grid that are chosen: a rectangle.

/// A rectangle of cells, its ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// First row and column.
    pub first: (u64, u64),
    /// Last row and column.
    pub last: (u64, u64),
}

impl Range {
    /// The rectangle between two corners.
    #[must_use]
    pub fn between(one: (u64, u64), other: (u64, u64)) -> Self {
        Self { first: (one.0.min(other.0), one.1.min(other.1)), last: (one.0.max(other.0), one.1.max(other.1)) }
    }

    /// Whether a cell is one of them.
    #[must_use]
    pub fn holds(self, (row, column): (u64, u64)) -> bool {
        (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column)
    }

    /// Rows and columns.
    #[must_use]
    pub fn size(self) -> (u64, u64) {
        (self.last.0 - self.first.0 + 1, self.last.1 - self.first.1 + 1)
    }
}

/// Where a key moves the cursor; nothing for keys that do not.
#[must_use]
pub fn moved(
    key: &str,
    control: bool,
    (row, column): (u64, u64),
    (last_row, last_column): (u64, u64),
    page: u64,
    columns: u64,
) -> Option<(u64, u64)> {
    let (row, column) = match (key, control) {
        ("ArrowDown", false) => (row + 1, column),
        ("ArrowUp", false) => (row.saturating_sub(1), column),
        ("ArrowRight", false) => (row, column + 1),
        ("ArrowLeft", false) => (row, column.saturating_sub(1)),
        ("ArrowDown", true) => (last_row, column),
        ("ArrowUp", true) => (0, column),
        ("ArrowRight", true) => (row, last_column),
        ("ArrowLeft", true) => (row, 0),
        ("PageDown", false) => (row.saturating_add(page), column),
        ("PageUp", false) => (row.saturating_sub(page), column),
        ("PageDown", true) => (row, column.saturating_add(columns)),
        ("PageUp", true) => (row, column.saturating_sub(columns)),
        ("Home", false) => (row, 0),
        ("End", false) => (row, last_column),
        ("Home", true) => (0, 0),
        ("End", true) => (last_row, last_column),
        _ => return None,
    };
    Some((row.min(last_row), column.min(last_column)))
}
