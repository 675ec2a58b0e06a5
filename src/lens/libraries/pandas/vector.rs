//! Values in a row: a column, a level of an index, the categories of a categorical. Read by windows, whatever their number.

use super::object_text;
use super::object_text::{TableValue, ValueKind};
use super::period::Frequency;
use super::scalars::interval_text;
use crate::graph::NodeId;
use crate::lens::libraries::time_zones::Zone;
use crate::lens::numbers::moment;
use crate::lens::numbers::{Array, Data, Dtype, Kind, NAT, Series, Unit, Values, series};
use crate::lens::recogniser::Lens;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Values that one call gives at most.
const PIECE: usize = 1 << 20;
/// Characters of a value where it stands for many.
const LABEL: usize = 1000;
/// Categories between two that are read with them, instead of beginning anew.
const GAP: u64 = 16;

/// Some values, one after the other.
#[derive(Clone)]
pub struct Vector<'a> {
    pub(super) lens: Lens<'a>,
    /// The dtype as pandas writes it: `float64`, `category`, `datetime64[ns, Europe/Berlin]`.
    pub dtype: String,
    /// The object that they are, alone or with others.
    pub node: Option<NodeId>,
    pub(super) store: Store<'a>,
    pub(super) len: u64,
    /// What stands for a missing value: `nan`, `NaT`, `<NA>`.
    pub(super) missing: &'static str,
}

/// Values that are stored in a way of their own.
pub(super) trait Stored {
    /// What does not fit together, in words.
    fn problem(&self) -> Option<String>;

    /// Values from `first` on as text, at most `count`.
    fn cells(&self, first: u64, count: usize, budget: usize) -> Result<Vec<TableValue>, String>;

    /// The same as numbers, when they are some.
    fn values(&self, first: u64, count: usize) -> Result<Option<Values>, String>;
}

