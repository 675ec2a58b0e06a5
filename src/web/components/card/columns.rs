//! The columns of a table: dtype, missing values and a small histogram of each.

use super::column_statistics::{Shows, use_column_statistics};
use super::histogram::sparkline;
use super::statistics::{StatisticsView, is_complete};
use crate::protocol::Target;
use crate::view::card::{Column, Histogram, Statistics};
use crate::web::actions::use_actions;
use crate::web::components::text::marked;
use crate::web::dom;
use crate::web::format::grouped;
use crate::web::list_keys::moved;
use crate::web::scroll::Window;
use crate::web::virtual_list::VirtualList;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Columns shown at once.
const SHOWN: usize = 12;

/// Properties of [`ColumnsView`].
#[derive(Properties, PartialEq)]
pub struct ColumnsViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Node of the card.
    pub node: u32,
    /// Place of the section in the card.
    pub index: u32,
    /// The columns.
    pub columns: Vec<Column>,
    /// Accessible name.
    pub label: AttrValue,
}

/// The columns of a table; the statistics of the chosen one stand below.
#[component]
pub fn ColumnsView(props: &ColumnsViewProps) -> Html {
    let actions = use_actions();
    let focus = use_state_eq(|| (0_u64, 0_u32));
    let chosen = use_state_eq(|| None::<usize>);
    let filter = use_state_eq(String::new);
    let known = use_column_statistics(Shows::List);
    let id = AttrValue::from(format!("columns-{}", props.index));
    let shown = use_memo((filter.to_lowercase(), props.columns.clone()), |(filter, columns)| named(columns, filter));
    let total = shown.len() as u64;
    let row = {
        let (known, id, at, chosen) = (known.clone(), id.clone(), focus.0, *chosen);
        let (columns, shown) = (props.columns.clone(), Rc::clone(&shown));
        Callback::from(move |index: u64| {
            let Some((number, column)) = shown.get(index as usize).and_then(|at| Some((*at, columns.get(*at)?))) else {
                return html! { <span key={index.to_string()} hidden=true /> };
            };
            let statistics = known.as_ref().and_then(|known| known.of(column.part));
            column_row((&id, index, number), column, statistics.as_deref(), at == index, chosen == Some(number))
        })
    };
    let window = use_memo((), |()| Cell::new(Window::default()));
    let want = {
        let (known, columns, shown) = (known.clone(), props.columns.clone(), Rc::clone(&shown));
        let window = Rc::clone(&window);
        move || {
            let Window { first, count, .. } = window.get();
            let visible = shown.iter().skip(first as usize).take(count as usize);
            let parts = visible.filter_map(|at| columns.get(*at)).map(|column| column.part).collect();
            if let Some(known) = &known {
                known.want(Shows::List, parts);
            }
        }
    };
    // Other columns may stand in the same window.
    {
        let want = want.clone();
        use_effect_with((known, Rc::clone(&shown)), move |_| want());
    }
    let onwindow = Callback::from(move |visible: Window| {
        window.set(visible);
        want();
        true
    });
    let onclick = {
        let (focus, chosen, shown, node) = (focus.clone(), chosen.clone(), Rc::clone(&shown), props.node);
        let actions = actions.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(column) = dom::data_of(&event, "column-link").and_then(|column| column.parse().ok()) {
                actions.select(Target::Column { node, column });
            } else if let Some(index) = dom::data_of(&event, "column").and_then(|index| index.parse().ok()) {
                focus.set((index, focus.1));
                chosen.set(shown.get(index as usize).copied());
            }
        })
    };
    let onkeydown = {
        let (focus, chosen, columns) = (focus.clone(), chosen.clone(), props.columns.clone());
        let (node, shown) = (props.node, Rc::clone(&shown));
        Callback::from(move |event: KeyboardEvent| {
            let (Some(last), at) = (total.checked_sub(1), focus.0) else { return };
            let number = shown.get(at as usize).copied();
            let to = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                " " => {
                    chosen.set(number);
                    at
                }
                "Enter" => {
                    match number.and_then(|number| columns.get(number)).filter(|column| column.has_row) {
                        Some(column) => actions.select(Target::Column { node, column: u64::from(column.part) }),
                        None => chosen.set(number),
                    }
                    at
                }
                other => match moved(other, at, last, SHOWN as u64) {
                    Some(to) => to,
                    None => return,
                },
            };
            event.prevent_default();
            event.stop_propagation();
            focus.set((to.min(last), focus.1 + 1));
        })
    };
    let header = html! {
        <div class="column-row column-head" role="row" aria-rowindex="1">
            <span role="columnheader">{ "column" }</span><span role="columnheader">{ "dtype" }</span>
            <span role="columnheader">{ "missing" }</span><span role="columnheader">{ "distribution" }</span>
        </div>
    };
    let rows = props.columns.len().min(SHOWN) + 1;
    let details = chosen.and_then(|index| props.columns.get(index)).map(|column| html! {
        <div key={column.part} class="column-details" role="region" aria-label={format!("Statistics of {}", column.name)}>
            <h4>{ marked(&column.name) }{ " " }<span class="t-dim">{ marked(&column.dtype) }</span></h4>
            <StatisticsView key={column.part} generation={props.generation} node={props.node} part={column.part} />
        </div>
    });
    let onfilter = {
        let (focus, filter) = (focus.clone(), filter.clone());
        Callback::from(move |text: String| {
            focus.set((0, focus.1));
            filter.set(text);
        })
    };
    html! {
        <>
            { for (props.columns.len() > SHOWN).then(|| filter_box(&id, &filter, (shown.len(), props.columns.len()), onfilter)) }
            <div class="columns-frame" ~style={format!("height:calc({rows} * var(--row) + 2px)")}>
                <VirtualList {id} role="grid" label={props.label.clone()} class="columns" {total} columns={4} focus={Some(focus.0)}
                    reveal={focus.1} {header} {row} {onwindow} {onclick} {onkeydown} />
            </div>
            <div class="columns-details">{ for details }</div>
        </>
    }
}

