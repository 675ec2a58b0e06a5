//! Makes the decoder fast before the first file comes.
//!
//! Browsers compile WebAssembly twice: at once to slow code, and what runs often again to fast code, in the background. A
//! worker that has nothing to do yet reads a made-up pickle a few times, so that the first file already meets the fast code;
//! without it, the first 10 MB take about three times as long. All workers of the page share what was compiled.

use crate::bytes::{Limits, MemorySource};
use crate::machine::{self, Reading};

/// Bytes of the made-up pickle, about; a few milliseconds of slow code.
const SIZE: usize = 64 * 1024;

/// How often it is read: Chromium replaces the code after a few megabytes.
#[cfg(target_arch = "wasm32")]
pub(super) const ROUNDS: u32 = 60;

/// A list of records with the opcodes that pickles are mostly made of.
pub(super) fn pickle() -> Vec<u8> {
    const RECORD: &[u8] = b"}\x94(\x8c\x01k\x94K\x07\x8c\x04name\x94\x8c\x05value\x94G?\xf0\0\0\0\0\0\0J\x40\xe2\x01\0M\x10\x27\
        \x88N\x86\x94h\x02]\x94(K\x01K\x02e\x8c\x01o\x94\x8c\x01m\x8c\x01n\x93)\x81\x94}\x94(\x8c\x01a\x94K\x01\x8c\x01b\x94\x89ub\x8c\x01r\x94\x8c\x01m\x94\
        \x8c\x01n\x94\x93\x94K\x01K\x02\x86R\x94u";
    let mut bytes = b"\x80\x04]\x94(".to_vec();
    while bytes.len() < SIZE {
        bytes.extend_from_slice(RECORD);
    }
    bytes.extend_from_slice(b"e.");
    bytes
}

/// Reads it once.
pub(super) fn round(source: &MemorySource) -> Reading {
    machine::read(source, &Limits::default(), &mut |_, _| {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pickle_takes_the_ordinary_way() {
        let reading = round(&MemorySource::new(pickle()));
        assert!(reading.is_complete());
        assert_eq!(reading.problems.total, 0);
        assert!(reading.opcodes > 20_000);
    }
}
