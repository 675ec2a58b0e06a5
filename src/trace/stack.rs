//! The stack of the replay: node numbers and MARKs. What lies below the last kept place stays where the history has it.

use crate::graph::NodeId;

/// The bit of an entry that is a MARK; the others are the low bits of its instruction's number.
const MARK: u32 = 1 << 31;

/// One place on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// A value.
    Value(NodeId),
    /// A MARK, and the number of the instruction that put it there.
    Mark(u64),
}

/// Neighbouring entries of the stack that one segment of the history holds.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Place of the first of them on the stack.
    start: u64,
    /// Where the column of entries has it.
    column: usize,
    /// Place of the last MARK among them, so that millions of values above one are not gone through to find it.
    mark: Option<u64>,
}

/// What one segment of the history left on the stack: everything below `low` is older.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) low: u64,
    /// Its entries in the column.
    pub(super) column: (usize, usize),
    /// Place of the last MARK among them.
    mark: Option<u64>,
}

/// The stack at an instant. `entries` is the column of the history, which callers hand in.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack {
    /// In order; the last one reaches to `base`.
    pieces: Vec<Piece>,
    /// Places that the history still has.
    base: u64,
    own: Vec<u32>,
    /// The place below which the values belong to the pickle around this one.
    pub(super) floor: u64,
}

impl Stack {
    /// The stack of `length` places after these segments.
    pub(super) fn after(segments: &[Segment], length: u64, floor: u64) -> Self {
        let mut pieces = Vec::new();
        let mut upper = length;
        for segment in segments.iter().rev() {
            if upper == 0 {
                break;
            }
            if segment.low < upper {
                pieces.push(Piece { start: segment.low, column: segment.column.0, mark: segment.mark });
                upper = segment.low;
            }
        }
        pieces.reverse();
        Self { pieces, base: length, own: Vec::new(), floor }
    }

    /// Moves what came on top into the column, as the next segment.
    pub(super) fn keep(&mut self, entries: &mut Vec<u32>) -> Segment {
        let first = entries.len();
        let low = self.base;
        let mark = self.own.iter().rposition(is_mark).map(|above| low + above as u64);
        if !self.own.is_empty() {
            entries.append(&mut self.own);
            self.pieces.push(Piece { start: low, column: first, mark });
            self.base = low + (entries.len() - first) as u64;
        }
        Segment { low, column: (first, entries.len()), mark }
    }

    /// Places, MARKs and what lies below the floor included.
    pub(super) fn len(&self) -> u64 {
        self.base + self.own.len() as u64
    }

    pub(super) fn push(&mut self, node: u32) {
        self.own.push(node & !MARK);
    }

    pub(super) fn mark(&mut self, number: u64) {
        self.own.push(MARK | number as u32);
    }

    fn entry(&self, place: u64, entries: &[u32]) -> Option<u32> {
        if let Some(above) = place.checked_sub(self.base) {
            return self.own.get(usize::try_from(above).ok()?).copied();
        }
        let after = self.pieces.partition_point(|piece| piece.start <= place);
        let piece = self.pieces.get(after.checked_sub(1)?)?;
        entries.get(piece.column + usize::try_from(place - piece.start).ok()?).copied()
    }

    /// The value at a place; `None` for a MARK, below the floor and above the top.
    pub(super) fn value(&self, place: u64, entries: &[u32]) -> Option<NodeId> {
        let entry = self.entry(place, entries).filter(|_| place >= self.floor)?;
        (entry & MARK == 0).then_some(NodeId(entry))
    }

    /// The value so many places below the top.
    pub(super) fn place_from_top(&self, below: u64, entries: &[u32]) -> Option<NodeId> {
        self.value(self.len().checked_sub(below + 1)?, entries)
    }

    /// What is at a place, when `now` instructions have run.
    pub(super) fn slot(&self, place: u64, now: u64, entries: &[u32]) -> Option<Slot> {
        let entry = self.entry(place, entries)?;
        Some(if entry & MARK == 0 { Slot::Value(NodeId(entry)) } else { Slot::Mark(full_number(entry & !MARK, now)) })
    }

