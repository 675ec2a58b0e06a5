//! Zip archives: those that Python and numpy write, and every anomaly that loaders pass over, made by changing bytes of
//! them.

use crate::support;
use crate::support::counter::Counter;
use picklescope::bytes::{Limits, MemorySource, ReadError, Source, Span, read_span};
use picklescope::container::{Archive, Directory, Ending, Entry, Format, Method, Opened, sniff, zip, zip_at_end};
use std::sync::Arc;
use support::fixture;
use support::hollow::Hollow;

fn source(bytes: &[u8]) -> Arc<dyn Source> {
    Arc::new(MemorySource::new(bytes.to_vec()))
}

fn read(bytes: &[u8]) -> Directory {
    zip::read(&source(bytes), &Limits::default())
}

fn small() -> Vec<u8> {
    fixture("packed/small.pkl")
}

/// The content of an entry, how its unpacking ended, and what was noted on the way.
fn open(bytes: &[u8], entry: &Entry) -> Result<(Vec<u8>, Vec<String>), String> {
    let source = source(bytes);
    let (_, notes) = entry.data(&source)?;
    let mut texts: Vec<String> = notes.into_iter().map(|note| note.text).collect();
    let all = |source: &dyn Source| read_span(source, Span::new(0, source.len())).unwrap().into_owned();
    match entry.open(&source)? {
        Opened::Stored(slice) => Ok((all(&slice), texts)),
        Opened::Packed(unpacked) => {
            if let Ending::Damaged { message, .. } = unpacked.advance(1 << 24, &mut |_, _| {}) {
                texts.push(message);
            }
            texts.extend(unpacked.notes().into_iter().map(|note| note.text));
            Ok((all(&unpacked), texts))
        }
    }
}

/// Everything that is noted of an archive of two entries, `a.pkl` stored and `b.pkl` deflated; both still open.
fn anomalies(bytes: &[u8]) -> Vec<String> {
    let directory = read(bytes);
    assert_eq!(directory.entries.len(), 2, "{directory:?}");
    let mut texts: Vec<String> = directory.notes.iter().map(|note| note.text.clone()).collect();
    for entry in &directory.entries {
        texts.extend(entry.notes.iter().map(|note| note.text.clone()));
        let (content, more) = open(bytes, entry).unwrap();
        assert_eq!(content, small(), "{}", entry.name);
        texts.extend(more);
    }
    texts
}

fn two() -> Vec<u8> {
    fixture("packed/comment.zip")
}

/// Where the n-th record with this signature begins.
fn record(bytes: &[u8], signature: &[u8; 4], number: usize) -> usize {
    memchr::memmem::find_iter(bytes, signature).nth(number).unwrap()
}

const LOCAL: &[u8; 4] = b"PK\x03\x04";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const END: &[u8; 4] = b"PK\x05\x06";

/// The archive of two with bytes set at an offset in a record.
fn with(signature: &[u8; 4], number: usize, at: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = two();
    let start = record(&bytes, signature, number) + at;
    assert_ne!(&bytes[start..start + new.len()], new, "nothing changes");
    bytes[start..start + new.len()].copy_from_slice(new);
    bytes
}

fn assert_one(texts: &[String], expected: &str) {
    assert!(texts.len() == 1 && texts[0].contains(expected), "{expected:?} is not in {texts:#?}");
}

#[test]
fn every_method_opens_and_names_are_decoded() {
    let bytes = fixture("packed/methods.zip");
    assert_eq!(sniff(&MemorySource::new(bytes.clone())), Some(Format::Archive(Archive::Zip)));
    let directory = read(&bytes);
    assert!(directory.complete && directory.notes.is_empty(), "{:?}", directory.notes);
    let methods: Vec<Method> = directory.entries.iter().map(|entry| entry.method).collect();
    use Method::{Bzip2, Deflate, Lzma, Stored};
    assert_eq!(methods, [Stored, Deflate, Bzip2, Lzma, Stored, Stored, Deflate]);
    for entry in &directory.entries {
        let (content, notes) = open(&bytes, entry).unwrap();
        let is_empty = entry.folder || entry.name == "archive/empty";
        assert_eq!(content, if is_empty { Vec::new() } else { small() }, "{}", entry.name);
        assert!(notes.is_empty() && entry.notes.is_empty(), "{}: {notes:?} {:?}", entry.name, entry.notes);
    }
    assert!(directory.entries[4].folder);
    assert_eq!(directory.entries[5].name, "archive/data/größe.pkl");
}

