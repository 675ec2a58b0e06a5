//! What a pipeline or a search comes to: the estimator at its end, and the names that features have when they get there.

use super::Estimator;
use crate::graph::Edge;

/// Searches and pipelines in each other.
const LEVELS: usize = 4;
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
            names = value(step).and_then(|value| self.after(value, names, LEVELS));
        }
        Some((last, names))
    }

    /// The classes of the steps before the last one that change the values which it gets; of a search those of what it has chosen.
    #[must_use]
    pub fn steps_before(&self) -> Vec<String> {
        let mut current = self.clone();
        for _ in 0..LEVELS {
            if let Some(best) = current.set("best_estimator_").and_then(|best| self.lens.estimator(best.node())) {
                current = best;
            }
        }
        let steps = current.set("steps").and_then(|steps| self.lens.sequence(steps)).unwrap_or_default();
        let class =
            |step: &Edge| Some(self.lens.estimator(self.lens.sequence(*step)?.get(1)?.node())?.name().to_owned());
        steps.split_last().map(|(_, before)| before.iter().filter_map(class).collect()).unwrap_or_default()
    }
}