    /// The place of the last MARK above the floor.
    pub(super) fn last_mark(&self, entries: &[u32]) -> Option<u64> {
        if let Some(above) = self.own.iter().rposition(is_mark) {
            return Some(self.base + above as u64).filter(|&place| place >= self.floor);
        }
        let mut upper = self.base;
        for piece in self.pieces.iter().rev() {
            let mark = match piece.mark {
                // It was cut off: one before it may be left.
                Some(mark) if mark >= upper => {
                    let length = usize::try_from(upper - piece.start).unwrap_or(usize::MAX);
                    let held = entries.get(piece.column..piece.column.saturating_add(length))?;
                    held.iter().rposition(is_mark).map(|at| piece.start + at as u64)
                }
                mark => mark,
            };
            if mark.is_some() {
                return mark.filter(|&place| place >= self.floor);
            }
            upper = piece.start;
            if upper <= self.floor {
                return None;
            }
        }
        None
    }

    /// Takes everything from a place upwards away.
    pub(super) fn cut(&mut self, place: u64) {
        match place.checked_sub(self.base) {
            Some(kept) => self.own.truncate(usize::try_from(kept).unwrap_or(usize::MAX)),
            None => {
                self.own.clear();
                self.base = place;
                while self.pieces.pop_if(|piece| piece.start >= place).is_some() {}
            }
        }
    }

    /// Takes so many from the top, but nothing below the floor.
    pub(super) fn drop_top(&mut self, count: u64) {
        self.cut(self.len().saturating_sub(count).max(self.floor));
    }
}

fn is_mark(entry: &u32) -> bool {
    entry & MARK != 0
}

/// The number of which these are the low 31 bits: the last one before `now`.
fn full_number(low: u32, now: u64) -> u64 {
    now.saturating_sub(now.wrapping_sub(u64::from(low)) & u64::from(!MARK))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever is pushed, marked and cut, with places kept in between: it reads like a plain list, also from any kept place.
    #[test]
    fn it_is_a_list_whatever_is_kept() {
        let (mut stack, mut entries, mut segments) = (Stack::default(), Vec::new(), Vec::new());
        let mut plain: Vec<Slot> = Vec::new();
        let mut kept: Vec<Vec<Slot>> = Vec::new();
        let mut random = 7_u64;
        for now in 0..4000_u64 {
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            match random >> 33 & 15 {
                0..=8 => {
                    stack.push(now as u32);
                    plain.push(Slot::Value(NodeId(now as u32)));
                }
                9..=10 => {
                    stack.mark(now);
                    plain.push(Slot::Mark(now));
                }
                11..=13 => {
                    stack.drop_top(1);
                    plain.pop();
                }
                14 => {
                    let place = stack.last_mark(&entries);
                    let expected = plain.iter().rposition(|slot| matches!(slot, Slot::Mark(_)));
                    assert_eq!(place, expected.map(|place| place as u64));
                    if let Some(place) = place {
                        stack.cut(place);
                        plain.truncate(place as usize);
                    }
                }
                _ => {
                    segments.push(stack.keep(&mut entries));
                    kept.push(plain.clone());
                }
            }
            let slots: Vec<_> = (0..stack.len()).filter_map(|at| stack.slot(at, now + 1, &entries)).collect();
            assert_eq!(slots, plain, "after {now}");
        }
        for (count, plain) in kept.iter().enumerate() {
            let stack = Stack::after(&segments[..=count], plain.len() as u64, 0);
            let slots: Vec<_> = (0..stack.len()).filter_map(|at| stack.slot(at, 4000, &entries)).collect();
            assert_eq!(&slots, plain);
        }
        assert!(kept.len() > 100);
    }

    #[test]
    fn numbers_of_marks_are_whole() {
        assert_eq!(full_number(5, 9), 5);
        let far = (7 << 31) + 5;
        assert_eq!(full_number(far as u32 & !MARK, far + 1), far);
        assert_eq!(full_number(far as u32 & !MARK, far + (1 << 30)), far);
    }
}
