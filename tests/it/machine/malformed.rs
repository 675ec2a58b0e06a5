//! Damage: every fixture cut at every byte, and with every byte changed, through everything that a viewer asks of a
//! document. Nothing panics, every offset that is shown lies in the file, and "complete" is only said of what is.

use crate::support;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::document::Document;
use picklescope::graph::{NodeId, RunKind};
use picklescope::machine::{self, Problem, ProblemKind, Reading};
use picklescope::protocol::{Answer, Target, ask};
use picklescope::view::{Inspection, OpcodeRow, TreeRow};
use support::{Fixture, Lcg, fixtures, json_text};

/// Every byte of fixtures up to this size is changed; of larger ones, some.
const SMALL: usize = 2048;

fn document(bytes: &[u8]) -> Document {
    let source = MemorySource::new(bytes.to_vec());
    Document::open("damaged.pkl".to_owned(), Box::new(source), Limits::default(), &mut |_, _| {})
}

fn check_rows(rows: &[TreeRow], length: u64, what: &str) {
    for row in rows {
        let end = row.offset.unwrap_or(0) + u64::from(row.offset.is_some());
        assert!(end <= length, "{what}: row {} at {:?}", row.label, row.offset);
        assert!(row.size.unwrap_or(0) <= length, "{what}: row {} of {:?} bytes", row.label, row.size);
    }
}

fn check_listing(rows: &[OpcodeRow], length: u64, what: &str) {
    for row in rows {
        assert!(row.offset + row.length <= length, "{what}: {} at {}", row.name, row.offset);
    }
}

fn check_inspection(inspection: &Inspection, length: u64, what: &str) {
    for (start, end) in [inspection.span, inspection.own] {
        assert!(start <= end && end <= length, "{what}: {start}..{end}");
    }
    check_listing(&inspection.opcodes, length, what);
}

/// How much is asked of a document. Everything of everything would take an hour.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Ask {
    Reading,
    Facts,
    Rows,
    All,
}

impl Ask {
    /// All of one in so many.
    fn of(number: usize) -> Self {
        match number {
            n if n.is_multiple_of(499) => Self::All,
            n if n.is_multiple_of(97) => Self::Rows,
            n if n.is_multiple_of(23) => Self::Facts,
            _ => Self::Reading,
        }
    }
}

/// What holds of every reading.
fn check_reading(reading: &Reading, bytes: &[u8], what: impl Fn() -> String) {
    let length = bytes.len() as u64;
    for problem in &reading.problems.list {
        assert!(problem.offset <= length, "{}: {problem:?}", what());
    }
    let mut at = 0;
    for stream in &reading.streams {
        assert_eq!(stream.span.start, at, "{}", what());
        at = stream.span.end;
        if stream.complete {
            assert_eq!(bytes[at as usize - 1], b'.', "{}: complete without STOP", what());
            assert!(stream.root.is_some(), "{}: STOP without a value", what());
        }
    }
    let all_complete = reading.streams.iter().all(|stream| stream.complete);
    assert_eq!(reading.is_complete(), all_complete, "{}", what());
    let rest = reading.trailing.map_or(0, |span| span.len());
    assert_eq!(at + rest, length, "{}", what());
}

/// Everything about a document, as much as is asked.
fn check(bytes: &[u8], ask: Ask, what: impl Fn() -> String) {
    if ask == Ask::Reading {
        let source = MemorySource::new(bytes.to_vec());
        check_reading(&machine::read(&source, &Limits::default(), &mut |_, _| {}), bytes, what);
        return;
    }
    let what = what();
    let length = bytes.len() as u64;
    let mut document = document(bytes);
    check_reading(document.reading(), bytes, || what.clone());
    let overview = document.overview();
    assert_eq!(overview.complete, document.reading().is_complete(), "{what}");
    if overview.complete {
        assert!(!overview.problems.iter().any(|problem| problem.fatal), "{what}");
    } else {
        assert!(!overview.reading.starts_with("Read to"), "{what}: {}", overview.reading);
    }
    if ask == Ask::Facts {
        return;
    }
    document.toggle(0, true);
    document.toggle(1, true);
    check_rows(&document.rows(0, 40), length, &what);
    check_listing(&document.listing(0, 60), length, &what);
    let last = document.listing_count().saturating_sub(3);
    check_listing(&document.listing(last, 60), length, &what);
    if ask == Ask::All {
        assert!(json_text(&document).ends_with("}\n"));
        document.walk(4, 20, &mut |_| Ok(())).unwrap();
        let offset = length / 2;
        let targets = [Target::Row(1), Target::Opcode(last), Target::Offset(offset), Target::Offset(length)];
        for target in targets {
            if let Ok(selected) = ask::Select(target).answer(&mut document) {
                check_inspection(&selected.inspection, length, &what);
            }
        }
    }
}

/// The fixtures whose every byte is looked at, and a few places in the others.
fn places(fixture: &Fixture, random: &mut Lcg) -> Vec<usize> {
    let length = fixture.bytes.len();
    if length <= SMALL {
        return (0..length).collect();
    }
    (0..12).map(|_| random.below(length as u64) as usize).collect()
}

