//! Which rows are open, and which row is where. Millions of rows cost nothing until they are opened.
//!
//! An open row is a branch. Branches stand in one list and refer to each other by number, so that a tree opened 200,000
//! levels deep is neither walked nor dropped by recursion.

use super::Content;
use crate::graph::NodeId;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Number of a branch.
pub(super) type BranchId = usize;

/// An open row and what it lists.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) content: Content,
    /// The branch that the row stands in, and its number there.
    pub(super) parent: Option<(BranchId, u64)>,
    /// Rows directly below.
    children: u64,
    /// Those of them that are open, by number.
    open: Vec<(u64, BranchId)>,
    /// All rows below.
    visible: u64,
    pub(super) depth: u32,
    /// Whether the way here leads along an edge that was fetched from the memo. Without one, nothing below can be an
    /// object that is open above.
    pub(super) fetched: bool,
    /// Whether a walk from the top meets the row's object here first.
    pub(super) first: bool,
    /// The closest value above that is open as it is pickled.
    pub(super) pickled: Option<NodeId>,
    /// A branch far above, so that a way up of any length takes few steps.
    jump: BranchId,
}

/// What is known of the way to a row that is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Way {
    /// Whether its own edge was fetched from the memo.
    pub(super) fetched: bool,
    /// Whether its object is met here first.
    pub(super) first: bool,
}

/// The open rows of a document.
#[derive(Debug, Default)]
pub struct Tree {
    branches: Vec<Option<Branch>>,
    free: Vec<BranchId>,
    /// The branches that list the parts of an object.
    showing: HashMap<NodeId, Vec<BranchId>>,
}

/// A row: the n-th child in a branch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Spot {
    pub(super) branch: BranchId,
    pub(super) index: u64,
}

const TOP: BranchId = 0;

impl Tree {
    /// A tree with `roots` closed rows.
    pub(super) fn new(roots: u64) -> Self {
        let top = Branch {
            content: Content::Top,
            parent: None,
            children: roots,
            open: Vec::new(),
            visible: roots,
            depth: 0,
            fetched: false,
            first: true,
            pickled: None,
            jump: TOP,
        };
        Self { branches: vec![Some(top)], free: Vec::new(), showing: HashMap::new() }
    }

    /// Number of visible rows.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.branch(TOP).map_or(0, |top| top.visible)
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn branch(&self, id: BranchId) -> Option<&Branch> {
        self.branches.get(id)?.as_ref()
    }

    pub(super) fn children(&self, id: BranchId) -> u64 {
        self.branch(id).map_or(0, |branch| branch.children)
    }

