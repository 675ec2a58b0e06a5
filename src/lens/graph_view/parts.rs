//! The children that a person sees, as sections of the edges that the graph has.

use crate::graph::{Edge, Graph, Kept, NodeId, RunKind};
use std::sync::Arc;

/// How the children of a part are labelled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PartLabel {
    /// By position: `[0]`.
    Index,
    /// By key: `['a']`; edges are keys and values in turn.
    Key,
    /// By name of the attribute: `.a`; edges are names and values in turn.
    Attribute,
    /// Without an address: members of a set.
    Member,
    /// A role in a call, the same for its single child.
    Role(String),
    /// A named attribute, the same for its single child.
    Named(String),
}

impl PartLabel {
    /// Edges for one child.
    fn stride(&self) -> u64 {
        match self {
            Self::Key | Self::Attribute => 2,
            _ => 1,
        }
    }
}

/// Where the edges of a part are.
#[derive(Clone, Debug)]
enum Place {
    One(Edge),
    Items(NodeId),
    Run(NodeId, RunKind),
    /// What is left where keys or members are equal.
    Kept(Arc<Kept>),
    /// The values that equal keys replaced.
    Replaced(Arc<Kept>),
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::One(one), Self::One(other)) => one == other,
            (Self::Items(one), Self::Items(other)) => one == other,
            (Self::Run(one, kind), Self::Run(other, other_kind)) => one == other && kind == other_kind,
            (Self::Kept(one), Self::Kept(other)) => one.edges == other.edges,
            (Self::Replaced(one), Self::Replaced(other)) => one.replaced == other.replaced,
            _ => false,
        }
    }
}

impl Eq for Place {}

/// Some of the children of a node, all labelled in one way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// How they are labelled.
    pub label: PartLabel,
    place: Place,
    /// Edges left out at the front.
    skip: u64,
}

/// What the users of a library call the children of a value that is pickled otherwise: the columns of a frame, the submodules
/// and parameters of a module.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Components {
    /// Columns of a table, which are no values of their own in the file. They come first.
    pub columns: u64,
    /// Values, in the order in which they are shown.
    pub parts: Vec<Part>,
}

/// One child.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PartChild {
    /// Position in the part.
    pub index: u64,
    /// Key or attribute name.
    pub key: Option<Edge>,
    /// The value.
    pub value: Edge,
}

impl Part {
    /// A single child under a role in a call.
    pub fn role(name: impl Into<String>, edge: Edge) -> Self {
        Self { label: PartLabel::Role(name.into()), place: Place::One(edge), skip: 0 }
    }

    /// A single child under the name of an attribute.
    pub fn named(name: impl Into<String>, edge: Edge) -> Self {
        Self { label: PartLabel::Named(name.into()), place: Place::One(edge), skip: 0 }
    }

    /// The items of a tuple or frozenset.
    #[must_use]
    pub fn items(label: PartLabel, of: NodeId) -> Self {
        Self { label, place: Place::Items(of), skip: 0 }
    }

    /// What opcodes added to an object.
    #[must_use]
    pub fn run(label: PartLabel, of: NodeId, kind: RunKind) -> Self {
        Self { label, place: Place::Run(of, kind), skip: 0 }
    }

    /// What is left of the pairs or members of an object.
    pub(in crate::lens) fn kept(label: PartLabel, kept: Arc<Kept>) -> Self {
        Self { label, place: Place::Kept(kept), skip: 0 }
    }

    /// The values that are not there in the end because an equal key came later: what made them runs all the same.
    pub(in crate::lens) fn replaced(&self) -> Option<Self> {
        let Place::Kept(kept) = &self.place else { return None };
        let label = PartLabel::Role("replaced".to_owned());
        (!kept.replaced.is_empty()).then(|| Self { label, place: Place::Replaced(Arc::clone(kept)), skip: 0 })
    }

    /// Whether these are values that equal keys replaced.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        matches!(self.place, Place::Replaced(_))
    }

    /// How many pairs or members are left out because they came after an equal one.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        if let Place::Kept(kept) = &self.place { kept.dropped } else { 0 }
    }

    /// The same without its first edges.
    #[must_use]
    pub fn without_first(mut self, edges: u64) -> Self {
        self.skip += edges;
        self
    }

    fn edges(&self, graph: &Graph) -> u64 {
        let all = match &self.place {
            Place::One(_) => 1,
            Place::Items(node) => graph.items(*node).len() as u64,
            Place::Run(node, kind) => graph.run_length(*node, *kind),
            Place::Kept(kept) => kept.edges.len() as u64,
            Place::Replaced(kept) => kept.replaced.len() as u64,
        };
        all.saturating_sub(self.skip)
    }

    /// Number of children.
    #[must_use]
    pub fn len(&self, graph: &Graph) -> u64 {
        self.edges(graph) / self.label.stride()
    }

    /// Whether there is no child.
    #[must_use]
    pub fn is_empty(&self, graph: &Graph) -> bool {
        self.len(graph) == 0
    }

    /// The first child whose key or value is `wanted`. Where children were made one after the other, as a rule, it is found
    /// without going over those before.
    #[must_use]
    pub fn position(&self, graph: &Graph, wanted: NodeId) -> Option<u64> {
        let of = |mut edges: Box<dyn Iterator<Item = Edge> + '_>| {
            edges.position(|edge| edge.node() == wanted).map(|at| at as u64)
        };
        let found = match &self.place {
            Place::One(edge) => of(Box::new(std::iter::once(*edge))),
            Place::Items(node) => of(Box::new(graph.items(*node))),
            Place::Run(node, kind) => graph.position_in_runs(*node, *kind, wanted),
            Place::Kept(kept) => of(Box::new(kept.edges.iter().copied())),
            Place::Replaced(kept) => of(Box::new(kept.replaced.iter().copied())),
        };
        let edge = found?.checked_sub(self.skip)?;
        let index = edge / self.label.stride();
        (index < self.len(graph)).then_some(index)
    }

    /// Children from `first` on, at most `count`.
    #[must_use]
    pub fn window(&self, graph: &Graph, first: u64, count: usize) -> Vec<PartChild> {
        let stride = self.label.stride();
        let skip = self.skip + first * stride;
        let count = count.min(usize::try_from(self.len(graph).saturating_sub(first)).unwrap_or(usize::MAX));
        let wanted = count * stride as usize;
        let edges: Vec<Edge> = match &self.place {
            Place::One(edge) => std::iter::once(*edge).skip(skip as usize).take(wanted).collect(),
            Place::Items(node) => graph.items_window(*node, skip).take(wanted).collect(),
            Place::Run(node, kind) => graph.run_window(*node, *kind, skip).take(wanted).collect(),
            Place::Kept(kept) => kept.edges.iter().skip(skip as usize).take(wanted).copied().collect(),
            Place::Replaced(kept) => kept.replaced.iter().skip(skip as usize).take(wanted).copied().collect(),
        };
        let child = |(i, pair): (usize, &[Edge])| match *pair {
            [key, value] => PartChild { index: first + i as u64, key: Some(key), value },
            [value, ..] => PartChild { index: first + i as u64, key: None, value },
            [] => unreachable!("chunks are never empty"),
        };
        edges.chunks_exact(stride as usize).enumerate().map(child).collect()
    }
}
