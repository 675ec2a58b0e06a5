//! A batch of what was added to an object, as it is stored, and what is kept of looking at batches.

use super::node::{Edge, NodeId};
use std::collections::HashMap;
use std::sync::Arc;

/// What an opcode added to an object after it was made.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RunKind {
    /// Items of a list, or what APPEND and APPENDS give to any other object's `append` or `extend`.
    Items,
    /// Keys and values in turn, by SETITEM and SETITEMS.
    Pairs,
    /// Items of a set, or what ADDITEMS gives to any other object's `add`.
    Members,
    /// One state, by BUILD.
    State,
}

/// A batch of edges that one opcode (or several in a row) added to an object.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub(super) start: u32,
    pub(super) len: u32,
    pub(super) next: u32,
    /// Of the first run of an object: its last one.
    pub(super) tail: u32,
    pub(super) owner: u32,
    pub(super) at: u32,
    pub(super) last_at: u32,
    /// What the edges are.
    pub kind: RunKind,
}

/// What is left of the pairs or members of an object when equal ones are put together.
#[derive(Debug)]
pub struct Kept {
    /// Keys and values in turn, or members.
    pub edges: Vec<Edge>,
    /// The values that were under a key before an equal one came.
    pub replaced: Vec<Edge>,
    /// How many pairs or members came after an equal one.
    pub dropped: u64,
}

/// What was found out about the equal keys of objects, and how many keys may still be compared.
#[derive(Debug)]
pub(super) struct KeptCache {
    pub(super) found: HashMap<KeptPlace, Option<Arc<Kept>>>,
    pub(super) left: u64,
}

/// An object, what was added to it, and how the reader takes a `str` of Python 2, which decides what it is equal to.
pub(super) type KeptPlace = (NodeId, RunKind, u8);

impl Default for KeptCache {
    fn default() -> Self {
        /// Seconds' worth of hashing for the whole document.
        const KEYS: u64 = 8_000_000;
        Self { found: HashMap::new(), left: KEYS }
    }
}

/// Edges before a run, and the run.
pub(super) type RunIndex = Vec<(u64, u32)>;
