//! Offsets, paths, opcodes, what is below a value.

use super::{below, find, only};
use crate::support::{fixture, fixtures, listing, open};
use picklescope::document::ValuePlace;
use picklescope::find::{Options, Query, Search};
use picklescope::graph::NodeId;
use picklescope::view::{FoundKind, OpcodeRowKind};

#[test]
fn every_path_that_is_printed_leads_back() {
    let mut checked = 0;
    for fixture in fixtures().iter().filter(|fixture| fixture.bytes.len() < 50_000).step_by(5) {
        let document = open(&fixture.bytes);
        for id in (0..document.reading().graph.len() as u32).step_by(3) {
            let (path, is_python) = document.path_to(id);
            // A key, and what is shown elsewhere first, is at the path of another value.
            if !is_python || path.contains('…') || document.value_place(NodeId(id)) != ValuePlace::At(path.clone()) {
                continue;
            }
            let hits = find(&document, &path, &Options { kinds: only(&[FoundKind::Place]), ..Options::default() });
            assert_eq!(hits.len(), 1, "{}: {path}", fixture.name);
            assert_eq!(hits[0].node, Some(NodeId(id)), "{}: {path}", fixture.name);
            checked += 1;
        }
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn a_path_that_leads_nowhere_says_how_far() {
    let document = open(b"\x80\x04}\x8c\x01aK\x01s.");
    let query = Query::parse("obj['b']", &Options::default()).unwrap();
    let mut search = Search::new(query, None);
    assert!(search.step(&document, u64::MAX).hits.is_empty());
    assert!(search.remarks()[0].contains("['b']"), "{:?}", search.remarks());
    let query = Query::parse("@1000", &Options::default()).unwrap();
    let mut search = Search::new(query, None);
    search.step(&document, u64::MAX);
    assert!(search.remarks()[0].contains("10 bytes"), "{:?}", search.remarks());
}

#[test]
fn offsets_are_those_of_the_value_there() {
    let document = open(b"\x80\x04]\x8c\x03abca.");
    let hit = |query: &str| find(&document, query, &Options::default()).into_iter().next().unwrap();
    for query in ["@5", "0x5", "@0x5"] {
        let hit = hit(query);
        assert_eq!((hit.kind, hit.offset, hit.node), (FoundKind::Place, 5, Some(NodeId(1))), "{query}");
    }
}

#[test]
fn instructions_by_their_mnemonics() {
    for name in ["real/sklearn-1.4/pipeline.p4.pkl", "real/stdlib/everyday.p0.pkl", "samples/everyday.pkl"] {
        let document = open(&fixture(name));
        let rows = listing(&document);
        for mnemonic in ["REDUCE", "MARK", "BINPUT", "MEMOIZE", "STOP", "GLOBAL"] {
            let is_it =
                |row: &&picklescope::view::OpcodeRow| row.kind == OpcodeRowKind::Instruction && row.name == mnemonic;
            let expected: Vec<u64> = rows.iter().filter(is_it).map(|row| row.offset).collect();
            let hits = find(&document, mnemonic, &Options::default());
            let found: Vec<u64> =
                hits.iter().filter(|hit| hit.kind == FoundKind::Opcode).map(|hit| hit.offset).collect();
            assert_eq!(found, expected, "{name}: {mnemonic}");
        }
        assert!(find(&document, "reduce", &Options::default()).iter().all(|hit| hit.kind != FoundKind::Opcode));
    }
}

#[test]
fn below_a_value_is_what_it_leads_to() {
    // {'a': ['x', 'y'], 'b': 'x2'} with the key 'a' shared as a value of 'b'.
    let document = open(b"\x80\x04}(\x8c\x01a](\x8c\x01x\x8c\x01ye\x8c\x01b\x8c\x02x2u.");
    let list = NodeId(document.find_path("obj['a']").unwrap());
    assert_eq!(find(&document, "x", &Options::default()).len(), 2);
    let hits = below(&document, "x", list);
    assert_eq!(hits.len(), 1);
    assert_eq!(Search::row(&document, &hits[0]).path, "obj['a'][0]");
}

/// Hits in a list of a hundred thousand, with what is fetched among it: each path is found without going over the list.
#[test]
fn paths_in_a_long_list() {
    let mut bytes = b"\x80\x04]\x94(\x8c\x06shared\x94".to_vec();
    for number in 0..50_000u32 {
        bytes.extend(b"h\x01\x8c\x05");
        bytes.extend(format!("{number:05}").as_bytes());
    }
    bytes.extend(b"e.");
    let document = open(&bytes);
    let hits = find(&document, "7", &Options { kinds: only(&[FoundKind::Text]), ..Options::default() });
    assert!(hits.len() > 10_000);
    for hit in hits.iter().step_by(97) {
        let row = Search::row(&document, hit);
        let number: u32 = format!("{}{}{}", row.before, row.matched, row.after).parse().unwrap();
        assert_eq!(row.path, format!("obj[{}]", 2 * number + 2));
    }
}

#[test]
fn keys_that_are_not_written_out_are_told_apart() {
    let mut bytes = b"\x80\x04}(".to_vec();
    for number in 0..3u8 {
        bytes.extend(b"X\x2c\x01\0\0");
        bytes.extend([b'k'; 299]);
        bytes.extend([b'0' + number, b']', b'K', number, b'a']);
    }
    // A tuple as a key has a row of its own.
    bytes.extend(b"K\x01K\x02\x86]K\x03au.");
    let document = open(&bytes);
    let hits = find(&document, "< 4", &Options { kinds: only(&[FoundKind::Number]), ..Options::default() });
    let paths: Vec<String> = hits.iter().map(|hit| Search::row(&document, hit).path).collect();
    for path in ["obj › long key 0[0]", "obj › long key 1[0]", "obj › long key 2[0]", "obj › key 3[0]"] {
        assert!(paths.contains(&path.to_owned()), "{paths:?}");
        assert!(document.find_path(path).is_ok(), "{path}: {:?}", document.find_path(path));
    }
}
