//! What wrote a file: the versions that the manifest has must lie within what is said, and what fails to load in three
//! environments of real libraries (`loads.json`) must be foreseen, and nothing else.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::lens::compare_versions;
use picklescope::view::{Environment, Package};
use serde_json::Value;
use std::cmp::Ordering;
use std::sync::Arc;
use support::{fixture, manifest, open};

/// Failures that no version of a library tells: where, and the beginning of the message.
const UNFORESEEN: [(&str, &str); 3] = [
    ("", "UnpicklingError: pickle stream refers to out-of-band data"),
    // A freq that older versions spell otherwise.
    ("real/pandas-2.2/indexes", "ValueError: Invalid frequency: Y-DEC"),
    ("real/pandas-3.1/times", "NotImplementedError"),
];

fn environment(row: &Value) -> Environment {
    open(&fixture(&format!("real/{}", row["file"].as_str().unwrap()))).environment()
}

/// Whether a version is within `>= 1.0, < 2.0`.
fn is_within(version: &str, bounds: &str) -> bool {
    bounds.split(", ").all(|bound| match bound.split_once(' ') {
        Some((">=", least)) => compare_versions(version, least) != Ordering::Less,
        Some(("<", most)) => compare_versions(version, most) == Ordering::Less,
        _ => panic!("{bounds} are no bounds"),
    })
}

fn check(package: &Package, version: &str, file: &str) {
    if package.is_stated {
        assert_eq!(package.version, version, "{file}");
    } else if !package.version.is_empty() {
        let holds = is_within(version, &package.version);
        assert!(holds, "{file}: {} {version} is not {}: {:?}", package.name, package.version, package.evidence);
    }
}

#[test]
fn versions_are_those_that_wrote_the_files() {
    let loads: Value = serde_json::from_slice(&fixture("loads.json")).unwrap();
    let (mut stated, mut bounded) = (0, 0);
    for row in manifest("real/MANIFEST.json") {
        let (file, library) = (row["file"].as_str().unwrap(), row["library"].as_str().unwrap());
        let found = environment(&row);
        let named = |name: &str| found.packages.iter().find(|package| package.name == name);
        if let Some(python) = named("Python") {
            check(python, row["python"].as_str().unwrap(), file);
        }
        if let Some(package) = named(library) {
            check(package, row["version"].as_str().unwrap(), file);
            stated += usize::from(package.is_stated);
            bounded += usize::from(!package.is_stated && !package.version.is_empty());
        }
        // The other libraries of the environment are in the files, too. Python 2 was not in one of these.
        let versions = &loads["versions"][row["environment"].as_str().unwrap()];
        if row["python"].as_str().unwrap().starts_with('3') && versions.is_object() {
            for package in found.packages.iter().filter(|package| package.name != "Python") {
                if let Some(version) = versions[&package.name].as_str() {
                    check(package, version, file);
                }
            }
        }
        assert_eq!(found.packages.len(), found.pins.len());
    }
    assert!(stated >= 100, "{stated} files state their version");
    assert!(bounded >= 150, "{bounded} files bound it");
}

#[test]
fn versions_are_those_that_wrote_the_containers() {
    let (mut checked, mut bounded) = (0, 0);
    for row in manifest("containers/truth.json") {
        let (file, tool) = (row["file"].as_str().unwrap(), row["tool"].as_str().unwrap());
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(fixture(&format!("containers/{file}"))));
        let bundle = Bundle::open(vec![(file.to_owned(), source)], Limits::default(), &mut |_| {});
        let found = bundle.document().environment();
        for package in &found.packages {
            let version = match package.name.as_str() {
                "Python" => &row["python"],
                name if name == tool => &row["version"],
                _ => continue,
            };
            let Some(version) = version.as_str() else { continue };
            check(package, version, file);
            checked += 1;
            bounded += usize::from(tool == "torch" && package.name == "torch" && !package.version.is_empty());
        }
    }
    assert!(checked >= 300, "{checked} packages");
    assert!(bounded >= 60, "{bounded} files bound their torch");
}

/// Whether a break is about an environment with these versions.
fn applies(with: &str, versions: &Value, environment: &str) -> bool {
    if with.contains("without pytz") {
        return environment == "modern";
    }
    let (name, bound) = with.split_once(' ').unwrap();
    let name = if name == "Python" { "python" } else { name };
    versions[name].as_str().is_some_and(|version| is_within(version, bound))
}

#[test]
fn what_fails_to_load_is_foreseen() {
    let loads: Value = serde_json::from_slice(&fixture("loads.json")).unwrap();
    let (mut foreseen, mut wrong) = (0, Vec::new());
    for row in manifest("real/MANIFEST.json") {
        let (file, library) = (row["file"].as_str().unwrap(), row["library"].as_str().unwrap());
        let is_tried = matches!(library, "numpy" | "pandas" | "scikit-learn" | "scipy");
        if !is_tried || !row["python"].as_str().unwrap().starts_with('3') {
            continue;
        }
        let found = environment(&row);
        for (name, versions) in loads["versions"].as_object().unwrap() {
            let failure = loads["failures"][name][file].as_str();
            // What loads and then fails is another matter.
            let breaks = found.breaks.iter().filter(|failure| !failure.what.starts_with("it loads"));
            let breaks: Vec<&str> = breaks.map(|failure| failure.with.as_str()).collect();
            let applying = breaks.iter().filter(|with| applies(with, versions, name)).count();
            let path = format!("real/{file}");
            let is_beyond = failure.is_some_and(|message| {
                UNFORESEEN.iter().any(|(place, begin)| path.starts_with(place) && message.starts_with(begin))
            });
            foreseen += usize::from(failure.is_some() && applying > 0);
            if !is_beyond && failure.is_some() != (applying > 0) {
                wrong.push(format!("{file} in {name}: {failure:?}, foreseen {breaks:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(foreseen >= 150, "{foreseen}");
}

#[test]
fn a_str_of_python_2_stops_python_3_only_where_it_is_not_ascii() {
    for (bytes, offset) in [
        (&b"\x80\x02U\x05helloq\x00."[..], None),
        (b"S'caf'\n.", None),
        (b"\x80\x02]q\x00(U\x02okU\x01\xe9e.", Some(10)),
        (b"S'caf\\xe9'\n.", Some(0)),
    ] {
        let breaks = open(bytes).environment().breaks;
        let found = breaks.iter().find(|failure| failure.what.contains("UnicodeDecodeError"));
        assert_eq!(found.map(|failure| failure.offset), offset.map(Some), "{bytes:?}: {breaks:?}");
    }
}

#[test]
fn versions_of_pandas_are_those_that_wrote_the_tables() {
    let tables = support::folder("fixtures", "tables");
    let mut bounded = 0;
    for table in tables {
        let name = table.name.as_str();
        let Some(version) = name.strip_prefix("tables/pandas-").and_then(|rest| rest.split(['/', '-']).next()) else {
            continue;
        };
        let found = open(&table.bytes).environment();
        if let Some(package) = found.packages.iter().find(|package| package.name == "pandas") {
            check(package, version, name);
            bounded += usize::from(package.version.contains(", "));
        }
    }
    assert!(bounded > 150, "{bounded} have both bounds");
}
