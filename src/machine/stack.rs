//! The stack and its MARKs.

use super::reserve::{MARKS, Read, STACK, reserve_within};
use crate::graph::{Edge, FAR};

/// A value on the stack and where its first byte is: the low half of the offset, or [`FAR`] for an offset in an earlier
/// 4 GiB of the file, which `Stack::far` has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) edge: u32,
    pub(super) start: u32,
}

/// An open MARK: how many values stand below it, and where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) below: usize,
    pub(super) at: u64,
}

/// The unpickler's stack. Values below the last MARK are out of reach until the MARK is gone, as in CPython's C loader.
#[derive(Debug, Default)]
pub(super) struct Stack {
    slots: Vec<Slot>,
    marks: Vec<Mark>,
    fence: usize,
    /// Where values begin that were there before the 4 GiB that are being read; by their place on the stack. Entries of
    /// values that are gone do no harm: only slots that say [`FAR`] are looked up.
    far: Vec<(usize, u64)>,
}

impl Stack {
    /// Values, those below the last MARK included.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The whole offset for the `start` of the slot at `index`, when the instruction at `at` runs.
    pub(super) fn start(&self, index: usize, start: u32, at: u64) -> u64 {
        match self.far.binary_search_by_key(&index, |&(index, _)| index) {
            Ok(found) if start == FAR => self.far[found].1,
            _ => at & !u64::from(u32::MAX) | u64::from(start),
        }
    }

    /// Remembers that the value that comes next begins in an earlier 4 GiB.
    pub(super) fn next_begins(&mut self, start: u64) {
        self.far.truncate(self.far.partition_point(|&(index, _)| index < self.slots.len()));
        self.far.push((self.slots.len(), start));
    }

    /// The reading leaves the `epoch`-th 4 GiB: from now on low halves mean other offsets.
    pub(super) fn leave_epoch(&mut self, epoch: u64) {
        let starts = (0..).zip(&self.slots).map(|(index, slot)| (index, self.start(index, slot.start, epoch << 32)));
        self.far = starts.collect();
        self.slots.iter_mut().for_each(|slot| slot.start = FAR);
    }

    #[inline(always)]
    pub(super) fn push(&mut self, edge: u32, at: u64) {
        self.slots.push(Slot { edge, start: at as u32 });
    }

    #[inline(always)]
    pub(super) fn push_from(&mut self, edge: u32, start: u32) {
        self.slots.push(Slot { edge, start });
    }

    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<Slot> {
        if self.slots.len() > self.fence { self.slots.pop() } else { None }
    }

    #[inline(always)]
    pub(super) fn top(&self) -> Option<Slot> {
        if self.slots.len() > self.fence { self.slots.last().copied() } else { None }
    }

    /// The `count` topmost values, lowest first.
    #[inline(always)]
    pub(super) fn topmost(&self, count: usize) -> Option<&[Slot]> {
        let from = self.slots.len().checked_sub(count)?;
        if from >= self.fence { self.slots.get(from..) } else { None }
    }

    /// Puts another value in the place of the topmost one; where it begins stays.
    pub(super) fn replace_top(&mut self, edge: u32) {
        if let Some(top) = self.slots.last_mut() {
            top.edge = edge;
        }
    }

    #[inline(always)]
    pub(super) fn drop_top(&mut self, count: usize) {
        self.slots.truncate(self.slots.len() - count);
    }

    #[inline(always)]
    pub(super) fn mark(&mut self, at: u64) {
        self.fence = self.slots.len();
        self.marks.push(Mark { below: self.fence, at });
    }

    /// Takes the last MARK away; the values above it are then `slots[mark.below..]`.
    #[inline(always)]
    pub(super) fn pop_mark(&mut self) -> Option<Mark> {
        let mark = self.marks.pop()?;
        self.fence = self.marks.last().map_or(0, |mark| mark.below);
        Some(mark)
    }

    #[inline(always)]
    pub(super) fn above(&self, mark: Mark) -> &[Slot] {
        &self.slots[mark.below..]
    }

    /// The value right below a MARK that was just taken away.
    #[inline(always)]
    pub(super) fn below(&self, mark: Mark) -> Option<Slot> {
        let index = mark.below.checked_sub(1)?;
        if index >= self.fence { self.slots.get(index).copied() } else { None }
    }

    #[inline(always)]
    pub(super) fn cut_to(&mut self, mark: Mark) {
        self.slots.truncate(mark.below);
    }

    /// The value at a place, counted from the lowest.
    pub(super) fn at(&self, index: usize) -> Option<u32> {
        self.slots.get(index).map(|slot| slot.edge)
    }

    /// Takes away the lowest values above a MARK that was just taken away.
    pub(super) fn remove(&mut self, mark: Mark, count: usize) {
        self.slots.drain(mark.below..mark.below + count);
    }

    /// Bytes that values and MARKs take.
    pub(super) fn memory(&self) -> (usize, usize) {
        let values = self.slots.capacity() * size_of::<Slot>() + self.far.capacity() * size_of::<(usize, u64)>();
        (values, self.marks.capacity() * size_of::<Mark>())
    }

    /// Makes room for what comes within `left` bytes of the budget; gives what then remains of them.
    pub(super) fn reserve(&mut self, read: Read, left: u64, budget: u64) -> Option<u64> {
        let left = reserve_within(&mut self.slots, read, left, budget / STACK)?;
        reserve_within(&mut self.marks, read, left, budget / MARKS)
    }

    /// Open MARKs.
    #[inline(always)]
    pub(super) fn depth(&self) -> usize {
        self.marks.len()
    }

    /// Empties the stack, lowest value first.
    pub(super) fn take(&mut self) -> Vec<Edge> {
        self.marks.clear();
        self.fence = 0;
        self.far.clear();
        self.slots.drain(..).map(|slot| Edge(slot.edge)).collect()
    }
}
