//! What a dict or set holds in the end, where keys or members are equal: Python keeps the first key and the last value. The
//! graph has what the file gives, in full.
//!
//! Nothing is hashed while a file is read. It is done for what is shown or written out, once, and only where the keys are not
//! in ascending order anyway.

use super::view::GraphView;
use crate::bytes::read_span;
use crate::graph::{Edge, Kept, Node, NodeId, RunKind, SymbolId, TextEncoding};
use crate::opcode;
use crate::opcode::Int;
use num_bigint::BigInt;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;

/// Longest text, bytes and number that are compared; longer ones are taken to differ.
const LONGEST: u64 = 64 * 1024;
/// Levels of tuples in a key, and items in all of them.
const LEVELS: usize = 8;
const ITEMS: usize = 64;

/// A key as Python compares it: `1`, `1.0` and `True` are one.
#[derive(PartialEq, Eq, Hash, Debug)]
enum Key<'a> {
    None,
    Int(i64),
    Big(BigInt),
    Float(u64),
    Str(Cow<'a, [u8]>),
    Bytes(Cow<'a, [u8]>),
    Tuple(Vec<Key<'a>>),
    EmptyFrozenSet,
    Global(SymbolId),
    /// Equal to itself only, as far as anyone can tell.
    Object(NodeId),
}

impl GraphView<'_> {
    /// The pairs or members of an object that are left when equal ones are put together; `None` when none are equal, or too
    /// many were compared already.
    pub(crate) fn kept(&self, id: NodeId, kind: RunKind) -> Option<Rc<Kept>> {
        self.graph.kept(id, kind, |edges, stride| put_together(self, edges, stride))
    }

    fn key(&self, edge: Edge, levels: usize, items: &mut usize) -> Key<'_> {
        let object = Key::Object(edge.node());
        *items += 1;
        if levels == 0 || *items > ITEMS {
            return object;
        }
        match self.graph.node(edge.node()) {
            Node::None => Key::None,
            Node::Bool(value) => Key::Int(i64::from(value)),
            Node::Int(value) => Key::Int(value),
            Node::Float(value) => float(value).unwrap_or(object),
            Node::LongBinary(span) if span.len() <= LONGEST => match read_span(self.source, span) {
                Ok(bytes) => number(opcode::long_bytes(&bytes)),
                Err(_) => object,
            },
            Node::LongText(span) if span.len() <= LONGEST => {
                let read = read_span(self.source, span).ok().and_then(|line| opcode::long_line(&line).ok());
                read.map_or(object, |read| number(read.value))
            }
            Node::Text { span, encoding } if span.len() <= LONGEST => match read_span(self.source, span) {
                Ok(bytes) if encoding == TextEncoding::Utf8 => Key::Str(bytes),
                Ok(bytes) => match encoding.decode(&bytes) {
                    Ok(text) => Key::Str(Cow::Owned(text.as_bytes().to_vec())),
                    Err(_) => object,
                },
                Err(_) => object,
            },
            Node::Bytes(span) if span.len() <= LONGEST => read_span(self.source, span).map_or(object, Key::Bytes),
            Node::Tuple => {
                let edges = self.graph.items(edge.node());
                if edges.len() > ITEMS {
                    return object;
                }
                let parts: Vec<Key<'_>> = edges.map(|item| self.key(item, levels - 1, items)).collect();
                if *items > ITEMS { object } else { Key::Tuple(parts) }
            }
            Node::FrozenSet if self.graph.items(edge.node()).len() == 0 => Key::EmptyFrozenSet,
            Node::Global(symbol) => Key::Global(symbol),
            _ => object,
        }
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

fn number(value: Int) -> Key<'static> {
    match value {
        Int::Bool(value) => Key::Int(i64::from(value)),
        Int::Small(value) => Key::Int(value),
        Int::Big(value) => Key::Big(value),
    }
}

/// A whole number is equal to the int; a NaN to itself only, as an object.
fn float(value: f64) -> Option<Key<'static>> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() || value.fract() != 0.0 {
        return Some(Key::Float(value.to_bits()));
    }
    if value.abs() < (1_u64 << 63) as f64 {
        return Some(Key::Int(value as i64));
    }
    let (mantissa, exponent) = (value.to_bits() & ((1 << 52) - 1) | 1 << 52, (value.to_bits() >> 52 & 0x7ff) - 1075);
    let magnitude = BigInt::from(mantissa) << exponent;
    Some(number(Int::from_big(if value < 0.0 { -magnitude } else { magnitude })))
}

/// The edges that are left, and the values that were replaced.
fn put_together(view: &GraphView<'_>, edges: &[Edge], stride: usize) -> Option<(Vec<Edge>, Vec<Edge>)> {
    let keys = || edges.chunks_exact(stride).map(|child| child[0]);
    if view.all_ascend(keys()) {
        return None;
    }
    let hasher = RandomState::new();
    let mut first: HashMap<u64, usize> = HashMap::with_capacity(edges.len() / stride);
    let (mut kept, mut replaced): (Vec<Edge>, Vec<Edge>) = (Vec::new(), Vec::new());
    let mut is_changed = false;
    let key = |edge| view.key(edge, LEVELS, &mut 0);
    for (index, child) in edges.chunks_exact(stride).enumerate() {
        let this = key(child[0]);
        let place =
            *first.entry(hasher.hash_one(&this)).or_insert(if is_changed { kept.len() } else { index * stride });
        let is_new = if is_changed { place == kept.len() } else { place == index * stride };
        let same = |kept: &[Edge]| key(kept[place]) == this;
        if is_new || !same(if is_changed { &kept } else { edges }) {
            if is_changed {
                kept.extend_from_slice(child);
            }
            continue;
        }
        if !is_changed {
            kept.extend_from_slice(&edges[..index * stride]);
            is_changed = true;
        }
        if let Some(&value) = child.get(1) {
            replaced.push(std::mem::replace(&mut kept[place + 1], value));
        }
    }
    is_changed.then_some((kept, replaced))
}
