//! Many values of one kind, to be gone over in pieces: what statistics and exports are made from.

use crate::opcode;

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

    /// A number among the values that was computed (a mean, the end of a range) in the spelling of the series.
    fn spell(&self, value: f64) -> String {
        spell(value)
    }

    /// The same of an integer.
    fn spell_integer(&self, value: i128) -> String {
        value.to_string()
    }

    /// A difference between values (a standard deviation) in the spelling of the series.
    fn spell_difference(&self, value: f64) -> String {
        spell(value)
    }

    /// What the library takes off the number of values for a standard deviation: numpy nothing, pandas one.
    fn ddof(&self) -> u64 {
        0
    }

    /// Whether means are spelled by [`Series::spell_integer`]: of dates, whose fractions are nothing.
    fn spells_means_as_integers(&self) -> bool {
        false
    }

    /// What a missing value is called: `NaN`, `NaT`, `masked`.
    fn missing_word(&self) -> &'static str {
        "missing"
    }

    /// How often each value stands in what the series is of: elements that a tensor of stride 0 shows many times are gone
    /// over once.
    fn repeats(&self) -> u64 {
        1
    }

    /// The width of the ranges of a histogram of integers that lie so far apart, when there is an easier one than powers of
    /// ten: of times.
    fn step(&self, range: i128) -> Option<i128> {
        let _ = range;
        None
    }

    /// Of what the numbers are, when they are not the values themselves: `absolute value`.
    fn measure(&self) -> Option<&'static str> {
        None
    }
}

/// A computed float to twelve digits, which is what sums of many numbers are good for.
pub(in crate::lens) fn spell(value: f64) -> String {
    let rounded = format!("{value:.11e}").parse().unwrap_or(value);
    opcode::repr_float(rounded)
}

/// The width of ranges of times that are counted so many a second: seconds, minutes, hours or days that make less than
/// forty ranges.
pub(in crate::lens) fn step_of_times(range: i128, second: i128) -> Option<i128> {
    const STEPS: [i128; 25] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
        432_000, 864_000, 1_728_000, 4_320_000, 8_640_000, 17_280_000,
    ];
    let steps = STEPS.into_iter().filter(|_| range / second >= 40).map(|step| step * second);
    steps.into_iter().find(|step| range / step < 40)
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

/// A number as exactly as it was read.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    /// A float.
    Float(f64),
    /// An integer, or what is counted in integers.
    Integer(i128),
}

impl Value {
    /// The nearest float.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Float(value) => value,
            Self::Integer(value) => value as f64,
        }
    }

    pub(super) fn is_below(self, other: Self) -> bool {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => one < other,
            _ => self.as_f64() < other.as_f64(),
        }
    }
}
