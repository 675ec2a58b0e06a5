//! Texts, names and bytes.

use super::{TEXTS, arguments, find, find_in_steps, only};
use crate::support::{self, Pieces, fixture, fixtures, open, open_source};
use picklescope::bytes::read_span;
use picklescope::document::Document;
use picklescope::find::{Hit, Options, Search};
use picklescope::graph::{Node, NodeId};
use picklescope::view::FoundKind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The characters of a text node as they are searched, decoded by the graph's own words.
fn characters(document: &Document, node: NodeId) -> Option<String> {
    let Node::Text { span, encoding } = document.reading().graph.node(node) else { return None };
    let payload = read_span(document.source(), span).unwrap();
    let text = encoding.decode(&payload).ok()?;
    // A `str` of Python 2 is decoded as latin-1; where its bytes are UTF-8 they are searched as that.
    let bytes: Option<Vec<u8>> = text.code_points().map(|code| u8::try_from(code).ok()).collect();
    let as_utf8 = bytes.filter(|_| encoding.is_python2()).and_then(|bytes| String::from_utf8(bytes).ok());
    Some(as_utf8.unwrap_or_else(|| text.to_string_lossy().into_owned()))
}

/// The strings in lossless JSON.
fn strings(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => match fields.get("type").and_then(Value::as_str) {
            Some("list" | "tuple" | "set" | "frozenset" | "dict") => strings(&fields["items"], found),
            Some("call") => {
                ["callee", "args", "kwargs", "steps"]
                    .iter()
                    .filter_map(|name| fields.get(*name))
                    .for_each(|part| strings(part, found));
            }
            Some(_) => {}
            None if fields.contains_key("op") => {
                ["value", "items"].iter().filter_map(|name| fields.get(*name)).for_each(|part| strings(part, found));
            }
            None => {}
        },
        Value::String(text) => {
            found.insert(text.clone());
        }
        _ => {}
    }
}

#[test]
fn every_string_of_the_lossless_json_is_found_where_it_is() {
    let options = Options { regex: true, kinds: only(&TEXTS), ..Options::default() };
    for fixture in fixtures() {
        let document = open(&fixture.bytes);
        let graph = &document.reading().graph;
        let json = support::json(&fixture.bytes);
        let mut expected = BTreeSet::new();
        for stream in json["streams"].as_array().unwrap() {
            strings(&stream["root"], &mut expected);
            ["stack", "discarded"].iter().for_each(|part| strings(&stream[*part], &mut expected));
        }
        let mut found = BTreeSet::new();
        for hit in find(&document, "(?s)^.*", &options) {
            let node = hit.node.unwrap();
            assert_eq!(hit.offset, graph.offset(node), "{}", fixture.name);
            found.extend(characters(&document, node));
        }
        // Names of fields of the JSON are none of ours: what is looked at here are values.
        let missing: Vec<&String> = expected.difference(&found).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", fixture.name);
    }
}

/// Texts that contain an ASCII text, in any case, and how often.
fn slowly(document: &Document, needle: &str) -> BTreeMap<u32, u64> {
    let graph = &document.reading().graph;
    let needle = needle.to_ascii_lowercase();
    let count = |id: u32| {
        let text = characters(document, NodeId(id))?.to_ascii_lowercase();
        let count = text.matches(&needle).count() as u64;
        (count > 0).then_some((id, count))
    };
    (0..graph.len() as u32).filter_map(count).collect()
}

fn counts(hits: &[Hit]) -> BTreeMap<u32, u64> {
    let texts = hits.iter().filter(|hit| TEXTS.contains(&hit.kind));
    texts.map(|hit| (hit.node.unwrap().0, hit.count)).collect()
}

