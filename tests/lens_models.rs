//! Estimators and their decision trees.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "support/assemble.rs"]
mod assemble;
mod support;

use assemble::root;
use picklescope::document::Document;
use picklescope::view::card::{Body, Card, Entry, TreeAsk};
use support::{fixture, open};

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
