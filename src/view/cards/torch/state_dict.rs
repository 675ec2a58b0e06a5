//! State dicts, checkpoints and other tensors by name: facts and the tree of layers.

use super::facts::{dtype_text, facts, remarks, shape_of};
use crate::graph::NodeId;
use crate::lens::{Lens, NamedTensors, TensorKind};
use crate::opcode::printable;
use crate::view::card::{Body, Card, Entry, Outline, OutlineRow, Section};
use crate::view::cards::entry::entry;
use crate::view::cards::rows::torch::kind_word;
use crate::view::preview::{grouped, plural, size_text};
use crate::view::{TextKind, TextPart};

/// Rows of an outline.
const ROWS: usize = 5000;
/// Values beside the tensors that are shown.
const OTHERS: usize = 200;
/// The card.
pub(super) fn card(lens: &Lens<'_>, node: NodeId, kind: TensorKind) -> Option<Card> {
    let named = lens.named_tensors(node)?;
    let mut card = Card { kind: kind_word(kind).to_owned(), ..Card::default() };
    card.facts = facts(lens, &named);
    card.remarks = remarks(lens, &named);
    let mut list = layers(&named);
    if kind == TensorKind::Arrays {
        list.title = "Arrays".to_owned();
        list.note = plural(named.tensors.len() as u64, "array", "arrays");
    }
    card.sections.push(list);
    card.sections.extend(others(lens, node));
    card.sections.extend(metadata(lens, node));
    Some(card)
}

/// The tree of layers.
pub(super) fn layers(named: &NamedTensors) -> Section {
    let layers = named.layers();
    let heads = ["shape", "dtype", "elements", "bytes", "guess or remark"];
    let mut outline = Outline { heads: heads.map(str::to_owned).to_vec(), ..Outline::default() };
    outline.more = layers.len().saturating_sub(ROWS) as u64;
    for (index, layer) in layers.iter().enumerate().take(ROWS) {
        let (elements, bytes) = (grouped(layer.measure.elements), size_text(layer.measure.bytes));
        let cells = match layer.tensor {
            Some(tensor) => {
                let view = &named.tensors[tensor];
                let remark = remark(named, tensor);
                vec![shape_of(&view.tensor), dtype_text(&view.tensor), elements, bytes, remark]
            }
            None => {
                let guess = layer.guess.as_ref().map_or_else(String::new, |guess| format!("perhaps {guess}"));
                vec![String::new(), String::new(), elements, bytes, guess]
            }
        };
        outline.rows.push(OutlineRow {
            level: layer.level,
            name: printable(&layer.name).into_owned(),
            cells,
            is_group: layers.get(index + 1).is_some_and(|next| next.level > layer.level),
            node: layer.tensor.map(|tensor| named.tensors[tensor].value.0),
        });
    }
    Section::new("Layers", plural(named.tensors.len() as u64, "tensor", "tensors"), Body::Outline(outline))
}

/// What is odd about a tensor in its place.
fn remark(named: &NamedTensors, index: usize) -> String {
    let mut words = Vec::new();
    if let Some(other) = named.shares_with(index) {
        words.push(format!("shares storage with {}", printable(&other.name)));
    }
    let view = &named.tensors[index];
    if let Some(class) = view.tensor.class.as_deref().filter(|class| !class.ends_with("Parameter")) {
        words.push(class.to_owned());
    }
    if view.storages.iter().any(|&storage| !named.storages[storage].is_there) {
        words.push("not in this file".to_owned());
    }
    words.join(", ")
}

/// What stands beside the tensors.
pub(super) fn others(lens: &Lens<'_>, node: NodeId) -> Option<Section> {
    // Keys of the dict itself whose values hold no tensor; what is deeper is counted.
    let mut entries = Vec::new();
    for (key, value) in lens.pairs(node).take(OTHERS) {
        if lens.tensor(value.node()).is_some() || lens.tensor_kind(value.node()).is_some() {
            continue;
        }
        let name = lens.string(key).unwrap_or_else(|| lens.inline(key));
        entries.push(entry(lens, &name, value));
    }
    let note = plural(entries.len() as u64, "entry", "entries");
    (!entries.is_empty()).then(|| Section::new("Other entries", note, Body::Entries(entries)))
}

/// `_metadata` of a state dict: versions of its modules.
fn metadata(lens: &Lens<'_>, node: NodeId) -> Option<Section> {
    let metadata = lens.object(node)?.attribute("_metadata")?;
    let mut entries = Vec::new();
    for (key, value) in lens.pairs(metadata.node()).take(OTHERS) {
        let module = lens.string(key)?;
        let name = if module.is_empty() { "(the whole)" } else { &module };
        let words = lens.named_values(value).into_iter().map(|(name, value)| format!("{name} {}", lens.inline(value)));
        let value_text = words.collect::<Vec<_>>().join(", ");
        entries.push(Entry {
            name: printable(name).into_owned(),
            value: vec![TextPart::new(TextKind::Plain, value_text)],
            note: String::new(),
            node: Some(value.node().0),
        });
    }
    let note = plural(entries.len() as u64, "module", "modules");
    (!entries.is_empty()).then(|| Section::new("Versions of modules (_metadata)", note, Body::Entries(entries)))
}
