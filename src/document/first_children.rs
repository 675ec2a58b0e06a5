//! The first children of one value that show which object.

use super::content::{Child, Content, Place, Target};
use crate::graph::{Edge, NodeId};
use std::collections::HashMap;

/// The first children of a value by what they show.
#[derive(Debug, Default)]
pub(super) struct FirstChildren {
    /// Children that were gone over.
    pub(super) seen: u64,
    /// The first child whose value is this object.
    pub(super) values: HashMap<NodeId, u64>,
    /// The first child that has it in its key, or in a row of its own below.
    pub(super) parts: HashMap<NodeId, u64>,
}

impl FirstChildren {
    pub(super) fn add(&mut self, child: &Child, is_wanted: impl Fn(NodeId) -> bool) {
        let index = self.seen;
        self.seen += 1;
        let mut note = |is_value: bool, edge: Edge| {
            if is_wanted(edge.node()) {
                let map = if is_value { &mut self.values } else { &mut self.parts };
                map.entry(edge.node()).or_insert(index);
            }
        };
        match child.target {
            Target::Value(edge) => note(true, edge),
            Target::Content(Content::Pair { key, value }) => {
                [key, value].into_iter().for_each(|edge| note(false, edge))
            }
            _ => {}
        }
        if let Place::Part(_, _, Some(key)) = child.place {
            note(false, key);
        }
    }

    pub(super) fn first(&self, node: NodeId) -> Option<u64> {
        let both = [self.values.get(&node), self.parts.get(&node)];
        both.into_iter().flatten().copied().min()
    }
}
