//! The elements of an array, or one field of them, as a [`Series`].

use super::array::{Array, Data};
use super::datetime::time;
use super::dtype::{Dtype, Field, Kind};
use super::series::{Series, Values};
use super::{convert, element};
use crate::graph::{Edge, Node};

/// Characters of one value.
const TEXT: usize = 1000;

/// The elements of an array in the order in which they are stored, so that going over them reads the file once.
pub struct ArraySeries<'a> {
    array: Array<'a>,
    /// The field of each element that is meant.
    field: Option<Field>,
    /// How often the array shows each of these elements.
    repeats: u64,
}

impl<'a> Array<'a> {
    /// The values of the array: of structures those of one field by its number, otherwise there is only part 0.
    #[must_use]
    pub fn series(&self, part: u32) -> Option<ArraySeries<'a>> {
        // Elements without bytes are all the same, and there may be any number of them.
        if self.dtype.itemsize == 0 && matches!(self.data, Data::Bytes(_)) {
            return None;
        }
        let (array, repeats) = self.as_stored().without_repeats();
        if array.dtype.kind == Kind::Struct {
            let field = array.dtype.fields.get(part as usize)?.clone();
            return Some(ArraySeries { array, field: Some(field), repeats });
        }
        (part == 0).then_some(ArraySeries { array, field: None, repeats })
    }
}

impl ArraySeries<'_> {
    /// Goes over another part from here on; whether there is one.
    pub(crate) fn choose(&mut self, part: u32) -> bool {
        if self.array.dtype.kind != Kind::Struct {
            return part == 0;
        }
        let field = self.array.dtype.fields.get(part as usize);
        field.inspect(|field| self.field = Some((*field).clone())).is_some()
    }

    /// What the values are.
    #[must_use]
    pub fn dtype(&self) -> &Dtype {
        self.field.as_ref().map_or(&self.array.dtype, |field| &field.dtype)
    }

    /// Integers of at most 32 bits as floats, which hold them all: a fraction of the room that [`Series::values`] takes for them.
    /// `None` for other types, and where a mask hides some.
    #[must_use]
    pub fn small_integers(&self, first: u64, count: usize) -> Option<Result<Vec<f64>, String>> {
        let dtype = self.dtype();
        let is_small = matches!(dtype.kind, Kind::Int | Kind::Uint) && dtype.itemsize <= 4;
        let is_plain = matches!(self.array.data, Data::Bytes(_)) && self.array.mask.is_none();
        (is_small && is_plain).then(|| Ok(convert::floats(dtype, &self.bytes(first, count)?)))
    }

    fn bytes(&self, first: u64, count: usize) -> Result<Vec<u8>, String> {
        match &self.field {
            None => self.array.raw(first, count),
            Some(field) => match self.array.field(&field.name) {
                Some(view) => view.check().and_then(|()| view.raw(first, count)),
                None => Err(format!("there is no field {}", field.name)),
            },
        }
    }

    /// The object that an element is, or a field of it: an element is then a tuple.
    fn item(&self, index: u64) -> Option<Edge> {
        let &item = self.array.items(index, 1).first()?;
        let Some(field) = &self.field else { return Some(item) };
        let at = self.array.dtype.fields.iter().position(|one| one.name == field.name)?;
        self.array.view.graph.items(item.node()).nth(at)
    }

    fn item_label(&self, index: u64) -> Option<String> {
        let (view, edge) = (&self.array.view, self.item(index)?);
        match view.graph.node(edge.node()) {
            Node::None => None,
            Node::Float(value) if value.is_nan() => None,
            Node::Text { .. } => view.string(edge).or_else(|| Some(view.inline(edge))),
            _ => Some(view.inline(edge)),
        }
    }

    /// Objects that are all numbers or missing, as numbers.
    fn item_numbers(&self, first: u64, end: u64) -> Option<Values> {
        let graph = self.array.view.graph;
        let mut floats = Vec::new();
        let mut integers: Vec<Option<i128>> = Vec::new();
        let (mut is_float, mut is_number) = (false, false);
        for index in first..end {
            let (float, integer) = match graph.node(self.item(index)?.node()) {
                Node::None => (f64::NAN, None),
                Node::Int(value) => (value as f64, Some(i128::from(value))),
                Node::Bool(value) => (f64::from(value), Some(i128::from(value))),
                Node::Float(value) => {
                    is_float = true;
                    (value, None)
                }
                _ => return None,
            };
            is_number |= !float.is_nan();
            floats.push(float);
            integers.push(integer);
        }
        is_number.then_some(if is_float { Values::Floats(floats) } else { Values::Integers(integers) })
    }

    /// Which values the mask hides; nothing when there is no mask.
    fn hidden(&self, first: u64, count: usize) -> Result<Vec<bool>, String> {
        match (&self.array.mask, &self.field) {
            (None, _) => Ok(Vec::new()),
            (Some(_), None) => self.array.hidden(&self.array.positions(first, count)),
            (Some(_), Some(field)) => self.array.hidden_field(field, first, count),
        }
    }

    fn read(&self, first: u64, count: usize) -> Result<Values, String> {
        let dtype = self.dtype();
        if let Data::Items(_) = self.array.data {
            let end = first.saturating_add(count as u64).min(self.len());
            let numbers = self.item_numbers(first, end);
            return Ok(
                numbers.unwrap_or_else(|| Values::Texts((first..end).map(|index| self.item_label(index)).collect()))
            );
        }
        let bytes = self.bytes(first, count)?;
        let size = usize::try_from(dtype.itemsize).unwrap_or(usize::MAX).max(1);
        Ok(match dtype.kind {
            Kind::Bool | Kind::Int | Kind::Uint | Kind::Datetime | Kind::Timedelta => {
                let is_time = matches!(dtype.kind, Kind::Datetime | Kind::Timedelta);
                let there = |value: i128| Some(value).filter(|&value| !is_time || value != i128::from(i64::MIN));
                let found = convert::integers(dtype, &bytes).unwrap_or_default();
                Values::Integers(found.into_iter().map(there).collect())
            }
            Kind::Float | Kind::Brain | Kind::Float8(_) => Values::Floats(convert::floats(dtype, &bytes)),
            Kind::Complex => Values::Floats(convert::absolutes(dtype, &bytes)),
            _ => {
                let label = |one: &[u8]| element::label(dtype, one).unwrap_or_else(|| element::text(dtype, one, TEXT));
                Values::Texts(bytes.chunks_exact(size).map(|one| Some(label(one))).collect())
            }
        })
    }
}

