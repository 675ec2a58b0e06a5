//! Containers that mean harm: little that unpacks to much, archives in archives, entries that overlap, shapes that nothing
//! backs. Each is opened with a reason, within its budget, and shows what could be read.

use crate::support;
use flate2::{Compress, Compression, Crc, FlushCompress};
use picklescope::bundle::{Bundle, Progress};
use picklescope::bytes::{Limits, MemorySource, Source};
use std::sync::Arc;
use support::fixture;

const MIB: u64 = 1 << 20;

fn open(bytes: Vec<u8>, limits: Limits) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    Bundle::open(vec![("bomb".to_owned(), source)], limits, &mut |_| {})
}

/// One megabyte of zeros as blocks of deflate that end with a byte, and begin with nothing remembered: any number of
/// copies of it make a stream.
fn deflated_megabyte() -> Vec<u8> {
    let mut packed = Vec::with_capacity(64 * 1024);
    let mut encoder = Compress::new(Compression::best(), false);
    encoder.compress_vec(&vec![0; MIB as usize], &mut packed, FlushCompress::Full).unwrap();
    packed
}

/// A pickle of bytes, `megabytes` of them, in gzip.
fn gzip_bomb(megabytes: u64) -> Vec<u8> {
    let mut head = b"\x80\x04\x8e".to_vec();
    head.extend((megabytes * MIB).to_le_bytes());
    let mut bytes = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    // Stored: not the last block, its length, its length turned over.
    bytes.extend([0, head.len() as u8, 0, !(head.len() as u8), 0xff]);
    bytes.extend(head);
    bytes.extend(deflated_megabyte().repeat(megabytes as usize));
    bytes.extend([1, 1, 0, 0xfe, 0xff, b'.']);
    bytes.extend([0; 8]);
    bytes
}

#[test]
fn a_megabyte_of_gzip_that_is_a_gigabyte() {
    let bomb = gzip_bomb(1024);
    assert!(bomb.len() as u64 <= 2 * MIB, "{} bytes", bomb.len());
    let limits = Limits { unpacked: 16 * MIB, ..Limits::default() };
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bomb));
    let mut most = 0;
    let mut told = |progress| {
        if let Progress::Unpacking { unpacked, .. } = progress {
            most = most.max(unpacked);
        }
    };
    let mut bundle = Bundle::open(vec![("bomb.pkl.gz".to_owned(), source)], limits, &mut told);
    let overview = bundle.document().overview();
    let pending = overview.pending.clone().unwrap();
    assert!(!overview.complete && overview.reading.contains("more follow"), "{}", overview.reading);
    assert!((16 * MIB..20 * MIB).contains(&pending.unpacked), "{}", pending.unpacked);
    assert!(pending.read < pending.total / 10, "{pending:?}");
    assert!(bundle.document().source().len() < 20 * MIB);
    // Twice as far, when someone says so.
    bundle.go_on(&mut told);
    let pending = bundle.document().overview().pending.unwrap();
    assert!((32 * MIB..40 * MIB).contains(&pending.unpacked), "{}", pending.unpacked);
    assert!(most < 40 * MIB, "{most}");
}

#[test]
fn gzip_in_gzip_in_gzip() {
    let mut bytes = gzip_bomb(64);
    for _ in 0..3 {
        let mut outer = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
        let mut encoder = Compress::new(Compression::best(), false);
        let mut packed = Vec::with_capacity(bytes.len() + 1024);
        encoder.compress_vec(&bytes, &mut packed, FlushCompress::Finish).unwrap();
        let mut crc = Crc::new();
        crc.update(&bytes);
        outer.extend(packed);
        outer.extend(crc.sum().to_le_bytes());
        outer.extend((bytes.len() as u32).to_le_bytes());
        bytes = outer;
    }
    assert!(bytes.len() < 4096, "{}", bytes.len());
    let bundle = open(bytes, Limits { unpacked: MIB, ..Limits::default() });
    let overview = bundle.document().overview();
    assert!(!overview.complete && overview.pending.is_some(), "{}", overview.reading);
    assert_eq!(overview.chain.iter().filter(|crumb| crumb.word == "gzip").count(), 4);
}

