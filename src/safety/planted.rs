//! What a state, a constructor's dict or items plant in an object that Python then calls or runs by itself.

use super::audit::Auditor;
use super::evidence::Draft;
use super::meaning::{Meaning, Named};
use super::names::{Known, Traits, is_adder, is_hook, is_memory_access, is_template, may_be_hook};
use super::{Level, rules};
use crate::graph::{Edge, Node, NodeId, RunKind};

impl Auditor<'_> {
    /// Whether any text of the file can be the name of something that Python calls by itself.
    pub(super) fn looks_for_planted(&self) -> bool {
        !self.hooks.is_empty() || !self.adders.is_empty() || self.folds
    }

    /// Whether a text of the file can be the name of such a thing.
    pub(super) fn may_be_planted(&self, name: &str) -> bool {
        is_hook(name) || is_template(name) || self.has_callables && may_be_hook(name)
    }

    /// What becomes attributes of an object, and Python then calls: keys of its state, of a dict that its class was given,
    /// of what was set in it.
    pub(super) fn planted(&mut self, id: NodeId, meaning: &Meaning) {
        if !self.looks_for_planted() {
            return;
        }
        // APPEND(S) and ADDITEMS look these up on the object, where a state may have put others.
        let is_added_to = self.graph.runs(id).any(|run| matches!(run.kind, RunKind::Items | RunKind::Members));
        for dict in self.attributes_of(id, meaning) {
            if dict != id && !self.visited.insert(dict) {
                continue;
            }
            let edges: Vec<Edge> = self.graph.run_window(dict, RunKind::Pairs, 0).collect();
            let found = edges.chunks_exact(2).filter_map(|pair| {
                let name = self.planted_name(pair[0], is_added_to)?;
                let level = self.planted_level(&name, pair[1], meaning)?;
                Some((level, name, pair[1]))
            });
            let Some((level, name, value)) = found.max_by_key(|(level, ..)| *level) else { continue };
            let mut draft = Draft::at(id);
            draft.change = Some(self.changed_by(id));
            draft.explanation = match is_template(&name) {
                true => "The state holds text that scipy runs as Python, and it is not scipy's.".to_owned(),
                false => format!("The file plants {name}, which Python calls by itself."),
            };
            draft.call = Some(format!("{}.{name} = {}", self.spelled(id), self.spelled(value.node())));
            draft.name = name;
            self.find(&rules::planted_hook::RULE, level, draft);
        }
        self.planted_by_calls(id, meaning);
    }

    /// A state that a call makes, or a bag's dict, somewhere in which a hook is named.
    fn planted_by_calls(&mut self, id: NodeId, meaning: &Meaning) {
        let Meaning::Instance(class) = meaning else { return };
        let Node::Call { args, .. } = self.graph.node(id) else { return };
        let mut made: Vec<Edge> = self.graph.run_window(id, RunKind::State, 0).take(16).collect();
        if class.has(Traits::ATTRIBUTE_BAG) {
            made.extend(self.graph.items(args.node()).take(4));
        }
        made.retain(|edge| matches!(self.graph.node(edge.node()), Node::Call { .. }));
        for edge in made {
            let mut named = None;
            self.inside_of(edge.node(), &mut |inner, meaning| {
                let is_planted = match self.graph.node(inner.node()) {
                    Node::Call { .. } => meaning.text().is_some_and(may_be_hook),
                    _ => self.hooks.contains(&inner.node()),
                };
                if is_planted && named.is_none() {
                    named = Some(meaning.text().unwrap_or_default().to_owned());
                }
            });
            let Some(name) = named else { continue };
            let runs =
                is_memory_access(&name) || is_template(&name) || self.worst_inside(edge.node()) >= Level::Suspicious;
            let mut draft = Draft::at(id);
            draft.change = Some(self.changed_by(id));
            draft.explanation = format!("A call makes the state, which plants {name}.");
            draft.name = name;
            let level = if runs { Level::Dangerous } else { Level::Suspicious };
            self.find(&rules::planted_hook::RULE, level, draft);
        }
    }

    /// The dicts whose keys become attributes.
    fn attributes_of(&self, id: NodeId, meaning: &Meaning) -> Vec<NodeId> {
        /// States and arguments that are looked at.
        const MOST: usize = 16;
        let graph = self.graph;
        let mut dicts = Vec::new();
        for state in graph.run_window(id, RunKind::State, 0).take(MOST) {
            match graph.node(state.node()) {
                Node::Tuple => dicts.extend(graph.items(state.node()).take(2).map(Edge::node)),
                _ => dicts.push(state.node()),
            }
        }
        if let Node::Call { args, kwargs, .. } = graph.node(id) {
            let given = graph.items(args.node()).take(MOST);
            match meaning {
                Meaning::Class => dicts.extend(given.map(Edge::node)),
                // It fills a class with `(attributes, slots)`.
                Meaning::Instance(by) if by.has(Traits::FILLS_ATTRIBUTES) => {
                    dicts.extend(given.flat_map(|state| graph.items(state.node()).take(2)).map(Edge::node));
                }
                // A plain container keeps what it is given as items.
                Meaning::Instance(class) if !is_plain_container(class) => {
                    dicts.extend(given.chain(kwargs).map(Edge::node));
                    // Classes that are dicts as well may look attributes up among their items.
                    dicts.push(id);
                }
                _ => {}
            }
        }
        dicts.retain(|dict| *dict == id || graph.node(*dict) == Node::Dict);
        dicts
    }

    /// The name of something that Python calls by itself, if the key is one.
    fn planted_name(&self, key: Edge, is_added_to: bool) -> Option<String> {
        let node = key.node();
        if self.hooks.contains(&node) || is_added_to && self.adders.contains(&node) {
            return self.lens.string(key);
        }
        if !matches!(self.graph.node(node), Node::Call { .. }) {
            return None;
        }
        let name = self.meaning(key).text()?.to_owned();
        (may_be_hook(&name) || is_added_to && is_adder(&name)).then_some(name)
    }

    /// How bad it is that `name` has this value; `None` for data under a name that only calls make dangerous.
    fn planted_level(&self, name: &str, value: Edge, owner: &Meaning) -> Option<Level> {
        let meaning = self.meaning(value);
        if is_memory_access(name) {
            return Some(Level::Dangerous);
        }
        if is_template(name) {
            return (!meaning.text().is_some_and(is_scipys_template)).then_some(Level::Dangerous);
        }
        // A class of the file has methods of its own, which are functions.
        if is_class(owner) {
            let runs = match &meaning {
                Meaning::Attributes(_) | Meaning::MethodCaller(_) | Meaning::Partial(..) => true,
                Meaning::Instance(class) => class.has(Traits::CALLS_WHAT_IT_HOLDS),
                _ => false,
            };
            return (runs && self.when_called(&meaning, Some(value)) == Level::Dangerous).then_some(Level::Dangerous);
        }
        let is_hook = is_hook(name) || is_adder(name);
        let runs = match &meaning {
            Meaning::Data | Meaning::Text(_) | Meaning::Bytes(_) => false,
            _ if is_hook => true,
            // A function's attributes are no methods of it.
            _ if matches!(owner, Meaning::Function) => false,
            Meaning::Instance(class) => {
                class.has(Traits::CALLS_WHAT_IT_HOLDS) && self.when_called(&meaning, Some(value)) > Level::Suspicious
            }
            _ => self.when_called(&meaning, Some(value)) >= Level::Suspicious,
        };
        match runs {
            true => Some(Level::Dangerous),
            false => is_hook.then_some(Level::Suspicious),
        }
    }

    /// Classes that do more with their state than keep it.
    pub(super) fn filled_with_care(&mut self, id: NodeId, class: &Named) {
        if !class.has(Traits::STATE_HAS_CODE.with(Traits::STATE_HAS_HANDLE)) {
            return;
        }
        let states: Vec<Edge> = self.graph.run_window(id, RunKind::State, 0).take(16).collect();
        for state in states {
            let why = if class.has(Traits::STATE_HAS_CODE) {
                let why = "Its state cannot be read, and scipy runs a part of it as Python.";
                (!self.is_plain_state(state)).then_some(why)
            } else {
                self.has_handle(state).then_some("Its state is an address of memory, which the library frees.")
            };
            if let Some(why) = why {
                let mut draft = Draft::named(id, class);
                draft.change = Some(self.changed_by(id));
                why.clone_into(&mut draft.explanation);
                self.find(&rules::unusual_arguments::RULE, Level::Suspicious, draft);
            }
        }
    }

    /// A dict with names of the file for keys, or that and something else, as scipy before 1.6 has it.
    fn is_plain_state(&self, state: Edge) -> bool {
        let graph = self.graph;
        let is_plain = |dict: Edge| {
            let mut keys = graph.run_window(dict.node(), RunKind::Pairs, 0).step_by(2);
            graph.node(dict.node()) == Node::Dict && keys.all(|key| matches!(graph.node(key.node()), Node::Text { .. }))
        };
        match graph.node(state.node()) {
            Node::None => true,
            Node::Tuple => graph.items(state.node()).next().is_none_or(|first| {
                let names = graph.run_window(first.node(), RunKind::Pairs, 0).step_by(2);
                let is_template = |key: Edge| self.hooks.contains(&key.node());
                is_plain(first) && !names.into_iter().any(is_template)
            }),
            _ => is_plain(state),
        }
    }

    /// Whether a state has a number for a handle of a library, or cannot be read.
    fn has_handle(&self, state: Edge) -> bool {
        let graph = self.graph;
        let halves: Vec<Edge> = match graph.node(state.node()) {
            Node::Tuple => graph.items(state.node()).take(2).collect(),
            _ => vec![state],
        };
        halves.iter().any(|half| match graph.node(half.node()) {
            Node::Dict => {
                let edges: Vec<Edge> = graph.run_window(half.node(), RunKind::Pairs, 0).take(512).collect();
                edges.chunks_exact(2).any(|pair| {
                    let is_number = matches!(graph.node(pair[1].node()), Node::Int(_) | Node::LongBinary(_));
                    is_number && self.lens.string(pair[0]).is_some_and(|name| name.ends_with("handle"))
                })
            }
            Node::Call { .. } => true,
            _ => false,
        })
    }

    /// A bag of attributes whose attributes a call puts together, and on which methods are called then.
    pub(super) fn made_of_computed_dict(&mut self, id: NodeId, class: &Named) {
        let Node::Call { args, .. } = self.graph.node(id) else { return };
        if !class.has(Traits::ATTRIBUTE_BAG) {
            return;
        }
        let computed = self.graph.items(args.node()).take(4).find(|edge| {
            let is_call = matches!(self.graph.node(edge.node()), Node::Call { .. });
            is_call && matches!(self.meaning(*edge), Meaning::Instance(_) | Meaning::Opaque)
        });
        let Some(computed) = computed else { return };
        let holds = self.worst_inside(computed.node()) >= Level::Suspicious;
        let mut draft = Draft::named(id, class);
        draft.change = Some(self.changed_by(id));
        draft.explanation =
            "Calls put together the attributes of an object, one of which Python then calls by itself.".to_owned();
        self.find(&rules::planted_hook::RULE, if holds { Level::Dangerous } else { Level::Suspicious }, draft);
    }
}

