//! Sparse matrices against scipy (`fixtures/arrays/scipy-*/truth.json`, written by `scripts/fixtures/gen_lens_arrays.py`).

use crate::support;
use crate::support::assemble;
use assemble::{
    array, build, bytes, call, dict, dtype, global, int, ints, list, none, pickle, root, text, truth, tuple,
};
use data_encoding::BASE64;
use picklescope::document::Document;
use picklescope::lens::{grouped, shape_text};
use picklescope::view::card::{Body, Card, CellWindow};
use serde_json::Value;
use support::{fixture, manifest, open};

fn fact<'a>(card: &'a Card, name: &str) -> Option<&'a str> {
    card.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str())
}

/// A number as a cell may have it: a sum where a place is stored several times.
fn number(text: &str) -> f64 {
    let value = |text: &str| match text {
        "True" => 1.0,
        "False" => 0.0,
        text => text.parse::<f64>().unwrap(),
    };
    text.split(" + ").map(value).sum()
}

fn window(document: &Document, node: u32, rows: (u64, u32), columns: (u64, u32)) -> Vec<Vec<String>> {
    let (row, rows, column, columns) = (rows.0, rows.1, columns.0, columns.1);
    let cells = document.cells(&CellWindow { node, row, rows, column, columns, ..CellWindow::default() }).unwrap();
    assert_eq!(cells.problem, None);
    cells.rows.into_iter().map(|row| row.into_iter().map(|cell| cell.full_text().to_owned()).collect()).collect()
}

#[test]
fn sparse_matrices_are_what_scipy_says() {
    let mut seen = 0;
    for version in ["1.10", "1.12", "1.17"] {
        for row in manifest(&format!("arrays/scipy-{version}/truth.json")) {
            let file = row["file"].as_str().unwrap();
            let mut document = open(&fixture(&format!("arrays/{file}")));
            let node = root(&document).0;
            let card = document.card(node).unwrap_or_else(|| panic!("{file}: no card"));
            assert_eq!(card.kind, row["kind"].as_str().unwrap(), "{file}");
            let shape: Vec<u64> = serde_json::from_value(row["shape"].clone()).unwrap();
            let stored = row["stored"].as_u64().unwrap();
            assert_eq!(fact(&card, "shape"), Some(shape_text(&shape).as_str()), "{file}");
            // Older versions of scipy count what a diagonal would have beyond its data, too.
            let stored = if version != "1.17" && file.contains("dia") { card_stored(&card) } else { stored };
            assert_eq!(fact(&card, "stored"), Some(grouped(stored).as_str()), "{file}");
            assert_eq!(fact(&card, "dtype"), row["dtype"].as_str(), "{file}");
            let expected: Vec<Vec<f64>> = row["table"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row.as_array().unwrap().iter().map(|cell| number(cell.as_str().unwrap())).collect())
                .collect();
            let (rows, columns) = (shape[0] as u32, shape[1] as u32);
            let shown = window(&document, node, (0, rows), (0, columns));
            let numbers = |rows: &[Vec<String>]| -> Vec<Vec<f64>> {
                rows.iter().map(|row| row.iter().map(|cell| number(cell)).collect()).collect()
            };
            assert_eq!(numbers(&shown), expected, "{file}");
            // A window in the middle is the middle of the whole.
            let middle = window(&document, node, (1, 2), (1, 3));
            let part: Vec<Vec<String>> =
                shown.iter().skip(1).take(2).map(|row| row.iter().skip(1).take(3).cloned().collect()).collect();
            assert_eq!(middle, part, "{file}");
            check_picture(&document, node, &card, &expected, file);
            if card.sections.iter().any(|section| matches!(section.body, Body::Statistics { .. })) {
                let statistics = document.statistics(node, 0).unwrap();
                assert_eq!(statistics.progress.0, statistics.progress.1);
                assert_eq!(statistics.problem, None, "{file}");
            }
            let row_text: String = document.rows(0, 1)[0].preview.iter().map(|part| part.text.as_str()).collect();
            let text = format!("{} {}, {} stored", row_dtype(&row), shape_text(&shape), grouped(stored));
            assert!(row_text.starts_with(&text), "{file}: {row_text}, not {text}");
            seen += 1;
        }
    }
    assert!(seen >= 180);
}

fn card_stored(card: &Card) -> u64 {
    fact(card, "stored").unwrap().parse().unwrap()
}

fn row_dtype(row: &Value) -> &str {
    row["dtype"].as_str().unwrap()
}

/// Pixels are clear exactly where nothing is stored; of stored zeros (DIA, BSR) nothing is known here.
fn check_picture(document: &Document, node: u32, card: &Card, expected: &[Vec<f64>], file: &str) {
    let slot = card.sections.iter().find_map(|section| match &section.body {
        Body::Picture(slot) => Some(slot.clone()),
        _ => None,
    });
    let slot = slot.unwrap();
    let picture = document.picture(node, slot.part, &[], 1024).unwrap();
    assert_eq!((u64::from(picture.width), u64::from(picture.height)), (slot.width, slot.height), "{file}");
    assert_eq!(picture.note, "", "{file}");
    let bytes = BASE64.decode(picture.pixels.as_bytes()).unwrap();
    let is_exact = !file.contains("bsr-blocks") && !file.contains("dia");
    for (pixel, &value) in bytes.as_chunks::<4>().0.iter().zip(expected.iter().flatten()) {
        if value != 0.0 || is_exact {
            assert_eq!(pixel[3] != 0, value != 0.0, "{file}");
        }
    }
}

