//! Time travel over the document: the machine at any instruction, and the way to the next one of a kind.

use super::Document;
use crate::graph::NodeId;
use crate::machine::ProblemKind;
use crate::opcode;
use crate::trace::{Action, Direction, Found, Goal, Moment, Search, Slot, Step, Trace, Unreached};
use crate::view::{
    MachineAt, MachineGoal, MachineReply, MachineRun, MachineState, MachineStep, MachineWindow, MemoSlot, Phrase,
    StackSlot, TextKind, machine_value, sentence, shown,
};

/// Characters of an argument.
const ARGUMENT: usize = 100;
/// Instructions that one question goes over.
const PREPARED: u64 = 500_000;
/// Problems told of one instruction.
const PROBLEMS: usize = 5;

impl Document {
    /// Goes on with what time travel needs for about so many instructions. How many it covers, and whether that is all it will.
    pub fn prepare_trace(&self, instructions: u64) -> (u64, bool) {
        let mut history = self.history.borrow_mut();
        let is_complete = self.trace().prepare(&mut history, instructions);
        (history.reached(), is_complete)
    }

    /// Goes on with what time travel needs for about as many instructions as one question goes over; whether that is all it will.
    pub fn prepare_machine(&self) -> bool {
        self.prepare_trace(PREPARED).1
    }

    /// Instructions in all.
    #[must_use]
    pub fn instruction_count(&self) -> u64 {
        self.reading.opcodes
    }

    /// The number of the instruction that covers a byte.
    #[must_use]
    pub fn instruction_number_at(&self, offset: u64) -> Option<u64> {
        self.trace().number_at(offset)
    }

    /// Looks for an instruction of a kind, at about so many of them.
    #[must_use]
    pub fn seek(&self, search: Search, instructions: u64) -> Found {
        self.trace().seek(&self.history.borrow(), search, instructions)
    }

    /// What the page shows of the machine at an instruction. A long file is gone over once, some of it for each question.
    #[must_use]
    pub fn machine(&self, at: MachineAt, window: MachineWindow) -> MachineReply {
        let total = self.reading.opcodes;
        let number = match at {
            MachineAt::Number(number) => number.min(total),
            MachineAt::Row(row) => self.number_of_row(row),
        };
        let reached = self.history.borrow().reached();
        let is_reached = number < reached || reached == total;
        let (reached, is_complete) = if is_reached { (reached, true) } else { self.prepare_trace(PREPARED) };
        match self.machine_step(number, window) {
            Ok(step) => MachineReply::Step(Box::new(step)),
            Err(Unreached::NotYet { .. }) if !is_complete => MachineReply::Preparing { reached, total },
            Err(unreached) => MachineReply::Unknown(unreached.to_string()),
        }
    }

    /// Runs on from an instruction, forward with it, back without it.
    #[must_use]
    pub fn run_machine(&self, goal: MachineGoal, is_forward: bool, from: u64) -> MachineRun {
        let goal = match goal {
            MachineGoal::Call => Goal::Call,
            MachineGoal::Global => Goal::Global,
            MachineGoal::Problem => Goal::Problem,
            MachineGoal::MemoWrite(index) => Goal::MemoWrite(index),
            MachineGoal::Use(node) => Goal::Use(NodeId(node)),
            MachineGoal::Made(node) => Goal::Made(NodeId(node)),
        };
        let direction = if is_forward { Direction::Forward } else { Direction::Back };
        let (_, is_complete) = self.prepare_trace(PREPARED);
        match self.seek(Search { goal, direction, from }, PREPARED) {
            Found::At(number) => MachineRun::Row(self.row_of(number)),
            Found::Nowhere => MachineRun::Nowhere,
            Found::Unfinished(rest) => MachineRun::GoOn(rest.from),
            Found::Unreached(Unreached::NotYet { .. }) if !is_complete => MachineRun::GoOn(from),
            Found::Unreached(why) => MachineRun::Unknown(why.to_string()),
        }
    }

    /// The number of the instruction in a row of the listing, or before it.
    fn number_of_row(&self, row: u64) -> u64 {
        let above = self.raw_above(row);
        let number = row.saturating_sub(above as u64).min(self.reading.opcodes);
        if self.raw_in_row(row).is_some() { number.saturating_sub(1) } else { number }
    }

