//! Whether a cell of a table is what is looked for. Elements are counted in bulk, and which of them match is not kept: a window of them
//! is looked at as it is shown.

use super::compare::{Comparison, Number};
use super::query::Query;
use crate::view::card::{Cell, CellKind};

impl Query {
    /// Whether the element in a cell matches. Of a number that is what its digits say, which tell it from all others of its type.
    #[must_use]
    pub fn matches_cell(&self, cell: &Cell) -> bool {
        let text = cell.full_text();
        let comparisons = || self.comparison.iter().chain(&self.near);
        match cell.kind {
            CellKind::Text => self.matcher.as_ref().is_some_and(|matcher| matcher.find(text.as_bytes(), 0).is_some()),
            CellKind::Number => match Number::parse(text) {
                Some(Number::Int(number)) => comparisons().any(|comparison| comparison.holds_for_big(&number)),
                Some(Number::Float(number)) => comparisons().any(|comparison| comparison.holds_for(number)),
                // A date, a duration.
                None => self.find_in_line(text).is_some(),
            },
            CellKind::Missing => {
                comparisons().any(Comparison::asks_for_missing) || text == "NaT" && self.find_in_line(text).is_some()
            }
            CellKind::Object => false,
        }
    }
}
