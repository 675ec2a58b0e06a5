//! What could be smaller.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::document::Document;
use picklescope::size::Sizes;
use picklescope::view::Savings;
use std::sync::Arc;

/// A tuple of `bytes`.
fn tuple_of(payloads: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"\x80\x04(".to_vec();
    for payload in payloads {
        bytes.push(b'B');
        bytes.extend((payload.len() as u32).to_le_bytes());
        bytes.extend(*payload);
    }
    bytes.extend(b"t.");
    bytes
}

fn savings(document: &Document, budget: u64) -> Savings {
    Savings::of(document, &Sizes::of(document).unwrap(), budget)
}

#[test]
fn equal_payloads_are_found_and_others_are_not() {
    let (one, mut other) = (vec![7; 300_000], vec![7; 300_000]);
    other[299_999] = 8;
    let document = support::open(&tuple_of(&[&one, &other, &one, &[1; 2000], &[1; 2000], &[1; 1000], &[1; 1000]]));
    let found = savings(&document, u64::MAX);
    let rows: Vec<_> = found.duplicates.iter().map(|one| (one.bytes, one.count, one.places.join(" "))).collect();
    assert_eq!(rows, [(300_000, 2, "obj[0] obj[2]".to_owned()), (2000, 2, "obj[3] obj[4]".to_owned())]);
    assert!(found.notes.is_empty());
    let compression = found.compression.unwrap();
    assert!(compression.estimate() < compression.total / 20);

    let found = savings(&document, 10_000);
    assert_eq!(found.duplicates.len(), 1);
    assert_eq!(
        found.notes,
        ["3 payloads of equal length (900,000 bytes) were not compared: that would take too long."]
    );
}

#[test]
fn a_slice_that_keeps_its_storage_is_named() {
    let bytes = support::fixture("memory/slice.pt");
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    let bundle = Bundle::open(vec![("slice.pt".to_owned(), source)], Limits::default(), &mut |_| {});
    let found = savings(bundle.document(), u64::MAX);
    let rows: Vec<_> = found.views.iter().map(|view| (view.places.join(" "), view.used, view.storage)).collect();
    assert_eq!(rows, [("obj['slice']".to_owned(), 40, 40_000)]);
}

#[test]
fn nothing_is_said_of_little() {
    let document = support::open(&tuple_of(&[b"abc", b"abc"]));
    assert_eq!(savings(&document, u64::MAX), Savings::default());
}
