//! Whatever a file holds, what the core hands to a page or a terminal shows it: no character that would not be seen, or that
//! would move others, is in any answer.

use crate::support;
use crate::support::assemble;
use assemble::{
    Value, array, build, bytes, call, dict, dtype, global, int, ints, list, none, persistent, pickle, python2,
};
use assemble::{text, truth, tuple};
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::document::Document;
use picklescope::opcode::is_visible;
use picklescope::view::card::{Body, CellWindow, Format};
use picklescope::view::{ExportAsk, tree_text};
use serde::Serialize;
use std::sync::Arc;
use support::memory;

/// Characters that would not be seen, of every kind: controls, blanks, joiners, marks of direction, fillers, selectors,
/// tags, what is private or not assigned.
fn hidden() -> Vec<char> {
    let all = (0..=0x10_ffffu32).filter_map(char::from_u32).filter(|&c| !is_visible(c));
    // Of long runs the ends are enough.
    let mut chosen: Vec<char> = Vec::new();
    let mut run = 0;
    let all: Vec<char> = all.collect();
    for (at, &c) in all.iter().enumerate() {
        let follows = at > 0 && u32::from(all[at - 1]) + 1 == u32::from(c);
        let ends = all.get(at + 1).is_none_or(|&next| u32::from(c) + 1 != u32::from(next));
        run = if follows { run + 1 } else { 0 };
        let is_all = matches!(c, '\0'..='\u{a0}' | '\u{2000}'..='\u{206f}' | '\u{fe00}'..='\u{feff}');
        if run < 2 || ends || is_all {
            chosen.push(c);
        }
    }
    let must = ['\0', '\x1b', '\x7f', '\u{9b}', '\u{200b}', '\u{200d}', '\u{202e}', '\u{2066}', '\u{2028}', '\u{3164}'];
    assert!(must.iter().all(|c| chosen.contains(c)) && chosen.len() > 1000);
    chosen
}

/// Every text in an answer; the text of a value may have lines.
fn assert_visible(what: &str, answer: &impl Serialize) {
    fn go(what: &str, path: &str, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) => {
                let lines = path.ends_with("/value/text") || path == "/text";
                let stays = |c: char| is_visible(c) || lines && matches!(c, '\n' | '\t');
                assert!(text.chars().all(stays), "{what}{path}: {text:?}");
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| go(what, path, item)),
            serde_json::Value::Object(fields) => {
                for (name, field) in fields {
                    go(what, &format!("{path}/{name}"), field);
                }
            }
            _ => {}
        }
    }
    go(what, "", &serde_json::to_value(answer).unwrap());
}

/// Asks everything that a page asks.
fn ask(what: &str, document: &mut Document) {
    assert_visible(what, &document.overview());
    assert_visible(what, &document.environment());
    for row in 0..4 {
        document.open_all(row, true);
    }
    let count = document.row_count().min(200);
    assert_visible(what, &document.rows(0, 200));
    for row in 0..count {
        assert_visible(what, &document.inspect_row(row));
    }
    assert_visible(what, &document.listing(0, 300));
    for number in 0..document.listing_count().min(60) {
        assert_visible(what, &document.inspect_opcode(number));
    }
    assert_visible(what, &document.source_lines(0, 300));
    document
        .walk(20, 50, &mut |step| {
            if let picklescope::document::Walk::Row(row) = step {
                assert!(tree_text::line(&row, 0).chars().all(is_visible), "{what}");
            }
            Ok(())
        })
        .unwrap();
    for node in 0..(document.reading().graph.len() as u32).min(80) {
        assert_visible(what, &document.value(node, 0));
        assert!(document.place_of(picklescope::graph::NodeId(node)).chars().all(is_visible), "{what}");
        let Some(card) = document.card(node) else { continue };
        assert_visible(what, &card);
        for section in &card.sections {
            if let Body::Grid(grid) = &section.body {
                let slice = vec![0; grid.slices.len()];
                let window = CellWindow {
                    node,
                    grid: grid.id,
                    slice,
                    row: 0,
                    rows: 20,
                    column: 0,
                    columns: 20,
                    ..CellWindow::default()
                };
                assert_visible(what, &document.cells(&window));
            }
        }
        for part in 0..2 {
            assert_visible(what, &document.statistics(node, part));
        }
        for format in [Format::Csv, Format::PlainJson, Format::Npz, Format::Safetensors] {
            match document.export(ExportAsk { node: Some(node), format, escape_formulas: false }) {
                Ok(piece) => assert_visible(what, &(piece.name, piece.remarks)),
                Err(message) => assert!(message.chars().all(is_visible), "{what} {format:?}: {message:?}"),
            }
        }
    }
}

