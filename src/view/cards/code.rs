//! Functions, classes and code objects by value.

mod class;
mod function;
mod object;

use crate::graph::{Node, NodeId};
use crate::lens::{CodeObject, Lens, Made};
use crate::opcode::printable;
use crate::view::card::{Card, CardFact, Format};
use crate::view::{TextKind, TextPart};
use object::add_code;

/// The card of what dill, cloudpickle and `types` make.
#[must_use]
pub fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    match lens.made(node)? {
        Made::Code => Some(code_card(lens, &lens.code(node)?)),
        Made::Function => function::card(lens, node),
        Made::Class => class::card(lens, node),
        Made::Filled => function::card(lens, node).or_else(|| class::card(lens, node)),
        _ => None,
    }
}

/// The type and the preview of its row in the tree.
#[must_use]
pub fn row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    let first_text = || lens.first_argument(node).map(|edge| lens.string(edge).unwrap_or_else(|| lens.inline(edge)));
    let (type_name, text) = match lens.made(node)? {
        Made::Code => {
            let code = lens.code(node)?;
            (
                "code object",
                format!("{}, {}:{}", code.qualified.as_ref().unwrap_or(&code.name), code.file, code.first_line),
            )
        }
        Made::Function => function::row(lens, node)?,
        Made::Class => class::row(lens, node)?,
        Made::Filled => function::row(lens, node).or_else(|| class::row(lens, node))?,
        Made::Cell => match lens.cell_contents(node) {
            Some(contents) => ("cell", lens.inline(contents)),
            None => ("cell", "empty".to_owned()),
        },
        Made::Module => ("module", first_text()?),
        Made::Type => ("type", first_text()?),
        Made::Method | Made::Wrapper => {
            let inner = lens.first_argument(node)?;
            let text = function::row(lens, inner.node()).map_or_else(|| lens.inline(inner), |(_, text)| text);
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

fn code_card(lens: &Lens<'_>, code: &CodeObject) -> Card {
    let mut card = Card { kind: "code object".to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("name", printable(code.qualified.as_ref().unwrap_or(&code.name))));
    add_code(lens, code, &mut card);
    card.exports = vec![Format::Json];
    card
}
