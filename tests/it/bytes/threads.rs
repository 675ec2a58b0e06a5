//! What was opened may be handed from thread to thread, and several may read one source.

use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, PageCache, Source, Span};
use picklescope::container::{Packing, Unpacked};
use picklescope::document::Document;
use std::sync::Arc;
use std::thread;

fn is_send<T: Send>() {}
fn is_shared<T: Send + Sync + ?Sized>() {}

#[test]
fn what_was_opened_may_go_to_another_thread() {
    is_send::<Document>();
    is_send::<Bundle>();
    is_shared::<dyn Source>();
    is_shared::<Unpacked>();
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(b"\x80\x04]\x94(K\x01K\x02e.".to_vec()));
    let bundle = Bundle::open(vec![("two.pkl".to_owned(), source)], Limits::default(), &mut |_| {});
    let there = thread::spawn(move || bundle.document().rows(0, 1)[0].type_name.clone());
    assert_eq!(there.join().unwrap(), "list");
}

/// Serves small reads only, as a file does, so that the cache has work.
struct Apart(Vec<u8>);

impl Source for Apart {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, picklescope::bytes::ReadError> {
        let rest = self.0.get(offset as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// Every thread reads all of `source` from a place of its own, in small pieces.
fn read_by_many(source: &Arc<dyn Source>, expected: &[u8]) {
    const PIECE: usize = 1000;
    thread::scope(|scope| {
        for number in 0..4 {
            scope.spawn(move || {
                let mut buffer = [0; PIECE];
                let pieces = expected.len() / PIECE;
                for step in 0..pieces {
                    let at = (step + number * pieces / 4) % pieces * PIECE;
                    assert_eq!(source.read_at(at as u64, &mut buffer).unwrap(), PIECE);
                    assert_eq!(buffer, expected[at..at + PIECE]);
                }
            });
        }
    });
}

#[test]
fn several_threads_may_read_one_source() {
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let cached: Arc<dyn Source> = Arc::new(PageCache::new(Apart(bytes.clone())));
    read_by_many(&cached, &bytes);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, &bytes).unwrap();
    let packed = packer.finish().unwrap();
    let span = Span::new(0, packed.len() as u64);
    let unpacked = Unpacked::new(Packing::Gzip, Arc::new(MemorySource::new(packed)), span);
    unpacked.advance(u64::MAX, &mut |_, _| {});
    read_by_many(&(Arc::new(unpacked) as Arc<dyn Source>), &bytes);
}
