//! Values that a literal says: numbers, texts, bytes, constants.

use super::maker::Maker;
use super::plan::{Item, Plan, count, elided};
use super::sheet::Ink;
use crate::bytes::Span;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::{Scalar, ScalarKind};
use crate::opcode;

/// Characters of a literal that is left out.
const HEAD: usize = 60;

/// A payload of more bytes has a name when it is used more than once.
const SHORT: u64 = 256;

impl<'a> Maker<'a> {
    /// Whether a value may be written wherever it is used: nothing tells one from an equal one.
    pub(super) fn is_atom(&self, id: NodeId) -> bool {
        let bare = || self.graph.runs(id).next().is_none();
        match self.graph.node(id) {
            Node::None | Node::Bool(_) | Node::Int(_) | Node::Float(_) => bare(),
            Node::Text { span, .. } | Node::LongBinary(span) | Node::LongText(span) | Node::Bytes(span) => {
                span.len() <= SHORT && bare()
            }
            Node::Global(_) | Node::Extension(_) => bare(),
            Node::Tuple => self.graph.items(id).len() == 0 && bare(),
            _ => false,
        }
    }

    /// The literal of a scalar.
    pub(super) fn literal(&self, id: NodeId) -> Option<Plan> {
        match self.graph.node(id) {
            Node::Global(symbol) => Some(Plan::Seq(vec![Plan::Mark(id), Plan::Symbol(symbol)])),
            Node::Float(value) => Some(float(value)),
            Node::ByteArray(span) => Some(Plan::call(Plan::plain("bytearray"), vec![self.bytes(span)])),
            Node::Bytes(span) => Some(self.bytes(span)),
            Node::Text { span, .. } | Node::LongBinary(span) | Node::LongText(span) => {
                let scalar = self.lens.scalar(id, self.budget.literal)?;
                Some(self.scalar(scalar, id, span.len()))
            }
            _ => {
                let scalar = self.lens.scalar(id, self.budget.literal)?;
                Some(self.scalar(scalar, id, 0))
            }
        }
    }

    fn scalar(&self, scalar: Scalar, id: NodeId, length: u64) -> Plan {
        let ink = match scalar.kind {
            ScalarKind::Constant => Ink::Constant,
            ScalarKind::Number => Ink::Number,
            ScalarKind::Text => Ink::Str,
            ScalarKind::Unreadable => {
                return Plan::Comment(Box::new(elided(length)), opcode::printable(&scalar.text).into_owned());
            }
        };
        if scalar.truncated
            && let Some(head) = self.lens.scalar(id, HEAD)
        {
            return elided_literal(head.text, length);
        }
        // An int of thousands of digits comes as words.
        if scalar.text.contains('…') && ink == Ink::Number {
            return Plan::Comment(Box::new(elided(length)), scalar.text);
        }
        Plan::Text(ink, scalar.text.into())
    }

    fn bytes(&self, span: Span) -> Plan {
        let cut = span.len() > self.budget.literal as u64;
        let head = if cut { span.prefix(HEAD as u64) } else { span };
        match self.lens.payload(head) {
            Ok(bytes) if cut => elided_literal(opcode::repr_bytes(&bytes), span.len()),
            Ok(bytes) => Plan::string(opcode::repr_bytes(&bytes)),
            Err(reason) => Plan::Comment(Box::new(elided(span.len())), format!("unreadable: {reason}")),
        }
    }

    /// The literal of bytes that a lens read.
    pub(super) fn bytes_literal(&self, bytes: &[u8]) -> Plan {
        if bytes.len() > self.budget.literal {
            return elided_literal(opcode::repr_bytes(&bytes[..HEAD]), bytes.len() as u64);
        }
        Plan::string(opcode::repr_bytes(bytes))
    }

    /// A list, dict, set, tuple or frozenset, when it was only given what is its own.
    pub(super) fn container(&self, id: NodeId) -> Option<Plan> {
        let own = match self.graph.node(id) {
            Node::List => RunKind::Items,
            Node::Dict => RunKind::Pairs,
            Node::Set => RunKind::Members,
            Node::Tuple | Node::FrozenSet => {
                return self.graph.runs(id).next().is_none().then(|| self.make(id));
            }
            _ => return None,
        };
        if self.graph.runs(id).any(|run| run.kind != own) {
            return None;
        }
        let edges: Vec<Edge> = self.window(id, own);
        let total = self.graph.run_length(id, own);
        Some(match own {
            RunKind::Items => self.list(edges, total),
            RunKind::Pairs => self.dict(&edges, total),
            _ if edges.is_empty() => Plan::call(Plan::plain("set"), Vec::new()),
            _ => Plan::group("{", self.values(edges, total), "}"),
        })
    }

    /// As many edges of a kind as the budget has.
    pub(super) fn window(&self, id: NodeId, kind: RunKind) -> Vec<Edge> {
        let each = if kind == RunKind::Pairs { 2 } else { 1 };
        self.graph.run_window(id, kind, 0).take(self.budget.items * each).collect()
    }

    /// `[…]`.
    pub(super) fn list(&self, edges: Vec<Edge>, total: u64) -> Plan {
        Plan::group("[", self.values(edges, total), "]")
    }

    /// Values and, after them, how many are left out.
    pub(super) fn values(&self, edges: Vec<Edge>, total: u64) -> Vec<Item> {
        let left = total.saturating_sub(edges.len() as u64);
        let mut items: Vec<Item> = edges.into_iter().map(|edge| Item::from(Plan::Edge(edge))).collect();
        if left > 0 {
            items.push(Plan::Seq(vec![Plan::plain("*"), elided(left)]).into());
        }
        items
    }

    /// `{key: value}`; `total` counts keys and values.
    pub(super) fn dict(&self, edges: &[Edge], total: u64) -> Plan {
        let pair = |pair: &[Edge]| Item::pair(Plan::Edge(pair[0]), ": ", Plan::Edge(pair[1]));
        let mut items: Vec<Item> = edges.chunks_exact(2).map(pair).collect();
        let left = (total / 2).saturating_sub(items.len() as u64);
        if left > 0 {
            items.push(Plan::Seq(vec![Plan::plain("**"), elided(left)]).into());
        }
        Plan::group("{", items, "}")
    }
}

fn elided_literal(head: String, length: u64) -> Plan {
    Plan::call(Plan::plain("elided"), vec![Plan::string(head), Plan::number(count(length))])
}

fn float(value: f64) -> Plan {
    let text = opcode::repr_float(value);
    if value.is_finite() {
        return Plan::number(text);
    }
    Plan::call(Plan::plain("float"), vec![Plan::string(format!("'{text}'"))])
}
