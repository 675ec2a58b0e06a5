//! A value of a table as text: of objects `str(value)` as far as it is known, within a budget.

use super::scalars::{is_na, is_nat};
use crate::bytes::Span;
use crate::graph::{Edge, Node, NodeId, RunKind, TextEncoding};
use crate::lens::graph_view::{ScalarKind, ShapeKind};
use crate::lens::numbers::numpy_scalar;
use crate::lens::recogniser::Lens;
use crate::opcode;

/// What a value of a table is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ValueKind {
    /// A number, a truth value, a time.
    #[default]
    Number,
    /// Text, which is not quoted.
    Text,
    /// Missing: `nan`, `NaT`, `<NA>`, `None`.
    Missing,
    /// Anything else.
    Object,
}

/// A value of a table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableValue {
    /// `str` of it.
    pub text: String,
    /// What it is.
    pub kind: ValueKind,
    /// Its node, when it is an object of the graph.
    pub node: Option<NodeId>,
    /// Whether `text` is only the beginning.
    pub is_cut: bool,
}

impl TableValue {
    pub(super) fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(super) fn missing(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: ValueKind::Missing, ..Self::default() }
    }

    /// A number or what stands for none.
    pub(super) fn number_or_missing(text: String) -> Self {
        let kind = if matches!(text.as_str(), "nan" | "NaT" | "<NA>") { ValueKind::Missing } else { ValueKind::Number };
        Self { text, kind, ..Self::default() }
    }

    /// As Python's repr has it, where it stands in a tuple.
    #[must_use]
    pub fn repr(&self) -> String {
        match self.kind {
            ValueKind::Text => self.quoted(),
            _ => self.text.clone(),
        }
    }

    /// As it is written to look it up among labels: pandas finds dates and times by their text.
    #[must_use]
    pub fn key(&self) -> String {
        match self.kind {
            ValueKind::Number if self.text.parse::<f64>().is_err() && !matches!(&*self.text, "True" | "False") => {
                self.quoted()
            }
            _ => self.repr(),
        }
    }

    fn quoted(&self) -> String {
        opcode::repr_str_prefix(&opcode::PyText::from(self.text.as_str()), usize::MAX).0
    }
}

/// The value that an edge leads to, in about `budget` characters.
pub(super) fn value(lens: &Lens<'_>, edge: Edge, budget: usize) -> TableValue {
    let mut found = plain(lens, edge, budget);
    found.node = Some(edge.node());
    found
}

fn plain(lens: &Lens<'_>, edge: Edge, budget: usize) -> TableValue {
    let node = edge.node();
    match lens.graph.node(node) {
        Node::None => return TableValue::missing("None"),
        Node::Float(number) if number.is_nan() => return TableValue::missing("nan"),
        Node::Text { span, encoding } => {
            if let Some((text, is_cut)) = text(lens, span, encoding, budget) {
                return TableValue { text, kind: ValueKind::Text, is_cut, node: None };
            }
        }
        Node::Global(_) if is_na(lens, edge) => return TableValue::missing("<NA>"),
        Node::Call { .. } if is_nat(lens, edge) => return TableValue::missing("NaT"),
        _ if container(lens, node).is_some() => {
            let (text, is_cut) = nested(lens, edge, budget);
            return TableValue { text, kind: ValueKind::Object, is_cut, node: None };
        }
        _ => {}
    }
    if let Some(scalar) = lens.scalar(node, budget) {
        let kind = if scalar.kind == ScalarKind::Number { ValueKind::Number } else { ValueKind::Object };
        return TableValue { text: scalar.text, kind, is_cut: scalar.truncated, node: None };
    }
    if let Some(text) = numpy_scalar::characters(lens, edge) {
        return TableValue { text, kind: ValueKind::Text, ..TableValue::default() };
    }
    let shape = lens.shape(node);
    match (shape.kind, shape.text) {
        (ShapeKind::Scalar(_), Some(text)) if matches!(shape.type_name.as_str(), "datetime" | "time") => {
            TableValue::number(as_python(text))
        }
        (ShapeKind::Scalar(ScalarKind::Number), Some(text)) => TableValue::number_or_missing(text),
        (ShapeKind::Scalar(_), Some(text)) => TableValue { text, kind: ValueKind::Object, ..TableValue::default() },
        (_, text) => {
            let text = text.map_or_else(String::new, |text| format!(" {text}"));
            TableValue { text: shape.type_name + &text, kind: ValueKind::Object, ..TableValue::default() }
        }
    }
}

/// A moment of the standard library as `str` has it: the tree parts its offset from the clock and calls +00:00 UTC.
fn as_python(text: String) -> String {
    match text.rsplit_once(' ') {
        Some((clock, "UTC")) => format!("{clock}+00:00"),
        Some((clock, offset)) if offset.starts_with(['+', '-']) && offset.contains(':') => format!("{clock}{offset}"),
        _ => text,
    }
}

