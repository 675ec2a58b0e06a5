//! The page before anything is opened.

use super::explain::explain_dialog;
use super::open_button::OpenButton;
use super::paste::paste_dialog;
use super::privacy::PROMISE;
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::file::Incoming;
use crate::web::format::size_text;
use crate::web::history;
use crate::web::samples::SAMPLES;
use crate::web::state::Dialog;
use yew::prelude::*;

/// Properties of [`Empty`].
#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    /// Whether the page was not always empty.
    pub returned: bool,
}

/// The drop zone, the samples, and the promise with a way to check it.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    let actions = use_actions();
    // The keyboard goes on at what opens the next file; a page that was just loaded leaves it where the browser put it.
    use_effect_with(props.returned, |returned| {
        if *returned {
            dom::focus_first(".drop-actions .button");
        }
    });
    let on_sample = {
        let actions = actions.clone();
        Callback::from(move |event: MouseEvent| {
            let name = dom::data_of(&event, "sample").unwrap_or_default();
            if let Some(sample) = SAMPLES.iter().find(|sample| sample.name == name) {
                actions.open(Incoming::bytes(sample.name, sample.bytes));
            }
        })
    };
    let on_paste = paste_dialog(&actions);
    let on_explain = explain_dialog(&actions);
    let on_tour = {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.start_tour())
    };
    let link = history::address().link.map(|link| html! {
        <p class="drop-link">{ format!("The link in the address points to byte {} of a file: open that file to go there.", link.offset) }</p>
    });
    let on_privacy = Callback::from(move |_: MouseEvent| actions.dialog(Some(Dialog::Privacy)));
    html! {
        <main class="empty">
            <section class="drop-zone" aria-labelledby="drop-title">
                <h2 id="drop-title">{ "Drop a pickle anywhere" }</h2>
                <p>{ "or paste base64, hex or a Python bytes literal, or choose a file. Nothing in it is ever run." }</p>
                { for link }
                <div class="drop-actions">
                    <OpenButton id="choose-file" label="Choose a file" primary=true />
                    <button class="button" onclick={on_paste}>{ "Paste…" }</button>
                </div>
                <p class="formats">
                    { "Protocols 0 to 5, alone or in files of joblib, torch, NumPy, gzip, xz, zstd, zip, tar … recognised by content, not by name: " }
                    <code>{ ".pkl" }</code>{ " " }<code>{ ".joblib" }</code>{ " " }<code>{ ".pt" }</code>{ " " }<code>{ ".npz" }</code>{ " …" }
                </p>
            </section>
            <section class="samples" aria-labelledby="samples-title">
                <h2 id="samples-title">{ "Or look at one of these" }</h2>
                <ul class="sample-list" onclick={on_sample}>
                    { for SAMPLES.iter().map(|sample| html! {
                        <li key={sample.name}>
                            <button class="sample" data-sample={sample.name}>
                                <strong>{ sample.title }</strong>
                                <span>{ sample.about }</span>
                                <span class="sample-file">{ format!("{} · {}", sample.name, size_text(sample.bytes.len() as u64)) }</span>
                            </button>
                        </li>
                    }) }
                </ul>
            </section>
            <p class="learn">
                <button class="button" onclick={on_tour} data-act="tour">{ "What is a pickle?" }</button>
                <button class="button" onclick={on_explain} data-act="explain">{ "What does this error mean?" }</button>
                <a class="button" href="remote.html">{ "Open an address…" }</a>
            </p>
            <p class="promise">
                <span class="dot" aria-hidden="true" />
                { PROMISE }{ " " }
                <button class="link" onclick={on_privacy}>{ "What that means, and how to check it" }</button>
            </p>
        </main>
    }
}
