//! The memo: indexes to objects. Indexes come from the file and may be anything, so only dense ones get an array.

use super::memo_past::{Past, Then};
use super::reserve::{Read, reserve_large};
use crate::graph::{Edge, NodeId};
use std::collections::HashMap;

const EMPTY: u32 = u32::MAX;

/// What PUT and its kin stored. A loader starts each pickle with an empty one.
#[derive(Debug, Default)]
pub struct Memo {
    dense: Vec<u32>,
    sparse: HashMap<u64, u32>,
    entries: u64,
    /// The largest index in `sparse`, or of what was moved there.
    farthest: Option<u64>,
    /// What was there before, if several pickles share this memo.
    past: Option<Box<Past>>,
}

impl Memo {
    /// Number of indexes in use; MEMOIZE stores under this number (PEP 3154).
    #[must_use]
    pub fn len(&self) -> u64 {
        self.entries
    }

    /// Whether nothing was stored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The largest index in use.
    #[must_use]
    pub fn highest(&self) -> Option<u64> {
        let dense = (self.dense.len() as u64).checked_sub(1);
        dense.max(self.farthest)
    }

    /// What is stored under an index, as an edge that counts as fetched.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, index: u64) -> Option<Edge> {
        let found = match self.dense.get(usize::try_from(index).unwrap_or(usize::MAX)) {
            Some(&found) if found != EMPTY => found,
            _ => *self.sparse.get(&index)?,
        };
        Some(Edge(found | Edge::FETCHED))
    }

    /// Stores `node`, and says whether the index was in use.
    #[inline(always)]
    pub(super) fn put(&mut self, index: u64, node: u32) -> bool {
        if index == self.dense.len() as u64 && self.sparse.is_empty() {
            self.dense.push(node);
            self.entries += 1;
            return false;
        }
        self.put_anywhere(index, node)
    }

    #[cold]
    fn put_anywhere(&mut self, index: u64, node: u32) -> bool {
        let length = self.dense.len() as u64;
        let old = if index < length {
            std::mem::replace(&mut self.dense[index as usize], node)
        } else if index < 2 * self.entries + 1024 && self.sparse.is_empty() {
            self.dense.resize(index as usize, EMPTY);
            self.dense.push(node);
            EMPTY
        } else {
            self.farthest = self.farthest.max(Some(index));
            self.sparse.insert(index, node).unwrap_or(EMPTY)
        };
        if let Some(past) = &mut self.past {
            past.note(index, (old != EMPTY).then_some(old));
        }
        self.entries += u64::from(old == EMPTY);
        old != EMPTY
    }

    /// The entries by index, as far as they are asked for.
    pub(super) fn entries(&self) -> impl Iterator<Item = (u64, NodeId)> {
        let dense = self.dense.iter().enumerate().filter(|(_, node)| **node != EMPTY);
        let mut rest: Vec<_> = self.sparse.iter().map(|(&index, &node)| (index, NodeId(node))).collect();
        rest.sort_unstable();
        dense.map(|(index, &node)| (index as u64, NodeId(node))).chain(rest)
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.dense.capacity() * size_of::<u32>()
            + self.sparse.capacity() * (size_of::<(u64, u32)>() + 1)
            + self.past.as_ref().map_or(0, |past| past.memory())
    }

    /// Makes room for what comes within `left` bytes; gives what then remains of them.
    pub(super) fn reserve(&mut self, read: Read, left: u64) -> Option<u64> {
        reserve_large(&mut self.dense, read, left)
    }

    /// Gives back what is not needed behind the pickle. A few bytes can make a gap of a thousand entries, in each of a
    /// million pickles.
    pub(super) fn shrink(&mut self) {
        const GAPS: usize = 64;
        if self.dense.len() > GAPS && self.entries < self.dense.len() as u64 / 8 {
            self.farthest = self.highest();
            let dense = std::mem::take(&mut self.dense).into_iter().enumerate().filter(|(_, node)| *node != EMPTY);
            self.sparse.extend(dense.map(|(index, node)| (index as u64, node)));
        }
        self.dense.shrink_to_fit();
    }
}

/// What several pickles share.
impl Memo {
    /// An empty one that keeps how it was at the end of each pickle.
    pub(super) fn shared() -> Self {
        Self { past: Some(Box::default()), ..Self::default() }
    }

    pub(super) fn is_shared(&self) -> bool {
        self.past.is_some()
    }

    /// Ends a pickle; how the memo is now, to be seen as that later.
    pub(super) fn end_pickle(&mut self) -> Then {
        let pickle = self.past.as_mut().map_or(0, |past| past.end_pickle());
        Then { pickle, dense: self.dense.len() as u64, entries: self.entries, highest: self.highest() }
    }

