//! A line that needs no answer.

use super::icons;
use super::text::marked;
use crate::web::dom::Debounce;
use yew::prelude::*;

/// Milliseconds that a notice stays.
const STAYS: i32 = 8000;

/// Properties of [`Notice`].
#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    /// The line, when there is one.
    pub text: Option<AttrValue>,
    /// Called when it was read, or has been there long enough.
    pub on_dismiss: Callback<()>,
}

/// A line over the bottom edge, so that nothing moves when it comes and goes.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let timer = use_memo((), |()| Debounce::default());
    {
        let on_dismiss = props.on_dismiss.clone();
        use_effect_with(props.text.clone(), move |text| {
            if text.is_some() {
                timer.run(STAYS, move || on_dismiss.emit(()));
            }
        });
    }
    let onclick = props.on_dismiss.reform(|_: MouseEvent| ());
    html! {
        <div class="notice-place" role="status">
            { for props.text.as_ref().map(|text| html! {
                <p class="notice">
                    <span class="notice-text">{ marked(text) }</span>
                    <button class="button button-icon" aria-label="Dismiss" {onclick}>{ icons::line(icons::CLOSE) }</button>
                </p>
            }) }
        </div>
    }
}
