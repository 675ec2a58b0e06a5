//! Cards of torch's compounds: state dicts, checkpoints, optimisers, modules.

mod facts;
mod state_dict;

use crate::graph::NodeId;
use crate::lens::{Lens, TensorKind};
use crate::view::TextPart;
use crate::view::card::Card;

pub use facts::size_text;

/// The card of a compound of tensors.
#[must_use]
pub fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    state_dict::card(lens, node, lens.tensor_kind(node)?)
}

/// The type and the preview of its row in the tree, in place of those that any dict has.
#[must_use]
pub fn row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    let kind = lens.tensor_kind(node)?;
    match kind {
        TensorKind::StateDict | TensorKind::Arrays | TensorKind::Checkpoint => state_dict::row(lens, node, kind),
        _ => None,
    }
}
