//! What the lenses understand of a value, for the page and the command line.

use super::Document;
use crate::graph::NodeId;
use crate::lens::{Tally, TensorKind};
use crate::machine::Layout;
use crate::safety;
use crate::view::card::{Arrangement, Card, CardFact, CellWindow, Cells, Picture, Statistics, TreeAsk, TreeDrawing};
use crate::view::cards::rows_of_grid::CELL;
use crate::view::compact::{Precision, shorten};
use crate::view::plot::Plot;
use crate::view::preview::grouped;
use crate::view::{CellFormat, cards, formats, shown, statistics};

/// Cells in one answer at most, whatever is asked.
const ROWS: u32 = 500;
const COLUMNS: u32 = 200;
/// Rows by which the precision of a column is chosen, and columns of which it is kept.
const SAMPLE: u32 = 64;
const PRECISIONS: usize = 4096;
/// Cells that are copied as text, at once and in all, characters of each, and bytes of all.
const BLOCK: u64 = 4096;
const COPIED: u64 = 100_000;
const WHOLE: usize = 10_000;
const COPIED_BYTES: usize = 16 << 20;
/// Pixels across a picture.
const WIDTH: u32 = 1024;
/// Levels of a decision tree in one drawing.
const DEPTH: u32 = 8;

impl Document {
    /// What a lens understands of a value, or else its fields; `None` when one line tells it, or there is no such node.
    #[must_use]
    pub fn card(&self, node: u32) -> Option<Card> {
        let id = self.node(node)?;
        let mut card = cards::card(&self.lens(), id).or_else(|| self.summary(id))?;
        card.facts.extend(self.restricted_loading(id));
        card.save_as = formats::made_for(&self.lens(), id);
        Some(shown(card))
    }

    /// What torch's restricted loader would make of a file whose object this value is.
    fn restricted_loading(&self, id: NodeId) -> Option<CardFact> {
        let lens = self.lens();
        let is_file = self.reading.layout == Layout::LegacyTorch || lens.attached.has_storages;
        let is_object = self.reading.streams.iter().any(|stream| stream.root.is_some_and(|root| root.node() == id));
        let kind = if is_file && is_object { lens.tensor_kind(id)? } else { return None };
        let is_saved = matches!(
            kind,
            TensorKind::StateDict | TensorKind::Checkpoint | TensorKind::Module | TensorKind::OptimizerState
        );
        is_saved.then(|| CardFact::new("restricted loading", safety::forecast(&self.reading, &lens).sentence()))
    }

    /// Cells of a grid of a card.
    #[must_use]
    pub fn cells(&self, window: &CellWindow) -> Option<Cells> {
        self.node(window.node)?;
        let (rows, columns) = (window.rows.min(ROWS), window.columns.min(COLUMNS));
        let window = CellWindow { rows, columns, ..window.clone() };
        let mut cells = self.whole_cells(&window, CELL)?;
        self.shorten(&window, &mut cells);
        Some(shown(cells))
    }

    /// Cells with all their digits.
    fn whole_cells(&self, window: &CellWindow, budget: usize) -> Option<Cells> {
        let runs = match self.runs_of(window) {
            Ok(runs) => runs,
            Err(problem) => return Some(Cells { problem: Some(problem), ..Cells::default() }),
        };
        let of_lens = cards::cells(&self.lens(), window, &runs, budget);
        of_lens.or_else(|| self.record_cells(window, &runs, budget))
    }

