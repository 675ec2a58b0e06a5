//! The arithmetic of a virtual list, without a browser.
//!
//! No browser lays out an element of 5,000,000 rows: heights are capped (Chromium near 33 million pixels, others lower), and
//! some go wrong before. So the scrolled element is never taller than [`CAP`]; beyond that one pixel of the scroll bar stands
//! for several pixels of the list. Rows are placed relative to the visible part, so no coordinate ever grows large.

/// Pixels that the scrolled element may be tall.
pub const CAP: f64 = 8_000_000.0;

/// What a list looks like at the moment.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Geometry {
    /// Rows in the whole list.
    pub rows: u64,
    /// Height of one row.
    pub row_height: f64,
    /// Height that is left for rows.
    pub view: f64,
}

/// Rows to draw.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Window {
    /// First row.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// Whole rows that fit, for Page Up and Page Down.
    pub page: u64,
}

impl Window {
    /// Whether none of its rows is among those of `other`.
    #[must_use]
    pub fn is_apart(self, other: Self) -> bool {
        are_apart((self.first, self.count), (other.first, other.count))
    }
}

/// Whether two ranges, each by its first number and how many, have no number in common.
pub(crate) fn are_apart(one: (u64, u64), other: (u64, u64)) -> bool {
    one.0 >= other.0 + other.1 || other.0 >= one.0 + one.1
}

impl Geometry {
    fn content(self) -> f64 {
        self.rows as f64 * self.row_height
    }

    /// Height of the scrolled element.
    #[must_use]
    pub fn spacer(self) -> f64 {
        self.content().min(CAP).max(self.view)
    }

    /// Furthest position.
    #[must_use]
    pub fn max_top(self) -> f64 {
        (self.content() - self.view).max(0.0)
    }

    /// Pixels of the list for one pixel of the scroll bar.
    #[must_use]
    pub fn scale(self) -> f64 {
        let travel = self.spacer() - self.view;
        if self.content() <= CAP || travel <= 0.0 { 1.0 } else { self.max_top() / travel }
    }

    /// Position of the list for a position of the scroll bar.
    #[must_use]
    pub fn top_of_scroll(self, scroll_top: f64) -> f64 {
        self.clamp(scroll_top * self.scale())
    }

    /// Position of the scroll bar for a position of the list.
    #[must_use]
    pub fn scroll_of_top(self, top: f64) -> f64 {
        top / self.scale()
    }

    /// The nearest position that exists.
    #[must_use]
    pub fn clamp(self, top: f64) -> f64 {
        top.clamp(0.0, self.max_top())
    }

    /// The rows that are visible, in part or in whole, and how far above the visible part the first begins.
    #[must_use]
    pub fn window(self, top: f64) -> (Window, f64) {
        let top = self.clamp(top);
        let first = ((top / self.row_height).floor() as u64).min(self.rows);
        let shift = first as f64 * self.row_height - top;
        let count = (((self.view - shift) / self.row_height).ceil().max(0.0) as u64).min(self.rows - first);
        let page = ((self.view / self.row_height).floor() as u64).max(1);
        (Window { first, count, page }, shift)
    }

    /// So many rows are drawn at most: row `n` can take the place of `n - slots()`.
    #[must_use]
    pub fn slots(self) -> u64 {
        (self.view / self.row_height).ceil().max(0.0) as u64 + 1
    }

    /// Where to scroll so that `row` is visible: nowhere if it is, by the least if it is near, else into the middle.
    #[must_use]
    pub fn reveal(self, top: f64, row: u64) -> f64 {
        let begin = row as f64 * self.row_height;
        let end = begin + self.row_height;
        let near = self.row_height * 2.5;
        let target = if begin >= top && end <= top + self.view {
            top
        } else if begin < top && begin >= top - near {
            begin
        } else if end > top + self.view && end <= top + self.view + near {
            end - self.view
        } else {
            begin - (self.view - self.row_height) / 2.0
        };
        self.clamp(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: u64) -> Geometry {
        Geometry { rows, row_height: 24.0, view: 600.0 }
    }

    #[test]
    fn short_lists_do_not_scroll() {
        let list = list(10);
        assert_eq!((list.spacer(), list.max_top(), list.scale()), (600.0, 0.0, 1.0));
        assert_eq!(list.window(99.0), (Window { first: 0, count: 10, page: 25 }, 0.0));
    }

    #[test]
    fn an_empty_list_has_no_rows() {
        assert_eq!(list(0).window(0.0).0.count, 0);
    }

    #[test]
    fn partly_visible_rows_count() {
        let (window, shift) = list(1000).window(30.0);
        assert_eq!((window.first, window.count, shift), (1, 26, -6.0));
    }

    #[test]
    fn no_more_rows_are_drawn_than_there_are_slots() {
        for view in [0.0, 1.0, 23.5, 24.0, 600.0, 611.0] {
            let list = Geometry { view, ..list(1000) };
            let most = (0..240).map(|step| list.window(f64::from(step) * 0.7).0.count).max();
            assert!(most <= Some(list.slots()), "{view}");
        }
    }

    #[test]
    fn every_row_of_a_long_list_can_be_reached() {
        for rows in [1_000, 400_000, 5_000_000, 1_000_000_000] {
            let list = list(rows);
            assert!(list.spacer() <= CAP);
            let end = list.top_of_scroll(list.spacer() - list.view);
            let (window, _) = list.window(end);
            assert_eq!(window.first + window.count, rows);
            for row in [0, rows / 3, rows - 1] {
                let top = list.reveal(0.0, row);
                let (window, _) = list.window(top);
                assert!((window.first..window.first + window.count).contains(&row), "{row} of {rows}");
                let back = list.top_of_scroll(list.scroll_of_top(top));
                assert!((back - top).abs() < 0.01, "{back} {top}");
            }
        }
    }

    #[test]
    fn revealing_moves_as_little_as_it_can() {
        let list = list(1000);
        assert_eq!(list.reveal(240.0, 12), 240.0, "visible");
        assert_eq!(list.reveal(240.0, 9), 216.0, "one above");
        assert_eq!(list.reveal(240.0, 35), 264.0, "one below");
        assert_eq!(list.reveal(0.0, 500), 500.0 * 24.0 - 288.0, "far");
        assert_eq!(list.reveal(0.0, 999), list.max_top(), "at the end");
    }
}
