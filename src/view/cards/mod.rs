//! The card of a value, by whichever lens understands it. Each lens answers for the values that it knows and for the
//! windows that its own card names.

mod array;
mod array_columns;
mod array_picture;
mod boosting;
pub mod code;
mod entry;
mod estimator;
mod image;
mod largest;
mod number_list;
mod numpy;
mod rows;
pub mod rows_of_grid;
mod sparse;
mod table;
pub mod torch;
mod trees;

use super::card::{Card, CellWindow, Cells, Picture, TreeAsk, TreeDrawing};
use crate::graph::NodeId;
use crate::lens::{Lens, Series};
use rows_of_grid::GridColumns;
use std::ops::Range;

pub use array::{array_card, array_cells};
pub use array_picture::ImageLayout;
pub use rows::{made, row};

/// What a lens has to say of a value, from the most special lens to the most general one.
#[must_use]
pub fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    table::card(lens, node)
        .or_else(|| estimator::card(lens, node))
        .or_else(|| boosting::card(lens, node))
        .or_else(|| code::card(lens, node))
        .or_else(|| torch::card(lens, node))
        .or_else(|| sparse::card(lens, node))
        .or_else(|| image::card(lens, node))
        .or_else(|| numpy::card(lens, node))
        .or_else(|| array::card(lens, node))
        .or_else(|| number_list::card(lens, node))
}

/// What a lens has to say of a column of a table.
#[must_use]
pub fn column(lens: &Lens<'_>, node: NodeId, column: u64) -> Option<Card> {
    table::column_card(lens, node, column)
}

/// Cells of a grid that the card of a value names. Of a grid that can be arranged `runs` are the rows, in the place of those that
/// `window` counts; each cell has about `budget` characters.
#[must_use]
pub fn cells(lens: &Lens<'_>, window: &CellWindow, runs: &[Range<u64>], budget: usize) -> Option<Cells> {
    table::cells(lens, window, runs, budget)
        .or_else(|| estimator::cells(lens, window))
        .or_else(|| torch::cells(lens, window))
        .or_else(|| sparse::cells(lens, window))
        .or_else(|| numpy::cells(lens, window))
        .or_else(|| array::cells(lens, window, runs, budget))
}

/// The columns of a grid whose rows can be arranged.
#[must_use]
pub fn columns<'a>(lens: &Lens<'a>, node: NodeId, grid: u32, slice: &[u64]) -> Option<Box<dyn GridColumns + 'a>> {
    let window = CellWindow { node: node.0, grid, ..CellWindow::default() };
    if grid != 0 {
        return None;
    }
    table::columns(lens, node).or_else(|| {
        let others = [estimator::cells, torch::cells, sparse::cells, numpy::cells];
        let is_other = others.iter().any(|cells| cells(lens, &window).is_some());
        if is_other { None } else { array_columns::columns(lens, node, slice) }
    })
}

/// The values that statistics of a card go over: a column of a table, the elements of an array.
#[must_use]
pub fn series<'a>(lens: &Lens<'a>, node: NodeId, part: u32) -> Option<Box<dyn Series + 'a>> {
    table::series(lens, node, part)
        .or_else(|| sparse::series(lens, node, part))
        .or_else(|| array::series(lens, node, part))
        .or_else(|| number_list::series(lens, node, part))
}

/// A picture that the card of a value names. At most `width` pixels across.
#[must_use]
pub fn picture(lens: &Lens<'_>, node: NodeId, part: u32, slice: &[u64], width: u32) -> Option<Picture> {
    sparse::picture(lens, node, part, width)
        .or_else(|| image::picture(lens, node, part, width))
        .or_else(|| array::picture(lens, node, part, slice, width))
}

/// A decision tree of the card of a value.
#[must_use]
pub fn drawing(lens: &Lens<'_>, ask: TreeAsk) -> Option<TreeDrawing> {
    let node = NodeId(ask.node);
    let estimator = lens.estimator(node).and_then(|estimator| estimator::trees(&estimator));
    if let Some(forest) = estimator {
        return Some(trees::drawing(&forest, ask));
    }
    let title = "tree".to_owned();
    Some(match boosting::booster(lens, node)?.model() {
        Ok(model) => trees::drawing(&*model, ask),
        Err(problem) => TreeDrawing { title, problem: Some(problem), ..TreeDrawing::default() },
    })
}
