//! A node as it is stored.

use crate::bytes::Span;

/// What the fields of a [`Record`] hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Tag {
    None,
    False,
    True,
    Int,
    LongBinary,
    LongText,
    Float,
    Utf8,
    RawUnicodeEscape,
    Python2,
    Python2Quoted,
    Line,
    Bytes,
    ByteArray,
    Global,
    ComputedGlobal,
    Tuple,
    FrozenSet,
    List,
    Dict,
    Set,
    Call,
    PersistentId,
    Extension,
    Buffer,
    ReadonlyBuffer,
    InlineArray,
    InlinePickle,
}

/// In place of a distance that does not fit.
pub(crate) const FAR: u32 = u32::MAX;

/// No run.
pub(super) const NIL: u32 = u32::MAX;

/// A node as it is stored. By tag:
///
/// | tag | `extra` | `a` | `b` | `c` |
/// |---|---|---|---|---|
/// | numbers | | | low half | high half |
/// | payloads | length, bits 32.. | length, low | offset, low | offset, high |
/// | tuple, frozenset | | first edge | length | `reach` |
/// | list, dict, set | | | first run | `reach` |
/// | call | `CallKind`, type of the result | first of 2 or 3 edges | first run | `reach` |
/// | inline array | length, bits 32.. | length, low | wrapper | from the opcode to the numbers |
/// | the rest | | operand | second operand | `reach` |
///
/// `extra` of a tuple, a dict, a global and a read-only buffer is what the machine knows of them (`machine/types.rs`).
///
/// `reach` is the distance from the opcode back to the first byte of the value: of its MARK or its first operand. Where it
/// is [`FAR`], `Graph::far` has the start.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Record {
    pub(crate) tag: Tag,
    pub(crate) extra: u16,
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) c: u32,
    /// Low half of the opcode's offset; the high half follows from `Graph::epochs`.
    pub(crate) at: u32,
}

impl Record {
    #[inline(always)]
    pub(crate) fn plain(tag: Tag, at: u64) -> Self {
        Self { tag, extra: 0, a: 0, b: NIL, c: 0, at: at as u32 }
    }

    #[inline(always)]
    pub(crate) fn number(tag: Tag, bits: u64, at: u64) -> Self {
        Self { tag, extra: 0, a: 0, b: bits as u32, c: (bits >> 32) as u32, at: at as u32 }
    }

    #[inline(always)]
    pub(crate) fn payload(tag: Tag, start: u64, length: u64, at: u64) -> Self {
        Self {
            tag,
            extra: (length >> 32) as u16,
            a: length as u32,
            b: start as u32,
            c: (start >> 32) as u32,
            at: at as u32,
        }
    }

    #[inline(always)]
    pub(crate) fn compound(tag: Tag, a: u32, b: u32, reach: u32, at: u64) -> Self {
        Self { tag, extra: 0, a, b, c: reach, at: at as u32 }
    }

    /// Numbers that begin `distance` bytes after the opcode.
    pub(crate) fn inline_array(wrapper: u32, distance: u32, length: u64, at: u64) -> Self {
        let extra = (length >> 32) as u16;
        Self { tag: Tag::InlineArray, extra, a: length as u32, b: wrapper, c: distance, at: at as u32 }
    }

    pub(super) fn length(&self) -> u64 {
        u64::from(self.a) | u64::from(self.extra) << 32
    }

    pub(super) fn bits(&self) -> u64 {
        u64::from(self.b) | u64::from(self.c) << 32
    }

    pub(super) fn span(&self) -> Span {
        Span::new(self.bits(), self.bits() + self.length())
    }
}

/// First index in `0..len` for which `before` is false, where it is true for a prefix.
pub(crate) fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Edge;

    #[test]
    fn nodes_and_edges_stay_small() {
        assert!(size_of::<Record>() <= 24);
        assert_eq!(size_of::<Edge>(), 4);
    }
}
