//! The hash by which modules are found: of the build, which notes their top levels, and of the program, which asks for them.

/// A number for a text; where it stands in a table is this modulo the table's length.
pub(super) fn hash(text: &str) -> usize {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut sum = text.len() as u64;
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        sum = (sum.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
    }
    (sum >> 40) as usize
}
