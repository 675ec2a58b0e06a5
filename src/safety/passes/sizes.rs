//! Calls whose numbers make results that use up memory or time.

use super::bombs::RESOURCE_BOMB;
use super::given;
use crate::graph::{Edge, Node};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{AtOnce, Check, Growth, Known, Traits};
use crate::safety::values::{AbstractValue, Call, GlobalRef, Size};
use crate::safety::verdict::Findings;

/// Items up to here are ordinary: 2^28.
const ITEMS: f64 = 8.43;
/// So are digits of a number.
const DIGITS: f64 = 25_000.0;

/// Whether what a call makes is out of all proportion. `next` is the arithmetic that the database has of the name, or that of
/// what takes all items.
pub(super) fn judge(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let takes_items = matches!(named.known, Known::Reviewed(review) if review.check == Check::Consumer);
    if let Known::Reviewed(review) = named.known
        && matches!(review.check, Check::Runs(_) | Check::Partial)
        && call.args.first().is_some_and(|&function| explodes(facts, function))
        && has_large_numbers(facts, named, call)
    {
        bomb(facts, named, call, "It calls something whose result may be huge with whatever comes.", found);
    }
    let growth = named.growth.or(takes_items.then_some((Growth::Longest, AtOnce::All)));
    if growth.is_none() && !facts.has_huge.get() {
        return;
    }
    let (args, keywords) = facts.sizes_given(call);
    let Some((growth, at_once)) = growth else {
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
    // What stands in the file may be as long as the file.
    let ordinary = ITEMS.max((facts.lens.source.len() as f64).log10() + 1.0);
    if cost.items > ordinary {
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

/// Whether calling this makes a huge result of small arguments.
fn explodes(facts: &Facts<'_>, function: Edge) -> bool {
    matches!(facts.value(function), AbstractValue::Global(called)
        if called.growth.is_some_and(|(growth, at_once)| growth.explodes() && at_once == AtOnce::All))
}

/// Whether a number among the arguments, or in what they hold, is one that grows out of proportion.
fn has_large_numbers(facts: &Facts<'_>, named: &GlobalRef, call: &Call) -> bool {
    const SMALL: u64 = 1000;
    let mut large = false;
    // Where the items of the second argument are all that the function is given, they are looked at alone: of a class, a shape
    // and a letter only the shape counts.
    if named.has(Traits::CALLS_WITH_SECOND)
        && let Some(second) = call.args.get(1).filter(|second| facts.graph.node(second.node()) == Node::Tuple)
    {
        return facts.graph.items(second.node()).any(|item| match facts.graph.node(item.node()) {
            Node::Tuple => facts.graph.items(item.node()).any(
                |size| !matches!(facts.graph.node(size.node()), Node::Int(value) if value.unsigned_abs() <= SMALL),
            ),
            Node::Global(_) | Node::Text { .. } | Node::Bytes(_) => false,
            Node::Call { .. } => {
                facts.value(item).text().is_none() && !matches!(facts.value(item), AbstractValue::Bytes(_))
            }
            _ => true,
        });
    }
    let is_whole = facts.inside_of(call.id, &mut |edge, _| {
        large |= match facts.graph.node(edge.node()) {
            Node::Int(value) => value.unsigned_abs() > SMALL,
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
