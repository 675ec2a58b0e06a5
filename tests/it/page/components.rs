//! Trees in the words of their library: the columns of a frame, the submodules of a module, what an estimator was set to and what
//! it learned. How they are pickled is one row further.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::document::Document;
use picklescope::lens::TableKind;
use picklescope::view::TreeRow;
use picklescope::view::card::{Body, CellWindow};
use std::sync::Arc;
use support::assemble::root;
use support::{fixture, manifest, open};

const AS_PICKLED: &str = "as pickled";

fn bundle(name: &str) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(fixture(name)));
    Bundle::open(vec![(name.to_owned(), source)], Limits::default(), &mut |_| {})
}

/// The rows directly below the first one.
fn below(document: &mut Document) -> Vec<TreeRow> {
    document.fold(0);
    document.toggle(0, true);
    document.rows(1, 5000).into_iter().filter(|row| row.level == 2).collect()
}

fn labels(rows: &[TreeRow]) -> Vec<&str> {
    rows.iter().map(|row| row.label.as_str()).collect()
}

#[test]
fn a_module_shows_its_submodules_parameters_and_settings() {
    let mut bundle = bundle("torch/torch-2.6/resnet.pt");
    let document = bundle.document_mut();
    let rows = below(document);
    let names = labels(&rows);
    assert_eq!(names.last(), Some(&AS_PICKLED), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with('_')), "{names:?}");
    let modules = document.lens().module_tree(picklescope::graph::NodeId(root(document).0)).unwrap().modules;
    let first: Vec<&str> =
        modules.iter().filter(|module| module.level == 1).map(|module| module.name.as_str()).collect();
    assert_eq!(names[..first.len()], first, "submodules come first, in their order");
    // Both ways of spelling it lead to the same value, and the shorter one is shown.
    let [short, long] = [format!("obj.{}", first[0]), format!("obj._modules['{}']", first[0])];
    let node = document.find_path(&short).unwrap();
    assert_eq!(document.find_path(&long), Ok(node));
    assert_eq!(document.path_to(node), (short, true));
}

#[test]
fn what_is_pickled_is_one_row_further_and_found() {
    let mut bundle = bundle("torch/torch-2.6/resnet.pt");
    let document = bundle.document_mut();
    let hooks = document.find_path("obj._forward_hooks").unwrap();
    let row = document.inspect_node(hooks).unwrap();
    assert_eq!(row.node, Some(hooks));
    assert_eq!(row.way.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["obj", AS_PICKLED, "._forward_hooks"]);
}

#[test]
fn an_estimator_shows_what_it_was_set_to_and_what_it_learned() {
    let mut document = open(&fixture("models/sklearn-1.4/logistic.p4.pkl"));
    let rows = below(&mut document);
    let names = labels(&rows);
    let place =
        |name: &str| names.iter().position(|found| *found == name).unwrap_or_else(|| panic!("{name}: {names:?}"));
    assert!(place("C") < place("coef_"), "{names:?}");
    assert!(!names.contains(&"_sklearn_version"), "{names:?}");
    assert!(document.find_path("obj._sklearn_version").is_ok());
}

