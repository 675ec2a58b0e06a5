//! What is kept of objects before they change, as long as somebody may want to go back.

use super::run::Run;
use std::collections::HashMap;

/// Objects that are older than a mark, as they were there. Each is kept once, when the first change comes: everything after
/// that lies in what is cut off.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// Objects with smaller numbers are watched; 0 while nobody may want to go back.
    pub(super) guarded: u32,
    pub(super) before: HashMap<u32, Before>,
    /// Edges that were replaced, and what stood there.
    pub(super) edges: Vec<(usize, u32)>,
}

/// The part of an object that a change may touch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    /// Its first run, or `NIL`.
    pub(super) head: u32,
    /// Its last run, as it was.
    pub(super) last: Option<(u32, Run)>,
}
