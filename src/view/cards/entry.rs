//! A value by its name in one line of a card.

use super::rows::row;
use crate::graph::{Edge, Node};
use crate::lens::Lens;
use crate::opcode::printable;
use crate::view::card::Entry;
use crate::view::preview;
use crate::view::{TextKind, TextPart};

/// A name with a value in one line.
pub(super) fn entry(lens: &Lens<'_>, name: &str, value: Edge) -> Entry {
    let node = value.node();
    if matches!(lens.graph.node(node), Node::Tuple | Node::List)
        && let Some(text) = lens.plain_value(value)
    {
        let value = vec![TextPart::new(TextKind::Plain, text)];
        return Entry { name: printable(name).into_owned(), value, note: String::new(), node: Some(node.0) };
    }
    let (type_name, preview) = row(lens, node).unwrap_or_else(|| {
        let shape = lens.shape(node);
        (preview::row_type(&shape), preview::preview(lens, node, &shape))
    });
    let mut parts = Vec::new();
    if !type_name.is_empty() {
        parts.push(TextPart::new(TextKind::Type, type_name + " "));
    }
    for part in preview {
        if !parts.is_empty() && parts.last().is_some_and(|last: &TextPart| !last.text.ends_with(' ')) {
            parts.push(TextPart::new(TextKind::Plain, " "));
        }
        parts.push(part);
    }
    Entry { name: printable(name).into_owned(), value: parts, note: String::new(), node: Some(node.0) }
}
