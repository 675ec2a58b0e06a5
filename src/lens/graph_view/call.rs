//! Calls, unpacked.

use super::persistent::module_class;
use super::view::GraphView;
use crate::graph::{CallKind, Edge, Node, NodeId, RunKind, Symbol};

/// Arguments of a call that have a meaning by their place; what is beyond is listed. Calls can be many and share one tuple.
pub(in crate::lens) const ARGUMENTS: usize = 256;

/// A call, unpacked.
pub(crate) struct Call<'a> {
    pub(crate) id: NodeId,
    pub(crate) kind: CallKind,
    pub(crate) callee: Edge,
    /// The global that is called, when the callee is one, or stands for one with its source (torch before 1.6).
    pub(crate) symbol: Option<&'a Symbol>,
    pub(crate) args_edge: Edge,
    /// The arguments, when they are a tuple, as far as they have a meaning by their place.
    pub(crate) args: Vec<Edge>,
    pub(crate) kwargs: Option<Edge>,
}

impl<'a> GraphView<'a> {
    /// The call that made a node, when one did.
    pub(crate) fn call(&self, id: NodeId) -> Option<Call<'a>> {
        let Node::Call { kind, callee, args: args_edge, kwargs } = self.graph.node(id) else { return None };
        let symbol = self.symbol(callee).or_else(|| module_class(self, callee));
        let args = self.graph.items(args_edge.node()).take(ARGUMENTS).collect();
        Some(Call { id, kind, callee, symbol, args_edge, args, kwargs })
    }

    /// The states that BUILD gave to an object.
    pub(crate) fn states(&self, id: NodeId) -> impl Iterator<Item = Edge> {
        self.graph.run_window(id, RunKind::State, 0)
    }

    /// Up to a few hundred string keys of a dict with their values.
    pub(in crate::lens) fn small_dict(&self, edge: Edge) -> Vec<(String, Edge)> {
        let edges: Vec<Edge> = self.graph.run_window(edge.node(), RunKind::Pairs, 0).take(512).collect();
        let named = |pair: &[Edge]| Some((self.string(pair[0])?, pair[1]));
        edges.chunks_exact(2).filter_map(named).collect()
    }
}

/// Whether a name is spelled as classes are, so that calling it is likely to make an instance.
pub(in crate::lens) fn looks_like_class(symbol: &Symbol) -> bool {
    let short = symbol.short_name().trim_start_matches('_');
    short.chars().next().is_some_and(char::is_uppercase)
}