/// How the values are there.
#[derive(Clone)]
pub(super) enum Store<'a> {
    /// Numbers or objects.
    Plain(Part<'a>),
    Times(Part<'a>, Unit, Zone),
    Durations(Part<'a>, Unit),
    /// Ordinals in a frequency.
    Periods(Part<'a>, Frequency),
    /// Numbers, and one truth value for each that hides it.
    Masked(Part<'a>, Part<'a>),
    /// Positions in other values; below 0 is missing.
    Codes(Part<'a>, Rc<Vector<'a>>),
    /// Two ends, and which belong to it.
    Intervals(Rc<Vector<'a>>, Rc<Vector<'a>>, String),
    Sparse(Rc<dyn Stored + 'a>),
    /// An array of Arrow; the length that it claims, when there is less.
    Arrow(Rc<dyn Stored + 'a>, Option<u64>),
    /// A start and a step.
    Range(i64, i64),
    /// Nowhere; why.
    Missing(String),
}

/// A run of the elements of an array: a row of a block.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub(super) array: Rc<Array<'a>>,
    start: u64,
    pub(super) len: u64,
}

impl<'a> Part<'a> {
    /// All of an array of one dimension, or a row of one of two. `None` when there is no such row.
    pub(super) fn of(array: Array<'a>, row: u64) -> Option<Self> {
        let there = array.len();
        let (start, len) = match array.shape[..] {
            [rows, columns] if row < rows => (row.checked_mul(columns)?, columns),
            [_, _] => return None,
            _ if row > 0 => return None,
            _ => (0, there),
        };
        Some(Self { len: len.min(there.saturating_sub(start)), array: Rc::new(array), start })
    }

    fn clip(&self, first: u64, count: usize) -> (u64, usize) {
        let count = (count as u64).min(self.len.saturating_sub(first)) as usize;
        (self.start.saturating_add(first), count)
    }

    pub(super) fn integers(&self, first: u64, count: usize) -> Result<Vec<i64>, String> {
        let (first, count) = self.clip(first, count);
        let found = self.array.integers(first, count)?;
        Ok(found.into_iter().map(|number| i64::try_from(number).unwrap_or(NAT)).collect())
    }

    fn wide_integers(&self, first: u64, count: usize) -> Result<Vec<i128>, String> {
        let (first, count) = self.clip(first, count);
        self.array.integers(first, count)
    }

    fn floats(&self, first: u64, count: usize) -> Result<Vec<f64>, String> {
        let (first, count) = self.clip(first, count);
        self.array.floats(first, count)
    }

    fn values(&self, lens: &Lens<'a>, first: u64, count: usize, budget: usize) -> Result<Vec<TableValue>, String> {
        let (first, count) = self.clip(first, count);
        if let Data::Items(_) = self.array.data {
            let items = self.array.items(first, count);
            return Ok(items.into_iter().map(|edge| object_text::value(lens, edge, budget)).collect());
        }
        let texts = self.array.values(first, count, budget)?.into_iter();
        let is_text = matches!(self.array.dtype.kind, Kind::Text | Kind::Bytes);
        let value = |text| match is_text {
            true => TableValue { text, kind: ValueKind::Object, ..TableValue::default() },
            false => TableValue::number_or_missing(text),
        };
        Ok(texts.map(value).collect())
    }
}

impl<'a> Vector<'a> {
    /// Values that are not there, with the reason.
    pub(super) fn missing(lens: Lens<'a>, dtype: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { lens, dtype: dtype.into(), node: None, store: Store::Missing(reason.into()), len: 0, missing: "nan" }
    }

    /// Number of values that are there.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the values are objects of the graph, one by one.
    #[must_use]
    pub fn has_objects(&self) -> bool {
        matches!(&self.store, Store::Plain(part) | Store::Masked(part, _) if matches!(part.array.data, Data::Items(_)))
    }

    /// Whether the values are there and understood.
    pub(super) fn is_readable(&self) -> bool {
        !matches!(self.store, Store::Missing(_))
    }

    /// Why there are none, or what does not fit together.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let of_array = |part: &Part<'_>| match &part.array.data {
            Data::Missing(reason) => Some(reason.clone()),
            _ => part.array.problem.clone(),
        };
        match &self.store {
            Store::Missing(reason) => Some(reason.clone()),
            Store::Times(part, _, zone) if zone.is_unknown() => {
                of_array(part).or_else(|| Some(format!("the time zone {} is not known: shown in UTC", zone.name())))
            }
            Store::Plain(part) | Store::Times(part, ..) | Store::Durations(part, _) | Store::Periods(part, _) => {
                of_array(part)
            }
            Store::Masked(part, mask) => of_array(part).or_else(|| of_array(mask)),
            Store::Codes(part, categories) => of_array(part).or_else(|| categories.problem()),
            Store::Intervals(left, right, _) => left.problem().or_else(|| right.problem()),
            Store::Sparse(sparse) => sparse.problem(),
            Store::Arrow(arrow, None) => arrow.problem(),
            Store::Arrow(_, Some(claimed)) => Some(format!("{claimed} values are claimed, {} are there", self.len)),
            Store::Range(..) => None,
        }
    }

    /// The values that codes stand for, when they are codes: the categories of a categorical.
    #[must_use]
    pub fn categories(&self) -> Option<&Vector<'a>> {
        match &self.store {
            Store::Codes(_, labels) if self.stands_for(labels) => labels.categories(),
            Store::Codes(_, categories) => Some(categories),
            _ => None,
        }
    }

    /// Whether codes stand for labels as they are, in a level of an index of several, and make no categorical of them.
    fn stands_for(&self, labels: &Vector<'_>) -> bool {
        self.dtype == labels.dtype
    }

    /// The vector that says how a value of this one is spelled.
    fn spelled_as(&self) -> &Self {
        match &self.store {
            Store::Codes(_, labels) if self.stands_for(labels) => labels.spelled_as(),
            _ => self,
        }
    }

    /// Bytes of the values as they lie in memory, where their number is known without going over them.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        let of = |part: &Part<'_>| part.len.checked_mul(part.array.dtype.itemsize);
        match &self.store {
            Store::Plain(part)
            | Store::Times(part, ..)
            | Store::Durations(part, _)
            | Store::Periods(part, _)
            | Store::Codes(part, _) => of(part),
            Store::Masked(part, mask) => of(part)?.checked_add(of(mask)?),
            Store::Intervals(left, right, _) => left.bytes()?.checked_add(right.bytes()?),
            Store::Range(..) => Some(0),
            Store::Sparse(_) | Store::Arrow(..) | Store::Missing(_) => None,
        }
    }

    /// Values from `first` on, at most `count`, each in about `budget` characters.
    ///
    /// # Errors
    /// When the bytes are not there or cannot be read, in words.
    pub fn cells(&self, first: u64, count: usize, budget: usize) -> Result<Vec<TableValue>, String> {
        if let Store::Missing(reason) = &self.store {
            return Err(reason.clone());
        }
        let count = (count.min(PIECE) as u64).min(self.len.saturating_sub(first)) as usize;
        if count == 0 {
            return Ok(Vec::new());
        }
        let each = |numbers: Vec<i64>, text: &dyn Fn(i64) -> String| {
            Ok(numbers.into_iter().map(|number| TableValue::number_or_missing(text(number))).collect())
        };
        match &self.store {
            Store::Plain(part) => part.values(&self.lens, first, count, budget),
            Store::Times(part, unit, zone) => each(part.integers(first, count)?, &|number| zone.moment(number, *unit)),
            Store::Durations(part, unit) => {
                each(part.integers(first, count)?, &|number| moment::duration(number, *unit))
            }
            Store::Periods(part, frequency) => each(part.integers(first, count)?, &|number| frequency.text(number)),
            Store::Masked(part, mask) => {
                let mut cells = part.values(&self.lens, first, count, budget)?;
                for (cell, hidden) in cells.iter_mut().zip(mask.integers(first, count)?) {
                    if hidden != 0 {
                        *cell = TableValue::missing(self.missing);
                    }
                }
                Ok(cells)
            }
            Store::Codes(codes, categories) => self.decoded(&codes.integers(first, count)?, categories, budget),
            Store::Intervals(left, right, closed) => {
                let pairs = left.cells(first, count, budget)?.into_iter().zip(right.cells(first, count, budget)?);
                let text = |(left, right): (TableValue, TableValue)| match left.kind {
                    ValueKind::Missing => TableValue::missing("nan"),
                    _ => TableValue::number(interval_text(&left.text, &right.text, closed)),
                };
                Ok(pairs.map(text).collect())
            }
            Store::Sparse(sparse) => sparse.cells(first, count, budget),
            Store::Arrow(arrow, _) => {
                let mut cells = arrow.cells(first, count, budget)?;
                let absent = cells.iter_mut().filter(|cell| cell.kind == ValueKind::Missing);
                absent.for_each(|cell| self.missing.clone_into(&mut cell.text));
                Ok(cells)
            }
            Store::Range(start, step) => {
                let number = |index: u64| i128::from(*start) + i128::from(*step) * i128::from(index);
                Ok((first..first + count as u64).map(|index| TableValue::number(number(index).to_string())).collect())
            }
            Store::Missing(reason) => Err(reason.clone()),
        }
    }

    /// The values that codes stand for.
    fn decoded(&self, codes: &[i64], categories: &Vector<'a>, budget: usize) -> Result<Vec<TableValue>, String> {
        let found = looked_up(codes, |first, count| categories.cells(first, count, budget))?;
        let value = |(&code, found): (&i64, Option<TableValue>)| match u64::try_from(code) {
            Err(_) => TableValue::missing(self.missing),
            Ok(code) if code >= categories.len() => TableValue {
                text: format!("code {code} of {} categories", categories.len()),
                kind: ValueKind::Object,
                ..TableValue::default()
            },
            Ok(_) => found.unwrap_or_default(),
        };
        Ok(codes.iter().zip(found).map(value).collect())
    }

    /// The labels of a level that codes stand for, as numbers; `None` where they are none.
    fn labelled(codes: &[i64], labels: &Vector<'a>) -> Result<Option<Values>, String> {
        let other = || "labels of two kinds".to_owned();
        Ok(match labels.values(0, 1)? {
            Values::Integers(_) => {
                let found = looked_up(codes, |first, count| match labels.values(first, count)? {
                    Values::Integers(values) => Ok(values),
                    _ => Err(other()),
                });
                Some(Values::Integers(found?.into_iter().map(Option::flatten).collect()))
            }
            Values::Floats(_) => {
                let found = looked_up(codes, |first, count| match labels.values(first, count)? {
                    Values::Floats(values) => Ok(values),
                    _ => Err(other()),
                });
                Some(Values::Floats(found?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()))
            }
            Values::Texts(_) | Values::Missing(_) => None,
        })
    }

    fn texts(&self, first: u64, count: usize) -> Result<Values, String> {
        let text = |cell: TableValue| Some(cell.text).filter(|_| cell.kind != ValueKind::Missing);
        Ok(Values::Texts(self.cells(first, count, LABEL)?.into_iter().map(text).collect()))
    }
}

