//! The members as a table: the files that were opened, and what is in them. The WAI-ARIA treegrid pattern, by rows.

use super::icons::{level_class, level_icon};
use super::text::marked;
use crate::opcode::visible;
use crate::protocol::{Part, ask};
use crate::safety::Level;
use crate::view::{FileReport, MemberOrder, MemberRow, MemberSort};
use crate::web::actions::{Actions, use_actions};
use crate::web::dom;
use crate::web::format::{plural, size_text};
use crate::web::list_keys::moved;
use crate::web::rows::{Rows, Source, use_rows};
use crate::web::state::{Action, Place};
use crate::web::type_ahead::TypeAhead;
use crate::web::virtual_list::VirtualList;
use std::rc::Rc;
use yew::prelude::*;

/// Levels that are indented.
const INDENTED: u32 = 16;

/// Properties of [`Contents`].
#[derive(Properties, PartialEq)]
pub struct ContentsProps {
    /// Number of the file.
    pub generation: u32,
    /// Raised when rows change their places.
    pub version: u32,
    /// Number of rows.
    pub total: u64,
    /// The row that has the keyboard.
    pub place: Place,
    /// How they are sorted.
    pub order: MemberOrder,
    /// The audit of everything that was opened, once it is there.
    pub report: Option<Rc<FileReport>>,
}

