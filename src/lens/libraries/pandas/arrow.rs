//! Arrays of Arrow, where their buffers are plain: numbers, truth values, moments, text, dictionaries.
//!
//! Sources: `pyarrow/array.pxi` (`_restore_array`, `_reduce_array_data`), `table.pxi` (`ChunkedArray.__reduce__`), the
//! columnar format of Apache Arrow.

use super::LEVELS;
use super::object_text::{TableValue, ValueKind};
use super::period::Frequency;
use super::scalars::whole;
use super::vector::{Part, Store, Stored, Vector};
use crate::graph::{Edge, Node};
use crate::lens::libraries::time_zones::{Zone, zone};
use crate::lens::numbers::{Array, Data, Dtype, Order, Payload, Series, Unit, Values};
use crate::lens::recogniser::Lens;
use crate::opcode;
use std::rc::Rc;

/// Bytes of text that are read at once; of more, each text is read by itself.
const TOGETHER: u64 = 1 << 20;

/// An array of Arrow.
pub(super) struct Arrow<'a> {
    /// One bit for each value that is there.
    validity: Option<Payload<'a>>,
    values: Buffers<'a>,
    /// Values in the buffers before the first one.
    offset: u64,
}

enum Buffers<'a> {
    Fixed(Vector<'a>),
    Bits(Payload<'a>),
    /// Where each text begins and the next one; the characters; whether they are text.
    Texts(Part<'a>, Payload<'a>, bool),
}

/// A type of Arrow.
pub(super) struct ArrowType {
    /// As pyarrow writes it: `large_string`, `timestamp[us, tz=UTC]`.
    pub(super) name: String,
    zone: Zone,
    unit: Option<Unit>,
}

/// The type that a value is, by its name.
pub(super) fn arrow_type(lens: &Lens<'_>, edge: Edge) -> Option<ArrowType> {
    let call = lens.call(edge.node())?;
    let mut found = ArrowType { name: type_name(lens, edge, 0)?, zone: Zone::Naive, unit: None };
    if call.symbol?.short_name() == "timestamp" {
        found.unit = Unit::of(&lens.string(*call.args.first()?)?);
        found.zone = call.args.get(1).map_or(Zone::Naive, |&edge| zone(lens, edge));
    }
    Some(found)
}

/// A type as pyarrow writes it. Sources: the `__reduce__` of each in `pyarrow/types.pxi`, `DataType::ToString`.
fn type_name(lens: &Lens<'_>, edge: Edge, level: usize) -> Option<String> {
    let call = lens.call(edge.node()).filter(|_| level < LEVELS)?;
    let text = |index: usize| call.args.get(index).and_then(|&edge| lens.string(edge));
    let number = |index: usize| call.args.get(index).and_then(|&edge| lens.int(edge));
    let inner = |index: usize| type_name(lens, *call.args.get(index)?, level + 1);
    // A field or, in lists of old versions, a type alone.
    let item = |index: usize| {
        field(lens, *call.args.get(index)?, level + 1).or_else(|| Some(format!("item: {}", inner(index)?)))
    };
    Some(match call.symbol?.short_name() {
        "type_for_alias" => text(0)?,
        "timestamp" => match text(1) {
            Some(tz) => format!("timestamp[{}, tz={tz}]", text(0)?),
            None => format!("timestamp[{}]", text(0)?),
        },
        "dictionary" => {
            let ordered = number(2).unwrap_or(0);
            format!("dictionary<values={}, indices={}, ordered={ordered}>", inner(1)?, inner(0)?)
        }
        "binary" => format!("fixed_size_binary[{}]", number(0)?),
        "list_" => match number(1) {
            Some(size) if size >= 0 => format!("fixed_size_list<{}>[{size}]", item(0)?),
            _ => format!("list<{}>", item(0)?),
        },
        "large_list" => format!("large_list<{}>", item(0)?),
        "struct" => {
            let fields = lens.sequence(*call.args.first()?)?;
            let fields: Option<Vec<String>> = fields.into_iter().map(|edge| field(lens, edge, level + 1)).collect();
            format!("struct<{}>", fields?.join(", "))
        }
        "map_" => {
            let part = |index: usize| match field(lens, *call.args.get(index)?, level + 1) {
                Some(field) => field.split_once(": ").map(|(_, name)| name.trim_end_matches(" not null").to_owned()),
                None => inner(index),
            };
            format!("map<{}, {}>", part(0)?, part(1)?)
        }
        name => {
            let numbers = call.args.iter().filter_map(|&edge| lens.int(edge));
            let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
            if numbers.is_empty() { name.to_owned() } else { format!("{name}({})", numbers.join(", ")) }
        }
    })
}

/// `field(name, type, nullable, metadata)`
fn field(lens: &Lens<'_>, edge: Edge, level: usize) -> Option<String> {
    let call = lens.call(edge.node())?;
    call.symbol.filter(|symbol| symbol.short_name() == "field")?;
    let &[name, of, ref rest @ ..] = &call.args[..] else { return None };
    let is_there = rest.first().is_some_and(|&nullable| lens.int(nullable) == Some(0));
    let not_null = if is_there { " not null" } else { "" };
    Some(format!("{}: {}{not_null}", lens.string(name)?, type_name(lens, of, level)?))
}

/// The values of an array of Arrow.
pub(super) fn vector<'a>(lens: &Lens<'a>, edge: Edge, level: usize) -> Result<Vector<'a>, String> {
    let unknown = || "an array of Arrow that is not understood".to_owned();
    let call = lens.call(edge.node()).ok_or_else(unknown)?;
    let state = match call.symbol.map(|symbol| symbol.short_name()) {
        Some("_restore_array") => call.args.first(),
        Some("chunked_array") => {
            let chunks = call.args.first().and_then(|&chunks| lens.sequence(chunks)).ok_or_else(unknown)?;
            return match chunks[..] {
                [chunk] if level < LEVELS => vector(lens, chunk, level + 1),
                _ => Err(format!("the values are in {} pieces", chunks.len())),
            };
        }
        _ => None,
    };
    restored(lens, *state.ok_or_else(unknown)?, level)
}

