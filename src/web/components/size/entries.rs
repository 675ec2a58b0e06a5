//! What the members of the file take, packed and unpacked.

use super::share::ROWS;
use crate::protocol::ask;
use crate::view::SizeEntry;
use crate::web::actions::use_actions;
use crate::web::components::again::Again;
use crate::web::components::text::marked;
use crate::web::format::{plural, size_text};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Entries`].
#[derive(Properties, PartialEq)]
pub struct EntriesProps {
    /// Number of the file.
    pub generation: u32,
}

/// A table with a row for each member that has bytes.
#[component]
pub fn Entries(props: &EntriesProps) -> Html {
    let actions = use_actions();
    let attempt = use_state_eq(|| 0_u32);
    let entries = use_state_eq(|| None::<Result<Rc<(Vec<SizeEntry>, bool)>, Rc<str>>>);
    {
        let setter = entries.setter();
        use_effect_with((props.generation, *attempt), move |_| {
            actions.inquire(ask::SizeEntries { count: 10 * ROWS }, move |reply| {
                setter.set(Some(reply.map(Rc::new).map_err(Rc::from)));
            });
        });
    }
    let entries = match (*entries).clone() {
        None => return html! { <p class="size-note" role="status">{ "Going over the entries…" }</p> },
        Some(Err(why)) => {
            let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
            return html! { <Again what="Entries" why={AttrValue::from(why)} {onagain} /> };
        }
        Some(Ok(entries)) => entries,
    };
    let size = |bytes: Option<u64>| {
        let title = bytes.map(|bytes| plural(bytes, "byte", "bytes"));
        html! { <td class="size-number" {title}>{ bytes.map_or_else(|| "–".to_owned(), size_text) }</td> }
    };
    let row = |row: &SizeEntry| {
        html! {
            <tr>
                <th scope="row">{ marked(&row.name) }</th>
                { size(row.packed) }{ size(row.unpacked) }
                <td>{ marked(&row.word) }</td>
            </tr>
        }
    };
    html! {
        <div class="size-scroll" tabindex="0" role="region" aria-label="Sizes by entry">
            <table class="size-table">
                <thead><tr><th scope="col">{ "entry" }</th><th scope="col">{ "packed" }</th><th scope="col">{ "unpacked" }</th><th scope="col">{ "what" }</th></tr></thead>
                <tbody>{ for entries.0.iter().map(row) }</tbody>
            </table>
            { for entries.1.then(|| html! { <p class="size-note">{ "There are more entries than these; picklescope size --by entry lists all." }</p> }) }
        </div>
    }
}
