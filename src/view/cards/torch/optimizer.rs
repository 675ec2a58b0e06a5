//! Optimisers and schedulers.

use super::facts::{facts, remarks};
use super::state_dict::layers;
use crate::graph::NodeId;
use crate::lens::{Group, Lens};
use crate::opcode::printable;
use crate::view::card::{Body, Card, CardFact, Section};
use crate::view::cards::entry::entry;
use crate::view::preview::{grouped, plural};

/// The card.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let optimizer = lens.optimizer(node)?;
    let kind = if optimizer.class.is_some() { "optimizer" } else { "optimizer state" };
    let mut card = Card { kind: kind.to_owned(), ..Card::default() };
    match (&optimizer.class, &optimizer.guess) {
        (Some(class), _) => card.facts.push(CardFact::new("class", printable(class))),
        (None, Some((guess, settings))) => {
            card.facts.push(CardFact::guess("optimizer", guess, format!("its settings: {settings}")));
        }
        (None, None) => {}
    }
    let parameters: u64 = optimizer.groups.iter().map(|group| group.parameters).sum();
    card.facts.push(CardFact::new("groups", grouped(optimizer.groups.len() as u64)));
    card.facts.push(CardFact::new("optimised tensors", grouped(parameters)));
    card.facts.push(CardFact::new("of them with state", grouped(optimizer.states)));
    if let Some(step) = &optimizer.step {
        card.facts.push(CardFact::new("step", step));
    }
    for (index, group) in optimizer.groups.iter().enumerate() {
        card.sections.push(section(lens, index, group));
    }
    if !optimizer.tensors.tensors.is_empty() {
        card.facts.extend(facts(lens, &optimizer.tensors).into_iter().filter(|fact| fact.name != "parameters"));
        card.remarks = remarks(lens, &optimizer.tensors);
        let mut state = layers(&optimizer.tensors);
        state.title = "State by parameter".to_owned();
        card.sections.push(state);
    }
    Some(card)
}

fn section(lens: &Lens<'_>, index: usize, group: &Group) -> Section {
    let entries = group.settings.iter().map(|(name, value)| entry(lens, name, *value)).collect();
    let note = plural(group.parameters, "tensor", "tensors");
    Section::new(format!("Group {index}"), note, Body::Entries(entries))
}

/// The card of a scheduler's state.
pub(super) fn scheduler_card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let (name, keys) = lens.scheduler_state(node)?;
    let mut card = Card { kind: "scheduler state".to_owned(), ..Card::default() };
    card.facts.push(CardFact::guess("scheduler", name, format!("its keys: {keys}")));
    let entries = lens.pairs(node).filter_map(|(key, value)| Some(entry(lens, &lens.string(key)?, value)));
    let entries: Vec<_> = entries.collect();
    let note = plural(entries.len() as u64, "entry", "entries");
    card.sections.push(Section::new("State", note, Body::Entries(entries)));
    Some(card)
}
