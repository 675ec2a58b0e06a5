//! torch's tensors: strided views of storages. What its calls make, and what its persistent ids stand for.
//!
//! Sources: `torch/serialization.py` (`persistent_id`, `persistent_load`), `torch/_utils.py` (`_rebuild_*`),
//! `torch/_tensor.py` (`_rebuild_from_type_v2`), `torch/storage.py`.

use super::storage::{Storage, size_of, tensor_size};
use super::{legacy, tar};
use crate::graph::{Edge, Node, NodeId, Symbol};
use crate::lens::graph_view::{Blob, Call, Part, PartLabel, ScalarKind, Shape, ShapeKind, module_source};
use crate::lens::numbers::{Array, Data, Dtype, Negation, Order, shape_text};
use crate::lens::recogniser::{Found, Lens};

/// The shape of a persistent id, when it is one of torch's.
pub(super) fn persistent(lens: &Lens<'_>, id: Edge) -> Option<Shape> {
    let parts = vec![Part::role("id", id)];
    if let Some(shape) = tar::shape(lens, id) {
        return Some(shape);
    }
    if let Some(storage) = Storage::of(lens, id) {
        let shape = Shape::named(ShapeKind::External, &storage.class.module, &storage.class.name, parts);
        return Some(shape.with_text(storage.text(lens)));
    }
    let (class, file) = module_source(lens, id)?;
    let text = format!("{}, source from {}", class.full_name(), lens.inline(file));
    Some(Shape::builtin(ShapeKind::External, "module source", parts).with_text(text))
}

/// The storage or tensor that a persistent id stands for.
pub(super) fn outside<'a>(lens: &Lens<'a>, node: NodeId) -> Option<&'a Blob> {
    let Node::PersistentId(id) = lens.graph.node(node) else { return None };
    tar::named(lens, id).map(|tensor| &tensor.blob).or_else(|| Storage::of(lens, id)?.blob)
}

/// Names of the arguments of what makes tensors.
const VIEW: [&str; 7] = ["storage", "storage_offset", "size", "stride", "requires_grad", "backward_hooks", "metadata"];
const VIEW_V3: [&str; 8] =
    ["storage", "storage_offset", "size", "stride", "requires_grad", "backward_hooks", "dtype", "metadata"];
const QUANTIZED: [&str; 7] =
    ["storage", "storage_offset", "size", "stride", "quantizer_params", "requires_grad", "backward_hooks"];
const META: [&str; 4] = ["dtype", "size", "stride", "requires_grad"];
const PARAMETER: [&str; 4] = ["data", "requires_grad", "backward_hooks", "state"];
const SPARSE: [&str; 2] = ["layout", "data"];
const FROM_TYPE: [&str; 4] = ["func", "type", "args", "state"];

fn argument_names(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "_rebuild_tensor" | "_rebuild_tensor_v2" => &VIEW,
        "_rebuild_tensor_v3" => &VIEW_V3,
        "_rebuild_qtensor" => &QUANTIZED,
        "_rebuild_meta_tensor_no_storage" => &META,
        "_rebuild_parameter" | "_rebuild_parameter_with_state" => &PARAMETER,
        "_rebuild_sparse_tensor" | "_rebuild_sparse_csr_tensor" => &SPARSE,
        "_rebuild_from_type" | "_rebuild_from_type_v2" => &FROM_TYPE,
        _ => return None,
    })
}

