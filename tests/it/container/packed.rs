//! Compressed streams: every packing that `tests/fixtures/packed` has from the real tools, whole, in pieces, cut and
//! flipped at every byte, and bombs.

use crate::support;
use flate2::Compression;
use flate2::write::GzEncoder;
use picklescope::bytes::{MemorySource, Source, Span, read_span};
use picklescope::container::{Ending, Format, Packing, Unpacked, sniff};
use serde_json::Value;
use std::io::Write;
use std::sync::Arc;
use support::{Pieces, fixture, manifest};

const LIMIT: u64 = 64 << 20;

fn source(bytes: &[u8]) -> Arc<dyn Source> {
    Arc::new(MemorySource::new(bytes.to_vec()))
}

fn unpacked(packing: Packing, source: Arc<dyn Source>) -> Unpacked {
    let span = Span::new(0, source.len());
    Unpacked::new(packing, source, span)
}

fn content(source: &dyn Source) -> Vec<u8> {
    read_span(source, Span::new(0, source.len())).unwrap().into_owned()
}

fn texts(unpacked: &Unpacked) -> Vec<String> {
    unpacked.notes().into_iter().map(|note| note.text).collect()
}

struct Case {
    name: String,
    packing: Packing,
    bytes: Vec<u8>,
    entry: Value,
}

/// The packed fixtures of one payload.
fn cases(payload: &str) -> Vec<Case> {
    let entries = manifest("packed/MANIFEST.json");
    let mut cases = Vec::new();
    for entry in entries {
        let Some(packing) = entry["packing"].as_str().filter(|_| entry["payload"] == payload) else { continue };
        let name = entry["file"].as_str().unwrap().to_owned();
        let bytes = fixture(&format!("packed/{name}"));
        let Some(Format::Packed(found)) = sniff(&MemorySource::new(bytes.clone())) else {
            panic!("{name} is not known");
        };
        assert_eq!(found.name(), packing, "{name}");
        cases.push(Case { name, packing: found, bytes, entry });
    }
    assert!(cases.len() >= 10, "{payload}: {}", cases.len());
    cases
}

#[test]
fn what_real_tools_packed_comes_out_again() {
    let small = fixture("packed/small.pkl");
    for case in cases("small") {
        let unpacked = unpacked(case.packing, source(&case.bytes));
        assert_eq!(unpacked.len(), 0, "{}: decoded before it was asked for", case.name);
        assert_eq!(unpacked.advance(LIMIT, &mut |_, _| {}), Ending::Complete, "{}", case.name);
        assert_eq!(content(&unpacked), small, "{}", case.name);
        let noted = case.entry["noted"] == true;
        assert_eq!(!unpacked.notes().is_empty(), noted, "{}: {:?}", case.name, unpacked.notes());
    }
    let size = manifest("packed/MANIFEST.json").iter().find_map(|entry| entry["size"].as_u64()).unwrap();
    let mut first: Option<Vec<u8>> = None;
    for case in cases("large") {
        let unpacked = unpacked(case.packing, source(&case.bytes));
        assert_eq!(unpacked.advance(LIMIT, &mut |_, _| {}), Ending::Complete, "{}", case.name);
        let bytes = content(&unpacked);
        assert_eq!(bytes.len() as u64, size, "{}", case.name);
        assert!(unpacked.notes().is_empty(), "{}: {:?}", case.name, unpacked.notes());
        let first = first.get_or_insert_with(|| bytes.clone());
        assert!(*first == bytes, "{} gives something else", case.name);
    }
}

#[test]
fn steps_give_what_one_go_gives() {
    for case in cases("small") {
        let whole = unpacked(case.packing, source(&case.bytes));
        whole.advance(LIMIT, &mut |_, _| {});
        let stepped = unpacked(case.packing, Arc::new(Pieces(MemorySource::new(case.bytes.clone()))));
        let mut limit = 0;
        while stepped.ending() == Ending::Unfinished {
            limit += 1;
            stepped.advance(limit, &mut |_, _| {});
            assert!(stepped.len() <= limit, "{}", case.name);
        }
        assert_eq!(stepped.ending(), whole.ending(), "{}", case.name);
        assert_eq!(content(&stepped), content(&whole), "{}", case.name);
        assert_eq!(stepped.notes(), whole.notes(), "{}", case.name);
    }
}

