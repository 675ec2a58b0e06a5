//! Functions: the signature as Python writes it, what they close over, what they use.

use super::object::add_code;
use crate::graph::{Edge, NodeId};
use crate::lens::{Function, Lens};
use crate::opcode::printable;
use crate::view::card::{Body, Card, CardFact, Cell, CellKind, Entry, Line, Section, SmallTable};
use crate::view::cards::entry::entry;
use crate::view::preview::plural;
use crate::view::{TextKind, TextPart};

/// Globals and attributes that are shown.
const SHOWN: usize = 500;

pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let function = lens.function(node)?;
    let mut card = Card { kind: function.kind().to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("name", printable(&function.name)));
    if let Some(qualified) = function.qualified.as_ref().filter(|qualified| **qualified != function.name) {
        card.facts.push(CardFact::new("qualified name", printable(qualified)));
    }
    if let Some(module) = &function.module {
        card.facts.push(CardFact::new("module", printable(module)));
    }
    card.sections.push(signature(lens, &function));
    card.sections.extend(arguments(lens, &function));
    let named = |title: &str, list: &[(String, Edge)]| {
        let entries: Vec<Entry> = list.iter().take(SHOWN).map(|(name, value)| entry(lens, name, *value)).collect();
        let note = plural(list.len() as u64, "name", "names");
        (!entries.is_empty()).then(|| Section::new(title, note, Body::Entries(entries)))
    };
    card.sections.extend(closure(lens, &function));
    card.sections.extend(named("Globals it uses", &function.globals));
    card.sections.extend(named("Attributes", &function.attributes));
    match &function.code {
        Some(code) => add_code(lens, code, &mut card),
        None => card.remarks.push("its code is not understood".to_owned()),
    }
    Some(card)
}

/// `def name(a, b=2, *args):` and the docstring.
fn signature(lens: &Lens<'_>, function: &Function) -> Section {
    let name = printable(&function.name);
    let signature = function.signature(lens);
    let signature = printable(&signature);
    let text = match function.kind() {
        "lambda" => format!("lambda {}: …", signature.trim_start_matches('(').trim_end_matches(')')),
        kind if kind.starts_with("async") || kind.starts_with("coroutine") => format!("async def {name}{signature}:"),
        _ => format!("def {name}{signature}:"),
    };
    let mut lines = vec![Line { parts: vec![TextPart::new(TextKind::Plain, text)], node: Some(function.node.0) }];
    if let Some(doc) = function.doc {
        let parts = vec![TextPart::new(TextKind::Plain, "    "), TextPart::new(TextKind::Str, lens.inline(doc))];
        lines.push(Line { parts, node: Some(doc.node().0) });
    }
    Section::new("Signature", "", Body::Lines(lines))
}

/// The arguments with their kinds and defaults.
fn arguments(lens: &Lens<'_>, function: &Function) -> Option<Section> {
    let code = function.code.as_ref()?;
    let arguments = code.argument_names();
    let mut rows = Vec::new();
    let without = arguments.positional.len().saturating_sub(function.defaults.len());
    let mut add = |name: &str, kind: &str, default: Option<Edge>| {
        let text = |text: String, node| Cell { text, kind: CellKind::Text, node, ..Cell::default() };
        let value =
            default.map_or_else(String::new, |edge| lens.plain_value(edge).unwrap_or_else(|| lens.inline(edge)));
        let node = default.map(|edge| edge.node().0);
        rows.push(vec![text(printable(name).into_owned(), None), text(kind.to_owned(), None), text(value, node)]);
    };
    for (index, name) in arguments.positional.iter().take(SHOWN).enumerate() {
        let kind = if (index as u64) < code.posonly { "positional only" } else { "positional or keyword" };
        let default = index.checked_sub(without).and_then(|index| function.defaults.get(index));
        add(name, kind, default.copied());
    }
    if let Some(name) = arguments.rest {
        add(name, "further positional ones", None);
    }
    for name in arguments.keyword.iter().take(SHOWN) {
        let default = function.keyword_defaults.iter().find(|(known, _)| known == name);
        add(name, "keyword only", default.map(|(_, value)| *value));
    }
    if let Some(name) = arguments.more {
        add(name, "further keywords", None);
    }
    if rows.is_empty() {
        return None;
    }
    let heads = ["name", "kind", "default"].map(str::to_owned).to_vec();
    let note = plural(rows.len() as u64, "argument", "arguments");
    Some(Section::new("Arguments", note, Body::Table(SmallTable { heads, rows })))
}

fn closure(lens: &Lens<'_>, function: &Function) -> Option<Section> {
    let cell = |(name, value): &(String, Option<Edge>)| match value {
        Some(value) => entry(lens, name, *value),
        None => Entry {
            name: printable(name).into_owned(),
            value: vec![TextPart::new(TextKind::Dim, "empty cell")],
            note: String::new(),
            node: None,
        },
    };
    let entries: Vec<Entry> = function.closure.iter().take(SHOWN).map(cell).collect();
    let note = plural(function.closure.len() as u64, "cell", "cells");
    (!entries.is_empty()).then(|| Section::new("Closure", note, Body::Entries(entries)))
}
