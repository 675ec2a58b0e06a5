//! What was found, as the views show it: which lines and cells of the document on show are hits, and where else a hit stands.

use super::Bundle;
use super::search::Finding;
use crate::find::Query;
use crate::graph::NodeId;
use crate::view::card::CellWindow;
use crate::view::{FoundItem, FoundKind, FoundRow};
use std::collections::HashSet;

impl Bundle {
    /// Those of the offsets in the document on show at which something was found, as far as hits are kept.
    #[must_use]
    pub fn found_among(&self, offsets: &[u64]) -> Vec<u64> {
        let found = self.found_offsets(|_| true);
        offsets.iter().copied().filter(|offset| found.contains(offset)).collect()
    }

    /// Those of some lines of the Python source on which something stands that was found.
    #[must_use]
    pub fn found_in_source(&self, lines: &[u64]) -> Vec<u64> {
        let found = self.found_offsets(|_| true);
        if found.is_empty() {
            return Vec::new();
        }
        let is_hit = |line: &u64| self.document.source_line_offsets(*line).iter().any(|offset| found.contains(offset));
        lines.iter().copied().filter(is_hit).collect()
    }

    /// Those of some cells of a grid with so many columns that were found, numbered row by row: values of their own that are hits, and
    /// elements of an array or a column that match as they are shown.
    #[must_use]
    pub fn found_in_cells(&self, window: &CellWindow, columns: u64) -> Vec<u64> {
        let (Some(query), Some(cells)) = (self.query(), self.document.cells(window)) else { return Vec::new() };
        let graph = &self.document.reading().graph;
        let offset = |node: u32| ((node as usize) < graph.len()).then(|| graph.offset(NodeId(node)));
        let found = self.found_offsets(|_| true);
        // Elements are hits of the array: below a value, only of arrays that are there.
        let arrays = self.found_offsets(|kind| matches!(kind, FoundKind::Element | FoundKind::Near));
        let has_elements = offset(window.node).is_some_and(|offset| arrays.contains(&offset));
        let mut hits = Vec::new();
        for (row, line) in (window.row..).zip(&cells.rows) {
            for (column, cell) in (window.column..).zip(line) {
                let is_hit = match cell.node.and_then(offset) {
                    Some(offset) => found.contains(&offset),
                    None => has_elements && query.matches_cell(cell),
                };
                if is_hit {
                    hits.push(row.wrapping_mul(columns).wrapping_add(column));
                }
            }
        }
        hits
    }

    /// Shows a hit at another of the places at which its value stands, around the end, or at the last one for `u64::MAX`: which place that is, how many there are, and
    /// the row.
    pub fn found_place(&mut self, line: u64, place: u64) -> Option<(u64, u64, u64)> {
        let Some(FoundItem::Hit(row)) = self.found(line, 1).1.into_iter().next() else { return None };
        let is_here = row.member.is_none_or(|member| member == self.shown.0);
        let node = row.node.filter(|_| is_here && row.more > 0)?;
        let places = self.document.places_of(node).max(1);
        let place = if place == u64::MAX { places - 1 } else { place % places };
        let row = self.document_mut().reveal_place(node, place)?;
        Some((place, places, row))
    }

    fn query(&self) -> Option<&Query> {
        Some(match self.finding.as_ref()? {
            Finding::Document { search, .. } => search.query(),
            Finding::Everything { search, .. } => &search.query,
        })
    }

    /// Offsets in the document on show at which something of these kinds was found, as far as hits are kept.
    fn found_offsets(&self, is_wanted: impl Fn(FoundKind) -> bool) -> HashSet<u64> {
        match &self.finding {
            None => HashSet::new(),
            Some(Finding::Document { hits, .. }) => {
                let wanted = hits.iter().filter(|(kind, _)| is_wanted(**kind));
                wanted.flat_map(|(_, hits)| hits).map(|hit| hit.offset).collect()
            }
            Some(Finding::Everything { rows, .. }) => {
                let is_here = |row: &&FoundRow| {
                    row.kind != FoundKind::Entry && row.member.is_none_or(|member| member == self.shown.0)
                };
                let wanted = rows.iter().filter(|(kind, _)| is_wanted(**kind));
                wanted.flat_map(|(_, rows)| rows).filter(is_here).map(|row| row.offset).collect()
            }
        }
    }
}
