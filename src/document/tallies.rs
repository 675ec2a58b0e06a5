//! Statistics that were counted so far, and the line that was drawn so far.

use crate::lens::Tally;
use crate::view::plot::Plot;
use std::collections::VecDeque;

/// Statistics that are being made or were made, the one asked for last at the end.
#[derive(Debug, Default)]
pub(super) struct Tallies(VecDeque<((u32, u32), Tally)>, Option<((u32, u32), Plot)>);

impl Tallies {
    /// So many are kept: the columns of a table on the screen, and then some.
    const KEPT: usize = 128;

    pub(super) fn take(&mut self, node: u32, part: u32) -> Option<Tally> {
        let at = self.0.iter().position(|(key, _)| *key == (node, part))?;
        self.0.remove(at).map(|(_, tally)| tally)
    }

    /// The line of this part, as far as it was drawn.
    pub(super) fn take_plot(&mut self, node: u32, part: u32) -> Option<Plot> {
        self.1.take_if(|(key, _)| *key == (node, part)).map(|(_, plot)| plot)
    }

    /// Keeps it in the place of another one: one is drawn at a time.
    pub(super) fn put_plot(&mut self, node: u32, part: u32, plot: Plot) {
        self.1 = Some(((node, part), plot));
    }

    pub(super) fn put(&mut self, node: u32, part: u32, tally: Tally) {
        if self.0.len() >= Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back(((node, part), tally));
    }
}
