//! A value inside the text of another one.

use super::view::GraphView;
use crate::graph::{Edge, Node, ends};
use crate::opcode;

/// Characters of a scalar inside the text of another value.
const INNER: usize = 200;

impl GraphView<'_> {
    /// A short repr of a value inside the text of another; containers only by name.
    #[must_use]
    pub fn inline(&self, edge: Edge) -> String {
        match self.scalar(edge.node(), INNER) {
            Some(scalar) if scalar.truncated => scalar.text + "…",
            Some(scalar) => scalar.text,
            // Bytes in the spelling of protocols below 3.
            None if matches!(self.graph.node(edge.node()), Node::Call { .. })
                && let Some(bytes) = self.bytes_of(edge) =>
            {
                let (text, truncated) = opcode::repr_bytes_prefix(&bytes, INNER);
                if truncated { text + "…" } else { text }
            }
            None => match self.graph.node(edge.node()) {
                Node::Tuple if self.graph.items(edge.node()).len() == 0 => "()".to_owned(),
                Node::Tuple => "(…)".to_owned(),
                Node::List => "[…]".to_owned(),
                Node::Dict => "{…}".to_owned(),
                Node::Set | Node::FrozenSet => "{…}".to_owned(),
                Node::Global(symbol) => self.graph.symbols.get(symbol).full_name(),
                Node::Call { callee, .. } => self
                    .symbol(callee)
                    .map_or_else(|| "call(…)".to_owned(), |symbol| format!("{}(…)", ends(symbol.short_name()))),
                _ => "…".to_owned(),
            },
        }
    }
}
