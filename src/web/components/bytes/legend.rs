//! The kinds of bytes, each as it is tinted.

use crate::bytes::SpanKind;
use yew::prelude::*;

/// What the tints stand for: of the kinds that were seen in this layer, so that few are left to look through.
pub(super) fn legend(seen: u16, layer: Option<&str>) -> Html {
    html! {
        <ul class="bytes-legend" aria-label="What the tints stand for" key="legend">
            { for SpanKind::ALL.iter().filter(|kind| seen & kind.bit() != 0).map(|kind| html! {
                <li data-kind={kind.word()} title={kind.what()}>
                    <span class={format!("kind-{} kind-start", kind.word())}>{ kind.word_in(layer.unwrap_or_default()) }</span>
                </li>
            }) }
        </ul>
    }
}
