//! Lists of plain numbers: a line, and how they spread.

use super::array;
use crate::graph::NodeId;
use crate::lens::{Lens, Series, grouped};
use crate::view::card::{Body, Card, CardFact, Section};

/// The card of a list of numbers, such as the losses of a training.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let numbers = lens.number_list(node)?;
    let mut sections: Vec<Section> = array::plot(numbers.len()).into_iter().collect();
    sections.push(Section::new("Statistics", "", Body::Statistics { part: 0 }));
    let facts = vec![CardFact::new("items", grouped(numbers.len()))];
    Some(Card { kind: lens.shape(node).type_name, facts, sections, is_summary: true, ..Card::default() })
}

/// Its numbers.
pub(super) fn series<'a>(lens: &Lens<'a>, node: NodeId, part: u32) -> Option<Box<dyn Series + 'a>> {
    Some(Box::new(lens.number_list(node)?.series(part)?))
}
