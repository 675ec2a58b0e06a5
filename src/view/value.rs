//! The full value as text, in pieces: a payload by windows, everything else as a Python-like repr within a budget.

use super::{ValueChunk, array_value};
use crate::bytes::Span;
use crate::graph::{Edge, Graph, Node, NodeId, TextEncoding};
use crate::lens::{Lens, Part, PartLabel, Python2Reading, Shape, ShapeKind};
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

/// What is still to be written.
enum Task {
    Text(String),
    Value(Edge),
    /// The rest of the parts of a value: which part, which child.
    Parts {
        shape: Box<Shape>,
        part: usize,
        child: u64,
        first: bool,
        close: &'static str,
    },
    Leave,
}

/// A value as Python would spell it, as far as `budget` characters go. Calls read `Name(attribute=…)`; an object inside
/// itself is `…`.
#[must_use]
pub fn outline(lens: &Lens<'_>, id: NodeId, budget: usize) -> String {
    let mut out = String::new();
    let mut inside: Vec<NodeId> = Vec::new();
    let mut tasks = vec![Task::Value(Edge::to(id))];
    while let Some(task) = tasks.pop() {
        if out.len() >= budget || tasks.len() > 10_000 {
            out.push('…');
            break;
        }
        match task {
            Task::Text(text) => out.push_str(&text),
            Task::Leave => drop(inside.pop()),
            Task::Value(edge) => {
                let node = edge.node();
                // Only the innermost levels are compared: deeper cycles end with the budget.
                if inside.iter().rev().take(64).any(|&seen| seen == node) {
                    out.push('…');
                    continue;
                }
                if let Some(task) = open(lens, node, &mut out, budget) {
                    inside.push(node);
                    tasks.push(Task::Leave);
                    tasks.push(task);
                }
            }
            Task::Parts { shape, part, child, first, close } => {
                step(lens.graph, shape, part, child, first, close, &mut tasks, &mut out, lens);
            }
        }
    }
    out
}

/// Writes a scalar, or the beginning of anything else.
fn open(lens: &Lens<'_>, node: NodeId, out: &mut String, budget: usize) -> Option<Task> {
    if let Some(scalar) = lens.scalar(node, budget.saturating_sub(out.len()).max(16)) {
        out.push_str(&scalar.text);
        if scalar.truncated {
            out.push('…');
        }
        return None;
    }
    let mut shape = lens.shape(node);
    // The value as it is in the end; what was replaced has rows.
    shape.parts.retain(|part| !part.is_replaced());
    let (begin, close) = match (shape.kind, shape.type_name.as_str()) {
        (ShapeKind::Scalar(_), _) => {
            let text = shape.text.unwrap_or_default();
            let quoted = matches!(shape.type_name.as_str(), "bytes" | "bytearray" | "range" | "slice" | "complex");
            out.push_str(&if quoted { text } else { format!("{}({text})", shape.type_name) });
            return None;
        }
        // What a line tells well, its parts would only drown: an array's bytes, the state of a dtype.
        (ShapeKind::Instance, name) if shape.text.is_some() => {
            out.push_str(&format!("{name}({})", shape.text.as_deref().unwrap_or_default()));
            return None;
        }
        (ShapeKind::Reference, _) if shape.parts.is_empty() => {
            out.push_str(&shape.text.unwrap_or_default());
            return None;
        }
        (_, "list") => (String::new() + "[", "]"),
        (_, "tuple") if shape.parts.first().is_some_and(|part| part.len(lens.graph) == 1) => {
            (String::new() + "(", ",)")
        }
        (_, "tuple") => (String::new() + "(", ")"),
        (_, "dict" | "set") => (String::new() + "{", "}"),
        (ShapeKind::Call, _) => (shape.text.clone().unwrap_or_else(|| "call".to_owned()) + "(", ")"),
        (_, name) => (name.to_owned() + "(", ")"),
    };
    out.push_str(&begin);
    Some(Task::Parts { shape: Box::new(shape), part: 0, child: 0, first: true, close })
}

/// Writes one child of a value and puts the rest back.
#[expect(clippy::too_many_arguments, reason = "the fields of one task, unpacked")]
fn step(
    graph: &Graph,
    shape: Box<Shape>,
    part: usize,
    child: u64,
    first: bool,
    close: &'static str,
    tasks: &mut Vec<Task>,
    out: &mut String,
    lens: &Lens<'_>,
) {
    let Some(current) = shape.parts.get(part) else {
        out.push_str(close);
        return;
    };
    let Some(found) = current.window(graph, child, 1).first().copied() else {
        tasks.push(Task::Parts { shape, part: part + 1, child: 0, first, close });
        return;
    };
    if !first {
        out.push_str(", ");
    }
    let label = label(lens, current, found.key);
    tasks.push(Task::Parts { part, child: child + 1, first: false, close, shape });
    tasks.push(Task::Value(found.value));
    match (found.key, label) {
        (_, Some(text)) => tasks.push(Task::Text(text)),
        (Some(key), None) => {
            tasks.push(Task::Text(": ".to_owned()));
            tasks.push(Task::Value(key));
        }
        (None, None) => {}
    }
}

fn label(lens: &Lens<'_>, part: &Part, key: Option<Edge>) -> Option<String> {
    match &part.label {
        PartLabel::Named(name) => Some(format!("{name}=")),
        PartLabel::Role(name) if !name.starts_with("arg ") => Some(format!("{name}=")),
        PartLabel::Attribute => Some(format!("{}=", lens.string(key?)?)),
        _ => None,
    }
}
