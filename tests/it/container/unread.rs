//! Ways to keep a byte from being read that some loader reads: each is found, or the reading says that it is partial; and what
//! merely looks alike stays what it is.

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::view::{FileReport, Outcome, ReadingStatus};
use std::io::Write;
use std::sync::Arc;

/// The same call in the protocols 0, 2 and 4, and a change of what was imported.
const PROTO0: &[u8] = b"cos\nsystem\n(S'echo'\ntR.";
const PROTO2: &[u8] = b"\x80\x02cos\nsystem\nX\x04\0\0\0echo\x85R.";
const PROTO4: &[u8] = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04echo\x85R.";
const CHANGE: &[u8] = b"cos\nenviron\nVA\nVB\ns.";
const PLAIN: &[u8] = b"\x80\x02]q\0(K\x01K\x02e.";

fn scan(bytes: &[u8]) -> FileReport {
    let limits = Limits { unpacked: 16 << 20, ..Limits::default() };
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes.to_vec()));
    Bundle::new(vec![("a.bin".to_owned(), source)], limits).report("a.bin", u64::MAX, &mut |_| {})
}

fn is_told(bytes: &[u8]) -> bool {
    let report = scan(bytes);
    report.reading == ReadingStatus::Partial || report.level >= Outcome::Suspicious
}

/// Bytes that begin no opcode and are no text.
fn noise(length: usize) -> Vec<u8> {
    b"\xe1\xf3\xe9\xe2\xe7\xe4".iter().copied().cycle().take(length).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn header(name: &[u8], size: usize, kind: u8) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name);
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[148..156].fill(b' ');
    block[156] = kind;
    block[257..263].copy_from_slice(b"ustar\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut block = bytes.to_vec();
    block.resize(bytes.len().next_multiple_of(512), 0);
    block
}

fn tar_of(name: &[u8], content: &[u8]) -> Vec<u8> {
    [header(name, content.len(), b'0'), padded(content), vec![0; 1024]].concat()
}

/// An archive of one entry that its records in front give a size of `record`, and its header one that takes in the next.
fn tar_with_size(record: &[u8]) -> Vec<u8> {
    let (text, next) = ([b'.'; 512], tar_of(b"next", PROTO0));
    let size = text.len() + next.len();
    let records = [header(b"pax", record.len(), b'x'), padded(record)].concat();
    [records, header(b"text", size, b'0'), text.to_vec(), next, vec![0; 1024]].concat()
}

fn zip_of(prefix: &[u8], name: &str, content: &[u8], moved: u32, disk: u16) -> Vec<u8> {
    let sizes = [content.len() as u32; 2].map(u32::to_le_bytes).concat();
    let fields = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &sizes, &[name.len() as u8, 0, 0, 0]].concat();
    let start = prefix.len() as u32 + moved;
    let mut directory = [b"PK\x01\x02\x14\0", &fields[..], &[0; 10]].concat();
    directory.extend(start.to_le_bytes());
    directory.extend(name.as_bytes());
    let mut out = [prefix, b"PK\x03\x04", &fields, name.as_bytes(), content].concat();
    let place = out.len() as u32 + moved;
    out.extend(&directory);
    out.extend(b"PK\x05\x06");
    out.extend([disk, disk, 1, 1].map(u16::to_le_bytes).concat());
    out.extend([directory.len() as u32, place].map(u32::to_le_bytes).concat());
    out.extend([0, 0]);
    out
}

fn npy(descr: &str, data: &[u8]) -> Vec<u8> {
    let rows = data.len() / 8;
    let mut header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': ({rows},), }}\n").into_bytes();
    let mut out = b"\x93NUMPY\x01\0".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.append(&mut header);
    out.extend(data);
    out
}

#[test]
fn tar_archives_are_read_as_python_reads_them() {
    for record in [
        &b"13 size=5_12\n"[..],
        b"13 size= 512\n",
        b"13 size=+512\n",
        b"12 size=512x",
        b"13 size=none\n",
        b"99 size=1\n",
    ] {
        assert!(is_told(&tar_with_size(record)), "{}", record.escape_ascii());
    }
    assert_eq!(scan(&tar_with_size(b"12 size=512\n")).level, Outcome::Dangerous);
    assert_eq!(scan(&tar_of(b"", PROTO0)).level, Outcome::Dangerous);
    let report = scan(&tar_of(b"text", b"nothing"));
    assert_eq!((report.level, report.reading), (Outcome::NotAPickle, ReadingStatus::Complete));
}

