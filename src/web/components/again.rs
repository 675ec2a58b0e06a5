//! What could not be loaded, and a way to ask again.

use super::text::marked;
use yew::prelude::*;

/// Properties of [`Again`].
#[derive(Properties, PartialEq)]
pub struct AgainProps {
    /// Why it could not be loaded.
    pub why: AttrValue,
    /// What is missing, as the beginning of a sentence.
    #[prop_or(AttrValue::Static("This"))]
    pub what: AttrValue,
    /// Asks again.
    pub onagain: Callback<()>,
}

/// A line in the place of what could not be loaded.
#[component]
pub fn Again(props: &AgainProps) -> Html {
    let onclick = props.onagain.reform(|_: MouseEvent| ());
    html! {
        <p class="again" role="status" data-again="true">
            <span class="again-words">{ marked(&format!("{} could not be loaded: {}.", props.what, props.why.trim_end_matches('.'))) }</span>
            <button class="button button-small" {onclick} data-act="again">{ "Try again" }</button>
        </p>
    }
}
