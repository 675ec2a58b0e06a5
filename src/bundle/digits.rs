//! Digits of base 64 and 16 that may stand for the bytes of a pickle.

/// Places where digits begin whose first bytes are a PROTO.
pub(super) fn places_of_digits(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let base64 = memchr::memmem::find_iter(bytes, b"gA").filter(|at| {
        // The third digit has the protocol's last four bits.
        matches!(bytes.get(at + 2), Some(b'I'..=b'X')) && !before(bytes, *at).is_some_and(is_base64)
    });
    let hex = memchr::memmem::find_iter(bytes, b"800").filter(|at| {
        matches!(bytes.get(at + 3), Some(b'2'..=b'5'))
            && !before(bytes, *at).is_some_and(|byte| byte.is_ascii_hexdigit())
    });
    base64.chain(hex)
}

pub(super) fn before(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at.checked_sub(1)?).copied()
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}
