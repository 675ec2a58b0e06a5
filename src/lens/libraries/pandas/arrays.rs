//! The arrays of pandas, whichever way they were written.
//!
//! Sources: `pandas/_libs/arrays.pyx` (`NDArrayBacked`), `pandas/_libs/interval.pyx` (`IntervalMixin`),
//! `pandas/core/arrays/masked.py`, `categorical.py`, `interval.py`, `string_.py`.

use super::dtypes::{Type, missing_text};
use super::index::{Index, array_freq, is_index, name_text, range};
use super::object_text::{TableValue, value};
use super::period::{Frequency, offset_code};
use super::scalars::whole;
use super::sparse::Sparse;
use super::vector::{Part, Store, Vector};
use super::{LEVELS, arrow, dtypes, is_pandas};
use crate::graph::{Edge, Node, NodeId};
use crate::lens::graph_view::Object;
use crate::lens::libraries::time_zones::{Zone, zone};
use crate::lens::numbers::{Array, Data, Kind, Unit};
use crate::lens::recogniser::Lens;
use std::rc::Rc;

/// Levels of an index that are read.
const DEPTH: usize = 64;
/// Characters of the value that a sparse array is filled with.
const FILL: usize = 100;

/// The values of an array of pandas or numpy, or of an index: all, or a row of two dimensions.
pub(super) fn vector<'a>(lens: &Lens<'a>, edge: Edge, row: u64, level: usize) -> Vector<'a> {
    if level > LEVELS {
        return Vector::missing(*lens, "?", "arrays in arrays in arrays");
    }
    let mut found = if let Some(found) = old_sparse(lens, edge) {
        found
    } else if let Some(array) = lens.array(edge.node()) {
        plain(lens, array, row)
    } else {
        match lens.object(edge.node()) {
            Some(object) => extension(lens, &object, row, level),
            None => Vector::missing(*lens, "?", "the values are no array"),
        }
    };
    found.node = Some(edge.node());
    found
}

/// An array of numpy: its own dtypes for moments and durations are pandas' as well.
fn plain<'a>(lens: &Lens<'a>, array: Array<'a>, row: u64) -> Vector<'a> {
    let dtype = dtypes::numpy_name(&array.dtype);
    let (kind, unit) = (array.dtype.kind, Unit::of(&array.dtype.unit));
    let Some(part) = Part::of(array, row) else { return no_row(lens, dtype, row) };
    let len = part.len;
    let (store, missing) = match (kind, unit) {
        _ if matches!(part.array.data, Data::Items(_)) => (Store::Plain(part), "nan"),
        (Kind::Datetime, Some(unit)) => (Store::Times(part, unit, Zone::Naive), "NaT"),
        (Kind::Timedelta, Some(unit)) => (Store::Durations(part, unit), "NaT"),
        _ => (Store::Plain(part), "nan"),
    };
    Vector { lens: *lens, dtype, node: None, store, len, missing }
}

fn no_row<'a>(lens: &Lens<'a>, dtype: String, row: u64) -> Vector<'a> {
    Vector::missing(*lens, dtype, format!("the block has no row {row}"))
}

/// An extension array: an instance whose attributes or state have its parts.
fn extension<'a>(lens: &Lens<'a>, object: &Object<'a>, row: u64, level: usize) -> Vector<'a> {
    let class = object.class.short_name();
    if is_pandas(object.class) && is_index(class, object) {
        return match read_index(lens, object.node, level + 1) {
            Some(index) => index.into_vector(lens),
            None => Vector::missing(*lens, "?", "an index that is not understood"),
        };
    }
    let parts = Parts::of(lens, object);
    let dtype = parts.dtype.and_then(|edge| dtypes::dtype(lens, edge));
    let name = dtype.as_ref().map_or_else(|| parts.class(object), |dtype| dtype.name(lens));
    if arrow::is_arrow(&parts.class(object)) {
        return of_arrow(lens, object, dtype.as_ref(), name, level);
    }
    let understood = || match parts.class(object).as_str() {
        "IntervalArray" => intervals(lens, object, dtype.as_ref(), &parts, level),
        "SparseArray" => sparse(lens, object, dtype.as_ref()),
        _ => backed(lens, object, dtype.as_ref(), &parts, row, level),
    };
    let mut found = understood().unwrap_or_else(|| {
        Vector::missing(*lens, name.clone(), format!("values of {} are not read", parts.class(object)))
    });
    found.dtype = if found.dtype.is_empty() { name } else { found.dtype };
    found
}