#[test]
fn comments_descriptors_and_zip64_are_ordinary() {
    for name in ["comment.zip", "descriptor.zip"] {
        assert!(anomalies(&fixture(&format!("packed/{name}"))).is_empty(), "{name}");
    }
    for (name, entry_name) in [("wide.zip", "wide.pkl"), ("arrays.npz", "grid.npy")] {
        let bytes = fixture(&format!("packed/{name}"));
        let directory = read(&bytes);
        assert!(directory.complete && directory.notes.is_empty(), "{:?}", directory.notes);
        assert_eq!(directory.entries[0].name, entry_name);
        let (content, notes) = open(&bytes, &directory.entries[0]).unwrap();
        assert!(notes.is_empty(), "{name}: {notes:?}");
        assert_eq!(content.len() as u64, directory.entries[0].size);
    }
}

#[test]
fn what_lies_before_the_archive_shifts_its_offsets() {
    let bytes = fixture("packed/prefix.zip");
    assert_eq!(sniff(&MemorySource::new(bytes.clone())), None);
    assert!(zip_at_end(&source(&bytes)));
    let texts = anomalies(&bytes);
    assert!(texts.len() <= 1, "{texts:?}");
    let mut moved = b"\x80\x04N.".to_vec();
    moved.extend(two());
    assert!(zip_at_end(&source(&moved)));
    assert_one(&anomalies(&moved), "4 bytes lie before the archive");
    assert!(!zip_at_end(&source(&two())));
    assert!(!zip_at_end(&source(b"\x80\x04N.")));
}

#[test]
fn lying_flags_are_noted_and_the_content_is_offered() {
    for (flag, expected) in [(1, "0x1"), (0x20, "0x20"), (0x40, "0x40")] {
        for number in 0..2 {
            let bytes = with(CENTRAL, number, 8, &[flag]);
            let texts = anomalies(&bytes);
            assert_eq!(texts.len(), 2, "{texts:?}");
            assert!(texts[0].contains(&format!("flag {expected} says")), "{texts:?}");
            assert!(texts[1].contains("own header has flags"), "{texts:?}");
        }
        // In the entry's own header alone.
        assert_one(&anomalies(&with(LOCAL, 0, 6, &[flag])), "own header has flags");
    }
}

#[test]
fn what_is_encrypted_is_refused_by_name() {
    // Flagged, and twelve bytes longer than the content; or of codes that are none.
    let mut bytes = with(CENTRAL, 0, 8, &[1]);
    let at = record(&bytes, CENTRAL, 0) + 24;
    bytes[at] -= 12;
    let directory = read(&bytes);
    assert!(directory.entries[0].encrypted);
    assert_eq!(open(&bytes, &directory.entries[0]).unwrap_err(), "a.pkl is encrypted");
    let mut bytes = with(CENTRAL, 1, 8, &[1]);
    let at = record(&bytes, LOCAL, 1) + 30 + 5;
    bytes[at..at + 20].fill(0xff);
    let directory = read(&bytes);
    assert_eq!(open(&bytes, &directory.entries[1]).unwrap_err(), "b.pkl is encrypted");
    let bytes = with(CENTRAL, 1, 10, &[99]);
    let error = open(&bytes, &read(&bytes).entries[1]).unwrap_err();
    assert!(error.contains("packed with AES encryption"), "{error}");
}

#[test]
fn wrong_checksums_are_notes() {
    for number in 0..2 {
        let texts = anomalies(&with(CENTRAL, number, 16, &[1, 2, 3, 4]));
        assert_one(&texts, "the directory says CRC-32 04030201, the content has");
    }
    // torch writes zero when it is told not to compute them.
    assert!(anomalies(&with(CENTRAL, 0, 16, &[0; 4])).is_empty());
}

