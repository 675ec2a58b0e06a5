//! Numbers that were chosen so that their hashes are one: a dict or set of them compares each with all others.
//!
//! Python hides the hashes of texts and bytes from whoever writes a file, those of numbers it does not: an `int` is its
//! remainder modulo 2^61 - 1, a tuple mixes those of its items (`Python/pyhash.c`, `Objects/tupleobject.c`).

use super::bombs::RESOURCE_BOMB;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::values::GlobalRef;
use crate::safety::verdict::Findings;
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The modulus of Python's hashes of numbers.
const MODULUS: u64 = (1 << 61) - 1;
/// Different values of one hash that no honest file has: a set of so many takes ten seconds.
const ALIKE: u32 = 20_000;
/// The shortest text or bytes of a number above the modulus, and the longest ones that are read.
const SHORTEST: u64 = 8;
const LONGEST: u64 = 4096;

pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    // `Decimal('4611686018427387902')`, `UUID('…')`, `int.from_bytes(…)`
    let makes_numbers =
        |named: &Rc<GlobalRef>| named.growth.is_some_and(|(growth, _)| growth.is_number()) || named.module == "uuid";
    let from_texts = facts.names.iter().any(makes_numbers);
    // Below protocol 4 a frozenset is a call.
    let makes_sets = facts.names.iter().any(|named| named.module == "builtins" && named.name == "frozenset");
    let enough = ALIKE as usize;
    if facts.graph.count_hashable(from_texts.then_some(SHORTEST)) < enough
        && !(makes_sets && facts.graph.reaching_out().take(enough).count() == enough)
    {
        return;
    }
    let mut hashes = Hashes { facts, known: HashMap::new() };
    let (mut alike, mut seen) = (HashMap::<(usize, u64), u32>::new(), HashSet::new());
    for id in (0..facts.graph.len() as u32).map(NodeId) {
        for (reading, value) in hashes.next(id).into_iter().enumerate() {
            let Some(value) = value.filter(|value| value.is_chosen) else { continue };
            if !seen.insert((reading, value.hash, value.identity)) {
                continue;
            }
            let count = alike.entry((reading, value.hash)).or_default();
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
}

/// A value that has the same hash in every process.
#[derive(Clone, Copy)]
struct Hashed {
    hash: u64,
    /// Tells values of one hash apart.
    identity: u64,
    /// Whether a number beyond 32 bits is in it, or a frozenset is: small numbers alone leave no choice.
    is_chosen: bool,
}

/// The hashes that a node may have: that of itself, or of the number that its text or bytes are made into, by each way to read it.
type Readings = [Option<Hashed>; 2];

struct Hashes<'f, 'a> {
    facts: &'f Facts<'a>,
    /// Of tuples, frozensets and calls. They were made after what they hold.
    known: HashMap<NodeId, Readings>,
}

impl Hashes<'_, '_> {
    /// The hashes of a node; those before it have been asked for.
    fn next(&mut self, id: NodeId) -> Readings {
        let graph = self.facts.graph;
        let hashed = match graph.node(id) {
            Node::Tuple => self.mixed(graph.items(id)),
            Node::FrozenSet => [self.united(graph.items(id)), None],
            Node::Call { callee, args, kwargs: None, .. } => self.made(callee, args),
            _ => return self.number(id),
        };
        if hashed.iter().any(Option::is_some) {
            self.known.insert(id, hashed);
        }
        hashed
    }

    /// What the hash of an instance follows from is what it was made of: where that is alike, so is it.
    fn made(&self, callee: Edge, args: Edge) -> Readings {
        let graph = self.facts.graph;
        let Node::Global(symbol) = graph.node(callee.node()) else { return [None; 2] };
        let named = &self.facts.names[symbol.0 as usize];
        if named.module == "builtins" && named.name == "frozenset" {
            /// Items of a set that are looked at.
            const ITEMS: usize = 64;
            let list = graph.items(args.node()).next();
            let items: Vec<Edge> = list
                .into_iter()
                .flat_map(|list| graph.run_window(list.node(), RunKind::Items, 0).take(ITEMS))
                .collect();
            return [self.united(items.into_iter()), None];
        }
        let Some(made_of) = self.known.get(&args.node()) else { return [None; 2] };
        made_of.map(|value| value.map(|value| Hashed { hash: value.hash ^ u64::from(symbol.0), ..value }))
    }

    fn of(&self, edge: Edge) -> Readings {
        self.known.get(&edge.node()).copied().unwrap_or_else(|| self.number(edge.node()))
    }

    fn number(&self, id: NodeId) -> Readings {
        let bytes = |span: crate::bytes::Span| (span.len() <= LONGEST).then(|| self.facts.bytes(span)).flatten();
        let one = |value: Option<Hashed>| [value, None];
        match self.facts.graph.node(id) {
            Node::None => one(Some(small(0x00fc_a860))),
            Node::Bool(value) => one(Some(small(u64::from(value)))),
            Node::Int(value) => one(Some(Hashed {
                hash: signed(value.unsigned_abs() % MODULUS, value < 0),
                identity: value as u64,
                // All small numbers but these two differ.
                is_chosen: value.unsigned_abs() > u64::from(u32::MAX) || matches!(value, -1 | -2),
            })),
            Node::Float(value) => one(float(value)),
            Node::LongBinary(span) => one(bytes(span).map(|bytes| binary(&bytes))),
            Node::LongText(span) => one(bytes(span).and_then(|bytes| decimal(&bytes))),
            Node::Text { span, .. } if span.len() >= SHORTEST => {
                bytes(span).map_or([None; 2], |text| [decimal(&text), hexadecimal(&text)])
            }
            Node::Bytes(span) if span.len() >= SHORTEST => bytes(span).map_or([None; 2], |payload| {
                let reversed: Vec<u8> = payload.iter().rev().copied().collect();
                [Some(binary(&payload)), Some(binary(&reversed))]
            }),
            _ => [None; 2],
        }
    }

    /// A tuple's hash, as xxHash mixes it.
    fn mixed(&self, items: impl ExactSizeIterator<Item = Edge> + Clone) -> Readings {
        const PRIMES: [u64; 3] = [11_400_714_785_074_694_791, 14_029_467_366_897_019_727, 2_870_177_450_012_600_261];
        let length = items.len() as u64;
        [0, 1].map(|reading| {
            let (mut hash, mut identity, mut is_chosen) = (PRIMES[2], DefaultHasher::new(), false);
            for item in items.clone() {
                let readings = self.of(item);
                let item = readings[reading].or(readings[0])?;
                hash = hash.wrapping_add(item.hash.wrapping_mul(PRIMES[1])).rotate_left(31).wrapping_mul(PRIMES[0]);
                item.identity.hash(&mut identity);
                is_chosen |= item.is_chosen;
            }
            hash = hash.wrapping_add(length ^ PRIMES[2] ^ 3_527_539);
            Some(Hashed { hash, identity: identity.finish(), is_chosen })
        })
    }

    /// A frozenset's hash, which is linear in those of its items (`Objects/setobject.c`); what is mixed in last tells nothing apart.
    fn united(&self, items: impl ExactSizeIterator<Item = Edge>) -> Option<Hashed> {
        let (mut hash, mut identity) = ((items.len() as u64 + 1).wrapping_mul(1_927_868_237), 0_u64);
        for item in items {
            let [item, _] = self.of(item);
            let Hashed { hash: of_item, identity: which, .. } = item?;
            hash ^= ((of_item ^ 89_869_747) ^ (of_item << 16)).wrapping_mul(3_644_798_167);
            let mut mixed = DefaultHasher::new();
            which.hash(&mut mixed);
            identity = identity.wrapping_add(mixed.finish());
        }
        Some(Hashed { hash, identity, is_chosen: true })
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

/// A float's hash is that of the rational number that it is (`_Py_HashDouble`): its digits modulo 2^61 - 1, times a power of 2,
/// which turns 61 bits round.
fn float(value: f64) -> Option<Hashed> {
    /// Bits of the significand that are stored, and what is taken from the exponent with them.
    const DIGITS: u32 = 52;
    const BIAS: i64 = 1023 + DIGITS as i64;
    if !value.is_finite() {
        return None;
    }
    let bits = value.to_bits();
    let (stored, exponent) = (bits & ((1 << DIGITS) - 1), bits >> DIGITS & 0x7ff);
    let (digits, exponent) = match exponent {
        0 => (stored, 1),
        exponent => (stored | 1 << DIGITS, exponent),
    };
    let turns = (exponent as i64 - BIAS).rem_euclid(61) as u32;
    let hash = times(digits % MODULUS, 1 << turns);
    // Two floats have one hash when one is the other times 2^61.
    let is_far = !(-30..=30).contains(&(exponent as i64 - 1023));
    let is_chosen = matches!(value, -1.0 | -2.0) || is_far && value != 0.0;
    Some(Hashed { hash: signed(hash, value < 0.0), identity: bits, is_chosen })
}

fn chosen(hash: u64, payload: &[u8]) -> Hashed {
    let mut identity = DefaultHasher::new();
    payload.hash(&mut identity);
    Hashed { hash, identity: identity.finish(), is_chosen: true }
}

fn times(left: u64, right: u64) -> u64 {
    (u128::from(left) * u128::from(right) % u128::from(MODULUS)) as u64
}

/// `base` to the power of `exponent`, which may be negative: the modulus is a prime.
fn power(base: u64, exponent: i64) -> u64 {
    let mut left = exponent.rem_euclid(MODULUS as i64 - 1) as u64;
    let (mut result, mut square) = (1, base);
    while left > 0 {
        if left & 1 == 1 {
            result = times(result, square);
        }
        square = times(square, square);
        left >>= 1;
    }
    result
}

/// Little-endian two's complement.
fn binary(payload: &[u8]) -> Hashed {
    let is_negative = payload.last().is_some_and(|last| last & 0x80 != 0);
    let digits =
        |flip: u8| payload.iter().rev().fold(0, |hash, byte| (times(hash, 256) + u64::from(byte ^ flip)) % MODULUS);
    let hash = if is_negative { (digits(0xff) + 1) % MODULUS } else { digits(0) };
    chosen(signed(hash, is_negative), payload)
}

/// A number as `int`, `Decimal` and `Fraction` read it: `1_000`, `12.50`, `1E+40`, `3/7`.
fn decimal(payload: &[u8]) -> Option<Hashed> {
    let text = std::str::from_utf8(payload).ok()?.trim();
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.strip_suffix('L').unwrap_or(text);
    let (text, divisor) = text.split_once('/').unwrap_or((text, "1"));
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let places = digits.split_once('.').map_or(0, |(_, places)| places.bytes().filter(u8::is_ascii_digit).count());
    let number = |digits: &str| {
        let digits = digits.bytes().filter(|byte| !matches!(byte, b'_' | b'.'));
        digits.into_iter().try_fold(0, |hash, byte| {
            byte.is_ascii_digit().then(|| (times(hash, 10) + u64::from(byte - b'0')) % MODULUS)
        })
    };
    let scale = power(10, exponent.parse::<i32>().ok().map(i64::from)? - places as i64);
    let hash = times(times(number(digits)?, scale), power(number(divisor)?, -1));
    Some(chosen(signed(hash, is_negative), payload))
}

/// A number in hexadecimal digits, as `int` and `UUID` read it.
fn hexadecimal(payload: &[u8]) -> Option<Hashed> {
    let text = std::str::from_utf8(payload).ok()?.trim().trim_start_matches("0x").trim_start_matches("urn:uuid:");
    let digits = text.chars().filter(|digit| !matches!(digit, '-' | '_' | '{' | '}'));
    let hash = digits
        .into_iter()
        .try_fold(0, |hash, digit| Some((times(hash, 16) + u64::from(digit.to_digit(16)?)) % MODULUS))?;
    Some(chosen(hash, payload))
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
        // hash(Decimal('1E+40')), hash(Decimal('12.50')), hash(Fraction(3, 7)), hash(10**18)
        assert_eq!(hash("1E+40"), hash(&format!("1{}", "0".repeat(40))));
        assert_eq!(hash("12.50"), Some(1_152_921_504_606_846_988));
        assert_eq!(hash("3/7"), Some(1_317_624_576_693_539_401));
        assert_eq!(hash("1_000_000_000_000_000_000"), Some(1_000_000_000_000_000_000));
        assert_eq!(hexadecimal(b"20000000-00000000").map(|value| value.hash), Some(1));
        assert_eq!(binary(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]).hash, 0);
        assert_eq!(binary(&[0, 0, 0, 0, 0, 0, 0, 0x20]).hash, 1);
        assert_eq!(binary(&[0, 0, 0, 0, 0, 0, 0, 0xe0]).hash as i64, -2);
    }
}
