//! A page cache, because small reads are slow where it matters most: reading any piece of a `Blob` costs about half a
//! millisecond, whatever its size.

use super::{Locked, ReadError, Source, Span};
use std::collections::HashMap;

/// A page, and how much is kept: the trees of a large forest lie in hundreds of different ones, and every question goes over all.
const PAGE: u64 = 32 * 1024;
const KEPT: u64 = 32 << 20;
/// Pages read at once at most.
const AT_ONCE: u64 = 8;

/// Serves small reads of a source from the last few pages; large reads go straight through.
///
/// Somebody who reads on gets as many pages at once as are kept right before the one that is asked for, so the number doubles. A leap, as
/// into each column of a table, gets what it asks for: it needs a few bytes there, and the next leap goes elsewhere.
pub struct PageCache<S> {
    inner: S,
    /// Bytes of a page, and how many pages are read at once at most.
    page: u64,
    at_once: u64,
    state: Locked<State>,
}

#[derive(Default)]
struct State {
    pages: HashMap<u64, Page>,
    clock: u64,
}

struct Page {
    bytes: Vec<u8>,
    used: u64,
}

impl<S: Source> PageCache<S> {
    /// Puts a cache of 32 MiB before `inner`.
    pub fn new(inner: S) -> Self {
        Self { inner, page: PAGE, at_once: AT_ONCE, state: Locked::default() }
    }

    /// The same with pages of `page` bytes, of which so many are read at once at most: for a source where every read takes
    /// long, and every byte is transferred.
    pub fn with_pages(inner: S, page: u64, at_once: u64) -> Self {
        Self { inner, page: page.max(1), at_once: at_once.max(1), state: Locked::default() }
    }

    fn copy_from_page(&self, number: u64, skip: usize, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let mut state = self.state.take();
        state.clock += 1;
        if !state.pages.contains_key(&number) {
            self.load(&mut state, number, (skip + buffer.len()).div_ceil(self.page as usize) as u64)?;
        }
        let now = state.clock;
        let Some(page) = state.pages.get_mut(&number) else { return Ok(0) };
        page.used = now;
        let available = page.bytes.get(skip..).unwrap_or_default();
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        Ok(count)
    }

    /// Reads so many pages, and more where those before are here already.
    fn load(&self, state: &mut State, number: u64, needed: u64) -> Result<(), ReadError> {
        let before =
            (1..=self.at_once.min(number)).take_while(|back| state.pages.contains_key(&(number - back))).count();
        let run = needed.max(before as u64).min(self.at_once);
        let run = (1..run).find(|next| state.pages.contains_key(&(number + next))).unwrap_or(run);
        // No more than there is: a scan of small files would make room for a page each, and ask a second time for its rest.
        let start = number.saturating_mul(self.page);
        let mut bytes = vec![0; self.inner.len().saturating_sub(start).min(run * self.page) as usize];
        let count = self.inner.read_at(start, &mut bytes)?;
        for (number, bytes) in (number..).zip(bytes[..count].chunks(self.page as usize)) {
            if state.pages.len() as u64 >= KEPT / self.page
                && let Some(oldest) = state.pages.iter().min_by_key(|(_, page)| page.used).map(|(n, _)| *n)
            {
                state.pages.remove(&oldest);
            }
            state.pages.insert(number, Page { bytes: bytes.to_vec(), used: state.clock });
        }
        Ok(())
    }
}

impl<S: Source> Source for PageCache<S> {
    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        if self.inner.contiguous().is_some() || buffer.len() as u64 >= self.page * self.at_once {
            return self.inner.read_at(offset, buffer);
        }
        let mut done = 0;
        while done < buffer.len() {
            let at = offset + done as u64;
            let count = self.copy_from_page(at / self.page, (at % self.page) as usize, &mut buffer[done..])?;
            if count == 0 {
                break;
            }
            done += count;
        }
        Ok(done)
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let (first, last) = (offset / self.page, offset.saturating_add(buffer.len() as u64) / self.page);
        let is_held = |number: u64| self.state.take().pages.contains_key(&number);
        let held = buffer.len() as u64 <= self.page * self.at_once && (first..=last).all(is_held);
        if held { self.read_at(offset, buffer) } else { self.inner.read_at(offset, buffer) }
    }

    fn contiguous(&self) -> Option<&[u8]> {
        self.inner.contiguous()
    }

    fn is_in_memory(&self) -> bool {
        self.inner.is_in_memory()
    }

    fn in_file(&self, span: Span) -> Option<Span> {
        self.inner.in_file(span)
    }

    fn is_far(&self) -> bool {
        self.inner.is_far()
    }
}

