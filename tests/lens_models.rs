//! Estimators and their decision trees against what the libraries say of the same files (`fixtures/models/*.json`, written with
//! them by `scripts/fixtures/gen_models.py`).
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "support/assemble.rs"]
mod assemble;
mod support;

use assemble::root;
use picklescope::document::Document;
use picklescope::graph::{NodeId, RunKind};
use picklescope::view::card::{Bars, Body, Card, CellWindow, Cells, Entry, TreeAsk, TreeDrawing};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;
use support::{fixture, manifest, open};

const VERSIONS: [&str; 3] = ["1.2", "1.4", "1.9"];

fn card(document: &Document) -> Card {
    document.card(root(document).0).unwrap()
}

fn entries<'a>(card: &'a Card, title: &str) -> &'a [Entry] {
    match card.sections.iter().find(|section| section.title == title).map(|section| &section.body) {
        Some(Body::Entries(entries)) => entries,
        _ => &[],
    }
}

/// Label, type and preview of each row.
fn rows(document: &Document) -> Vec<String> {
    let row = |row: picklescope::view::TreeRow| {
        let preview: Vec<String> = row.preview.into_iter().map(|part| part.text).collect();
        format!("{}: {} {}", row.label, row.type_name, preview.join(" "))
    };
    document.rows(0, 100).into_iter().map(row).collect()
}

#[test]
fn rows_speak_as_users_do() {
    for version in VERSIONS {
        let unfitted = rows(&open(&fixture(&format!("real/sklearn-{version}/unfitted.p4.pkl"))));
        let expected =
            ["0: RandomForestClassifier not fitted", "1: LogisticRegression not fitted", "2: Pipeline 1 step"];
        assert_eq!(unfitted[1..], expected);
        let first = |name: &str| rows(&open(&fixture(&format!("real/sklearn-{version}/{name}.pkl")))).swap_remove(0);
        assert_eq!(first("random-forest.p5"), "pickle 1: RandomForestClassifier 4 trees · depth ≤ 3");
        assert_eq!(first("logistic-regression.p0"), "pickle 1: LogisticRegression fitted on 3 features, 2 classes");
        assert_eq!(first("pipeline.p2"), "pickle 1: Pipeline 2 steps");
    }
}

#[test]
fn changed_parameters_are_marked() {
    for version in VERSIONS {
        let card = card(&open(&fixture(&format!("real/sklearn-{version}/decision-tree.p4.pkl"))));
        let parameters = entries(&card, "Parameters");
        let note = |name: &str| parameters.iter().find(|entry| entry.name == name).unwrap().note.clone();
        assert_eq!(note("max_depth"), "changed, default None");
        assert_eq!(note("criterion"), "default");
        let fitted: Vec<&str> = entries(&card, "Fitted attributes").iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(fitted, ["n_features_in_", "n_outputs_", "max_features_", "tree_"]);
    }
}

#[test]
fn pipelines_are_boxes_in_boxes() {
    for version in VERSIONS {
        let card = card(&open(&fixture(&format!("real/sklearn-{version}/column-transformer.p2.pkl"))));
        let Body::Diagram(blocks) = &card.sections[0].body else { panic!("no diagram") };
        let lines: Vec<String> = blocks
            .iter()
            .map(|block| {
                format!("{}{}: {} ({})", " ".repeat(block.level as usize), block.name, block.title, block.detail)
            })
            .collect();
        assert_eq!(
            lines,
            [
                ": ColumnTransformer ()",
                " category: OneHotEncoder (0)",
                " number: Pipeline (1)",
                "  simpleimputer: SimpleImputer ()",
                "  standardscaler: StandardScaler ()"
            ]
        );
        assert!(blocks[0].parallel && !blocks[2].parallel);
    }
}

#[test]
fn trees_are_laid_out() {
    for version in VERSIONS {
        let document = open(&fixture(&format!("real/sklearn-{version}/decision-tree.p5.pkl")));
        let ask = TreeAsk { node: root(&document).0, tree: 0, root: 0, depth: 2 };
        let drawing = document.drawing(ask).unwrap();
        assert_eq!(drawing.problem, None);
        assert_eq!(drawing.nodes[0].title, "feature 2 <= -0.02850000001490116");
        assert_eq!(drawing.width, 4.0);
        let places: Vec<f64> = drawing.nodes.iter().map(|node| node.x).collect();
        assert_eq!(places, [2.0, 1.0, 0.5, 1.5, 3.0, 2.5, 3.5]);
        assert_eq!(drawing.nodes.iter().map(|node| node.hidden).sum::<u64>(), 8);
        let below = document.drawing(TreeAsk { root: drawing.nodes[2].id, ..ask }).unwrap();
        assert_eq!(below.nodes[0].title, drawing.nodes[2].title);
        assert!(document.drawing(TreeAsk { root: 99, ..ask }).unwrap().problem.is_some());
        assert!(document.drawing(TreeAsk { tree: 1, ..ask }).unwrap().problem.is_some());
    }
}