/// An array over one of Arrow; text of Arrow has a dtype of its own.
fn of_arrow<'a>(lens: &Lens<'a>, object: &Object<'a>, dtype: Option<&Type>, name: String, level: usize) -> Vector<'a> {
    let data = object.attribute("_pa_array").or_else(|| object.attribute("_data"));
    let found = match data {
        Some(data) => arrow::vector(lens, data, level + 1),
        None => Err("there is no array of Arrow in it".to_owned()),
    };
    let mut found = match found {
        Ok(found) => found,
        Err(reason) => return Vector::missing(*lens, name, reason),
    };
    if let Some(dtype) = dtype {
        (found.dtype, found.missing) = (name, missing_text(dtype));
    }
    found
}

/// What an array says of itself.
struct Parts<'a> {
    /// Its class, when a function made it.
    class: Option<&'a str>,
    dtype: Option<Edge>,
    /// The array under it.
    data: Option<Edge>,
    mask: Option<Edge>,
    /// Attributes in a state that is no dict.
    more: Option<Edge>,
}

impl<'a> Parts<'a> {
    fn of(lens: &Lens<'a>, object: &Object<'a>) -> Self {
        const DATA: [&str; 4] = ["_ndarray", "_data", "_codes", "data"];
        let get = |names: &[&str]| names.iter().find_map(|name| object.attribute(name));
        let mut parts =
            Self { class: None, dtype: get(&["_dtype", "dtype"]), data: get(&DATA), mask: get(&["_mask"]), more: None };
        // `__pyx_unpickle_…(class, checksum, None)` and BUILD of a tuple, in the order of Cython or the other way round.
        let is_cython = object.class.short_name().starts_with("__pyx_unpickle_");
        if is_cython {
            parts.class = object.args.first().and_then(|&class| lens.symbol(class)).map(|class| class.short_name());
        }
        // An array of another package has its values in whatever state it likes.
        if is_cython || (parts.data.is_none() && !is_pandas(object.class)) {
            let state = object.state().filter(|state| lens.graph.node(state.node()) == Node::Tuple);
            for edge in state.into_iter().flat_map(|state| lens.graph.items(state.node()).take(4)) {
                match lens.graph.node(edge.node()) {
                    Node::Dict => parts.more = Some(edge),
                    _ if lens.array(edge.node()).is_some() => parts.data = Some(edge),
                    _ if is_cython => parts.dtype = parts.dtype.or(Some(edge)),
                    _ => {}
                }
            }
        }
        // `({'_data': …, '_dtype': …},)` before pandas 1.3.
        if let Some(more) = parts.more {
            let get = |names: &[&str]| names.iter().find_map(|name| lens.value_of(more, name));
            parts.data = parts.data.or_else(|| get(&DATA));
            parts.dtype = parts.dtype.or_else(|| get(&["_dtype", "dtype"]));
        }
        parts
    }

    fn class(&self, object: &Object<'a>) -> String {
        self.class.unwrap_or_else(|| object.class.short_name()).to_owned()
    }

    fn attribute(&self, lens: &Lens<'a>, object: &Object<'a>, name: &str) -> Option<Edge> {
        object.attribute(name).or_else(|| lens.value_of(self.more?, name))
    }
}

/// Arrays that are one of numpy with a meaning: moments, categories, text, nullable numbers.
fn backed<'a>(
    lens: &Lens<'a>,
    object: &Object<'a>,
    dtype: Option<&Type>,
    parts: &Parts<'a>,
    row: u64,
    level: usize,
) -> Option<Vector<'a>> {
    let array = lens.array(parts.data?.node())?;
    let own = array.dtype.clone();
    let Some(part) = Part::of(array, row) else { return Some(no_row(lens, String::new(), row)) };
    let unit = || Unit::of(&own.unit);
    let (len, class) = (part.len, parts.class(object));
    let mut name = String::new();
    let store = match (class.as_str(), dtype) {
        ("Categorical", Some(Type::Category(categories))) => {
            let categories = match categories {
                Some(edge) => vector(lens, *edge, 0, level + 1),
                None => Vector::missing(*lens, "?", "there are no categories"),
            };
            Store::Codes(part, Rc::new(categories))
        }
        (_, Some(Type::Zoned(unit, zone))) => Store::Times(part, Unit::of(unit)?, zone.clone()),
        ("PeriodArray", Some(Type::Period(Some(frequency), _))) => Store::Periods(part, frequency.clone()),
        ("DatetimeArray", _) => {
            let unit = unit().unwrap_or(Unit::Nano);
            Store::Times(part, unit, Zone::Naive)
        }
        ("TimedeltaArray", _) => Store::Durations(part, unit().unwrap_or(Unit::Nano)),
        _ => match parts.mask.and_then(|mask| Part::of(lens.array(mask.node())?, row)) {
            Some(mask) => {
                name = if dtype.is_none() { nullable_name(&own.name) } else { String::new() };
                Store::Masked(part, mask)
            }
            None => Store::Plain(part),
        },
    };
    let missing = match (&store, dtype) {
        (Store::Masked(..), _) => "<NA>",
        (Store::Times(..) | Store::Durations(..) | Store::Periods(..), _) => "NaT",
        (_, Some(dtype)) => missing_text(dtype),
        _ => "nan",
    };
    if name.is_empty() && dtype.is_none() {
        name = if is_pandas(object.class) { dtypes::numpy_name(&own) } else { class };
    }
    Some(Vector { lens: *lens, dtype: name, node: None, store, len, missing })
}