/// What each code stands for, if anything. Every value is read once, in windows by `read`.
fn looked_up<T: Clone>(
    codes: &[i64],
    read: impl Fn(u64, usize) -> Result<Vec<T>, String>,
) -> Result<Vec<Option<T>>, String> {
    let mut found: BTreeMap<u64, Option<T>> = BTreeMap::new();
    for code in codes.iter().filter_map(|&code| u64::try_from(code).ok()) {
        found.entry(code).or_default();
    }
    let wanted: Vec<u64> = found.keys().copied().collect();
    for group in wanted.chunk_by(|a, b| b - a <= GAP) {
        let (first, last) = (group[0], group[group.len() - 1]);
        for (index, value) in (first..).zip(read(first, (last - first) as usize + 1)?) {
            if let Some(slot) = found.get_mut(&index) {
                *slot = Some(value);
            }
        }
    }
    let value = |&code: &i64| found.get(&u64::try_from(code).ok()?).cloned().flatten();
    Ok(codes.iter().map(value).collect())
}

/// What is counted in integers, with NaT for what is missing.
fn counted(numbers: Vec<i64>) -> Values {
    Values::Integers(numbers.into_iter().map(|number| (number != NAT).then_some(i128::from(number))).collect())
}

/// The numbers of an array, as whatever they are; `None` for what is no number.
fn numbers(part: &Part<'_>, first: u64, count: usize) -> Result<Option<Values>, String> {
    Ok(match part.array.dtype.kind {
        _ if matches!(part.array.data, Data::Items(_)) => None,
        Kind::Float | Kind::Brain | Kind::Float8(_) => Some(Values::Floats(part.floats(first, count)?)),
        Kind::Bool | Kind::Int | Kind::Uint => {
            Some(Values::Integers(part.wide_integers(first, count)?.into_iter().map(Some).collect()))
        }
        _ => None,
    })
}

