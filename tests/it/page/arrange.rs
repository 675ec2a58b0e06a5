//! Sorting and filtering the rows of grids, and the text of their cells.

use crate::support;
use crate::support::assemble::{array, bytes, dict, dtype, int, ints, list, none, pickle, root, text, truth};
use picklescope::document::Document;
use picklescope::find::{Arranging, Condition};
use picklescope::view::CellFormat;
use picklescope::view::card::{
    ArrangeAsk, Arrangement, Body, Card, Cell, CellKind, CellWindow, Grid, RowFilter, RowSort,
};
use support::{fixtures, open};

fn grids(card: Card) -> impl Iterator<Item = Grid> {
    card.sections.into_iter().filter_map(|section| match section.body {
        Body::Grid(grid) if grid.can_arrange => Some(grid),
        _ => None,
    })
}

/// The rows of a grid so arranged, which the document keeps then.
fn arrange(document: &mut Document, ask: &ArrangeAsk) -> Result<Vec<u32>, String> {
    let mut arranging = Arranging::begin(document, ask.clone())?;
    let mut before = 0;
    loop {
        arranging.advance(document)?;
        let (done, all) = arranging.progress().progress;
        if done == all {
            break;
        }
        assert!(done > before || before == 0, "a step does something");
        before = done;
    }
    let (ask, rows) = arranging.finish().unwrap();
    document.keep_row_order(ask, rows.clone());
    Ok(rows)
}

fn sorted_by(node: u32, slice: &[u64], column: u64, descending: bool) -> ArrangeAsk {
    let sort = Some(RowSort { column, descending });
    ArrangeAsk { node, grid: 0, slice: slice.to_vec(), arrangement: Arrangement { sort, filter: None } }
}

fn filtered_by(node: u32, column: Option<u64>, condition: &str) -> ArrangeAsk {
    let filter = Some(RowFilter { column, condition: condition.to_owned() });
    ArrangeAsk { node, grid: 0, slice: Vec::new(), arrangement: Arrangement { sort: None, filter } }
}

/// The cells of some rows of a column as the page shows them.
fn column(document: &Document, ask: &ArrangeAsk, column: u64, rows: u32) -> (Vec<String>, Vec<Cell>) {
    let ArrangeAsk { node, grid, slice, arrangement } = ask.clone();
    let window = CellWindow { node, grid, slice, rows, column, columns: 1, arrangement, ..CellWindow::default() };
    let cells = document.cells(&window).unwrap();
    assert_eq!(cells.problem, None);
    let heads = cells.row_heads.into_iter().map(|heads| heads.join(" ")).collect();
    (heads, cells.rows.into_iter().map(|mut row| row.remove(0)).collect())
}

fn texts(document: &Document, ask: &ArrangeAsk, at: u64) -> Vec<String> {
    column(document, ask, at, 500).1.iter().map(|cell| cell.full_text().to_owned()).collect()
}

