//! Arrays whose numbers stand in the file behind what describes them: joblib's wrappers and `.npy` headers. Also joblib's
//! older wrappers, which name a file beside.
//!
//! Sources: `joblib/numpy_pickle.py` (`NumpyArrayWrapper`), `joblib/numpy_pickle_compat.py` (`NDArrayWrapper`,
//! `ZNDArrayWrapper`), `numpy/lib/_format_impl.py`.

mod versions;

use crate::bytes::Span;
use crate::format::joblib::Wrapper;
use crate::graph::{Edge, Node, NodeId, RunKind, Symbol};
use crate::lens::graph_view::{Blob, Call, Part, PartLabel, Shape, ShapeKind, SideFile};
use crate::lens::numbers::{Array, Data, Order, Payload};
use crate::lens::recogniser::{Found, Lens, Library};

/// Arrays behind their description in the stream, and arrays in files beside.
pub(in crate::lens) const LIBRARY: Library = Library {
    shape_elsewhere: Some(read),
    array_elsewhere: Some(side_array),
    following: Some(shape),
    following_array: Some(array),
    outside: Some(outside),
    versions: &[("joblib", versions::look)],
    ..Library::NOTHING
};

/// What a wrapper or header says about its array.
struct Described<'a> {
    class: Option<&'a Symbol>,
    shape: Option<Edge>,
    dtype: Option<Edge>,
    /// The letter of the order (joblib).
    order: Option<Edge>,
    /// Whether the order is Fortran's (`.npy`).
    fortran_order: Option<Edge>,
}

impl<'a> Described<'a> {
    fn of(lens: &Lens<'a>, wrapper: Edge) -> Self {
        // The header is the dict itself, a wrapper has it as its state.
        let dict = match lens.graph.node(wrapper.node()) {
            Node::Dict => Some(wrapper),
            _ => lens.states(wrapper.node()).last(),
        };
        let attributes = dict.map(|dict| lens.small_dict(dict)).unwrap_or_default();
        let get = |name: &str| attributes.iter().rev().find(|(key, _)| key == name).map(|&(_, value)| value);
        let class = get("subclass").and_then(|class| lens.symbol(class));
        Self {
            // joblib makes plain arrays of these.
            class: class.filter(|class| class.name != "memmap"),
            shape: get("shape"),
            dtype: get("dtype").or_else(|| get("descr")),
            order: get("order"),
            fortran_order: get("fortran_order"),
        }
    }
}

/// The shape of an array that follows `wrapper` as numbers, or as the pickle that made `value`.
fn shape(lens: &Lens<'_>, wrapper: Edge, value: Option<Edge>) -> Shape {
    let rest = Part::role("described by", wrapper);
    if let Some(value) = value {
        // The pickle made the array with everything that belongs to it; it is never one of these arrays itself.
        let mut shape = lens.shape(value.node());
        shape.parts.push(rest);
        return shape;
    }
    let described = Described::of(lens, wrapper);
    let parts = [
        described.shape.map(|edge| Part::named("shape", edge)),
        described.dtype.map(|edge| Part::named("dtype", edge)),
        described.order.map(|edge| Part::role("order", edge)),
        described.fortran_order.map(|edge| Part::role("in Fortran order", edge)),
        Some(rest),
    ];
    let (module, name) = described.class.map_or(("numpy", "ndarray"), |class| (&class.module, &class.name));
    let shape = Shape::named(ShapeKind::Instance, module, name, parts.into_iter().flatten().collect());
    let text = || Some(format!("{} {}", lens.dtype(described.dtype?)?.name, lens.sizes_text(described.shape?)?));
    match text() {
        Some(text) => shape.with_text(text),
        None => shape,
    }
}

/// The array that follows `wrapper` as these bytes.
fn array<'a>(lens: &Lens<'a>, wrapper: Edge, data: Span) -> Option<Array<'a>> {
    let described = Described::of(lens, wrapper);
    let fortran = described.order.and_then(|order| lens.string(order)).is_some_and(|order| order == "F")
        || described.fortran_order.and_then(|order| lens.int(order)).is_some_and(|order| order != 0);
    let (dtype, sizes) = (lens.dtype(described.dtype?)?, lens.sizes(described.shape?)?);
    Some(Array::from_parts(**lens, dtype, sizes, fortran, lens.source, data))
}

