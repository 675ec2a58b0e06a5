//! What estimators and trees tell of the version of scikit-learn that wrote them.

use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Says what an object tells, and whether it was looked into.
pub(super) fn look(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let offset = Some(lens.graph.offset(object.node));
    if let Some(version) = object.attribute("_sklearn_version").and_then(|edge| lens.string(edge)) {
        let reason = format!("{} states _sklearn_version {version}", object.class.short_name());
        clues.stated("scikit-learn", &version, reason, offset);
    }
    let is_tree = object.class.is("sklearn.tree._tree", "Tree");
    if is_tree && let Some(nodes) = object.attribute("nodes").and_then(|edge| lens.array(edge.node())) {
        let what = "ValueError: node array from the pickle has an incompatible dtype";
        if nodes.dtype.fields.iter().any(|field| field.name == "missing_go_to_left") {
            clues.since("scikit-learn", "1.3", "nodes of a tree have the field missing_go_to_left", offset);
            clues.fails("scikit-learn < 1.3", what, offset);
        } else if !nodes.dtype.fields.is_empty() {
            clues.until("scikit-learn", "1.3", "nodes of a tree lack the field missing_go_to_left", offset);
            clues.fails("scikit-learn >= 1.3", what, offset);
        }
    }
    true
}
