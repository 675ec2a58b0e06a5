//! Tar archives: POSIX.1-1988 (ustar), POSIX.1-2001 (pax), GNU and the format of version 7 Unix.

use super::Directory;
use crate::bytes::{Limits, Source};
use std::rc::Rc;

/// Reads the headers of a tar archive; contents are skipped by their offsets.
#[must_use]
pub fn read(source: &Rc<dyn Source>, limits: &Limits) -> Directory {
    let _ = (source, limits);
    Directory::default()
}

/// Whether the checksum of a header block is the sum of its bytes. Old tars added the bytes as signed.
pub(super) fn checksum_holds(block: &[u8; 512]) -> bool {
    let Some(stated) = octal(&block[148..156]) else { return false };
    let sum = |value: fn(u8) -> i64| -> i64 {
        let blank = value(b' ') * 8;
        blank + block[..148].iter().chain(&block[156..]).map(|byte| value(*byte)).sum::<i64>()
    };
    let stated = i64::try_from(stated).unwrap_or(i64::MAX);
    sum(i64::from) == stated || sum(|byte| i64::from(byte.cast_signed())) == stated
}

/// A number in octal digits, between blanks and zero bytes. `None` when there is none.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    u64::from_str_radix(text, 8).ok()
}