#[cfg(test)]
mod tests {
    use super::super::MemorySource;
    use super::*;
    use std::sync::Arc;

    const SMALL: u64 = 1000;

    /// Notes what is asked of it.
    struct Asked(MemorySource, Locked<Vec<(u64, usize)>>);

    impl Source for Asked {
        fn len(&self) -> u64 {
            self.0.len()
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
            self.1.take().push((offset, buffer.len()));
            self.0.read_at(offset, buffer)
        }
    }

    fn cache(length: usize, page: u64) -> (Arc<Asked>, PageCache<Arc<Asked>>) {
        let bytes = (0..length).map(|index| (index / 251) as u8).collect();
        let asked = Arc::new(Asked(MemorySource::new(bytes), Locked::default()));
        (Arc::clone(&asked), PageCache::with_pages(asked, page, 64))
    }

    #[test]
    fn in_a_row_more_each_time_and_elsewhere_only_what_is_asked() {
        let (asked, cache) = cache(100_000, SMALL);
        let mut buffer = [0; SMALL as usize];
        for offset in [0, 1000, 2000, 3000, 4000, 5000, 6000, 50_000, 90_000, 91_000, 70_500] {
            assert_eq!(cache.read_at(offset, &mut buffer).unwrap(), 1000);
            let right = (offset..).take(1000).map(|index| (index / 251) as u8);
            assert!(buffer.iter().copied().eq(right), "{offset}");
        }
        let reads =
            [(0, 1000), (1000, 1000), (2000, 2000), (4000, 4000), (50_000, 1000), (90_000, 1000), (91_000, 1000)];
        assert_eq!(asked.1.take()[..7], reads);
        assert_eq!(asked.1.take()[7..], [(70_000, 2000)], "a read across the end of a page");
    }

    #[test]
    fn a_large_file_takes_few_reads_of_bounded_size() {
        let length = 40 << 20;
        let page = 1 << 16;
        let (asked, cache) = cache(length, page);
        for offset in (0..length as u64).step_by(1 << 16) {
            cache.read_at(offset, &mut [0; 8]).unwrap();
        }
        let reads = asked.1.take();
        assert!(reads.len() < 20, "{}", reads.len());
        assert!(reads.iter().all(|(_, length)| *length as u64 <= 64 * page));
        assert_eq!(reads.iter().map(|(_, length)| length).sum::<usize>(), length);
    }

    #[test]
    fn what_is_here_is_not_read_again() {
        let (asked, cache) = cache(10_000, SMALL);
        for page in [3, 0, 1, 2, 3] {
            cache.read_at(page * SMALL, &mut [0]).unwrap();
        }
        assert_eq!(*asked.1.take(), [3, 0, 1, 2].map(|page| (page * SMALL, 1000)));
    }

    #[test]
    fn several_pages_are_read_at_once_and_the_last_one_is_short() {
        let reads = |offset, length| {
            let (asked, cache) = cache(100_100, SMALL);
            cache.read_at(offset, &mut vec![0; length]).unwrap();
            asked.1.take().clone()
        };
        assert_eq!(reads(990, 2000), [(0, 3000)]);
        assert_eq!(reads(100_001, 2000), [(100_000, 100)]);
        assert_eq!(reads(5, 64_000), [(5, 64_000)], "by no page");
    }

    #[test]
    fn the_end_is_the_end() {
        let (_, cache) = cache(1500, SMALL);
        let mut buffer = [0; 1000];
        assert_eq!(cache.read_at(1000, &mut buffer).unwrap(), 500);
        assert_eq!(cache.read_at(1500, &mut buffer).unwrap(), 0);
        assert_eq!(cache.read_at(u64::MAX, &mut buffer).unwrap(), 0);
        assert_eq!(cache.peek(1400, &mut buffer[..100]).unwrap(), 100);
    }
}
