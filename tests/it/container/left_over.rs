//! Bytes that a format leaves over, streams with headers that nobody writes by default, and files that are two things at
//! once: each byte that some loader reads is read, `info` says what `scan` says, and honest files stay what they are.

use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::safety::Level;
use picklescope::view::{FileReport, MemberRow, Outcome, Overview, ReadingStatus};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const EVIL: &[u8] = b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04echo\x85R.";
const PLAIN: &[u8] = b"\x80\x04]\x94(K\x01K\x02K\x03e.";

fn files(name: &str, bytes: &[u8]) -> Vec<(String, Arc<dyn Source>)> {
    vec![(name.to_owned(), Arc::new(MemorySource::new(bytes.to_vec())) as Arc<dyn Source>)]
}

fn limits() -> Limits {
    Limits { unpacked: 16 << 20, ..Limits::default() }
}

fn scan(name: &str, bytes: &[u8]) -> FileReport {
    Bundle::new(files(name, bytes), limits()).report(name, u64::MAX, &mut |_| {})
}

fn info(name: &str, bytes: &[u8]) -> Overview {
    Bundle::open(files(name, bytes), limits(), &mut |_| {}).document().overview()
}

fn rows(name: &str, bytes: &[u8]) -> Vec<MemberRow> {
    let mut rows = Vec::new();
    let mut bundle = Bundle::open(files(name, bytes), limits(), &mut |_| {});
    bundle.every_row(
        &mut |row| {
            rows.push(row.clone());
            true
        },
        &mut |_| {},
    );
    rows
}

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/left-over/cases.json");
    let cases: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    cases.as_array().unwrap().clone()
}

fn bytes_of(case: &Value) -> Vec<u8> {
    data_encoding::BASE64.decode(case["data"].as_str().unwrap().as_bytes()).unwrap()
}

