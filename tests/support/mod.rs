//! What several test files need: the fixtures, sources that are not in memory as a whole, and the usual calls.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file takes what it needs")]

pub mod assemble;
pub mod canonical;
pub mod counter;
pub mod file_graph;
pub mod hollow;
pub mod large;
pub mod rebuild;
pub mod sha256;
pub mod truth;

use picklescope::bytes::{Limits, MemorySource, ReadError, Source};
use picklescope::document::Document;
use picklescope::export;
use picklescope::view::OpcodeRow;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of `tests/fixtures` or `tests/samples`.
pub struct Fixture {
    /// `edge/deep.pkl`, as `dis.json` has it.
    pub name: String,
    pub bytes: Vec<u8>,
}

pub fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// All pickles of one folder under `tests`, sorted by name.
pub fn folder(under: &str, name: &str) -> Vec<Fixture> {
    files(under, name, "pkl")
}

/// Every file of joblib that is committed.
pub fn joblib_fixtures() -> Vec<Fixture> {
    let all = files("fixtures", "joblib", "joblib");
    assert!(all.len() >= 80);
    all
}

/// All files of one folder whose names end alike.
fn files(under: &str, name: &str, ending: &str) -> Vec<Fixture> {
    let base = tests().join(under);
    let mut waiting = vec![base.join(name)];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                let name = path.strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Fixture { name, bytes: fs::read(&path).unwrap() });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Every pickle that is committed.
pub fn fixtures() -> Vec<Fixture> {
    let mut all = folder("fixtures", "real");
    assert!(all.len() >= 150);
    all.extend(folder("fixtures", "legacy"));
    all.extend(folder("fixtures", "edge"));
    all.extend(folder("", "samples"));
    all
}

/// One of them.
pub fn fixture(name: &str) -> Vec<u8> {
    let base = if name.starts_with("samples/") { tests() } else { tests().join("fixtures") };
    fs::read(base.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A manifest: `edge/MANIFEST.json`.
pub fn manifest(name: &str) -> Vec<Value> {
    serde_json::from_slice(&fixture(name)).unwrap()
}

pub fn memory(bytes: &[u8]) -> Box<dyn Source> {
    Box::new(MemorySource::new(bytes.to_vec()))
}

pub fn open_source(source: Box<dyn Source>) -> Document {
    Document::open("test.pkl".to_owned(), source, Limits::default(), &mut |_, _| {})
}

pub fn open(bytes: &[u8]) -> Document {
    open_source(memory(bytes))
}

pub fn json_text(document: &Document) -> String {
    let mut out = Vec::new();
    export::json(document.reading(), &document.lens(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub fn json(bytes: &[u8]) -> Value {
    let text = json_text(&open(bytes));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The whole listing, by windows of 500 rows.
pub fn listing(document: &Document) -> Vec<OpcodeRow> {
    let total = document.listing_count();
    let mut rows = Vec::new();
    while (rows.len() as u64) < total {
        let window = document.listing(rows.len() as u64, 500);
        assert!(!window.is_empty(), "row {} of {total} is missing", rows.len());
        rows.extend(window);
    }
    rows
}

/// Bytes that are never handed out as a whole.
pub struct Pieces(pub MemorySource);

impl Pieces {
    pub fn boxed(bytes: &[u8]) -> Box<dyn Source> {
        Box::new(Self(MemorySource::new(bytes.to_vec())))
    }
}

impl Source for Pieces {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.0.read_at(offset, buffer)
    }

    fn is_in_memory(&self) -> bool {
        true
    }
}

/// A small deterministic generator, so that samples are the same in every run.
pub struct Lcg(pub u64);

impl Lcg {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}
