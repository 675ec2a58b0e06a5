//! Names with levels and columns: the layers of a model.

use crate::protocol::Target;
use crate::view::card::{Outline, OutlineRow};
use crate::web::actions::use_actions;
use crate::web::components::text::marked;
use crate::web::dom;
use crate::web::format::{grouped, plural};
use crate::web::list_keys::moved;
use crate::web::scroll::Window;
use crate::web::virtual_list::VirtualList;
use std::collections::HashSet;
use std::rc::Rc;
use yew::prelude::*;

/// Rows shown at once.
const SHOWN: usize = 16;
/// Longer outlines begin with only their upper levels open.
const LONG: usize = 60;
/// Rows from whose texts the columns get their widths.
const MEASURED: usize = 5000;
/// Levels that are indented.
const INDENTED: u32 = 12;

/// Properties of [`OutlineView`].
#[derive(Properties, PartialEq)]
pub struct OutlineViewProps {
    /// Place of the section in the card.
    pub index: u32,
    /// The rows.
    pub outline: Outline,
    /// Accessible name.
    pub label: AttrValue,
}

/// Collapsible rows: the WAI-ARIA treegrid pattern, by rows.
#[component]
pub fn OutlineView(props: &OutlineViewProps) -> Html {
    let actions = use_actions();
    let outline = &props.outline;
    let closed = use_state_eq(|| closed_at_first(&outline.rows));
    let focus = use_state_eq(|| (0_u64, 0_u32));
    let page = use_mut_ref(|| 10_u64);
    let visible = use_memo((props.outline.rows.len(), (*closed).clone()), |(_, closed)| visible(&outline.rows, closed));
    let id = AttrValue::from(format!("outline-{}", props.index));
    let layout = use_memo(outline.clone(), |outline| Layout { tracks: tracks(outline), is_number: numbers(outline) });
    let total = visible.len() as u64;
    let toggle = {
        let closed = closed.clone();
        Callback::from(move |row: usize| {
            let mut rows = (*closed).clone();
            if !rows.remove(&row) {
                rows.insert(row);
            }
            closed.set(rows);
        })
    };
    let row = {
        let (visible, closed, id, at, outline) =
            (visible.clone(), closed.clone(), id.clone(), focus.0, outline.clone());
        let layout = Rc::clone(&layout);
        Callback::from(move |index: u64| {
            let place = visible.get(index as usize).copied();
            match place.and_then(|place| outline.rows.get(place).map(|row| (place, row))) {
                Some((place, row)) => {
                    let state = RowState { closed: closed.contains(&place), focused: at == index };
                    outline_row(&id, index, row, &layout, state)
                }
                None => html! { <span key={index.to_string()} hidden=true /> },
            }
        })
    };
    let onwindow = {
        let page = page.clone();
        Callback::from(move |window: Window| {
            *page.borrow_mut() = window.page.max(1);
            true
        })
    };
    let onclick = {
        let (focus, visible, toggle) = (focus.clone(), visible.clone(), toggle.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(index) = dom::data_of(&event, "outline").and_then(|index| index.parse::<u64>().ok()) else {
                return;
            };
            focus.set((index, focus.1));
            if dom::data_of(&event, "act").as_deref() == Some("toggle")
                && let Some(place) = visible.get(index as usize)
            {
                toggle.emit(*place);
            }
        })
    };
    let onkeydown = {
        let (focus, visible, closed, rows) = (focus.clone(), visible.clone(), closed.clone(), outline.rows.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (Some(last), at) = (total.checked_sub(1), focus.0) else { return };
            let Some(place) = visible.get(at as usize).copied() else { return };
            let row = &rows[place];
            let (is_open, page) = (row.is_group && !closed.contains(&place), *page.borrow());
            let to = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                "ArrowRight" if row.is_group && !is_open => {
                    toggle.emit(place);
                    at
                }
                "ArrowRight" if is_open => at + 1,
                "ArrowLeft" if is_open => {
                    toggle.emit(place);
                    at
                }
                "ArrowLeft" => {
                    let above = (0..at as usize).rev().find(|other| rows[visible[*other]].level < row.level);
                    above.map_or(at, |above| above as u64)
                }
                "Enter" => {
                    match row.node {
                        Some(node) => actions.select(Target::Node(node)),
                        None if row.is_group => toggle.emit(place),
                        None => {}
                    }
                    at
                }
                other => match moved(other, at, last, page) {
                    Some(to) => to,
                    None => return,
                },
            };
            event.prevent_default();
            event.stop_propagation();
            focus.set((to.min(last), focus.1 + 1));
        })
    };
    let columns = outline.heads.len();
    let header = html! {
        <div class="outline-row outline-head" role="row" aria-rowindex="1" ~style={layout.tracks.clone()}>
            <span role="columnheader">{ "name" }</span>
            { for outline.heads.iter().zip(&layout.is_number).map(|(head, is_number)| html! {
                <span role="columnheader" class={cell_class(*is_number)}>{ marked(head) }</span>
            }) }
        </div>
    };
    let lines = visible.len().min(SHOWN) + 1;
    html! {
        <>
            <div class="columns-frame" ~style={format!("height:calc({lines} * var(--row) + 2px)")}>
                <VirtualList {id} role="treegrid" label={props.label.clone()} class="outline" {total} columns={columns as u32 + 1}
                    focus={Some(focus.0.min(total.saturating_sub(1)))} reveal={focus.1} {header} {row} {onwindow} {onclick} {onkeydown} />
            </div>
            <p class="more" hidden={outline.more == 0}>
                { format!("{} are left out at the end.", plural(outline.more, "row", "rows")) }
            </p>
        </>
    }
}

