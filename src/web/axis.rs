//! The arithmetic of a table that scrolls in two directions, without a browser: columns of different widths, and how far they
//! are scrolled. Rows are [`super::scroll::Geometry`].

use super::scroll::CAP;

/// Columns with a width of their own; those behind them all have the same.
pub const MEASURED: u64 = 200;

/// The widths of all columns.
#[derive(Clone, PartialEq, Debug)]
pub struct Columns {
    /// Where the first columns end, one after the other.
    ends: Vec<f64>,
    /// Width of each of the rest.
    rest: f64,
    total: u64,
    /// Columns behind the first ones that have another width than the rest, and by how much, in order.
    own: Vec<(u64, f64)>,
    /// The first columns that do not scroll.
    frozen: u64,
}

impl Columns {
    /// `total` columns, the first of them as wide as `widths` say, the others `rest`.
    #[must_use]
    pub fn new(widths: &[f64], rest: f64, total: u64) -> Self {
        let mut end = 0.0;
        let first = widths.iter().take(total.min(MEASURED) as usize);
        let ends = first.map(|width| {
            end += width;
            end
        });
        Self { ends: ends.collect(), rest: rest.max(1.0), total, own: Vec::new(), frozen: 0 }
    }

    /// The same with another width of one column.
    #[must_use]
    pub fn resize(mut self, column: u64, width: f64) -> Self {
        let more = width.max(1.0) - self.width(column);
        if column >= self.total {
            return self;
        }
        if let Some(ends) =
            self.ends.get_mut(usize::try_from(column).unwrap_or(usize::MAX)..).filter(|ends| !ends.is_empty())
        {
            ends.iter_mut().for_each(|end| *end += more);
        } else {
            let at = self.own.partition_point(|(before, _)| *before <= column);
            self.own.insert(at, (column, more));
        }
        self
    }

    /// The same with the first columns standing still, as many of `wanted` as take up to `room`.
    #[must_use]
    pub fn freeze(mut self, wanted: u64, room: f64) -> Self {
        let fitting = self.ends.partition_point(|end| *end <= room) as u64;
        self.frozen = wanted.min(fitting).min(self.total.saturating_sub(1));
        self
    }

    /// How many columns stand still.
    #[must_use]
    pub fn frozen(&self) -> u64 {
        self.frozen
    }

    /// Width of those that stand still.
    #[must_use]
    pub fn frozen_width(&self) -> f64 {
        self.start(self.frozen)
    }

    /// Where a column begins.
    #[must_use]
    pub fn start(&self, column: u64) -> f64 {
        let known = self.ends.len() as u64;
        match column {
            0 => 0.0,
            column if column <= known => self.ends[column as usize - 1],
            column => {
                let own: f64 = self.own.iter().take_while(|(at, _)| *at < column).map(|(_, more)| more).sum();
                self.ends.last().copied().unwrap_or_default() + (column - known) as f64 * self.rest + own
            }
        }
    }

    /// Width of a column.
    #[must_use]
    pub fn width(&self, column: u64) -> f64 {
        self.start(column.saturating_add(1)) - self.start(column)
    }

    /// Width of all of them.
    #[must_use]
    pub fn content(&self) -> f64 {
        self.start(self.total)
    }

    /// The column at a place: the last one that begins there or before.
    #[must_use]
    pub fn at(&self, place: f64) -> u64 {
        let (mut low, mut high) = (0, self.total.max(1));
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.start(middle) <= place { low = middle } else { high = middle }
        }
        low
    }

    /// The columns that are visible at `left` beside the frozen ones, in part or in whole, and how far left of the visible part
    /// the first begins.
    #[must_use]
    pub fn window(&self, left: f64, view: f64) -> (u64, u64, f64) {
        if self.total == 0 {
            return (0, 0, 0.0);
        }
        let place = left + self.frozen_width();
        let first = self.at(place);
        let last = self.at(place + view.max(1.0) - 0.5);
        (first, last + 1 - first, self.start(first) - place)
    }

    /// Where to scroll so that `column` is visible: nowhere if it is or is frozen, else by the least.
    #[must_use]
    pub fn reveal(&self, left: f64, view: f64, column: u64) -> f64 {
        let frozen = self.frozen_width();
        let (start, end) = (self.start(column) - frozen, self.start(column + 1) - frozen);
        let target = if column < self.frozen {
            left
        } else if start < left || end - start > view {
            start
        } else if end > left + view {
            end - view
        } else {
            left
        };
        self.axis(view).clamp(target)
    }

    /// How they scroll in `view` pixels.
    #[must_use]
    pub fn axis(&self, view: f64) -> Axis {
        Axis { content: self.content() - self.frozen_width(), view }
    }
}

/// One direction of scrolling. The scrolled element is never longer than [`CAP`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Axis {
    /// Pixels of all that there is.
    pub content: f64,
    /// Pixels that are visible.
    pub view: f64,
}

impl Axis {
    /// Length of the scrolled element.
    #[must_use]
    pub fn spacer(self) -> f64 {
        self.content.min(CAP).max(self.view)
    }

    /// Furthest position.
    #[must_use]
    pub fn end(self) -> f64 {
        (self.content - self.view).max(0.0)
    }

