//! A button that lets the user choose files.

use crate::web::actions::use_actions;
use crate::web::file::Incoming;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`OpenButton`].
#[derive(Properties, PartialEq)]
pub struct OpenButtonProps {
    /// Id of the file input.
    pub id: AttrValue,
    /// The words on it.
    pub label: AttrValue,
    /// Whether it is the main thing to do.
    #[prop_or_default]
    pub primary: bool,
}

/// A button that lets the user choose a file. The input is hidden from everyone; the button is what has the keyboard.
#[component]
pub fn OpenButton(props: &OpenButtonProps) -> Html {
    let actions = use_actions();
    let input = use_node_ref();
    let onclick = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
        if let Some(incoming) = input.files().as_ref().and_then(Incoming::files) {
            actions.open(incoming);
        }
        // Choosing the same file again is a change, too.
        input.set_value("");
    });
    html! {
        <>
            <button key="button" class={classes!("button", props.primary.then_some("button-primary"))} {onclick}>
                { props.label.clone() }
            </button>
            <input key="input" ref={input} id={props.id.clone()} type="file" multiple=true hidden=true {onchange} />
        </>
    }
}
