//! A value in one line, in the domain's words.

use super::outline::outline;
use super::{TextKind, TextPart};
use crate::graph::{Edge, NodeId};
pub use crate::lens::grouped;
use crate::lens::{Data, Lens, Part, PartLabel, ScalarKind, Shape, ShapeKind};

/// Characters of a preview of items, of one item in it, and their number.
const ITEMS: usize = 64;
const ITEM: usize = 24;
const FEW: usize = 12;

/// The type of a value as its row shows it: nothing where the value itself tells, as `'a'`, `1.5` and `None` do.
#[must_use]
pub fn row_type(shape: &Shape) -> String {
    let tells = [
        "None",
        "bool",
        "int",
        "float",
        "str",
        "bytes",
        "bytearray",
        "range",
        "slice",
        "ellipsis",
        "NotImplementedType",
    ];
    match shape.kind {
        ShapeKind::Scalar(_) if tells.contains(&shape.full_name.as_str()) => String::new(),
        _ => shape.type_name.clone(),
    }
}

/// The preview of a node, which has this shape.
#[must_use]
pub fn preview(lens: &Lens<'_>, id: NodeId, shape: &Shape) -> Vec<TextPart> {
    let mut parts = Vec::new();
    if let ShapeKind::Scalar(kind) = shape.kind {
        parts.push(TextPart::new(scalar_kind(kind), shape.text.clone().unwrap_or_default()));
        return parts;
    }
    if shape.kind == ShapeKind::Instance
        && shape.text.is_none()
        && let Some(words) = model_words(lens, id)
    {
        parts.push(TextPart::new(TextKind::Number, words));
        return parts;
    }
    if let Some(text) = &shape.text {
        let kind = match shape.kind {
            ShapeKind::Reference | ShapeKind::Call => TextKind::Type,
            ShapeKind::Instance => TextKind::Number,
            _ => TextKind::Dim,
        };
        // `maxlen 2 · 2 items`: two numbers side by side would read as one.
        let counted = matches!(shape.kind, ShapeKind::Items | ShapeKind::Mapping);
        parts.push(TextPart::new(kind, if counted { format!("{text} ·") } else { text.clone() }));
    }
    match shape.kind {
        ShapeKind::Items | ShapeKind::Mapping => {
            let count: u64 = listed(shape).map(|part| part.len(lens.graph)).sum();
            parts.push(TextPart::new(TextKind::Dim, plural(count, "item", "items")));
            parts.extend(items_preview(lens, shape));
        }
        ShapeKind::Instance if shape.text.is_some() => parts.extend(array_preview(lens, id)),
        ShapeKind::Instance => {
            let module = shape.full_name.rsplit_once('.').map_or("", |(module, _)| module);
            let attributes: u64 = named(shape).map(|part| part.len(lens.graph)).sum();
            let mut text = module.to_owned();
            if attributes > 0 {
                text.push_str(if text.is_empty() { "" } else { " · " });
                text.push_str(&plural(attributes, "attribute", "attributes"));
            }
            let items: u64 = listed(shape).map(|part| part.len(lens.graph)).sum();
            if items > 0 {
                text.push_str(if text.is_empty() { "" } else { " · " });
                text.push_str(&plural(items, "item", "items"));
            }
            if !text.is_empty() {
                parts.push(TextPart::new(TextKind::Dim, text));
            }
            if attributes == 0 {
                parts.extend(arguments_preview(lens, shape));
            }
        }
        ShapeKind::Call => parts.extend(arguments_preview(lens, shape)),
        _ => {}
    }
    parts
}

/// What users would say of an estimator or a booster.
fn model_words(lens: &Lens<'_>, id: NodeId) -> Option<String> {
    match lens.estimator(id) {
        Some(estimator) => estimator.words(),
        None => lens.booster(id)?.words(),
    }
}

fn listed(shape: &Shape) -> impl Iterator<Item = &Part> {
    shape.parts.iter().filter(|part| matches!(part.label, PartLabel::Index | PartLabel::Key | PartLabel::Member))
}

fn named(shape: &Shape) -> impl Iterator<Item = &Part> {
    shape.parts.iter().filter(|part| matches!(part.label, PartLabel::Attribute | PartLabel::Named(_)))
}

/// `1 item`, `30 items`, `2,000,000 items`.
#[must_use]
pub fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// Bytes in decimal units: `46.8 MB`.
#[must_use]
pub fn size_text(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    // 999.95 would be printed as 1000.0, so it belongs to the next unit.
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(value < 99.95);
    format!("{value:.digits$} {}", UNITS[unit])
}