/// A fixture, unpacked.
fn opened(name: &str) -> Document {
    let bytes = fixture(name);
    if !name.ends_with(".z.joblib") {
        return open(&bytes);
    }
    let mut plain = Vec::new();
    flate2::read::ZlibDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
    open(&plain)
}

/// The estimator that a line of the truth is about.
fn place(document: &Document, line: &Value) -> NodeId {
    match line["index"].as_u64() {
        Some(index) => document.lens().graph.run_window(root(document), RunKind::Items, index).next().unwrap().node(),
        None => root(document),
    }
}

fn text(entry: &Entry) -> String {
    entry.value.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// What differs is collected, so that one run tells all.
struct Differences {
    here: String,
    found: Vec<String>,
}

impl Differences {
    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, is: T, should: T) {
        if is != should {
            self.found.push(format!("{}: {what} is {is:?}, should be {should:?}", self.here));
        }
    }
}

fn names(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

fn compare_attributes(card: &Card, line: &Value, all: &mut Differences) {
    let parameters = entries(card, "Parameters");
    let known: BTreeSet<String> = parameters.iter().map(|entry| entry.name.clone()).collect();
    all.compare("parameters", known, names(&line["parameters"]));
    for entry in parameters {
        if let Some(should) = line["parameters"][&entry.name].as_str() {
            all.compare(&entry.name, text(entry), should.to_owned());
        }
    }
    let changed = parameters.iter().filter(|entry| entry.note.starts_with("changed"));
    let changed: Vec<String> = changed.map(|entry| entry.name.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let should: Vec<String> = serde_json::from_value(line["changed"].clone()).unwrap();
    // Of a class that nobody knows no default is known.
    if card.remarks.is_empty() {
        all.compare("changed", changed, should);
    } else {
        all.compare("changed", changed, Vec::new());
    }
    let fitted = entries(card, "Fitted attributes");
    all.compare("fitted", fitted.iter().map(|entry| entry.name.clone()).collect(), names(&line["fitted"]));
    for entry in fitted {
        if let Some(shape) = line["fitted"][&entry.name].as_array() {
            let sizes: Vec<u64> = shape.iter().map(|size| size.as_u64().unwrap()).collect();
            let text = text(entry);
            if !text.contains(&picklescope::lens::shape_text(&sizes)) {
                all.found.push(format!("{}: {} is {text}, should be {sizes:?}", all.here, entry.name));
            }
        }
    }
}

fn fact(card: &Card, name: &str) -> Option<String> {
    card.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.clone())
}

fn bars<'a>(card: &'a Card, title: &str) -> Vec<&'a Bars> {
    let sections = card.sections.iter().filter(|section| section.title.starts_with(title));
    let bars = sections.filter_map(|section| match &section.body {
        Body::Bars(bars) => Some(bars),
        _ => None,
    });
    bars.collect()
}

/// The names of features as the truth has them in its trees do not say which bar is which: values are compared in order of size.
fn compare_weights(card: &Card, line: &Value, all: &mut Differences) {
    let by_size = |values: &[Value]| {
        let mut texts: Vec<String> = values.iter().map(|value| value.as_str().unwrap().to_owned()).collect();
        texts.sort_by(|a, b| b.parse::<f64>().unwrap().abs().total_cmp(&a.parse::<f64>().unwrap().abs()));
        texts.truncate(30);
        texts
    };
    let coefficients = line["coefficients"].as_array().cloned().unwrap_or_default();
    let should: Vec<Vec<String>> = coefficients.iter().map(|one| by_size(one.as_array().unwrap())).collect();
    let shown = bars(card, "Coefficients").into_iter();
    let shown: Vec<Vec<String>> = shown.map(|bars| bars.bars.iter().map(|bar| bar.value.clone()).collect()).collect();
    all.compare("coefficients", shown, should);
    // How trees of a class that nobody knows are put together is not known either.
    let Some(importances) = line["importances"].as_array().filter(|_| card.remarks.is_empty()) else { return };
    let shown = bars(card, "Importances");
    all.compare("importances", shown.len(), 1);
    let shown = shown.first().map(|bars| bars.bars.clone()).unwrap_or_default();
    all.compare("number of importances", shown.len(), importances.len());
    let mut should: Vec<f64> = importances.iter().map(|value| value.as_f64().unwrap()).collect();
    should.sort_by(|a, b| b.total_cmp(a));
    for (bar, should) in shown.iter().zip(should) {
        if (bar.value.parse::<f64>().unwrap() - should).abs() > 1e-6 {
            all.compare(&bar.name, bar.value.clone(), should.to_string());
        }
    }
}

