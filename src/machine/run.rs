//! The hot loop: one `match` on the opcode byte over a window of bytes.
//!
//! It knows the opcodes by their bytes, which keeps it one jump table; `tests/it/opcode/table.rs` holds it to the table. What
//! is rare stands in `exec.rs`.

use super::memo::Memo;
use super::parts::{Checkpoint, Frame, Idle, Nested, Outer, RawPart};
use super::problem::{Problem, ProblemKind, Problems};
use super::reserve::CHECKPOINT;
use super::stack::Stack;
use super::types::is_keywords;
use crate::bytes::{Limits, Source, Span};
use crate::graph::{CallKind, Edge, FAR, Graph, NodeId, Record, RunKind, SymbolId, Tag};
use crate::opcode::{DecodeErrorKind, Opcode, decode};
use std::collections::HashMap;

/// Longest fixed part of an instruction: opcode and an eight-byte number.
const HEAD: usize = 9;

/// Tags, a bit each, of what cannot be hashed, or only perhaps.
const NOT_PLAINLY_HASHABLE: u32 = 1 << Tag::List as u32
    | 1 << Tag::Dict as u32
    | 1 << Tag::Set as u32
    | 1 << Tag::ByteArray as u32
    | 1 << Tag::Tuple as u32
    | 1 << Tag::ReadonlyBuffer as u32
    | 1 << Tag::Call as u32;

/// Why the loop came back.
pub(super) enum Pause {
    /// The next instruction needs bytes after the window; `longer` when a window that begins with it was too short.
    Refill { longer: bool },
    /// STOP was reached.
    Stop,
    /// The pickle cannot be read on.
    Damage(Box<Problem>),
}

/// Why an instruction did not run.
pub(super) enum Halt {
    /// Its line ends after the window.
    Refill,
    Stop,
    Damage(Box<Problem>),
    /// The instruction ran, but what follows it cannot be read.
    DamageAfter(Box<Problem>),
}

pub(super) type Flow<T = ()> = Result<T, Halt>;

/// The machine's state while it reads one document.
pub(super) struct Machine<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) limits: &'a Limits,
    pub(super) progress: &'a mut dyn FnMut(u64, u64),
    pub(super) total: u64,
    /// Whether offsets pass 4 GiB, so that distances may not fit their field.
    pub(super) wide: bool,
    pub(super) position: u64,
    pub(super) graph: Graph,
    pub(super) stack: Stack,
    pub(super) memo: Memo,
    /// The memos that earlier pickles shared.
    pub(super) memos: Vec<Memo>,
    pub(super) protocol: u8,
    pub(super) declared: Option<u8>,
    pub(super) frame_end: u64,
    /// Where the loop has to look up: the end of the frame, or of these 4 GiB.
    pub(super) horizon: u64,
    pub(super) frames: Vec<Frame>,
    pub(super) buffers: u32,
    pub(super) discarded: Vec<NodeId>,
    pub(super) problems: Problems,
    pub(super) checkpoints: Vec<Checkpoint>,
    /// Instructions run since the first pickle.
    pub(super) count: u64,
    /// Opcode bytes met in this pickle.
    pub(super) seen: [bool; 256],
    pub(super) by_operands: HashMap<(u32, u32), SymbolId>,
    pub(super) previous: u64,
    /// Offsets of the instructions that stored under an index in use.
    pub(super) overwrites: Vec<u64>,
    /// Offsets of the instructions that set items of lists.
    pub(super) list_items_set: Vec<u64>,
    /// Instructions that change nothing; the first ones.
    pub(super) idle: Vec<Idle>,
    /// Whether a class was named whose instances bytes follow.
    pub(super) wrappers: bool,
    /// Whether this pickle has a `str` of Python 2 that is not ASCII.
    pub(super) has_odd_python2: bool,
    /// Whether wrappers are objects like any, as they are to everyone but joblib.
    pub(super) plain: bool,
    /// Nodes of earlier pickles that may still be looked through to see what a later one threw away.
    pub(super) older: u64,
    /// What waits while a pickle inside the pickle is read.
    pub(super) outer: Option<Box<Outer>>,
    pub(super) raw: Vec<RawPart>,
    pub(super) nested: Vec<Nested>,
    /// How far the items of objects were counted, by object.
    pub(super) counted: HashMap<u32, (u32, u64)>,
    /// Where the items of lists are of which some are replaced: items before a run, and the run.
    pub(super) item_places: HashMap<u32, Vec<(u64, u32)>>,
    /// Bytes of long texts that may still be read to see whether they decode.
    pub(super) texts: u64,
    /// Bytes that the pickles read before this one hold on to.
    pub(super) kept: u64,
}

