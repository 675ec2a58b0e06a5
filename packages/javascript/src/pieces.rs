//! A file of which only some bytes are here.

use picklescope::{ReadError, Source, Span};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes in a block.
const BLOCK: u64 = 1 << 16;

/// The blocks of a file that have come, and the first of the others that was asked for.
pub(crate) struct Pieces {
    size: u64,
    here: Mutex<Here>,
}

#[derive(Default)]
struct Here {
    blocks: HashMap<u64, Box<[u8]>>,
    missing: Option<Span>,
}

impl Pieces {
    pub(crate) fn new(size: u64) -> Self {
        Self { size, here: Mutex::default() }
    }

    /// What was asked for and is not here, in whole blocks.
    pub(crate) fn take_missing(&self) -> Option<Span> {
        self.here().missing.take()
    }

    /// Takes whole blocks from a multiple of [`BLOCK`] on; the last of the file may be shorter.
    pub(crate) fn supply(&self, offset: u64, bytes: &[u8]) {
        let mut here = self.here();
        for (first, block) in (offset / BLOCK..).zip(bytes.chunks(BLOCK as usize)) {
            let length = BLOCK.min(self.size.saturating_sub(first * BLOCK));
            if block.len() as u64 == length {
                here.blocks.insert(first, block.into());
            }
        }
    }

    fn here(&self) -> MutexGuard<'_, Here> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Pieces {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let end = self.size.min(offset.saturating_add(buffer.len() as u64));
        let mut here = self.here();
        let mut at = offset;
        while at < end {
            let number = at / BLOCK;
            let Some(block) = here.blocks.get(&number) else {
                let span = Span::new(number * BLOCK, self.size.min(end.div_ceil(BLOCK) * BLOCK));
                // The first is what the question needs: what is asked for later may follow from its failure.
                here.missing.get_or_insert(span);
                return Err(ReadError { offset: at, message: "these bytes are not here yet".to_owned() });
            };
            let within = (at % BLOCK) as usize;
            let count = (block.len() - within).min((end - at) as usize);
            let to = (at - offset) as usize;
            buffer[to..to + count].copy_from_slice(&block[within..within + count]);
            at += count as u64;
        }
        Ok((at.max(offset) - offset) as usize)
    }

    fn is_far(&self) -> bool {
        true
    }
}
