//! numpy's arrays, scalars and dtypes by name and shape. The numbers of arrays are not read here yet.
//!
//! Sources: `numpy/_core/src/multiarray/methods.c` (`array_reduce`, `array_setstate`), `descriptor.c` (`arraydescr_reduce`,
//! `arraydescr_setstate`), `scalartypes.c.src` (`gentype_reduce`).

use super::reader::{Call, Lens};
use super::shape::{Shape, ShapeKind};
use super::{Part, ScalarKind, numpy_scalar};
use crate::graph::{Edge, Node, Symbol};

/// What makes a `StringDType` (`numpy/_core/_internal.py`).
const STRING_DTYPE: &str = "_convert_to_stringdtype_kwargs";

/// The shape of a call of numpy, when it is one of its constructors.
pub(super) fn read(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    match symbol.name.as_str() {
        "_reconstruct" => reconstructed(lens, call),
        "_mareconstruct" => masked(lens, call),
        "_frombuffer" => from_buffer(lens, call),
        "scalar" => scalar(lens, call),
        "dtype" | STRING_DTYPE => {
            let name = dtype_of_call(lens, call)?;
            let mut parts = lens.added_parts(call.id);
            if symbol.name == STRING_DTYPE {
                parts.extend(lens.argument_parts(call));
            }
            Some(Shape::named(ShapeKind::Instance, "numpy", "dtype", parts).with_text(name))
        }
        _ => None,
    }
}

/// `_reconstruct(class, (0,), b'b')` and BUILD `(version, shape, dtype, is_fortran, data)`.
fn reconstructed(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let class = lens.symbol(*call.args.first()?)?;
    let state = lens.states(call.id).next()?;
    let state: Vec<Edge> = lens.graph.items(state.node()).collect();
    let (&[shape, dtype, fortran, data], []) = state.get(1..)?.split_first_chunk::<4>()? else { return None };
    let mut parts = vec![Part::named("shape", shape), Part::named("dtype", dtype)];
    parts.push(Part::role("in Fortran order", fortran));
    parts.push(Part::named("data", data));
    let text = format!("{} {}", dtype_name(lens, dtype)?, shape_text(lens, shape)?);
    Some(Shape::named(ShapeKind::Instance, &class.module, &class.name, parts).with_text(text))
}

/// `_mareconstruct(class, base, (0,), 'b')` and BUILD `(version, shape, dtype, is_fortran, data, mask, fill value)`.
fn masked(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let class = lens.symbol(*call.args.first()?)?;
    let state = lens.states(call.id).next()?;
    let state: Vec<Edge> = lens.graph.items(state.node()).collect();
    let &[_, shape, dtype, fortran, data, mask, fill] = &state[..] else { return None };
    let parts = vec![
        Part::named("shape", shape),
        Part::named("dtype", dtype),
        Part::role("in Fortran order", fortran),
        Part::named("data", data),
        Part::named("mask", mask),
        Part::named("fill_value", fill),
    ];
    let text = format!("{} {}", dtype_name(lens, dtype)?, shape_text(lens, shape)?);
    Some(Shape::named(ShapeKind::Instance, &class.module, &class.name, parts).with_text(text))
}

/// `_frombuffer(buffer, dtype, shape, order)` of protocol 5.
fn from_buffer(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[data, dtype, shape, order] = &call.args[..] else { return None };
    let parts = vec![
        Part::named("shape", shape),
        Part::named("dtype", dtype),
        Part::role("order", order),
        Part::named("data", data),
    ];
    let text = format!("{} {}", dtype_name(lens, dtype)?, shape_text(lens, shape)?);
    Some(Shape::named(ShapeKind::Instance, "numpy", "ndarray", parts).with_text(text))
}

fn scalar(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[dtype, bytes] = &call.args[..] else { return None };
    let name = dtype_name(lens, dtype)?;
    let bytes = lens.bytes_of(bytes)?;
    let (kind, text) = numpy_scalar::read(&name, is_big_endian(lens, dtype), &bytes, lens.limits.preview)?;
    let type_name = match (kind, name.chars().next()) {
        (ScalarKind::Text, Some('U')) => "str_",
        (ScalarKind::Text, _) => "bytes_",
        _ => name.as_str(),
    };
    Some(Shape::named(ShapeKind::Scalar(kind), "numpy", type_name, Vec::new()).with_text(text))
}

