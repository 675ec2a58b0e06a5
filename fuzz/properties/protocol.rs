//! What a page asks, in any order, with numbers that are stale or wild, is answered: windows are within what there is, and
//! each answer can be sent.

use super::choices::Choices;
use super::{limits, source};
use picklescope::bundle::Bundle;
use picklescope::protocol::{Failure, Part, Python2Reading, Question, Sink, Target, ask, show};
use picklescope::view::card::{CellWindow, Format, TreeAsk};
use picklescope::view::{ByteFormat, ExportAsk, MachineAt, MachineGoal, MachineWindow};

const COMMANDS: usize = 24;
/// Rows that one answer carries at most.
const WINDOW: usize = 2000;

/// Input: the length of the choices, the choices, the file.
pub fn holds(data: &[u8]) {
    let mut choices = Choices(data);
    let length = usize::from(choices.byte());
    let mut choices = Choices(choices.bytes(length));
    let file = &data[data.len().min(1 + length)..];
    let mut opened = Some(Bundle::open(vec![("fuzz.pkl".to_owned(), source(file))], limits(), &mut |_| {}));
    for _ in 0..COMMANDS {
        if choices.0.is_empty() {
            break;
        }
        match choices.byte() % 32 {
            0..=1 => {
                let part = part(&mut choices);
                let bundle = opened.as_mut().expect("a file is open");
                if let Err(why) = show(bundle, part, &mut |_| {}) {
                    assert!(!why.is_empty());
                }
            }
            2..=5 => members(&mut choices).answer(&mut opened, Checked),
            number => question(number - 6, &mut choices).answer(&mut opened, Checked),
        }
    }
}

fn part(choices: &mut Choices<'_>) -> Part {
    match choices.of(3) {
        0 => Part::Member(choices.small()),
        1 => Part::Value { node: choices.small() },
        _ => Part::More,
    }
}

fn members(choices: &mut Choices<'_>) -> Question {
    match choices.of(4) {
        0 => ask::Members { first: choices.number(), count: choices.small() }.into(),
        1 => ask::ToggleMember { row: choices.number(), open: choices.yes() }.into(),
        2 => ask::FindMember { from: choices.number(), prefix: choices.text() }.into(),
        _ if choices.yes() => bytes(choices),
        _ => ask::Report.into(),
    }
}

fn bytes(choices: &mut Choices<'_>) -> Question {
    let layer = choices.yes().then(|| choices.small());
    match choices.of(5) {
        0 => ask::Layers.into(),
        1 => ask::Bytes { layer, start: choices.number(), count: choices.small() }.into(),
        2 => ask::ByteAt { layer, offset: choices.number() }.into(),
        3 => {
            let format = ByteFormat::ALL[choices.of(ByteFormat::ALL.len())];
            ask::BytesText { layer, start: choices.number(), end: choices.number(), format }.into()
        }
        _ => {
            let (start, end, from) = (choices.number(), choices.number(), choices.number());
            ask::SaveBytes { layer, start, end, from }.into()
        }
    }
}

fn node(choices: &mut Choices<'_>) -> Option<u32> {
    choices.yes().then(|| choices.small())
}

fn question(number: u8, choices: &mut Choices<'_>) -> Question {
    match number {
        0 => ask::Rows { first: choices.number(), count: choices.small() }.into(),
        1 => ask::Toggle { row: choices.number(), open: choices.yes() }.into(),
        2 => ask::OpenAll { row: choices.number(), deep: choices.yes() }.into(),
        3 => ask::FindLabel { from: choices.number(), prefix: choices.text() }.into(),
        4 => ask::Select(Target::Row(choices.number())).into(),
        5 => ask::Select(Target::Opcode(choices.number())).into(),
        6 => ask::Select(Target::Offset(choices.number())).into(),
        7 => ask::Select(Target::Node(choices.small())).into(),
        8 => ask::Value { node: choices.small(), from: choices.number() }.into(),
        9 => ask::Opcodes { first: choices.number(), count: choices.small() }.into(),
        10 => ask::Hex { start: choices.number(), count: choices.small() }.into(),
        11 => ask::ReadPython2As([Python2Reading::Ascii, Python2Reading::Latin1, Python2Reading::Bytes][choices.of(3)])
            .into(),
        12 => ask::Card { node: choices.small(), column: None }.into(),
        13 => ask::Machine { at: at(choices), window: window(choices) }.into(),
        14 | 15 => ask::Cells(CellWindow {
            node: choices.small(),
            grid: choices.small(),
            slice: numbers(choices),
            row: choices.number(),
            rows: choices.small(),
            column: choices.number(),
            columns: choices.small(),
            ..CellWindow::default()
        })
        .into(),
        16 => ask::Statistics { node: choices.small(), part: choices.small() }.into(),
        17 => ask::Picture {
            node: choices.small(),
            part: choices.small(),
            slice: numbers(choices),
            width: choices.small(),
        }
        .into(),
        18 => ask::Drawing(TreeAsk {
            node: choices.small(),
            tree: choices.number(),
            root: choices.number(),
            depth: choices.small(),
        })
        .into(),
        19 => ask::Source { first: choices.number(), count: choices.small() }.into(),
        20 => ask::SourceLineOf { node: choices.small() }.into(),
        21 => ask::Environment.into(),
        22 => ask::Formats { node: node(choices) }.into(),
        24 => ask::RunMachine { goal: goal(choices), is_forward: choices.yes(), from: choices.number() }.into(),
        23 => ask::Export(ExportAsk {
            node: node(choices),
            format: Format::ALL[choices.of(Format::ALL.len())],
            escape_formulas: choices.of(2) == 1,
        })
        .into(),
        _ => ask::ExportMore.into(),
    }
}

fn at(choices: &mut Choices<'_>) -> MachineAt {
    if choices.yes() { MachineAt::Row(choices.number()) } else { MachineAt::Number(choices.number()) }
}

fn window(choices: &mut Choices<'_>) -> MachineWindow {
    MachineWindow {
        skip: choices.number(),
        places: choices.small(),
        memo_from: choices.yes().then(|| choices.number()),
        entries: choices.small(),
    }
}

fn goal(choices: &mut Choices<'_>) -> MachineGoal {
    match choices.of(6) {
        0 => MachineGoal::Call,
        1 => MachineGoal::Global,
        2 => MachineGoal::Problem,
        3 => MachineGoal::MemoWrite(choices.number()),
        4 => MachineGoal::Use(choices.small()),
        _ => MachineGoal::Made(choices.small()),
    }
}

fn numbers(choices: &mut Choices<'_>) -> Vec<u64> {
    let count = choices.of(4);
    (0..count).map(|_| choices.number()).collect()
}

/// Looks at an answer of whatever type, as it would be sent.
struct Checked;

impl Sink for Checked {
    fn take<Reply: serde::Serialize>(self, reply: Result<Reply, Failure>) {
        let reply = match reply {
            Ok(reply) => serde_json::to_value(reply).expect("an answer can be sent"),
            Err(failure) => return assert!(!failure.to_string().is_empty()),
        };
        let total = reply.get("total").and_then(serde_json::Value::as_u64);
        if let (Some(total), Some(rows)) = (total, reply.get("rows").and_then(serde_json::Value::as_array)) {
            assert!(rows.len() <= WINDOW);
            let numbers = rows.iter().filter_map(|row| row.get("row").or_else(|| row.get("index"))?.as_u64());
            assert!(numbers.into_iter().all(|number| number < total));
        }
        assert!(reply.get("digits").and_then(serde_json::Value::as_str).is_none_or(|digits| digits.len() <= 2 << 20));
    }
}