#[test]
fn headers_that_differ_from_the_directory_are_noted() {
    assert_one(&anomalies(&with(LOCAL, 0, 30, b"x")), "own header has the name \"x.pkl\"");
    assert_one(&anomalies(&with(LOCAL, 0, 8, &[8])), "own header says deflate, the directory stored");
    assert_one(&anomalies(&with(LOCAL, 1, 22, &[9])), "own header says 9 bytes");
    assert_one(&anomalies(&with(LOCAL, 1, 18, &[9])), "own header says 9 packed bytes");
}

#[test]
fn sizes_that_the_content_has_not_are_noted() {
    let bytes = with(CENTRAL, 1, 24, &[9]);
    let texts = anomalies(&bytes);
    assert!(texts.iter().any(|text| text.contains("the directory says 9 bytes, unpacking gives")), "{texts:?}");
}

#[test]
fn names_that_are_odd_are_noted() {
    let mut bytes = two();
    for signature in [LOCAL, CENTRAL] {
        let at = record(&bytes, signature, 1) + if signature == LOCAL { 30 } else { 46 };
        bytes[at] = b'a';
    }
    let texts = anomalies(&bytes);
    assert_eq!(texts.iter().filter(|text| text.contains("has the same name")).count(), 2, "{texts:?}");
    for name in [b"../.l", b"/.pkl", b"\\.pkl", b"c:pkl"] {
        let mut bytes = two();
        for (signature, skip) in [(LOCAL, 30), (CENTRAL, 46)] {
            let at = record(&bytes, signature, 0) + skip;
            bytes[at..at + 5].copy_from_slice(name);
        }
        assert_one(&anomalies(&bytes), "leads out of the folder");
    }
    let mut bytes = two();
    for (signature, skip) in [(LOCAL, 30), (CENTRAL, 46)] {
        let at = record(&bytes, signature, 0) + skip;
        bytes[at..at + 2].copy_from_slice(b"\x81\0");
    }
    assert_one(&anomalies(&bytes), "zero byte");
    assert_eq!(read(&bytes).entries[0].name, "ü\0pkl");
}

