//! A caret in bytes, and the range that it selects.

/// The caret, and the other end of the range that it selects; without a range both are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Range {
    /// Where the range began.
    pub anchor: u64,
    /// The byte that has the keyboard.
    pub caret: u64,
}

impl Range {
    /// A caret without a range.
    #[must_use]
    pub fn at(offset: u64) -> Self {
        Self { anchor: offset, caret: offset }
    }

    /// The bytes: the one at the caret at least.
    #[must_use]
    pub fn bytes(self) -> (u64, u64) {
        (self.anchor.min(self.caret), self.anchor.max(self.caret) + 1)
    }

    /// The range after the caret went to a byte; `is_held` keeps the other end where it is.
    #[must_use]
    pub fn moved(self, caret: u64, is_held: bool) -> Self {
        Self { anchor: if is_held { self.anchor } else { caret }, caret }
    }
}

/// Where a key moves the caret.
#[must_use]
pub fn moved(key: &str, at: u64, size: u64, per_row: u64, page: u64) -> Option<u64> {
    let last = size.checked_sub(1)?;
    let to = match key {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowDown" => at + per_row,
        "ArrowUp" => at.checked_sub(per_row).unwrap_or(at),
        "PageDown" => at + per_row * page.max(1),
        "PageUp" => at.saturating_sub(per_row * page.max(1)),
        "Home" => at - at % per_row,
        "End" => at - at % per_row + per_row - 1,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_keeps_its_other_end_while_it_is_held() {
        let range = Range::at(5).moved(8, true);
        assert_eq!(
            (range.bytes(), range.moved(2, true).bytes(), range.moved(2, false).bytes()),
            ((5, 9), (2, 6), (2, 3))
        );
        assert_eq!(Range::default().bytes(), (0, 1));
    }

    #[test]
    fn keys_stay_in_the_bytes() {
        let from = |at: u64, key: &str| moved(key, at, 40, 16, 2);
        assert_eq!(
            [from(39, "ArrowRight"), from(30, "ArrowDown"), from(0, "ArrowLeft")],
            [Some(39), Some(39), Some(0)]
        );
        assert_eq!([from(3, "ArrowUp"), from(20, "Home"), from(20, "End")], [Some(3), Some(16), Some(31)]);
        assert_eq!([from(0, "PageDown"), from(39, "PageUp"), from(0, "x")], [Some(32), Some(7), None]);
        assert_eq!(moved("End", 0, 0, 16, 2), None, "there is no byte");
    }
}
