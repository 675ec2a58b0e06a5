//! What the reader may set: a small dialog, and the same choice where it matters.

use crate::protocol::Python2Reading;
use crate::web::actions::{Actions, use_actions};
use crate::web::settings::{self, DENSITY, PYTHON2, Setting, THEME};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Choice`].
#[derive(Properties, PartialEq)]
pub struct ChoiceProps {
    /// What is chosen.
    pub setting: &'static Setting,
}

/// A setting with its values.
#[component]
pub fn Choice(props: &ChoiceProps) -> Html {
    let actions = use_actions();
    let setting = props.setting;
    let onchange = Callback::from(move |event: Event| {
        let Some(shown) = event.target_dyn_into::<HtmlSelectElement>() else { return };
        setting.set(&shown.value());
        if setting == &PYTHON2 {
            read_python2(&actions);
        }
    });
    let chosen = setting.get();
    html! {
        <label class="choice">
            <span>{ setting.name }</span>{ " " }
            <select {onchange} data-setting={setting.key}>
                { for setting.values.iter().map(|(value, words)| html! {
                    <option value={*value} selected={*value == chosen}>{ *words }</option>
                }) }
            </select>
        </label>
    }
}

/// Properties of [`Python2`].
#[derive(Properties, PartialEq)]
pub struct Python2Props {
    /// The document on show.
    pub of: (AttrValue, u32),
}

/// How the `str` of Python 2 is read, in a document that has some. A document begins with the default.
#[component]
pub fn Python2(props: &Python2Props) -> Html {
    let actions = use_actions();
    use_effect_with(props.of.clone(), move |_| {
        if PYTHON2.get() != PYTHON2.value_of(None) {
            read_python2(&actions);
        }
    });
    html! { <span class="fact python2"><Choice setting={&PYTHON2} /></span> }
}

fn read_python2(actions: &Actions) {
    if actions.now(|state| state.shown().is_some_and(|open| open.overview.has_python2_str)) {
        actions.read_python2_as(match PYTHON2.get() {
            "latin1" => Python2Reading::Latin1,
            "bytes" => Python2Reading::Bytes,
            _ => Python2Reading::Ascii,
        });
    }
}

/// All settings.
#[component]
pub fn Settings() -> Html {
    let is_automatic = use_state_eq(|| settings::left().is_none());
    let onclick = {
        let is_automatic = is_automatic.clone();
        Callback::from(move |_: MouseEvent| {
            settings::set_left(None);
            is_automatic.set(true);
        })
    };
    let width = if *is_automatic { "As wide as its rows need" } else { "As you set it" };
    html! {
        <div class="settings">
            { for [&THEME, &DENSITY, &PYTHON2].map(|setting| html! { <Choice {setting} /> }) }
            <p class="choice">
                <span>{ "View on the left" }</span>{ " " }
                <span>{ width }{ " " }<button class="button button-small" {onclick} disabled={*is_automatic} data-act="automatic-width">{ "Automatic" }</button></span>
            </p>
            <p class="settings-note">{ "Kept in this browser for the next visit, as far as it allows that." }</p>
        </div>
    }
}