impl Machine<'_> {
    /// Runs instructions of the window `bytes`, which begins at offset `base`, until it has to stop.
    pub(super) fn run(&mut self, bytes: &[u8], base: u64) -> Pause {
        let end = base + bytes.len() as u64;
        let begun = self.position;
        let mut at = self.position;
        let pause = loop {
            let padded;
            let (rest, head): (&[u8], &[u8; HEAD]) = if at < end {
                let rest = &bytes[(at - base) as usize..];
                match rest.first_chunk::<HEAD>() {
                    Some(head) => (rest, head),
                    None if end < self.total => break Pause::Refill { longer: at == begun },
                    None => match self.pad(rest, at) {
                        Ok(head) => {
                            padded = head;
                            (rest, &padded)
                        }
                        Err(problem) => {
                            self.note_crossing(at);
                            break Pause::Damage(problem);
                        }
                    },
                }
            } else if at < self.total {
                break Pause::Refill { longer: false };
            } else {
                self.note_crossing(at);
                break Pause::Damage(Box::new(problem_at(at, None, ProblemKind::Decode(DecodeErrorKind::EndOfInput))));
            };
            if at >= self.horizon {
                self.pass_horizon(at);
            }
            if self.count & (CHECKPOINT - 1) == 0
                && let Err(problem) = self.checkpoint(at)
            {
                break Pause::Damage(problem);
            }
            match self.step(rest, head, at) {
                Ok(next) => {
                    self.seen[head[0] as usize] = true;
                    self.count += 1;
                    self.previous = at;
                    at = next;
                }
                Err(Halt::Refill) => break Pause::Refill { longer: at == begun },
                Err(Halt::Damage(problem)) => {
                    self.note_crossing(at);
                    break Pause::Damage(problem);
                }
                Err(Halt::DamageAfter(problem)) => {
                    self.seen[head[0] as usize] = true;
                    self.count += 1;
                    at += 1;
                    break Pause::Damage(problem);
                }
                Err(Halt::Stop) => {
                    self.seen[head[0] as usize] = true;
                    self.count += 1;
                    at += 1;
                    self.note_rest_of_frame(at);
                    break Pause::Stop;
                }
            }
        };
        self.position = at;
        pause
    }

    /// The last few bytes of the input with zeros behind, if an instruction is among them.
    #[cold]
    fn pad(&mut self, rest: &[u8], at: u64) -> Result<[u8; HEAD], Box<Problem>> {
        // Loaders look for the MARK before they read the class.
        if rest[0] == b'i' && self.stack.depth() == 0 {
            return Err(Box::new(problem_at(at, Some(Opcode::Inst), ProblemKind::NoMark)));
        }
        if let Err(error) = decode(self.source, at, self.limits) {
            self.check_first_line(rest, at);
            return Err(Box::new(error.into()));
        }
        let mut head = [0; HEAD];
        head[..rest.len()].copy_from_slice(rest);
        Ok(head)
    }

    /// Runs one instruction and gives the offset of the next.
    #[inline(always)]
    fn step(&mut self, rest: &[u8], head: &[u8; HEAD], at: u64) -> Flow<u64> {
        match head[0] {
            b'K' => self.leaf(Record::number(Tag::Int, u64::from(head[1]), at), at, 2),
            b'M' => self.leaf(Record::number(Tag::Int, u64::from(u16::from_le_bytes([head[1], head[2]])), at), at, 3),
            b'J' => self.leaf(Record::number(Tag::Int, i64::from(int4(head)) as u64, at), at, 5),
            b'G' => self.leaf(Record::number(Tag::Float, u64::from_be_bytes(eight(head)), at), at, 9),
            b'N' => self.leaf(Record::plain(Tag::None, at), at, 1),
            0x88 => self.leaf(Record::plain(Tag::True, at), at, 1),
            0x89 => self.leaf(Record::plain(Tag::False, at), at, 1),
            0x8c => self.utf8(rest, at, 2, u64::from(head[1])),
            b'X' => self.utf8(rest, at, 5, u64::from(int4(head) as u32)),
            b'C' => self.payload(Tag::Bytes, at, 2, u64::from(head[1])),
            b']' => self.leaf(Record::compound(Tag::List, 0, u32::MAX, 0, at), at, 1),
            b'}' => self.leaf(Record::compound(Tag::Dict, 0, u32::MAX, 0, at), at, 1),
            b')' => self.leaf(Record::compound(Tag::Tuple, 0, 0, 0, at), at, 1),
            b'(' => {
                self.stack.mark(at);
                Ok(at + 1)
            }
            0x94 => self.put(self.memo.len(), at).map(|()| at + 1),
            b'q' => self.put(u64::from(head[1]), at).map(|()| at + 2),
            b'r' => self.put(u64::from(int4(head) as u32), at).map(|()| at + 5),
            b'h' => self.get(u64::from(head[1]), at).map(|()| at + 2),
            b'j' => self.get(u64::from(int4(head) as u32), at).map(|()| at + 5),
            b'a' => self.append(at),
            b'e' => self.add_from_mark(RunKind::Items, at),
            b's' => self.set_item(at),
            b'u' => self.add_from_mark(RunKind::Pairs, at),
            0x90 => self.add_from_mark(RunKind::Members, at),
            0x85 => self.small_tuple(1, at),
            0x86 => self.small_tuple(2, at),
            0x87 => self.small_tuple(3, at),
            b't' => self.take_mark(Tag::Tuple, at),
            b'R' => self.call(CallKind::Reduce, at),
            0x81 => self.call(CallKind::NewObj, at),
            b'b' => self.build(at),
            b'.' if self.stack.top().is_some() => Err(Halt::Stop),
            b'.' => Err(self.underflow(at)),
            _ => self.rare(rest, head, at),
        }
    }

    /// Pushes a value that takes nothing from the stack.
    #[inline(always)]
    pub(super) fn leaf(&mut self, record: Record, at: u64, size: u64) -> Flow<u64> {
        let id = self.graph.records.len() as u32;
        self.graph.records.push(record);
        self.stack.push(id, at);
        Ok(at + size)
    }

    /// Pushes a payload by its place; its bytes are not looked at.
    #[inline(always)]
    pub(super) fn payload(&mut self, tag: Tag, at: u64, header: u64, length: u64) -> Flow<u64> {
        let start = at + header;
        if length > self.total - start {
            return Err(self.beyond(at, length, self.total - start));
        }
        self.leaf(Record::payload(tag, start, length, at), at, header + length)
    }

    /// Pushes a `str`; its bytes are checked as far as the window has them, since a loader refuses those that do not decode.
    #[inline(always)]
    pub(super) fn utf8(&mut self, rest: &[u8], at: u64, header: usize, length: u64) -> Flow<u64> {
        let next = self.payload(Tag::Utf8, at, header as u64, length)?;
        match rest.get(header..header.saturating_add(length as usize)) {
            Some(text) if text.is_ascii() => {}
            Some(text) => self.check_utf8(text, at),
            None => self.check_long_utf8(Span::new(at + header as u64, next), at),
        }
        Ok(next)
    }

    #[inline(always)]
    fn get(&mut self, index: u64, at: u64) -> Flow {
        match self.memo.get(index) {
            Some(Edge(edge)) => {
                self.stack.push(edge, at);
                Ok(())
            }
            None => Err(self.damage(at, ProblemKind::MemoMissing(index))),
        }
    }

    #[inline(always)]
    pub(super) fn put(&mut self, index: u64, at: u64) -> Flow {
        let Some(top) = self.stack.top() else { return Err(self.underflow(at)) };
        if self.memo.put(index, top.edge & !Edge::FETCHED) {
            self.overwrites.push(at);
        }
        Ok(())
    }

    /// How far the next value reaches back, to the `start` of the slot that it takes.
    #[inline(always)]
    pub(super) fn reach(&mut self, start: u32, at: u64) -> u32 {
        if self.wide { self.far_reach(start, at) } else { (at as u32).wrapping_sub(start) }
    }

    /// The `start` of the slot of the next value, which begins at the MARK at `mark`.
    #[inline(always)]
    pub(super) fn start_at(&mut self, mark: u64, at: u64) -> u32 {
        if self.wide && mark >> 32 != at >> 32 {
            self.stack.next_begins(mark);
            return FAR;
        }
        mark as u32
    }

    #[inline(always)]
    fn small_tuple(&mut self, count: usize, at: u64) -> Flow<u64> {
        let Some(slots) = self.stack.topmost(count) else { return Err(self.underflow(at)) };
        let first = self.graph.edges.len() as u32;
        let start = slots[0].start;
        self.graph.edges.extend(slots.iter().map(|slot| slot.edge));
        self.stack.drop_top(count);
        let reach = self.reach(start, at);
        self.push_compound(Record::compound(Tag::Tuple, first, count as u32, reach, at), start);
        Ok(at + 1)
    }

    #[inline(always)]
    pub(super) fn push_compound(&mut self, record: Record, start: u32) {
        let id = self.graph.records.len() as u32;
        self.graph.records.push(record);
        self.stack.push_from(id, start);
    }

    #[inline(always)]
    fn append(&mut self, at: u64) -> Flow<u64> {
        let Some(&[target, item]) = self.stack.topmost(2) else { return Err(self.underflow(at)) };
        let start = self.graph.edges.len() as u32;
        self.graph.edges.push(item.edge);
        self.stack.drop_top(1);
        self.add(target.edge, RunKind::Items, start, 1, at);
        Ok(at + 1)
    }

    #[inline(always)]
    fn set_item(&mut self, at: u64) -> Flow<u64> {
        let Some(&[target, key, value]) = self.stack.topmost(3) else { return Err(self.underflow(at)) };
        let start = self.graph.edges.len() as u32;
        self.graph.edges.extend([key.edge, value.edge]);
        self.stack.drop_top(2);
        self.add(target.edge, RunKind::Pairs, start, 2, at);
        Ok(at + 1)
    }

    /// APPENDS, SETITEMS, ADDITEMS: everything above the MARK goes into the object below it.
    #[inline(always)]
    fn add_from_mark(&mut self, kind: RunKind, at: u64) -> Flow<u64> {
        let Some(mark) = self.stack.pop_mark() else { return Err(self.no_mark(at)) };
        let Some(target) = self.stack.below(mark) else { return Err(self.underflow(at)) };
        let start = self.graph.edges.len() as u32;
        self.graph.edges.extend(self.stack.above(mark).iter().map(|slot| slot.edge));
        self.stack.cut_to(mark);
        let count = self.graph.edges.len() as u32 - start;
        if kind == RunKind::Pairs && !count.is_multiple_of(2) {
            return Err(self.damage(at, ProblemKind::OddPairs(u64::from(count))));
        }
        // With nothing above the MARK, CPython's C loader does not even look at the target.
        if count > 0 {
            self.add(target.edge, kind, start, count, at);
        } else {
            self.check_untouched(target.edge, kind, at);
        }
        Ok(at + 1)
    }

    #[inline(always)]
    fn add(&mut self, target: u32, kind: RunKind, start: u32, count: u32, at: u64) {
        let owner = target & !Edge::FETCHED;
        if self.check_add(owner, kind, start, count, at) {
            self.graph.add_run(owner, kind, start, count, at);
        }
    }

    /// Keys and members that cannot be hashed, and targets that take nothing: loading would fail, showing goes on. What is
    /// not plainly in order is looked at in `operands.rs`. Gives whether the edges are still to be added to the object.
    #[inline(always)]
    fn check_add(&mut self, owner: u32, kind: RunKind, start: u32, count: u32, at: u64) -> bool {
        let record = &self.graph.records[owner as usize];
        let stride = match (kind, record.tag) {
            (RunKind::Items, Tag::List) => return true,
            (RunKind::Pairs, Tag::Dict) if !is_keywords(record) => 2,
            (RunKind::Members, Tag::Set) => 1,
            // Of what most calls give nothing is known.
            (_, Tag::Call) if record.extra <= 0xff => return true,
            _ => return self.check_target(owner, kind, start, count, at),
        };
        self.check_keys(start, stride, at);
        true
    }

    /// The edges from `start` on, each `stride`-th of them, as keys or members.
    #[inline(always)]
    fn check_keys(&mut self, start: u32, stride: usize, at: u64) {
        let mut index = start as usize;
        while let Some(&key) = self.graph.edges.get(index) {
            let tag = self.graph.records[(key & !Edge::FETCHED) as usize].tag;
            if 1 << tag as u32 & NOT_PLAINLY_HASHABLE != 0 {
                self.check_hashable(key, at);
            }
            index += stride;
        }
    }

    /// LIST, DICT, TUPLE, FROZENSET: a new object from everything above the MARK.
    #[inline(always)]
    pub(super) fn take_mark(&mut self, tag: Tag, at: u64) -> Flow<u64> {
        let Some(mark) = self.stack.pop_mark() else { return Err(self.no_mark(at)) };
        let first = self.graph.edges.len() as u32;
        self.graph.edges.extend(self.stack.above(mark).iter().map(|slot| slot.edge));
        self.stack.cut_to(mark);
        let count = self.graph.edges.len() as u32 - first;
        let start = self.start_at(mark.at, at);
        let reach = self.reach(start, at);
        if matches!(tag, Tag::Tuple | Tag::FrozenSet) {
            if tag == Tag::FrozenSet {
                self.check_keys(first, 1, at);
            }
            self.push_compound(Record::compound(tag, first, count, reach, at), start);
            return Ok(at + 1);
        }
        let kind = if tag == Tag::Dict { RunKind::Pairs } else { RunKind::Items };
        if kind == RunKind::Pairs && !count.is_multiple_of(2) {
            return Err(self.damage(at, ProblemKind::OddPairs(u64::from(count))));
        }
        let id = self.graph.records.len() as u32;
        self.push_compound(Record::compound(tag, 0, u32::MAX, reach, at), start);
        if count > 0 {
            self.add(id, kind, first, count, at);
        }
        Ok(at + 1)
    }

    /// REDUCE, NEWOBJ: callee and arguments become a call.
    #[inline(always)]
    fn call(&mut self, kind: CallKind, at: u64) -> Flow<u64> {
        let Some(&[callee, args]) = self.stack.topmost(2) else { return Err(self.underflow(at)) };
        self.stack.drop_top(2);
        self.push_call(kind, &[callee.edge, args.edge], callee.start, at);
        Ok(at + 1)
    }

    #[inline(always)]
    pub(super) fn push_call(&mut self, kind: CallKind, operands: &[u32], start: u32, at: u64) {
        let record = |edge: u32| &self.graph.records[(edge & !Edge::FETCHED) as usize];
        let (callee, args) = (record(operands[0]), record(operands[1]));
        // A name that is no builtin may be called with any tuple. Of the others the type of the result may be known.
        let is_plain = callee.tag == Tag::Global && callee.extra == 0 && args.tag == Tag::Tuple && operands.len() == 2;
        let made = if is_plain { 0 } else { self.check_call(kind, operands, at) as u16 };
        let first = self.graph.edges.len() as u32;
        self.graph.edges.extend_from_slice(operands);
        let reach = self.reach(start, at);
        let record =
            Record { extra: kind as u16 | made << 8, ..Record::compound(Tag::Call, first, u32::MAX, reach, at) };
        self.push_compound(record, start);
    }

    #[inline(always)]
    fn build(&mut self, at: u64) -> Flow<u64> {
        let Some(&[target, state]) = self.stack.topmost(2) else { return Err(self.underflow(at)) };
        let start = self.graph.edges.len() as u32;
        self.graph.edges.push(state.edge);
        self.stack.drop_top(1);
        let record = &self.graph.records[(target.edge & !Edge::FETCHED) as usize];
        if (record.tag != Tag::Call || record.extra > 0xff) && self.check_build(target.edge, state.edge, at) {
            return Ok(at + 1);
        }
        self.graph.add_run(target.edge & !Edge::FETCHED, RunKind::State, start, 1, at);
        if self.wrappers { self.after_build(target, state.edge, at) } else { Ok(at + 1) }
    }
}

#[inline(always)]
pub(super) fn int4(head: &[u8; HEAD]) -> i32 {
    i32::from_le_bytes([head[1], head[2], head[3], head[4]])
}

#[inline(always)]
pub(super) fn eight(head: &[u8; HEAD]) -> [u8; 8] {
    let [_, number @ ..] = *head;
    number
}

pub(super) fn problem_at(offset: u64, opcode: Option<Opcode>, kind: ProblemKind) -> Problem {
    Problem { offset, opcode, kind, fatal: true }
}
