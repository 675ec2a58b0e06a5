//! Running on to the next instruction of a kind, a bounded number of instructions at a time.

use super::history::{APART, History, Unreached};
use super::moment::{Moment, Trace};
use super::replay::{State, is_store};
use super::step::Action;
use crate::graph::NodeId;
use crate::machine::Problem;
use crate::opcode::Instruction;

/// What to look for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goal {
    /// An instruction that calls something that the file chose.
    Call,
    /// An instruction that looks up a name.
    Global,
    /// A store under this index of the memo.
    MemoWrite(u64),
    /// An instruction that takes, changes, stores or fetches this value.
    Use(NodeId),
    /// An instruction that has a problem.
    Problem,
    /// The instruction that makes this value.
    Made(NodeId),
}

/// Which way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// To the end.
    Forward,
    /// To the beginning.
    Back,
}

/// A search, to be gone on with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Search {
    /// What to look for.
    pub goal: Goal,
    /// Which way.
    pub direction: Direction,
    /// Forward: the first instruction to look at. Back: the one after the last to look at.
    pub from: u64,
}

/// How far a search came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// The number of the instruction.
    At(u64),
    /// There is none in that direction.
    Nowhere,
    /// The budget was used up; the rest of the search.
    Unfinished(Search),
    /// The history does not reach so far.
    Unreached(Unreached),
}

impl Trace<'_> {
    /// Looks at about so many instructions.
    #[must_use]
    pub fn seek(&self, history: &History, search: Search, instructions: u64) -> Found {
        match search.goal {
            Goal::Problem => self.seek_problem(search),
            Goal::Made(node) => {
                let reading = self.walk.reading;
                let offset = (node.index() < reading.graph.len()).then(|| reading.graph.offset(node));
                offset.and_then(|offset| self.number_at(offset)).map_or(Found::Nowhere, Found::At)
            }
            _ => match search.direction {
                Direction::Forward => self.seek_forward(history, search, instructions),
                Direction::Back => self.seek_back(history, search, instructions),
            },
        }
    }

    /// The problem that ended the reading is at the end, behind the last instruction that ran.
    fn seek_problem(&self, search: Search) -> Found {
        let reading = self.walk.reading;
        let list = &reading.problems.list;
        let Some(offset) = self.offset_of(search.from) else { return Found::Nowhere };
        let problem = match search.direction {
            Direction::Forward => {
                list.iter().filter(|problem| problem.offset >= offset).min_by_key(|found| found.offset)
            }
            Direction::Back => list.iter().filter(|problem| problem.offset < offset).max_by_key(|found| found.offset),
        };
        let number = |problem: &Problem| match problem.fatal {
            true => Some(reading.opcodes),
            false => self.number_at(problem.offset),
        };
        problem.and_then(number).map_or(Found::Nowhere, Found::At)
    }

    fn seek_forward(&self, history: &History, search: Search, instructions: u64) -> Found {
        let (total, reached) = (self.walk.reading.opcodes, history.reached());
        if search.from >= total {
            return Found::Nowhere;
        }
        if search.from >= reached && reached < total {
            return Found::Unreached(history.unreached());
        }
        let end = search.from.saturating_add(instructions.max(1)).min(reached);
        match self.first_between(history, search.goal, search.from, end, false) {
            Ok(Some(number)) => Found::At(number),
            Ok(None) if end >= total => Found::Nowhere,
            Ok(None) => Found::Unfinished(Search { from: end, ..search }),
            Err(unreached) => Found::Unreached(unreached),
        }
    }

    fn seek_back(&self, history: &History, search: Search, instructions: u64) -> Found {
        let mut end = search.from.min(self.walk.reading.opcodes);
        if end > history.reached() {
            return Found::Unreached(history.unreached());
        }
        let stop = end.saturating_sub(instructions.max(1));
        while end > stop {
            // Stretches that begin where a replay does.
            let start = (end - 1) / APART * APART;
            match self.first_between(history, search.goal, start, end, true) {
                Ok(Some(number)) => return Found::At(number),
                Ok(None) => end = start,
                Err(unreached) => return Found::Unreached(unreached),
            }
        }
        if end == 0 { Found::Nowhere } else { Found::Unfinished(Search { from: end, ..search }) }
    }

    /// The first instruction in a range that fits, or the last.
    fn first_between(
        &self,
        history: &History,
        goal: Goal,
        start: u64,
        end: u64,
        last: bool,
    ) -> Result<Option<u64>, Unreached> {
        let mut moment = self.before(history, start)?;
        let mut found = None;
        while moment.state().small.place.number < end {
            moment.begin();
            let Some(instruction) = moment.state().next(&self.walk) else { break };
            if self.fits(&moment, &instruction, goal, history) {
                found = Some(moment.state().small.place.number);
                if !last {
                    break;
                }
            }
            moment.pass(&instruction);
        }
        Ok(found)
    }

    fn fits(&self, moment: &Moment<'_, '_>, instruction: &Instruction, goal: Goal, history: &History) -> bool {
        let state: &State = moment.state();
        match goal {
            Goal::Call => instruction.opcode.calls(),
            Goal::Global => instruction.opcode.imports(),
            Goal::MemoWrite(wanted) if is_store(instruction.opcode) => {
                let step = state.describe(&self.walk, instruction, &history.store);
                matches!(step.action, Action::Store { index, .. } if index == wanted)
            }
            Goal::Use(node) => state.uses(&self.walk, instruction, node, &history.store),
            Goal::MemoWrite(_) | Goal::Problem | Goal::Made(_) => false,
        }
    }
}
