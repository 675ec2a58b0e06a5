//! The object tree: the WAI-ARIA tree pattern over rows that mostly do not exist.

use super::tree_row::TreeRowView;
use crate::protocol::{Target, ask};
use crate::view::TreeRow;
use crate::web::actions::{Actions, use_actions};
use crate::web::dom;
use crate::web::hits::use_hits;
use crate::web::list_keys::moved;
use crate::web::rows::{Rows, Source, use_rows};
use crate::web::state::Place;
use crate::web::type_ahead::TypeAhead;
use crate::web::virtual_list::VirtualList;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Tree`].
#[derive(Properties, PartialEq)]
pub struct TreeProps {
    /// Number of the file.
    pub generation: u32,
    /// Raised when rows change their places.
    pub version: u32,
    /// Number of rows.
    pub total: u64,
    /// The rows that came with the document.
    pub first_rows: Rc<[Rc<TreeRow>]>,
    /// The row that has the keyboard.
    pub place: Place,
    /// The row that is selected.
    pub selected: Option<u64>,
}

/// The object tree.
#[component]
pub fn Tree(props: &TreeProps) -> Html {
    let actions = use_actions();
    let rows = use_rows((props.generation, props.version), props.total, Some(props.first_rows.clone()), || {
        Source::new(|first, count| ask::Rows { first, count }, |window| window.rows)
    });
    let typed = use_memo((), |()| TypeAhead::default());
    let hits = use_hits(props.generation, || {
        let mut offsets = Vec::new();
        rows.each(|row| offsets.extend(row.offset.into_iter().chain(row.key)));
        offsets
    });

    let row = {
        let (rows, focus, selected) = (rows.clone(), props.place.row, props.selected);
        Callback::from(move |index: u64| {
            let row = rows.get(index);
            let is_hit = row.iter().flat_map(|row| row.offset.into_iter().chain(row.key)).any(|at| hits.contains(&at));
            html! {
                <TreeRowView key={index.to_string()} {index} {row} {is_hit}
                    focused={index == focus} selected={Some(index) == selected} />
            }
        })
    };
    let onwindow = {
        let rows = rows.clone();
        Callback::from(move |window| rows.want(window))
    };
    let onclick = {
        let (actions, rows) = (actions.clone(), rows.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(index) = dom::data_of(&event, "row").and_then(|row| row.parse().ok()) else { return };
            let row = rows.get(index);
            match (dom::data_of(&event, "act").as_deref(), row) {
                (Some("toggle"), Some(row)) => actions.toggle(index, row.expanded == Some(false)),
                (Some("first"), Some(row)) if row.offset.is_some() => {
                    actions.select(Target::Offset(row.offset.unwrap_or_default()));
                }
                _ => actions.select(Target::Row(index)),
            }
        })
    };
    let ondblclick = {
        let (actions, rows) = (actions.clone(), rows.clone());
        Callback::from(move |event: MouseEvent| {
            let row = dom::data_of(&event, "row").and_then(|row| row.parse().ok()).and_then(|row| rows.get(row));
            if let (None, Some(row)) = (dom::data_of(&event, "act"), row)
                && let Some(open) = row.expanded
            {
                actions.toggle(row.row, !open);
            }
        })
    };
    let again = rows.again("Some rows");
    let onkeydown = {
        let drawn = (props.place.row, props.total);
        Callback::from(move |event: KeyboardEvent| {
            let (focus, total) = actions.now(|state| state.shown().map_or(drawn, |open| (open.tree.row, open.total)));
            if !(event.ctrl_key() || event.meta_key() || event.alt_key())
                && key(&event.key(), focus, total, &actions, &rows, &typed)
            {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    html! {
        <>
        <VirtualList key="list" id="tree" role="tree" label="Objects" class="tree" total={props.total} focus={Some(props.place.row)}
            reveal={props.place.reveal} {row} {onwindow} {onclick} {ondblclick} {onkeydown} />
        { again }
        </>
    }
}

/// What a key does; `false` when it is not the tree's.
fn key(key: &str, focus: u64, total: u64, actions: &Actions, rows: &Rows<TreeRow>, typed: &TypeAhead) -> bool {
    let Some(last) = total.checked_sub(1) else { return false };
    let page = rows.window().page.max(1);
    let current = rows.get(focus);
    let expanded = current.as_ref().and_then(|row| row.expanded);
    let go = |row: u64| actions.select(Target::Row(row.min(last)));
    if let Some(row) = moved(key, focus, last, page) {
        go(row);
        return true;
    }
    match key {
        "ArrowRight" if expanded == Some(false) => actions.toggle(focus, true),
        "ArrowRight" if expanded == Some(true) => go(focus + 1),
        "ArrowLeft" if expanded == Some(true) => actions.toggle(focus, false),
        "ArrowLeft" => {
            if let Some(parent) = current.and_then(|row| row.parent) {
                go(parent);
            }
        }
        "Enter" => match expanded {
            Some(open) => actions.toggle(focus, !open),
            None => go(focus),
        },
        " " if typed.is_empty() => go(focus),
        "*" => actions.open_siblings(focus),
        // Keys of the page, unless in the middle of a word.
        "/" => return false,
        "c" | "?" | "[" | "]" if typed.is_empty() => return false,
        text if text.chars().count() == 1 => {
            let (from, prefix) = typed.add(text, focus, last);
            let select = actions.clone();
            actions.ask(ask::FindLabel { from, prefix }, move |found| {
                if let Some(row) = found {
                    select.select(Target::Row(row));
                }
            });
        }
        _ => return false,
    }
    true
}
