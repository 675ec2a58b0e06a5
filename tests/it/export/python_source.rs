//! The document as Python source: chosen files as text in `tests/golden/python`, and what must hold for all of them. After a
//! change that is meant, `BLESS=1 cargo test --test it export::python_source` rewrites them; read the difference before committing it.

use crate::support;
use picklescope::document::Document;
use std::fmt::Write;
use std::fs;
use support::{fixture, open, tests};

const FILES: &[&str] = &[
    "samples/everyday",
    "samples/dataframe",
    "samples/checkpoint-like",
    "samples/hostile-demo",
    "real/stdlib/cycles.p4",
    "real/stdlib/shared.p2",
    "real/stdlib/recursive-objects.p0",
    "real/stdlib/collections.p5",
    "edge/cut-in-list",
    "edge/reduce-discarded",
    "edge/stop-leftovers",
    "edge/ext1-unknown",
    "edge/build-slots",
    "edge/reduce-everything",
    "legacy/inst-state",
    "real/stdlib/datetimes.p4",
    "real/stdlib/buffers.out-of-band.p5",
    "real/stdlib/persistent-tuple.p2",
];

/// The source as text; what the audit marks is a comment at the end of its line.
fn text(document: &Document) -> String {
    let mut out = String::new();
    for line in document.source_lines(0, usize::MAX) {
        let words: String = line.parts.iter().map(|part| part.text.as_str()).collect();
        write!(out, "{}{words}", "    ".repeat(line.indent as usize)).unwrap();
        if let Some((level, what)) = line.danger {
            write!(out, "  # <-- {}: {what}", level.word()).unwrap();
        }
        out.push('\n');
    }
    out
}

#[test]
fn sources_are_as_reviewed() {
    let bless = std::env::var_os("BLESS").is_some();
    let folder = tests().join("golden/python");
    let mut changed = Vec::new();
    for name in FILES {
        let source = text(&open(&fixture(&format!("{name}.pkl"))));
        let path = folder.join(format!("{}.py", name.replace('/', "-")));
        if bless {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &source).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != source {
            changed.push(format!("{}:\n{source}", path.display()));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn windows_are_pieces_of_the_whole() {
    let document = open(&fixture("samples/everyday.pkl"));
    let whole = document.source_lines(0, usize::MAX);
    assert_eq!(whole.len() as u64, document.source_line_count());
    assert!(whole.len() > 10);
    for first in 0..whole.len() {
        assert_eq!(document.source_lines(first as u64, 3), whole[first..(first + 3).min(whole.len())]);
    }
    assert!(document.source_lines(u64::MAX, 3).is_empty());
}

/// Files that are much larger than they look, or deeper than a stack: all lines, on the small stack of a test's thread.
#[test]
fn no_file_is_too_much() {
    let deep = |open: &[u8], close: &[u8]| {
        let mut bytes = b"\x80\x04".to_vec();
        (0..200_000).for_each(|_| bytes.extend(open));
        (0..199_999).for_each(|_| bytes.extend(close));
        bytes.push(b'.');
        bytes
    };
    let mut wide = b"\x80\x04](".to_vec();
    (0..1_000_000).for_each(|_| wide.extend(b"K\x07"));
    wide.extend(b"e.");
    let made =
        [("lists", deep(b"]", b"a")), ("tuples", [&b"\x80\x04)"[..], &[0x85; 200_000], b"."].concat()), ("wide", wide)];
    let made = made.into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
    let hostile = support::folder("fixtures", "hostile").into_iter().chain(support::fixtures());
    let files = made.chain(hostile.map(|file| (file.name, file.bytes)));
    let mut lines = 0;
    for (name, bytes) in files {
        let document = open(&bytes);
        let count = document.source_line_count();
        assert!(count <= 200_100, "{name}: {count} lines");
        for line in document.source_lines(0, usize::MAX) {
            lines += 1;
            let is_one = line.parts.iter().all(|part| !part.text.contains(['\n', '\r']));
            assert!(is_one, "{name}: line {} is more than one", line.index);
        }
        let environment = document.environment();
        assert_eq!(environment.pins.len(), environment.packages.len(), "{name}");
    }
    assert!(lines > 30_000, "{lines}");
}

/// What loading would do is marked in the line that does it, in every file that is known to be dangerous by a call.
#[test]
fn dangerous_calls_are_marked() {
    for name in ["samples/hostile-demo", "edge/reduce-discarded"] {
        let document = open(&fixture(&format!("{name}.pkl")));
        let marked = document.source_lines(0, usize::MAX).iter().filter(|line| line.danger.is_some()).count();
        assert_eq!(marked > 0, name.contains("hostile"), "{name}");
    }
}

/// Names are said letter for letter: with surrogates, with letters that Python puts others in the place of, with what does not
/// print.
#[test]
fn names_are_those_of_the_file() {
    let source = |module: &str, name: &str| {
        let of = |text: &[u8]| [&[0x8c, text.len() as u8], text].concat();
        let bytes = |text: &str| match text {
            "lone" => b"a\xed\xa0\x80".to_vec(),
            _ => text.as_bytes().to_vec(),
        };
        let pickle = [b"\x80\x04".to_vec(), of(&bytes(module)), of(&bytes(name)), b"\x93.".to_vec()].concat();
        text(&open(&pickle))
    };
    assert!(source("os", "path").contains("from os import path"));
    assert!(
        source("m", "lone").contains("getattr(importlib.import_module('m'), 'a\\ud800')"),
        "{}",
        source("m", "lone")
    );
    assert!(source("\u{ff4f}s", "path").contains("importlib.import_module('\u{ff4f}s')"));
    assert!(source("m", "a\u{b2}").contains("getattr(importlib.import_module('m'), 'a\u{b2}')"));
    assert!(source("m", "a\u{200b}").contains("'a\\u200b')"), "{}", source("m", "a\u{200b}"));
}
