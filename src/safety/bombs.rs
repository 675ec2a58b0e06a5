//! Objects that are small in the file and huge when something walks over them, and memos that are huge at once.

use super::audit::Auditor;
use super::evidence::Draft;
use super::{Level, rules};
use crate::graph::{Node, NodeId};
use std::collections::HashMap;

/// Values in an object written out, beyond which printing, comparing or hashing it does not end.
const WRITTEN_OUT: f64 = 1e9;
/// Containers fetched from the memo into containers, below which nothing grows that far.
const SHARED: usize = 16;

impl Auditor<'_> {
    pub(super) fn bombs(&mut self) {
        self.memo_bomb();
        if let Some((node, size)) = self.expansion() {
            let mut draft = Draft::at(node);
            draft.explanation =
                format!("Objects that contain others many times over: written out, this is {size:.0e} values.");
            self.find(&rules::resource_bomb::RULE, Level::Suspicious, draft);
        }
    }

    /// A C loader's memo is an array up to the largest index.
    fn memo_bomb(&mut self) {
        const ORDINARY: u64 = 1 << 24;
        for stream in &self.reading.streams {
            let Some(highest) = stream.memo.highest() else { continue };
            if highest > ORDINARY && highest / 16 > stream.opcodes {
                let mut draft = Draft::place(stream.span.start);
                draft.explanation =
                    format!("The memo index {highest} makes a loader reserve {} bytes.", highest.saturating_mul(16));
                self.find(&rules::resource_bomb::RULE, Level::Suspicious, draft);
                return;
            }
        }
    }

    /// The first plain container that is larger than anything when written out. Objects of classes count as one value:
    /// theirs may well refer to each other.
    fn expansion(&self) -> Option<(NodeId, f64)> {
        let graph = self.graph;
        if graph.shared_containers(SHARED) < SHARED {
            return None;
        }
        let mut sizes: HashMap<NodeId, f64> = HashMap::new();
        let roots = self.reading.streams.iter().flat_map(|stream| stream.root.iter().chain(&stream.leftover));
        for root in roots {
            let mut stack = vec![(root.node(), false)];
            while let Some((node, done)) = stack.pop() {
                if done {
                    let size = 1.0
                        + graph.children(node).map(|edge| sizes.get(&edge.node()).copied().unwrap_or(1.0)).sum::<f64>();
                    if size > WRITTEN_OUT && size > 1000.0 * graph.len() as f64 {
                        return Some((node, size));
                    }
                    sizes.insert(node, size);
                    continue;
                }
                if sizes.contains_key(&node) || !is_container(&graph.node(node)) {
                    continue;
                }
                // While it is on the way down it counts as one value, so that cycles end.
                sizes.insert(node, 1.0);
                stack.push((node, true));
                let children = graph.children(node).map(|edge| edge.node());
                stack.extend(children.filter(|child| is_container(&graph.node(*child))).map(|child| (child, false)));
            }
        }
        None
    }
}

fn is_container(node: &Node) -> bool {
    matches!(node, Node::Tuple | Node::List | Node::Dict | Node::Set | Node::FrozenSet)
}
