//! What a module consists of for its users.
//!
//! Source: `torch/nn/modules/module.py` (`__getattr__` looks into `_parameters`, `_buffers` and `_modules`).

use crate::graph::NodeId;
use crate::lens::graph_view::{Components, Part, PartLabel};
use crate::lens::recogniser::Lens;
use std::collections::HashMap;

/// Attributes of its own that a module is shown with.
const SETTINGS: usize = 256;

/// Submodules, parameters, buffers, and the attributes of its own whose names are public.
pub(super) fn components(lens: &Lens<'_>, node: NodeId) -> Option<Components> {
    let dicts = lens.module_dicts(node)?;
    let of = |dict| lens.pair_part(PartLabel::Attribute, dict);
    let dicts = [Some(dicts.modules), Some(dicts.parameters), dicts.buffers];
    let mut parts: Vec<Part> = dicts.into_iter().flatten().map(|dict| of(dict.node())).collect();
    let attributes = lens.object(node)?.attributes();
    // Of a name that two states set, the last value counts.
    let last: HashMap<&str, usize> = (0..).zip(&attributes).map(|(at, (name, _))| (name.as_str(), at)).collect();
    let own =
        attributes.iter().enumerate().filter(|(at, (name, _))| !name.starts_with('_') && last[name.as_str()] == *at);
    parts.extend(own.take(SETTINGS).map(|(_, (name, value))| Part::named(name.as_str(), *value)));
    Some(Components { columns: 0, parts })
}
