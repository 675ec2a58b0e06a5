//! The order of a value's fields, kept from one window of them to the next.

use crate::graph::NodeId;
use crate::view::FieldOrder;
use std::cell::RefCell;

/// The numbers of the fields of one value in the order that was asked for last.
#[derive(Debug, Default)]
pub(super) struct FieldsInOrder(RefCell<Option<(NodeId, FieldOrder, Vec<u32>)>>);

impl FieldsInOrder {
    /// A window of the numbers, when they are those of this value in this order.
    pub(super) fn window(&self, node: NodeId, order: FieldOrder, first: usize, count: usize) -> Option<Vec<u32>> {
        let kept = self.0.borrow();
        let (_, _, numbers) = kept.as_ref().filter(|(of, by, _)| (*of, *by) == (node, order))?;
        Some(numbers.iter().skip(first).take(count).copied().collect())
    }

    /// Keeps the numbers.
    pub(super) fn keep(&self, node: NodeId, order: FieldOrder, numbers: Vec<u32>) {
        self.0.replace(Some((node, order, numbers)));
    }
}