/// `(type, length, null count, offset, buffers, children, dictionary)`
fn restored<'a>(lens: &Lens<'a>, state: Edge, level: usize) -> Result<Vector<'a>, String> {
    let unknown = || "an array of Arrow that is not understood".to_owned();
    let state: Vec<Edge> = lens.graph.items(state.node()).take(8).collect();
    let &[kind, length, _, offset, buffers, _, ref rest @ ..] = &state[..] else { return Err(unknown()) };
    let kind = arrow_type(lens, kind).ok_or_else(unknown)?;
    let number = |edge| whole(lens, edge).and_then(|number| u64::try_from(number).ok()).ok_or_else(unknown);
    let (length, offset) = (number(length)?, number(offset)?);
    let buffers = lens.sequence(buffers).ok_or_else(unknown)?;
    let buffer = |index: usize| -> Result<Payload<'a>, String> {
        let edge = *buffers.get(index).ok_or_else(|| format!("buffer {index} is missing"))?;
        let call =
            lens.call(edge.node()).filter(|call| call.symbol.is_some_and(|symbol| symbol.short_name() == "py_buffer"));
        lens.payload_of(call.and_then(|call| call.args.first().copied()).unwrap_or(edge))
    };
    let is_null = |index: usize| buffers.get(index).is_none_or(|edge| lens.graph.node(edge.node()) == Node::None);
    let validity = if is_null(0) { None } else { Some(buffer(0)?) };
    let fixed = |code: &str| -> Result<Part<'a>, String> {
        let payload = buffer(1)?;
        let dtype = Dtype::from_code(code);
        // As many as there are; the length is a claim.
        let there = payload.at_most() / dtype.itemsize.max(1);
        let array = Array::new(**lens, dtype, vec![there], Order::C, Data::Bytes(payload));
        Part::of(array, 0).ok_or_else(unknown)
    };
    let values = match layout(&kind) {
        Layout::Bits => Buffers::Bits(buffer(1)?),
        Layout::Texts(code, is_text) => {
            let characters =
                if is_null(2) { Payload::plain(lens.source, crate::bytes::Span::new(0, 0), None) } else { buffer(2)? };
            Buffers::Texts(fixed(code)?, characters, is_text)
        }
        Layout::Fixed(code, meaning) => {
            let part = fixed(code)?;
            let len = part.len;
            let store = match meaning {
                Meaning::Number => Store::Plain(part),
                Meaning::Time(unit) => Store::Times(part, unit, kind.zone.clone()),
                Meaning::Duration(unit) => Store::Durations(part, unit),
                Meaning::Day => Store::Periods(part, Frequency::of_code("D").ok_or_else(unknown)?),
                Meaning::Code if level < LEVELS => {
                    let dictionary = rest.first().copied().ok_or_else(unknown)?;
                    Store::Codes(part, Rc::new(restored(lens, dictionary, level + 1)?))
                }
                Meaning::Code => return Err(unknown()),
            };
            Buffers::Fixed(Vector { lens: *lens, dtype: kind.name.clone(), node: None, store, len, missing: "<NA>" })
        }
        Layout::Other => return Err(format!("values of Arrow's type {} are not read", kind.name)),
    };
    let there = match &values {
        Buffers::Fixed(vector) => vector.len(),
        Buffers::Bits(payload) => payload.at_most().saturating_mul(8),
        Buffers::Texts(offsets, ..) => offsets.len.saturating_sub(1),
    };
    let len = length.min(there.saturating_sub(offset));
    let store = Store::Arrow(Rc::new(Arrow { validity, values, offset }), (len < length).then_some(length));
    Ok(Vector { lens: *lens, dtype: format!("{}[pyarrow]", kind.name), node: None, store, len, missing: "<NA>" })
}

