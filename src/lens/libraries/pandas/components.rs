//! What a frame or series consists of for its users.

use super::manager;
use super::table::{TableKind, manager_of};
use crate::graph::NodeId;
use crate::lens::graph_view::{Components, Part};
use crate::lens::recogniser::Lens;

/// The columns of a frame and its index; of a series index and values.
pub(super) fn components(lens: &Lens<'_>, node: NodeId) -> Option<Components> {
    let object = lens.object(node)?;
    let manager = manager::read(lens, manager_of(lens, &object)?)?;
    let table = lens.table(node)?;
    let axis = |number: usize| manager.axes.get(number).map(|&axis| Part::named("index", axis));
    match table.kind {
        TableKind::Frame => {
            let attrs = table.attrs.map(|attrs| Part::named("attrs", attrs));
            Some(Components { columns: table.columns, parts: axis(1).into_iter().chain(attrs).collect() })
        }
        TableKind::Series => {
            let values = manager.blocks.first().map(|&values| Part::named("values", values));
            Some(Components { columns: 0, parts: axis(0).into_iter().chain(values).collect() })
        }
        TableKind::Index | TableKind::Array => None,
    }
}
