//! What the page and its worker say to each other: every message survives the way, windows are parts of one whole, and the
//! views agree on what is selected.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::document::Document;
use picklescope::explain::stubs;
use picklescope::protocol::{
    Answer, Command, CommandBody, Event, Failure, FailureCause, Part, Python2Reading, Question, Sink, Target, Timings,
    VERSION, ask,
};
use picklescope::safety::Level;
use picklescope::view::card::ColumnsAsk;
use picklescope::view::{FindAsk, FindScope, Inspection, OpcodeRow, RowMark, TreeRow};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use support::{fixture, listing, open};

const FILES: [&str; 12] = [
    "samples/everyday.pkl",
    "samples/dataframe.pkl",
    "samples/sklearn-bundle.pkl",
    "samples/hostile-demo.pkl",
    "samples/checkpoint-like.pkl",
    "real/stdlib/cycles.p4.pkl",
    "real/stdlib/shared.p2.pkl",
    "real/stdlib/instances.p0.pkl",
    "real/stdlib/several.mixed.pkl",
    "edge/cut-in-list.pkl",
    "edge/trailing-pickles-then-zeros.pkl",
    "legacy/datetime-high.pkl",
];

fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(message: &T) {
    let text = serde_json::to_string(message).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), message);
}

fn asked<A>(document: &mut Document, question: A)
where
    A: Answer<Document> + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug + Clone,
    A::Reply: PartialEq + std::fmt::Debug,
{
    survives(&question);
    survives(&Command { generation: 1, id: u32::MAX, body: CommandBody::Ask(question.clone().into()) });
    if let Ok(reply) = question.answer(document) {
        survives(&reply);
    }
}

fn ask_everything(document: &mut Document) {
    asked(document, ask::Rows { first: 0, count: 50 });
    asked(document, ask::Toggle { row: 0, open: true });
    asked(document, ask::OpenAll { row: 0, deep: false });
    asked(document, ask::OpenAll { row: 0, deep: true });
    asked(document, ask::Unfold { row: 0 });
    asked(document, ask::Fold { row: 1 });
    asked(document, ask::FindLabel { from: 0, prefix: "a".to_owned() });
    for target in [Target::Row(1), Target::Opcode(1), Target::Offset(1), Target::Row(u64::MAX)] {
        asked(document, ask::Select(target));
    }
    asked(document, ask::Value { node: 0, from: 0 });
    asked(document, ask::Value { node: u32::MAX, from: 0 });
    asked(document, ask::Opcodes { first: 0, count: 50 });
    asked(document, ask::Hex { start: 0, count: 16 });
    for node in 0..document.reading().graph.len().min(50) as u32 {
        asked(document, ask::Card { node, column: None });
        asked(document, ask::FindColumns(ColumnsAsk { node, text: "e".to_owned(), ..ColumnsAsk::default() }));
    }
    asked(document, ask::Source { first: 0, count: 50 });
    asked(document, ask::Environment);
    asked(document, ask::Formats { node: None });
    for kind in stubs::Kind::ALL {
        asked(document, ask::Stubs(kind));
    }
    for reading in [Python2Reading::Latin1, Python2Reading::Bytes, Python2Reading::Ascii] {
        asked(document, ask::ReadPython2As(reading));
    }
}

#[test]
fn every_message_survives_the_way() {
    for name in FILES {
        let mut document = open(&fixture(name));
        let rows = document.rows(0, 20);
        survives(&Event::Opened {
            members: (3, Some(1)),
            generation: 3,
            overview: Box::new(document.overview()),
            total: document.row_count(),
            rows,
            landing: document.landing_row(),
            timings: Timings { start: 1.5, read: 0.25, bytes: 1 << 40, decode_start: 2.0, decode_end: 1e15 },
        });
        ask_everything(&mut document);
    }
    let names = vec!["ä \u{1f600}.pkl".to_owned(), "b".to_owned()];
    survives(&Command { generation: 0, id: 0, body: CommandBody::Open { names } });
    for part in [Part::Member(7), Part::Inside(8), Part::Value { node: 3 }, Part::More] {
        survives(&Command { generation: 0, id: 0, body: CommandBody::Show(part) });
    }
    survives(&Event::Reply { generation: 1, id: 2, failed: Some("there is no object 3".to_owned()) });
    survives(&Event::Refused { generation: 3, message: "no".to_owned() });
    survives(&Event::Ready { version: VERSION });
    survives(&Event::Progress { generation: 9, read: 1 << 52, total: 1 << 53, unpacked: Some(1) });
    survives(&Event::Failed { generation: 9, cause: FailureCause::Unreadable, message: "no".to_owned() });
}

