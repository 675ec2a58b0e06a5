//! Queries as people write them: bytes of the file, rounded numbers, ranges, constants; and values that stand at several places.

use super::{find, find_in_steps, only};
use crate::support::{fixture, open};
use picklescope::bundle::{Bundle, BundleSearch};
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::document::ValuePlace;
use picklescope::find::{Options, Query, Search};
use picklescope::view::{FoundKind, FoundRow};
use std::sync::Arc;

fn of(kinds: &[FoundKind]) -> Options {
    Options { kinds: only(kinds), ..Options::default() }
}

#[test]
fn bytes_are_found_wherever_they_are_in_the_file() {
    let document = open(b"\x80\x04\x8c\x03abc.");
    let offsets = |query: &str| -> Vec<u64> {
        find(&document, query, &of(&[FoundKind::Raw])).iter().map(|hit| hit.offset).collect()
    };
    assert_eq!(offsets(r"b'\x80\x04'"), [0]);
    assert_eq!(offsets("b'bc'"), [5]);
    assert_eq!(offsets("b'c.'"), [6]);
    assert!(offsets(r"b'\x00'").is_empty());
    let hit = find(&document, "b'bc'", &Options::default()).pop().unwrap();
    let row = Search::row(&document, &hit);
    assert_eq!((row.path.as_str(), row.matched.as_str()), ("obj", "bc"));
    assert!(row.before.ends_with('a') && row.after.starts_with('.'), "{row:?}");
}

#[test]
fn bytes_on_both_sides_of_the_end_of_a_window_are_found() {
    const WINDOW: usize = 4 << 20;
    let mut payload = vec![b'x'; 3 * WINDOW];
    // The payload begins at offset 7.
    let places = [0, WINDOW - 9, WINDOW - 7, 2 * WINDOW - 8, 2 * WINDOW + 5, 3 * WINDOW - 2];
    for place in places {
        payload[place..place + 2].copy_from_slice(b"yz");
    }
    let mut bytes = b"\x80\x04B".to_vec();
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(&payload);
    bytes.push(b'.');
    let expected: Vec<u64> =
        bytes.windows(2).enumerate().filter(|(_, pair)| pair == b"yz").map(|(at, _)| at as u64).collect();
    let document = open(&bytes);
    for budget in [1, 1 << 18, u64::MAX] {
        let hits = find_in_steps(&document, "b'yz'", &of(&[FoundKind::Raw]), budget);
        assert_eq!(hits.iter().map(|hit| hit.offset).collect::<Vec<_>>(), expected, "{budget}");
    }
}

/// Long bytes are gone over together with the file, and found as they are alone.
#[test]
fn bytes_of_long_payloads_are_those_within_them() {
    let long = |letters: &[u8]| {
        let mut payload = vec![b'.'; (1 << 20) + 1];
        let end = payload.len() - letters.len();
        payload[..letters.len()].copy_from_slice(letters);
        payload[end..].copy_from_slice(letters);
        payload
    };
    // The first begins within a match that its own opcode is a part of, the second has none, the third is short.
    let payloads = [long(b"\0\0ab"), long(b"xxxx"), b"ab\0\0\0".to_vec(), long(b"\0\0\0\0")];
    let mut bytes = b"\x80\x04(".to_vec();
    for payload in &payloads {
        bytes.extend(b"\x8e");
        bytes.extend((payload.len() as u64).to_le_bytes());
        bytes.extend(payload);
    }
    bytes.extend(b"t.");
    let document = open(&bytes);
    for (query, needle) in [("b'\\x00\\x00'", &b"\0\0"[..]), ("b'ab'", b"ab"), ("b'xxxxx'", b"xxxxx")] {
        let count = |hay: &[u8]| {
            let (mut at, mut count) = (0, 0);
            while let Some(found) = hay[at..].windows(needle.len()).position(|window| window == needle) {
                (at, count) = (at + found + needle.len(), count + 1);
            }
            count
        };
        let expected: Vec<u64> = payloads.iter().map(|payload| count(payload)).filter(|&count| count > 0).collect();
        for budget in [1, u64::MAX] {
            let mut found = find_in_steps(&document, query, &of(&[FoundKind::Bytes, FoundKind::Raw]), budget);
            let raw = found.iter().filter(|hit| hit.kind == FoundKind::Raw).count() as u64;
            assert_eq!(raw, count(&bytes), "{query}");
            found.retain(|hit| hit.kind == FoundKind::Bytes);
            found.sort_by_key(|hit| hit.offset);
            assert_eq!(found.iter().map(|hit| hit.count).collect::<Vec<_>>(), expected, "{query}");
            let alone = find_in_steps(&document, query, &of(&[FoundKind::Bytes]), budget);
            assert_eq!(alone.iter().map(|hit| hit.count).collect::<Vec<_>>(), expected, "{query}");
        }
    }
}

/// Everything that a search in all members finds.
fn searched(bundle: &mut Bundle, query: Query) -> (Vec<FoundRow>, BundleSearch) {
    let mut search = BundleSearch::new(bundle, query, None, None, 1000);
    let mut rows = Vec::new();
    loop {
        let step = search.step(bundle, u64::MAX, &mut |_| {});
        rows.extend(step.hits);
        if step.finished {
            return (rows, search);
        }
    }
}

