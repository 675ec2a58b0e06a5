//! Reads a whole input: one pickle after the other, and names what is left.

use super::memo::{Memo, MemoView};
use super::memo_past::Then;
use super::parts::{Checkpoint, Frame, Idle, Nested, RawPart, highest_protocol, met};
use super::problem::{Problem, ProblemKind, Problems};
use super::run::{Machine, Pause};
use super::stack::Stack;
use super::window::Window;
use crate::bytes::{Limits, Source, Span, read_span};
use crate::format::pickle::ANNOUNCED;
use crate::graph::{Edge, Graph, GraphMark, Node, NodeId};
use crate::opcode::{Effect, Opcode};
use std::collections::{HashMap, HashSet};

/// One pickle.
#[derive(Debug)]
pub struct Stream {
    /// Its instructions.
    pub span: Span,
    /// Number of its first instruction, counted over the whole input.
    pub first: u64,
    /// Its instructions' number.
    pub opcodes: u64,
    /// What its first PROTO says.
    pub declared_protocol: Option<u8>,
    /// Highest protocol among its opcodes.
    pub opcode_protocol: u8,
    /// Whether STOP was reached.
    pub complete: bool,
    /// What STOP left.
    pub root: Option<Edge>,
    /// What was still on the stack, lowest first: below the root, or where the reading stopped.
    pub leftover: Vec<Edge>,
    /// MARKs that were still open, at STOP or where the reading stopped.
    pub open_marks: u64,
    /// What POP and POP_MARK threw away and nothing else refers to.
    pub discarded: Vec<NodeId>,
    /// The memo at the end; [`Reading::memo`] shows it.
    pub(super) memo: StreamMemo,
    /// Its frames.
    pub frames: Vec<Frame>,
}

/// The memo of a pickle.
#[derive(Debug)]
pub(super) enum StreamMemo {
    Own(Memo),
    /// One of those in [`Reading`], as it was then.
    Shared(usize, Then),
}

/// What the pickles of an input are to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Layout {
    /// One after the other.
    #[default]
    Plain,
    /// What `torch.save` wrote before version 1.6 (`torch/serialization.py`, `_legacy_save`): magic number, protocol
    /// number, facts of the system, the object, the list of storage keys; then, trailing, the storages.
    LegacyTorch,
    /// A `.npy` file: a header, then numbers or a pickle.
    Npy,
}

/// Everything that reading an input gives.
#[derive(Debug)]
pub struct Reading {
    /// The objects.
    pub graph: Graph,
    /// The pickles in order; there is at least one, if only to say that nothing could be read.
    pub streams: Vec<Stream>,
    /// The memos that pickles share.
    pub(super) memos: Vec<Memo>,
    /// What went wrong.
    pub problems: Problems,
    /// Bytes after the last pickle, or after the place where the reading stopped.
    pub trailing: Option<Span>,
    /// Places to resume the listing.
    pub checkpoints: Vec<Checkpoint>,
    /// Offsets of the instructions that store under a memo index in use, in order.
    pub overwrites: Vec<u64>,
    /// Offsets of the instructions that set items of lists, in order: these stand in the place of what was there.
    pub list_items_set: Vec<u64>,
    /// Instructions that change nothing, in order: a loader with rules of its own may refuse them. The first ones.
    pub idle: Vec<Idle>,
    /// What the streams hold that is no instruction, in order. Instructions and these tile a stream.
    pub raw: Vec<RawPart>,
    /// The pickles inside the streams, in order. Their instructions count as those of the stream.
    pub nested: Vec<Nested>,
    /// What the pickles are to each other.
    pub layout: Layout,
    /// Instructions in all.
    pub opcodes: u64,
}

impl Reading {
    /// Where the input ends before something that announced its length, the fewest bytes that are missing, and whether these are all.
    #[must_use]
    pub fn missing(&self) -> Option<(u64, u64, bool)> {
        let is_npy = self.layout == Layout::Npy;
        let (offset, missing) = self.problems.missing(is_npy)?;
        let is_array = |problem: &Problem| {
            problem.offset == offset && matches!(problem.kind, ProblemKind::ArrayBeyondInput { .. })
        };
        Some((offset, missing, is_npy && self.problems.list.iter().any(is_array)))
    }

