//! What is read in pieces reads like the whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use picklescope::bytes::{Limits, MemorySource, PageCache, ReadError, Source};
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
    let document = Document::open("fuzz".to_owned(), source, Limits::default(), &mut |_, _| {});
    let mut json = Vec::new();
    export::json(document.reading(), &document.lens(), &mut json).expect("a Vec takes everything");
    (format!("{:?} {:?}", document.overview(), document.listing(0, usize::MAX)), json)
}

fuzz_target!(|data: &[u8]| {
    // Longer than the first window with what the fuzzer made behind it, so that borders are met.
    let mut padded = b"B\xf8\xff\x03\0".to_vec();
    padded.resize(5 + 0x3_fff8, b'.');
    padded.push(b'0');
    padded.extend_from_slice(data);
    for bytes in [data, &padded] {
        let whole = MemorySource::new(bytes.to_vec());
        let expected = all(Box::new(whole.clone()));
        assert_eq!(all(Box::new(Pieces(whole.clone()))), expected);
        assert_eq!(all(Box::new(PageCache::new(Pieces(whole)))), expected);
    }
});
