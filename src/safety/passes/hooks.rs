//! What a state, a constructor's dict or items put into an object that Python then calls or runs by itself.

use super::call_rules::UNUSUAL_ARGUMENTS;
use super::formulas;
use super::imports::UNKNOWN_CODE;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::names::{
    Known, Traits, is_adder, is_hook, is_memory_access, is_plain_method, is_template, may_be_hook,
};
use crate::safety::values::{AbstractValue, GlobalRef};
use crate::safety::verdict::Findings;
use std::collections::HashSet;

/// Plants a method that Python calls by itself.
pub const PLANTED_HOOK: Rule = Rule {
    id: "planted-hook",
    title: "Plants something that is called by itself",
    what: "The state given to an object has a key such as __setstate__, __reduce__ or __class__; or items are set on an object whose class has code for that, and among them or in its attributes is something that this code may call; or an object with attributes of the file's choice stands where a class expects a dict or a text.",
    why: "Python looks such methods up by name and calls them, and libraries call what they find in an object. Planted there it runs at a moment that nothing in the file shows.",
    example: ("BUILD with {'__setstate__': ...}", "obj.__dict__['__setstate__'] = ..."),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        ("pickle: object.__setstate__", "https://docs.python.org/3/library/pickle.html#object.__setstate__"),
        (
            "The data model: special method names",
            "https://docs.python.org/3/reference/datamodel.html#special-method-names",
        ),
        ("CWE-915: modification of object attributes", "https://cwe.mitre.org/data/definitions/915.html"),
    ],
};

/// What was put into results of calls, and into what takes no changes at all.
pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    let mut visited = HashSet::new();
    for &id in &facts.changed {
        let owner = facts.value(Edge::to(id));
        if facts.looks_for_hooks() {
            injected(facts, id, &owner, &mut visited, found);
        }
        if let AbstractValue::Instance(class) = &owner
            && facts.graph.runs(id).next().is_some()
        {
            filled_with_care(facts, id, class, found);
            made_of_computed_dict(facts, id, class, found);
        }
    }
    if facts.looks_for_hooks() {
        for (id, owner) in facts.oddly_changed() {
            injected(facts, id, &owner, &mut visited, found);
        }
    }
}

/// What becomes attributes of an object, and Python then calls: keys of its state, of a dict that its class was given,
/// of what was set in it.
fn injected(facts: &Facts<'_>, id: NodeId, owner: &AbstractValue, visited: &mut HashSet<NodeId>, found: &mut Findings) {
    // APPEND(S) and ADDITEMS look these up on the object, where a state may have put others.
    let is_added_to = facts.graph.runs(id).any(|run| matches!(run.kind, RunKind::Items | RunKind::Members));
    for dict in attributes_of(facts, id, owner) {
        if dict != id && !visited.insert(dict) {
            continue;
        }
        let edges: Vec<Edge> = facts.graph.run_window(dict, RunKind::Pairs, 0).collect();
        let hooks = edges.chunks_exact(2).filter_map(|pair| {
            let name = hook_name(facts, pair[0], is_added_to)?;
            let level = hook_level(facts, &name, pair[1], owner)?;
            Some((level, name, pair[1]))
        });
        let Some((level, name, value)) = hooks.max_by_key(|(level, ..)| *level) else { continue };
        let mut draft = Draft::at(id);
        draft.change = Some(facts.changed_by(id));
        draft.explanation = if is_template(&name) {
            "The state holds text that scipy runs as Python, and it is not scipy's.".to_owned()
        } else if is_plain_method(&name) {
            format!("The file plants {name}, which code that takes a plain value or a file calls.")
        } else {
            format!("The file plants {name}, which Python calls by itself.")
        };
        draft.call = Some(format!("{}.{name} = {}", facts.spelled(id), facts.spelled(value.node())));
        draft.name = name;
        found.find(facts, &PLANTED_HOOK, level, draft);
    }
    made_by_calls(facts, id, owner, found);
}