    /// Of `total` bytes that are no pickle and were not read: an archive's, say.
    #[must_use]
    pub fn unread(total: u64) -> Self {
        Self {
            graph: Graph::default(),
            streams: Vec::new(),
            memos: Vec::new(),
            problems: Problems::default(),
            trailing: (total > 0).then(|| Span::new(0, total)),
            checkpoints: Vec::new(),
            overwrites: Vec::new(),
            list_items_set: Vec::new(),
            idle: Vec::new(),
            raw: Vec::new(),
            nested: Vec::new(),
            layout: Layout::Plain,
            opcodes: 0,
        }
    }

    /// The memo at the end of a pickle.
    #[must_use]
    pub fn memo(&self, stream: usize) -> MemoView<'_> {
        match &self.streams[stream].memo {
            StreamMemo::Own(memo) => MemoView::of(memo, None),
            StreamMemo::Shared(memo, then) => MemoView::of(&self.memos[*memo], Some(then)),
        }
    }

    /// Whether two pickles have one memo: what one stored the other may fetch.
    #[must_use]
    pub fn shares_memo(&self, one: usize, other: usize) -> bool {
        let memo = |stream: usize| match self.streams.get(stream)?.memo {
            StreamMemo::Shared(memo, _) => Some(memo),
            StreamMemo::Own(_) => None,
        };
        memo(one).is_some() && memo(one) == memo(other)
    }

    /// Whether every pickle was read to its STOP.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.problems.fatal().is_none()
    }
}

/// Reads every pickle in `source`. `progress` is told the offset reached and the size, every few thousand instructions.
pub fn read(source: &dyn Source, limits: &Limits, progress: &mut dyn FnMut(u64, u64)) -> Reading {
    read_all(Machine::new(source, limits, progress))
}

/// The same as `pickle.load` does it, which knows nothing of joblib: the bytes of an array are opcodes to it.
pub fn read_plain(source: &dyn Source, limits: &Limits, progress: &mut dyn FnMut(u64, u64)) -> Reading {
    let mut machine = Machine::new(source, limits, progress);
    machine.plain = true;
    read_all(machine)
}

fn read_all(mut machine: Machine<'_>) -> Reading {
    let (source, limits) = (machine.source, machine.limits);
    let mut window = Window::new(source);
    let mut streams: Vec<Stream> = Vec::new();
    let mut layout = Layout::Plain;
    let first = Beginning::of(&machine);
    let mut sharing = Sharing::default();
    loop {
        let begin = Beginning::of(&machine);
        let (damage, helped) = if machine.memo.is_shared() {
            machine.read_with_memo(&mut window, &begin)
        } else {
            machine.memo = sharing.empty_memo();
            (machine.read_stream(&mut window), false)
        };
        let stored = machine.count - first.count;
        if sharing.starts_over(damage.as_deref(), helped, begin.position, &streams, stored) {
            first.restore(&mut machine);
            machine.memos.clear();
            streams.clear();
            continue;
        }
        if helped && begin.position >= sharing.needed_at {
            let (offset, kind) = (begin.position, ProblemKind::NeedsMemoBefore);
            machine.problems.push(Problem { offset, opcode: None, kind, fatal: false }, limits.problems);
        }
        let stopped = damage.is_some();
        if let Some(problem) = damage {
            if !streams.is_empty() && !problem.kind.is_budget() && !begin.looks_like_pickle(&machine) {
                begin.restore(&mut machine);
                break;
            }
            machine.problems.push(*problem, limits.problems);
        }
        streams.push(begin.stream(&mut machine, !stopped));
        if is_legacy_torch(source, &machine.graph, &streams) {
            layout = Layout::LegacyTorch;
            break;
        }
        if stopped || machine.position == machine.total {
            break;
        }
        if streams.len() >= limits.streams {
            let kind = ProblemKind::Limit("pickles in one file");
            machine
                .problems
                .push(Problem { offset: machine.position, opcode: None, kind, fatal: true }, limits.problems);
            break;
        }
    }
    machine.reading(streams, layout)
}