fn rows(document: &mut Document, first: u64, count: u32) -> (u64, Vec<TreeRow>) {
    let window = ask::Rows { first, count }.answer(document).unwrap();
    (window.total, window.rows)
}

fn opcodes(document: &mut Document, first: u64, count: u32) -> (u64, Vec<OpcodeRow>) {
    let window = ask::Opcodes { first, count }.answer(document).unwrap();
    (window.total, window.rows)
}

fn select(document: &mut Document, target: Target) -> Option<Inspection> {
    let selected = ask::Select(target).answer(document).ok()?;
    assert_eq!(selected.total, document.row_count());
    Some(selected.inspection)
}

#[test]
fn windows_are_parts_of_one_whole() {
    for name in FILES {
        let mut document = open(&fixture(name));
        ask::OpenAll { row: 0, deep: true }.answer(&mut document).unwrap();
        let (total, whole) = rows(&mut document, 0, 2000);
        assert_eq!(whole.len() as u64, total.min(2000), "{name}");
        for (index, row) in whole.iter().enumerate() {
            assert_eq!(row.row, index as u64, "{name}");
        }
        for size in [1, 7, 50] {
            let mut pieces = Vec::new();
            while pieces.len() < whole.len() {
                pieces.extend(rows(&mut document, pieces.len() as u64, size).1);
            }
            pieces.truncate(whole.len());
            assert_eq!(pieces, whole, "{name} by {size}");
        }
        assert!(rows(&mut document, total, 10).1.is_empty() && rows(&mut document, u64::MAX, 10).1.is_empty());
        let (total, whole) = opcodes(&mut document, 0, 2000);
        assert_eq!(total, document.overview().listing_rows);
        for size in [1, 7, 50] {
            let mut pieces = Vec::new();
            while pieces.len() < whole.len() {
                pieces.extend(opcodes(&mut document, pieces.len() as u64, size).1);
            }
            pieces.truncate(whole.len());
            assert_eq!(pieces, whole, "{name} by {size}");
        }
        assert!(opcodes(&mut document, total, 10).1.is_empty() && opcodes(&mut document, u64::MAX, 10).1.is_empty());
    }
}

/// Levels, positions and parents are those of a tree.
#[test]
fn rows_know_their_place() {
    for name in FILES {
        let mut document = open(&fixture(name));
        ask::OpenAll { row: 0, deep: true }.answer(&mut document).unwrap();
        let (_, all) = rows(&mut document, 0, 2000);
        for row in &all {
            assert!((1..=row.siblings).contains(&row.position), "{name}: {row:?}");
            match row.parent {
                None => assert_eq!(row.level, 1, "{name}"),
                Some(parent) => {
                    let parent = &all[parent as usize];
                    assert!(parent.row < row.row && parent.expanded == Some(true), "{name}");
                    assert_eq!(parent.level + 1, row.level, "{name}");
                }
            }
        }
        for (row, next) in all.iter().zip(&all[1..]) {
            if row.expanded == Some(true) {
                assert_eq!((next.level, next.position, next.parent), (row.level + 1, 1, Some(row.row)), "{name}");
            }
        }
    }
}

