//! What a dict or set holds in the end, where keys or members are equal: Python keeps the first key and the last value. The
//! graph has what the file gives, in full.
//!
//! Nothing is hashed while a file is read. It is done for what is shown or written out, once, and only where the keys are not
//! in ascending order anyway.

use super::view::{GraphView, Python2Reading};
use crate::bytes::{Span, read_span};
use crate::graph::{Edge, Kept, Node, NodeId, RunKind, SymbolId, TextEncoding};
use crate::opcode;
use crate::opcode::{Int, PyText};
use num_bigint::BigInt;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// Longest text, bytes and number that are compared; longer ones are taken to differ.
const LONGEST: u64 = 64 * 1024;
/// Items of tuples and frozensets that are looked at for each key of an object.
const ITEMS: usize = 128;

/// A key as Python compares it: `1`, `1.0` and `True` are one. What is in a tuple or frozenset stands by its number.
#[derive(PartialEq, Eq, Hash, Debug)]
enum Key {
    None,
    Int(i64),
    Big(Contents),
    Float(u64),
    Str(Contents),
    Bytes(Contents),
    Tuple(Vec<u32>),
    /// In ascending order, each once: equal whatever their order in the file.
    FrozenSet(Vec<u32>),
    Global(SymbolId),
    /// Equal to itself only, as far as anyone can tell.
    Object(NodeId),
}

/// Bytes; of longer ones two hashes with secret keys.
#[derive(PartialEq, Eq, Hash, Debug)]
enum Contents {
    Short(Vec<u8>),
    Long([u64; 2]),
}

/// Gives numbers to keys, the same to those that are equal.
struct Numbering<'l, 'a> {
    view: &'l GraphView<'a>,
    hashers: [RandomState; 2],
    numbers: HashMap<Key, u32>,
    /// Those of tuples and frozensets, which a file may fetch again and again.
    compounds: HashMap<NodeId, u32>,
    /// Items of them that may still be looked at.
    left: usize,
}

impl<'l, 'a> Numbering<'l, 'a> {
    fn new(view: &'l GraphView<'a>, keys: usize) -> Self {
        let hashers = [RandomState::new(), RandomState::new()];
        Self { view, hashers, numbers: HashMap::new(), compounds: HashMap::new(), left: keys.saturating_mul(ITEMS) }
    }

    fn of(&mut self, id: NodeId) -> u32 {
        match self.view.graph.node(id) {
            node if is_compound(node) => match self.compounds.get(&id) {
                Some(&number) => number,
                None => self.of_compound(id),
            },
            _ => {
                let key = self.plain(id).unwrap_or(Key::Object(id));
                self.number(key)
            }
        }
    }