enum Layout {
    Bits,
    /// The code of the offsets, and whether the bytes are text.
    Texts(&'static str, bool),
    Fixed(&'static str, Meaning),
    Other,
}

enum Meaning {
    Number,
    Time(Unit),
    Duration(Unit),
    Day,
    Code,
}

fn layout(kind: &ArrowType) -> Layout {
    let number = |code| Layout::Fixed(code, Meaning::Number);
    let duration = |unit| Layout::Fixed("<i8", Meaning::Duration(unit));
    if let Some(unit) = kind.unit {
        return Layout::Fixed("<i8", Meaning::Time(unit));
    }
    match kind.name.as_str() {
        "bool" => Layout::Bits,
        "int8" => number("i1"),
        "int16" => number("<i2"),
        "int32" => number("<i4"),
        "int64" => number("<i8"),
        "uint8" => number("u1"),
        "uint16" => number("<u2"),
        "uint32" => number("<u4"),
        "uint64" => number("<u8"),
        "halffloat" => number("<f2"),
        "float" => number("<f4"),
        "double" => number("<f8"),
        "date32[day]" => Layout::Fixed("<i4", Meaning::Day),
        "duration[s]" => duration(Unit::Second),
        "duration[ms]" => duration(Unit::Milli),
        "duration[us]" => duration(Unit::Micro),
        "duration[ns]" => duration(Unit::Nano),
        "string" => Layout::Texts("<i4", true),
        "large_string" => Layout::Texts("<i8", true),
        "binary" => Layout::Texts("<i4", false),
        "large_binary" => Layout::Texts("<i8", false),
        name if name.starts_with("dictionary<") => {
            let indices = name.split("indices=").nth(1).and_then(|rest| rest.split(',').next());
            let code = match indices {
                Some("int8") => "i1",
                Some("int16") => "<i2",
                Some("int32") => "<i4",
                Some("int64") => "<i8",
                Some("uint8") => "u1",
                Some("uint16") => "<u2",
                Some("uint32") => "<u4",
                Some("uint64") => "<u8",
                _ => return Layout::Other,
            };
            Layout::Fixed(code, Meaning::Code)
        }
        _ => Layout::Other,
    }
}

impl Arrow<'_> {
    /// Bits of a bitmap from one on.
    fn bits(payload: &Payload<'_>, first: u64, count: usize) -> Result<Vec<bool>, String> {
        let (from, to) = (first / 8, (first + count as u64).div_ceil(8));
        let bytes = payload.gather(&[from], to - from)?.into_iter().next().unwrap_or_default();
        let bit = |index: u64| bytes.get((index / 8 - from) as usize).map(|byte| byte >> (index % 8) & 1 == 1);
        Ok((first..first + count as u64).map_while(bit).collect())
    }

    /// Whether each value is there.
    fn present(&self, first: u64, count: usize) -> Result<Vec<bool>, String> {
        match &self.validity {
            Some(validity) => Self::bits(validity, self.offset + first, count),
            None => Ok(vec![true; count]),
        }
    }
}

impl Stored for Arrow<'_> {
    fn problem(&self) -> Option<String> {
        match &self.values {
            Buffers::Fixed(vector) => vector.problem(),
            _ => None,
        }
    }

