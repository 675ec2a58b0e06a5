//! Deep, wide, shared, cyclic and boastful inputs. Everything runs on a thread with a stack of 256 KiB, where recursion
//! over the data would end the test run, and within seconds, where anything quadratic would not.

use crate::support;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::document::Document;
use picklescope::export::{self, DisOptions, dis};
use picklescope::protocol::{Answer, Target, ask};
use std::io;
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, ThreadId};
use std::time::Duration;
use support::open;

/// What each test thread is doing, for the message when it takes too long.
static STEPS: Mutex<Vec<(ThreadId, String)>> = Mutex::new(Vec::new());

/// The bound for all steps of a test; loose, for slow machines and this profile.
const PATIENCE: Duration = Duration::from_secs(180);

/// Runs on a small stack, and gives up on it when it takes too long.
fn small(work: impl FnOnce() + Send + 'static) {
    let (done, finished) = mpsc::channel();
    let thread = thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        work();
        let _ = done.send(());
    });
    let thread = thread.unwrap();
    if finished.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
        let steps = STEPS.lock().unwrap().clone();
        let step = steps.iter().rev().find(|(id, _)| *id == thread.thread().id());
        panic!("still at {:?} after {PATIENCE:?}", step.map(|(_, what)| what));
    }
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// A step, by name: the one that a hang is blamed on.
fn step<T>(what: &str, work: impl FnOnce() -> T) -> T {
    STEPS.lock().unwrap().push((thread::current().id(), what.to_owned()));
    work()
}

/// Everything that is asked of a document.
fn use_all(mut document: Document) {
    let overview = step("overview", || document.overview());
    let length = overview.size;
    step("rows", || document.rows(0, 200));
    step("listing", || document.listing(0, 500));
    step("listing in the middle", || document.listing(overview.opcodes / 2, 500));
    step("listing at the end", || document.listing(overview.listing_rows.saturating_sub(500), 500));
    for target in [Target::Offset(length / 2), Target::Opcode(overview.opcodes / 2), Target::Opcode(0)] {
        step("select", || ask::Select(target).answer(&mut document)).unwrap();
    }
    step("rows where something deep is open", || document.rows(document.row_count() / 2, 200));
    step("json", || export::json(document.reading(), &document.lens(), &mut io::sink()).unwrap());
    let total = document.row_count();
    step("open_all", || document.open_all(total / 2, true));
    step("walk", || document.walk(50, 100, &mut |_| Ok(())).unwrap());
    step("find", || document.find_label(0, "zz"));
    step("drop", || drop(document));
}

const DEEP: usize = 200_000;

fn nested(before: &[u8], open: &[u8], core: &[u8], close: &[u8], after: &[u8]) -> Vec<u8> {
    [before, &open.repeat(DEEP), core, &close.repeat(DEEP), after].concat()
}

fn check_deep(bytes: Vec<u8>, kind: &'static str) {
    small(move || {
        let mut document = step("open", || open(&bytes));
        assert!(document.reading().is_complete(), "{kind}: {}", document.overview().reading);
        assert!(document.reading().graph.len() >= DEEP);
        // The deepest value: the instruction in the middle of the file makes it or belongs to it.
        let middle = document.reading().opcodes / 2;
        let selected = step("select the deepest", || ask::Select(Target::Opcode(middle)).answer(&mut document));
        let ask::Selected { total, inspection } = selected.unwrap();
        assert!(total > 50_000, "{kind}: {total} rows");
        let row = inspection.row.unwrap();
        let rows = step("the rows around it", || document.rows(row.saturating_sub(50), 100));
        assert!(rows.iter().any(|found| found.row == row && found.level > 50_000), "{kind}");
        assert_eq!(inspection.opcode, Some(middle), "{kind}");
        use_all(document);
    });
}

#[test]
fn deep_lists() {
    check_deep(nested(b"", b"(l", b"(l", b"a", b"."), "lists of protocol 0");
    check_deep(nested(b"\x80\x02", b"]", b"]", b"a", b"."), "lists of protocol 2");
    check_deep(nested(b"\x80\x04", b"](", b"N", b"e", b"."), "lists with MARK");
}

