//! The decoder compiled to WebAssembly, in a browser: real files, deep and wide ones, damage. What it reads must be what
//! the native build reads, so most tests compare with figures that the native tests hold too.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use picklescope::bytes::{Limits, MemorySource};
use picklescope::document::Document;
use picklescope::export;
use picklescope::protocol::{Answer, Target, ask};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn open(bytes: &[u8]) -> Document {
    let source = MemorySource::new(bytes.to_vec());
    Document::open("test.pkl".to_owned(), Box::new(source), Limits::default(), &mut |_, _| {})
}

fn total(document: &mut Document) -> u64 {
    let window = ask::Rows { first: 0, count: 50 }.answer(document).unwrap();
    assert!(!window.rows.is_empty());
    window.total
}

#[wasm_bindgen_test]
fn samples_read_to_the_end() {
    let samples: [&[u8]; 4] = [
        include_bytes!("samples/sklearn-bundle.pkl"),
        include_bytes!("samples/dataframe.pkl"),
        include_bytes!("samples/everyday.pkl"),
        include_bytes!("samples/hostile-demo.pkl"),
    ];
    for sample in samples {
        let mut document = open(sample);
        assert!(document.reading().is_complete());
        assert!(total(&mut document) > 1);
        let overview = document.overview();
        assert!(overview.opcodes > 50 && overview.objects > 20);
    }
    assert_eq!(open(samples[3]).overview().verdict.word, "Dangerous");
}

#[wasm_bindgen_test]
fn two_hundred_thousand_nested_lists() {
    let mut bytes = b"\x80\x02".to_vec();
    bytes.extend(std::iter::repeat_n(b']', 200_000));
    bytes.extend(std::iter::repeat_n(b'a', 199_999));
    bytes.push(b'.');
    let mut document = open(&bytes);
    assert!(document.reading().is_complete());
    assert_eq!(document.reading().graph.len(), 200_000);
    // The innermost list is made by the last EMPTY_LIST; showing it opens every level above.
    let ask::Selected { total, inspection } = ask::Select(Target::Offset(200_001)).answer(&mut document).unwrap();
    assert_eq!(total, 200_000);
    assert_eq!(inspection.row, Some(199_999));
    export::json(document.reading(), &document.lens(), &mut std::io::sink()).unwrap();
}

#[wasm_bindgen_test]
fn five_million_items() {
    let mut bytes = b"\x80\x04](".to_vec();
    bytes.extend((0..5_000_000_u32).flat_map(|i| [b'K', i as u8]));
    bytes.extend(b"e.");
    let mut document = open(&bytes);
    assert!(document.reading().is_complete());
    assert_eq!(document.reading().graph.len(), 5_000_001);
    document.toggle(0, true);
    assert_eq!(total(&mut document), 5001, "ranges of a thousand");
    let total = ask::OpenAll { row: 1, deep: false }.answer(&mut document).unwrap().total;
    assert!(total > 1_000_000);
    let last = document.rows(total - 1, 1);
    assert_eq!(last.len(), 1);
}

#[wasm_bindgen_test]
fn a_bomb_of_shared_lists_stays_small() {
    let document = open(include_bytes!("fixtures/edge/bomb-shared.pkl"));
    assert!(document.reading().is_complete());
    assert!(document.reading().graph.memory() < 1 << 20);
}

#[wasm_bindgen_test]
fn every_truncation_is_shown_and_none_panics() {
    let whole = include_bytes!("samples/everyday.pkl");
    for length in 0..whole.len() {
        let mut document = open(&whole[..length]);
        assert!(!document.reading().is_complete(), "{length}");
        assert!(total(&mut document) >= 1);
        assert!(!document.overview().problems.is_empty());
    }
}

#[wasm_bindgen_test]
fn a_claimed_length_allocates_nothing() {
    let document = open(b"\x80\x05\x96\xff\xff\xff\xff\xff\xff\xff\x3f.");
    assert!(!document.reading().is_complete());
    assert!(document.reading().graph.memory() < 1 << 20);
}
