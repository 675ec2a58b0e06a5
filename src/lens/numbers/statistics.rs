//! Counts and measures over many values, in steps: each goes over some of them and can be shown.
//!
//! Numbers are gone over twice: for smallest, largest, mean and deviation, and then for the histogram, whose ranges depend on
//! the ends. Means and deviations of pieces are put together as in Chan, Golub and LeVeque, "Updating formulae and a pairwise
//! algorithm for computing sample variances" (1979).

use super::histogram::{Bins, Few, Histogram};
use super::quartiles::Quartiles;
use super::series::{Series, Value, Values};
use crate::bytes::sorting;
use std::collections::HashMap;

/// Values read at once.
const PIECE: usize = 1 << 16;
/// What one step may cost, in numbers; a text costs as much as `TEXT` of them.
const STEP: usize = 1 << 21;
const TEXT: usize = 16;
/// Different texts that are counted, and bytes that they may have together.
const DIFFERENT: usize = 20_000;
const BYTES: usize = 1 << 20;
/// Most frequent texts kept in the end.
const FREQUENT: usize = 50;

/// What is known of the values so far.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    total: u64,
    /// Values gone over in this pass.
    at: u64,
    pass: Pass,
    /// Values that are there, and those that are not.
    pub count: u64,
    /// Missing ones.
    pub missing: u64,
    /// Of numbers.
    pub numbers: Option<Numbers>,
    /// Of texts.
    pub texts: Option<Texts>,
    /// Why it ended early.
    pub problem: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Pass {
    #[default]
    Measure,
    Sort,
    Done,
}

/// Measures of numbers.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// Whether all of them were integers.
    pub are_integers: bool,
    /// How many are 0.
    pub zeros: u64,
    /// How many are infinite.
    pub infinite: u64,
    /// The smallest, and where it is first; infinities count.
    pub min: Option<(Value, u64)>,
    /// The largest.
    pub max: Option<(Value, u64)>,
    /// The smallest and the largest that are finite.
    pub(in crate::lens) ends: Option<(Value, Value)>,
    /// Finite ones, their mean less `shift`, and the sum of the squares of their distances from it.
    finite: u64,
    mean: f64,
    squares: f64,
    /// The first integer: sums of what lies close together far from 0 would lose their digits.
    shift: Option<i128>,
    few: Option<Few>,
    bins: Option<Bins>,
    quartiles: Quartiles,
}

/// Counts of texts.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    counts: HashMap<String, u64>,
    bytes: usize,
    /// Whether there were more different ones than are kept: those met later are not counted.
    pub is_cut: bool,
    /// Characters of the longest one.
    pub longest: u64,
    different: Option<u64>,
}

impl Tally {
    /// Nothing gone over yet.
    #[must_use]
    pub fn new(total: u64) -> Self {
        Self { total, pass: if total == 0 { Pass::Done } else { Pass::Measure }, ..Self::default() }
    }

