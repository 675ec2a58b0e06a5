//! pandas' dtypes, as `str(dtype)` has them.
//!
//! Sources: `pandas/core/dtypes/dtypes.py`, `pandas/core/arrays/string_.py`, `integer.py` and its kin.

use super::is_pandas;
use super::period::Frequency;
use crate::graph::{Edge, Node};
use crate::lens::graph_view::Object;
use crate::lens::libraries::time_zones::{Zone, zone};
use crate::lens::numbers::{Dtype, Kind};
use crate::lens::recogniser::Lens;

/// What a dtype says about the values of its array.
#[derive(Clone, Debug)]
pub(super) enum Type {
    /// numpy's.
    Numpy(Dtype),
    /// Its categories.
    Category(Option<Edge>),
    /// A unit and a zone.
    Zoned(String, Zone),
    /// A frequency; its name when it is not understood.
    Period(Option<Frequency>, String),
    /// The dtype of the ends, and which of them belong to it.
    Interval(String, Option<String>),
    /// The dtype of the values, and what stands everywhere else.
    Sparse(Dtype, Option<Edge>),
    /// Text, with `nan` for what is missing instead of `<NA>`.
    Text(bool),
    /// Arrow's type.
    Arrow(String),
    /// Another one that is fully told by its name: `Int64`, `boolean`.
    Named(String),
}

impl Type {
    /// `str(dtype)`.
    pub(super) fn name(&self, lens: &Lens<'_>) -> String {
        match self {
            Self::Numpy(dtype) => numpy_name(dtype),
            Self::Category(_) => "category".to_owned(),
            Self::Zoned(unit, zone) => format!("datetime64[{unit}, {}]", zone.name()),
            Self::Period(_, name) => format!("period[{name}]"),
            Self::Interval(ends, Some(closed)) => format!("interval[{ends}, {closed}]"),
            Self::Interval(ends, None) => format!("interval[{ends}]"),
            Self::Sparse(dtype, fill) => {
                let fill = fill.map_or_else(|| "nan".to_owned(), |fill| fill_text(lens, fill));
                format!("Sparse[{}, {fill}]", numpy_name(dtype))
            }
            Self::Text(nan) => if *nan { "str" } else { "string" }.to_owned(),
            Self::Arrow(name) => format!("{name}[pyarrow]"),
            Self::Named(name) => name.clone(),
        }
    }
}

fn fill_text(lens: &Lens<'_>, fill: Edge) -> String {
    let found = super::object_text::value(lens, fill, 60);
    found.repr()
}

/// `str` of numpy's dtype: the name where the order of bytes is that of this century's machines.
pub(super) fn numpy_name(dtype: &Dtype) -> String {
    match dtype.kind {
        Kind::Text | Kind::Bytes | Kind::Void => dtype.code(),
        _ if dtype.big_endian && dtype.itemsize > 1 => dtype.code(),
        _ => dtype.name.clone(),
    }
}

/// The dtype that a value is.
pub(super) fn dtype(lens: &Lens<'_>, edge: Edge) -> Option<Type> {
    let Some(object) = lens.object(edge.node()).filter(|object| is_pandas(object.class)) else {
        return lens.dtype(edge).map(Type::Numpy);
    };
    let text = |edge: Option<Edge>| edge.and_then(|edge| lens.string(edge));
    let numpy = |edge: Option<Edge>| edge.and_then(|edge| lens.dtype(edge));
    Some(match object.class.short_name() {
        "CategoricalDtype" => {
            let categories = object.attribute("categories").or_else(|| object.attribute("_categories"));
            Type::Category(categories.filter(|&edge| !lens.is_none(edge)))
        }
        "DatetimeTZDtype" => {
            let unit = text(object.attribute("unit").or_else(|| object.attribute("_unit")));
            let tz = object.attribute("tz").or_else(|| object.attribute("_tz"));
            let zone = tz.map_or(Zone::Naive, |tz| zone(lens, tz));
            Type::Zoned(unit.unwrap_or_else(|| "ns".to_owned()), zone)
        }
        "PeriodDtype" => {
            let (frequency, name) = period(lens, &object)?;
            Type::Period(frequency, name)
        }
        "IntervalDtype" => {
            let ends = object.attribute("subtype").or_else(|| object.attribute("_subtype"));
            let ends = ends.and_then(|edge| inner_name(lens, edge)).unwrap_or_else(|| "?".to_owned());
            Type::Interval(ends, text(object.attribute("closed").or_else(|| object.attribute("_closed"))))
        }
        "SparseDtype" => Type::Sparse(numpy(object.attribute("_dtype"))?, object.attribute("_fill_value")),
        "StringDtype" => {
            let missing = object.args.get(1).copied().or_else(|| object.attribute("_na_value"));
            let is_nan = |edge: Edge| matches!(lens.graph.node(edge.node()), Node::Float(number) if number.is_nan());
            // The storage that pandas 2.1 and 2.2 have for it.
            let storage = object.args.first().copied().or_else(|| object.attribute("storage"));
            let is_of_numpy = storage.and_then(|edge| lens.string(edge)).is_some_and(|name| name == "pyarrow_numpy");
            Type::Text(is_of_numpy || missing.is_some_and(is_nan))
        }
        "ArrowDtype" => {
            let inner = object.attribute("pyarrow_dtype").or_else(|| object.args.first().copied());
            let inner = inner.and_then(|edge| super::arrow::arrow_type(lens, edge));
            Type::Arrow(inner.map_or_else(|| "?".to_owned(), |inner| inner.name))
        }
        "NumpyEADtype" | "PandasDtype" => Type::Numpy(numpy(object.attribute("_dtype"))?),
        "BooleanDtype" => Type::Named("boolean".to_owned()),
        name => Type::Named(name.strip_suffix("Dtype")?.to_owned()),
    })
}

/// The name of the dtype of an interval's ends: numpy's, or one with a zone.
fn inner_name(lens: &Lens<'_>, edge: Edge) -> Option<String> {
    match dtype(lens, edge)? {
        found @ (Type::Numpy(_) | Type::Zoned(..)) => Some(found.name(lens)),
        _ => None,
    }
}

/// `PeriodDtype('period[M]')`, with an offset before pandas 2, as an attribute before 1.0.
fn period(lens: &Lens<'_>, object: &Object<'_>) -> Option<(Option<Frequency>, String)> {
    let freq = object.args.first().copied().or_else(|| object.attribute("freq"))?;
    let code = match lens.string(freq) {
        Some(name) => name.strip_prefix("period[").and_then(|name| name.strip_suffix(']')).unwrap_or(&name).to_owned(),
        None => super::period::offset_code(lens, freq)?,
    };
    Some((Frequency::of_code(&code), code))
}

/// What is shown for a missing value of such an array.
pub(super) fn missing_text(found: &Type) -> &'static str {
    match found {
        Type::Text(true) => "nan",
        Type::Zoned(..) | Type::Period(..) => "NaT",
        Type::Named(_) | Type::Arrow(_) | Type::Text(false) => "<NA>",
        _ => "nan",
    }
}
