//! The report on everything in a file: payloads in every container are found where they are, whatever hides them.

use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::view::{FileReport, Outcome, ReadingStatus};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn report(name: &str, bytes: Vec<u8>) -> FileReport {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    let limits = Limits { unpacked: 16 << 20, ..Limits::default() };
    let mut bundle = Bundle::open(vec![(name.to_owned(), source)], limits, &mut |_| {});
    bundle.report(name, u64::MAX, &mut |_| {})
}

#[test]
fn payloads_in_every_container_are_found_where_they_are() {
    let folder = fixtures().join("hostile-containers");
    let expected: Value = serde_json::from_slice(&fs::read(folder.join("EXPECTED.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for entry in expected.as_array().unwrap() {
        let name = entry["file"].as_str().unwrap();
        let report = report(name, fs::read(folder.join(name)).unwrap());
        let found = serde_json::to_value(&report).unwrap();
        let finding = report.findings.iter().find(|finding| {
            let same = |key: &str, text: &str| entry[key].is_null() || entry[key] == text;
            same("rule", &finding.rule) && same("container", &finding.container)
        });
        let reading = entry["reading"].is_null() || entry["reading"] == found["reading"];
        if found["level"] != entry["level"] || finding.is_none() || !reading {
            wrong.push(format!("{entry}\n    {:?} {:?} {:?}", report.level, report.reading, report.why));
            wrong.extend(
                report.findings.iter().map(|f| format!("    {} {:?} {} {}", f.container, f.level, f.rule, f.call)),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files that real tools wrote: nothing is above recognised but code of the file's own, and all of it is read.
#[test]
fn what_real_tools_wrote_is_read_whole_and_not_called_names() {
    let folder = fixtures().join("containers");
    let truth: Value = serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    // What is odd or closed on purpose; a pointer to a file that was not downloaded; zeros, pages and nothing by the name of a pickle.
    let odd = [
        "files-by-hand/denied.pkl",
        "files-by-hand/empty.pkl",
        "files-by-hand/error.pkl",
        "files-by-hand/model.pkl",
        "files-by-hand/zeros.pkl",
        "py7zr-1.1.4/encrypted.7z",
        "py7zr-1.1.4/ppmd.7z",
        "python-3.11.7/same-name.zip",
    ];
    let mut files = 0;
    for entry in truth.as_array().unwrap() {
        let name = entry["file"].as_str().unwrap();
        let report = report(name, fs::read(folder.join(name)).unwrap());
        files += 1;
        if odd.contains(&name) {
            assert!(report.level > Outcome::UnknownCode || report.reading == ReadingStatus::Partial, "{name}");
            continue;
        }
        if report.level > Outcome::UnknownCode {
            let worst = report.findings.iter().max_by_key(|finding| finding.level);
            let worst = worst.map(|f| format!("{} {} {} at {}", f.container, f.rule, f.call, f.offset));
            wrong.push(format!("{name}: {:?} {worst:?}", report.level));
        }
        if report.reading == ReadingStatus::Partial {
            wrong.push(format!("{name}: partial, {:?}", report.why));
        }
    }
    assert!(files > 500);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A zip archive of stored entries.
fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let mut sum = flate2::Crc::new();
        sum.update(data);
        let size = (data.len() as u32).to_le_bytes();
        let fields =
            [&[0; 8][..], &sum.sum().to_le_bytes(), &size, &size, &(name.len() as u16).to_le_bytes(), &[0; 2]].concat();
        let at = (out.len() as u32).to_le_bytes();
        directory.extend([&b"PK\x01\x02\x14\0\x14\0"[..], &fields, &[0; 10], &at, name.as_bytes()].concat());
        out.extend([&b"PK\x03\x04\x14\0"[..], &fields, name.as_bytes(), data].concat());
    }
    let (count, size) = ((entries.len() as u16).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    let at = (out.len() as u32).to_le_bytes();
    [out, directory, [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &at, &[0; 2]].concat()].concat()
}

/// Workbooks, reports and models are kept in values; at the end of a file they are still in the value.
#[test]
fn an_archive_inside_a_value_is_no_disguise() {
    let zip = zip_of(&[("model/data.pkl", b"\x80\x04K\x01."), ("model/version", b"\xff\xfe3\n")]);
    let text: String = zip.iter().copied().map(char::from).collect();
    let escape = |&byte: &u8| match byte {
        0 | b'\n' => format!("\\u{byte:04x}").into_bytes(),
        _ => vec![byte],
    };
    let escaped: Vec<u8> = zip.iter().flat_map(escape).collect();
    let sized = |opcode: &[u8], bytes: &[u8]| [opcode, &(bytes.len() as u32).to_le_bytes(), bytes].concat();
    let values = [
        sized(b"B", &zip),
        [&b"cbuiltins\nbytearray\n"[..], &sized(b"B", &zip), b"\x85R"].concat(),
        [&b"c_codecs\nencode\nV"[..], &escaped, b"\n", &sized(b"X", b"latin1"), b"\x86R"].concat(),
        [&b"c_codecs\nencode\n"[..], &sized(b"X", text.as_bytes()), &sized(b"X", b"latin1"), b"\x86R"].concat(),
    ];
    for value in values {
        let pickle = [&b"\x80\x04](ccollections\nOrderedDict\n)R"[..], &value, b"e."].concat();
        let report = report("report.pkl", pickle);
        assert_eq!((report.level, report.reading), (Outcome::Recognised, ReadingStatus::Complete), "{report:?}");
    }
    let behind = [&b"\x80\x04ccollections\nOrderedDict\n)R."[..], &zip].concat();
    assert_eq!(report("both.pkl", behind).level, Outcome::Suspicious);
}

#[test]
fn numbers_of_a_tensor_are_never_unpacked() {
    let pickle = b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu\
        K\x02tQK\x00K\x02\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR.";
    let model = zip_of(&[("m/data.pkl", pickle), ("m/data/0", b"\x78\x9c\xfb\x3c\0\0\x80\x3f"), ("m/version", b"3\n")]);
    let report = report("model.pt", model);
    assert_eq!((report.level, report.reading), (Outcome::Recognised, ReadingStatus::Complete), "{report:?}");
}

/// The catalogue of rules in the documentation: a row for each, with the words of its page and a file that shows it.
#[test]
fn the_catalogue_of_rules_is_that_of_the_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let catalogue = fs::read_to_string(folder.join("README.md")).unwrap();
    let rows: Vec<&str> = catalogue.lines().filter(|line| line.starts_with("| [")).collect();
    assert_eq!(rows.len(), picklescope::safety::rules::ALL.len());
    for (rule, row) in picklescope::safety::rules::ALL.iter().zip(rows) {
        let page = rule.page();
        let lines: Vec<&str> = page.lines().collect();
        let (_, title) = lines[0].split_once(": ").unwrap();
        let words = format!("| [{0}]({0}.md) | **{title}.** {1} | [", rule.id, lines[2]);
        assert!(row.starts_with(&words), "{row}\nshould begin with\n{words}");
        let example = row[words.len()..].split_once("](").unwrap().1.trim_end_matches(") |");
        let report = report("example.pkl", fs::read(folder.join(example)).unwrap());
        assert!(report.findings.iter().any(|finding| finding.rule == rule.id), "{example} does not show {}", rule.id);
    }
}