/// The state of a matrix as dict, with parts replaced.
fn csr(indptr: &[i32], indices: &[i32], data: usize, shape: &[i64]) -> Vec<u8> {
    let words = |values: &[i32]| -> Vec<u8> { values.iter().flat_map(|value| value.to_le_bytes()).collect() };
    let vector =
        |values: &[i32]| array(ints(&[values.len() as i64]), dtype("i4", "<"), truth(false), bytes(&words(values)));
    let state = dict(&[
        (text("_shape"), ints(shape)),
        (text("indptr"), vector(indptr)),
        (text("indices"), vector(indices)),
        (text("data"), vector(&vec![7; data])),
    ]);
    build(call(global("copyreg", "__newobj__"), &[global("scipy.sparse.csr", "csr_matrix")]), state)
}

fn look(value: Vec<u8>) -> Option<Card> {
    let mut document = open(&pickle(value));
    let node = root(&document).0;
    let card = document.card(node);
    for at in 0..document.reading().graph.len() as u32 {
        let _ = (document.card(at), document.picture(at, 0, &[], 16), document.statistics(at, 0));
        let _ = document.cells(&CellWindow { node: at, rows: 50, columns: 50, ..CellWindow::default() });
    }
    let _ = document.rows(0, 50);
    card
}

#[test]
fn states_that_do_not_fit_are_shown_as_far_as_they_go() {
    let good = csr(&[0, 1, 3], &[2, 0, 1], 3, &[2, 3]);
    let document = open(&pickle(good.clone()));
    assert_eq!(window(&document, root(&document).0, (0, 2), (0, 3)), [["0", "0", "7"], ["7", "7", "0"]]);
    assert!(look(good).is_some());
    for broken in [
        csr(&[0, 5, -3, 1 << 30], &[2, 0, 1], 3, &[3, 3]),
        csr(&[], &[], 0, &[3, 3]),
        csr(&[0, 3], &[-1, 1 << 30, 0], 1, &[1, 2]),
        csr(&[3, 0], &[0, 1, 2], 3, &[i64::MAX, i64::MAX]),
        csr(&[0, 1], &[0], 1, &[]),
        csr(&[0, 1], &[0], 1, &[1, 2, 3]),
    ] {
        assert!(look(broken).is_some());
    }
    assert!(look(csr(&[0, 1], &[0], 1, &[-1, 4])).is_none_or(|card| card.is_summary), "no matrix");
    let made = |class: &str| call(global("copyreg", "__newobj__"), &[global("scipy.sparse", class)]);
    for class in ["csr_matrix", "csc_array", "coo_matrix", "bsr_matrix", "dia_array", "lil_matrix", "dok_matrix"] {
        let ones = array(ints(&[1, 1, 1]), dtype("i4", "<"), truth(false), bytes(&[1, 0, 0, 0]));
        let none_of_it = array(ints(&[0, 1 << 40, 1 << 40]), dtype("i4", "<"), truth(false), bytes(b""));
        let objects =
            array(ints(&[1]), dtype("O8", "|"), truth(false), list(&[list(&[int(-1), text("x"), int(i64::MAX)])]));
        for odd in [none(), int(-1), text("x"), tuple(&[]), list(&[none()]), ones, none_of_it, objects, ints(&[1, 2])] {
            let names =
                ["_shape", "data", "indices", "indptr", "row", "col", "offsets", "rows", "coords", "dtype", "_dict"];
            let all: Vec<(Vec<u8>, Vec<u8>)> = names.iter().map(|name| (text(name), odd.clone())).collect();
            look(build(made(class), dict(&all)));
            let mut most = all;
            most[0].1 = ints(&[4, 4]);
            look(build(made(class), dict(&most)));
        }
    }
    // Keys of a dict of coordinates that are none, and the matrix inside itself.
    let keys = dict(&[(ints(&[0, 1]), int(5)), (ints(&[-1, 0]), int(6)), (none(), none()), (ints(&[9, 9, 9]), int(1))]);
    let state = dict(&[(text("_shape"), ints(&[2, 2])), (text("_dict"), keys)]);
    let document = open(&pickle(build(made("dok_matrix"), state)));
    assert_eq!(window(&document, root(&document).0, (0, 2), (0, 2)), [["0", "5"], ["0", "0"]]);
    let itself = [
        made("coo_matrix"),
        b"\x94}(".to_vec(),
        text("data"),
        b"h\x00".to_vec(),
        text("_shape"),
        ints(&[1, 1]),
        b"ub".to_vec(),
    ];
    look(itself.concat());
}