    fn cells(&self, first: u64, count: usize, budget: usize) -> Result<Vec<TableValue>, String> {
        let at = self.offset.saturating_add(first);
        let mut cells = match &self.values {
            Buffers::Fixed(vector) => vector.cells(at, count, budget)?,
            Buffers::Bits(payload) => {
                let text = |bit| TableValue::number(if bit { "True" } else { "False" });
                Self::bits(payload, at, count)?.into_iter().map(text).collect()
            }
            Buffers::Texts(offsets, characters, is_text) => texts(offsets, characters, *is_text, at, count, budget)?,
        };
        for (cell, present) in cells.iter_mut().zip(self.present(first, count)?) {
            if !present {
                *cell = TableValue::missing("<NA>");
            }
        }
        Ok(cells)
    }

    fn values(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        let at = self.offset.saturating_add(first);
        let found = match &self.values {
            Buffers::Fixed(vector) => vector.values(at, count)?,
            Buffers::Bits(payload) => {
                let bits = Self::bits(payload, at, count)?;
                Values::Integers(bits.into_iter().map(|bit| Some(i128::from(bit))).collect())
            }
            Buffers::Texts(..) => return Ok(None),
        };
        let absent = self.present(first, count)?.into_iter().map(|present| !present);
        Ok(match found {
            Values::Floats(mut values) => {
                values.iter_mut().zip(absent).filter(|(_, absent)| *absent).for_each(|(value, _)| *value = f64::NAN);
                Some(Values::Floats(values))
            }
            Values::Integers(mut values) => {
                values.iter_mut().zip(absent).filter(|(_, absent)| *absent).for_each(|(value, _)| *value = None);
                Some(Values::Integers(values))
            }
            _ => None,
        })
    }
}

fn texts(
    offsets: &Part<'_>,
    characters: &Payload<'_>,
    is_text: bool,
    first: u64,
    count: usize,
    budget: usize,
) -> Result<Vec<TableValue>, String> {
    let ends = offsets.integers(first, count.saturating_add(1))?;
    let ends: Vec<u64> = ends.into_iter().map(|end| u64::try_from(end).unwrap_or(0)).collect();
    let (Some(&begin), Some(&end)) = (ends.first(), ends.last()) else { return Ok(Vec::new()) };
    let together = match end.checked_sub(begin) {
        Some(length) if length <= TOGETHER => Some(characters.gather(&[begin], length)?.concat()),
        _ => None,
    };
    let mut cells = Vec::new();
    for pair in ends.windows(2) {
        // A character takes four bytes at most.
        let wanted = pair[1].saturating_sub(pair[0]).min((budget as u64).saturating_add(1).saturating_mul(4));
        let bytes = match &together {
            Some(all) => {
                let place = |at: u64| usize::try_from(at.saturating_sub(begin)).unwrap_or(usize::MAX).min(all.len());
                let from = place(pair[0]);
                all[from..place(pair[0].saturating_add(wanted)).max(from)].to_vec()
            }
            None => characters.gather(&[pair[0]], wanted)?.concat(),
        };
        cells.push(text_value(&bytes, is_text, budget));
    }
    Ok(cells)
}

fn text_value(bytes: &[u8], is_text: bool, budget: usize) -> TableValue {
    if !is_text {
        let (text, is_cut) = opcode::repr_bytes_prefix(bytes, budget);
        return TableValue { text, kind: ValueKind::Object, is_cut, node: None };
    }
    let text = String::from_utf8_lossy(bytes);
    let (text, is_cut) = match text.char_indices().nth(budget) {
        Some((end, _)) => (text[..end].to_owned(), true),
        None => (text.into_owned(), false),
    };
    TableValue { text, kind: ValueKind::Text, is_cut, node: None }
}

/// Whether a class is one of the arrays over Arrow's.
pub(super) fn is_arrow(class: &str) -> bool {
    class.starts_with("Arrow") && class.contains("Array")
}
