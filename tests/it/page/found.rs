//! What was found, in the views: lines and cells that are hits, and the other places of a hit.

use crate::support::fixture;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::protocol::{Answer, ask};
use picklescope::view::card::CellWindow;
use picklescope::view::{FindAsk, FindScope, SourceLine};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(message: &T) {
    let text = serde_json::to_string(message).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), message);
}

/// Searches the document on show to the end.
fn search(bundle: &mut Bundle, text: &str) {
    let (text, scope) = (text.to_owned(), FindScope::Document);
    let mut found = ask::Find(FindAsk { text, case: true, word: false, regex: false, scope }).answer(bundle).unwrap();
    while !found.finished {
        found = ask::FindMore.answer(bundle).unwrap();
    }
}

fn bundle_of(pickle: &[u8]) -> Bundle {
    let files = vec![("small.pkl".to_owned(), Arc::new(MemorySource::new(pickle.to_vec())) as _)];
    Bundle::open(files, Limits::default(), &mut |_| {})
}

#[test]
fn lines_of_the_source_that_are_hits_are_those_with_the_value_in_them() {
    // A list of 40 texts, which takes a line for each, one of them twice from the memo, and a dict with a key that is found, too.
    let mut pickle = b"\x80\x04](".to_vec();
    for number in 0..40 {
        let text = if number == 17 { "a needle".to_owned() } else { format!("text {number}") };
        pickle.extend([&[0x8c, text.len() as u8][..], text.as_bytes(), b"\x94"].concat());
    }
    pickle.extend(b"h\x11}(\x8c\x06needleK\x01\x8c\x05otherK\x02ue.");
    let mut bundle = bundle_of(&pickle);
    search(&mut bundle, "needle");
    let total = bundle.document().source_line_count();
    let lines = bundle.document().source_lines(0, total as usize);
    let question = ask::FoundAmong(ask::Among::Lines((0..total + 5).collect()));
    survives(&question);
    let found = question.answer(&mut bundle).unwrap();
    let name = |line: &SourceLine| line.parts.iter().map(|part| part.text.as_str()).collect::<String>();
    let shared = lines.iter().map(name).find_map(|line| line.strip_suffix(" = 'a needle'").map(str::to_owned));
    let is_hit = |text: &str| text.contains("needle") || shared.as_ref().is_some_and(|name| text.contains(name));
    let expected: Vec<u64> = lines.iter().filter(|line| is_hit(&name(line))).map(|line| line.index).collect();
    assert!(expected.len() >= 3, "{:?}", lines.iter().map(name).collect::<Vec<_>>());
    assert_eq!(found, expected, "{:?}", lines.iter().map(name).collect::<Vec<_>>());
    ask::FindEnd.answer(&mut bundle).unwrap();
    assert!(ask::FoundAmong(ask::Among::Lines(vec![0])).answer(&mut bundle).unwrap().is_empty());
}

#[test]
fn a_hit_is_shown_at_each_of_its_places() {
    // ['x', 'x', ['x'], {'key': 'x'}] with one text.
    let mut bundle = bundle_of(b"\x80\x04](\x8c\x01x\x94h\x00](h\x00e}(\x8c\x03keyh\x00ue.");
    search(&mut bundle, "x");
    let place = |bundle: &mut Bundle, place: u64| {
        let question = ask::FoundPlace { line: 1, place };
        survives(&question);
        let shown = question.answer(bundle).unwrap();
        survives(&shown);
        let path = bundle.document_mut().inspect_row(shown.row).unwrap().path;
        (shown.place, shown.places, path)
    };
    for (asked, at, path) in [
        (1, 1, "obj[1]"),
        (2, 2, "obj[2][0]"),
        (3, 3, "obj[3]['key']"),
        (0, 0, "obj[0]"),
        (5, 1, "obj[1]"),
        (u64::MAX, 3, "obj[3]['key']"),
    ] {
        assert_eq!(place(&mut bundle, asked), (at, 4, path.to_owned()), "{asked}");
    }
    assert!(ask::FoundPlace { line: 0, place: 1 }.answer(&mut bundle).is_err(), "a line over a group");
    search(&mut bundle, "key");
    assert!(ask::FoundPlace { line: 1, place: 1 }.answer(&mut bundle).is_err(), "a value that stands once");
}

#[test]
fn places_in_a_large_list_stand_below_their_ranges() {
    // 2,500 times one text.
    let mut pickle = b"\x80\x04](\x8c\x01x\x94".to_vec();
    (0..2499).for_each(|_| pickle.extend(b"h\x00"));
    pickle.extend(b"e.");
    let mut bundle = bundle_of(&pickle);
    search(&mut bundle, "x");
    for place in [0, 1, 999, 1000, 1001, 2499, 1500] {
        let shown = ask::FoundPlace { line: 1, place }.answer(&mut bundle).unwrap();
        assert_eq!((shown.place, shown.places), (place, 2500));
        assert_eq!(bundle.document_mut().inspect_row(shown.row).unwrap().path, format!("obj[{place}]"));
    }
}

#[test]
fn cells_that_are_hits_are_those_that_match() {
    let bytes = fixture("samples/dataframe.pkl");
    let mut bundle = bundle_of(&bytes);
    let document = bundle.document();
    let tables = (0..document.reading().graph.len() as u32).filter_map(|node| {
        let window = CellWindow { node, rows: 8, columns: 8, ..CellWindow::default() };
        document.cells(&window).map(|cells| (window, cells))
    });
    let (window, cells) =
        tables.max_by_key(|(_, cells)| cells.rows.first().map_or(0, Vec::len).min(cells.rows.len())).unwrap();
    let number = cells.rows[1]
        .iter()
        .find(|cell| cell.full_text().contains('.') && cell.full_text().parse::<f64>().is_ok())
        .unwrap();
    let number = number.full_text().to_owned();
    search(&mut bundle, &format!("== {number}"));
    let columns = 1000;
    let question = ask::FoundAmong(ask::Among::Cells(window.clone(), columns));
    survives(&question);
    let found = question.answer(&mut bundle).unwrap();
    let mut expected = Vec::new();
    for (row, line) in (0..).zip(&cells.rows) {
        for (column, cell) in (0..).zip(line) {
            if cell.full_text().parse() == number.parse::<f64>() {
                expected.push(row * columns + column);
            }
        }
    }
    assert!(!expected.is_empty());
    assert_eq!(found, expected);
    search(&mut bundle, "no such text");
    assert!(ask::FoundAmong(ask::Among::Cells(window, columns)).answer(&mut bundle).unwrap().is_empty());
}
