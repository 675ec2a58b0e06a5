//! The kinds of bytes, each as it is tinted.

use crate::bytes::SpanKind;
use yew::prelude::*;

/// What the tints stand for.
pub(super) fn legend() -> Html {
    html! {
        <ul class="bytes-legend" aria-label="What the tints stand for" key="legend">
            { for SpanKind::ALL.iter().map(|kind| html! {
                <li><span class={format!("kind-{} kind-start", kind.word())}>{ kind.word() }</span></li>
            }) }
        </ul>
    }
}