/// The characters of a text, and whether there are more.
fn text(lens: &Lens<'_>, span: Span, encoding: TextEncoding, budget: usize) -> Option<(String, bool)> {
    // An escaped character takes ten bytes at most.
    let head = span.prefix((budget as u64).saturating_add(1).saturating_mul(10));
    let bytes = lens.payload(head).ok()?;
    let text = match encoding {
        _ if head.end == span.end => encoding.decode(&bytes).ok()?,
        TextEncoding::Utf8 => opcode::PyText::utf8_prefix(&bytes).ok()?.0,
        TextEncoding::RawUnicodeEscape => opcode::raw_unicode_escape_prefix(&bytes, false).ok()?.0,
        _ => opcode::PyText::from_latin1(&bytes),
    };
    let text = text.to_string_lossy();
    match text.char_indices().nth(budget) {
        Some((end, _)) => Some((text[..end].to_owned(), true)),
        None => Some((text.into_owned(), head.end < span.end)),
    }
}

/// What is still to be written.
enum Task {
    Text(&'static str),
    Value(Edge),
    /// The items of a container from a position on.
    Items(NodeId, u64, &'static str),
    Leave,
}

/// Lists, tuples, dicts and sets of plain values as Python writes them. An object inside itself is `...`.
fn nested(lens: &Lens<'_>, edge: Edge, budget: usize) -> (String, bool) {
    let graph = lens.graph;
    let mut out = String::new();
    let mut inside: Vec<NodeId> = Vec::new();
    let mut tasks = vec![Task::Value(edge)];
    while let Some(task) = tasks.pop() {
        if out.len() >= budget || inside.len() > 64 {
            return (out, true);
        }
        match task {
            Task::Text(text) => out.push_str(text),
            Task::Leave => drop(inside.pop()),
            Task::Value(edge) => {
                let node = edge.node();
                let Some((node, open, close)) = container(lens, node) else {
                    out.push_str(&leaf(lens, edge, budget));
                    continue;
                };
                if inside.contains(&node) {
                    out.push_str("...");
                    continue;
                }
                inside.push(node);
                out.push_str(open);
                tasks.extend([Task::Leave, Task::Text(close), Task::Items(node, 0, "")]);
            }
            Task::Items(node, at, separator) => {
                let edges: Vec<Edge> = match graph.node(node) {
                    Node::List => graph.run_window(node, RunKind::Items, at).take(1).collect(),
                    Node::Set => graph.run_window(node, RunKind::Members, at).take(1).collect(),
                    Node::Dict => graph.run_window(node, RunKind::Pairs, 2 * at).take(2).collect(),
                    _ => graph.items_window(node, at).take(1).collect(),
                };
                if edges.is_empty() {
                    continue;
                }
                out.push_str(separator);
                tasks.push(Task::Items(node, at + 1, ", "));
                match edges[..] {
                    [key, value] => tasks.extend([Task::Value(value), Task::Text(": "), Task::Value(key)]),
                    _ => tasks.push(Task::Value(edges[0])),
                }
            }
        }
    }
    (out, false)
}

/// The node that holds the items of a container, and what stands around them. Old protocols call `set` and its like.
fn container(lens: &Lens<'_>, node: NodeId) -> Option<(NodeId, &'static str, &'static str)> {
    let graph = lens.graph;
    let (open, close) = match graph.node(node) {
        Node::List => ("[", "]"),
        Node::Tuple if graph.items(node).len() == 1 => ("(", ",)"),
        Node::Tuple => ("(", ")"),
        Node::Dict => ("{", "}"),
        Node::Set if graph.run_length(node, RunKind::Members) == 0 => ("set(", ")"),
        Node::Set => ("{", "}"),
        Node::FrozenSet if graph.items(node).len() == 0 => ("frozenset(", ")"),
        Node::FrozenSet => ("frozenset({", "})"),
        _ => {
            let call = lens.call(node)?;
            let symbol = call.symbol.filter(|symbol| symbol.module == "builtins")?;
            let &[items] = &call.args[..] else { return None };
            let is_empty = match graph.node(items.node()) {
                Node::List => graph.run_length(items.node(), RunKind::Items) == 0,
                Node::Tuple => graph.items(items.node()).len() == 0,
                _ => return None,
            };
            let (open, close) = match symbol.name.as_str() {
                "set" if is_empty => ("set(", ")"),
                "set" => ("{", "}"),
                "frozenset" if is_empty => ("frozenset(", ")"),
                "frozenset" => ("frozenset({", "})"),
                _ => return None,
            };
            return Some((items.node(), open, close));
        }
    };
    Some((node, open, close))
}

/// A value without items, as repr has it where that is known.
fn leaf(lens: &Lens<'_>, edge: Edge, budget: usize) -> String {
    match lens.scalar(edge.node(), budget) {
        Some(scalar) => scalar.text,
        None if is_na(lens, edge) => "<NA>".to_owned(),
        None if is_nat(lens, edge) => "NaT".to_owned(),
        None => {
            let shape = lens.shape(edge.node());
            match shape.text {
                // Their repr has the text quoted.
                Some(text) if matches!(shape.type_name.as_str(), "Timestamp" | "Timedelta") => {
                    format!("{}('{text}')", shape.type_name)
                }
                Some(text) => format!("{}({text})", shape.type_name),
                None => format!("{}(…)", shape.type_name),
            }
        }
    }
}
