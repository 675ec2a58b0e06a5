//! Statistics of the columns of a table: asked for once, whichever views show them.

use super::statistics::{go_over, is_complete, is_large};
use crate::view::card::{Body, Card, Column, Statistics};
use crate::web::actions::{Actions, use_actions};
use crate::web::dom::Debounce;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use yew::prelude::*;

/// Milliseconds that a view rests on columns before their values are gone over: cells and heads are asked for before, and columns
/// that are scrolled past are not.
const REST: i32 = 80;

/// A view that shows statistics of the columns that are visible in it; those of the first view are asked for first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shows {
    /// The heads of the grid.
    Heads,
    /// The list of the columns.
    List,
}

/// What one view wants, and how it is drawn again.
#[derive(Default)]
struct Viewer {
    parts: RefCell<Vec<u32>>,
    redraw: RefCell<Option<UseForceUpdateHandle>>,
    rest: Debounce,
}

struct Known {
    node: u32,
    columns: Vec<Column>,
    actions: Actions,
    statistics: RefCell<HashMap<u32, Rc<Statistics>>>,
    viewers: [Viewer; 2],
    busy: Cell<bool>,
    /// Whether the card is still shown.
    wanted: Rc<Cell<bool>>,
}

/// What is known of the columns of the table on show. Values of one column are gone over at a time.
#[derive(Clone)]
pub(crate) struct ColumnStatistics(Rc<Known>);

impl PartialEq for ColumnStatistics {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl ColumnStatistics {
    /// The columns that there are statistics of, which are the first ones of the grid.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.0.columns
    }

    /// What is known of a column so far.
    pub(crate) fn of(&self, part: u32) -> Option<Rc<Statistics>> {
        self.0.statistics.borrow().get(&part).cloned()
    }

    /// The columns that are visible in a view now.
    pub(crate) fn want(&self, view: Shows, parts: Vec<u32>) {
        let viewer = &self.0.viewers[view as usize];
        if *viewer.parts.borrow() == parts {
            return;
        }
        viewer.parts.replace(parts);
        let this = self.clone();
        viewer.rest.run(REST, move || this.go_on());
    }

    fn next(&self) -> Option<u32> {
        let known = self.0.statistics.borrow();
        let is_due = |part: &u32| known.get(part).is_none_or(|found| !is_complete(found) && !is_large(found));
        self.0.viewers.iter().find_map(|viewer| viewer.parts.borrow().iter().copied().find(is_due))
    }

    fn go_on(&self) {
        let known = &self.0;
        if known.busy.get() || !known.wanted.get() {
            return;
        }
        let Some(part) = self.next() else { return };
        known.busy.set(true);
        let this = self.clone();
        let then = Callback::from(move |statistics: Rc<Statistics>| {
            let is_done = is_complete(&statistics) || is_large(&statistics);
            this.0.statistics.borrow_mut().insert(part, statistics);
            this.redraw(part);
            if is_done {
                this.0.busy.set(false);
                this.go_on();
            }
        });
        go_over(&known.actions, (known.node, part), Rc::clone(&known.wanted), (false, None), then);
    }

    /// Draws the views again that show a column.
    fn redraw(&self, part: u32) {
        for viewer in self.0.viewers.iter().filter(|viewer| viewer.parts.borrow().contains(&part)) {
            viewer.redraw.borrow().iter().for_each(UseForceUpdateHandle::force_update);
        }
    }
}

/// What is known of the columns of a card, for the views in it; nothing for a card without a list of columns.
#[hook]
pub(super) fn use_columns_of(generation: u32, node: u32, card: &Card) -> Option<ColumnStatistics> {
    let actions = use_actions();
    let columns = card.sections.iter().find_map(|section| match &section.body {
        Body::Columns(columns) => Some(columns.clone()),
        _ => None,
    });
    let known = use_memo((generation, node, columns), |(_, node, columns)| {
        let columns = columns.clone()?;
        Some(ColumnStatistics(Rc::new(Known {
            node: *node,
            columns,
            actions,
            statistics: RefCell::default(),
            viewers: Default::default(),
            busy: Cell::default(),
            wanted: Rc::new(Cell::new(true)),
        })))
    });
    let known = (*known).clone();
    use_effect_with(known.clone(), |known| {
        let wanted = known.as_ref().map(|known| Rc::clone(&known.0.wanted));
        move || wanted.iter().for_each(|wanted| wanted.set(false))
    });
    known
}

/// What is known of the columns of the table around, for a view that is drawn again when more is.
#[hook]
pub(super) fn use_column_statistics(view: Shows) -> Option<ColumnStatistics> {
    let known = use_context::<Option<ColumnStatistics>>().flatten();
    let update = use_force_update();
    use_effect_with(known.clone(), move |known| {
        let known = known.clone();
        if let Some(known) = &known {
            known.0.viewers[view as usize].redraw.replace(Some(update));
        }
        move || {
            if let Some(known) = known {
                known.0.viewers[view as usize].redraw.take();
            }
        }
    });
    known
}
