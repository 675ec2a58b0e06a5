//! Pickles in compressed bytes of a value: gzip, zlib, bzip2, xz, lzma, zstd and lz4, by their first bytes.

use super::audit::Auditor;
use crate::bytes::{MemorySource, Source, Span, read_span};
use crate::container::{Format, Unpacked, sniff};
use crate::graph::NodeId;
use std::rc::Rc;

/// Compressed bytes that are unpacked to see what they begin with.
const GLANCE: u64 = 64 << 10;
/// Unpacked bytes that show it.
const HEAD: u64 = 64;
/// Compressed bytes in compressed bytes that are followed.
const LAYERS: usize = 4;
/// Most that one value is unpacked to.
const LARGEST: u64 = 32 << 20;

/// Whether bytes may begin a compressed stream; what they are is found out by unpacking them.
pub(super) fn may_be_packed(head: [u8; 2]) -> bool {
    matches!(head, [0x1f, 0x8b] | [b'B', b'Z'] | [0xfd, b'7'] | [0x5d, _] | [0x28, 0xb5] | [0x04, 0x22] | [0x78, _])
}

/// The same of the first letters in base64.
pub(super) fn may_be_packed_text(head: &[u8]) -> bool {
    matches!(head, [b'e', b'A' | b'F' | b'J' | b'N', ..])
        || [&b"H4sI"[..], b"QlpO", b"Qlpo", b"/Td6", b"XQAA", b"KLUv", b"BCJN"]
            .iter()
            .any(|first| head.starts_with(first))
}

impl Auditor<'_> {
    /// Judges the pickle in compressed bytes of a value. Bytes that only look compressed, or hold something else, cost a
    /// glance and say nothing.
    pub(super) fn try_packed(&mut self, id: NodeId, span: Span) {
        let Ok(first) = read_span(self.lens.source, span.prefix(GLANCE)) else { return };
        if is_worth_it(&first)
            && let Some(bytes) = self.take(span)
        {
            self.packed_inside(id, bytes);
        }
    }

    /// The same of bytes at hand, whatever they are.
    pub(super) fn packed_inside(&mut self, id: NodeId, bytes: Vec<u8>) {
        let mut bytes = bytes;
        for _ in 0..LAYERS {
            if !is_worth_it(&bytes[..bytes.len().min(GLANCE as usize)]) {
                return;
            }
            let room = self.budget.room().min(LARGEST);
            let Some((name, unpacked)) = unpack(bytes, room) else { return };
            self.budget.spend(unpacked.len() as u64);
            if begins_pickle(&unpacked) {
                return self.inside(id, unpacked, None, &format!("{name} bytes of a value"));
            }
            bytes = unpacked;
        }
    }
}

fn begins_pickle(bytes: &[u8]) -> bool {
    matches!(bytes, [0x80, 2..=5, ..] | [b'c' | b'(' | b'i' | b']' | b'}', ..])
}

/// Whether the first bytes unpack to what begins like a pickle, or like something compressed again.
fn is_worth_it(first: &[u8]) -> bool {
    let Some((_, head)) = unpack(first.to_vec(), HEAD) else { return false };
    begins_pickle(&head) || matches!(head[..], [a, b, ..] if may_be_packed([a, b]))
}

/// The name of the format, and what the bytes unpack to, up to `limit` bytes. Damage ends it, what came before counts.
fn unpack(bytes: Vec<u8>, limit: u64) -> Option<(&'static str, Vec<u8>)> {
    let length = bytes.len() as u64;
    let source: Rc<dyn Source> = Rc::new(MemorySource::new(bytes));
    let Some(Format::Packed(packing)) = sniff(&*source) else { return None };
    let unpacked = Unpacked::new(packing, source, Span::new(0, length));
    let _ = unpacked.advance(limit, &mut |_, _| {});
    let bytes = read_span(&unpacked, Span::new(0, unpacked.len())).ok()?.into_owned();
    (!bytes.is_empty()).then(|| (packing.name(), bytes))
}
