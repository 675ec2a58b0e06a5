//! The estimators that an estimator is made of, arranged as their users know them.
//!
//! Sources: `sklearn/pipeline.py`, `compose/_column_transformer.py`, `ensemble/_voting.py`, `_stacking.py`,
//! `model_selection/_search.py`, and the `_sk_visual_block_` of each.

use super::{Estimator, Role};
use crate::graph::{Edge, Node};

/// How the parts of an estimator stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrangement {
    /// One after the other.
    Serial,
    /// Side by side.
    Parallel,
}

/// What stands in the place of a part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChildValue {
    /// An estimator, or an instance of an unknown class.
    Object(Edge),
    /// A word: `passthrough`, `drop`.
    Word(String, Edge),
    /// Several, which belong together.
    Group(Vec<Child>, Arrangement),
    /// More of the same, which are only counted.
    More(u64),
    /// Something else; it is shown by its type.
    Other(Edge),
}

/// A part of an estimator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Child {
    /// Its name in the estimator: of a step, of an attribute.
    pub name: String,
    /// What it works on: the columns of a transformer, its weight.
    pub detail: String,
    /// What it is.
    pub value: ChildValue,
}

/// Parts that are shown of one list.
const PARTS: usize = 64;
/// Parts that are shown of a list of estimators that were made by fitting, and all alike.
const ALIKE: usize = 4;
/// Characters of the columns of a transformer.
const COLUMNS: usize = 80;