#[test]
fn deep_tuples() {
    check_deep(nested(b"\x80\x02", b"", b"N", b"\x85", b"."), "TUPLE1");
    check_deep(nested(b"", b"(", b"N", b"t", b"."), "TUPLE");
}

#[test]
fn deep_dicts_and_sets() {
    check_deep(nested(b"\x80\x02", b"}K\x01", b"N", b"s", b"."), "dicts");
    check_deep(nested(b"\x80\x04", b"(", b"N", b"\x91", b"."), "frozensets");
    check_deep(nested(b"", b"(K\x01", b"N", b"d", b"."), "dicts of protocol 0");
}

#[test]
fn deep_calls() {
    check_deep(nested(b"", b"cm\nC\n", b"N", b"\x85R", b"."), "REDUCE of arguments");
    check_deep(nested(b"\x80\x02cm\nC\n", b"", b"", b")R", b"."), "REDUCE of results");
    check_deep(nested(b"\x80\x02", b"cm\nC\n)\x81", b"N", b"b", b"."), "BUILD");
    check_deep(nested(b"\x80\x02", b"", b"N", b"Q", b"."), "BINPERSID");
    check_deep(nested(b"\x80\x05", b"", b"\x97", b"\x98", b"."), "READONLY_BUFFER");
}

/// Where the reading of something deep stops, everything is still on the stack.
#[test]
fn deep_and_cut() {
    small(|| {
        let mut bytes = b"\x80\x04".to_vec();
        bytes.extend(b"](".repeat(DEEP));
        let document = step("open", || open(&bytes));
        assert!(!document.reading().is_complete());
        assert_eq!(document.reading().streams[0].leftover.len(), DEEP);
        use_all(document);
    });
}

/// A key of a key of a key: dicts whose keys are tuples of such.
#[test]
fn deep_keys() {
    small(|| {
        let bytes = nested(b"\x80\x02", b"}", b"K\x01", b"\x85Ns", b".");
        let document = step("open", || open(&bytes));
        assert!(document.reading().is_complete());
        use_all(document);
    });
}

/// The command line may ask for every level.
#[test]
fn a_deep_walk_to_the_bottom() {
    small(|| {
        let mut document = open(&nested(b"\x80\x02", b"]", b"]", b"a", b"."));
        let mut rows = 0;
        step("walk", || {
            let mut count = |_| {
                rows += 1;
                Ok(())
            };
            document.walk(u64::MAX, u64::MAX, &mut count).unwrap();
        });
        assert_eq!(rows, DEEP + 1);
    });
}

#[test]
fn five_million_items() {
    small(|| {
        let mut bytes = b"\x80\x04](".to_vec();
        bytes.extend(b"K\x07".repeat(5_000_000));
        bytes.extend(b"e.");
        let mut document = step("open", || open(&bytes));
        assert!(document.reading().is_complete());
        document.toggle(0, true);
        assert_eq!(document.row_count(), 1 + 5000, "in ranges of a thousand");
        document.toggle(4999, true);
        let rows = document.rows(document.row_count() - 3, 10);
        assert_eq!(rows.len(), 3);
        use_all(document);
    });
}

#[test]
fn a_million_keys() {
    small(|| {
        let mut bytes = b"\x80\x04}(".to_vec();
        for number in 0..1_000_000u32 {
            bytes.push(b'J');
            bytes.extend(number.to_le_bytes());
            bytes.push(b'N');
        }
        bytes.extend(b"u.");
        use_all(step("open", || open(&bytes)));
    });
}

/// One APPEND for each item, as protocol 0 and the C pickler of large batches write.
#[test]
fn a_million_appends_and_batches() {
    small(|| {
        let mut single = b"\x80\x02]".to_vec();
        single.extend(b"Na".repeat(1_000_000));
        single.push(b'.');
        use_all(step("open", || open(&single)));
        let mut interleaved = b"\x80\x02]q\0]q\x01".to_vec();
        interleaved.extend(b"h\0Na0h\x01Na0".repeat(200_000));
        interleaved.push(b'.');
        use_all(step("open", || open(&interleaved)));
        let mut states = b"\x80\x02cm\nC\n)\x81".to_vec();
        states.extend(b"Nb".repeat(300_000));
        states.push(b'.');
        use_all(step("open", || open(&states)));
    });
}

