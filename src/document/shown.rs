//! Where the rows of a value show which object first: gone over once, however many rows ask.

use super::Document;
use super::first_children::FirstChildren;
use crate::graph::{Node, NodeId};

/// Children that are read at a time.
const STEP: usize = 1024;
/// So few children are as soon gone over as looked up.
const FEW: u64 = 64;

impl Document {
    /// Whether no child before the `before`-th shows the object.
    pub(super) fn first_child_showing(&self, owner: NodeId, node: NodeId, before: u64) -> bool {
        let shown = |shown: &FirstChildren| shown.values.get(&node).copied();
        self.first_shown(owner, before, &shown).is_none_or(|index| index >= before)
    }

    /// The first child of a large container that shows one of these objects or leads to it; `None` also where that is to be
    /// found by going over the children.
    pub(super) fn first_child_towards(&self, owner: NodeId, nodes: &[NodeId], total: u64) -> Option<u64> {
        if total <= FEW || !nodes.iter().all(|&node| self.has_parts(node)) {
            return None;
        }
        self.first_shown(owner, total, &|shown| nodes.iter().filter_map(|&node| shown.first(node)).min())
    }

    /// Goes over the children of a value until `find` finds something, at most to the `end`-th.
    fn first_shown(&self, owner: NodeId, end: u64, find: &dyn Fn(&FirstChildren) -> Option<u64>) -> Option<u64> {
        let mut all = self.shown.borrow_mut();
        let shown = all.entry(owner).or_default();
        loop {
            let found = find(shown);
            if found.is_some() || shown.seen >= end {
                return found;
            }
            let window = self.node_window(owner, shown.seen, STEP.min((end - shown.seen) as usize));
            if window.is_empty() {
                return None;
            }
            for child in &window {
                shown.add(child, |node| self.has_parts(node));
            }
        }
    }

    /// Whether a node may have rows below it: the others are never said to be shown elsewhere.
    fn has_parts(&self, node: NodeId) -> bool {
        !matches!(
            self.reading.graph.node(node),
            Node::None | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text { .. }
        )
    }
}