fn shape_text(lens: &Lens<'_>, shape: Edge) -> Option<String> {
    if lens.graph.node(shape.node()) != Node::Tuple {
        return None;
    }
    let sizes: Vec<String> = lens.graph.items(shape.node()).take(65).map(|edge| lens.inline(edge)).collect();
    Some(match &sizes[..] {
        [one] => format!("({one},)"),
        more => format!("({})", more.join(", ")),
    })
}

/// The name of the dtype that an edge leads to.
fn dtype_name(lens: &Lens<'_>, dtype: Edge) -> Option<String> {
    match lens.call(dtype.node()) {
        Some(call) => dtype_of_call(lens, &call),
        None => lens.symbol(dtype).map(|symbol| symbol.short_name().to_owned()),
    }
}

fn dtype_of_call(lens: &Lens<'_>, call: &Call<'_>) -> Option<String> {
    let symbol = call.symbol?;
    if symbol.name == STRING_DTYPE {
        return Some("StringDType".to_owned());
    }
    if symbol.name != "dtype" {
        // DType classes of numpy 2, StringDType say.
        return symbol.name.ends_with("DType").then(|| symbol.short_name().to_owned());
    }
    let state: Vec<Edge> = match lens.states(call.id).next() {
        Some(state) => lens.graph.items(state.node()).take(9).collect(),
        None => Vec::new(),
    };
    if let Some(names) = state.get(3).filter(|names| lens.graph.node(names.node()) == Node::Tuple) {
        return Some(format!("structured [{}]", field_names(lens, *names)));
    }
    let &class = call.args.first()?;
    let name = match lens.symbol(class) {
        // `dtype(numpy.record)` instead of a code.
        Some(symbol) => symbol.short_name().to_owned(),
        None => plain_name(&lens.string(class)?),
    };
    let unit = state.get(8).filter(|_| name.ends_with("64")).and_then(|&metadata| time_unit(lens, metadata));
    Some(match unit {
        Some(unit) => format!("{name}[{unit}]"),
        None => name,
    })
}

/// The first names of the fields, as they are.
fn field_names(lens: &Lens<'_>, names: Edge) -> String {
    const SHOWN: usize = 4;
    let items = lens.graph.items(names.node());
    let more = items.len().saturating_sub(SHOWN);
    let name = |edge| lens.string(edge).map_or_else(|| lens.inline(edge), |name| name.chars().take(24).collect());
    let mut names: Vec<String> = items.take(SHOWN).map(name).collect();
    if more > 0 {
        names.push(format!("… {more} more"));
    }
    names.join(", ")
}

/// The unit of a date: version 4 of the state ends with `(metadata, (unit, number, denominator, event))`.
fn time_unit(lens: &Lens<'_>, metadata: Edge) -> Option<String> {
    let &[_, unit] = &lens.graph.items(metadata.node()).collect::<Vec<_>>()[..] else { return None };
    let &[unit, number, ..] = &lens.graph.items(unit.node()).collect::<Vec<_>>()[..] else { return None };
    let unit = match lens.bytes_of(unit) {
        Some(bytes) => String::from_utf8(bytes).ok()?,
        None => lens.string(unit)?,
    };
    let known = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "μs", "ns", "ps", "fs", "as"].contains(&unit.as_str());
    match lens.int(number)? {
        1 if known => Some(unit),
        number if known => Some(format!("{number}{unit}")),
        _ => None,
    }
}

/// `f8` is float64: the letter is the kind, the number the bytes.
fn plain_name(code: &str) -> String {
    let code = code.trim_start_matches(['<', '>', '=', '|']);
    let bits = || code.get(1..).and_then(|size| size.parse::<u32>().ok()).map(|size| size.saturating_mul(8));
    match (code.chars().next(), bits()) {
        (Some('f'), Some(bits)) => format!("float{bits}"),
        (Some('i'), Some(bits)) => format!("int{bits}"),
        (Some('u'), Some(bits)) => format!("uint{bits}"),
        (Some('c'), Some(bits)) => format!("complex{bits}"),
        (Some('b'), _) => "bool".to_owned(),
        (Some('O'), _) => "object".to_owned(),
        (Some('M'), _) => "datetime64".to_owned(),
        (Some('m'), _) => "timedelta64".to_owned(),
        _ => code.to_owned(),
    }
}

fn is_big_endian(lens: &Lens<'_>, dtype: Edge) -> bool {
    let order = || {
        let call = lens.call(dtype.node())?;
        let state = lens.states(call.id).next()?;
        lens.string(lens.graph.items(state.node()).nth(1)?)
    };
    order().is_some_and(|order| order == ">")
}