/// Nodes cost at most 24 bytes and edges 4.
#[test]
fn memory_of_a_million_ints() {
    let mut bytes = b"\x80\x04".to_vec();
    bytes.push(b']');
    for batch in 0..1000u32 {
        bytes.push(b'(');
        for number in 0..1000 {
            bytes.push(b'J');
            bytes.extend((batch * 1000 + number).to_le_bytes());
        }
        bytes.push(b'e');
    }
    bytes.push(b'.');
    let document = open(&bytes);
    let graph = &document.reading().graph;
    assert_eq!(graph.len(), 1_000_001);
    let each = graph.memory() as f64 / graph.len() as f64;
    assert!(each <= 28.0, "{each} bytes for each int and its edge");
}

#[test]
fn cycles() {
    small(|| {
        for bytes in [
            &b"\x80\x02]q\0h\0a."[..],
            b"\x80\x02}q\0h\0h\0s.",
            b"\x80\x02cm\nC\n)\x81q\0h\0b.",
            b"\x80\x02]q\0h\0\x85a.",
            b"\x80\x02cm\nC\n)Rq\0(h\0h\0h\0e(h\0h\0uh\0b.",
        ] {
            use_all(open(bytes));
        }
        // A ring of 100,000 lists.
        let mut ring = b"\x80\x02]q\0".to_vec();
        ring.extend(b"]".repeat(100_000));
        ring.extend(b"h\0a");
        ring.extend(b"a".repeat(100_000));
        ring.push(b'.');
        let document = open(&ring);
        assert!(document.reading().is_complete());
        use_all(document);
    });
}

