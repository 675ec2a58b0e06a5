//! Places in bytes that are something else where a pickle may begin, or something that holds one.
//!
//! Formats have signs. A pickle of the protocols before 2 has none, and one that is kept in pages may have lost its
//! beginning; but whatever a pickle does it does to what it names, and names stand in it in three ways.

use crate::format::pickle::{PROTO, is_announced};

/// Longest module or name that is looked for, and arguments of INST before them.
const LONGEST: usize = 100;
/// Beginnings that are tried in one line: a module may follow anything that is a letter.
const IN_LINE: usize = 4;

const STACK_GLOBAL: u8 = 0x93;
const MEMOIZE: u8 = 0x94;
const SHORT_BINUNICODE: u8 = 0x8c;

/// The bytes, or none of them when they are all zeros, in which no sign is: sparse files have gigabytes of them.
fn unless_zeros(bytes: &[u8]) -> &[u8] {
    /// Bytes that are looked at together, without a branch for each.
    const TOGETHER: usize = 256;
    let is_zero = |piece: &[u8]| piece.iter().fold(0, |all, byte| all | byte) == 0;
    if bytes.chunks(TOGETHER).all(is_zero) { &[] } else { bytes }
}

/// Places of a PROTO with a version that there is.
pub(super) fn places_of_pickles(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let bytes = unless_zeros(bytes);
    memchr::memchr_iter(PROTO, bytes).filter(|at| is_announced(&bytes[*at..]))
}

/// Places with the sign of a format, or where a pickle may begin, in order.
pub(super) fn places_of_signs(bytes: &[u8]) -> Vec<usize> {
    let signs: [&[u8]; 2] = [b"PK\x03\x04", b"7z\xbc\xaf"];
    let mut places: Vec<usize> = signs.iter().flat_map(|sign| memchr::memmem::find_iter(bytes, sign)).collect();
    places.extend(places_of_holders(bytes));
    places.extend(places_of_pickles(bytes));
    places.extend(places_of_names(bytes));
    places.sort_unstable();
    places.dedup();
    places
}

/// Places with the sign of a compressed stream, of an array or of a tar archive.
pub(super) fn places_of_holders(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let signs: [&[u8]; 8] = [
        b"\xfd7zXZ\0",
        b"\x1f\x8b\x08",
        b"BZh",
        b"\x28\xb5\x2f\xfd",
        b"\x04\x22\x4d\x18",
        b"\x02\x21\x4c\x18",
        b"\x5d\0\0",
        b"\x93NUMPY",
    ];
    let bytes = unless_zeros(bytes);
    let by_sign = signs.into_iter().flat_map(|sign| memchr::memmem::find_iter(bytes, sign));
    // The sign of a tar archive is in its first header.
    let tars = memchr::memmem::find_iter(bytes, b"ustar").filter_map(|at| at.checked_sub(257));
    let is_zlib = |at: &usize| matches!(bytes.get(at + 1), Some(0x01 | 0x5e | 0x9c | 0xda));
    by_sign.chain(tars).chain(memchr::memchr_iter(0x78, bytes).filter(is_zlib))
}

/// Places where a pickle that is not announced may begin to name something: at GLOBAL, at the MARK before INST, at the two
/// texts before STACK_GLOBAL.
pub(super) fn places_of_names(bytes: &[u8]) -> Vec<usize> {
    let bytes = unless_zeros(bytes);
    let mut places = Vec::new();
    for end in memchr::memchr_iter(b'\n', bytes) {
        let rest = &bytes[end + 1..];
        let name = rest.iter().take(LONGEST).take_while(|byte| is_name(byte)).count();
        if name == 0 || rest.get(name) != Some(&b'\n') {
            continue;
        }
        let module = name_before(bytes, end);
        // The opcode stands before a module of at least one letter.
        let Some((_, line)) = bytes[end - module..end].split_last() else { continue };
        let globals = memchr::memchr_iter(b'c', line).map(|at| end - module + at);
        // What is nearest to the end of the line is most likely the opcode.
        places.extend(globals.rev().take(IN_LINE));
        if memchr::memchr(b'i', line).is_some() {
            let before = &bytes[(end - module).saturating_sub(LONGEST)..end];
            places.extend(memchr::memrchr(b'(', before).map(|at| end - before.len() + at));
        }
    }
    let by_stack = memchr::memchr_iter(STACK_GLOBAL, bytes);
    places.extend(by_stack.filter_map(|at| text_before(bytes, at)).filter_map(|name| text_before(bytes, name)));
    places.sort_unstable();
    places.dedup();
    places
}

fn is_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')
}

/// Bytes of a name that end at `end`.
fn name_before(bytes: &[u8], end: usize) -> usize {
    bytes[..end].iter().rev().take(LONGEST).take_while(|byte| is_name(byte)).count()
}

/// Where the opcode is that pushes the text that ends at `end`, perhaps with an opcode that stores it in between.
fn text_before(bytes: &[u8], end: usize) -> Option<usize> {
    let before = &bytes[..end];
    let stored = match before {
        [.., MEMOIZE] => Some(end - 1),
        [.., b'q', _] => Some(end - 2),
        _ => None,
    };
    [Some(end), stored].into_iter().flatten().find_map(|end| {
        let line_end = bytes[..end].last() == Some(&b'\n');
        let end = end - usize::from(line_end);
        let length = name_before(bytes, end);
        (1..=length).find_map(|length| {
            let start = end - length;
            let opcode = |back: usize| start.checked_sub(back).map(|at| (at, &bytes[at..start]));
            match (opcode(1), opcode(2), opcode(5)) {
                (Some((at, [b'V'])), ..) if line_end => Some(at),
                (_, Some((at, [SHORT_BINUNICODE, count])), _) if usize::from(*count) == length => Some(at),
                (.., Some((at, [b'X', count @ ..]))) if *count == (length as u32).to_le_bytes() => Some(at),
                _ => None,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::places_of_names;

    #[test]
    fn names_are_found_in_every_way_to_say_them() {
        let at = |bytes: &[u8]| places_of_names(&[b"\xfe\xfe", bytes].concat());
        assert!(at(b"cos\nsystem\n").contains(&2));
        assert!(at(b"N0cos\nsystem\n").contains(&4));
        assert!(at(b"(S'x'\nios\nsystem\n").contains(&2));
        assert!(at(b"\x8c\x02os\x94\x8c\x06system\x94\x93").contains(&2));
        assert!(at(b"X\x02\0\0\0osq\0X\x06\0\0\0systemq\x01\x93").contains(&2));
        assert!(at(b"Vos\nVsystem\n\x93").contains(&2));
        for none in [&b"one\ntwo\n"[..], b"c\nname\n", b"cos\nno name\n", b"\x8c\x02os\x93", b"\x93", b"\n\n"] {
            assert!(at(none).is_empty(), "{none:?}");
        }
    }
}
