//! The arena: 20 bytes a node, 4 an edge, and a record for each batch of items that an opcode adds.

use super::journal::Journal;
use super::node::{CallKind, Edge, Node, NodeId, TextEncoding};
use super::record::{FAR, NIL, Record, Tag, partition};
use super::run::{KeptCache, Run, RunIndex, RunKind};
use super::symbol::{SymbolId, Symbols};
use crate::bytes::Span;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// All nodes of a document.
#[derive(Debug, Default)]
pub struct Graph {
    pub(crate) records: Vec<Record>,
    pub(crate) edges: Vec<u32>,
    pub(super) runs: Vec<Run>,
    /// First node and first run at or after each further 4 GiB of the file.
    pub(super) epochs: Vec<(u32, u32)>,
    /// Where nodes begin that reach back further than their field can say; by node.
    pub(super) far: Vec<(u32, u64)>,
    /// Runs of objects that have no field for them: BUILD on a global, APPEND on a tuple.
    pub(super) odd_runs: HashMap<u32, u32>,
    pub(super) run_indices: RefCell<HashMap<(u32, RunKind), Arc<RunIndex>>>,
    /// The globals that nodes refer to.
    pub symbols: Symbols,
    /// Whether any opcode was met that names, calls or refers to something outside the file. Without one, millions of
    /// nodes need not be searched for what is not there.
    pub(crate) reaches_out: bool,
    /// Whether any text is a `str` of Python 2.
    pub(crate) has_python2_text: bool,
    /// Whether any opcode takes an out-of-band buffer.
    pub(crate) has_buffers: bool,
    pub(super) kept: RefCell<KeptCache>,
    /// How objects stood that are older than the last mark and were changed since.
    pub(super) journal: Journal,
}

