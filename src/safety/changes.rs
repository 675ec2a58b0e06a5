//! What BUILD, APPEND(S), SETITEM(S) and ADDITEMS do to things that are no plain containers.

use super::audit::{Auditor, global_meaning};
use super::evidence::Draft;
use super::meaning::{Meaning, Named};
use super::names::{Known, Role, Traits, is_stdlib};
use super::{Level, rules};
use crate::graph::{Edge, Node, NodeId, RunKind};

impl Auditor<'_> {
    /// Keeps the result of a call for `all_changes`, if there is anything to say of it.
    pub(super) fn note_change(&mut self, id: NodeId) {
        if self.looks_for_planted() || self.graph.runs(id).next().is_some() {
            self.changed.push(id);
        }
    }

    /// What was done to results of calls. A state is made after the object that it goes into, so this waits until every
    /// call has been judged.
    pub(super) fn all_changes(&mut self) {
        for id in std::mem::take(&mut self.changed) {
            let meaning = self.meaning(Edge::to(id));
            self.planted(id, &meaning);
            self.changes(id, &meaning);
        }
    }

    /// What a partial was filled with.
    fn filled_partial(&mut self, id: NodeId) {
        let Node::Call { callee, .. } = self.graph.node(id) else { return };
        let Meaning::Named(named) = self.meaning(callee) else { return };
        let Some(state) = self.graph.run_window(id, RunKind::State, 0).last() else { return };
        let parts: Vec<Edge> = self.graph.items(state.node()).take(3).collect();
        let mut given: Vec<Edge> = parts.first().copied().into_iter().collect();
        given.extend(parts.get(1).into_iter().flat_map(|args| self.graph.items(args.node())).take(64));
        given.extend(parts.get(2).into_iter().flat_map(|keywords| self.values(keywords.node())));
        self.callables(&named, id, &given);
    }

    fn changes(&mut self, id: NodeId, meaning: &Meaning) {
        if self.graph.runs(id).next().is_none() {
            return;
        }
        if let Meaning::Partial(..) = meaning {
            self.filled_partial(id);
        }
        if let Meaning::Instance(class) = meaning {
            self.filled_with_care(id, class);
            self.made_of_computed_dict(id, class);
            self.shared_with_import(id, class);
        }
        let level = match meaning {
            Meaning::Named(_) | Meaning::Module(_) | Meaning::Namespace(_) | Meaning::Method(..) => Level::Dangerous,
            Meaning::Instance(named) => match named.known {
                Known::Reviewed(review) if review.role == Role::Function => Level::Suspicious,
                _ => return,
            },
            Meaning::Endless | Meaning::Partial(..) | Meaning::Function | Meaning::Class => return,
            Meaning::Text(_) | Meaning::Bytes(_) => Level::Suspicious,
            Meaning::Opaque if self.is_taken_out(id) => Level::Suspicious,
            Meaning::Opaque => Level::UnknownCode,
            _ => return,
        };
        self.changed(id, meaning, level);
    }

    /// Whether a getter took it out of something, where anything may be.
    fn is_taken_out(&self, id: NodeId) -> bool {
        let Node::Call { callee, .. } = self.graph.node(id) else { return false };
        matches!(
            self.meaning(callee),
            Meaning::Item(_)
                | Meaning::Attributes(_)
                | Meaning::MethodCaller(_)
                | Meaning::Method(..)
                | Meaning::Partial(..)
        )
    }

    fn changed(&mut self, id: NodeId, meaning: &Meaning, level: Level) {
        let (what, how) = match meaning {
            Meaning::Named(named) => (named.full(), "imported"),
            Meaning::Namespace(owner) => (owner.namespace(), "imported"),
            Meaning::Module(module) => (module.to_string(), "imported"),
            _ => ("the result of a call".to_owned(), "not made here"),
        };
        let mut draft = match meaning {
            Meaning::Named(named) => Draft::named(id, named),
            _ => Draft::at(id),
        };
        draft.change = Some(self.changed_by(id));
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
        if run.kind == RunKind::State {
            let state = edges.next().map(|state| self.state_text(state)).unwrap_or_default();
            return format!("{target}.__setstate__({state})");
        }
        let mut next = || edges.next().map(|edge| self.lens.inline(edge)).unwrap_or_default();
        match run.kind {
            RunKind::Items => format!("{target}.append({})", next()),
            RunKind::Members => format!("{target}.add({})", next()),
            RunKind::State => target,
            RunKind::Pairs => {
                let (key, value) = (next(), next());
                format!("{target}[{key}] = {value}")
            }
        }
    }

    /// A state with its first keys.
    fn state_text(&self, state: Edge) -> String {
        /// Keys that are shown.
        const SHOWN: usize = 4;
        if self.graph.node(state.node()) != Node::Dict {
            return self.lens.inline(state);
        }
        let edges: Vec<Edge> = self.graph.run_window(state.node(), RunKind::Pairs, 0).take(2 * SHOWN + 1).collect();
        let pair = |pair: &[Edge]| format!("{}: {}", self.lens.inline(pair[0]), self.lens.inline(pair[1]));
        let mut pairs: Vec<String> = edges.chunks_exact(2).map(pair).collect();
        if edges.len() > 2 * SHOWN {
            pairs.push("…".to_owned());
        }
        format!("{{{}}}", pairs.join(", "))
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
            self.planted(id, &meaning);
            self.changed(id, &meaning, Level::Dangerous);
        }
    }

    /// The opcode that changed the object last.
    pub(super) fn changed_by(&self, id: NodeId) -> u64 {
        self.graph.run_offsets(id).first().map_or_else(|| self.graph.offset(id), |(first, _)| *first)
    }

    /// A change of a container that was made over the namespace of a module changes the module.
    fn shared_with_import(&mut self, id: NodeId, class: &Named) {
        if !self.has_namespaces && !self.imports_modules {
            return;
        }
        // These keep what they are given, and not its items.
        let is_over = class.has(Traits::WRAPS_WHAT_IT_IS_GIVEN);
        let mut found = None;
        self.inside_of(id, &mut |_, meaning| {
            let is_imported = match meaning {
                Meaning::Namespace(_) => true,
                Meaning::Named(named) if is_over => {
                    is_stdlib(&named.module) && !matches!(named.known, Known::Reviewed(_))
                }
                _ => false,
            };
            if is_imported && !matches!(found, Some(Meaning::Namespace(_))) {
                found = Some(meaning.clone());
            }
        });
        let Some(found) = found else { return };
        let adds = self.graph.runs(id).any(|run| run.kind != RunKind::State);
        if adds || matches!(found, Meaning::Namespace(_)) {
            let level = if adds { Level::Dangerous } else { Level::Suspicious };
            let what = match &found {
                Meaning::Named(named) => named.full(),
                Meaning::Namespace(owner) => owner.namespace(),
                _ => String::new(),
            };
            let mut draft = Draft::named(id, class);
            draft.change = Some(self.changed_by(id));
            draft.explanation = format!("Loading changes {what}, which is imported, through a container over it.");
            draft.call = Some(self.change_text(id));
            self.find(&rules::modifies_import::RULE, level, draft);
        }
    }
}