#[test]
fn bytes_are_found_in_every_layer() {
    let file: Arc<dyn Source> = Arc::new(MemorySource::new(fixture("containers/torch-2.2.2/module.pt")));
    let mut bundle = Bundle::open(vec![("module.pt".to_owned(), file)], Limits::default(), &mut |_| {});
    let mut rows = |query: &str| {
        let query = Query::parse(query, &Options::default()).unwrap();
        let (rows, search) = searched(&mut bundle, query);
        assert!(search.unread().is_empty(), "{:?}", search.unread());
        rows
    };
    let found = rows(r"b'PK\x03\x04'");
    assert!(found.iter().any(|row| row.kind == FoundKind::Raw && row.offset == 0), "{found:?}");
    let found = rows(r"b'\x80\x02'");
    let is_pickle = |row: &FoundRow| row.kind == FoundKind::Raw && row.entry.contains("data.pkl") && row.offset == 0;
    assert!(found.iter().any(is_pickle), "{found:?}");
}

#[test]
fn bytes_of_a_name_lead_to_what_it_names() {
    let document = open(b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04echo\x85R.");
    for query in ["b'posix'", "b'system'"] {
        let hit = find(&document, query, &of(&[FoundKind::Raw])).pop().unwrap();
        let row = Search::row(&document, &hit);
        assert!(row.path.starts_with("obj"), "{query}: {row:?}");
    }
}

#[test]
fn stored_bytes_are_found_once() {
    let file: Arc<dyn Source> = Arc::new(MemorySource::new(fixture("containers/torch-2.2.2/module.pt")));
    let mut bundle = Bundle::open(vec![("module.pt".to_owned(), file)], Limits::default(), &mut |_| {});
    let query = Query::parse("b'torch._utils'", &of(&[FoundKind::Raw])).unwrap();
    let (rows, search) = searched(&mut bundle, query);
    let bytes = fixture("containers/torch-2.2.2/module.pt");
    let expected = bytes.windows(12).filter(|window| window == b"torch._utils").count();
    assert!(expected > 0 && rows.len() == expected, "{expected}: {rows:?}");
    assert!(rows.iter().all(|row| row.entry.contains("data.pkl")), "{rows:?}");
    assert_eq!(search.counts().iter().map(|count| count.count).sum::<u64>(), expected as u64);
}

#[test]
fn a_range_that_holds_nothing_says_so() {
    let error = |text: &str| Query::parse(text, &Options::default()).unwrap_err();
    assert!(error(" 5..1").message.contains("write 1..5"), "{}", error(" 5..1").message);
    assert_eq!(error(" 5..1").at, 1..5);
    assert!(error("-1.5..-2").message.contains("write -2..-1.5"));
    assert!(error("nan..1").message.contains("isnan"));
    assert!(Query::parse("1..1", &Options::default()).is_ok() && Query::parse("-inf..0", &Options::default()).is_ok());
}

#[test]
fn a_number_finds_what_rounds_to_it_behind_what_is_equal() {
    let floats = [0.983_333_333_333_333_3_f64, 0.5, 0.983, 0.9836];
    let mut bytes = b"\x80\x04](".to_vec();
    for value in floats {
        bytes.push(b'G');
        bytes.extend(value.to_be_bytes());
    }
    bytes.extend(b"e.");
    let document = open(&bytes);
    let found = |query: &str| -> Vec<(FoundKind, String)> {
        let hits = find(&document, query, &Options::default());
        hits.iter().map(|hit| (hit.kind, Search::row(&document, hit).path)).collect()
    };
    let (near, number) = (FoundKind::Near, FoundKind::Number);
    assert_eq!(found("0.983"), [(number, "obj[2]".to_owned()), (near, "obj[0]".to_owned())]);
    assert_eq!(found("0.9833"), [(near, "obj[0]".to_owned())]);
    assert_eq!(found("== 0.983"), [(number, "obj[2]".to_owned())]);
    assert_eq!(found("0.983..0.9835").len(), 2);
    assert!(found("0.98333333333333").iter().all(|(kind, _)| *kind == near));
}

#[test]
fn constants_are_values() {
    let document = open(b"\x80\x04](\x88\x89N\x88e.");
    let count = |query: &str| find(&document, query, &of(&[FoundKind::Constant])).len();
    assert_eq!([count("True"), count("False"), count("None"), count("true")], [2, 1, 1, 0]);
}

#[test]
fn what_has_no_row_comes_last() {
    let document = open(&fixture("real/sklearn-1.4/logistic-regression.p4.pkl"));
    let hits = find(&document, ">= 1", &of(&[FoundKind::Number]));
    let internal: Vec<bool> =
        hits.iter().map(|hit| matches!(document.value_place(hit.node.unwrap()), ValuePlace::In(_))).collect();
    assert!(internal.contains(&true) && internal.contains(&false), "{internal:?}");
    assert!(internal.is_sorted(), "{internal:?}");
}

#[test]
fn a_value_tells_its_other_places() {
    let document = open(b"\x80\x04}\x94(\x8c\x01a\x94\x8c\x04same\x94\x8c\x01b\x94h\x02\x8c\x01c\x94]\x94h\x02au.");
    let hits = find(&document, "same", &Options::default());
    assert_eq!(hits.len(), 1);
    let row = Search::row(&document, &hits[0]);
    assert_eq!((row.path.as_str(), row.more, row.more_at.as_str()), ("obj['a']", 2, "obj['c'][0]"));
    assert_eq!(row.more_places(), "+2 more places: obj['c'][0], ...");
    let once = find(&document, "a", &of(&[FoundKind::Key]));
    assert_eq!(Search::row(&document, &once[0]).more_places(), "");
}
