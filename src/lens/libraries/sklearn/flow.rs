//! What a pipeline or a search comes to: the estimator at its end, and the names that features have when they get there.

use super::Estimator;
use crate::graph::{Edge, Node, RunKind};

/// Searches and pipelines in each other.
const LEVELS: usize = 4;
/// Terms of a vocabulary that become names of features.
const TERMS: u64 = 1 << 18;

/// Transformers that give as many columns as they get, in the same order.
const ONE_TO_ONE: [&str; 11] = [
    "StandardScaler",
    "MinMaxScaler",
    "MaxAbsScaler",
    "RobustScaler",
    "PowerTransformer",
    "QuantileTransformer",
    "Normalizer",
    "Binarizer",
    "OrdinalEncoder",
    "TfidfTransformer",
    "FrozenEstimator",
];

impl<'a> Estimator<'a> {
    /// The estimator at the end of a pipeline, or that a search has chosen, with the names of its features where they can be
    /// followed through the steps before; `None` for what is neither.
    #[must_use]
    pub fn conclusion(&self) -> Option<(Estimator<'a>, Option<Vec<String>>)> {
        let is_made_of_others = self.set("best_estimator_").is_some() || self.set("steps").is_some();
        let mut names = if is_made_of_others { self.names_beside().map(|(names, _)| names) } else { return None };
        let mut current = self.clone();
        for level in 0..LEVELS {
            if let Some(best) = current.set("best_estimator_").and_then(|best| self.lens.estimator(best.node())) {
                current = best;
            } else if current.set("steps").is_some() {
                (current, names) = current.last_step(names)?;
            } else {
                return (level > 0).then(|| {
                    let known = current.feature_names().or(names);
                    let known =
                        known.filter(|known| current.features().is_none_or(|count| count == known.len() as u64));
                    (current, known)
                });
            }
        }
        None
    }

    /// The last step, and what the features are called that it gets.
    fn last_step(&self, names: Option<Vec<String>>) -> Option<(Estimator<'a>, Option<Vec<String>>)> {
        let steps = self.lens.sequence(self.set("steps")?)?;
        let (last, before) = steps.split_last()?;
        let value = |step: &Edge| self.lens.sequence(*step)?.get(1).copied();
        let last = self.lens.estimator(value(last)?.node())?;
        let mut names = names;
        for step in before {
            let Some(value) = value(step) else {
                names = None;
                continue;
            };
            let skips = self.lens.is_none(value) || self.lens.string(value).is_some_and(|word| word == "passthrough");
            if skips {
                continue;
            }
            names = self.lens.estimator(value.node()).and_then(|step| step.names_after(names));
        }
        Some((last, names))
    }

    /// What the columns are called that a transformer gives.
    fn names_after(&self, names: Option<Vec<String>>) -> Option<Vec<String>> {
        if matches!(self.name(), "CountVectorizer" | "TfidfVectorizer") {
            return self.terms_in_order();
        }
        // Imputers may drop columns, discretizers and some others may add some.
        let keeps = match self.name() {
            "SimpleImputer" => self.keeps_columns()?,
            "KBinsDiscretizer" => self.lens.string(self.set("encode")?)? == "ordinal",
            name => ONE_TO_ONE.contains(&name),
        };
        if keeps { self.feature_names().or(names) } else { None }
    }

    /// Whether an imputer gives each column that it gets, and no more: none was empty, and none tells what was missing.
    fn keeps_columns(&self) -> Option<bool> {
        let statistics = self.lens.array(self.set("statistics_")?.node())?;
        let is_numeric = super::weights::is_numeric(&statistics);
        let values = statistics.floats(0, 1 << 16).ok()?;
        Some(is_numeric && values.iter().all(|value| !value.is_nan()) && self.set("indicator_").is_none())
    }

    /// The terms of a vocabulary by their columns.
    fn terms_in_order(&self) -> Option<Vec<String>> {
        let lens = &self.lens;
        let dict = self.set("vocabulary_").filter(|dict| lens.graph.node(dict.node()) == Node::Dict)?;
        let count = lens.length_of(dict).filter(|&count| count <= TERMS)?;
        let mut names = vec![String::new(); count as usize];
        let edges: Vec<Edge> = lens.graph.run_window(dict.node(), RunKind::Pairs, 0).collect();
        for pair in edges.chunks_exact(2) {
            let column = usize::try_from(lens.count(pair[1])?).ok()?;
            *names.get_mut(column)? = lens.string(pair[0])?;
        }
        Some(names)
    }
}
