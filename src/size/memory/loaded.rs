//! Goes over what is there after loading, each object once.

use super::cpython;
use crate::bytes::{Span, read_span};
use crate::document::Document;
use crate::graph::{Edge, Node, NodeId, RunKind, TextEncoding};
use crate::lens::{Array, Data, Lens};
use std::collections::HashSet;

/// What loading a document takes, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Memory {
    /// Objects that are there once everything is loaded.
    pub objects: u64,
    /// Numbers of arrays and tensors in them.
    pub numbers: u64,
    /// Of `numbers`, those that are not in memory which Python's allocators know of: storages of torch, trees of scikit-learn.
    pub native: u64,
    /// What is there in addition at the end of loading: the memo, and what only it keeps.
    pub loading: u64,
    /// Texts whose widest character was not looked for, because the budget was used up.
    pub unread_texts: u64,
}

impl Memory {
    /// Once loaded.
    #[must_use]
    pub fn loaded(&self) -> u64 {
        self.objects.saturating_add(self.numbers)
    }

    /// While loading, at the end, which is when most is there.
    #[must_use]
    pub fn peak(&self) -> u64 {
        self.loaded().saturating_add(self.loading)
    }

    /// Estimates it for all pickles of a document together.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let reading = document.reading();
        let lens = document.lens();
        let mut walk = Loaded::new(lens);
        let mut memory = Self::default();
        for (number, stream) in reading.streams.iter().enumerate() {
            walk.keep(stream.root);
            walk.run();
            let memo = reading.memo(number);
            let entries = memo.len();
            if entries == 0 {
                continue;
            }
            let before = walk.objects + walk.numbers;
            for (_, node) in memo.entries(ENTRIES) {
                walk.temporary(node);
            }
            let kept = walk.objects + walk.numbers - before;
            walk.objects -= kept;
            // What was not looked at is like the rest.
            let looked_at = entries.min(ENTRIES as u64).max(1);
            let kept = (u128::from(kept) * u128::from(entries) / u128::from(looked_at)) as u64;
            // A pickle's memo is gone before the next is read.
            memory.loading = memory.loading.max(cpython::memo(entries).saturating_add(kept));
        }
        memory.loading = memory.loading.saturating_add(cpython::reader(document.source().len()));
        memory.objects = walk.objects;
        memory.numbers = walk.numbers;
        memory.native = walk.native;
        memory.unread_texts = walk.unread_texts;
        memory
    }
}

/// Entries of a memo that are looked at.
const ENTRIES: usize = 10_000_000;

/// What was met so far.
pub(super) struct Loaded<'a> {
    pub(super) lens: Lens<'a>,
    met: Vec<bool>,
    waiting: Vec<u32>,
    outside: HashSet<(String, Span)>,
    pub(super) objects: u64,
    pub(super) numbers: u64,
    pub(super) native: u64,
    text_budget: u64,
    unread_texts: u64,
}

impl<'a> Loaded<'a> {
    fn new(lens: Lens<'a>) -> Self {
        Self {
            lens,
            met: vec![false; lens.graph.len()],
            waiting: Vec::new(),
            outside: HashSet::new(),
            objects: 0,
            numbers: 0,
            native: 0,
            text_budget: lens.limits.texts,
            unread_texts: 0,
        }
    }

    /// A value that is there after loading.
    pub(super) fn keep(&mut self, edge: impl IntoIterator<Item = Edge>) {
        for edge in edge {
            self.keep_node(edge.node());
        }
    }

    /// Whether a value is met for the first time.
    pub(super) fn meet(&mut self, node: NodeId) -> bool {
        !std::mem::replace(&mut self.met[node.0 as usize], true)
    }

    fn keep_node(&mut self, node: NodeId) {
        if self.meet(node) {
            self.waiting.push(node.0);
        }
    }

    fn run(&mut self) {
        while let Some(node) = self.waiting.pop() {
            self.value(NodeId(node));
        }
    }

    /// A value that only the memo keeps: itself, not what is in it, which has entries of its own.
    fn temporary(&mut self, node: NodeId) {
        if !self.meet(node) {
            return;
        }
        let graph = self.lens.graph;
        self.objects += match graph.node(node) {
            Node::Tuple => cpython::tuple(graph.items(node).len() as u64),
            Node::List => cpython::list(graph.run_length(node, RunKind::Items)),
            Node::Dict => cpython::dict(graph.run_length(node, RunKind::Pairs) / 2, true),
            // What a call made and nothing kept is most likely small, or known by its parts.
            Node::Call { .. } => 64,
            _ => self.scalar(node),
        };
    }

