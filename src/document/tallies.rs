//! Statistics that were counted so far.

use crate::lens::Tally;
use std::collections::VecDeque;

/// Statistics that are being made or were made, the one asked for last at the end.
#[derive(Debug, Default)]
pub(super) struct Tallies(VecDeque<((u32, u32), Tally)>);

impl Tallies {
    /// So many are kept: the columns of a table on the screen, and then some.
    const KEPT: usize = 128;

    pub(super) fn take(&mut self, node: u32, part: u32) -> Option<Tally> {
        let at = self.0.iter().position(|(key, _)| *key == (node, part))?;
        self.0.remove(at).map(|(_, tally)| tally)
    }

    pub(super) fn put(&mut self, node: u32, part: u32, tally: Tally) {
        if self.0.len() >= Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back(((node, part), tally));
    }
}
