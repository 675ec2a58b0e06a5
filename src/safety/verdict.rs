//! The highest level in a document, and what it is about.

use super::Level;
use super::known::{Known, judge};
use crate::graph::{Graph, Node, NodeId, SymbolId};
use crate::machine::Reading;

/// What a verdict points at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// Nothing that runs.
    Nothing,
    /// A global, called or only named: the node that shows it best.
    Global(SymbolId, NodeId),
    /// A node that stands for code of the loading side: an extension code, a name that is computed.
    Node(NodeId),
}

/// What was found in a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Highest level met.
    pub level: Level,
    /// What it is about.
    pub subject: Subject,
    /// How many different globals have that level.
    pub count: usize,
}

/// What is known of the code that a node names or calls: the level of a global, of the callee of a call.
#[must_use]
pub fn node_level(graph: &Graph, id: NodeId) -> Option<(Level, Option<SymbolId>)> {
    match graph.node(id) {
        Node::Global(symbol) => {
            let known = graph.symbols.get(symbol);
            Some((judge(&known.module, &known.name).level(), Some(symbol)))
        }
        Node::Call { callee, .. } => match graph.node(callee.node()) {
            Node::Global(_) => node_level(graph, callee.node()),
            Node::ComputedGlobal { .. } | Node::Extension(_) => Some((Level::Suspicious, None)),
            _ => Some((Level::UnknownCode, None)),
        },
        Node::ComputedGlobal { .. } | Node::Extension(_) => Some((Level::Suspicious, None)),
        Node::PersistentId(_) => Some((Level::UnknownCode, None)),
        _ => None,
    }
}

/// Finds the worst of what a document names and calls.
#[must_use]
pub fn verdict(reading: &Reading) -> Verdict {
    let graph = &reading.graph;
    let levels: Vec<Level> =
        graph.symbols.iter().map(|symbol| judge(&symbol.module, &symbol.name)).map(Known::level).collect();
    let mut worst = Verdict { level: Level::DataOnly, subject: Subject::Nothing, count: 0 };
    for id in graph.reaching_out() {
        let (level, subject) = match graph.node(id) {
            Node::Global(symbol) => (levels[symbol.0 as usize], Subject::Global(symbol, id)),
            Node::ComputedGlobal { .. } | Node::Extension(_) => (Level::Suspicious, Subject::Node(id)),
            Node::PersistentId(_) => (Level::UnknownCode, Subject::Node(id)),
            // The call of the worst global says more than the place that names it.
            Node::Call { callee, .. } => match (graph.node(callee.node()), worst.subject) {
                (Node::Global(symbol), Subject::Global(found, at))
                    if symbol == found && matches!(graph.node(at), Node::Global(_)) =>
                {
                    worst.subject = Subject::Global(symbol, id);
                    continue;
                }
                _ => continue,
            },
            _ => continue,
        };
        if level > worst.level {
            worst = Verdict { level, subject, count: 0 };
        }
    }
    worst.count = levels.iter().filter(|level| **level == worst.level).count();
    worst
}
