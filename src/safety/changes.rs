//! What BUILD, APPEND(S), SETITEM(S) and ADDITEMS do to things that are no plain containers.

use super::audit::{Auditor, global_meaning};
use super::evidence::Draft;
use super::known::{Known, Role};
use super::meaning::Meaning;
use super::{Level, rules};
use crate::graph::{Edge, Node, NodeId, RunKind};

impl Auditor<'_> {
    /// What was done to the result of a call.
    pub(super) fn changes(&mut self, id: NodeId, meaning: &Meaning) {
        if self.graph.runs(id).next().is_none() {
            return;
        }
        if !self.hooks.is_empty() || !self.adders.is_empty() {
            self.planted(id);
        }
        let level = match meaning {
            Meaning::Named(_) | Meaning::Module(_) | Meaning::Namespace(_) | Meaning::Method(..) => Level::Dangerous,
            Meaning::Instance(named) => match named.known {
                Known::Reviewed(review) if review.role == Role::Function => Level::Suspicious,
                _ => return,
            },
            Meaning::Endless | Meaning::Partial(..) | Meaning::Function | Meaning::Class => return,
            Meaning::Text(_) | Meaning::Bytes(_) => Level::Suspicious,
            Meaning::Opaque => Level::UnknownCode,
            _ => return,
        };
        self.changed(id, meaning, level);
    }

    fn changed(&mut self, id: NodeId, meaning: &Meaning, level: Level) {
        let (what, how) = match meaning {
            Meaning::Named(named) | Meaning::Namespace(named) => (named.full(), "imported"),
            Meaning::Module(module) => (module.to_string(), "imported"),
            _ => ("the result of a call".to_owned(), "not made here"),
        };
        let mut draft = Draft::at(id);
        draft.offset = self.graph.offset(id);
        if let Meaning::Named(named) = meaning {
            draft = Draft::named(id, named);
        }
        draft.explanation = format!("Loading changes {what}, which is {how}.");
        draft.call = Some(self.change_text(id));
        let rule = match level {
            Level::Dangerous => &rules::modifies_import::RULE,
            Level::Suspicious => &rules::unusual_use::RULE,
            _ => &rules::unknown_code::RULE,
        };
        self.find(rule, level, draft);
    }

    /// The change in the spelling of Python.
    fn change_text(&self, id: NodeId) -> String {
        let target = self.spelled(id);
        let Some(run) = self.graph.runs(id).next() else { return target };
        let mut edges = self.graph.run_edges(run);
        let mut next = || edges.next().map(|edge| self.lens.inline(edge)).unwrap_or_default();
        match run.kind {
            RunKind::Items => format!("{target}.append({})", next()),
            RunKind::Members => format!("{target}.add({})", next()),
            RunKind::State => format!("{target}.__setstate__({})", next()),
            RunKind::Pairs => {
                let (key, value) = (next(), next());
                format!("{target}[{key}] = {value}")
            }
        }
    }

    /// Changes of things that take none: globals, and whatever else is neither a container nor a call.
    pub(super) fn odd_changes(&mut self) {
        for id in self.graph.oddly_changed() {
            let meaning = match self.graph.node(id) {
                Node::Global(symbol) => global_meaning(self.named(symbol)),
                Node::ComputedGlobal { .. } => match self.meaning(Edge::to(id)) {
                    Meaning::Opaque => Meaning::Module("a computed name".into()),
                    other => other,
                },
                Node::Extension(_) => Meaning::Module("an extension".into()),
                _ => continue,
            };
            self.planted(id);
            self.changed(id, &meaning, Level::Dangerous);
        }
    }

    /// Whether a state has a key that names a hook of Python.
    fn planted(&mut self, id: NodeId) {
        let graph = self.graph;
        // APPEND(S) and ADDITEMS look these up on the object, where a state may have put others.
        let is_added_to = graph.runs(id).any(|run| matches!(run.kind, RunKind::Items | RunKind::Members));
        let states: Vec<Edge> = graph.run_window(id, RunKind::State, 0).take(16).collect();
        for state in states {
            let halves: Vec<NodeId> = match graph.node(state.node()) {
                Node::Dict => vec![state.node()],
                Node::Tuple => graph.items(state.node()).take(2).map(Edge::node).collect(),
                _ => continue,
            };
            for half in halves {
                if graph.node(half) != Node::Dict || !self.visited.insert(half) {
                    continue;
                }
                let edges: Vec<Edge> = graph.run_window(half, RunKind::Pairs, 0).collect();
                let is_planted = |pair: &&[Edge]| {
                    let key = pair[0].node();
                    self.hooks.contains(&key) || is_added_to && self.adders.contains(&key)
                };
                if let Some(pair) = edges.chunks_exact(2).find(is_planted) {
                    let name = self.lens.string(pair[0]).unwrap_or_default();
                    let runs = !matches!(self.meaning(pair[1]), Meaning::Data | Meaning::Text(_) | Meaning::Bytes(_));
                    let level = if runs { Level::Dangerous } else { Level::Suspicious };
                    let mut draft = Draft::at(id);
                    draft.name.clone_from(&name);
                    draft.explanation = format!("The state plants {name}, which Python calls by itself.");
                    self.find(&rules::planted_hook::RULE, level, draft);
                }
            }
        }
    }
}