/// Values with a text in every place where one may stand.
fn places(name: &str) -> Vec<(&'static str, Value)> {
    let utf8 = |name: &str| text(name);
    let stack_global = |module: &str, name: &str| [utf8(module), utf8(name), vec![0x93]].concat();
    let line = name.replace(['\n', '\r'], "");
    let instance = || [stack_global("package.module", "Class"), tuple(&[]), vec![0x81]].concat();
    let fields = [(text(name), tuple(&[dtype("i4", "<"), int(0)]))];
    let state = tuple(&[int(3), text("|"), none(), tuple(&[text(name)]), dict(&fields), int(4), int(1), int(16)]);
    let structured = build(call(global("numpy", "dtype"), &[text("V4"), truth(false), truth(true)]), state);
    let float = || call(global("numpy", "float64"), &[]);
    let utf32: Vec<u8> = name.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let code = format!("U{}", name.chars().count());
    vec![
        ("text", text(name)),
        ("texts", list(&[text(name), tuple(&[text(name)])])),
        ("key", dict(&[(text(name), int(1)), (tuple(&[text(name)]), text(name))])),
        ("attribute", build(instance(), dict(&[(text(name), text(name))]))),
        ("names", stack_global(name, name)),
        ("class", build([stack_global(name, name), tuple(&[]), vec![0x81]].concat(), dict(&[(text("a"), int(1))]))),
        ("dotted", stack_global("os", &format!("path.{name}"))),
        ("call", call(stack_global(name, name), &[text(name)])),
        ("dangerous", call(global("os", "system"), &[text(name)])),
        ("getattr", call(global("builtins", "getattr"), &[global("os", "path"), text(name)])),
        (
            "line",
            [b"c".to_vec(), line.clone().into_bytes(), b"\n".to_vec(), line.into_bytes(), b"\n".to_vec()].concat(),
        ),
        ("persistent", persistent(text(name))),
        (
            "torch",
            persistent(tuple(&[text("storage"), global("torch", "FloatStorage"), text(name), text(name), int(1)])),
        ),
        ("python2", list(&[python2(name.as_bytes()), bytes(name.as_bytes())])),
        ("array", array(ints(&[1]), dtype(&code, "<"), truth(false), bytes(&utf32))),
        ("structure", array(ints(&[1]), structured, truth(false), bytes(&[1, 0, 0, 0]))),
        ("objects", array(ints(&[2]), dtype("O", "|"), truth(false), list(&[text(name), float()]))),
        ("exception", call(global("builtins", "ValueError"), &[text(name)])),
        ("path", call(global("pathlib", "PosixPath"), &[text(name), text("b")])),
        ("decimal", call(global("decimal", "Decimal"), &[text(name)])),
        ("regex", call(global("re", "_compile"), &[text(name), int(32)])),
        ("zone", call(global("zoneinfo", "ZoneInfo._unpickle"), &[text(name), truth(true)])),
        ("address", call(global("ipaddress", "IPv4Address"), &[text(name)])),
        ("code", call(global("builtins", "eval"), &[text(name)])),
        ("module", call(global("types", "ModuleType"), &[text(name)])),
        ("counter", call(global("collections", "Counter"), &[dict(&[(text(name), int(1))])])),
        ("lambda", call(global("functools", "partial"), &[stack_global("m", name)])),
        ("columns", dict(&[(text(name), list(&[int(1), int(2)])), (text("b"), list(&[text(name), none()]))])),
        ("changed", build(none(), text(name))),
    ]
}