/// Where the columns are: as wide as their texts, the same in all rows; the name takes what is left.
fn tracks(outline: &Outline) -> String {
    let mut style = "grid-template-columns:minmax(9rem, 1fr)".to_owned();
    for (column, head) in outline.heads.iter().enumerate() {
        let texts = outline.rows.iter().take(MEASURED).filter_map(|row| row.cells.get(column));
        let longest = texts.chain([head]).map(|text| text.chars().count()).max().unwrap_or_default();
        style.push_str(&format!(" {}ch", longest.clamp(4, 34)));
    }
    style
}

/// Groups that are closed at first: in a long outline those below the second level.
fn closed_at_first(rows: &[OutlineRow]) -> HashSet<usize> {
    if rows.len() <= LONG {
        return HashSet::new();
    }
    rows.iter().enumerate().filter(|(_, row)| row.is_group && row.level >= 1).map(|(place, _)| place).collect()
}

/// The rows that no closed group hides.
fn visible(rows: &[OutlineRow], closed: &HashSet<usize>) -> Vec<usize> {
    let mut hidden_below = None;
    let mut visible = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        if hidden_below.is_some_and(|level| row.level > level) {
            continue;
        }
        hidden_below = closed.contains(&place).then_some(row.level);
        visible.push(place);
    }
    visible
}

/// How the rows are laid out.
struct Layout {
    tracks: String,
    /// Which columns hold numbers, which stand to the right.
    is_number: Vec<bool>,
}

fn numbers(outline: &Outline) -> Vec<bool> {
    let is_number = |column: usize| {
        let mut texts = outline.rows.iter().take(MEASURED).filter_map(|row| row.cells.get(column));
        texts.all(|text| text.chars().next().is_none_or(|first| first.is_ascii_digit()))
    };
    (0..outline.heads.len()).map(is_number).collect()
}

fn cell_class(is_number: bool) -> &'static str {
    if is_number { "outline-cell cell-number" } else { "outline-cell" }
}

#[derive(Clone, Copy)]
struct RowState {
    closed: bool,
    focused: bool,
}

fn outline_row(id: &str, index: u64, row: &OutlineRow, layout: &Layout, state: RowState) -> Html {
    let RowState { closed, focused } = state;
    let twisty = match (row.is_group, closed) {
        (false, _) => "twisty",
        (true, true) => "twisty twisty-closed",
        (true, false) => "twisty twisty-open",
    };
    let name = match row.node {
        Some(node) => html! { <span class="node-link" data-node-link={node.to_string()}>{ marked(&row.name) }</span> },
        None => html! { <span>{ marked(&row.name) }</span> },
    };
    let indent = row.level.min(INDENTED);
    let cell = |column: usize| {
        let text = row.cells.get(column).cloned().unwrap_or_default();
        html! { <span role="gridcell" class={cell_class(layout.is_number[column])} title={text.clone()}>{ marked(&text) }</span> }
    };
    html! {
        <div key={index.to_string()} id={format!("{id}-{index}")} role="row" aria-level={(row.level + 1).to_string()}
            aria-expanded={row.is_group.then(|| (!closed).to_string())} aria-rowindex={(index + 2).to_string()} aria-selected={focused.to_string()}
            class={classes!("outline-row", focused.then_some("row-focused"))} data-outline={index.to_string()} ~style={layout.tracks.clone()}>
            <span role="gridcell" class="outline-name" title={row.name.clone()} ~style={format!("padding-inline-start:calc({indent} * var(--indent))")}>
                <span class={twisty} data-act={row.is_group.then_some("toggle")} aria-hidden="true" />{ name }
                { for (row.level > INDENTED).then(|| html! { <span class="deep">{ format!("L{}", grouped(u64::from(row.level))) }</span> }) }
            </span>
            { for (0..layout.is_number.len()).map(cell) }
        </div>
    }
}
