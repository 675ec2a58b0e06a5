//! A page cache, because small reads are slow where it matters most: reading any piece of a `Blob` costs about half a
//! millisecond, whatever its size.

use super::{Locked, ReadError, Source, Span};
use std::collections::HashMap;

/// A page, and how much is kept: the trees of a large forest lie in hundreds of different ones, and every question goes over all.
const PAGE: u64 = 32 * 1024;
const KEPT: u64 = 32 << 20;
/// Pages read at once by whoever goes on from the page before. A leap, as into each column of a table, reads only one: it needs a
/// few bytes there, and the next leap goes elsewhere.
const AHEAD: u64 = 8;

/// Serves small reads of a source from the last few pages; large reads go straight through.
pub struct PageCache<S> {
    inner: S,
    /// Bytes of a page, and how many pages are read at once by whoever goes on.
    page: u64,
    ahead: u64,
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
        Self { inner, page: PAGE, ahead: AHEAD, state: Locked::default() }
    }

    /// The same with pages of `page` bytes that are read one by one, for a source where what is read costs more than how often, or that
    /// reads ahead itself.
    pub fn with_pages(inner: S, page: u64) -> Self {
        Self { inner, page: page.max(1), ahead: 1, state: Locked::default() }
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

    /// Reads so many pages, and more where the one before is here already.
    fn load(&self, state: &mut State, number: u64, needed: u64) -> Result<(), ReadError> {
        let goes_on = number.checked_sub(1).is_some_and(|before| state.pages.contains_key(&before));
        let run = if goes_on { self.ahead } else { needed.min(self.ahead) };
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
        if self.inner.contiguous().is_some() || buffer.len() as u64 >= self.page * self.ahead {
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
        let held = buffer.len() as u64 <= self.page * self.ahead && (first..=last).all(is_held);
        if held { self.read_at(offset, buffer) } else { self.inner.read_at(offset, buffer) }
    }

    fn contiguous(&self) -> Option<&[u8]> {
        self.inner.contiguous()
    }

    fn in_file(&self, span: Span) -> Option<Span> {
        self.inner.in_file(span)
    }

    fn is_far(&self) -> bool {
        self.inner.is_far()
    }
}
