//! torch's storages: numbers that stand outside the pickle, which names them.
//!
//! Sources: `torch/serialization.py` (`persistent_id`, `persistent_load`), `torch/storage.py`.

use crate::bytes::Span;
use crate::graph::{Edge, Node, Symbol};
use crate::lens::graph_view::{Blob, GraphView};
use crate::lens::numbers::{Data, Dtype, Kind, Payload};
use crate::lens::text::grouped;

/// A storage that a persistent id names: `('storage', type, key, location, number of elements[, view])`.
pub(super) struct Storage<'a> {
    pub(super) class: &'a Symbol,
    pub(super) dtype: Dtype,
    pub(super) key: String,
    pub(super) location: String,
    pub(super) count: u64,
    pub(super) blob: Option<&'a Blob>,
    /// First element and number of elements of the root storage that this one is (files of torch before 1.6).
    pub(super) view: Option<(u64, u64)>,
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
    pub(super) fn data(&self) -> Data<'a> {
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
    pub(super) fn text(&self, nodes: &GraphView<'_>) -> String {
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

/// Text that may be bytes in files of Python 2, and a number in those of torch.package.
fn text(nodes: &GraphView<'_>, edge: Edge) -> Option<String> {
    if let Node::Int(number) = nodes.graph.node(edge.node()) {
        return Some(number.to_string());
    }
    nodes.string(edge).or_else(|| Some(String::from_utf8_lossy(&nodes.bytes_of(edge)?).into_owned()))
}

pub(super) fn size_of(nodes: &GraphView<'_>, edge: Edge) -> Option<u64> {
    u64::try_from(nodes.int(edge)?).ok()
}

/// A tuple, or `torch.Size` of one.
pub(super) fn tensor_size(view: &GraphView<'_>, edge: Edge) -> Option<Vec<u64>> {
    match view.call(edge.node()) {
        Some(call) if call.symbol?.is("torch", "Size") => view.sizes(*call.args.first()?),
        _ => view.sizes(edge),
    }
}
