//! Numbers that were chosen so that their hashes are one: a dict or set of them compares each with all others.
//!
//! Python hides the hashes of texts and bytes from whoever writes a file, those of numbers it does not: an `int` is its
//! remainder modulo 2^61 - 1, a tuple mixes those of its items (`Python/pyhash.c`, `Objects/tupleobject.c`).

use super::bombs::RESOURCE_BOMB;
use crate::graph::{Edge, Node, NodeId};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::verdict::Findings;
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

/// The modulus of Python's hashes of numbers.
const MODULUS: u64 = (1 << 61) - 1;
/// Different values of one hash that no honest file has: a set of so many takes ten seconds.
const ALIKE: u32 = 20_000;
/// The shortest text of a number above the modulus, and the longest one that is read.
const DIGITS: std::ops::RangeInclusive<u64> = 19..=4096;

pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    let reads_numbers =
        |growth: Option<_>| matches!(growth, Some((kind, _)) if crate::safety::names::Growth::is_number(kind));
    let from_texts = facts.names.iter().any(|named| reads_numbers(named.growth));
    if facts.graph.count_large_numbers(from_texts.then_some(*DIGITS.start())) < ALIKE as usize {
        return;
    }
    let mut hashes = Hashes { facts, known: HashMap::new() };
    let (mut alike, mut seen) = (HashMap::<u64, u32>::new(), HashSet::new());
    for id in (0..facts.graph.len() as u32).map(NodeId) {
        let Some(value) = hashes.next(id).filter(|value| value.is_chosen && seen.insert((value.hash, value.identity)))
        else {
            continue;
        };
        let count = alike.entry(value.hash).or_default();
        *count += 1;
        if *count == ALIKE {
            let mut draft = Draft::at(id);
            draft.explanation = format!(
                "{ALIKE} different numbers, or values made of them, have the same hash: a dict or set of them takes time that grows with the square of their count."
            );
            return found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
        }
    }
}

/// A value that has the same hash in every process.
#[derive(Clone, Copy)]
struct Hashed {
    hash: u64,
    /// Tells values of one hash apart.
    identity: u64,
    /// Whether a number beyond 32 bits is in it: small ones leave no choice.
    is_chosen: bool,
}

struct Hashes<'f, 'a> {
    facts: &'f Facts<'a>,
    /// Of tuples and calls. They were made after what they hold.
    known: HashMap<NodeId, Hashed>,
}

impl Hashes<'_, '_> {
    /// The hash of a node; those before it have been asked for.
    fn next(&mut self, id: NodeId) -> Option<Hashed> {
        let graph = self.facts.graph;
        let hashed = match graph.node(id) {
            Node::Tuple | Node::FrozenSet => self.mixed(graph.items(id))?,
            // What the hash of an instance follows from is what it was made of: where that is alike, so is it.
            Node::Call { callee, args, kwargs: None, .. } => {
                let Node::Global(symbol) = graph.node(callee.node()) else { return None };
                let made_of = self.known.get(&args.node())?;
                Hashed { hash: made_of.hash ^ u64::from(symbol.0), ..*made_of }
            }
            _ => return self.number(id),
        };
        self.known.insert(id, hashed);
        Some(hashed)
    }

    fn number(&self, id: NodeId) -> Option<Hashed> {
        let bytes = |span: crate::bytes::Span| self.facts.bytes(span).filter(|_| span.len() <= *DIGITS.end());
        match self.facts.graph.node(id) {
            Node::None => Some(small(0x00fc_a860)),
            Node::Bool(value) => Some(small(u64::from(value))),
            Node::Int(value) => Some(Hashed {
                hash: signed(value.unsigned_abs() % MODULUS, value < 0),
                identity: value as u64,
                is_chosen: value.unsigned_abs() > u64::from(u32::MAX),
            }),
            Node::LongBinary(span) => bytes(span).map(|bytes| binary(&bytes)),
            Node::LongText(span) => bytes(span).and_then(|bytes| decimal(&bytes)),
            // `Decimal('4611686018427387902')`
            Node::Text { span, .. } if DIGITS.contains(&span.len()) => bytes(span).and_then(|bytes| decimal(&bytes)),
            _ => None,
        }
    }

