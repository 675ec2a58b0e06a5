//! Calls whose numbers make results that use up memory or time.

use super::bombs::RESOURCE_BOMB;
use super::given;
use crate::graph::{Edge, Node};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{AtOnce, Called, Check, Growth, Known, Role, Traits};
use crate::safety::values::{ARGUMENTS, AbstractValue, Call, GlobalRef, Size};
use crate::safety::verdict::Findings;

/// Items up to here are ordinary: 2^28.
const ITEMS: f64 = 8.43;
/// So are digits of a number.
const DIGITS: f64 = 25_000.0;
/// Numbers up to here grow into nothing.
const SMALL: f64 = 1000.0;

/// Whether what a call makes is out of all proportion. `next` is the arithmetic that the database has of the name, or that of
/// what takes all items.
pub(super) fn judge(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let takes_items = matches!(named.known, Known::Reviewed(review) if review.check == Check::Consumer);
    if let Known::Reviewed(review) = named.known {
        called_inside(facts, named, review.check, call, found);
    }
    let growth = named.growth.or(takes_items.then_some((Growth::Longest, AtOnce::All)));
    if growth.is_none() && !facts.has_huge.get() && !facts.has_large_numbers {
        return;
    }
    let (args, keywords) = facts.sizes_given(call);
    let Some((growth, at_once)) = growth else {
        if makes_of_numbers(named, call) && args.iter().any(|arg| arg.number > ITEMS) {
            let why = "It is given a number that no file gives it, and may make as much of something.";
            return bomb(facts, named, call, why, found);
        }
        let is_made = |(size, edge): (&Size, &Edge)| {
            size.items > ITEMS && matches!(facts.graph.node(edge.node()), Node::Call { .. })
        };
        // What finds something in an iterator takes nothing from it.
        let finds = matches!(named.known, Known::Reviewed(review) if review.check.resolves());
        if !finds && args.iter().zip(&*call.args).any(is_made) {
            bomb(
                facts,
                named,
                call,
                "It may take all items of an iterator that has no end, or billions of them.",
                found,
            );
        }
        return;
    };
    let result = growth.result(&args, keywords);
    let cost = growth.cost(at_once, &args, result);
    if cost.items > ordinary(facts) {
        bomb(facts, named, call, "It makes, or takes, billions of items at once.", found);
    } else if cost.number > DIGITS {
        bomb(facts, named, call, "The number is so large that the result takes gigabytes or hours.", found);
    }
    if result.items > ITEMS || result.number > DIGITS {
        facts.has_huge.set(true);
    }
    if result.items > 0.0 || !growth.is_number() && result.number > 0.0 {
        facts.sizes.borrow_mut().insert(call.id, result.into());
    }
}

/// Whether a reviewed function or constructor may make something in proportion to its numbers: nothing is known to the
/// contrary. Classes whose instances are made without their constructor keep what they are given.
fn makes_of_numbers(named: &GlobalRef, call: &Call) -> bool {
    let Known::Reviewed(review) = named.known else { return false };
    let is_called = matches!(review.role, Role::Class | Role::Function | Role::Builder) && !call.makes();
    let keeps = named.has(Traits::KEEPS_NUMBERS.with(Traits::CELL)) || review.check != Check::Any;
    is_called && !keeps
}

/// Items that are no wonder: what stands in the file may be as long as the file.
fn ordinary(facts: &Facts<'_>) -> f64 {
    ITEMS.max((facts.lens.source.len() as f64).log10() + 1.0)
}

/// What makes something huge and is called by what the file calls.
fn called_inside(facts: &Facts<'_>, named: &GlobalRef, check: Check, call: &Call, found: &mut Findings) {
    let Some(&function) = call.args.first() else { return };
    let is_huge = match check {
        Check::Runs(Called::FirstWithSecond) => applied_is_huge(facts, function, call),
        Check::Runs(_) | Check::Partial => explodes(facts, function) && has_large_numbers(facts, call),
        _ => false,
    };
    if is_huge {
        bomb(facts, named, call, "It calls something whose result may be huge with whatever comes.", found);
    }
}

/// Whether a function gives something huge when it is called with the items of the second argument.
fn applied_is_huge(facts: &Facts<'_>, function: Edge, call: &Call) -> bool {
    let AbstractValue::Global(called) = facts.value(function) else { return false };
    let (Some((growth, at_once)), Some(given)) = (called.growth, call.args.get(1)) else { return false };
    let args = facts.graph.items(given.node()).take(ARGUMENTS).collect();
    let (args, _) = facts.sizes_given(&Call { id: call.id, kind: call.kind, args, kwargs: None });
    let cost = growth.cost(at_once, &args, growth.result(&args, f64::NEG_INFINITY));
    let third = call.args.get(2).copied();
    cost.items > ordinary(facts)
        || cost.number > DIGITS
        || third.is_some_and(|third| third_is_huge(facts, call, third, growth.explodes()))
}

/// The same of what stands third: `make_instance(class, args, keywords)`, `_create_array(function, args, state)`.
fn third_is_huge(facts: &Facts<'_>, call: &Call, third: Edge, explodes: bool) -> bool {
    let args = facts.graph.items(third.node()).take(ARGUMENTS).collect();
    let kwargs = Some(third).filter(|third| facts.graph.node(third.node()) == Node::Dict);
    let (state, keywords) = facts.sizes_given(&Call { id: call.id, kind: call.kind, args, kwargs });
    let by_keyword = keywords > SMALL.log10() || has_shape(facts, third);
    explodes && by_keyword || state.iter().any(|size| size.number > ordinary(facts))
}

/// Whether a dict has a value that can be a shape.
fn has_shape(facts: &Facts<'_>, dict: Edge) -> bool {
    let is_container = |edge: &Edge| matches!(facts.graph.node(edge.node()), Node::Tuple | Node::List);
    facts.graph.node(dict.node()) == Node::Dict && facts.dict_values(dict.node()).iter().any(is_container)
}

/// Whether calling this makes a huge result of small arguments.
fn explodes(facts: &Facts<'_>, function: Edge) -> bool {
    matches!(facts.value(function), AbstractValue::Global(called)
        if called.growth.is_some_and(|(growth, at_once)| growth.explodes() && at_once == AtOnce::All))
}

/// Whether a number among the arguments, or in what they hold, is one that grows out of proportion.
fn has_large_numbers(facts: &Facts<'_>, call: &Call) -> bool {
    let mut large = false;
    let is_whole = facts.inside_of(call.id, &mut |edge, _| {
        large |= match facts.graph.node(edge.node()) {
            Node::Int(value) => value.unsigned_abs() > SMALL as u64,
            Node::LongBinary(_) | Node::LongText(_) | Node::Text { .. } => true,
            _ => false,
        };
    });
    large || !is_whole
}

/// Something that takes all items of what it is given.
pub(super) fn consumer(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    for &edge in &*call.args {
        given::asks_for_items(facts, named, call.id, edge, found);
    }
}

fn bomb(facts: &Facts<'_>, named: &GlobalRef, call: &Call, why: &str, found: &mut Findings) {
    let mut draft = Draft::named(call.id, named);
    why.clone_into(&mut draft.explanation);
    found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
}