/// The columns whose names contain a text in small letters.
fn named(columns: &[Column], text: &str) -> Vec<usize> {
    let is_named = |column: &Column| column.name.to_lowercase().contains(text);
    columns.iter().enumerate().filter(|(_, column)| is_named(column)).map(|(at, _)| at).collect()
}

/// A box for a part of a name, and how many columns have it.
fn filter_box(id: &str, text: &str, (shown, all): (usize, usize), onfilter: Callback<String>) -> Html {
    let words = match shown {
        _ if text.is_empty() => String::new(),
        0 => "No column has this in its name.".to_owned(),
        shown => format!("{} of {} columns", grouped(shown as u64), grouped(all as u64)),
    };
    let oninput = onfilter
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value().trim().to_owned());
    let words_id = format!("{id}-words");
    html! {
        <div class="column-finder">
            <input type="search" aria-label="Filter the columns by name" placeholder="Filter columns" spellcheck="false" autocomplete="off"
                aria-describedby={words_id.clone()} {oninput} />
            <span id={words_id} class="column-finder-words" role="status">{ words }</span>
        </div>
    }
}

/// A row of the list: its place there, and the number of the column.
fn column_row(
    (id, index, number): (&str, u64, usize),
    column: &Column,
    statistics: Option<&Statistics>,
    focused: bool,
    chosen: bool,
) -> Html {
    let class = classes!("column-row", focused.then_some("row-focused"), chosen.then_some("row-selected"));
    let missing = statistics.and_then(missing).unwrap_or_default();
    let distribution = statistics.map(|statistics| match (&statistics.histogram, statistics.frequent.first()) {
        (Some(histogram), _) => {
            let ends = ends(statistics, histogram);
            html! { <>{ sparkline(histogram) }<span class="column-ends" title={ends.clone()}>{ marked(&ends) }</span></> }
        }
        (None, Some((name, count))) => {
            html! { <span class="column-ends">{ marked(&format!("{name} × {}", grouped(*count))) }</span> }
        }
        _ => html! { <span class="column-ends">{ for statistics.problem.as_deref().map(marked) }</span> },
    });
    let name = match column.has_row {
        true => html! { <span class="node-link" data-column-link={number.to_string()}>{ marked(&column.name) }</span> },
        false => marked(&column.name),
    };
    html! {
        <div key={index.to_string()} id={format!("{id}-{index}")} {class} role="row" aria-rowindex={(index + 2).to_string()}
            aria-selected={chosen.to_string()} data-column={index.to_string()} data-complete={statistics.is_some_and(is_complete).to_string()}>
            <span role="gridcell" class="column-name" title={column.name.clone()}>{ name }</span>
            <span role="gridcell" class="column-dtype">{ marked(&column.dtype) }</span>
            <span role="gridcell" class="column-missing">{ missing }</span>
            <span role="gridcell" class="column-distribution">
                { distribution.unwrap_or_else(|| html! { <span class="pending" /> }) }
            </span>
        </div>
    }
}

/// What stands under the name of a column in a grid: a histogram of numbers, the most frequent value of anything else.
pub(super) fn head_statistics(statistics: &Statistics) -> Html {
    match (&statistics.histogram, statistics.frequent.first()) {
        (Some(histogram), _) => sparkline(histogram),
        (None, Some((name, count))) => {
            html! { <span class="column-ends">{ marked(&format!("{name} × {}", grouped(*count))) }</span> }
        }
        (None, None) => Html::default(),
    }
}

/// The same in words, and how many values are missing.
pub(super) fn statistics_words(statistics: &Statistics) -> String {
    let mut words = match (&statistics.histogram, statistics.frequent.first()) {
        (Some(histogram), _) => ends(statistics, histogram),
        (None, Some((name, count))) => format!("{name} × {}", grouped(*count)),
        (None, None) => String::new(),
    };
    if let Some(missing) = missing(statistics).filter(|missing| missing != "0") {
        words.push_str(&format!(", {missing} missing"));
    }
    words
}

/// The least and the greatest value; the ends of the histogram, which are rounded, only where those are not known.
fn ends(statistics: &Statistics, histogram: &Histogram) -> String {
    let fact = |name: &str| statistics.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str());
    format!("{} … {}", fact("min").unwrap_or(&histogram.low), fact("max").unwrap_or(&histogram.high))
}

/// How many values are missing, as the statistics say it.
fn missing(statistics: &Statistics) -> Option<String> {
    const NAMES: [&str; 6] = ["missing", "NaN", "NaT", "masked", "NaN or masked", "NaT or masked"];
    let fact = statistics.facts.iter().find(|fact| NAMES.contains(&fact.name.as_str()));
    match fact {
        Some(fact) => Some(fact.value.clone()),
        None if is_complete(statistics) && statistics.problem.is_none() => Some("0".to_owned()),
        None => None,
    }
}