impl<'a> Machine<'a> {
    /// A machine before the first instruction.
    pub(super) fn new(source: &'a dyn Source, limits: &'a Limits, progress: &'a mut dyn FnMut(u64, u64)) -> Self {
        let total = source.len();
        Self {
            source,
            limits,
            progress,
            total,
            wide: total > u64::from(u32::MAX),
            position: 0,
            graph: Graph::default(),
            stack: Stack::default(),
            memo: Memo::default(),
            memos: Vec::new(),
            protocol: 0,
            declared: None,
            frame_end: u64::MAX,
            horizon: 1 << 32,
            frames: Vec::new(),
            buffers: 0,
            discarded: Vec::new(),
            problems: Problems::default(),
            checkpoints: Vec::new(),
            count: 0,
            seen: [false; 256],
            by_operands: HashMap::new(),
            previous: 0,
            overwrites: Vec::new(),
            list_items_set: Vec::new(),
            idle: Vec::new(),
            wrappers: false,
            has_odd_python2: false,
            plain: false,
            older: LOOKED_THROUGH,
            outer: None,
            raw: Vec::new(),
            nested: Vec::new(),
            counted: HashMap::new(),
            item_places: HashMap::new(),
            texts: limits.texts,
            kept: 0,
        }
    }
}

impl Machine<'_> {
    /// Everything that was read.
    pub(super) fn reading(mut self, streams: Vec<Stream>, layout: Layout) -> Reading {
        let memo = self.take_memo();
        self.keep_shared(memo);
        Reading {
            trailing: (self.position < self.total).then(|| Span::new(self.position, self.total)),
            graph: self.graph,
            streams,
            memos: self.memos,
            problems: self.problems,
            checkpoints: self.checkpoints,
            overwrites: self.overwrites,
            list_items_set: self.list_items_set,
            idle: self.idle,
            raw: self.raw,
            nested: self.nested,
            layout,
            opcodes: self.count,
        }
    }

    /// Runs one pickle to its STOP, or gives the problem that ended it.
    pub(super) fn read_stream(&mut self, window: &mut Window<'_>) -> Option<Box<Problem>> {
        let mut found = window.at(self.position);
        loop {
            let (bytes, base) = match found {
                Ok(window) => window,
                Err(error) => return Some(Box::new(error.into())),
            };
            match self.run(bytes, base) {
                Pause::Stop if self.outer.is_some() => {
                    self.leave();
                    found = window.at(self.position);
                }
                Pause::Stop => return None,
                Pause::Damage(problem) => return Some(problem),
                Pause::Refill { longer } => {
                    // In a window that began before it there was less room than a window has.
                    if longer && base == self.position {
                        window.widen();
                    }
                    found = window.move_to(self.position);
                }
            }
        }
    }
}

impl Machine<'_> {
    /// The opcodes met in this pickle; what they say about the whole graph is kept there.
    pub(super) fn take_seen(&mut self) -> [bool; 256] {
        let seen = std::mem::replace(&mut self.seen, [false; 256]);
        let any = |effects: &[Effect]| met(&seen).any(|info| info.effects.iter().any(|e| effects.contains(e)));
        self.graph.reaches_out |= any(&[Effect::Import, Effect::Call, Effect::External]);
        self.graph.has_buffers |= seen[usize::from(Opcode::NextBuffer as u8)];
        self.graph.has_python2_text |= [b'S', b'T', b'U'].iter().any(|&byte: &u8| seen[usize::from(byte)]);
        seen
    }

    /// What was thrown away for good. A pickler pops the items of a tuple that contains itself, and fetches it from the
    /// memo. `first` is the first node of the pickle. What its memo brought from pickles before is looked through as far as
    /// all pickles of a file together may; beyond that everything that was popped counts as thrown away.
    fn unreachable_from<'e>(&mut self, kept: impl Iterator<Item = &'e Edge>, first: usize) -> Vec<NodeId> {
        let mut discarded = std::mem::take(&mut self.discarded);
        if discarded.is_empty() {
            return discarded;
        }
        let mut waiting: Vec<NodeId> = kept.map(|edge| edge.node()).collect();
        let mut own = vec![false; self.graph.len() - first];
        let mut older = HashSet::new();
        while let Some(node) = waiting.pop() {
            let is_new = match node.index().checked_sub(first) {
                Some(at) => !std::mem::replace(&mut own[at], true),
                None if self.older == 0 => return discarded,
                None => older.insert(node),
            };
            if is_new {
                self.older -= u64::from(node.index() < first);
                waiting.extend(self.graph.children(node).map(|edge| edge.node()));
            }
        }
        // Each once: what is kept is marked like what was reached.
        discarded.retain(|node| match node.index().checked_sub(first) {
            Some(at) => !std::mem::replace(&mut own[at], true),
            None => older.insert(*node),
        });
        discarded
    }

    /// The memo of the pickle, whether or not one inside it is being read.
    fn take_memo(&mut self) -> Memo {
        self.outer.take().map_or_else(|| std::mem::take(&mut self.memo), |outer| outer.memo)
    }

    /// Puts a memo away that pickles shared and the next does not.
    fn keep_shared(&mut self, memo: Memo) {
        if memo.is_shared() {
            self.kept += memo.memory() as u64;
            self.memos.push(memo);
        }
    }

    /// The memo at the end of a pickle. One that pickles share stays, for the next of them.
    fn end_memo(&mut self) -> StreamMemo {
        if self.memo.is_shared() {
            return StreamMemo::Shared(self.memos.len(), self.memo.end_pickle());
        }
        let mut memo = std::mem::take(&mut self.memo);
        memo.shrink();
        self.kept += memo.memory() as u64;
        StreamMemo::Own(memo)
    }

    /// Reads a pickle with the memo of the one before it. When that does not help, it is read again on its own. Also returns
    /// whether it helped.
    fn read_with_memo(&mut self, window: &mut Window<'_>, begin: &Beginning) -> (Option<Box<Problem>>, bool) {
        self.graph.guard();
        if self.read_stream(window).is_none() {
            self.graph.keep();
            return (None, true);
        }
        let memo = self.take_memo();
        begin.restore(self);
        self.keep_shared(memo);
        self.memo = Memo::shared();
        (self.read_stream(window), false)
    }
}

