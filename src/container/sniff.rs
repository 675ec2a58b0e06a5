//! What an input is, by strong signs in its first bytes.
//!
//! A bare pickle has no magic number: nearly every byte may begin one. So each sign here is either long, or followed by
//! bytes that a pickle could not have there.

use super::format::{Archive, Format, Packing};
use super::signs::{archive, is_first_block};
use super::{kinds, trial, zip};
use crate::bytes::Source;
use std::sync::Arc;

/// Bytes that the signs need: a tar header, and the first of the next block.
const HEAD: usize = 1024;

/// Knows an input by its first bytes. `None` means a pickle, or something unknown: `describe` has
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
    /// Bytes of text that no deflated stream begins with.
    const TEXT: usize = 48;
    match head {
        [cmf, flags, rest @ ..] if flags & DICTIONARY != 0 => {
            let fits = is_zlib_or_dictionary([*cmf, *flags])
                && matches!(rest, [_, _, _, _, first, rest @ ..] if is_first_block(*first, rest));
            // Digits of a pickle in hexadecimal begin like this.
            let is_text =
                head.len() > LONG && rest.iter().take(TEXT).all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r'));
            fits && !(flags.is_ascii() && is_text)
                && (!flags.is_ascii() && *cmf == 0x78 || trial::is_deflated(source, LONG as u64))
        }
        [cmf, flags, first, rest @ ..] if is_zlib_head([*cmf, *flags]) && is_first_block(*first, rest) => {
            !matches!(cmf, b'(' | b'X') || trial::is_zlib(source)
        }
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