    /// Values gone over, and all of them. The two passes over numbers count half each.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        let done = match self.pass {
            Pass::Measure if self.texts.is_some() && self.numbers.is_none() => self.at,
            Pass::Measure => self.at / 2,
            Pass::Sort => (self.total / 2 + self.at / 2).min(self.total - 1),
            Pass::Done => self.total,
        };
        (done, self.total)
    }

    /// Whether there is nothing left to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.pass == Pass::Done
    }

    /// Goes over some more values.
    pub fn advance(&mut self, series: &dyn Series) {
        let mut cost = 0;
        while cost < STEP && self.pass != Pass::Done {
            if self.at >= self.total {
                self.next_pass(series);
                continue;
            }
            let count = PIECE.min(usize::try_from(self.total - self.at).unwrap_or(PIECE));
            let values = match series.values(self.at, count) {
                Ok(values) => values,
                Err(reason) => return self.stop(reason),
            };
            let length = match &values {
                Values::Floats(values) => values.len(),
                Values::Integers(values) => values.len(),
                Values::Texts(values) => values.len(),
                Values::Missing(count) => *count,
            };
            if length == 0 {
                return self.stop(format!("there are only {} of {} values", self.at, self.total));
            }
            cost += length * if matches!(values, Values::Texts(_)) { TEXT } else { 1 };
            match self.pass {
                Pass::Measure => self.measure(&values),
                _ => self.sort(&values),
            }
            self.at += length as u64;
        }
    }

    fn stop(&mut self, reason: String) {
        self.problem = Some(reason);
        self.finish();
    }

    fn next_pass(&mut self, series: &dyn Series) {
        let numbers = self.numbers.as_mut();
        match (self.pass, numbers) {
            (Pass::Measure, Some(numbers)) if numbers.few.is_none() => {
                numbers.bins = numbers.ends.map(|(low, high)| Bins::between(low, high, &|range| series.step(range)));
                self.at = 0;
                self.pass = if numbers.bins.is_some() { Pass::Sort } else { Pass::Done };
            }
            _ => self.finish(),
        }
    }

    fn finish(&mut self) {
        self.pass = Pass::Done;
        if let Some(texts) = &mut self.texts {
            texts.shrink();
        }
        // Of what was read before it broke off they would be those of a part.
        if let Some(numbers) = self.numbers.as_mut().filter(|_| self.problem.is_none()) {
            numbers.quartiles.finish();
        }
    }

    fn measure(&mut self, values: &Values) {
        let first = self.at;
        match values {
            Values::Missing(count) => self.missing += *count as u64,
            Values::Texts(values) => {
                let texts = self.texts.get_or_insert_default();
                let mut there = 0;
                for text in values.iter().flatten() {
                    there += 1;
                    texts.see(text);
                }
                self.count += there;
                self.missing += values.len() as u64 - there;
            }
            Values::Floats(values) => {
                let missing = values.iter().filter(|value| value.is_nan()).count() as u64;
                self.missing += missing;
                self.count += values.len() as u64 - missing;
                self.numbers.get_or_insert_with(|| Numbers::new(false)).see_floats(values, first);
            }
            Values::Integers(values) => {
                let missing = values.iter().filter(|value| value.is_none()).count() as u64;
                self.missing += missing;
                self.count += values.len() as u64 - missing;
                let numbers = self.numbers.get_or_insert_with(|| Numbers::new(true));
                if numbers.are_integers {
                    numbers.see_integers(values, first);
                } else {
                    numbers.see_floats(&as_floats(values), first);
                }
            }
        }
    }

    fn sort(&mut self, values: &Values) {
        let Some(bins) = self.numbers.as_mut().and_then(|numbers| numbers.bins.as_mut()) else { return };
        match values {
            Values::Floats(values) => values.iter().for_each(|&value| bins.see(Value::Float(value))),
            Values::Integers(values) => values.iter().flatten().for_each(|&value| bins.see(Value::Integer(value))),
            Values::Texts(_) | Values::Missing(_) => {}
        }
    }
}

fn as_floats(values: &[Option<i128>]) -> Vec<f64> {
    values.iter().map(|value| value.map_or(f64::NAN, |value| value as f64)).collect()
}

impl Numbers {
    fn new(are_integers: bool) -> Self {
        Self { are_integers, few: Some(Few::default()), ..Self::default() }
    }

