//! A tensor of any layout: what it is, how large, and which bytes of which storages it is made of.
//!
//! Sources: `torch/_utils.py` (`_rebuild_*`), `torch/_tensor.py` (`_reduce_ex_internal`, `_rebuild_from_type_v2`).

use super::rebuild::local_tensor;
use super::storage::{Storage, tensor_size};
use super::{legacy, tar};
use crate::graph::{Edge, Node, NodeId};
use crate::lens::graph_view::Call;
use crate::lens::numbers::{Array, Dtype, Order, product};
use crate::lens::recogniser::Lens;

/// Wrappings of a tensor that are looked through: Parameter of a subclass of …
const WRAPPINGS: usize = 8;

/// How the elements of a tensor are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Layout {
    /// As a strided view of one storage.
    Strided,
    /// As indices and values: `sparse_coo`, `sparse_csr`, `sparse_csc`, `sparse_bsr`, `sparse_bsc`.
    Sparse(String),
    /// As integers with a scale: `per_tensor_affine`, `per_channel_affine`.
    Quantized(String),
    /// As one buffer for tensors of several shapes.
    Nested,
    /// Not at all: a meta tensor, or a wrapper around others.
    None,
    /// As an array of numpy.
    Numpy,
}

/// Names what holds the bytes of tensors, so that what is shared is known to be.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum StorageId {
    /// A storage of a torch container, by its key.
    Key(String),
    /// What a node makes: a storage in a plain pickle, an array of numpy.
    Node(NodeId),
    /// The bytes from an offset on in a tar of torch 0.1.
    Offset(u64),
}

/// What holds the bytes of a tensor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StorageUse {
    /// Which storage.
    pub id: StorageId,
    /// The device that it was on, when the file says.
    pub location: Option<String>,
    /// Its bytes, as declared.
    pub bytes: u64,
    /// Whether its bytes are in this file.
    pub is_there: bool,
    /// The bytes of it that the tensor reaches: first, and one after the last.
    pub reach: (u64, u64),
    /// Bytes of the elements of the tensor.
    pub used: u64,
}

/// A tensor.
#[derive(Clone, Debug)]
pub struct Tensor {
    /// The node that makes it, without wrappings.
    pub node: NodeId,
    /// Its class, when it is another than `torch.Tensor`: `torch.nn.parameter.Parameter`.
    pub class: Option<String>,
    /// Whether `requires_grad` is set, when the file says.
    pub requires_grad: Option<bool>,
    /// What its elements are.
    pub dtype: Dtype,
    /// Its shape.
    pub shape: Vec<u64>,
    /// How its elements are kept.
    pub layout: Layout,
    /// The storages that it is made of: one for a strided tensor, one for each part of a sparse one.
    pub storages: Vec<StorageUse>,
}

impl Tensor {
    /// Elements of the shape.
    #[must_use]
    pub fn elements(&self) -> u64 {
        product(&self.shape).unwrap_or(u64::MAX)
    }

    /// Bytes of its elements as they are kept: of a sparse tensor those of indices and values.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.storages.iter().fold(0, |sum, storage| sum.saturating_add(storage.used))
    }

    /// Whether it is a `Parameter`.
    #[must_use]
    pub fn is_parameter(&self) -> bool {
        self.class.as_deref().is_some_and(|class| class.ends_with("Parameter"))
    }
}

/// What was found on the way to the call that makes the tensor itself.
struct Unwrapped<'a> {
    node: NodeId,
    class: Option<String>,
    requires_grad: Option<bool>,
    function: &'a str,
    args: Vec<Edge>,
    /// What a subclass keeps besides.
    state: Option<Edge>,
}

/// Goes through Parameter and subclasses to the call that makes the plain tensor.
fn unwrap<'a>(lens: &Lens<'a>, node: NodeId) -> Option<Unwrapped<'a>> {
    let mut found = Unwrapped { node, class: None, requires_grad: None, function: "", args: Vec::new(), state: None };
    for _ in 0..WRAPPINGS {
        let Call { symbol, args, .. } = lens.call(found.node)?;
        let symbol = symbol.filter(|symbol| symbol.module.split('.').next() == Some("torch"))?;
        match symbol.name.as_str() {
            "_rebuild_parameter" | "_rebuild_parameter_with_state" => {
                found.class.get_or_insert_with(|| "torch.nn.parameter.Parameter".to_owned());
                found.requires_grad = found.requires_grad.or_else(|| flag(lens, args.get(1)));
                found.node = args.first()?.node();
            }
            // `(data, requires_grad)`; before torch 0.4 a Parameter was made by its class, the tensor being its state.
            "_rebuild_from_type" | "_rebuild_from_type_v2" => {
                if let Some(class) = args.get(1).and_then(|&class| lens.symbol(class)) {
                    found.class.get_or_insert_with(|| class.full_name());
                }
                found.function = &lens.symbol(*args.first()?)?.name;
                found.args = lens.graph.items(args.get(2)?.node()).take(16).collect();
                found.state = args.get(3).copied();
                return Some(found);
            }
            name => {
                found.function = name;
                found.args = args;
                return Some(found);
            }
        }
    }
    None
}

