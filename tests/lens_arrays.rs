//! Cards, grids and statistics of arrays against numpy (`fixtures/statistics.json`, written by
//! `scripts/fixtures/gen_statistics_truth.py`).
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "support/assemble.rs"]
mod assemble;
mod support;
#[path = "support/truth.rs"]
mod truth_rows;

use assemble::{array, bytes, dtype, ints, pickle, root, truth};
use picklescope::document::Document;
use picklescope::lens::grouped;
use picklescope::view::card::{Body, Card, CellKind, CellWindow, Cells, Grid, Statistics};
use serde_json::Value;
use std::collections::HashMap;
use support::{fixture, manifest, open};
use truth_rows::{buffers, step};

/// Statistics of a part, asked for until they are whole.
fn whole(document: &mut Document, node: u32, part: u32) -> Statistics {
    for _ in 0..1000 {
        let found = document.statistics(node, part).unwrap();
        if found.progress.0 == found.progress.1 {
            return found;
        }
    }
    panic!("never finished");
}

fn fact<'a>(statistics: &'a Statistics, name: &str) -> Option<&'a str> {
    statistics.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str())
}

fn card_fact<'a>(card: &'a Card, name: &str) -> &'a str {
    let found = card.facts.iter().find(|fact| fact.name == name);
    found.map(|fact| fact.value.as_str()).unwrap_or_else(|| panic!("no {name} in {:?}", card.facts))
}

fn grid(card: &Card) -> &Grid {
    let grid = card.sections.iter().find_map(|section| match &section.body {
        Body::Grid(grid) => Some(grid),
        _ => None,
    });
    grid.unwrap()
}

fn window(document: &Document, node: u32, slice: &[u64], rows: (u64, u32), columns: (u64, u32)) -> Cells {
    let window = CellWindow {
        node,
        grid: 0,
        slice: slice.to_vec(),
        row: rows.0,
        rows: rows.1,
        column: columns.0,
        columns: columns.1,
    };
    document.cells(&window).unwrap()
}

fn texts(cells: &Cells) -> Vec<Vec<&str>> {
    cells.rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect()
}

fn close(is: &str, should: f64, scale: f64) -> bool {
    let is: f64 = is.split(' ').next().unwrap().parse().unwrap();
    (is - should).abs() <= 1e-9 * should.abs().max(scale)
}

fn differences(found: &Statistics, row: &Value) -> Vec<String> {
    let kind = row["kind"].as_str().unwrap();
    let mut wrong = Vec::new();
    let mut compare = |name: &str, is: Option<&str>, should: Option<String>| {
        if is != should.as_deref() {
            wrong.push(format!("{name} is {is:?}, should be {should:?}"));
        }
    };
    let number = |name: &str| row[name].as_u64().map(grouped);
    compare("count", fact(found, "count"), number("count"));
    let missing = row["missing"].as_u64().unwrap();
    let words = ["NaN", "NaT", "masked", "missing", "NaN or masked", "NaT or masked"];
    let is = words.iter().find_map(|word| fact(found, word));
    let is_said = missing > 0 || row["count"] == 0;
    compare("missing", is, is_said.then(|| grouped(missing)));
    let by = if kind == "c" { " by absolute value" } else { "" };
    for name in ["min", "max"] {
        compare(name, fact(found, &format!("{name}{by}")), row[name].as_str().map(str::to_owned));
    }
    if "USOT".contains(kind) {
        compare("different", fact(found, "different values"), number("different"));
        let frequent: Vec<(String, u64)> = serde_json::from_value(row["frequent"].clone()).unwrap();
        compare("frequent", Some(&format!("{:?}", found.frequent)), Some(format!("{frequent:?}")));
        return wrong;
    }
    compare("zeros", fact(found, "zeros").filter(|_| row["count"] != 0), number("zeros"));
    compare("infinite", fact(found, "infinite"), number("infinite").filter(|count| count != "0"));
    if kind == "M" || kind == "m" {
        return wrong;
    }
    let finite = if fact(found, "infinite").is_some() { " of the finite ones" } else { "" };
    let of = if kind == "c" { " of the absolute value" } else { "" };
    let largest =
        ["min", "max"].map(|name| row[name].as_str().and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0));
    let scale =
        largest.into_iter().filter(|value| value.is_finite()).fold(0.0, |scale: f64, value| scale.max(value.abs()));
    for name in ["mean", "std"] {
        let is = fact(found, &format!("{name}{of}{finite}"));
        match row[name].as_f64() {
            Some(should) if !is.is_some_and(|is| close(is, should, scale * 1e-3)) => {
                compare(name, is, Some(should.to_string()));
            }
            _ => {}
        }
    }
    wrong
}