    /// What was stored under an index then. Behind what was stored in order by then, only what the past knows was there.
    fn get_then(&self, index: u64, then: &Then) -> Option<Edge> {
        let past = self.past.as_ref()?;
        if index >= then.dense && !past.knew(index, then.pickle) {
            return None;
        }
        match past.changed_since(index, then.pickle) {
            Some(old) => old.map(|node| Edge(node | Edge::FETCHED)),
            None => self.get(index),
        }
    }
}

/// A memo as it was at the end of a pickle.
#[derive(Clone, Copy, Debug)]
pub struct MemoView<'a> {
    memo: &'a Memo,
    then: Option<&'a Then>,
}

impl<'a> MemoView<'a> {
    /// A memo as it is, or as it was then.
    pub(crate) fn of(memo: &'a Memo, then: Option<&'a Then>) -> Self {
        Self { memo, then }
    }

    /// What is stored under an index, as an edge that counts as fetched.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<Edge> {
        self.then.map_or_else(|| self.memo.get(index), |then| self.memo.get_then(index, then))
    }

    /// Number of indexes in use.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.then.map_or(self.memo.entries, |then| then.entries)
    }

    /// Whether nothing was stored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The largest index in use.
    #[must_use]
    pub fn highest(&self) -> Option<u64> {
        self.then.map_or_else(|| self.memo.highest(), |then| then.highest)
    }

    /// The entries by index, the first `most` of them: a list of all takes four times what the memo takes.
    #[must_use]
    pub fn entries(&self, most: usize) -> Vec<(u64, NodeId)> {
        let then = |(index, now)| match self.then {
            Some(_) => self.get(index).map(|edge| (index, edge.node())),
            None => Some((index, now)),
        };
        self.memo.entries().filter_map(then).take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A memo that pickles share is seen as it was at the end of each, however it was stored into.
    #[test]
    fn a_shared_memo_knows_its_past() {
        let mut memo = Memo::shared();
        let mut copies = Vec::new();
        let stores: [&[(u64, u32)]; 6] = [
            &[(0, 1), (1, 2)],
            &[(1, 3), (2, 4), (1, 5)],
            &[(900, 6), (2, 7)],
            &[(5, 8), (901, 9), (0, 1)],
            &[(u64::MAX, 10), (902, 11)],
            &[(u64::MAX, 12), (0, 13), (903, 14)],
        ];
        for stores in stores {
            for (index, node) in stores {
                memo.put(*index, *node);
            }
            copies.push((memo.end_pickle(), memo.entries().collect::<Vec<_>>(), memo.highest()));
        }
        for (then, entries, highest) in &copies {
            let view = MemoView::of(&memo, Some(then));
            assert_eq!(view.entries(usize::MAX), *entries);
            assert_eq!(view.entries(2), entries[..2]);
            assert_eq!((view.len(), view.highest()), (entries.len() as u64, *highest));
        }
    }

    #[test]
    fn memoize_counts_entries_not_puts() {
        let mut memo = Memo::default();
        assert!(!memo.put(5, 1));
        assert_eq!(memo.len(), 1);
        assert!(!memo.put(memo.len(), 2));
        assert_eq!(memo.get(1).map(Edge::node), Some(NodeId(2)));
        assert!(memo.put(5, 3), "an index may be stored again");
        assert_eq!(memo.len(), 2);
    }

    #[test]
    fn a_huge_index_allocates_nothing() {
        let mut memo = Memo::default();
        memo.put(u64::MAX, 7);
        memo.put(0, 8);
        assert!(memo.dense.capacity() < 4096);
        assert_eq!(memo.get(u64::MAX).map(Edge::node), Some(NodeId(7)));
        assert_eq!(memo.get(0).map(Edge::node), Some(NodeId(8)));
        assert_eq!(memo.get(1), None);
        assert!(memo.entries().eq([(0, NodeId(8)), (u64::MAX, NodeId(7))]));
    }

    /// Each index just beyond twice the one before: the array grows with what is stored, not with the gaps.
    #[test]
    fn growing_gaps_allocate_nothing() {
        let mut memo = Memo::default();
        let mut index = 1000;
        for node in 0..20 {
            memo.put(index, node);
            index = 2 * index + 1000;
        }
        assert!(memo.dense.capacity() < 8192, "{}", memo.dense.capacity());
        assert_eq!(memo.len(), 20);
        assert_eq!(memo.get(1000).map(Edge::node), Some(NodeId(0)));
    }
}
