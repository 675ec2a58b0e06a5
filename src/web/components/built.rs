//! The opcodes that built the selection.

use super::icons::level_class;
use super::listing::name;
use super::marks::danger;
use super::text::marked;
use crate::protocol::Target;
use crate::view::{Inspection, OpcodeRow};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::{grouped, plural};
use crate::web::state::{Action, Tab};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`BuiltBy`].
#[derive(Properties, PartialEq)]
pub struct PartProps {
    /// The selection.
    pub inspection: Rc<Inspection>,
    /// Whether they are shown.
    pub open: bool,
    /// Shows or folds them.
    pub onfold: Callback<MouseEvent>,
}

/// The opcodes that built it.
#[component]
pub fn BuiltBy(props: &PartProps) -> Html {
    let actions = use_actions();
    let inspection = &props.inspection;
    let onclick = {
        let actions = actions.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(row) = dom::data_of(&event, "built").and_then(|row| row.parse().ok()) {
                actions.select(Target::Opcode(row));
            }
        })
    };
    let show_all = Callback::from(move |_: MouseEvent| actions.dispatch(Action::Show(Tab::Opcodes)));
    let shown = inspection.opcodes.len() as u64;
    let note = match inspection.opcode_count {
        all if all > shown => format!("the first {} of {}", grouped(shown), grouped(all)),
        all => plural(all, "opcode", "opcodes"),
    };
    html! {
        <details class="built folded" open={props.open} data-part="opcodes">
            <summary class="section-head" onclick={props.onfold.clone()}>
                <h3>{ "Opcodes that built it" }</h3>
                <span class="section-note">{ note }</span>
            </summary>
            <ol class="built-list" {onclick}>
                { for inspection.opcodes.iter().map(|row| built_row(row, inspection.opcode)) }
            </ol>
            <div class="built-more"><button class="button button-small" onclick={show_all}>{ "Show in listing" }</button></div>
        </details>
    }
}

fn built_row(row: &OpcodeRow, current: Option<u64>) -> Html {
    let is_current = Some(row.index) == current;
    let class = classes!(
        "built-row",
        is_current.then_some("row-selected"),
        row.danger.as_ref().map(|(level, _)| classes!("row-marked", level_class(*level))),
    );
    html! {
        <li key={row.index}>
            <button {class} data-built={row.index.to_string()} aria-current={is_current.then_some("true")}>
                <span class="op-offset">{ row.offset.to_string() }</span>
                <span class="op-name">{ marked(&name(row)) }</span>
                <span class="built-rest">
                    <span class="op-argument">{ marked(&row.argument) }</span>
                    { for row.danger.iter().map(|(level, text)| danger(*level, text)) }
                    <span class="op-note">{ marked(&row.note) }</span>
                </span>
            </button>
        </li>
    }
}
