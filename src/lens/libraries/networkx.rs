//! networkx: only which version wrote a graph; its objects are shown as they are.

use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::{Lens, Library};

/// Versions.
pub(in crate::lens) const LIBRARY: Library = Library { versions: &[("networkx", versions)], ..Library::NOTHING };

/// Versions before 2.0 have the nodes of a graph under `node`, later ones under `_node` (`networkx/classes/graph.py`, `__init__`).
fn versions(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let has = |name: &str| object.attribute(name).is_some();
    let offset = Some(lens.graph.offset(object.node));
    if has("__networkx_cache__") {
        clues.since("networkx", "3.3", "a graph with __networkx_cache__", offset);
        return true;
    }
    if has("_node") && has("_adj") {
        clues.since("networkx", "2.0", "a graph with _node and _adj", offset);
        return true;
    }
    let is_old = has("node") && has("adj") && !has("_node");
    if is_old {
        clues.until("networkx", "2.0", "a graph with node and adj instead of _node and _adj", offset);
        let class = object.class.short_name();
        let what =
            format!("it loads, and its first use fails: AttributeError: '{class}' object has no attribute '_node'");
        clues.fails("networkx >= 2.0", what, offset);
    }
    is_old
}
