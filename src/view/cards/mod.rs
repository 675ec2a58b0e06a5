//! The card of a value, by whichever lens understands it. Each lens answers for the values that it knows and for the
//! windows that its own card names.

mod boosting;
mod estimator;
mod trees;

use super::card::{Card, CellWindow, Cells, Picture, TreeAsk, TreeDrawing};
use crate::graph::NodeId;
use crate::lens::{Lens, Series};

/// What a lens has to say of a value, from the most special lens to the most general one.
#[must_use]
pub fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    estimator::card(lens, node).or_else(|| boosting::card(lens, node))
}

/// Cells of a grid that the card of a value names.
#[must_use]
pub fn cells(lens: &Lens<'_>, window: &CellWindow) -> Option<Cells> {
    estimator::cells(lens, window)
}

/// The values that statistics of a card go over: a column of a table, the elements of an array.
#[must_use]
pub fn series<'a>(lens: &Lens<'a>, node: NodeId, part: u32) -> Option<Box<dyn Series + 'a>> {
    let _ = (lens, node, part);
    None
}

/// A picture that the card of a value names. At most `width` pixels across.
#[must_use]
pub fn picture(lens: &Lens<'_>, node: NodeId, part: u32, slice: &[u64], width: u32) -> Option<Picture> {
    let _ = (lens, node, part, slice, width);
    None
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