/// An archive of one stored entry with an extra field in the directory.
fn with_extra(name: &str, extra: &[u8]) -> Vec<u8> {
    let content = small();
    let mut crc = flate2::Crc::new();
    crc.update(&content);
    let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    shared.extend(crc.sum().to_le_bytes());
    shared.extend((content.len() as u32).to_le_bytes());
    shared.extend((content.len() as u32).to_le_bytes());
    shared.extend((name.len() as u16).to_le_bytes());
    let mut bytes = LOCAL.to_vec();
    bytes.extend(&shared);
    bytes.extend([0; 2]);
    bytes.extend(name.as_bytes());
    bytes.extend(&content);
    let directory = bytes.len();
    bytes.extend(CENTRAL);
    bytes.extend([20, 3]);
    bytes.extend(&shared);
    bytes.extend((extra.len() as u16).to_le_bytes());
    bytes.extend([0; 14]);
    bytes.extend(name.as_bytes());
    bytes.extend(extra);
    let size = bytes.len() - directory;
    bytes.extend(END);
    bytes.extend([0, 0, 0, 0, 1, 0, 1, 0]);
    bytes.extend((size as u32).to_le_bytes());
    bytes.extend((directory as u32).to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

#[test]
fn a_second_name_in_an_extra_field_is_noted() {
    let bytes = with_extra("a.pkl", b"\x75\x70\x0a\0\x01\0\0\0\0b.pkl");
    let directory = read(&bytes);
    assert_eq!(directory.entries[0].notes.len(), 1, "{directory:?}");
    assert!(directory.entries[0].notes[0].text.contains("the name \"b.pkl\""), "{directory:?}");
    let same = with_extra("a.pkl", b"\x75\x70\x0a\0\x01\0\0\0\0a.pkl");
    assert!(read(&same).entries[0].notes.is_empty());
}

#[test]
fn entries_that_overlap_or_lie_outside_are_noted() {
    let bytes = with(CENTRAL, 1, 42, &[0]);
    let directory = read(&bytes);
    let notes = &directory.entries[1].notes;
    assert!(notes.iter().any(|note| note.text.contains("are part of the one at offset 0")), "{notes:?}");
    // The entry that is now in no directory is listed all the same.
    let hidden = &directory.entries[2].notes;
    assert!(hidden.iter().any(|note| note.text.contains("the directory does not list it")), "{hidden:?}");
    let bytes = with(CENTRAL, 1, 42, &[0, 0, 0, 0x10]);
    let directory = read(&bytes);
    let notes = &directory.entries[1].notes;
    assert!(notes.iter().any(|note| note.text.contains("past the end")), "{notes:?}");
    let error = open(&bytes, &directory.entries[1]).unwrap_err();
    assert!(error.contains("no entry's header at offset"), "{error}");
}

#[test]
fn a_count_that_is_wrong_is_noted() {
    assert_one(&anomalies(&with(END, 0, 10, &[7])), "says 7 entries, the directory has 2");
}

#[test]
fn a_directory_that_is_not_where_it_should_be_is_found() {
    // Its size is too small: it begins where the offset says.
    assert_one(&anomalies(&with(END, 0, 12, &[50])), "does not end where");
    let mut bytes = two();
    bytes.extend_from_slice(b"junk");
    assert_one(&anomalies(&bytes), "4 bytes follow the end of the archive");
    bytes.truncate(bytes.len() - 8);
    assert_one(&anomalies(&bytes), "comment is cut off");
}

#[test]
fn the_last_end_record_that_leads_somewhere_is_taken() {
    let mut bytes = two();
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0\x05\0\x05\0\x40\0\0\0\xff\xff\0\0\0\0");
    let texts = anomalies(&bytes);
    assert!(texts.iter().any(|text| text.contains("1 later end records lead to no directory")), "{texts:?}");
}

#[test]
fn an_empty_end_record_behind_another_is_noted() {
    let mut bytes = two();
    let size = bytes.len() as u32;
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0");
    bytes.extend_from_slice(&size.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    let directory = read(&bytes);
    assert!(directory.complete && directory.entries.is_empty());
    assert!(directory.notes[0].text.contains("another before it leads to entries"), "{:?}", directory.notes);
}

#[test]
fn an_archive_in_parts_is_refused_in_words() {
    let whole = with(END, 0, 4, &[2]);
    let last_part = &whole[record(&whole, CENTRAL, 0)..];
    let directory = read(last_part);
    assert!(!directory.complete && directory.entries.is_empty());
    assert!(directory.notes[0].text.contains("several parts"), "{:?}", directory.notes);
}

/// Python's zipfile does not look at the number of the part.
#[test]
fn a_whole_archive_that_says_it_is_a_part_is_read() {
    let directory = read(&with(END, 0, 4, &[2]));
    assert!(directory.complete && directory.entries.len() == 2);
    assert!(directory.notes[0].text.contains("yet the archive is all here"), "{:?}", directory.notes);
}

#[test]
fn without_a_directory_the_headers_are_followed() {
    for name in ["comment.zip", "descriptor.zip"] {
        let bytes = fixture(&format!("packed/{name}"));
        let end = record(&bytes, CENTRAL, 0);
        let directory = read(&bytes[..end]);
        assert!(!directory.complete, "{name}");
        assert!(directory.notes[0].text.contains("no directory"), "{:?}", directory.notes);
        let names: Vec<&str> = directory.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a.pkl", "b.pkl"], "{name}");
        for entry in &directory.entries {
            let (content, notes) = open(&bytes[..end], entry).unwrap();
            assert_eq!(content, small(), "{name}: {}", entry.name);
            assert!(notes.is_empty(), "{name}: {notes:?}");
        }
    }
}

#[test]
fn cut_anywhere_it_is_listed_as_far_as_it_goes() {
    for name in ["methods.zip", "descriptor.zip", "wide.zip"] {
        let bytes = fixture(&format!("packed/{name}"));
        let whole = read(&bytes).entries.len();
        let mut most = 0;
        for cut in 0..bytes.len() {
            let directory = read(&bytes[..cut]);
            assert!(!directory.complete, "{name} cut at {cut}");
            assert!(!directory.notes.is_empty());
            most = most.max(directory.entries.len());
            for entry in &directory.entries {
                let _ = open(&bytes[..cut], entry);
            }
        }
        assert_eq!(most, whole, "{name}");
    }
}

#[test]
fn flips_neither_panic_nor_hang() {
    for name in ["methods.zip", "descriptor.zip", "wide.zip", "comment.zip"] {
        let bytes = fixture(&format!("packed/{name}"));
        for at in 0..bytes.len() {
            for flip in [0x01, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                for entry in &read(&bytes).entries {
                    let _ = open(&bytes, entry);
                }
            }
        }
    }
}

/// Counts reads and the bytes they ask for.
struct Counted {
    inner: MemorySource,
    reads: Counter,
    bytes: Counter,
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.reads.add(1);
        self.bytes.set(self.bytes.get() + buffer.len() as u64);
        self.inner.read_at(offset, buffer)
    }
}

#[test]
fn ten_thousand_entries_are_listed_by_a_few_reads() {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for number in 0..10_000 {
        let one = with_extra(&format!("archive/data/{number:05}"), b"");
        let (central, end) = (record(&one, CENTRAL, 0), record(&one, END, 0));
        let mut entry = one[central..end].to_vec();
        entry[42..46].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
        directory.extend(entry);
        bytes.extend_from_slice(&one[..central]);
    }
    let start = bytes.len() as u32;
    bytes.extend_from_slice(&directory);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0\x10\x27\x10\x27");
    bytes.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&start.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    let whole = bytes.len() as u64;
    let counted = Arc::new(Counted { inner: MemorySource::new(bytes), reads: Counter::new(0), bytes: Counter::new(0) });
    let source: Arc<dyn Source> = Arc::<Counted>::clone(&counted);
    let listed = zip::read(&source, &Limits::default());
    assert_eq!(listed.entries.len(), 10_000);
    assert!(listed.complete && listed.notes.is_empty(), "{:?}", listed.notes);
    assert!(counted.reads.get() < 10, "{} reads", counted.reads.get());
    assert!(counted.bytes.get() < directory.len() as u64 + 100_000 && whole > 2_000_000);
    let limits = Limits { entries: 100, ..Limits::default() };
    let listed = zip::read(&source, &limits);
    assert_eq!((listed.entries.len(), listed.complete), (100, false));
    assert!(listed.notes[0].text.contains("first 100 of 10000"), "{:?}", listed.notes);
}

/// A gigabyte of zeros in a sparse file takes no room: it is not all searched for headers of entries that no directory lists.
#[test]
fn a_hole_is_searched_up_to_a_budget() {
    const HOLE: u32 = 1 << 30;
    let limits = Limits { searched: 1 << 20, ..Limits::default() };
    let list = |head: &[u8], tail: &[u8]| {
        let read = Arc::new(Counter::new(0));
        let source = Hollow { head: head.to_vec(), zeros: HOLE.into(), tail: tail.to_vec(), read: Arc::clone(&read) };
        let directory = zip::read(&(Arc::new(source) as Arc<dyn Source>), &limits);
        assert!(read.get() < 2 * limits.searched, "{} bytes were read", read.get());
        directory
    };
    let ended = |directory: &Directory| {
        !directory.complete && directory.notes.iter().any(|note| note.text.contains("searched for headers"))
    };
    // Without a directory; with an entry whose end has to be found.
    let header = [b"PK\x03\x04\x14\0\x08\0\0\0", &[0; 16][..], b"\x01\0\0\0a"].concat();
    let cut = list(&header, b"");
    assert!(ended(&cut) && cut.entries.len() == 1, "{cut:?}");
    // Between an entry and the directory.
    let mut bytes = two();
    let middle = record(&bytes, b"PK\x01\x02", 0);
    let offset = record(&bytes, b"PK\x05\x06", 0) + 16;
    bytes[offset..offset + 4].copy_from_slice(&(middle as u32 + HOLE).to_le_bytes());
    let gap = list(&bytes[..middle], &bytes[middle..]);
    assert!(ended(&gap) && gap.entries.len() == 2, "{gap:?}");
}
