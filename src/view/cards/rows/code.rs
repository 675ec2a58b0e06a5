//! Rows of functions, classes and code objects by value.

use crate::graph::{Edge, Node, NodeId};
use crate::lens::{Class, ClassKind, Lens, Made};
use crate::opcode::printable;
use crate::view::preview::plural;
use crate::view::{TextKind, TextPart};

/// Characters of a signature in a row of the tree.
const SIGNATURE: usize = 120;

/// The type and the preview of its row in the tree.
#[must_use]
pub(super) fn row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    let first_text = || lens.first_argument(node).map(|edge| lens.string(edge).unwrap_or_else(|| lens.inline(edge)));
    let (type_name, text) = match lens.made(node)? {
        Made::Code => {
            let code = lens.code(node)?;
            (
                "code object",
                format!("{}, {}:{}", code.qualified.as_ref().unwrap_or(&code.name), code.file, code.first_line),
            )
        }
        Made::Function => function_row(lens, node)?,
        Made::Class => class_row(lens, node)?,
        Made::Filled => function_row(lens, node).or_else(|| class_row(lens, node))?,
        Made::Cell => match lens.cell_contents(node) {
            Some(contents) => ("cell", lens.inline(contents)),
            None => ("cell", "empty".to_owned()),
        },
        Made::Module => ("module", first_text()?),
        Made::Type => ("type", first_text()?),
        Made::Method | Made::Wrapper => {
            let inner = lens.first_argument(node)?;
            let text = function_row(lens, inner.node()).map_or_else(|| lens.inline(inner), |(_, text)| text);
            return Some((wrapper_name(lens, node), vec![TextPart::new(TextKind::Type, printable(&text))]));
        }
    };
    Some((type_name.to_owned(), vec![TextPart::new(TextKind::Type, printable(&text))]))
}

/// `property`, `staticmethod`, `method`.
fn wrapper_name(lens: &Lens<'_>, node: NodeId) -> String {
    let name = match lens.graph.node(node) {
        Node::Call { callee, .. } => lens.type_name(callee),
        _ => None,
    };
    match name.as_deref() {
        Some("property" | "PropertyType") => "property".to_owned(),
        Some("staticmethod") => "static method".to_owned(),
        Some("classmethod") => "class method".to_owned(),
        _ => "method".to_owned(),
    }
}

fn function_row(lens: &Lens<'_>, node: NodeId) -> Option<(&'static str, String)> {
    let function = lens.function(node)?;
    let mut text = format!("{}{}", function.name, function.signature(lens));
    if let Some((end, _)) = text.char_indices().nth(SIGNATURE) {
        text.truncate(end);
        text.push('…');
    }
    Some((function.kind(), text))
}

fn class_row(lens: &Lens<'_>, node: NodeId) -> Option<(&'static str, String)> {
    let class = lens.class(node)?;
    // Of an enumeration those that it enumerates, not its methods and what the library keeps with it.
    let counts = |(name, value): &&(String, Edge)| {
        class.kind != ClassKind::Enum
            || !name.starts_with('_') && !matches!(lens.made(value.node()), Some(Made::Function | Made::Filled))
    };
    let members = plural(class.members.iter().filter(counts).count() as u64, "member", "members");
    Some((class_word(class.kind), format!("{} · {members}", head(lens, &class))))
}

pub(in crate::view::cards) fn class_word(kind: ClassKind) -> &'static str {
    match kind {
        ClassKind::Class => "class",
        ClassKind::Enum => "enumeration",
        ClassKind::NamedTuple => "named tuple",
    }
}

/// `Child(Model)`, `Point(x, y)`.
pub(in crate::view::cards) fn head(lens: &Lens<'_>, class: &Class) -> String {
    let mut words: Vec<String> = class.bases.iter().map(|&base| lens.class_text(base)).collect();
    words.retain(|word| word != "object");
    if class.kind == ClassKind::NamedTuple {
        words.clone_from(&class.fields);
    }
    let metaclass = class.metaclass.map(|edge| lens.class_text(edge)).filter(|name| name != "type");
    words.extend(metaclass.map(|name| format!("metaclass={name}")));
    if words.is_empty() { class.name.clone() } else { format!("{}({})", class.name, words.join(", ")) }
}
