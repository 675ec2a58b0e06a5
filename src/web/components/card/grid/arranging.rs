//! Which rows of a grid are shown, and in which order: asked of the worker step by step.

use crate::protocol::ask;
use crate::view::card::{ArrangeAsk, Arranged, Arrangement};
use crate::web::actions::{Actions, use_actions};
use crate::web::cells::{GridOf, Shown};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// What is shown, and what is still to come.
#[derive(Clone, PartialEq)]
pub(super) struct Arranging {
    /// The rows that are shown now.
    pub(super) shown: Shown,
    /// How far the arrangement has come that is wanted, where it is another one.
    pub(super) progress: Option<(u64, u64)>,
    /// Why it does not come.
    pub(super) problem: Option<String>,
}

fn is_complete(arranged: &Arranged) -> bool {
    arranged.problem.is_some() || arranged.progress.0 >= arranged.progress.1
}

/// The rows of a grid at a slice, arranged. What was shown before stays until they are there.
#[hook]
pub(super) fn use_arranged(of: GridOf, slice: &[u64], wanted: &Arrangement, attempt: u32) -> Arranging {
    let actions = use_actions();
    let found = use_state_eq(|| None::<(ArrangeAsk, u32, Arranged)>);
    let shown = use_mut_ref(|| Shown { slice: slice.to_vec(), rows: of.size.0, ..Shown::default() });
    let ask = ArrangeAsk { node: of.node, grid: of.grid, slice: slice.to_vec(), arrangement: wanted.clone() };
    {
        let found = found.setter();
        use_effect_with((of.generation, ask.clone(), attempt), move |(_, ask, attempt)| {
            let is_wanted = Rc::new(Cell::new(true));
            if !ask.arrangement.is_plain() {
                let attempt = *attempt;
                let then = Callback::from(move |(ask, arranged)| found.set(Some((ask, attempt, arranged))));
                go_on(&actions, ask.clone(), Rc::clone(&is_wanted), then);
            }
            move || is_wanted.set(false)
        });
    }
    let reply = found.as_ref().filter(|(of, at, _)| *of == ask && *at == attempt).map(|(.., reply)| reply);
    let is_here = reply.is_some_and(|reply| is_complete(reply) && reply.problem.is_none());
    if wanted.is_plain() || is_here {
        let rows = reply.map_or(of.size.0, |reply| reply.rows);
        *shown.borrow_mut() = Shown { slice: slice.to_vec(), arrangement: wanted.clone(), rows, attempt };
    }
    let progress = match reply {
        _ if wanted.is_plain() => None,
        Some(reply) if is_complete(reply) => None,
        reply => Some(reply.map_or((0, 1), |reply| reply.progress)),
    };
    let shown = shown.borrow().clone();
    Arranging { shown, progress, problem: reply.and_then(|reply| reply.problem.clone()) }
}

/// Asks again and again until the rows are arranged, or nobody wants them any more.
fn go_on(actions: &Actions, ask: ArrangeAsk, is_wanted: Rc<Cell<bool>>, then: Callback<(ArrangeAsk, Arranged)>) {
    let next = actions.clone();
    actions.inquire(ask::Arrange(ask.clone()), move |reply| {
        if !is_wanted.get() {
            return;
        }
        let arranged = reply.unwrap_or_else(|why| Arranged { problem: Some(why), ..Arranged::default() });
        let goes_on = !is_complete(&arranged);
        then.emit((ask.clone(), arranged));
        if goes_on {
            go_on(&next, ask, is_wanted, then);
        }
    });
}