/// The members, with heads that sort them.
#[component]
pub fn Contents(props: &ContentsProps) -> Html {
    let actions = use_actions();
    let rows = use_rows((props.generation, props.version), props.total, None, || {
        Source::new(|first, count| ask::Members { first, count }, |window| window.rows)
    });
    let typed = use_memo((), |()| TypeAhead::default());
    let row = {
        let (rows, focus, report) = (rows.clone(), props.place.row, props.report.clone());
        Callback::from(move |index: u64| {
            let row = rows.get(index);
            let worst = row.as_ref().zip(report.as_ref()).and_then(|(row, report)| worst_in(report, row.member));
            html! { <ContentsRow key={index.to_string()} {index} {row} {worst} focused={index == focus} /> }
        })
    };
    let onwindow = {
        let rows = rows.clone();
        Callback::from(move |window| rows.want(window))
    };
    let onclick = {
        let (actions, rows) = (actions.clone(), rows.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(index) = dom::data_of(&event, "contents").and_then(|row| row.parse().ok()) else { return };
            let Some(row) = rows.get(index) else { return };
            match row.expanded {
                Some(open) if dom::data_of(&event, "act").as_deref() == Some("toggle") => {
                    actions.toggle_member(index, !open);
                }
                _ => choose(&row, &actions),
            }
        })
    };
    let again = rows.again("Some rows");
    let header = header(props.order, (props.total <= MemberOrder::MOST).then(|| actions.clone()));
    let onkeydown = {
        let drawn = (props.place.row, props.total);
        Callback::from(move |event: KeyboardEvent| {
            let (focus, total) =
                actions.now(|state| state.shown().map_or(drawn, |open| (open.member.row, open.members)));
            // A head that is pressed is no row.
            if !(event.ctrl_key() || event.meta_key() || event.alt_key())
                && dom::data_of(&event, "sort").is_none()
                && key(&event.key(), focus, total, &actions, &rows, &typed)
            {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    html! {
        <>
        <VirtualList key="list" id="contents" role="treegrid" label="Contents" class="members" total={props.total} columns={6}
            focus={Some(props.place.row)} reveal={props.place.reveal} {header} {row} {onwindow} {onclick} {onkeydown} />
        { again }
        </>
    }
}

/// The heads of the columns. Those of numbers and names sort; without `sorting` there are too many rows for that.
fn header(order: MemberOrder, sorting: Option<Actions>) -> Html {
    let head = |by: MemberSort, class: &'static str, words: &'static str| {
        let Some(actions) = sorting.clone().filter(|_| by != MemberSort::Place) else {
            return html! { <span role="columnheader" {class}>{ words }</span> };
        };
        let (state, sign) = match (order.by == by, order.descending) {
            (false, _) => ("none", ""),
            (true, true) => ("descending", " ▾"),
            (true, false) => ("ascending", " ▴"),
        };
        let onclick = Callback::from(move |_: MouseEvent| actions.sort_members(by));
        html! {
            <span role="columnheader" {class} aria-sort={state}>
                <button class="field-sort" {onclick} data-sort={words} title={format!("Sort by {}", words.to_lowercase())}>
                    { words }<span aria-hidden="true">{ sign }</span>
                </button>
            </span>
        }
    };
    html! {
        <div class="member-row field-head" role="row" aria-rowindex="1">
            { head(MemberSort::Name, "member-cell", "Name") }
            { head(MemberSort::Place, "member-kind", "Kind") }
            { head(MemberSort::Place, "member-holds", "Holds") }
            { head(MemberSort::Packed, "member-packed", "Packed") }
            { head(MemberSort::Size, "member-size", "Size") }
            { head(MemberSort::Verdict, "member-verdict", "Verdict") }
        </div>
    }
}

/// The worst finding in a member, in its level and words.
fn worst_in(report: &FileReport, member: u32) -> Option<(Level, String)> {
    let findings =
        report.findings.iter().filter(|finding| finding.member == member && finding.level >= Level::Suspicious);
    findings.max_by_key(|finding| finding.level).map(|finding| (finding.level, finding.explanation.clone()))
}

/// Shows a member; a folder opens or closes instead.
fn choose(row: &MemberRow, actions: &Actions) {
    if row.can_show {
        actions.dispatch(Action::MemberMoved { row: row.row });
        actions.show(Part::Inside(row.member), &row.name, None);
    } else if let Some(open) = row.expanded {
        actions.toggle_member(row.row, !open);
    }
}

/// What a key does; `false` when it is not the tree's.
fn key(key: &str, focus: u64, total: u64, actions: &Actions, rows: &Rows<MemberRow>, typed: &TypeAhead) -> bool {
    let Some(last) = total.checked_sub(1) else { return false };
    let page = rows.window().page.max(1);
    let current = rows.get(focus);
    let expanded = current.as_ref().and_then(|row| row.expanded);
    let go = |row: u64| actions.dispatch(Action::MemberMoved { row: row.min(last) });
    if let Some(row) = moved(key, focus, last, page) {
        go(row);
        return true;
    }
    match key {
        "ArrowRight" if expanded == Some(false) => actions.toggle_member(focus, true),
        "ArrowRight" if expanded == Some(true) => go(focus + 1),
        "ArrowLeft" if expanded == Some(true) => actions.toggle_member(focus, false),
        "ArrowLeft" => {
            if let Some(parent) = current.and_then(|row| row.parent) {
                go(parent);
            }
        }
        "Enter" => current.iter().for_each(|row| choose(row, actions)),
        " " if typed.is_empty() => current.iter().for_each(|row| choose(row, actions)),
        // Keys of the page, unless in the middle of a word.
        "/" => return false,
        "c" | "?" | "[" | "]" if typed.is_empty() => return false,
        text if text.chars().count() == 1 => {
            let (from, prefix) = typed.add(text, focus, last);
            let found = actions.clone();
            actions.ask(ask::FindMember { from, prefix }, move |found_row| {
                if let Some(row) = found_row {
                    found.dispatch(Action::MemberMoved { row });
                }
            });
        }
        _ => return false,
    }
    true
}

/// Properties of [`ContentsRow`].
#[derive(Properties, PartialEq)]
pub struct ContentsRowProps {
    /// Its position among all rows.
    pub index: u64,
    /// The row; `None` while it is on its way.
    pub row: Option<Rc<MemberRow>>,
    /// The worst of what was found in it.
    pub worst: Option<(Level, String)>,
    /// Whether it has the keyboard.
    pub focused: bool,
}

/// One row of the table of members.
#[component]
pub fn ContentsRow(props: &ContentsRowProps) -> Html {
    let (id, rowindex) = (format!("contents-{}", props.index), (props.index + 2).to_string());
    let Some(row) = &props.row else {
        return html! {
            <div {id} class="member-row row-pending" role="row" aria-rowindex={rowindex} data-contents={props.index.to_string()}>
                <span role="gridcell"><span class="visually-hidden">{ "Loading" }</span><span class="pending" /></span>
            </div>
        };
    };
    let class = classes!(
        "member-row",
        props.worst.as_ref().map(|(level, _)| classes!("row-marked", level_class(*level))),
        (!row.can_show).then_some("member-folder"),
        props.focused.then_some("row-focused"),
        row.shown.then_some("row-selected"),
    );
    let bytes =
        |bytes: Option<u64>| bytes.map(|bytes| (plural(bytes, "byte", "bytes"), size_text(bytes))).unwrap_or_default();
    let (packed, size) = (bytes(row.packed), bytes(row.size));
    html! {
        <div {id} {class} role="row" aria-rowindex={rowindex} data-contents={row.row.to_string()} data-member={row.member.to_string()}
            data-name={visible(&row.name).into_owned()} aria-level={row.level.to_string()} aria-setsize={row.siblings.to_string()}
            aria-posinset={row.position.to_string()} aria-expanded={row.expanded.map(|open| open.to_string())}
            aria-selected={row.shown.to_string()}>
            { name_cell(row) }
            <span role="gridcell" class="member-kind t-type" title={visible(row.kind()).into_owned()}>{ marked(row.kind()) }</span>
            <span role="gridcell" class="member-holds t-num" title={visible(&row.holds).into_owned()}>{ marked(&row.holds) }</span>
            <span role="gridcell" class="member-packed" title={packed.0}>{ packed.1 }</span>
            <span role="gridcell" class="member-size size" title={size.0}>{ size.1 }</span>
            <span role="gridcell" class="member-verdict">{ verdict(row, props.worst.as_ref()) }</span>
        </div>
    }
}

fn name_cell(row: &MemberRow) -> Html {
    let indent = row.level.saturating_sub(1).min(INDENTED);
    let twisty = match row.expanded {
        None => "twisty",
        Some(false) => "twisty twisty-closed",
        Some(true) => "twisty twisty-open",
    };
    html! {
        <span role="gridcell" class="member-cell" ~style={format!("padding-inline-start:min({indent} * var(--indent), 40%)")}>
            <span class={twisty} data-act={row.expanded.map(|_| "toggle")} aria-hidden="true" />
            <span class="member-name" title={visible(&row.name).into_owned()}>{ marked(&row.name) }</span>
            <span class="member-shown" hidden={!row.shown}>{ "shown" }</span>
        </span>
    }
}

/// The worst that was found, or what loading it does without that; then what is odd about it.
fn verdict(row: &MemberRow, worst: Option<&(Level, String)>) -> Html {
    let level = worst.map(|(level, _)| *level).or(row.verdict).map(|level| {
        let words = worst.map(|(_, words)| format!(": {words}")).unwrap_or_default();
        let word = row.verdict_word().filter(|_| worst.is_none()).unwrap_or(level.word());
        html! {
            <span class={classes!("member-level", level_class(level))} title={format!("{word}{words}")}
                data-mark={worst.map(|_| "danger")}>
                { level_icon(level) }<span class="member-word">{ word }</span>
                <span class="visually-hidden">{ marked(&words) }</span>
            </span>
        }
    });
    let notes = (!row.notes.is_empty()).then(|| {
        let all = row.notes.join("\n");
        let more = if row.notes.len() > 1 { format!(" (+{})", row.notes.len() - 1) } else { String::new() };
        html! { <span class="chip chip-problem" data-mark="odd" title={all}><span class="chip-words">{ marked(&format!("{}{more}", row.notes[0])) }</span></span> }
    });
    html! { <>{ for level }{ for notes }</> }
}