    fn number(&mut self, key: Key) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(key).or_insert(next)
    }

    /// What is inside comes first. A tuple or frozenset is made of objects before it, so none is inside itself.
    fn of_compound(&mut self, root: NodeId) -> u32 {
        let graph = self.view.graph;
        let mut waiting = vec![root];
        while let Some(&id) = waiting.last() {
            let items = || graph.items(id).map(Edge::node);
            let is_new = |item: &NodeId| is_compound(graph.node(*item)) && !self.compounds.contains_key(item);
            let number = match self.left.checked_sub(items().len()) {
                _ if self.compounds.contains_key(&id) => None,
                None => Some(self.number(Key::Object(id))),
                Some(left) => {
                    let inside: Vec<NodeId> = items().filter(is_new).collect();
                    self.left = left;
                    if !inside.is_empty() {
                        waiting.extend(inside);
                        continue;
                    }
                    let parts = items().map(|item| self.of(item)).collect();
                    Some(self.number(compound(graph.node(id), parts)))
                }
            };
            waiting.pop();
            if let Some(number) = number {
                self.compounds.insert(id, number);
            }
        }
        self.compounds.get(&root).copied().unwrap_or_default()
    }

    fn plain(&self, id: NodeId) -> Option<Key> {
        let read = |span: Span| if span.len() <= LONGEST { read_span(self.view.source, span).ok() } else { None };
        Some(match self.view.graph.node(id) {
            Node::None => Key::None,
            Node::Bool(value) => Key::Int(i64::from(value)),
            Node::Int(value) => Key::Int(value),
            Node::Float(value) => self.float(value)?,
            Node::LongBinary(span) => self.int(opcode::long_bytes(&read(span)?)),
            Node::LongText(span) => self.int(opcode::long_line(&read(span)?).ok()?.value),
            Node::Text { span, encoding } => self.text(read(span)?, encoding)?,
            Node::Bytes(span) => Key::Bytes(self.contents(&read(span)?)),
            Node::Global(symbol) => Key::Global(symbol),
            _ => return None,
        })
    }

    /// A text, or the bytes as which a `str` of Python 2 is read. `None` for what does not decode.
    fn text(&self, payload: Cow<'_, [u8]>, encoding: TextEncoding) -> Option<Key> {
        let bytes = match encoding {
            TextEncoding::Utf8 => return Some(Key::Str(self.contents(&payload))),
            TextEncoding::Python2 => payload,
            TextEncoding::Python2Quoted => Cow::Owned(opcode::unescape(&payload).ok()?),
            _ => return Some(Key::Str(self.contents(encoding.decode(&payload).ok()?.as_bytes()))),
        };
        let is_text = match self.view.python2 {
            Python2Reading::Ascii => bytes.is_ascii(),
            Python2Reading::Latin1 => true,
            Python2Reading::Bytes => false,
        };
        Some(match is_text {
            true => Key::Str(self.contents(PyText::from_latin1(&bytes).as_bytes())),
            false => Key::Bytes(self.contents(&bytes)),
        })
    }

    fn int(&self, value: Int) -> Key {
        match value {
            Int::Bool(value) => Key::Int(i64::from(value)),
            Int::Small(value) => Key::Int(value),
            Int::Big(value) => Key::Big(self.contents(&value.to_signed_bytes_le())),
        }
    }

    /// A whole number is equal to the int; a NaN to itself only, as an object.
    fn float(&self, value: f64) -> Option<Key> {
        if value.is_nan() {
            return None;
        }
        if value.is_infinite() || value.fract() != 0.0 {
            return Some(Key::Float(value.to_bits()));
        }
        if value.abs() < (1_u64 << 63) as f64 {
            return Some(Key::Int(value as i64));
        }
        let (mantissa, exponent) =
            (value.to_bits() & ((1 << 52) - 1) | 1 << 52, (value.to_bits() >> 52 & 0x7ff) - 1075);
        let magnitude = BigInt::from(mantissa) << exponent;
        Some(self.int(Int::from_big(if value < 0.0 { -magnitude } else { magnitude })))
    }

    fn contents(&self, bytes: &[u8]) -> Contents {
        const SHORT: usize = 256;
        if bytes.len() <= SHORT {
            return Contents::Short(bytes.to_vec());
        }
        Contents::Long([0, 1].map(|index: usize| self.hashers[index].hash_one(bytes)))
    }
}

fn is_compound(node: Node) -> bool {
    matches!(node, Node::Tuple | Node::FrozenSet)
}

fn compound(node: Node, mut parts: Vec<u32>) -> Key {
    if node == Node::Tuple {
        return Key::Tuple(parts);
    }
    parts.sort_unstable();
    parts.dedup();
    Key::FrozenSet(parts)
}

