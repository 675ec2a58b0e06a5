//! The piece of the source that the machine runs over.

use crate::bytes::{ReadError, Source};

/// One read costs the same whatever its size, so windows are large; growing keeps a small file from paying for it.
const FIRST: usize = 256 * 1024;
const LARGEST: usize = 1 << 20;

/// Bytes of the source from `base` on: a slice when they are in memory, else a buffer that moves along.
///
/// In memory, too, the machine gets a window at a time and not everything at once. An engine that compiles WebAssembly in
/// tiers replaces the slow code of the hot loop by the fast one only between two calls of it.
pub(super) struct Window<'s> {
    source: &'s dyn Source,
    buffer: Vec<u8>,
    base: u64,
    size: usize,
}

#[cfg(not(test))]
fn first() -> usize {
    FIRST
}

#[cfg(test)]
fn first() -> usize {
    tests::SIZE.get()
}

impl<'s> Window<'s> {
    pub(super) fn new(source: &'s dyn Source) -> Self {
        Self { source, buffer: Vec::new(), base: 0, size: first() }
    }

    /// A window that holds `position`, for what begins there: bytes that are at hand are not read again. A file may have a
    /// million pickles, and a window holds thousands of them.
    pub(super) fn at(&mut self, position: u64) -> Result<(&[u8], u64), ReadError> {
        let held = self.base..self.base + self.buffer.len() as u64;
        if held.contains(&position) { Ok((&self.buffer, self.base)) } else { self.move_to(position) }
    }

    /// The window that begins at `position`.
    pub(super) fn move_to(&mut self, position: u64) -> Result<(&[u8], u64), ReadError> {
        if self.source.contiguous().is_none()
            && let Err(error) = self.fill(position)
        {
            // What is there was not all read.
            self.buffer.clear();
            return Err(error);
        }
        Ok(match self.source.contiguous() {
            // The position never passes the end, so it fits.
            Some(all) => {
                let start = position as usize;
                (&all[start..all.len().min(start.saturating_add(self.size))], position)
            }
            None => (&self.buffer, self.base),
        })
    }

    /// Asks for a longer window next time, because one instruction did not fit.
    pub(super) fn widen(&mut self) {
        self.size = self.size.saturating_mul(2);
    }

    fn fill(&mut self, position: u64) -> Result<(), ReadError> {
        let remaining = self.source.len().saturating_sub(position);
        let length = usize::try_from(remaining).unwrap_or(usize::MAX).min(self.size);
        self.base = position;
        self.buffer.resize(length, 0);
        let mut done = 0;
        while done < length {
            let count = self.source.read_at(position + done as u64, &mut self.buffer[done..])?;
            if count == 0 {
                let message = "the input ended before its announced size; was it changed while being read?".to_owned();
                return Err(ReadError { offset: position + done as u64, message });
            }
            done += count;
        }
        if self.size < LARGEST {
            self.size *= 2;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{Limits, MemorySource};
    use crate::machine::read;
    use std::cell::Cell;
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    thread_local! {
        /// Bytes of the first window of this test.
        pub(super) static SIZE: Cell<usize> = const { Cell::new(FIRST) };
    }

    struct Pieces(MemorySource);

    impl Source for Pieces {
        fn len(&self) -> u64 {
            self.0.len()
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
            self.0.read_at(offset, buffer)
        }
    }

    fn read_all(source: &dyn Source, size: usize) -> String {
        SIZE.set(size);
        let reading = read(source, &Limits::default(), &mut |_, _| {});
        let streams: Vec<_> = reading
            .streams
            .iter()
            .enumerate()
            .map(|(n, s)| {
                (s.span, s.opcodes, s.complete, s.root, &s.leftover, &s.frames, reading.memo(n).entries(usize::MAX))
            })
            .collect();
        let (graph, problems) = (&reading.graph, &reading.problems);
        let (raw, nested) =
            (&reading.raw, reading.nested.iter().map(|n| (n.span, n.opcodes, n.memo.entries().collect::<Vec<_>>())));
        let nested: Vec<_> = nested.collect();
        let nodes = (&graph.records, &graph.edges);
        format!("{streams:?} {nodes:?} {problems:?} {raw:?} {nested:?} {:?}", reading.trailing)
    }

    /// Bytes that were read.
    struct Counted(MemorySource, AtomicUsize);

    impl Source for Counted {
        fn len(&self) -> u64 {
            self.0.len()
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
            let count = self.0.read_at(offset, buffer)?;
            self.1.fetch_add(count, Ordering::Relaxed);
            Ok(count)
        }
    }

    /// A pickle begins in the window that the one before it ended in.
    #[test]
    fn many_pickles_are_read_once() {
        let bytes = b"\x80\x04K\x01.".repeat(200_000);
        let size = bytes.len();
        let source = Counted(MemorySource::new(bytes), AtomicUsize::new(0));
        SIZE.set(4096);
        let reading = read(&source, &Limits::default(), &mut |_, _| {});
        assert_eq!(reading.streams.len(), 200_000);
        let read = source.1.into_inner();
        assert!(read < size + size / 8, "{read} of {size} bytes");
    }

    /// The size of the window decides nothing, down to a single byte.
    #[test]
    fn windows_of_any_size_read_alike() {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let mut files = 0;
        for folder in ["edge", "legacy", "real/stdlib", "joblib/1.6.0", "joblib/0.10.3"] {
            for entry in fs::read_dir(tests.join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}")) {
                let path = entry.map(|entry| entry.path()).unwrap_or_default();
                let bytes = fs::read(&path).unwrap_or_default();
                if path.extension().is_none_or(|extension| extension != "pkl" && extension != "joblib")
                    || bytes.len() > 3000
                {
                    continue;
                }
                files += 1;
                let whole = MemorySource::new(bytes);
                let expected = read_all(&whole, FIRST);
                let pieces = Pieces(whole.clone());
                for size in [1, 2, 3, 7, 9, 10, 64] {
                    assert!(read_all(&whole, size) == expected, "{} by {size}", path.display());
                    assert!(read_all(&pieces, size) == expected, "{} in pieces from {size}", path.display());
                }
            }
        }
        assert!(files > 325, "{files} files");
    }
}
