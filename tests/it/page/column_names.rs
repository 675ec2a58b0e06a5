//! Columns of a grid found by their names.

use crate::support;
use crate::support::assemble::{array, bytes, dict, dtype, int, ints, list, pickle, root, text, truth};
use picklescope::document::Document;
use picklescope::view::card::{ColumnsAsk, FoundColumns};
use support::{fixture, open};

fn find(document: &Document, text: &str, from: u64) -> Option<FoundColumns> {
    let ask = ColumnsAsk { node: root(document).0, grid: 0, text: text.to_owned(), from };
    document.find_columns(&ask)
}

/// All steps, and how many they were.
fn find_all(document: &Document, text: &str) -> (Vec<u64>, usize) {
    let (mut columns, mut from, mut steps) = (Vec::new(), Some(0), 0);
    while let Some(next) = from {
        let found = find(document, text, next).unwrap();
        assert!(found.next.is_none_or(|after| after > next), "a step does something");
        columns.extend(found.columns);
        (from, steps) = (found.next, steps + 1);
    }
    (columns, steps)
}

#[test]
fn a_part_of_a_name_is_enough_whatever_its_case() {
    let row = dict(&[(text("Weight"), int(1)), (text("height"), int(2)), (text("age"), int(3))]);
    let records = open(&pickle(list(&[row.clone(), row])));
    assert_eq!(find_all(&records, "EIGHT"), (vec![0, 1], 1));
    assert_eq!(find_all(&records, "width"), (Vec::new(), 1));
    let frame = open(&fixture("samples/dataframe.pkl"));
    let columns = find_all(&frame, "").0;
    assert!(columns.len() > 3 && columns.iter().copied().eq(0..columns.len() as u64), "{columns:?}");
}

#[test]
fn many_columns_are_looked_at_in_steps() {
    let zeros = vec![0; 8 * 5000];
    let matrix = open(&pickle(array(ints(&[1, 5000]), dtype("f8", "<"), truth(false), bytes(&zeros))));
    assert_eq!(
        find_all(&matrix, "499"),
        (vec![499, 1499, 2499, 3499, 4499, 4990, 4991, 4992, 4993, 4994, 4995, 4996, 4997, 4998, 4999], 3)
    );
    assert_eq!(find(&matrix, "1", u64::MAX), Some(FoundColumns::default()), "no column is left to look at");
    let no_grid = open(&pickle(int(1)));
    assert_eq!(find(&no_grid, "1", 0), None);
}
