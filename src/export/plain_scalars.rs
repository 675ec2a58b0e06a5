//! Numbers, texts and keys of plain JSON, and what is said where JSON cannot hold them.

use super::json_text;
use super::writer::Remarks;
use crate::graph::{Edge, Node, NodeId};
use crate::lens::{Lens, Plain, ShapeKind};
use data_encoding::BASE64;

/// Adds a number in Python's spelling; what is no number in JSON becomes null.
pub(super) fn number(text: &str, out: &mut Vec<u8>, remarks: &mut Remarks) {
    if matches!(text.trim_start_matches('-'), "nan" | "inf") {
        remarks.say("NaN and infinities became null");
        out.extend(b"null");
    } else if is_number(text) {
        out.extend(text.as_bytes());
    } else {
        remarks.say("numbers that JSON has no spelling for became text");
        json_text::plain_string(text, out);
    }
}

/// Whether JSON has it as a number.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leads_with_zero = whole.len() > 1 && whole.starts_with('0');
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    is_digits(whole) && is_digits(fraction) && is_digits(exponent) && !leads_with_zero
}

/// Adds an element of an array or a scalar of numpy.
pub(super) fn element(value: &Plain, out: &mut Vec<u8>, remarks: &mut Remarks) {
    match value {
        Plain::Missing => out.extend(b"null"),
        Plain::Bool(value) => out.extend(if *value { &b"true"[..] } else { b"false" }),
        Plain::Number(text) => number(text, out, remarks),
        Plain::Text(text) => said_string(text, out, remarks),
        Plain::Bytes(bytes) => {
            remarks.say("bytes became text in base64");
            json_text::plain_string(&BASE64.encode(bytes), out);
        }
    }
}

/// A key that is no text, as `json.dumps` of Python has it; a tuple as Python spells it.
pub(super) fn key_text(lens: &Lens<'_>, key: Edge) -> String {
    const ITEMS: usize = 64;
    match lens.graph.node(key.node()) {
        Node::None => "null".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Tuple => {
            let items = lens.graph.items(key.node());
            let alone = if items.len() == 1 { "," } else { "" };
            let items: Vec<String> = items.take(ITEMS).map(|edge| lens.inline(edge)).collect();
            format!("({}{alone})", items.join(", "))
        }
        _ => match lens.plain_scalar(key.node()) {
            Some(Plain::Number(text) | Plain::Text(text)) => text,
            Some(Plain::Bool(value)) => value.to_string(),
            _ => {
                let shape = lens.shape(key.node());
                match (shape.kind, lens.iso(key.node())) {
                    (ShapeKind::Scalar(_), Some(iso)) => iso.text,
                    (ShapeKind::Scalar(_), None) => shape.text.unwrap_or_default(),
                    _ => lens.inline(key),
                }
            }
        },
    }
}

/// A date or time as ISO 8601 has it, as `isoformat()` writes it.
pub(super) fn iso(lens: &Lens<'_>, node: NodeId, remarks: &mut Remarks) -> Option<String> {
    let found = lens.iso(node)?;
    if let Some(zone) = found.zone {
        let zone = crate::opcode::printable(&zone).into_owned();
        remarks.say(format!("the time zone {zone} was left out: its offset is not known"));
    }
    Some(found.text)
}

/// Says that a text has the character that stands for what is none.
pub(super) fn say_replaced(text: &str, remarks: &mut Remarks) {
    if text.contains(char::REPLACEMENT_CHARACTER) {
        remarks.say(
            "a text has U+FFFD, which stands for what Unicode text cannot hold: a lone surrogate, a number beyond it",
        );
    }
}

/// Adds a string, and says what is not in it.
pub(super) fn said_string(text: &str, out: &mut Vec<u8>, remarks: &mut Remarks) {
    say_replaced(text, remarks);
    json_text::plain_string(text, out);
}
