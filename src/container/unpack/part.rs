//! Blocks of 7z archives, of which an entry is a part.

use super::decode::{Decode, Expected, Step};
use super::decoders::decoder;
use super::lzma::{self, Codes};
use crate::container::feed::Feed;
use crate::container::format::Packing;
use crate::container::note::Note;
use lzma_rust2::FilterConfig;

/// How a block is packed.
#[derive(Clone, Debug)]
pub(in crate::container) enum Codec {
    Copy,
    /// Bare LZMA: five bytes of properties and dictionary.
    Lzma {
        properties: [u8; 5],
        filter: Option<FilterConfig>,
    },
    /// Bare LZMA2: the dictionary as xz writes it.
    Lzma2 {
        properties: u8,
        filter: Option<FilterConfig>,
    },
    /// Something that has a format of its own.
    Other(Packing),
}

impl Codec {
    pub(super) fn packing(&self) -> Packing {
        match self {
            Self::Copy | Self::Lzma { .. } | Self::Lzma2 { .. } => Packing::BareLzma,
            Self::Other(packing) => *packing,
        }
    }

    /// A decoder of the whole block, which has `packed` bytes and unpacks to `size`.
    pub(super) fn decoder(&self, packed: u64, size: u64) -> Result<Box<dyn Decode>, String> {
        let codes = match self {
            Self::Copy => return Err("there is nothing to unpack".to_owned()),
            Self::Other(packing) => return Ok(decoder(*packing, packed, &Expected::default())),
            Self::Lzma { properties: [properties, dictionary @ ..], filter } => {
                let dictionary = lzma::dictionary(u32::from_le_bytes(*dictionary), packed)?;
                Codes::one(size, *properties, dictionary, filter.clone())?
            }
            Self::Lzma2 { properties, filter } => {
                Codes::two(lzma::dictionary(lzma::dictionary_of(u32::from(*properties)), packed)?, filter.clone())?
            }
        };
        Ok(Box::new(Bare(codes)))
    }
}

/// Codes without anything around them.
struct Bare(Codes);

impl Decode for Bare {
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], _: &mut Vec<Note>) -> (usize, Step) {
        match self.0.decode(feed, room, "packed block") {
            (done, Ok(false)) => (done, Step::More),
            (done, Ok(true)) => (done, Step::Done),
            (done, Err(message)) => (done, Step::Failed(message)),
        }
    }
}

/// Keeps a part of what another decoder gives.
pub(super) struct Part {
    inner: Box<dyn Decode>,
    skip: u64,
    left: u64,
    scratch: Vec<u8>,
}

impl Part {
    pub(super) fn new(inner: Box<dyn Decode>, skip: u64, left: u64) -> Self {
        Self { inner, skip, left, scratch: Vec::new() }
    }
}

impl Decode for Part {
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], notes: &mut Vec<Note>) -> (usize, Step) {
        const SCRATCH: u64 = 64 * 1024;
        let early = || Step::Failed("the block ends before the entry does".to_owned());
        if self.skip > 0 {
            self.scratch.resize(self.skip.min(SCRATCH) as usize, 0);
            let (count, step) = self.inner.decode(feed, &mut self.scratch, notes);
            self.skip -= count as u64;
            // Back to the caller after each piece, who reports the progress.
            return (0, if matches!(step, Step::Done) { early() } else { step });
        }
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(room.len());
        let room = &mut room[..wanted];
        let (count, step) = self.inner.decode(feed, room, notes);
        self.left -= count as u64;
        match step {
            _ if self.left == 0 => (count, Step::Done),
            Step::Done => (count, early()),
            step => (count, step),
        }
    }
}
