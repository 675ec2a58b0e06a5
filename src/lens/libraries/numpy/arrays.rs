//! numpy's arrays, scalars and dtypes.
//!
//! Sources: `numpy/_core/src/multiarray/methods.c` (`array_reduce`, `array_setstate`), `scalartypes.c.src`
//! (`gentype_reduce`), `numpy/_core/numeric.py` (`_frombuffer`), `numpy/ma/core.py` (`MaskedArray.__reduce__`).

use super::{polynomial, random, versions};
use crate::format::numpy::{DIMENSIONS, STRING_DTYPE};
use crate::graph::{Edge, Node, Symbol};
use crate::lens::graph_view::{Call, Part, PartLabel, Shape, ShapeKind};
use crate::lens::numbers::{Array, Data, Dtype, Kind, Order, element, shape_text};
use crate::lens::recogniser::{Found, Lens, Library};

/// Arrays, scalars, dtypes, generators of random numbers and polynomials.
pub(in crate::lens) const LIBRARY: Library = Library {
    packages: &["numpy"],
    shape: Some(read),
    shape_elsewhere: Some(of_dill),
    text: Some(polynomial::text),
    array: Some(array),
    array_elsewhere: Some(array_of_dill),
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
    of_pieces(lens, &Pieces::of(lens, call, symbol)?)
}

fn of_pieces<'a>(lens: &Lens<'a>, pieces: &Pieces<'_>) -> Option<Found<'a>> {
    let is_fortran = match lens.string(pieces.order) {
        Some(letter) => letter == "F",
        None => lens.int(pieces.order)? != 0,
    };
    let (shape, order) = match pieces.axes {
        Some(axes) => transposed(&lens.sizes(pieces.shape)?, &axes_of(lens, axes)?)?,
        None => (lens.sizes(pieces.shape)?, if is_fortran { Order::Fortran } else { Order::C }),
    };
    let mut array = Array::new(**lens, lens.dtype(pieces.dtype)?, shape, order, lens.data_of(pieces.data));
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
    /// The order in which the dimensions of `shape` become those of the array.
    axes: Option<Edge>,
    /// The mask, and what stands for masked elements.
    mask: Option<(Edge, Edge)>,
    /// What a subclass adds to the state.
    more: Vec<Edge>,
}

impl<'a> Pieces<'a> {
    fn of(lens: &Lens<'a>, call: &Call<'_>, symbol: &Symbol) -> Option<Self> {
        // `_frombuffer(buffer, dtype, shape, order)` of protocol 5; since numpy 2.3 with the order of the axes.
        if symbol.name == "_frombuffer" {
            let (&[data, dtype, shape, order], rest) = call.args.split_first_chunk::<4>()?;
            let axes = match *rest {
                [] => None,
                [axes] => Some(axes).filter(|&axes| !lens.is_none(axes) && lens.string(order).as_deref() == Some("K")),
                _ => return None,
            };
            return Some(Self { class: None, shape, dtype, order, data, axes, mask: None, more: Vec::new() });
        }
        let state = lens.states(call.id).next()?;
        Self::reconstructed(lens, symbol, *call.args.first()?, state)
    }

    /// What `_reconstruct(class, …)` and its kin make, with the state that it gets.
    fn reconstructed(lens: &Lens<'a>, symbol: &Symbol, class: Edge, state: Edge) -> Option<Self> {
        let class = Some(lens.symbol(class)?);
        let mut state: Vec<Edge> = lens.graph.items(state.node()).take(STATE).collect();
        // A subclass may keep the state of the array as a whole, and its own behind it.
        if symbol.name == "_reconstruct"
            && let [inner, ref own @ ..] = state[..]
            && let Some(mut whole) = lens.sequence(inner).filter(|inner| inner.len() == 5)
        {
            whole.extend(own);
            state = whole;
        }
        match (symbol.name.as_str(), &state[..]) {
            // `_reconstruct(class, (0,), b'b')` and BUILD `(version, shape, dtype, is_fortran, data)`.
            ("_reconstruct", &[_, shape, dtype, order, data, ref more @ ..]) => {
                Some(Self { class, shape, dtype, order, data, axes: None, mask: None, more: more.to_vec() })
            }
            // `_mareconstruct(class, base, (0,), 'b')` and BUILD `(version, shape, dtype, is_fortran, data, mask, fill value)`.
            ("_mareconstruct", &[_, shape, dtype, order, data, mask, fill]) => {
                let mask = Some((mask, fill));
                Some(Self { class, shape, dtype, order, data, axes: None, mask, more: Vec::new() })
            }
            _ => None,
        }
    }