fn hide<T: Clone>(values: &mut [T], hidden: &[bool], nothing: T) {
    for (value, _) in values.iter_mut().zip(hidden).filter(|(_, hidden)| **hidden) {
        *value = nothing.clone();
    }
}

impl Series for ArraySeries<'_> {
    fn len(&self) -> u64 {
        self.array.len()
    }

    fn values(&self, first: u64, count: usize) -> Result<Values, String> {
        let mut values = self.read(first, count)?;
        let hidden = self.hidden(first, count)?;
        match &mut values {
            Values::Floats(values) => hide(values, &hidden, f64::NAN),
            Values::Integers(values) => hide(values, &hidden, None),
            Values::Texts(values) => hide(values, &hidden, None),
            Values::Missing(_) => {}
        }
        Ok(values)
    }

    fn text(&self, index: u64) -> String {
        let text = match &self.field {
            Some(field) if !matches!(self.array.data, Data::Items(_)) => match self.array.field(&field.name) {
                Some(view) => view.text(index, TEXT),
                None => Ok(String::new()),
            },
            Some(_) => Ok(self.item(index).map_or_else(String::new, |edge| self.array.view.inline(edge))),
            None => self.array.value(index, TEXT),
        };
        text.unwrap_or_else(|reason| reason)
    }

    fn spell(&self, value: f64) -> String {
        let dtype = self.dtype();
        match dtype.kind {
            Kind::Datetime | Kind::Timedelta => self.spell_integer(value.round() as i128),
            _ => super::series::spell(value),
        }
    }

    fn spell_integer(&self, value: i128) -> String {
        let dtype = self.dtype();
        let spelled = match dtype.kind {
            Kind::Datetime => i64::try_from(value).ok().and_then(|count| time(count, &dtype.unit, true)),
            Kind::Timedelta => i64::try_from(value).ok().and_then(|count| time(count, &dtype.unit, false)),
            Kind::Bool => Some(if value == 0 { "False" } else { "True" }.to_owned()),
            _ => None,
        };
        spelled.unwrap_or_else(|| value.to_string())
    }

    fn spell_difference(&self, value: f64) -> String {
        let dtype = self.dtype();
        let text = super::series::spell(value);
        match dtype.kind {
            // `12.5 days`: the words without the count.
            Kind::Datetime | Kind::Timedelta => match time(2, &dtype.unit, false) {
                Some(words) if !dtype.unit.starts_with(|c: char| c.is_ascii_digit()) => words.replacen('2', &text, 1),
                _ => format!("{text} times {}", dtype.unit),
            },
            _ => text,
        }
    }

    fn spells_means_as_integers(&self) -> bool {
        matches!(self.dtype().kind, Kind::Datetime | Kind::Timedelta)
    }

    fn missing_word(&self) -> &'static str {
        let is_masked = self.array.mask.is_some();
        match self.dtype().kind {
            Kind::Datetime | Kind::Timedelta if is_masked => "NaT or masked",
            Kind::Datetime | Kind::Timedelta => "NaT",
            Kind::Float | Kind::Brain | Kind::Float8(_) | Kind::Complex if is_masked => "NaN or masked",
            Kind::Float | Kind::Brain | Kind::Float8(_) | Kind::Complex => "NaN",
            _ if is_masked => "masked",
            _ => "missing",
        }
    }

    fn repeats(&self) -> u64 {
        self.repeats
    }

    fn step(&self, range: i128) -> Option<i128> {
        let dtype = self.dtype();
        let second = match dtype.unit.as_str() {
            "s" => 1,
            "ms" => 1_000,
            "us" | "μs" => 1_000_000,
            "ns" => 1_000_000_000,
            _ => return None,
        };
        let is_time = matches!(dtype.kind, Kind::Datetime | Kind::Timedelta);
        is_time.then(|| super::series::step_of_times(range, second)).flatten()
    }

    fn measure(&self) -> Option<&'static str> {
        (self.dtype().kind == Kind::Complex).then_some("absolute value")
    }
}

impl Array<'_> {
    /// The text of elements that are text, without quotes and escapes; `None` for other types.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn labels(&self, first: u64, count: usize) -> Result<Option<Vec<Option<String>>>, String> {
        if !matches!(self.data, Data::Items(_)) && !matches!(self.dtype.kind, Kind::Text | Kind::Bytes) {
            return Ok(None);
        }
        let series = ArraySeries { array: self.clone(), field: None, repeats: 1 };
        match series.values(first, count)? {
            Values::Texts(texts) => Ok(Some(texts)),
            _ => Ok(None),
        }
    }
}
