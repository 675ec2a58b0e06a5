//! The listing of every fixture against the sums of what Python 3.11's `pickletools` prints (`tests/fixtures/dis.json`,
//! written by `scripts/fixtures/listings.py`), plain and annotated; 22 of them as text.

use crate::support;
use crate::support::sha256;
use picklescope::bytes::MemorySource;
use picklescope::export::{DisOptions, DisReport, dis};
use serde_json::Value;
use sha256::sha256;
use support::{fixture, tests};

fn list(bytes: &[u8], annotate: usize) -> (String, DisReport) {
    let mut out = Vec::new();
    let options = DisOptions { annotate, ..DisOptions::default() };
    let report = dis(&MemorySource::new(bytes.to_vec()), &options, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), report)
}

/// The listings of the single pickles: a file with several has a line with the offset before each.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with("pickle ") {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push_str(line);
        }
    }
    if parts.len() > 1 {
        assert!(parts.remove(0).is_empty());
    }
    parts
}

fn first_lines(text: &str, count: usize) -> String {
    text.split_inclusive('\n').take(count).collect()
}

/// What is wrong with the listing of one file, one line each.
fn compare(name: &str, row: &Value) -> Vec<String> {
    let bytes = fixture(name);
    let (plain, report) = list(&bytes, 0);
    let (annotated, _) = list(&bytes, 30);
    let (plain, annotated) = (split(&plain), split(&annotated));
    let listings = row["listings"].as_array().unwrap();
    let mut wrong = Vec::new();
    let refused = listings.iter().any(|listing| listing.get("error").is_some());
    if plain.len() < listings.len() || (!refused && plain.len() > listings.len()) {
        return vec![format!("{name}: {} pickles, pickletools lists {}", plain.len(), listings.len())];
    }
    for (number, listing) in listings.iter().enumerate() {
        let lines = listing["lines"].as_u64().unwrap() as usize;
        let (start, end) = (listing["offset"].as_u64().unwrap(), listing["end"].as_u64());
        for (ours, key) in [(&plain[number], "sha256"), (&annotated[number], "annotated")] {
            let mut text = ours.clone();
            let mut same = text.matches('\n').count() == lines && sha256(text.as_bytes()) == listing[key];
            if listing.get("error").is_some() {
                // pickletools may have printed the next offset before it gave up.
                text = first_lines(ours, lines);
                let begun = ours[text.len()..].find(": ").map(|end| ours[..text.len() + end + 2].to_owned());
                same = sha256(text.as_bytes()) == listing[key]
                    || begun.is_some_and(|begun| sha256(begun.as_bytes()) == listing[key]);
            }
            if !same {
                wrong.push(format!("{name}, pickle {number}, {key}: differs\n{}", first_lines(&text, 40)));
                break;
            }
        }
        if listing.get("error").is_some() {
            let end = end.unwrap_or(bytes.len() as u64);
            let here = |offset: u64| (start..=end).contains(&offset);
            if !report.problems.iter().any(|problem| here(problem.offset)) {
                wrong.push(format!("{name}, pickle {number}: no problem, pickletools: {}", listing["error"]));
            }
        }
    }
    wrong
}

#[test]
fn every_listing_has_the_sum_of_pickletools() {
    let all: serde_json::Map<String, Value> = serde_json::from_slice(&fixture("dis.json")).unwrap();
    assert!(all.len() >= 1000);
    let wrong: Vec<String> = all.iter().flat_map(|(name, row)| compare(name, row)).collect();
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_fixture_has_sums() {
    let all: serde_json::Map<String, Value> = serde_json::from_slice(&fixture("dis.json")).unwrap();
    for fixture in support::fixtures().iter().filter(|fixture| !fixture.name.starts_with("samples/")) {
        assert_eq!(all[&fixture.name]["size"], fixture.bytes.len(), "{}", fixture.name);
    }
}

#[test]
fn well_formed_pickles_have_no_problem() {
    let all: serde_json::Map<String, Value> = serde_json::from_slice(&fixture("dis.json")).unwrap();
    for (name, row) in all.iter().filter(|(name, _)| name.starts_with("real/")) {
        if row["listings"].as_array().unwrap().iter().all(|listing| listing.get("error").is_none()) {
            let (_, report) = list(&fixture(name), 0);
            assert_eq!(report.problems, [], "{name}");
        }
    }
}

#[test]
fn some_listings_as_text() {
    let folder = tests().join("fixtures/real/stdlib");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "dis") {
            continue;
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        let ours = split(&list(&std::fs::read(path.with_extension("")).unwrap(), 0).0).concat();
        for (number, (ours, expected)) in ours.lines().zip(expected.lines()).enumerate() {
            assert_eq!(ours, expected, "{} line {}", path.display(), number + 1);
        }
        assert_eq!(ours.len(), expected.len(), "{}", path.display());
        count += 1;
    }
    assert_eq!(count, 22);
}

#[test]
fn the_sum_is_sha256() {
    assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(sha256(&[b'a'; 1000]), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
    assert_eq!(sha256(&[b'a'; 56])[..8], sha256(&[b'a'; 56])[..8]);
}
