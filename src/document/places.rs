//! All places at which a value stands: what refers to it, and the row of each in the tree.

use super::content::{Child, Content, Place, RANGE, Target};
use super::paths::WayStep;
use super::referrers::Referrer;
use super::tree::{Spot, Way};
use super::{Document, Root};
use crate::graph::{Edge, NodeId, Step};

/// Places of one value that are listed.
const MOST: usize = 10_000;

impl Document {
    /// At how many places a value stands, of which at most 10,000 are known: the whole graph is gone over.
    #[must_use]
    pub fn places_of(&self, node: u32) -> u64 {
        self.node(node).map_or(0, |node| self.with_referrers(node, |all| all.len() as u64))
    }

    /// Opens whatever is needed to show a value at one of its places, and gives the row. The first place is the one that
    /// [`Document::path_to`] gives; the others are in the order of what refers to the value.
    pub fn reveal_place(&mut self, node: u32, place: u64) -> Option<u64> {
        let node = self.node(node)?;
        let referrer = usize::try_from(place).ok().and_then(|at| self.with_referrers(node, |all| all.get(at).copied()));
        let Some(Referrer { owner, number }) = referrer.filter(|_| place > 0) else { return self.reveal(node) };
        let (root, mut steps) = self.way_in(owner, node)?;
        self.go_on_to(&mut steps, node, number);
        Some(self.reveal_way(root, steps))
    }

    fn with_referrers<T>(&self, node: NodeId, read: impl FnOnce(&[Referrer]) -> T) -> T {
        self.referrers.of(node, || self.find_referrers(node), read)
    }

    fn find_referrers(&self, node: NodeId) -> Vec<Referrer> {
        let graph = &self.reading.graph;
        let mut found = Vec::new();
        for owner in (0..graph.len() as u32).map(NodeId) {
            let references = graph.children(owner).filter(|edge| edge.node() == node);
            let room = MOST - found.len();
            found.extend((0..).zip(references).take(room).map(|(number, _)| Referrer { owner, number }));
            if found.len() >= MOST {
                break;
            }
        }
        // The tree meets it first in its parent, which need not be the first in the file.
        if let Step::Child(parent) = self.parents().step(node)
            && let Some(at) = found.iter().position(|referrer| referrer.owner == parent)
        {
            found[..=at].rotate_right(1);
        } else if let Step::Root(_) = self.parents().step(node) {
            found.insert(0, Referrer { owner: node, number: 0 });
        }
        found
    }

    /// Goes from the first child that shows a node to the one after so many others that do. Where there are not so many (a key that
    /// is its own value has one row), the way stays as it is.
    fn go_on_to(&self, steps: &mut Vec<WayStep>, node: NodeId, number: u32) {
        const STEP: usize = 4096;
        let Some(&((content, index), _)) = steps.last() else { return };
        let (base, begin) = match content {
            Content::Node(base) => (base, index),
            Content::Range { node: base, first, .. } => (base, first + index),
            _ => return,
        };
        let total = self.node_children(base);
        let (mut at, mut left) = (begin + 1, number);
        while left > 0 && at < total {
            let window = self.node_window(base, at, STEP);
            let count = window.len() as u64;
            if count == 0 {
                return;
            }
            for (index, child) in (at..).zip(window) {
                left -= u32::from(shows(&child, node));
                if left == 0 {
                    replace(steps, (base, index, total), child);
                    break;
                }
            }
            at += count;
        }
    }

    /// Opens the rows along a way, and gives the row at its end.
    pub(super) fn reveal_way(&mut self, root: usize, steps: Vec<WayStep>) -> u64 {
        let mut spot = Spot { branch: 0, index: root as u64 };
        let mut inserted = Vec::new();
        // But for its last step, the way to a node is the one on which a walk meets it first.
        let mut fetched = matches!(self.roots[root], Root::Pickle { value: Some(value), .. } if value.is_fetched());
        for ((content, index), child) in steps {
            let branch = match self.tree.opened(spot) {
                Some(branch) => branch,
                None => {
                    let children = self.children_of(content);
                    let branch = self.tree.insert(spot, content, children, Way { fetched, first: true });
                    inserted.push(branch);
                    branch
                }
            };
            fetched = child.target.is_fetched();
            spot = Spot { branch, index };
        }
        self.tree.settle(&inserted);
        self.tree.position(spot)
    }

    /// Opens whatever is needed to show a node, and gives its row (or that of the row that shows it).
    pub(super) fn reveal(&mut self, node: NodeId) -> Option<u64> {
        let (root, steps) = self.way_to(node)?;
        Some(self.reveal_way(root, steps))
    }
}

/// Whether a child shows a node as its value or its key.
fn shows(child: &Child, node: NodeId) -> bool {
    let is_it = |edge: &Edge| edge.node() == node;
    match (&child.target, &child.place) {
        (Target::Value(value), Place::Part(_, _, key)) => is_it(value) || key.as_ref().is_some_and(is_it),
        (Target::Value(value), _) => is_it(value),
        (Target::Content(Content::Pair { key, value }), _) => is_it(key) || is_it(value),
        _ => false,
    }
}

/// Puts the child with this number in the place of the last one; in a large container a range leads there.
fn replace(steps: &mut Vec<WayStep>, (base, index, total): (NodeId, u64, u64), child: Child) {
    steps.pop();
    if total <= RANGE {
        steps.push(((Content::Node(base), index), child));
        return;
    }
    steps.pop();
    let first = index / RANGE * RANGE;
    let count = RANGE.min(total - first);
    let range = Content::Range { node: base, first, count };
    let below = Child { place: Place::Range(first, count), target: Target::Content(range) };
    steps.push(((Content::Node(base), index / RANGE), below));
    steps.push(((range, index - first), child));
}
