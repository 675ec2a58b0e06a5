//! How a memo was at the end of each of the pickles that share it, without a copy for each.

use std::collections::HashMap;

/// A memo at the end of a pickle: what was appended later lies behind, and the rest of what changed later is in the past.
#[derive(Clone, Debug)]
pub(crate) struct Then {
    /// The pickle, counted from the first that shares the memo.
    pub(super) pickle: u32,
    /// Indexes that were stored in order.
    pub(super) dense: u64,
    pub(super) entries: u64,
    pub(super) highest: Option<u64>,
}

/// What stores other than the next index replaced, by index and pickle.
#[derive(Debug, Default)]
pub(super) struct Past {
    pickle: u32,
    /// In the order of the pickles, for each that stored under the index: what was there before, `None` for nothing.
    changes: HashMap<u64, Vec<(u32, Option<u32>)>>,
    /// Changes in all.
    count: usize,
}

impl Past {
    /// Notes that something is stored under an index in the place of `old`.
    pub(super) fn note(&mut self, index: u64, old: Option<u32>) {
        let changes = self.changes.entry(index).or_default();
        if changes.last().is_none_or(|(pickle, _)| *pickle < self.pickle) {
            changes.push((self.pickle, old));
            self.count += 1;
        }
    }

    /// Ends a pickle; its number.
    pub(super) fn end_pickle(&mut self) -> u32 {
        self.pickle += 1;
        self.pickle - 1
    }

    /// What was stored under an index at the end of a pickle, if that changed later.
    pub(super) fn changed_since(&self, index: u64, pickle: u32) -> Option<Option<u32>> {
        let changes = self.changes.get(&index)?;
        let later = changes.partition_point(|(changed, _)| *changed <= pickle);
        changes.get(later).map(|(_, old)| *old)
    }

    /// Whether something was stored under an index, other than as the next, by the end of a pickle.
    pub(super) fn knew(&self, index: u64, pickle: u32) -> bool {
        let first = self.changes.get(&index).and_then(|changes| changes.first());
        first.is_some_and(|(changed, _)| *changed <= pickle)
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        let lists = self.changes.capacity() * (size_of::<(u64, Vec<()>)>() + 1);
        lists + 2 * self.count * size_of::<(u32, Option<u32>)>()
    }
}
