//! What could be smaller: payloads that are there twice, storages of which little is used, wide floats, and compression.

use super::sizes::Sizes;
use crate::bytes::{Source, Span, read_span, sorting};
use crate::document::Document;
use crate::graph::{Node, NodeId};
use crate::lens::{Array, Data, Kind, StorageId};
use crate::machine::RawKind;
use crate::view::preview::plural;
use crate::view::{Compression, Duplicate, Floats, Savings, SmallView, shown};
use flate2::{Compress, Compression as Level, FlushCompress, Status};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hasher};

/// Payloads below this are not worth a sentence.
const LEAST: u64 = 1024;
/// Bytes read at once.
const PIECE: u64 = 256 << 10;
/// Rows of each kind.
const ROWS: usize = 20;
/// Places named in a row.
const PLACES: usize = 4;

/// What tensors use of a storage.
#[derive(Default)]
struct Viewed {
    /// Bytes of the storage that are there.
    size: u64,
    /// Which of them each tensor uses, from and to.
    reaches: Vec<(u64, u64)>,
    /// The tensors.
    nodes: Vec<u32>,
}

/// Some bytes, and the value that they belong to.
struct Payload<'a> {
    node: u32,
    source: &'a dyn Source,
    span: Span,
}

impl Savings {
    /// Looks for what could be smaller; reads about `budget` bytes for it.
    #[must_use]
    pub fn of(document: &Document, sizes: &Sizes, budget: u64) -> Self {
        let mut savings = Self::default();
        savings.find_duplicates(document, sizes, budget);
        savings.find_views(document, sizes);
        savings.find_floats(document, sizes);
        savings.compression = compression(document, sizes);
        shown(savings)
    }

    fn find_duplicates(&mut self, document: &Document, sizes: &Sizes, budget: u64) {
        let mut payloads = payloads(document, sizes);
        sorting::by_key(&mut payloads, |payload| (std::cmp::Reverse(payload.span.len()), payload.node));
        let mut left = budget;
        let mut skipped = (0_u64, 0_u64);
        let mut found: Vec<(u64, Vec<u32>)> = Vec::new();
        for same_length in payloads.chunk_by(|a, b| a.span.len() == b.span.len()).filter(|group| group.len() > 1) {
            let needed = same_length[0].span.len().saturating_mul(same_length.len() as u64);
            // Each is read for its hash; those that agree once more, to be sure.
            let Some(rest) = left.checked_sub(needed.saturating_mul(2)) else {
                skipped = (skipped.0 + same_length.len() as u64, skipped.1.saturating_add(needed));
                continue;
            };
            left = rest;
            let mut by_hash: HashMap<u64, Vec<&Payload<'_>>> = HashMap::new();
            for payload in same_length {
                if let Some(hash) = hash(payload) {
                    by_hash.entry(hash).or_default().push(payload);
                }
            }
            for group in by_hash.into_values().filter(|group| group.len() > 1) {
                let equal: Vec<u32> =
                    group.iter().filter(|other| is_equal(group[0], other)).map(|payload| payload.node).collect();
                if equal.len() > 1 {
                    found.push((group[0].span.len(), equal));
                }
            }
        }
        let waste = |(bytes, nodes): &(u64, Vec<u32>)| bytes.saturating_mul(nodes.len() as u64 - 1);
        sorting::by_key(&mut found, |one| (std::cmp::Reverse(waste(one)), one.1[0]));
        let more = found.len().saturating_sub(ROWS);
        if more > 0 {
            self.notes
                .push(format!("{} of equal payloads have no row.", plural(more as u64, "more group", "more groups")));
        }
        if skipped.0 > 0 {
            self.notes.push(format!(
                "{} of equal length ({} bytes) were not compared: that would take too long.",
                plural(skipped.0, "payload", "payloads"),
                crate::lens::grouped(skipped.1)
            ));
        }
        self.duplicates = found
            .into_iter()
            .take(ROWS)
            .map(|(bytes, nodes)| Duplicate {
                bytes,
                count: nodes.len() as u64,
                places: nodes.iter().take(PLACES).map(|&node| sizes.place(document, node)).collect(),
                nodes: nodes.into_iter().take(PLACES).collect(),
            })
            .collect();
    }

