//! The light machine: what each opcode does to a stack of node numbers and to the memo.
//!
//! It trusts the reading: what did not run there does not run here. Which node an instruction made follows from its offset, since
//! nodes are stored in the order of their opcodes.

use super::columns::{Columns, Extent};
use super::stack::Stack;
use super::step::{Action, Step, Taken};
use super::walk::{Place, Walk};
use crate::graph::NodeId;
use crate::opcode::{Arg, Instruction, Opcode, index_line};
use std::cmp::Ordering;

/// What the history holds for all instants.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// Entries of the stack, one segment after the other.
    pub(super) entries: Vec<u32>,
    /// Stores to the memos of the pickles, and of those inside them.
    pub(super) memos: [Columns; 2],
}

impl Store {
    pub(super) fn memory(&self) -> u64 {
        let entries = (self.entries.capacity() * size_of::<u32>()) as u64;
        entries + self.memos.iter().map(Columns::memory).sum::<u64>()
    }
}

/// Whether the columns have what is replayed, or it comes for the first time.
pub(super) enum Access<'a> {
    Repeat(&'a Store),
    Record(&'a mut Store),
}

impl Access<'_> {
    pub(super) fn store(&self) -> &Store {
        match self {
            Self::Repeat(store) => store,
            Self::Record(store) => store,
        }
    }
}

/// How a pickle stands that waits for the one inside it.
#[derive(Clone, Copy, Debug)]
struct Outer {
    marks: u64,
    protocol: u8,
    floor: u64,
}

/// What is small of an instant: everything but the stack.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Small {
    pub(super) place: Place,
    /// Whether any pickle has begun.
    begun: bool,
    /// The next instruction with which a pickle begins.
    next_begin: u64,
    /// Nodes that were made before: the next instruction's come behind them.
    nodes: u32,
    /// Open MARKs.
    pub(super) marks: u64,
    /// Protocol that the last PROTO named.
    pub(super) protocol: u8,
    /// The pickle inside that is being read, and how the one around it stands.
    nested: Option<(usize, Outer)>,
    memos: [Extent; 2],
}

/// An instant.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) small: Small,
    pub(super) stack: Stack,
}

/// How many values an opcode takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Takes {
    Top(u64),
    AboveMark,
}

impl State {
    pub(super) fn level(&self) -> usize {
        usize::from(self.small.nested.is_some())
    }

    pub(super) fn nested(&self) -> Option<usize> {
        self.small.nested.map(|(nested, _)| nested)
    }

    pub(super) fn memo(&self) -> &Extent {
        &self.small.memos[self.level()]
    }

    pub(super) fn memo_get(&self, index: u64, store: &Store) -> Option<NodeId> {
        store.memos[self.level()].get(self.memo(), index, self.small.place.number).map(NodeId)
    }

    /// Begins the pickle that the next instruction is the first of, if it is.
    pub(super) fn begin(&mut self, walk: &Walk<'_>) {
        let reading = walk.reading;
        let number = self.small.place.number;
        if number >= reading.opcodes || number < self.small.next_begin {
            return;
        }
        let start = walk.stream_start(number);
        if start.number == number && (!self.small.begun || start.stream != self.small.place.stream) {
            let goes_on = self.small.begun && reading.shares_memo(self.small.place.stream, start.stream);
            if !goes_on {
                self.small.memos[0] = self.small.memos[0].next(number);
            }
            self.stack.cut(0);
            self.stack.floor = 0;
            (self.small.marks, self.small.protocol, self.small.nested) = (0, 0, None);
            self.small.place = start;
            self.small.begun = true;
        }
        let at = reading.nested.partition_point(|nested| nested.first < number);
        let begins = |at: usize| reading.nested.get(at).is_some_and(|nested| nested.first == number);
        if begins(at) && self.small.nested.is_none() {
            let outer = Outer { marks: self.small.marks, protocol: self.small.protocol, floor: self.stack.floor };
            self.small.nested = Some((at, outer));
            (self.small.marks, self.small.protocol) = (0, 0);
            self.stack.floor = self.stack.len();
            self.small.memos[1] = self.small.memos[1].next(number);
        }
        let stream = reading.streams.get(start.stream + 1).map(|stream| stream.first);
        let nested = reading.nested.get(if begins(at) { at + 1 } else { at }).map(|nested| nested.first);
        self.small.next_begin = stream.into_iter().chain(nested).min().unwrap_or(u64::MAX);
    }

    /// The last of the nodes that the instruction at `offset` made, and the number of all up to it.
    fn made(&self, walk: &Walk<'_>, offset: u64) -> (Option<NodeId>, u32) {
        let graph = &walk.reading.graph;
        let (mut nodes, mut made) = (self.small.nodes, None);
        while (nodes as usize) < graph.len() {
            let id = NodeId(nodes);
            match graph.offset(id).cmp(&offset) {
                Ordering::Less => {}
                Ordering::Equal => made = Some(id),
                Ordering::Greater => break,
            }
            nodes += 1;
        }
        (made, nodes)
    }

