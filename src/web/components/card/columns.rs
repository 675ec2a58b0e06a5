//! The columns of a table: dtype, missing values and a small histogram of each.

use super::histogram::sparkline;
use super::statistics::{StatisticsView, go_over, is_complete, is_large};
use crate::protocol::Target;
use crate::view::card::{Column, Histogram, Statistics};
use crate::web::actions::{Actions, use_actions};
use crate::web::components::text::marked;
use crate::web::dom;
use crate::web::format::grouped;
use crate::web::list_keys::moved;
use crate::web::scroll::Window;
use crate::web::virtual_list::VirtualList;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use yew::prelude::*;

/// Columns shown at once.
const SHOWN: usize = 12;
/// Milliseconds before the first column is gone over.
const AFTER_CELLS: i32 = 80;

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

/// What is known of the columns so far. One column is gone over at a time, of those that are visible.
struct Known {
    node: u32,
    parts: Vec<u32>,
    statistics: RefCell<HashMap<u32, Rc<Statistics>>>,
    visible: Cell<Window>,
    busy: Cell<bool>,
    wanted: Rc<Cell<bool>>,
}

impl Known {
    fn next(&self) -> Option<u32> {
        let Window { first, count, .. } = self.visible.get();
        let known = self.statistics.borrow();
        let visible = self.parts.iter().skip(first as usize).take(count as usize);
        visible
            .copied()
            .find(|part| known.get(part).is_none_or(|statistics| !is_complete(statistics) && !is_large(statistics)))
    }

    fn go_on(self: &Rc<Self>, actions: &Actions, update: &UseForceUpdateHandle) {
        if self.busy.get() || !self.wanted.get() {
            return;
        }
        let Some(part) = self.next() else { return };
        self.busy.set(true);
        let (this, again, redraw) = (Rc::clone(self), actions.clone(), update.clone());
        let then = Callback::from(move |statistics: Rc<Statistics>| {
            let complete = is_complete(&statistics) || is_large(&statistics);
            this.statistics.borrow_mut().insert(part, statistics);
            redraw.force_update();
            if complete {
                this.busy.set(false);
                this.go_on(&again, &redraw);
            }
        });
        go_over(actions, (self.node, part), Rc::clone(&self.wanted), (false, None), then);
    }
}

/// The columns of a table; the statistics of the chosen one stand below.
#[component]
pub fn ColumnsView(props: &ColumnsViewProps) -> Html {
    let actions = use_actions();
    let update = use_force_update();
    let focus = use_state_eq(|| (0_u64, 0_u32));
    let chosen = use_state_eq(|| None::<u64>);
    let known = {
        let (node, parts) = (props.node, props.columns.iter().map(|column| column.part).collect());
        use_memo((props.generation, props.node), |_| {
            Rc::new(Known {
                node,
                parts,
                statistics: RefCell::default(),
                visible: Cell::default(),
                busy: Cell::default(),
                wanted: Rc::new(Cell::new(true)),
            })
        })
    };
    {
        let (known, actions, update) = (Rc::clone(&known), actions.clone(), update.clone());
        use_effect_with((), move |()| {
            let begin = Rc::clone(&known);
            dom::after(AFTER_CELLS, move || begin.go_on(&actions, &update));
            move || known.wanted.set(false)
        });
    }
    let id = AttrValue::from(format!("columns-{}", props.index));
    let total = props.columns.len() as u64;
    let row = {
        let (known, id, at, chosen) = (Rc::clone(&known), id.clone(), focus.0, *chosen);
        let columns = props.columns.clone();
        Callback::from(move |index: u64| {
            let Some(column) = columns.get(index as usize) else {
                return html! { <span key={index.to_string()} hidden=true /> };
            };
            let statistics = known.statistics.borrow().get(&column.part).cloned();
            column_row(&id, index, column, statistics.as_deref(), at == index, chosen == Some(index))
        })
    };
    let onwindow = {
        let (known, actions) = (Rc::clone(&known), actions.clone());
        Callback::from(move |window| {
            known.visible.set(window);
            // Before the first one is begun there is nothing to go on with.
            if !known.statistics.borrow().is_empty() {
                known.go_on(&actions, &update);
            }
            true
        })
    };
    let onclick = {
        let (focus, chosen, actions, node) = (focus.clone(), chosen.clone(), actions.clone(), props.node);
        Callback::from(move |event: MouseEvent| {
            if let Some(column) = dom::data_of(&event, "column-link").and_then(|column| column.parse().ok()) {
                actions.select(Target::Column { node, column });
            } else if let Some(index) = dom::data_of(&event, "column").and_then(|index| index.parse().ok()) {
                focus.set((index, focus.1));
                chosen.set(Some(index));
            }
        })
    };
    let onkeydown = {
        let (focus, chosen, columns) = (focus.clone(), chosen.clone(), props.columns.clone());
        let node = props.node;
        Callback::from(move |event: KeyboardEvent| {
            let (Some(last), at) = (total.checked_sub(1), focus.0) else { return };
            let to = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                " " => {
                    chosen.set(Some(at));
                    at
                }
                "Enter" => {
                    match columns.get(at as usize).filter(|column| column.has_row) {
                        Some(column) => actions.select(Target::Column { node, column: u64::from(column.part) }),
                        None => chosen.set(Some(at)),
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
    let details = chosen.and_then(|index| props.columns.get(index as usize)).map(|column| html! {
        <div key={column.part} class="column-details" role="region" aria-label={format!("Statistics of {}", column.name)}>
            <h4>{ marked(&column.name) }{ " " }<span class="t-dim">{ marked(&column.dtype) }</span></h4>
            <StatisticsView key={column.part} generation={props.generation} node={props.node} part={column.part} />
        </div>
    });
    html! {
        <>
            <div class="columns-frame" ~style={format!("height:calc({rows} * var(--row) + 2px)")}>
                <VirtualList {id} role="grid" label={props.label.clone()} class="columns" {total} columns={4} focus={Some(focus.0)}
                    reveal={focus.1} {header} {row} {onwindow} {onclick} {onkeydown} />
            </div>
            <div class="columns-details">{ for details }</div>
        </>
    }
}

fn column_row(
    id: &str,
    index: u64,
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
        true => html! { <span class="node-link" data-column-link={index.to_string()}>{ marked(&column.name) }</span> },
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
