//! How large the values of a file are, where calls make them large.

use super::reading::Facts;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::safety::values::{AbstractValue, Call, Size};

/// Items of a container that are looked at, and runs of items that are counted.
const LOOKED_AT: usize = 64;
/// Containers in each other, and numbers made of numbers.
const DEPTH: u32 = 3;
/// Longest text that is read for numbers.
const LONGEST: usize = 4096;

impl Facts<'_> {
    /// The sizes of the arguments of a call, in order, and the largest number among those by keyword.
    pub(in crate::safety) fn sizes_given(&self, call: &Call) -> (Vec<Size>, f64) {
        let pairs = call.kwargs.map(|kwargs| self.graph.run_window(kwargs.node(), RunKind::Pairs, 0));
        let values = pairs.into_iter().flatten().skip(1).step_by(2).take(LOOKED_AT);
        let keywords = values.map(|edge| self.size(edge, DEPTH).number);
        let largest = keywords.fold(f64::NEG_INFINITY, f64::max);
        (call.args.iter().map(|&edge| self.size(edge, DEPTH)).collect(), largest)
    }

    /// How large a value is; a call was judged before what is given its result.
    fn size(&self, edge: Edge, depth: u32) -> Size {
        let id = edge.node();
        match self.graph.node(id) {
            Node::Int(value) => Size::number(value as f64),
            Node::Float(value) => Size::number(value),
            Node::LongBinary(span) => Size::digits(span.len() as f64 * 8.0 * std::f64::consts::LOG10_2),
            Node::LongText(span) => Size::digits(span.len() as f64),
            Node::Bytes(span) | Node::ByteArray(span) => Size::items(span.len() as f64),
            Node::Text { span, .. } if span.len() > LONGEST as u64 => Size::items(span.len() as f64),
            Node::Tuple | Node::FrozenSet if depth > 0 => self.fixed(id, depth),
            Node::List | Node::Set => Size::items(self.added(id)),
            Node::Dict => Size::items(self.added(id) / 2.0),
            Node::Call { .. } if self.sizes.borrow().contains_key(&id) => self.sizes.borrow()[&id].into(),
            Node::Call { callee, args, .. } if depth > 0 => match self.value(callee) {
                AbstractValue::Global(by) => match by.growth {
                    Some((growth, _)) if growth.is_number() => {
                        let args = self.graph.items(args.node()).take(1).map(|edge| self.size(edge, depth - 1));
                        growth.result(&args.collect::<Vec<_>>(), f64::NEG_INFINITY)
                    }
                    _ => self.text(edge),
                },
                _ => self.text(edge),
            },
            Node::Text { .. } => self.text(edge),
            _ => Size::UNKNOWN,
        }
    }

    /// A text, or a call that comes to one. A long one is read once, however many calls are given it.
    fn text(&self, edge: Edge) -> Size {
        const SHORT: usize = 32;
        if let Some(&size) = self.sizes.borrow().get(&edge.node()) {
            return size.into();
        }
        let AbstractValue::Text(text) = self.value(edge) else { return Size::UNKNOWN };
        if text.len() > LONGEST {
            return Size::UNKNOWN;
        }
        let size = Size::text(&text);
        if text.len() > SHORT {
            self.sizes.borrow_mut().insert(edge.node(), size.into());
        }
        size
    }

    /// A container that cannot change. A file may give the same one to a million calls.
    fn fixed(&self, id: NodeId, depth: u32) -> Size {
        if let Some(&size) = self.sizes.borrow().get(&id) {
            return size.into();
        }
        let items = self.graph.items(id);
        let count = items.len();
        let items: Vec<Size> = items.take(LOOKED_AT).map(|edge| self.size(edge, depth - 1)).collect();
        let size = Size::container(count as f64, &items);
        if depth == DEPTH && count > 1 {
            self.sizes.borrow_mut().insert(id, size.into());
        }
        size
    }

    /// Values that were added to a container, at least.
    fn added(&self, id: NodeId) -> f64 {
        self.graph.runs(id).take(LOOKED_AT).map(|run| self.graph.run_edges(run).len() as f64).sum()
    }
}
