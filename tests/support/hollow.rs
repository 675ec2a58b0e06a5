//! A large file of which only a little is kept.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file takes what it needs")]

use super::counter::Counter;
use picklescope::bytes::{ReadError, Source};
use std::sync::Arc;

/// A pickle around zeros that nobody keeps, and a count of what is read of it.
pub struct Hollow {
    pub head: Vec<u8>,
    pub zeros: u64,
    pub tail: Vec<u8>,
    pub read: Arc<Counter>,
}

impl Source for Hollow {
    fn len(&self) -> u64 {
        self.head.len() as u64 + self.zeros + self.tail.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let end = self.head.len() as u64 + self.zeros;
        let count = (buffer.len() as u64).min(self.len().saturating_sub(offset)) as usize;
        self.read.add(count as u64);
        let buffer = &mut buffer[..count];
        buffer.fill(0);
        for (from, bytes) in [(0, &self.head), (end, &self.tail)] {
            for (at, byte) in (from..).zip(bytes).filter(|(at, _)| (offset..offset + count as u64).contains(at)) {
                buffer[(at - offset) as usize] = *byte;
            }
        }
        Ok(count)
    }
}
