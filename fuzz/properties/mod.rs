//! What holds of any input. The fuzzers call these with what they make up, and `tests/it/project/fuzz_regressions.rs` calls them with
//! what once failed and with the seeds: one property, two readers.
//!
//! An input is the bytes of a file, or such bytes behind a few that choose what is done with them ([`Choices`]). Budgets
//! are small, so that no input is worth many seconds; what is over a budget must still be answered.

pub mod bundle;
pub mod choices;
pub mod chunked;
pub mod containers;
pub mod dis;
pub mod document;
pub mod protocol;

use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::document::Document;
use std::sync::Arc;

/// What an input is tried against; panics if it does not hold.
pub type Property = fn(&[u8]);

/// The properties by the names of their fuzz targets.
pub const ALL: [(&str, Property); 6] = [
    ("document", document::holds),
    ("containers", containers::holds),
    ("bundle", bundle::holds),
    ("protocol", protocol::holds),
    ("chunked", chunked::holds),
    ("dis", dis::holds),
];

/// Bytes that one packed stream may become.
pub const UNPACKED: u64 = 1 << 20;

/// Budgets under which every input is quick.
pub fn limits() -> Limits {
    Limits { nodes: 1 << 20, streams: 1000, unpacked: UNPACKED, entries: 1000, ..Limits::default() }
}

/// Bytes as a file.
pub fn source(bytes: &[u8]) -> Arc<dyn Source> {
    Arc::new(MemorySource::new(bytes.to_vec()))
}

/// Bytes as a document.
pub fn open(bytes: &[u8]) -> Document {
    Document::read("fuzz.pkl".to_owned(), source(bytes), limits(), &mut |_, _| {})
}

/// Some of `0..total`, spread evenly, the first and the last among them.
pub fn spread(total: u64, most: u64) -> impl Iterator<Item = u64> {
    let count = total.min(most);
    (0..count).map(move |at| if count < 2 { at } else { at * (total - 1) / (count - 1) })
}