#[test]
fn zip_archives_are_read_as_python_reads_them() {
    let content = gzip(PROTO0);
    // More than the few bytes of a header in front, behind which anything would be found.
    let far = noise(100);
    let behind = [PLAIN, &far].concat();
    for (prefix, moved, disk) in [(&far[..], 1000, 0), (&far, 0, 1), (&behind, 7, 0), (&behind, 0, 3), (b"", 9, 0)] {
        let bytes = zip_of(prefix, "x", &content, moved, disk);
        assert!(is_told(&bytes), "{prefix:?} {moved} {disk}: {:?}", scan(&bytes));
    }
    // An entry outside of the numbers that torch gives to storages is none of them, and one of them may be packed.
    let torch = |name: &str, content: &[u8]| {
        let first = zip_of(b"", "m/data.pkl", PLAIN, 0, 0);
        [first.clone(), zip_of(&[], name, content, 0, 0)].concat()
    };
    assert!(is_told(&torch("m/data/train", &zlib(PROTO0))));
    assert!(is_told(&zip_of(b"", "data", &[CHANGE, b"!"].concat(), 0, 0)));
}

#[test]
fn arrays_of_objects_are_known_however_they_are_written() {
    let data = [PROTO0, b"."].concat();
    assert_eq!(data.len() % 8, 0);
    for descr in ["'M8[ns],O'", "[('a', 'm8[s],O')]", "'f8, 2O'", "'object_'", "'(2,)O'"] {
        assert!(is_told(&npy(descr, &data)), "{descr}");
    }
    let report = scan(&npy("'<M8[ns]'", &[0; 16]));
    assert_eq!((report.level, report.reading), (Outcome::NotAPickle, ReadingStatus::Complete));
}

/// An `.lzma` file whose header is the sign of another format, too.
#[test]
fn a_sign_in_a_header_does_not_hide_the_stream() {
    // Made by Python: lzma.compress(PROTO0 padded, FORMAT_RAW) behind `lmgg\0` and a size that is not known.
    let bytes = include_bytes!("../../fixtures/left-over/sign-of-ggml.lzma");
    assert!(bytes.starts_with(b"lmgg"));
    assert_eq!(scan(bytes).level, Outcome::Dangerous);
}

#[test]
fn pickles_in_something_else_are_found_by_what_they_name() {
    let cut = |pickle: &[u8]| [&pickle[..pickle.len() - 1], b"!"].concat();
    let long = [b"\x80\x02", &b"N0".repeat(1 << 19)[..], &PROTO2[2..]].concat();
    let inside: [&[u8]; 9] =
        [PROTO0, PROTO2, PROTO4, &PROTO4[2..], &cut(PROTO2), &cut(PROTO0), CHANGE, b"(S'echo'\nios\nsystem\n.", &long];
    for pickle in inside {
        for front in [
            &noise(100)[..],
            b"\x89HDF\r\n\x1a\n",
            &[PLAIN, &noise(100)].concat(),
            &[PLAIN, &b"BZhustar".repeat(5000)].concat(),
        ] {
            let bytes = [front, &noise(300), pickle, &noise(10)].concat();
            assert!(is_told(&bytes), "{} behind {} bytes", pickle[..30.min(pickle.len())].escape_ascii(), front.len());
        }
    }
}

#[test]
fn streams_in_something_else_are_found_where_they_hold_a_pickle() {
    for stream in [gzip(PROTO0), zlib(PROTO2), zlib(PROTO0), tar_of(b"x", PROTO0), npy("'|O'", PROTO0)] {
        for front in [noise(100), [PLAIN, &noise(100)].concat(), b"BZh".repeat(5000)] {
            let bytes = [&front[..], &noise(70), &stream, &noise(70)].concat();
            assert!(is_told(&bytes), "{}", stream[..10].escape_ascii());
        }
    }
    // What holds none is data.
    for stream in [gzip(b"text"), zlib(&[0; 1000]), zlib(&noise(1000))] {
        let report = scan(&[&noise(170)[..], &stream, &noise(70)].concat());
        assert_eq!((report.level, report.reading), (Outcome::NotAPickle, ReadingStatus::Complete));
    }
}

