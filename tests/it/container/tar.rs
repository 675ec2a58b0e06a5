//! Tar archives of every format that Python writes, cut and flipped at every byte.

use crate::support;
use picklescope::bytes::{Limits, MemorySource, Source, Span, read_span};
use picklescope::container::{Directory, Entry, Opened, tar};
use std::sync::Arc;
use support::fixture;

fn source(bytes: &[u8]) -> Arc<dyn Source> {
    Arc::new(MemorySource::new(bytes.to_vec()))
}

fn read(bytes: &[u8]) -> Directory {
    tar::read(&source(bytes), &Limits::default())
}

fn open(bytes: &[u8], entry: &Entry) -> Result<Vec<u8>, String> {
    match entry.open(&source(bytes))? {
        Opened::Stored(slice) => Ok(read_span(&slice, Span::new(0, slice.len())).unwrap().into_owned()),
        Opened::Packed(_) => panic!("{} is packed", entry.name),
    }
}

/// A header block with its checksum.
fn header(change: impl Fn(&mut [u8])) -> Vec<u8> {
    let mut block = fixture("packed/ustar.tar")[..512].to_vec();
    change(&mut block);
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

#[test]
fn every_format_is_listed_and_opens() {
    for (name, long) in [("ustar", 20), ("gnu", 30), ("pax", 30)] {
        let bytes = fixture(&format!("packed/{name}.tar"));
        let directory = read(&bytes);
        assert!(directory.complete && directory.notes.is_empty(), "{name}: {:?}", directory.notes);
        let names: Vec<&str> = directory.entries.iter().map(|entry| entry.name.as_str()).collect();
        let long = format!("folder/{}payload.pkl", "long/".repeat(long));
        assert_eq!(names, ["payload.pkl", &long, "folder/", "link.pkl"], "{name}");
        for entry in &directory.entries[..2] {
            assert_eq!(open(&bytes, entry).unwrap(), fixture("packed/small.pkl"), "{name}: {}", entry.name);
            assert!(entry.notes.is_empty() && !entry.folder);
        }
        assert!(directory.entries[2].folder);
        assert_eq!(directory.entries[3].special.as_deref(), Some("a symbolic link to payload.pkl"));
        let error = open(&bytes, &directory.entries[3]).unwrap_err();
        assert_eq!(error, "link.pkl is a symbolic link to payload.pkl; it has no content");
    }
}

#[test]
fn a_size_in_binary_or_in_pax_is_read() {
    let mut bytes = header(|block| {
        block[124..136].fill(0);
        block[124] = 0x80;
        block[135] = 3;
    });
    bytes.extend(b"abc");
    bytes.resize(1024 + 1024, 0);
    let directory = read(&bytes);
    assert!(directory.complete);
    assert_eq!(open(&bytes, &directory.entries[0]).unwrap(), b"abc");
    let record = b"13 size=000\n12 size=003\n";
    let mut bytes = header(|block| {
        block[156] = b'x';
        block[124..136].copy_from_slice(format!("{:011o}\0", record.len()).as_bytes());
    });
    bytes.extend(record);
    bytes.resize(1024, 0);
    bytes.extend(header(|block| block[124..136].copy_from_slice(b"00000000007\0")));
    bytes.extend(b"abcdefg");
    bytes.resize(4096, 0);
    // The first record's length is wrong, so what follows it is not read, and the header's size holds.
    assert_eq!(open(&bytes, &read(&bytes).entries[0]).unwrap(), b"abcdefg");
    bytes[512..524].copy_from_slice(b"12 size=003\n");
    assert_eq!(open(&bytes, &read(&bytes).entries[0]).unwrap(), b"abc");
}

#[test]
fn odd_entries_are_named() {
    for (kind, expected) in [(b'1', "a hard link to "), (b'3', "a character device"), (b'6', "a FIFO")] {
        let mut bytes = header(|block| block[156] = kind);
        bytes.resize(2048, 0);
        let directory = read(&bytes);
        assert_eq!(directory.entries[0].special.as_deref(), Some(expected));
        assert_eq!(directory.entries[0].size, 0);
    }
    let mut bytes = header(|block| block[..8].copy_from_slice(b"../evil\0"));
    bytes.resize(2048, 0);
    assert!(read(&bytes).entries[0].notes.iter().any(|note| note.text.contains("leads out")));
    let mut bytes = header(|block| block[124..136].copy_from_slice(b"77777777777\0"));
    bytes.resize(2048, 0);
    let directory = read(&bytes);
    assert!(!directory.complete);
    assert!(directory.entries[0].notes[0].text.contains("past the end"), "{directory:?}");
    let once = fixture("packed/ustar.tar")[..1024].to_vec();
    let mut twice = once.repeat(2);
    twice.resize(4096, 0);
    let directory = read(&twice);
    assert!(directory.entries.iter().all(|entry| entry.notes[0].text.contains("same name")), "{directory:?}");
}

#[test]
fn damage_stops_the_list_and_says_where() {
    let mut bytes = fixture("packed/gnu.tar");
    let whole = read(&bytes).entries.len();
    let second = 1024;
    bytes[second + 5] ^= 1;
    let directory = read(&bytes);
    assert!(!directory.complete && directory.entries.len() < whole);
    assert_eq!(directory.notes[0].offset, Some(second as u64));
    assert!(directory.notes[0].text.contains("damaged"));
    let bytes = fixture("packed/pax.tar");
    for cut in (0..bytes.len()).step_by(13) {
        let directory = read(&bytes[..cut]);
        for entry in &directory.entries {
            let _ = open(&bytes[..cut], entry);
        }
        assert_eq!(directory.complete, directory.notes.is_empty(), "cut at {cut}");
    }
}

#[test]
fn flips_neither_panic_nor_hang() {
    for name in ["ustar", "gnu", "pax"] {
        let bytes = fixture(&format!("packed/{name}.tar"));
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0xff;
            for entry in &read(&bytes).entries {
                let _ = open(&bytes, entry);
            }
        }
    }
}
