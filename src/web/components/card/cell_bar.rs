//! The whole text of a cell, below its grid.

use crate::protocol::Target;
use crate::view::card::Cell;
use crate::web::actions::use_actions;
use crate::web::components::text::marked;
use crate::web::format::grouped;
use yew::prelude::*;

/// Properties of [`CellBar`].
#[derive(Properties, PartialEq)]
pub struct CellBarProps {
    /// The row that has the keyboard.
    pub row: u64,
    /// The column that has it.
    pub column: u64,
    /// Head of the row.
    pub row_head: Vec<String>,
    /// Head of the column.
    pub head: String,
    /// The cell, when it is here.
    pub cell: Option<Cell>,
}

/// The whole text of the cell that has the keyboard, and what can be done with it.
#[component]
pub fn CellBar(props: &CellBarProps) -> Html {
    let actions = use_actions();
    let row = match props.row_head.join(", ") {
        text if text.is_empty() => grouped(props.row),
        text => text,
    };
    let column = if props.head.is_empty() { grouped(props.column) } else { props.head.clone() };
    let text = props.cell.as_ref().map(|cell| cell.text.clone()).unwrap_or_default();
    let copy = {
        let (actions, text) = (actions.clone(), text.clone());
        Callback::from(move |_: MouseEvent| actions.copy("Cell", &text))
    };
    let select = props.cell.as_ref().and_then(|cell| cell.node).map(|node| {
        let onclick = Callback::from(move |_: MouseEvent| actions.select(Target::Node(node)));
        html! { <button class="button button-small" {onclick} data-act="show-cell">{ "Show this value" }</button> }
    });
    html! {
        <div class="cell-bar" hidden={props.cell.is_none()}>
            <span class="cell-place">{ marked(&format!("{row} · {column}")) }</span>
            <code class="cell-full" data-cell-text="true">{ marked(&text) }</code>
            <span class="cell-actions">{ for select }<button class="button button-small" onclick={copy}>{ "Copy cell" }</button></span>
        </div>
    }
}
