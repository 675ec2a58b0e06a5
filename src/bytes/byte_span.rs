//! What bytes are for: spans with a kind and words, which tile a window of a source.

use super::Span;
use serde::{Deserialize, Serialize};

/// What a span of bytes is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum SpanKind {
    /// The byte of an opcode.
    Opcode,
    /// A number that says how long something else is.
    Length,
    /// The argument of an opcode, if it stands there as it is.
    Argument,
    /// The bytes of a text or number that an opcode pushes.
    Payload,
    /// The elements of an array.
    Array,
    /// Bytes that only move what follows them.
    Padding,
    /// A field of a container's header.
    Header,
    /// A name, a comment, or a header that is text.
    Name,
    /// What a container holds: content of an entry, compressed data.
    Data,
    /// A list of what is in a container.
    Directory,
    /// A checksum, or what ends a container.
    Trailer,
    /// Bytes that belong to nothing that is known, or were not read.
    Rest,
}

impl SpanKind {
    /// All kinds, in the order of a legend.
    pub const ALL: [Self; 12] = [
        Self::Opcode,
        Self::Length,
        Self::Argument,
        Self::Payload,
        Self::Array,
        Self::Padding,
        Self::Header,
        Self::Name,
        Self::Data,
        Self::Directory,
        Self::Trailer,
        Self::Rest,
    ];

    /// The kind in one word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Opcode => "opcode",
            Self::Length => "length",
            Self::Argument => "argument",
            Self::Payload => "payload",
            Self::Array => "array",
            Self::Padding => "padding",
            Self::Header => "header",
            Self::Name => "name",
            Self::Data => "data",
            Self::Directory => "directory",
            Self::Trailer => "trailer",
            Self::Rest => "rest",
        }
    }

    /// The same in the words of a format: a zip has a central directory, what was compressed has compressed data. `format` is what
    /// [`crate::view::ByteLayer`] says of the layer.
    #[must_use]
    pub fn word_in(self, format: &str) -> &'static str {
        let is = |names: &[&str]| names.iter().any(|name| format.contains(name));
        let is_archive = is(&["zip", "tar", "7z"]) && !is(&["gzip", "bzip"]);
        match self {
            Self::Header if is_archive => "entry header",
            Self::Name if is_archive => "entry name",
            Self::Data if is_archive => "entry data",
            Self::Data if is(&["gzip", "zlib", "bzip2", "xz", "lzma", "zstd", "lz4", "LZMA"]) => "compressed data",
            Self::Directory if is(&["zip"]) => "central directory",
            Self::Trailer if is(&["zip", "7z"]) => "end of the archive",
            Self::Trailer => "checksum or end",
            _ => self.word(),
        }
    }

    /// What bytes of the kind are for, in a sentence.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Opcode => "The byte of an opcode",
            Self::Length => "A number that says how long something else is",
            Self::Argument => "The argument of an opcode, where it stands as it is",
            Self::Payload => "The bytes of a text or number that an opcode pushes",
            Self::Array => "The elements of an array",
            Self::Padding => "Bytes that only move what follows them",
            Self::Header => "A field of a header",
            Self::Name => "A name, a comment, or a header that is text",
            Self::Data => "What the container holds",
            Self::Directory => "A list of what is in the container",
            Self::Trailer => "A checksum, or what ends the container",
            Self::Rest => "Bytes that belong to nothing that is known, or were not read",
        }
    }

    /// A bit for each kind, for sets of them.
    #[must_use]
    pub const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Bytes that are for one thing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ByteSpan {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset after the last byte.
    pub end: u64,
    /// What they are for.
    pub kind: SpanKind,
    /// The same in words.
    pub label: String,
}

/// Collects the spans that tile a window, in order. A span may begin before the window and end after it; no two of them overlap,
/// and what nobody describes is [`SpanKind::Rest`].
#[derive(Debug)]
pub struct Tiles {
    window: Span,
    length: u64,
    most: usize,
    spans: Vec<ByteSpan>,
}

const UNKNOWN: &str = "no part of the format";

impl Tiles {
    /// Tiles for a window of a source with `length` bytes, at most so many: fewer bytes of the window are described then.
    #[must_use]
    pub fn new(window: Span, length: u64, most: usize) -> Self {
        let end = window.end.min(length);
        Self { window: Span::new(window.start.min(end), end), length, most, spans: Vec::new() }
    }

    /// The first byte of the window that has no span yet.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.spans.last().map_or(self.window.start, |last| last.end)
    }

    /// Whether no span is missing, or there is no room for another one.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.position() >= self.window.end || self.spans.len() >= self.most
    }

    /// Adds a span, unless it ends before the window begins or before the position. Spans come in the order of their bytes.
    pub fn add(&mut self, span: Span, kind: SpanKind, label: impl FnOnce() -> String) {
        if span.is_empty() || self.is_done() || span.end <= self.position() {
            return;
        }
        if span.start > self.position() {
            self.push(Span::new(self.position(), span.start), SpanKind::Rest, UNKNOWN.to_owned());
        }
        if !self.is_done() {
            let start = if self.spans.is_empty() { span.start } else { self.position() };
            self.push(Span::new(start, span.end), kind, label());
        }
    }

    /// Adds the field of `length` bytes at `at`, and gives the offset behind it.
    pub fn field(&mut self, at: u64, length: u64, kind: SpanKind, label: impl FnOnce() -> String) -> u64 {
        let end = at.saturating_add(length);
        self.add(Span::new(at, end), kind, label);
        end
    }

    fn push(&mut self, span: Span, kind: SpanKind, label: String) {
        self.spans.push(ByteSpan { start: span.start, end: span.end, kind, label });
    }

    /// The spans; what is missing at the end of the window belongs to nothing.
    #[must_use]
    pub fn finish(mut self) -> Vec<ByteSpan> {
        if !self.is_done() {
            self.push(Span::new(self.position(), self.window.end), SpanKind::Rest, UNKNOWN.to_owned());
        }
        if let Some(last) = self.spans.last_mut() {
            last.end = last.end.min(self.length);
        }
        self.spans
    }
}
