//! How pickles announce themselves.
//!
//! Sources: PEP 307 (PROTO, protocol 2), PEP 3154 (4), PEP 574 (5).

use crate::bytes::Source;
use std::ops::RangeInclusive;

/// The opcode that picklers write first since protocol 2.
pub const PROTO: u8 = 0x80;

/// Protocols whose picklers write it. Loaders take 0 and 1, too, which in other data are no sign of anything.
pub const ANNOUNCED: RangeInclusive<u8> = 2..=5;

/// Whether bytes begin as pickles of protocol 2 or later do. Those of the protocols before begin in any way.
#[must_use]
pub fn is_announced(head: &[u8]) -> bool {
    matches!(head, [PROTO, protocol, ..] if ANNOUNCED.contains(protocol))
}

/// The protocol that the bytes at an offset announce.
#[must_use]
pub fn announced_at(source: &dyn Source, offset: u64) -> Option<u8> {
    let mut head = [0; 2];
    (source.read_at(offset, &mut head) == Ok(2) && is_announced(&head)).then_some(head[1])
}