#[test]
fn text_of_names_is_text() {
    let words = b"mosaic\nRobert\nscale\nacid\nicon\nraccoon\nib\ncode\nR\n(\ntR.\n".repeat(200);
    assert_eq!(scan(&[&b"Words.\n"[..], &words].concat()).level, Outcome::NotAPickle);
}

#[test]
fn digits_in_text_are_read_as_what_they_stand_for() {
    let base64 = data_encoding::BASE64.encode(PROTO4);
    let json = format!("{{\"a\": 1, \":serialized:\": \"{base64}\"}}");
    let csv = format!("id,model\n1,{}\n", data_encoding::HEXLOWER.encode(PROTO2));
    let lines = format!("{}\n{}\n", &base64[..20], &base64[20..]);
    let in_zip = zip_of(b"", "data", json.as_bytes(), 0, 0);
    for bytes in [json.as_bytes(), csv.as_bytes(), lines.as_bytes(), &in_zip] {
        assert_eq!(scan(bytes).level, Outcome::Dangerous, "{}", String::from_utf8_lossy(bytes));
    }
    // A flood of harmless ones does not hide what comes behind it.
    let harmless = data_encoding::BASE64.encode(b"\x80\x04ccollections\nOrderedDict\n)R.");
    let flood = format!("{}\"{base64}\"", format!("\"{harmless}\", ").repeat(100));
    assert_eq!(scan(flood.as_bytes()).reading, ReadingStatus::Partial);
    let plain = format!("{{\"a\": \"{}\"}}", data_encoding::BASE64.encode(PLAIN));
    assert_eq!(
        (scan(plain.as_bytes()).level, scan(plain.as_bytes()).reading),
        (Outcome::NotAPickle, ReadingStatus::Complete)
    );
}

#[test]
fn a_list_of_words_in_an_archive_is_no_pickle() {
    let words = scan(&zip_of(b"", "words.txt", b"cat\nos\nsystem\n.\nabc", 0, 0));
    assert_eq!((words.level, words.reading), (Outcome::NotAPickle, ReadingStatus::Complete));
    // What is called there is run, whatever follows.
    let call = scan(&zip_of(b"", "words.txt", b"cos\nsystem\n(S'echo'\ntRabc", 0, 0));
    assert_eq!(call.level, Outcome::Dangerous);
}

#[test]
fn bytes_of_no_entry_of_a_7z_archive_are_looked_into() {
    let start = [&(1_u64 << 40).to_le_bytes()[..], &[0; 12]].concat();
    let bytes = [b"7z\xbc\xaf\x27\x1c\0\x04\0\0\0\0", &start[..], PROTO2].concat();
    assert!(is_told(&bytes), "{:?}", scan(&bytes));
}

/// Every budget that is too small to say what something is makes the reading partial, whatever the file is called.
#[test]
fn what_a_budget_kept_from_being_read_is_never_no_pickle() {
    let zip = zip_of(b"", "weights.bin", PROTO2, 0, 0);
    for memory in (0..24).map(|power| 1_u64 << power) {
        for bytes in [
            PROTO0.to_vec(),
            PROTO2.to_vec(),
            PROTO4.to_vec(),
            gzip(PROTO2),
            tar_of(b"weights.bin", PROTO4),
            zip.clone(),
        ] {
            let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
            let report = Bundle::new(vec![("a.bin".to_owned(), source)], Limits::within(memory)).report(
                "a.bin",
                u64::MAX,
                &mut |_| {},
            );
            let is_told = report.reading == ReadingStatus::Partial || report.level == Outcome::Dangerous;
            assert!(is_told, "{memory}: {:?} {:?}", report.level, report.why);
        }
    }
    let options = picklescope::Options::new().memory(1);
    assert_eq!(picklescope::scan_bytes("a.bin", PROTO0.to_vec(), &options).level, Outcome::Dangerous);
}

#[test]
fn an_empty_file_that_goes_by_the_name_of_a_pickle_is_not_read() {
    let report = |name: &str| picklescope::scan_bytes(name, Vec::new(), &picklescope::Options::new());
    assert_eq!(report("model.pkl").reading, ReadingStatus::Partial);
    assert_eq!(report("model.bin").reading, ReadingStatus::Complete);
}
