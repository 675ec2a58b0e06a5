//! Classes by value: bases, methods with their signatures, other members.

use crate::graph::{Edge, NodeId};
use crate::lens::{Lens, Made};
use crate::opcode::printable;
use crate::view::card::{Body, Card, CardFact, Entry, Line, Section};
use crate::view::cards::entry::entry;
use crate::view::cards::rows::code::{class_word, head};
use crate::view::preview::plural;
use crate::view::{TextKind, TextPart};

/// Members that are shown.
const SHOWN: usize = 500;

pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let class = lens.class(node)?;
    let mut card = Card { kind: class_word(class.kind).to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("name", printable(&class.name)));
    if let Some(qualified) = class.qualified.as_ref().filter(|qualified| **qualified != class.name) {
        card.facts.push(CardFact::new("qualified name", printable(qualified)));
    }
    if let Some(module) = &class.module {
        card.facts.push(CardFact::new("module", printable(module)));
    }
    let line = format!("class {}:", printable(&head(lens, &class)));
    let lines = vec![Line { parts: vec![TextPart::new(TextKind::Plain, line)], node: Some(node.0) }];
    card.sections.push(Section::new("Definition", "", Body::Lines(lines)));
    let (methods, others): (Vec<_>, Vec<_>) = class
        .members
        .iter()
        .partition(|(_, value)| matches!(lens.made(value.node()), Some(Made::Function | Made::Filled)));
    let methods: Vec<Entry> = methods.iter().take(SHOWN).map(|(name, value)| method(lens, name, *value)).collect();
    if !methods.is_empty() {
        let note = plural(methods.len() as u64, "method", "methods");
        card.sections.push(Section::new("Methods", note, Body::Entries(methods)));
    }
    let others: Vec<Entry> = others.iter().take(SHOWN).map(|(name, value)| entry(lens, name, *value)).collect();
    if !others.is_empty() {
        let note = plural(others.len() as u64, "member", "members");
        card.sections.push(Section::new("Members", note, Body::Entries(others)));
    }
    Some(card)
}

fn method(lens: &Lens<'_>, name: &str, value: Edge) -> Entry {
    let text = match lens.function(value.node()) {
        Some(function) => format!("{}{}", function.name, function.signature(lens)),
        None => lens.inline(value),
    };
    Entry {
        name: printable(name).into_owned(),
        value: vec![TextPart::new(TextKind::Type, printable(&text))],
        note: String::new(),
        node: Some(value.node().0),
    }
}
