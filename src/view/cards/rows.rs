//! Rows of the tree that say more than that a value is a dict or an instance.

pub(super) mod code;
pub(super) mod torch;

use crate::graph::NodeId;
use crate::lens::Lens;
use crate::view::TextPart;

/// What a value is that code in the file makes, in a word: `class`, `function`.
#[must_use]
pub fn made(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    Some(code::row(lens, node)?.0)
}

/// Type and preview of a value's row in the tree, where a lens has better words than those that every value has.
#[must_use]
pub fn row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    code::row(lens, node).or_else(|| torch::row(lens, node))
}
