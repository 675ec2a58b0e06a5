//! What an input is, by strong signs in its first bytes.
//!
//! A bare pickle has no magic number: nearly every byte may begin one. So each sign here is either long, or followed by
//! bytes that a pickle could not have there.

use super::{kinds, tar, trial, zip};
use crate::bytes::Source;
use std::sync::Arc;

/// A format that is recognised by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// With its article: `an HDF5 file`.
    pub name: &'static str,
    /// What a person can do.
    pub advice: &'static str,
}

/// What an input is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// A compressed stream: [`Unpacked`](super::Unpacked) reads it.
    Packed(Packing),
    /// An archive of entries.
    Archive(Archive),
    /// numpy's `.npy`: [`npy::read`](super::npy::read) reads its header.
    Npy,
    /// Something known that holds no pickle, or none that is read here.
    Other(Kind),
}

/// How a stream is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Packing {
    /// RFC 1952, one member or several.
    Gzip,
    /// RFC 1950.
    Zlib,
    /// One stream or several.
    Bzip2,
    /// One stream or several.
    Xz,
    /// The `.lzma` format before xz, called LZMA alone.
    Lzma,
    /// RFC 8878, one frame or several.
    Zstd,
    /// LZ4 frames, those of the legacy format included.
    Lz4,
    /// The zlib files of joblib before 0.10: `ZF` and the length in front.
    JoblibZf,
    /// RFC 1951 without anything around it, as in zip entries. Not recognised by content.
    Deflate,
    /// LZMA without the header of a file, as in zip (APPNOTE 5.8.8) and 7z. Not recognised by content.
    BareLzma,
}

impl Packing {
    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzma | Self::BareLzma => "lzma",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::JoblibZf => "joblib ZF",
            Self::Deflate => "deflate",
        }
    }
}

/// A format with entries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Archive {
    /// PKWARE's, with zip64.
    Zip,
    /// ustar, pax, GNU or v7.
    Tar,
    /// 7-Zip's.
    SevenZip,
}

impl Archive {
    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::SevenZip => "7z",
        }
    }
}

/// Bytes that the signs need: a tar header, and the first of the next block.
const HEAD: usize = 1024;

/// Knows an input by its first bytes. `None` means a pickle, or something unknown: [`describe`](super::describe) has
/// weaker guesses, for inputs that turned out to be no pickle.
#[must_use]
pub fn sniff(source: &dyn Source) -> Option<Format> {
    let mut head = [0; HEAD];
    let count = source.peek(0, &mut head).ok()?;
    let head = &head[..count];
    packing(head, source)
        .map(Format::Packed)
        .or_else(|| archive(head).map(Format::Archive))
        .or_else(|| head.starts_with(b"\x93NUMPY").then_some(Format::Npy))
        .or_else(|| kinds::strong(head, source.len()).map(Format::Other))
}

fn packing(head: &[u8], source: &dyn Source) -> Option<Packing> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Packing::Xz),
        [b'B', b'Z', b'h', b'1'..=b'9', magic @ ..]
            if magic.starts_with(b"1AY&SY") || magic.starts_with(b"\x17\x72\x45\x38\x50\x90") =>
        {
            Some(Packing::Bzip2)
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstd),
        [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] => Some(Packing::Lz4),
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => after_skippable(source),
        [b'Z', b'F', rest @ ..] if is_zf(rest) => Some(Packing::JoblibZf),
        _ if is_lzma_alone(head) => Some(Packing::Lzma),
        _ if is_zlib(head, source) => Some(Packing::Zlib),
        _ if is_weak(head, source) => Some(Packing::Lzma),
        _ => None,
    }
}

/// Whether bytes are an `.lzma` file with a header that nobody writes by default. What has another sign, too, is one only
/// when a pickle or another known format comes out: its header can be made to say anything.
fn is_weak(head: &[u8], source: &dyn Source) -> bool {
    let has_sign = archive(head).is_some() || kinds::strong(head, source.len()).is_some();
    trial::is_lzma(head, source, has_sign)
}

/// Whether bytes begin with a sign of a compressed stream that is no accident.
pub(super) fn strong_packing(head: &[u8]) -> bool {
    match head {
        [0x1f, 0x8b, 8, ..]
        | [0xfd, b'7', b'z', b'X', b'Z', 0, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', ..] => true,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] => true,
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, first, rest @ ..] => is_first_block(*first, rest),
        _ => false,
    }
}

/// zstd and lz4 share their skippable frames: the first frame behind them decides.
fn after_skippable(source: &dyn Source) -> Option<Packing> {
    /// Whoever puts more in front wants to hide something: the decoder goes on from there.
    const FRAMES: usize = 1 << 16;
    let mut at = 0_u64;
    for _ in 0..FRAMES {
        let mut head = [0; 8];
        let count = source.read_at(at, &mut head).ok()?;
        match head {
            _ if count == 0 && at == source.len() => return Some(Packing::Zstd),
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d] if count == 8 => {
                at = at.saturating_add(8 + u64::from(u32::from_le_bytes([a, b, c, d])));
            }
            [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] => return Some(Packing::Lz4),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => return Some(Packing::Zstd),
            _ => return None,
        }
    }
    Some(Packing::Zstd)
}

/// The length field of a joblib `ZF` file: `0x`, hex digits, perhaps Python 2's `L`, blanks to 19 or 20 characters; then
/// a zlib header.
fn is_zf(rest: &[u8]) -> bool {
    let field = &rest[..rest.len().min(19)];
    let Some(digits) = field.strip_prefix(b"0x") else { return false };
    let blank = digits.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(digits.len());
    let padding = digits[blank..].strip_prefix(b"L").unwrap_or(&digits[blank..]);
    let body = &rest[field.len()..];
    let body = body.strip_prefix(b" ").unwrap_or(body);
    blank > 0 && padding.iter().all(|byte| *byte == b' ') && (body.len() < 2 || is_zlib_head([body[0], body[1]]))
}

