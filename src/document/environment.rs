//! What wrote the document.

use super::Document;
use crate::view::Environment;

impl Document {
    /// The libraries behind the document: their versions as far as it tells, and what would fail to load elsewhere.
    #[must_use]
    pub fn environment(&self) -> Environment {
        Environment::default()
    }
}