    /// The instruction at the place of this instant.
    pub(super) fn next(&self, walk: &Walk<'_>) -> Option<Instruction> {
        if self.small.place.number >= walk.reading.opcodes { None } else { walk.instruction(self.small.place) }
    }

    /// Runs an instruction.
    pub(super) fn run(&mut self, walk: &Walk<'_>, instruction: &Instruction, access: &mut Access<'_>) {
        let (made, nodes) = self.made(walk, instruction.offset);
        self.small.nodes = nodes;
        let top = |state: &Self, access: &Access<'_>| state.stack.place_from_top(0, &access.store().entries);
        match instruction.opcode {
            Opcode::Proto => self.small.protocol = small_argument(instruction),
            Opcode::Frame => {}
            Opcode::Mark => {
                self.stack.mark(self.small.place.number);
                self.small.marks += 1;
            }
            opcode if is_store(opcode) => {
                if let (Some(index), Some(value)) = (self.memo_index(walk, instruction), top(self, access)) {
                    self.memo_put(index, value, access);
                }
            }
            opcode if is_fetch(opcode) => {
                let index = self.memo_index(walk, instruction);
                if let Some(value) = index.and_then(|index| self.memo_get(index, access.store())) {
                    self.stack.push(value.0);
                }
            }
            Opcode::Dup => {
                if let Some(value) = top(self, access) {
                    self.stack.push(value.0);
                }
            }
            // With nothing above the last MARK, POP takes the MARK itself.
            Opcode::Pop if top(self, access).is_none() => {
                self.stack.drop_top(1);
                self.small.marks = self.small.marks.saturating_sub(1);
            }
            Opcode::Build => {
                self.stack.drop_top(1);
                self.replace_top(made);
            }
            Opcode::ReadOnlyBuffer => self.replace_top(made),
            Opcode::Stop => self.stop(made),
            opcode => {
                self.take(takes(opcode), access.store());
                if let Some(made) = made.filter(|_| !is_change(opcode)) {
                    self.stack.push(made.0);
                }
            }
        }
        let end = walk.behind_raw(instruction.end);
        let place = &mut self.small.place;
        (place.number, place.offset) = (place.number + 1, end);
    }

    fn memo_put(&mut self, index: u64, value: NodeId, access: &mut Access<'_>) {
        let (level, number) = (self.level(), self.small.place.number);
        let memo = &mut self.small.memos[level];
        match access {
            Access::Repeat(store) => store.memos[level].repeat(memo, index, number),
            Access::Record(store) => store.memos[level].store(memo, index, value.0, number),
        };
    }

    /// Ends a pickle. What was left on the stack of one inside a pickle is gone, and `made` takes the place of the wrapper.
    fn stop(&mut self, made: Option<NodeId>) {
        self.stack.drop_top(1);
        if let Some((_, outer)) = self.small.nested.take() {
            self.stack.cut(self.stack.floor);
            (self.small.marks, self.small.protocol) = (outer.marks, outer.protocol);
            self.stack.floor = outer.floor;
            self.replace_top(made);
        }
    }

    fn take(&mut self, takes: Takes, store: &Store) {
        match takes {
            Takes::Top(0) => {}
            Takes::Top(count) => self.stack.drop_top(count),
            Takes::AboveMark => {
                if let Some(mark) = self.stack.last_mark(&store.entries) {
                    self.stack.cut(mark);
                    self.small.marks = self.small.marks.saturating_sub(1);
                }
            }
        }
    }

    fn replace_top(&mut self, made: Option<NodeId>) {
        if let Some(made) = made {
            self.stack.drop_top(1);
            self.stack.push(made.0);
        }
    }

    /// The index that an opcode of the memo works with.
    fn memo_index(&self, walk: &Walk<'_>, instruction: &Instruction) -> Option<u64> {
        match instruction.arg {
            Arg::None => Some(self.memo().entries),
            Arg::Int(index) => u64::try_from(index).ok(),
            Arg::Payload(line) => index_line(&walk.line(line.start, line.end)).ok().map(|read| read.index),
            _ => None,
        }
    }

