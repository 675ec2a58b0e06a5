//! What was stored in the memo, and when: in order of time, which is nearly always the order of the indexes.

use std::collections::BTreeMap;

/// Stores to consecutive indexes.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// The first index.
    index: u64,
    /// How many regular stores came before.
    before: usize,
}

/// All stores to the memos of pickles that follow each other. One to an index above all others of its memo is regular; what
/// stores below is odd, and looked up by its index.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// What the regular stores stored.
    nodes: Vec<u32>,
    runs: Vec<Run>,
    /// By index and number of the instruction.
    odd: BTreeMap<(u64, u64), u32>,
}

/// One memo at an instant: how far the columns had come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    /// Number of the first instruction of its pickle: what is stored under lower numbers is in another memo.
    first: u64,
    /// Its first run.
    first_run: usize,
    runs: usize,
    regular: usize,
    highest: Option<u64>,
    /// Indexes in use.
    pub(super) entries: u64,
}

impl Extent {
    /// The empty memo of a pickle that begins here.
    pub(super) fn next(self, first: u64) -> Self {
        Self { first, first_run: self.runs, runs: self.runs, regular: self.regular, highest: None, entries: 0 }
    }
}

impl Columns {
    /// Bytes that they take.
    pub(super) fn memory(&self) -> u64 {
        /// A key, a value, and what the tree needs for them.
        const ODD: usize = 48;
        let regular = self.nodes.capacity() * size_of::<u32>() + self.runs.capacity() * size_of::<Run>();
        (regular + self.odd.len() * ODD) as u64
    }

    /// The instruction with this number stores `node`; gives what was there.
    pub(super) fn store(&mut self, memo: &mut Extent, index: u64, node: u32, number: u64) -> Option<u32> {
        let old = self.get(memo, index, number);
        if memo.highest.is_none_or(|highest| index > highest) {
            if memo.runs == memo.first_run || memo.highest.and_then(|highest| highest.checked_add(1)) != Some(index) {
                self.runs.push(Run { index, before: memo.regular });
            }
            self.nodes.push(node);
        } else {
            self.odd.insert((index, number), node);
        }
        Self::advance(memo, index, old);
        old
    }

    /// The same when the columns have the store already.
    pub(super) fn repeat(&self, memo: &mut Extent, index: u64, number: u64) -> Option<u32> {
        let old = self.get(memo, index, number);
        Self::advance(memo, index, old);
        old
    }

    fn advance(memo: &mut Extent, index: u64, old: Option<u32>) {
        if memo.highest.is_none_or(|highest| index > highest) {
            if memo.runs == memo.first_run || memo.highest.and_then(|highest| highest.checked_add(1)) != Some(index) {
                memo.runs += 1;
            }
            memo.regular += 1;
            memo.highest = Some(index);
        }
        memo.entries += u64::from(old.is_none());
    }

    /// What is stored under an index before the instruction with this number.
    pub(super) fn get(&self, memo: &Extent, index: u64, number: u64) -> Option<u32> {
        if memo.highest.is_none_or(|highest| index > highest) {
            return None;
        }
        let odd = || Some(*self.odd.range((index, memo.first)..(index, number)).next_back()?.1);
        if self.odd.is_empty() { self.regular(memo, index) } else { odd().or_else(|| self.regular(memo, index)) }
    }

    fn regular(&self, memo: &Extent, index: u64) -> Option<u32> {
        let runs = self.runs.get(memo.first_run..memo.runs)?;
        let at = runs.partition_point(|run| run.index <= index).checked_sub(1)?;
        let end = runs.get(at + 1).map_or(memo.regular, |next| next.before);
        let place = usize::try_from(index - runs[at].index).ok()?.checked_add(runs[at].before)?;
        if place < end { self.nodes.get(place).copied() } else { None }
    }

    /// Indexes in use from `from` on, at most `count`, before the instruction with this number.
    pub(super) fn window(&self, memo: &Extent, from: u64, count: usize, number: u64) -> Vec<(u64, u32)> {
        /// Indexes of other memos that are passed over.
        const PASSED: usize = 100_000;
        let mut found = Vec::new();
        let mut index = from;
        for _ in 0..PASSED {
            if found.len() >= count {
                break;
            }
            let odd = self.odd.range((index, 0)..).next().map(|(key, _)| key.0);
            let regular = self.next_regular(memo, index);
            let Some(next) = odd.into_iter().chain(regular).min() else { break };
            found.extend(self.get(memo, next, number).map(|node| (next, node)));
            match next.checked_add(1) {
                Some(after) => index = after,
                None => break,
            }
        }
        found
    }

    /// The first regular index at or after `index`.
    fn next_regular(&self, memo: &Extent, index: u64) -> Option<u64> {
        if self.regular(memo, index).is_some() {
            return Some(index);
        }
        let runs = self.runs.get(memo.first_run..memo.runs)?;
        runs.get(runs.partition_point(|run| run.index < index)).map(|run| run.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap as Plain;

    /// Stores in any order, in one memo after the other: at any instant it is what a map would be.
    #[test]
    fn it_is_a_map_at_any_instant() {
        let mut columns = Columns::default();
        let mut memo = Extent::default();
        let mut plain: Plain<u64, u32> = Plain::new();
        let mut past = Vec::new();
        let mut random = 3_u64;
        for number in 1..3000_u64 {
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let index = match random >> 33 & 7 {
                0 => random >> 40 & 63,
                1 => plain.last_key_value().map_or(0, |(index, _)| index.saturating_add(random >> 50 & 3)),
                2 if number % 5 == 0 => u64::MAX - (random >> 60),
                _ => plain.last_key_value().map_or(1, |(index, _)| index.saturating_add(1)),
            };
            if number % 400 == 0 {
                memo = memo.next(number);
                plain.clear();
                past.push((number + 1, memo, plain.clone()));
                continue;
            }
            let old = columns.store(&mut memo, index, number as u32, number);
            assert_eq!(old, plain.insert(index, number as u32));
            assert_eq!(memo.entries, plain.len() as u64);
            past.push((number + 1, memo, plain.clone()));
        }
        for (number, memo, plain) in &past {
            let all: Vec<_> = plain.iter().map(|(&index, &node)| (index, node)).collect();
            assert_eq!(columns.window(memo, 0, usize::MAX, *number), all);
            let middle = all.get(all.len() / 2).map_or(0, |&(index, _)| index);
            let rest: Vec<_> = all.iter().filter(|(index, _)| *index >= middle).take(3).copied().collect();
            assert_eq!(columns.window(memo, middle, 3, *number), rest);
            assert_eq!(columns.get(memo, middle, *number), plain.get(&middle).copied());
            assert_eq!(columns.get(memo, 1 << 40, *number), plain.get(&(1 << 40)).copied());
        }
        // Replayed from any instant, it comes to the same.
        let mut replayed = Extent::default();
        for pair in past.windows(2) {
            let ((number, before, _), (_, after, plain)) = (&pair[0], &pair[1]);
            let new = plain.iter().find(|(_, node)| **node == *number as u32).map(|(&index, _)| index);
            replayed = *before;
            match new {
                Some(index) => drop(columns.repeat(&mut replayed, index, *number)),
                None => replayed = replayed.next(*number + 1),
            }
            assert_eq!((replayed.runs, replayed.regular, replayed.entries), (after.runs, after.regular, after.entries));
        }
        assert!(replayed.first > 0);
    }
}