#[test]
fn a_text_is_found_wherever_a_slow_search_finds_it() {
    // What is popped between the names of an import is a text like any other.
    for fixture in fixtures().iter().filter(|fixture| fixture.name != "edge/stack-global-pops-between.pkl") {
        let document = open(&fixture.bytes);
        let graph = &document.reading().graph;
        let edges: BTreeSet<u32> =
            (0..graph.len() as u32).flat_map(|id| graph.children(NodeId(id))).map(|edge| edge.node().0).collect();
        for needle in ["e", "Name", "_", "numpy", "at"] {
            let found = counts(&find(&document, needle, &Options::default()));
            let mut expected = slowly(&document, needle);
            // Texts that only name an import are found as that.
            // What an object is made of that its row tells in a line is found as that object.
            let hits = find(&document, needle, &Options::default());
            let told = hits.iter().filter(|hit| matches!(hit.kind, FoundKind::Object | FoundKind::Number));
            let told: BTreeSet<u32> =
                told.filter_map(|hit| hit.node).flat_map(|node| arguments(&document, node)).collect();
            expected.retain(|id, _| found.contains_key(id) || !told.contains(id));
            for id in expected.keys().copied().collect::<Vec<_>>() {
                let is_name = (id + 1..=id + 2).any(|next| {
                    (next as usize) < graph.len()
                        && matches!(graph.node(NodeId(next)), Node::Global(_))
                        && graph.start(NodeId(next)) <= graph.offset(NodeId(id))
                });
                if is_name && !edges.contains(&id) {
                    assert!(!found.contains_key(&id), "{}: {id}", fixture.name);
                    expected.remove(&id);
                }
            }
            assert_eq!(found, expected, "{}: {needle}", fixture.name);
        }
    }
}

#[test]
fn steps_and_sources_change_nothing() {
    for fixture in fixtures().iter().filter(|fixture| fixture.bytes.len() < 20_000).step_by(7) {
        let (whole, pieces) = (open(&fixture.bytes), open_source(Pieces::boxed(&fixture.bytes)));
        for query in ["e", "numpy", "0", "1.0", "> 0", "b'\\x00'", "REDUCE", "obj", "@3"] {
            let at_once = find(&whole, query, &Options::default());
            assert_eq!(find_in_steps(&whole, query, &Options::default(), 2000), at_once, "{}: {query}", fixture.name);
            assert_eq!(find(&pieces, query, &Options::default()), at_once, "{}: {query}", fixture.name);
        }
    }
}

/// A list of one text of protocol 4.
fn long_text(text: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x80\x04]X".to_vec();
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text);
    bytes.extend(b"a.");
    bytes
}

#[test]
fn matches_lie_across_the_ends_of_pieces() {
    const MEBI: usize = 1 << 20;
    let mut text = "x".repeat(10 * MEBI);
    let places = [0, MEBI - 3, 2 * MEBI - 6, 2 * MEBI, 4 * MEBI - 1, 8 * MEBI - 5, 10 * MEBI - 6];
    for at in places {
        text.replace_range(at..at + 6, "Needle");
    }
    for bytes in [long_text(text.as_bytes()), {
        // The same with an escape in the middle: it is decoded.
        let mut line = b"V".to_vec();
        line.extend(text.as_bytes()[..5 * MEBI].iter().chain(b"\\u00e9").chain(&text.as_bytes()[5 * MEBI..]));
        line.extend(b"\n.");
        line
    }] {
        let document = open(&bytes);
        for (query, regex, word, expected) in [
            ("needle", false, false, places.len() as u64),
            ("Ne+dle", true, false, places.len() as u64),
            ("needle", false, true, 0),
            ("^needle", true, false, 1),
            ("needle$", true, false, 1),
            ("xneedle", false, false, places.len() as u64 - 2),
        ] {
            let options = Options { regex, word, ..Options::default() };
            let found = find_in_steps(&document, query, &options, 1000);
            assert_eq!(found.first().map_or(0, |hit| hit.count), expected, "{query}");
        }
    }
}

#[test]
fn texts_in_all_spellings() {
    let found = |bytes: &[u8], query: &str, case: bool| {
        let document = open(bytes);
        find(&document, query, &Options { case, ..Options::default() }).len()
    };
    // UNICODE with escapes, STRING with escapes, SHORT_BINSTRING as latin-1 and as UTF-8, BINUNICODE with a surrogate.
    assert_eq!(found(b"Vcaf\\u00e9 au lait\n.", "caf\u{e9} AU", false), 1);
    assert_eq!(found(b"Va\\u005cb\n.", "'a\\\\b'", true), 1);
    assert_eq!(found(b"S'caf\\xe9'\n.", "caf\u{e9}", true), 1);
    assert_eq!(found(b"S'a\\nb'\n.", "'a\\nb'", true), 1);
    assert_eq!(found(b"U\x04caf\xe9.", "CAF\u{c9}", false), 1);
    assert_eq!(found(b"U\x05caf\xc3\xa9.", "caf\u{e9}", true), 1);
    assert_eq!(found(b"X\x06\0\0\0a\xed\xa0\x80bc.", "BC", false), 1);
    // Small and capital letters of any alphabet.
    assert_eq!(found("X\x06\0\0\0\u{43c}\u{438}\u{440}.".as_bytes(), "\u{41c}\u{418}\u{420}", false), 1);
    assert_eq!(found("X\x06\0\0\0\u{43c}\u{438}\u{440}.".as_bytes(), "\u{41c}\u{418}\u{420}", true), 0);
    // A text that does not decode is searched as it stands there.
    assert_eq!(found(b"X\x05\0\0\0ab\xffcd.", "cd", true), 1);
}