#[test]
fn no_answer_holds_what_cannot_be_seen() {
    for group in hidden().chunks(40) {
        let name: String = std::iter::once('a').chain(group.iter().copied()).chain(['b']).collect();
        for (what, value) in places(&name) {
            let what = format!("{what} {:04x}", u32::from(group[0]));
            let file = pickle(value);
            let mut document = Document::open(format!("{name}.pkl"), memory(&file), Limits::default(), &mut |_, _| {});
            ask(&what, &mut document);
        }
    }
}

#[test]
fn surrogates_are_marks_too() {
    let surrogate = [b"X\x05\0\0\0".to_vec(), b"a\xed\xa0\x80b".to_vec()].concat();
    let instance = [global("m", "C"), tuple(&[]), vec![0x81]].concat();
    for value in [
        surrogate.clone(),
        dict(&[(surrogate.clone(), int(1))]),
        build(instance, dict(&[(surrogate.clone(), int(1))])),
        [surrogate.clone(), surrogate.clone(), vec![0x93]].concat(),
    ] {
        let mut document = support::open(&pickle(value));
        ask("surrogate", &mut document);
        document.open_all(0, true);
        let rows = document.rows(0, 100);
        let shown = serde_json::to_string(&rows).unwrap();
        assert!(shown.contains("\\\\ud800") && !shown.contains('\u{fffd}'), "{shown}");
    }
}

/// A zip archive of stored entries.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let offset = file.len() as u32;
        let mut crc = u32::MAX;
        for &byte in *data {
            crc ^= u32::from(byte);
            (0..8).for_each(|_| crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 });
        }
        let mut common = [0x0800u16, 0, 0, 0x21].iter().flat_map(|field| field.to_le_bytes()).collect::<Vec<u8>>();
        for field in [!crc, data.len() as u32, data.len() as u32] {
            common.extend(field.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        file.extend([b"PK\x03\x04\x14\0", &common[..], name.as_bytes(), data].concat());
        directory.extend(
            [b"PK\x01\x02\x14\0\x14\0", &common[..], &[0; 10], &offset.to_le_bytes(), name.as_bytes()].concat(),
        );
    }
    let (size, at, count) = (directory.len() as u32, file.len() as u32, entries.len() as u16);
    let end =
        [&[0; 4][..], &count.to_le_bytes(), &count.to_le_bytes(), &size.to_le_bytes(), &at.to_le_bytes(), &[0; 2]];
    [file, directory, b"PK\x05\x06".to_vec(), end.concat()].concat()
}

#[test]
fn members_and_reports_hide_nothing() {
    for group in hidden().chunks(24) {
        let name: String = std::iter::once('a').chain(group.iter().copied()).chain(['b']).collect();
        let evil = pickle(call(global("os", "system"), &[text(&name)]));
        let archive = zip(&[(&format!("{name}/data.pkl"), &evil), (&format!("{name}/other.pkl"), b"\x80\x04K")]);
        let files: Vec<(String, Arc<dyn Source>)> = vec![
            (format!("{name}.zip"), Arc::new(MemorySource::new(archive))),
            (format!("{name}.pkl"), Arc::new(MemorySource::new(evil))),
        ];
        let mut bundle = Bundle::open(files, Limits::default(), &mut |_| {});
        for row in 0..4 {
            bundle.toggle(row, true, &mut |_| {});
        }
        assert_visible("members", &bundle.rows(0, 100, &mut |_| {}));
        let mut report = bundle.report("x", 1 << 20, &mut |_| {});
        assert!(!report.findings.is_empty());
        "x".clone_into(&mut report.path);
        assert_visible("report", &report);
        for member in 0..bundle.len() as u32 {
            let member = bundle.member(member).unwrap();
            bundle.show(member, &mut |_| {});
            assert_visible("overview", &bundle.document().overview());
        }
    }
}