    fn value(&mut self, id: NodeId) {
        let graph = self.lens.graph;
        match graph.node(id) {
            Node::Tuple => {
                self.objects += cpython::tuple(graph.items(id).len() as u64);
                self.keep(graph.items(id));
            }
            Node::FrozenSet => {
                self.objects += cpython::set(graph.items(id).len() as u64);
                self.keep(graph.items(id));
            }
            Node::List => {
                self.objects += cpython::list(graph.run_length(id, RunKind::Items));
                self.keep(graph.run_window(id, RunKind::Items, 0));
            }
            Node::Dict => {
                self.objects += cpython::GC + 48;
                self.pairs(id);
            }
            Node::Set => {
                self.objects += cpython::set(graph.run_length(id, RunKind::Members));
                self.keep(graph.run_window(id, RunKind::Members, 0));
            }
            Node::Call { .. } => self.call(id),
            Node::PersistentId(_) | Node::Buffer(_) => self.outside(id),
            Node::ReadonlyBuffer(buffer) => self.keep([buffer]),
            Node::InlineArray { .. } => {
                if let Some(array) = self.lens.array(id) {
                    self.array(&array);
                }
            }
            Node::InlinePickle { value, .. } => self.keep([value]),
            _ => self.objects += self.scalar(id),
        }
    }

    /// The table of a dict or of an object that is one, with keys and values.
    pub(super) fn pairs(&mut self, id: NodeId) {
        let graph = self.lens.graph;
        let mut has_text_keys = true;
        let mut count = 0;
        for (at, edge) in graph.run_window(id, RunKind::Pairs, 0).enumerate() {
            if at % 2 == 0 {
                count += 1;
                has_text_keys &= matches!(graph.node(edge.node()), Node::Text { .. });
            }
            self.keep_node(edge.node());
        }
        self.objects += cpython::keys(count, has_text_keys);
    }

    /// The header of an array, and its numbers.
    pub(super) fn array(&mut self, array: &Array<'_>) {
        const HEADER: u64 = 96;
        const DIMENSION: u64 = 16;
        self.objects += HEADER + DIMENSION * array.shape.len() as u64;
        match &array.data {
            Data::Bytes(payload) => {
                // What the shape claims and the file does not hold is not loaded either.
                let there = if array.problem.is_some() { payload.span.len() } else { u64::MAX };
                self.numbers += array.bytes().unwrap_or(u64::MAX).min(there);
            }
            Data::Items(list) => {
                self.numbers += 8 * self.lens.graph.run_length(*list, RunKind::Items);
                self.keep(self.lens.graph.run_window(*list, RunKind::Items, 0));
            }
            Data::Missing(_) => {}
        }
    }

    /// Bytes outside the pickle, each once.
    fn outside(&mut self, id: NodeId) {
        let Some(blob) = self.lens.outside(id) else { return };
        if self.outside.insert((blob.place.clone(), blob.span)) {
            self.numbers += blob.span.len();
            self.native += blob.span.len();
        }
    }

    fn scalar(&mut self, id: NodeId) -> u64 {
        match self.lens.graph.node(id) {
            Node::Int(value) => cpython::int(value),
            Node::LongBinary(span) => cpython::long(span.len()),
            // A digit is 3.32 bits.
            Node::LongText(span) => cpython::long(span.len().saturating_mul(10) / 24),
            Node::Float(_) => 24,
            Node::Text { span, encoding } => self.text(span, encoding),
            Node::Bytes(span) => cpython::bytes(span.len()),
            Node::ByteArray(span) => cpython::bytearray(span.len()),
            _ => 0,
        }
    }

    /// A text takes as many bytes for each character as its widest needs.
    fn text(&mut self, span: Span, encoding: TextEncoding) -> u64 {
        let length = span.len();
        if length > self.text_budget {
            self.unread_texts += 1;
            return cpython::text(length, 0x7f);
        }
        self.text_budget -= length;
        let Ok(bytes) = read_span(self.lens.source, span) else { return cpython::text(length, 0x7f) };
        if bytes.is_ascii() && !matches!(encoding, TextEncoding::RawUnicodeEscape | TextEncoding::Python2Quoted) {
            return cpython::text(length, 0x7f);
        }
        let Ok(text) = encoding.decode(&bytes) else { return cpython::text(length, 0x7f) };
        let (count, highest) =
            text.code_points().fold((0, 0), |(count, highest): (u64, u32), point| (count + 1, highest.max(point)));
        cpython::text(count, highest)
    }
}
