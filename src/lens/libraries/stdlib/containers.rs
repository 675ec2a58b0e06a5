//! What holds items: sets, collections, bytearrays, arrays of numbers, iterators.

use super::scalars::text_scalar;
use crate::graph::{Edge, Node, RunKind, Symbol};
use crate::lens::graph_view::{Call, Part, PartLabel, Shape, ShapeKind};
use crate::lens::recogniser::Lens;
use crate::opcode;

/// The items of a list or tuple as members of a set.
pub(super) fn members(lens: &Lens<'_>, items: Edge) -> Option<Part> {
    match lens.graph.node(items.node()) {
        Node::List | Node::Tuple => Some(lens.member_part(items.node())),
        _ => None,
    }
}

pub(super) fn items_or_pairs(lens: &Lens<'_>, items: Edge) -> Option<Part> {
    match lens.graph.node(items.node()) {
        Node::List => Some(Part::run(PartLabel::Index, items.node(), RunKind::Items)),
        Node::Tuple => Some(Part::items(PartLabel::Index, items.node())),
        Node::Dict => Some(lens.pair_part(PartLabel::Key, items.node())),
        _ => None,
    }
}

pub(super) fn bytearray(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let bytes = match call.args[..] {
        [] => Vec::new(),
        [bytes] => lens.bytes_of(bytes)?,
        // Protocols below 3 write the text and the encoding that makes bytes of it.
        [text, encoding] if matches!(lens.string(encoding)?.as_str(), "latin1" | "latin-1") => {
            lens.string(text)?.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let bytes = lens.with_changes(call.id, bytes)?;
    let (text, truncated) = opcode::repr_bytearray_prefix(&bytes, lens.limits.preview);
    Some(text_scalar("bytearray", if truncated { text + "…)" } else { text }))
}

pub(super) fn collection(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let mut parts = Vec::new();
    let mut text = None;
    let kind = match (symbol.name.as_str(), &call.args[..]) {
        ("OrderedDict", []) => ShapeKind::Mapping,
        ("OrderedDict", &[items]) => {
            parts.push(lens.mapping_part(items)?);
            ShapeKind::Mapping
        }
        ("defaultdict", factory) => {
            parts.extend(factory.first().map(|&edge| Part::named("default_factory", edge)));
            ShapeKind::Mapping
        }
        ("Counter", &[counts]) if lens.graph.node(counts.node()) == Node::Dict => {
            parts.push(lens.pair_part(PartLabel::Key, counts.node()));
            ShapeKind::Mapping
        }
        ("Counter", []) => ShapeKind::Mapping,
        ("deque", arguments) => {
            if let Some(&items) = arguments.first() {
                parts.push(items_or_pairs(lens, items)?);
            }
            text = arguments.get(1).map(|&edge| format!("maxlen {}", lens.inline(edge)));
            ShapeKind::Items
        }
        _ => return None,
    };
    let given = parts.len();
    parts.extend(lens.added_parts(call.id));
    if symbol.name == "deque"
        && let Some(most) = call.args.get(1).and_then(|&edge| lens.int(edge))
        && let Some(dropped) = keep_last(lens, &mut parts, given, most)
    {
        let items = if dropped == 1 { "item" } else { "items" };
        text = text.map(|text| format!("{text}, which dropped {dropped} {items}"));
    }
    let mut shape = Shape::named(kind, &symbol.module, &symbol.name, parts);
    shape.parts.retain(|part| !part.is_empty(lens.graph));
    shape.text = text;
    Some(shape.with_replaced())
}

/// Leaves out what a deque dropped at its front to hold no more than `most` items: of those it was `given`, then of those that
/// were appended. Gives how many.
fn keep_last(lens: &Lens<'_>, parts: &mut [Part], given: usize, most: i64) -> Option<u64> {
    let is_item = |index: usize, part: &Part| index < given || part.label == PartLabel::Index;
    let count = |(index, part): (usize, &Part)| if is_item(index, part) { part.len(lens.graph) } else { 0 };
    let all: u64 = parts.iter().enumerate().map(count).sum();
    let dropped = all.checked_sub(u64::try_from(most).ok()?).filter(|&dropped| dropped > 0)?;
    let mut left = dropped;
    for (index, part) in parts.iter_mut().enumerate() {
        if is_item(index, part) {
            let here = left.min(part.len(lens.graph));
            *part = part.clone().without_first(here);
            left -= here;
        }
    }
    Some(dropped)
}

pub(super) fn array(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[_, code, format, bytes] = &call.args[..] else { return None };
    let code = lens.string(code)?;
    // The format of the bytes, whatever the width on the loading machine (`enum machine_format_code` in arraymodule.c).
    let width = match lens.int(format)? {
        0 | 1 => 1,
        2..=5 | 18 | 19 => 2,
        6..=9 | 14 | 15 | 20 | 21 => 4,
        10..=13 | 16 | 17 => 8,
        _ => return None,
    };
    let count = lens.bytes_of(bytes)?.len() / width;
    let shape = Shape::named(ShapeKind::Instance, "array", "array", lens.argument_parts(call));
    Some(shape.with_text(array_text(&code, count as u64)))
}

/// `array(code, items)` of protocols 0 to 2: the numbers one by one; Python 2 wrote their bytes.
pub(super) fn listed_array(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[code, ref items @ ..] = &call.args[..] else { return None };
    let code = lens.string(code)?;
    let part = match items {
        [] => None,
        &[items] if lens.graph.node(items.node()) == Node::List => Some(items_or_pairs(lens, items)?),
        _ => return None,
    };
    let count = part.as_ref().map_or(0, |part| part.len(lens.graph));
    let mut parts: Vec<Part> = part.into_iter().collect();
    parts.extend(lens.added_parts(call.id));
    Some(Shape::named(ShapeKind::Instance, "array", "array", parts).with_text(array_text(&code, count)))
}

fn array_text(code: &str, count: u64) -> String {
    format!("'{code}', {count} {}", if count == 1 { "item" } else { "items" })
}

/// `iter(items)`, which goes on at the index that is its state.
pub(super) fn iterator(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let &[items] = &call.args[..] else { return None };
    let kind = match lens.graph.node(items.node()) {
        Node::List => "list_iterator",
        Node::Tuple => "tuple_iterator",
        Node::Text { .. } => "str_iterator",
        Node::Bytes(_) => "bytes_iterator",
        _ => "iterator",
    };
    let mut parts = vec![Part::role("items", items)];
    parts.extend(lens.added_parts(call.id));
    let name = if symbol.name == "reversed" { "reversed" } else { kind };
    let shape = Shape::builtin(ShapeKind::Instance, name, parts);
    Some(match lens.states(call.id).next().and_then(|state| lens.int(state)) {
        Some(index) => shape.with_text(format!("at index {index}")),
        None => shape,
    })
}
