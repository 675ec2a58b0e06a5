//! A `bytes` object of Python as a source, without a copy.

use picklescope::{ReadError, Source};
use pyo3::pybacked::PyBackedBytes;

/// Bytes that Python holds; they cannot change.
pub(crate) struct Held(pub(crate) PyBackedBytes);

impl Source for Held {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let rest = usize::try_from(offset).ok().and_then(|start| self.0.get(start..)).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn contiguous(&self) -> Option<&[u8]> {
        Some(&self.0)
    }
}