#[test]
fn open_and_close_give_back_the_same_rows() {
    for name in FILES {
        let mut document = open(&fixture(name));
        let before = rows(&mut document, 0, 2000);
        for row in 0..before.0.min(40) {
            let open = before.1[row as usize].expanded;
            if open == Some(false) {
                let changed = ask::Toggle { row, open: true }.answer(&mut document).unwrap();
                assert!(changed.row == row && changed.total > before.0, "{name}: row {row}");
                ask::Toggle { row, open: false }.answer(&mut document).unwrap();
                assert_eq!(rows(&mut document, 0, 2000), before, "{name}: row {row}");
            }
        }
        ask::Toggle { row: u64::MAX, open: true }.answer(&mut document).unwrap();
        assert_eq!(rows(&mut document, 0, 2000), before);
    }
}

#[test]
fn row_opcode_and_byte_agree() {
    for name in FILES {
        let bytes = fixture(name);
        let mut document = open(&bytes);
        ask::OpenAll { row: 0, deep: true }.answer(&mut document).unwrap();
        let (total, all) = rows(&mut document, 0, 2000);
        for row in 0..total.min(300) {
            let by_row = select(&mut document, Target::Row(row)).unwrap();
            assert_eq!(by_row.row, Some(row), "{name}");
            let Some(node) = by_row.node else { continue };
            let opcode = by_row.opcode.unwrap();
            assert_eq!(by_row.title, all[row as usize].label, "{name}");
            let by_opcode = select(&mut document, Target::Opcode(opcode)).unwrap();
            assert_eq!(by_opcode.opcode, Some(opcode), "{name}");
            // INST and PERSID make several values at once; the opcode stands for one of them.
            let listed = &opcodes(&mut document, opcode, 1).1[0];
            // What was fetched may stand first inside a value that shows it in its own way.
            let made_here = all[row as usize].size.is_some();
            if made_here && !matches!(listed.name.as_str(), "INST" | "PERSID" | "OBJ") {
                assert_eq!(by_opcode.node, Some(node), "{name}: row {row}, opcode {opcode} {}", listed.name);
            }
            let offset = document.reading().graph.offset(picklescope::graph::NodeId(node));
            assert_eq!(listed.offset, offset, "{name}");
            let by_byte = select(&mut document, Target::Offset(offset)).unwrap();
            assert_eq!((by_byte.node, by_byte.opcode), (by_opcode.node, Some(opcode)), "{name}");
            // Shared values are revealed at their first place, all others where they were selected.
            let is_first = all[row as usize].marks.is_empty() && all[row as usize].size.is_some();
            if is_first && by_opcode.node == Some(node) && document.row_count() == total {
                let revealed = by_opcode.row.unwrap();
                assert_eq!(select(&mut document, Target::Row(revealed)).unwrap().node, Some(node), "{name}");
            }
            assert!(by_row.own.1 <= bytes.len() as u64 && by_row.span.1 <= bytes.len() as u64);
        }
    }
}

#[test]
fn every_opcode_can_be_selected() {
    for name in FILES {
        let mut document = open(&fixture(name));
        let all = listing(&document);
        for row in all.iter().take(800) {
            let inspection = select(&mut document, Target::Opcode(row.index)).unwrap();
            assert_eq!(inspection.opcode, Some(row.index), "{name}");
            if row.length > 0 {
                assert!(
                    inspection.own.0 >= row.offset && inspection.own.1 <= row.offset + row.length,
                    "{name}: {row:?}"
                );
            }
        }
        assert_eq!(select(&mut document, Target::Opcode(all.len() as u64)), None);
        assert_eq!(select(&mut document, Target::Opcode(u64::MAX)), None);
        assert_eq!(select(&mut document, Target::Offset(u64::MAX)), None);
    }
}

#[test]
fn labels_are_found_by_their_beginning() {
    let mut document = open(b"}(X\x05\0\0\0alphaK\x01X\x04\0\0\0BetaK\x02X\x05\0\0\0alpesK\x03u.");
    let mut find =
        |from, prefix: &str| ask::FindLabel { from, prefix: prefix.to_owned() }.answer(&mut document).unwrap();
    assert_eq!(find(0, "al"), Some(1));
    assert_eq!(find(1, "AL"), Some(3));
    assert_eq!(find(3, "al"), Some(1), "around the end");
    assert_eq!(find(0, "b"), Some(2));
    assert_eq!(find(0, "zebra"), None);
    assert_eq!(find(u64::MAX, "b"), Some(2), "a row that is gone");
}

