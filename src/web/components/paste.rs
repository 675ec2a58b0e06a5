//! The dialog to paste bytes into.

use super::modal::Modal;
use super::text::marked;
use crate::web::actions::{Actions, use_actions};
use crate::web::state::Dialog;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Opens the dialog, empty.
pub(crate) fn paste_dialog(actions: &Actions) -> Callback<MouseEvent> {
    let actions = actions.clone();
    Callback::from(move |_: MouseEvent| actions.dialog(Some(Dialog::Paste { text: "".into(), error: None })))
}

/// Properties of [`Paste`].
#[derive(Properties, PartialEq)]
pub struct PasteProps {
    /// The text to begin with.
    pub text: AttrValue,
    /// What is wrong with it.
    pub error: Option<AttrValue>,
}

/// A text area, and what it takes.
#[component]
pub fn Paste(props: &PasteProps) -> Html {
    let actions = use_actions();
    let area = use_node_ref();
    let onclose = {
        let actions = actions.clone();
        Callback::from(move |()| actions.dialog(None))
    };
    let open = {
        let area = area.clone();
        move || {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                actions.paste(&area.value());
            }
        }
    };
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open())
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            open();
        }
    });
    html! {
        <Modal title="Paste a pickle" {onclose}>
            <p id="paste-hint">
                { "Base64, hexadecimal digits, a dump by xxd or hexdump -C, a pickle of protocol 0, or a Python bytes literal such as " }
                <code>{ "b'\\x80\\x04N.'" }</code>{ "." }
            </p>
            <textarea ref={area} autofocus=true id="paste-text" class="paste-text" rows="8" spellcheck="false" autocomplete="off"
                aria-label="Bytes as text" aria-describedby="paste-hint paste-error" aria-invalid={props.error.is_some().to_string()}
                value={props.text.clone()} {onkeydown} />
            <p id="paste-error" class="paste-error" role="alert">
                { for props.error.as_ref().map(|error| marked(&format!("That cannot be read: {error}"))) }
            </p>
            <div class="modal-actions">
                <button class="button button-primary" {onclick} data-act="paste-open">{ "Open" }</button>
            </div>
        </Modal>
    }
}