/// Whether the pickles of a file share a memo: one `Pickler` wrote them all, and loading them takes one `Unpickler`. Each is
/// taken for itself until one asks for what an earlier one stored; then the file is read anew with a memo that goes on.
#[derive(Debug, Default)]
struct Sharing {
    shares: bool,
    was_tried: bool,
    /// Where the pickle begins that asked.
    needed_at: u64,
}

impl Sharing {
    /// What the first pickle begins with.
    fn empty_memo(&self) -> Memo {
        if self.shares { Memo::shared() } else { Memo::default() }
    }

    /// Whether to read the file anew, in the other way, after the pickle at `position` stopped; so far no more than `stored`
    /// values were stored. Before that is tried, no pickle shares a memo.
    fn starts_over(
        &mut self,
        damage: Option<&Problem>,
        helped: bool,
        position: u64,
        before: &[Stream],
        stored: u64,
    ) -> bool {
        let Some(problem) = damage.filter(|_| !helped) else { return false };
        if self.shares && position <= self.needed_at {
            self.shares = false;
            return true;
        }
        let ProblemKind::MemoMissing(index) = problem.kind else { return false };
        // Where nothing of the kind was stored, nothing would be won.
        let own = || {
            before.iter().filter_map(|stream| match &stream.memo {
                StreamMemo::Own(memo) => Some(memo),
                StreamMemo::Shared(..) => None,
            })
        };
        // MEMOIZE counts on from what the pickles before have stored.
        let is_there = index < stored || own().any(|memo| memo.get(index).is_some());
        if before.is_empty() || self.was_tried || !is_there {
            return false;
        }
        (self.shares, self.was_tried, self.needed_at) = (true, true, position);
        true
    }
}

/// How things stood before a pickle, to undo it when it turns out to be none.
pub(super) struct Beginning {
    position: u64,
    count: u64,
    checkpoints: usize,
    problems: (usize, u64),
    graph: GraphMark,
    wrappers: bool,
    nodes: usize,
    raw: usize,
    nested: usize,
    kept: u64,
}

/// Nodes of earlier pickles that all pickles of one file together look through for what they threw away.
const LOOKED_THROUGH: u64 = 20_000_000;

/// So many instructions in a row are hardly an accident.
const CONVINCING: u64 = 32;

