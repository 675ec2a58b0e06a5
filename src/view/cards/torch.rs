//! Cards of torch's compounds: state dicts, checkpoints, optimisers, modules.

mod facts;
mod module;
mod optimizer;
mod state_dict;
mod tensor;

use crate::graph::NodeId;
use crate::lens::{Lens, TensorKind};
use crate::view::TextPart;
use crate::view::card::{Card, CellWindow, Cells};

pub(super) use state_dict::entry;

/// The card of a compound of tensors.
#[must_use]
pub fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    match lens.tensor_kind(node) {
        Some(TensorKind::Module) => module::card(lens, node),
        Some(TensorKind::OptimizerState) => optimizer::card(lens, node),
        Some(kind) => state_dict::card(lens, node, kind),
        None => tensor::card(lens, node).or_else(|| optimizer::scheduler_card(lens, node)),
    }
}

/// Cells of a grid that the card of a tensor names.
#[must_use]
pub fn cells(lens: &Lens<'_>, window: &CellWindow) -> Option<Cells> {
    tensor::cells(lens, window)
}

/// The type and the preview of its row in the tree, in place of those that any dict has.
#[must_use]
pub fn row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    match lens.tensor_kind(node) {
        Some(TensorKind::Module) => module::row(lens, node),
        Some(TensorKind::OptimizerState) => optimizer::row(lens, node),
        Some(TensorKind::Tensors) => None,
        Some(kind) => state_dict::row(lens, node, kind),
        None => optimizer::scheduler_row(lens, node),
    }
}
