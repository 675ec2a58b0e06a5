//! Names of features that a model was saved with: `{'model': model, 'feature_names': [...]}`.

use super::Estimator;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::Kind;

/// Nodes that are looked at for dicts, and keys of all of them.
const NODES: usize = 50_000;
const KEYS: u64 = 4_000;
/// Bytes of the longest key that is looked for.
const LONGEST: u64 = 24;

/// Keys that people give to lists of names.
const NAMES: [&str; 6] =
    ["feature_names", "feature_names_in_", "features", "feature_columns", "feature_cols", "columns"];

impl<'a> Estimator<'a> {
    /// The names of features that stand beside it in a dict under one of the usual keys, and that key. There must be as many as it
    /// has features, where it says how many.
    #[must_use]
    pub fn names_beside(&self) -> Option<(Vec<String>, String)> {
        let graph = self.lens.graph;
        let mut left = KEYS;
        for id in (0..graph.len().min(NODES) as u32).map(NodeId) {
            if !matches!(graph.node(id), Node::Dict) {
                continue;
            }
            let keys = graph.run_length(id, RunKind::Pairs) / 2;
            // A large one is passed over: models are saved with a few.
            if keys > left {
                continue;
            }
            left -= keys;
            let edges: Vec<Edge> = graph.run_window(id, RunKind::Pairs, 0).collect();
            if edges.chunks_exact(2).any(|pair| pair[1].node() == self.object.node) {
                let found = edges.chunks_exact(2).find_map(|pair| self.named(pair[0], pair[1]));
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// The names under a key, when it is a usual one and they are so many.
    fn named(&self, key: Edge, value: Edge) -> Option<(Vec<String>, String)> {
        let lens = &self.lens;
        let Node::Text { span, .. } = lens.graph.node(key.node()) else { return None };
        let key = if span.len() <= LONGEST { lens.string(key)? } else { return None };
        if !NAMES.contains(&key.as_str()) {
            return None;
        }
        let are_texts = match lens.sequence(value) {
            Some(items) => items.iter().all(|item| matches!(lens.graph.node(item.node()), Node::Text { .. })),
            None => lens.array(value.node()).is_some_and(|array| matches!(array.dtype.kind, Kind::Text | Kind::Object)),
        };
        let names = if are_texts { self.names_in(value)? } else { return None };
        let is_complete = self.features().is_none_or(|count| count == names.len() as u64);
        (is_complete && !names.is_empty()).then_some((names, key))
    }
}
