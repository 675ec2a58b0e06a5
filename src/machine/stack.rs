//! The stack and its MARKs.

use crate::graph::Edge;

/// A value on the stack and where its first byte is (low half of the offset).
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
}

impl Stack {
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

    /// Open MARKs.
    #[inline(always)]
    pub(super) fn depth(&self) -> usize {
        self.marks.len()
    }

    /// Empties the stack, lowest value first.
    pub(super) fn take(&mut self) -> Vec<Edge> {
        self.marks.clear();
        self.fence = 0;
        self.slots.drain(..).map(|slot| Edge(slot.edge)).collect()
    }
}
