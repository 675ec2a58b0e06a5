//! Columns of a grid by their names.

use super::Document;
use crate::view::card::{CellWindow, ColumnsAsk, FoundColumns};
use crate::view::{cards, shown};

/// Columns whose names are looked at for one question: some ten milliseconds.
const NAMES: u32 = 2000;

impl Document {
    /// The columns of a grid whose names contain a text, among the next ones; `None` when there is no such grid.
    #[must_use]
    pub fn find_columns(&self, ask: &ColumnsAsk) -> Option<FoundColumns> {
        self.node(ask.node)?;
        let window =
            CellWindow { node: ask.node, grid: ask.grid, column: ask.from, columns: NAMES, ..CellWindow::default() };
        // Without rows it is the heads alone.
        let cells = cards::cells(&self.lens(), &window, &[], 0).or_else(|| self.record_cells(&window, &[], 0))?;
        let wanted = ask.text.to_lowercase();
        let is_wanted = |(name, _): &(String, String)| name.to_lowercase().contains(&wanted);
        let heads = shown(cells).heads;
        let found = heads.iter().zip(ask.from..).filter(|(head, _)| is_wanted(head)).map(|(_, column)| column);
        let next = (heads.len() == NAMES as usize).then(|| ask.from.saturating_add(u64::from(NAMES)));
        Some(FoundColumns { columns: found.collect(), next })
    }
}