#[test]
fn a_frame_shows_its_columns() {
    let mut frames = 0;
    for row in &manifest("tables/truth.json") {
        let file = row["file"].as_str().unwrap();
        let mut document = open(&fixture(file));
        let node = root(&document);
        let told = document.lens().table(node).filter(|table| table.kind == TableKind::Frame && table.columns > 0);
        let told = told.map(|table| {
            let dtypes = table.columns_from(0, 5000).into_iter().map(|column| column.values.dtype);
            (table.columns, table.rows, dtypes.collect::<Vec<String>>())
        });
        let Some((columns, rows, dtypes)) = told else { continue };
        frames += 1;
        let found = below(&mut document);
        if columns > 1000 {
            continue;
        }
        let shown: Vec<&str> = found.iter().take(columns as usize).map(|row| row.type_name.as_str()).collect();
        assert_eq!(shown, dtypes, "{file}");
        assert!(found[columns as usize].label == "index" || found[columns as usize].label == AS_PICKLED, "{file}");
        assert_eq!(found.last().map(|row| row.label.as_str()), Some(AS_PICKLED), "{file}");
        for column in 0..columns {
            let card = document.column_card(node.0, column).unwrap();
            let Body::Grid(grid) = &card.sections[1].body else { panic!("{file}: no values") };
            let window = |grid: u32, column: u64| {
                let all =
                    CellWindow { node: node.0, grid, row: 0, rows: 20, column, columns: 1, ..CellWindow::default() };
                document.cells(&all).unwrap()
            };
            assert_eq!(window(grid.id, 0), window(0, column), "{file}, column {column}");
            let Body::Statistics { part } = card.sections[0].body else { panic!("{file}: no statistics") };
            // Values that cannot be read are none to be counted.
            let all = document.statistics(node.0, part).unwrap().progress.1;
            assert!(all == rows || all == 0 && !card.remarks.is_empty(), "{file}: {all} of {rows}");
            let selected = document.inspect_column(node.0, column).unwrap();
            assert_eq!((selected.node, selected.column), (Some(node.0), Some(column)), "{file}");
            let column_of = document.find_path(&selected.path).unwrap_err();
            assert!(column_of.contains("is a column of the table obj"), "{file}: {column_of}");
            let row = document.rows(selected.row.unwrap(), 1);
            assert_eq!(row[0].label, found[column as usize].label, "{file}");
        }
        assert_eq!(document.inspect_column(node.0, columns), None, "{file}");
    }
    assert!(frames > 100, "{frames}");
}

#[test]
fn every_value_of_these_has_a_way_to_it() {
    for name in ["torch/torch-2.6/resnet.pt", "models/sklearn-1.4/pipeline.p4.pkl", "tables/pandas-2.2/blocks.p5.pkl"] {
        let mut bundle = bundle(name);
        let document = bundle.document_mut();
        for node in 0..document.reading().graph.len() as u32 {
            let (path, is_python) = document.path_to(node);
            if is_python && document.find_path(&path) == Ok(node) {
                let shown = document.inspect_node(node).unwrap();
                assert_eq!((shown.node, shown.path), (Some(node), path), "{name}");
            }
        }
    }
}

#[test]
fn nothing_is_walked_twice_however_deep_modules_stand_in_each_other() {
    use support::assemble::{build, call, dict, global, pickle, text};
    let mut module = build(
        call(global("net", "Block"), &[]),
        dict(&[(text("_parameters"), dict(&[])), (text("_modules"), dict(&[]))]),
    );
    let mut rows = Vec::new();
    for _ in 0..3 {
        for _ in 0..8 {
            let state =
                dict(&[(text("_parameters"), dict(&[])), (text("_modules"), dict(&[(text("inner"), module.clone())]))]);
            module = build(call(global("net", "Block"), &[]), state);
        }
        let mut document = open(&pickle(module.clone()));
        let mut count = 0_u64;
        document
            .walk(u64::MAX, 1000, &mut |_| {
                count += 1;
                Ok(())
            })
            .unwrap();
        rows.push(count);
    }
    assert_eq!(rows[1] - rows[0], rows[2] - rows[1], "{rows:?}");
}

#[test]
fn the_deviation_of_a_column_is_that_of_pandas() {
    let mut document = open(&fixture("containers/pandas-1.5.3/frame.pkl"));
    let node = root(&document).0;
    let facts = document.statistics(node, 1).unwrap().facts;
    let deviation = facts.iter().find(|fact| fact.name == "std (ddof 1)").unwrap();
    assert_eq!(deviation.value, "18.3575597507", "Series.std of 36, 41 and 7: divided by one less than their number");
}
