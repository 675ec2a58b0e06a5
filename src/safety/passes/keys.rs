//! Instances as keys and members: a loader hashes them, and code of their class does that.

use super::imports::UNKNOWN_CODE;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::source;
use crate::safety::values::AbstractValue;
use crate::safety::verdict::Findings;
use std::collections::HashSet;

/// Keys and members whose class has code of its own and whose state holds something to call: in an attribute that stands where a
/// method of the class would, the class calls it.
pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    let graph = facts.graph;
    let asks = |id: &&NodeId| {
        graph.runs(**id).any(|run| run.kind == RunKind::State)
            && matches!(facts.value(Edge::to(**id)), AbstractValue::Instance(class) if source(&class.module, &class.name).is_some())
            && facts.may_call_inside(**id)
    };
    let asking: HashSet<NodeId> = facts.changed.iter().filter(asks).copied().collect();
    if asking.is_empty() {
        return;
    }
    let of = |keys: &mut dyn Iterator<Item = Edge>, hashes: &HashSet<NodeId>| {
        keys.map(|key| key.node()).find(|key| hashes.contains(key))
    };
    let all = || (0..graph.len() as u32).map(NodeId);
    // Tuples are hashed by what they hold, which was made before them.
    let mut hashes = asking;
    for id in all() {
        let is_hashed = matches!(graph.node(id), Node::Tuple | Node::FrozenSet);
        if is_hashed && of(&mut graph.items(id), &hashes).is_some() {
            hashes.insert(id);
        }
    }
    let key = all().find_map(|id| match graph.node(id) {
        Node::FrozenSet => of(&mut graph.items(id), &hashes),
        Node::Set => of(&mut graph.run_window(id, RunKind::Members, 0), &hashes),
        Node::Dict => of(&mut graph.run_window(id, RunKind::Pairs, 0).step_by(2), &hashes),
        _ => None,
    });
    if let Some(key) = key {
        let mut draft = Draft::at(key);
        draft.explanation = format!(
            "Loading hashes {}, whose own code does that, and whose state holds something that it may call.",
            facts.spelled(key)
        );
        found.find(facts, &UNKNOWN_CODE, Level::UnknownCode, draft);
    }
}
