//! What refers to the value that was asked for last.

use crate::graph::NodeId;
use std::cell::RefCell;

/// What refers to a value, and which of its references to it, from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Referrer {
    pub(super) owner: NodeId,
    pub(super) number: u32,
}

/// Kept of one value: who goes from place to place asks again and again, and finding them takes the whole graph.
#[derive(Debug, Default)]
pub(super) struct Referrers(RefCell<Option<(NodeId, Vec<Referrer>)>>);

impl Referrers {
    /// Reads those of a value, which are found when they are not those that are kept.
    pub(super) fn of<T>(
        &self,
        node: NodeId,
        find: impl FnOnce() -> Vec<Referrer>,
        read: impl FnOnce(&[Referrer]) -> T,
    ) -> T {
        let mut kept = self.0.borrow_mut();
        if kept.as_ref().is_none_or(|(of, _)| *of != node) {
            *kept = Some((node, find()));
        }
        read(kept.as_ref().map_or(&[], |(_, referrers)| referrers))
    }
}
