//! The storages behind the pickles of `torch.save` before version 1.6.
//!
//! After the fifth pickle, the list of keys, each storage follows in the order of the list: the number of its elements as
//! eight bytes, then the elements (`torch/serialization.py`, `_legacy_save`; `torch/csrc/generic/serialization.cpp`).

use super::storage::Storage;
use crate::bytes::{MemorySource, Slice, Source, Span, read_span};
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::graph_view::{Attached, Blob, GraphView, LoadedStorage};
use crate::machine::{self, Layout, Reading};
use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of the number before each storage.
const COUNT: u64 = 8;

/// What stands behind the pickles.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LegacyStorages {
    /// Key of each storage and the bytes of its elements, as far as they are there.
    pub storages: Vec<(String, Span)>,
    /// Whether the file was written on a machine with the highest byte first.
    pub big_endian: bool,
    /// Why it does not go on, when it stops before the last key.
    pub problem: Option<String>,
}

/// Finds the storages behind the pickles of a reading, if it is of such a file; `view` is over its graph.
#[must_use]
pub fn legacy_storages(view: &GraphView<'_>, reading: &Reading) -> Option<LegacyStorages> {
    let (Layout::LegacyTorch, Some(area)) = (reading.layout, reading.trailing) else { return None };
    let root = |stream: usize| reading.streams.get(stream)?.root;
    Some(storages_in(view, root(2)?, root(4)?, area))
}

/// The same in `area`, the bytes after the fifth pickle; `system` and `keys` are the values of the third and fifth pickle.
fn storages_in(view: &GraphView<'_>, system: Edge, keys: Edge, area: Span) -> LegacyStorages {
    let sizes = element_sizes(view);
    let mut found = LegacyStorages { big_endian: is_big_endian(view, system), ..LegacyStorages::default() };
    let mut at = area.start;
    let count = view.graph.run_length(keys.node(), RunKind::Items);
    let listed = view.graph.run_window(keys.node(), RunKind::Items, 0);
    for (index, key) in listed.take(usize::try_from(count).unwrap_or(usize::MAX)).enumerate() {
        let Some(key) = view.string(key) else {
            found.problem = Some("a key of a storage is no text".to_owned());
            break;
        };
        let Some(&(size, _)) = sizes.get(&key) else {
            found.problem = Some(format!("no persistent id tells what the storage '{key}' holds"));
            break;
        };
        let header = read_span(view.source, Span::new(at, at.saturating_add(COUNT).min(area.end)));
        let Some(number) = header.ok().and_then(|bytes| <[u8; 8]>::try_from(&*bytes).ok()) else {
            let missing = missing(view, keys, index, &sizes, area.end - at);
            found.problem = Some(format!("the file ends before the storage '{key}'{missing}"));
            break;
        };
        let number = if found.big_endian { u64::from_be_bytes(number) } else { u64::from_le_bytes(number) };
        let start = at + COUNT;
        let end = number.checked_mul(size).and_then(|bytes| start.checked_add(bytes));
        match end.filter(|end| *end <= area.end) {
            Some(end) => {
                found.storages.push((key, Span::new(start, end)));
                at = end;
            }
            None => {
                let missing = missing(view, keys, index, &sizes, area.end - at);
                found.problem = Some(format!(
                    "the storage '{key}' declares {number} elements of {size} bytes, {} bytes follow{missing}",
                    area.end - start
                ));
                found.storages.push((key, Span::new(start, area.end)));
                break;
            }
        }
    }
    found
}

/// How many bytes are missing of the storages from the one with the number `index` on, of which `left` are there, in words. Nothing
/// where the persistent ids do not tell.
fn missing(view: &GraphView<'_>, keys: Edge, index: usize, sizes: &HashMap<String, (u64, u64)>, left: u64) -> String {
    let listed = view.graph.run_window(keys.node(), RunKind::Items, 0);
    let count = usize::try_from(view.graph.run_length(keys.node(), RunKind::Items)).unwrap_or(usize::MAX);
    let needed = listed.take(count).skip(index).try_fold(0_u64, |sum, key| {
        let (size, count) = sizes.get(&view.string(key)?)?;
        sum.checked_add(COUNT)?.checked_add(size.checked_mul(*count)?)
    });
    match needed.and_then(|needed| needed.checked_sub(left)) {
        None | Some(0) => String::new(),
        Some(1) => "; by the sizes of all storages, 1 byte is missing".to_owned(),
        Some(missing) => format!("; by the sizes of all storages, {missing} bytes are missing"),
    }
}

