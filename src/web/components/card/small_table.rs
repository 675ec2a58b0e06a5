//! A table that is here whole.

use super::entries::linked;
use crate::view::card::{Cell, CellKind, SmallTable};
use crate::web::components::text::marked;
use yew::prelude::*;

/// Properties of [`SmallTableView`].
#[derive(Properties, PartialEq)]
pub struct SmallTableViewProps {
    /// The table.
    pub table: SmallTable,
    /// Accessible name.
    pub label: AttrValue,
}

/// A table that is here whole. It scrolls sideways in itself, so that the page does not.
#[component]
pub fn SmallTableView(props: &SmallTableViewProps) -> Html {
    let cell = |(index, cell): (usize, &Cell)| {
        html! { <td key={index} class={kind_class(cell.kind)}>{ linked(&cell.text, cell.node) }</td> }
    };
    html! {
        <div class="table-frame" tabindex="0" role="group" aria-label={props.label.clone()}>
            <table class="small-table">
                <thead hidden={props.table.heads.iter().all(String::is_empty)}>
                    <tr>{ for props.table.heads.iter().map(|head| html! { <th scope="col">{ marked(head) }</th> }) }</tr>
                </thead>
                <tbody>
                    { for props.table.rows.iter().enumerate().map(|(index, row)| html! {
                        <tr key={index}>{ for row.iter().enumerate().map(cell) }</tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// The class of a cell's text.
#[must_use]
pub fn kind_class(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Number => "cell-number",
        CellKind::Text => "cell-text",
        CellKind::Missing => "cell-missing",
        CellKind::Object => "cell-object",
    }
}
