//! Opening many rows at once, within a budget.

use super::Document;
use super::tree::Spot;
use crate::view::Unfolded;
use std::collections::VecDeque;

/// Rows that one "open everything" may open.
const OPEN_AT_ONCE: usize = 2000;
/// Rows that are looked at to open everything, most of which have nothing below them, and visible rows from which on no more are
/// opened.
const ROWS: u64 = 20_000;

impl Document {
    /// Opens a row's siblings, or with `deep` everything below the row, as far as a budget of rows goes; objects inside
    /// themselves are not opened again. Returns the row's new position.
    pub fn open_all(&mut self, row: u64, deep: bool) -> u64 {
        let Some(spot) = self.tree.find(row) else { return row };
        let mut budget = OPEN_AT_ONCE;
        if deep {
            self.open_below(spot, &mut budget);
        } else {
            for index in 0..self.tree.children(spot.branch).min(OPEN_AT_ONCE as u64) {
                self.open_spot(Spot { branch: spot.branch, index });
            }
        }
        self.tree.position(spot)
    }

    /// Opens all rows level by level, as far as a budget goes; objects inside themselves are not opened again. A row that is open
    /// stays open. Also returns the new position of `row`.
    pub fn unfold(&mut self, row: u64) -> (Unfolded, u64) {
        let stood = self.tree.find(row);
        let (mut opened, mut looked) = (0_u64, 0_u64);
        let mut is_all = true;
        let mut waiting = VecDeque::from([Spot { branch: 0, index: 0 }]);
        // What waits is the first child of a row: its siblings follow it.
        'all: while let Some(first) = waiting.pop_front() {
            for index in 0..self.tree.children(first.branch) {
                if looked == ROWS || opened == OPEN_AT_ONCE as u64 || self.tree.len() > ROWS && opened > 0 {
                    is_all = false;
                    break 'all;
                }
                looked += 1;
                let spot = Spot { branch: first.branch, index };
                let branch = self.tree.opened(spot).or_else(|| {
                    let branch = self.open_spot(spot);
                    opened += u64::from(branch.is_some());
                    branch
                });
                waiting.extend(branch.map(|branch| Spot { branch, index: 0 }));
            }
        }
        (Unfolded { opened, looked, is_all }, stood.map_or(row, |spot| self.tree.position(spot)))
    }

    /// Closes all rows. Returns the row at the top that `row` was in.
    pub fn fold(&mut self, row: u64) -> u64 {
        let mut top = self.tree.find(row);
        while let Some((branch, index)) = top.and_then(|spot| self.tree.branch(spot.branch)?.parent) {
            top = Some(Spot { branch, index });
        }
        self.tree.close_all();
        top.map_or(0, |spot| spot.index)
    }

    fn open_below(&mut self, spot: Spot, budget: &mut usize) {
        let mut waiting = std::collections::VecDeque::from([spot]);
        while let Some(spot) = waiting.pop_front() {
            if *budget == 0 {
                break;
            }
            if let Some(branch) = self.tree.opened(spot).or_else(|| self.open_spot(spot)) {
                *budget -= 1;
                let children = self.tree.children(branch).min(*budget as u64 + 1);
                waiting.extend((0..children).map(|index| Spot { branch, index }));
            }
        }
    }
}
