//! What the page cache reads of a file.

use picklescope::bytes::{PageCache, ReadError, Source};
use std::sync::{Arc, Mutex};

const PAGE: u64 = 32 * 1024;

/// Writes down where and how much of it is read.
struct Watched(Vec<u8>, Arc<Mutex<Vec<(u64, u64)>>>);

impl Source for Watched {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.1.lock().unwrap().push((offset, buffer.len() as u64));
        let rest = self.0.get(offset as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// The reads of the file that these reads of the cache lead to; what they give is compared as well.
fn reads(of: &[(u64, usize)]) -> Vec<(u64, u64)> {
    let bytes: Vec<u8> = (0..60 * PAGE as u32 + 100).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let cache = PageCache::new(Watched(bytes.clone(), Arc::clone(&seen)));
    for (offset, length) in of {
        let mut buffer = vec![0; *length];
        let count = cache.read_at(*offset, &mut buffer).unwrap();
        let rest = bytes.get(*offset as usize..).unwrap_or_default();
        assert_eq!(buffer[..count], rest[..rest.len().min(*length)], "{offset}");
    }
    let seen = seen.lock().unwrap();
    seen.clone()
}

#[test]
fn a_leap_reads_one_page_and_whoever_goes_on_reads_ahead() {
    assert_eq!(reads(&[(10 * PAGE + 5, 8), (30 * PAGE, 8), (10 * PAGE, 100)]), [(10 * PAGE, PAGE), (30 * PAGE, PAGE)]);
    let steps: Vec<(u64, usize)> = (0..20).map(|page| (page * PAGE, 1)).collect();
    assert_eq!(reads(&steps), [(0, PAGE), (PAGE, 8 * PAGE), (9 * PAGE, 8 * PAGE), (17 * PAGE, 8 * PAGE)]);
}

#[test]
fn what_is_here_is_not_read_again() {
    assert_eq!(reads(&[(3 * PAGE, 1), (0, 1), (PAGE, 1)]), [(3 * PAGE, PAGE), (0, PAGE), (PAGE, 2 * PAGE)]);
}

#[test]
fn several_pages_are_read_at_once_and_the_last_one_is_short() {
    assert_eq!(reads(&[(PAGE - 10, 2 * PAGE as usize)]), [(0, 3 * PAGE)]);
    assert_eq!(reads(&[(59 * PAGE + 1, 2 * PAGE as usize)]), [(59 * PAGE, PAGE + 100)]);
    assert_eq!(reads(&[(5, 8 * PAGE as usize)]), [(5, 8 * PAGE)]);
}
