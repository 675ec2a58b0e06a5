//! Lines in a fixed width: code, the text of a model.

use crate::view::card::Line;
use crate::web::components::text::parts;
use crate::web::format::grouped;
use yew::prelude::*;

/// Lines shown at once.
const SHOWN: usize = 300;

/// Properties of [`LinesView`].
#[derive(Properties, PartialEq)]
pub struct LinesViewProps {
    /// The lines.
    pub lines: Vec<Line>,
    /// Accessible name.
    pub label: AttrValue,
}

/// Lines in a fixed width.
#[component]
pub fn LinesView(props: &LinesViewProps) -> Html {
    let shown = use_state_eq(|| SHOWN);
    let all = props.lines.len();
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown * 10))
    };
    let line = |(index, line): (usize, &Line)| {
        let text = parts(&line.parts);
        let text = match line.node {
            Some(node) => html! { <button class="line-link" data-node-link={node.to_string()}>{ text }</button> },
            None => html! { <span>{ text }</span> },
        };
        html! { <li key={index}>{ text }</li> }
    };
    html! {
        <>
            <div class="lines-frame" tabindex="0" role="group" aria-label={props.label.clone()}>
                <ol class="lines">{ for props.lines.iter().take(*shown).enumerate().map(line) }</ol>
            </div>
            <p class="more" hidden={all <= *shown}>
                <button class="button button-small" onclick={more}>
                    { format!("Show more: {} of {} lines shown", grouped((*shown).min(all) as u64), grouped(all as u64)) }
                </button>
            </p>
        </>
    }
}
