//! The decoder of each format.

use super::decode::{Decode, Expected};
use super::{bzip2, deflate, lz4, lzma, xz, zstd};
use crate::container::format::Packing;

/// A decoder of `packed` bytes.
pub(super) fn decoder(packing: Packing, packed: u64, expected: &Expected) -> Box<dyn Decode> {
    match packing {
        Packing::Gzip => Box::new(deflate::Deflated::gzip()),
        Packing::Zlib => Box::new(deflate::Deflated::zlib()),
        Packing::JoblibZf => Box::new(deflate::Deflated::joblib()),
        Packing::Deflate => Box::new(deflate::Deflated::raw()),
        Packing::Bzip2 => Box::new(bzip2::Bzip2::new()),
        Packing::Xz => Box::new(xz::Xz::new(packed)),
        Packing::Lzma => Box::new(lzma::Lzma::alone(packed)),
        Packing::BareLzma => Box::new(lzma::Lzma::zip(packed, expected)),
        Packing::Zstd => Box::new(zstd::Zstd::new()),
        Packing::Lz4 => Box::new(lz4::Lz4::new()),
    }
}
