//! What a lens understands of the selection.

pub mod bars;
pub mod cell_bar;
pub(crate) mod column_statistics;
pub mod columns;
pub mod diagram;
pub mod drawing;
pub mod entries;
pub mod facts;
pub mod fields;
pub mod grid;
pub mod histogram;
pub mod lines;
pub mod outline;
pub mod picture;
pub mod plot;
pub mod section;
pub mod slicer;
pub mod small_table;
pub mod statistics;
pub mod trees;

use super::text::marked;
use crate::protocol::{Target, ask};
use crate::view::Inspection;
use crate::view::card::Card;
use crate::web::actions::use_actions;
use crate::web::dom;
use column_statistics::{ColumnStatistics, use_columns_of};
use section::SectionView;
use std::rc::Rc;
use yew::prelude::*;

/// How far the card of a selection is.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum CardState {
    /// It was asked for.
    #[default]
    Waiting,
    /// No lens knows the value.
    None,
    /// It is here.
    Here(Rc<Card>),
    /// It could not be loaded, and what asks again.
    Failed(AttrValue, Callback<()>),
}

/// Whose card it is: file, node, column.
type Of = (u32, Option<u32>, Option<u64>);

/// The card of a selection, asked for after the selection itself. An answer that comes after another selection is dropped.
#[hook]
pub(crate) fn use_card(generation: u32, inspection: Option<&Rc<Inspection>>) -> CardState {
    let actions = use_actions();
    let state = use_state_eq(|| (Of::default(), CardState::default()));
    let attempt = use_state_eq(|| 0_u32);
    let wanted = use_mut_ref(Of::default);
    let of: Of = (
        generation,
        inspection.and_then(|inspection| inspection.node),
        inspection.and_then(|inspection| inspection.column),
    );
    *wanted.borrow_mut() = of;
    {
        let state = state.setter();
        // The same value can be selected again after it is read in another way.
        let again = {
            let attempt = attempt.clone();
            Callback::from(move |()| attempt.set(*attempt + 1))
        };
        let asked = (of, inspection.map(Rc::as_ptr), *attempt);
        use_effect_with(asked, move |_| {
            let Some(node) = of.1 else { return };
            actions.inquire(ask::Card { node, column: of.2 }, move |reply| {
                if *wanted.borrow() == of {
                    state.set((
                        of,
                        match reply {
                            Ok(card) => card.map_or(CardState::None, |card| CardState::Here(Rc::new(card))),
                            Err(why) => CardState::Failed(AttrValue::from(why), again),
                        },
                    ));
                }
            });
        });
    }
    match &*state {
        _ if of.1.is_none() => CardState::None,
        (found, card) if *found == of => card.clone(),
        _ => CardState::Waiting,
    }
}

/// Properties of [`CardView`].
#[derive(Properties, PartialEq)]
pub struct CardViewProps {
    /// Number of the file.
    pub generation: u32,
    /// The value.
    pub node: u32,
    /// What is understood of it.
    pub card: Rc<Card>,
}

/// Remarks and sections. Whatever stands for another value selects it.
#[component]
pub fn CardView(props: &CardViewProps) -> Html {
    let actions = use_actions();
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(node) = dom::data_of(&event, "node-link").and_then(|node| node.parse().ok()) {
            actions.select(Target::Node(node));
        }
    });
    let card = &props.card;
    let columns = use_columns_of(props.generation, props.node, card);
    html! {
        <ContextProvider<Option<ColumnStatistics>> context={columns}>
        <div class="card-body" data-card={card.kind.clone()} {onclick}>
            <ul class="remarks" hidden={card.remarks.is_empty()} aria-label="Remarks">
                { for card.remarks.iter().map(|remark| html! { <li>{ marked(remark) }</li> }) }
            </ul>
            { for card.sections.iter().enumerate().map(|(index, section)| html! {
                <SectionView key={index} generation={props.generation} node={props.node} index={index as u32} section={section.clone()} />
            }) }
        </div>
        </ContextProvider<Option<ColumnStatistics>>>
    }
}
