//! What the columns are called that a transformer gives, as `get_feature_names_out` says.
//!
//! Sources: `sklearn/compose/_column_transformer.py`, `preprocessing/_encoders.py`, `impute/_base.py`, `preprocessing/_function_transformer.py`,
//! `feature_extraction/text.py`.

use super::Estimator;
use crate::graph::{Edge, Node, RunKind};

/// Terms of a vocabulary that become names.
const TERMS: u64 = 1 << 18;
/// Columns that are named.
const COLUMNS: usize = 1 << 16;
/// Transformers in each other.
const LEVELS: usize = 8;

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

impl Estimator<'_> {
    /// What the columns are called that this transformer gives when those that it gets have these names; `None` where that cannot be
    /// followed.
    #[must_use]
    pub fn names_after(&self, names: Option<Vec<String>>) -> Option<Vec<String>> {
        self.names_within(names, LEVELS)
    }

    fn names_within(&self, names: Option<Vec<String>>, levels: usize) -> Option<Vec<String>> {
        let levels = levels.checked_sub(1)?;
        if self.set("steps").is_some() {
            let steps = self.lens.sequence(self.set("steps")?)?;
            let step = |names, step: &Edge| {
                self.lens.sequence(*step).and_then(|step| self.after(*step.get(1)?, names, levels))
            };
            return steps.iter().fold(self.feature_names().or(names), step);
        }
        match self.name() {
            "CountVectorizer" | "TfidfVectorizer" => self.terms_in_order(),
            "OneHotEncoder" => self.names_of_categories(&self.feature_names().or(names)?),
            "ColumnTransformer" => self.names_of_parts(&self.feature_names().or(names)?, levels),
            // Imputers may drop columns, discretizers and some others may add some.
            "SimpleImputer" if !self.keeps_columns()? => None,
            "KBinsDiscretizer" if self.lens.string(self.set("encode")?)? != "ordinal" => None,
            "FunctionTransformer" if self.set("func").is_some() => None,
            "SimpleImputer" | "KBinsDiscretizer" | "FunctionTransformer" => self.feature_names().or(names),
            name if ONE_TO_ONE.contains(&name) => self.feature_names().or(names),
            _ => None,
        }
    }

    /// The names after a step, which may be one that does nothing.
    pub(super) fn after(&self, step: Edge, names: Option<Vec<String>>, levels: usize) -> Option<Vec<String>> {
        let skips = self.lens.is_none(step) || self.lens.string(step).is_some_and(|word| word == "passthrough");
        if skips {
            return names;
        }
        self.lens.estimator(step.node())?.names_within(names, levels)
    }

    /// A column for each category: `city_Lima`.
    fn names_of_categories(&self, names: &[String]) -> Option<Vec<String>> {
        // Rare categories share a column.
        let is_limited = ["min_frequency", "max_categories", "feature_name_combiner"].into_iter().any(|name| {
            self.set(name).is_some_and(|value| self.lens.string(value).is_none_or(|combiner| combiner != "concat"))
        });
        let lists = self.lens.sequence(self.set("categories_")?)?;
        if is_limited || self.set("drop_idx_").is_some() || lists.len() != names.len() {
            return None;
        }
        let mut found = Vec::new();
        for (name, list) in names.iter().zip(lists) {
            found.extend(self.names_in(list)?.into_iter().map(|category| format!("{name}_{category}")));
            if found.len() > COLUMNS {
                return None;
            }
        }
        Some(found)
    }

    /// The columns of all parts one behind the other, each with the name of its part before it.
    fn names_of_parts(&self, names: &[String], levels: usize) -> Option<Vec<String>> {
        let is_prefixed = self
            .set("verbose_feature_names_out")
            .is_none_or(|flag| self.lens.graph.node(flag.node()) != Node::Bool(false));
        let mut found = Vec::new();
        for part in self.lens.sequence(self.set("transformers_")?)? {
            let &[name, transformer, columns] = &self.lens.sequence(part)?[..] else { return None };
            if self.lens.string(transformer).is_some_and(|word| word == "drop") {
                continue;
            }
            let chosen = self.chosen(columns, names)?;
            if chosen.is_empty() {
                continue;
            }
            let (prefix, columns) = (self.lens.string(name)?, self.after(transformer, Some(chosen), levels)?);
            found.extend(
                columns.into_iter().map(|column| if is_prefixed { format!("{prefix}__{column}") } else { column }),
            );
            if found.len() > COLUMNS {
                return None;
            }
        }
        Some(found)
    }

    /// The columns that a part of a column transformer gets: by name, by position, or by a truth value for each.
    fn chosen(&self, columns: Edge, names: &[String]) -> Option<Vec<String>> {
        let lens = &self.lens;
        // scikit-learn 1.5 to 1.7 has a list of its own for what remains (`_RemainderColsList`).
        let columns = lens.object(columns.node()).and_then(|object| object.attribute("data")).unwrap_or(columns);
        let items = match lens.sequence(columns) {
            Some(items) => items,
            None => return self.names_in(columns).filter(|chosen| chosen.iter().all(|name| names.contains(name))),
        };
        if items.len() > COLUMNS {
            return None;
        }
        let is_mask =
            !items.is_empty() && items.iter().all(|item| matches!(lens.graph.node(item.node()), Node::Bool(_)));
        if is_mask {
            let is_chosen = |item: &Edge| lens.graph.node(item.node()) == Node::Bool(true);
            return Some(
                items.iter().zip(names).filter(|(item, _)| is_chosen(item)).map(|(_, name)| name.clone()).collect(),
            );
        }
        let name = |item: Edge| match lens.string(item) {
            Some(name) => Some(name),
            None => {
                let at = lens.int(item)?;
                let at = if at < 0 { at.checked_add(names.len() as i64)? } else { at };
                names.get(usize::try_from(at).ok()?).cloned()
            }
        };
        items.into_iter().map(name).collect()
    }

    /// Whether an imputer gives each column that it gets, and no more: none was empty, and none tells what was missing.
    fn keeps_columns(&self) -> Option<bool> {
        let statistics = self.lens.array(self.set("statistics_")?.node())?;
        let has_indicator = self.set("indicator_").is_some();
        if !super::weights::is_numeric(&statistics) {
            // Of columns of text: None is a value that was not found.
            let are_there = statistics.items(0, COLUMNS).iter().all(|item| self.lens.string(*item).is_some());
            return Some(are_there && !statistics.is_empty() && !has_indicator);
        }
        let values = statistics.floats(0, COLUMNS).ok()?;
        Some(values.iter().all(|value| !value.is_nan()) && !has_indicator)
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
