//! The members as a table: what each holds, what was found in it, and their order.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::safety::Level;
use picklescope::view::{MemberOrder, MemberRow, MemberSort};
use std::sync::Arc;
use support::assemble::{call, global, int, list, pickle, text};

fn bundle(files: &[(&str, Vec<u8>)]) -> Bundle {
    let source = |bytes: &Vec<u8>| Arc::new(MemorySource::new(bytes.clone())) as Arc<dyn Source>;
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), source(bytes))).collect();
    Bundle::open(files, Limits::default(), &mut |_| {})
}

fn files() -> Bundle {
    let runs = call(global("os", "system"), &[text("echo never run")]);
    let numbers: Vec<Vec<u8>> = (0..20).map(int).collect();
    bundle(&[
        ("b.pkl", pickle(list(&numbers))),
        ("A.pkl", pickle(runs)),
        ("c.txt", b"some words and no pickle".to_vec()),
    ])
}

fn rows(bundle: &mut Bundle) -> Vec<MemberRow> {
    bundle.rows(0, 100, &mut |_| {})
}

fn sorted(bundle: &mut Bundle, by: MemberSort, descending: bool) -> Vec<String> {
    bundle.sort(MemberOrder { by, descending }, 0);
    rows(bundle).into_iter().map(|row| row.name).collect()
}

#[test]
fn a_row_says_what_the_report_found() {
    let mut bundle = files();
    bundle.report_here("files", 1 << 20, &mut |_| {});
    let found: Vec<_> = rows(&mut bundle).into_iter().map(|row| (row.holds, row.verdict)).collect();
    assert_eq!(found[0], ("21 objects".to_owned(), Some(Level::DataOnly)));
    assert_eq!(found[1].1, Some(Level::Dangerous));
    assert_eq!(found[2], (String::new(), None));
}

#[test]
fn a_pickle_that_is_cut_off_is_not_recognised_and_all_bad_parts_are_counted() {
    let whole = pickle(list(&[text("a"), text("b")]));
    let runs = pickle(call(global("os", "system"), &[text("echo never run")]));
    let cut = whole[..whole.len() - 3].to_vec();
    let files = [("a.pkl", whole), ("cut.pkl", cut), ("one.pkl", runs.clone()), ("other.pkl", runs)];
    let mut bundle = bundle(&files);
    let report = bundle.report_here("files", 1 << 20, &mut |_| {});
    let rows = rows(&mut bundle);
    let found: Vec<_> = rows.iter().map(|row| (row.verdict, row.verdict_word().unwrap_or_default())).collect();
    assert_eq!(found[0], (Some(Level::DataOnly), "Data only"));
    assert_eq!(found[1], (Some(Level::UnknownCode), "Partly read"));
    assert_eq!(found[2], (Some(Level::Dangerous), "Dangerous"));
    let elsewhere = bundle.document().overview();
    let elsewhere = elsewhere.elsewhere(&report).unwrap();
    assert_eq!((elsewhere.others.1, elsewhere.place().as_str()), (1, "in one.pkl and other.pkl"));
}

#[test]
fn members_are_sorted_and_the_keyboard_stays_with_its_own() {
    let mut bundle = files();
    bundle.report_here("files", 1 << 20, &mut |_| {});
    assert_eq!(sorted(&mut bundle, MemberSort::Name, false), ["A.pkl", "b.pkl", "c.txt"]);
    assert_eq!(sorted(&mut bundle, MemberSort::Size, true)[0], "b.pkl");
    assert_eq!(sorted(&mut bundle, MemberSort::Verdict, true), ["A.pkl", "b.pkl", "c.txt"]);
    assert_eq!(sorted(&mut bundle, MemberSort::Verdict, false), ["c.txt", "b.pkl", "A.pkl"]);
    assert_eq!(bundle.sort(MemberOrder::default(), 0), 2, "c.txt stood first and is last");
    assert_eq!(rows(&mut bundle).iter().map(|row| row.position).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(bundle.sort(MemberOrder::default(), u64::MAX), 0);
}

#[test]
fn what_an_archive_holds_is_counted_and_sorted_by_itself() {
    let mut bundle = bundle(&[("state.npz", support::fixture("containers/numpy-2.4.6/compressed.npz"))]);
    let rows = rows(&mut bundle);
    assert_eq!(rows[0].holds, format!("{} entries", rows.len() - 1));
    assert!(rows[1..].iter().all(|row| row.kind() == "npy" && row.holds.contains('(')), "{rows:?}");
    let names = sorted(&mut bundle, MemberSort::Name, true);
    assert_eq!(names[0], "state.npz", "what holds the others stays above them");
}
