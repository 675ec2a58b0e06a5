//! Estimators and their decision trees against what the libraries say of the same files (`fixtures/models/*.json`, written with
//! them by `scripts/fixtures/gen_models.py`).

use crate::support;
use crate::support::assemble;
use assemble::Value as Opcodes;
use assemble::{
    array, build, bytes, call, dict, dtype, global, int, ints, list, none, pickle, root, text as string, truth, tuple,
};
use picklescope::document::Document;
use picklescope::graph::{Edge, NodeId, RunKind};
use picklescope::view::card::{Bars, Body, Card, CellWindow, Cells, Entry, TreeAsk, TreeDrawing};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;
use support::{fixture, manifest, open};

const VERSIONS: [&str; 3] = ["1.2", "1.4", "1.9"];
/// Versions of xgboost, each with the lightgbm of its time.
const BOOSTING: [&str; 2] = ["1.5", "3.2"];

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
        assert_eq!(first("random-forest.p5"), "pickle: RandomForestClassifier 4 trees · depth ≤ 3");
        assert_eq!(first("logistic-regression.p0"), "pickle: LogisticRegression fitted on 3 features, 2 classes");
        assert_eq!(first("pipeline.p2"), "pickle: Pipeline 2 steps");
    }
}

/// `ClassifierMixin.score` and `RegressorMixin.score` are what a search without `scoring` measures.
#[test]
fn a_search_says_what_its_best_score_measures() {
    let estimator = |module: &str, name: &str, state: &[(Opcodes, Opcodes)]| {
        build([global(module, name), tuple(&[]), b"\x81".to_vec()].concat(), dict(state))
    };
    let search = |last: Opcodes, scoring: Opcodes, refit: Opcodes| {
        let state = [
            (string("estimator"), last.clone()),
            (string("param_grid"), dict(&[])),
            (string("scoring"), scoring),
            (string("refit"), refit),
            (string("best_score_"), int(1)),
            (string("best_estimator_"), last),
        ];
        rows(&open(&pickle(estimator("sklearn.model_selection._search", "GridSearchCV", &state)))).swap_remove(0)
    };
    let classes = [(string("classes_"), list(&[int(0), int(1)]))];
    let classifier = || estimator("sklearn.svm._classes", "SVC", &classes);
    let regressor = || estimator("sklearn.linear_model._ridge", "Ridge", &[(string("alpha"), int(1))]);
    let clusters = || estimator("sklearn.cluster._kmeans", "KMeans", &[(string("n_clusters"), int(3))]);
    let (own, yes) = (none, || truth(true));
    assert_eq!(search(classifier(), own(), yes()), "pickle: GridSearchCV of SVC, best accuracy 1 (mean of folds)");
    assert_eq!(search(regressor(), own(), yes()), "pickle: GridSearchCV of Ridge, best R² 1 (mean of folds)");
    assert_eq!(search(clusters(), own(), yes()), "pickle: GridSearchCV of KMeans, best score 1 (mean of folds)");
    assert_eq!(
        search(classifier(), string("roc_auc"), yes()),
        "pickle: GridSearchCV of SVC, best roc_auc 1 (mean of folds)"
    );
    let several = || list(&[string("f1"), string("recall")]);
    assert_eq!(search(classifier(), several(), string("f1")), "pickle: GridSearchCV of SVC, best f1 1 (mean of folds)");
    // A function of somebody.
    let own_function = global("shop.metrics", "profit");
    assert_eq!(search(classifier(), own_function, yes()), "pickle: GridSearchCV of SVC, best score 1 (mean of folds)");
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
            // Those show what the estimator at their end has.
            if !matches!(
                line["class"].as_str(),
                Some("Pipeline" | "GridSearchCV" | "RandomizedSearchCV" | "HalvingGridSearchCV")
            ) {
                compare_weights(&card, &line, &mut all);
                compare_trees(&document, node, &card, &line, &mut all);
            }
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
        let shown: Vec<Vec<String>> = cells
            .rows
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.full_text().to_owned()).collect())
            .collect();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let should =
            terms.iter().map(|term| term.as_array().unwrap().iter().filter(|one| !one.is_null()).map(text).collect());
        all.compare("vocabulary", shown, should.collect());
    }
    if let Some(candidates) = line["search"].as_array() {
        let cells = table(document, node, card, "Search results").unwrap_or_default();
        let shown: Vec<(String, String)> =
            cells.rows.iter().map(|row| (row[0].text.clone(), row[1].full_text().to_owned())).collect();
        let should = candidates.iter().map(|one| (one[0].to_string(), one[1].as_str().unwrap().to_owned()));
        all.compare("search", shown.len(), candidates.len());
        let should: BTreeSet<(String, String)> = should.collect();
        all.compare("search", shown.into_iter().collect(), should);
    }
}

