//! Where a tree that is walked from the roots meets each node first.

use super::{Graph, NodeId};

/// How a walk came to a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The node is the n-th root that was handed in.
    Root(u32),
    /// The node was met first as a child of this one.
    Child(NodeId),
    /// No root leads to it.
    Unreached,
}

/// For each node, the parent under which a depth-first walk in the order of the file meets it first.
///
/// Built once when first asked for; 4 bytes a node.
#[derive(Debug, Default)]
pub struct Parents {
    parent: Vec<u32>,
}

const UNREACHED: u32 = u32::MAX;
const ROOT: u32 = 1 << 31;

impl Parents {
    /// Walks the graph from `roots` in their order.
    #[must_use]
    pub fn new(graph: &Graph, roots: impl Iterator<Item = NodeId>) -> Self {
        let mut parent = vec![UNREACHED; graph.len()];
        for (number, root) in roots.enumerate() {
            if parent[root.index()] == UNREACHED {
                parent[root.index()] = ROOT | number as u32;
                walk(graph, root, &mut parent);
            }
        }
        Self { parent }
    }

    /// How the walk came to `node`.
    #[must_use]
    pub fn step(&self, node: NodeId) -> Step {
        match self.parent[node.index()] {
            UNREACHED => Step::Unreached,
            root if root & ROOT != 0 => Step::Root(root & !ROOT),
            parent => Step::Child(NodeId(parent)),
        }
    }

    /// Whether more than `levels` lie between a root and the node.
    #[must_use]
    pub fn is_deeper(&self, node: NodeId, levels: usize) -> bool {
        let mut current = node;
        for _ in 0..levels {
            match self.step(current) {
                Step::Child(parent) => current = parent,
                Step::Root(_) | Step::Unreached => return false,
            }
        }
        matches!(self.step(current), Step::Child(_))
    }

    /// The nodes from a root down to `node`, both included; `None` when no root leads to it.
    #[must_use]
    pub fn chain(&self, node: NodeId) -> Option<Vec<NodeId>> {
        let mut chain = vec![node];
        let mut current = node;
        loop {
            match self.step(current) {
                Step::Unreached => return None,
                Step::Root(_) => break,
                Step::Child(parent) => {
                    chain.push(parent);
                    current = parent;
                }
            }
        }
        chain.reverse();
        Some(chain)
    }
}

/// Depth first and in order, with children pushed in reverse: a stack of ids, never of call frames.
fn walk(graph: &Graph, root: NodeId, parent: &mut [u32]) {
    let mut stack = vec![(root, root)];
    let mut children = Vec::new();
    while let Some((node, from)) = stack.pop() {
        if node != root {
            if parent[node.index()] != UNREACHED {
                continue;
            }
            parent[node.index()] = from.0;
        }
        children.clear();
        children.extend(graph.children(node).map(|edge| edge.node()));
        for &child in children.iter().rev() {
            if parent[child.index()] == UNREACHED {
                stack.push((child, node));
            }
        }
    }
}
