//! Calls whose numbers make results that use up memory or time.

use super::bombs::RESOURCE_BOMB;
use super::given;
use crate::graph::{Edge, Node};
use crate::lens::grouped;
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{AtOnce, Called, Check, Growth, Known, Role, Traits};
use crate::safety::values::{ARGUMENTS, AbstractValue, Call, GlobalRef, Size};
use crate::safety::verdict::Findings;

/// Numbers up to here are ordinary: 2^28, as logarithms to base 10 like all sizes.
const NUMBERS: f64 = 8.43;
/// So are items that one call makes or takes at once: 2^24, half a gigabyte as Python's numbers.
const ITEMS: f64 = 7.22;
/// What all calls of a file make at once, in terms of what one may.
const TOGETHER: f64 = 16.0;
/// So are digits of a number.
const DIGITS: f64 = 25_000.0;
/// Numbers up to here grow into nothing.
const SMALL: f64 = 1000.0;
/// So do numbers that are handed to something of unknown growth by what calls it.
const HANDED_ON: f64 = 10_000.0;

/// A size, which is a logarithm, in words: `about 2,100,000,000`.
fn about(size: f64) -> String {
    // Above this the digits are a number of their own.
    const SPELLED: f64 = 15.0;
    if size > SPELLED {
        return format!("10^{} or more", grouped(size.min(1e9) as u64));
    }
    let unit = 10f64.powf((size.floor() - 1.0).max(0.0));
    format!("about {}", grouped(((10f64.powf(size) / unit).round() * unit) as u64))
}

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
        if makes_of_numbers(named, call) && args.iter().any(|arg| arg.number > NUMBERS) {
            let why = "It gets a number far larger than in ordinary files, and may create that many items.";
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
                "It may take all items of an iterator that has no end, or many millions of them.",
                found,
            );
        }
        return;
    };
    let result = growth.result(&args, keywords);
    let cost = growth.cost(at_once, &args, result);
    if cost.items > ordinary(facts) {
        bomb(facts, named, call, &format!("It makes, or takes, {} items at once.", about(cost.items)), found);
    } else if is_too_much_together(facts, cost.items) {
        bomb(facts, named, call, "With the calls before it, it makes hundreds of millions of items.", found);
    } else if cost.number > DIGITS {
        let why =
            format!("The number has {} digits: to work it out takes gigabytes or hours.", about(cost.number.log10()));
        bomb(facts, named, call, &why, found);
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

/// Whether the calls of the file so far make too much, each for itself being ordinary. That is said once.
fn is_too_much_together(facts: &Facts<'_>, items: f64) -> bool {
    let most = TOGETHER * 10_f64.powf(ordinary(facts));
    let before = facts.made_at_once.get();
    let now = before + 10_f64.powf(items);
    facts.made_at_once.set(now);
    before <= most && now > most
}

/// What makes something huge and is called by what the file calls.
fn called_inside(facts: &Facts<'_>, named: &GlobalRef, check: Check, call: &Call, found: &mut Findings) {
    let Some(&function) = call.args.first() else { return };
    let is_huge = match check {
        Check::Runs(Called::FirstWithSecond) => applied_is_huge(facts, function, call),
        Check::Runs(_) if is_of_unknown_growth(facts, function) => has_number_above(facts, call, HANDED_ON),
        Check::Runs(_) | Check::Partial => explodes(facts, function) && has_large_numbers(facts, call),
        _ => false,
    };
    if is_huge {
        bomb(facts, named, call, "It calls a function whose result may be huge for any argument.", found);
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

/// Whether nothing is said of how large a result of this reviewed function is: with a large number it may be anything.
fn is_of_unknown_growth(facts: &Facts<'_>, function: Edge) -> bool {
    let AbstractValue::Global(called) = facts.value(function) else { return false };
    let Known::Reviewed(review) = called.known else { return false };
    // Of numpy's names the types keep numbers, not the functions.
    let keeps = review.role != Role::Reference && called.has(Traits::KEEPS_NUMBERS.with(Traits::CELL));
    called.growth.is_none() && review.check == Check::Any && !keeps
}

/// Whether a whole number among the arguments, or in what they hold, is larger than that; texts may spell one.
fn has_number_above(facts: &Facts<'_>, call: &Call, most: f64) -> bool {
    let mut is_large = false;
    facts.inside_of(call.id, &mut |edge, value| {
        is_large |= match facts.graph.node(edge.node()) {
            Node::Int(value) => value.unsigned_abs() as f64 > most,
            Node::LongBinary(_) | Node::LongText(_) => true,
            _ => value.text().is_some_and(|text| Size::text(text).spelled > SMALL.log10()),
        };
    });
    is_large
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
    for (edge, at_most) in given::asked(facts, call) {
        given::asks_for_items(facts, named, call.id, edge, at_most, found);
    }
}

fn bomb(facts: &Facts<'_>, named: &GlobalRef, call: &Call, why: &str, found: &mut Findings) {
    let mut draft = Draft::named(call.id, named);
    why.clone_into(&mut draft.explanation);
    found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
}