impl Beginning {
    pub(super) fn of(machine: &Machine<'_>) -> Self {
        Self {
            position: machine.position,
            count: machine.count,
            checkpoints: machine.checkpoints.len(),
            problems: (machine.problems.list.len(), machine.problems.total),
            graph: machine.graph.mark(),
            wrappers: machine.wrappers,
            nodes: machine.graph.len(),
            raw: machine.raw.len(),
            nested: machine.nested.len(),
            kept: machine.kept,
        }
    }

    /// Whether damaged bytes after a pickle are one more pickle rather than padding or something else altogether.
    fn looks_like_pickle(&self, machine: &Machine<'_>) -> bool {
        machine.declared.is_some_and(|protocol| ANNOUNCED.contains(&protocol))
            || machine.count - self.count >= CONVINCING
    }

    /// Undoes everything since.
    pub(super) fn restore(&self, machine: &mut Machine<'_>) {
        machine.position = self.position;
        machine.stack = Stack::default();
        machine.memo = Memo::default();
        machine.seen = [false; 256];
        machine.declared = None;
        machine.protocol = 0;
        machine.frame_end = u64::MAX;
        machine.frames.clear();
        machine.buffers = 0;
        machine.discarded.clear();
        machine.count = self.count;
        machine.checkpoints.truncate(self.checkpoints);
        let overwrites = machine.overwrites.partition_point(|&offset| offset < self.position);
        machine.overwrites.truncate(overwrites);
        let items_set = machine.list_items_set.partition_point(|&offset| offset < self.position);
        machine.list_items_set.truncate(items_set);
        let idle = machine.idle.partition_point(|idle| idle.offset < self.position);
        machine.idle.truncate(idle);
        machine.problems.list.truncate(self.problems.0);
        machine.problems.total = self.problems.1;
        machine.graph.truncate(self.graph);
        machine.has_odd_python2 = false;
        machine.wrappers = self.wrappers;
        machine.by_operands.clear();
        machine.counted.clear();
        machine.item_places.clear();
        machine.outer = None;
        machine.raw.truncate(self.raw);
        machine.nested.truncate(self.nested);
        machine.kept = self.kept;
        machine.set_horizon();
    }

    /// What the machine read since, as a stream; the machine is ready for the next.
    pub(super) fn stream(&self, machine: &mut Machine<'_>, complete: bool) -> Stream {
        // Where the reading stopped inside a pickle inside, that one's values are on top.
        let inside = machine.back_to_outer(false);
        if !complete {
            machine.close_batches();
        }
        let open_marks = machine.stack.depth() as u64;
        let mut leftover = machine.stack.take();
        leftover.extend(inside);
        let root = if complete { leftover.pop() } else { None };
        let discarded = machine.unreachable_from(root.iter().chain(&leftover), self.nodes);
        let memo = machine.end_memo();
        machine.keep(&leftover);
        let seen = machine.take_seen();
        machine.has_odd_python2 = false;
        machine.protocol = 0;
        machine.frame_end = u64::MAX;
        machine.set_horizon();
        machine.buffers = 0;
        Stream {
            span: Span::new(self.position, machine.position),
            first: self.count,
            opcodes: machine.count - self.count,
            declared_protocol: machine.declared.take(),
            opcode_protocol: highest_protocol(&seen),
            complete,
            root,
            leftover,
            open_marks,
            discarded,
            memo,
            frames: std::mem::take(&mut machine.frames),
        }
    }
}

/// Whether these are the five pickles with which a file of `torch.save` begins.
fn is_legacy_torch(source: &dyn Source, graph: &Graph, streams: &[Stream]) -> bool {
    /// 0x1950a86a20f9469cfc6c as LONG1 has it, and in decimal (`torch/serialization.py`, `MAGIC_NUMBER`).
    const MAGIC: [&[u8]; 2] = [b"\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", b"119547037146038801333356L"];
    const PROTOCOL: i64 = 1001;
    let [magic, protocol, system, _object, keys] = streams else { return false };
    let node = |stream: &Stream| stream.root.map(|root| graph.node(root.node()));
    let is_magic = match node(magic) {
        Some(Node::LongBinary(span) | Node::LongText(span)) => {
            read_span(source, span.prefix(32)).is_ok_and(|bytes| MAGIC.contains(&&*bytes))
        }
        _ => false,
    };
    is_magic
        && node(protocol) == Some(Node::Int(PROTOCOL))
        && node(system) == Some(Node::Dict)
        && node(keys) == Some(Node::List)
}
