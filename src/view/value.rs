//! The full value as text, in pieces: a payload by windows, everything else as a Python-like repr within a budget.

use super::outline::outline;
use super::{ValueChunk, array_value};
use crate::bytes::Span;
use crate::graph::{Node, NodeId, TextEncoding};
use crate::lens::{Lens, Python2Reading};
use crate::opcode::{self, PyText};

/// The text of a value from `from` on (0 for the beginning, else a [`ValueChunk::next`]), one piece of it.
#[must_use]
pub fn chunk(lens: &Lens<'_>, id: NodeId, from: u64) -> ValueChunk {
    match lens.graph.node(id) {
        Node::Text { span, encoding } => text_chunk(lens, span, encoding, from),
        Node::Bytes(span) | Node::ByteArray(span) => match lens.changed_bytes(id) {
            Some(bytes) => ValueChunk { text: opcode::repr_bytes(&bytes), next: None, total: bytes.len() as u64 },
            None => bytes_chunk(lens, span, from),
        },
        Node::LongBinary(span) if span.len() > 1785 => hex_int_chunk(lens, span, from),
        Node::LongText(span) => text_chunk(lens, span, TextEncoding::Line, from),
        _ => match lens.array(id) {
            Some(array) => array_value::chunk(lens, &array, from),
            None => ValueChunk { text: outline(lens, id, lens.limits.value as usize), next: None, total: 0 },
        },
    }
}

/// The piece of a payload that a chunk reads.
fn piece(lens: &Lens<'_>, span: Span, from: u64) -> (Span, Option<u64>) {
    let start = span.start + from.min(span.len());
    let piece = Span::new(start, span.end).prefix(lens.limits.value);
    (piece, (piece.end < span.end).then_some(piece.end - span.start))
}

fn text_chunk(lens: &Lens<'_>, span: Span, encoding: TextEncoding, from: u64) -> ValueChunk {
    let (place, mut next) = piece(lens, span, from);
    let total = span.len();
    let bytes = match lens.payload(place) {
        Ok(bytes) => bytes,
        Err(reason) => return ValueChunk { text: format!("unreadable: {reason}"), next: None, total },
    };
    let cut = next.is_some();
    let read = match encoding {
        TextEncoding::Utf8 => PyText::utf8_prefix(&bytes).map_err(|e| e.to_string()),
        TextEncoding::RawUnicodeEscape => opcode::raw_unicode_escape_prefix(&bytes, !cut).map_err(|e| e.to_string()),
        TextEncoding::Python2 | TextEncoding::Line => Ok((PyText::from_latin1(&bytes), bytes.len())),
        TextEncoding::Python2Quoted => opcode::unescape_prefix(&bytes, !cut)
            .map(|(bytes, used)| (PyText::from_latin1(&bytes).into_owned(), used))
            .map_err(|e| e.to_string()),
    };
    let (text, used) = match read {
        Ok(read) => read,
        Err(reason) => return ValueChunk { text: format!("unreadable: {reason}"), next: None, total },
    };
    // A character that the piece cuts in two begins the next piece.
    if let Some(next) = next.as_mut()
        && used > 0
    {
        *next = place.start - span.start + used as u64;
    }
    let as_bytes = encoding.is_python2()
        && match lens.python2 {
            Python2Reading::Ascii => text.code_points().any(|code| code > 127),
            Python2Reading::Latin1 => false,
            Python2Reading::Bytes => true,
        };
    let text = if as_bytes {
        opcode::repr_bytes(&text.code_points().map(|code| code as u8).collect::<Vec<_>>())
    } else {
        shown(&text)
    };
    ValueChunk { text, next, total }
}

/// The characters themselves; lone surrogates, which no string here can hold, as their escapes.
fn shown(text: &PyText<'_>) -> String {
    if let Some(text) = text.as_str() {
        return text.to_owned();
    }
    let mut out = String::new();
    for code in text.code_points() {
        match char::from_u32(code) {
            Some(c) => out.push(c),
            None => out.push_str(&format!("\\u{code:04x}")),
        }
    }
    out
}

fn bytes_chunk(lens: &Lens<'_>, span: Span, from: u64) -> ValueChunk {
    let (place, next) = piece(lens, span, from);
    let text = match lens.payload(place) {
        Ok(bytes) => opcode::repr_bytes(&bytes),
        Err(reason) => format!("unreadable: {reason}"),
    };
    ValueChunk { text, next, total: span.len() }
}

/// An int too long for decimal digits, in hexadecimal of its two's complement, from the top.
fn hex_int_chunk(lens: &Lens<'_>, span: Span, from: u64) -> ValueChunk {
    let from = from.min(span.len());
    let count = (span.len() - from).min(lens.limits.value);
    let place = Span::new(span.end - from - count, span.end - from);
    let next = (from + count < span.len()).then_some(from + count);
    let text = match lens.payload(place) {
        Ok(bytes) => {
            let digits: String = bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect();
            if from == 0 { format!("two's complement, big-endian, hexadecimal:\n{digits}") } else { digits }
        }
        Err(reason) => format!("unreadable: {reason}"),
    };
    ValueChunk { text, next, total: span.len() }
}