/// A state that a call makes, or a bag's dict, somewhere in which a hook is named.
fn made_by_calls(facts: &Facts<'_>, id: NodeId, owner: &AbstractValue, found: &mut Findings) {
    let AbstractValue::Instance(class) = owner else { return };
    let Node::Call { args, .. } = facts.graph.node(id) else { return };
    let mut made: Vec<Edge> = facts.graph.run_window(id, RunKind::State, 0).take(16).collect();
    if class.has(Traits::ATTRIBUTE_BAG) {
        made.extend(facts.graph.items(args.node()).take(4));
    }
    made.retain(|edge| matches!(facts.graph.node(edge.node()), Node::Call { .. }));
    for edge in made {
        let mut named = None;
        facts.inside_of(edge.node(), &mut |inner, value| {
            let is_hook_name = match facts.graph.node(inner.node()) {
                Node::Call { .. } => value.text().is_some_and(may_be_hook),
                _ => facts.hooks.contains(&inner.node()),
            };
            if is_hook_name && named.is_none() {
                named = Some(value.text().unwrap_or_default().to_owned());
            }
        });
        let Some(name) = named else { continue };
        let runs =
            is_memory_access(&name) || is_template(&name) || facts.worst_inside(edge.node()) >= Level::Suspicious;
        let mut draft = Draft::at(id);
        draft.change = Some(facts.changed_by(id));
        draft.explanation = format!("A call makes the state, which plants {name}.");
        draft.name = name;
        let level = if runs { Level::Dangerous } else { Level::Suspicious };
        found.find(facts, &PLANTED_HOOK, level, draft);
    }
}

/// The dicts whose keys become attributes.
fn attributes_of(facts: &Facts<'_>, id: NodeId, owner: &AbstractValue) -> Vec<NodeId> {
    /// States and arguments that are looked at.
    const MOST: usize = 16;
    let graph = facts.graph;
    let mut dicts = Vec::new();
    for state in graph.run_window(id, RunKind::State, 0).take(MOST) {
        match graph.node(state.node()) {
            // Dict and slots; of a `partial` the dict is the fourth.
            Node::Tuple => dicts.extend(graph.items(state.node()).take(4).map(Edge::node)),
            _ => dicts.push(state.node()),
        }
    }
    if let Node::Call { args, kwargs, .. } = graph.node(id) {
        let given = graph.items(args.node()).take(MOST);
        match owner {
            AbstractValue::Class => dicts.extend(given.map(Edge::node)),
            // It fills a class with `(attributes, slots)`.
            AbstractValue::Instance(by) if by.has(Traits::FILLS_ATTRIBUTES) => {
                dicts.extend(given.flat_map(|state| graph.items(state.node()).take(2)).map(Edge::node));
            }
            // A plain container keeps what it is given as items.
            AbstractValue::Instance(class) if !is_plain_container(class) => {
                dicts.extend(given.chain(kwargs).map(Edge::node));
                // Classes that are dicts as well may look attributes up among their items.
                dicts.push(id);
            }
            _ => {}
        }
    }
    dicts.retain(|dict| *dict == id || graph.node(*dict) == Node::Dict);
    dicts.extend(dicts.iter().flat_map(|&dict| named_dict(facts, dict)).collect::<Vec<_>>());
    dicts
}

/// The dicts that stand under `__dict__`, as the states of pydantic have it: what is in them are attributes, too.
fn named_dict(facts: &Facts<'_>, dict: NodeId) -> Vec<NodeId> {
    let pairs: Vec<Edge> = facts.graph.run_window(dict, RunKind::Pairs, 0).collect();
    let is_named = |pair: &&[Edge]| {
        is_dict(facts, pair[1])
            && facts.hooks.contains(&pair[0].node())
            && facts.lens.string(pair[0]).as_deref() == Some("__dict__")
    };
    pairs.chunks_exact(2).filter(is_named).map(|pair| pair[1].node()).collect()
}

fn is_dict(facts: &Facts<'_>, edge: Edge) -> bool {
    facts.graph.node(edge.node()) == Node::Dict
}

