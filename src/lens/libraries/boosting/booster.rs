//! An object that has a model, and the model taken out of it.

use super::model::BoostedModel;
use super::{lightgbm, xgboost};
use crate::graph::{Edge, Node, NodeId, TextEncoding};
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Bytes of a model that are read.
const MODEL: u64 = 128 << 20;
/// Bytes of a model that is read for the row of a tree.
const QUICK: u64 = 4 << 20;

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
        let mut words = format!("{} {}", crate::lens::text::grouped(count), if count == 1 { "tree" } else { "trees" });
        if let Some(objective) = model.objective() {
            words.push_str(&format!(" · {objective}"));
        }
        Some(words)
    }
}
