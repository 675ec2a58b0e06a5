//! The full value, piece by piece.

use super::card::facts::facts;
use super::text::marked_lines;
use crate::protocol::ask;
use crate::view::ValueChunk;
use crate::view::card::CardFact;
use crate::web::actions::use_actions;
use crate::web::format::{grouped, size_text};
use crate::web::state::{Action, Notice};
use yew::prelude::*;

/// Properties of [`Value`].
#[derive(Properties, PartialEq)]
pub struct ValueProps {
    /// The node, to ask for more.
    pub node: Option<u32>,
    /// The first piece.
    pub value: ValueChunk,
    /// When something else says it better it folds away, with these facts.
    #[prop_or_default]
    pub behind: Option<Vec<CardFact>>,
}

/// The full value. Mounted anew for every selection, so the pieces fetched for one never show in another.
#[component]
pub fn Value(props: &ValueProps) -> Html {
    let actions = use_actions();
    let more = use_state(Vec::<AttrValue>::new);
    let next = use_state_eq(|| props.value.next);
    let waiting = use_state_eq(|| false);
    let on_more = {
        let (actions, more, next, waiting, node) =
            (actions.clone(), more.clone(), next.clone(), waiting.clone(), props.node);
        Callback::from(move |_: MouseEvent| {
            let (Some(node), Some(from)) = (node, *next) else { return };
            waiting.set(true);
            let (more, next, waiting) = (more.clone(), next.clone(), waiting.clone());
            let say = actions.clone();
            actions.inquire(ask::Value { node, from }, move |reply| {
                waiting.set(false);
                match reply {
                    Ok(chunk) => {
                        next.set(chunk.next.filter(|next| *next > from));
                        more.set(more.iter().cloned().chain([AttrValue::from(chunk.text)]).collect());
                    }
                    Err(why) => say.dispatch(Action::Notice(Some(Notice::failed(why)))),
                }
            });
        })
    };
    let on_copy = {
        let text = props.value.text.clone() + &more.iter().map(AttrValue::as_str).collect::<String>();
        Callback::from(move |_: MouseEvent| actions.copy("Value", &text))
    };
    let rest = next.map(|next| {
        let of = if props.value.total > 0 { format!(" of {}", size_text(props.value.total)) } else { String::new() };
        html! {
            <button class="button button-small" disabled={*waiting} onclick={on_more} data-act="more"
                title={format!("{} bytes shown", grouped(next))}>
                { format!("Show more: {}{of} shown", size_text(next)) }
            </button>
        }
    });
    let copy = html! {
        <button class="button button-small" onclick={on_copy}>
            { if next.is_some() { "Copy what is shown" } else { "Copy value" } }
        </button>
    };
    let text = html! {
        <>
            <pre class="value-text" tabindex="0" aria-labelledby="value-title" role="group">
                { marked_lines(&props.value.text) }
                { for more.iter().map(|text| marked_lines(text)) }
            </pre>
            <div class="value-more">{ for rest }</div>
        </>
    };
    if let Some(behind) = &props.behind {
        return html! {
            <details class="value folded">
                <summary class="section-head"><h3 id="value-title">{ "Raw value" }</h3>
                    <span class="section-note">{ "as it is in the pickle, how it was made, where it stands" }</span></summary>
                <div class="value-facts">{ facts(behind) }{ copy }</div>
                { text }
            </details>
        };
    }
    html! {
        <section class="value">
            <div class="section-head">
                <h3 id="value-title">{ "Value" }</h3>
                { copy }
            </div>
            { text }
        </section>
    }
}
