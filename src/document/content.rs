//! What can be opened in the tree, and the children it then shows.

use crate::bytes::Span;
use crate::graph::{Edge, NodeId};
use crate::lens::PartLabel;

/// Children shown under one row; more are grouped in ranges of so many.
pub(super) const RANGE: u64 = 1000;

/// A row at the top of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Root {
    /// The value of the n-th pickle.
    Pickle {
        /// Its number from 0.
        stream: usize,
        /// What STOP left; nothing when STOP was not reached.
        value: Option<Edge>,
    },
    /// Values that were on the stack below the result, or when the reading stopped.
    Stack {
        /// Number of the pickle.
        stream: usize,
    },
    /// The memo when the reading stopped.
    Memo {
        /// Number of the pickle.
        stream: usize,
    },
    /// Values that the pickle makes and throws away.
    Discarded {
        /// Number of the pickle.
        stream: usize,
    },
    /// The storages behind the pickles of torch before 1.6.
    Storages,
    /// Bytes after the last pickle, or after the place where the reading stopped.
    Trailing(Span),
}

/// What an open row lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// The top of the tree.
    Top,
    /// The children of a value: those that its users speak of, where it is pickled otherwise.
    Node(NodeId),
    /// The same children as they are pickled.
    AsPickled(NodeId),
    /// Some of them.
    Range {
        /// The value.
        node: NodeId,
        /// First child.
        first: u64,
        /// Number of children.
        count: u64,
    },
    /// A key that is no plain value, and its value.
    Pair {
        /// The key.
        key: Edge,
        /// The value.
        value: Edge,
    },
    /// What a root lists that is no single value.
    Group(Root),
}

/// Where a child stands in its parent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// At the top.
    Root(Root),
    /// As a child with this label.
    Part(PartLabel, u64, Option<Edge>),
    /// As the range of children that begins here.
    Range(u64, u64),
    /// As the key of a pair.
    PairKey,
    /// As the value of a pair.
    PairValue,
    /// As an item of a group: on the stack, thrown away.
    Item(u64),
    /// As the n-th storage behind the pickles.
    Storage(usize),
    /// Under an index of the memo.
    Memo(u64),
    /// As a column of a table.
    Column(Column),
    /// As what its users do not speak of.
    AsPickled,
}

/// A column of a table, which is no value of its own in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// The table.
    pub table: NodeId,
    /// Its number.
    pub number: u64,
}

/// What a child shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A value.
    Value(Edge),
    /// More children, of something that has its own row above.
    Content(Content),
    /// A column of a table.
    Column(Column),
    /// Bytes.
    Bytes(Span),
    /// Nothing: a pickle whose value was not reached.
    Nothing,
}

impl Target {
    /// Whether it is a value that was fetched from the memo.
    pub(super) fn is_fetched(&self) -> bool {
        match self {
            Self::Value(edge) => edge.is_fetched(),
            Self::Content(Content::Pair { key, value }) => key.is_fetched() || value.is_fetched(),
            _ => false,
        }
    }
}

/// One row below another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Child {
    /// Where it stands.
    pub place: Place,
    /// What it shows.
    pub target: Target,
}
