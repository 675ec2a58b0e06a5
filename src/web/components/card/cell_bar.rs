//! The whole text of a cell, below its grid.

use crate::protocol::Target;
use crate::view::CellFormat;
use crate::view::card::Cell;
use crate::web::actions::use_actions;
use crate::web::components::text::marked;
use crate::web::format::grouped;
use yew::prelude::*;

/// Properties of [`CellBar`].
#[derive(Properties, PartialEq)]
pub struct CellBarProps {
    /// Id of the text.
    pub id: AttrValue,
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
    /// Rows and columns that are chosen, when it is more than the cell.
    pub chosen: Option<(u64, u64)>,
    /// Called to copy what is chosen.
    pub oncopy: Callback<CellFormat>,
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
    let text = props.cell.as_ref().map(|cell| cell.full_text().to_owned()).unwrap_or_default();
    let copy = |format: CellFormat| {
        let onclick = props.oncopy.reform(move |_: MouseEvent| format);
        match props.chosen {
            Some(_) => {
                let label = format!("Copy as {}", format.name());
                html! { <button class="button button-small" {onclick} aria-label={label} data-copy={format.name()}>{ format.name() }</button> }
            }
            None => html! { <button class="button button-small" {onclick} data-copy="cell">{ "Copy cell" }</button> },
        }
    };
    let formats = if props.chosen.is_some() { &CellFormat::ALL[..] } else { &CellFormat::ALL[..1] };
    let chosen = props.chosen.map(|(rows, columns)| format!("{} × {} cells", grouped(rows), grouped(columns)));
    let select = props.cell.as_ref().and_then(|cell| cell.node).map(|node| {
        let onclick = Callback::from(move |_: MouseEvent| actions.select(Target::Node(node)));
        html! { <button class="button button-small" {onclick} data-act="show-cell">{ "Show this value" }</button> }
    });
    html! {
        <div class="cell-bar" hidden={props.cell.is_none()}>
            <span class="cell-place" hidden={chosen.is_some()}>{ marked(&format!("{row} · {column}")) }</span>
            <span class="cell-place" role="status">{ chosen.unwrap_or_default() }</span>
            <code class="cell-full" id={props.id.clone()} data-cell-text="true">{ marked(&text) }</code>
            <span class="cell-actions">
                { for select }
                <span class="cell-copy-as" hidden={props.chosen.is_none()} aria-hidden="true">{ "Copy as" }</span>
                { for formats.iter().map(|format| copy(*format)) }
            </span>
        </div>
    }
}