fn in_parts(part: usize, parts: usize) -> Vec<Fixture> {
    // Of joblib's files, those of one version with padding and one without.
    let is_chosen = |fixture: &Fixture| fixture.name.contains("/1.6.0/") || fixture.name.contains("/py2-0.11/");
    let all = fixtures().into_iter().chain(support::joblib_fixtures().into_iter().filter(is_chosen));
    all.enumerate().filter(|(i, _)| i % parts == part).map(|(_, fixture)| fixture).collect()
}

fn truncated(part: usize) {
    let mut random = Lcg(1);
    for fixture in in_parts(part, 2) {
        let whole = document(&fixture.bytes);
        let ends: Vec<u64> = whole.reading().streams.iter().filter(|s| s.complete).map(|s| s.span.end).collect();
        for cut in places(&fixture, &mut random) {
            let what = || format!("{} cut at {cut}", fixture.name);
            let bytes = &fixture.bytes[..cut];
            check(bytes, Ask::of(cut + random.below(499) as usize), what);
            // What is before the cut reads as it did.
            let reading = machine::read(&MemorySource::new(bytes.to_vec()), &Limits::default(), &mut |_, _| {});
            let reached = ends.iter().filter(|end| **end <= cut as u64).count();
            let complete = reading.streams.iter().filter(|stream| stream.complete).count();
            assert_eq!(complete, reached, "{}: pickles with their STOP", what());
            assert!(reached > 0 || !reading.is_complete(), "{}: nothing is missing?", what());
            // A frame may now be longer than the file, an instruction may be cut, and a batch be open; all else was there before.
            let new = |problem: &&Problem| {
                !problem.fatal
                    && !matches!(problem.kind, ProblemKind::FrameBeyondInput { .. } | ProblemKind::OpenBatch(_))
            };
            for ours in reading.problems.list.iter().filter(new) {
                assert!(whole.reading().problems.list.contains(ours), "{}: {ours}", what());
            }
        }
    }
}

#[test]
fn cut_at_every_byte_first_half() {
    truncated(0);
}

#[test]
fn cut_at_every_byte_second_half() {
    truncated(1);
}

fn flipped(part: usize) {
    let mut random = Lcg(2);
    let changes: [fn(u8) -> u8; 5] = [|b| b ^ 1, |b| b ^ 0x80, |b| b ^ 0xff, |_| b'.', |_| b'('];
    for fixture in in_parts(part, 2) {
        let mut bytes = fixture.bytes.clone();
        for at in places(&fixture, &mut random) {
            for (number, change) in changes.iter().enumerate() {
                // In the larger ones, each byte gets one of the changes.
                if bytes.len() > SMALL / 2 && number != at % changes.len() {
                    continue;
                }
                let old = bytes[at];
                bytes[at] = change(old);
                if bytes[at] != old {
                    let ask = Ask::of(at + random.below(499) as usize);
                    check(&bytes, ask, || format!("{} with {:#04x} at {at}", fixture.name, bytes[at]));
                }
                bytes[at] = old;
            }
        }
    }
}

#[test]
fn every_byte_changed_first_half() {
    flipped(0);
}

#[test]
fn every_byte_changed_second_half() {
    flipped(1);
}

#[test]
fn random_bytes_are_no_trouble() {
    let mut random = Lcg(3);
    for round in 0..2000 {
        let mut bytes = Vec::new();
        for _ in 0..random.below(300) {
            bytes.push(random.next() as u8);
        }
        check(&bytes, Ask::All, || format!("round {round}"));
    }
}

#[test]
fn the_json_of_damage_parses() {
    for name in ["edge/cut-in-list.pkl", "edge/unknown-opcode.pkl", "edge/memo-missing.pkl", "edge/empty.pkl"] {
        let value = support::json(&support::fixture(name));
        assert_eq!(value["streams"][0]["status"], "stopped", "{name}");
        assert_eq!(value["problems"][0]["fatal"], true, "{name}");
    }
}

/// The last batch of a list or dict that is cut off: its items are the container's, which has whole batches already.
#[test]
fn items_of_a_batch_that_is_cut_are_shown_in_their_container() {
    let read = |bytes: &[u8]| machine::read(&MemorySource::new(bytes.to_vec()), &Limits::default(), &mut |_, _| {});
    let numbers = |count: usize| (0..count).flat_map(|at| [b'K', at as u8]).collect::<Vec<u8>>();
    let list = [&b"\x80\x04]("[..], &numbers(1000), b"e(", &numbers(380), b"K"].concat();
    let reading = read(&list);
    let found: Vec<NodeId> = reading.streams[0].leftover.iter().map(|edge| edge.node()).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(reading.graph.run_length(found[0], RunKind::Items), 1380);
    let note = reading.problems.list.iter().find(|problem| !problem.fatal).unwrap();
    assert_eq!(note.offset, 4 + 2000 + 1);
    // A key without its value stays on the stack.
    let dict = [&b"\x80\x04}("[..], &numbers(2000), b"u(", &numbers(5), b"K"].concat();
    let reading = read(&dict);
    let found: Vec<NodeId> = reading.streams[0].leftover.iter().map(|edge| edge.node()).collect();
    assert_eq!((found.len(), reading.graph.run_length(found[0], RunKind::Pairs)), (2, 2004));
    // What may be a tuple's is left alone.
    for (items, left) in [(&numbers(999)[..], 4), (&[][..], 4)] {
        let open = [&b"\x80\x04]("[..], items, b"e(K\x01K\x02K\x03K"].concat();
        assert_eq!(read(&open).streams[0].leftover.len(), left);
    }
}