/// The nullable dtype over one of numpy: `Int64` over `int64`.
fn nullable_name(own: &str) -> String {
    match own {
        "bool" => "boolean".to_owned(),
        _ if own.starts_with("uint") => own.replace("uint", "UInt"),
        _ => own.replace("int", "Int").replace("float", "Float"),
    }
}

fn intervals<'a>(
    lens: &Lens<'a>,
    object: &Object<'a>,
    dtype: Option<&Type>,
    parts: &Parts<'a>,
    level: usize,
) -> Option<Vector<'a>> {
    let of_state = |name: &str| {
        // `({'_left': …},)`
        let state = object.state()?;
        let inner = lens.graph.items(state.node()).next();
        parts.attribute(lens, object, name).or_else(|| lens.value_of(inner?, name))
    };
    let (left, right) =
        (vector(lens, of_state("_left")?, 0, level + 1), vector(lens, of_state("_right")?, 0, level + 1));
    let own = of_state("_dtype").and_then(|edge| dtypes::dtype(lens, edge));
    let closed = match dtype.or(own.as_ref()) {
        Some(Type::Interval(_, Some(closed))) => closed.clone(),
        _ => of_state("_closed").and_then(|edge| lens.string(edge)).unwrap_or_else(|| "right".to_owned()),
    };
    let name = own.as_ref().map_or_else(String::new, |own| own.name(lens));
    Some(interval_vector(lens, left, right, closed, name))
}

/// Intervals of two rows of ends.
fn interval_vector<'a>(
    lens: &Lens<'a>,
    left: Vector<'a>,
    right: Vector<'a>,
    closed: String,
    name: String,
) -> Vector<'a> {
    let dtype = if name.is_empty() { format!("interval[{}, {closed}]", left.dtype) } else { name };
    let len = left.len().min(right.len());
    let store = Store::Intervals(Rc::new(left), Rc::new(right), closed);
    Vector { lens: *lens, dtype, node: None, store, len, missing: "nan" }
}

fn sparse<'a>(lens: &Lens<'a>, object: &Object<'a>, dtype: Option<&Type>) -> Option<Vector<'a>> {
    let stored = plain(lens, lens.array(object.attribute("_sparse_values")?.node())?, 0);
    let fill = match dtype {
        Some(Type::Sparse(_, Some(fill))) => value(lens, *fill, FILL),
        _ => object.attribute("_fill_value").map_or_else(|| TableValue::missing("nan"), |fill| value(lens, fill, FILL)),
    };
    sparse_vector(lens, object.attribute("_sparse_index")?, stored, fill, String::new())
}

fn sparse_vector<'a>(
    lens: &Lens<'a>,
    index: Edge,
    stored: Vector<'a>,
    fill: TableValue,
    dtype: String,
) -> Option<Vector<'a>> {
    let (sparse, len) = Sparse::of(lens, index, stored, fill)?;
    Some(Vector { lens: *lens, dtype, node: None, store: Store::Sparse(Rc::new(sparse)), len, missing: "nan" })
}

/// A sparse array before pandas 0.24: an array of numpy with the stored values, whose state goes on with
/// `(fill value, index)` (`pandas/core/sparse/array.py`, `__reduce__`).
fn old_sparse<'a>(lens: &Lens<'a>, edge: Edge) -> Option<Vector<'a>> {
    let call = lens.call(edge.node())?;
    call.symbol.filter(|symbol| symbol.name == "_reconstruct")?;
    lens.symbol(*call.args.first()?).filter(|class| is_pandas(class) && class.name == "SparseArray")?;
    let state: Vec<Edge> = lens.graph.items(lens.states(call.id).next()?.node()).take(3).collect();
    let own: Vec<Edge> = lens.graph.items(state.get(1)?.node()).take(3).collect();
    let &[fill, index, ..] = &own[..] else { return None };
    let stored = plain(lens, lens.array(edge.node())?, 0);
    let dtype = stored.dtype.clone();
    sparse_vector(lens, index, stored, value(lens, fill, FILL), dtype)
}

