//! Numbers in a row as a line: of many, the smallest and the largest in each of so many columns.

use crate::lens::{Series, Values};
use serde::{Deserialize, Serialize};

/// Columns at most: no more than a pane has pixels.
const COLUMNS: u64 = 600;
/// Values read at once, and in one step.
const PIECE: u64 = 1 << 16;
const STEP: u64 = 1 << 20;

/// A line, as far as it has come.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Plot {
    /// Values gone over so far, and all of them. Ask again until both are the same.
    pub progress: (u64, u64),
    /// The smallest and the largest finite number of each column; of as many values as columns these are the same.
    pub columns: Vec<Option<(f64, f64)>>,
    /// The smallest finite number of all, and its index.
    pub low: Option<(f64, u64)>,
    /// The largest.
    pub high: Option<(f64, u64)>,
    /// The smallest number above 0, where a logarithmic axis begins.
    pub positive: Option<f64>,
    /// Values that are missing or infinite: the line has a gap there.
    pub gaps: u64,
    /// Why it ends early.
    pub problem: Option<String>,
}

impl Plot {
    /// Nothing gone over yet.
    #[must_use]
    pub fn new(total: u64) -> Self {
        Self { progress: (0, total), columns: vec![None; total.min(COLUMNS) as usize], ..Self::default() }
    }

    /// Whether nothing more will come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.problem.is_some() || self.progress.0 >= self.progress.1
    }

    /// Whether each column is one value.
    #[must_use]
    pub fn has_points(&self) -> bool {
        self.columns.len() as u64 == self.progress.1
    }

    /// The indices of the values in a column: the first, and the one behind the last.
    #[must_use]
    pub fn indices(&self, column: usize) -> (u64, u64) {
        let count = (self.columns.len() as u128).max(1);
        let first = |column: usize| (column as u128 * u128::from(self.progress.1)).div_ceil(count) as u64;
        (first(column), first(column + 1))
    }

    /// Goes over some more values.
    pub fn advance(&mut self, series: &dyn Series) {
        let end = self.progress.1.min(self.progress.0.saturating_add(STEP));
        while self.progress.0 < end && self.problem.is_none() {
            let at = self.progress.0;
            match series.values(at, PIECE.min(end - at) as usize) {
                Ok(Values::Floats(values)) if !values.is_empty() => self.see(values.into_iter()),
                Ok(Values::Integers(values)) if !values.is_empty() => {
                    self.see(values.into_iter().map(|value| value.map_or(f64::NAN, |value| value as f64)));
                }
                Ok(Values::Missing(count)) if count > 0 => self.see((0..count).map(|_| f64::NAN)),
                Ok(Values::Texts(_)) => self.problem = Some("these are not numbers".to_owned()),
                Ok(_) => self.problem = Some("there are fewer values than the file says".to_owned()),
                Err(why) => self.problem = Some(why),
            }
        }
    }

    fn see(&mut self, values: impl Iterator<Item = f64>) {
        let (total, columns) = (u128::from(self.progress.1), self.columns.len() as u128);
        for value in values {
            let index = self.progress.0;
            if index >= self.progress.1 {
                return;
            }
            self.progress.0 += 1;
            if !value.is_finite() {
                self.gaps += 1;
                continue;
            }
            if self.low.is_none_or(|(low, _)| value < low) {
                self.low = Some((value, index));
            }
            if self.high.is_none_or(|(high, _)| value > high) {
                self.high = Some((value, index));
            }
            if value > 0.0 {
                self.positive = Some(self.positive.map_or(value, |least| least.min(value)));
            }
            let column = &mut self.columns[(u128::from(index) * columns / total) as usize];
            *column = Some(column.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers from 0 on, in pieces of at most 7.
    struct Rising(u64);

    impl Series for Rising {
        fn len(&self) -> u64 {
            self.0
        }

        fn values(&self, first: u64, count: usize) -> Result<Values, String> {
            let end = self.0.min(first + count.min(7) as u64);
            Ok(Values::Integers((first..end).map(|at| (at % 10 != 9).then_some(i128::from(at))).collect()))
        }

        fn text(&self, index: u64) -> String {
            index.to_string()
        }
    }

    fn whole(series: &dyn Series, total: u64) -> Plot {
        let mut plot = Plot::new(total);
        for _ in 0..100 {
            plot.advance(series);
        }
        assert!(plot.is_complete());
        plot
    }

    #[test]
    fn few_values_are_points() {
        let plot = whole(&Rising(25), 25);
        assert!(plot.has_points() && plot.problem.is_none());
        assert_eq!((plot.low, plot.high, plot.positive, plot.gaps), (Some((0.0, 0)), Some((24.0, 24)), Some(1.0), 2));
        assert_eq!((plot.columns[3], plot.columns[9]), (Some((3.0, 3.0)), None));
        assert_eq!(plot.indices(3), (3, 4));
    }

    #[test]
    fn of_many_each_column_has_its_ends() {
        let plot = whole(&Rising(100_003), 100_003);
        assert_eq!(plot.columns.len(), 600);
        let mut next = 0;
        for (column, ends) in plot.columns.iter().enumerate() {
            let (first, end) = plot.indices(column);
            assert_eq!(first, next, "every value is in one column");
            let there: Vec<u64> = (first..end).filter(|at| at % 10 != 9).collect();
            assert_eq!(*ends, Some((there[0] as f64, there[there.len() - 1] as f64)));
            next = end;
        }
        assert_eq!(next, 100_003);
    }

    #[test]
    fn what_is_not_there_is_said() {
        let plot = whole(&Rising(10), 1 << 60);
        assert_eq!(plot.columns.len(), 600);
        assert_eq!(plot.problem.as_deref(), Some("there are fewer values than the file says"));
        assert!(Plot::new(0).is_complete());
    }
}