/// Name and value of each bar, as numbers.
fn bar_values(card: &Card, title: &str) -> Vec<(String, f64)> {
    let bars = bars(card, title).into_iter().flat_map(|bars| &bars.bars);
    let mut values: Vec<(String, f64)> = bars.map(|bar| (bar.name.clone(), bar.value.parse().unwrap())).collect();
    values.sort_by(|a, b| a.0.cmp(&b.0));
    values
}

fn compare_usage(card: &Card, line: &Value, all: &mut Differences) {
    let names = line["names"].as_array().unwrap();
    for (title, key) in [("Importances by gain", "gains"), ("Importances by splits", "splits")] {
        let Some(should) = line[key].as_object() else { continue };
        // Without names xgboost calls them f0, f1 ...
        let name = |name: &String| if names.is_empty() { format!("feature {}", &name[1..]) } else { name.clone() };
        let used = should.iter().filter(|(_, value)| value.as_f64().unwrap() > 0.0);
        let mut should: Vec<(String, f64)> = used.map(|(key, value)| (name(key), value.as_f64().unwrap())).collect();
        should.sort_by(|a, b| a.0.cmp(&b.0));
        let shown = bar_values(card, title);
        let same = shown.len() == should.len()
            && shown.iter().zip(&should).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() <= b.1.abs() * 1e-5);
        if !same {
            all.found.push(format!("{}: {title} is {shown:?}, should be {should:?}", all.here));
        }
    }
}

/// Nodes as `[number, title, a line, number of the node where the condition holds]`.
fn compare_nodes(drawing: &TreeDrawing, tree: &Value, all: &mut Differences) {
    let words = tree.as_array().unwrap();
    all.compare("problem", drawing.problem.clone(), None);
    all.compare("nodes", drawing.nodes.len(), words.len());
    for word in words {
        let Some(at) = drawing.nodes.iter().position(|node| Some(node.id) == word[0].as_u64()) else {
            all.found.push(format!("{}: no node {}", all.here, word[0]));
            continue;
        };
        let node = &drawing.nodes[at];
        let text = word[1].as_str().unwrap();
        all.compare("title", node.title.as_str(), text);
        if let Some(line) = word[2].as_str() {
            let is_said_once = drawing.legend.to_lowercase().starts_with(line);
            all.compare(line, is_said_once || node.lines.iter().any(|known| known == line), true);
        }
        let holds = drawing.nodes.iter().find(|node| node.parent == Some(at as u32) && node.when);
        all.compare("where it holds", holds.map(|node| node.id), word[3].as_u64());
    }
}

#[test]
fn boosted_models_are_what_their_libraries_find() {
    let mut found = Vec::new();
    for version in BOOSTING {
        let lines = manifest(&format!("models/boosting-{version}.json"));
        assert!(lines.len() >= 11);
        for line in lines {
            let file = line["file"].as_str().unwrap();
            let document = open(&fixture(file));
            let node = root(&document);
            let card = card(&document);
            let mut all = Differences { here: file.to_owned(), found: Vec::new() };
            if line["parameters"].is_object() {
                let parameters = entries(&card, "Parameters");
                let shown: BTreeSet<String> = parameters.iter().map(|entry| entry.name.clone()).collect();
                all.compare("parameters", shown, names(&line["parameters"]));
                for entry in parameters {
                    if let Some(should) = line["parameters"][&entry.name].as_str() {
                        all.compare(&entry.name, text(entry), should.to_owned());
                    }
                }
            }
            if line["trees"].is_null() {
                all.compare("fitted", fact(&card, "fitted"), Some("no".to_owned()));
                found.append(&mut all.found);
                continue;
            }
            all.compare("remarks", card.remarks.clone(), Vec::new());
            all.compare("objective", fact(&card, "objective"), line["objective"].as_str().map(str::to_owned));
            let count = card.sections.iter().find_map(|section| match section.body {
                Body::Trees { count } => Some(count),
                _ => None,
            });
            all.compare("trees", count, line["trees"].as_u64());
            let features: Vec<&str> =
                line["names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
            if !features.is_empty() {
                let shown = fact(&card, "features").unwrap_or_default();
                all.compare("features", shown, format!("{}: {}", features.len(), features.join(", ")));
            }
            compare_usage(&card, &line, &mut all);
            for (index, tree) in line["first"].as_array().unwrap().iter().enumerate() {
                let ask = TreeAsk { node: node.0, tree: index as u64, root: 0, depth: 8 };
                compare_nodes(&document.drawing(ask).unwrap(), tree, &mut all);
            }
            found.append(&mut all.found);
        }
    }
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found[..found.len().min(80)].join("\n"));
}

