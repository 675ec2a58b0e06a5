//! Bytes by windows, with what they are for.

use super::{ByteMark, ByteReading};
use crate::bytes::ByteSpan;
use serde::{Deserialize, Serialize};

/// Bytes around the document, or its own: a file, what a stream in it unpacks to, an entry of an archive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ByteLayer {
    /// The name: of a file, of an entry within its archive.
    pub name: String,
    /// What the bytes are, in a word or two: `gzip`, `torch zip`; may be empty.
    pub what: String,
    /// How many there are.
    pub size: u64,
    /// Whether these are the bytes of the document on show.
    pub is_document: bool,
}

/// Bytes of a layer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ByteWindow {
    /// First offset.
    pub start: u64,
    /// Two lower-case hex digits a byte.
    pub digits: String,
    /// What the bytes are for. The first span may begin before the window, the last may end behind it.
    pub spans: Vec<ByteSpan>,
    /// Instructions in the window that something was found at.
    pub marks: Vec<ByteMark>,
}

/// Everything about one byte of a layer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BytesAt {
    /// Its offset.
    pub offset: u64,
    /// What it is for.
    pub span: Option<ByteSpan>,
    /// What the bytes from it on are, read in every way.
    pub readings: Vec<ByteReading>,
}