#[test]
fn pages_are_read_across_their_borders() {
    for case in cases("large") {
        let unpacked = unpacked(case.packing, Arc::new(Pieces(MemorySource::new(case.bytes.clone()))));
        let mut reports = Vec::new();
        unpacked.advance(100_000, &mut |packed, so_far| reports.push((packed, so_far)));
        assert_eq!((unpacked.ending(), unpacked.len()), (Ending::Unfinished, 100_000), "{}", case.name);
        let first = content(&unpacked);
        unpacked.advance(LIMIT, &mut |packed, so_far| {
            assert_eq!(unpacked.len(), so_far);
            reports.push((packed, so_far));
        });
        let whole = content(&unpacked);
        assert_eq!(whole[..100_000], first, "{}", case.name);
        assert!(reports.is_sorted(), "{}: {reports:?}", case.name);
        assert_eq!(reports.last(), Some(&(case.bytes.len() as u64, whole.len() as u64)), "{}", case.name);
        for start in [0, 1, 255_999, 256 * 1024 - 3, 512 * 1024 - 1, whole.len() - 2, whole.len(), whole.len() + 9] {
            let mut buffer = [0; 7];
            let count = unpacked.read_at(start as u64, &mut buffer).unwrap();
            let expected = &whole[start.min(whole.len())..(start + 7).min(whole.len())];
            assert_eq!(&buffer[..count], expected, "{} at {start}", case.name);
        }
        assert_eq!(unpacked.read_at(u64::MAX, &mut [0; 4]).unwrap(), 0);
    }
}

#[test]
fn what_was_decoded_before_a_cut_stays() {
    let small = fixture("packed/small.pkl");
    for case in cases("small") {
        let mut most = 0;
        for cut in 0..case.bytes.len() {
            let unpacked = unpacked(case.packing, source(&case.bytes[..cut]));
            let ending = unpacked.advance(LIMIT, &mut |_, _| {});
            let bytes = content(&unpacked);
            assert!(small.starts_with(&bytes), "{} cut at {cut}", case.name);
            match ending {
                // At the end of a member or a frame, or in the padding, a cut cannot be seen.
                Ending::Complete => {
                    let is_border = ["members", "streams", "frames", "padded", "legacy", "sized", "skip"];
                    assert!(is_border.iter().any(|kind| case.name.contains(kind)), "{} cut at {cut}", case.name);
                }
                Ending::Damaged { packed_offset, message } => {
                    assert!(packed_offset <= cut as u64, "{} cut at {cut}: {packed_offset}", case.name);
                    assert!(!message.is_empty());
                    most = most.max(bytes.len());
                }
                Ending::Unfinished => panic!("{} cut at {cut} does not end", case.name),
            }
        }
        // The codes of LZMA are decoded up to the last twenty bytes, which are a third of this file; blocks of bzip2 and
        // zstd have to be whole, because their codes are read from the end.
        let least = match case.packing {
            Packing::Bzip2 | Packing::Zstd => 0,
            Packing::Lzma | Packing::Xz => small.len() / 3,
            _ => small.len() * 9 / 10,
        };
        assert!(most >= least, "{}: {most} of {}", case.name, small.len());
    }
}

#[test]
fn a_large_stream_that_is_cut_gives_most_of_what_it_has() {
    for case in cases("large") {
        let whole = unpacked(case.packing, source(&case.bytes));
        whole.advance(LIMIT, &mut |_, _| {});
        let whole = content(&whole);
        let cut = unpacked(case.packing, source(&case.bytes[..case.bytes.len() * 9 / 10]));
        let ending = cut.advance(LIMIT, &mut |_, _| {});
        assert!(matches!(ending, Ending::Damaged { .. }), "{}: {ending:?}", case.name);
        let bytes = content(&cut);
        assert!(whole.starts_with(&bytes), "{}", case.name);
        println!("{}: {} of {} bytes", case.name, bytes.len(), whole.len());
        let single_block = case.packing == Packing::Bzip2;
        assert!(
            bytes.len() * 10 >= whole.len() * 5 || single_block,
            "{}: {} of {}",
            case.name,
            bytes.len(),
            whole.len()
        );
    }
}