fn is_zlib_head([cmf, flags]: [u8; 2]) -> bool {
    flags & DICTIONARY == 0 && is_zlib_or_dictionary([cmf, flags])
}

/// RFC 1950, 2.2: a preset dictionary is named behind the header.
const DICTIONARY: u8 = 0x20;

fn is_zlib_or_dictionary([cmf, flags]: [u8; 2]) -> bool {
    cmf & 0x0f == 8 && cmf >> 4 <= 7 && u16::from_be_bytes([cmf, flags]).is_multiple_of(31)
}

/// A zlib header, and the header of a first block that can be. `(` and `X` are headers of windows that nobody uses, and
/// begin pickles: those are tried. So are streams that need a dictionary, of which the header is text.
fn is_zlib(head: &[u8], source: &dyn Source) -> bool {
    /// Bytes of the header with the checksum of a dictionary.
    const LONG: usize = 6;
    match head {
        [cmf, flags, rest @ ..] if flags & DICTIONARY != 0 => {
            let fits = is_zlib_or_dictionary([*cmf, *flags])
                && matches!(rest, [_, _, _, _, first, rest @ ..] if is_first_block(*first, rest));
            fits && (!flags.is_ascii() && *cmf == 0x78 || trial::is_deflated(source, LONG as u64))
        }
        [cmf, flags, first, rest @ ..] if is_zlib_head([*cmf, *flags]) && is_first_block(*first, rest) => {
            !matches!(cmf, b'(' | b'X') || trial::is_zlib(source)
        }
        _ => false,
    }
}

/// The header of a deflated block (RFC 1951, 3.2.3).
fn is_first_block(first: u8, rest: &[u8]) -> bool {
    match (first >> 1 & 3, rest) {
        // Stored: the length and its complement.
        (0, [a, b, c, d, ..]) => u16::from_le_bytes([*a, *b]) == !u16::from_le_bytes([*c, *d]),
        // Fixed codes: nothing to check.
        (1, _) => true,
        // Dynamic codes: at most 286 literal and 30 distance codes.
        (2, [next, ..]) => first >> 3 <= 29 && next & 0x1f <= 29,
        _ => false,
    }
}

/// The usual header of an `.lzma` file: properties, dictionary size, unpacked size, and the zero that begins every range
/// code. For any other see [`trial::is_lzma`].
fn is_lzma_alone(head: &[u8]) -> bool {
    let Some(&[0x5d, a, b, c, d, ref size @ .., first]) = head.first_chunk::<14>() else { return false };
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    let plausible = dictionary == u32::MAX
        || (dictionary >= 4096
            && (dictionary.is_power_of_two() || (dictionary / 3).is_power_of_two() && dictionary.is_multiple_of(3)));
    let size = u64::from_le_bytes(*size);
    plausible && (size == u64::MAX || size < 1 << 48) && first == 0
}

pub(super) fn archive(head: &[u8]) -> Option<Archive> {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Some(Archive::Zip),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(Archive::SevenZip),
        _ if is_tar(head) => Some(Archive::Tar),
        _ => None,
    }
}

/// A tar header: its checksum holds. When it does not, the magic and a size that is a number will do: that is damage. The name
/// may be empty: records before the next header may have it.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<512>() else { return false };
    let magic = block[257..].starts_with(b"ustar");
    let sized = block[124..136].iter().all(|byte| b" 01234567\0".contains(byte));
    tar::checksum_holds(block) || magic && sized
}

/// Whether a zip ends an input that does not begin as one: a self-extracting archive, or a pickle with a zip behind it.
/// Readers of zip files look at the end, so both read something. What has an end record that leads to no directory is
/// none to any of them.
#[must_use]
pub fn zip_at_end(source: &Arc<dyn Source>) -> bool {
    let mut head = [0; 4];
    if source.read_at(0, &mut head).is_err() || head.starts_with(b"PK") && archive(&head) == Some(Archive::Zip) {
        return false;
    }
    zip::end(source).is_some()
}

/// Where the end record of the zip at the end of an input ends.
#[must_use]
pub fn end_of_zip(source: &Arc<dyn Source>) -> Option<u64> {
    zip::end(source)
}

impl Format {
    /// The format's name with its article, and what to do where it is not opened.
    #[must_use]
    pub fn kind(self) -> Kind {
        let unpack = "Open the file itself: what is inside is then listed.";
        let name = match self {
            Self::Packed(Packing::Gzip) => "a gzip file",
            Self::Packed(Packing::Zlib) => "zlib data",
            Self::Packed(Packing::Bzip2) => "a bzip2 file",
            Self::Packed(Packing::Xz) => "an xz file",
            Self::Packed(Packing::Lzma | Packing::BareLzma) => "an lzma file",
            Self::Packed(Packing::Zstd) => "a zstd file",
            Self::Packed(Packing::Lz4) => "an lz4 file",
            Self::Packed(Packing::JoblibZf) => "a compressed file of joblib before 0.10",
            Self::Packed(Packing::Deflate) => "deflated data",
            Self::Archive(Archive::Zip) => "a zip archive (torch, numpy .npz, keras and skops files are such)",
            Self::Archive(Archive::Tar) => "a tar archive",
            Self::Archive(Archive::SevenZip) => "a 7z archive",
            Self::Npy => "a numpy .npy array",
            Self::Other(kind) => return kind,
        };
        Kind { name, advice: unpack }
    }
}
