//! The search that a page looks at: begun, gone on with, its list by windows, and what becomes of it when another member is shown.

use crate::support::{fixture, memory};
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, Source};
use picklescope::view::{FindAsk, FindScope, FoundItem, FoundKind, FoundProgress};
use std::sync::Arc;

fn bundle(files: &[(&str, Vec<u8>)]) -> Bundle {
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), Arc::from(memory(bytes)) as Arc<dyn Source>));
    Bundle::open(files.collect(), Limits::default(), &mut |_| {})
}

fn ask(text: &str, scope: FindScope) -> FindAsk {
    FindAsk { text: text.to_owned(), case: false, word: false, regex: false, scope }
}

fn whole(bundle: &mut Bundle, ask: &FindAsk) -> FoundProgress {
    let mut found = bundle.find_begin(ask);
    while !found.finished {
        found = bundle.find_more(&mut |_| {}).unwrap();
    }
    found
}

/// A list of these texts.
fn list(texts: &[&str]) -> Vec<u8> {
    let mut bytes = b"\x80\x04](".to_vec();
    for text in texts {
        bytes.extend([0x8c, text.len() as u8]);
        bytes.extend(text.as_bytes());
    }
    bytes.extend(b"e.");
    bytes
}

#[test]
fn windows_join_to_the_list() {
    let mut bundle = bundle(&[("model.pkl", fixture("real/sklearn-1.4/pipeline.p4.pkl"))]);
    let found = whole(&mut bundle, &ask("e", FindScope::Document));
    let lines: u64 = found.counts.iter().map(|count| 1 + count.kept).sum();
    assert!(found.counts.len() > 2 && lines > 20, "{found:?}");
    let (total, all) = bundle.found(0, usize::MAX);
    assert_eq!((total, all.len() as u64), (lines, lines));
    for first in [0, 1, 7, lines - 1, lines] {
        let window = bundle.found(first, 5).1;
        let end = (first as usize + 5).min(all.len());
        assert_eq!(window, all[first as usize..end], "{first}");
    }
    // Each group comes before its own hits, and has as many as it says.
    let mut kind = None;
    for item in &all {
        match item {
            FoundItem::Group(count) => kind = Some(count.kind),
            FoundItem::Hit(row) => assert_eq!(Some(row.kind), kind),
        }
    }
    bundle.find_end();
    assert_eq!(bundle.found(0, 10), (0, Vec::new()));
    assert!(bundle.find_more(&mut |_| {}).is_none());
}

#[test]
fn a_query_that_is_wrong_is_said_and_nothing_is_searched() {
    let mut bundle = bundle(&[("a.pkl", list(&["a"]))]);
    let found = bundle.find_begin(&ask("== \u{e9}x", FindScope::Document));
    let problem = found.problem.unwrap();
    assert!(found.finished && problem.at == (3, 5), "{problem:?}");
    assert!(bundle.find_more(&mut |_| {}).is_none());
}

#[test]
fn everything_goes_on_while_other_members_are_shown() {
    let files = [("one.pkl", list(&["common", "first"])), ("two.pkl", list(&["common", "second"]))];
    let mut bundle = bundle(&files);
    let mut found = bundle.find_begin(&ask("common", FindScope::Everything));
    for member in [1, 0, 1] {
        bundle.show(bundle.member(member).unwrap(), &mut |_| {});
        if !found.finished {
            found = bundle.find_more(&mut |_| {}).unwrap();
        }
    }
    while !found.finished {
        found = bundle.find_more(&mut |_| {}).unwrap();
    }
    assert_eq!((found.counts[0].kind, found.counts[0].count), (FoundKind::Text, 2));
    let rows = bundle.found(1, 2).1;
    let places: Vec<_> = rows
        .iter()
        .map(|item| match item {
            FoundItem::Hit(row) => (row.entry.clone(), row.path.clone(), row.member),
            FoundItem::Group(_) => panic!("no hit"),
        })
        .collect();
    assert_eq!(places[0], ("one.pkl".to_owned(), "obj[0]".to_owned(), Some(0)));
    assert_eq!(places[1].2, Some(1));
    // What is of the document on show alone ends with it.
    whole(&mut bundle, &ask("common", FindScope::Document));
    bundle.show(bundle.member(0).unwrap(), &mut |_| {});
    assert!(bundle.find_more(&mut |_| {}).is_none());
}

#[test]
fn below_a_node_that_is_not_there_is_everything() {
    let mut bundle = bundle(&[("a.pkl", list(&["a", "b"]))]);
    assert_eq!(whole(&mut bundle, &ask("a", FindScope::Below(1000))).counts[0].count, 1);
    assert_eq!(whole(&mut bundle, &ask("a", FindScope::Below(2))).counts, []);
}
