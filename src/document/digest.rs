//! SHA-256 of the file that was opened, a step at a time.

use crate::bytes::Source;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::mem;
use std::sync::Arc;

/// Bytes that are hashed in all, and in one step.
const HASHED: u64 = 1 << 30;
const BLOCK: usize = 1 << 20;
const BLOCKS: usize = 4;

/// The digest of a file, as far as it has come.
pub(super) enum FileDigest {
    Of(Arc<dyn Source>, Box<Sha256>, u64),
    /// The digest, or why there is none, and how many blocks were hashed for it.
    Known(String, u64),
}

impl FileDigest {
    /// Of a file, or why it has none.
    pub(super) fn begin(file: Result<Arc<dyn Source>, String>) -> Self {
        match file {
            Err(why) => Self::unknown(&why),
            Ok(file) if file.is_far() => {
                Self::unknown("the file comes piece by piece, and not all of it was asked for")
            }
            Ok(file) if file.len() > HASHED => Self::unknown("the file is larger than 1 GiB"),
            Ok(file) => Self::Of(file, Box::default(), 0),
        }
    }

    fn unknown(why: &str) -> Self {
        Self::Known(format!("not worked out: {why}"), 0)
    }

    /// Hashes some more; whether that was all.
    pub(super) fn step(&mut self) -> bool {
        let Self::Of(file, hash, at) = self else { return true };
        let mut block = vec![0; BLOCK.min(usize::try_from(file.len()).unwrap_or(BLOCK))];
        for _ in 0..BLOCKS {
            match file.read_at(*at, &mut block) {
                Err(error) => {
                    *self = Self::unknown(&error.to_string());
                    return true;
                }
                Ok(count) => {
                    hash.update(&block[..count]);
                    *at += count as u64;
                    if count == 0 || *at >= file.len() {
                        let digest = HEXLOWER.encode(&mem::take(&mut **hash).finalize());
                        *self = Self::Known(digest, blocks(*at));
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Blocks that are done, and all of them.
    pub(super) fn progress(&self) -> (u64, u64) {
        match self {
            Self::Of(file, _, at) => (blocks(*at), blocks(file.len())),
            Self::Known(_, blocks) => (*blocks, *blocks),
        }
    }
}

fn blocks(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK as u64)
}