/// Ordinals of a frequency, as old indexes of periods have them.
fn period_vector<'a>(lens: &Lens<'a>, data: Edge, frequency: Frequency) -> Option<Vector<'a>> {
    let part = Part::of(lens.array(data.node())?, 0)?;
    let (dtype, len) = (format!("period[{}]", frequency.code), part.len);
    let store = Store::Periods(part, frequency);
    Some(Vector { lens: *lens, dtype, node: None, store, len, missing: "NaT" })
}

/// The index that a value is.
pub(super) fn read_index<'a>(lens: &Lens<'a>, node: NodeId, level: usize) -> Option<Index<'a>> {
    let object = lens.object(node).filter(|object| is_pandas(object.class))?;
    let function = object.class.short_name();
    if level > LEVELS || !(function.starts_with("_new_") && function.ends_with("Index")) {
        return None;
    }
    // `_new_Index(class, {name: value})`; a subclass may stand in its place.
    let &[class, dict, ..] = &object.args[..] else { return None };
    let class = lens.symbol(class)?.short_name().to_owned();
    let entries = lens.small_dict(dict);
    let get = |name: &str| {
        let found = entries.iter().rev().find(|(key, _)| key == name).map(|&(_, value)| value);
        found.filter(|&edge| !lens.is_none(edge))
    };
    let name = get("name").map_or_else(String::new, |name| name_text(lens, name));
    let mut freq = get("freq").and_then(|freq| offset_code(lens, freq).or_else(|| lens.string(freq)));
    let one = |labels: Vector<'a>| vec![(name.clone(), labels)];
    let levels = if let Some(levels) = get("levels") {
        // A level of an index, or values of a block, are no index of several levels: such would multiply.
        if level > 0 {
            return None;
        }
        multi(lens, levels, get("codes").or_else(|| get("labels"))?, get("names"), level)
    } else if let Some(stop) = get("stop") {
        let number = |name: &str, otherwise| get(name).map_or(Some(otherwise), |edge| whole(lens, edge));
        let stop = whole(lens, stop)?;
        one(range(lens, number("start", 0)?, stop, number("step", 1)?)?)
    } else if let (Some(left), Some(right)) = (get("left"), get("right")) {
        let closed = get("closed").and_then(|edge| lens.string(edge)).unwrap_or_else(|| "right".to_owned());
        let ends = [left, right].map(|end| vector(lens, end, 0, level + 1));
        let [left, right] = ends;
        one(interval_vector(lens, left, right, closed, String::new()))
    } else {
        let data = get("data")?;
        freq = freq.or_else(|| array_freq(lens, data));
        let mut labels = vector(lens, data, 0, level + 1);
        if let (Store::Times(part, unit, Zone::Naive), Some(tz)) = (&labels.store, get("tz")) {
            let zone = zone(lens, tz);
            labels.dtype = format!("datetime64[ns, {}]", zone.name());
            labels.store = Store::Times(part.clone(), *unit, zone);
        }
        if let (Store::Plain(_), "PeriodIndex", Some(code)) = (&labels.store, class.as_str(), &freq) {
            labels = period_vector(lens, data, Frequency::of_code(code)?)?;
        }
        one(labels)
    };
    let len = levels.iter().map(|(_, labels)| labels.len()).min().unwrap_or(0);
    Some(Index { node, class, levels, freq, len })
}

fn multi<'a>(
    lens: &Lens<'a>,
    levels: Edge,
    codes: Edge,
    names: Option<Edge>,
    level: usize,
) -> Vec<(String, Vector<'a>)> {
    let items = |edge: Edge| lens.sequence(edge).unwrap_or_default();
    let (codes, names) = (items(codes), names.map(items).unwrap_or_default());
    let mut found = Vec::new();
    for (number, labels) in items(levels).into_iter().take(DEPTH).enumerate() {
        let name = names.get(number).map_or_else(String::new, |&name| name_text(lens, name));
        let labels = vector(lens, labels, 0, level + 1);
        let part = codes.get(number).and_then(|codes| Part::of(lens.array(codes.node())?, 0));
        let vector = match part {
            Some(part) => Vector {
                lens: *lens,
                dtype: labels.dtype.clone(),
                node: labels.node,
                len: part.len,
                missing: labels.missing,
                store: Store::Codes(part, Rc::new(labels)),
            },
            None => Vector::missing(*lens, labels.dtype, format!("level {number} has no codes")),
        };
        found.push((name, vector));
    }
    found
}