impl Series for Vector<'_> {
    fn ddof(&self) -> u64 {
        1
    }

    fn len(&self) -> u64 {
        self.len
    }

    fn values(&self, first: u64, count: usize) -> Result<Values, String> {
        let count = (count as u64).min(self.len.saturating_sub(first)) as usize;
        match &self.store {
            Store::Plain(part) => match numbers(part, first, count)? {
                Some(values) => Ok(values),
                None => self.texts(first, count),
            },
            Store::Times(part, ..) | Store::Durations(part, _) | Store::Periods(part, _) => {
                Ok(counted(part.integers(first, count)?))
            }
            Store::Masked(part, mask) => {
                let hidden = mask.integers(first, count)?.into_iter().map(|hidden| hidden != 0);
                Ok(match numbers(part, first, count)? {
                    Some(Values::Floats(mut values)) => {
                        values
                            .iter_mut()
                            .zip(hidden)
                            .filter(|(_, hidden)| *hidden)
                            .for_each(|(value, _)| *value = f64::NAN);
                        Values::Floats(values)
                    }
                    Some(Values::Integers(mut values)) => {
                        values
                            .iter_mut()
                            .zip(hidden)
                            .filter(|(_, hidden)| *hidden)
                            .for_each(|(value, _)| *value = None);
                        Values::Integers(values)
                    }
                    _ => self.texts(first, count)?,
                })
            }
            Store::Sparse(sparse) => match sparse.values(first, count)? {
                Some(values) => Ok(values),
                None => self.texts(first, count),
            },
            Store::Arrow(arrow, _) => match arrow.values(first, count)? {
                Some(values) => Ok(values),
                None => self.texts(first, count),
            },
            Store::Range(start, step) => {
                let number = |index: u64| i128::from(*start) + i128::from(*step) * i128::from(index);
                Ok(Values::Integers((first..first + count as u64).map(|index| Some(number(index))).collect()))
            }
            Store::Codes(codes, labels) if self.stands_for(labels) => {
                match Self::labelled(&codes.integers(first, count)?, labels)? {
                    Some(values) => Ok(values),
                    None => self.texts(first, count),
                }
            }
            Store::Codes(..) | Store::Intervals(..) => self.texts(first, count),
            Store::Missing(reason) => Err(reason.clone()),
        }
    }

    fn text(&self, index: u64) -> String {
        match self.cells(index, 1, LABEL) {
            Ok(cells) => cells.into_iter().next().map_or_else(String::new, |cell| cell.text),
            Err(reason) => reason,
        }
    }

    fn spell(&self, value: f64) -> String {
        if self.is_counted() { self.spell_integer(value.round() as i128) } else { series::spell(value) }
    }

    fn spell_integer(&self, value: i128) -> String {
        let Ok(count) = i64::try_from(value) else { return value.to_string() };
        match &self.spelled_as().store {
            Store::Times(_, unit, zone) => zone.moment(count, *unit),
            Store::Durations(_, unit) => moment::duration(count, *unit),
            Store::Periods(_, frequency) => frequency.text(count),
            _ => count.to_string(),
        }
    }

    fn spell_difference(&self, value: f64) -> String {
        match &self.spelled_as().store {
            Store::Times(_, unit, _) | Store::Durations(_, unit) => moment::duration(value.round() as i64, *unit),
            Store::Periods(..) => format!("{} periods", series::spell(value)),
            _ => series::spell(value),
        }
    }

    fn spells_means_as_integers(&self) -> bool {
        self.is_counted()
    }

    fn step(&self, range: i128) -> Option<i128> {
        let (Store::Times(_, unit, _) | Store::Durations(_, unit)) = &self.spelled_as().store else { return None };
        series::step_of_times(range, unit.per_second()?)
    }
}

