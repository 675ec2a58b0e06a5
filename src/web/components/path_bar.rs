//! Where the selection stands, always in sight: the way down from the root, each part a way up; and a box to go elsewhere.

use super::go_to::GoTo;
use super::text::marked;
use crate::protocol::Target;
use crate::view::Inspection;
use crate::web::actions::use_actions;
use crate::web::dom;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`PathBar`].
#[derive(Properties, PartialEq)]
pub struct PathBarProps {
    /// Number of the file.
    pub generation: u32,
    /// Bytes of the file.
    pub size: u64,
    /// The selection; `None` until the first answer.
    pub inspection: Option<Rc<Inspection>>,
}

/// The way down to the selection. What stands in no row of the tree is named alone.
#[component]
pub fn PathBar(props: &PathBarProps) -> Html {
    let actions = use_actions();
    let bar = use_node_ref();
    let inspection = props.inspection.as_deref();
    let way = inspection.map_or(&[][..], |inspection| &inspection.way);
    {
        // Where the way is longer than the bar, its end says more than its beginning.
        let (bar, rows) = (bar.clone(), way.iter().map(|part| part.row).collect::<Vec<_>>());
        use_effect_with(rows, move |_| {
            if let Some(bar) = bar.cast::<Element>() {
                bar.set_scroll_left(bar.scroll_width());
            }
        });
    }
    let ongo = {
        let actions = actions.clone();
        Callback::from(move |offset| actions.select(Target::Offset(offset)))
    };
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(row) = dom::data_of(&event, "way").and_then(|row| row.parse().ok()) {
            actions.select(Target::Row(row));
        }
    });
    let last = way.len().saturating_sub(1);
    let parts = way.iter().enumerate().map(|(index, part)| {
        html! {
            <li key={index}>
                <button data-way={part.row.to_string()} aria-current={(index == last).then_some("true")}>{ marked(&part.text) }</button>
            </li>
        }
    });
    let title = inspection
        .filter(|_| way.is_empty())
        .map(|inspection| html! { <span class="path-title">{ marked(&inspection.title) }</span> });
    html! {
        <nav class="path-bar" aria-label="Path">
            <div ref={bar} class="path-way" {onclick}>
                <ol>{ for parts }</ol>
                { for title }
            </div>
            <GoTo key={props.generation} id="go-to" size={props.size} {ongo} />
        </nav>
    }
}
