//! Functions, classes and code objects by value.

mod class;
mod function;
mod object;

use crate::graph::NodeId;
use crate::lens::{CodeObject, Lens, Made};
use crate::opcode::printable;
use crate::view::card::{Card, CardFact};
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

fn code_card(lens: &Lens<'_>, code: &CodeObject) -> Card {
    let mut card = Card { kind: "code object".to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("name", printable(code.qualified.as_ref().unwrap_or(&code.name))));
    add_code(lens, code, &mut card);
    card
}
