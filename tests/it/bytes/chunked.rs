//! A source that is never in memory as a whole reads as one that is: same objects, rows, listing and problems. Files are
//! longer than the window through which the machine reads them (256 KiB at first), with strings, lines and payloads over
//! every border. `src/machine/window.rs` has the same for windows of a few bytes.

use crate::support;
use picklescope::bytes::{Limits, MemorySource, PageCache, Source};
use picklescope::document::Document;
use picklescope::export::{DisOptions, dis};
use picklescope::view::{OpcodeRow, Overview, TreeRow};
use support::{Pieces, fixtures, json_text, open_source};

/// Everything that can be compared of a document.
#[derive(PartialEq, Debug)]
struct All {
    overview: Overview,
    problems: Vec<String>,
    rows: Vec<TreeRow>,
    listing: Vec<OpcodeRow>,
    end: Vec<OpcodeRow>,
    json: String,
}

fn all(mut document: Document) -> All {
    document.open_all(0, true);
    let rows = document.rows(0, 200);
    let last = document.listing_count().saturating_sub(100);
    All {
        overview: document.overview(),
        problems: document.reading().problems.list.iter().map(ToString::to_string).collect(),
        rows,
        listing: document.listing(0, 200),
        end: document.listing(last, 100),
        json: json_text(&document),
    }
}

fn listed(source: &dyn Source) -> (String, String) {
    let mut out = Vec::new();
    let report = dis(source, &DisOptions::default(), &mut out).unwrap();
    (String::from_utf8(out).unwrap(), format!("{report:?}"))
}

fn check(what: &str, bytes: &[u8]) {
    let whole = all(open_source(support::memory(bytes)));
    let pieces = all(open_source(Pieces::boxed(bytes)));
    assert!(whole.json == pieces.json, "{what}: JSON differs");
    assert_eq!(whole.problems, pieces.problems, "{what}");
    assert!(whole == pieces, "{what}: rows or listing differ");
    let paged = all(open_source(Box::new(PageCache::new(Pieces(MemorySource::new(bytes.to_vec()))))));
    assert!(whole == paged, "{what}: through pages");
    let text = listed(&MemorySource::new(bytes.to_vec()));
    assert!(text == listed(&Pieces(MemorySource::new(bytes.to_vec()))), "{what}: dis differs");
}

#[test]
fn every_fixture() {
    for fixture in fixtures().into_iter().chain(support::joblib_fixtures()) {
        check(&fixture.name, &fixture.bytes);
    }
}

const WINDOW: usize = 256 * 1024;

/// A list of one thing many times, to `size` bytes; `one` gives the n-th.
fn many(size: usize, mut one: impl FnMut(usize) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = b"\x80\x04](".to_vec();
    let mut number = 0;
    while bytes.len() < size {
        bytes.extend(one(number));
        number += 1;
    }
    bytes.extend(b"e.");
    bytes
}

fn text(characters: &[u8]) -> Vec<u8> {
    let mut bytes = vec![b'X'];
    bytes.extend((characters.len() as u32).to_le_bytes());
    bytes.extend(characters);
    bytes
}

#[test]
fn a_megabyte_of_strings() {
    check("short strings", &many(1 << 20, |n| text(format!("string {n}").as_bytes())));
    check("longer than a window", &many(1 << 20, |n| text("ä€🥒".repeat(30_000 + n).as_bytes())));
    check("bytes", &many(1 << 20, |n| [b"C\xff".to_vec(), vec![n as u8; 255]].concat()));
}

#[test]
fn a_megabyte_of_numbers_and_lines() {
    check("BINFLOAT", &many(1 << 20, |n| [b"G".to_vec(), (n as f64).to_be_bytes().to_vec()].concat()));
    check("INT", &many(1 << 20, |n| format!("I{}\n", n * n).into_bytes()));
    check("UNICODE", &many(1 << 20, |n| format!("Vz\\u00e4 {n}\n").into_bytes()));
    check("STRING", &many(1 << 20, |n| format!("S'a\\x41 {n}'\n").into_bytes()));
    check("GLOBAL", &many(1 << 20, |n| format!("cmodule{n}\nName.Of{n}\n").into_bytes()));
    check("LONG1", &many(1 << 20, |n| [b"\x8a\x09".to_vec(), vec![n as u8; 8], vec![1]].concat()));
    check("INST", &many(1 << 20, |n| format!("(I{n}\nimodule\nName\n").into_bytes()));
}

#[test]
fn long_lines() {
    let line = "x".repeat(600 * 1024);
    check("one line of 600 KiB", format!("(lp0\nV{line}\\u0041\np1\naS'{line}\\n'\na.").as_bytes());
    check("a long module", format!("c{line}\nname\n.").as_bytes());
    check("a long name", format!("cmodule\n{line}\n.").as_bytes());
    check("a long INST", format!("(I1\ni{line}\n{line}\n.").as_bytes());
    check("a long line that never ends", format!("(lV{line}").as_bytes());
    check("a long GLOBAL that never ends", format!("(lc{line}\n{line}").as_bytes());
    let digits = "7".repeat(4000);
    check("LONG of 4000 digits", format!("L{digits}L\n.").as_bytes());
}