    /// What the instruction would do, in words for others.
    pub(super) fn describe(&self, walk: &Walk<'_>, instruction: &Instruction, store: &Store) -> Step {
        let (made, _) = self.made(walk, instruction.offset);
        let top = || self.stack.place_from_top(0, &store.entries);
        let opcode = instruction.opcode;
        let action = match opcode {
            Opcode::Proto | Opcode::Frame => Action::Announce,
            Opcode::Mark => Action::Mark,
            Opcode::Dup => Action::Duplicate(top()),
            Opcode::Stop => Action::Stop(top()),
            Opcode::ReadOnlyBuffer => Action::Protect(top()),
            _ if is_store(opcode) => {
                let index = self.memo_index(walk, instruction).unwrap_or_default();
                Action::Store { index, value: top(), replaced: self.memo_get(index, store) }
            }
            _ if is_fetch(opcode) => {
                let index = self.memo_index(walk, instruction).unwrap_or_default();
                Action::Fetch { index, value: self.memo_get(index, store) }
            }
            Opcode::Pop if top().is_none() => Action::Drop(Taken { mark: true, ..Taken::default() }),
            Opcode::Pop | Opcode::PopMark => Action::Drop(self.taken(takes(opcode), store).0),
            _ if is_change(opcode) => {
                let (values, below) = self.taken(takes(opcode), store);
                Action::Add { to: below.and_then(|place| self.stack.value(place, &store.entries)), values }
            }
            _ => Action::Make(self.taken(takes(opcode), store).0),
        };
        let makes = match action {
            Action::Make(_) | Action::Protect(_) => true,
            Action::Add { .. } => opcode == Opcode::Build,
            Action::Stop(_) => self.small.nested.is_some(),
            _ => false,
        };
        Step {
            instruction: *instruction,
            number: self.small.place.number,
            stream: self.small.place.stream,
            nested: self.nested(),
            action,
            made: made.filter(|_| makes),
            end: walk.behind_raw(instruction.end),
        }
    }

    /// The values that an opcode takes, and the place below them.
    fn taken(&self, takes: Takes, store: &Store) -> (Taken, Option<u64>) {
        let end = self.stack.len();
        let (first, below, mark) = match takes {
            Takes::Top(count) => {
                let first = end.saturating_sub(count).max(self.stack.floor);
                (first, first.checked_sub(1), false)
            }
            Takes::AboveMark => match self.stack.last_mark(&store.entries) {
                Some(mark) => (mark + 1, mark.checked_sub(1), true),
                None => (end, None, false),
            },
        };
        let listed = (first..end).take(Taken::LISTED).filter_map(|place| self.stack.value(place, &store.entries));
        (Taken { count: end - first, first: listed.collect(), mark }, below)
    }

    /// Whether an instruction takes, changes, stores or fetches a value.
    pub(super) fn uses(&self, walk: &Walk<'_>, instruction: &Instruction, node: NodeId, store: &Store) -> bool {
        let opcode = instruction.opcode;
        let value = |place| self.stack.value(place, &store.entries) == Some(node);
        if is_fetch(opcode) {
            let index = self.memo_index(walk, instruction);
            return index.and_then(|index| self.memo_get(index, store)) == Some(node);
        }
        let (first, changed) = match opcode {
            Opcode::Mark | Opcode::Proto | Opcode::Frame => return false,
            Opcode::Dup | Opcode::Stop | Opcode::ReadOnlyBuffer => (self.stack.len().saturating_sub(1), 0),
            _ if is_store(opcode) => (self.stack.len().saturating_sub(1), 0),
            _ => match takes(opcode) {
                Takes::Top(count) => (self.stack.len().saturating_sub(count), 1),
                Takes::AboveMark => match self.stack.last_mark(&store.entries) {
                    // The MARK lies between them.
                    Some(mark) => (mark, 1),
                    None => return false,
                },
            },
        };
        let below = if is_change(opcode) { first.saturating_sub(changed) } else { first };
        (below.max(self.stack.floor)..self.stack.len()).any(value)
    }
}

fn small_argument(instruction: &Instruction) -> u8 {
    match instruction.arg {
        Arg::Int(number) => u8::try_from(number).unwrap_or_default(),
        _ => 0,
    }
}

pub(super) fn is_store(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::Put | Opcode::BinPut | Opcode::LongBinPut | Opcode::Memoize)
}

fn is_fetch(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::Get | Opcode::BinGet | Opcode::LongBinGet)
}

/// Whether an opcode changes the value below those it takes, and makes none.
fn is_change(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Append | Opcode::Appends | Opcode::SetItem | Opcode::SetItems | Opcode::AddItems | Opcode::Build
    )
}

/// What the other opcodes take.
fn takes(opcode: Opcode) -> Takes {
    match opcode {
        Opcode::Tuple1 | Opcode::Append | Opcode::BinPersId | Opcode::Build | Opcode::Pop => Takes::Top(1),
        Opcode::Tuple2 | Opcode::SetItem | Opcode::StackGlobal | Opcode::Reduce | Opcode::NewObj => Takes::Top(2),
        Opcode::Tuple3 | Opcode::NewObjEx => Takes::Top(3),
        Opcode::List
        | Opcode::Dict
        | Opcode::Tuple
        | Opcode::FrozenSet
        | Opcode::Appends
        | Opcode::SetItems
        | Opcode::AddItems
        | Opcode::PopMark
        | Opcode::Inst
        | Opcode::Obj => Takes::AboveMark,
        _ => Takes::Top(0),
    }
}
