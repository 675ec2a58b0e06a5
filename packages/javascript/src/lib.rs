//! The WebAssembly half of the npm package `picklescope`: thin wrappers around the library's face. What people use is in `js/`.
//!
//! Facts go over as JSON, which JavaScript's own `JSON` reads; bytes go over as bytes. A file whose bytes come piece by piece is read
//! until something is missing: [`Reader::missing`] says what, and the question is asked again when it is there.

mod pieces;

use picklescope::{Format, Opened, Options, Source};
use pieces::Pieces;
use serde::Serialize;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// A file, and what is asked of it.
#[wasm_bindgen]
pub struct Reader {
    name: String,
    /// All of the bytes, or those that have come.
    source: Arc<dyn Source>,
    pieces: Option<Arc<Pieces>>,
    options: Options,
    opened: Option<Opened>,
}

/// What is asked is answered, refused with a sentence, or not known before more bytes are there.
type Answer<T> = Result<T, JsError>;

#[wasm_bindgen]
impl Reader {
    /// A file whose bytes are all here.
    #[wasm_bindgen(js_name = ofBytes)]
    #[must_use]
    pub fn of_bytes(
        name: String,
        bytes: Vec<u8>,
        memory: Option<f64>,
        unpacked: Option<f64>,
        member: Option<String>,
    ) -> Self {
        let source = Arc::new(picklescope::MemorySource::new(bytes));
        Self { name, source, pieces: None, options: options(memory, unpacked, member), opened: None }
    }

    /// A file of `size` bytes that come piece by piece.
    #[wasm_bindgen(js_name = ofPieces)]
    #[must_use]
    pub fn of_pieces(
        name: String,
        size: f64,
        memory: Option<f64>,
        unpacked: Option<f64>,
        member: Option<String>,
    ) -> Self {
        let pieces = Arc::new(Pieces::new(size as u64));
        let options = options(memory, unpacked, member);
        Self { name, source: pieces.clone(), pieces: Some(pieces), options, opened: None }
    }

    /// Offset and length of the bytes that the last question still needs; nothing when it was answered.
    #[must_use]
    pub fn missing(&mut self) -> Option<Vec<f64>> {
        let missing = self.pieces.as_ref()?.take_missing()?;
        // What was made of a file that could not be read is no answer.
        self.opened = None;
        Some(vec![missing.start as f64, missing.len() as f64])
    }

    /// Bytes that were missing. `offset` is a multiple of 64 KiB.
    pub fn supply(&self, offset: f64, bytes: &[u8]) {
        if let Some(pieces) = &self.pieces {
            pieces.supply(offset as u64, bytes);
        }
    }

    /// The facts, as JSON.
    pub fn facts(&mut self) -> Answer<String> {
        json(&self.opened()?.overview())
    }

    /// What wrote the file and what cannot load it, as JSON.
    pub fn environment(&mut self) -> Answer<String> {
        json(&self.opened()?.environment())
    }

    /// The report, as JSON.
    pub fn report(&mut self) -> Answer<String> {
        // Of the file alone: what is on show has no part in it.
        json(&picklescope::scan_source(&self.name, Arc::clone(&self.source), &self.options))
    }

    /// At most so many members, as JSON.
    pub fn members(&mut self, most: u32) -> Answer<String> {
        json(&self.opened()?.members(most as usize))
    }

    /// The object tree as text.
    pub fn tree(&mut self, depth: u32, items: u32) -> Answer<String> {
        Ok(self.opened()?.tree(depth.into(), items.into()))
    }

    /// The value at a path, as JSON.
    pub fn value(&mut self, path: &str) -> Answer<String> {
        json(&self.opened()?.value(path)?)
    }

    /// Where something is, as JSON: at most `most` hits of each kind.
    pub fn find(&mut self, query: &str, most: u32) -> Answer<String> {
        json(&self.opened()?.find(query, most.into())?)
    }

    /// The opcode listing.
    pub fn listing(&mut self) -> Answer<Vec<u8>> {
        let mut text = Vec::new();
        self.opened()?.listing(&mut text)?;
        Ok(text)
    }

    /// Everything, as typed JSON.
    pub fn json(&mut self) -> Answer<Vec<u8>> {
        let mut text = Vec::new();
        self.opened()?.json(&mut text)?;
        Ok(text)
    }

    /// Python source that makes the same objects.
    pub fn python(&mut self) -> Answer<Vec<u8>> {
        let mut text = Vec::new();
        self.opened()?.python(&mut text)?;
        Ok(text)
    }

    /// A value in a format; without a path what the file is about.
    pub fn export(&mut self, format: &str, path: Option<String>) -> Answer<Vec<u8>> {
        let format = Format::ALL
            .into_iter()
            .find(|known| known.word() == format)
            .ok_or_else(|| JsError::new(&format!("there is no format {format}")))?;
        let mut bytes = Vec::new();
        self.opened()?.export(path.as_deref(), format, &mut bytes)?;
        Ok(bytes)
    }
}

impl Reader {
    /// The file, read when the first question comes; refused when it has no member of that path.
    fn opened(&mut self) -> Answer<&mut Opened> {
        let Self { name, source, options, opened, .. } = self;
        let read = match opened.take() {
            Some(read) => read,
            None => Opened::of_source(name, Arc::clone(source), options)?,
        };
        Ok(opened.insert(read))
    }
}

fn json(facts: &impl Serialize) -> Answer<String> {
    serde_json::to_string(facts).map_err(|error| JsError::new(&error.to_string()))
}

fn options(memory: Option<f64>, unpacked: Option<f64>, member: Option<String>) -> Options {
    let mut options = Options::new();
    if let Some(bytes) = memory {
        options = options.memory(bytes as u64);
    }
    if let Some(bytes) = unpacked {
        options = options.unpacked(bytes as u64);
    }
    if let Some(path) = member {
        options = options.member(path);
    }
    options
}
