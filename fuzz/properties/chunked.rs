//! What is read in pieces reads like the whole.

use super::limits;
use picklescope::bytes::{MemorySource, PageCache, ReadError, Source};
use picklescope::document::Document;
use picklescope::export;

struct Pieces(MemorySource);

impl Source for Pieces {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.0.read_at(offset, buffer)
    }
}

fn all(source: Box<dyn Source>) -> (String, Vec<u8>) {
    let document = Document::open("fuzz".to_owned(), source, limits(), &mut |_, _| {});
    let mut json = Vec::new();
    export::json(document.reading(), &document.lens(), &mut json).expect("a Vec takes everything");
    let nodes = document.reading().graph.len().min(8) as u32;
    let cards: Vec<_> = (0..nodes).map(|node| document.card(node)).collect();
    (format!("{:?} {:?} {cards:?}", document.overview(), document.listing(0, usize::MAX)), json)
}

pub fn holds(data: &[u8]) {
    compare(data);
    // Behind a payload that fills the first window, so that the input crosses its border. That is slow: one in four.
    if data.len().is_multiple_of(4) {
        let mut padded = b"B\xf8\xff\x03\0".to_vec();
        padded.resize(5 + 0x3_fff8, b'.');
        padded.push(b'0');
        padded.extend_from_slice(data);
        compare(&padded);
    }
}

fn compare(bytes: &[u8]) {
    let whole = MemorySource::new(bytes.to_vec());
    let expected = all(Box::new(whole.clone()));
    assert_eq!(all(Box::new(Pieces(whole.clone()))), expected, "in pieces");
    assert_eq!(all(Box::new(PageCache::new(Pieces(whole)))), expected, "by pages");
}