/// `NDArrayWrapper` and `ZNDArrayWrapper` of joblib before 0.10: the array is in a file beside this one.
struct Beside<'a> {
    state: Edge,
    /// Name of the file, without folders.
    name: String,
    /// Found by that name.
    file: Option<&'a SideFile>,
    class: Option<&'a Symbol>,
    /// `(version, shape, dtype, is_fortran)`, when the file has the numbers alone (`ZNDArrayWrapper`).
    described: Option<Edge>,
}

impl<'a> Beside<'a> {
    fn of(lens: &Lens<'a>, call: &Call<'_>, symbol: &Symbol) -> Option<Self> {
        let bare = match Wrapper::of(&symbol.module, &symbol.name)? {
            Wrapper::Inline => return None,
            Wrapper::SideFile => false,
            Wrapper::BareSideFile => true,
        };
        let state = lens.states(call.id).last()?;
        let attributes = lens.small_dict(state);
        let get = |name: &str| attributes.iter().rev().find(|(key, _)| key == name).map(|&(_, value)| value);
        let path = lens.string(get("filename")?)?;
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let class = match get("subclass") {
            Some(class) => Some(class),
            None => get("init_args").and_then(|args| lens.graph.items(args.node()).next()),
        };
        Some(Self {
            state,
            file: lens.attached.side_files.get(&name),
            name,
            class: class.and_then(|class| lens.symbol(class)).filter(|class| class.name != "memmap"),
            described: get("state").filter(|_| bare),
        })
    }

    fn missing(&self) -> String {
        format!("the side file {} was not opened with this one", crate::opcode::printable(&self.name))
    }

    fn array(&self, lens: &Lens<'a>) -> Option<Array<'a>> {
        if let Some(described) = self.described {
            let items: Vec<Edge> = lens.graph.items(described.node()).collect();
            let &[_, shape, dtype, order] = &items[..] else { return None };
            let order = if lens.int(order)? == 0 { Order::C } else { Order::Fortran };
            let data = match self.file {
                Some(SideFile { blob, .. }) => Data::Bytes(Payload::plain(&*blob.source, blob.span, Some(&blob.place))),
                None => Data::Missing(self.missing()),
            };
            return Some(Array::new(**lens, lens.dtype(dtype)?, lens.sizes(shape)?, order, data));
        }
        let SideFile { blob, npy } = self.file?;
        let reading = npy.as_deref()?;
        let root = reading.streams.first()?.root?;
        let mut array = lens.over(&reading.graph, &*blob.source).array(root.node())?;
        match &mut array.data {
            Data::Bytes(payload) => payload.place = Some(&blob.place),
            // Their numbers are those of another graph.
            Data::Items(_) => array.data = Data::Missing(format!("open {} to see its objects", blob.place)),
            Data::Missing(_) => {}
        }
        Some(array)
    }
}

/// The array that stands in a file beside this one.
fn side_array<'a>(lens: &Lens<'a>, call: &Call<'a>, symbol: &Symbol) -> Option<Found<'a>> {
    Beside::of(lens, call, symbol)?.array(lens).map(Found::from)
}

/// The file beside this one that a wrapper stands for.
fn outside<'a>(lens: &Lens<'a>, node: NodeId) -> Option<&'a Blob> {
    if lens.attached.side_files.is_empty() {
        return None;
    }
    let call = lens.call(node)?;
    Beside::of(lens, &call, call.symbol?)?.file.map(|file| &file.blob)
}

/// The shape of an array in a file beside this one.
fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let symbol = call.symbol?;
    let beside = Beside::of(lens, call, symbol)?;
    let mut parts = lens.argument_parts(call);
    parts.push(Part::run(PartLabel::Attribute, beside.state.node(), RunKind::Pairs));
    let file = crate::opcode::printable(&beside.name);
    let Some(array) = beside.array(lens) else {
        // The file may be anything: the wrapper is all there is.
        let text = match beside.file {
            Some(_) => format!("the side file {file} is no .npy array"),
            None => format!("array in the side file {file}"),
        };
        return Some(Shape::named(ShapeKind::Instance, &symbol.module, &symbol.name, parts).with_text(text));
    };
    let (module, name) = beside.class.map_or(("numpy", "ndarray"), |class| (&class.module, &class.name));
    let shape = Shape::named(ShapeKind::Instance, module, name, parts);
    let text = match beside.file {
        Some(_) => array.text(),
        None => format!("{}, {}", array.text(), beside.missing()),
    };
    Some(shape.with_text(text))
}
