//! Looks at everything once, to see what needs a name and in which order statements stand.

use super::maker::Maker;
use super::plan::{Plan, elided};
use crate::graph::{Edge, Node, NodeId};

/// Levels of brackets in one statement.
pub(super) const DEPTH: u8 = 24;

const SEEN: u8 = 1;
/// Used more than once.
const SHARED: u8 = 2;
/// Used before all of it is there: by itself, or by what is made in between.
const EARLY: u8 = 4;
/// Deeper than one statement may be.
const DEEP: u8 = 8;
/// Changed by opcodes in a way that no expression says.
const CHANGED: u8 = 16;
/// Not looked at: the budget was used up.
const UNSEEN: u8 = 32;

/// What is known of every node.
pub(super) struct Survey<'a> {
    pub(super) maker: Maker<'a>,
    marks: Vec<u8>,
    /// What was met, and its last offset.
    met: Vec<(u64, NodeId)>,
    stack: Vec<NodeId>,
    /// Whether the budget ended the walk.
    pub(super) is_cut: bool,
}

impl<'a> Survey<'a> {
    /// Walks from the roots, each with the offset at which it is used.
    pub(super) fn new(maker: Maker<'a>, roots: &[(Edge, u64)]) -> Self {
        let marks = vec![0; maker.graph.len()];
        let mut survey = Self { maker, marks, met: Vec::new(), stack: Vec::new(), is_cut: false };
        for &(root, time) in roots {
            survey.meet(root, time);
            survey.walk();
        }
        survey.met.sort_unstable();
        survey.find_deep();
        survey
    }

    fn meet(&mut self, edge: Edge, time: u64) {
        let id = edge.node();
        if self.maker.is_atom(id) {
            return;
        }
        let last = self.maker.graph.last_offset(id);
        let is_early = last >= time && self.maker.graph.runs(id).next().is_some();
        let mark = &mut self.marks[id.index()];
        let before = *mark;
        *mark |= if before & SEEN != 0 { SHARED } else { SEEN };
        if is_early {
            *mark |= EARLY;
        }
        // What is early shows its pieces; they are not all met where it was taken for a whole.
        let shows_more = is_early && before & (SEEN | EARLY | CHANGED) == SEEN;
        if before & SEEN == 0 {
            self.met.push((last, id));
        }
        if before & SEEN == 0 || shows_more {
            self.stack.push(id);
        }
    }

    fn walk(&mut self) {
        let mut edges = Vec::new();
        while let Some(id) = self.stack.pop() {
            if self.met.len() > self.maker.budget.objects {
                self.is_cut = true;
                self.marks[id.index()] |= UNSEEN;
                continue;
            }
            let whole = if self.marks[id.index()] & EARLY == 0 { self.maker.whole(id) } else { None };
            if let Some(plan) = whole {
                // Containers are whole when the last of theirs is in them.
                let time = self.maker.graph.last_offset(id);
                edges.clear();
                plan.edges(&mut edges);
                edges.iter().rev().for_each(|&edge| self.meet(edge, time));
                continue;
            }
            self.marks[id.index()] |= CHANGED;
            for fill in self.maker.fills(id) {
                edges.clear();
                fill.plan.edges(&mut edges);
                edges.iter().for_each(|&edge| self.meet(edge, fill.time));
            }
            edges.clear();
            self.maker.make(id).edges(&mut edges);
            let time = self.maker.graph.offset(id);
            edges.iter().rev().for_each(|&edge| self.meet(edge, time));
        }
    }

    /// Cuts off at levels: what is made last lies highest.
    fn find_deep(&mut self) {
        let mut heights: Vec<u8> = vec![0; self.marks.len()];
        let mut edges = Vec::new();
        for at in 0..self.met.len() {
            let id = self.met[at].1;
            edges.clear();
            self.plan(id).edges(&mut edges);
            let inner = edges.iter().filter(|edge| !self.is_named(edge.node()));
            let height = inner.map(|edge| heights[edge.node().index()]).max().unwrap_or(0) + 1;
            if height >= DEPTH {
                self.marks[id.index()] |= DEEP;
            }
            heights[id.index()] = height.min(DEPTH);
        }
    }

    /// The expression that stands where a node is made.
    pub(super) fn plan(&self, id: NodeId) -> Plan {
        if self.marks[id.index()] & UNSEEN != 0 {
            return elided(1);
        }
        let whole = if self.marks[id.index()] & (EARLY | CHANGED) == 0 { self.maker.whole(id) } else { None };
        whole.unwrap_or_else(|| self.maker.make(id))
    }

    /// Whether a node has a variable.
    pub(super) fn is_named(&self, id: NodeId) -> bool {
        let mark = self.marks[id.index()];
        mark & (SHARED | EARLY | DEEP | CHANGED) != 0 && mark & SEEN != 0 && !self.is_global(id)
    }

    /// Whether a node was met, or needs not to be.
    pub(super) fn is_known(&self, id: NodeId) -> bool {
        self.marks[id.index()] & SEEN != 0 || self.maker.is_atom(id)
    }

    /// Whether a node is changed by statements of its own.
    pub(super) fn is_changed(&self, id: NodeId) -> bool {
        self.marks[id.index()] & (EARLY | CHANGED) != 0
    }

    /// Whether a node has a name only because it is used more than once.
    pub(super) fn is_only_shared(&self, id: NodeId) -> bool {
        self.marks[id.index()] & (SHARED | EARLY | CHANGED) == SHARED
    }

    fn is_global(&self, id: NodeId) -> bool {
        matches!(self.maker.graph.node(id), Node::Global(_) | Node::Extension(_))
    }

    /// What was met, in the order in which it was complete.
    pub(super) fn met(&self) -> impl Iterator<Item = NodeId> {
        self.met.iter().map(|&(_, id)| id)
    }
}
