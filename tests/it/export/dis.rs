//! The listing against `python -m pickletools` of CPython 3.11 (scripts/generate_dis_cases.py), and what it does where
//! `pickletools` gives up.

use crate::support;
use crate::support::counter::Counter;
use picklescope::bytes::{Limits, MemorySource, PageCache};
use picklescope::export::{DisOptions, DisProblemKind, DisReport, dis};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use support::Pieces;
use support::hollow::Hollow;

fn list(bytes: &[u8], options: &DisOptions) -> (String, DisReport) {
    let whole = MemorySource::new(bytes.to_vec());
    let mut out = Vec::new();
    let report = dis(&whole, options, &mut out).unwrap();
    let mut paged = Vec::new();
    let cache = PageCache::new(Pieces(whole));
    assert_eq!(dis(&cache, options, &mut paged).unwrap(), report);
    assert_eq!(paged, out);
    (String::from_utf8(out).unwrap(), report)
}

fn plain(bytes: &[u8]) -> (String, DisReport) {
    list(bytes, &DisOptions::default())
}

/// Kind, offset and message of every problem.
fn problems(bytes: &[u8]) -> Vec<(DisProblemKind, u64, String)> {
    let (_, report) = plain(bytes);
    report.problems.into_iter().map(|problem| (problem.kind, problem.offset, problem.message)).collect()
}

#[test]
fn byte_for_byte_as_pickletools() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/dis");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "pkl") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let (listing, report) = plain(&bytes);
        assert_eq!(listing, fs::read_to_string(path.with_extension("dis")).unwrap(), "{}", path.display());
        assert_eq!((report.problems, report.end), (Vec::new(), bytes.len() as u64), "{}", path.display());
        let (listing, _) = list(&bytes, &DisOptions { annotate: 30, indent: 2, ..DisOptions::default() });
        assert_eq!(listing, fs::read_to_string(path.with_extension("annotated.dis")).unwrap(), "{}", path.display());
        count += 1;
    }
    assert!(count > 10);
}

#[test]
fn several_pickles_are_headed_by_their_offsets() {
    let (listing, report) = plain(b"N.]q\0.h\0.");
    let expected = "\
pickle 1 at offset 0
    0: N    NONE
    1: .    STOP
highest protocol among opcodes = 0
pickle 2 at offset 2
    2: ]    EMPTY_LIST
    3: q    BINPUT     0
    5: .    STOP
highest protocol among opcodes = 1
pickle 3 at offset 6
    6: h    BINGET     0
    8: .    STOP
highest protocol among opcodes = 1
";
    assert_eq!(listing, expected);
    assert_eq!((report.pickles, report.instructions, report.end), (3, 7, 9));
    let message = "memo key 0 has never been stored into".to_owned();
    assert_eq!(problems(b"N.]q\0.h\0."), [(DisProblemKind::Unloadable, 6, message)]);
    let (_, shared) = list(b"N.]q\0.h\0.", &DisOptions { keep_memo: true, ..DisOptions::default() });
    assert_eq!(shared.problems, []);
}

#[test]
fn what_follows_and_is_no_pickle_is_trailing() {
    let (listing, report) = plain(b"N.\0\0\0");
    assert_eq!(listing, "    0: N    NONE\n    1: .    STOP\nhighest protocol among opcodes = 0\n");
    assert_eq!(report.problems[0].kind, DisProblemKind::Trailing);
    assert!(report.problems[0].message.starts_with("3 trailing bytes after STOP"), "{}", report.problems[0]);
    // These letters are opcodes, but nothing a loader could follow.
    assert_eq!(plain(b"N.hello.").1.pickles, 1);
    // One that is cut off is no second pickle either.
    assert_eq!(plain(b"N.]q\0").1.problems[0].kind, DisProblemKind::Trailing);
}

