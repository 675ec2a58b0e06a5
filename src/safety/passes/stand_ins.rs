//! Objects whose attributes are of the file's choice, in places where a class expects a dict, a text or another plain value: its code
//! calls `state.items()` or `text.replace(...)`, and the attribute of that name is called.

use super::hooks::PLANTED_HOOK;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{Check, Known, Review, Role, Traits};
use crate::safety::values::{ARGUMENTS, AbstractValue};
use crate::safety::verdict::Findings;

/// States and arguments that stand in for a plain value.
pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    if !facts.names.iter().any(|named| named.has(Traits::ATTRIBUTE_BAG) || makes_missing(named.known)) {
        return;
    }
    for (owner, run) in facts.graph.all_runs(0).filter(|(_, run)| run.kind == RunKind::State) {
        for state in facts.graph.run_edges(run) {
            state_of(facts, owner, state, found);
            if facts.graph.node(state.node()) == Node::Tuple {
                facts.graph.items(state.node()).take(2).for_each(|half| state_of(facts, owner, half, found));
            }
        }
    }
    for id in facts.graph.reaching_out() {
        let Node::Call { args, .. } = facts.graph.node(id) else { continue };
        for edge in facts.graph.items(args.node()).take(ARGUMENTS) {
            argument_of(facts, id, edge, found);
        }
    }
}

fn state_of(facts: &Facts<'_>, owner: NodeId, state: Edge, found: &mut Findings) {
    let Some(is_bag) = stand_in(facts, state) else { return };
    let calls = if is_bag { holds_call(facts, state) } else { makes_by_call(facts, state) };
    if !is_bag && !calls {
        return;
    }
    let mut draft = Draft::at(owner);
    draft.change = Some(facts.changed_by(owner));
    draft.explanation = match calls {
        true => "The state is not a dict but an object that the file chooses, which holds something to call: restoring the state calls its methods.",
        false => "The state is not a dict but an object whose attributes the file chooses: restoring the state calls its methods.",
    }
    .to_owned();
    found.find(facts, &PLANTED_HOOK, if calls { Level::Dangerous } else { Level::Suspicious }, draft);
}

fn argument_of(facts: &Facts<'_>, call: NodeId, edge: Edge, found: &mut Findings) {
    if stand_in(facts, edge) != Some(true) || !holds_call(facts, edge) {
        return;
    }
    let mut draft = Draft::at(call);
    draft.explanation =
        "It is given an object whose attributes the file chooses, and one of them is a call that its methods would make."
            .to_owned();
    found.find(facts, &PLANTED_HOOK, Level::Dangerous, draft);
}

/// Whether a value is an object with attributes of the file's choice, or a dict that makes what is missing in it; `None` for others.
fn stand_in(facts: &Facts<'_>, edge: Edge) -> Option<bool> {
    if !matches!(facts.graph.node(edge.node()), Node::Call { .. }) {
        return None;
    }
    match facts.value(edge) {
        AbstractValue::Instance(class) if class.has(Traits::ATTRIBUTE_BAG) => Some(true),
        AbstractValue::Instance(class) if makes_missing(class.known) => Some(false),
        _ => None,
    }
}

fn makes_missing(known: Known) -> bool {
    matches!(known, Known::Reviewed(Review { check: Check::Factory, .. }))
}

/// Whether an object holds a call that is put together in the file: a `partial`, a method of a value, a function of the file, a
/// getter.
fn holds_call(facts: &Facts<'_>, edge: Edge) -> bool {
    let mut holds = false;
    let is_whole = facts.inside_of(edge.node(), &mut |_, value| {
        use AbstractValue::{Attributes, Function, Item, Method, MethodCaller, Partial};
        holds |= matches!(value, Attributes(_) | Function | Item(_) | Method(..) | MethodCaller(_) | Partial(..));
    });
    holds || !is_whole && facts.has_getters
}

/// Whether the missing values of a dict are made by such a call. A `partial` of a plain class, as in a dict of dicts, does not count.
fn makes_by_call(facts: &Facts<'_>, edge: Edge) -> bool {
    use AbstractValue::{Attributes, Function, Item, Method, MethodCaller, Partial};
    let Node::Call { args, .. } = facts.graph.node(edge.node()) else { return false };
    let Some(factory) = facts.graph.items(args.node()).next() else { return false };
    match facts.value(factory) {
        Partial(inner, _) => !is_plain_class(&inner),
        value => matches!(value, Attributes(_) | Function | Item(_) | Method(..) | MethodCaller(_)),
    }
}

fn is_plain_class(value: &AbstractValue) -> bool {
    let AbstractValue::Global(named) = value else { return false };
    matches!(named.known, Known::Reviewed(Review { role: Role::Class, check, .. }) if !check.resolves())
}
