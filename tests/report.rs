//! The report on everything in a file: payloads in every container are found where they are, whatever hides them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::view::{FileReport, Outcome, ReadingStatus};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn report(name: &str, bytes: Vec<u8>) -> FileReport {
    let source: Rc<dyn Source> = Rc::new(MemorySource::new(bytes));
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
    // What is odd or closed on purpose; a pointer to a file that was not downloaded; zeros by the name of a pickle.
    let odd = [
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
