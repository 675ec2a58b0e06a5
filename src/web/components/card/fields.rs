//! The fields of a value: a row for each key, attribute or item.

use crate::protocol::{Target, ask};
use crate::view::{FieldOrder, FieldRow, FieldSort, Fields, LabelKind};
use crate::web::actions::use_actions;
use crate::web::components::icons::level_class;
use crate::web::components::marks::danger;
use crate::web::components::text::{marked, spaced};
use crate::web::dom;
use crate::web::format::{plural, size_text};
use crate::web::hits::use_hits;
use crate::web::list_keys::moved;
use crate::web::rows::{Source, use_rows};
use crate::web::virtual_list::VirtualList;
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// Rows shown at once.
const SHOWN: u64 = 18;

/// Properties of [`FieldsView`].
#[derive(Properties, PartialEq)]
pub struct FieldsViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Node of the card.
    pub node: u32,
    /// Place of the section in the card.
    pub index: u32,
    /// How many there are.
    pub fields: Fields,
    /// Accessible name.
    pub label: AttrValue,
}

/// The fields of a value; their heads sort them.
#[component]
pub fn FieldsView(props: &FieldsViewProps) -> Html {
    let actions = use_actions();
    let total = props.fields.total;
    let order = use_state_eq(FieldOrder::default);
    let sorted = use_state_eq(|| 0_u32);
    let focus = use_state_eq(|| (0_u64, 0_u32));
    let asked = use_memo((), |()| Rc::new(Cell::new(FieldOrder::default())));
    let rows = {
        let (asked, node) = (Rc::clone(&asked), props.node);
        use_rows((props.generation, *sorted), total, None, move || {
            Source::new(move |first, count| ask::Fields { node, first, count, order: asked.get() }, |rows| rows)
        })
    };
    let id = AttrValue::from(format!("fields-{}", props.index));
    let hits = use_hits(props.generation, || {
        let mut offsets = Vec::new();
        rows.each(|row| offsets.extend(&row.offsets));
        offsets
    });
    let row = {
        let (rows, id, at) = (rows.clone(), id.clone(), focus.0);
        Callback::from(move |index: u64| {
            let row = rows.get(index);
            let is_hit = row.iter().flat_map(|row| &row.offsets).any(|at| hits.contains(at));
            field_row(&id, index, row.as_deref(), index == at, is_hit)
        })
    };
    let onwindow = {
        let rows = rows.clone();
        Callback::from(move |window| rows.want(window))
    };
    let onclick = {
        let focus = focus.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(index) = dom::data_of(&event, "field").and_then(|index| index.parse().ok()) {
                focus.set((index, focus.1));
            }
        })
    };
    let onkeydown = {
        let (focus, rows) = (focus.clone(), rows.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (Some(last), at) = (total.checked_sub(1), focus.0) else { return };
            let page = rows.window().page.max(1);
            let to = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                "Enter" => {
                    // A head that is sorted by is no row.
                    if dom::data_of(&event, "sort").is_some() {
                        return;
                    }
                    if let Some(node) = rows.get(at).and_then(|row| row.node) {
                        actions.select(Target::Node(node));
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
    let sort = {
        let (order, sorted) = (order.clone(), sorted.clone());
        Callback::from(move |by: FieldSort| {
            let next = match *order {
                // Sizes are worth seeing from the largest on.
                now if now.by != by => FieldOrder { by, descending: by == FieldSort::Size },
                FieldOrder { descending, .. } if descending == (by == FieldSort::Size) => {
                    FieldOrder { by, descending: !descending }
                }
                _ => FieldOrder::default(),
            };
            asked.set(next);
            order.set(next);
            sorted.set(*sorted + 1);
        })
    };
    let head = |by: FieldSort, words: &'static str| head(*order, by, words, props.fields.sortable, &sort);
    let header = html! {
        <div class="field-row field-head" role="row" aria-rowindex="1">
            { head(FieldSort::Name, "name") }
            { head(FieldSort::Type, "type") }
            <span role="columnheader">{ "value" }</span>
            { head(FieldSort::Size, "bytes") }
        </div>
    };
    let shown = total.min(SHOWN) + 1;
    html! {
        <>
            <div class="fields-frame" ~style={format!("height:calc({shown} * var(--row) + 2px)")}>
                <VirtualList {id} role="grid" label={props.label.clone()} class="fields" {total} columns={4} focus={Some(focus.0)}
                    reveal={focus.1} {header} {row} {onwindow} {onclick} {onkeydown} />
            </div>
            { rows.again("Some rows") }
        </>
    }
}

/// The head of a column, which sorts by it where that is possible.
fn head(order: FieldOrder, by: FieldSort, words: &'static str, sortable: bool, sort: &Callback<FieldSort>) -> Html {
    if !sortable {
        return html! { <span role="columnheader">{ words }</span> };
    }
    let (state, sign) = match order {
        FieldOrder { by: now, descending } if now == by => {
            if descending {
                ("descending", " ▾")
            } else {
                ("ascending", " ▴")
            }
        }
        _ => ("none", ""),
    };
    let onclick = sort.reform(move |_: MouseEvent| by);
    html! {
        <span role="columnheader" aria-sort={state}>
            <button class="field-sort" {onclick} data-sort={words} title={format!("Sort by {words}")}>
                { words }<span aria-hidden="true">{ sign }</span>
            </button>
        </span>
    }
}

fn field_row(id: &str, index: u64, row: Option<&FieldRow>, focused: bool, is_hit: bool) -> Html {
    let (key, id, rowindex) = (index.to_string(), format!("{id}-{index}"), (index + 2).to_string());
    let Some(row) = row else {
        return html! {
            <div {key} {id} class="field-row" role="row" aria-rowindex={rowindex} data-field={index.to_string()}>
                <span role="gridcell"><span class="visually-hidden">{ "Loading" }</span></span>
                <span role="gridcell"><span class="pending" /></span>
            </div>
        };
    };
    let class = classes!(
        "field-row",
        focused.then_some("row-focused"),
        is_hit.then_some("row-hit"),
        row.danger.as_ref().map(|(level, _)| classes!("row-marked", level_class(*level))),
    );
    let label = match row.label_kind {
        LabelKind::Index | LabelKind::Role | LabelKind::Range => "label-index",
        _ => "label-key",
    };
    let name = match row.node {
        Some(node) => html! { <span class="node-link" data-node-link={node.to_string()}>{ marked(&row.name) }</span> },
        None => marked(&row.name),
    };
    let size = row.size.map(|size| html! {
        <>
            <span class="share" aria-hidden="true"><span class="share-fill" ~style={format!("width:{:.1}%", row.share * 100.0)} /></span>
            <span class="field-bytes" title={format!("{}, {:.1} % of the whole", plural(size, "byte", "bytes"), row.share * 100.0)}>{ size_text(size) }</span>
        </>
    });
    html! {
        <div {key} {id} {class} role="row" aria-rowindex={rowindex} data-field={index.to_string()}>
            <span role="gridcell" class={classes!("field-name", label)} title={row.name.clone()}>{ name }</span>
            <span role="gridcell" class="field-type t-type">{ marked(&row.type_name) }</span>
            <span role="gridcell" class="field-value">
                { for row.danger.iter().map(|(level, text)| danger(*level, text)) }
                { spaced(&row.preview) }
            </span>
            <span role="gridcell" class="field-size">{ for size }</span>
        </div>
    }
}