    fn trace(&self) -> Trace<'_> {
        Trace::new(&self.reading, &*self.source, &self.limits)
    }

    /// The machine around the instruction with this number. With the number of all instructions it is the machine at the end.
    ///
    /// # Errors
    /// When the trace does not reach so far.
    pub fn machine_step(&self, number: u64, window: MachineWindow) -> Result<MachineStep, Unreached> {
        let (trace, history) = (self.trace(), self.history.borrow());
        Ok(shown(self.step_of(&mut trace.before(&history, number)?, window)))
    }

    /// Every instruction from `first` up to the one before `end`, as [`Document::machine_step`] gives it.
    ///
    /// # Errors
    /// When the trace does not reach so far, or what `each` returns.
    pub fn machine_steps<E>(
        &self,
        first: u64,
        end: u64,
        window: MachineWindow,
        each: &mut dyn FnMut(MachineStep) -> Result<(), E>,
    ) -> Result<(), Result<Unreached, E>> {
        let (trace, history) = (self.trace(), self.history.borrow());
        let mut moment = trace.before(&history, first).map_err(Ok)?;
        let end = end.min(self.reading.opcodes);
        for _ in first..end.min(history.reached()) {
            moment.begin();
            each(shown(self.step_of(&mut moment, window))).map_err(Err)?;
        }
        if end > history.reached() { Err(Ok(history.unreached())) } else { Ok(()) }
    }

    /// The step that the moment is before; afterwards it is behind it.
    fn step_of(&self, moment: &mut Moment<'_, '_>, window: MachineWindow) -> MachineStep {
        let Some(step) = moment.next_step() else { return self.end_of(moment, window) };
        let touched = Touched::of(&step);
        let before = self.state_of(moment, window, &touched.before, touched.memo);
        let number = step.number;
        moment.run();
        let after = self.state_of(moment, window, &touched.after, touched.memo);
        let argument = match opcode::arg_text_prefix(&step.instruction, &*self.source, ARGUMENT) {
            Ok(text) if text.truncated => text.text + "…",
            Ok(text) => text.text,
            Err(error) => error.to_string(),
        };
        let offset = step.instruction.offset;
        MachineStep {
            number,
            total: self.reading.opcodes,
            row: self.row_of(number),
            stream: step.stream as u64,
            is_nested: step.nested.is_some(),
            offset,
            opcode: step.instruction.opcode.name().to_owned(),
            sentence: sentence(&self.lens(), &step, &argument),
            argument,
            problems: self.problems_at(offset),
            node: touched.main.map(|node| node.0),
            memo_index: touched.memo,
            before,
            after,
        }
    }

    /// The machine behind the last instruction.
    fn end_of(&self, moment: &Moment<'_, '_>, window: MachineWindow) -> MachineStep {
        let instant = moment.instant();
        let state = self.state_of(moment, window, &[], None);
        let words = match self.reading.problems.fatal() {
            Some(problem) => format!("The reading stopped here: {problem}."),
            None => "The last pickle has ended.".to_owned(),
        };
        MachineStep {
            number: instant.number,
            total: self.reading.opcodes,
            row: self.row_of(instant.number),
            stream: instant.stream as u64,
            is_nested: instant.nested.is_some(),
            offset: instant.offset,
            opcode: String::new(),
            argument: String::new(),
            sentence: vec![Phrase { kind: TextKind::Plain, text: words, node: None }],
            problems: Vec::new(),
            node: None,
            memo_index: None,
            before: state.clone(),
            after: state,
        }
    }

    fn problems_at(&self, offset: u64) -> Vec<String> {
        let list = &self.reading.problems.list;
        let at = list.iter().filter(|problem| problem.offset == offset && !problem.fatal);
        // What is shown of a container that was cut is no matter of this instruction.
        let at = at.filter(|problem| !matches!(problem.kind, ProblemKind::OpenBatch(_)));
        at.take(PROBLEMS).map(|problem| problem.kind.to_string()).collect()
    }

    fn state_of(
        &self,
        moment: &Moment<'_, '_>,
        window: MachineWindow,
        touched: &[u64],
        memo_index: Option<u64>,
    ) -> MachineState {
        let lens = self.lens();
        let instant = moment.instant();
        let value = |node: NodeId| machine_value(&lens, node, instant.offset);
        let top = instant.depth.saturating_sub(window.skip);
        let slots = moment.stack(window.skip, window.places as usize);
        let stack = (0..).zip(slots).map(|(below, slot)| {
            let place = top - 1 - below;
            let is_touched = touched.contains(&(below + window.skip));
            match slot {
                Slot::Value(node) => StackSlot { place, value: Some(value(node)), mark: None, is_touched },
                Slot::Mark(number) => StackSlot { place, value: None, mark: Some(number), is_touched },
            }
        });
        let from = window.memo_from.unwrap_or_else(|| {
            let around = u64::from(window.entries / 2);
            memo_index.map_or(0, |index| index.saturating_sub(around))
        });
        let memo = moment.memo_from(from, window.entries as usize).into_iter();
        MachineState {
            position: instant.offset,
            protocol: instant.protocol,
            frame: instant
                .frame
                .map(|frame| (frame.offset, frame.offset.saturating_add(9).saturating_add(frame.length))),
            depth: instant.depth,
            marks: instant.marks,
            below: instant.below,
            stack: stack.collect(),
            memo_count: instant.memo,
            memo: memo
                .map(|(index, node)| MemoSlot { index, value: value(node), is_touched: memo_index == Some(index) })
                .collect(),
        }
    }
}

/// What of stack and memo a step has to do with. Places are counted from the top.
struct Touched {
    before: Vec<u64>,
    after: Vec<u64>,
    memo: Option<u64>,
    main: Option<NodeId>,
}

impl Touched {
    fn of(step: &Step) -> Self {
        /// Places that are marked; nobody looks at more.
        const MOST: u64 = 1000;
        let top = || vec![0];
        let (before, after, memo, main) = match &step.action {
            Action::Announce => (Vec::new(), Vec::new(), None, None),
            Action::Mark => (Vec::new(), top(), None, None),
            Action::Make(taken) => {
                let count = taken.count + u64::from(taken.mark);
                ((0..count.min(MOST)).collect(), top(), None, step.made)
            }
            Action::Add { to, values } => {
                let count = values.count + u64::from(values.mark) + 1;
                ((0..count.min(MOST)).collect(), top(), None, step.made.or(*to))
            }
            Action::Drop(taken) => {
                let count = taken.count + u64::from(taken.mark);
                ((0..count.min(MOST)).collect(), Vec::new(), None, taken.first.first().copied())
            }
            Action::Store { index, value, .. } => (top(), top(), Some(*index), *value),
            Action::Fetch { index, value } => (Vec::new(), top(), Some(*index), *value),
            Action::Duplicate(value) => (top(), top(), None, *value),
            Action::Protect(value) => (top(), top(), None, step.made.or(*value)),
            Action::Stop(value) if step.nested.is_some() => (top(), top(), None, step.made.or(*value)),
            Action::Stop(value) => (top(), Vec::new(), None, *value),
        };
        Self { before, after, memo, main }
    }
}
