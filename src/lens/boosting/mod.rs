//! Models of gradient boosting libraries: one value of the pickle is a whole model in a format of the library's own.
//!
//! Sources: `xgboost/python-package/xgboost/core.py` (`Booster.__getstate__`: `handle`), `LightGBM/python-package/lightgbm/basic.py`
//! (`Booster.__getstate__`: `_handle`, before 4.0 `handle`), `catboost/core.py` (`_CatBoostBase.__getstate__`: `__model`).

mod document;
mod lightgbm;
mod xgboost;

use super::Lens;
use super::object::Object;
use super::trees::{DecisionTree, Forest};
use crate::graph::{Edge, Node, NodeId, TextEncoding};

/// Bytes of a model that are read.
const MODEL: u64 = 128 << 20;
/// Bytes of a model that is read for the row of a tree.
const QUICK: u64 = 4 << 20;

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
    fn add(&mut self, feature: i64, gain: f64) {
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

/// A booster: an object that has a model.
pub struct Booster<'a> {
    lens: Lens<'a>,
    /// The instance.
    pub object: Object<'a>,
    /// `xgboost`, `lightgbm`.
    pub library: &'static str,
    model: Edge,
}

impl<'a> Lens<'a> {
    /// The booster that a value is.
    #[must_use]
    pub fn booster(&self, node: NodeId) -> Option<Booster<'a>> {
        let object = self.object(node)?;
        let library = ["xgboost", "lightgbm"].into_iter().find(|library| object.is_in(library))?;
        let model = object.attribute("handle").or_else(|| object.attribute("_handle"));
        let model = model.filter(|&model| !self.is_none(model))?;
        Some(Booster { lens: *self, object, library, model })
    }
}

impl<'a> Booster<'a> {
    /// The model, read and taken apart.
    ///
    /// # Errors
    /// When it cannot be read, in words.
    pub fn model(&self) -> Result<Box<dyn BoostedModel + 'a>, String> {
        self.model_up_to(MODEL)
    }

    fn model_up_to(&self, most: u64) -> Result<Box<dyn BoostedModel + 'a>, String> {
        let bytes = self.bytes(most)?;
        Ok(match self.library {
            // Before 1.4 the model has no names; the object had them already.
            "xgboost" => Box::new(xgboost::Model::read(bytes, || self.feature_names())?),
            _ => Box::new(lightgbm::Model::read(bytes)?),
        })
    }

    /// The names that the object itself has for the features.
    fn feature_names(&self) -> Vec<String> {
        let names = self.object.attribute("feature_names").and_then(|names| self.lens.sequence(names));
        let names: Option<Vec<String>> =
            names.and_then(|names| names.into_iter().map(|name| self.lens.string(name)).collect());
        names.unwrap_or_default()
    }

    /// The model as bytes: a `bytearray` or, of lightgbm, text.
    fn bytes(&self, most: u64) -> Result<Vec<u8>, String> {
        let lens = &self.lens;
        let refuse = |length: u64| format!("the model has {length} bytes: more than the {most} that are read");
        if let Node::Text { span, encoding } = lens.graph.node(self.model.node()) {
            if span.len() > most {
                return Err(refuse(span.len()));
            }
            let bytes = lens.payload(span)?;
            if encoding == TextEncoding::Utf8 {
                return Ok(bytes);
            }
            return encoding
                .decode(&bytes)
                .map(|text| text.to_string_lossy().into_owned().into_bytes())
                .map_err(|e| e.to_string());
        }
        let payload = lens.payload_of(self.model)?;
        if payload.at_most() > most {
            return Err(refuse(payload.at_most()));
        }
        let found = payload.gather(&[0], payload.at_most())?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// `2 trees · binary:logistic`
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let model = self.model_up_to(QUICK).ok()?;
        let count = model.len();
        let mut words = format!("{} {}", super::grouped(count), if count == 1 { "tree" } else { "trees" });
        if let Some(objective) = model.objective() {
            words.push_str(&format!(" · {objective}"));
        }
        Some(words)
    }
}

/// A number of single precision as Python writes it.
fn single(value: f64) -> String {
    use super::{Dtype, Kind, element};
    element::text(&Dtype::plain(Kind::Float, "float32", 4), &(value as f32).to_le_bytes(), 64)
}

fn name_of(names: &[String], index: i64) -> String {
    let name = usize::try_from(index).ok().and_then(|index| names.get(index).cloned());
    name.unwrap_or_else(|| format!("feature {index}"))
}

/// Where a value lies between the smallest and the greatest.
fn between(value: f64, values: &[f64]) -> f64 {
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)));
    let share = (value - low) / (high - low);
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
}

/// `{1, 4, 7}`
fn set_text(set: &[usize]) -> String {
    const MOST: usize = 12;
    let texts: Vec<String> = set.iter().take(MOST).map(usize::to_string).collect();
    let more = if set.len() > MOST { format!(", … {} in all", set.len()) } else { String::new() };
    format!("{{{}{more}}}", texts.join(", "))
}

/// A tree that is read.
type Tree<'a> = Box<dyn DecisionTree + 'a>;
