//! The largest values as an outline: the WAI-ARIA treegrid pattern, by rows.

use super::share::{ROWS, bar, percent};
use crate::protocol::{Target, ask};
use crate::view::{SizeRest, SizeRow};
use crate::web::actions::use_actions;
use crate::web::components::text::{marked, path_line};
use crate::web::dom;
use crate::web::format::{plural, size_text};
use crate::web::list_keys::moved;
use crate::web::scroll::Window;
use crate::web::size_lines::{SizeLine, SizeLines, SizeOrder, SizeShown};
use crate::web::virtual_list::VirtualList;
use std::rc::Rc;
use yew::prelude::*;

/// Levels that are indented.
const INDENTED: u32 = 12;

/// Properties of [`SizeOutlineView`].
#[derive(Properties, PartialEq)]
pub struct SizeOutlineViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Bytes of everything.
    pub total: u64,
    /// What belongs to no value.
    pub rests: Vec<SizeRest>,
}

/// Values, largest first, and what they hold.
#[component]
pub fn SizeOutlineView(props: &SizeOutlineViewProps) -> Html {
    let actions = use_actions();
    let loaded = use_mut_ref(SizeLines::default);
    let version = use_state_eq(|| 0_u32);
    let order = use_state_eq(SizeOrder::default);
    let focus = use_state_eq(|| (0_u64, 0_u32));
    let page = use_mut_ref(|| 10_u64);
    let load = {
        let (actions, loaded, version) = (actions.clone(), Rc::clone(&loaded), version.setter());
        let changes = use_mut_ref(|| 0_u32);
        Callback::from(move |(of, most): (Option<u32>, u32)| {
            let (loaded, version, changes) = (Rc::clone(&loaded), version.clone(), Rc::clone(&changes));
            actions.ask(ask::SizeRows { of, count: most }, move |outline| {
                loaded.borrow_mut().load(of, outline);
                *changes.borrow_mut() += 1;
                version.set(*changes.borrow());
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with(props.generation, move |_| load.emit((None, ROWS)));
    }
    let redraw = use_force_update();
    let lines = Rc::new(loaded.borrow().lines(*order));
    let total = lines.len() as u64;
    let toggle = {
        let (loaded, load) = (Rc::clone(&loaded), load.clone());
        Callback::from(move |node: u32| {
            if loaded.borrow_mut().toggle(node) {
                load.emit((Some(node), ROWS));
            } else {
                redraw.force_update();
            }
        })
    };
    let more = {
        let loaded = Rc::clone(&loaded);
        Callback::from(move |of: Option<u32>| load.emit((of, loaded.borrow().loaded(of) as u32 + 5 * ROWS)))
    };
    let act = {
        let (lines, actions, more) = (Rc::clone(&lines), actions, more);
        Callback::from(move |at: u64| match lines.get(at as usize).map(|line| &line.shows) {
            Some(SizeShown::Value(row, _)) if row.is_value => actions.select(Target::Node(row.node)),
            Some(SizeShown::Rest { of, more: left, .. }) if *left > 0 => more.emit(*of),
            _ => {}
        })
    };
    let onclick = {
        let (focus, lines, toggle, act) = (focus.clone(), Rc::clone(&lines), toggle.clone(), act.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(at) = dom::data_of(&event, "size-line").and_then(|at| at.parse::<u64>().ok()) else { return };
            focus.set((at, focus.1));
            match (dom::data_of(&event, "act").as_deref(), lines.get(at as usize).map(|line| &line.shows)) {
                (Some("toggle"), Some(SizeShown::Value(row, _))) => toggle.emit(row.node),
                _ => act.emit(at),
            }
        })
    };
    let onkeydown = {
        let (focus, lines, page) = (focus.clone(), Rc::clone(&lines), Rc::clone(&page));
        Callback::from(move |event: KeyboardEvent| {
            let (Some(last), at) = (total.checked_sub(1), focus.0) else { return };
            let Some(line) = lines.get(at as usize) else { return };
            let (group, is_open) = match &line.shows {
                SizeShown::Value(row, is_open) => (row.holds.then_some(row.node), *is_open),
                SizeShown::Rest { .. } => (None, false),
            };
            let above = || (0..at as usize).rev().find(|&other| lines[other].level < line.level);
            let to = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                // A head that is sorted by is no row.
                _ if dom::data_of(&event, "sort").is_some() => return,
                "ArrowRight" if is_open => at + 1,
                "ArrowRight" if group.is_some() => {
                    group.into_iter().for_each(|node| toggle.emit(node));
                    at
                }
                "ArrowLeft" if is_open => {
                    group.into_iter().for_each(|node| toggle.emit(node));
                    at
                }
                "ArrowLeft" => above().map_or(at, |above| above as u64),
                "Enter" | " " => {
                    act.emit(at);
                    at
                }
                other => match moved(other, at, last, *page.borrow()) {
                    Some(to) => to,
                    None => return,
                },
            };
            event.prevent_default();
            event.stop_propagation();
            focus.set((to.min(last), focus.1 + 1));
        })
    };
    let row = {
        let (lines, at, bytes) = (Rc::clone(&lines), focus.0, props.total);
        Callback::from(move |index: u64| match lines.get(index as usize) {
            Some(line) => line_row(index, line, bytes, index == at),
            None => html! { <span key={index.to_string()} hidden=true /> },
        })
    };
    let onwindow = Callback::from(move |window: Window| {
        *page.borrow_mut() = window.page.max(1);
        true
    });
    let head = |by: SizeOrder, words: &'static str| {
        let is_it = by == *order;
        let (order, sort) = (order.clone(), if by == SizeOrder::Path { "ascending" } else { "descending" });
        html! {
            <span role="columnheader" aria-sort={if is_it { sort } else { "none" }}>
                <button class="field-sort" onclick={move |_| order.set(by)} data-sort={words} title={format!("Sort by {words}")}>
                    { words }<span aria-hidden="true">{ if is_it { " ▾" } else { "" } }</span>
                </button>
            </span>
        }
    };
    let header = html! {
        <div class="size-row field-head" role="row" aria-rowindex="1">
            { head(SizeOrder::Path, "value") }
            { head(SizeOrder::Retained, "retained") }
            <span role="columnheader">{ "share" }</span>
            { head(SizeOrder::Own, "own") }
        </div>
    };
    let rests = props.rests.iter().map(|rest| format!("{} {}", rest.what, size_text(rest.bytes))).collect::<Vec<_>>();
    html! {
        <>
            <VirtualList id="size" role="treegrid" label="Sizes by value" class="size-list" {total} columns={4}
                focus={(total > 0).then_some(focus.0)} reveal={focus.1} {header} {row} {onwindow} {onclick} {onkeydown} />
            { for (!rests.is_empty()).then(|| html! { <p class="size-note">{ "Belongs to no value: " }{ rests.join(", ") }</p> }) }
        </>
    }
}

fn line_row(index: u64, line: &SizeLine, total: u64, is_focused: bool) -> Html {
    let class = classes!("size-row", is_focused.then_some("row-focused"));
    let id = format!("size-{index}");
    let indent = format!("padding-inline-start:calc({} * var(--indent))", line.level.min(INDENTED) - 1);
    let (name, bytes, own, expanded) = match &line.shows {
        SizeShown::Value(row, is_open) => {
            (value(row, *is_open), row.retained, Some(row.own), row.holds.then_some(*is_open))
        }
        SizeShown::Rest { more: 0, bytes, .. } => {
            (html! { <span class="size-what">{ "keys, states and arguments" }</span> }, *bytes, None, None)
        }
        SizeShown::Rest { more, bytes, .. } => {
            let words = format!("{}, keys, states and arguments", plural(*more, "smaller value", "smaller values"));
            (
                html! { <><span class="size-what">{ words }</span><span class="link">{ "show more" }</span></> },
                *bytes,
                None,
                None,
            )
        }
    };
    html! {
        <div key={index.to_string()} {id} {class} role="row" aria-rowindex={(index + 2).to_string()} aria-level={line.level.to_string()}
            aria-posinset={line.position.0.to_string()} aria-setsize={line.position.1.to_string()}
            aria-expanded={expanded.map(|open| open.to_string())} data-size-line={index.to_string()}>
            <span role="gridcell" class="size-name" ~style={indent}>{ name }</span>
            <span role="gridcell" class="size-number" title={plural(bytes, "byte", "bytes")}>{ size_text(bytes) }</span>
            <span role="gridcell" class="size-share">{ bar(bytes, total) }<span>{ percent(bytes, total) }</span></span>
            <span role="gridcell" class="size-number" title={own.map(|own| plural(own, "byte", "bytes"))}>
                { own.map_or_else(String::new, size_text) }
            </span>
        </div>
    }
}

fn value(row: &SizeRow, is_open: bool) -> Html {
    let twisty = classes!("twisty", row.holds.then_some(if is_open { "twisty-open" } else { "twisty-closed" }));
    html! {
        <>
            <span class={twisty} data-act={row.holds.then_some("toggle")} aria-hidden="true" />
            <span class="size-path" title={row.path.clone()}>{ path_line(&row.path) }</span>
            <span class="size-what t-type">{ marked(&row.what) }</span>
        </>
    }
}