    /// Storages of which the tensors use less than half.
    fn find_views(&mut self, document: &Document, sizes: &Sizes) {
        let lens = document.lens();
        if lens.attached.storages.is_empty() && lens.attached.loaded.is_empty() {
            return;
        }
        let mut storages: HashMap<StorageId, Viewed> = HashMap::new();
        for node in lens.graph.reaching_out() {
            let symbol = lens.call(node).and_then(|call| call.symbol);
            let is_view = symbol.is_some_and(|symbol| {
                symbol.module.starts_with("torch.")
                    && symbol.name.starts_with("_rebuild_")
                    && !symbol.name.starts_with("_rebuild_parameter")
            });
            let Some(tensor) = is_view.then(|| lens.tensor(node)).flatten() else { continue };
            for storage in tensor.storages {
                let there = match &storage.id {
                    StorageId::Key(key) => lens.attached.storages.get(key).map_or(0, |blob| blob.span.len()),
                    _ => storage.bytes,
                };
                let viewed = storages.entry(storage.id).or_default();
                viewed.size = there;
                viewed.reaches.push((storage.reach.0, storage.reach.1.min(there)));
                viewed.nodes.push(node.0);
            }
        }
        let mut views: Vec<SmallView> = Vec::new();
        for Viewed { size: storage, mut reaches, nodes } in storages.into_values() {
            let used = covered(&mut reaches);
            if storage.saturating_sub(used) >= LEAST && used <= storage / 2 {
                views.push(SmallView {
                    places: nodes.iter().take(PLACES).map(|&node| sizes.place(document, node)).collect(),
                    node: nodes[0],
                    storage,
                    used,
                });
            }
        }
        sorting::by_key(&mut views, |view| (std::cmp::Reverse(view.storage - view.used), view.node));
        views.truncate(ROWS);
        self.views = views;
    }

    fn find_floats(&mut self, document: &Document, sizes: &Sizes) {
        /// Arrays whose values are looked at, and values of each.
        const ARRAYS: u64 = 100;
        const VALUES: usize = 100;
        let mut floats = Floats { arrays: 0, bytes: 0, sampled: 0, exact: 0, beyond: 0 };
        each_array(document, sizes, |array| {
            if array.dtype.kind != Kind::Float || array.dtype.itemsize != 8 {
                return;
            }
            floats.arrays += 1;
            floats.bytes = floats.bytes.saturating_add(array.bytes().unwrap_or(0));
            if floats.arrays > ARRAYS {
                return;
            }
            let step = (array.len() / VALUES as u64).max(1);
            let indices: Vec<u64> =
                (0..array.len()).step_by(usize::try_from(step).unwrap_or(usize::MAX)).take(VALUES).collect();
            for value in array.values_at(&indices, 40).unwrap_or_default() {
                let Ok(value) = value.parse::<f64>() else { continue };
                floats.sampled += 1;
                floats.exact += u64::from(value.is_nan() || f64::from(value as f32) == value);
                floats.beyond += u64::from(value.is_finite() && !(value as f32).is_finite());
            }
        });
        self.floats = (floats.bytes >= LEAST).then_some(floats);
    }
}

/// Payloads of the pickle and what it refers to.
fn payloads<'a>(document: &'a Document, sizes: &'a Sizes) -> Vec<Payload<'a>> {
    let source = document.source();
    let reading = document.reading();
    let found = reading.graph.payloads(LEAST).filter(|(_, span)| span.len() >= LEAST);
    let mut payloads: Vec<Payload<'_>> = found.map(|(node, span)| Payload { node: node.0, source, span }).collect();
    let arrays = reading.raw.iter().filter(|part| part.kind == RawKind::Array && part.span.len() >= LEAST);
    payloads.extend(arrays.map(|part| Payload { node: part.node.0, source, span: part.span }));
    for (outside, node) in sizes.outside().iter().zip(sizes.values()..) {
        if outside.blob.span.len() >= LEAST {
            payloads.push(Payload { node, source: &*outside.blob.source, span: outside.blob.span });
        }
    }
    payloads
}

fn pieces(span: Span) -> impl Iterator<Item = Span> {
    let starts = (span.start..span.end).step_by(PIECE as usize);
    starts.map(move |start| Span::new(start, span.end).prefix(PIECE))
}

