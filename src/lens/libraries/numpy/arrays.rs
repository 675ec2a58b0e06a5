//! numpy's arrays, scalars and dtypes.
//!
//! Sources: `numpy/_core/src/multiarray/methods.c` (`array_reduce`, `array_setstate`), `scalartypes.c.src`
//! (`gentype_reduce`), `numpy/_core/numeric.py` (`_frombuffer`), `numpy/ma/core.py` (`MaskedArray.__reduce__`).

use super::{polynomial, random, versions};
use crate::format::numpy::STRING_DTYPE;
use crate::graph::{Edge, Symbol};
use crate::lens::graph_view::{Call, Part, Shape, ShapeKind};
use crate::lens::numbers::{Array, Data, Dtype, Kind, Order, element};
use crate::lens::recogniser::{Found, Lens, Library};

/// Arrays, scalars, dtypes, generators of random numbers and polynomials.
pub(in crate::lens) const LIBRARY: Library = Library {
    packages: &["numpy"],
    shape: Some(read),
    text: Some(polynomial::text),
    array: Some(array),
    versions: &[("numpy", versions::look)],
    ..Library::NOTHING
};

/// The shape of a call of numpy, when it is one of its constructors.
fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let symbol = call.symbol?;
    if let Some(shape) = random::read(lens, call, symbol) {
        return Some(shape);
    }
    match symbol.name.as_str() {
        "scalar" => scalar(lens, call),
        "_ufunc_reconstruct" => ufunc(lens, call),
        "dtype" | STRING_DTYPE => {
            let name = lens.dtype(Edge::to(call.id))?.name;
            let mut parts = lens.added_parts(call.id);
            if symbol.name == STRING_DTYPE {
                parts.extend(lens.argument_parts(call));
            }
            Some(Shape::named(ShapeKind::Instance, "numpy", "dtype", parts).with_text(name))
        }
        _ => array_shape(lens, &Pieces::of(lens, call, symbol)?),
    }
}

/// The array that a call of numpy makes.
fn array<'a>(lens: &Lens<'a>, call: &Call<'a>, symbol: &Symbol) -> Option<Found<'a>> {
    let pieces = Pieces::of(lens, call, symbol)?;
    let is_fortran = match lens.string(pieces.order) {
        Some(letter) => letter == "F",
        None => lens.int(pieces.order)? != 0,
    };
    let order = if is_fortran { Order::Fortran } else { Order::C };
    let mut array =
        Array::new(**lens, lens.dtype(pieces.dtype)?, lens.sizes(pieces.shape)?, order, lens.data_of(pieces.data));
    if let Some((mask, _)) = pieces.mask
        && let Data::Bytes(mask) = lens.data_of(mask)
    {
        array.mask = Some(mask);
    }
    Some(array.into())
}

/// What an array is made of, by whichever route.
struct Pieces<'a> {
    /// The class, when it is not plainly `numpy.ndarray`.
    class: Option<&'a Symbol>,
    shape: Edge,
    dtype: Edge,
    /// Whether the order is Fortran's, or the letter of the order.
    order: Edge,
    data: Edge,
    /// The mask, and what stands for masked elements.
    mask: Option<(Edge, Edge)>,
    /// What a subclass adds to the state.
    more: Vec<Edge>,
}

impl<'a> Pieces<'a> {
    fn of(lens: &Lens<'a>, call: &Call<'_>, symbol: &Symbol) -> Option<Self> {
        // `_frombuffer(buffer, dtype, shape, order)` of protocol 5.
        if symbol.name == "_frombuffer" {
            let &[data, dtype, shape, order] = &call.args[..] else { return None };
            return Some(Self { class: None, shape, dtype, order, data, mask: None, more: Vec::new() });
        }
        let class = Some(lens.symbol(*call.args.first()?)?);
        let state: Vec<Edge> = lens.graph.items(lens.states(call.id).next()?.node()).collect();
        match (symbol.name.as_str(), &state[..]) {
            // `_reconstruct(class, (0,), b'b')` and BUILD `(version, shape, dtype, is_fortran, data)`.
            ("_reconstruct", &[_, shape, dtype, order, data, ref more @ ..]) => {
                Some(Self { class, shape, dtype, order, data, mask: None, more: more.to_vec() })
            }
            // `_mareconstruct(class, base, (0,), 'b')` and BUILD `(version, shape, dtype, is_fortran, data, mask, fill value)`.
            ("_mareconstruct", &[_, shape, dtype, order, data, mask, fill]) => {
                let mask = Some((mask, fill));
                Some(Self { class, shape, dtype, order, data, mask, more: Vec::new() })
            }
            _ => None,
        }
    }
}

fn array_shape(lens: &Lens<'_>, pieces: &Pieces<'_>) -> Option<Shape> {
    let (module, name) = pieces.class.map_or(("numpy", "ndarray"), |class| (&class.module, &class.name));
    let order = if pieces.class.is_some() { "in Fortran order" } else { "order" };
    let mut parts = vec![
        Part::named("shape", pieces.shape),
        Part::named("dtype", pieces.dtype),
        Part::role(order, pieces.order),
        Part::named("data", pieces.data),
    ];
    if let Some((mask, fill)) = pieces.mask {
        parts.extend([Part::named("mask", mask), Part::named("fill_value", fill)]);
    }
    parts.extend(pieces.more.iter().enumerate().map(|(i, &edge)| Part::role(format!("state {}", i + 5), edge)));
    let text = format!("{} {}", lens.dtype(pieces.dtype)?.name, lens.sizes_text(pieces.shape)?);
    Some(Shape::named(ShapeKind::Instance, module, name, parts).with_text(text))
}

/// `_ufunc_reconstruct(module, name)`: of ufuncs that were made, not named, before 1.24.
fn ufunc(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[module, name] = &call.args[..] else { return None };
    let text = format!("{}.{}", lens.string(module)?, lens.string(name)?);
    Some(Shape::named(ShapeKind::Reference, "numpy", "ufunc", lens.argument_parts(call)).with_text(text))
}

/// `scalar(dtype, bytes)`
fn scalar(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[args_dtype, bytes] = &call.args[..] else { return None };
    let (dtype, bytes) = (lens.dtype(args_dtype)?, lens.bytes_of(bytes)?);
    if dtype.has_objects() || dtype.kind == Kind::Other || bytes.len() as u64 != dtype.itemsize {
        return None;
    }
    // The type of a scalar has no byte order.
    let native = Dtype::from_code(dtype.code().trim_start_matches('>')).name;
    let type_name = match dtype.kind {
        Kind::Text => "str_",
        Kind::Bytes => "bytes_",
        Kind::Struct if is_record(lens, args_dtype) => "record",
        Kind::Void | Kind::Struct | Kind::Subarray => "void",
        _ if dtype.big_endian => native.as_str(),
        _ => dtype.name.as_str(),
    };
    let kind = ShapeKind::Scalar(element::scalar_kind(&dtype));
    let text = element::text(&dtype, &bytes, lens.limits.preview);
    Some(Shape::named(kind, "numpy", type_name, Vec::new()).with_text(text))
}

/// Whether a dtype was made of `numpy.record`, whose scalars have their fields as attributes.
fn is_record(lens: &Lens<'_>, dtype: Edge) -> bool {
    let class = || lens.symbol(*lens.call(dtype.node())?.args.first()?);
    class().is_some_and(|class| class.short_name() == "record")
}
