//! Bytes that are the same whenever they are read: what a checksum was made of is what is scanned.

use picklescope::bytes::{MemorySource, PageCache, ReadError, Source};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes that have a checksum of their own: a page of the cache before them.
const BLOCK: usize = 256 << 10;
/// Bytes of a file that is read into memory at once.
const SMALL: u64 = 4 << 20;
/// Bytes of a file that is hashed at all: of a large one, which is mostly numbers, a scan reads little and a hash everything.
const LARGEST: u64 = 64 << 20;

/// A source with the checksum of its content.
pub(crate) struct Fixed {
    pub(crate) source: Arc<dyn Source>,
    /// SHA-256 of the SHA-256 of each block.
    pub(crate) digest: [u8; 32],
    changed: Arc<AtomicBool>,
}

impl Fixed {
    /// Hashes a source; `None` when it is too large or cannot be read.
    pub(crate) fn new(source: &Arc<dyn Source>) -> Option<Self> {
        // A file that grows or shrinks has no other length for it.
        let length = source.len();
        if length > LARGEST {
            return None;
        }
        if source.contiguous().is_none() && length > SMALL {
            return Self::checked(source, length);
        }
        let source = match source.contiguous() {
            Some(_) => Arc::clone(source),
            None => {
                let mut bytes = vec![0; usize::try_from(length).ok()?];
                fill(&**source, 0, &mut bytes).ok()?;
                Arc::new(MemorySource::new(bytes)) as Arc<dyn Source>
            }
        };
        let blocks = source.contiguous()?.chunks(BLOCK).map(|block| Sha256::digest(block).into());
        let digest = of_blocks(&blocks.collect::<Vec<_>>());
        Some(Self { source, digest, changed: Arc::default() })
    }

    /// A source that is not held in memory: each block is hashed again when it is read.
    fn checked(source: &Arc<dyn Source>, length: u64) -> Option<Self> {
        let mut blocks = Vec::new();
        let mut block = vec![0; BLOCK];
        for start in (0..length).step_by(BLOCK) {
            let size = size_of_block(start, length);
            fill(&**source, start, &mut block[..size]).ok()?;
            blocks.push(Sha256::digest(&block[..size]).into());
        }
        let changed = Arc::new(AtomicBool::new(false));
        let digest = of_blocks(&blocks);
        let checked = Checked { inner: Arc::clone(source), length, blocks, changed: Arc::clone(&changed) };
        Some(Self { source: Arc::new(Paged(PageCache::new(checked))), digest, changed })
    }

    /// Whether bytes were asked for that are no longer those of the checksum.
    pub(crate) fn has_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }
}

fn of_blocks(blocks: &[[u8; 32]]) -> [u8; 32] {
    Sha256::digest(blocks.as_flattened()).into()
}

fn size_of_block(start: u64, length: u64) -> usize {
    usize::try_from(length - start).unwrap_or(BLOCK).min(BLOCK)
}

/// Reads all of `buffer`, past the caches, or fails.
fn fill(source: &dyn Source, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
    match source.peek(offset, buffer)? {
        count if count == buffer.len() => Ok(()),
        _ => Err(ReadError { offset, message: "the file was cut while it was read".to_owned() }),
    }
}

struct Checked {
    inner: Arc<dyn Source>,
    length: u64,
    blocks: Vec<[u8; 32]>,
    changed: Arc<AtomicBool>,
}

impl Checked {
    /// The block that begins at `start`, as it was when it was hashed.
    fn read_block(&self, start: u64, block: &mut [u8]) -> Result<(), ReadError> {
        let read = fill(&*self.inner, start, block);
        let number = usize::try_from(start / BLOCK as u64).unwrap_or(usize::MAX);
        if read.is_ok() && self.blocks.get(number).is_some_and(|known| Sha256::digest(&*block)[..] == known[..]) {
            return Ok(());
        }
        self.changed.store(true, Ordering::Relaxed);
        read.and(Err(ReadError { offset: start, message: "the file changed while it was read".to_owned() }))
    }
}

impl Source for Checked {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let length = self.length;
        let mut block = vec![0; BLOCK];
        let mut done = 0;
        while done < buffer.len() {
            let at = offset.saturating_add(done as u64);
            if at >= length {
                break;
            }
            let start = at / BLOCK as u64 * BLOCK as u64;
            let block = &mut block[..size_of_block(start, length)];
            self.read_block(start, block)?;
            let skip = (at - start) as usize;
            let count = (block.len() - skip).min(buffer.len() - done);
            buffer[done..done + count].copy_from_slice(&block[skip..skip + count]);
            done += count;
        }
        Ok(done)
    }
}

/// Pages for small reads, too: a block is hashed for each read that goes past them.
struct Paged(PageCache<Checked>);

impl Source for Paged {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.0.read_at(offset, buffer)
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.0.read_at(offset, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    /// A file that somebody writes to.
    struct Changing(Mutex<Vec<u8>>);

    impl Source for Changing {
        fn len(&self) -> u64 {
            self.0.lock().unwrap().len() as u64
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
            MemorySource::new(self.0.lock().unwrap().clone()).read_at(offset, buffer)
        }
    }

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 7 % 251) as u8).collect()
    }

    #[test]
    fn what_is_read_is_what_was_hashed() {
        for length in [0, 1, BLOCK, SMALL as usize, SMALL as usize + 1, SMALL as usize + BLOCK, 5_000_000] {
            let file = Arc::new(Changing(Mutex::new(bytes(length))));
            let fixed = Fixed::new(&(Arc::clone(&file) as Arc<dyn Source>)).unwrap();
            let memory: Arc<dyn Source> = Arc::new(MemorySource::new(bytes(length)));
            assert_eq!(fixed.digest, Fixed::new(&memory).unwrap().digest, "{length}: by blocks and at once");
            let mut all = vec![0; length + 10];
            assert_eq!(fixed.source.read_at(0, &mut all).unwrap(), length);
            assert!(all[..length] == bytes(length));
            // Every byte counts for the checksum.
            for at in [0, length / 2, length.saturating_sub(1)].into_iter().filter(|at| *at < length) {
                let mut other = bytes(length);
                other[at] ^= 1;
                let other: Arc<dyn Source> = Arc::new(MemorySource::new(other));
                assert_ne!(fixed.digest, Fixed::new(&other).unwrap().digest);
            }
        }
    }

    #[test]
    fn a_change_after_the_checksum_is_no_content() {
        let (small, large) = (SMALL as usize, 2 * SMALL as usize + 5);
        for (length, is_held) in [(small, true), (large, false)] {
            let file = Arc::new(Changing(Mutex::new(bytes(length))));
            let fixed = Fixed::new(&(Arc::clone(&file) as Arc<dyn Source>)).unwrap();
            file.0.lock().unwrap()[length - 1] ^= 1;
            let mut last = [0];
            let read = fixed.source.peek(length as u64 - 1, &mut last);
            assert_eq!((read.is_ok(), fixed.has_changed()), (is_held, !is_held));
            assert!(!is_held || last == bytes(length)[length - 1..]);
            let mut first = [9];
            assert_eq!(fixed.source.read_at(0, &mut first).unwrap(), 1, "the rest of it is as it was");
            file.0.lock().unwrap().truncate(1);
            let is_read = fixed.source.read_at(BLOCK as u64, &mut [0; 9]).is_ok();
            assert_eq!(is_read, is_held);
        }
    }
}
