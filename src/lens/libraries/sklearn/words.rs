//! An estimator in a few words, for its row in the tree.

use super::{Estimator, Evidence};
use crate::graph::Edge;
use crate::lens::text::grouped;

impl Estimator<'_> {
    /// What its users would say of it after its class: `2 steps`, `100 trees · depth ≤ 9`, `fitted on 4 features, 3 classes`.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        self.composed()
            .or_else(|| self.searched())
            .or_else(|| self.tree_words())
            .or_else(|| self.booster()?.words())
            .or_else(|| self.learned())
            .or_else(|| self.trained())
    }

    fn composed(&self) -> Option<String> {
        let lists = [("steps", "step"), ("transformer_list", "transformer"), ("transformers", "transformer")];
        if let Some((count, word)) = lists.iter().find_map(|(name, word)| Some((self.length(name)?, word))) {
            return Some(counted(count, word));
        }
        // Voting and stacking; the lists of others hold what they made themselves.
        let named = self.set("estimators")?;
        Some(counted(self.lens.length_of(named)?, "estimator"))
    }

    fn searched(&self) -> Option<String> {
        let is_search = self.set("param_grid").or_else(|| self.set("param_distributions")).is_some()
            || self.set("best_estimator_").is_some();
        let searched = self.set("estimator").filter(|_| is_search)?;
        let mut text = format!("of {}", self.class_of(searched)?);
        if let Some(best) = self.set("best_score_").and_then(|score| self.lens.number(score)) {
            // The mean over the folds of the best candidate (`_search.py`).
            let folds = self.set("n_splits_").and_then(|folds| self.lens.int(folds)).filter(|folds| *folds > 0);
            let folds = folds.map_or_else(|| "folds".to_owned(), |folds| counted(folds as u64, "fold"));
            text.push_str(&format!(", best {} {} (mean of {folds})", self.scored_by(), rounded(best)));
        }
        Some(text)
    }

    /// What a search measured. Without `scoring` it asks the estimator, whose own score is the accuracy of classifiers and R² of
    /// regressors (`ClassifierMixin.score`, `RegressorMixin.score`).
    fn scored_by(&self) -> String {
        const REGRESSORS: [&str; 12] = [
            "ARDRegression",
            "BayesianRidge",
            "ElasticNet",
            "KernelRidge",
            "Lasso",
            "Lars",
            "LinearRegression",
            "LinearSVR",
            "NuSVR",
            "PLSRegression",
            "Ridge",
            "SVR",
        ];
        // Of several measures `refit` names the one that decides.
        let named = ["refit", "scoring"].iter().find_map(|name| self.lens.string(self.set(name)?));
        let is_own = self.set("scoring").is_none();
        let last = self.conclusion().filter(|_| is_own).map(|(last, _)| last);
        match (named, last) {
            (Some(name), _) => name,
            (None, Some(last)) if last.set("classes_").is_some() => "accuracy".to_owned(),
            (None, Some(last)) if last.name().ends_with("Regressor") || REGRESSORS.contains(&last.name()) => {
                "R²".to_owned()
            }
            _ => "score".to_owned(),
        }
    }

    /// What is counted of estimators that learn many of one thing.
    fn learned(&self) -> Option<String> {
        let lists = [
            ("vocabulary_", "term"),
            ("cluster_centers_", "cluster"),
            ("components_", "component"),
            ("categories_", "column"),
        ];
        let (name, count, word) = lists.iter().find_map(|(name, word)| Some((*name, self.length(name)?, *word)))?;
        Some(if name == "categories_" { format!("fitted on {}", counted(count, word)) } else { counted(count, word) })
    }

    fn trained(&self) -> Option<String> {
        let classes = self.length("classes_").map(|count| counted_with(count, "class", "classes"));
        match (self.features().map(|count| counted(count, "feature")), classes) {
            (Some(features), Some(classes)) => Some(format!("fitted on {features}, {classes}")),
            (Some(one), None) | (None, Some(one)) => Some(format!("fitted on {one}")),
            (None, None) if self.is_fitted() == Some(false) => Some("not fitted".to_owned()),
            // What catboost learned is in its own format.
            (None, None) if self.evidence == Evidence::Library && self.is_fitted() == Some(true) => {
                Some("fitted".to_owned())
            }
            (None, None) => None,
        }
    }

    /// The class of the estimator that a value is.
    fn class_of(&self, value: Edge) -> Option<String> {
        Some(self.lens.object(value.node())?.class.short_name().to_owned())
    }
}

/// Four significant digits, without zeros at the end.
fn rounded(value: f64) -> String {
    let digits = if value == 0.0 || !value.is_finite() { 0 } else { 3 - value.abs().log10().floor() as i32 };
    let text = format!("{:.*}", digits.clamp(0, 12) as usize, value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

pub(super) fn counted(count: u64, word: &str) -> String {
    counted_with(count, word, &format!("{word}s"))
}

fn counted_with(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}
