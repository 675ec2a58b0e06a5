//! The rows of grids in other orders than that of the file.

use super::Document;
use crate::view::card::{ArrangeAsk, CellWindow};
use crate::view::cards;
use crate::view::cards::rows_of_grid::GridColumns;
use std::ops::Range;

impl Document {
    /// The columns of a grid whose rows can be arranged.
    #[must_use]
    pub fn grid_columns(&self, node: u32, grid: u32, slice: &[u64]) -> Option<Box<dyn GridColumns + '_>> {
        let id = self.node(node)?;
        let of_lens = cards::columns(&self.lens(), id, grid, slice);
        if of_lens.is_some() || cards::card(&self.lens(), id).is_some() {
            return of_lens;
        }
        Some(Box::new(self.record_columns(id)?))
    }

    /// Keeps the rows of an arranged grid.
    pub fn keep_row_order(&mut self, ask: ArrangeAsk, rows: Vec<u32>) {
        self.row_orders.put(ask, rows);
    }

    /// The rows of an arranged grid, when they are here.
    #[must_use]
    pub fn row_order(&self, ask: &ArrangeAsk) -> Option<&[u32]> {
        self.row_orders.get(ask)
    }

    /// The rows of the file that a window shows, in runs.
    pub(super) fn runs_of(&self, window: &CellWindow) -> Result<Vec<Range<u64>>, String> {
        let CellWindow { node, grid, slice, arrangement, .. } = window;
        let count = u64::from(window.rows);
        if arrangement.is_plain() {
            return Ok(std::iter::once(window.row..window.row.saturating_add(count)).collect());
        }
        let ask = ArrangeAsk { node: *node, grid: *grid, slice: slice.clone(), arrangement: arrangement.clone() };
        let order = self.row_order(&ask).ok_or("the order of the rows is no longer here")?;
        let first = usize::try_from(window.row).unwrap_or(usize::MAX).min(order.len());
        let end = first.saturating_add(window.rows as usize).min(order.len());
        let mut runs: Vec<Range<u64>> = Vec::new();
        for row in order[first..end].iter().map(|&row| u64::from(row)) {
            match runs.last_mut() {
                Some(run) if run.end == row => run.end += 1,
                _ => runs.push(row..row + 1),
            }
        }
        Ok(runs)
    }
}