    /// A tuple's hash, as xxHash mixes it.
    fn mixed(&self, items: impl ExactSizeIterator<Item = Edge>) -> Option<Hashed> {
        const PRIMES: [u64; 3] = [11_400_714_785_074_694_791, 14_029_467_366_897_019_727, 2_870_177_450_012_600_261];
        let length = items.len() as u64;
        let (mut hash, mut identity, mut is_chosen) = (PRIMES[2], DefaultHasher::new(), false);
        for item in items {
            let item = match self.known.get(&item.node()) {
                Some(&known) => known,
                None => self.number(item.node())?,
            };
            hash = hash.wrapping_add(item.hash.wrapping_mul(PRIMES[1])).rotate_left(31).wrapping_mul(PRIMES[0]);
            item.identity.hash(&mut identity);
            is_chosen |= item.is_chosen;
        }
        hash = hash.wrapping_add(length ^ PRIMES[2] ^ 3_527_539);
        Some(Hashed { hash, identity: identity.finish(), is_chosen })
    }
}

fn small(value: u64) -> Hashed {
    Hashed { hash: value, identity: value, is_chosen: false }
}

/// `-1` is an error in C, so `-1` and `-2` have the same hash.
fn signed(hash: u64, is_negative: bool) -> u64 {
    match (hash, is_negative) {
        (_, false) => hash,
        (1, true) => 2_u64.wrapping_neg(),
        (hash, true) => hash.wrapping_neg(),
    }
}

fn chosen(hash: u64, payload: &[u8]) -> Hashed {
    let mut identity = DefaultHasher::new();
    payload.hash(&mut identity);
    Hashed { hash, identity: identity.finish(), is_chosen: true }
}

fn times(left: u64, right: u64) -> u64 {
    (u128::from(left) * u128::from(right) % u128::from(MODULUS)) as u64
}

/// Little-endian two's complement.
fn binary(payload: &[u8]) -> Hashed {
    let is_negative = payload.last().is_some_and(|last| last & 0x80 != 0);
    let digits =
        |flip: u8| payload.iter().rev().fold(0, |hash, byte| (times(hash, 256) + u64::from(byte ^ flip)) % MODULUS);
    let hash = if is_negative { (digits(0xff) + 1) % MODULUS } else { digits(0) };
    chosen(signed(hash, is_negative), payload)
}

/// A whole number in digits.
fn decimal(payload: &[u8]) -> Option<Hashed> {
    let text = payload.trim_ascii().strip_suffix(b"L").unwrap_or(payload.trim_ascii());
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let hash = digits.iter().try_fold(0, |hash, byte| {
        byte.is_ascii_digit().then(|| (times(hash, 10) + u64::from(byte - b'0')) % MODULUS)
    })?;
    Some(chosen(signed(hash, is_negative), payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_hashes_that_python_gives_them() {
        // hash(2**61 - 1), hash(2**61), hash(-2**61), hash(2**200 + 5), hash(-(2**200))
        let hash = |text: &str| decimal(text.as_bytes()).map(|value| value.hash as i64);
        assert_eq!(hash("2305843009213693951"), Some(0));
        assert_eq!(hash("2305843009213693952"), Some(1));
        assert_eq!(hash("-2305843009213693952L"), Some(-2));
        assert_eq!(hash("12a"), None);
        assert_eq!(binary(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]).hash, 0);
        assert_eq!(binary(&[0, 0, 0, 0, 0, 0, 0, 0x20]).hash, 1);
        assert_eq!(binary(&[0, 0, 0, 0, 0, 0, 0, 0xe0]).hash as i64, -2);
    }
}