fn doubles(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn float_array(shape: &[i64], values: &[f64]) -> Document {
    open(&pickle(array(ints(shape), dtype("f8", "<"), truth(false), bytes(&doubles(values)))))
}

fn records(rows: &[(&str, Option<i64>, bool)]) -> Document {
    let row = |(name, age, member): &(&str, Option<i64>, bool)| {
        let age = age.map_or_else(none, int);
        dict(&[(text("name"), text(name)), (text("age"), age), (text("member"), truth(*member))])
    };
    open(&pickle(list(&rows.iter().map(row).collect::<Vec<_>>())))
}

#[test]
fn missing_values_are_last_and_equal_ones_stay() {
    let nan = f64::NAN;
    let mut document = float_array(&[8], &[2.0, nan, -1.5, f64::INFINITY, 2.0, -0.0, nan, 0.0]);
    let node = root(&document).0;
    assert_eq!(arrange(&mut document, &sorted_by(node, &[], 0, false)).unwrap(), [2, 5, 7, 0, 4, 3, 1, 6]);
    assert_eq!(arrange(&mut document, &sorted_by(node, &[], 0, true)).unwrap(), [3, 0, 4, 5, 7, 2, 1, 6]);
    let (heads, cells) = column(&document, &sorted_by(node, &[], 0, true), 0, 8);
    assert_eq!(heads, ["3", "0", "4", "5", "7", "2", "1", "6"], "rows keep their numbers");
    let shown: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(shown, ["inf", "2.0", "2.0", "-0.0", "0.0", "-1.5", "nan", "nan"]);
}

#[test]
fn columns_of_a_slice_are_its_own() {
    // The second of two matrices of three rows: 6, 7, 8, 9, 10, 11 with their halves' signs mixed.
    let values = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0, -7.0, 3.0, 8.0, 5.0];
    let mut document = float_array(&[2, 3, 2], &values);
    let node = root(&document).0;
    assert_eq!(arrange(&mut document, &sorted_by(node, &[1], 0, false)).unwrap(), [1, 0, 2]);
    assert_eq!(arrange(&mut document, &sorted_by(node, &[1], 1, false)).unwrap(), [1, 2, 0]);
    assert_eq!(arrange(&mut document, &sorted_by(node, &[0], 1, true)).unwrap(), [2, 1, 0]);
    assert_eq!(texts(&document, &sorted_by(node, &[1], 1, false), 0), ["-7.0", "8.0", "6.0"]);
    assert!(arrange(&mut document, &sorted_by(node, &[1], 2, false)).is_err(), "there are two columns");
}

#[test]
fn integers_of_64_bits_are_exact() {
    let values = [u64::MAX, 1 << 53, u64::MAX - 1, (1 << 53) + 1, 0];
    let data: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut document = open(&pickle(array(ints(&[5]), dtype("u8", "<"), truth(false), bytes(&data))));
    let node = root(&document).0;
    assert_eq!(arrange(&mut document, &sorted_by(node, &[], 0, false)).unwrap(), [4, 1, 3, 2, 0]);
    assert_eq!(arrange(&mut document, &filtered_by(node, None, "> 9007199254740992")).unwrap(), [0, 2, 3]);
}

#[test]
fn records_are_sorted_as_python_would() {
    let mut document = records(&[("Eve", Some(9), true), ("adam", None, false), ("Bob", Some(10), true)]);
    let node = root(&document).0;
    assert_eq!(arrange(&mut document, &sorted_by(node, &[], 0, false)).unwrap(), [2, 0, 1], "capitals first");
    assert_eq!(arrange(&mut document, &sorted_by(node, &[], 1, false)).unwrap(), [0, 2, 1], "9 is less than 10");
    assert_eq!(arrange(&mut document, &sorted_by(node, &[], 2, true)).unwrap(), [0, 2, 1], "True is 1");
    for (column, condition, rows) in [
        (Some(1), ">= 10", &[2][..]),
        (Some(1), "9..10", &[0, 2]),
        (Some(1), "= 9", &[0]),
        (Some(1), "!= 9", &[1, 2]),
        (Some(1), "missing", &[1]),
        (Some(1), "not missing", &[0, 2]),
        (None, "not missing", &[0, 2]),
        (None, "missing", &[1]),
        (Some(0), "= Bob", &[2]),
        (Some(0), "'Bob'", &[2]),
        (Some(0), "ADAM", &[1]),
        (Some(0), "/^.{3}$/", &[0, 2]),
        (Some(0), "> 3", &[]),
        (Some(2), "= True", &[0, 2]),
        (None, "b", &[2]),
        (None, "!= Bob", &[0, 1]),
        (None, "= 10", &[2]),
    ] {
        let found = arrange(&mut document, &filtered_by(node, column, condition)).unwrap();
        assert_eq!(found, rows, "{column:?} {condition}");
    }
}

#[test]
fn a_filter_and_an_order_go_together() {
    let values: Vec<f64> = (0..40_000).map(|at| f64::from((at * 7919) % 10_007)).collect();
    let mut document = float_array(&[40_000], &values);
    let node = root(&document).0;
    let mut ask = filtered_by(node, Some(0), ">= 9000");
    ask.arrangement.sort = Some(RowSort { column: 0, descending: true });
    let mut expected: Vec<u32> = (0..40_000).filter(|&row| values[row as usize] >= 9000.0).collect();
    expected.sort_by(|&one, &other| values[other as usize].total_cmp(&values[one as usize]));
    assert_eq!(arrange(&mut document, &ask).unwrap(), expected);
}