    /// The row at a position.
    pub(super) fn find(&self, row: u64) -> Option<Spot> {
        let mut branch = TOP;
        let mut row = row;
        if row >= self.len() {
            return None;
        }
        'down: loop {
            let mut opened = 0;
            for &(index, below) in &self.branch(branch)?.open {
                let at = index + opened;
                if row <= at {
                    break;
                }
                let visible = self.branch(below)?.visible;
                if row <= at + visible {
                    row -= at + 1;
                    branch = below;
                    continue 'down;
                }
                opened += visible;
            }
            return Some(Spot { branch, index: row - opened });
        }
    }

    /// The position of a row.
    pub(super) fn position(&self, spot: Spot) -> u64 {
        let mut row = 0;
        let mut spot = spot;
        while let Some(branch) = self.branch(spot.branch) {
            let before = branch.open.iter().take_while(|(index, _)| *index < spot.index);
            row += spot.index + before.filter_map(|&(_, below)| self.branch(below)).map(|b| b.visible).sum::<u64>();
            match branch.parent {
                Some((parent, index)) => spot = Spot { branch: parent, index },
                None => break,
            }
            row += 1;
        }
        row
    }

    /// The branch of a row, when it is open.
    pub(super) fn opened(&self, spot: Spot) -> Option<BranchId> {
        let open = &self.branch(spot.branch)?.open;
        open.binary_search_by_key(&spot.index, |(index, _)| *index).ok().map(|found| open[found].1)
    }

    /// Opens a row that lists `children` rows; what is open stays as it is.
    pub(super) fn open(&mut self, spot: Spot, content: Content, children: u64, way: Way) -> BranchId {
        if let Some(branch) = self.opened(spot) {
            return branch;
        }
        let id = self.insert(spot, content, children, way);
        self.settle(&[id]);
        id
    }

    /// Opens a closed row without counting its rows; [`Tree::settle`] must follow.
    pub(super) fn insert(&mut self, spot: Spot, content: Content, children: u64, way: Way) -> BranchId {
        let around = self.branch(spot.branch);
        let (depth, above) = around.map_or((0, false), |branch| (branch.depth, branch.fetched));
        let pickled = match content {
            Content::AsPickled(node) => Some(node),
            _ => around.and_then(|branch| branch.pickled),
        };
        let depth = depth + 1;
        let parent = Some((spot.branch, spot.index));
        let jump = self.jump_from(spot.branch);
        let branch = Some(Branch {
            content,
            parent,
            children,
            open: Vec::new(),
            visible: children,
            depth,
            fetched: way.fetched || above,
            first: way.first,
            pickled,
            jump,
        });
        let id = match self.free.pop() {
            Some(id) => {
                self.branches[id] = branch;
                id
            }
            None => {
                self.branches.push(branch);
                self.branches.len() - 1
            }
        };
        if let Some(parent) = self.branches[spot.branch].as_mut() {
            let at = parent.open.partition_point(|(index, _)| *index < spot.index);
            parent.open.insert(at, (spot.index, id));
        }
        if let Content::Node(node) = content {
            self.showing.entry(node).or_default().push(id);
        }
        id
    }

    /// Where a branch below `parent` jumps to: twice as far as the branch that `parent` jumps to, where both jumps are of one
    /// length, else to `parent` itself. (Myers, "An applicative random-access stack".)
    fn jump_from(&self, parent: BranchId) -> BranchId {
        let depth = |id: BranchId| self.branch(id).map_or(0, |branch| branch.depth);
        let jump = |id: BranchId| self.branch(id).map_or(TOP, |branch| branch.jump);
        let (first, second) = (jump(parent), jump(jump(parent)));
        if depth(parent) - depth(first) == depth(first) - depth(second) { second } else { parent }
    }

    /// Whether `above` is `branch` or one that it stands in.
    fn is_above(&self, above: BranchId, branch: BranchId) -> bool {
        let Some(depth) = self.branch(above).map(|branch| branch.depth) else { return false };
        let mut at = branch;
        while let Some(branch) = self.branch(at).filter(|branch| branch.depth > depth) {
            let is_short = self.branch(branch.jump).is_some_and(|jump| jump.depth >= depth);
            at = if is_short { branch.jump } else { branch.parent.map_or(TOP, |(parent, _)| parent) };
        }
        at == above
    }

    /// The closest row above a row in `branch` that shows an object and is open.
    pub(super) fn row_above_showing(&self, node: NodeId, branch: BranchId) -> Option<Spot> {
        let showing = self.showing.get(&node)?.iter().copied().filter(|&id| self.is_above(id, branch));
        let closest = showing.max_by_key(|&id| self.branch(id).map(|branch| branch.depth))?;
        self.branch(closest)?.parent.map(|(branch, index)| Spot { branch, index })
    }

    /// Counts the rows of branches that were inserted, in the order of their insertion. Each level is passed once: opening
    /// a path one branch at a time would pass all levels above for each.
    pub(super) fn settle(&mut self, inserted: &[BranchId]) {
        let new: HashSet<BranchId> = inserted.iter().copied().collect();
        for &id in inserted.iter().rev() {
            let Some((parent, visible)) = self.branch(id).and_then(|b| Some((b.parent?.0, b.visible))) else {
                continue;
            };
            if new.contains(&parent) {
                if let Some(parent) = self.branches[parent].as_mut() {
                    parent.visible += visible;
                }
            } else {
                self.grow(parent, visible as i64);
            }
        }
    }

    /// Closes a row and everything below it.
    pub(super) fn close(&mut self, spot: Spot) {
        let Some(id) = self.opened(spot) else { return };
        let gone = self.branch(id).map_or(0, |branch| branch.visible);
        self.grow(spot.branch, -(gone as i64));
        self.remove(spot);
    }

    /// Closes all rows.
    pub(super) fn close_all(&mut self) {
        *self = Self::new(self.children(TOP));
    }

    /// Takes back an [`Tree::insert`] that was not settled, with everything below.
    pub(super) fn remove(&mut self, spot: Spot) {
        let Some(id) = self.opened(spot) else { return };
        if let Some(parent) = self.branches[spot.branch].as_mut() {
            parent.open.retain(|(index, _)| *index != spot.index);
        }
        let mut closing = vec![id];
        while let Some(id) = closing.pop() {
            if let Some(branch) = self.branches[id].take() {
                closing.extend(branch.open.iter().map(|(_, below)| *below));
                self.forget(id, branch.content);
                self.free.push(id);
            }
        }
    }

    fn forget(&mut self, id: BranchId, content: Content) {
        let Content::Node(node) = content else { return };
        if let Entry::Occupied(mut showing) = self.showing.entry(node) {
            showing.get_mut().retain(|other| *other != id);
            if showing.get().is_empty() {
                showing.remove();
            }
        }
    }

    fn grow(&mut self, branch: BranchId, rows: i64) {
        let mut next = Some(branch);
        while let Some(branch) = next.and_then(|id| self.branches[id].as_mut()) {
            branch.visible = branch.visible.saturating_add_signed(rows);
            next = branch.parent.map(|(parent, _)| parent);
        }
    }

    /// The spots of rows from `first` on, at most `count`.
    pub(super) fn window(&self, first: u64, count: usize) -> Vec<Spot> {
        let mut spots = Vec::new();
        let Some(mut spot) = self.find(first) else { return spots };
        while spots.len() < count {
            spots.push(spot);
            match self.next(spot) {
                Some(next) => spot = next,
                None => break,
            }
        }
        spots
    }

    fn next(&self, spot: Spot) -> Option<Spot> {
        if let Some(below) = self.opened(spot)
            && self.children(below) > 0
        {
            return Some(Spot { branch: below, index: 0 });
        }
        let mut spot = spot;
        loop {
            let branch = self.branch(spot.branch)?;
            if spot.index + 1 < branch.children {
                return Some(Spot { branch: spot.branch, index: spot.index + 1 });
            }
            let (parent, index) = branch.parent?;
            spot = Spot { branch: parent, index };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Way = Way { fetched: false, first: true };

    fn at(branch: BranchId, index: u64) -> Spot {
        Spot { branch, index }
    }

    #[test]
    fn positions_and_rows_are_each_others_inverse() {
        let mut tree = Tree::new(3);
        let a = tree.open(at(TOP, 1), Content::Top, 4, MADE);
        let b = tree.open(at(a, 0), Content::Top, 2, MADE);
        tree.open(at(a, 3), Content::Top, 1_000_000, MADE);
        tree.open(at(b, 1), Content::Top, 5, MADE);
        assert_eq!(tree.len(), 3 + 4 + 2 + 1_000_000 + 5);
        for row in (0..30).chain([999_999, 1_000_000, 1_000_013]) {
            let spot = tree.find(row).unwrap_or(at(usize::MAX, 0));
            assert_eq!(tree.position(spot), row);
        }
        assert_eq!(tree.find(tree.len()), None);
        let spots = tree.window(0, 20);
        assert!(spots.iter().enumerate().all(|(row, &spot)| tree.find(row as u64) == Some(spot)));
    }

    #[test]
    fn a_way_up_finds_the_closest_row_that_shows_an_object() {
        let mut tree = Tree::new(2);
        let mut spot = at(TOP, 0);
        let mut inserted = Vec::new();
        for level in 0..1000 {
            let branch = tree.insert(spot, Content::Node(NodeId(level % 700)), 2, MADE);
            inserted.push(branch);
            spot = at(branch, 1);
        }
        tree.settle(&inserted);
        let beside = tree.open(at(inserted[3], 0), Content::Node(NodeId(5)), 1, MADE);
        for (level, &branch) in inserted.iter().enumerate() {
            for above in [0, 1, 5, 299, 300, 699] {
                let levels = (0..=level).rev().find(|at| at % 700 == above);
                let expected = levels.and_then(|at| tree.branch(inserted[at])?.parent);
                let found = tree.row_above_showing(NodeId(above as u32), branch);
                assert_eq!(found.map(|spot| (spot.branch, spot.index)), expected, "{above} above level {level}");
            }
        }
        assert_eq!(tree.row_above_showing(NodeId(5), beside), Some(at(inserted[3], 0)));
        tree.close(at(TOP, 0));
        assert!(tree.showing.is_empty());
    }

    #[test]
    fn closing_gives_back_every_row_and_branch() {
        let mut tree = Tree::new(1);
        let mut spot = at(TOP, 0);
        let mut inserted = Vec::new();
        for _ in 0..200_000 {
            let branch = tree.insert(spot, Content::Top, 1, MADE);
            inserted.push(branch);
            spot = at(branch, 0);
        }
        tree.settle(&inserted);
        assert_eq!(tree.len(), 200_001);
        assert_eq!(tree.position(spot), 200_000);
        tree.close(at(TOP, 0));
        assert_eq!(tree.len(), 1);
        assert_eq!(tree.free.len(), 200_000);
    }
}