    /// Writes floats with the digits that their columns need: as the first rows of the file say, wherever the window is, so that
    /// points stay below each other.
    fn shorten(&self, window: &CellWindow, cells: &mut Cells) {
        let mut known = self.precisions.borrow_mut();
        if known.len() > PRECISIONS {
            known.clear();
        }
        let key = |column: u64| (window.node, window.grid, window.slice.clone(), column);
        let here = window.column..window.column.saturating_add(cells.heads.len() as u64);
        if here.clone().any(|column| !known.contains_key(&key(column))) {
            let first = CellWindow { row: 0, rows: SAMPLE, arrangement: Arrangement::default(), ..window.clone() };
            let sample = self.whole_cells(&first, CELL).unwrap_or_default();
            for (at, column) in here.clone().enumerate() {
                let cells = sample.rows.iter().filter_map(|row| row.get(at));
                known.insert(key(column), Precision::of(cells));
            }
        }
        let precisions: Vec<Option<Precision>> = here.map(|column| known[&key(column)]).collect();
        for row in &mut cells.rows {
            for (cell, precision) in row.iter_mut().zip(&precisions) {
                precision.iter().for_each(|&precision| shorten(cell, precision));
            }
        }
    }

    /// Cells as text to copy, with all their digits.
    ///
    /// # Errors
    /// When there is no such grid, they cannot be read, or they are too many.
    pub fn cells_text(&self, window: &CellWindow, format: CellFormat, row_heads: &[String]) -> Result<String, String> {
        let (rows, columns) = (u64::from(window.rows), u64::from(window.columns));
        if rows.saturating_mul(columns) > COPIED {
            return Err(format!("at most {} cells are copied; save the whole as a file instead", grouped(COPIED)));
        }
        self.node(window.node).ok_or("there is no such value")?;
        let block = (BLOCK / columns.max(1)).max(1);
        let (mut text, mut written) = (String::new(), 0);
        while written < rows {
            let count = block.min(rows - written) as u32;
            let part = CellWindow { row: window.row.saturating_add(written), rows: count, ..window.clone() };
            let cells = self.whole_cells(&part, WHOLE).ok_or("there is no such grid")?;
            if let Some(problem) = cells.problem {
                return Err(problem);
            }
            if written == 0 {
                format.begin((row_heads, &cells), rows, &mut text);
            }
            format.rows(&cells, written, &mut text);
            if text.len() > COPIED_BYTES {
                let most = COPIED_BYTES >> 20;
                return Err(format!("at most {most} MB of text are copied; save the whole as a file instead"));
            }
            written += u64::from(count);
        }
        format.end(rows, window.columns as usize, &mut text);
        Ok(text)
    }

    /// Statistics of a part of a card, as far as they have come: each question goes over some more of the values.
    #[must_use]
    pub fn statistics(&mut self, node: u32, part: u32) -> Option<Statistics> {
        let id = self.node(node)?;
        let held = self.tallies.take(node, part);
        let lens = self.lens();
        let series = cards::series(&lens, id, part)?;
        let mut tally = held.unwrap_or_else(|| Tally::new(series.len()));
        tally.advance(&*series);
        let so_far = shown(statistics::statistics(&tally, &*series));
        drop(series);
        self.tallies.put(node, part, tally);
        Some(so_far)
    }

    /// The line of a part of a card, as far as it has come: each question goes over some more of the values.
    #[must_use]
    pub fn plot(&mut self, node: u32, part: u32) -> Option<Plot> {
        let id = self.node(node)?;
        let held = self.tallies.take_plot(node, part);
        let lens = self.lens();
        let series = cards::series(&lens, id, part)?;
        let mut plot = held.unwrap_or_else(|| Plot::new(series.len()));
        plot.advance(&*series);
        drop(series);
        self.tallies.put_plot(node, part, plot.clone());
        Some(shown(plot))
    }

    /// A picture of a card.
    #[must_use]
    pub fn picture(&self, node: u32, part: u32, slice: &[u64], width: u32) -> Option<Picture> {
        cards::picture(&self.lens(), self.node(node)?, part, slice, width.clamp(1, WIDTH)).map(shown)
    }

    /// A decision tree of a card.
    #[must_use]
    pub fn drawing(&self, ask: TreeAsk) -> Option<TreeDrawing> {
        self.node(ask.node)?;
        cards::drawing(&self.lens(), TreeAsk { depth: ask.depth.min(DEPTH), ..ask }).map(shown)
    }

    pub(super) fn node(&self, node: u32) -> Option<NodeId> {
        ((node as usize) < self.reading.graph.len()).then_some(NodeId(node))
    }
}