#[test]
fn single_precision_equals_what_it_prints() {
    let data: Vec<u8> = [0.1_f32, 0.2, 0.1].iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut document = open(&pickle(array(ints(&[3]), dtype("f4", "<"), truth(false), bytes(&data))));
    let node = root(&document).0;
    assert_eq!(arrange(&mut document, &filtered_by(node, Some(0), "= 0.1")).unwrap(), [0, 2]);
    assert_eq!(arrange(&mut document, &filtered_by(node, Some(0), "!= 0.1")).unwrap(), [1]);
}

#[test]
fn a_condition_that_is_none_says_what_is_expected() {
    for (text, says) in [
        ("", "missing, not missing"),
        (">", "a value is missing behind >"),
        ("> x", "x is neither a number nor a date"),
        ("< nan", "missing finds it"),
        ("= nan", "missing finds it"),
        ("5..1", "the larger one"),
        ("/a(/", "unclosed group"),
    ] {
        let problem = Condition::parse(text).unwrap_err();
        assert!(problem.contains(says), "{text}: {problem}");
    }
    let mut document = float_array(&[2], &[1.0, 2.0]);
    let node = root(&document).0;
    assert!(arrange(&mut document, &filtered_by(node, Some(7), "1")).unwrap_err().contains("no such column"));
    assert!(arrange(&mut document, &filtered_by(u32::MAX, None, "1")).is_err());
    // Cells of an order that was never made say so.
    let ArrangeAsk { node, arrangement, .. } = filtered_by(node, None, "2");
    let window = CellWindow { node, rows: 5, columns: 5, arrangement, ..CellWindow::default() };
    assert!(document.cells(&window).unwrap().problem.is_some());
}

#[test]
fn tables_that_claim_too_many_rows_are_not_arranged() {
    let zeros = vec![0; 5_000_001];
    let mut document = open(&pickle(array(ints(&[5_000_001]), dtype("u1", "|"), truth(false), bytes(&zeros))));
    let node = root(&document).0;
    let problem = arrange(&mut document, &sorted_by(node, &[], 0, false)).unwrap_err();
    assert!(problem.contains("5,000,000") && problem.contains("5,000,001"), "{problem}");
}

/// Every column of every table, array and list of records of the fixtures: an order is a permutation, its numbers and dates rise,
/// equal values stay as they were, and missing ones come last, both ways.
#[test]
fn an_order_is_stable_and_complete() {
    const ROWS: u32 = 300;
    let mut columns = 0;
    for fixture in fixtures().into_iter().filter(|fixture| fixture.bytes.len() < 300_000) {
        let mut document = open(&fixture.bytes);
        for node in 0..document.reading().graph.len().min(60) as u32 {
            let found: Vec<Grid> = document.card(node).into_iter().flat_map(grids).collect();
            for grid in found.into_iter().filter(|grid| (1..=u64::from(ROWS)).contains(&grid.rows)) {
                for number in 0..grid.columns.min(8) {
                    let what = format!("{} node {node} column {number}", fixture.name);
                    columns += u32::from(check_order(&mut document, node, (&grid, number), &what));
                }
            }
        }
    }
    assert!(columns > 300, "{columns}");
}

