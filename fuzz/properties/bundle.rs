//! Several files opened together: every member can be found, shown and reported, and the report says what it could not read.

use super::choices::Choices;
use super::{limits, source, spread};
use picklescope::bundle::Bundle;
use picklescope::bytes::Source;
use picklescope::view::ReadingStatus;
use std::sync::Arc;

/// Names by which files look for each other, and such as attackers choose.
const NAMES: [&str; 16] = [
    "model.pkl",
    "model.pkl_01.npy",
    "model.pkl_02.npy.z",
    "model.pkl.gz",
    "data.pkl",
    "archive/data.pkl",
    "archive/data/0",
    "buffer.bin",
    "model.pt",
    "a.tar",
    "a.zip",
    "../../etc/passwd",
    "",
    "C:\\x\\y.joblib",
    "\u{202e}lkp.exe\n",
    "constants.pkl",
];
const MEMBERS: u64 = 24;

/// Input: how many files, then of each the name's number and its length; then their bytes one after the other.
fn files<'a>(choices: &mut Choices<'a>) -> Vec<(String, Arc<dyn Source>)> {
    let count = 1 + choices.of(4);
    let heads: Vec<(usize, usize)> = (1..count)
        .map(|_| (choices.of(NAMES.len()), usize::from(choices.byte()) << 4 | usize::from(choices.byte() & 15)))
        .collect();
    let last = choices.of(NAMES.len());
    let mut files: Vec<(String, Arc<dyn Source>)> = Vec::new();
    for (name, length) in heads {
        files.push((NAMES[name].to_owned(), source(choices.bytes(length))));
    }
    files.push((NAMES[last].to_owned(), source(choices.0)));
    files
}

pub fn holds(data: &[u8]) {
    let mut choices = Choices(data);
    let mut bundle = Bundle::open(files(&mut choices), limits(), &mut |_| {});
    report(&mut bundle);
    for _ in 0..2 {
        for row in spread(bundle.row_count(), MEMBERS) {
            bundle.toggle(row, true, &mut |_| {});
        }
    }
    let total = bundle.row_count();
    let rows = bundle.rows(0, 2000, &mut |_| {});
    assert_eq!(rows.len() as u64, total.min(2000));
    assert!(bundle.shown_row().is_none_or(|row| row < total));
    for member in spread(bundle.len() as u64, MEMBERS) {
        let id = bundle.member(member as u32).expect("it was counted");
        let path = bundle.path(id);
        assert!(bundle.find(&path, &mut |_| {}).is_some(), "{path:?} is not found");
        let _ = bundle.bytes(id, &mut |_| {});
        bundle.show(id, &mut |_| {});
        bundle.go_on(&mut |_| {});
        let overview = bundle.document().overview();
        assert!(overview.problems.iter().all(|problem| problem.offset <= bundle.document().source().len()));
        let _ = bundle.document_mut().rows(0, 50);
        for node in spread(bundle.document().reading().graph.len() as u64, 8) {
            bundle.document_mut().inspect_node(node as u32);
            let _ = bundle.document().card(node as u32);
        }
    }
    values(&mut bundle);
    report(&mut bundle);
}

/// What is in values: pickles in bytes.
fn values(bundle: &mut Bundle) {
    let shown = bundle.shown();
    for node in spread(bundle.document().reading().graph.len() as u64, 16) {
        if bundle.show_value(node as u32, &mut |_| {}).is_ok() {
            let _ = bundle.document_mut().rows(0, 50);
            bundle.show(shown, &mut |_| {});
        }
    }
}

/// A partial reading says why, and a whole one has nothing to say.
fn report(bundle: &mut Bundle) {
    let report = bundle.report("fuzz", 1 << 22, &mut |_| {});
    assert!(report.finding_count >= report.findings.len() as u64);
    assert!(report.call_count >= report.calls.len() as u64);
    if report.reading == ReadingStatus::Partial {
        assert!(!report.why.is_empty(), "partial without a reason");
    }
}