/// The name of something that Python calls by itself, if the key is one.
fn hook_name(facts: &Facts<'_>, key: Edge, is_added_to: bool) -> Option<String> {
    let node = key.node();
    if facts.hooks.contains(&node) || is_added_to && facts.adders.contains(&node) {
        return facts.lens.string(key);
    }
    if !matches!(facts.graph.node(node), Node::Call { .. }) {
        return None;
    }
    let name = facts.value(key).text()?.to_owned();
    (facts.may_be_hook(&name) || is_added_to && is_adder(&name)).then_some(name)
}

/// How bad it is that `name` has this value; `None` for data under a name that only calls make dangerous.
fn hook_level(facts: &Facts<'_>, name: &str, edge: Edge, owner: &AbstractValue) -> Option<Level> {
    let value = facts.value(edge);
    // A dict of this file gives the object no attribute that its keys do not give.
    if name == "__dict__" && is_dict(facts, edge) {
        return None;
    }
    if is_memory_access(name) {
        return Some(Level::Dangerous);
    }
    if is_template(name) {
        return (!value.text().is_some_and(is_scipys_template)).then_some(Level::Dangerous);
    }
    // A class of the file has methods of its own, which are functions.
    if is_class(owner) {
        let runs = match &value {
            AbstractValue::Attributes(_) | AbstractValue::MethodCaller(_) | AbstractValue::Partial(..) => true,
            AbstractValue::Instance(class) => class.has(Traits::CALLS_WHAT_IT_HOLDS),
            _ => false,
        };
        return (runs && facts.when_called(&value, Some(edge)) == Level::Dangerous).then_some(Level::Dangerous);
    }
    let is_hook = is_hook(name) || is_adder(name);
    let runs = match &value {
        AbstractValue::Data | AbstractValue::Text(_) | AbstractValue::Bytes(_) => false,
        _ if is_hook => true,
        // A function's attributes are no methods of it.
        _ if matches!(owner, AbstractValue::Function) => false,
        AbstractValue::Instance(class) => {
            class.has(Traits::CALLS_WHAT_IT_HOLDS) && facts.when_called(&value, Some(edge)) > Level::Suspicious
        }
        _ => facts.when_called(&value, Some(edge)) >= Level::Suspicious,
    };
    match runs {
        true => Some(Level::Dangerous),
        false => is_hook.then_some(Level::Suspicious),
    }
}

/// Classes that do more with their state than keep it.
fn filled_with_care(facts: &Facts<'_>, id: NodeId, class: &GlobalRef, found: &mut Findings) {
    if class.has(Traits::SETTERS_HAVE_CODE) {
        set_one_by_one(facts, id, class, found);
    }
    if !class.has(Traits::STATE_HAS_CODE.with(Traits::STATE_HAS_HANDLE).with(Traits::STATE_HAS_FORMULA)) {
        return;
    }
    let states: Vec<Edge> = facts.graph.run_window(id, RunKind::State, 0).take(16).collect();
    for state in states {
        let fault = if class.has(Traits::STATE_HAS_FORMULA) {
            formulas::fault(facts, state)
        } else if class.has(Traits::STATE_HAS_CODE) {
            let why = "Its state cannot be read, and scipy runs a part of it as Python.";
            (!is_plain_state(facts, state)).then_some((Level::Suspicious, why))
        } else {
            let why = "Its state is an address of memory, which the library frees.";
            has_handle(facts, state).then_some((Level::Suspicious, why))
        };
        if let Some((level, why)) = fault {
            let mut draft = Draft::named(id, class);
            draft.change = Some(facts.changed_by(id));
            why.clone_into(&mut draft.explanation);
            found.find(facts, &UNUSUAL_ARGUMENTS, level, draft);
        }
    }
}

/// A state whose second part sets attributes, of a class whose code handles these and calls what they are.
fn set_one_by_one(facts: &Facts<'_>, id: NodeId, class: &GlobalRef, found: &mut Findings) {
    let mut states = facts.graph.run_window(id, RunKind::State, 0);
    if states.all(|state| is_of_one_part(facts, state)) {
        return;
    }
    let mut draft = Draft::named(id, class);
    draft.change = Some(facts.changed_by(id));
    draft.explanation =
        "Its state sets attributes one by one, and code of its class does that, which calls what it is given."
            .to_owned();
    found.find(facts, &UNKNOWN_CODE, Level::UnknownCode, draft);
}

