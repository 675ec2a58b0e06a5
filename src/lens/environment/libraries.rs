//! What objects tell of the libraries that made them: versions that they hold, states that only some versions write.

use super::clues::Clues;
use crate::graph::{Edge, Node, NodeId, Symbol};
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Objects of one kind that are looked into.
const OBJECTS: usize = 5000;
/// Bytes of an embedded model in which its version is looked for, from its end.
const TAIL: usize = 4096;

pub(super) fn look(lens: &Lens<'_>, clues: &mut Clues) {
    torch_archive(lens, clues);
    let mut left = OBJECTS;
    for id in super::calls(lens, tells) {
        let Some(object) = lens.object(id) else { continue };
        let offset = Some(lens.graph.offset(id));
        let is_known = match object.class.module.split('.').next() {
            Some("sklearn") => sklearn(lens, &object, clues, offset),
            Some("numpy") => numpy(lens, &object, clues, offset),
            Some("pandas") => pandas(&object, clues, offset),
            Some("joblib") => joblib(lens, &object, clues, offset),
            Some("xgboost") => xgboost(lens, &object, clues, offset),
            Some("networkx") => object.attribute("__networkx_cache__").is_some_and(|_| {
                clues.since("networkx", "3.3", "a graph with __networkx_cache__", offset);
                true
            }),
            Some("pytz") => {
                clues.fails(
                    "an environment without pytz (pandas >= 3.0 no longer brings it)",
                    "No module named 'pytz'",
                    offset,
                );
                true
            }
            _ => false,
        };
        left -= usize::from(is_known);
        if left == 0 {
            break;
        }
    }
}

/// What `torch.save` puts beside the pickle: `byteorder` since 2.1, `.format_version` since 2.7 (`torch/serialization.py`, `_save`).
fn torch_archive(lens: &Lens<'_>, clues: &mut Clues) {
    let records = &lens.attached.records;
    let has = |name: &str| records.iter().any(|record| record == name);
    if !has("version") {
        return;
    }
    match (has(".format_version"), has("byteorder")) {
        (true, _) => clues.since("torch", "2.7", "the archive has a record .format_version", None),
        (false, true) => {
            clues.since("torch", "2.1", "the archive has a record byteorder", None);
            clues.until("torch", "2.7", "the archive has no record .format_version", None);
        }
        (false, false) => clues.until("torch", "2.1", "the archive has no record byteorder", None),
    }
}

/// Whether the objects of a class may tell something; of old protocols the class is an argument.
fn tells(symbol: &Symbol) -> bool {
    const PACKAGES: [&str; 8] = ["copyreg", "sklearn", "numpy", "pandas", "joblib", "xgboost", "networkx", "pytz"];
    symbol.module.split('.').next().is_some_and(|package| PACKAGES.contains(&package))
}

fn sklearn(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues, offset: Option<u64>) -> bool {
    if let Some(version) = object.attribute("_sklearn_version").and_then(|edge| lens.string(edge)) {
        let reason = format!("{} states _sklearn_version {version}", object.class.short_name());
        clues.stated("scikit-learn", &version, reason, offset);
    }
    let is_tree = object.class.is("sklearn.tree._tree", "Tree");
    if is_tree && let Some(nodes) = object.attribute("nodes").and_then(|edge| lens.array(edge.node())) {
        let what = "ValueError: node array from the pickle has an incompatible dtype";
        if nodes.dtype.fields.iter().any(|field| field.name == "missing_go_to_left") {
            clues.since("scikit-learn", "1.3", "nodes of a tree have the field missing_go_to_left", offset);
            clues.fails("scikit-learn < 1.3", what, offset);
        } else if !nodes.dtype.fields.is_empty() {
            clues.until("scikit-learn", "1.3", "nodes of a tree lack the field missing_go_to_left", offset);
            clues.fails("scikit-learn >= 1.3", what, offset);
        }
    }
    true
}

fn numpy(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues, offset: Option<u64>) -> bool {
    match (object.class.module.as_str(), object.class.name.as_str()) {
        ("numpy", "dtype") => {
            let flags = object.state().and_then(|state| lens.graph.items(state.node()).nth(7));
            // The bit of an aligned structure; before it was the sign of a char.
            match flags.and_then(|flags| lens.int(flags)) {
                Some(flags) if flags >= 128 => {
                    clues.since("numpy", "2.0", "the flags of a dtype are no signed byte", offset);
                    clues.fails("numpy < 2.0", "ValueError: incorrect value for flags variable (overflow)", offset);
                }
                Some(flags) if flags < 0 => {
                    clues.until("numpy", "2.0", "the flags of a dtype are a signed byte", offset);
                }
                _ => {}
            }
            true
        }
        ("numpy.random._pickle", name) => {
            clues.since("numpy", "1.17", "random generators by numpy.random._pickle", offset);
            let takes_two = matches!(name, "__randomstate_ctor" | "__generator_ctor") && object.args.len() > 1;
            if takes_two {
                clues.since("numpy", "1.24", format!("{name} with two arguments"), offset);
                let what = format!("TypeError: {name}() takes from 0 to 1 positional arguments but 2 were given");
                clues.fails("numpy < 1.24", what, offset);
            }
            if name == "__bit_generator_ctor"
                && let Some(class) = object.args.first().and_then(|&class| lens.symbol(class))
            {
                clues.since("numpy", "2.0", "a bit generator by its class instead of by its name", offset);
                let what = format!("ValueError: <class '{}'> is not a known BitGenerator module.", class.full_name());
                clues.fails("numpy < 2.0", what, offset);
            }
            true
        }
        _ => false,
    }
}

fn pandas(object: &Object<'_>, clues: &mut Clues, offset: Option<u64>) -> bool {
    if object.class.short_name() == "StringDtype" && object.args.len() > 1 {
        clues.since("pandas", "2.3", "StringDtype with two arguments", offset);
        let what = "TypeError: StringDtype.__init__() takes from 1 to 2 positional arguments but 3 were given";
        clues.fails("pandas < 2.3", what, offset);
    }
    true
}

fn joblib(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues, offset: Option<u64>) -> bool {
    if object.class.name != "NumpyArrayWrapper" {
        return false;
    }
    let is_aligned = object.attribute("numpy_array_alignment_bytes");
    match (is_aligned, object.attributes().is_empty()) {
        (Some(bytes), _) => {
            clues.since("joblib", "1.2", "arrays are aligned: numpy_array_alignment_bytes", offset);
            if !lens.is_none(bytes) {
                clues.fails("joblib < 1.2", "the padding before arrays is read as their numbers", offset);
            }
        }
        (None, false) => clues.until("joblib", "1.2", "arrays without numpy_array_alignment_bytes", offset),
        (None, true) => {}
    }
    true
}

/// The version in the model that a Booster holds: `"version":[3,2,0]` in JSON, the same in UBJSON.
fn xgboost(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues, offset: Option<u64>) -> bool {
    if object.class.short_name() != "Booster" {
        return false;
    }
    let Some(handle) = object.attribute("handle") else { return true };
    let Some(bytes) = model(lens, handle) else { return true };
    if let Some(version) = version_in(&bytes) {
        clues.stated("xgboost", &version, format!("the model in a Booster states version {version}"), offset);
    }
    true
}

/// The beginning of a model's bytes and their end.
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
