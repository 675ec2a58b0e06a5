//! What a file refers to outside of its pickle: persistent ids, devices of tensors, buffers, files beside it.

use super::{Look, NAMES, evidence};
use crate::explain::words::{self, Device};
use crate::explain::{Answer, Evidence};
use crate::graph::{Node, NodeId};
use crate::view::preview;
use std::collections::BTreeMap;

/// Persistent ids whose devices are looked at.
const IDS: usize = 100_000;

impl Look<'_> {
    pub(super) fn persistent(&self) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        let ids: Vec<NodeId> =
            graph.reaching_out().filter(|id| matches!(graph.node(*id), Node::PersistentId(_))).collect();
        if let Some(first) = ids.first() {
            let count = preview::plural(ids.len() as u64, "persistent id", "persistent ids");
            return vec![evidence(Answer::Shows, format!("The pickle holds {count}."), Some(graph.offset(*first)))];
        }
        match self.is_whole_pickle() && self.refusals().list.is_empty() {
            true => vec![evidence(Answer::DoesNot, "There is no persistent id in this file.", None)],
            false => self.stop(Answer::DoesNot),
        }
    }

    pub(super) fn buffers(&self) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        if !graph.has_buffers() {
            return vec![evidence(Answer::DoesNot, "This file refers to no out-of-band buffer.", None)];
        }
        let buffers = graph.reaching_out().filter(|id| matches!(graph.node(*id), Node::Buffer(_)));
        let (mut count, mut first) = (0, None);
        for id in buffers {
            count += 1;
            first = first.or(Some(graph.offset(id)));
        }
        let count = preview::plural(count, "out-of-band buffer", "out-of-band buffers");
        vec![evidence(Answer::Shows, format!("The file refers to {count}; their bytes are not in it."), first)]
    }

    /// The devices in the persistent ids of storages: `('storage', type, key, device, size)`.
    pub(super) fn devices(&self) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        let lens = self.document.lens();
        let mut devices: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for id in graph.reaching_out().take(IDS) {
            let Node::PersistentId(edge) = graph.node(id) else { continue };
            let Node::Tuple = graph.node(edge.node()) else { continue };
            let Some(device) = graph.items(edge.node()).nth(3).and_then(|edge| lens.string(edge)) else { continue };
            devices.entry(device.to_string()).or_insert((graph.offset(id), 0)).1 += 1;
        }
        if devices.is_empty() {
            return vec![evidence(
                Answer::DoesNot,
                "No storage of torch was found in what is shown of this file.",
                None,
            )];
        }
        let asked = words::device(self.quote());
        let is_it = |device: &str| asked.as_ref().map_or(device != "cpu", |asked: &Device| asked.fits(device));
        let mut found: Vec<(&String, &(u64, u64))> = devices.iter().collect();
        // The one of the message first.
        crate::bytes::sorting::by_key(&mut found, |(device, _)| !is_it(device));
        let listed = found.into_iter().take(NAMES).map(|(device, (offset, count))| {
            let answer = if is_it(device) { Answer::Shows } else { Answer::DoesNot };
            let count = preview::plural(*count, "storage is", "storages are");
            evidence(answer, format!("{count} on the device {device}."), Some(*offset))
        });
        listed.collect()
    }

    pub(super) fn beside(&self) -> Vec<Evidence> {
        match self.document.uses_files() {
            true => vec![evidence(Answer::Shows, "The pickle refers to files beside it.", None)],
            false => vec![evidence(Answer::DoesNot, "The pickle refers to no files beside it.", None)],
        }
    }
}
