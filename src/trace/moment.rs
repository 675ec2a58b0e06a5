//! An instant of a reading: what was on the stack and in the memo.

use super::history::{History, Unreached};
use super::replay::{Access, State};
use super::step::Step;
use super::walk::Walk;
use crate::bytes::{Limits, Source};
use crate::graph::NodeId;
use crate::machine::{Frame, Reading};
use crate::opcode::Instruction;

pub use super::stack::Slot;

/// A reading whose instants can be seen.
pub struct Trace<'a> {
    pub(super) walk: Walk<'a>,
    memory: u64,
}

/// Sizes and positions at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instant {
    /// Instructions that have run.
    pub number: u64,
    /// Where the reader stands.
    pub offset: u64,
    /// Number of the pickle.
    pub stream: usize,
    /// The pickle inside it that is being read: which of [`Reading::nested`].
    pub nested: Option<usize>,
    /// What the last PROTO said.
    pub protocol: u8,
    /// The innermost frame around the reader's position.
    pub frame: Option<Frame>,
    /// Places on the stack: values and MARKs, without those of the pickle around a pickle.
    pub depth: u64,
    /// Open MARKs among them.
    pub marks: u64,
    /// Places on the stack of the pickle around this one.
    pub below: u64,
    /// Indexes of the memo in use.
    pub memo: u64,
}

/// An instant: the state before an instruction.
pub struct Moment<'t, 'a> {
    trace: &'t Trace<'a>,
    history: &'t History,
    state: State,
}

impl<'a> Trace<'a> {
    /// The instants of what was read from a source.
    #[must_use]
    pub fn new(reading: &'a Reading, source: &'a dyn Source, limits: &'a Limits) -> Self {
        Self { walk: Walk::new(reading, source, limits), memory: limits.memory }
    }

    /// Goes on with the history for about so many instructions; whether it is as complete as it gets.
    pub fn prepare(&self, history: &mut History, instructions: u64) -> bool {
        history.extend(&self.walk, instructions, self.memory);
        history.is_complete(&self.walk)
    }

    /// How things stand before the instruction with this number. With the number of all instructions it is how they stand
    /// at the end.
    ///
    /// # Errors
    /// When the history does not reach so far, and why.
    pub fn before<'t>(&'t self, history: &'t History, number: u64) -> Result<Moment<'t, 'a>, Unreached> {
        let mut state = history.state_before(&self.walk, number)?;
        state.begin(&self.walk);
        Ok(Moment { trace: self, history, state })
    }

    /// The number of the instruction that covers a byte; of bytes of an array, of the instruction before them.
    #[must_use]
    pub fn number_at(&self, offset: u64) -> Option<u64> {
        let reading = self.walk.reading;
        let stream = reading.streams.partition_point(|stream| stream.span.start <= offset).checked_sub(1)?;
        let begin = &reading.streams[stream];
        if offset >= begin.span.end || begin.opcodes == 0 {
            return None;
        }
        let after = reading.checkpoints.partition_point(|point| point.offset <= offset);
        let mut place = self.walk.resume(begin.first, after);
        while place.number < begin.first + begin.opcodes {
            let end = self.walk.behind_raw(self.walk.instruction(place)?.end);
            if end > offset {
                return Some(place.number);
            }
            (place.number, place.offset) = (place.number + 1, end);
        }
        None
    }
}

impl Trace<'_> {
    /// The offset of an instruction; of the number of all, the end of the last one.
    #[must_use]
    pub fn offset_of(&self, number: u64) -> Option<u64> {
        let reading = self.walk.reading;
        let last = reading.opcodes.checked_sub(1)?;
        let start = self.walk.stream_start(number.min(last));
        let after = reading.checkpoints.partition_point(|point| point.number <= number);
        let mut place = self.walk.resume(start.number, after);
        while place.number < number.min(reading.opcodes) {
            let end = self.walk.behind_raw(self.walk.instruction(place)?.end);
            (place.number, place.offset) = (place.number + 1, end);
        }
        Some(place.offset)
    }
}

impl Moment<'_, '_> {
    /// Sizes and positions.
    #[must_use]
    pub fn instant(&self) -> Instant {
        let State { small, stack } = &self.state;
        Instant {
            number: small.place.number,
            offset: small.place.offset,
            stream: small.place.stream,
            nested: self.state.nested(),
            protocol: small.protocol,
            frame: self.frame(),
            depth: stack.len() - stack.floor,
            marks: small.marks,
            below: stack.floor,
            memo: self.state.memo().entries,
        }
    }

    fn frame(&self) -> Option<Frame> {
        /// Frames inside each other that are looked at.
        const NESTED: usize = 64;
        let reading = self.trace.walk.reading;
        let (offset, stream) = (self.state.small.place.offset, self.state.small.place.stream);
        let frames = match self.state.nested() {
            Some(nested) => &reading.nested.get(nested)?.frames,
            None => &reading.streams.get(stream)?.frames,
        };
        let before = frames.partition_point(|frame| frame.offset < offset);
        let holds = |frame: &&Frame| offset < frame.offset.saturating_add(9).saturating_add(frame.length);
        frames[..before].iter().rev().take(NESTED).find(holds).copied()
    }

    /// Places of the stack from the top downwards: `skip` are passed over, at most `count` given.
    #[must_use]
    pub fn stack(&self, skip: u64, count: usize) -> Vec<Slot> {
        let stack = &self.state.stack;
        let places = (stack.floor..stack.len().saturating_sub(skip).max(stack.floor)).rev().take(count);
        let slot = |place| stack.slot(place, self.state.small.place.number, &self.history.store.entries);
        places.filter_map(slot).collect()
    }

    /// What is stored under an index.
    #[must_use]
    pub fn memo(&self, index: u64) -> Option<NodeId> {
        self.state.memo_get(index, &self.history.store)
    }

    /// Indexes in use from `from` on, at most `count`, and what is stored under them.
    #[must_use]
    pub fn memo_from(&self, from: u64, count: usize) -> Vec<(u64, NodeId)> {
        let memos = &self.history.store.memos[self.state.level()];
        let found = memos.window(self.state.memo(), from, count, self.state.small.place.number);
        found.into_iter().map(|(index, node)| (index, NodeId(node))).collect()
    }

    /// What the next instruction does; `None` at the end, and where the history ends.
    #[must_use]
    pub fn next_step(&self) -> Option<Step> {
        if self.state.small.place.number >= self.history.reached() {
            return None;
        }
        let instruction = self.state.next(&self.trace.walk)?;
        Some(self.state.describe(&self.trace.walk, &instruction, &self.history.store))
    }

    /// Runs the next instruction, without beginning the pickle that may follow it: after STOP the stack is what STOP left.
    pub fn run(&mut self) -> Option<Step> {
        self.begin();
        let step = self.next_step()?;
        self.state.run(&self.trace.walk, &step.instruction, &mut Access::Repeat(&self.history.store));
        Some(step)
    }

    /// Begins the pickle that the next instruction is the first of, if it is: then stack and memo are empty.
    pub fn begin(&mut self) {
        self.state.begin(&self.trace.walk);
    }

    /// Runs an instruction that was decoded already.
    pub(super) fn pass(&mut self, instruction: &Instruction) {
        self.state.run(&self.trace.walk, instruction, &mut Access::Repeat(&self.history.store));
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }
}