/// A class that the file makes, or what fills one.
fn is_class(owner: &Meaning) -> bool {
    match owner {
        Meaning::Class => true,
        Meaning::Instance(by) => by.has(Traits::FILLS_ATTRIBUTES),
        _ => false,
    }
}

/// Classes that keep what they are given as items, and functions that make code.
fn is_plain_container(class: &Named) -> bool {
    class.has(Traits::KEEPS_ITEMS) || matches!(class.known, Known::Reviewed(review) if review.check.is_of_code())
}

/// Whether this is the text that scipy makes of the names of a distribution's parameters, and no other.
fn is_scipys_template(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("\ndef _parse_args(self, ") else { return false };
    let Some((shapes, _)) = rest.split_once(" loc=0") else { return false };
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !shapes.is_empty() && !shapes.strip_suffix(", ").is_some_and(|names| names.split(", ").all(is_name)) {
        return false;
    }
    [("loc=0, scale=1", "loc, scale"), ("loc=0", "loc, 1")].iter().any(|(taken, given)| {
        text == format!(
            "\ndef _parse_args(self, {shapes} {taken}):\n    return ({shapes}), {given}\n\n\
             def _parse_args_rvs(self, {shapes} {taken}, size=None):\n    return self._argcheck_rvs({shapes} {given}, size=size)\n\n\
             def _parse_args_stats(self, {shapes} {taken}, moments='mv'):\n    return ({shapes}), {given}, moments\n"
        )
    })
}
