//! Tables against what pandas finds in the same files (`fixtures/tables/truth.json`, written by
//! `scripts/fixtures/gen_tables.py`).
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "support/assemble.rs"]
mod assemble;
mod support;

use assemble::root;
use picklescope::document::Document;
use picklescope::graph::{Edge, Node, NodeId, RunKind};
use picklescope::lens::{Index, Lens, Series, Table, TableKind, TableValue, ValueKind, Values, Vector};
use serde_json::Value;
use support::{fixture, open};

/// Characters of a value, more than any in the fixtures.
const WHOLE: usize = 10_000;

/// What stands under a key or at a position.
fn step(lens: &Lens<'_>, node: NodeId, by: &Value) -> NodeId {
    let found = match by {
        Value::String(key) => lens.value_of(Edge::to(node), key),
        index => {
            let index = index.as_u64().unwrap();
            match lens.graph.node(node) {
                Node::List => lens.graph.run_window(node, RunKind::Items, index).next(),
                _ => lens.graph.items_window(node, index).next(),
            }
        }
    };
    found.unwrap_or_else(|| panic!("nothing under {by}")).node()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn texts(values: Vec<TableValue>) -> Vec<String> {
    values.into_iter().map(|value| value.text).collect()
}

/// Collects what differs.
#[derive(Default)]
struct Differences {
    here: String,
    found: Vec<String>,
}

impl Differences {
    fn compare(&mut self, what: &str, is: &impl std::fmt::Debug, should: &impl std::fmt::Debug) {
        let (is, should) = (format!("{is:?}"), format!("{should:?}"));
        if is != should {
            self.found.push(format!("{}: {what} is {is}, should be {should}", self.here));
        }
    }

    fn index(&mut self, what: &str, index: Option<&Index<'_>>, truth: &Value) {
        let Some(index) = index else { return self.compare(what, &"nothing", &"an index") };
        self.compare(&format!("{what} class"), &index.class, &truth["class"].as_str().unwrap());
        let names: Vec<&String> = index.levels.iter().map(|(name, _)| name).collect();
        self.compare(&format!("{what} names"), &names, &strings(&truth["names"]));
        let dtypes: Vec<&String> = index.levels.iter().map(|(_, level)| &level.dtype).collect();
        self.compare(&format!("{what} dtypes"), &dtypes, &strings(&truth["dtypes"]));
        let should: Vec<Vec<String>> = truth["labels"].as_array().unwrap().iter().map(strings).collect();
        let labels = index.labels(0, should.len(), WHOLE).map(|rows| rows.into_iter().map(texts).collect::<Vec<_>>());
        self.compare(&format!("{what} labels"), &labels, &Ok::<_, String>(should));
    }

    fn column(&mut self, name: &str, values: &Vector<'_>, truth: &Value) {
        self.compare(&format!("dtype of {name}"), &values.dtype, &truth["dtype"].as_str().unwrap());
        let should = strings(&truth["cells"]);
        if ["list", "decimal"].iter().any(|kind| values.dtype.starts_with(kind)) {
            assert!(values.cells(0, 1, WHOLE).unwrap_err().starts_with("values of Arrow's type"));
            return;
        }
        match values.cells(0, should.len(), WHOLE) {
            Ok(cells) => {
                for (row, (cell, should)) in cells.iter().zip(&should).enumerate() {
                    self.compare(&format!("[{row}] of {name}"), &cell.text, should);
                    let alone = values.cells(row as u64, 1, WHOLE).unwrap();
                    self.compare("the value read alone", &alone[0], cell);
                    self.compare(
                        "the text of the series",
                        &values.text(row as u64).len().min(1000),
                        &cell.text.len().min(1000),
                    );
                }
                self.compare(&format!("cells of {name}"), &cells.len(), &should.len());
            }
            Err(reason) => self.compare(&format!("cells of {name}"), &reason, &"readable"),
        }
        let all = usize::try_from(values.len()).unwrap();
        let nulls = truth["nulls"].as_u64().unwrap() as usize;
        if let Ok(cells) = values.cells(0, all, WHOLE) {
            let missing = cells.iter().filter(|cell| cell.kind == ValueKind::Missing).count();
            self.compare(&format!("missing cells of {name}"), &missing, &nulls);
            let missing = match values.values(0, all).unwrap() {
                Values::Floats(values) => values.iter().filter(|value| value.is_nan()).count(),
                Values::Integers(values) => values.iter().filter(|value| value.is_none()).count(),
                Values::Texts(values) => values.iter().filter(|value| value.is_none()).count(),
                Values::Missing(count) => count,
            };
            self.compare(&format!("missing values of {name}"), &missing, &nulls);
        }
    }

    fn table(&mut self, table: &Table<'_>, truth: &Value) {
        let kind = match table.kind {
            TableKind::Frame => "Frame",
            TableKind::Series => "Series",
            TableKind::Index => "Index",
            TableKind::Array => "Array",
        };
        self.compare("kind", &kind, &truth["kind"].as_str().unwrap());
        let class = truth["class"].as_str().unwrap();
        self.compare("class", &table.class_name(), &class.rsplit('.').next().unwrap());
        self.compare("rows", &table.rows, &truth["rows"].as_u64().unwrap());
        self.compare("columns", &table.columns, &truth["columns"].as_u64().unwrap());
        self.compare("remarks", &table.remarks, &Vec::<String>::new());
        if !truth["index"].is_null() {
            self.index("index", table.index.as_ref(), &truth["index"]);
        }
        if !truth["heads"].is_null() {
            self.index("columns", table.column_index.as_ref(), &truth["heads"]);
        }
        let parts = truth["parts"].as_array().unwrap();
        let columns = table.columns_from(0, parts.len());
        self.compare("columns read", &columns.len(), &parts.len());
        for (number, (column, truth)) in columns.iter().zip(parts).enumerate() {
            let name = truth["name"].as_str().unwrap();
            // The labels of numpy's own types are not what they are in the file.
            if table.column_index.as_ref().is_none_or(|names| names.levels.len() == 1) {
                self.compare("name", &column.name, &name);
            }
            self.column(name, &column.values, truth);
            let alone = table.column(number as u64).unwrap();
            self.compare(
                "the column read alone",
                &(alone.name, alone.values.dtype),
                &(&column.name, &column.values.dtype),
            );
        }
    }
}

fn is_read(document: &Document) {
    assert!(document.reading().streams[0].root.is_some());
}

#[test]
fn tables_are_those_that_pandas_finds() {
    let truth: Vec<Value> = serde_json::from_slice(&fixture("tables/truth.json")).unwrap();
    assert!(truth.len() > 1000);
    let mut differences = Differences::default();
    for lines in truth.chunk_by(|a, b| a["file"] == b["file"]) {
        let document = open(&fixture(lines[0]["file"].as_str().unwrap()));
        is_read(&document);
        let lens = document.lens();
        for line in lines {
            let node = line["path"].as_array().unwrap().iter().fold(root(&document), |node, by| step(&lens, node, by));
            differences.here = format!("{} {}", line["file"].as_str().unwrap(), line["path"]);
            if line["kind"] == "scalar" {
                let shape = lens.shape(node);
                differences.compare("text", &shape.text, &Some(line["text"].as_str().unwrap()));
                continue;
            }
            match lens.table(node) {
                Some(table) => differences.table(&table, line),
                None => differences.compare("this", &"no table", &line["kind"]),
            }
        }
    }
    let found = differences.found;
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found[..found.len().min(150)].join("\n"));
}
