//! What every boosted model has, whichever library made it.

use crate::lens::libraries::tree_model::{DecisionTree, Forest};
use crate::lens::numbers::{Dtype, Kind, element};

/// Numbers beside features: how often and with what gain a model uses each.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Usage {
    /// Splits by feature.
    pub splits: Vec<u64>,
    /// Gain of all these splits, by feature.
    pub gains: Vec<f64>,
}

impl Usage {
    /// Features that are counted.
    const FEATURES: usize = 1 << 20;

    /// Counts a split.
    pub(super) fn add(&mut self, feature: i64, gain: f64) {
        let Some(at) = usize::try_from(feature).ok().filter(|&at| at < Self::FEATURES) else { return };
        if at >= self.splits.len() {
            self.splits.resize(at + 1, 0);
            self.gains.resize(at + 1, 0.0);
        }
        self.splits[at] += 1;
        self.gains[at] += gain;
    }
}

/// Names with values, apart by headings.
pub type Settings = Vec<(String, Vec<(String, String)>)>;

/// A model.
pub trait BoostedModel: Forest {
    /// What is known of it, by name.
    fn facts(&self) -> Vec<(String, String)>;
    /// The parameters that it keeps.
    fn settings(&self) -> Settings;
    /// Names of the features; none when they have none.
    fn feature_names(&self) -> &[String];
    /// Which features it uses.
    ///
    /// # Errors
    /// When the trees cannot be read, in words.
    fn usage(&self) -> Result<Usage, String>;
    /// What it is trained for.
    fn objective(&self) -> Option<String>;
}

/// A number of single precision as Python writes it.
pub(super) fn single(value: f64) -> String {
    element::text(&Dtype::plain(Kind::Float, "float32", 4), &(value as f32).to_le_bytes(), 64)
}

pub(super) fn name_of(names: &[String], index: i64) -> String {
    let name = usize::try_from(index).ok().and_then(|index| names.get(index).cloned());
    name.unwrap_or_else(|| format!("feature {index}"))
}

/// Where a value lies between the smallest and the greatest.
pub(super) fn between(value: f64, values: &[f64]) -> f64 {
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)));
    let share = (value - low) / (high - low);
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
}

/// `{1, 4, 7}`
pub(super) fn set_text(set: &[usize]) -> String {
    const MOST: usize = 12;
    let texts: Vec<String> = set.iter().take(MOST).map(usize::to_string).collect();
    let more = if set.len() > MOST { format!(", … {} in all", set.len()) } else { String::new() };
    format!("{{{}{more}}}", texts.join(", "))
}

/// A tree that is read.
pub(super) type Tree<'a> = Box<dyn DecisionTree + 'a>;