impl Graph {
    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no node at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Bytes that nodes, edges and runs take.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.records.capacity() * size_of::<Record>()
            + self.edges.capacity() * size_of::<u32>()
            + self.runs.capacity() * size_of::<Run>()
            + self.odd_runs.capacity() * (size_of::<(u32, u32)>() + 1)
    }

    /// Lets `grow` make room for more runs.
    pub(crate) fn reserve_runs<T>(&mut self, grow: impl FnOnce(&mut Vec<Run>) -> T) -> T {
        grow(&mut self.runs)
    }

    /// What a node is.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node {
        let record = &self.records[id.index()];
        let text = |encoding| Node::Text { span: record.span(), encoding };
        match record.tag {
            Tag::None => Node::None,
            Tag::False => Node::Bool(false),
            Tag::True => Node::Bool(true),
            Tag::Int => Node::Int(record.bits() as i64),
            Tag::LongBinary => Node::LongBinary(record.span()),
            Tag::LongText => Node::LongText(record.span()),
            Tag::Float => Node::Float(f64::from_bits(record.bits())),
            Tag::Utf8 => text(TextEncoding::Utf8),
            Tag::RawUnicodeEscape => text(TextEncoding::RawUnicodeEscape),
            Tag::Python2 => text(TextEncoding::Python2),
            Tag::Python2Quoted => text(TextEncoding::Python2Quoted),
            Tag::Line => text(TextEncoding::Line),
            Tag::Bytes => Node::Bytes(record.span()),
            Tag::ByteArray => Node::ByteArray(record.span()),
            Tag::Global => Node::Global(SymbolId(record.a)),
            Tag::ComputedGlobal => Node::ComputedGlobal { module: Edge(record.a), name: Edge(record.b) },
            Tag::Tuple => Node::Tuple,
            Tag::FrozenSet => Node::FrozenSet,
            Tag::List => Node::List,
            Tag::Dict => Node::Dict,
            Tag::Set => Node::Set,
            Tag::Call => self.call(record),
            Tag::PersistentId => Node::PersistentId(Edge(record.a)),
            Tag::Extension => Node::Extension(record.a as i32),
            Tag::Buffer => Node::Buffer(record.a),
            Tag::ReadonlyBuffer => Node::ReadonlyBuffer(Edge(record.a)),
            Tag::InlineArray => {
                let start = self.offset(id) + u64::from(record.c);
                Node::InlineArray { wrapper: Edge(record.b), data: Span::new(start, start + record.length()) }
            }
            Tag::InlinePickle => Node::InlinePickle { wrapper: Edge(record.a), value: Edge(record.b) },
        }
    }

    fn call(&self, record: &Record) -> Node {
        let kind = call_kind(record.extra);
        let first = record.a as usize;
        Node::Call {
            kind,
            callee: Edge(self.edges[first]),
            args: Edge(self.edges[first + 1]),
            kwargs: (kind == CallKind::NewObjEx).then(|| Edge(self.edges[first + 2])),
        }
    }

    /// The items that a tuple or frozenset was made with; nothing for other nodes.
    pub fn items(&self, id: NodeId) -> impl ExactSizeIterator<Item = Edge> + DoubleEndedIterator + Clone {
        let record = &self.records[id.index()];
        let range = match record.tag {
            Tag::Tuple | Tag::FrozenSet => record.a as usize..record.a as usize + record.b as usize,
            _ => 0..0,
        };
        self.edges[range].iter().map(|&edge| Edge(edge))
    }

    /// The same from the `skip`-th on, without going over those before.
    pub fn items_window(&self, id: NodeId, skip: u64) -> impl ExactSizeIterator<Item = Edge> {
        let record = &self.records[id.index()];
        let range = match record.tag {
            Tag::Tuple | Tag::FrozenSet => {
                let (start, end) = (record.a as usize, record.a as usize + record.b as usize);
                start + skip.min(u64::from(record.b)) as usize..end
            }
            _ => 0..0,
        };
        self.edges[range].iter().map(|&edge| Edge(edge))
    }

    /// Everything a node points to: its operands, its items, what was added. In the order of the file.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = Edge> {
        let operands: [Option<Edge>; 3] = match self.node(id) {
            Node::ComputedGlobal { module, name } => [Some(module), Some(name), None],
            Node::Call { callee, args, kwargs, .. } => [Some(callee), Some(args), kwargs],
            Node::PersistentId(edge) | Node::ReadonlyBuffer(edge) | Node::InlineArray { wrapper: edge, .. } => {
                [Some(edge), None, None]
            }
            Node::InlinePickle { wrapper, value } => [Some(wrapper), Some(value), None],
            _ => [None; 3],
        };
        let added = self.runs(id).flat_map(|run| self.run_edges(run));
        operands.into_iter().flatten().chain(self.items(id)).chain(added)
    }

    /// Offset of the opcode that made a node.
    #[must_use]
    pub fn offset(&self, id: NodeId) -> u64 {
        let epoch = self.epochs.partition_point(|&(node, _)| node <= id.0) as u64;
        epoch << 32 | u64::from(self.records[id.index()].at)
    }

    /// Offset of the first byte that belongs to a node: of its MARK, or of the first operand on the stack.
    #[must_use]
    pub fn start(&self, id: NodeId) -> u64 {
        let record = &self.records[id.index()];
        let reach = match record.tag {
            Tag::Tuple | Tag::FrozenSet | Tag::List | Tag::Dict | Tag::Set | Tag::Call => record.c,
            Tag::ComputedGlobal | Tag::Global | Tag::PersistentId | Tag::ReadonlyBuffer | Tag::InlinePickle => record.c,
            // What the wrapper is made of comes first, unless it was fetched.
            Tag::InlineArray if record.b & Edge::FETCHED == 0 => return self.start(NodeId(record.b)),
            _ => 0,
        };
        if reach == FAR
            && let Ok(at) = self.far.binary_search_by_key(&id.0, |&(node, _)| node)
        {
            return self.far[at].1;
        }
        self.offset(id).saturating_sub(u64::from(reach))
    }

    /// Keeps where the next node begins, whose `reach` is [`FAR`].
    pub(crate) fn begins_far(&mut self, start: u64) {
        self.far.push((self.records.len() as u32, start));
    }

    /// The last node that the opcode at `offset` made.
    #[must_use]
    pub fn made_at(&self, offset: u64) -> Option<NodeId> {
        let after = partition(self.records.len(), |i| self.offset(NodeId(i as u32)) <= offset);
        let id = NodeId(after.checked_sub(1)? as u32);
        (self.offset(id) == offset).then_some(id)
    }

    /// The node made last at or before `offset`.
    #[must_use]
    pub fn last_made_before(&self, offset: u64) -> Option<NodeId> {
        let after = partition(self.records.len(), |i| self.offset(NodeId(i as u32)) <= offset);
        after.checked_sub(1).map(|i| NodeId(i as u32))
    }

    /// In which 4 GiB of the file the offsets of new nodes lie, from 0.
    pub(crate) fn epoch(&self) -> u64 {
        self.epochs.len() as u64
    }

    /// Tells the graph that offsets from here on lie in the `epoch`-th 4 GiB of the file.
    pub(crate) fn enter_epoch(&mut self, epoch: u64) {
        while (self.epochs.len() as u64) < epoch {
            self.epochs.push((self.records.len() as u32, self.runs.len() as u32));
        }
    }

    /// The nodes that name something outside the file.
    pub(crate) fn globals(&self) -> impl Iterator<Item = (NodeId, SymbolId)> {
        let records = self.records.iter().enumerate().filter(|(_, record)| record.tag == Tag::Global);
        records.map(|(index, record)| (NodeId(index as u32), SymbolId(record.a)))
    }

    /// Every arrow from a node to another, also from what was added to it.
    pub(crate) fn all_edges(&self) -> impl Iterator<Item = Edge> {
        self.edges.iter().map(|&edge| Edge(edge))
    }

    /// How many nodes refer to each global.
    #[must_use]
    pub fn global_uses(&self) -> Vec<u64> {
        let mut uses = vec![0; self.symbols.len()];
        if uses.is_empty() {
            return uses;
        }
        for record in self.records.iter().filter(|record| record.tag == Tag::Global) {
            uses[record.a as usize] += 1;
        }
        uses
    }

    /// The nodes that call or refer to something outside the file, in order; globals have the symbols.
    pub fn reaching_out(&self) -> impl Iterator<Item = NodeId> {
        let outside = bits(&[Tag::ComputedGlobal, Tag::Call, Tag::PersistentId, Tag::Extension, Tag::Buffer]);
        let reaches = move |tag: Tag| 1 << tag as u8 & outside != 0;
        let records = if self.reaches_out { &self.records[..] } else { &[] };
        let found = records.iter().enumerate().filter(move |(_, record)| reaches(record.tag));
        found.map(|(index, _)| NodeId(index as u32))
    }

    /// A call of a global at a glance, for those who go over millions; `None` for other nodes.
    pub(crate) fn glance(&self, id: NodeId) -> Option<CallGlance> {
        let record = &self.records[id.index()];
        if record.tag != Tag::Call {
            return None;
        }
        let first = record.a as usize;
        let callee = &self.records[Edge(self.edges[first]).node().index()];
        let args = &self.records[Edge(self.edges[first + 1]).node().index()];
        (callee.tag == Tag::Global).then(|| CallGlance {
            kind: call_kind(record.extra),
            symbol: SymbolId(callee.a),
            is_bare: args.tag == Tag::Tuple && args.b == 0,
            is_changed: record.b != NIL,
        })
    }

    /// The texts, bytes and long numbers with their places, in order; of texts those of at least `shortest` bytes.
    pub fn payloads(&self, shortest: u64) -> impl Iterator<Item = (NodeId, Span)> {
        let texts = bits(&[Tag::Utf8, Tag::RawUnicodeEscape, Tag::Python2, Tag::Python2Quoted]);
        let others = bits(&[Tag::Bytes, Tag::ByteArray, Tag::LongText]);
        let holds = move |record: &Record| {
            let tag = 1 << record.tag as u8;
            tag & (texts | others) != 0 && (tag & others != 0 || record.length() >= shortest)
        };
        let found = self.records.iter().enumerate().filter(move |(_, record)| holds(record));
        found.map(|(index, record)| (NodeId(index as u32), record.span()))
    }

    /// Whether any whole number is larger than this.
    pub(crate) fn has_number_above(&self, most: u64) -> bool {
        let is_larger = |record: &Record| match record.tag {
            Tag::Int => (record.bits() as i64).unsigned_abs() > most,
            tag => matches!(tag, Tag::LongBinary | Tag::LongText),
        };
        self.records.iter().any(is_larger)
    }

    /// How many numbers need more than 32 bits, frozensets there are, and texts or bytes of at least `shortest`, which may be
    /// made into a number; tuples, where numbers are in the file that hash as another one does: -1 as -2, floats as floats 2^61
    /// times as large.
    pub(crate) fn count_hashable(&self, shortest: Option<u64>) -> usize {
        let texts = bits(&[Tag::Utf8, Tag::RawUnicodeEscape, Tag::Python2, Tag::Python2Quoted, Tag::Bytes]);
        let is_double = |record: &Record| match record.tag {
            Tag::Int => record.bits() as i64 == -2,
            Tag::Float => {
                let value = f64::from_bits(record.bits());
                value == -2.0 || value.abs() >= 1e9
            }
            _ => false,
        };
        let has_tuples = self.records.iter().any(is_double);
        let is_large = |record: &&Record| match record.tag {
            Tag::Int => (record.bits() as i64).unsigned_abs() > u64::from(u32::MAX),
            Tag::LongBinary | Tag::LongText | Tag::FrozenSet => true,
            Tag::Tuple => has_tuples,
            tag => texts & 1 << tag as u8 != 0 && shortest.is_some_and(|shortest| record.length() >= shortest),
        };
        self.records.iter().filter(is_large).count()
    }

    /// The plain containers that are fetched from the memo somewhere, and that hold others of that kind, themselves or in containers of
    /// their own: what it takes for a small file to be huge when it is written out.
    #[must_use]
    pub fn sharing_containers(&self) -> Vec<NodeId> {
        /// Edges that are looked at together: in most files nothing is shared for long stretches.
        const TOGETHER: usize = 64;
        let containers = bits(&[Tag::Tuple, Tag::List, Tag::Dict, Tag::Set, Tag::FrozenSet]);
        let is_container = |edge: &Edge| 1 << self.records[edge.node().index()].tag as u8 & containers != 0;
        let sharing = self
            .edges
            .chunks(TOGETHER)
            .filter(|chunk| chunk.iter().fold(0, |all, edge| all | edge) & Edge::FETCHED != 0);
        let fetched = sharing.flatten().map(|&edge| Edge(edge)).filter(|edge| edge.is_fetched());
        let mut found: Vec<u32> = Vec::new();
        for edge in fetched.filter(is_container) {
            // The same again is the rule: a default that a million objects have.
            if found.last() != Some(&edge.node().0) {
                found.push(edge.node().0);
            }
        }
        found.sort_unstable();
        found.dedup();
        let is_shared = |edge: Edge| found.binary_search(&edge.node().0).is_ok();
        // What is not fetched is held by one alone, so no container is gone into twice, and a circle leads through a fetched one.
        let mut inside = Vec::new();
        let mut holds_shared = |node: NodeId| {
            inside.clear();
            inside.push(node);
            while let Some(node) = inside.pop() {
                for edge in self.children(node).filter(is_container) {
                    if is_shared(edge) {
                        return true;
                    }
                    inside.push(edge.node());
                }
            }
            false
        };
        found.iter().map(|&node| NodeId(node)).filter(|&node| holds_shared(node)).collect()
    }

    /// The first tuple, frozenset or call that nests more than `most` of them in each other, by what they were made of: they
    /// cannot change, so each was made after what it holds.
    pub(crate) fn deeper_than(&self, most: u32) -> Option<NodeId> {
        let nesting = bits(&[Tag::Tuple, Tag::FrozenSet, Tag::Call]);
        let nests = |record: &Record| 1 << record.tag as u8 & nesting != 0;
        if self.records.iter().filter(|record| nests(record)).count() <= most as usize {
            return None;
        }
        let mut depths = vec![0_u32; self.records.len()];
        for (index, record) in self.records.iter().enumerate().filter(|(_, record)| nests(record)) {
            let first = record.a as usize;
            let held = if record.tag == Tag::Call { 2 } else { record.b as usize };
            let inside = self.edges[first..first + held].iter().map(|&edge| depths[Edge(edge).node().index()]);
            depths[index] = 1 + inside.max().unwrap_or(0);
            if depths[index] > most {
                return Some(NodeId(index as u32));
            }
        }
        None
    }

    /// Whether any text is a `str` of Python 2.
    #[must_use]
    pub fn has_python2_text(&self) -> bool {
        self.has_python2_text
    }

    /// Whether anything takes an out-of-band buffer.
    #[must_use]
    pub fn has_buffers(&self) -> bool {
        self.has_buffers
    }
}

/// What a glance at a call of a global shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallGlance {
    pub(crate) kind: CallKind,
    pub(crate) symbol: SymbolId,
    /// Whether it is given no arguments.
    pub(crate) is_bare: bool,
    /// Whether something was done to its result.
    pub(crate) is_changed: bool,
}

/// A set of tags, a bit each.
fn bits(tags: &[Tag]) -> u32 {
    tags.iter().fold(0, |all, &tag| all | 1 << tag as u8)
}

fn call_kind(extra: u16) -> CallKind {
    // The high byte is what the machine knows of the result.
    match extra & 0xff {
        0 => CallKind::Reduce,
        1 => CallKind::NewObj,
        2 => CallKind::NewObjEx,
        3 => CallKind::Inst,
        _ => CallKind::Obj,
    }
}
