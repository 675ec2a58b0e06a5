//! Pickles in compressed bytes of a value: gzip, zlib, bzip2, xz, lzma, zstd and lz4, by their first bytes.

use super::values::Nested;
use crate::bytes::{MemorySource, Source, Span, read_span};
use crate::container::{Format, Unpacked, sniff};
use crate::format::pickle::is_announced;
use crate::graph::NodeId;
use crate::safety::facts::{Facts, may_be_packed};
use crate::safety::verdict::Findings;
use std::sync::Arc;

/// Compressed bytes that are unpacked to see what they begin with.
const GLANCE: u64 = 64 << 10;
/// Unpacked bytes that show it.
const HEAD: u64 = 64;
/// Compressed bytes in compressed bytes that are followed.
const LAYERS: usize = 4;
/// Most that one value is unpacked to.
const LARGEST: u64 = 32 << 20;

impl Nested<'_> {
    /// Judges the pickle in compressed bytes of a value. Bytes that only look compressed, or hold something else, cost a
    /// glance and say nothing.
    pub(super) fn packed(&self, facts: &Facts<'_>, id: NodeId, span: Span, found: &mut Findings) {
        let Ok(first) = read_span(facts.lens.source, span.prefix(GLANCE)) else { return };
        if is_worth_it(&first)
            && let Some(bytes) = self.take(facts, span)
        {
            self.packed_inside(facts, id, bytes, found);
        }
    }

    /// The same of bytes at hand, whatever they are.
    pub(super) fn packed_inside(&self, facts: &Facts<'_>, id: NodeId, bytes: Vec<u8>, found: &mut Findings) {
        let mut bytes = bytes;
        for _ in 0..LAYERS {
            if !is_worth_it(&bytes[..bytes.len().min(GLANCE as usize)]) {
                return;
            }
            let room = self.budget.room().min(LARGEST);
            let Some((name, unpacked)) = unpack(bytes, room) else { return };
            self.budget.spend(unpacked.len() as u64);
            if begins_pickle(&unpacked) {
                return self.inside(facts, id, unpacked, &format!("{name} bytes of a value"), found);
            }
            bytes = unpacked;
        }
    }
}

fn begins_pickle(bytes: &[u8]) -> bool {
    is_announced(bytes) || matches!(bytes, [b'c' | b'(' | b'i' | b']' | b'}', ..])
}

/// Whether the first bytes unpack to what begins like a pickle, or like something compressed again.
fn is_worth_it(first: &[u8]) -> bool {
    let Some((_, head)) = unpack(first.to_vec(), HEAD) else { return false };
    begins_pickle(&head) || matches!(head[..], [a, b, ..] if may_be_packed([a, b]))
}

/// The name of the format, and what the bytes unpack to, up to `limit` bytes. Damage ends it, what came before counts.
fn unpack(bytes: Vec<u8>, limit: u64) -> Option<(&'static str, Vec<u8>)> {
    let length = bytes.len() as u64;
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    let Some(Format::Packed(packing)) = sniff(&*source) else { return None };
    let unpacked = Unpacked::new(packing, source, Span::new(0, length));
    let _ = unpacked.advance(limit, &mut |_, _| {});
    let bytes = read_span(&unpacked, Span::new(0, unpacked.len())).ok()?.into_owned();
    (!bytes.is_empty()).then(|| (packing.name(), bytes))
}
