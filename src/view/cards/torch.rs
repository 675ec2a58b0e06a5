//! Cards of torch's compounds: state dicts, checkpoints, optimisers, modules.

pub(super) mod facts;
mod module;
mod optimizer;
mod state_dict;
mod tensor;

use crate::graph::NodeId;
use crate::lens::{Lens, TensorKind};
use crate::view::card::{Card, CellWindow, Cells};

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
