//! `picklescope trace`: what each instruction does to the stack and the memo.

use super::bytes::number;
use super::output::sentence;
use clap::ArgMatches;
use picklescope::document::Document;
use picklescope::opcode::visible;
use picklescope::view::{MachineState, MachineStep, MachineValue, MachineWindow, StackSlot};
use std::io::{self, Write};

/// Instructions for which the machine is prepared at a time.
const PIECE: u64 = 1_000_000;

/// Prints the steps that the words ask for.
pub(crate) fn run(document: &Document, words: &ArgMatches, out: &mut dyn Write) -> io::Result<()> {
    let total = document.instruction_count();
    if total == 0 {
        return Err(io::Error::other("there are no instructions in it"));
    }
    let depth = words.get_one::<u64>("depth").copied().unwrap_or(u64::MAX);
    let depth = u32::try_from(depth).unwrap_or(u32::MAX);
    let number = |name| words.get_one::<Place>(name).map(|place| place.number(document)).transpose();
    let (from, to, at) = (number("from")?, number("to")?, number("at")?);
    while !document.prepare_trace(PIECE).1 {}
    let is_json = words.get_flag("json");
    if let Some(number) = at {
        let window = MachineWindow { skip: 0, places: depth, memo_from: None, entries: depth };
        let step = document.machine_step(number, window).map_err(io::Error::other)?;
        return if is_json { json(&step, out) } else { whole(&step, out) };
    }
    let window = MachineWindow { skip: 0, places: depth, memo_from: None, entries: 1 };
    let (first, end) = (from.unwrap_or(0), to.map_or(total, |to| (to + 1).min(total)));
    let mut stream = None;
    let several = document.reading().streams.len() > 1;
    let mut each = |step: MachineStep| {
        if is_json {
            return json(&step, out);
        }
        if several && stream != Some(step.stream) {
            stream = Some(step.stream);
            writeln!(out, "pickle {} at offset {}", step.stream + 1, step.offset)?;
        }
        short(&step, out)
    };
    document.machine_steps(first, end, window, &mut each).map_err(|stopped| match stopped {
        Ok(unreached) => io::Error::other(unreached),
        Err(error) => error,
    })?;
    if end == total && document.reading().problems.fatal().is_some() {
        let step = document.machine_step(total, window).map_err(io::Error::other)?;
        return if is_json { json(&step, out) } else { writeln!(out, "{}", sentence(&step.sentence_text())) };
    }
    Ok(())
}

/// An instruction as it is named on the command line: by an offset in the file, or `#` and its number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Offset(u64),
    Number(u64),
}

impl Place {
    /// Reads what was given.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let read = match text.strip_prefix('#') {
            Some(digits) => number(digits).map(Self::Number),
            None => number(text).map(Self::Offset),
        };
        read.ok_or_else(|| "an offset, or # and the number of an instruction".to_owned())
    }

    fn number(self, document: &Document) -> io::Result<u64> {
        let total = document.instruction_count();
        match self {
            Self::Number(number) if number <= total => Ok(number),
            Self::Number(number) => Err(io::Error::other(format!(
                "there is no instruction #{number}; the last is #{}",
                total.saturating_sub(1)
            ))),
            Self::Offset(offset) => {
                let missing = || io::Error::other(format!("no instruction of a pickle covers offset {offset}"));
                document.instruction_number_at(offset).ok_or_else(missing)
            }
        }
    }
}

fn json(step: &MachineStep, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, step)?;
    writeln!(out)
}

fn heading(step: &MachineStep) -> String {
    let nested = if step.is_nested { " (pickle of an array)" } else { "" };
    let argument = if step.argument.is_empty() { String::new() } else { format!(" {}", step.argument) };
    format!("#{} at {}: {}{argument}{nested}", step.number, step.offset, step.opcode)
}

/// An instruction, what it does, and the top of the stack after it.
fn short(step: &MachineStep, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", visible(&heading(step)))?;
    writeln!(out, "    {}", visible(&step.sentence_text()))?;
    for problem in &step.problems {
        writeln!(out, "    problem: {}", sentence(problem))?;
    }
    let after = &step.after;
    let hidden = after.depth.saturating_sub(after.stack.len() as u64);
    let mut places: Vec<String> = after.stack.iter().rev().map(slot_text).collect();
    if hidden > 0 {
        places.insert(0, format!("{hidden} more"));
    }
    let stack = if places.is_empty() { "empty".to_owned() } else { places.join(" | ") };
    writeln!(out, "    stack: {}; memo: {}", visible(&stack), after.memo_count)
}

fn slot_text(slot: &StackSlot) -> String {
    slot.value.as_ref().map_or_else(|| "MARK".to_owned(), MachineValue::words)
}

/// Everything around an instruction.
fn whole(step: &MachineStep, out: &mut dyn Write) -> io::Result<()> {
    if !step.opcode.is_empty() {
        writeln!(out, "{}", visible(&heading(step)))?;
    }
    writeln!(out, "{}", visible(&step.sentence_text()))?;
    for problem in &step.problems {
        writeln!(out, "problem: {}", sentence(problem))?;
    }
    if step.opcode.is_empty() {
        return state("at the end", &step.before, out);
    }
    state("before", &step.before, out)?;
    state("after", &step.after, out)
}

fn state(when: &str, state: &MachineState, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{when}")?;
    writeln!(out, "  position: {}", state.position)?;
    writeln!(out, "  protocol: {}", state.protocol)?;
    match state.frame {
        Some((offset, end)) => writeln!(out, "  frame: at {offset}, to {end}")?,
        None => writeln!(out, "  frame: none")?,
    }
    if state.below > 0 {
        writeln!(out, "  stack of the pickle around: {}", state.below)?;
    }
    writeln!(out, "  stack: {}, {} of them marks", state.depth, state.marks)?;
    for slot in &state.stack {
        let mark = slot.mark.map_or_else(String::new, |number| format!(" (#{number})"));
        let sign = if slot.is_touched { '*' } else { ' ' };
        writeln!(out, "  {sign} {:>4}  {}{mark}", slot.place, visible(&slot_text(slot)))?;
    }
    let left = state.depth.saturating_sub(state.stack.len() as u64);
    if left > 0 {
        writeln!(out, "          {left} more below")?;
    }
    writeln!(out, "  memo: {}", state.memo_count)?;
    for slot in &state.memo {
        let sign = if slot.is_touched { '*' } else { ' ' };
        writeln!(out, "  {sign} {:>4}  {}", slot.index, visible(&slot.value.words()))?;
    }
    let left = state.memo_count.saturating_sub(state.memo.len() as u64);
    if left > 0 {
        writeln!(out, "          {left} more")?;
    }
    Ok(())
}
