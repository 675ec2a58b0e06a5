//! Models of xgboost and lightgbm: objective, trees, which features they use, parameters.

use super::super::card::{Bars, Body, Card, CardFact, Entry, Section};
use super::super::preview::plural;
use super::super::{TextKind, TextPart};
use super::largest::{largest, some};
use crate::graph::NodeId;
use crate::lens::{BoostedModel, Booster, Lens};

/// The card of a booster.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let booster = lens.booster(node)?;
    let mut card = Card { kind: "booster".to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("class", booster.object.class.full_name()));
    add_model(&booster, &mut card);
    Some(card)
}

/// What the model of a booster says, added to the card of the booster or of the estimator that has it.
pub(super) fn add_model(booster: &Booster<'_>, card: &mut Card) {
    let model = match booster.model() {
        Ok(model) => model,
        Err(problem) => {
            card.remarks.push(format!("the model of {} was not read: {problem}", booster.library));
            return;
        }
    };
    let names = model.feature_names();
    for (name, mut value) in model.facts() {
        if name == "features" && !names.is_empty() {
            value = format!("{value}: {}", some(names));
        }
        // What the estimator says itself comes first, but it has no names.
        match card.facts.iter_mut().find(|fact| fact.name == name) {
            Some(fact) if name == "features" && value.split(':').next() == Some(fact.value.as_str()) => {
                fact.value = value
            }
            Some(_) => {}
            None => card.facts.push(CardFact::new(name, value)),
        }
    }
    let count = model.len();
    card.sections.push(Section::new("Trees", plural(count, "tree", "trees"), Body::Trees { count }));
    add_usage(&*model, names, card);
    for (title, pairs) in model.settings() {
        let entry = |(name, value): (String, String)| {
            let value = vec![TextPart::new(TextKind::Plain, value)];
            Entry { name, value, note: String::new(), node: None }
        };
        let entries: Vec<Entry> = pairs.into_iter().map(entry).collect();
        let title = format!("In the model: {title}");
        card.sections.push(Section::new(title, entries.len().to_string(), Body::Entries(entries)));
    }
}

fn add_usage(model: &dyn BoostedModel, names: &[String], card: &mut Card) {
    let usage = match model.usage() {
        Ok(usage) => usage,
        Err(problem) => {
            card.remarks.push(format!("importances were not computed: {problem}"));
            return;
        }
    };
    let used = usage.splits.iter().filter(|count| **count > 0).count() as u64;
    let note =
        |what: &str| format!("{}, computed from the trees: {what}", plural(used, "feature used", "features used"));
    let only_used = |mut bars: Bars| {
        bars.bars.truncate(used as usize);
        bars
    };
    let splits: Vec<f64> = usage.splits.iter().map(|&count| count as f64).collect();
    let splits = largest(&splits, names, |index| usage.splits[index].to_string());
    // Trees of several targets keep no gains in some versions.
    if usage.gains.iter().all(|gain| gain.is_finite()) {
        let gains = largest(&usage.gains, names, |index| format!("{:.6}", usage.gains[index]));
        card.sections.push(Section::new(
            "Importances by gain",
            note("sum of the gains of its splits"),
            Body::Bars(only_used(gains)),
        ));
    }
    card.sections.push(Section::new(
        "Importances by splits",
        note("number of its splits"),
        Body::Bars(only_used(splits)),
    ));
}

/// The booster that a card shows the trees of: the value itself, or what an estimator has made.
pub(super) fn booster<'a>(lens: &Lens<'a>, node: NodeId) -> Option<Booster<'a>> {
    lens.booster(node).or_else(|| lens.estimator(node)?.booster())
}
