//! Attributes of the instances in a file.

use super::{ANOTHER, Look, NAMES, evidence};
use crate::explain::word::Word;
use crate::explain::words;
use crate::explain::{Answer, Evidence};
use crate::graph::{Edge, Node, NodeId};

/// Instances that are looked at, and values among which they are looked for.
const INSTANCES: usize = 10_000;
const NODES: u32 = 2_000_000;

/// An instance of a class, with the names of its attributes.
struct Instance {
    offset: u64,
    names: Vec<String>,
    /// Those that are not None.
    set: Vec<String>,
}

impl Look<'_> {
    /// Whether instances of a class have no attribute of a name: `'Model' object has no attribute 'threshold'`.
    /// `or_no_room`: it may also be that the class has no room for an attribute of the file.
    pub(super) fn lacks(&self, or_no_room: bool) -> Vec<Evidence> {
        let named = (words::object_type(self.quote()), words::after(self.quote(), "has no attribute '"));
        let (Some(class), Some(name)) = named else { return Vec::new() };
        let (class, name) = (&class, &name);
        let instances = match self.instances(class) {
            Ok(found) => found,
            Err(other) => return other,
        };
        if name.is_cut() {
            return vec![evidence(Answer::Unknown, format!("The file holds {class}; the attribute is cut."), None)];
        }
        let without = instances.iter().find(|one| !one.names.iter().any(|known| name.fits(known)));
        let Some(without) = without else {
            let offset = instances.first().map(|one| one.offset);
            let text = format!("{class} has the attribute {name} in this file.");
            return vec![match or_no_room {
                true => {
                    let text = format!("{text} A class that has no room for it would say this, too.");
                    evidence(Answer::Unknown, text, offset)
                }
                false => evidence(Answer::DoesNot, format!("{text} {ANOTHER}"), offset),
            }];
        };
        let text = format!("{class} has no attribute {name} in this file.");
        let shows = evidence(Answer::Shows, text, Some(without.offset));
        [shows].into_iter().chain(self.version_of(class)).collect()
    }

    /// Whether instances of a class have none of the attributes that fitting gives.
    pub(super) fn unfitted(&self) -> Vec<Evidence> {
        // Some messages do not say which.
        let named = words::after_word(self.quote(), "this ", " instance");
        let Some(class) = &named.or_else(|| self.class_of_first()) else {
            return vec![evidence(Answer::Unknown, format!("No estimator was seen. {}", self.overview.reading), None)];
        };
        let instances = match self.instances(class) {
            Ok(found) => found,
            Err(other) => return other,
        };
        let is_fitted = |name: &String| {
            (name.ends_with('_') || name.starts_with("_Booster") || name == "_n_features") && !name.starts_with("__")
        };
        let unfitted = instances.iter().find(|one| !one.set.iter().any(is_fitted));
        match unfitted {
            Some(one) => {
                let text = format!("{class} has no attribute in this file that fitting gives.");
                vec![evidence(Answer::Shows, text, Some(one.offset))]
            }
            None => {
                let fitted: Vec<&str> = instances
                    .iter()
                    .flat_map(|one| &one.set)
                    .filter(|name| is_fitted(name))
                    .map(String::as_str)
                    .take(NAMES)
                    .collect();
                let text = format!("{class} has attributes that fitting gives: {}. {ANOTHER}", fitted.join(", "));
                vec![evidence(Answer::DoesNot, text, instances.first().map(|one| one.offset))]
            }
        }
    }

    /// Whether an estimator was fitted on so many features.
    pub(super) fn fitted_on(&self, wanted: &Word) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        let found = ["n_features_in_", "n_features_", "n_features"].map(|name| self.values_of(name)).concat();
        let numbers = found.iter().filter_map(|edge| match graph.node(edge.node()) {
            Node::Int(value) => Some((value, graph.offset(edge.node()))),
            _ => None,
        });
        let mut numbers = numbers.peekable();
        let first = numbers.peek().copied();
        match (numbers.find(|(number, _)| wanted.fits(&number.to_string())), first) {
            (Some((number, offset)), _) => {
                let text = format!("An estimator in this file was fitted on {number} features.");
                vec![evidence(Answer::Shows, text, Some(offset))]
            }
            (None, Some((number, offset))) => {
                let text = format!("This file was fitted on {number} features, not {wanted}. {ANOTHER}");
                vec![evidence(Answer::DoesNot, text, Some(offset))]
            }
            (None, None) => {
                let text = "The file does not say on how many features its estimators were fitted.";
                vec![evidence(Answer::Unknown, text, None)]
            }
        }
    }

    /// The instances of a class whose attributes the file names; else what is to be said of it.
    fn instances(&self, class: &Word) -> Result<Vec<Instance>, Vec<Evidence>> {
        let lens = self.document.lens();
        let graph = &self.document.reading().graph;
        let all = u32::try_from(graph.len()).unwrap_or(u32::MAX).min(NODES);
        let mut found = Vec::new();
        let mut is_seen = false;
        for id in (0..all).map(NodeId).filter(|id| matches!(graph.node(*id), Node::Call { .. })).take(INSTANCES) {
            let Some(object) = lens.object(id).filter(|object| class.fits_last(&object.class.name)) else { continue };
            is_seen = true;
            let attributes = object.attributes();
            let is_set = |name: &String, edge: &Edge| (!lens.is_none(*edge)).then(|| name.clone());
            let set = attributes.iter().filter_map(|(name, edge)| is_set(name, edge)).collect();
            let names: Vec<String> = attributes.into_iter().map(|(name, _)| name).collect();
            if !names.is_empty() {
                found.push(Instance { offset: graph.offset(id), names, set });
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
        Err(match (is_seen || self.has_name(class), self.overview.pickles) {
            (true, _) => {
                let text = format!("The file names {class}; its attributes were not seen.");
                vec![evidence(Answer::Unknown, text, None)]
            }
            (false, 0) => self.stop(Answer::DoesNot),
            // An instance that a method makes, or of a class that is made by another one.
            (false, _) if words::is_builtin(class) || class.last().text().starts_with('_') => {
                vec![evidence(Answer::Unknown, format!("Instances of {class} are not seen in a pickle."), None)]
            }
            (false, _) => {
                vec![evidence(Answer::DoesNot, format!("This file names no {class}. {ANOTHER}"), None)]
            }
        })
    }

    /// The class of the first value.
    fn class_of_first(&self) -> Option<Word> {
        let value = self.document.values().first().copied()?;
        Some(Word::new(&self.document.lens().object(value.node())?.class.name))
    }
}
