//! Values that were once shown wrongly, against the libraries that wrote them (`fixtures/values`, written by
//! `scripts/fixtures/gen_values.py`).

use crate::support;
use crate::support::truth::step;
use picklescope::document::Document;
use picklescope::view::ExportAsk;
use picklescope::view::card::Format;
use serde_json::Value;
use support::assemble::root;
use support::{fixture, open};

fn plain(document: &mut Document) -> Value {
    let node = Some(root(document).0);
    let saved = document.export(ExportAsk { node, format: Format::PlainJson, escape_formulas: false }).unwrap();
    assert!(saved.finished);
    serde_json::from_slice(&saved.bytes).unwrap()
}

fn cells(document: &Document) -> Value {
    let lens = document.lens();
    let table = lens.table(root(document)).unwrap();
    let column = table.column(0).unwrap();
    column.values.cells(0, 100, 100).unwrap().into_iter().map(|cell| Value::from(cell.text)).collect()
}

#[test]
fn values_are_what_their_libraries_say() {
    let truth: Vec<Value> = serde_json::from_slice(&fixture("values/truth.json")).unwrap();
    assert!(truth.len() >= 25);
    let mut found = Vec::new();
    for row in truth {
        let file = row["file"].as_str().unwrap();
        let mut document = open(&fixture(&format!("values/{file}")));
        for line in row["rows"].as_array().unwrap() {
            let path = line[0].as_array().unwrap();
            let lens = document.lens();
            let node = path.iter().fold(root(&document), |node, by| step(&lens, node, by));
            let shape = lens.shape(node);
            let shown = Value::from(vec![shape.full_name, shape.text.unwrap_or_default()]);
            if shown[0] != line[1] || shown[1] != line[2] {
                found.push(format!("{file} {}: {shown}, not {line}", line[0]));
            }
        }
        if !row["plain"].is_null() && plain(&mut document) != row["plain"] {
            found.push(format!("{file}: {}, not {}", plain(&mut document), row["plain"]));
        }
        if !row["cells"].is_null() && cells(&document) != row["cells"] {
            found.push(format!("{file}: {}, not {}", cells(&document), row["cells"]));
        }
        let breaks: Vec<String> = document.environment().breaks.into_iter().map(|failure| failure.with).collect();
        for fails in row["fails"].as_array().into_iter().flatten() {
            if !breaks.iter().any(|with| Some(with.as_str()) == fails.as_str()) {
                found.push(format!("{file}: {fails} is not foreseen, but {breaks:?}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