/// An instance as protocol 2 makes one.
fn instance(module: &str, name: &str, state: &[(&str, Opcodes)]) -> Opcodes {
    let pairs: Vec<(Opcodes, Opcodes)> = state.iter().map(|(name, value)| (string(name), value.clone())).collect();
    build([global(module, name), tuple(&[]), b"\x81".to_vec()].concat(), dict(&pairs))
}

fn estimator(name: &str, state: &[(&str, Opcodes)]) -> Opcodes {
    instance("sklearn.pipeline", name, &[state, &[("_sklearn_version", string("1.4.2"))]].concat())
}

fn blocks(document: &Document) -> Vec<(u32, String)> {
    match &card(document).sections[0].body {
        Body::Diagram(blocks) => blocks.iter().map(|block| (block.level, block.title.clone())).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn steps_may_be_anything() {
    let steps = list(&[
        string("scale"),
        tuple(&[string("only a name")]),
        tuple(&[int(7), none()]),
        tuple(&[string("a"), estimator("StandardScaler", &[]), int(1)]),
        none(),
    ]);
    let document = open(&pickle(estimator("Pipeline", &[("steps", steps)])));
    let titles: Vec<String> = blocks(&document).into_iter().map(|(_, title)| title).collect();
    assert_eq!(titles, ["Pipeline", "scale", "tuple", "None", "StandardScaler", "None"]);
    // Of what is no list at all nothing is drawn, and the value stands among the parameters.
    for steps in [int(3), none(), dict(&[(string("a"), int(1))]), global("os", "system"), string("steps")] {
        let document = open(&pickle(estimator("Pipeline", &[("steps", steps)])));
        assert!(card(&document).sections.iter().any(|section| section.title == "Parameters"));
        assert!(rows(&document)[0].starts_with("pickle: Pipeline"));
    }
}

#[test]
fn a_pipeline_in_itself_ends() {
    // memo 0 is the pipeline: its step is the pipeline again.
    let object = [global("sklearn.pipeline", "Pipeline"), tuple(&[]), b"\x81q\x00".to_vec()].concat();
    let again = tuple(&[string("again"), b"h\x00".to_vec()]);
    let state = dict(&[(string("steps"), list(&[again])), (string("_sklearn_version"), string("1.4.2"))]);
    let document = open(&pickle(build(object, state)));
    assert_eq!(blocks(&document), [(0, "Pipeline".to_owned()), (1, "Pipeline".to_owned())]);
    let Body::Diagram(blocks) = &card(&document).sections[0].body else { panic!("no diagram") };
    assert_eq!(blocks[1].detail, "the same object as a box around it");
}

#[test]
fn pipelines_of_shared_pipelines_do_not_explode() {
    let mut inner = estimator("StandardScaler", &[]);
    for level in 0..40u8 {
        let put = [b'q', level];
        let get = [b'h', level];
        // The same step twice, forty times over.
        let pair = |value: Opcodes| tuple(&[string("twice"), value]);
        let steps = list(&[pair([inner, put.to_vec()].concat()), pair(get.to_vec())]);
        inner = estimator("Pipeline", &[("steps", steps)]);
    }
    let count = blocks(&open(&pickle(inner))).len();
    assert!((100..1000).contains(&count), "{count}");
}

fn node_dtype(names: &[(&str, &str, i64)]) -> Opcodes {
    let fields: Vec<(Opcodes, Opcodes)> =
        names.iter().map(|(name, code, offset)| (string(name), tuple(&[dtype(code, "<"), int(*offset)]))).collect();
    let size = names.last().map_or(0, |(_, code, offset)| offset + code[1..].parse::<i64>().unwrap());
    let all: Vec<Opcodes> = names.iter().map(|(name, ..)| string(name)).collect();
    let state = [int(3), string("|"), none(), tuple(&all), dict(&fields), int(size), int(1), int(16)];
    let code = string(&format!("V{size}"));
    build(call(global("numpy", "dtype"), &[code, truth(false), truth(true)]), tuple(&state))
}

/// A tree of these nodes (left, right, feature), thresholds all one half.
fn tree(nodes: &[[i64; 3]], claimed: i64) -> Opcodes {
    let dtype = node_dtype(&[
        ("left_child", "i8", 0),
        ("right_child", "i8", 8),
        ("feature", "i8", 16),
        ("threshold", "f8", 24),
    ]);
    let data: Vec<u8> = nodes
        .iter()
        .flat_map(|node| {
            node.iter().flat_map(|number| number.to_le_bytes()).chain(0.5f64.to_le_bytes()).collect::<Vec<u8>>()
        })
        .collect();
    let nodes = array(ints(&[claimed]), dtype, truth(false), bytes(&data));
    let made = call(global("sklearn.tree._tree", "Tree"), &[int(2), none(), int(1)]);
    let state = dict(&[
        (string("max_depth"), int(i64::MAX)),
        (string("node_count"), int(claimed)),
        (string("nodes"), nodes),
        (string("a field of tomorrow"), int(1)),
    ]);
    instance(
        "sklearn.tree._classes",
        "DecisionTreeClassifier",
        &[("tree_", build(made, state)), ("_sklearn_version", string("9.9"))],
    )
}

fn drawn(document: &Document, tree: u64) -> TreeDrawing {
    document.drawing(TreeAsk { node: root(document).0, tree, root: 0, depth: 8 }).unwrap()
}

#[test]
fn broken_trees_are_drawn_as_far_as_they_go() {
    let leaf = [-1, -1, -2];
    let draw = |nodes: &[[i64; 3]], claimed| drawn(&open(&pickle(tree(nodes, claimed))), 0);
    let whole = draw(&[[1, 2, 0], leaf, leaf], 3);
    assert_eq!((whole.problem, whole.nodes.len()), (None, 3));
    assert_eq!(whole.nodes[0].title, "feature 0 <= 0.5");
    // A child that is not there, one that is above, two that are the same, a number of no feature.
    for nodes in
        [[[1, 9, 0], leaf, leaf], [[1, 0, 0], leaf, leaf], [[1, 1, 0], leaf, leaf], [[1, i64::MIN, 0], leaf, leaf]]
    {
        let drawing = draw(&nodes, 3);
        assert!(drawing.problem.is_some());
        assert_eq!(drawing.nodes.len(), 1);
    }
    assert_eq!(draw(&[[1, 2, i64::MIN], leaf, leaf], 3).nodes[0].title, format!("feature {}", i64::MIN) + " <= 0.5");
    let below = draw(&[[1, 2, 0], [3, 4, 0], leaf, [1, 2, 0], leaf], 5);
    assert!(below.problem.unwrap().contains("elsewhere"));
    // More nodes than there are bytes for, or none.
    assert!(draw(&[leaf], 1 << 40).problem.is_some());
    assert!(draw(&[], 0).problem.is_some());
}

#[test]
fn a_future_tree_and_a_forest_that_lies() {
    // Nodes that are no structure, no array, not there.
    for nodes in [array(ints(&[2]), dtype("f8", "<"), truth(false), bytes(&[0; 16])), none(), string("nodes")] {
        let made = call(global("sklearn.tree._tree", "Tree"), &[]);
        let tree = build(made, dict(&[(string("nodes"), nodes)]));
        let document = open(&pickle(estimator("DecisionTreeRegressor", &[("tree_", tree)])));
        assert!(drawn(&document, 0).problem.is_some());
        assert!(card(&document).remarks.iter().any(|remark| remark.starts_with("importances were not computed")));
    }
    // A forest says a million trees and has two, one of which is none.
    let leaf = [-1, -1, -2];
    let trees = list(&[tree(&[[1, 2, 0], leaf, leaf], 3), int(5)]);
    let forest = [("n_estimators", int(1_000_000)), ("estimators_", trees), ("n_features_in_", int(-4))];
    let document = open(&pickle(estimator("RandomForestClassifier", &forest)));
    assert_eq!(drawn(&document, 0).nodes.len(), 3);
    assert!(drawn(&document, 1).problem.is_some());
    assert!(drawn(&document, 999_999).problem.is_some());
    assert_eq!(rows(&document)[0], "pickle: RandomForestClassifier 2 trees");
}

#[test]
fn odd_states_are_shown_as_they_are() {
    let class = || [global("sklearn.pipeline", "Pipeline"), tuple(&[]), b"\x81".to_vec()].concat();
    for state in [int(1), none(), tuple(&[int(1), int(2), int(3)]), list(&[int(1)]), dict(&[(int(1), int(2))])] {
        let document = open(&pickle(build(class(), state)));
        assert_eq!(card(&document).kind, "estimator");
        assert!(!rows(&document).is_empty());
    }
    // Names of columns that are no names, coefficients of a wrong shape, classes that are one number.
    let floats =
        |shape: &[i64], count: usize| array(ints(shape), dtype("f8", "<"), truth(false), bytes(&vec![0; 8 * count]));
    let document = open(&pickle(estimator(
        "LogisticRegression",
        &[
            ("coef_", floats(&[3, 1 << 40], 6)),
            ("classes_", int(7)),
            ("feature_names_in_", floats(&[2, 2], 4)),
            ("vocabulary_", list(&[int(1)])),
            ("cv_results_", dict(&[(string("rank_test_score"), floats(&[0], 0)), (string("params"), none())])),
            ("categories_", list(&[none(), string("a"), list(&[string("b")])])),
            ("n_features_in_", int(i64::MAX)),
        ],
    )));
    let shown = card(&document);
    assert!(entries(&shown, "Fitted attributes").len() >= 6);
    for grid in 0..6 {
        let ask = CellWindow {
            node: root(&document).0,
            grid,
            row: u64::MAX,
            rows: 10,
            column: u64::MAX,
            columns: 10,
            ..CellWindow::default()
        };
        let _ = document.cells(&ask);
        let _ = document.cells(&CellWindow { row: 0, column: 0, ..ask });
    }
    let categories = table(&document, root(&document), &shown, "Categories").unwrap();
    assert_eq!(categories.rows[2].iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>(), ["1", "b"]);
}

#[test]
fn models_that_are_cut_say_so() {
    for (file, module, key) in [
        ("models/xgboost-3.2/booster.p5.pkl", "xgboost.core", "handle"),
        ("models/xgboost-1.5/booster.p5.pkl", "xgboost.core", "handle"),
    ] {
        let whole = open(&fixture(file));
        let lens = whole.lens();
        let model = lens.object(root(&whole)).unwrap().attribute(key).unwrap();
        let graph = lens.graph;
        let span = match graph.node(model.node()) {
            picklescope::graph::Node::ByteArray(span) | picklescope::graph::Node::Bytes(span) => span,
            other => panic!("{other:?}"),
        };
        let all = fixture(file)[span.start as usize..span.end as usize].to_vec();
        let open_model = |bytes_: &[u8]| open(&pickle(instance(module, "Booster", &[(key, bytes(bytes_))])));
        assert_eq!(card(&open_model(&all)).remarks, Vec::<String>::new());
        for length in (0..all.len()).step_by(97) {
            let document = open_model(&all[..length]);
            assert_eq!(card(&document).remarks.len(), 1, "{file} {length}");
            assert!(drawn(&document, 0).problem.is_some());
        }
        // Each byte another one: whatever comes of it, something is shown.
        for at in (0..all.len()).step_by(13) {
            let mut changed = all.clone();
            changed[at] ^= 0x55;
            let document = open_model(&changed);
            assert_eq!(card(&document).kind, "booster");
            let _ = drawn(&document, 0);
        }
    }
    let binary = open(&pickle(instance("xgboost.core", "Booster", &[("handle", bytes(b"CONFIG-offset:\0\0"))])));
    assert!(card(&binary).remarks[0].contains("binary format"));
    let deep = [b"{i\x01a".to_vec(), vec![b'['; 100_000]].concat();
    let deep = open(&pickle(instance("xgboost.core", "Booster", &[("handle", bytes(&deep))])));
    assert!(card(&deep).remarks[0].contains("levels"));
    let tree = "tree\nversion=v4\nfeature_names=a b\n\nTree=0\nnum_leaves=3\nsplit_feature=0 1\nthreshold=0.5 1\ndecision_type=2 1\n\
                left_child=1 -1\nright_child=-9 -2\nleaf_value=1 2 3\n\nTree=1\nnum_leaves=99999999999\n\nend of trees\n";
    let document = open(&pickle(instance("lightgbm.basic", "Booster", &[("_handle", string(tree))])));
    assert!(drawn(&document, 0).problem.unwrap().contains("points to"));
    assert!(drawn(&document, 1).problem.is_some());
}

#[test]
fn catboost_is_named_with_its_parameters() {
    let parameters = dict(&[(string("depth"), int(6)), (string("iterations"), int(10))]);
    let state = [("_init_params", parameters), ("__model", bytes(b"CBM1"))];
    let document = open(&pickle(instance("catboost.core", "CatBoostClassifier", &state)));
    let shown = card(&document);
    assert_eq!(fact(&shown, "fitted"), Some("yes".to_owned()));
    let names: Vec<&str> = entries(&shown, "Parameters").iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["depth", "iterations"]);
    // Newer versions have the parameters among the attributes.
    let state = [("depth", int(3)), ("__model", bytes(b"CBM1"))];
    let document = open(&pickle(instance("catboost.core", "CatBoostRegressor", &state)));
    assert_eq!(fact(&card(&document), "fitted"), Some("yes".to_owned()));
    let unfitted = open(&pickle(instance("catboost.core", "CatBoostRegressor", &[("depth", int(3))])));
    assert_eq!(fact(&card(&unfitted), "fitted"), Some("no".to_owned()));
}

#[test]
fn pipelines_show_what_they_come_to() {
    for version in VERSIONS {
        // The columns are named as scikit-learn names those that a ColumnTransformer gives.
        let document = opened(&format!("models/sklearn-{version}/pipeline.p4.pkl"));
        let drawing = drawn(&document, 0);
        assert!(drawing.title.starts_with("tree 1 of 2"), "{}", drawing.title);
        assert!(drawing.nodes[0].title.starts_with("colour__colour_blue <= "), "{}", drawing.nodes[0].title);
        assert_eq!(bars(&card(&document), "Importances of RandomForestClassifier").len(), 1);
        // A search among trees that were fitted on a table: the names are its columns.
        let document = opened(&format!("models/sklearn-{version}/random-search.p4.pkl"));
        let title = &drawn(&document, 0).nodes[0].title;
        assert!(title.starts_with("petal_") || title.starts_with("sepal_"), "{title}");
        // A step of a class that is not known may do anything with the columns.
        let document = opened(&format!("models/sklearn-{version}/house-pipeline.p4.pkl"));
        assert_eq!(bars(&card(&document), "Coefficients of LogisticRegression").len(), 3);
        let document = opened(&format!("models/sklearn-{version}/pipeline.z.joblib"));
        assert!(
            drawn(&document, 0).nodes[0].title.starts_with("sepal_")
                || drawn(&document, 0).nodes[0].title.starts_with("petal_")
        );
    }
    // Terms of a vocabulary stand beside coefficients in the order of their columns.
    let vocabulary = dict(&[(string("zebra"), int(1)), (string("ant"), int(0))]);
    let vectorizer = estimator("TfidfVectorizer", &[("vocabulary_", vocabulary)]);
    let data: Vec<u8> = [0.25f64, -2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let coef = array(ints(&[1, 2]), dtype("f8", "<"), truth(false), bytes(&data));
    let model = estimator("LogisticRegression", &[("coef_", coef), ("n_features_in_", int(2))]);
    let steps = list(&[tuple(&[string("words"), vectorizer]), tuple(&[string("model"), model])]);
    let document = open(&pickle(estimator("Pipeline", &[("steps", steps)])));
    let card = card(&document);
    let shown: Vec<(&str, &str, f64)> = bars(&card, "Coefficients of LogisticRegression")[0]
        .bars
        .iter()
        .map(|bar| (bar.name.as_str(), bar.value.as_str(), bar.share))
        .collect();
    assert_eq!(shown, [("zebra", "-2.0", -1.0), ("ant", "0.25", 0.125)]);
}

#[test]
fn names_that_a_model_was_saved_with_are_those_of_its_features() {
    let data: Vec<u8> = [0.5f64, -2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let model = || {
        let coef = array(ints(&[1, 2]), dtype("f8", "<"), truth(false), bytes(&data));
        estimator("LogisticRegression", &[("coef_", coef), ("n_features_in_", int(2))])
    };
    let names = |texts: &[&str]| list(&texts.iter().map(|text| string(text)).collect::<Vec<_>>());
    let first = |saved: Vec<u8>, title: &str| {
        let document = open(&pickle(saved));
        let value = document.lens().named_values(Edge::to(root(&document)))[0].1;
        let card = document.card(value.node().0).unwrap();
        let guess = card.facts.iter().find(|fact| fact.name == "feature names").and_then(|fact| fact.guess.clone());
        (bars(&card, title)[0].bars[0].name.clone(), guess)
    };
    let saved = |value, key: &str, texts: &[&str]| dict(&[(string("model"), value), (string(key), names(texts))]);
    let (name, guess) = first(saved(model(), "feature_names", &["height", "weight"]), "Coefficients");
    assert_eq!((name.as_str(), guess.is_some()), ("weight", true));
    // Too many names, and a key that may be of anything.
    for (key, texts) in [("feature_names", &["a", "b", "c"][..]), ("words", &["a", "b"])] {
        assert_eq!(first(saved(model(), key, texts), "Coefficients"), ("feature 1".to_owned(), None));
    }
    // Through a scaler they stay what they are, through a decomposition they do not.
    for (step, name) in [("StandardScaler", "weight"), ("PCA", "feature 1")] {
        let step = estimator(step, &[("n_features_in_", int(2))]);
        let steps = list(&[tuple(&[string("first"), step]), tuple(&[string("model"), model()])]);
        let pipeline = estimator("Pipeline", &[("steps", steps)]);
        let found = first(saved(pipeline, "features", &["height", "weight"]), "Coefficients of LogisticRegression");
        assert_eq!(found.0, name);
    }
}

#[test]
fn where_missing_values_go_is_said_once() {
    for version in ["xgboost-3.2/booster.p5.pkl", "sklearn-1.9/forest.p4.pkl"] {
        let document = opened(&format!("models/{version}"));
        let drawing = drawn(&document, 0);
        assert!(drawing.legend.starts_with("Missing values go "), "{version}: {:?}", drawing.legend);
        let said = |line: &String| line.starts_with("missing values go ");
        let usual = if drawing.legend.contains("right") { "right" } else { "left" };
        assert!(!drawing.nodes.iter().flat_map(|node| &node.lines).any(|line| said(line) && line.ends_with(usual)));
    }
}

/// The boxes of an estimator, a line each.
fn drawn_boxes(name: &str) -> Vec<String> {
    let card = card(&opened(name));
    let Body::Diagram(blocks) = &card.sections[0].body else { return Vec::new() };
    let line = |block: &picklescope::view::card::Block| {
        let side = if block.parallel { " |" } else { "" };
        let (indent, name) = (" ".repeat(block.level as usize), &block.name);
        format!("{indent}{name}: {} ({}){side}", block.title, block.detail)
    };
    blocks.iter().map(line).collect()
}

#[test]
fn meta_estimators_are_drawn_as_their_users_know_them() {
    let expected: [(&str, &[&str]); 9] = [
        (
            "voting",
            &[
                ": VotingClassifier (voting='soft') |",
                " tree: DecisionTreeClassifier (max_depth=2, random_state=0)",
                " line: LogisticRegression (C=0.5)",
                " gone: drop ()",
            ],
        ),
        (
            "stacking",
            &[
                ": StackingClassifier (cv=2)",
                " estimators:  () |",
                "  tree: DecisionTreeClassifier (max_depth=2, random_state=0)",
                "  line: LogisticRegression (C=0.5)",
                " final_estimator: LogisticRegression ()",
            ],
        ),
        (
            "grid",
            &[
                ": GridSearchCV (cv=2)",
                " best_estimator_: Pipeline ()",
                "  scale: StandardScaler ()",
                "  svc: SVC (kernel='linear', C=10.0, random_state=0)",
            ],
        ),
        ("calibrated", &[": CalibratedClassifierCV (cv=2)", " estimator: GaussianNB ()"]),
        (
            "one-vs-rest",
            &[
                ": OneVsRestClassifier ()",
                " estimator: LogisticRegression ()",
                " label_binarizer_: LabelBinarizer (sparse_output=True)",
                " estimators_:  () |",
                "  [0]: LogisticRegression ()",
                "  [1]: LogisticRegression ()",
                "  [2]: LogisticRegression ()",
            ],
        ),
        (
            "multi-output",
            &[
                ": MultiOutputRegressor ()",
                " estimator: Ridge (alpha=2.0)",
                " estimators_:  () |",
                "  [0]: Ridge (alpha=2.0)",
                "  [1]: Ridge (alpha=2.0)",
            ],
        ),
        (
            "transformed-target",
            &[": TransformedTargetRegressor ()", " transformer_: StandardScaler ()", " regressor_: Ridge ()"],
        ),
        (
            "columns-unfitted",
            &[
                ": ColumnTransformer (remainder='passthrough') |",
                " number: Pipeline (sepal_length, sepal_width, petal_length)",
                "  fill: SimpleImputer (strategy='median')",
                "  scale: StandardScaler ()",
                " colour: OneHotEncoder (colour, size · handle_unknown='ignore')",
                " rest: drop (pattern='petal_width')",
                " remainder: passthrough ()",
            ],
        ),
        ("house-pipeline", &[": Pipeline ()", " clip: Clip ()", " model: LogisticRegression ()"]),
    ];
    for version in VERSIONS {
        for (name, lines) in expected {
            assert_eq!(drawn_boxes(&format!("models/sklearn-{version}/{name}.p4.pkl")), lines, "{version} {name}");
        }
        // Of many that are alike the first are drawn and the others counted.
        let bagging = drawn_boxes(&format!("models/sklearn-{version}/bagging-svc.p4.pkl"));
        assert_eq!((bagging.len(), bagging[7].as_str()), (8, "  : … 2 more ()"));
    }
}

#[test]
fn what_was_learned_stands_in_tables() {
    for version in VERSIONS {
        let cells = |name: &str, title: &str| {
            let document = opened(&format!("models/sklearn-{version}/{name}.p4.pkl"));
            let card = card(&document);
            table(&document, root(&document), &card, title).unwrap_or_else(|| panic!("{name} has no table {title}"))
        };
        let texts = |cells: &Cells, row: usize| {
            cells.rows[row].iter().map(|cell| cell.full_text().to_owned()).collect::<Vec<_>>()
        };
        let scaler = cells("scaler", "By feature");
        let heads: BTreeSet<&str> = scaler.heads.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(heads, BTreeSet::from(["mean_", "scale_", "var_"]));
        assert_eq!(scaler.row_heads, [["sepal_length"], ["sepal_width"], ["petal_length"], ["petal_width"]]);
        // As long as there are features, and of the components.
        let heads = cells("pca", "By feature").heads;
        assert_eq!(heads.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["mean_"]);
        let categories = cells("onehot", "Categories");
        assert_eq!(categories.row_heads, [["colour"], ["size"]]);
        assert_eq!(texts(&categories, 0), ["3", "blue, green, red"]);
        let labels = cells("labels", "Classes");
        assert_eq!((labels.rows.len(), texts(&labels, 29)), (30, vec!["l29".to_owned()]));
        let centres = cells("kmeans", "cluster_centers_");
        assert_eq!((centres.rows.len(), centres.heads.len()), (3, 4));
        assert_eq!(centres.row_heads[2], ["cluster 2"]);
        assert_eq!(cells("bayes", "theta_").row_heads, [["setosa"], ["versicolor"], ["virginica"]]);
        // Windows are parts of the whole.
        let document = opened(&format!("models/sklearn-{version}/kmeans.p4.pkl"));
        let (node, card) = (root(&document), card(&document));
        let grid = card.sections.iter().find_map(|section| match &section.body {
            Body::Grid(grid) if section.title == "cluster_centers_" => Some(grid.id),
            _ => None,
        });
        let ask = CellWindow {
            node: node.0,
            grid: grid.unwrap(),
            row: 1,
            rows: 1,
            column: 2,
            columns: 2,
            ..CellWindow::default()
        };
        let part = document.cells(&ask).unwrap();
        assert_eq!(part.heads, centres.heads[2..4]);
        assert_eq!(part.rows, [centres.rows[1][2..4].to_vec()]);
    }
}
