//! Many values of one kind, to be gone over in pieces: what statistics and exports are made from.

/// A run of values that were recognised as belonging together: a column of a table, the elements of an array.
pub trait Series {
    /// Number of values.
    fn len(&self) -> u64;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Values from `first` on, at most `count`; fewer than asked for only at the end.
    ///
    /// # Errors
    /// When the bytes are not there or cannot be read, in words.
    fn values(&self, first: u64, count: usize) -> Result<Values, String>;

    /// One value in Python's spelling, to the digit: for the smallest and the largest.
    fn text(&self, index: u64) -> String;
}

/// A piece of a [`Series`].
#[derive(Clone, PartialEq, Debug)]
pub enum Values {
    /// Floats; a missing one is NaN where the series says so, see [`Values::Missing`].
    Floats(Vec<f64>),
    /// Integers and truth values, and what is counted in integers (times in their unit); `None` is missing.
    Integers(Vec<Option<i128>>),
    /// Text and other labels by their text; `None` is missing.
    Texts(Vec<Option<String>>),
    /// So many missing values: a column without any value.
    Missing(usize),
}
