//! The row above a grid: a condition for its rows, and what became of it.

use super::arranging::Arranging;
use crate::view::card::{Arrangement, RowFilter};
use crate::web::components::text::marked;
use crate::web::format::{grouped, plural};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Properties of [`FilterBar`].
#[derive(Properties, PartialEq)]
pub(super) struct FilterBarProps {
    /// Number of the grid.
    pub(super) id: u32,
    /// Names of the columns that can be chosen: not all of very many.
    pub(super) columns: Vec<String>,
    /// The condition in force.
    pub(super) filter: Option<RowFilter>,
    /// Whether rows are shown in another way than in the file.
    pub(super) is_arranged: bool,
    /// What became of it.
    pub(super) words: String,
    /// Whether the words say that it did not work.
    pub(super) has_failed: bool,
    /// Called with another condition.
    pub(super) onfilter: Callback<Option<RowFilter>>,
    /// Called to show the rows as in the file.
    pub(super) onreset: Callback<()>,
}

/// A column, a condition, and how many rows satisfy it.
#[component]
pub(super) fn FilterBar(props: &FilterBarProps) -> Html {
    let (select, input) = (use_node_ref(), use_node_ref());
    let apply = {
        let (select, input, onfilter) = (select.clone(), input.clone(), props.onfilter.clone());
        Callback::from(move |()| {
            let condition = input.cast::<HtmlInputElement>().map(|input| input.value().trim().to_owned());
            let column = select.cast::<HtmlSelectElement>().and_then(|select| select.value().parse().ok());
            let condition = condition.filter(|condition| !condition.is_empty());
            onfilter.emit(condition.map(|condition| RowFilter { column, condition }));
        })
    };
    let onsubmit = apply.reform(|event: SubmitEvent| event.prevent_default());
    let onchange = {
        let has_filter = props.filter.is_some();
        Callback::from(move |_: Event| {
            if has_filter {
                apply.emit(());
            }
        })
    };
    let onreset = {
        let (input, onreset) = (input.clone(), props.onreset.clone());
        Callback::from(move |_: MouseEvent| {
            input.cast::<HtmlInputElement>().into_iter().for_each(|input| input.set_value(""));
            onreset.emit(());
        })
    };
    let status = format!("grid-status-{}", props.id);
    let chosen = props.filter.as_ref().and_then(|filter| filter.column);
    let option = |(at, name): (usize, &String)| {
        let name = if name.is_empty() { "values" } else { name.as_str() };
        html! { <option key={at} value={at.to_string()} selected={chosen == Some(at as u64)}>{ marked(name) }</option> }
    };
    html! {
        <form class="grid-filter" {onsubmit}>
            <label class="grid-filter-column"><span class="visually-hidden">{ "Column to filter by" }</span>
                <select ref={select} {onchange} hidden={props.columns.len() < 2}>
                    <option value="any" selected={chosen.is_none()}>{ "any column" }</option>
                    { for props.columns.iter().enumerate().map(option) }
                </select>
            </label>
            <input ref={input} class="grid-condition" type="text" aria-label="Condition for rows" placeholder="> 30, = text, missing" spellcheck="false"
                autocomplete="off" aria-describedby={status.clone()} aria-invalid={props.has_failed.then_some("true")} />
            <button class="button button-small" type="submit" data-act="filter">{ "Filter" }</button>
            <div class="grid-outcome">
                <span id={status} class={classes!("grid-status", props.has_failed.then_some("grid-failed"))} role="status">{ marked(&props.words) }</span>
                <span class="grid-hint" hidden={props.is_arranged && props.filter.is_none()}>
                    { if props.filter.is_some() { "Saving takes all rows." } else { "Sort: click a head, or press s." } }
                </span>
                <button class="button button-small" type="button" hidden={!props.is_arranged} onclick={onreset} data-act="unarrange">{ "As in the file" }</button>
            </div>
        </form>
    }
}

/// Whether a condition leaves out, or takes in, all of a day or month, where pandas means its first moment: `> 2024-03-01`.
fn means_whole_days(condition: &str) -> bool {
    let after = || condition.strip_prefix('>').filter(|rest| !rest.starts_with('='));
    let Some(date) = condition.strip_prefix("<=").or_else(after).map(str::trim) else { return false };
    let is_digit_or_dash =
        |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    matches!(date.len(), 7 | 10) && date.bytes().enumerate().all(is_digit_or_dash)
}

/// What became of an arrangement, in words.
pub(super) fn words(arranging: &Arranging, wanted: &Arrangement, total: u64, name: impl Fn(u64) -> String) -> String {
    if let Some(problem) = &arranging.problem {
        let mut letters = problem.chars();
        let problem: String =
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
        return match &arranging.shown.arrangement.filter {
            Some(before) => format!("{problem}. Still shown: the rows for {}", before.condition),
            None => problem,
        };
    }
    let what = if wanted.filter.is_some() { "Filtering" } else { "Sorting" };
    match arranging.progress {
        // Most are there before anyone could read it.
        Some((0, _)) => return String::new(),
        Some((done, all)) => return format!("{what}: {} %", done.saturating_mul(100) / all.max(1)),
        None => {}
    }
    let rows = arranging.shown.rows;
    let mut words = Vec::new();
    if let Some(filter) = &wanted.filter {
        words.push(match rows {
            0 => format!("No row satisfies {}", filter.condition),
            rows => format!("{} of {}", grouped(rows), plural(total, "row", "rows")),
        });
        words.extend(means_whole_days(&filter.condition).then(|| "a date stands for its whole day".to_owned()));
    }
    if let Some(sort) = wanted.sort {
        let way = if sort.descending { "descending" } else { "ascending" };
        let column = Some(name(sort.column)).filter(|name| !name.is_empty());
        words.push(column.map_or_else(|| format!("sorted, {way}"), |name| format!("sorted by {name}, {way}")));
    }
    let words = words.join("; ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
