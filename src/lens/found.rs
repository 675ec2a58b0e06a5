//! What a look at the values themselves finds after a document was read: it takes their bytes, which the machine passes over.

use super::libraries::stdlib::refused_values;
use crate::bytes::sorting;
use crate::graph::{Node, NodeId, RunKind};
use crate::lens::recogniser::Lens;
use crate::machine::ProblemKind;

/// Nodes that are looked at before anything is shown. In a larger document the rows say it, when they are shown.
const NODES: usize = 50_000;
/// Keys and members of all of them.
const KEYS: u64 = 2_000;
/// Calls of constructors that may refuse their arguments.
const CALLS: usize = 2_000;

/// Values that their constructors refuse, and dicts and sets with equal keys; in the order of the file.
#[must_use]
pub fn found_in_values(lens: &Lens<'_>) -> Vec<(NodeId, ProblemKind)> {
    let graph = lens.graph;
    let refused = refused_values(lens, CALLS).into_iter();
    let mut found: Vec<_> = refused.map(|(id, raised)| (id, ProblemKind::Refused(raised))).collect();
    let mut left = KEYS;
    for id in (0..graph.len().min(NODES) as u32).map(NodeId) {
        let kind = match graph.node(id) {
            Node::Dict => RunKind::Pairs,
            Node::Set | Node::FrozenSet => RunKind::Members,
            _ => continue,
        };
        let count = (graph.run_length(id, kind) / 2).max(graph.items(id).len() as u64);
        // A large one comes early and is left to whoever shows it.
        if count > left {
            continue;
        }
        left -= count;
        if let Some(kept) = lens.kept(id, kind) {
            found.push((id, ProblemKind::EqualKeys(kept.dropped)));
        }
    }
    sorting::by_key(&mut found, |(id, _)| *id);
    found
}