#[test]
fn flips_neither_panic_nor_hang() {
    for case in cases("small") {
        for at in 0..case.bytes.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut bytes = case.bytes.clone();
                bytes[at] ^= flip;
                let unpacked = unpacked(case.packing, source(&bytes));
                unpacked.advance(1 << 20, &mut |_, _| {});
                assert!(unpacked.len() <= 1 << 20);
                let _ = sniff(&MemorySource::new(bytes));
            }
        }
    }
}

/// The steps decide nothing, nor how much a source gives at a time: the same bytes, the same end, of damaged streams, too.
#[test]
fn damaged_streams_give_the_same_in_any_steps() {
    let mut wrong = Vec::new();
    for case in cases("small") {
        for at in 0..case.bytes.len() {
            let mut bytes = case.bytes.clone();
            bytes[at] ^= [0x01, 0x80, 0xff, 0x10][at % 4];
            let whole = unpacked(case.packing, source(&bytes));
            let ending = whole.advance(1 << 20, &mut |_, _| {});
            let stepped = unpacked(case.packing, Arc::new(Single(bytes.clone())));
            let mut limit = 0;
            while stepped.ending() == Ending::Unfinished && limit < 1 << 20 {
                limit = (limit * 2 + 1).min(1 << 20);
                stepped.advance(limit, &mut |_, _| {});
                assert!(stepped.len() <= limit);
            }
            if (stepped.ending(), content(&stepped)) != (ending, content(&whole)) {
                wrong.push(format!("{} at {at}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {:?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

/// A source that gives one byte at a time.
struct Single(Vec<u8>);

impl Source for Single {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, picklescope::bytes::ReadError> {
        match (self.0.get(offset as usize), buffer.first_mut()) {
            (Some(byte), Some(first)) => {
                *first = *byte;
                Ok(1)
            }
            _ => Ok(0),
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_bomb_stops_at_the_limit_and_goes_on_when_told() {
    // 16 members of 64 MiB of zeros: a MiB that expands to a GiB.
    let bomb = gzip(&vec![0; 64 << 20]).repeat(16);
    assert!(bomb.len() < 1_100_000, "{}", bomb.len());
    let unpacked = unpacked(Packing::Gzip, source(&bomb));
    for limit in [1 << 20, (100 << 20) + 1, 150 << 20] {
        assert_eq!(unpacked.advance(limit, &mut |_, _| {}), Ending::Unfinished);
        assert_eq!(unpacked.len(), limit);
    }
    // A lower limit is reached already.
    assert_eq!(unpacked.advance(5, &mut |_, _| {}), Ending::Unfinished);
    assert_eq!(unpacked.len(), 150 << 20);
    let mut byte = [1; 1];
    assert_eq!(unpacked.read_at((150 << 20) - 1, &mut byte).unwrap(), 1);
    assert_eq!(byte, [0]);
}

#[test]
fn checksums_that_do_not_hold_are_notes() {
    let small = fixture("packed/small.pkl");
    let flipped = |name: &str, from_end: usize| {
        let mut bytes = fixture(&format!("packed/small.{name}"));
        let at = bytes.len() - from_end;
        bytes[at] ^= 1;
        bytes
    };
    let cases = [
        ("gz", 8, "CRC-32"),
        ("gz", 1, "modulo 2^32"),
        ("zlib", 1, "Adler-32"),
        ("zf", 1, "Adler-32"),
        ("crc32.xz", 12 + 12 + 4, "xz block"),
        ("xz", 12 + 12 + 8, "xz block"),
        ("xz", 12 + 1, "index"),
        ("checked.zst", 1, "zstd frame"),
        ("full.lz4", 1, "lz4 frame"),
        ("full.lz4", 12, "lz4 block"),
    ];
    for (name, from_end, expected) in cases {
        let bytes = flipped(name, from_end);
        let Some(Format::Packed(packing)) = sniff(&MemorySource::new(bytes.clone())) else { panic!("{name}") };
        let unpacked = unpacked(packing, source(&bytes));
        assert_eq!(unpacked.advance(LIMIT, &mut |_, _| {}), Ending::Complete, "{name}");
        assert_eq!(content(&unpacked), small, "{name}");
        let texts = texts(&unpacked);
        assert!(texts.len() == 1 && texts[0].contains(expected), "{name}: {texts:?}");
    }
}

#[test]
fn bytes_behind_a_stream_are_noted_with_their_offset() {
    for name in ["gz", "zlib", "bz2", "xz", "lzma", "zst", "lz4", "zf"] {
        let mut bytes = fixture(&format!("packed/small.{name}"));
        let end = bytes.len() as u64;
        bytes.extend_from_slice(b"behind");
        let Some(Format::Packed(packing)) = sniff(&MemorySource::new(bytes.clone())) else { panic!("{name}") };
        let unpacked = unpacked(packing, source(&bytes));
        assert_eq!(unpacked.advance(LIMIT, &mut |_, _| {}), Ending::Complete, "{name}");
        let notes = unpacked.notes();
        assert_eq!(notes.len(), 1, "{name}: {notes:?}");
        assert_eq!(notes[0].offset, Some(end), "{name}: {notes:?}");
        assert!(notes[0].text.starts_with("6 bytes after the end"), "{name}: {notes:?}");
    }
}

#[test]
fn a_wrong_length_in_a_zf_header_is_noted() {
    let mut bytes = fixture("packed/small.zf");
    bytes[4..7].copy_from_slice(b"7  ");
    let unpacked = unpacked(Packing::JoblibZf, source(&bytes));
    assert_eq!(unpacked.advance(LIMIT, &mut |_, _| {}), Ending::Complete);
    assert!(texts(&unpacked)[0].starts_with("the ZF header says 7 bytes"), "{:?}", texts(&unpacked));
}

#[test]
fn hostile_headers_take_no_memory() {
    // An lzma header that asks for 4 GiB, over 30 MiB of nothing: more than the 256 MiB that are allowed.
    let mut lzma = b"\x5d\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff".to_vec();
    lzma.resize(30 << 20, 0);
    let huge = unpacked(Packing::Lzma, source(&lzma));
    let Ending::Damaged { message, .. } = huge.advance(1 << 20, &mut |_, _| {}) else { panic!() };
    assert!(message.contains("dictionary of 4095 MiB"), "{message}");
    // A short one that asks for as much cannot use it.
    let mut short = fixture("packed/small.lzma");
    short[1..5].fill(0xff);
    let short = unpacked(Packing::Lzma, source(&short));
    assert_eq!(short.advance(LIMIT, &mut |_, _| {}), Ending::Complete);
    // A zstd window of 3.75 TiB.
    let zstd = unpacked(Packing::Zstd, source(b"\x28\xb5\x2f\xfd\x00\xff\x01\x00\x00"));
    let Ending::Damaged { message, .. } = zstd.advance(LIMIT, &mut |_, _| {}) else { panic!() };
    assert!(message.contains("window of 3932160 MiB"), "{message}");
}

#[test]
fn a_span_ends_a_stream() {
    let bytes = fixture("packed/small.zlib");
    let mut more = b"before".to_vec();
    more.extend_from_slice(&bytes);
    more.extend_from_slice(b"behind");
    let span = Span::new(6, 6 + bytes.len() as u64);
    let unpacked = Unpacked::new(Packing::Zlib, source(&more), span);
    assert_eq!(unpacked.advance(LIMIT, &mut |_, _| {}), Ending::Complete);
    assert!(unpacked.notes().is_empty());
    assert_eq!(content(&unpacked), fixture("packed/small.pkl"));
}