/// An archive of stored entries: the name of each, and what stands for it. `at` tells where the header of an entry is said
/// to be.
fn zip(entries: &[(&str, &[u8])], at: impl Fn(usize, usize) -> usize) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (number, (name, content)) in entries.iter().enumerate() {
        let mut crc = Crc::new();
        crc.update(content);
        let header = at(number, bytes.len()) as u32;
        let mut common = vec![10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend(crc.sum().to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), content].concat());
        directory.extend([b"PK\x01\x02\x0a\0", &common[..], &[0; 10], &header.to_le_bytes(), name.as_bytes()].concat());
    }
    let (offset, size, count) = (bytes.len() as u32, directory.len() as u32, (entries.len() as u16).to_le_bytes());
    bytes.extend(directory);
    bytes.extend(
        [b"PK\x05\x06\0\0\0\0", &count[..], &count, &size.to_le_bytes(), &offset.to_le_bytes(), &[0, 0]].concat(),
    );
    bytes
}

#[test]
fn archives_in_archives_end() {
    let mut bytes = b"\x80\x04N.".to_vec();
    for _ in 0..60 {
        bytes = zip(&[("inner.zip", &bytes)], |_, at| at);
    }
    let mut bundle = open(bytes, Limits::default());
    let overview = bundle.document().overview();
    assert!(overview.chain.len() < 30, "{}", overview.chain.len());
    assert!(overview.chain.iter().all(|crumb| crumb.word == "zip"));
    let mut at = 0;
    while at < bundle.row_count() {
        bundle.toggle(at, true, &mut |_| {});
        at += 1;
    }
    assert!(at < 30, "{at} rows");
}

#[test]
fn entries_that_share_their_bytes() {
    let pickle = b"\x80\x04K\x01.";
    // All entries are said to be where the first one is.
    let names: Vec<String> = (0..1000).map(|number| format!("{number}.pkl")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &pickle[..])).collect();
    let mut bundle = open(zip(&entries, |_, _| 0), Limits::default());
    bundle.toggle(0, true, &mut |_| {});
    let rows = bundle.rows(0, 10, &mut |_| {});
    let second = &rows[2];
    assert!(second.notes.iter().any(|note| note.contains("part of the one at offset 0")), "{:?}", second.notes);
    bundle.show(bundle.member(second.member).unwrap(), &mut |_| {});
    let overview = bundle.document().overview();
    assert!(overview.notes.iter().any(|note| note.message.contains("name")), "{:?}", overview.notes);
}

#[test]
fn sizes_that_nothing_backs() {
    let mut bytes = zip(&[("a.pkl", b"\x80\x04K\x01.")], |_, at| at);
    // Size and packed size of the directory's entry: 3 GB.
    let entry = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    for at in [entry + 20, entry + 24] {
        bytes[at..at + 4].copy_from_slice(&3_000_000_000u32.to_le_bytes());
    }
    let overview = open(bytes, Limits::default()).document().overview();
    assert!(!overview.notes.is_empty() || !overview.complete, "{}", overview.reading);
}

#[test]
fn a_shape_larger_than_the_file() {
    let bytes = fixture("containers/joblib-1.6.0/small.joblib");
    let at = memchr::memmem::find(&bytes, b"K\x04K\x02\x86").unwrap();
    let mut wide = bytes.clone();
    wide[at + 1] = 0xff;
    let bundle = open(wide, Limits::default());
    let overview = bundle.document().overview();
    assert!(!overview.complete, "{}", overview.reading);
    assert!(overview.reading.contains("2040") || overview.reading.contains("2,040"), "{}", overview.reading);
    assert!(bundle.document().reading().opcodes > 10);
    // 2^62 elements of four bytes.
    let huge = [&bytes[..at], b"\x8a\x08\0\0\0\0\0\0\0\x40", &bytes[at + 2..]].concat();
    let overview = open(huge, Limits::default()).document().overview();
    assert!(!overview.complete, "{}", overview.reading);
}
