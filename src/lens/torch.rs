//! torch's storages and tensors: strided views of numbers that stand outside the pickle.
//!
//! Sources: `torch/serialization.py` (`persistent_id`, `persistent_load`), `torch/_utils.py` (`_rebuild_*`),
//! `torch/_tensor.py` (`_rebuild_from_type_v2`), `torch/storage.py`.

mod kinds;
mod layers;
mod module;
mod named;
mod optimizer;
mod tensor;
mod values;

pub use kinds::TensorKind;
pub use layers::Layer;
pub use module::{Module, ModuleTree};
pub use named::{Measure, ModuleDicts, NamedTensor, NamedTensors, SharedStorage, TensorRole};
pub use optimizer::{Group, Optimizer};
pub use tensor::{Layout, StorageId, StorageUse, Tensor};
pub use values::{DENSE, Quantized, Scale, SparseTensor};

use super::array::{Array, Data, Order, shape_text};
use super::attached::Blob;
use super::call::Call;
use super::dtype::{Dtype, Kind};
use super::payload::Payload;
use super::persistent::module_source;
use super::recogniser::{Found, Lens, Library};
use super::shape::{Shape, ShapeKind};
use super::view::GraphView;
use super::{Part, PartLabel, ScalarKind, grouped};
use super::{torch_legacy, torch_tar};
use crate::bytes::Span;
use crate::graph::{Edge, Node, Symbol};

/// Storages, tensors by every route, and what stands for them.
pub(super) const LIBRARY: Library = Library {
    packages: &["torch"],
    shape: Some(read),
    array: Some(array),
    persistent: Some(persistent),
    persistent_array: Some(torch_tar::array),
    ..Library::NOTHING
};

/// A storage that a persistent id names: `('storage', type, key, location, number of elements[, view])`.
pub(super) struct Storage<'a> {
    class: &'a Symbol,
    pub(super) dtype: Dtype,
    pub(super) key: String,
    location: String,
    count: u64,
    blob: Option<&'a Blob>,
    /// First element and number of elements of the root storage that this one is (files of torch before 1.6).
    view: Option<(u64, u64)>,
}

impl<'a> Storage<'a> {
    pub(super) fn of(nodes: &GraphView<'a>, id: Edge) -> Option<Self> {
        let graph = nodes.graph;
        let id: Vec<Edge> = graph.items(id.node()).take(7).collect();
        let (&[tag, class, key, location, count], rest) = id.split_first_chunk::<5>()?;
        if nodes.string(tag)? != "storage" {
            return None;
        }
        let class = nodes.symbol(class).filter(|class| class.module.split('.').next() == Some("torch"))?;
        let mut dtype = storage_dtype(class.short_name())?;
        dtype.big_endian = nodes.attached.big_endian && dtype.itemsize > 1;
        let key = text(nodes, key)?;
        let view = rest.first().and_then(|&view| match graph.items(view.node()).collect::<Vec<_>>()[..] {
            [_, offset, size] => Some((size_of(nodes, offset)?, size_of(nodes, size)?)),
            _ => None,
        });
        Some(Self {
            class,
            dtype,
            location: text(nodes, location).unwrap_or_else(|| nodes.inline(location)),
            count: size_of(nodes, count)?,
            blob: nodes.attached.storages.get(&key),
            key,
            view,
        })
    }

    /// The numbers, as far as they are there.
    fn data(&self) -> Data<'a> {
        let Some(blob) = self.blob else {
            return Data::Missing(format!("the storage {} is not in this file", self.quoted_key()));
        };
        if self.numbers_in_a_byte() > 1 {
            return Data::Missing(format!(
                "its numbers stand {} in a byte, which is not read",
                self.numbers_in_a_byte()
            ));
        }
        let size = self.dtype.itemsize;
        let (offset, count) = self.view.unwrap_or((0, self.count));
        let at = |elements: u64| blob.span.start.saturating_add(elements.saturating_mul(size)).min(blob.span.end);
        let span = Span::new(at(offset), at(offset.saturating_add(count)));
        Data::Bytes(Payload::plain(&*blob.source, span, Some(&blob.place)))
    }

    /// How many numbers share a byte; 1 where none do.
    pub(super) fn numbers_in_a_byte(&self) -> u64 {
        match self.class.short_name() {
            "QUInt4x2Storage" => 2,
            "QUInt2x4Storage" => 4,
            _ => 1,
        }
    }

    fn quoted_key(&self) -> String {
        format!("'{}'", crate::opcode::printable(&self.key))
    }

    /// `'0', 9,408 float32 on cpu, archive/data/0`
    fn text(&self, nodes: &GraphView<'_>) -> String {
        let unit = if self.class.short_name().ends_with("UntypedStorage") { "bytes" } else { &self.dtype.name };
        let place = match self.blob {
            Some(blob) => {
                let needed = self.count.checked_mul(self.dtype.itemsize);
                match needed.filter(|needed| *needed <= blob.span.len()) {
                    Some(_) => blob.place.clone(),
                    None => format!("{}, which has only {} bytes", blob.place, grouped(blob.span.len())),
                }
            }
            None if nodes.attached.has_storages => "missing: not in this file".to_owned(),
            None => "not in this file".to_owned(),
        };
        let location = crate::opcode::printable(&self.location);
        format!("{}, {} {unit} on {location}, {place}", self.quoted_key(), grouped(self.count))
    }
}

