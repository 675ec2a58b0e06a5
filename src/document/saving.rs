//! Saving values in other formats, in pieces.

use super::Document;
use crate::view::{ExportAsk, Exported};

impl Document {
    /// Begins to save a value: the first piece. What was being saved before is forgotten.
    ///
    /// # Errors
    /// Why the value cannot be saved in the format, in words.
    pub fn export(&mut self, ask: ExportAsk) -> Result<Exported, String> {
        let _ = ask;
        Err("this value cannot be saved in this format".to_owned())
    }

    /// The next piece of what is being saved.
    ///
    /// # Errors
    /// When nothing is being saved, or the bytes can no longer be read.
    pub fn export_more(&mut self) -> Result<Exported, String> {
        Err("nothing is being saved".to_owned())
    }
}
