//! Whole modules: the tree of submodules with settings, parameters and counts.

use super::facts::{dtype_text, facts, shape_of};
use crate::graph::NodeId;
use crate::lens::{Lens, ModuleTree};
use crate::opcode::printable;
use crate::view::card::{Body, Card, CardFact, Outline, OutlineRow, Section};
use crate::view::cards::entry::entry;
use crate::view::preview::{grouped, plural, size_text};

/// Rows of an outline.
const ROWS: usize = 5000;
/// Attributes that are shown.
const ATTRIBUTES: usize = 200;
fn short(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

/// The card.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let tree = lens.module_tree(node)?;
    let whole = tree.modules.first()?;
    let mut card = Card { kind: "module".to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("class", printable(&whole.class)));
    card.facts.push(CardFact::new("submodules", grouped(tree.modules.len() as u64 - 1)));
    if let Some(training) = lens.object(node)?.attribute("training") {
        card.facts.push(CardFact::new("training", lens.inline(training)));
    }
    card.facts.extend(facts(lens, &tree.tensors));
    card.remarks = super::facts::remarks(lens, &tree.tensors);
    if tree.is_cut {
        card.remarks.push("some modules are left out: they hold themselves, or there are too many".to_owned());
    }
    for (name, count) in &tree.hooks {
        let hooks = plural(*count, "function is", "functions are");
        card.remarks.push(format!("{hooks} registered in {}, to be called with the module", printable(name)));
    }
    card.sections.push(outline(&tree));
    card.sections.extend(attributes(lens, node));
    Some(card)
}

/// Modules, and in each its own parameters and buffers.
fn outline(tree: &ModuleTree) -> Section {
    let heads = ["class", "settings or shape", "parameters", "bytes"].map(str::to_owned).to_vec();
    let mut outline = Outline { heads, ..Outline::default() };
    let mut left = 0;
    for (index, module) in tree.modules.iter().enumerate() {
        left += 1 + module.own.len();
        if outline.rows.len() + 1 + module.own.len() > ROWS {
            continue;
        }
        let mut settings = module.settings.clone();
        if module.is_repeated {
            settings.push_str(if settings.is_empty() { "" } else { ", " });
            settings.push_str("the same module as above");
        }
        let has_children = tree.modules.get(index + 1).is_some_and(|next| next.level > module.level);
        let name = if index == 0 { "(the whole)" } else { &module.name };
        outline.rows.push(OutlineRow {
            level: module.level,
            name: printable(name).into_owned(),
            cells: vec![
                printable(short(&module.class)).into_owned(),
                printable(&settings).into_owned(),
                grouped(module.parameters.elements),
                size_text(module.bytes),
            ],
            is_group: has_children || !module.own.is_empty(),
            node: Some(module.node.0),
        });
        outline.rows.extend(module.own.iter().map(|&tensor| own_row(tree, module.level + 1, tensor)));
    }
    outline.more = (left - outline.rows.len()) as u64;
    Section::new("Modules", plural(tree.modules.len() as u64, "module", "modules"), Body::Outline(outline))
}

/// A parameter or buffer of a module.
fn own_row(tree: &ModuleTree, level: u32, index: usize) -> OutlineRow {
    let named = &tree.tensors.tensors[index];
    let tensor = &named.tensor;
    let mut shape = shape_of(tensor);
    if let Some(other) = tree.tensors.shares_with(index) {
        shape.push_str(&format!(", shares storage with {}", printable(&other.name)));
    }
    let is_buffer = named.role == crate::lens::TensorRole::Buffer;
    OutlineRow {
        level,
        name: printable(named.name.rsplit('.').next().unwrap_or(&named.name)).into_owned(),
        cells: vec![
            format!("{} {}", if is_buffer { "buffer" } else { "parameter" }, dtype_text(tensor)),
            shape,
            if is_buffer { String::new() } else { grouped(tensor.elements()) },
            size_text(tensor.bytes()),
        ],
        is_group: false,
        node: Some(named.value.0),
    }
}

/// Attributes of the module itself that are not the machinery of every module.
fn attributes(lens: &Lens<'_>, node: NodeId) -> Option<Section> {
    let object = lens.object(node)?;
    let own = object.attributes().into_iter().filter(|(name, _)| !name.starts_with('_') && name != "training");
    let entries: Vec<_> = own.take(ATTRIBUTES).map(|(name, value)| entry(lens, &name, value)).collect();
    let note = plural(entries.len() as u64, "attribute", "attributes");
    (!entries.is_empty()).then(|| Section::new("Attributes", note, Body::Entries(entries)))
}
