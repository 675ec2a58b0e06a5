//! Readers side by side, held to what CPython 3.11's readers and torch's restricted loader said (`scripts/differential/readers.py`).

#[path = "../../differential/side.rs"]
mod side;

use crate::support::{open, tests};
use picklescope::readers::{End, Reader};
use side::{bytes_of, comparison, differences, records};
use std::collections::BTreeSet;

#[test]
fn readers_do_what_is_said_of_them() {
    let records = records();
    assert!(records.len() > 5000, "{}", records.len());
    let mut wrong: Vec<String> = records
        .iter()
        .flat_map(|record| differences(record).into_iter().map(|found| (record.hex.clone(), found)))
        .map(|(hex, (reader, kind, words))| format!("{hex} {reader}: {kind}: {words}"))
        .collect();
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{}, among them:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// The differences that were published, by their issues in CPython's tracker.
fn published() -> Vec<(String, String)> {
    let text = include_str!("../../differential/readers.tsv");
    let rows = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[2].to_owned(), row[1].to_owned())).collect()
}

#[test]
fn published_differences_are_told() {
    let rows = published();
    let issues: BTreeSet<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(issues.len(), 15, "fourteen, and one that was known before: {issues:?}");
    for (issue, hex) in &rows {
        let facts = open(&bytes_of(hex)).readers(false);
        // A BINSTRING of 2 GiB and more is what it takes for this one: else both loaders refuse it.
        let is_refused_by_all = issue == "#135321";
        assert_eq!(facts.differ, !is_refused_by_all, "{issue} {hex}: {}", facts.sentence);
        assert_eq!(facts.sentence.contains("read the same"), is_refused_by_all, "{issue} {hex}: {}", facts.sentence);
    }
}

#[test]
fn ordinary_files_are_read_the_same() {
    for entry in std::fs::read_dir(tests().join("fixtures/benign")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "pkl") {
            let document = open(&std::fs::read(&path).unwrap());
            let facts = document.readers(false);
            let is_plain = document.reading().problems.list.is_empty() && document.reading().raw.is_empty();
            assert!(!is_plain || facts.sentence == "All three readers read the same.", "{path:?}: {}", facts.sentence);
        }
    }
}

#[test]
fn who_stops_where_and_who_sees_what() {
    let facts = open(b"N0I010\n.").readers(false);
    assert_eq!(facts.sentence, "Readers differ at 1 place.");
    let [pickle] = &facts.pickles[..] else { panic!("{facts:?}") };
    let ends: Vec<(&str, Option<u64>, &str)> =
        pickle.ends.iter().map(|end| (&*end.reader, end.offset, &*end.words)).collect();
    let refused = "stops: ValueError: invalid literal for int() with base 0: b'010\\n'";
    assert_eq!(
        ends,
        [
            ("C loader", None, "loads 8"),
            ("pickle.py", Some(2), refused),
            ("pickletools", None, "lists it to STOP, with other values"),
        ]
    );
    let [difference] = &pickle.differences[..] else { panic!("{facts:?}") };
    assert_eq!((difference.offset, difference.opcode.as_str()), (2, "INT"));
    assert_eq!(difference.does, ["sees 8", refused, "sees 10"]);
}

#[test]
fn each_pickle_of_a_file_is_compared_and_the_first_are_kept() {
    let facts = open(b"N.I010\n.N.").readers(false);
    assert_eq!(facts.sentence, "Readers differ in 1 of 3 pickles, at 1 place.");
    assert_eq!((facts.pickles[0].pickle, facts.pickles[0].offset), (1, 2));
    let many = open(&b"I010\n.".repeat(100)).readers(false);
    assert_eq!(many.pickles.len(), 20);
    assert_eq!(many.notes, ["80 more pickles with differences not shown."]);
    let long = open(&[&b"I+1\n0".repeat(100)[..], b"N."].concat()).readers(false);
    assert_eq!((long.pickles[0].differences.len(), long.pickles[0].more), (20, 80));
}

#[test]
fn where_all_stop_is_no_difference() {
    let facts = open(b"K\x01").readers(false);
    let sentence = "All three readers read the same, and stop at offset 2. C loader: EOFError: Ran out of input. pickle.py: EOFError. \
                    pickletools: ValueError: pickle exhausted before seeing STOP.";
    assert_eq!((facts.sentence.as_str(), facts.differ), (sentence, false));
}

#[test]
fn a_reader_is_not_followed_where_the_reading_ends() {
    let comparison = comparison(b"\x80\x09N.");
    let ends = &comparison.pickles[0].ends;
    assert_eq!(comparison.readers[3], Reader::Torch);
    assert!(matches!(ends[0], End::Refuses { offset: 0, .. }), "{ends:?}");
    assert!(matches!(ends[2], End::Stop), "{ends:?}");
    assert!(matches!(ends[3], End::Unfollowed { offset: 0, .. }), "{ends:?}");
}

#[test]
fn a_missing_newline_hides_a_call_from_the_c_loader() {
    // pickle.py drops the last character of the line and calls what the rest names.
    let facts = open(b"(S'id'\nios\nsystem0").readers(false);
    assert!(facts.differ, "{}", facts.sentence);
    let does = &facts.pickles[0].differences[0].does;
    assert!(does[0].starts_with("stops: ") && does[1].contains("without its last character"), "{does:?}");
}

#[test]
fn extension_codes_are_said_to_be_taken_as_registered() {
    for bytes in [&b"\x80\x02\x82\xf0."[..], b"\x80\x02\x84\x01\x00\x00\x00."] {
        let facts = open(bytes).readers(false);
        assert!(
            facts.notes.iter().any(|note| note.contains("as if the loading program had registered them")),
            "{facts:?}"
        );
    }
    assert!(open(b"\x80\x02N.").readers(false).notes.is_empty());
}

#[test]
fn pickle_py_misses_the_last_value_of_a_pair() {
    let facts = open(b"(K\x01d.").readers(false);
    let end = &facts.pickles[0].ends[1];
    assert_eq!((end.reader.as_str(), end.words.as_str()), ("pickle.py", "stops: IndexError: list index out of range"));
}