#[test]
fn kinds_tell_what_a_text_is_for() {
    let document = open(&fixture("real/sklearn-1.4/logistic-regression.p4.pkl"));
    let kinds = |query: &str| -> BTreeSet<FoundKind> {
        find(&document, query, &Options::default()).iter().map(|hit| hit.kind).collect()
    };
    assert_eq!(kinds("coef_"), [FoundKind::Attribute].into());
    assert!(kinds("LogisticRegression").is_superset(&[FoundKind::Import, FoundKind::Object].into()));
    assert!(kinds("lbfgs").contains(&FoundKind::Text));
    let hits = find(&document, "coef_", &Options::default());
    let row = Search::row(&document, &hits[0]);
    assert!(row.path.ends_with(".coef_"), "{row:?}");
    assert_eq!((row.before.as_str(), row.matched.as_str(), row.after.as_str()), ("", "coef_", ""));
    // A key, in a dict of its own.
    let document = open(b"\x80\x04}\x8c\x03abc\x8c\x03abds.");
    let hits = find(&document, "ab", &Options::default());
    assert_eq!(hits.iter().map(|hit| hit.kind).collect::<Vec<_>>(), [FoundKind::Key, FoundKind::Text]);
    let paths: Vec<String> = hits.iter().map(|hit| Search::row(&document, hit).path).collect();
    assert_eq!(paths, ["obj['abc']", "obj['abc']"]);
}

#[test]
fn bytes_are_found_but_not_in_the_numbers_of_arrays() {
    let document = open(b"\x80\x04C\x05a\x80\x04bc.");
    for (query, count) in [("b'\\x80\\x04b'", 1), ("BC", 1), ("b'BC'", 0)] {
        let hits = find(&document, query, &Options::default());
        // The bytes of the file are another kind, which has no values.
        assert_eq!(hits.iter().filter(|hit| hit.kind != FoundKind::Raw).count(), count, "{query}");
    }
    let document = open(&fixture("real/numpy-2.4/arrays.p4.pkl"));
    let options = Options { kinds: only(&[FoundKind::Bytes]), ..Options::default() };
    let numbers = find(&document, "b'\\x01\\x00'", &options);
    let arrays: Vec<NodeId> = numbers.iter().filter_map(|hit| hit.node).collect();
    let lens = document.lens();
    let all = (0..lens.graph.len() as u32).filter_map(|id| lens.array(NodeId(id))?.place());
    let spans: Vec<_> = all.filter(|(place, _)| place.is_none()).map(|(_, span)| span).collect();
    for node in arrays {
        let Node::Bytes(span) = lens.graph.node(node) else { panic!("no bytes") };
        assert!(!spans.contains(&span), "the numbers of an array at {}", span.start);
    }
}

#[test]
fn what_is_kept_is_bounded_and_counted() {
    let mut bytes = b"\x80\x04](".to_vec();
    for number in 0..500 {
        bytes.push(0x8c);
        bytes.push(6);
        bytes.extend(format!("item{number:02}").as_bytes()[..6].to_vec());
    }
    bytes.extend(b"e.");
    let document = open(&bytes);
    let query = picklescope::find::Query::parse("item", &Options::default()).unwrap();
    let mut search = Search::new(query, None).keeping(10);
    let step = search.step(&document, u64::MAX);
    assert!(step.finished);
    assert_eq!(step.hits.len(), 10);
    let counts = search.counts();
    assert_eq!((counts[0].kind, counts[0].count, counts[0].kept), (FoundKind::Text, 500, 10));
}
