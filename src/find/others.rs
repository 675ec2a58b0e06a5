//! Which values stand at several places: what the memo gave again.

use crate::graph::{Graph, NodeId};

/// For each node, how often it was fetched from the memo, and what refers to it in this way: the last one, which is most likely another
/// than what it was made in.
#[derive(Debug, Default)]
pub(super) struct Others {
    counts: Vec<u32>,
    owners: Vec<u32>,
    /// Bits of nodes that something refers to without the memo.
    made: Vec<u64>,
    next: u32,
}

/// What a node costs, in bytes that are searched.
const NODE: u64 = 4;

impl Others {
    /// Looks at some more of the graph; whether all of it was looked at.
    pub(super) fn step(&mut self, graph: &Graph, budget: &mut u64) -> bool {
        if self.counts.is_empty() {
            self.counts = vec![0; graph.len()];
            self.owners = vec![0; graph.len()];
            self.made = vec![0; graph.len().div_ceil(64)];
        }
        while (self.next as usize) < graph.len() {
            if *budget == 0 {
                return false;
            }
            let owner = NodeId(self.next);
            self.next += 1;
            *budget = budget.saturating_sub(NODE);
            for edge in graph.children(owner) {
                *budget = budget.saturating_sub(1);
                let index = edge.node().0 as usize;
                let Some(count) = self.counts.get_mut(index) else { continue };
                if edge.is_fetched() {
                    self.owners[index] = owner.0;
                    *count = count.saturating_add(1);
                } else {
                    self.made[index / 64] |= 1 << (index % 64);
                }
            }
        }
        true
    }

    /// At how many places a node stands besides the first, and what refers to it at one of them.
    pub(super) fn of(&self, node: NodeId) -> Option<(u32, NodeId)> {
        let index = node.0 as usize;
        let fetched = self.counts.get(index).copied()?;
        // What was made and thrown away stands first where it was fetched.
        let is_made = self.made[index / 64] >> (index % 64) & 1 != 0;
        let others = if is_made { fetched } else { fetched.saturating_sub(1) };
        (others > 0).then(|| (others, NodeId(self.owners[index])))
    }
}
