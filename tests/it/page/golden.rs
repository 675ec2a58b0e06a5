//! What a person sees of chosen files, as text in `tests/golden/views`: facts, verdict, problems and the tree. After a
//! change that is meant, `BLESS=1 cargo test --test it page::golden` rewrites them; read the difference before committing it.

use crate::support;
use picklescope::document::{Document, Walk};
use picklescope::view::{RowMark, TextPart, TreeRow};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use support::{fixture, open, tests};

const FILES: &[&str] = &[
    "samples/everyday",
    "samples/dataframe",
    "samples/sklearn-bundle",
    "samples/checkpoint-like",
    "samples/hostile-demo",
    "legacy/inst-state",
    "legacy/obj-state",
    "legacy/reconstructor",
    "legacy/reconstructor-list",
    "legacy/builtin-names",
    "legacy/codecs-encode",
    "legacy/bytearray",
    "legacy/datetime-high",
    "legacy/numpy",
    "legacy/slice",
    "edge/cut-in-list",
    "edge/cut-in-frame",
    "edge/memo-missing",
    "edge/unknown-opcode",
    "edge/text-file",
    "edge/empty",
    "edge/stop-leftovers",
    "edge/reduce-discarded",
    "edge/reduce-everything",
    "edge/recursive-tuple",
    "edge/trailing-pickles-then-zeros",
    "edge/keys-unhashable",
    "edge/ext1-unknown",
    "edge/surrogate-key",
    "edge/self-tuple-key",
];

/// The shapes of the standard library, at these protocols where there is such a file.
const PROTOCOLS: [u8; 2] = [0, 5];

fn line(row: &TreeRow, out: &mut String) {
    write!(out, "{}{}:", "  ".repeat(row.level as usize - 1), row.label).unwrap();
    for text in std::iter::once(row.type_name.as_str()).chain(row.preview.iter().map(|part| part.text.as_str())) {
        if !text.is_empty() {
            write!(out, " {text}").unwrap();
        }
    }
    for mark in &row.marks {
        match mark {
            RowMark::Shared { first } => write!(out, "  [same object as {first}]").unwrap(),
            RowMark::Cycle { ancestor } => write!(out, "  [cycle: this is {ancestor}]").unwrap(),
            RowMark::Danger { level, text } => write!(out, "  [{}: {text}]", level.word()).unwrap(),
            RowMark::Problem { text } => write!(out, "  [problem: {text}]").unwrap(),
        }
    }
    out.push('\n');
}

fn plain(parts: &[TextPart]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

fn view(mut document: Document) -> String {
    let facts = document.overview();
    let mut out = String::new();
    let protocol = facts.protocol.map_or_else(|| "none".to_owned(), |protocol| protocol.to_string());
    let chain: Vec<&str> = facts.chain.iter().map(|crumb| crumb.word.as_str()).collect();
    writeln!(out, "{}, protocol {protocol}, {} pickles", chain.join(" > "), facts.pickles).unwrap();
    writeln!(
        out,
        "{} bytes, {} opcodes, {} objects, {} frames, {} imports",
        facts.size, facts.opcodes, facts.objects, facts.frames, facts.imports
    )
    .unwrap();
    writeln!(out, "{}", facts.reading).unwrap();
    writeln!(out, "{}: {}", facts.verdict.word, plain(&facts.verdict.sentence)).unwrap();
    for import in &facts.import_list {
        let raw = import.raw.as_ref().map_or_else(String::new, |raw| format!(" (spelled {raw})"));
        writeln!(out, "import {}.{}{raw}, {}", import.module, import.name, import.level.word()).unwrap();
    }
    for problem in &facts.problems {
        let fatal = if problem.fatal { ", stopped" } else { "" };
        writeln!(out, "problem at {} {}: {}{fatal}", problem.offset, problem.opcode, problem.message).unwrap();
    }
    out.push('\n');
    let mut rows = 0;
    document
        .walk(8, 12, &mut |event| {
            rows += 1;
            match event {
                _ if rows > 300 => {}
                Walk::Row(row) => line(&row, &mut out),
                Walk::More { level, left } => {
                    writeln!(out, "{}… {left} more", "  ".repeat(level as usize - 1)).unwrap();
                }
            }
            Ok(())
        })
        .unwrap();
    if rows > 300 {
        writeln!(out, "… and {} rows", rows - 300).unwrap();
    }
    out
}

/// All files of the set, with their names in `views`.
fn chosen() -> Vec<String> {
    let mut names: Vec<String> = FILES.iter().map(|name| format!("{name}.pkl")).collect();
    let shapes: BTreeSet<String> = support::folder("fixtures", "real/stdlib").into_iter().map(|f| f.name).collect();
    let fits = |name: &&String| PROTOCOLS.iter().any(|protocol| name.ends_with(&format!(".p{protocol}.pkl")));
    names.extend(shapes.iter().filter(fits).cloned());
    names
}

#[test]
fn views_are_as_they_were_read() {
    let folder = tests().join("golden/views");
    let bless = std::env::var_os("BLESS").is_some();
    let mut differing = Vec::new();
    let mut known = BTreeSet::new();
    for name in chosen() {
        let target = format!("{}.txt", name.trim_end_matches(".pkl").replace("real/", "").replace('/', "-"));
        let now = view(open(&fixture(&name)));
        let path = folder.join(&target);
        known.insert(target.clone());
        let before = fs::read_to_string(&path).unwrap_or_default();
        if before == now {
            continue;
        }
        if bless {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &now).unwrap();
            continue;
        }
        let first = now.lines().zip(before.lines()).find(|(now, before)| now != before);
        let (now, before) = first.unwrap_or(("a different number of lines", ""));
        differing.push(format!("{target}\n  was {before}\n  is  {now}"));
    }
    if bless {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if !known.contains(path.file_name().unwrap().to_str().unwrap()) {
                fs::remove_file(path).unwrap();
            }
        }
    }
    assert!(differing.is_empty(), "BLESS=1 rewrites\n{}", differing.join("\n"));
    assert!(known.len() >= 40);
}
