//! One of numpy's scalars, as it is pickled: its dtype and its bytes.

use super::dtype::{Dtype, Kind};
use super::{convert, element};
use crate::format::numpy::STRING_DTYPE;
use crate::graph::{Edge, NodeId};
use crate::lens::graph_view::GraphView;

impl GraphView<'_> {
    /// One of numpy's scalars: what it is, and its bytes.
    #[must_use]
    pub fn numpy_scalar_bytes(&self, node: NodeId) -> Option<(Dtype, Vec<u8>)> {
        scalar_bytes(self, Edge::to(node)).filter(|(dtype, _)| dtype.kind != Kind::Other)
    }

    /// The dtype of numpy that a value is, when it is one as an object, not as a name or code.
    #[must_use]
    pub fn numpy_dtype(&self, node: NodeId) -> Option<Dtype> {
        let symbol = self.call(node)?.symbol?;
        let is_dtype = matches!(symbol.name.as_str(), "dtype" | STRING_DTYPE);
        let is_numpy = symbol.module == "numpy" || symbol.module.starts_with("numpy.");
        self.dtype(Edge::to(node)).filter(|_| is_dtype && is_numpy)
    }
}

/// The text of one of numpy's scalars.
pub(in crate::lens) fn text(view: &GraphView<'_>, edge: Edge) -> Option<String> {
    let (dtype, bytes) = scalar_bytes(view, edge)?;
    Some(element::text(&dtype, &bytes, view.limits.preview))
}

/// The characters of a `numpy.str_`, without quotes.
pub(in crate::lens) fn characters(view: &GraphView<'_>, edge: Edge) -> Option<String> {
    let (dtype, bytes) = scalar_bytes(view, edge).filter(|(dtype, _)| dtype.kind == Kind::Text)?;
    element::label(&dtype, &bytes)
}

/// One of numpy's scalars, when it is an integer.
pub(in crate::lens) fn integer(view: &GraphView<'_>, edge: Edge) -> Option<i128> {
    let (dtype, bytes) = scalar_bytes(view, edge)?;
    convert::integers(&dtype, &bytes)?.first().copied()
}

fn scalar_bytes(view: &GraphView<'_>, edge: Edge) -> Option<(Dtype, Vec<u8>)> {
    let call = view.call(edge.node())?;
    call.symbol.filter(|symbol| symbol.name == "scalar" && symbol.module.starts_with("numpy."))?;
    let &[dtype, bytes] = &call.args[..] else { return None };
    let (dtype, bytes) = (view.dtype(dtype)?, view.bytes_of(bytes)?);
    (!dtype.has_objects() && bytes.len() as u64 == dtype.itemsize).then_some((dtype, bytes))
}
