//! networkx: how large a graph is, and which version wrote it. Its attributes are shown as they are.
//!
//! Source: `networkx/classes/graph.py` (`__init__`, `number_of_edges`).

use crate::graph::{Edge, NodeId, RunKind};
use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::{Lens, Library};
use crate::lens::text::grouped;

/// Sizes and versions.
pub(in crate::lens) const LIBRARY: Library =
    Library { packages: &["networkx"], text: Some(text), versions: &[("networkx", versions)], ..Library::NOTHING };

/// Nodes whose edges are counted for one line.
const COUNTED: u64 = 20_000;
/// Ends of edges that are counted in dicts that the memo gave: what was made here can be counted here only, what is shared would be
/// counted for each graph that shares it.
const SHARED: u64 = 4096;

/// `3 nodes, 2 edges`
fn text(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    let object = lens.object(node)?;
    let attribute = |names: [&str; 2]| names.into_iter().find_map(|name| object.attribute(name));
    let pairs = |dict: Edge| lens.graph.run_length(dict.node(), RunKind::Pairs) / 2;
    let count = pairs(attribute(["_node", "node"])?);
    let plural = |count: u64, one: &str| format!("{} {one}{}", grouped(count), if count == 1 { "" } else { "s" });
    let nodes = plural(count, "node");
    let Some(neighbours) = attribute(["_adj", "adj"]).filter(|_| count <= COUNTED) else { return Some(nodes) };
    let is_multiple = object.class.short_name().contains("Multi");
    // Each edge of a graph without directions is there from both ends, a loop once.
    let (mut ends, mut loops, mut shared) = (0, 0, 0);
    for [from, others] in pairs_of(lens, neighbours) {
        if neighbours.is_fetched() || others.is_fetched() {
            shared += 1 + pairs(others);
        }
        if shared > SHARED {
            return Some(nodes);
        }
        for [to, edges] in pairs_of(lens, others) {
            let each = if is_multiple { pairs(edges) } else { 1 };
            ends += each;
            loops += if lens.graph.node(from.node()) == lens.graph.node(to.node()) { each } else { 0 };
        }
    }
    let is_directed = attribute(["_succ", "succ"]).is_some() || object.class.short_name().contains("DiGraph");
    let edges = if is_directed { ends } else { (ends + loops) / 2 };
    Some(format!("{nodes}, {}", plural(edges, "edge")))
}

fn pairs_of(lens: &Lens<'_>, dict: Edge) -> Vec<[Edge; 2]> {
    let edges: Vec<Edge> = lens.graph.run_window(dict.node(), RunKind::Pairs, 0).take(2 * COUNTED as usize).collect();
    edges.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// Versions before 2.0 have the nodes of a graph under `node`, later ones under `_node`.
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
        let what = "it loads, and its use fails: it has no _node and no _adj (AttributeError or TypeError)";
        clues.fails("networkx >= 2.0", what, offset);
    }
    is_old
}
