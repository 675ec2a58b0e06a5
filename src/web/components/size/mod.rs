//! What is large: a map of the largest values, and their outline beside it.

pub mod entries;
pub mod groups;
pub mod map;
pub mod outline;
pub mod savings;
mod share;
pub mod summary;

use super::again::Again;
use crate::protocol::ask;
use crate::view::{SizeSummary, SizesBy};
use crate::web::actions::use_actions;
use entries::Entries;
use groups::Groups;
use map::Map;
use outline::SizeOutlineView;
use savings::SavingsView;
use std::rc::Rc;
use summary::Summary;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What is shown below the map.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum By {
    #[default]
    Value,
    Class,
    Module,
    Entry,
    Savings,
}

impl By {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Value, "value", "Value"),
        (Self::Class, "class", "Class"),
        (Self::Module, "import", "Module"),
        (Self::Entry, "entry", "Entry of the file"),
        (Self::Savings, "savings", "What could be smaller"),
    ];
}

/// Properties of [`SizePanel`].
#[derive(Properties, PartialEq)]
pub struct SizePanelProps {
    /// Number of the file.
    pub generation: u32,
}

/// The sizes of the document: nothing is measured before this is shown.
#[component]
pub fn SizePanel(props: &SizePanelProps) -> Html {
    let actions = use_actions();
    let generation = props.generation;
    let summary = use_state_eq(|| None::<(u32, Result<Rc<SizeSummary>, Rc<str>>)>);
    let attempt = use_state_eq(|| 0_u32);
    let by = use_state_eq(By::default);
    {
        let setter = summary.setter();
        use_effect_with((generation, *attempt), move |&(generation, _)| {
            actions.inquire(ask::Sizes, move |reply| {
                setter.set(Some((generation, reply.map(Rc::new).map_err(Rc::from))));
            });
        });
    }
    let found = (*summary).clone().filter(|(of, _)| *of == generation).map(|(_, found)| found);
    let summary = match found {
        None => {
            return html! { <div id="size" class="size-waiting" tabindex="0"><p role="status">{ "Measuring everything…" }</p></div> };
        }
        Some(Err(why)) => {
            let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
            return html! {
                <div id="size" class="size-waiting" tabindex="0"><Again what="Sizes" why={AttrValue::from(why)} {onagain} /></div>
            };
        }
        Some(Ok(summary)) => summary,
    };
    let total = summary.file.saturating_add(summary.beside);
    let onchange = {
        let by = by.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return };
            let value = select.value();
            by.set(By::ALL.into_iter().find(|(_, word, _)| *word == value).map_or(By::Value, |(by, ..)| by));
        })
    };
    let view = match *by {
        By::Value => html! { <SizeOutlineView key="value" {generation} {total} rests={summary.rests.clone()} /> },
        By::Class => html! { <Groups key="class" {generation} {total} by={SizesBy::Class} /> },
        By::Module => html! { <Groups key="module" {generation} {total} by={SizesBy::Module} /> },
        By::Entry => html! { <Entries key="entry" {generation} /> },
        By::Savings => html! { <SavingsView key="savings" {generation} /> },
    };
    html! {
        <div class="size-panel" key={generation}>
            <Summary summary={summary.clone()} />
            <Map {generation} {total} />
            <div class="size-bar">
                <label>{ "By " }
                    <select id="size-by" {onchange}>
                        { for By::ALL.into_iter().map(|(one, word, words)| html! { <option value={word} selected={one == *by}>{ words }</option> }) }
                    </select>
                </label>
            </div>
            { view }
        </div>
    }
}
