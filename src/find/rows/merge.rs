//! Sorting in steps: short pieces first, then pairs of them are merged, as much at a time as is asked for. Stable.

use crate::bytes::sorting;
use std::cmp::Ordering;

/// Places that are sorted at once.
const PIECE: usize = 1 << 12;

/// Places in the middle of being sorted.
#[derive(Debug)]
pub(super) struct Merge {
    /// The order so far: pieces of `width` are sorted.
    from: Vec<u32>,
    /// What is written in this round: the next order as far as it goes.
    to: Vec<u32>,
    /// Sorted places at the beginning, before the first round.
    sorted: usize,
    width: usize,
    /// Where the two pieces are that are merged, as far as they are not.
    left: usize,
    right: usize,
    /// Places written in the rounds before.
    moved: u64,
}

impl Merge {
    /// Nothing sorted yet.
    pub(super) fn new(count: usize) -> Self {
        let from = (0..count as u32).collect();
        Self { from, to: Vec::new(), sorted: 0, width: PIECE, left: 0, right: PIECE.min(count), moved: 0 }
    }

    /// Moves that were made, and all of them.
    pub(super) fn progress(&self) -> (u64, u64) {
        let count = self.from.len() as u64;
        let pieces = self.from.len().div_ceil(PIECE).max(1);
        let rounds = u64::from(pieces.next_power_of_two().trailing_zeros());
        (self.sorted as u64 + self.moved + self.to.len() as u64, count * (rounds + 1))
    }

    /// Goes on for so many moves; whether all is sorted.
    pub(super) fn advance(&mut self, moves: usize, order: &dyn Fn(u32, u32) -> Ordering) -> bool {
        // Sorting a piece costs as much as the rounds that it takes the place of.
        const COST: usize = 4;
        let count = self.from.len();
        let mut left = moves;
        while self.sorted < count {
            if left == 0 {
                return false;
            }
            let end = (self.sorted + PIECE).min(count);
            sorting::by(&mut self.from[self.sorted..end], |&one, &other| order(one, other));
            left = left.saturating_sub(COST * (end - self.sorted));
            self.sorted = end;
        }
        while self.width < count {
            if left == 0 {
                return false;
            }
            left -= 1;
            self.step(order);
            if self.to.len() == count {
                self.next_round();
            }
        }
        true
    }

    /// Takes one place over from the piece whose next one comes first; of equal ones that of the left piece.
    fn step(&mut self, order: &dyn Fn(u32, u32) -> Ordering) {
        let count = self.from.len();
        let begin = self.to.len() / (2 * self.width) * (2 * self.width);
        let (middle, end) = ((begin + self.width).min(count), (begin + 2 * self.width).min(count));
        let is_left = match (self.left < middle, self.right < end) {
            (true, true) => order(self.from[self.left], self.from[self.right]) != Ordering::Greater,
            (is_left, _) => is_left,
        };
        let next = if is_left { &mut self.left } else { &mut self.right };
        self.to.push(self.from[*next]);
        *next += 1;
        if self.to.len() == end {
            self.left = end;
            self.right = (end + self.width).min(count);
        }
    }

    fn next_round(&mut self) {
        self.moved += self.to.len() as u64;
        std::mem::swap(&mut self.from, &mut self.to);
        self.to.clear();
        self.width *= 2;
        self.left = 0;
        self.right = self.width.min(self.from.len());
    }

    /// The order, once all is sorted.
    pub(super) fn into_order(self) -> Vec<u32> {
        self.from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_steps_give_the_stable_order() {
        for count in [0, 1, 2, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17, 5 * PIECE] {
            let keys: Vec<u64> = (0..count as u64).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57).collect();
            let mut expected: Vec<u32> = (0..count as u32).collect();
            expected.sort_by_key(|&at| keys[at as usize]);
            for moves in [1, 1000, usize::MAX] {
                let mut merge = Merge::new(count);
                let mut before = 0;
                while !merge.advance(moves, &|one, other| keys[one as usize].cmp(&keys[other as usize])) {
                    let (done, all) = merge.progress();
                    assert!(done > before && done <= all, "{done} of {all} behind {before}");
                    before = done;
                }
                assert_eq!(merge.into_order(), expected, "{count} places, {moves} moves");
            }
        }
    }
}
