//! Bars in the rows of arrays: how their numbers spread. Few numbers are read, and only where the bytes are in memory.

use crate::support;
use picklescope::bytes::{MemorySource, ReadError, Source};
use picklescope::document::Document;
use picklescope::view::TreeRow;
use picklescope::view::sparkline::{ELEMENTS, HEIGHT};
use support::assemble::{array, bytes, dtype, ints, list, pickle, truth};
use support::{fixture, open, open_source};

/// An array of so many floats, rising.
fn rising(count: u64) -> Vec<u8> {
    let numbers: Vec<u8> = (0..count).flat_map(|at| (at as f64).to_le_bytes()).collect();
    array(ints(&[count as i64]), dtype("f8", "<"), truth(false), bytes(&numbers))
}

fn rows(document: &mut Document) -> Vec<TreeRow> {
    document.toggle(0, true);
    document.rows(0, 200)
}

#[test]
fn an_array_has_bars_and_what_is_no_array_has_none() {
    let mut document = open(&fixture("samples/sklearn-bundle.pkl"));
    let _ = document.unfold(0);
    let rows = document.rows(0, 2000);
    let drawn: Vec<&TreeRow> = rows.iter().filter(|row| !row.bars.is_empty()).collect();
    assert!(!drawn.is_empty() && drawn.iter().all(|row| row.bars.len() <= 16 && row.bars.contains(&HEIGHT)));
    assert!(rows.iter().filter(|row| row.type_name != "ndarray").all(|row| row.bars.is_empty()));
    let small = pickle(list(&[rising(5), rising(2), rising(0), rising(ELEMENTS + 1)]));
    let found: Vec<usize> = self::rows(&mut open(&small)).iter().map(|row| row.bars.len()).collect();
    assert_eq!(found, [0, 5, 0, 0, 0]);
}

#[test]
fn one_answer_reads_a_bounded_number_of_elements() {
    let arrays: Vec<Vec<u8>> = (0..20).map(|_| rising(ELEMENTS)).collect();
    let rows = rows(&mut open(&pickle(list(&arrays))));
    assert_eq!(rows.len(), 21);
    assert_eq!(rows.iter().filter(|row| !row.bars.is_empty()).count(), 16);
}

/// A file that is not in memory.
struct Elsewhere(MemorySource);

impl Source for Elsewhere {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.0.read_at(offset, buffer)
    }
}

#[test]
fn nothing_is_read_for_them_from_a_file() {
    let source = Elsewhere(MemorySource::new(pickle(list(&[rising(100)]))));
    let mut document = open_source(Box::new(source));
    let rows = rows(&mut document);
    assert_eq!(rows[1].type_name, "ndarray");
    assert_eq!(rows[1].bars, [0; 0]);
}
