//! Cards, grids and statistics of arrays against numpy (`fixtures/statistics.json`, written by
//! `scripts/fixtures/gen_statistics_truth.py`).

use crate::support;
use crate::support::assemble;
use crate::support::counter::Counter;
use crate::support::hollow;
use crate::support::truth as truth_rows;
use assemble::{array, blob, bytes, call, dict, dtype, global, int, ints, list, none, persistent, pickle, root, text};
use assemble::{truth, tuple};
use data_encoding::BASE64;
use hollow::Hollow;
use picklescope::document::Document;
use picklescope::graph::{Edge, NodeId};
use picklescope::lens::{Attached, grouped};
use picklescope::view::card::{
    Body, Card, CellKind, CellWindow, Cells, Format, Grid, Picture, PictureSlot, Statistics,
};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
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
        ..CellWindow::default()
    };
    document.cells(&window).unwrap()
}

fn texts(cells: &Cells) -> Vec<Vec<&str>> {
    cells.rows.iter().map(|row| row.iter().map(|cell| cell.full_text()).collect()).collect()
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
    if kind == "b" && row["count"] != 0 {
        compare("False", fact(found, "False"), number("zeros"));
        compare(
            "True",
            fact(found, "True"),
            row["count"].as_u64().zip(row["zeros"].as_u64()).map(|(all, no)| grouped(all - no)),
        );
        return wrong;
    }
    let by = if kind == "c" { " by absolute value" } else { "" };
    for name in ["min", "max"] {
        compare(name, fact(found, &format!("{name}{by}")), row[name].as_str().map(str::to_owned));
    }
    if "USOT".contains(kind) {
        compare("different", fact(found, "different values"), number("different"));
        let mut frequent: Vec<(String, u64)> = serde_json::from_value(row["frequent"].clone()).unwrap();
        frequent.iter_mut().for_each(|(text, _)| *text = picklescope::opcode::visible(text).into_owned());
        compare("frequent", Some(&format!("{:?}", found.frequent)), Some(format!("{frequent:?}")));
        return wrong;
    }
    if kind != "M" && kind != "m" {
        compare("zeros", fact(found, "zeros").filter(|_| row["count"] != 0), number("zeros"));
    }
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
        let ddof = if name == "std" { " (ddof 0)" } else { "" };
        let is = fact(found, &format!("{name}{ddof}{of}{finite}"));
        match row[name].as_f64() {
            Some(should) if !is.is_some_and(|is| close(is, should, scale * 1e-3)) => {
                compare(name, is, Some(should.to_string()));
            }
            _ => {}
        }
    }
    if let Some([first, median, third]) = row["quartiles"].as_array().map(Vec::as_slice) {
        let pair = fact(found, &format!("quartiles{of}"));
        let (low, high) = pair.and_then(|pair| pair.split_once(" and ")).unzip();
        for (name, is, should) in
            [("first", low, first), ("median", fact(found, &format!("median{of}")), median), ("third", high, third)]
        {
            // Between two infinities numpy has no number either.
            if let Some(should) = should.as_f64()
                && !is.is_some_and(|is| close(is, should, scale * 1e-3))
            {
                compare(name, is, Some(should.to_string()));
            }
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

/// Every file of this folder's libraries with what the library says of it.
fn truths(library: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(support::tests().join("fixtures/arrays")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with(library) {
            rows.extend(manifest(&format!("arrays/{name}/truth.json")));
        }
    }
    rows.sort_by_key(|row| row["file"].as_str().unwrap().to_owned());
    rows
}

fn file(row: &Value) -> &str {
    row["file"].as_str().unwrap()
}

/// The cells of the whole first slice.
fn table(document: &Document, node: u32) -> Vec<Vec<String>> {
    let card = document.card(node).unwrap();
    let size = grid(&card);
    let cells = window(document, node, &[], (0, size.rows as u32), (0, size.columns as u32));
    assert_eq!(cells.problem, None);
    texts(&cells).into_iter().map(|row| row.into_iter().map(str::to_owned).collect()).collect()
}

#[test]
fn cards_of_arrays_are_what_numpy_says() {
    let rows = truths("numpy-");
    assert!(rows.len() >= 200);
    let mut checked = 0;
    for row in rows.iter().filter(|row| row["table"].is_array()) {
        let document = open(&fixture(&format!("arrays/{}", file(row))));
        let node = root(&document).0;
        let card = document.card(node).unwrap_or_else(|| panic!("{}: no card", file(row)));
        let kind = row["kind"].as_str().unwrap();
        assert_eq!(card.kind, kind, "{}", file(row));
        let shape: Vec<u64> = serde_json::from_value(row["shape"].clone()).unwrap();
        assert_eq!(card_fact(&card, "shape"), picklescope::lens::shape_text(&shape), "{}", file(row));
        assert_eq!(card.remarks, Vec::<String>::new(), "{}", file(row));
        let is_fortran = card.facts.iter().any(|fact| fact.name == "order" && fact.value.starts_with("Fortran"));
        assert_eq!(Some(is_fortran), row["fortran"].as_bool(), "{}", file(row));
        let expected: Vec<Vec<String>> = serde_json::from_value(row["table"].clone()).unwrap();
        if expected.len() <= 500 {
            let mut shown = table(&document, node);
            shown.retain(|row| !row.is_empty());
            assert_eq!(shown, expected, "{}", file(row));
            checked += 1;
        }
    }
    assert!(checked > 100);
}

/// The statistics of a fixture of numpy 2.4.
fn statistics_of(name: &str) -> Statistics {
    let mut document = open(&fixture(&format!("arrays/numpy-2.4/{name}.p5.pkl")));
    let node = root(&document).0;
    whole(&mut document, node, 0)
}

#[test]
fn histograms_count_every_value_between_their_edges() {
    for name in ["spread", "integers"] {
        let found = statistics_of(name);
        let histogram = found.histogram.unwrap();
        let edges: Vec<f64> = histogram.edges.iter().map(|edge| edge.parse().unwrap()).collect();
        assert!((16..=41).contains(&edges.len()), "{name}: {edges:?}");
        let row = truths("numpy-2.4").into_iter().find(|row| file(row).ends_with(&format!("{name}.p5.pkl"))).unwrap();
        let values =
            row["table"].as_array().unwrap().iter().map(|row| row[0].as_str().unwrap().parse::<f64>().unwrap());
        let values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        let last = edges.len() - 2;
        for (at, &count) in histogram.counts.iter().enumerate() {
            let is_in = |value: &&f64| {
                **value >= edges[at] && (**value < edges[at + 1] || at == last && **value == edges[at + 1])
            };
            assert_eq!(values.iter().filter(is_in).count() as u64, count, "{name}: {} to {}", edges[at], edges[at + 1]);
        }
    }
}

#[test]
fn few_integers_have_a_bar_each() {
    let labels = statistics_of("labels").histogram.unwrap();
    assert_eq!(labels.values, ["0", "1", "2", "3", "4"]);
    assert_eq!((labels.counts.iter().sum::<u64>(), labels.edges.len()), (300, 6));
    let flags = statistics_of("flags").histogram.unwrap();
    assert_eq!(flags.values, ["False", "True"]);
    let whole = statistics_of("whole-floats").histogram.unwrap();
    assert_eq!((whole.values.len(), &whole.counts[..3]), (10, &[1, 2, 1][..]));
    let dates = statistics_of("dates");
    assert_eq!((fact(&dates, "NaT"), fact(&dates, "count")), (Some("1"), Some("3")));
    assert_eq!(fact(&dates, "min"), Some("2020-01-01T00:00:00.000000000"));
    let words = statistics_of("words");
    assert_eq!(words.frequent, [("red".to_owned(), 3), ("green".to_owned(), 2), ("blue".to_owned(), 1)]);
}

#[test]
fn fields_have_statistics_of_their_own() {
    let mut document = open(&fixture("arrays/numpy-2.4/masked-people.p5.pkl"));
    let node = root(&document).0;
    let card = document.card(node).unwrap();
    let columns = card.sections.iter().find_map(|section| match &section.body {
        Body::Columns(columns) => Some(columns.clone()),
        _ => None,
    });
    let columns = columns.unwrap();
    assert_eq!(columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["name", "age", "height", "tag"]);
    let ages = whole(&mut document, node, columns[1].part);
    assert_eq!((fact(&ages, "masked"), fact(&ages, "min")), (Some("2"), Some("41")));
    let heights = whole(&mut document, node, columns[2].part);
    assert_eq!((fact(&heights, "NaN or masked"), fact(&heights, "max")), (Some("1"), Some("1.8")));
    assert!(document.statistics(node, 4).is_none());
}

#[test]
fn random_generators_and_polynomials_are_told() {
    let rows: Vec<Value> = truths("numpy-").into_iter().filter(|row| !row["table"].is_array()).collect();
    assert!(rows.len() > 50);
    for row in rows {
        let document = open(&fixture(&format!("arrays/{}", file(&row))));
        let node = root(&document).0;
        let card = document.card(node).unwrap_or_else(|| panic!("{}: no card", file(&row)));
        let kind = row["kind"].as_str().unwrap();
        if row["generator"] == true {
            assert_eq!((card.kind.as_str(), card_fact(&card, "algorithm")), ("Generator", kind), "{}", file(&row));
        } else {
            assert_eq!(card.kind, kind, "{}", file(&row));
        }
        if let Some(position) = row["position"].as_u64() {
            assert_eq!(card_fact(&card, "position"), position.to_string(), "{}", file(&row));
        }
        if let Some(words) = row["words"].as_array() {
            let words: Vec<String> = words.iter().map(Value::to_string).collect();
            assert_eq!(table(&document, node).concat()[..words.len()], words, "{}", file(&row));
        }
        if let Some(coefficients) = row["coefficients"].as_array() {
            let coefficients: Vec<&str> = coefficients.iter().map(|one| one.as_str().unwrap()).collect();
            assert_eq!(table(&document, node).concat(), coefficients, "{}", file(&row));
        }
    }
}

fn slot(card: &Card) -> Option<&PictureSlot> {
    card.sections.iter().find_map(|section| match &section.body {
        Body::Picture(slot) => Some(slot),
        _ => None,
    })
}

fn pixels(picture: &Picture) -> Vec<[u8; 4]> {
    let bytes = BASE64.decode(picture.pixels.as_bytes()).unwrap();
    assert_eq!(bytes.len(), picture.width as usize * picture.height as usize * 4);
    bytes.as_chunks::<4>().0.to_vec()
}

#[test]
fn images_have_the_pixels_of_the_array() {
    // The numbers that the fixtures are made of.
    let byte = |at: usize| (at * 7 % 256) as u8;
    let picture = |name: &str, slice: &[u64]| {
        let document = open(&fixture(&format!("arrays/numpy-1.26/{name}.p2.pkl")));
        let node = root(&document).0;
        let card = document.card(node).unwrap();
        assert!(document.formats_for(Some(node)).contains(&Format::Png));
        let slot = slot(&card).unwrap().clone();
        assert!(!slot.is_heat_map);
        let picture = document.picture(node, slot.part, slice, 1024).unwrap();
        assert_eq!((u64::from(picture.width), u64::from(picture.height)), (slot.width, slot.height));
        (slot, pixels(&picture))
    };
    let (slot, rgb) = picture("image-rgb", &[]);
    assert_eq!((slot.width, slot.height, slot.slices.len()), (12, 10, 0));
    assert_eq!(rgb[13], [byte(39), byte(40), byte(41), 255]);
    let (_, grey) = picture("image-grey", &[]);
    assert_eq!(grey[10], [byte(10), byte(10), byte(10), 255]);
    let (slot, first) = picture("image-first", &[]);
    assert_eq!((slot.width, slot.height), (8, 8));
    assert_eq!(first[9], [byte(9), byte(73), byte(137), 255]);
    let (slot, second) = picture("images-rgba", &[1]);
    assert_eq!(slot.slices, [("axis 0".to_owned(), 2)]);
    let at = 8 * 9 * 4 + 5 * 4;
    assert_eq!(second[5], [byte(at), byte(at + 1), byte(at + 2), byte(at + 3)]);
}

#[test]
fn heat_maps_put_values_together() {
    let document = open(&fixture("arrays/numpy-2.4/grid.p5.pkl"));
    let node = root(&document).0;
    let card = document.card(node).unwrap();
    assert!(slot(&card).unwrap().is_heat_map);
    // Note and legend have the sides in the order of the shape.
    let section = card.sections.iter().find(|section| section.title == "Heat map").unwrap();
    assert_eq!(
        (section.note.as_str(), slot(&card).unwrap().description.as_str()),
        ("6 x 10", "heat map of 6 x 10 values")
    );
    let picture = document.picture(node, 0, &[], 5).unwrap();
    assert_eq!((picture.width, picture.height), (5, 3));
    // Means of two by two values, the first and the last.
    assert_eq!(picture.scale, Some(("1.83333".to_owned(), "17.8333".to_owned())));
    assert!(picture.note.contains("mean of up to 2 x 2 values"), "{}", picture.note);
    // The same numbers in the other order give the same picture.
    let numbers: Vec<u8> = (0..60u16).flat_map(u16::to_le_bytes).collect();
    let turned: Vec<u8> = (0..60u16).map(|at| at % 6 * 10 + at / 6).flat_map(u16::to_le_bytes).collect();
    let picture = |fortran, data: &[u8]| {
        let document = open(&pickle(array(ints(&[6, 10]), dtype("u2", "<"), truth(fortran), bytes(data))));
        document.picture(root(&document).0, 0, &[], 4).unwrap()
    };
    assert_eq!(picture(false, &numbers), picture(true, &turned));
}

/// An array of zeros in a large file, and what was read of it since.
fn hollow(shape: &[i64], zeros: u64, fortran: bool) -> (Document, Arc<Counter>) {
    let head = [
        b"\x80\x05".to_vec(),
        global("numpy._core.numeric", "_frombuffer"),
        b"(".to_vec(),
        b"\x8e".to_vec(),
        zeros.to_le_bytes().to_vec(),
    ];
    let order = if fortran { "F" } else { "C" };
    let tail = [dtype("f8", "<"), ints(shape), text(order), b"tR.".to_vec()];
    let read = Arc::new(Counter::new(0));
    let source = Hollow { head: head.concat(), zeros, tail: tail.concat(), read: Arc::clone(&read) };
    let document = support::open_source(Box::new(source));
    read.set(0);
    (document, read)
}

#[test]
fn a_large_array_is_not_read_for_its_card() {
    for fortran in [false, true] {
        let (document, read) = hollow(&[1 << 17, 1 << 12], 4 << 30, fortran);
        let node = root(&document).0;
        let card = document.card(node).unwrap();
        assert_eq!(card_fact(&card, "elements"), grouped(1 << 29));
        assert!(read.get() < 256 << 10, "{} bytes", read.get());
        let cells = window(&document, node, &[], (100_000, 40), (4000, 20));
        assert_eq!((cells.rows.len(), cells.rows[39].len(), cells.rows[39][19].text.as_str()), (40, 20, "0.0"));
        assert!(read.get() < 1 << 20, "{} bytes", read.get());
        let picture = document.picture(node, 0, &[], 1024).unwrap();
        assert!(picture.note.contains("values were read"), "{}", picture.note);
        assert!(read.get() < 100 << 20, "{} bytes", read.get());
    }
    // Rows that are too long to be read at all.
    let (document, read) = hollow(&[8, 1 << 26], 4 << 30, false);
    let picture = document.picture(root(&document).0, 0, &[], 1024).unwrap();
    assert!(picture.note.contains("values were read"), "{}", picture.note);
    assert!(read.get() < 100 << 20, "{} bytes", read.get());
}

#[test]
fn statistics_come_in_steps() {
    let (mut document, read) = hollow(&[1 << 22, 2], 64 << 20, true);
    let node = root(&document).0;
    let first = document.statistics(node, 0).unwrap();
    assert!(first.progress.0 > 0 && first.progress.0 < first.progress.1, "{:?}", first.progress);
    assert!(read.get() < 40 << 20, "{} bytes", read.get());
    let last = whole(&mut document, node, 0);
    assert_eq!((fact(&last, "count"), fact(&last, "zeros")), (Some("8,388,608"), Some("8,388,608")));
    assert_eq!(last.histogram.unwrap().counts, [1 << 23]);
    assert!(read.get() < 70 << 20, "{} bytes for zeros alone", read.get());
}

#[test]
fn what_does_not_fit_together_has_a_card_too() {
    let look = |value: Vec<u8>| {
        let mut document = open(&pickle(value));
        let node = root(&document).0;
        let card = document.card(node);
        if let Some(card) = &card {
            for section in &card.sections {
                match &section.body {
                    Body::Grid(_) => drop(window(&document, node, &[0, 7], (0, 9), (0, 9))),
                    Body::Picture(slot) => drop(document.picture(node, slot.part, &[9], 64)),
                    Body::Statistics { part } => drop(whole(&mut document, node, *part)),
                    Body::Columns(columns) => {
                        columns.iter().for_each(|column| drop(whole(&mut document, node, column.part)));
                    }
                    _ => {}
                }
            }
        }
        for node in 0..document.reading().graph.len() as u32 {
            let _ = (document.card(node), document.picture(node, 0, &[], 8), document.statistics(node, 0));
            let _ = document.cells(&CellWindow { node, rows: 4, columns: 4, ..CellWindow::default() });
        }
        card
    };
    let negative = look(array(ints(&[-1, 2]), dtype("i4", "<"), truth(false), bytes(&int32(0..2))));
    assert!(negative.is_none_or(|card| card.is_summary), "no array");
    let beyond = look(array(ints(&[100, 200]), dtype("i4", "<"), truth(true), bytes(&int32(0..6)))).unwrap();
    assert_eq!(beyond.remarks.len(), 1);
    assert!(beyond.sections.iter().all(|section| !matches!(section.body, Body::Picture(_))));
    let many = look(array(ints(&[1; 64]), dtype("i4", "<"), truth(false), bytes(&int32(7..8)))).unwrap();
    assert_eq!(grid(&many).slices.len(), 62);
    let nothing = look(array(ints(&[1 << 40]), dtype("V0", "|"), truth(false), bytes(b""))).unwrap();
    assert_eq!(card_fact(&nothing, "bytes"), "0");
    look(array(ints(&[1 << 20, 1 << 20]), dtype("S0", "|"), truth(false), bytes(b""))).unwrap();
    let missing = look(array(ints(&[3]), dtype("i4", "<"), truth(false), b"\x97".to_vec())).unwrap();
    assert_eq!((missing.sections.len(), missing.remarks.len()), (0, 1));
    // An array of objects that holds itself.
    let state = [b"K\x01K\x01\x85".to_vec(), dtype("O8", "|"), truth(false), b"](h\x00eb".to_vec()].concat();
    let made =
        call(global("numpy._core.multiarray", "_reconstruct"), &[global("numpy", "ndarray"), ints(&[0]), bytes(b"b")]);
    let cyclic = [made, b"\x94(".to_vec(), state[..state.len() - 1].to_vec(), b"tb".to_vec()].concat();
    look(cyclic).unwrap();
    // Random states of the wrong kind.
    let ctor = || global("numpy.random._pickle", "__generator_ctor");
    for state in [
        none(),
        int(1),
        tuple(&[]),
        tuple(&[none(), none()]),
        list(&[text("MT19937")]),
        tuple(&[text("MT19937"), none(), none()]),
    ] {
        look([call(ctor(), &[text("PCG64")]), state.clone(), b"b".to_vec()].concat()).unwrap();
        look(call(global("numpy.random.bit_generator", "__pyx_unpickle_SeedSequence"), &[none(), int(1), state]));
    }
    let mut nested = call(global("numpy.random._pickle", "__bit_generator_ctor"), &[text("PCG64")]);
    for _ in 0..2000 {
        nested = call(global("numpy.random._pickle", "__bit_generator_ctor"), &[nested]);
    }
    look(nested);
}

/// The items of the list that a fixture is.
fn items(document: &Document) -> Vec<NodeId> {
    document.lens().sequence(Edge::to(root(document))).unwrap().into_iter().map(Edge::node).collect()
}

#[test]
fn dtypes_and_scalars_have_cards() {
    for version in ["1.23", "1.26", "2.4"] {
        let document = open(&fixture(&format!("real/numpy-{version}/dtypes.p4.pkl")));
        let nodes = items(&document);
        let cards: Vec<Card> = nodes.iter().map(|node| document.card(node.0).unwrap()).collect();
        assert!(cards.iter().all(|card| card.kind == "dtype"));
        assert_eq!(card_fact(&cards[1], "dtype"), "int32, big-endian (>i4)");
        assert_eq!(card_fact(&cards[4], "dtype"), "datetime64[us], little-endian (<M8[us])");
        let Body::Table(table) = &cards[10].sections[0].body else { panic!("no table of fields") };
        let cells: Vec<&str> = table.rows[1].iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(cells[..4], ["y", "float32, little-endian (<f4)", "8", "4"]);
        let document = open(&fixture(&format!("real/numpy-{version}/scalars.p4.pkl")));
        let cards: Vec<Option<Card>> = items(&document).iter().map(|node| document.card(node.0)).collect();
        let of = |at: usize| cards[at].as_ref().unwrap();
        assert_eq!((of(2).kind.as_str(), card_fact(of(2), "value")), ("uint64", "18446744073709551615"));
        assert_eq!((of(4).kind.as_str(), card_fact(of(4), "bytes")), ("float32", "cdcccc3d"));
        assert_eq!(card_fact(of(9), "value"), "2024-01-02T03:04:05");
        let Body::Table(table) = &of(13).sections[0].body else { panic!("no table of fields") };
        assert_eq!(table.rows[1][2].text, "2.5");
    }
}

#[test]
fn headers_of_npy_files_make_cards_too() {
    let mut header = "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }".to_owned();
    while !(header.len() + 11).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\0".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.bytes());
    file.extend(int32(0..6));
    let mut document = open(&file);
    let node = root(&document).0;
    let card = document.card(node).unwrap();
    assert_eq!((card.kind.as_str(), card_fact(&card, "shape")), ("ndarray", "(2, 3)"));
    assert_eq!(table(&document, node), [["0", "2", "4"], ["1", "3", "5"]]);
    assert_eq!(fact(&whole(&mut document, node, 0), "mean"), Some("2.5"));
}

/// A tensor of float32 over a storage of so many numbers.
fn tensor(numbers: &[f32], offset: i64, size: &[i64], stride: &[i64]) -> Document {
    let id =
        tuple(&[text("storage"), global("torch", "FloatStorage"), text("0"), text("cpu"), int(numbers.len() as i64)]);
    let hooks = call(global("collections", "OrderedDict"), &[]);
    let arguments = [persistent(id), int(offset), ints(size), ints(stride), truth(false), hooks];
    let mut document = open(&pickle(call(global("torch._utils", "_rebuild_tensor_v2"), &arguments)));
    let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    let storages = HashMap::from([("0".to_owned(), blob(bytes, "archive/data/0"))]);
    document.attach(Attached { storages, has_storages: true, ..Attached::default() });
    document
}

#[test]
fn tensors_are_read_by_their_strides() {
    let numbers: Vec<f32> = (0..24u8).map(f32::from).collect();
    // The transposed of four by six, without its first column.
    let mut document = tensor(&numbers, 6, &[6, 3], &[1, 6]);
    let node = root(&document).0;
    let shown = table(&document, node);
    assert_eq!(
        (shown[0].clone(), shown[5][2].as_str()),
        (vec!["6.0".to_owned(), "12.0".to_owned(), "18.0".to_owned()], "23.0")
    );
    let found = whole(&mut document, node, 0);
    assert_eq!(
        (fact(&found, "min"), fact(&found, "max"), fact(&found, "mean")),
        (Some("6.0"), Some("23.0"), Some("14.5"))
    );
    let picture = document.picture(node, 0, &[], 16).unwrap();
    assert_eq!((picture.width, picture.height, picture.scale), (3, 6, Some(("6".to_owned(), "23".to_owned()))));
    // One row that is shown a million million times.
    let mut document = tensor(&numbers[..3], 0, &[1 << 40, 3], &[0, 1]);
    let node = root(&document).0;
    let found = whole(&mut document, node, 0);
    assert_eq!((fact(&found, "count"), fact(&found, "mean")), (Some(grouped(3 << 40).as_str()), Some("1.0")));
    let mut missing = open(&pickle(call(
        global("torch._utils", "_rebuild_tensor_v2"),
        &[none(), int(0), ints(&[1]), ints(&[1]), truth(false), dict(&[])],
    )));
    let _ = (missing.card(root(&missing).0), missing.statistics(0, 0));
}

#[test]
fn objects_that_are_numbers_are_measured() {
    let objects = |values: &[Vec<u8>]| {
        let shape = ints(&[values.len() as i64]);
        let mut document = open(&pickle(array(shape, dtype("O8", "|"), truth(false), list(values))));
        let node = root(&document).0;
        whole(&mut document, node, 0)
    };
    let found = objects(&[int(3), none(), int(-4), truth(true)]);
    assert_eq!(
        (fact(&found, "missing"), fact(&found, "min"), fact(&found, "mean")),
        (Some("1"), Some("-4"), Some("0.0"))
    );
    let found = objects(&[text("a"), none(), int(1), text("a")]);
    assert_eq!((fact(&found, "count"), fact(&found, "different values")), (Some("3"), Some("2")));
    assert_eq!(found.frequent[0], ("a".to_owned(), 2));
}

#[test]
fn a_subclass_shows_what_it_adds() {
    let document = open(&fixture("arrays/numpy-2.4/quantity.p5.pkl"));
    let card = document.card(root(&document).0).unwrap();
    let entries = card.sections.iter().find_map(|section| match &section.body {
        Body::Entries(entries) => Some(entries),
        _ => None,
    });
    let value: String = entries.unwrap()[0].value.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(value, "'m/s'");
    for version in ["1.23", "2.4"] {
        let document = open(&fixture(&format!("real/numpy-{version}/masked.p4.pkl")));
        let card = document.card(items(&document)[0].0).unwrap();
        assert_eq!((card.kind.as_str(), card_fact(&card, "fill value")), ("MaskedArray", "-1.0"));
    }
}

#[test]
fn histograms_of_times_end_at_whole_days() {
    let edges = statistics_of("dates").histogram.unwrap().edges;
    assert!(edges.len() > 10 && edges.iter().all(|edge| edge.ends_with("T00:00:00.000000000")), "{edges:?}");
}