/// What a report says of each case, and what it should.
#[test]
fn every_byte_that_a_loader_reads_is_read() {
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let report = scan(case["file"].as_str().unwrap(), &bytes_of(case));
        let found = serde_json::to_value(&report).unwrap();
        let reading = case["reading"].is_null() || case["reading"] == found["reading"];
        if found["level"] != case["level"] || !reading {
            wrong.push(format!("{}: {} {} {:?}", case["name"], found["level"], found["reading"], report.why));
        }
    }
    assert!(cases.len() > 600, "{}", cases.len());
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// `info` and `scan` agree: the verdict of what is shown is as bad as what a scan reports of the bytes around it.
#[test]
fn what_is_shown_first_tells_of_the_rest() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (name, bytes) = (case["file"].as_str().unwrap(), bytes_of(&case));
        let overview = info(name, &bytes);
        let told = overview.verdict.level >= Level::Suspicious;
        let honest = case["level"] == "not-a-pickle" || case["level"] == "data-only";
        // What is chosen in an archive is one of several entries: the others are listed, not judged.
        let beside = overview.notes.iter().any(|note| note.message.contains("beside what is shown"));
        if case["told"] == true && !told || honest && beside {
            wrong.push(format!("{}: {:?} {:?}", case["name"], overview.verdict, overview.notes));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// The same of the payloads that are in every container.
#[test]
fn the_verdict_of_hostile_containers_is_that_of_a_scan() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile-containers");
    let expected: Value = serde_json::from_slice(&fs::read(folder.join("EXPECTED.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for entry in expected.as_array().unwrap() {
        let name = entry["file"].as_str().unwrap();
        let bytes = fs::read(folder.join(name)).unwrap();
        let mut bundle = Bundle::open(files(name, &bytes), limits(), &mut |_| {});
        let overview = bundle.document().overview();
        let report = bundle.report(name, u64::MAX, &mut |_| {});
        let shown = overview.member;
        let of_shown = report.findings.iter().filter(|finding| finding.member == shown).map(|finding| finding.level);
        let worst = of_shown.max().unwrap_or_default();
        if overview.verdict.level < worst {
            wrong.push(format!("{name}: {:?}, a scan {worst:?}", overview.verdict.level));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn archives_one_behind_the_other_are_all_listed() {
    let archive = |name: &str| zip_of(&[(name, PLAIN)]);
    let many: Vec<u8> = (0..28).flat_map(|number| archive(&format!("{number}.pkl"))).collect();
    let rows = rows("many.distcp", &many);
    for number in 0..28 {
        assert!(rows.iter().any(|row| row.name == format!("{number}.pkl")), "{number}");
    }
    let report = scan("many.distcp", &many);
    assert_eq!((report.level, report.reading), (Outcome::DataOnly, ReadingStatus::Complete), "{:?}", report.why);
    assert_eq!(report.pickles.len(), 28);
}

#[test]
fn what_begins_behind_a_header_is_shown() {
    let framed = [&[0x55, 0x1f, 0x0c, 0x6b][..], PLAIN].concat();
    let overview = info("prefix4.cache", &framed);
    assert_eq!((overview.protocol, overview.pickles), (Some(4), 1));
    let rows = rows("prefix4.cache", &framed);
    assert!(rows.iter().any(|row| row.name == "pickle at offset 4" && row.shown), "{rows:?}");
    // A pickle that begins like a header is no header.
    let old = b"(S'\x80\x04K\x01.'\nt.";
    assert_eq!(info("old.pkl", old).pickles, 1);
    assert_eq!(rows_of_parts("old.pkl", old), 0);
}

fn rows_of_parts(name: &str, bytes: &[u8]) -> usize {
    rows(name, bytes).iter().filter(|row| row.name.contains(" at offset ")).count()
}

#[test]
fn streams_behind_streams_are_members_beside_each_other() {
    let deflate = |bytes: &[u8]| {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut packer, bytes).unwrap();
        packer.finish().unwrap()
    };
    let streams: Vec<u8> = (0..200).flat_map(|_| deflate(PLAIN)).chain(deflate(EVIL)).collect();
    let report = scan("streams.z", &streams);
    assert_eq!((report.level, report.pickles.len()), (Outcome::Dangerous, 201), "{:?}", report.why);
}

/// A bomb in many entries over one stream: what they unpack to counts together.
#[test]
fn entries_unpack_to_one_budget() {
    let bomb = {
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut packer, &vec![b'N'; 4 << 20]).unwrap();
        packer.finish().unwrap()
    };
    let bytes = one_stream(&bomb, 1000, true);
    let limits = Limits { unpacked: 8 << 20, ..Limits::default() };
    let report = Bundle::new(files("bomb.zip", &bytes), limits).report("bomb.zip", u64::MAX, &mut |_| {});
    assert_eq!(report.reading, ReadingStatus::Partial);
    assert!(report.why.iter().any(|why| why.contains("unpacks to more than")), "{:?}", report.why);
}

/// Rows of large archives are found without looking at all others.
#[test]
fn a_hundred_thousand_rows() {
    let entries: Vec<(String, &[u8])> = (0..60_000).map(|number| (format!("folder/{number}"), PLAIN)).collect();
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, data)| (name.as_str(), *data)).collect();
    let bytes = zip_of(&entries);
    let mut bundle = Bundle::open(files("many.zip", &bytes), limits(), &mut |_| {});
    let mut last = None;
    let mut count = 0_u64;
    bundle.every_row(
        &mut |row| {
            count += 1;
            last = Some(row.clone());
            true
        },
        &mut |_| {},
    );
    let last = last.unwrap();
    assert_eq!((count, last.position, last.siblings), (60_002, 60_000, 60_000));
    bundle.toggle(1, true, &mut |_| {});
    let rows = bundle.rows(59_000, 1000, &mut |_| {});
    assert_eq!((rows[0].parent, rows[0].position, rows[0].level), (Some(1), 58_999, 3));
}

/// Fields that lie, in every container: nothing panics, nothing is larger than the budget, and what is shown is accounted for.
#[test]
fn mutated_containers_are_read_as_far_as_they_go() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let values: [&[u8]; 8] = [
        b"\0\0\0\0",
        b"\xff\xff\xff\xff",
        b"\xff\xff\xff\x7f",
        b"\0\0\0\x80",
        b"\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x80\0\0\0\0\0\0\0\0\x7f\xff\xff",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"PK\x05\x06",
    ];
    for case in cases().iter().filter(|case| case["data"].as_str().is_some_and(|data| data.len() < 4000)) {
        let whole = bytes_of(case);
        for _ in 0..3 {
            let mut bytes = whole.clone();
            for _ in 0..=next(2) {
                let at = next(bytes.len());
                let value = values[next(values.len())];
                let end = (at + value.len()).min(bytes.len());
                bytes[at..end].copy_from_slice(&value[..end - at]);
            }
            if next(4) == 0 {
                bytes.truncate(next(bytes.len()) + 1);
            }
            let report = scan(case["file"].as_str().unwrap(), &bytes);
            let overview = info(case["file"].as_str().unwrap(), &bytes);
            let of_shown =
                report.findings.iter().filter(|found| found.member == overview.member).map(|found| found.level);
            assert!(overview.verdict.level >= of_shown.max().unwrap_or_default(), "{}: {bytes:?}", case["name"]);
        }
    }
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let at = (out.len() as u32).to_le_bytes();
        let mut sum = flate2::Crc::new();
        sum.update(data);
        let size = (data.len() as u32).to_le_bytes();
        let fields =
            [&[0; 8][..], &sum.sum().to_le_bytes(), &size, &size, &(name.len() as u16).to_le_bytes(), &[0; 2]].concat();
        directory.extend([&b"PK\x01\x02\x14\0\x14\0"[..], &fields, &[0; 10], &at, name.as_bytes()].concat());
        out.extend([&b"PK\x03\x04\x14\0"[..], &fields, name.as_bytes(), data].concat());
    }
    with_directory(out, &directory, entries.len())
}

