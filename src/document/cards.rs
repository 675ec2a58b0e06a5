//! What the lenses understand of a value, for the page and the command line.

use super::Document;
use crate::graph::NodeId;
use crate::lens::{Tally, TensorKind};
use crate::machine::Layout;
use crate::safety;
use crate::view::card::{Card, CardFact, CellWindow, Cells, Picture, Statistics, TreeAsk, TreeDrawing};
use crate::view::plot::Plot;
use crate::view::{cards, formats, shown, statistics};

/// Cells in one answer at most, whatever is asked.
const ROWS: u32 = 500;
const COLUMNS: u32 = 200;
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
        cards::cells(&self.lens(), &window).or_else(|| self.record_cells(&window)).map(shown)
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
