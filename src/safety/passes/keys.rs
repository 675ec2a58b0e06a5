//! Instances as keys and members: a loader hashes them, and code of their class does that.

use super::imports::UNKNOWN_CODE;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::source;
use crate::safety::values::AbstractValue;
use crate::safety::verdict::Findings;

/// Keys and members whose class has code of its own and whose state holds something to call: in an attribute that stands where a
/// method of the class would, the class calls it.
pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    if !facts.has_library_code {
        return;
    }
    let graph = facts.graph;
    let is_hashed = hashed(facts);
    let asks = |id: &NodeId| {
        is_hashed[id.index()]
            && graph.runs(*id).any(|run| run.kind == RunKind::State)
            && matches!(facts.value(Edge::to(*id)), AbstractValue::Instance(class) if source(&class.module, &class.name).is_some())
            && facts.may_call_inside(*id)
    };
    if let Some(&key) = facts.changed.iter().find(|id| asks(id)) {
        let mut draft = Draft::at(key);
        draft.explanation = format!(
            "Loading hashes {}, whose own code does that, and whose state holds something that it may call.",
            facts.spelled(key)
        );
        found.find(facts, &UNKNOWN_CODE, Level::UnknownCode, draft);
    }
}

/// Which nodes are hashed: keys, members, and what tuples among these hold.
fn hashed(facts: &Facts<'_>) -> Vec<bool> {
    let graph = facts.graph;
    let mut is_hashed = vec![false; graph.len()];
    let all = || (0..graph.len() as u32).map(NodeId);
    for id in all() {
        let mut mark = |keys: &mut dyn Iterator<Item = Edge>| keys.for_each(|key| is_hashed[key.node().index()] = true);
        match graph.node(id) {
            Node::FrozenSet => mark(&mut graph.items(id)),
            Node::Set => mark(&mut graph.run_window(id, RunKind::Members, 0)),
            Node::Dict => mark(&mut graph.run_window(id, RunKind::Pairs, 0).step_by(2)),
            _ => {}
        }
    }
    // What a tuple holds was made before it.
    for id in all().rev() {
        if is_hashed[id.index()] && graph.node(id) == Node::Tuple {
            graph.items(id).for_each(|item| is_hashed[item.node().index()] = true);
        }
    }
    is_hashed
}
