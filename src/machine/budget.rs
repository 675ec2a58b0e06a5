//! What the machine holds, against its budget. Columns grow here, at checkpoints, and not by doubling in the hot loop, so what
//! they take never passes the budget by more than what a few thousand instructions add.

use super::problem::{Problem, ProblemKind};
use super::reserve::{MARKS, ROOM, Read, STACK, reserve, reserve_large};
use super::run::{Machine, problem_at};
use super::stack::Mark;
use crate::graph::Edge;

/// Part of the budget that names may take. A thousand texts name a million globals, and what is done for each goes over its name.
const NAMES: u64 = 8;
const NAMES_OF_GLOBALS: &str = "names of globals";

impl Machine<'_> {
    /// Makes room in every column for what comes until the next checkpoint.
    pub(super) fn make_room(&mut self, at: u64) -> Result<(), Box<Problem>> {
        let held: u64 = self.held().iter().map(|(_, bytes)| bytes).sum();
        let read = Read { at, total: self.total };
        let left = self.limits.memory.checked_sub(held).filter(|_| self.names() <= self.limits.memory / NAMES);
        let left = left.and_then(|left| self.grow(read, left));
        match left {
            Some(_) => Ok(()),
            None => Err(Box::new(problem_at(at, None, self.over_budget()))),
        }
    }

    /// Grows what is nearly full; what is left of the budget, or `None` when that is not enough.
    fn grow(&mut self, read: Read, left: u64) -> Option<u64> {
        let left = reserve(&mut self.graph.records, read, left)?;
        let left = reserve(&mut self.graph.edges, read, left)?;
        let left = self.graph.reserve_runs(|runs| reserve_large(runs, read, left))?;
        let left = self.stack.reserve(read, left, self.limits.memory)?;
        self.memo.reserve(read, left)
    }

    #[cold]
    fn over_budget(&self) -> ProblemKind {
        /// Bytes that no column grows by any more.
        const LITTLE: u64 = (2 * ROOM * size_of::<Mark>()) as u64;
        let (slots, marks) = self.stack.memory();
        let shares = [
            ("the stack", slots as u64, STACK),
            ("open MARKs", marks as u64, MARKS),
            (NAMES_OF_GLOBALS, self.names(), NAMES),
        ];
        for (what, bytes, share) in shares {
            let budget = self.limits.memory / share;
            if bytes + LITTLE.min(budget / 2) > budget {
                return ProblemKind::Share { budget, what };
            }
        }
        let most = self.held().into_iter().max_by_key(|(_, bytes)| *bytes).map_or("", |(name, _)| name);
        ProblemKind::Memory { budget: self.limits.memory, most }
    }

    fn names(&self) -> u64 {
        let operands = self.by_operands.capacity() * size_of::<((u32, u32), u32)>() * 2;
        (self.graph.symbols.memory() + operands) as u64
    }

    /// Bytes by what they are for.
    fn held(&self) -> [(&'static str, u64); 7] {
        let (mut slots, mut marks) = self.stack.memory();
        let mut memo = self.memo.memory();
        if let Some(outer) = &self.outer {
            let (outer_slots, outer_marks) = outer.stack.memory();
            (slots, marks, memo) = (slots + outer_slots, marks + outer_marks, memo + outer.memory());
        }
        let offsets = column(&self.checkpoints)
            + column(&self.overwrites)
            + column(&self.list_items_set)
            + column(&self.frames)
            + column(&self.idle);
        let parts = column(&self.raw) + column(&self.nested) + column(&self.discarded);
        let counted = self.counted.capacity() * size_of::<(u32, (u32, u64))>() * 2;
        [
            ("objects", self.graph.memory() as u64),
            ("the stack", slots as u64),
            ("open MARKs", marks as u64),
            ("the memo", memo as u64),
            ("earlier pickles", self.kept),
            (NAMES_OF_GLOBALS, self.names()),
            ("offsets", (offsets + parts + counted) as u64),
        ]
    }

    /// Takes note of what a pickle that was read leaves behind.
    pub(super) fn keep(&mut self, left: &[Edge]) {
        self.kept += (size_of_val(left) + size_of::<super::Stream>()) as u64;
    }
}

fn column<T>(column: &Vec<T>) -> usize {
    column.capacity() * size_of::<T>()
}