fn flag(lens: &Lens<'_>, edge: Option<&Edge>) -> Option<bool> {
    match lens.graph.node(edge?.node()) {
        Node::Bool(value) => Some(value),
        _ => None,
    }
}

impl<'a> Lens<'a> {
    /// The tensor of torch that a value is, or the array of numpy.
    #[must_use]
    pub fn tensor(&self, node: NodeId) -> Option<Tensor> {
        match self.graph.node(node) {
            Node::Call { .. } => {}
            Node::PersistentId(id) => return tar(self, node, id),
            Node::InlineArray { .. } | Node::InlinePickle { .. } => return numpy(self, node),
            _ => return None,
        }
        if let Some(found) = unwrap(self, node) {
            return made(self, found);
        }
        numpy(self, node)
    }
}

fn tar(lens: &Lens<'_>, node: NodeId, id: Edge) -> Option<Tensor> {
    let array = tar::array(lens, id)?;
    let (bytes, first) = match &array.data {
        crate::lens::numbers::Data::Bytes(payload) => (payload.span.len(), payload.span.start),
        _ => (0, 0),
    };
    let storage = StorageUse {
        id: StorageId::Offset(first),
        location: None,
        bytes,
        is_there: true,
        reach: reach(&array),
        used: array.bytes().unwrap_or(u64::MAX),
    };
    Some(of_array(node, array, Layout::Strided, vec![storage]))
}

fn numpy(lens: &Lens<'_>, node: NodeId) -> Option<Tensor> {
    let array = lens.array(node)?;
    let bytes = array.bytes().unwrap_or(u64::MAX);
    let is_there = !matches!(array.data, crate::lens::numbers::Data::Missing(_));
    let id = StorageId::Node(node);
    let storage = StorageUse { id, location: None, bytes, is_there, reach: (0, bytes), used: bytes };
    Some(of_array(node, array, Layout::Numpy, vec![storage]))
}

fn of_array(node: NodeId, array: Array<'_>, layout: Layout, storages: Vec<StorageUse>) -> Tensor {
    let Array { dtype, shape, .. } = array;
    Tensor { node, class: None, requires_grad: None, dtype, shape, layout, storages }
}

/// The bytes that a strided array reaches in its storage.
fn reach(array: &Array<'_>) -> (u64, u64) {
    let size = array.dtype.itemsize;
    let first = if let Order::Strided { offset, .. } = array.order { offset } else { 0 };
    let end = array.stored().unwrap_or(u64::MAX);
    (first.saturating_mul(size), end.saturating_mul(size).max(first.saturating_mul(size)))
}

/// The tensor that a call of one of torch's functions makes.
fn made(lens: &Lens<'_>, found: Unwrapped<'_>) -> Option<Tensor> {
    let Unwrapped { node, class, requires_grad, function, args, state } = found;
    let mut tensor = match function {
        "_rebuild_sparse_tensor" | "_rebuild_sparse_csr_tensor" => sparse(lens, node, &args)?,
        "_rebuild_nested_tensor" => nested(lens, node, &args)?,
        "_rebuild_wrapper_subclass" => {
            let dtype = Dtype::from_type_name(lens.symbol(*args.get(1)?)?.short_name());
            let local = state.and_then(|state| lens.tensor_part(local_tensor(lens, state)?));
            let layout = local.as_ref().map_or(Layout::None, |local| local.layout.clone());
            let storages = local.map_or_else(Vec::new, |local| local.storages);
            let mut tensor = plain(node, dtype, tensor_size(lens, *args.get(2)?)?, layout, storages);
            tensor.class = lens.symbol(*args.first()?).map(crate::graph::Symbol::full_name);
            tensor
        }
        "_rebuild_meta_tensor_no_storage" => {
            let array = lens.array(node)?;
            of_array(node, array, Layout::None, Vec::new())
        }
        "_rebuild_device_tensor_from_numpy" | "_rebuild_xla_tensor" => {
            let inner = numpy(lens, args.first()?.node())?;
            Tensor { node, layout: Layout::Strided, ..inner }
        }
        "_rebuild_qtensor" => {
            let scheme = lens.graph.items(args.get(4)?.node()).next();
            let scheme = scheme.and_then(|scheme| lens.symbol(scheme));
            let layout = Layout::Quantized(scheme.map_or_else(String::new, |scheme| scheme.short_name().to_owned()));
            strided(lens, node, &args, layout)?
        }
        _ => strided(lens, node, &args, Layout::Strided)?,
    };
    tensor.class = class.or(tensor.class);
    let own = match function {
        "_rebuild_qtensor" => args.get(5),
        "_rebuild_meta_tensor_no_storage" => args.get(3),
        "_rebuild_tensor_v2" | "_rebuild_tensor_v3" => args.get(4),
        _ => None,
    };
    tensor.requires_grad = requires_grad.or_else(|| flag(lens, own));
    Some(tensor)
}

