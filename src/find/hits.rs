//! What was found.

use super::haystack::Context;
use crate::graph::NodeId;
use crate::view::{FoundCount, FoundKind};
use std::collections::HashSet;

/// Something that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// What it is.
    pub kind: FoundKind,
    /// Offset of the instruction that made it.
    pub offset: u64,
    /// Its node.
    pub node: Option<NodeId>,
    pub(super) context: Context,
    /// Matches in it.
    pub count: u64,
    /// Of an array, which element is the first match.
    pub(super) element: Option<Element>,
    /// At how many other places the value stands, and what refers to it at one of them.
    pub(super) more: Option<(u32, NodeId)>,
}

/// An element of an array or a cell of a table, the first that matches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Element {
    /// Its index as Python writes it.
    pub(super) index: String,
    /// Its index, dimension by dimension; the last one is a column where there are columns.
    pub(super) at: Vec<u64>,
    /// Elements that were compared.
    pub(super) of: u64,
}

/// Hits that are kept, and the number of all.
#[derive(Debug)]
pub(super) struct Hits {
    new: Vec<Hit>,
    /// Hits that come last.
    later: Vec<Hit>,
    /// Hits that may be parts of others.
    held: Vec<Hit>,
    counts: [u64; FoundKind::ALL.len()],
    most: u64,
    /// Values by which another one is pickled that its row tells in a line.
    parts: HashSet<NodeId>,
}

/// Parts of values that are remembered.
const PARTS: usize = 1 << 16;

impl Hits {
    /// No hits yet, of which so many of each kind will be kept.
    pub(super) fn keeping(most: u64) -> Self {
        Self {
            new: Vec::new(),
            later: Vec::new(),
            held: Vec::new(),
            counts: [0; FoundKind::ALL.len()],
            most,
            parts: HashSet::new(),
        }
    }

    /// What was added since the last time.
    pub(super) fn take(&mut self) -> Vec<Hit> {
        std::mem::take(&mut self.new)
    }

    /// Keeps a hit back that may be a part of a value which is told in a line: whoever looks for a decimal does not look for the text
    /// that it is made of.
    pub(super) fn hold(&mut self, kind: FoundKind, offset: u64, node: NodeId, context: Context, count: u64) {
        let hit = Hit { kind, offset, node: Some(node), context, count, element: None, more: None };
        match self.held.len() < PARTS {
            true => self.held.push(hit),
            false => self.push(hit),
        }
    }

    /// The hits that were kept back and are no part of a value that is told in a line: they are among these.
    pub(super) fn release(&mut self, nodes: impl Iterator<Item = NodeId>) -> Vec<Hit> {
        /// Hits kept back last that are looked at.
        const LAST: usize = 16;
        let mut released = Vec::new();
        if self.held.is_empty() {
            return released;
        }
        for node in nodes.filter(|node| !self.parts.contains(node)) {
            let from = self.held.len().saturating_sub(LAST);
            if let Some(at) = self.held[from..].iter().position(|hit| hit.node == Some(node)) {
                released.push(self.held.remove(from + at));
            }
        }
        released
    }

    /// Adds a hit that was kept back.
    pub(super) fn add_back(&mut self, hit: Hit, is_later: bool) {
        match is_later {
            true => self.later.push(hit),
            false => self.push(hit),
        }
    }

    /// Takes what a value is made of for no hits of their own.
    pub(super) fn tell_whole(&mut self, parts: impl Iterator<Item = NodeId>) {
        if self.parts.len() < PARTS {
            self.parts.extend(parts);
        }
    }

    pub(super) fn count(&self, kind: FoundKind) -> FoundCount {
        let count = self.counts[kind as usize];
        FoundCount { kind, count, kept: count.min(self.most) }
    }

    pub(super) fn add(
        &mut self,
        kind: FoundKind,
        offset: u64,
        node: Option<NodeId>,
        context: impl FnOnce() -> Context,
        count: u64,
    ) {
        if self.counts(kind) {
            self.new.push(Hit { kind, offset, node, context: context(), count, element: None, more: None });
        }
    }

    /// Adds a hit that comes after all others.
    pub(super) fn add_later(&mut self, kind: FoundKind, offset: u64, node: NodeId, context: Context, count: u64) {
        let node = Some(node);
        self.later.push(Hit { kind, offset, node, context, count, element: None, more: None });
    }

    /// Brings in what comes last, and of what was kept back what is no part of another hit.
    pub(super) fn end(&mut self, is_elsewhere: impl Fn(NodeId) -> bool) {
        for hit in std::mem::take(&mut self.held) {
            if hit.node.is_none_or(|node| !self.parts.contains(&node) || is_elsewhere(node)) {
                self.push(hit);
            }
        }
        for hit in std::mem::take(&mut self.later) {
            self.push(hit);
        }
    }

    /// Adds a hit of another search.
    pub(super) fn push(&mut self, hit: Hit) {
        if self.counts(hit.kind) {
            self.new.push(hit);
        }
    }

    /// Counts hits of another search that were not kept.
    pub(super) fn count_unkept(&mut self, kind: FoundKind, count: u64) {
        self.counts[kind as usize] += count;
    }

    /// Keeps so many hits of each kind from now on.
    pub(super) fn keep(&mut self, most: u64) {
        self.most = most;
    }

    pub(super) fn most(&self) -> u64 {
        self.most
    }

    pub(super) fn add_elements(
        &mut self,
        offset: u64,
        node: NodeId,
        context: impl FnOnce() -> (Context, Element),
        count: u64,
    ) {
        let kind = FoundKind::Element;
        if self.counts(kind) {
            let (context, element) = context();
            self.new.push(Hit { kind, offset, node: Some(node), context, count, element: Some(element), more: None });
        }
    }

    /// Counts a hit; whether it is kept.
    fn counts(&mut self, kind: FoundKind) -> bool {
        let count = &mut self.counts[kind as usize];
        *count += 1;
        *count <= self.most
    }
}
