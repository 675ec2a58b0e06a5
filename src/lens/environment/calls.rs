//! What of a graph is looked at for versions.

use crate::graph::{NodeId, Symbol};
use crate::lens::recogniser::Lens;

/// Names that are looked at; a file with more is told by the first of them.
pub(super) const SYMBOLS: usize = 5000;

/// The calls of globals that `wanted` names, and those of anything else than a global; of millions of others, none.
pub(super) fn calls<'a>(lens: &Lens<'a>, wanted: impl Fn(&Symbol) -> bool) -> impl Iterator<Item = NodeId> + 'a {
    let graph = lens.graph;
    let is_wanted: Vec<bool> = graph.symbols.iter().map(wanted).collect();
    let is_worth = move |id: &NodeId| graph.glance(*id).is_none_or(|call| is_wanted[call.symbol.0 as usize]);
    graph.reaching_out().filter(is_worth)
}
