//! One small container of each kind, cut at twenty places and with two hundred bits flipped: no panic, something to see or
//! a reason why not, and never the word "complete" for what is not all there. Then files that mean harm.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source, Span, read_span};
use picklescope::view::Overview;
use std::sync::Arc;
use support::{Lcg, fixture, json_text};

const CUTS: usize = 20;
const FLIPS: usize = 200;

/// A fixture, and whether a checksum holds every byte of what is in it.
const KINDS: [(&str, bool); 28] = [
    ("python-3.11.7/plain.pkl.gz", true),
    ("python-3.11.7/plain.pkl.zlib", true),
    ("python-3.11.7/plain.pkl.bz2", true),
    ("python-3.11.7/plain.pkl.xz", true),
    ("python-3.11.7/plain.pkl.lzma", false),
    ("zstandard-0.25.0/plain.pkl.zst", false),
    ("lz4-1.9.4/checked.pkl.lz4", true),
    ("joblib-0.9.4/small.cached.z.pkl", true),
    ("python-3.11.7/gzip-12-times.pkl", true),
    ("python-3.11.7/stored.zip", true),
    ("python-3.11.7/deflated.zip", true),
    ("python-3.11.7/streamed-zip64.zip", true),
    ("python-3.11.7/method-lzma.zip", true),
    ("python-3.11.7/zip-in-zip.zip", true),
    ("python-3.11.7/ustar.tar", false),
    ("python-3.11.7/plain.tar.gz", true),
    ("py7zr-1.1.4/lzma2.7z", true),
    ("py7zr-1.1.4/copy.7z", true),
    ("py7zr-1.1.4/solid.7z", true),
    ("numpy-2.4.6/plain.npz", true),
    ("numpy-2.4.6/record.npy", false),
    ("numpy-2.4.6/record-with-objects.npy", false),
    ("joblib-1.6.0/objects.joblib", false),
    ("joblib-1.6.0/small.3.lz4", false),
    ("torch-2.6.0/mixed.pt", true),
    ("torch-2.6.0/mixed.legacy.pt", false),
    ("torch-2.15.0/layout-0.1.tar.pt", false),
    ("torch-2.6.0/tensor.pkl", false),
];

/// What can be said of a file that was opened.
struct Opened {
    overview: Overview,
    /// The bytes on show.
    bytes: Vec<u8>,
    /// Rows and objects: something to look at.
    seen: usize,
}

fn open(name: &str, bytes: Vec<u8>, limits: Limits) -> Opened {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    let mut bundle = Bundle::open(vec![(name.to_owned(), source)], limits, &mut |_| {});
    let rows = bundle.rows(0, 50, &mut |_| {});
    let document = bundle.document_mut();
    document.open_all(0, true);
    let seen = document.rows(0, 100).len() + document.listing(0, 100).len() + rows.len();
    json_text(document);
    let overview = document.overview();
    let shown = bundle.document().source();
    let bytes = read_span(shown, Span::new(0, shown.len())).unwrap().into_owned();
    let last = bundle.row_count().saturating_sub(1);
    for row in bundle.rows(last.saturating_sub(3), 4, &mut |_| {}) {
        bundle.show(bundle.member(row.member).unwrap(), &mut |_| {});
        assert!(!bundle.document().overview().chain.is_empty());
    }
    Opened { overview, bytes, seen }
}

/// Nothing was said: complete, without a note or a problem.
fn is_silent(overview: &Overview) -> bool {
    overview.complete && overview.notes.is_empty() && overview.problem_count == 0 && overview.trailing.is_none()
}

fn check(what: &str, damaged: &Opened, whole: &Opened, is_checked: bool) -> Option<String> {
    let overview = &damaged.overview;
    assert!(damaged.seen > 0 && !overview.reading.is_empty(), "{what}: nothing to see");
    let differs = damaged.bytes != whole.bytes;
    (differs && is_checked && is_silent(overview)).then(|| format!("{what}: silent: {}", overview.reading))
}

#[test]
fn cut_anywhere() {
    let mut wrong = Vec::new();
    for (name, _) in KINDS {
        let bytes = fixture(&format!("containers/{name}"));
        let whole = open(name, bytes.clone(), Limits::default());
        assert!(whole.overview.complete, "{name}: {}", whole.overview.reading);
        for cut in 0..CUTS {
            let length = bytes.len() * cut / CUTS;
            let damaged = open(name, bytes[..length].to_vec(), Limits::default());
            wrong.extend(check(&format!("{name} cut at {length} of {}", bytes.len()), &damaged, &whole, true));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn bits_flipped() {
    let mut random = Lcg(5);
    let mut wrong = Vec::new();
    for (name, is_checked) in KINDS {
        let bytes = fixture(&format!("containers/{name}"));
        let whole = open(name, bytes.clone(), Limits::default());
        for _ in 0..FLIPS {
            let mut flipped = bytes.clone();
            let at = random.below(bytes.len() as u64) as usize;
            let bit = random.below(8);
            flipped[at] ^= 1 << bit;
            let damaged = open(name, flipped, Limits::default());
            wrong.extend(check(&format!("{name}, bit {bit} of byte {at}"), &damaged, &whole, is_checked));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