    /// `_create_array(function, arguments, state, attributes)` of dill, which calls the function and sets the state
    /// (`dill/_dill.py`).
    fn of_dill(lens: &Lens<'a>, call: &Call<'_>) -> Option<Self> {
        let symbol = call.symbol.filter(|symbol| symbol.name == "_create_array")?;
        if !symbol.module.split('.').any(|part| part == "dill") {
            return None;
        }
        let (&[function, arguments, state], rest) = call.args.split_first_chunk::<3>()?;
        let class = lens.graph.items(arguments.node()).next()?;
        let mut pieces = Self::reconstructed(lens, lens.symbol(function)?, class, state)?;
        pieces.more.extend(rest.iter().filter(|&&attributes| !lens.is_none(attributes)));
        Some(pieces)
    }
}

/// Parts of a state that are shown by themselves.
const STATE: usize = 64;

fn of_dill(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    array_shape(lens, &Pieces::of_dill(lens, call)?)
}

fn array_of_dill<'a>(lens: &Lens<'a>, call: &Call<'a>, _: &Symbol) -> Option<Found<'a>> {
    of_pieces(lens, &Pieces::of_dill(lens, call)?)
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
    parts.extend(pieces.axes.map(|axes| Part::named("axis_order", axes)));
    for (i, &edge) in pieces.more.iter().enumerate() {
        parts.push(match lens.graph.node(edge.node()) {
            // Attributes of a subclass.
            Node::Dict => lens.pair_part(PartLabel::Attribute, edge.node()),
            _ => Part::role(format!("state {}", i + 5), edge),
        });
    }
    let shape = match pieces.axes {
        Some(axes) => shape_text(&transposed(&lens.sizes(pieces.shape)?, &axes_of(lens, axes)?)?.0),
        None => lens.sizes_text(pieces.shape)?,
    };
    let mut text = format!("{} {shape}", lens.dtype(pieces.dtype)?.name);
    // A quantity of astropy.
    let unit = pieces.more.iter().find_map(|&state| lens.value_of(state, "_unit"));
    if let Some(unit) = unit.and_then(|unit| lens.shape(unit.node()).text) {
        text = format!("{text} {unit}");
    }
    Some(Shape::named(ShapeKind::Instance, module, name, parts).with_text(text))
}

/// The axes that `transpose` is given; those that are counted from the end stay negative.
fn axes_of(lens: &Lens<'_>, axes: Edge) -> Option<Vec<i64>> {
    let items = lens.sequence(axes).filter(|items| items.len() <= DIMENSIONS)?;
    items.into_iter().map(|axis| lens.int(axis)).collect()
}

/// Shape and order of `frombuffer(…).reshape(shape, order='C').transpose(axes)`; `None` where numpy refuses the axes.
fn transposed(shape: &[u64], axes: &[i64]) -> Option<(Vec<u64>, Order)> {
    let count = i64::try_from(shape.len()).ok()?;
    let mut strides = vec![1u64; shape.len()];
    for at in (1..shape.len()).rev() {
        strides[at - 1] = strides[at].saturating_mul(shape[at].max(1));
    }
    let axes: Vec<usize> = axes
        .iter()
        .map(|&axis| usize::try_from(if axis < 0 { axis + count } else { axis }).ok())
        .collect::<Option<_>>()?;
    let mut seen = vec![false; shape.len()];
    let is_whole = axes.len() == shape.len()
        && axes.iter().all(|&axis| seen.get_mut(axis).is_some_and(|seen| !std::mem::replace(seen, true)));
    let strides = is_whole.then(|| axes.iter().map(|&axis| strides[axis]).collect())?;
    Some((axes.iter().map(|&axis| shape[axis]).collect(), Order::Strided { offset: 0, strides }))
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