fn compare_trees(document: &Document, node: NodeId, card: &Card, line: &Value, all: &mut Differences) {
    let count = card.sections.iter().find_map(|section| match section.body {
        Body::Trees { count } => Some(count),
        _ => None,
    });
    all.compare("trees", count, line["trees"].as_u64());
    for (index, tree) in line["first"].as_array().into_iter().flatten().enumerate() {
        let ask = TreeAsk { node: node.0, tree: index as u64, root: 0, depth: 8 };
        let drawing: TreeDrawing = document.drawing(ask).unwrap();
        all.compare("problem", drawing.problem.clone(), None);
        let plural = if tree["nodes"] == 1 { "node" } else { "nodes" };
        let end = format!("depth {}, {} {plural}", tree["depth"], tree["nodes"]);
        if !drawing.title.ends_with(&end) {
            all.compare("title", drawing.title.clone(), end);
        }
        let words = tree["words"].as_array().unwrap();
        all.compare("nodes", drawing.nodes.len(), words.len());
        for node in &drawing.nodes {
            let words = words[node.id as usize].as_array().unwrap();
            all.compare("node", node.title.as_str(), words[0].as_str().unwrap());
            let here: Vec<&str> = std::iter::once(&node.title).chain(&node.lines).map(String::as_str).collect();
            for word in &words[1..] {
                let word = word.as_str().unwrap();
                if !here.iter().any(|line| *line == word || line.ends_with(&format!(" {word}"))) {
                    all.found.push(format!("{}: tree {index} node {}: {here:?} without {word}", all.here, node.id));
                }
            }
        }
    }
}

#[test]
fn estimators_are_what_scikit_learn_finds() {
    let mut found = Vec::new();
    for version in VERSIONS {
        let lines = manifest(&format!("models/sklearn-{version}.json"));
        assert!(lines.len() > 90);
        for line in lines {
            let file = line["file"].as_str().unwrap();
            let document = opened(file);
            let node = place(&document, &line);
            let here = format!("{file} {}", line["class"].as_str().unwrap());
            let mut all = Differences { here, found: Vec::new() };
            let Some(card) = document.card(node.0).filter(|card| card.kind == "estimator") else {
                found.push(format!("{}: no estimator", all.here));
                continue;
            };
            compare_attributes(&card, &line, &mut all);
            compare_weights(&card, &line, &mut all);
            compare_trees(&document, node, &card, &line, &mut all);
            if let Some(features) = line["features"].as_u64() {
                let shown = fact(&card, "features").unwrap_or_default();
                all.compare("features", shown.split(':').next().unwrap().to_owned(), features.to_string());
            }
            if let Some(classes) = line["classes"].as_array().filter(|classes| classes.len() <= 8) {
                let names: Vec<&str> = classes.iter().map(|name| name.as_str().unwrap()).collect();
                all.compare(
                    "classes",
                    fact(&card, "classes"),
                    Some(format!("{}: {}", classes.len(), names.join(", "))),
                );
            }
            compare_tables(&document, node, &card, &line, &mut all);
            found.append(&mut all.found);
        }
    }
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found[..found.len().min(80)].join("\n"));
}

/// The cells of the table with this heading.
fn table(document: &Document, node: NodeId, card: &Card, title: &str) -> Option<Cells> {
    let grid = card.sections.iter().find_map(|section| match &section.body {
        Body::Grid(grid) if section.title == title => Some(grid.id),
        _ => None,
    })?;
    document.cells(&CellWindow { node: node.0, grid, rows: 100, columns: 100, ..CellWindow::default() })
}

fn compare_tables(document: &Document, node: NodeId, card: &Card, line: &Value, all: &mut Differences) {
    if let Some(terms) = line["vocabulary"].as_array() {
        let cells = table(document, node, card, "Vocabulary").unwrap_or_default();
        all.compare("problem", cells.problem, None);
        let shown: Vec<Vec<String>> =
            cells.rows.into_iter().map(|row| row.into_iter().map(|cell| cell.text).collect()).collect();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let should =
            terms.iter().map(|term| term.as_array().unwrap().iter().filter(|one| !one.is_null()).map(text).collect());
        all.compare("vocabulary", shown, should.collect());
    }
    if let Some(candidates) = line["search"].as_array() {
        let cells = table(document, node, card, "Search results").unwrap_or_default();
        let shown: Vec<(String, String)> =
            cells.rows.iter().map(|row| (row[0].text.clone(), row[1].text.clone())).collect();
        let should = candidates.iter().map(|one| (one[0].to_string(), one[1].as_str().unwrap().to_owned()));
        all.compare("search", shown.len(), candidates.len());
        let should: BTreeSet<(String, String)> = should.collect();
        all.compare("search", shown.into_iter().collect(), should);
    }
}