    /// Pixels of the content for one of the scroll bar.
    #[must_use]
    pub fn scale(self) -> f64 {
        let travel = self.spacer() - self.view;
        if self.content <= CAP || travel <= 0.0 { 1.0 } else { self.end() / travel }
    }

    /// The nearest position that exists.
    #[must_use]
    pub fn clamp(self, place: f64) -> f64 {
        place.clamp(0.0, self.end())
    }
}

/// Characters a column takes for texts of these lengths: enough for a float to the digit, not for an essay.
#[must_use]
pub fn column_characters(lengths: impl Iterator<Item = usize>) -> f64 {
    lengths.max().unwrap_or_default().clamp(4, 26) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_where_it_is_looked_for() {
        for (widths, total) in [(vec![10.0, 30.0, 20.0], 3_u64), (vec![50.0; 200], 100_000), (Vec::new(), 7)] {
            let columns = Columns::new(&widths, 40.0, total);
            for column in [0, 1, 2, total / 2, total - 1] {
                let (start, end) = (columns.start(column), columns.start(column + 1));
                assert!((end - start - columns.width(column)).abs() < 1e-6);
                assert_eq!(columns.at(start), column);
                assert_eq!(columns.at(end - 0.5), column);
            }
            assert_eq!(columns.at(1e12), total - 1);
        }
    }

    #[test]
    fn the_last_of_many_columns_is_reached() {
        let columns = Columns::new(&[80.0; 200], 120.0, 1_000_000);
        let axis = columns.axis(700.0);
        assert_eq!(axis.spacer(), CAP);
        assert!(axis.scale() > 1.0);
        let left = columns.reveal(0.0, 700.0, 999_999);
        assert_eq!(left, axis.end());
        let (first, count, shift) = columns.window(left, 700.0);
        assert_eq!(first + count, 1_000_000);
        assert!(shift <= 0.0 && shift > -120.0);
    }

    #[test]
    fn revealing_moves_as_little_as_it_can() {
        let columns = Columns::new(&[100.0; 10], 100.0, 10);
        assert_eq!(columns.reveal(100.0, 300.0, 2), 100.0, "visible");
        assert_eq!(columns.reveal(100.0, 300.0, 0), 0.0, "left of it");
        assert_eq!(columns.reveal(100.0, 300.0, 4), 200.0, "right of it");
        assert_eq!(columns.reveal(0.0, 60.0, 5), 500.0, "wider than the view: its beginning");
        let empty = Columns::new(&[], 100.0, 0);
        assert_eq!(empty.window(0.0, 300.0), (0, 0, 0.0));
    }

    #[test]
    fn frozen_columns_stay_and_the_others_scroll_beside_them() {
        let columns = Columns::new(&[100.0; 10], 100.0, 10).freeze(2, 250.0);
        assert_eq!((columns.frozen(), columns.frozen_width()), (2, 200.0));
        assert_eq!(columns.window(0.0, 300.0), (2, 3, 0.0));
        assert_eq!(columns.window(50.0, 300.0), (2, 4, -50.0));
        assert_eq!(columns.axis(300.0).end(), 500.0);
        assert_eq!(columns.reveal(400.0, 300.0, 1), 400.0, "in sight wherever the others are");
        assert_eq!(columns.reveal(0.0, 300.0, 9), 500.0);
        assert_eq!(columns.reveal(500.0, 300.0, 2), 0.0);
    }

    #[test]
    fn so_many_columns_stand_still_that_others_have_room() {
        let frozen = |wanted, room| Columns::new(&[100.0; 10], 100.0, 10).freeze(wanted, room).frozen();
        assert_eq!([frozen(4, 250.0), frozen(1, 250.0), frozen(3, 20.0), frozen(10, 5000.0)], [2, 1, 0, 9]);
        assert_eq!(Columns::new(&[], 100.0, 0).freeze(3, 500.0).frozen(), 0);
    }

    #[test]
    fn a_resized_column_moves_those_behind_it() {
        let columns = Columns::new(&[100.0; 3], 50.0, 1000).resize(1, 40.0).resize(500, 90.0).resize(10, 20.0);
        let columns = columns.resize(500, 80.0);
        assert_eq!(
            [0, 1, 2, 10, 499, 500, 501].map(|at| columns.width(at)),
            [100.0, 40.0, 100.0, 20.0, 50.0, 80.0, 50.0]
        );
        assert_eq!(columns.content(), 240.0 + 997.0 * 50.0);
        for column in [0, 1, 2, 9, 10, 11, 499, 500, 501, 999] {
            assert_eq!(columns.at(columns.start(column)), column);
            assert_eq!(columns.at(columns.start(column + 1) - 0.5), column);
        }
        assert_eq!(columns.clone().resize(1000, 7.0), columns, "there is no such column");
        assert_eq!(Columns::new(&[100.0; 4], 100.0, 4).resize(0, 60.0).freeze(2, 170.0).frozen_width(), 160.0);
    }

    #[test]
    fn widths_stay_between_bounds() {
        assert_eq!(column_characters([1, 2].into_iter()), 4.0);
        assert_eq!(column_characters([19, 3].into_iter()), 19.0);
        assert_eq!(column_characters([400].into_iter()), 26.0);
    }
}
