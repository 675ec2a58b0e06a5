//! How the light machine stood every few thousand instructions.

use super::replay::{Access, Small, State, Store};
use super::stack::{Segment, Stack};
use super::walk::Walk;
use std::fmt;

/// Instructions between two places that are kept.
pub(super) const APART: u64 = 4096;

/// The part of the budget of a reading that its history may take.
const SHARE: u64 = 8;

/// A place from which a replay begins.
#[derive(Debug)]
struct Point {
    small: Small,
    /// Places on the stack.
    length: u64,
    floor: u64,
}

/// What is kept of a reading so that any instant is near. Made once, in pieces of any size.
#[derive(Debug, Default)]
pub struct History {
    points: Vec<Point>,
    /// What each stretch left on the stack; the n-th comes before the n-th point.
    segments: Vec<Segment>,
    pub(super) store: Store,
    /// Where it goes on.
    state: State,
    is_full: bool,
}

/// Why an instant cannot be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreached {
    /// The history was not made so far yet.
    NotYet {
        /// Instructions that it covers.
        reached: u64,
    },
    /// It has come to its budget.
    Budget {
        /// Instructions that it covers.
        reached: u64,
    },
    /// The reading has no such instruction.
    Beyond,
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotYet { reached } => write!(f, "stack and memo are known up to instruction {reached} so far"),
            Self::Budget { reached } => write!(
                f,
                "stack and memo are known up to instruction {reached} only: what was on them takes more than its share of \
                 the memory limit"
            ),
            Self::Beyond => f.write_str("there is no such instruction"),
        }
    }
}

impl std::error::Error for Unreached {}

impl History {
    /// Instructions that it covers.
    #[must_use]
    pub fn reached(&self) -> u64 {
        self.state.small.place.number
    }

    /// Why nothing beyond what it covers can be shown.
    #[must_use]
    pub fn unreached(&self) -> Unreached {
        let reached = self.reached();
        if self.is_full { Unreached::Budget { reached } } else { Unreached::NotYet { reached } }
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let places = self.points.capacity() * size_of::<Point>() + self.segments.capacity() * size_of::<Segment>();
        self.store.memory() + places as u64
    }

    /// Whether nothing can be added: all instructions are covered, or the budget is used up.
    pub(super) fn is_complete(&self, walk: &Walk<'_>) -> bool {
        self.is_full || self.reached() >= walk.reading.opcodes
    }

    /// Goes on for about so many instructions, as long as it takes less than its share of `memory` bytes.
    pub(super) fn extend(&mut self, walk: &Walk<'_>, instructions: u64, memory: u64) {
        let end = self.reached().saturating_add(instructions);
        while self.reached() < end && !self.is_complete(walk) {
            if self.reached().is_multiple_of(APART) && !self.keep(memory) {
                return;
            }
            self.state.begin(walk);
            let Some(instruction) = self.state.next(walk) else {
                // The source does not give what it gave when it was read.
                self.is_full = true;
                return;
            };
            self.state.run(walk, &instruction, &mut Access::Record(&mut self.store));
        }
    }

    /// Keeps how things stand; whether there is room for more.
    fn keep(&mut self, memory: u64) -> bool {
        if self.points.last().is_some_and(|last| last.small.place.number == self.reached()) {
            return true;
        }
        if self.memory() > memory / SHARE {
            self.is_full = true;
            return false;
        }
        self.segments.push(self.state.stack.keep(&mut self.store.entries));
        let State { small, stack } = &self.state;
        self.points.push(Point { small: *small, length: stack.len(), floor: stack.floor });
        true
    }

    /// How things stand before an instruction.
    pub(super) fn state_before(&self, walk: &Walk<'_>, number: u64) -> Result<State, Unreached> {
        let reached = self.reached();
        if number > walk.reading.opcodes || walk.reading.opcodes == 0 {
            return Err(Unreached::Beyond);
        }
        if number >= reached && reached < walk.reading.opcodes {
            return Err(self.unreached());
        }
        let mut state = match self.points.partition_point(|point| point.small.place.number <= number).checked_sub(1) {
            Some(at) => {
                let Point { small, length, floor } = &self.points[at];
                State { small: *small, stack: Stack::after(&self.segments[..=at], *length, *floor) }
            }
            None => State::default(),
        };
        while state.small.place.number < number {
            state.begin(walk);
            let Some(instruction) = state.next(walk) else { return Err(self.unreached()) };
            state.run(walk, &instruction, &mut Access::Repeat(&self.store));
        }
        Ok(state)
    }
}
