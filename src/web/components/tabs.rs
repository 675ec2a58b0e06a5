//! The tabs over the left pane.

use super::text::comma;
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::short_count;
use crate::web::state::{Action, Tab};
use yew::prelude::*;

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The tab that is shown.
    pub tab: Tab,
    /// Rows of the tree of members; `None` for a file that holds nothing but itself.
    pub members: Option<u64>,
    /// Rows of the tree.
    pub objects: u64,
    /// Rows of the listing.
    pub opcodes: u64,
    /// Calls in everything that was opened, once they are known.
    pub calls: Option<u64>,
}

/// The views on the left.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let actions = use_actions();
    let show = {
        let actions = actions.clone();
        move |tab: Tab| actions.dispatch(Action::Show(tab))
    };
    let onkeydown = {
        let (show, actions, drawn) = (show.clone(), actions.clone(), props.tab);
        let tabs: Vec<Tab> = props
            .members
            .map(|_| Tab::Contents)
            .into_iter()
            .chain([Tab::Objects, Tab::Opcodes, Tab::Machine, Tab::Audit, Tab::Python, Tab::Size, Tab::Bytes])
            .collect();
        Callback::from(move |event: KeyboardEvent| {
            let tab = actions.now(|state| state.shown().map_or(drawn, |open| open.tab));
            let at = tabs.iter().position(|other| *other == tab).unwrap_or_default();
            let to = match event.key().as_str() {
                "ArrowLeft" => tabs[(at + tabs.len() - 1) % tabs.len()],
                "ArrowRight" => tabs[(at + 1) % tabs.len()],
                "Home" => tabs[0],
                "End" => tabs[tabs.len() - 1],
                _ => return,
            };
            event.prevent_default();
            show(to);
            dom::focus(id(to));
        })
    };
    // They stand in one line, which scrolls where it is too long.
    use_effect_with(props.tab, |tab| dom::scroll_sideways_to(id(*tab)));
    let button = |tab: Tab, words: &'static str, number: Option<u64>| {
        let selected = tab == props.tab;
        let show = show.clone();
        html! {
            <button role="tab" id={id(tab)} class="tab" aria-selected={selected.to_string()} aria-controls="left-panel"
                tabindex={if selected { "0" } else { "-1" }} onclick={move |_| show(tab)}>
                { words }{ for number.filter(|number| *number > 0).map(|number| html! { <span class="tab-count">{ comma() }{ short_count(number) }</span> }) }
            </button>
        }
    };
    html! {
        <div class="tabs">
            <div role="tablist" aria-label="Views" class="tab-list" {onkeydown}>
                { for props.members.map(|number| button(Tab::Contents, "Contents", Some(number))) }
                { button(Tab::Objects, "Objects", Some(props.objects)) }
                { button(Tab::Opcodes, "Opcodes", Some(props.opcodes)) }
                { button(Tab::Machine, "Machine", None) }
                { button(Tab::Audit, "Calls & imports", props.calls) }
                { button(Tab::Python, "As Python", None) }
                { button(Tab::Size, "Size", None) }
                { button(Tab::Bytes, "Bytes", None) }
            </div>
        </div>
    }
}

/// Id of a tab's button.
#[must_use]
pub fn id(tab: Tab) -> &'static str {
    match tab {
        Tab::Contents => "tab-contents",
        Tab::Objects => "tab-objects",
        Tab::Opcodes => "tab-opcodes",
        Tab::Machine => "tab-machine",
        Tab::Audit => "tab-audit",
        Tab::Python => "tab-python",
        Tab::Size => "tab-size",
        Tab::Bytes => "tab-bytes",
    }
}
