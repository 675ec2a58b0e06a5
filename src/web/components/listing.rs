//! The disassembly.

use super::doc::OpcodeDoc;
use super::icons::level_class;
use super::marks::danger;
use super::text::marked;
use crate::protocol::{Target, ask};
use crate::view::{OpcodeRow, OpcodeRowKind};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::{hex, plural};
use crate::web::hits::use_hits;
use crate::web::list_keys::moved;
use crate::web::rows::{Source, use_rows};
use crate::web::state::Place;
use crate::web::virtual_list::VirtualList;
use std::rc::Rc;
use yew::prelude::*;

/// MARKs that are indented.
const INDENTED: u32 = 24;

/// Properties of [`Listing`].
#[derive(Properties, PartialEq)]
pub struct ListingProps {
    /// Number of the file.
    pub generation: u32,
    /// Number of rows.
    pub total: u64,
    /// The row that has the keyboard.
    pub place: Place,
}

/// The disassembly, and the documentation of the selected opcode.
#[component]
pub fn Listing(props: &ListingProps) -> Html {
    let actions = use_actions();
    let rows = use_rows((props.generation, 0), props.total, None, || {
        Source::new(|first, count| ask::Opcodes { first, count }, |window| window.rows)
    });
    let hits = use_hits(props.generation, || {
        let mut offsets = Vec::new();
        rows.each(|row| offsets.push(row.offset));
        offsets
    });
    let row = {
        let (rows, focus) = (rows.clone(), props.place.row);
        Callback::from(move |index: u64| {
            let row = rows.get(index);
            let is_hit = row.as_ref().is_some_and(|row| hits.contains(&row.offset));
            html! { <ListingRow {index} {row} selected={index == focus} {is_hit} /> }
        })
    };
    let onwindow = {
        let rows = rows.clone();
        Callback::from(move |window| rows.want(window))
    };
    let onclick = {
        let actions = actions.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(index) = dom::data_of(&event, "opcode").and_then(|row| row.parse().ok()) {
                actions.select(Target::Opcode(index));
            }
        })
    };
    let onkeydown = {
        let (drawn, total, rows) = (props.place.row, props.total, rows.clone());
        Callback::from(move |event: KeyboardEvent| {
            let focus = actions.now(|state| state.shown().map_or(drawn, |open| open.listing.row));
            let Some(last) = total.checked_sub(1) else { return };
            let page = rows.window().page.max(1);
            let row = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                "Enter" | " " => focus,
                other => match moved(other, focus, last, page) {
                    Some(to) => to,
                    None => return,
                },
            };
            event.prevent_default();
            event.stop_propagation();
            actions.select(Target::Opcode(row.min(last)));
        })
    };
    let header = html! {
        <div class="op op-head" role="row" aria-rowindex="1">
            <span role="columnheader" class="op-offset">{ "Offset" }</span>
            <span role="columnheader" class="op-name">{ "Opcode" }</span>
            <span role="columnheader" class="op-argument">{ "Argument" }</span>
            <span role="columnheader" class="op-note">{ "Note" }</span>
        </div>
    };
    let current = rows.get(props.place.row).filter(|row| row.kind == OpcodeRowKind::Instruction);
    html! {
        <>
            <VirtualList key="list" id="opcodes" role="grid" label="Opcodes" class="listing" total={props.total} columns={4} is_recycling=true
                focus={Some(props.place.row)} reveal={props.place.reveal} {header} {row} {onwindow} {onclick} {onkeydown} />
            { rows.again("Some rows") }
            <OpcodeDoc key="doc" byte={current.map(|row| row.byte)} />
        </>
    }
}

/// Properties of [`ListingRow`].
#[derive(Properties, PartialEq)]
pub struct ListingRowProps {
    /// Its position in the listing.
    pub index: u64,
    /// The row; `None` while it is on its way.
    pub row: Option<Rc<OpcodeRow>>,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether the search in the find bar found it.
    #[prop_or_default]
    pub is_hit: bool,
}

/// One row of the disassembly.
#[component]
pub fn ListingRow(props: &ListingRowProps) -> Html {
    let id = format!("opcodes-{}", props.index);
    // The header is row 1.
    let rowindex = (props.index + 2).to_string();
    // While a row is on its way, the elements of the one before stay, out of sight: as in rows of bytes.
    let drawn = use_mut_ref(|| None::<Rc<OpcodeRow>>);
    if props.row.is_some() {
        drawn.replace(props.row.clone());
    }
    let is_here = props.row.is_some();
    let Some(row) = &*drawn.borrow() else {
        return html! {
            <div {id} class="op" role="row" aria-rowindex={rowindex} data-opcode={props.index.to_string()}>
                <span role="gridcell"><span class="visually-hidden">{ "Loading" }</span></span>
                <span role="gridcell"><span class="pending" /></span>
            </div>
        };
    };
    let level = row.danger.as_ref().filter(|_| is_here).map(|(level, _)| *level);
    let class = classes!(
        "op",
        (!is_here).then_some("op-pending"),
        props.selected.then_some("row-selected"),
        props.is_hit.then_some("row-hit"),
        (row.kind != OpcodeRowKind::Instruction).then_some("op-part"),
        level.map(|level| classes!("row-marked", level_class(level))),
    );
    let indent = row.depth.min(INDENTED);
    html! {
        <div {id} {class} role="row" aria-rowindex={rowindex} aria-selected={props.selected.to_string()}
            data-opcode={props.index.to_string()} data-offset={is_here.then(|| row.offset.to_string())} data-name={is_here.then(|| row.name.clone())}>
            <span role="gridcell" class="op-offset" title={hex(row.offset)}>{ row.offset.to_string() }</span>
            <span role="gridcell" class="op-name" ~style={format!("padding-inline-start:calc({indent} * var(--indent-opcode))")}>
                { marked(&name(row)) }
            </span>
            <span role="gridcell" class="op-argument" title={row.argument.clone()}>{ marked(&row.argument) }</span>
            <span role="gridcell" class="op-note" title={row.note.clone()}>
                { for row.danger.iter().map(|(level, text)| danger(*level, text)) }
                <span>{ marked(&row.note) }</span>
            </span>
        </div>
    }
}

/// The opcode, or what stands in its place.
#[must_use]
pub fn name(row: &OpcodeRow) -> String {
    match row.kind {
        OpcodeRowKind::Instruction | OpcodeRowKind::Raw => row.name.clone(),
        OpcodeRowKind::Damage => "reading stopped".to_owned(),
        OpcodeRowKind::Trailing => plural(row.length, "trailing byte", "trailing bytes"),
    }
}