fn check_order(document: &mut Document, node: u32, (grid, number): (&Grid, u64), what: &str) -> bool {
    let slice = vec![0; grid.slices.len()];
    let plain = ArrangeAsk { node, grid: grid.id, slice: slice.clone(), arrangement: Arrangement::default() };
    let window = CellWindow { node, rows: 300, column: number, columns: 1, slice: slice.clone(), ..Default::default() };
    if document.cells(&window).unwrap().problem.is_some() {
        return false;
    }
    let (heads, cells) = column(document, &plain, number, 300);
    for descending in [false, true] {
        let ask = sorted_by(node, &slice, number, descending);
        let order = match arrange(document, &ask) {
            Ok(order) => order,
            Err(problem) => {
                assert!(problem.contains("no order"), "{what}: {problem}");
                return false;
            }
        };
        let mut all = order.clone();
        all.sort_unstable();
        assert_eq!(all, (0..grid.rows as u32).collect::<Vec<_>>(), "{what}");
        let (sorted_heads, sorted) = column(document, &ask, number, 300);
        for (at, &row) in order.iter().enumerate() {
            assert_eq!(&sorted[at], &cells[row as usize], "{what}");
            assert_eq!(sorted_heads[at], heads[row as usize], "{what}");
        }
        for (pair, rows) in sorted.windows(2).zip(order.windows(2)) {
            let [one, other] = pair else { continue };
            let is_missing = |cell: &Cell| cell.kind == CellKind::Missing;
            assert!(!is_missing(one) || is_missing(other), "{what}: missing before {other:?}");
            if one.full_text() == other.full_text() {
                assert!(rows[0] < rows[1], "{what}: {} and {}", rows[0], rows[1]);
            } else if !is_missing(other)
                && let (Ok(one), Ok(other)) = (one.full_text().parse::<f64>(), other.full_text().parse::<f64>())
                && sorted.iter().all(|cell| cell.kind != CellKind::Object && cell.kind != CellKind::Text)
            {
                assert!(if descending { one >= other } else { one <= other }, "{what}: {one} {other}");
            }
        }
    }
    true
}

#[test]
fn cells_are_copied_with_all_their_digits() {
    let document = float_array(&[2, 2], &[1.0 / 3.0, f64::NAN, 12.5, f64::INFINITY]);
    let node = root(&document).0;
    let window = CellWindow { node, rows: 2, columns: 2, ..CellWindow::default() };
    let shown = document.cells(&window).unwrap();
    assert_eq!((shown.rows[0][0].text.as_str(), shown.rows[0][0].full_text()), ("0.3333", "0.3333333333333333"));
    assert_eq!((shown.rows[1][0].text.as_str(), shown.rows[1][0].full_text()), ("12.5000", "12.5"));
    let copied = |window: &CellWindow, format| document.cells_text(window, format, &[String::new()]).unwrap();
    assert_eq!(copied(&window, CellFormat::Tsv), "0.3333333333333333\tnan\n12.5\tinf");
    let python = "[[0.3333333333333333, float('nan')],\n [12.5, float('inf')]]";
    assert_eq!(copied(&window, CellFormat::Python), python);
    let markdown = "|  | 0 | 1 |\n| --- | ---: | ---: |\n| 0 | 0.3333333333333333 | nan |\n| 1 | 12.5 | inf |\n";
    assert_eq!(copied(&window, CellFormat::Markdown), markdown);
    let column = CellWindow { columns: 1, ..window.clone() };
    assert_eq!(copied(&column, CellFormat::Python), "[0.3333333333333333, 12.5]");
    let cell = CellWindow { row: 1, rows: 1, columns: 1, ..window.clone() };
    assert_eq!(copied(&cell, CellFormat::Python), "12.5");
    let many = CellWindow { rows: 1000, columns: 101, ..window };
    assert!(document.cells_text(&many, CellFormat::Tsv, &[]).unwrap_err().contains("100,000"));
}

#[test]
fn copied_texts_keep_their_places() {
    let mut document = records(&[("tab\there", Some(1), true), ("say \"a|b\"", None, false)]);
    let node = root(&document).0;
    let ask = sorted_by(node, &[], 0, false);
    arrange(&mut document, &ask).unwrap();
    let arrangement = ask.arrangement;
    let window = CellWindow { node, rows: 2, columns: 3, arrangement, ..CellWindow::default() };
    let copied = |format| document.cells_text(&window, format, &[String::new()]).unwrap();
    assert_eq!(copied(CellFormat::Tsv), "\"say \"\"a|b\"\"\"\tNone\tFalse\n\"tab\there\"\t1\tTrue");
    assert_eq!(copied(CellFormat::Python), "[['say \"a|b\"', None, False],\n ['tab\\there', 1, True]]");
    assert!(copied(CellFormat::Markdown).contains("| 1 | say \"a\\|b\" | None | False |"));
}