fn hash(payload: &Payload<'_>) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    for piece in pieces(payload.span) {
        let bytes = read_span(payload.source, piece).ok()?;
        if bytes.len() as u64 != piece.len() {
            return None;
        }
        hasher.write(&bytes);
    }
    Some(hasher.finish())
}

fn is_equal(one: &Payload<'_>, other: &Payload<'_>) -> bool {
    let equal = |(a, b): (Span, Span)| match (read_span(one.source, a), read_span(other.source, b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    pieces(one.span).zip(pieces(other.span)).all(equal)
}

/// Bytes that lie in at least one of the ranges.
fn covered(ranges: &mut [(u64, u64)]) -> u64 {
    ranges.sort_unstable();
    let (mut sum, mut reached) = (0, 0);
    for &(start, end) in ranges.iter() {
        sum += end.saturating_sub(start.max(reached));
        reached = reached.max(end);
    }
    sum
}

/// Shows every array with at least [`LEAST`] bytes once, views of the same bytes once as well.
fn each_array(document: &Document, sizes: &Sizes, mut visit: impl FnMut(&Array<'_>)) {
    let lens = document.lens();
    let mut met: HashSet<(Option<String>, Span)> = HashSet::new();
    let inline = document.reading().raw.iter().filter(|part| part.kind == RawKind::Array).map(|part| part.node);
    let refers = !sizes.outside().is_empty();
    for node in lens.graph.reaching_out().chain(inline) {
        let is_large = sizes.retained(node.0) >= LEAST || refers;
        if !is_large || matches!(lens.graph.node(node), Node::PersistentId(_)) {
            continue;
        }
        let Some(array) = lens.array(NodeId(node.0)) else { continue };
        let Data::Bytes(payload) = &array.data else { continue };
        if payload.span.len() >= LEAST && met.insert((payload.place.map(str::to_owned), payload.span)) {
            visit(&array);
        }
    }
}

/// Compresses samples from everywhere, or all of it when that is little.
fn compression(document: &Document, sizes: &Sizes) -> Option<Compression> {
    const SAMPLE: u64 = 64 << 10;
    const SAMPLES: u64 = 48;
    let mut parts: Vec<(&dyn Source, Span)> = vec![(document.source(), Span::new(0, document.source().len()))];
    let beside = sizes.outside().iter().filter(|outside| !outside.is_in_file);
    parts.extend(beside.map(|outside| (&*outside.blob.source, outside.blob.span)));
    let total: u64 = parts.iter().map(|(_, span)| span.len()).sum();
    if total < LEAST {
        return None;
    }
    let mut found = Compression { total, sampled: 0, compressed: 0 };
    let step = (total / SAMPLES).max(SAMPLE);
    let mut at = 0;
    let mut before = 0;
    for (source, span) in parts {
        while at < before + span.len() {
            let start = span.start + (at - before);
            let Ok(bytes) = read_span(source, Span::new(start, span.end).prefix(SAMPLE)) else { break };
            if bytes.is_empty() {
                break;
            }
            found.sampled += bytes.len() as u64;
            found.compressed += deflated(&bytes);
            // What is little is taken as a whole.
            at += if step > SAMPLE { step } else { bytes.len() as u64 };
        }
        before += span.len();
        at = at.max(before);
    }
    Some(found)
}

/// Bytes that deflate makes of these.
fn deflated(bytes: &[u8]) -> u64 {
    let mut compress = Compress::new(Level::new(6), false);
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8 + 64);
    match compress.compress_vec(bytes, &mut out, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => out.len() as u64,
        _ => bytes.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ranges_cover_is_counted_once() {
        assert_eq!(covered(&mut [(10, 20), (0, 5), (15, 30), (15, 16)]), 25);
        assert_eq!(covered(&mut []), 0);
        assert_eq!(covered(&mut [(7, 3)]), 0);
    }

    #[test]
    fn deflate_makes_zeros_small() {
        assert!(deflated(&[0; 100_000]) < 1000);
        let mut state = 1_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .take(100_000)
        .collect();
        assert!(deflated(&noise) > 90_000);
    }
}
