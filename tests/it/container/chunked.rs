//! Containers read from a source that is never in memory as a whole, and through pages, are the same as those that are:
//! members, objects, rows, listing, problems and notes, of every fixture and of the first members in it.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, PageCache, Source};
use picklescope::view::{MemberRow, OpcodeRow, Overview, TreeRow};
use serde_json::Value;
use std::sync::Arc;
use support::{Pieces, json_text};

/// Everything that can be compared of a document.
#[derive(PartialEq, Debug)]
struct All {
    overview: Overview,
    rows: Vec<TreeRow>,
    listing: Vec<OpcodeRow>,
    json: String,
}

fn shown(bundle: &mut Bundle) -> All {
    let document = bundle.document_mut();
    document.open_all(0, true);
    All {
        overview: document.overview(),
        rows: document.rows(0, 100),
        listing: document.listing(0, 100),
        json: json_text(document),
    }
}

/// Members on show one after the other, after the one that opening chose.
const MEMBERS: u64 = 8;

fn everything(files: Vec<(String, Arc<dyn Source>)>) -> (Vec<MemberRow>, Vec<All>) {
    let mut bundle = Bundle::open(files, Limits::default(), &mut |_| {});
    let mut all = vec![shown(&mut bundle)];
    let mut at = 0;
    while at < bundle.row_count() {
        bundle.toggle(at, true, &mut |_| {});
        at += 1;
    }
    let rows = bundle.rows(0, 1000, &mut |_| {});
    for row in rows.iter().filter(|row| row.can_show).take(MEMBERS as usize) {
        bundle.show(bundle.member(row.member).unwrap(), &mut |_| {});
        all.push(shown(&mut bundle));
    }
    (rows, all)
}

/// The files of a row of the truth, through `make`.
fn files(row: &Value, make: impl Fn(Vec<u8>) -> Arc<dyn Source>) -> Vec<(String, Arc<dyn Source>)> {
    let sides = row["sides"].as_array().into_iter().flatten();
    let names = std::iter::once(&row["file"]).chain(sides).map(|name| name.as_str().unwrap());
    names.map(|name| (name.to_owned(), make(support::fixture(&format!("containers/{name}"))))).collect()
}

#[test]
fn every_container() {
    for row in support::manifest("containers/truth.json") {
        let name = row["file"].as_str().unwrap();
        let whole = everything(files(&row, |bytes| Arc::new(MemorySource::new(bytes))));
        let pieces = everything(files(&row, |bytes| Arc::new(Pieces(MemorySource::new(bytes)))));
        assert!(whole == pieces, "{name}: in pieces");
        let pages = everything(files(&row, |bytes| Arc::new(PageCache::new(Pieces(MemorySource::new(bytes))))));
        assert!(whole == pages, "{name}: through pages");
    }
}