#[test]
fn the_reading_of_python_2_str_changes_the_rows() {
    let mut document = open(b"\x80\x02}(U\x01aU\x02\xc3\xa4U\x02\xffbK\x01u.");
    let labels =
        |document: &mut Document| -> Vec<String> { rows(document, 1, 10).1.into_iter().map(|row| row.label).collect() };
    assert_eq!(labels(&mut document), ["'a'", "b'\\xffb'"]);
    ask::ReadPython2As(Python2Reading::Latin1).answer(&mut document).unwrap();
    assert_eq!(labels(&mut document), ["'a'", "'ÿb'"]);
    ask::ReadPython2As(Python2Reading::Bytes).answer(&mut document).unwrap();
    assert_eq!(labels(&mut document), ["b'a'", "b'\\xffb'"]);
    let path = select(&mut document, Target::Row(1)).unwrap().path;
    assert_eq!(path, "obj[b'a']");
}

/// All pieces of a value, one after the other.
fn whole_value(document: &mut Document, node: u32) -> String {
    let (mut text, mut from) = (String::new(), 0);
    loop {
        let chunk = ask::Value { node, from }.answer(document).unwrap();
        text.push_str(&chunk.text);
        match chunk.next {
            Some(next) => {
                assert!(next > from, "it goes on");
                from = next;
            }
            None => return text,
        }
    }
}

#[test]
fn pieces_of_a_text_are_the_text() {
    let text = "aä€🥒".repeat(40_000);
    let mut bytes = b"X".to_vec();
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.push(b'.');
    assert!(whole_value(&mut open(&bytes), 0) == text);
    let escaped: String = text.chars().map(|c| if c == '€' { "\\u20ac".to_owned() } else { c.to_string() }).collect();
    let latin: String = escaped.replace(['ä', '🥒'], "x");
    let line = format!("V{latin}\n.");
    assert!(whole_value(&mut open(line.as_bytes()), 0) == text.replace(['ä', '🥒'], "x"));
    let quoted = format!("S'{}'\n.", "a\\x41\\n\\'".repeat(30_000));
    assert!(whole_value(&mut open(quoted.as_bytes()), 0) == "aA\n'".repeat(30_000));
    // A piece has room for one character at least.
    for limit in [4, 5, 7, 64] {
        let limits = Limits { value: limit, ..Limits::default() };
        let source = support::memory(b"X\x0d\0\0\0a\xc3\xa4\xe2\x82\xac\xf0\x9f\xa5\x92xyz.");
        let mut document = Document::open(String::new(), source, limits, &mut |_, _| {});
        assert_eq!(whole_value(&mut document, 0), "aä€🥒xyz", "pieces of {limit}");
    }
}

#[test]
fn pieces_of_bytes_are_the_bytes() {
    let content: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    let mut bytes = b"B".to_vec();
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(&content);
    bytes.push(b'.');
    let mut document = open(&bytes);
    let (mut from, mut covered) = (0, 0);
    loop {
        let chunk = ask::Value { node: 0, from }.answer(&mut document).unwrap();
        assert_eq!(chunk.total, 200_000);
        assert!(chunk.text.starts_with("b'") || chunk.text.starts_with("b\""));
        let end = chunk.next.unwrap_or(chunk.total);
        covered += end - from;
        if chunk.next.is_none() {
            break;
        }
        from = end;
    }
    assert_eq!(covered, 200_000);
}

