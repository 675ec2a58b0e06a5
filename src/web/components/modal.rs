//! A dialog over the page.

use super::icons;
use super::notice::NoticePlace;
use super::text::marked;
use crate::web::actions::use_actions;
use crate::web::state::Action;
use web_sys::{Element, HtmlDialogElement};
use yew::prelude::*;

/// Properties of [`Modal`].
#[derive(Properties, PartialEq)]
pub struct ModalProps {
    /// Its heading.
    pub title: AttrValue,
    /// Called when it is closed, by Escape, the button, or a click beside it.
    pub onclose: Callback<()>,
    /// What is in it.
    pub children: Html,
}

/// A dialog over the page. The browser's own `dialog` element keeps the focus inside and gives it back.
#[component]
pub fn Modal(props: &ModalProps) -> Html {
    let actions = use_actions();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let dialog = dialog.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                let _ = dialog.show_modal();
            }
            // An open one that is taken away would keep what had the keyboard before to itself.
            move || dialog.iter().for_each(HtmlDialogElement::close)
        });
    }
    let close = {
        let dialog = dialog.clone();
        move || {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        }
    };
    let on_button = {
        let close = close.clone();
        Callback::from(move |_: MouseEvent| close())
    };
    let onclick = {
        let dialog = dialog.clone();
        Callback::from(move |event: MouseEvent| {
            // The backdrop belongs to the dialog element itself; everything visible is inside it.
            if event.target_dyn_into::<Element>() == dialog.cast::<Element>() {
                close();
            }
        })
    };
    // Escape closes what is to be read first.
    let oncancel = Callback::from(move |event: Event| {
        if actions.now(|state| state.notice.is_some()) {
            event.prevent_default();
            actions.dispatch(Action::Notice(None));
        }
    });
    let onclose = props.onclose.reform(|_: Event| ());
    html! {
        <dialog ref={dialog} class="modal" aria-labelledby="modal-title" {onclose} {oncancel} {onclick}>
            <div class="modal-box">
                <div class="modal-head">
                    <h2 id="modal-title">{ marked(&props.title) }</h2>
                    <button class="button button-icon" aria-label="Close" onclick={on_button}>{ icons::line(icons::CLOSE) }</button>
                </div>
                <div class="modal-body">{ props.children.clone() }</div>
                <NoticePlace />
            </div>
        </dialog>
    }
}