/// Bytes of an element and number of elements by key, from the persistent ids.
fn element_sizes(view: &GraphView<'_>) -> HashMap<String, (u64, u64)> {
    let ids = view.graph.reaching_out().filter_map(|node| match view.graph.node(node) {
        Node::PersistentId(id) => Storage::of(view, id),
        _ => None,
    });
    ids.map(|storage| (storage.key, (storage.dtype.itemsize, storage.count))).collect()
}

/// `{'protocol_version': 1001, 'little_endian': True, 'type_sizes': …}`
fn is_big_endian(view: &GraphView<'_>, system: Edge) -> bool {
    let pairs: Vec<Edge> = view.graph.run_window(system.node(), RunKind::Pairs, 0).take(64).collect();
    pairs.chunks_exact(2).any(|pair| {
        view.string(pair[0]).as_deref() == Some("little_endian") && view.graph.node(pair[1].node()) == Node::Bool(false)
    })
}

fn read(view: &GraphView<'_>, source: Arc<dyn Source>, place: String) -> Option<LoadedStorage> {
    let reading = machine::read(&*source, view.limits, &mut |_, _| {});
    let found = legacy_storages(&view.over(&reading.graph, &*source), &reading)?;
    let mut attached = Attached { has_storages: true, big_endian: found.big_endian, ..Attached::default() };
    for (key, span) in found.storages {
        attached.storages.insert(key, Blob { source: Arc::clone(&source), span, place: place.clone(), member: None });
    }
    Some(LoadedStorage { reading, source, attached })
}

/// The storage, and the view in which it is seen.
pub(in crate::lens) fn storage<'a>(
    loaded: &'a LoadedStorage,
    outer: &GraphView<'a>,
) -> Option<(GraphView<'a>, Storage<'a>)> {
    let graph = &loaded.reading.graph;
    let view = GraphView { graph, source: &*loaded.source, attached: &loaded.attached, ..*outer };
    // The object is the fourth of the pickles.
    match graph.node(loaded.reading.streams.get(3)?.root?.node()) {
        Node::PersistentId(id) => Some((view, Storage::of(&view, id)?)),
        _ => None,
    }
}

/// Finds every storage in a plain pickle. `source` is that of the view, to be kept. What protocols below 3 spell as text is
/// decoded, up to the budget for unpacked bytes in all.
#[must_use]
pub fn loaded_storages(view: &GraphView<'_>, source: &Arc<dyn Source>) -> HashMap<NodeId, LoadedStorage> {
    let mut found = HashMap::new();
    let mut budget = view.limits.unpacked;
    if !view.graph.symbols.iter().any(|symbol| symbol.is("torch.storage", "_load_from_bytes")) {
        return found;
    }
    for number in 0..view.graph.len() as u32 {
        let id = NodeId(number);
        let Node::Call { callee, args, .. } = view.graph.node(id) else { continue };
        if !view.symbol(callee).is_some_and(|symbol| symbol.is("torch.storage", "_load_from_bytes")) {
            continue;
        }
        let Some(payload) = view.graph.items(args.node()).next().and_then(|edge| view.payload_of(edge).ok()) else {
            continue;
        };
        let place = format!("the bytes at offset {}", payload.span.start);
        let bytes: Arc<dyn Source> = if payload.is_plain() {
            Arc::new(Slice::new(Arc::clone(source), payload.span))
        } else {
            let Some(left) = budget.checked_sub(payload.at_most()) else { continue };
            budget = left;
            let Ok(mut decoded) = payload.gather(&[0], payload.at_most()) else { continue };
            Arc::new(MemorySource::new(decoded.pop().unwrap_or_default()))
        };
        found.extend(read(view, bytes, place).map(|storage| (id, storage)));
    }
    found
}