/// The elements of `FloatStorage` and its kin; of those without a type, bytes.
pub(super) fn storage_dtype(class: &str) -> Option<Dtype> {
    let word = class.trim_start_matches('_').strip_suffix("Storage")?;
    let name = match word {
        "Double" => "float64",
        "Float" => "float32",
        "Half" => "float16",
        "Long" => "int64",
        "Int" => "int32",
        "Short" => "int16",
        "Char" => "int8",
        "Byte" | "Untyped" => "uint8",
        "Bool" => "bool",
        "BFloat16" => "bfloat16",
        "ComplexDouble" => "complex128",
        "ComplexFloat" => "complex64",
        "QInt8" => "qint8",
        "QInt32" => "qint32",
        "QUInt8" => "quint8",
        // Two or four numbers in a byte.
        "QUInt4x2" | "QUInt2x4" => return Some(Dtype::plain(Kind::Void, word.to_lowercase(), 1)),
        _ => return None,
    };
    Some(Dtype::from_type_name(name))
}

/// Text that may be bytes in files of Python 2.
fn text(nodes: &GraphView<'_>, edge: Edge) -> Option<String> {
    nodes.string(edge).or_else(|| Some(String::from_utf8_lossy(&nodes.bytes_of(edge)?).into_owned()))
}

fn size_of(nodes: &GraphView<'_>, edge: Edge) -> Option<u64> {
    u64::try_from(nodes.int(edge)?).ok()
}

/// The shape of a persistent id, when it is one of torch's.
fn persistent(lens: &Lens<'_>, id: Edge) -> Option<Shape> {
    let parts = vec![Part::role("id", id)];
    if let Some(shape) = torch_tar::shape(lens, id) {
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
fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
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
            let (inside, storage) = torch_legacy::storage(lens.attached.loaded.get(&call.id)?, lens)?;
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

/// A tuple, or `torch.Size` of one.
fn tensor_size(lens: &Lens<'_>, edge: Edge) -> Option<Vec<u64>> {
    match lens.call(edge.node()) {
        Some(call) if call.symbol?.is("torch", "Size") => lens.sizes(*call.args.first()?),
        _ => lens.sizes(edge),
    }
}

/// The tensor that a call of torch makes.
fn array<'a>(lens: &Lens<'a>, call: &Call<'a>, symbol: &Symbol) -> Option<Found<'a>> {
    if matches!(symbol.name.as_str(), "_rebuild_from_type" | "_rebuild_from_type_v2") {
        // The function that is called for the plain tensor, and its arguments.
        let (&function, &args) = (call.args.first()?, call.args.get(2)?);
        let args: Vec<Edge> = lens.graph.items(args.node()).take(16).collect();
        return made_by(lens, &lens.symbol(function)?.name, &args);
    }
    made_by(lens, &symbol.name, &call.args)
}

fn made_by<'a>(lens: &Lens<'a>, function: &str, args: &[Edge]) -> Option<Found<'a>> {
    match function {
        "_rebuild_parameter" | "_rebuild_parameter_with_state" => Some(Found::In(*args.first()?)),
        "_rebuild_meta_tensor_no_storage" => {
            let dtype = Dtype::from_type_name(lens.symbol(*args.first()?)?.short_name());
            let (shape, reason) = (tensor_size(lens, *args.get(1)?)?, "a meta tensor has no numbers".to_owned());
            Some(Found::Array(Box::new(Array::new(**lens, dtype, shape, Order::C, Data::Missing(reason)))))
        }
        "_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_qtensor" => strided(lens, args, None),
        "_rebuild_tensor_v3" => strided(lens, args, Some(*args.get(6)?)),
        _ => None,
    }
}

/// `(storage, storage_offset, size, stride, …)`, the last two in elements.
fn strided<'a>(lens: &Lens<'a>, args: &[Edge], dtype: Option<Edge>) -> Option<Found<'a>> {
    let &[storage, offset, size, stride] = args.first_chunk::<4>()?;
    let mut storage = match lens.graph.node(storage.node()) {
        Node::PersistentId(id) => Storage::of(lens, id)?,
        _ => torch_legacy::storage(lens.attached.loaded.get(&storage.node())?, lens)?.1,
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
    let order = Order::Strided { offset: size_of(lens, offset)?, strides };
    Some(Found::Array(Box::new(Array::new(**lens, storage.dtype, shape, order, data))))
}
