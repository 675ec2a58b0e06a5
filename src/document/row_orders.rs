//! What is kept of grids that were shown: orders of their rows, precisions of their columns.

use crate::view::card::ArrangeAsk;
use crate::view::compact::Precision;
use std::collections::{HashMap, VecDeque};

/// Rows of grids in other orders than that of the file, the one made last at the end.
#[derive(Debug, Default)]
pub(super) struct RowOrders(VecDeque<(ArrangeAsk, Vec<u32>)>);

impl RowOrders {
    /// So many are kept, each of at most a few million numbers.
    const KEPT: usize = 3;

    pub(super) fn get(&self, ask: &ArrangeAsk) -> Option<&[u32]> {
        self.0.iter().find(|(key, _)| key == ask).map(|(_, rows)| &rows[..])
    }

    pub(super) fn put(&mut self, ask: ArrangeAsk, rows: Vec<u32>) {
        self.0.retain(|(key, _)| *key != ask);
        if self.0.len() >= Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back((ask, rows));
    }
}

/// The precisions of columns by node, grid, slice and column; none for columns without floats.
pub(super) type Precisions = HashMap<(u32, u32, Vec<u64>, u64), Option<Precision>>;