/// The shape of a call of torch, when it is one of its constructors.
pub(super) fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let symbol = call.symbol?;
    match (symbol.module.as_str(), symbol.name.as_str()) {
        ("torch", "Size") => {
            let &[sizes] = &call.args[..] else { return None };
            let items = matches!(lens.graph.node(sizes.node()), Node::Tuple).then(|| sizes.node())?;
            let mut parts = vec![Part::items(PartLabel::Index, items)];
            parts.extend(lens.added_parts(call.id));
            return Some(Shape::named(ShapeKind::Items, "torch", "Size", parts));
        }
        ("torch", "device") => {
            let words: Vec<String> = call.args.iter().take(2).map(|&edge| lens.inline(edge)).collect();
            let kind = ShapeKind::Scalar(ScalarKind::Constant);
            return Some(Shape::named(kind, "torch", "device", Vec::new()).with_text(words.join(", ")));
        }
        ("torch.storage", "_load_from_bytes") => {
            let (inside, storage) = legacy::storage(lens.attached.loaded.get(&call.id)?, lens)?;
            let mut parts = lens.argument_parts(call);
            parts.extend(lens.added_parts(call.id));
            let class = storage.class;
            let shape = Shape::named(ShapeKind::External, &class.module, &class.name, parts);
            return Some(shape.with_text(storage.text(&inside)));
        }
        ("torch.serialization", "_get_layout") => {
            let kind = ShapeKind::Scalar(ScalarKind::Constant);
            return Some(
                Shape::named(kind, "torch", "layout", Vec::new()).with_text(lens.string(*call.args.first()?)?),
            );
        }
        _ => {}
    }
    let names = argument_names(&symbol.name)?;
    let text = tensor_text(lens, call, symbol)?;
    let argument = |(i, &edge): (usize, &Edge)| match names.get(i) {
        Some(name) => Part::role(*name, edge),
        None => Part::role(format!("arg {i}"), edge),
    };
    let mut parts: Vec<Part> = call.args.iter().enumerate().map(argument).collect();
    parts.extend(lens.added_parts(call.id));
    let class = match symbol.name.as_str() {
        name if name.starts_with("_rebuild_from_type") => call.args.get(1).and_then(|&class| lens.symbol(class)),
        _ => None,
    };
    let (module, name) = match class {
        Some(class) => (class.module.as_str(), class.name.as_str()),
        None if symbol.name.starts_with("_rebuild_parameter") => ("torch.nn.parameter", "Parameter"),
        None => ("torch", "Tensor"),
    };
    Some(Shape::named(ShapeKind::Instance, module, name, parts).with_text(text))
}

fn tensor_text(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<String> {
    if symbol.name.starts_with("_rebuild_sparse") {
        let &[layout, data] = &call.args[..] else { return None };
        let layout = match lens.call(layout.node()) {
            Some(layout) => lens.string(*layout.args.first()?)?,
            None => lens.symbol(layout)?.full_name(),
        };
        // `(indices, values, size, …)`; compressed layouts have two kinds of indices.
        let values = if layout.ends_with("sparse_coo") { 1 } else { 2 };
        let data: Vec<Edge> = lens.graph.items(data.node()).take(5).collect();
        let (values, size) = (lens.array(data.get(values)?.node())?, tensor_size(lens, *data.get(values + 1)?)?);
        return Some(format!("{} {}, {layout}", values.dtype.name, shape_text(&size)));
    }
    let array = lens.array(call.id)?;
    let meta = symbol.name == "_rebuild_meta_tensor_no_storage";
    Some(array.text() + if meta { ", without numbers (meta)" } else { "" })
}

/// The tensor that a call of torch makes.
pub(super) fn array<'a>(lens: &Lens<'a>, call: &Call<'a>, symbol: &Symbol) -> Option<Found<'a>> {
    if matches!(symbol.name.as_str(), "_rebuild_from_type" | "_rebuild_from_type_v2") {
        // The function that is called for the plain tensor, and its arguments.
        let (&function, &args) = (call.args.first()?, call.args.get(2)?);
        let args: Vec<Edge> = lens.graph.items(args.node()).take(16).collect();
        let function = lens.symbol(function)?;
        if function.name == "_rebuild_wrapper_subclass" {
            return wrapper(lens, &args, *call.args.get(3)?);
        }
        return made_by(lens, &function.name, &args);
    }
    made_by(lens, &symbol.name, &call.args)
}

/// A tensor without numbers of its own around another one: `(class, dtype, size, …)`, and the state. Of a DTensor the whole is
/// there when its local part is as large.
fn wrapper<'a>(lens: &Lens<'a>, args: &[Edge], state: Edge) -> Option<Found<'a>> {
    let dtype = Dtype::from_type_name(lens.symbol(*args.get(1)?)?.short_name());
    let shape = tensor_size(lens, *args.get(2)?)?;
    let reason = match local_tensor(lens, state).map(|local| (local, lens.array(local.node()))) {
        Some((local, Some(array))) if array.shape == shape => return Some(Found::In(local)),
        Some((_, Some(array))) => {
            format!("only its part of shape {} is in this file, under _local_tensor", shape_text(&array.shape))
        }
        _ => "its class keeps the numbers in a way that is not known here".to_owned(),
    };
    Some(Found::Array(Box::new(Array::new(**lens, dtype, shape, Order::C, Data::Missing(reason)))))
}

