//! A box to go to an offset.

use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::parse_offset;
use crate::web::state::{Action, Notice};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`GoTo`].
#[derive(Properties, PartialEq)]
pub struct GoToProps {
    /// Id of the box.
    pub id: AttrValue,
    /// Bytes that there are.
    pub size: u64,
    /// Told the offset.
    pub ongo: Callback<u64>,
}

/// Goes to an offset that is typed in decimal or hexadecimal.
#[component]
pub fn GoTo(props: &GoToProps) -> Html {
    let actions = use_actions();
    let wrong = use_state_eq(|| false);
    let onkeydown = {
        let (wrong, size, ongo) = (wrong.clone(), props.size, props.ongo.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            match event.key().as_str() {
                "Enter" => match parse_offset(&input.value()).filter(|offset| *offset < size) {
                    Some(offset) => {
                        wrong.set(false);
                        actions.dispatch(Action::Notice(None));
                        ongo.emit(offset);
                    }
                    None => {
                        wrong.set(true);
                        let message =
                            format!("Type an offset from 0 to {}, like 1234 or 0x4d2.", size.saturating_sub(1));
                        actions.dispatch(Action::Notice(Some(Notice::failed(message))));
                    }
                },
                "Escape" => {
                    input.set_value("");
                    wrong.set(false);
                    dom::focus_view();
                }
                _ => {}
            }
        })
    };
    // Nothing is wrong with what is still being typed.
    let is_wrong = *wrong;
    let oninput = Callback::from(move |_: InputEvent| wrong.set(false));
    html! {
        <label class="go-to">
            <span class="visually-hidden">{ "Go to offset" }</span>
            <input id={props.id.clone()} type="text" placeholder="Go to offset" autocomplete="off" spellcheck="false"
                aria-invalid={is_wrong.to_string()} {onkeydown} {oninput} />
        </label>
    }
}