#[test]
fn bytes_of_a_finding_are_marked() {
    let bytes = fixture("hostile/names/os.system.pkl");
    let mut document = open(&bytes);
    let mut marks = |start, count| ask::Hex { start, count }.answer(&mut document).unwrap().marks;
    let found = marks(0, u32::MAX);
    let texts: Vec<(&[u8], &str)> =
        found.iter().map(|mark| (&bytes[mark.start as usize..mark.end as usize], mark.words.as_str())).collect();
    assert_eq!(texts, [(&b"cos\nsystem\n"[..], "Imports something dangerous"), (b"R", "Calls something dangerous")]);
    assert!(found.iter().all(|mark| mark.level == Level::Dangerous));
    let (call, end) = (found[1].start, found[0].end);
    assert_eq!(marks(call, 1), found[1..]);
    assert_eq!(marks(end - 1, 1), found[..1], "a window that begins in the middle of an instruction");
    assert!(marks(end, (call - end) as u32).is_empty());
}

#[test]
fn hex_is_the_file() {
    let bytes = fixture("samples/everyday.pkl");
    let mut document = open(&bytes);
    let mut hex = |start, count| {
        let window = ask::Hex { start, count }.answer(&mut document).unwrap();
        assert_eq!(window.start, start);
        data_encoding::HEXLOWER.decode(window.digits.as_bytes()).unwrap()
    };
    assert_eq!(hex(0, u32::MAX), bytes);
    assert_eq!(hex(10, 16), bytes[10..26]);
    assert_eq!(hex(bytes.len() as u64 - 3, 16), bytes[bytes.len() - 3..]);
    assert!(hex(bytes.len() as u64, 16).is_empty());
    assert!(hex(u64::MAX, 16).is_empty());
}

/// Takes an answer as JSON.
struct Kept<'a>(&'a mut Option<Result<serde_json::Value, Failure>>);

impl Sink for Kept<'_> {
    fn take<Reply: Serialize>(self, reply: Result<Reply, Failure>) {
        *self.0 = Some(reply.map(|reply| serde_json::to_value(reply).unwrap()));
    }
}

fn answered(question: impl Into<Question>, opened: &mut Option<Bundle>) -> Result<serde_json::Value, Failure> {
    let mut kept = None;
    question.into().answer(opened, Kept(&mut kept));
    kept.unwrap()
}

#[test]
fn an_error_message_is_explained_with_a_file_and_without() {
    let question =
        ask::Explain { text: "AttributeError: Can't get attribute 'Model' on <module '__main__'>".to_owned() };
    survives(&question);
    let mut opened = None;
    assert_eq!(answered(ask::Members { first: 0, count: 1 }, &mut opened), Err(Failure::NoFile));
    assert_eq!(answered(ask::Rows { first: 0, count: 1 }, &mut opened), Err(Failure::NoFile));
    let explained = answered(question.clone(), &mut opened).unwrap();
    let cause = &explained["explanation"]["causes"][0];
    assert!(explained["file"].is_null());
    assert_eq!(cause["evidence"].as_array().map(Vec::len), Some(0));
    assert!(!cause["steps"].as_array().unwrap().is_empty());

    let pickle = b"\x80\x04\x8c\x08__main__\x8c\x05Model\x93)\x81.".to_vec();
    let files = vec![("model.pkl".to_owned(), Arc::new(MemorySource::new(pickle)) as _)];
    opened = Some(Bundle::open(files, Limits::default(), &mut |_| {}));
    let explained = answered(question, &mut opened).unwrap();
    survives(&serde_json::from_value::<ask::Explained>(explained.clone()).unwrap());
    let evidence = &explained["explanation"]["causes"][0]["evidence"][0];
    assert_eq!((explained["file"].as_str(), evidence["answer"].as_str()), (Some("model.pkl"), Some("Shows")));
    assert!(evidence["offset"].is_u64());
    let unknown = answered(ask::Explain { text: "ValueError: no such thing".to_owned() }, &mut opened).unwrap();
    assert_eq!(unknown["explanation"]["causes"].as_array().map(Vec::len), Some(0));
}