#[test]
fn the_listing_goes_on_where_pickletools_gives_up() {
    use DisProblemKind::{Refused, Unloadable};
    assert_eq!(problems(b"Nq\0q\0."), [(Refused, 3, "memo key 0 already defined".into())]);
    assert_eq!(problems(b"NN."), [(Refused, 2, "stack not empty after STOP: 1 left, [None]".into())]);
    assert_eq!(problems(b"I0x10\n.")[0].0, Refused);
    assert_eq!(problems(b"cm\xc3\xa9\nn\n.")[0].0, Refused);
    assert_eq!(problems(b"t."), [(Unloadable, 0, "no MARK exists on stack".into())]);
    assert_eq!(problems(b"\x85.")[0].2, "tries to pop 1 items from stack with only 0 items");
    assert_eq!(problems(b"(q\0t.")[0].2, "can't store markobject in the memo");
    assert_eq!(problems(b"q\0N.")[0].2, "stack is empty -- can't store into memo");
    // TUPLE1 takes the mark as a value, so TUPLE finds none.
    assert_eq!(problems(b"(\x85t.")[0], (Unloadable, 2, "no MARK exists on stack".into()));
    assert!(plain(b"Nq\0q\0N0.").0.ends_with("highest protocol among opcodes = 1\n"));
}

#[test]
fn damage_ends_the_listing_and_says_what_was_expected() {
    let (listing, report) = plain(b"]X\x05\0\0\0ab");
    assert_eq!(listing, "    0: ]    EMPTY_LIST\n");
    let problem = &report.problems[0];
    assert_eq!(problem.kind, DisProblemKind::Damage);
    assert_eq!(problem.to_string(), "at offset 1, BINUNICODE: expected 5 bytes of payload, only 2 remain");
    let (_, empty) = plain(b"");
    assert_eq!(empty.problems[0].kind, DisProblemKind::Damage);
}

#[test]
fn every_cut_and_every_changed_byte_is_survived() {
    let bytes = include_bytes!("../../golden/dis/varied4.pkl");
    for end in 0..bytes.len() {
        let report = plain(&bytes[..end]).1;
        assert!(report.end <= end as u64 && !report.problems.is_empty());
    }
    for at in 0..bytes.len() {
        for change in [0x01, 0x20, 0x80, 0xff] {
            let mut changed = bytes.to_vec();
            changed[at] ^= change;
            let report = plain(&changed).1;
            assert!(report.problems.iter().all(|problem| problem.offset <= bytes.len() as u64));
        }
    }
}

#[test]
fn problems_are_bounded() {
    let limits = Limits { problems: 3, ..Limits::default() };
    let mut bytes = b"g5\n".repeat(10);
    bytes.push(b'.');
    let (_, report) = list(&bytes, &DisOptions { limits, ..DisOptions::default() });
    // Ten indices never stored, and nine values left over.
    assert_eq!((report.problems.len(), report.more_problems), (3, 8));
}

#[test]
fn a_preamble_comes_first() {
    let (listing, _) = list(b"N.", &DisOptions { preamble: Some("==> x <==".into()), ..DisOptions::default() });
    assert!(listing.starts_with("==> x <==\n    0: N"));
}

#[test]
fn long_arguments_are_written_in_pieces() {
    /// Refuses writes that show a payload was held as a whole.
    struct Small(u64);
    impl Write for Small {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            assert!(bytes.len() < 1 << 20);
            self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let length = 8_u32 << 20;
    let mut bytes = vec![b'B'];
    bytes.extend(length.to_le_bytes());
    bytes.resize(bytes.len() + length as usize, 0xff);
    bytes.push(b'.');
    let mut out = Small(0);
    let report = dis(&MemorySource::new(bytes), &DisOptions::default(), &mut out).unwrap();
    assert_eq!(report.problems, []);
    assert!(out.0 > 4 * u64::from(length));
}

#[test]
fn an_output_that_refuses_ends_it() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert!(dis(&MemorySource::new(b"N.".to_vec()), &DisOptions::default(), &mut Full).is_err());
}

/// What is written ends after a megabyte.
struct Short(usize);

impl Write for Short {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        if self.0 < 1 << 20 { Ok(bytes.len()) } else { Err(io::Error::other("enough")) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terabyte of zeros as a value: which quotes it has and whether it decodes is seen from the first of it.
#[test]
fn a_payload_is_looked_at_so_far_before_it_is_written() {
    const HOLE: u64 = 1 << 40;
    for opcode in [b'\x8e', b'\x8d', b'\x96'] {
        let head = [&[0x80, 5, opcode][..], &HOLE.to_le_bytes()].concat();
        let read = Arc::new(Counter::new(0));
        let source = Hollow { head, zeros: HOLE, tail: b".".to_vec(), read: Arc::clone(&read) };
        assert!(dis(&source, &DisOptions::default(), &mut Short(0)).is_err(), "the output ends first");
        assert!(read.get() < picklescope::opcode::LOOKED_AHEAD + (8 << 20), "{opcode:#x}: {} bytes", read.get());
    }
}
