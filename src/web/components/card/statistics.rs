//! What was counted and measured over many values.

use super::bars::row;
use super::facts::facts;
use super::histogram::HistogramView;
use crate::protocol::ask;
use crate::view::card::{Bar, Statistics};
use crate::web::actions::{Actions, use_actions};
use crate::web::components::again::Again;
use crate::web::dom;
use crate::web::format::grouped;
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// Milliseconds before the first values are gone over: what is looked at first, cells and heads, is asked for before.
const AFTER_CELLS: i32 = 60;

/// So many values are gone over unasked: a second or two. Of a file larger than memory only what is looked at is read.
pub const UNASKED: u64 = 8_000_000;

/// Whether going over the rest waits for the reader's word.
#[must_use]
pub fn is_large(statistics: &Statistics) -> bool {
    !is_complete(statistics) && statistics.progress.1 > UNASKED
}

/// Whether all values were gone over, or no more of them will be.
#[must_use]
pub fn is_complete(statistics: &Statistics) -> bool {
    statistics.problem.is_some() || statistics.progress.0 >= statistics.progress.1
}

/// Asks again and again until all values are gone over, or nobody wants to know any more. Of very many values only the
/// first are gone over, unless `all` are wanted.
pub(crate) fn go_over(
    actions: &Actions,
    (node, part): (u32, u32),
    wanted: Rc<Cell<bool>>,
    (all, before): (bool, Option<u64>),
    then: Callback<Rc<Statistics>>,
) {
    let next = actions.clone();
    actions.inquire(ask::Statistics { node, part }, move |reply| {
        if !wanted.get() {
            return;
        }
        let mut statistics = reply.unwrap_or_else(|why| Statistics { problem: Some(why), ..Statistics::default() });
        let reached = statistics.progress.0;
        if before == Some(reached) && !is_complete(&statistics) {
            statistics.problem = Some("the rest could not be read".to_owned());
        }
        let goes_on = !is_complete(&statistics) && (all || !is_large(&statistics));
        then.emit(Rc::new(statistics));
        if goes_on {
            go_over(&next, (node, part), wanted, (all, Some(reached)), then);
        }
    });
}

/// Properties of [`StatisticsView`].
#[derive(Properties, PartialEq)]
pub struct StatisticsViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Node of the card.
    pub node: u32,
    /// The part.
    pub part: u32,
}

/// Statistics that grow while the values are gone over. Mounted anew for every part.
#[component]
pub fn StatisticsView(props: &StatisticsViewProps) -> Html {
    let actions = use_actions();
    let statistics = use_state(|| None::<Rc<Statistics>>);
    let all = use_state_eq(|| false);
    let attempt = use_state_eq(|| 0_u32);
    {
        let setter = statistics.setter();
        use_effect_with((props.generation, props.node, props.part, *all, *attempt), move |&(_, node, part, all, _)| {
            let wanted = Rc::new(Cell::new(true));
            let begin = Rc::clone(&wanted);
            let then = Callback::from(move |found| setter.set(Some(found)));
            dom::after(AFTER_CELLS, move || {
                if begin.get() {
                    go_over(&actions, (node, part), begin, (all, None), then);
                }
            });
            move || wanted.set(false)
        });
    }
    let Some(statistics) = (*statistics).clone() else {
        return html! { <div class="statistics statistics-waiting"><span class="pending" /></div> };
    };
    let (gone, total) = statistics.progress;
    let go_on = (is_large(&statistics) && !*all).then(|| {
        let onclick = Callback::from(move |_: MouseEvent| all.set(true));
        html! { <button class="button button-small" {onclick} data-act="go-over-all">{ "Read all" }</button> }
    });
    html! {
        <div class="statistics" data-complete={is_complete(&statistics).to_string()}>
            <p class="statistics-progress" hidden={is_complete(&statistics)}>
                <progress max={total.max(1).to_string()} value={gone.to_string()} aria-label="Values read" />
                { format!("{} of {} values read", grouped(gone), grouped(total)) }
                { for go_on }
            </p>
            { for statistics.problem.clone().map(|why| {
                let attempt = attempt.clone();
                let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
                html! { <Again what="The rest" {why} {onagain} /> }
            }) }
            { facts(&statistics.facts) }
            <div class="statistics-histogram">
                { for statistics.histogram.clone().map(|histogram| html! { <HistogramView {histogram} /> }) }
            </div>
            <div class="statistics-frequent">{ frequent(&statistics) }</div>
        </div>
    }
}

fn frequent(statistics: &Statistics) -> Html {
    let most = statistics.frequent.iter().map(|(_, count)| *count).max().unwrap_or_default().max(1);
    let bar = |(index, (name, count)): (usize, &(String, u64))| {
        let name = if name.is_empty() { "(empty text)".to_owned() } else { name.clone() };
        let bar = Bar { name, share: *count as f64 / most as f64, value: grouped(*count) };
        row(index, &bar, false, None)
    };
    html! {
        <ul class="bars" aria-label="Most frequent values" hidden={statistics.frequent.is_empty()}>
            { for statistics.frequent.iter().enumerate().map(bar) }
        </ul>
    }
}
