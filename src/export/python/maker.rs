//! What the expressions of a document are made from. `known.rs`, `words.rs` and others say what each node becomes.

use super::budget::Budget;
use super::plan::Plan;
use crate::graph::Graph;
use crate::lens::Lens;

/// Makes expressions of nodes.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub(super) graph: &'a Graph,
    pub(super) lens: Lens<'a>,
    pub(super) budget: &'a Budget,
}

/// A statement that changes an object, at the offset of the opcode that does it.
pub(super) struct Fill {
    pub(super) time: u64,
    pub(super) plan: Plan,
}
