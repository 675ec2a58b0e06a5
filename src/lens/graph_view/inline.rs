//! A value inside the text of another one.

use super::view::GraphView;
use crate::graph::{Edge, Node, RunKind, ends};
use crate::opcode;

/// Numbers in one setting.
const NUMBERS: usize = 16;
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

    /// A number, a text, a truth value, or a tuple or list of them, as Python writes it.
    #[must_use]
    pub fn plain_value(&self, edge: Edge) -> Option<String> {
        if let Some(scalar) = self.scalar(edge.node(), 80) {
            return Some(scalar.text + if scalar.truncated { "…" } else { "" });
        }
        let mut items = self.sequence(edge)?;
        let more = items.len() > NUMBERS;
        items.truncate(NUMBERS);
        let text = |item: &Edge| {
            let scalar = self.scalar(item.node(), 80)?;
            Some(scalar.text + if scalar.truncated { "…" } else { "" })
        };
        let mut words = items.iter().map(text).collect::<Option<Vec<String>>>()?;
        words.extend(more.then(|| "…".to_owned()));
        Some(self.in_brackets(edge, &words))
    }

    /// A list or tuple of plain values, whole, as Python writes it; `None` when it has more than `items`, or one of them more
    /// than so many characters.
    #[must_use]
    pub fn whole_sequence(&self, edge: Edge, items: usize) -> Option<String> {
        // Counted before anything is gathered: a list can stand in every row.
        let length = match self.graph.node(edge.node()) {
            Node::List => self.graph.run_length(edge.node(), RunKind::Items),
            Node::Tuple => self.graph.items(edge.node()).len() as u64,
            _ => return None,
        };
        if length > items as u64 {
            return None;
        }
        let text =
            |item: &Edge| self.scalar(item.node(), items).filter(|scalar| !scalar.truncated).map(|scalar| scalar.text);
        let words = self.sequence(edge)?.iter().map(text).collect::<Option<Vec<String>>>()?;
        Some(self.in_brackets(edge, &words))
    }

    fn in_brackets(&self, sequence: Edge, words: &[String]) -> String {
        let text = words.join(", ");
        match (self.graph.node(sequence.node()), words.len()) {
            (Node::List, _) => format!("[{text}]"),
            (_, 1) => format!("({text},)"),
            _ => format!("({text})"),
        }
    }
}
