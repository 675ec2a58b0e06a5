//! Names with values.

use crate::view::card::Entry;
use crate::web::components::text::{marked, spaced};
use crate::web::format::grouped;
use yew::prelude::*;

/// Entries shown at once.
const SHOWN: usize = 100;

/// Properties of [`Entries`].
#[derive(Properties, PartialEq)]
pub struct EntriesProps {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// Names with values; those that are values of the graph can be selected.
#[component]
pub fn Entries(props: &EntriesProps) -> Html {
    let shown = use_state_eq(|| SHOWN);
    let all = props.entries.len();
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown * 10))
    };
    html! {
        <>
            <table class="entries">
                <thead class="visually-hidden"><tr><th>{ "name" }</th><th>{ "value" }</th><th>{ "note" }</th></tr></thead>
                <tbody>{ for props.entries.iter().take(*shown).enumerate().map(|(index, entry)| html! {
                    <tr key={index} class={(entry.note == "changed").then_some("entry-changed")}>
                        <th scope="row">{ linked(&entry.name, entry.node) }</th>
                        <td class="entry-value">{ spaced(&entry.value) }</td>
                        <td class="entry-note">{ marked(&entry.note) }</td>
                    </tr>
                }) }</tbody>
            </table>
            <p class="more" hidden={all <= *shown}>
                <button class="button button-small" onclick={more}>
                    { format!("Show more: {} of {} shown", grouped((*shown).min(all) as u64), grouped(all as u64)) }
                </button>
            </p>
        </>
    }
}

/// A name that selects its value, when it has one in the graph.
pub fn linked(name: &str, node: Option<u32>) -> Html {
    match node {
        Some(node) => {
            html! { <button class="link node-link" data-node-link={node.to_string()}>{ marked(name) }</button> }
        }
        None => marked(name),
    }
}
