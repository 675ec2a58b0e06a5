//! What a model tells of the version of xgboost that wrote it.

use crate::graph::{Edge, Node, NodeId};
use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Bytes of an embedded model in which its version is looked for, from its end.
const TAIL: usize = 4096;

/// The version in the model that a Booster holds: `"version":[3,2,0]` in JSON, the same in UBJSON.
pub(super) fn look(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let offset = Some(lens.graph.offset(object.node));
    if object.class.short_name() != "Booster" {
        return false;
    }
    let Some(handle) = object.attribute("handle") else { return true };
    if let Some(head) = head(lens, handle) {
        header(&head, clues, offset);
    }
    let Some(bytes) = model(lens, handle) else { return true };
    if let Some(version) = version_in(&bytes) {
        clues.stated("xgboost", &version, format!("the model in a Booster states version {version}"), offset);
    }
    true
}

/// How serialised models begin since 1.0 (`serialisation_header_` in `src/learner.cc`), if they are no JSON or UBJSON.
const SERIALISED: &[u8] = b"CONFIG-offset:";

/// What the first bytes of a serialised model tell.
fn header(head: &[u8], clues: &mut Clues, offset: Option<u64>) {
    if head.starts_with(SERIALISED) {
        clues.since("xgboost", "1.0", "the model in a Booster begins with CONFIG-offset", offset);
    } else if head.len() >= SERIALISED.len() && !head.starts_with(b"{") {
        clues.until("xgboost", "1.0", "the model in a Booster lacks the header of a serialised one", offset);
        let what = "XGBoostError: Check failed: header == serialisation_header_";
        clues.fails("xgboost >= 1.0", what, offset);
    }
}

/// The first bytes of a model.
fn head(lens: &Lens<'_>, edge: Edge) -> Option<Vec<u8>> {
    let payload = lens.payload_of(edge).ok()?;
    payload.gather(&[0], SERIALISED.len() as u64).ok()?.pop()
}

/// The end of a model's bytes.
fn model(lens: &Lens<'_>, edge: Edge) -> Option<Vec<u8>> {
    let span = match lens.graph.node(edge.node()) {
        Node::Bytes(span) | Node::ByteArray(span) => span,
        Node::Call { .. } => return bytes_of_call(lens, edge.node()),
        _ => return None,
    };
    let tail = crate::bytes::Span::new(span.end.saturating_sub(TAIL as u64).max(span.start), span.end);
    lens.payload(tail).ok()
}

fn bytes_of_call(lens: &Lens<'_>, id: NodeId) -> Option<Vec<u8>> {
    let call = lens.call(id)?;
    let inner = match call.args[..] {
        [inner] if call.symbol?.is("builtins", "bytearray") => inner,
        _ => Edge::to(id),
    };
    let bytes = lens.bytes_of(inner)?;
    Some(bytes[bytes.len().saturating_sub(TAIL)..].to_vec())
}

/// Three numbers behind the last key `version`.
fn version_in(bytes: &[u8]) -> Option<String> {
    let key = b"version";
    let at = (0..bytes.len().saturating_sub(key.len())).rev().find(|&at| bytes[at..].starts_with(key))?;
    let mut rest = bytes.get(at + key.len()..)?;
    if let Some(text) = rest.strip_prefix(b"\":[") {
        let end = text.iter().position(|&byte| byte == b']')?;
        let text = std::str::from_utf8(&text[..end]).ok()?;
        return Some(text.split(',').map(str::trim).collect::<Vec<_>>().join("."));
    }
    // `[#L` and the count in eight bytes, then each number with its type.
    rest = rest.strip_prefix(b"[#L")?.get(8..)?;
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let width = match rest.first()? {
            b'i' | b'U' => 1,
            b'I' => 2,
            b'l' => 4,
            b'L' => 8,
            _ => return None,
        };
        let digits = rest.get(1..1 + width)?;
        numbers.push(digits.iter().fold(0_u64, |value, &byte| value << 8 | u64::from(byte)).to_string());
        rest = &rest[1 + width..];
    }
    Some(numbers.join("."))
}
