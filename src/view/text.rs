//! Text in typed pieces, so that the page colours it and a terminal does not have to.

use serde::{Deserialize, Serialize};

/// What a piece of text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum TextKind {
    /// Punctuation and words.
    Plain,
    /// A Python type or a global's name.
    Type,
    /// A string or bytes literal.
    Str,
    /// A number or a boolean.
    Number,
    /// `None` and other singletons.
    Constant,
    /// Counts, hints, asides.
    Dim,
    /// Something that could not be read, and why.
    Error,
}

/// One piece of a line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TextPart {
    /// How to draw it.
    pub kind: TextKind,
    /// The characters. Lone surrogates are escaped, so this is always a proper string.
    pub text: String,
}

impl TextPart {
    /// A piece of `kind`.
    pub fn new(kind: TextKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}