/// The colour of a scalar.
#[must_use]
pub fn scalar_kind(kind: ScalarKind) -> TextKind {
    match kind {
        ScalarKind::Constant => TextKind::Constant,
        ScalarKind::Number => TextKind::Number,
        ScalarKind::Text => TextKind::Str,
        ScalarKind::Unreadable => TextKind::Error,
    }
}

/// The first items, when all of them are plain: `['mean radius', 'mean texture', …]`.
fn items_preview(lens: &Lens<'_>, shape: &Shape) -> Option<TextPart> {
    let part = listed(shape).next()?;
    let (open, close) = match (shape.type_name.as_str(), &part.label) {
        ("tuple", _) => ("(", ")"),
        (_, PartLabel::Index) => ("[", "]"),
        _ => ("{", "}"),
    };
    let total = part.len(lens.graph);
    let mut text = open.to_owned();
    let mut shown = 0;
    for child in part.window(lens.graph, 0, FEW) {
        let mut item = String::new();
        if let Some(key) = child.key {
            item.push_str(&plain(lens, key)?);
            item.push_str(": ");
        }
        item.push_str(&plain(lens, child.value).or_else(|| child.key.map(|_| "…".to_owned()))?);
        if shown > 0 && text.len() + item.len() > ITEMS {
            break;
        }
        text.push_str(if shown > 0 { ", " } else { "" });
        text.push_str(&item);
        shown += 1;
    }
    if shown == 0 {
        return None;
    }
    if shown < total {
        text.push_str(", …");
    } else if total == 1 && open == "(" {
        text.push(',');
    }
    text.push_str(close);
    Some(TextPart::new(TextKind::Str, text))
}

/// The first elements of an array: `[1.0, 2.0, 3.0, …]`.
fn array_preview(lens: &Lens<'_>, id: NodeId) -> Option<TextPart> {
    const SHOWN: usize = 6;
    let array = lens.array(id)?;
    let mut text = String::new();
    let mut shown = 0;
    let values = match array.data {
        Data::Items(_) => array.items(0, SHOWN).into_iter().map(|item| outline(lens, item.node(), ITEM)).collect(),
        _ => array.values(0, SHOWN, ITEM).ok()?,
    };
    for value in values {
        if shown > 0 && text.len() + value.len() > ITEMS {
            break;
        }
        text.push_str(if shown > 0 { ", " } else { "" });
        text.push_str(&value);
        shown += 1;
    }
    if shown < array.len() {
        text.push_str(if shown > 0 { ", …" } else { "…" });
    }
    Some(TextPart::new(TextKind::Str, if array.grid().is_empty() { text } else { format!("[{text}]") }))
}

fn plain(lens: &Lens<'_>, edge: Edge) -> Option<String> {
    let scalar = lens.scalar(edge.node(), ITEM)?;
    Some(if scalar.truncated { scalar.text + "…" } else { scalar.text })
}

/// The first arguments: `(1, 'two', […], None, …)`.
fn arguments_preview(lens: &Lens<'_>, shape: &Shape) -> Option<TextPart> {
    const SHOWN: usize = 4;
    const WIDTH: usize = 60;
    let roles =
        shape.parts.iter().filter(|part| matches!(&part.label, PartLabel::Role(name) if name.starts_with("arg ")));
    let mut text = String::new();
    let count = roles.clone().count();
    for part in roles.take(SHOWN) {
        let child = part.window(lens.graph, 0, 1).first().copied()?;
        text.push_str(if text.is_empty() { "(" } else { ", " });
        let argument = lens.inline(child.value);
        match argument.char_indices().nth(WIDTH) {
            Some((end, _)) => {
                text.push_str(&argument[..end]);
                text.push('…');
            }
            None => text.push_str(&argument),
        }
    }
    if text.is_empty() {
        return None;
    }
    text.push_str(if count > SHOWN { ", …)" } else { ")" });
    Some(TextPart::new(TextKind::Dim, text))
}

/// A short text for a node where only a few words fit: its type and, of a scalar, its value.
#[must_use]
pub fn brief(lens: &Lens<'_>, id: NodeId) -> String {
    let shape = lens.shape(id);
    match (&shape.kind, &shape.text) {
        (ShapeKind::Scalar(_) | ShapeKind::Reference, Some(text)) => text.chars().take(80).collect(),
        (ShapeKind::Call, Some(text)) => {
            let arguments = arguments_preview(lens, &shape).map_or_else(|| "()".to_owned(), |part| part.text);
            format!("{text}{arguments}")
        }
        _ => shape.type_name,
    }
}