fn with_directory(mut out: Vec<u8>, directory: &[u8], entries: usize) -> Vec<u8> {
    let (count, size) = ((entries as u16).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    let at = (out.len() as u32).to_le_bytes();
    out.extend(directory);
    [out, [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &at, &[0; 2]].concat()].concat()
}

/// An archive whose entries all have the same deflated bytes, each promised something else, so that none is known before.
fn one_stream(deflated: &[u8], entries: u32, promise: bool) -> Vec<u8> {
    let fields = |size: u32| {
        [&b"\0\0\x08\0\0\0\0\0\0\0\0\0"[..], &size.to_le_bytes(), &[0; 4], &4_u16.to_le_bytes(), &[0; 2]].concat()
    };
    let fields = fields(deflated.len() as u32);
    let out = [&b"PK\x03\x04\x14\0"[..], &fields, b"0000", deflated].concat();
    let record = |number: u32| {
        let name = format!("{number:04}");
        let mut fields = fields.clone();
        if promise {
            fields[8..12].copy_from_slice(&(number + 1).to_le_bytes());
        }
        [&b"PK\x01\x02\x14\0\x14\0"[..], &fields, &[0; 10], &[0; 4], name.as_bytes()].concat()
    };
    let directory: Vec<u8> = (0..entries).flat_map(record).collect();
    with_directory(out, &directory, entries as usize)
}

/// What is odd about a storage is odd about every value with its numbers: said where they are shown.
#[test]
fn notes_of_storages_are_told_with_the_value() {
    let pickle = b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu\
        K\x02tQK\x00K\x02\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR.";
    let numbers = b"\0\0\x80\x3f\0\0\0\x40";
    let good = zip_of(&[("m/data.pkl", pickle), ("m/data/0", numbers), ("m/version", b"3\n")]);
    let at = good.windows(8).position(|window| window == numbers).unwrap();
    let mut bad = good.clone();
    bad[at] = 1;
    let notes = |bytes: &[u8]| {
        let bundle = Bundle::open(files("model.pt", bytes), limits(), &mut |_| {});
        bundle.document().notes().iter().map(|note| format!("{}: {}", note.name, note.message)).collect::<Vec<_>>()
    };
    assert!(notes(&good).is_empty(), "{:?}", notes(&good));
    let told = notes(&bad);
    assert!(told.len() == 1 && told[0].starts_with("m/data/0: the directory says CRC-32"), "{told:?}");
    // The name in its own header.
    let mut renamed = good.clone();
    renamed[at - 1] = b'1';
    let told = notes(&renamed);
    assert!(told.len() == 1 && told[0].contains("the entry's own header has the name \"m/data/1\""), "{told:?}");
    // More than is checked at once is said not to be.
    let mut bundle = Bundle::new(files("model.pt", &bad), limits());
    let main = bundle.main(&mut |_| {});
    bundle.check_storages_up_to(4);
    bundle.show(main, &mut |_| {});
    let told = &bundle.document().notes()[0].message;
    assert_eq!(told, "the checksums of 1 storage with 8 bytes were not checked");
}

/// A scan says of every entry that its checksum does not match, storages among them; it is a note and no finding.
#[test]
fn a_scan_tells_of_checksums_that_do_not_match() {
    let entries: [(&str, &[u8]); 3] =
        [("m/data.pkl", PLAIN), ("m/data/0", b"\0\0\x80\x3f\0\0\0\x40"), ("m/version", b"3\n")];
    let good = zip_of(&entries);
    let report = scan("model.pt", &good);
    assert_eq!((report.level, report.reading), (Outcome::DataOnly, ReadingStatus::Complete), "{:?}", report.why);
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    for (name, data) in entries {
        let mut bad = good.clone();
        let at = bad.windows(data.len()).position(|window| window == data).unwrap();
        bad[at + data.len() - 2] ^= 1;
        let report = scan("model.pt", &bad);
        let start = format!("{name}: the directory says CRC-32");
        assert!(report.notes.len() == 1 && report.notes[0].starts_with(&start), "{name}: {:?}", report.notes);
        assert_eq!(report.level, Outcome::DataOnly, "{name}");
    }
}

/// What entries share is read once, whatever their number; it is said of all of them.
#[test]
fn entries_over_one_stream_are_read_once() {
    // A stored block, the last: EVIL.
    let size = EVIL.len() as u8;
    let deflated = [&[1, size, 0, !size, 0xff][..], EVIL].concat();
    let report = scan("shared.zip", &one_stream(&deflated, 1000, false));
    assert_eq!(report.pickles, ["0000"]);
    assert_eq!((report.level, report.reading), (Outcome::Dangerous, ReadingStatus::Complete), "{:?}", report.why);
    assert!(report.notes.iter().any(|note| note.starts_with("0400: its bytes are those of another")));
    let own = |name: &str| report.findings.iter().any(|finding| finding.container == name);
    assert!(own("0000") && own("0400"), "a name that the entry's own header does not have is a finding still");
}

/// What a loader seeks to, or a database hands out, is found wherever it lies.
#[test]
fn pickles_between_other_bytes_are_found() {
    let slot = |bytes: &[u8]| [bytes, &vec![1; 512 - bytes.len()]].concat();
    let page = |head: &[u8], fill: u8, size: usize| [head, &vec![fill; size - head.len()]].concat();
    let files = [
        ("SQLite", [page(b"SQLite format 3\0", 0xff, 4096), EVIL.to_vec(), vec![0; 900]].concat()),
        ("gdbm", [page(b"\xce\x9a\x57\x13", 0xff, 4096), b"key1".to_vec(), EVIL.to_vec(), vec![0; 3000]].concat()),
        ("ndbm", [page(b"\x02\0\xff\x03", 0, 900), EVIL.to_vec()].concat()),
        ("dumb", [slot(PLAIN).repeat(300), EVIL.to_vec()].concat()),
        ("decoys", [PLAIN.to_vec(), vec![0x80; 400], vec![1; 200], EVIL.to_vec()].concat()),
        ("far behind", [PLAIN.to_vec(), vec![1; 5 << 20], EVIL.to_vec()].concat()),
    ];
    for (name, bytes) in files {
        let report = scan(name, &bytes);
        assert_eq!(report.level, Outcome::Dangerous, "{name}: {:?} {:?}", report.level, report.why);
    }
    // Numbers are no pickles, however many.
    let mut state = 1_u64;
    for file in 0..20 {
        let mut numbers = Vec::new();
        while numbers.len() < 200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            numbers.extend((((state >> 33) as f32) / 1e9).to_le_bytes());
        }
        let report = scan("weights.bin", &numbers);
        let whole = (Outcome::NotAPickle, ReadingStatus::Complete);
        assert_eq!((report.level, report.reading), whole, "{file}: {:?} {:?}", report.why, report.notes);
    }
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

/// joblib takes the next stream for more of the same.
#[test]
fn streams_that_loaders_join_are_said_to_be_read_apart() {
    let report = scan("joined.z", &[zlib(&EVIL[..4]), zlib(&EVIL[4..])].concat());
    assert_eq!(report.reading, ReadingStatus::Partial);
    assert!(report.why[0].contains("zlib stream follows, which some loaders take for more"), "{:?}", report.why);
    let report = scan("apart.z", &[zlib(PLAIN), zlib(PLAIN)].concat());
    assert_eq!((report.level, report.reading), (Outcome::DataOnly, ReadingStatus::Complete), "{:?}", report.why);
}

/// Names and signs do not keep bytes from being looked at.
#[test]
fn folders_with_content_pictures_and_late_storages_are_looked_into() {
    let folder = zip_of(&[("x/", &zlib(EVIL))]);
    assert_eq!(scan("folder.zip", &folder).level, Outcome::Dangerous);
    let picture = [&b"GIF89aXXX0N."[..], &zlib(EVIL)].concat();
    assert_eq!(scan("cache.djcache", &picture).level, Outcome::Dangerous);
    let names: Vec<String> = (0..1100).map(|number| format!("m/data/{number}")).collect();
    let mut entries: Vec<(&str, &[u8])> = vec![("m/data.pkl", PLAIN), ("m/version", b"3\n")];
    entries.extend(names.iter().map(|name| (name.as_str(), &b"\0\0\0\0"[..])));
    entries.push(("m/data/zzz", EVIL));
    assert_eq!(scan("model.pt", &zip_of(&entries)).level, Outcome::Dangerous);
}

/// A page by the name of a pickle is no pickle that was read.
#[test]
fn other_formats_by_the_name_of_a_pickle_make_the_reading_partial() {
    let files: [(&str, &[u8]); 3] = [
        ("model.pkl", b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
        ("._model.pkl", b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x02\0\0\0\x09\0\0\0\x32\0\0\0\x0e"),
        ("model.pickle", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ];
    for (name, bytes) in files {
        let report = scan(name, bytes);
        assert_eq!((report.level, report.reading), (Outcome::NotAPickle, ReadingStatus::Partial), "{name}");
        assert!(report.why[0].contains("named like a pickle, but is a"), "{:?}", report.why);
    }
}

/// numpy's own documentation saves several arrays into one file.
#[test]
fn arrays_one_behind_the_other_are_found() {
    let header = format!("{:<117}\n", "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }");
    let array = [&b"\x93NUMPY\x01\0\x76\0"[..], header.as_bytes(), b"\x01\0\0\0\x02\0\0\0"].concat();
    let evil = [&array[..], &array, EVIL].concat();
    let rows = rows("two.npy", &evil);
    assert!(rows.iter().any(|row| row.name == "npy array at offset 136"), "{rows:?}");
    assert_eq!(scan("two.npy", &evil).level, Outcome::Dangerous);
    let two = [&array[..], &array].concat();
    let report = scan("two.npy", &two);
    assert_eq!((report.level, report.reading), (Outcome::NotAPickle, ReadingStatus::Complete), "{:?}", report.why);
}
