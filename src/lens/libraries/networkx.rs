//! networkx: only which version wrote a graph; its objects are shown as they are.

use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::{Lens, Library};

/// Versions.
pub(in crate::lens) const LIBRARY: Library = Library { versions: &[("networkx", versions)], ..Library::NOTHING };

fn versions(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let is_new = object.attribute("__networkx_cache__").is_some();
    if is_new {
        let offset = Some(lens.graph.offset(object.node));
        clues.since("networkx", "3.3", "a graph with __networkx_cache__", offset);
    }
    is_new
}
