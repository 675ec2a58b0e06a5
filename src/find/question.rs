//! What is asked of the elements of an array, or of the values of a column, all at once.

use super::compare::Comparison;
use super::matcher::Matcher;
use super::pass::Pass;
use super::query::Query;
use crate::lens::{ArraySeries, Kind, Series, Values};
use crate::opcode;

/// Some values, and what is asked of them.
pub(super) struct Elements<'s> {
    pub(super) series: &'s dyn Series,
    /// The same, when they may be small integers.
    pub(super) small: Option<&'s ArraySeries<'s>>,
    /// Nothing where they are of another type than the query is about.
    pub(super) question: Option<Question<'s>>,
}

pub(super) enum Question<'s> {
    Number(Comparison),
    Text(&'s Matcher),
    /// Of texts that are bytes in Python's spelling.
    Bytes(&'s Matcher),
    /// For values stored as integers (dates, durations), by the text that is shown.
    Shown(&'s Query),
}

impl<'s> Elements<'s> {
    pub(super) fn of_array(series: &'s ArraySeries<'s>, pass: &'s Pass<'_>) -> Self {
        let dtype = series.dtype();
        let number = pass.query.comparison.as_ref();
        let question = match dtype.kind {
            Kind::Int | Kind::Uint | Kind::Float | Kind::Brain | Kind::Float8(_) | Kind::Complex => {
                number.map(|number| Question::Number(number.in_precision_of(dtype)))
            }
            Kind::Datetime | Kind::Timedelta => times(pass.query),
            Kind::Text => pass.query.matcher.as_ref().map(Question::Text),
            Kind::Bytes | Kind::Void => {
                let of_bytes = pass.query.bytes.as_ref().map(Question::Bytes);
                of_bytes.or_else(|| pass.query.matcher.as_ref().map(Question::Text))
            }
            _ => None,
        };
        Self { series, small: Some(series), question }
    }

    pub(super) fn of_column(values: &'s crate::lens::Vector<'_>, pass: &'s Pass<'_>) -> Self {
        let number = pass.query.comparison.as_ref();
        let is_time = values.spells_means_as_integers();
        let is_bool = values.dtype.starts_with("bool");
        // What it is made of, texts or numbers, is known of the first values.
        let is_text = matches!(values.values(0, 1), Ok(Values::Texts(_)));
        let question = match (is_text, number) {
            (true, _) => pass.query.matcher.as_ref().map(Question::Text),
            (false, _) if is_time => times(pass.query),
            (false, Some(number)) if !is_bool || number.asks_for_missing() => {
                let is_narrow = matches!(values.dtype.to_ascii_lowercase().as_str(), "float32" | "float[pyarrow]");
                Some(Question::Number(if is_narrow { number.in_single_precision() } else { number.clone() }))
            }
            _ => None,
        };
        Self { series: values, small: None, question }
    }
}

/// What is asked of dates and durations: their text, an order, or whether they are missing.
fn times(query: &Query) -> Option<Question<'_>> {
    let is_missing = query.comparison.as_ref().is_some_and(Comparison::asks_for_missing);
    (query.matcher.is_some() || query.dates.is_some() || is_missing).then_some(Question::Shown(query))
}

impl Question<'_> {
    /// How many values match and which first, and how many there are.
    pub(super) fn count(&self, values: &Values, series: &dyn Series) -> (Option<(u64, u64)>, u64) {
        match (self, values) {
            (Self::Shown(query), Values::Integers(values)) => {
                let is_missing = query.comparison.as_ref().is_some_and(Comparison::asks_for_missing)
                    || query.find_in_line("NaT").is_some();
                let holds = |value: &Option<i128>| match value {
                    Some(value) => query.find_in_line(&series.spell_integer(*value)).is_some(),
                    None => is_missing,
                };
                (matches(values, holds), values.len() as u64)
            }
            (Self::Bytes(matcher), Values::Texts(values)) => {
                let holds = |text: &Option<String>| {
                    let bytes = text.as_deref().map(bytes_of);
                    bytes.is_some_and(|bytes| matcher.find(&bytes, 0).is_some())
                };
                (matches(values, holds), values.len() as u64)
            }
            (Self::Number(number), Values::Floats(values)) => {
                (matches(values, |&value| number.holds_for(value)), values.len() as u64)
            }
            (Self::Number(number), Values::Integers(values)) => {
                let holds = |value: &Option<i128>| match value {
                    Some(value) => number.holds_for_int(*value),
                    None => number.asks_for_missing(),
                };
                (matches(values, holds), values.len() as u64)
            }
            (Self::Text(matcher), Values::Texts(values)) => {
                let holds = |text: &Option<String>| {
                    text.as_ref().is_some_and(|text| matcher.find(text.as_bytes(), 0).is_some())
                };
                (matches(values, holds), values.len() as u64)
            }
            (_, Values::Floats(values)) => (None, values.len() as u64),
            (_, Values::Integers(values)) => (None, values.len() as u64),
            (_, Values::Texts(values)) => (None, values.len() as u64),
            (Self::Number(number), Values::Missing(count)) if number.asks_for_missing() && *count > 0 => {
                (Some((*count as u64, 0)), *count as u64)
            }
            (_, Values::Missing(count)) => (None, *count as u64),
        }
    }
}

/// The bytes that a text spells as Python does, `b'\x80'`, or is.
fn bytes_of(text: &str) -> Vec<u8> {
    let inner = text.strip_prefix("b'").and_then(|rest| rest.strip_suffix('\''));
    let spelled = inner.and_then(|inner| opcode::unescape(inner.as_bytes()).ok());
    spelled.unwrap_or_else(|| text.as_bytes().to_vec())
}

/// How many values match, and the first.
fn matches<T>(values: &[T], holds: impl Fn(&T) -> bool) -> Option<(u64, u64)> {
    let count = values.iter().filter(|value| holds(value)).count() as u64;
    let first = if count > 0 { values.iter().position(holds) } else { None };
    first.map(|first| (count, first as u64))
}
