//! The rows of a grid of the document on show in another order, in steps.

use super::Bundle;
use crate::find::Arranging;
use crate::view::card::{ArrangeAsk, Arranged};
use crate::view::shown;

impl Bundle {
    /// Goes on arranging a grid, or begins to; what was being arranged before is dropped.
    pub fn arrange(&mut self, ask: &ArrangeAsk) -> Arranged {
        let arranged = match self.document.row_order(ask) {
            Some(rows) => Arranged { progress: (1, 1), rows: rows.len() as u64, problem: None },
            None => self.arrange_more(ask).unwrap_or_else(|problem| {
                self.arranging = None;
                Arranged { problem: Some(problem), ..Arranged::default() }
            }),
        };
        shown(arranged)
    }

    fn arrange_more(&mut self, ask: &ArrangeAsk) -> Result<Arranged, String> {
        let mut arranging = match self.arranging.take() {
            Some(arranging) if arranging.ask() == ask => arranging,
            _ => Arranging::begin(&self.document, ask.clone())?,
        };
        arranging.advance(&self.document)?;
        let arranged = arranging.progress();
        if arranged.progress.0 < arranged.progress.1 {
            self.arranging = Some(arranging);
        } else if let Some((ask, rows)) = arranging.finish() {
            self.document.keep_row_order(ask, rows);
        }
        Ok(arranged)
    }
}
