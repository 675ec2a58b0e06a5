//! 7z archives that py7zr wrote, cut and flipped at every byte.

use crate::support;
use picklescope::bytes::{Limits, MemorySource, Source, Span, read_span};
use picklescope::container::{Directory, Ending, Entry, Method, Opened, sevenz};
use std::sync::Arc;
use support::{Pieces, fixture};

fn source(bytes: &[u8]) -> Arc<dyn Source> {
    Arc::new(Pieces(MemorySource::new(bytes.to_vec())))
}

fn read(bytes: &[u8]) -> Directory {
    sevenz::read(&source(bytes), &Limits::default())
}

/// The content of an entry and what was noted while it was unpacked.
fn open(bytes: &[u8], entry: &Entry) -> Result<(Vec<u8>, Vec<String>), String> {
    let all = |source: &dyn Source| read_span(source, Span::new(0, source.len())).unwrap().into_owned();
    match entry.open(&source(bytes))? {
        Opened::Stored(slice) => Ok((all(&slice), Vec::new())),
        Opened::Packed(unpacked) => {
            let mut texts = Vec::new();
            if let Ending::Damaged { message, .. } = unpacked.advance(1 << 20, &mut |_, _| {}) {
                texts.push(message);
            }
            texts.extend(unpacked.notes().into_iter().map(|note| note.text));
            Ok((all(&unpacked), texts))
        }
    }
}

#[test]
fn entries_are_listed_and_open_one_by_one() {
    let small = fixture("packed/small.pkl");
    let cases = [
        ("lzma2.7z", Method::Lzma2),
        ("copy.7z", Method::Stored),
        ("lzma.7z", Method::Lzma),
        ("x86.7z", Method::Lzma2),
        ("bzip2.7z", Method::Bzip2),
        ("deflate.7z", Method::Deflate),
        ("zstd.7z", Method::Zstd),
    ];
    for (name, method) in cases {
        let bytes = fixture(&format!("packed/{name}"));
        let directory = read(&bytes);
        assert!(directory.complete && directory.notes.is_empty(), "{name}: {:?}", directory.notes);
        let names: Vec<&str> = directory.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a.pkl", "folder/b.pkl", "größe"], "{name}");
        let mut behind = small.clone();
        behind.push(b'b');
        for (entry, expected) in directory.entries.iter().zip([&small, &behind, &Vec::new()]) {
            let (content, notes) = open(&bytes, entry).unwrap();
            assert_eq!(content, *expected, "{name}: {}", entry.name);
            assert!(notes.is_empty() && entry.notes.is_empty(), "{name}: {notes:?}");
            assert_eq!(entry.size, expected.len() as u64);
            assert!(entry.size == 0 || entry.method == method, "{name}: {:?}", entry.method);
            assert!(!entry.folder);
        }
    }
}

#[test]
fn what_is_encrypted_or_unknown_is_named() {
    let bytes = fixture("packed/encrypted.7z");
    let directory = read(&bytes);
    assert!(directory.entries[0].encrypted);
    assert_eq!(open(&bytes, &directory.entries[0]).unwrap_err(), "a.pkl: it is encrypted");
    let bytes = fixture("packed/ppmd.7z");
    let error = open(&bytes, &read(&bytes).entries[0]).unwrap_err();
    assert!(error.contains("PPMd"), "{error}");
}

#[test]
fn a_crc_that_does_not_hold_is_a_note() {
    let bytes = fixture("packed/bzip2.7z");
    let mut directory = read(&bytes);
    directory.entries[0].crc = Some(1);
    let (content, notes) = open(&bytes, &directory.entries[0]).unwrap();
    assert_eq!(content, fixture("packed/small.pkl"));
    assert!(notes.len() == 1 && notes[0].contains("CRC-32 00000001"), "{notes:?}");
}

#[test]
fn a_directory_whose_checksum_does_not_hold_is_read_and_noted() {
    let mut bytes = fixture("packed/lzma2.7z");
    bytes[28] ^= 1;
    let directory = read(&bytes);
    assert_eq!((directory.entries.len(), directory.notes.len()), (3, 1));
    assert!(directory.notes[0].text.contains("checksum of the directory"), "{:?}", directory.notes);
}

#[test]
fn a_cut_archive_says_so() {
    let bytes = fixture("packed/lzma2.7z");
    for cut in 0..bytes.len() {
        let directory = read(&bytes[..cut]);
        assert!(!directory.complete && directory.entries.is_empty(), "cut at {cut}");
        assert!(directory.notes[0].text.contains("cut off"), "{:?}", directory.notes);
    }
}

#[test]
fn flips_neither_panic_nor_hang() {
    for name in ["lzma2.7z", "copy.7z", "x86.7z", "zstd.7z", "encrypted.7z"] {
        let bytes = fixture(&format!("packed/{name}"));
        for at in 0..bytes.len() {
            for flip in [0x01, 0x10, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                for entry in read(&bytes).entries.iter().take(10) {
                    let _ = open(&bytes, entry);
                }
            }
        }
    }
}

#[test]
fn flips_of_a_bare_header_neither_panic_nor_hang() {
    // The header as it is, not packed: every byte of it says something.
    let bytes = fixture("packed/bare.7z");
    assert_eq!(read(&bytes).entries.len(), 3);
    for at in 0..bytes.len() {
        for flip in 1..=255 {
            let mut bytes = bytes.clone();
            bytes[at] ^= flip;
            for entry in read(&bytes).entries.iter().take(10) {
                let _ = open(&bytes, entry);
            }
        }
    }
}