#[test]
fn rows_that_are_hits_can_be_marked() {
    // {'a': ['abc', 'b'], 'b': 'abc'}, where the last text is the first one from the memo.
    let pickle = b"\x80\x04}(\x8c\x01a](\x8c\x03abc\x94\x8c\x01be\x8c\x01bh\x00u.".to_vec();
    let files = vec![("small.pkl".to_owned(), Arc::new(MemorySource::new(pickle)) as _)];
    let mut bundle = Bundle::open(files, Limits::default(), &mut |_| {});
    ask::OpenAll { row: 0, deep: true }.answer(bundle.document_mut()).unwrap();
    let (_, rows) = rows(bundle.document_mut(), 0, 20);
    let offsets: Vec<u64> = rows.iter().flat_map(|row| row.offset.into_iter().chain(row.key)).collect();
    let mut marked = |text: &str, scope: FindScope| {
        let text = text.to_owned();
        let mut found =
            ask::Find(FindAsk { text, case: true, word: true, regex: false, scope }).answer(&mut bundle).unwrap();
        while !found.finished {
            found = ask::FindMore.answer(&mut bundle).unwrap();
        }
        let question = ask::FoundAmong(ask::Among::Offsets(offsets.clone()));
        survives(&question);
        let found = question.answer(&mut bundle).unwrap();
        let is_hit = |row: &&TreeRow| row.offset.into_iter().chain(row.key).any(|offset| found.contains(&offset));
        rows.iter().filter(is_hit).map(|row| row.label.clone()).collect::<Vec<_>>()
    };
    for scope in [FindScope::Document, FindScope::Everything] {
        assert_eq!(marked("a", scope), ["'a'"], "{scope:?}: a key marks the row that it labels");
        assert_eq!(marked("abc", scope), ["0", "'b'"], "{scope:?}: every row of one text");
        assert_eq!(marked("b", scope), ["1", "'b'"], "{scope:?}");
        assert_eq!(marked("nothing", scope).len(), 0, "{scope:?}");
    }
    ask::FindEnd.answer(&mut bundle).unwrap();
    assert!(ask::FoundAmong(ask::Among::Offsets(offsets)).answer(&mut bundle).unwrap().is_empty());
}

#[test]
fn all_rows_open_within_a_budget_and_close_again() {
    let mut document = open(&fixture("samples/everyday.pkl"));
    let before = document.row_count();
    let (changed, unfolded) = ask::Unfold { row: 0 }.answer(&mut document).unwrap();
    assert!(unfolded.is_all && unfolded.opened > 0 && changed.total > before, "{unfolded:?}");
    let is_cycle = |row: &TreeRow| row.marks.iter().any(|mark| matches!(mark, RowMark::Cycle { .. }));
    let closed = rows(&mut document, 0, 500).1.into_iter().filter(|row| row.expanded == Some(false));
    assert!(closed.into_iter().all(|row| is_cycle(&row)), "only what is inside itself stays closed");
    let (_, again) = ask::Unfold { row: 0 }.answer(&mut document).unwrap();
    assert_eq!((again.opened, again.is_all), (0, true));
    let last = ask::Fold { row: changed.total - 1 }.answer(&mut document).unwrap();
    assert_eq!((last.total, last.row), (1, 0));
}

#[test]
fn opening_all_rows_of_a_large_file_stops() {
    // Ranges of a list, lists in lists, and a list inside itself.
    let long = [&b"\x80\x04]("[..], &b"K\x01".repeat(200_000), b"e."].concat();
    let deep = [&b"\x80\x04"[..], &b"]".repeat(50_000), &b"a".repeat(49_999), b"."].concat();
    for pickle in [long, deep] {
        let mut document = open(&pickle);
        let (changed, unfolded) = ask::Unfold { row: 0 }.answer(&mut document).unwrap();
        assert!(!unfolded.is_all && unfolded.opened <= 2000 && unfolded.looked <= 20_000, "{unfolded:?}");
        assert!(changed.total < 30_000, "{}", changed.total);
        assert_eq!(ask::Fold { row: changed.total - 1 }.answer(&mut document).unwrap().total, 1);
    }
    let mut document = open(b"\x80\x04]\x94h\x00a.");
    let (changed, unfolded) = ask::Unfold { row: 0 }.answer(&mut document).unwrap();
    assert_eq!((changed.total, unfolded.is_all), (2, true), "{unfolded:?}");
}
