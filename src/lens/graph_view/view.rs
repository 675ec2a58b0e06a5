//! The graph of a pickle and what its nodes point to: texts, numbers and names, before any library is known.

use super::attached::Attached;
use crate::bytes::{Limits, Source, Span, read_span};
use crate::graph::{Edge, Graph, Node, Symbol};
use serde::{Deserialize, Serialize};

/// How a Python 2 `str` is shown: `pickle.load(encoding=...)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Python2Reading {
    /// As text where it is ASCII, else as bytes.
    #[default]
    Ascii,
    /// As text, every byte one character.
    Latin1,
    /// As bytes.
    Bytes,
}

/// Reads nodes of one graph.
#[derive(Clone, Copy)]
pub struct GraphView<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// The bytes its payloads are in.
    pub source: &'a dyn Source,
    /// Budgets.
    pub limits: &'a Limits,
    /// How to read `str` of Python 2.
    pub python2: Python2Reading,
    /// What the pickle refers to outside itself.
    pub attached: &'a Attached,
}

impl<'a> GraphView<'a> {
    /// The same view over another graph, such as that of a pickle found inside this one.
    #[must_use]
    pub fn over(self, graph: &'a Graph, source: &'a dyn Source) -> Self {
        Self { graph, source, ..self }
    }

    /// The global that an edge points to, when it does.
    #[must_use]
    pub fn symbol(&self, edge: Edge) -> Option<&'a Symbol> {
        match self.graph.node(edge.node()) {
            Node::Global(symbol) => Some(self.graph.symbols.get(symbol)),
            _ => None,
        }
    }

    /// The characters of a text node, when it is a short one.
    #[must_use]
    pub fn string(&self, edge: Edge) -> Option<String> {
        let Node::Text { span, encoding } = self.graph.node(edge.node()) else { return None };
        if span.len() > self.limits.value {
            return None;
        }
        let bytes = self.payload(span).ok()?;
        encoding.decode(&bytes).ok().map(|text| text.to_string_lossy().into_owned())
    }

    pub(crate) fn int(&self, edge: Edge) -> Option<i64> {
        match self.graph.node(edge.node()) {
            Node::Int(value) => Some(value),
            Node::Bool(value) => Some(i64::from(value)),
            _ => None,
        }
    }

    /// Whether a value is `None`.
    #[must_use]
    pub fn is_none(&self, edge: Edge) -> bool {
        self.graph.node(edge.node()) == Node::None
    }

    /// The bytes of a payload, which the caller has bounded.
    pub(crate) fn payload(&self, span: Span) -> Result<Vec<u8>, String> {
        read_span(self.source, span).map(|bytes| bytes.into_owned()).map_err(|error| error.to_string())
    }
}
