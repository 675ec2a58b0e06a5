//! The palette: everything that the page does, by name.

use super::modal::Modal;
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::plural;
use crate::web::menu::{self, Item, There};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Rows that Page Up and Page Down go over.
const PAGE: usize = 8;

/// Properties of [`Palette`].
#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    /// What is there to do something with.
    pub there: There,
    /// Called when the dialog is closed.
    pub onclose: Callback<()>,
}

/// A box that filters, and the list: the box keeps the keyboard, the arrow keys choose.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let actions = use_actions();
    let words = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    // Typing comes faster than drawing: what runs is what the words find now.
    let listed = {
        let (words, chosen, there, actions) = (words.clone(), chosen.clone(), props.there, actions.clone());
        move || {
            let items = menu::found(&words, there, &actions.recent());
            let at = (*chosen).min(items.len().saturating_sub(1));
            (items, at)
        }
    };
    let (items, at) = listed();
    use_effect_with((at, items.len()), |(at, _)| dom::scroll_to(&id(*at)));
    let run = {
        let (items, actions) = (items.clone(), actions.clone());
        Callback::from(move |index: usize| {
            if let Some(item) = items.get(index) {
                actions.run_from_menu(item.does);
            }
        })
    };
    let oninput = {
        let (words, chosen) = (words.setter(), chosen.setter());
        Callback::from(move |event: InputEvent| {
            words.set(event.target_unchecked_into::<HtmlInputElement>().value());
            chosen.set(0);
        })
    };
    let onkeydown = {
        Callback::from(move |event: KeyboardEvent| {
            let (items, at) = listed();
            let last = items.len().saturating_sub(1);
            match event.key().as_str() {
                // The browser's own Ctrl K would leave the page.
                "k" | "K" if event.ctrl_key() || event.meta_key() => {}
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() => return,
                "Enter" => items.get(at).into_iter().for_each(|item| actions.run_from_menu(item.does)),
                "ArrowDown" => chosen.set(if at >= last { 0 } else { at + 1 }),
                "ArrowUp" => chosen.set(at.checked_sub(1).unwrap_or(last)),
                "PageDown" => chosen.set((at + PAGE).min(last)),
                "PageUp" => chosen.set(at.saturating_sub(PAGE)),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(index) = dom::data_of(&event, "item").and_then(|index| index.parse().ok()) {
            run.emit(index);
        }
    });
    let is_empty = items.is_empty();
    let count = plural(items.len() as u64, "command", "commands");
    html! {
        <Modal title="Commands" onclose={props.onclose.clone()}>
            <input id="palette" class="palette-box" type="text" role="combobox" autofocus=true autocomplete="off" spellcheck="false"
                placeholder="Type to filter" aria-label="Command" aria-autocomplete="list" aria-controls="palette-list"
                aria-expanded={(!is_empty).to_string()} aria-activedescendant={(!is_empty).then(|| id(at))}
                value={(*words).clone()} {oninput} {onkeydown} />
            <ul id="palette-list" class="palette-list" role="listbox" aria-label="Commands" hidden={is_empty} {onclick}>
                { for items.iter().enumerate().map(|(index, item)| option(index, item, index == at)) }
            </ul>
            <p hidden={!is_empty}>{ "There is no command with these words in its name." }</p>
            <p class="visually-hidden" role="status">{ count }</p>
        </Modal>
    }
}

fn id(index: usize) -> String {
    format!("palette-{index}")
}

fn option(index: usize, item: &Item, is_chosen: bool) -> Html {
    html! {
        <li key={item.name} id={id(index)} class="palette-item" role="option" aria-selected={is_chosen.to_string()}
            data-item={index.to_string()} data-name={item.name}>
            <span>{ item.name }</span>
            <span class="palette-keys">{ for item.keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</span>
        </li>
    }
}
