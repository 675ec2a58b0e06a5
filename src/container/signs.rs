//! Strong signs at the beginning of bytes.

use super::format::Archive;
use super::tar;

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

/// The header of a deflated block (RFC 1951, 3.2.3).
pub(super) fn is_first_block(first: u8, rest: &[u8]) -> bool {
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

/// The archive that bytes begin as.
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