#[test]
fn shared_bombs() {
    small(|| {
        let mut lists = b"\x80\x04](Ne\x94".to_vec();
        for level in 0..30u8 {
            lists.extend(b"](");
            lists.extend([b'h', level].repeat(10));
            lists.extend(b"e\x94");
        }
        lists.push(b'.');
        let mut tuples = b"\x80\x02N".to_vec();
        tuples.extend(b"2\x86".repeat(100_000));
        tuples.push(b'.');
        let mut dicts = b"\x80\x02}".to_vec();
        dicts.extend(b"q\0}(K\x01h\0K\x02h\0K\x03h\0u".repeat(30));
        dicts.push(b'.');
        let mut calls = b"\x80\x02cm\nC\n".to_vec();
        calls.extend(b"2\x85R2\x86".repeat(30));
        calls.push(b'.');
        for bytes in [lists, tuples, dicts, calls] {
            let mut document = step("open", || open(&bytes));
            assert!(document.reading().is_complete());
            let mut rows = 0u64;
            step("walk", || {
                let mut count = |_| {
                    rows += 1;
                    if rows > 3_000_000 { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
                };
                document.walk(40, 100, &mut count).unwrap();
            });
            let mut json = Vec::new();
            export::json(document.reading(), &document.lens(), &mut json).unwrap();
            assert!(json.len() < 200 * bytes.len() + 10_000, "{} bytes of JSON from {}", json.len(), bytes.len());
            use_all(document);
        }
    });
}

#[test]
fn two_million_marks() {
    small(|| {
        let open_marks = b"(".repeat(2_000_000);
        let document = step("open", || open(&open_marks));
        assert!(!document.reading().is_complete());
        use_all(document);
        let mut closed = b"(".repeat(2_000_000);
        closed.extend(b"t".repeat(2_000_000));
        closed.push(b'.');
        let document = step("open", || open(&closed));
        assert!(document.reading().is_complete());
        use_all(document);
        let mut popped = b"N".to_vec();
        popped.extend(b"(0".repeat(1_000_000));
        popped.push(b'.');
        use_all(step("open", || open(&popped)));
    });
}

#[test]
fn huge_memo_indexes() {
    small(|| {
        let mut bytes = b"\x80\x02N".to_vec();
        for number in 0..20_000u32 {
            bytes.push(b'r');
            bytes.extend((u32::MAX - number * 7919).to_le_bytes());
            bytes.push(b'j');
            bytes.extend((u32::MAX - number * 7919).to_le_bytes());
            bytes.push(b'0');
        }
        bytes.extend(b"p9223372036854775807\ng9223372036854775807\n0.");
        let document = step("open", || open(&bytes));
        assert!(document.reading().is_complete(), "{}", document.overview().reading);
        assert_eq!(document.reading().memo(0).len(), 20_001);
        use_all(document);
    });
}

/// What is set aside for any file, however small.
const ROOM: usize = 1 << 20;

/// Files of some twenty bytes that claim all the memory there is.
#[test]
fn lengths_that_nothing_backs() {
    let huge = (1u64 << 62).to_le_bytes();
    for opcode in [0x8d, 0x8e, 0x96, 0x95] {
        for claim in [huge, u64::MAX.to_le_bytes(), (1u64 << 63).to_le_bytes(), (1u64 << 31).to_le_bytes()] {
            let bytes = [&b"\x80\x05"[..], &[opcode], &claim, b"12345N."].concat();
            let document = open(&bytes);
            assert!(document.reading().graph.memory() < ROOM, "{} bytes", document.reading().graph.memory());
            assert!(document.overview().problem_count > 0);
            let problem = &document.overview().problems[0];
            assert_eq!(problem.offset, 2, "{problem:?}");
            use_all(document);
            let mut out = Vec::new();
            dis(&MemorySource::new(bytes), &DisOptions::default(), &mut out).unwrap();
        }
    }
    for bytes in
        [&b"X\xff\xff\xff\xffab."[..], b"B\xff\xff\xff\x7fab.", b"T\xff\xff\xff\x7fab.", b"\x8b\xff\xff\xff\x7fab."]
    {
        let document = open(bytes);
        assert!(!document.reading().is_complete());
        assert!(document.reading().graph.memory() < ROOM);
        use_all(document);
    }
}

#[test]
fn a_hundred_thousand_pickles() {
    small(|| {
        let bytes = b"\x80\x02N.".repeat(100_000);
        let document = step("open", || open(&bytes));
        assert_eq!(document.reading().streams.len(), 100_000);
        assert!(document.reading().is_complete());
        assert_eq!(document.overview().pickles, 100_000);
        use_all(document);
    });
}

/// Each limit ends the reading with a word, and what was read is there.
#[test]
fn limits_are_named() {
    let read =
        |bytes: &[u8], limits: Limits| Document::open(String::new(), support::memory(bytes), limits, &mut |_, _| {});
    let many = read(&b"N.".repeat(50), Limits { streams: 10, ..Limits::default() });
    assert_eq!(many.reading().streams.len(), 10);
    assert!(!many.reading().is_complete() && many.overview().reading.contains("limit"), "{}", many.overview().reading);
    let mut wide = b"(".to_vec();
    wide.extend(b"N".repeat(100_000));
    wide.extend(b"t.");
    let nodes = read(&wide, Limits { nodes: 50_000, ..Limits::default() });
    assert!(nodes.reading().graph.len() <= 50_000);
    assert!(!nodes.reading().is_complete() && nodes.overview().reading.contains("limit"));
    let mut odd = b"\x80\x02".to_vec();
    odd.extend(b"\x82\x00".repeat(5000));
    odd.push(b'.');
    let problems = read(&odd, Limits { problems: 7, ..Limits::default() });
    assert_eq!(problems.reading().problems.list.len(), 7);
    assert_eq!(problems.overview().problem_count, 5000);
}

/// Ints of a million bytes: no decimal digits, no minutes.
#[test]
fn long_ints() {
    let mut bytes = b"\x80\x02\x8b".to_vec();
    bytes.extend(1_000_000u32.to_le_bytes());
    bytes.extend(vec![0x5a; 1_000_000]);
    bytes.push(b'.');
    let document = open(&bytes);
    assert!(document.reading().is_complete());
    use_all(document);
    let text = format!("L{}L\n.", "1".repeat(2_000_000));
    use_all(open(text.as_bytes()));
}

/// A reading stops where what it holds comes to the budget, and says what takes the most; what was read is there.
#[test]
fn memory_is_a_budget() {
    let mut product = b"\x80\x04".to_vec();
    for number in 0..300_u32 {
        for (part, index) in [("m", number), ("n", number + 1000)] {
            let text = format!("{part}{number}").repeat(50);
            product.extend_from_slice(&[&b"X"[..], &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat());
            product.extend_from_slice(&[&b"r"[..], &index.to_le_bytes(), b"0"].concat());
        }
    }
    for module in 0..300_u32 {
        for name in 1000..1300_u32 {
            product
                .extend_from_slice(&[&b"j"[..], &module.to_le_bytes(), b"j", &name.to_le_bytes(), b"\x930"].concat());
        }
    }
    let sparse: Vec<u8> =
        (0..1_000_000_u32).flat_map(|n| [&b"r"[..], &(n * 3000 + 5).to_le_bytes()].concat()).collect();
    let cases: [(&str, Vec<u8>); 9] = [
        ("objects", [&b"("[..], &b"]0".repeat(1_000_000), b"t."].concat()),
        ("objects", [&b"("[..], &b"N".repeat(1_000_000), b"t."].concat()),
        ("the stack", [&b"N"[..], &b"2".repeat(3_000_000), b"."].concat()),
        ("open MARKs", b"(".repeat(2_000_000)),
        ("the memo", [&b"\x80\x02]"[..], &sparse, b"."].concat()),
        ("earlier pickles", b"\x80\x04]\x94\x94\x94\x94\x94\x94\x94\x94\x94.".repeat(400_000)),
        ("names of globals", [&product[..], b"N."].concat()),
        ("objects", [&b"\x80\x02}q\0]q\x01"[..], &b"h\0NNs0h\x01Na0".repeat(300_000), b"."].concat()),
        ("offsets", [&b"\x80\x02N"[..], &b"q\0".repeat(3_000_000), b"."].concat()),
    ];
    for (most, bytes) in cases {
        let length = bytes.len();
        let source = MemorySource::new(bytes);
        let limits = Limits { memory: 16 << 20, ..Limits::default() };
        let reading = picklescope::machine::read(&source, &limits, &mut |_, _| {});
        let problem = reading.problems.fatal().unwrap_or_else(|| panic!("{most}: {length} bytes were read"));
        let text = problem.to_string();
        let share =
            [("the stack", 2), ("open MARKs", 4), ("names of globals", 8)].iter().find(|(what, _)| *what == most);
        let expected = match share {
            Some((_, share)) => format!("limit of memory for {most}, {} bytes;", (16 << 20) / share),
            None => format!("most of them for {most};"),
        };
        assert!(text.contains(&expected) && text.contains("--limit-memory"), "{most}: {text}");
        assert!(problem.offset > 10_000, "{text}");
        assert!(reading.graph.memory() <= 17 << 20, "{most}: {}", reading.graph.memory());
        let document = Document::new("x".to_owned(), std::sync::Arc::new(source), reading, limits);
        assert!(!document.is_complete());
        assert!(document.overview().reading.contains("--limit-memory"), "{}", document.overview().reading);
    }
}

/// A text of terabytes is not read to its end to see whether it decodes, and that is said.
#[test]
fn long_texts_are_checked_to_a_budget() {
    use crate::support::counter::Counter;
    use picklescope::bytes::{ReadError, Source};
    use std::sync::Arc;

    const LENGTH: u64 = 1 << 42;

    /// The opcode of a text, as many characters as it claims, a STOP.
    struct Endless(&'static [u8], Arc<Counter>);

    impl Source for Endless {
        fn len(&self) -> u64 {
            self.0.len() as u64 + LENGTH + 1
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
            let count = buffer.len().min((self.len() - offset) as usize);
            self.1.set(self.1.get() + count as u64);
            for (at, byte) in (offset..).zip(&mut buffer[..count]) {
                let last = self.len() - 1;
                *byte = self.0.get(at as usize).copied().unwrap_or(if at == last { b'.' } else { b'a' });
            }
            Ok(count)
        }
    }

    let read = Arc::new(Counter::new(0));
    let source = Endless(b"\x80\x04\x8d\0\0\0\0\0\x04\0\0", Arc::clone(&read));
    let limits = Limits { texts: 5 << 20, ..Limits::default() };
    let document = Document::open(String::new(), Box::new(source), limits, &mut |_, _| {});
    assert!(document.reading().is_complete());
    assert!(read.get() < 20 << 20, "{} bytes were read", read.get());
    let texts: Vec<String> = document.reading().problems.list.iter().map(ToString::to_string).collect();
    assert!(texts.iter().any(|text| text.contains("in its first 5242880 bytes")), "{texts:?}");
}
