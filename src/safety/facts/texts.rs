//! One walk over the beginnings of all texts and bytes values: which of them name what Python calls by itself, and which may
//! hold a pickle.

use super::reading::Facts;
use crate::bytes::Span;
use crate::format::pickle::is_announced;
use crate::graph::{Node, NodeId, TextEncoding};
use crate::safety::names::is_adder;
use std::collections::HashSet;

/// Shortest value in which a pickle can do any harm: `(ios\nfork\n.`. The bytes of a datetime are ten.
const SHORTEST: u64 = 11;
/// Longest value that is tried.
const LARGEST: u64 = 32 << 20;
/// Characters that a pickle in base64 or hex needs to do anything at all.
const ENCODED: u64 = 16;

/// Longest name of a method of plain values, `symmetric_difference_update`.
const METHOD: u64 = 27;

/// What a value may hold, by its first bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::safety) enum Payload {
    /// A pickle as it is.
    Pickle,
    /// Compressed bytes.
    Packed,
    /// Bytes in base64 or hex.
    Encoded,
    /// A number in decimal digits.
    Number,
}

/// What the walk has seen, and where it is.
#[derive(Default)]
struct Walk {
    hooks: HashSet<NodeId>,
    adders: HashSet<NodeId>,
    /// A piece of the source and where it begins. Payloads come in the order of the file, so they are taken from a piece
    /// that moves along: a read for each of a million texts would cost more than reading the file did.
    piece: (u64, Vec<u8>),
}

impl Facts<'_> {
    /// Looks at the beginning of every text and bytes value, once, notes those that name hooks, and hands over those that may
    /// hold something.
    pub(in crate::safety) fn payloads(&mut self, each: &mut dyn FnMut(&Self, NodeId, Span, Payload)) {
        let graph = self.graph;
        let mut walk = Walk::default();
        // Names mean something only where something is called, and an encoded pickle is longer than most texts.
        let shortest = if graph.reaches_out { 3 } else { ENCODED };
        for (id, span) in graph.payloads(shortest) {
            if span.len() < 3 {
                continue;
            }
            let mut each =
                |payload: Option<Payload>| payload.into_iter().for_each(|payload| each(self, id, span, payload));
            match graph.node(id) {
                Node::Bytes(_) | Node::ByteArray(_) => each(self.bytes_payload(&mut walk, span)),
                Node::Text { encoding, .. } => {
                    let Some(head) = self.text_head(&mut walk, id, span, encoding) else { continue };
                    if encoding.is_python2() {
                        each(self.bytes_payload(&mut walk, span));
                    }
                    each(text_payload(&head, span));
                }
                Node::LongText(_) => each(Some(Payload::Number)),
                _ => {}
            }
        }
        (self.hooks, self.adders) = (walk.hooks, walk.adders);
    }

    /// The first bytes of a text; what it names is noted.
    fn text_head(&self, walk: &mut Walk, id: NodeId, span: Span, encoding: TextEncoding) -> Option<[u8; 4]> {
        let mut all = [0; 4];
        let head = &mut all[..span.len().min(4) as usize];
        if !self.head(walk, span, head) {
            return None;
        }
        let names = head.starts_with(b"__")
            || matches!(&*head, b"appe" | b"exte" | b"add" | b"keys" | b"_par")
            || head.contains(&b'\\')
            || self.has_getters && span.len() <= METHOD && head[0].is_ascii_lowercase();
        if names
            && span.len() <= 64
            && let Some(bytes) = self.bytes(span)
            && let Ok(text) = encoding.decode(&bytes)
        {
            match &*text.to_string_lossy() {
                name if is_adder(name) => drop(walk.adders.insert(id)),
                name if self.may_be_hook(name) => drop(walk.hooks.insert(id)),
                _ => {}
            }
        }
        Some(all)
    }

    /// The first bytes of a payload.
    fn head(&self, walk: &mut Walk, span: Span, head: &mut [u8]) -> bool {
        const PIECE: usize = 64 * 1024;
        let (start, piece) = &mut walk.piece;
        let inside =
            |start: u64, length: usize| span.start >= start && span.start + head.len() as u64 <= start + length as u64;
        if !inside(*start, piece.len()) {
            piece.resize(PIECE, 0);
            let count = self.lens.source.read_at(span.start, piece).unwrap_or_default();
            piece.truncate(count);
            *start = span.start;
            if !inside(*start, count) {
                return false;
            }
        }
        let skip = (span.start - *start) as usize;
        head.copy_from_slice(&piece[skip..skip + head.len()]);
        true
    }

    fn bytes_payload(&self, walk: &mut Walk, span: Span) -> Option<Payload> {
        let mut head = [0; 2];
        if span.len() < SHORTEST || span.len() > LARGEST || !self.head(walk, span, &mut head) {
            return None;
        }
        let binary = is_announced(&head);
        // Without PROTO only what begins by naming something can do anything.
        let text = matches!(head[0], b'c' | b'(' | b'i') && self.ends_with_stop(span);
        let mut four = [0; 4];
        let encoded = matches!(&head, b"gA" | b"Y2" | b"KG" | b"80")
            || head[0].is_ascii() && self.head(walk, span, &mut four) && may_be_packed_text(&four);
        match () {
            () if may_be_packed(head) => Some(Payload::Packed),
            () if encoded => Some(Payload::Encoded),
            () if binary || text => Some(Payload::Pickle),
            () => None,
        }
    }

    fn ends_with_stop(&self, span: Span) -> bool {
        let mut last = [0; 1];
        self.lens.source.read_at(span.end - 1, &mut last) == Ok(1) && last[0] == b'.'
    }
}

fn text_payload(head: &[u8; 4], span: Span) -> Option<Payload> {
    // What the first bytes of a pickle are in base64 and in hex, by protocol, and 'c' and '(' for protocol 0.
    let in_text = matches!(&head[..2], b"gA" | b"Y2" | b"Y1" | b"KG" | b"KF" | b"80" | b"63" | b"28");
    let is_long_enough = span.len() >= SHORTEST && span.len() <= LARGEST;
    ((in_text || may_be_packed_text(head)) && is_long_enough).then_some(Payload::Encoded)
}

/// Whether bytes may begin a compressed stream; what they are is found out by unpacking them.
pub(in crate::safety) fn may_be_packed(head: [u8; 2]) -> bool {
    matches!(head, [0x1f, 0x8b] | [b'B', b'Z'] | [0xfd, b'7'] | [0x5d, _] | [0x28, 0xb5] | [0x04, 0x22] | [0x78, _])
}

/// The same of the first letters in base64.
fn may_be_packed_text(head: &[u8; 4]) -> bool {
    matches!(head, [b'e', b'A' | b'F' | b'J' | b'N', ..])
        || matches!(head, b"H4sI" | b"QlpO" | b"Qlpo" | b"/Td6" | b"XQAA" | b"KLUv" | b"BCJN")
}
