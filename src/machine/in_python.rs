//! Operands that `pickle.py` takes where the C loader refuses them (`Lib/pickle.py` of CPython 3.11).

use super::run::Machine;
use super::types::Type;
use crate::graph::{Edge, Node, NodeId};

impl Machine<'_> {
    /// Whether the arguments are no tuple and yet iterable: `pickle.py` has Python unpack them.
    pub(super) fn is_unpacked(&self, operands: &[u32]) -> bool {
        let (made, given) = (self.type_of(operands[0]), self.type_of(operands[1]));
        let is_called = matches!(made, Type::Unknown | Type::Class | Type::Function);
        let has_keywords =
            operands.get(2).is_none_or(|&kwargs| matches!(self.type_of(kwargs), Type::Unknown | Type::Dict));
        is_called && has_keywords && given != Type::Tuple && given.is_iterable()
    }

    /// Whether `pickle.py` finds nothing to set in a state: it asks whether state and slots are true, not what they are.
    pub(super) fn is_empty_state(&self, state: u32) -> bool {
        let node = NodeId(state & !Edge::FETCHED);
        if self.graph.node(node) == Node::Tuple {
            let items: Vec<Edge> = self.graph.items(node).take(3).collect();
            if let [first, second] = items[..] {
                return self.is_false(first.node()) && self.is_false(second.node());
            }
        }
        self.is_false(node)
    }

    /// Whether a value is surely false.
    fn is_false(&self, node: NodeId) -> bool {
        match self.graph.node(node) {
            Node::None | Node::Bool(false) | Node::Int(0) => true,
            Node::Float(value) => value == 0.0,
            Node::Text { span, .. } | Node::Bytes(span) => span.is_empty(),
            Node::ByteArray(span) => span.is_empty() && self.graph.runs(node).next().is_none(),
            Node::Tuple | Node::FrozenSet => self.graph.items(node).len() == 0,
            Node::List | Node::Dict | Node::Set => self.graph.runs(node).next().is_none(),
            _ => false,
        }
    }
}