#[test]
fn statistics_are_those_of_numpy() {
    let lines: Vec<Value> = serde_json::from_slice(&fixture("statistics.json")).unwrap();
    let rows: HashMap<String, Value> =
        manifest("real/MANIFEST.json").into_iter().map(|row| (row["file"].as_str().unwrap().to_owned(), row)).collect();
    assert!(lines.len() > 700);
    let mut found = Vec::new();
    for lines in lines.chunk_by(|a, b| a["file"] == b["file"]) {
        let file = lines[0]["file"].as_str().unwrap();
        let mut document = open(&fixture(&format!("real/{file}")));
        document.attach(buffers(&rows[file]));
        for line in lines {
            let path = line["path"].as_array().unwrap();
            let node = path.iter().fold(root(&document), |node, by| step(&document.lens(), node, by));
            let statistics = whole(&mut document, node.0, 0);
            let histogram = statistics.histogram.as_ref();
            let counted: u64 = histogram.map_or(0, |histogram| histogram.counts.iter().sum());
            let infinite = line["infinite"].as_u64().unwrap_or(0);
            let mut wrong = differences(&statistics, line);
            let is_text = "USOT".contains(line["kind"].as_str().unwrap());
            if !is_text && counted != line["count"].as_u64().unwrap() - infinite {
                wrong.push(format!("the histogram has {counted}"));
            }
            found.extend(wrong.into_iter().map(|words| format!("{file} {}: {words}", line["path"])));
        }
    }
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found[..found.len().min(60)].join("\n"));
}

fn int32(numbers: std::ops::Range<i32>) -> Vec<u8> {
    numbers.flat_map(i32::to_le_bytes).collect()
}

#[test]
fn the_grid_has_the_last_two_dimensions() {
    for fortran in [false, true] {
        let document = open(&pickle(array(ints(&[2, 3, 4]), dtype("i4", "<"), truth(fortran), bytes(&int32(0..24)))));
        let node = root(&document).0;
        let card = document.card(node).unwrap();
        assert_eq!((card.kind.as_str(), card_fact(&card, "shape")), ("ndarray", "(2, 3, 4)"));
        assert_eq!(card_fact(&card, "dtype"), "int32, little-endian (<i4)");
        let grid = grid(&card);
        assert_eq!((grid.rows, grid.columns, &grid.slices[..]), (3, 4, &[("axis 0".to_owned(), 2)][..]));
        let cells = window(&document, node, &[1], (1, 2), (2, 9));
        let place = |row: u64, column: u64| if fortran { 1 + 2 * row + 6 * column } else { 12 + 4 * row + column };
        let expected: Vec<Vec<String>> =
            (1..3).map(|row| (2..4).map(|column| place(row, column).to_string()).collect()).collect();
        assert_eq!(texts(&cells), expected);
        assert_eq!(cells.heads[0], ("2".to_owned(), "int32".to_owned()));
        assert_eq!(cells.row_heads, [["1"], ["2"]]);
        assert_eq!(cells.rows[0][0].kind, CellKind::Number);
    }
}