/// Whether a state goes into the dict of an instance as a whole: its second part, which is set one by one, is missing or empty.
fn is_of_one_part(facts: &Facts<'_>, state: Edge) -> bool {
    let graph = facts.graph;
    let is_empty = |part: Edge| match graph.node(part.node()) {
        Node::None => true,
        Node::Dict => graph.run_window(part.node(), RunKind::Pairs, 0).next().is_none(),
        _ => false,
    };
    match graph.node(state.node()) {
        Node::Dict => true,
        Node::Tuple => {
            let parts: Vec<Edge> = graph.items(state.node()).take(3).collect();
            parts.len() == 2 && is_empty(parts[1])
        }
        _ => is_empty(state),
    }
}

/// A dict with names of the file for keys, or that and something else, as scipy before 1.6 has it.
fn is_plain_state(facts: &Facts<'_>, state: Edge) -> bool {
    let graph = facts.graph;
    let is_plain = |dict: Edge| {
        let mut keys = graph.run_window(dict.node(), RunKind::Pairs, 0).step_by(2);
        graph.node(dict.node()) == Node::Dict && keys.all(|key| matches!(graph.node(key.node()), Node::Text { .. }))
    };
    match graph.node(state.node()) {
        Node::None => true,
        Node::Tuple => graph.items(state.node()).next().is_none_or(|first| {
            let names = graph.run_window(first.node(), RunKind::Pairs, 0).step_by(2);
            let is_template = |key: Edge| facts.hooks.contains(&key.node());
            is_plain(first) && !names.into_iter().any(is_template)
        }),
        _ => is_plain(state),
    }
}

/// Whether a state has a number for a handle of a library, or cannot be read.
fn has_handle(facts: &Facts<'_>, state: Edge) -> bool {
    let graph = facts.graph;
    let halves: Vec<Edge> = match graph.node(state.node()) {
        Node::Tuple => graph.items(state.node()).take(2).collect(),
        _ => vec![state],
    };
    halves.iter().any(|half| match graph.node(half.node()) {
        Node::Dict => {
            let edges: Vec<Edge> = graph.run_window(half.node(), RunKind::Pairs, 0).take(512).collect();
            edges.chunks_exact(2).any(|pair| {
                let is_number = matches!(graph.node(pair[1].node()), Node::Int(_) | Node::LongBinary(_));
                is_number && facts.lens.string(pair[0]).is_some_and(|name| name.ends_with("handle"))
            })
        }
        Node::Call { .. } => true,
        _ => false,
    })
}

/// A bag of attributes whose attributes a call puts together, and on which methods are called then.
fn made_of_computed_dict(facts: &Facts<'_>, id: NodeId, class: &GlobalRef, found: &mut Findings) {
    let Node::Call { args, .. } = facts.graph.node(id) else { return };
    if !class.has(Traits::ATTRIBUTE_BAG) {
        return;
    }
    let computed = facts.graph.items(args.node()).take(4).find(|edge| {
        let is_call = matches!(facts.graph.node(edge.node()), Node::Call { .. });
        is_call && matches!(facts.value(*edge), AbstractValue::Instance(_) | AbstractValue::Opaque)
    });
    let Some(computed) = computed else { return };
    let holds = facts.worst_inside(computed.node()) >= Level::Suspicious;
    let mut draft = Draft::named(id, class);
    draft.change = Some(facts.changed_by(id));
    draft.explanation =
        "Calls put together the attributes of an object, one of which Python then calls by itself.".to_owned();
    found.find(facts, &PLANTED_HOOK, if holds { Level::Dangerous } else { Level::Suspicious }, draft);
}

/// A class that the file makes, or what fills one.
fn is_class(owner: &AbstractValue) -> bool {
    match owner {
        AbstractValue::Class => true,
        AbstractValue::Instance(by) => by.has(Traits::FILLS_ATTRIBUTES),
        _ => false,
    }
}

/// Classes that keep what they are given as items, and functions that make code.
fn is_plain_container(class: &GlobalRef) -> bool {
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
