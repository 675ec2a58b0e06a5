//! Rows of the tree that say more than that a value is a dict or an instance.

pub(super) mod code;
pub(super) mod torch;

use crate::graph::NodeId;
use crate::lens::Lens;
use crate::view::TextPart;

/// Type and preview of a value's row in the tree, where a lens has better words than those that every value has.
#[must_use]
pub fn row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    code::row(lens, node).or_else(|| torch::row(lens, node))
}