impl Vector<'_> {
    /// Numbers in whose order pandas sorts the values: of a categorical its codes, of intervals where they begin. `None` where
    /// texts or objects are compared.
    ///
    /// # Errors
    /// As [`Series::values`].
    pub fn ranks(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        match &self.store {
            Store::Codes(codes, labels) if !self.stands_for(labels) => {
                let codes = codes.integers(first, count)?.into_iter();
                Ok(Some(Values::Integers(codes.map(|code| (code >= 0).then_some(i128::from(code))).collect())))
            }
            Store::Intervals(left, ..) => left.ranks(first, count),
            Store::Plain(part) if part.array.dtype.kind == Kind::Complex => {
                Err("complex numbers have no order".to_owned())
            }
            _ => self.numbers(first, count),
        }
    }

    /// The values where they are numbers, truth values or times.
    ///
    /// # Errors
    /// As [`Series::values`].
    pub fn numbers(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        // Texts would be made in vain.
        let is_text = match &self.store {
            Store::Plain(part) | Store::Masked(part, _) => {
                matches!(part.array.data, Data::Items(_)) || matches!(part.array.dtype.kind, Kind::Text | Kind::Bytes)
            }
            Store::Codes(_, labels) => !self.stands_for(labels),
            Store::Intervals(..) => true,
            _ => false,
        };
        if is_text {
            return Ok(None);
        }
        Ok(Some(self.values(first, count)?).filter(|values| !matches!(values, Values::Texts(_))))
    }

    /// The dtype of the numbers as they are stored.
    #[must_use]
    pub fn element_dtype(&self) -> Option<&Dtype> {
        match &self.store {
            Store::Plain(part) | Store::Masked(part, _) => Some(&part.array.dtype),
            _ => None,
        }
    }

    /// Whether the values are counted in integers but are none: times and periods.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        matches!(self.spelled_as().store, Store::Times(..) | Store::Durations(..) | Store::Periods(..))
    }
}
