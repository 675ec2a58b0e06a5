//! Reading ahead, for a source that answers slowly: a server that is asked for ranges.

use super::{Locked, ReadError, Source};

/// Bytes that are read at once at most. A reader that jumps wastes no more than what one read was ahead.
const MOST: usize = 4 << 20;

/// Reads more than was asked for when reads follow each other: twice as much each time. A read anywhere else gets what it asked for.
pub struct ReadAhead<S> {
    inner: S,
    held: Locked<Held>,
}

#[derive(Default)]
struct Held {
    start: u64,
    bytes: Vec<u8>,
    next: usize,
}

impl Held {
    /// Copies what is here from `offset` on.
    fn copy(&self, offset: u64, buffer: &mut [u8]) -> usize {
        let here = offset.checked_sub(self.start).and_then(|skip| self.bytes.get(usize::try_from(skip).ok()?..));
        let here = here.unwrap_or_default();
        let count = here.len().min(buffer.len());
        buffer[..count].copy_from_slice(&here[..count]);
        count
    }
}

impl<S: Source> ReadAhead<S> {
    /// Reads ahead in `inner`.
    pub fn new(inner: S) -> Self {
        Self { inner, held: Locked::default() }
    }
}

impl<S: Source> Source for ReadAhead<S> {
    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let mut held = self.held.take();
        let done = held.copy(offset, buffer);
        let at = offset.saturating_add(done as u64);
        let wanted = (buffer.len() - done).min(usize::try_from(self.len().saturating_sub(at)).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(done);
        }
        let goes_on = !held.bytes.is_empty() && at == held.start + held.bytes.len() as u64;
        held.next = if goes_on { (held.next * 2).clamp(wanted, MOST.max(wanted)) } else { wanted };
        let left = usize::try_from(self.len() - at).unwrap_or(usize::MAX);
        let mut bytes = vec![0; held.next.min(left)];
        let count = self.inner.read_at(at, &mut bytes)?;
        bytes.truncate(count);
        (held.start, held.bytes) = (at, bytes);
        Ok(done + held.copy(at, &mut buffer[done..]))
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        if self.held.take().copy(offset, buffer) == buffer.len() {
            return Ok(buffer.len());
        }
        self.inner.peek(offset, buffer)
    }

    fn is_far(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MemorySource, PageCache};
    use super::*;

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

    fn source(length: usize) -> ReadAhead<Asked> {
        let bytes = (0..length).map(|index| (index / 251) as u8).collect();
        ReadAhead::new(Asked(MemorySource::new(bytes), Locked::default()))
    }

    #[test]
    fn in_a_row_more_each_time_and_elsewhere_only_what_is_asked() {
        let ahead = source(100_000);
        let mut buffer = [0; 1000];
        for offset in [0, 1000, 2000, 3000, 4000, 5000, 6000, 50_000, 90_000, 91_000] {
            assert_eq!(ahead.read_at(offset, &mut buffer).unwrap(), 1000);
            let right = (offset..).take(1000).map(|index| (index / 251) as u8);
            assert!(buffer.iter().copied().eq(right), "{offset}");
        }
        let asked = [(0, 1000), (1000, 2000), (3000, 4000), (50_000, 1000), (90_000, 1000), (91_000, 2000)];
        assert_eq!(*ahead.inner.1.take(), asked);
    }

    #[test]
    fn a_large_file_takes_few_reads_of_bounded_size() {
        let length = 40 << 20;
        let asked = std::sync::Arc::new(source(length));
        let paged = PageCache::with_pages(std::sync::Arc::clone(&asked), 1 << 16);
        for offset in (0..length as u64).step_by(1 << 16) {
            paged.read_at(offset, &mut [0; 8]).unwrap();
        }
        let reads = asked.inner.1.take();
        assert!(reads.len() < 20, "{}", reads.len());
        assert!(reads.iter().all(|(_, length)| *length <= MOST));
        assert_eq!(reads.iter().map(|(_, length)| length).sum::<usize>(), length);
    }

    #[test]
    fn the_end_is_the_end() {
        let ahead = source(1500);
        let mut buffer = [0; 1000];
        assert_eq!(ahead.read_at(1000, &mut buffer).unwrap(), 500);
        assert_eq!(ahead.read_at(1500, &mut buffer).unwrap(), 0);
        assert_eq!(ahead.read_at(u64::MAX, &mut buffer).unwrap(), 0);
        assert_eq!(ahead.peek(1400, &mut buffer[..100]).unwrap(), 100);
    }
}