impl Estimator<'_> {
    /// Its parts; none for an estimator that is made of nothing but itself.
    #[must_use]
    pub fn parts(&self) -> (Vec<Child>, Arrangement) {
        if let Some(steps) = self.set("steps") {
            return (self.pairs(steps), Arrangement::Serial);
        }
        if let Some(list) = self.set("transformer_list") {
            let mut parts = self.pairs(list);
            self.add_weights(&mut parts);
            return (parts, Arrangement::Parallel);
        }
        if let Some(list) = self.set("transformers_").or_else(|| self.set("transformers")) {
            let mut parts = self.triples(list);
            self.add_weights(&mut parts);
            return (parts, Arrangement::Parallel);
        }
        if let Some(named) = self.set("estimators") {
            return self.voters(named);
        }
        if let Some(best) = self.set("best_estimator_").filter(|&best| self.is_part(best)) {
            return (vec![self.child("best_estimator_", best)], Arrangement::Serial);
        }
        (self.any_parts(), Arrangement::Serial)
    }

    fn child(&self, name: &str, value: Edge) -> Child {
        Child { name: name.to_owned(), detail: String::new(), value: self.child_value(value) }
    }

    fn child_value(&self, value: Edge) -> ChildValue {
        match self.lens.string(value) {
            Some(word) => ChildValue::Word(word, value),
            None if self.lens.object(value.node()).is_some() => ChildValue::Object(value),
            None => ChildValue::Other(value),
        }
    }

    /// Items of a list of `(name, estimator, …)`. What is no such tuple is shown as what it is.
    fn tuples(&self, list: Edge) -> Vec<(String, Vec<Edge>, Edge)> {
        let items = self.lens.sequence(list).unwrap_or_default();
        let each = items.into_iter().take(PARTS).enumerate().map(|(index, item)| {
            let inner = self.lens.sequence(item).unwrap_or_default();
            let name = inner.first().map(|&name| self.lens.string(name).unwrap_or_else(|| self.lens.inline(name)));
            (name.unwrap_or_else(|| format!("[{index}]")), inner, item)
        });
        each.collect()
    }

    fn pairs(&self, list: Edge) -> Vec<Child> {
        let tuples = self.tuples(list).into_iter();
        let mut parts: Vec<Child> = tuples
            .map(|(name, inner, item)| match inner[..] {
                [_, value, ..] => self.child(&name, value),
                _ => self.child(&name, item),
            })
            .collect();
        self.add_rest(&mut parts, list);
        parts
    }

    fn triples(&self, list: Edge) -> Vec<Child> {
        let tuples = self.tuples(list).into_iter();
        let mut parts: Vec<Child> = tuples
            .map(|(name, inner, item)| match inner[..] {
                [_, value, columns, ..] => Child { detail: self.columns(columns), ..self.child(&name, value) },
                [_, value] => self.child(&name, value),
                _ => self.child(&name, item),
            })
            .collect();
        self.add_rest(&mut parts, list);
        // Before fitting the rest of the columns is no item of the list.
        if let Some(rest) = self.set("remainder").filter(|_| self.set("transformers_").is_none())
            && self.lens.string(rest).as_deref() != Some("drop")
        {
            parts.push(self.child("remainder", rest));
        }
        parts
    }

    fn add_rest(&self, parts: &mut Vec<Child>, list: Edge) {
        let all = self.lens.length_of(list).unwrap_or(0);
        let more = all.saturating_sub(parts.len() as u64);
        if more > 0 {
            parts.push(Child { name: String::new(), detail: String::new(), value: ChildValue::More(more) });
        }
    }

    /// The weights of a union, by the names of its parts.
    fn add_weights(&self, parts: &mut [Child]) {
        let Some(weights) = self.set("transformer_weights") else { return };
        let weights = self.lens.named_values(weights);
        for part in parts {
            if let Some((_, weight)) = weights.iter().find(|(name, _)| *name == part.name) {
                let words = format!("weight {}", self.lens.inline(*weight));
                part.detail = if part.detail.is_empty() { words } else { format!("{} · {words}", part.detail) };
            }
        }
    }

    /// Estimators that vote, with the one that decides over their answers.
    fn voters(&self, named: Edge) -> (Vec<Child>, Arrangement) {
        let mut parts = self.pairs(named);
        // `estimators_` has those that were fitted, without those that were dropped.
        let fitted = self.set("estimators_").and_then(|list| self.lens.sequence(list)).unwrap_or_default();
        let kept = parts.iter_mut().filter(|part| !matches!(&part.value, ChildValue::Word(word, _) if word == "drop"));
        let kept: Vec<&mut Child> = kept.collect();
        if kept.len() == fitted.len() {
            for (part, value) in kept.into_iter().zip(fitted) {
                part.value = self.child_value(value);
            }
        }
        let decides = self.set("final_estimator_").or_else(|| self.set("final_estimator"));
        if decides.is_none() && self.get("final_estimator").is_none() {
            return (parts, Arrangement::Parallel);
        }
        let group = ChildValue::Group(parts, Arrangement::Parallel);
        let mut both = vec![Child { name: "estimators".to_owned(), detail: String::new(), value: group }];
        both.extend(decides.map(|value| self.child("final_estimator", value)));
        (both, Arrangement::Serial)
    }

    /// Whether a value is an estimator.
    fn is_part(&self, value: Edge) -> bool {
        self.lens.graph.node(value.node()) != Node::None && self.lens.estimator(value.node()).is_some()
    }

    /// Attributes that are estimators, and lists of estimators. Of a parameter and what fitting made of it, the latter.
    fn any_parts(&self) -> Vec<Child> {
        let mut parts = Vec::new();
        for (name, value) in &self.attributes {
            let role = self.role(name);
            let original = name.trim_end_matches('_');
            let fitted = format!("{original}_");
            let is_template = role == Role::Fitted
                && self.has_known_parameters()
                && self.get(original).is_some()
                && self.role(original) != Role::Parameter;
            let is_replaced = role == Role::Parameter && self.get(&fitted).is_some_and(|value| self.is_part(value));
            if role == Role::Private || is_template || is_replaced || parts.len() >= PARTS {
                continue;
            }
            if self.is_part(*value) {
                parts.push(self.child(name, *value));
            } else if let Some(list) = self.alike(name, *value) {
                parts.push(list);
            }
        }
        parts
    }

    /// A list of estimators that fitting made: the first ones, and how many more.
    fn alike(&self, name: &str, value: Edge) -> Option<Child> {
        if self.lens.graph.node(value.node()) != Node::List || self.has_trees() {
            return None;
        }
        let items: Vec<Edge> =
            self.lens.graph.run_window(value.node(), crate::graph::RunKind::Items, 0).take(ALIKE).collect();
        if items.is_empty() || !items.iter().all(|&item| self.is_part(item)) {
            return None;
        }
        let total = self.lens.length_of(value)?;
        let mut group: Vec<Child> =
            items.iter().enumerate().map(|(index, &item)| self.child(&format!("[{index}]"), item)).collect();
        if total > items.len() as u64 {
            let more = ChildValue::More(total - items.len() as u64);
            group.push(Child { name: String::new(), detail: String::new(), value: more });
        }
        let value = ChildValue::Group(group, Arrangement::Parallel);
        Some(Child { name: name.to_owned(), detail: String::new(), value })
    }

    /// The columns that a transformer gets: names or positions, a slice, a mask, or what chooses them.
    fn columns(&self, columns: Edge) -> String {
        let lens = &self.lens;
        if let Some(items) = lens.sequence(columns) {
            return joined(
                items.iter().map(|&item| lens.string(item).unwrap_or_else(|| lens.inline(item))),
                items.len(),
            );
        }
        if let Some(array) = lens.array(columns.node()) {
            let objects = array.items(0, PARTS);
            if !objects.is_empty() {
                let names = objects.iter().map(|&item| lens.string(item).unwrap_or_else(|| lens.inline(item)));
                return joined(names, usize::try_from(array.len()).unwrap_or(usize::MAX));
            }
            return match array.values(0, PARTS, 40) {
                Ok(values) => joined(values.iter().map(|value| super::unquoted(value)), array.len() as usize),
                Err(_) => array.text(),
            };
        }
        if let Some(word) = lens.string(columns) {
            return word;
        }
        // `make_column_selector`: its attributes say what it chooses by.
        if let Some(object) = lens.object(columns.node()) {
            let set = object.attributes().into_iter().filter(|&(_, value)| !lens.is_none(value));
            let words: Vec<String> = set.map(|(name, value)| format!("{name}={}", lens.inline(value))).collect();
            if !words.is_empty() {
                return words.join(", ");
            }
        }
        lens.short_repr(columns).unwrap_or_else(|| lens.inline(columns))
    }
}

/// Names apart by commas, cut to what fits in a box.
fn joined(names: impl Iterator<Item = String>, total: usize) -> String {
    let mut text = String::new();
    for (shown, name) in names.enumerate() {
        if shown > 0 && text.len() + name.len() > COLUMNS {
            text.push_str(&format!(", … {} in all", crate::lens::text::grouped(total as u64)));
            return text;
        }
        text.push_str(if shown > 0 { ", " } else { "" });
        text.push_str(&name);
    }
    text
}
