//! Calls whose numbers make results that use up memory or time.

use super::bombs::RESOURCE_BOMB;
use super::given;
use crate::graph::{Edge, Node};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{Bound, Traits};
use crate::safety::values::{AbstractValue, Call, GlobalRef};
use crate::safety::verdict::Findings;

/// Numbers and sizes up to here are ordinary: 256 MiB.
const ORDINARY: i64 = 1 << 28;

/// Something whose size comes from the numbers that it is given, and that takes the items of the rest.
pub(super) fn bounded(facts: &Facts<'_>, named: &GlobalRef, bound: Bound, call: &Call, found: &mut Findings) {
    let number = |edge: &Edge| match facts.graph.node(edge.node()) {
        Node::Int(value) => value.unsigned_abs() as i64,
        Node::LongBinary(_) | Node::LongText(_) => i64::MAX,
        _ => 0,
    };
    let numbers: Vec<i64> = call.args.iter().map(number).collect();
    let huge = match (bound, &numbers[..]) {
        (Bound::Power, [base, power, ..]) => *base > 1 && *power > 100_000,
        (Bound::Product, [left, right]) => *left.max(right) > ORDINARY,
        (Bound::Shift, [_, by]) => *by > 1 << 23,
        (Bound::Factorial, [n, ..]) => *n > 20_000,
        (Bound::Combinations, [n, ..]) => *n > 1_000_000,
        (Bound::Size, [size]) => *size > ORDINARY,
        (Bound::Shape, [_, ..]) => {
            let sizes = facts.graph.items(call.args[0].node()).map(|edge| number(&edge)).chain([numbers[0]]);
            sizes.filter(|size| *size > 0).fold(1, i64::saturating_mul) > ORDINARY
        }
        _ => false,
    };
    if huge {
        bomb(facts, named, call, "The number is so large that the result takes gigabytes or hours.", found);
    }
    consumer(facts, named, call, found);
}

/// Something that takes all items of what it is given.
pub(super) fn consumer(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    if call.args.iter().any(|&edge| is_endless(facts, edge)) {
        let why = "It takes all items of an iterator that has no end, or billions of them.";
        bomb(facts, named, call, why, found);
    }
    for &edge in &*call.args {
        given::asks_for_items(facts, named, call.id, edge, found);
    }
}

fn bomb(facts: &Facts<'_>, named: &GlobalRef, call: &Call, why: &str, found: &mut Findings) {
    let mut draft = Draft::named(call.id, named);
    why.clone_into(&mut draft.explanation);
    found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
}

/// An iterator without an end, a huge range, or one over such.
fn is_endless(facts: &Facts<'_>, edge: Edge) -> bool {
    let mut edge = edge;
    for _ in 0..16 {
        let Node::Call { callee, args, .. } = facts.graph.node(edge.node()) else { return false };
        if facts.value(edge) == AbstractValue::Endless {
            return true;
        }
        let AbstractValue::Global(by) = facts.value(callee) else { return false };
        let args: Vec<Edge> = facts.graph.items(args.node()).take(8).collect();
        if by.has(Traits::AS_LONG_AS_A_NUMBER) {
            let huge = |edge: &Edge| match facts.graph.node(edge.node()) {
                Node::Int(value) => value > ORDINARY,
                Node::LongBinary(_) | Node::LongText(_) => true,
                _ => false,
            };
            return args.iter().any(huge);
        }
        if by.has(Traits::MULTIPLIES_ITEMS) {
            return args.len() > 6;
        }
        let inner = args.iter().copied().find(|edge| matches!(facts.graph.node(edge.node()), Node::Call { .. }));
        match inner {
            Some(inner) if by.has(Traits::ITERATES) => edge = inner,
            _ => return false,
        }
    }
    true
}