impl GraphView<'_> {
    /// The pairs or members of an object that are left when equal ones are put together; `None` when none are equal, or too
    /// many were compared already.
    pub(crate) fn kept(&self, id: NodeId, kind: RunKind) -> Option<Arc<Kept>> {
        self.graph.kept((id, kind, self.python2 as u8), |edges, stride| put_together(self, edges, stride))
    }

    /// The pairs that a list or tuple consists of, equal keys put together. `None` when one of its items is something else, there are
    /// too many, or too many were compared already.
    pub(super) fn listed_pairs(&self, id: NodeId) -> Option<Arc<Kept>> {
        let is_list = self.graph.node(id) == Node::List;
        let count = if is_list { self.graph.run_length(id, RunKind::Items) } else { self.graph.items(id).len() as u64 };
        self.graph.kept_of((id, RunKind::Pairs, self.python2 as u8), count, || {
            let pair = |item| self.pair(item);
            let pairs: Option<Vec<[Edge; 2]>> = match is_list {
                true => self.graph.run_window(id, RunKind::Items, 0).map(pair).collect(),
                false => self.graph.items(id).map(pair).collect(),
            };
            let edges: Vec<Edge> = pairs?.into_iter().flatten().collect();
            let count = edges.len() as u64;
            let (edges, replaced) = put_together(self, &edges, 2).unwrap_or((edges, Vec::new()));
            Some(Kept { dropped: (count - edges.len() as u64) / 2, edges, replaced })
        })
    }

    /// The two items of a list or tuple of two.
    fn pair(&self, item: Edge) -> Option<[Edge; 2]> {
        let id = item.node();
        let items: Vec<Edge> = match self.graph.node(id) {
            Node::Tuple => self.graph.items(id).take(3).collect(),
            Node::List => self.graph.run_window(id, RunKind::Items, 0).take(3).collect(),
            _ => return None,
        };
        items.try_into().ok()
    }

    /// Whether each key stands plainly after the one before it: a greater number, a greater text.
    fn all_ascend(&self, keys: impl Iterator<Item = Edge>) -> bool {
        let mut last: Option<Plain<'_>> = None;
        for key in keys {
            let this = match self.graph.node(key.node()) {
                Node::Int(value) => Plain::Int(value),
                Node::Text { span, encoding: TextEncoding::Utf8 } if span.len() <= 256 => {
                    let Ok(text) = read_span(self.source, span) else { return false };
                    Plain::Text(text)
                }
                _ => return false,
            };
            let is_after = match (&last, &this) {
                (None, _) => true,
                (Some(Plain::Int(last)), Plain::Int(this)) => last < this,
                (Some(Plain::Text(last)), Plain::Text(this)) => last < this,
                _ => false,
            };
            if !is_after {
                return false;
            }
            last = Some(this);
        }
        true
    }
}

/// A key that is compared with the next one only.
enum Plain<'a> {
    Int(i64),
    Text(Cow<'a, [u8]>),
}

/// The edges that are left, and the values that were replaced.
fn put_together(view: &GraphView<'_>, edges: &[Edge], stride: usize) -> Option<(Vec<Edge>, Vec<Edge>)> {
    let keys = edges.chunks_exact(stride).map(|child| child[0]);
    if view.all_ascend(keys) {
        return None;
    }
    let count = edges.len() / stride;
    let mut numbering = Numbering::new(view, count);
    let mut first: HashMap<u32, usize> = HashMap::with_capacity(count);
    let (mut kept, mut replaced): (Vec<Edge>, Vec<Edge>) = (Vec::new(), Vec::new());
    for (index, child) in edges.chunks_exact(stride).enumerate() {
        // Nothing is copied before the first that is equal to another.
        let next = if kept.is_empty() { index * stride } else { kept.len() };
        let place = *first.entry(numbering.of(child[0].node())).or_insert(next);
        if place == next {
            if !kept.is_empty() {
                kept.extend_from_slice(child);
            }
            continue;
        }
        if kept.is_empty() {
            kept.extend_from_slice(&edges[..next]);
        }
        if let Some(&value) = child.get(1) {
            replaced.push(std::mem::replace(&mut kept[place + 1], value));
        }
    }
    (!kept.is_empty()).then_some((kept, replaced))
}
