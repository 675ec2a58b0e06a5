//! What estimators and trees tell of the version of scikit-learn that wrote them.

use crate::lens::clues::{Clues, compare};
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;
use std::cmp::Ordering;

/// Attributes without which an estimator loads and then fails, written by `scripts/generate_uses.py`.
const USES: &str = include_str!("uses.tsv");

/// Says what an object tells, and whether it was looked into.
pub(super) fn look(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let offset = Some(lens.graph.offset(object.node));
    let stated = object.attribute("_sklearn_version").and_then(|edge| lens.string(edge));
    if let Some(version) = &stated {
        let reason = format!("{} states _sklearn_version {version}", object.class.short_name());
        clues.stated("scikit-learn", version, reason, offset);
    }
    uses(object, stated.as_deref(), clues, offset);
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

/// What of a fitted estimator other versions read that it does not have.
fn uses(object: &Object<'_>, stated: Option<&str>, clues: &mut Clues, offset: Option<u64>) {
    let class = object.class.short_name();
    let mut lines = USES.lines().filter(|line| line.split('\t').next() == Some(class)).peekable();
    if lines.peek().is_none() {
        return;
    }
    let names: Vec<String> = object.attributes().into_iter().map(|(name, _)| name).collect();
    let is_fitted = names.iter().any(|name| name.ends_with('_') && !name.starts_with('_'));
    for line in lines.filter(|_| is_fitted) {
        let &[_, attribute, since, first, end] = &line.split('\t').collect::<Vec<_>>()[..] else { continue };
        // What later versions set is missing for another reason.
        let is_older = stated.is_some_and(|version| compare(version, since) == Ordering::Less);
        if names.iter().any(|name| name == attribute) || !is_older {
            continue;
        }
        let with = match end {
            "-" => format!("scikit-learn >= {first}"),
            _ => format!("scikit-learn >= {first}, < {end}"),
        };
        let what =
            format!("it loads, and its use fails: AttributeError: '{class}' object has no attribute '{attribute}'");
        clues.fails(with, what, offset);
    }
}
