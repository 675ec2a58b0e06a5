//! Looks for a value in everything that a file holds.

use super::Look;
use crate::explain::word::Word;
use crate::graph::{Edge, Node, NodeId, TextEncoding};

/// Values that are looked at.
const NODES: u32 = 2_000_000;
/// Values that are asked whether they are arrays, or have a key.
const ARRAYS: usize = 50_000;

/// Whether something was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Seen {
    /// At this offset.
    At(u64),
    /// Not, and everything was looked at.
    Nowhere,
    /// Not, but not everything was looked at.
    Unknown,
}

impl Look<'_> {
    /// The first value of a kind.
    pub(super) fn first(&self, is_it: impl Fn(NodeId, Node) -> bool) -> Seen {
        let graph = &self.document.reading().graph;
        let all = u32::try_from(graph.len()).unwrap_or(u32::MAX);
        let found = (0..all.min(NODES)).map(NodeId).find(|id| is_it(*id, graph.node(*id)));
        match found {
            Some(id) => Seen::At(graph.offset(id)),
            None if all > NODES || !self.overview.complete => Seen::Unknown,
            None => Seen::Nowhere,
        }
    }

    /// A text that is a word, or begins with what is there of it.
    pub(super) fn text(&self, word: &Word) -> Seen {
        let lens = self.document.lens();
        let length = word.text().len() as u64;
        self.first(|id, node| match node {
            Node::Text { span, encoding } => {
                let may_be = match (encoding, word.is_cut()) {
                    (TextEncoding::Utf8, false) => span.len() == length,
                    (TextEncoding::Utf8, true) => span.len() >= length,
                    _ => true,
                };
                may_be && lens.string(Edge::to(id)).is_some_and(|text| word.fits(&text))
            }
            _ => false,
        })
    }

    /// An int.
    pub(super) fn int(&self, wanted: i64) -> Seen {
        self.first(|_, node| node == Node::Int(wanted))
    }

    /// What stands under a text key of a dict or the state of an object, wherever it is.
    pub(super) fn values_of(&self, key: &str) -> Vec<Edge> {
        let graph = &self.document.reading().graph;
        let lens = self.document.lens();
        let all = u32::try_from(graph.len()).unwrap_or(u32::MAX).min(NODES);
        let holders = (0..all).map(NodeId).filter(|id| matches!(graph.node(*id), Node::Dict | Node::Call { .. }));
        holders.take(ARRAYS).filter_map(|id| lens.value_of(Edge::to(id), key)).collect()
    }

    /// Whether an array has a shape.
    pub(super) fn shape(&self, wanted: &[u64]) -> Seen {
        let graph = &self.document.reading().graph;
        let lens = self.document.lens();
        let all = u32::try_from(graph.len()).unwrap_or(u32::MAX).min(NODES);
        let mut asked = 0;
        for id in
            (0..all).map(NodeId).filter(|id| matches!(graph.node(*id), Node::Call { .. } | Node::InlineArray { .. }))
        {
            asked += 1;
            if asked > ARRAYS {
                return Seen::Unknown;
            }
            if lens.array(id).is_some_and(|array| array.shape == wanted) {
                return Seen::At(graph.offset(id));
            }
        }
        if self.overview.complete { Seen::Nowhere } else { Seen::Unknown }
    }
}