/// The part of a DTensor that its process held: in the state, `{'_local_tensor': …}` or that behind None
/// (`torch/_tensor.py`, `_reduce_ex_internal`).
pub(super) fn local_tensor(lens: &Lens<'_>, state: Edge) -> Option<Edge> {
    let halves = std::iter::once(state).chain(lens.graph.items(state.node()).take(2));
    halves.into_iter().find_map(|half| match lens.graph.node(half.node()) {
        Node::Dict => lens.value_of(half, "_local_tensor"),
        _ => None,
    })
}

fn made_by<'a>(lens: &Lens<'a>, function: &str, args: &[Edge]) -> Option<Found<'a>> {
    match function {
        "_rebuild_parameter" | "_rebuild_parameter_with_state" => Some(Found::In(*args.first()?)),
        "_rebuild_meta_tensor_no_storage" => {
            let dtype = Dtype::from_type_name(lens.symbol(*args.first()?)?.short_name());
            let (shape, reason) = (tensor_size(lens, *args.get(1)?)?, "a meta tensor has no numbers".to_owned());
            Some(Found::Array(Box::new(Array::new(**lens, dtype, shape, Order::C, Data::Missing(reason)))))
        }
        "_rebuild_tensor" | "_rebuild_qtensor" => strided(lens, args, None, None),
        "_rebuild_tensor_v2" => strided(lens, args, None, args.get(6).copied()),
        "_rebuild_tensor_v3" => strided(lens, args, Some(*args.get(6)?), args.get(7).copied()),
        _ => None,
    }
}

/// `(storage, storage_offset, size, stride, …)`, the last two in elements.
fn strided<'a>(lens: &Lens<'a>, args: &[Edge], dtype: Option<Edge>, metadata: Option<Edge>) -> Option<Found<'a>> {
    let &[storage, offset, size, stride] = args.first_chunk::<4>()?;
    let mut storage = match lens.graph.node(storage.node()) {
        Node::PersistentId(id) => Storage::of(lens, id)?,
        _ => legacy::storage(lens.attached.loaded.get(&storage.node())?, lens)?.1,
    };
    let data = storage.data();
    if let Some(dtype) = dtype {
        storage.dtype = Dtype::from_type_name(lens.symbol(dtype)?.short_name());
        storage.dtype.big_endian = lens.attached.big_endian && storage.dtype.itemsize > 1;
    }
    let (shape, strides) = (tensor_size(lens, size)?, tensor_size(lens, stride)?);
    if shape.len() != strides.len() {
        return None;
    }
    let data = match data {
        Data::Bytes(payload) => match negation(lens, &storage.dtype, metadata) {
            Ok(negation) => Data::Bytes(payload.negated(negation)),
            Err(reason) => Data::Missing(reason),
        },
        other => other,
    };
    let order = Order::Strided { offset: size_of(lens, offset)?, strides };
    Some(Found::Array(Box::new(Array::new(**lens, storage.dtype, shape, order, data))))
}

/// What the marks of a tensor, `{'conj': True, 'neg': True}`, say of its numbers.
fn negation(lens: &Lens<'_>, dtype: &Dtype, metadata: Option<Edge>) -> Result<Option<Negation>, String> {
    let is_set = |name| {
        let mark = metadata.and_then(|metadata| lens.value_of(metadata, name));
        mark.is_some_and(|mark| lens.graph.node(mark.node()) == Node::Bool(true))
    };
    Negation::of(dtype, is_set("conj"), is_set("neg"))
}