    /// The mean of the finite ones.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.finite > 0).then(|| self.shift.unwrap_or(0) as f64 + self.mean)
    }

    /// The same as the nearest integer, exactly, for what has no fractions.
    #[must_use]
    pub fn integer_mean(&self) -> Option<i128> {
        (self.finite > 0).then(|| self.shift.unwrap_or(0).saturating_add(self.mean.round() as i128))
    }

    /// The standard deviation of the finite ones; `ddof` is taken off their number: 0 for a whole population, 1 for a sample.
    #[must_use]
    pub fn deviation(&self, ddof: u64) -> Option<f64> {
        let degrees = self.finite.checked_sub(ddof).filter(|degrees| *degrees > 0)?;
        Some((self.squares / degrees as f64).sqrt())
    }

    /// First quartile, median and third quartile, infinities among them; `None` until all are gone over, and where there are more
    /// than 2^20 of them or integers that no float holds.
    #[must_use]
    pub fn quartiles(&self) -> Option<[f64; 3]> {
        self.quartiles.found()
    }

    /// How they spread; `None` before the ends are known.
    #[must_use]
    pub fn histogram(&self) -> Option<Histogram> {
        match (&self.few, &self.bins) {
            (Some(few), _) => few.histogram(self.are_integers),
            (None, Some(bins)) => Some(bins.histogram()),
            (None, None) => None,
        }
    }

    fn see_floats(&mut self, values: &[f64], first: u64) {
        if self.are_integers {
            self.are_integers = false;
            self.mean += self.shift.take().unwrap_or(0) as f64;
        }
        let (mut low, mut high) = ((f64::INFINITY, 0), (f64::NEG_INFINITY, 0));
        self.quartiles.see_floats(values);
        let (mut count, mut sum, mut seen) = (0u64, 0.0, false);
        for (at, &value) in values.iter().enumerate() {
            if value.is_nan() {
                continue;
            }
            if value < low.0 || !seen {
                low = (value, at);
            }
            if value > high.0 || !seen {
                high = (value, at);
            }
            seen = true;
            self.zeros += u64::from(value == 0.0);
            if value.is_finite() {
                count += 1;
                sum += value;
            } else {
                self.infinite += 1;
            }
        }
        if seen {
            self.widen(Value::Float(low.0), first + low.1 as u64, Value::Float(high.0), first + high.1 as u64);
        }
        if count == 0 {
            return;
        }
        let mut ends = (low.0, high.0);
        if !(ends.0.is_finite() && ends.1.is_finite()) {
            let finite = values.iter().copied().filter(|value| value.is_finite());
            ends =
                finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        }
        self.stretch(Value::Float(ends.0), Value::Float(ends.1));
        // A sum that overflows is one of very large numbers.
        let mean = if f64::is_finite(sum) {
            sum / count as f64
        } else {
            values.iter().filter(|value| value.is_finite()).map(|value| value / count as f64).sum()
        };
        let squares =
            values.iter().filter(|value| value.is_finite()).map(|value| (value - mean) * (value - mean)).sum();
        self.join(count, mean, squares);
        if let Some(few) = &mut self.few
            && !few.see_floats(values, self.ends)
        {
            self.few = None;
        }
    }

    fn see_integers(&mut self, values: &[Option<i128>], first: u64) {
        let Some(&shift) = values.iter().flatten().next() else { return };
        let shift = *self.shift.get_or_insert(shift);
        self.quartiles.see_integers(values);
        let (mut low, mut high) = ((i128::MAX, 0), (i128::MIN, 0));
        let (mut count, mut sum) = (0u64, 0.0);
        for (at, value) in values.iter().enumerate() {
            let Some(value) = *value else { continue };
            if value < low.0 || count == 0 {
                low = (value, at);
            }
            if value > high.0 || count == 0 {
                high = (value, at);
            }
            self.zeros += u64::from(value == 0);
            count += 1;
            sum += value.saturating_sub(shift) as f64;
        }
        let (least, most) = (Value::Integer(low.0), Value::Integer(high.0));
        self.widen(least, first + low.1 as u64, most, first + high.1 as u64);
        self.stretch(least, most);
        let mean = sum / count as f64;
        let distance = |value: &i128| value.saturating_sub(shift) as f64 - mean;
        let squares = values.iter().flatten().map(|value| distance(value) * distance(value)).sum();
        self.join(count, mean, squares);
        if let Some(few) = &mut self.few
            && !few.see_integers(values, self.ends)
        {
            self.few = None;
        }
    }

    /// Smallest and largest of a piece, with their places.
    fn widen(&mut self, low: Value, low_at: u64, high: Value, high_at: u64) {
        if self.min.is_none_or(|(min, _)| low.is_below(min)) {
            self.min = Some((low, low_at));
        }
        if self.max.is_none_or(|(max, _)| max.is_below(high)) {
            self.max = Some((high, high_at));
        }
    }

    fn stretch(&mut self, low: Value, high: Value) {
        let (least, most) = self.ends.unwrap_or((low, high));
        let least = if low.is_below(least) { low } else { least };
        let most = if most.is_below(high) { high } else { most };
        self.ends = Some((least, most));
    }

    /// Count, mean and squares of a piece.
    fn join(&mut self, count: u64, mean: f64, squares: f64) {
        let (before, total) = (self.finite as f64, (self.finite + count) as f64);
        let distance = mean - self.mean;
        self.mean += distance * (count as f64 / total);
        self.squares += squares + distance * distance * (before * (count as f64 / total));
        self.finite += count;
    }
}

impl Texts {
    fn see(&mut self, text: &str) {
        self.longest = self.longest.max(text.chars().count() as u64);
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else if self.counts.len() < DIFFERENT && self.bytes + text.len() <= BYTES {
            self.bytes += text.len();
            self.counts.insert(text.to_owned(), 1);
        } else {
            self.is_cut = true;
        }
    }

    /// Keeps the most frequent ones only.
    fn shrink(&mut self) {
        self.different = Some(self.different());
        let kept = self.frequent(FREQUENT);
        self.counts = kept.into_iter().collect();
        self.counts.shrink_to_fit();
    }

    /// How many different ones were kept apart.
    #[must_use]
    pub fn different(&self) -> u64 {
        self.different.unwrap_or(self.counts.len() as u64)
    }

    /// The most frequent ones with their counts; those of the same count by their text.
    #[must_use]
    pub fn frequent(&self, count: usize) -> Vec<(String, u64)> {
        let mut all: Vec<(&String, &u64)> = self.counts.iter().collect();
        sorting::by(&mut all, |one, other| other.1.cmp(one.1).then_with(|| one.0.cmp(other.0)));
        all.into_iter().take(count).map(|(text, count)| (text.clone(), *count)).collect()
    }
}