fn plain(node: NodeId, dtype: Dtype, shape: Vec<u64>, layout: Layout, storages: Vec<StorageUse>) -> Tensor {
    Tensor { node, class: None, requires_grad: None, dtype, shape, layout, storages }
}

/// `(storage, storage_offset, size, stride, …)`
fn strided(lens: &Lens<'_>, node: NodeId, args: &[Edge], layout: Layout) -> Option<Tensor> {
    let array = lens.array(node)?;
    let &storage = args.first()?;
    let (id, storage) = match lens.graph.node(storage.node()) {
        Node::PersistentId(id) => {
            let storage = Storage::of(lens, id)?;
            (StorageId::Key(storage.key.clone()), storage)
        }
        _ => {
            let (_, inner) = legacy::storage(lens.attached.loaded.get(&storage.node())?, lens)?;
            (StorageId::Node(storage.node()), inner)
        }
    };
    let bytes = storage.count.saturating_mul(storage.dtype.itemsize);
    let before = storage.view.map_or(0, |(first, _)| first.saturating_mul(storage.dtype.itemsize));
    let (first, end) = reach(&array);
    let packed = storage.numbers_in_a_byte();
    let storage = StorageUse {
        id,
        is_there: storage.blob.is_some(),
        location: Some(storage.location).filter(|location| !location.is_empty()),
        bytes,
        reach: (first.saturating_add(before) / packed, end.saturating_add(before).div_ceil(packed)),
        used: array.bytes().unwrap_or(u64::MAX).div_ceil(packed),
    };
    Some(of_array(node, array, layout, vec![storage]))
}

/// `(layout, (indices, values, size, …))`; compressed layouts have two kinds of indices.
fn sparse(lens: &Lens<'_>, node: NodeId, args: &[Edge]) -> Option<Tensor> {
    let &[layout, data] = args.first_chunk::<2>()?;
    let layout = sparse_layout(lens, layout)?;
    let kinds = if layout == "sparse_coo" { 1 } else { 2 };
    let data: Vec<Edge> = lens.graph.items(data.node()).take(kinds + 2).collect();
    let shape = tensor_size(lens, *data.get(kinds + 1)?)?;
    let parts: Vec<Tensor> = data[..=kinds].iter().map(|&part| lens.tensor_part(part)).collect::<Option<_>>()?;
    let dtype = parts.last()?.dtype.clone();
    let storages = parts.into_iter().flat_map(|part| part.storages).collect();
    Some(plain(node, dtype, shape, Layout::Sparse(layout), storages))
}

/// `sparse_coo` of `_get_layout('torch.sparse_coo')` or of the global itself.
pub(in crate::lens) fn sparse_layout(lens: &Lens<'_>, edge: Edge) -> Option<String> {
    let name = match lens.call(edge.node()) {
        Some(call) => lens.string(*call.args.first()?)?,
        None => lens.symbol(edge)?.full_name(),
    };
    Some(name.strip_prefix("torch.").unwrap_or(&name).to_owned())
}

/// `(buffer, sizes, strides, offsets)`
fn nested(lens: &Lens<'_>, node: NodeId, args: &[Edge]) -> Option<Tensor> {
    let buffer = lens.tensor_part(*args.first()?)?;
    let sizes = lens.tensor_part(*args.get(1)?)?;
    // As many tensors as rows in `sizes`; their shapes are numbers in a storage.
    let shape = vec![*sizes.shape.first()?];
    let storages = buffer.storages.into_iter().chain(sizes.storages).collect();
    Some(plain(node, buffer.dtype, shape, Layout::Nested, storages))
}

impl Lens<'_> {
    /// A strided tensor inside another one. Never one of parts itself, so that tensors do not nest.
    fn tensor_part(&self, edge: Edge) -> Option<Tensor> {
        let found = unwrap(self, edge.node())?;
        strided(self, found.node, &found.args, Layout::Strided)
    }
}
