//! What a page asks, in any order, with numbers that are stale or wild, is answered: windows are within what there is, and
//! each answer can be sent.

use super::choices::Choices;
use super::{limits, source};
use picklescope::bundle::Bundle;
use picklescope::protocol::{
    MemberRequest, Part, Python2Reading, Request, Response, Target, answer, answer_members, show,
};
use picklescope::view::ExportAsk;
use picklescope::view::card::{CellWindow, Format, TreeAsk};

const COMMANDS: usize = 24;
/// Rows that one answer carries at most.
const WINDOW: usize = 2000;

/// Input: the length of the choices, the choices, the file.
pub fn holds(data: &[u8]) {
    let mut choices = Choices(data);
    let length = usize::from(choices.byte());
    let mut choices = Choices(choices.bytes(length));
    let file = &data[data.len().min(1 + length)..];
    let mut bundle = Bundle::open(vec![("fuzz.pkl".to_owned(), source(file))], limits(), &mut |_| {});
    for _ in 0..COMMANDS {
        if choices.0.is_empty() {
            break;
        }
        match choices.byte() % 32 {
            0..=1 => {
                let part = part(&mut choices);
                if let Err(why) = show(&mut bundle, part, &mut |_| {}) {
                    assert!(!why.is_empty());
                }
            }
            2..=5 => {
                let request = members(&mut choices);
                check(&answer_members(&mut bundle, request, &mut |_| {}));
            }
            number => {
                let request = request(number - 6, &mut choices);
                check(&answer(bundle.document_mut(), request));
            }
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

fn members(choices: &mut Choices<'_>) -> MemberRequest {
    match choices.of(4) {
        0 => MemberRequest::Rows { first: choices.number(), count: choices.small() },
        1 => MemberRequest::Toggle { row: choices.number(), open: choices.yes() },
        2 => MemberRequest::FindName { from: choices.number(), prefix: choices.text() },
        _ => MemberRequest::Report,
    }
}

fn node(choices: &mut Choices<'_>) -> Option<u32> {
    choices.yes().then(|| choices.small())
}

fn request(number: u8, choices: &mut Choices<'_>) -> Request {
    match number {
        0 => Request::Rows { first: choices.number(), count: choices.small() },
        1 => Request::Toggle { row: choices.number(), open: choices.yes() },
        2 => Request::OpenAll { row: choices.number(), deep: choices.yes() },
        3 => Request::FindLabel { from: choices.number(), prefix: choices.text() },
        4 => Request::Select(Target::Row(choices.number())),
        5 => Request::Select(Target::Opcode(choices.number())),
        6 => Request::Select(Target::Offset(choices.number())),
        7 => Request::Select(Target::Node(choices.small())),
        8 => Request::Value { node: choices.small(), from: choices.number() },
        9 => Request::Opcodes { first: choices.number(), count: choices.small() },
        10 => Request::Hex { start: choices.number(), count: choices.small() },
        11 => Request::ReadPython2As(
            [Python2Reading::Ascii, Python2Reading::Latin1, Python2Reading::Bytes][choices.of(3)],
        ),
        12 | 13 => Request::Card { node: choices.small() },
        14 | 15 => Request::Cells(CellWindow {
            node: choices.small(),
            grid: choices.small(),
            slice: numbers(choices),
            row: choices.number(),
            rows: choices.small(),
            column: choices.number(),
            columns: choices.small(),
        }),
        16 => Request::Statistics { node: choices.small(), part: choices.small() },
        17 => Request::Picture {
            node: choices.small(),
            part: choices.small(),
            slice: numbers(choices),
            width: choices.small(),
        },
        18 => Request::Drawing(TreeAsk {
            node: choices.small(),
            tree: choices.number(),
            root: choices.number(),
            depth: choices.small(),
        }),
        19 => Request::Source { first: choices.number(), count: choices.small() },
        20 => Request::SourceLineOf { node: choices.small() },
        21 => Request::Environment,
        22 => Request::Formats { node: node(choices) },
        23 | 24 => Request::Export(ExportAsk {
            node: node(choices),
            format: Format::ALL[choices.of(Format::ALL.len())],
            escape_formulas: choices.of(2) == 1,
        }),
        _ => Request::ExportMore,
    }
}

fn numbers(choices: &mut Choices<'_>) -> Vec<u64> {
    let count = choices.of(4);
    (0..count).map(|_| choices.number()).collect()
}

fn check(response: &Response) {
    match response {
        Response::Rows { total, rows } => assert!(rows.len() <= WINDOW && rows.iter().all(|row| row.row < *total)),
        Response::Members { total, rows } => assert!(rows.len() <= WINDOW && rows.iter().all(|row| row.row < *total)),
        Response::Opcodes { total, rows } => assert!(rows.len() <= WINDOW && rows.iter().all(|row| row.index < *total)),
        Response::Source { rows, .. } => assert!(rows.len() <= WINDOW),
        Response::Hex { digits, .. } => assert!(digits.len() <= 2 << 20),
        Response::Failed { message } => assert!(!message.is_empty()),
        _ => {}
    }
    serde_json::to_writer(std::io::sink(), response).expect("an answer can be sent");
}
