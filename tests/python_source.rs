//! The document as Python source: chosen files as text in `tests/golden/python`, and what must hold for all of them. After a
//! change that is meant, `BLESS=1 cargo test --test python_source` rewrites them; read the difference before committing it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

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
