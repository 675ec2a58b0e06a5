//! A file that takes long.

use super::text::marked;
use crate::web::actions::use_actions;
use crate::web::format::{grouped, size_text};
use yew::prelude::*;

/// Properties of [`Progress`].
#[derive(Properties, PartialEq)]
pub struct ProgressProps {
    /// Name of the file.
    pub name: AttrValue,
    /// Bytes decoded.
    pub read: u64,
    /// Bytes in all.
    pub total: u64,
    /// While unpacking: bytes that came out.
    pub unpacked: Option<u64>,
    /// Whether it takes long enough to be shown.
    pub slow: bool,
}

/// Name, bytes read, and a way to stop. Before it counts as slow, an empty page: nothing flashes up for a small file.
#[component]
pub fn Progress(props: &ProgressProps) -> Html {
    let actions = use_actions();
    let name = props.name.clone();
    let oncancel = Callback::from(move |_: MouseEvent| actions.cancel(&name));
    html! {
        <main class="centre">
            <section class="card progress" hidden={!props.slow} aria-labelledby="progress-title">
                <h2 id="progress-title">{ "Reading " }{ marked(&props.name) }</h2>
                <progress max={props.total.max(1).to_string()} value={props.read.to_string()} aria-labelledby="progress-title" />
                <p class="progress-bytes" title={format!("{} of {} bytes", grouped(props.read), grouped(props.total))}>
                    { format!("{} of {}", size_text(props.read), size_text(props.total)) }
                    { for props.unpacked.map(|bytes| format!(" compressed, {} unpacked", size_text(bytes))) }
                </p>
                <button class="button" onclick={oncancel} data-act="cancel">{ "Cancel" }</button>
            </section>
        </main>
    }
}
