//! The stack and memo as `pickletools.dis` follows them: kinds of values only, enough to know which mark an opcode
//! takes away and what a pickle asks for that is not there.

use crate::opcode::{Info, Opcode, StackItem};
use std::collections::HashMap;

/// Which memo indices are taken, and by what kind of value. Indices may be huge or negative, so those that do not
/// continue the run from 0 are kept in a map.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    run: Vec<StackItem>,
    others: HashMap<i128, StackItem>,
}

impl Memo {
    /// Number of entries: the index MEMOIZE uses next.
    #[must_use]
    pub fn len(&self) -> usize {
        self.run.len() + self.others.len()
    }

    /// Whether nothing is stored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.run.is_empty() && self.others.is_empty()
    }

    pub(crate) fn get(&self, key: i128) -> Option<StackItem> {
        let in_run = usize::try_from(key).ok().and_then(|index| self.run.get(index));
        in_run.or_else(|| self.others.get(&key)).copied()
    }

    pub(crate) fn insert(&mut self, key: i128, item: StackItem) {
        match usize::try_from(key) {
            Ok(index) if index < self.run.len() => self.run[index] = item,
            Ok(index) if index == self.run.len() && !self.others.contains_key(&key) => self.run.push(item),
            _ => {
                self.others.insert(key, item);
            }
        }
    }
}

/// What an opcode did to the marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MarkNote {
    /// Nothing.
    None,
    /// It took everything down to the mark set at this offset.
    At(u64),
    /// It should have found a mark and did not.
    Missing,
}

/// The stack.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stack {
    items: Vec<StackItem>,
    /// Offsets of the MARK opcodes still open.
    marks: Vec<u64>,
}

impl Stack {
    pub(crate) fn items(&self) -> &[StackItem] {
        &self.items
    }

    pub(crate) fn top(&self) -> Option<StackItem> {
        self.items.last().copied()
    }

    /// Number of open marks.
    pub(crate) fn depth(&self) -> usize {
        self.marks.len()
    }

    /// Takes everything down to the topmost mark if the opcode does so, POP included when the mark is on top. Gives
    /// what happened and how many values the opcode takes besides.
    pub(crate) fn take_mark(&mut self, opcode: Opcode, info: &Info) -> (MarkNote, usize) {
        let below_mark = info.before.iter().position(|item| *item == StackItem::Mark);
        let pops_mark = opcode == Opcode::Pop && self.top() == Some(StackItem::Mark);
        let (None, false) = (below_mark, pops_mark) else {
            let besides = below_mark.unwrap_or(0);
            let Some(offset) = self.marks.pop() else { return (MarkNote::Missing, besides) };
            // An opcode for plain values may have taken the mark itself.
            let Some(at) = self.items.iter().rposition(|item| *item == StackItem::Mark) else {
                return (MarkNote::Missing, besides);
            };
            self.items.truncate(at);
            return (MarkNote::At(offset), besides);
        };
        (MarkNote::None, info.before.len())
    }

    /// Takes `count` values and pushes `after`.
    ///
    /// # Errors
    /// With the number of values there were, when that is fewer; all of them are gone then.
    pub(crate) fn apply(&mut self, count: usize, after: &[StackItem], offset: u64) -> Result<(), usize> {
        let had = self.items.len();
        self.items.truncate(had.saturating_sub(count));
        if after.first() == Some(&StackItem::Mark) {
            self.marks.push(offset);
        }
        self.items.extend_from_slice(after);
        if had < count { Err(had) } else { Ok(()) }
    }
}