/// Every kind of instruction at every place around the border of a window.
#[test]
fn instructions_over_the_border() {
    let kinds: [&[u8]; 14] = [
        b"X\x05\0\0\0h\xc3\xa4lo",
        b"\x8c\x03abc",
        b"G?\xf8\0\0\0\0\0\0",
        b"J\x01\x02\x03\x04",
        b"V\\u0041b\n",
        b"S'a\\n'\n",
        b"I01\n",
        b"L12L\n",
        b"cmodule\nname\n",
        b"\x8a\x02\xff\x01",
        b"\x8e\x03\0\0\0\0\0\0\0abc",
        b"\x96\x03\0\0\0\0\0\0\0abc",
        b"\x95\x05\0\0\0\0\0\0\0N0",
        b"Pid\n",
    ];
    for kind in kinds {
        for back in 0..=kind.len() {
            let filler = WINDOW - 3 - 5 - back;
            let mut bytes = b"\x80\x04(".to_vec();
            bytes.push(b'B');
            bytes.extend((filler as u32).to_le_bytes());
            bytes.resize(bytes.len() + filler, b'.');
            assert_eq!(bytes.len(), WINDOW - back);
            bytes.extend(kind);
            bytes.extend(b"N].".iter().cycle().take(60));
            let whole = open_source(support::memory(&bytes));
            let pieces = open_source(Pieces::boxed(&bytes));
            let what = format!("{:?} {back} bytes before the border", kind[0] as char);
            assert_eq!(whole.overview(), pieces.overview(), "{what}");
            assert_eq!(support::listing(&whole), support::listing(&pieces), "{what}");
        }
    }
}

/// A text is checked whole, wherever the window ends.
#[test]
fn a_bad_text_over_the_border_is_still_bad() {
    for back in [0, 1, 3, 5, 6, 10, 200] {
        let filler = WINDOW - 3 - 5 - back;
        let mut bytes = b"\x80\x04(B".to_vec();
        bytes.extend((filler as u32).to_le_bytes());
        bytes.resize(bytes.len() + filler, b'.');
        let mut characters = vec![b'a'; 300];
        characters[299] = 0xff;
        bytes.extend(text(&characters));
        bytes.extend(b"l.");
        let whole = open_source(support::memory(&bytes)).overview();
        assert_eq!(whole.problem_count, 1);
        let pieces = open_source(Pieces::boxed(&bytes)).overview();
        assert_eq!(whole, pieces, "{back} bytes before the border");
    }
    let mut long = text(&vec![b'a'; 2 * WINDOW]);
    let last = long.len() - 1;
    long[last] = 0xff;
    long.push(b'.');
    assert_eq!(open_source(support::memory(&long)).overview(), open_source(Pieces::boxed(&long)).overview());
}

/// The longest line is the same for the machine, the listing, and every kind of source.
#[test]
fn the_longest_line_is_one_limit() {
    let limits = Limits { line: 1000, ..Limits::default() };
    for length in [999, 1000, 1001, 5000, 600 * 1024] {
        let bytes = [b"(V", &vec![b'x'; length][..], b"\nt."].concat();
        let read = |source: Box<dyn Source>| Document::open(String::new(), source, limits.clone(), &mut |_, _| {});
        let (whole, pieces) = (read(support::memory(&bytes)), read(Pieces::boxed(&bytes)));
        assert_eq!(whole.overview(), pieces.overview(), "a line of {length}");
        assert_eq!(whole.listing(0, 100).len() as u64, whole.listing_count(), "the listing of a line of {length}");
        assert_eq!(whole.reading().is_complete(), length <= 1000, "a line of {length}");
    }
}

/// Where a host cannot read on, the document says so and keeps what it has.
#[test]
fn a_file_that_shrinks_while_it_is_read() {
    struct Shrinking(MemorySource);
    impl Source for Shrinking {
        fn len(&self) -> u64 {
            self.0.len() + 1_000_000
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, picklescope::bytes::ReadError> {
            self.0.read_at(offset, buffer)
        }
    }
    let bytes = many(1 << 20, |n| format!("I{n}\n").into_bytes());
    let document = open_source(Box::new(Shrinking(MemorySource::new(bytes[..700_000].to_vec()))));
    let overview = document.overview();
    assert!(!overview.complete && overview.problems.iter().any(|problem| problem.fatal));
    assert!(overview.objects > 10_000, "{} objects", overview.objects);
    let _ = document.rows(0, 50);
    let _ = support::listing(&document);
}
