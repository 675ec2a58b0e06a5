//! The selection, and the rows of the tree that open and close around it.

use super::actions::Actions;
use super::address::Link;
use super::dom;
use super::state::{Action, Notice};
use crate::protocol::ask::{self, Changed, Selected};
use crate::protocol::{Ask, Python2Reading, Target};
use std::rc::Rc;

/// Milliseconds in which the page asks for what the first selection shows.
const AFTER_SELECTION: i32 = 40;

impl Actions {
    /// Selects something in every view.
    pub(crate) fn select(&self, target: Target) {
        match target {
            Target::Row(row) => self.dispatch(Action::TreeMoved { row }),
            Target::Opcode(row) => self.dispatch(Action::ListingMoved { row }),
            Target::Offset(_) | Target::Node(_) | Target::Column { .. } => {}
        }
        let generation = self.generation();
        if self.selecting.generation.replace(generation) != generation {
            self.selecting.busy.set(false);
        }
        if self.selecting.busy.get() {
            self.selecting.next.set(Some(target));
        } else {
            self.send_selection(target);
        }
    }

    fn send_selection(&self, target: Target) {
        let generation = self.generation();
        self.selecting.busy.set(true);
        self.selecting.next.set(None);
        let actions = self.clone();
        self.inquire(ask::Select(target), move |reply| {
            if generation != actions.generation() {
                return; // something else is on screen by now, and selects for itself
            }
            actions.selecting.busy.set(false);
            let next = actions.selecting.next.take();
            match reply {
                Ok(Selected { total, inspection }) if next.is_none() => {
                    let inspection = Rc::new(inspection);
                    actions.remember(&inspection);
                    actions.dispatch(Action::Selected { generation, total, inspection });
                }
                Ok(Selected { total, .. }) => {
                    actions.dispatch(Action::TreeChanged { generation, total, row: None, redraw: false });
                }
                Err(why) => actions.notice_failure(generation, &why),
            }
            if let Some(next) = next {
                actions.send_selection(next);
            } else if let Some(then) = actions.selecting.then.take() {
                dom::after(AFTER_SELECTION, then);
            }
        });
    }

    /// Keeps the path for the `c` key, and the place in the address once the reader stays there.
    fn remember(&self, inspection: &crate::view::Inspection) {
        self.selecting.path.replace(Rc::from(inspection.path.as_str()));
        self.searcher.selected.set(inspection.node);
        let offset = inspection.asked.unwrap_or(inspection.own.0);
        let member = Some(self.place.member.get()).filter(|&member| member != self.place.main.get());
        let link = Link { member, offset };
        self.place.link.set(Some(link));
        self.settle();
    }

    /// Opens or closes a row of the tree and selects it.
    pub(crate) fn toggle(&self, row: u64, open: bool) {
        self.dispatch(Action::TreeMoved { row });
        self.change_tree(ask::Toggle { row, open });
    }

    /// Opens the siblings of a row.
    pub(crate) fn open_siblings(&self, row: u64) {
        self.change_tree(ask::OpenAll { row, deep: false });
    }

    /// Opens all rows of the tree, as far as the worker's budget goes, and says how far that was.
    pub(crate) fn unfold(&self) {
        let actions = self.clone();
        self.open_or_close(ask::Unfold { row: self.tree_row().unwrap_or_default() }, move |(changed, unfolded)| {
            actions.dispatch(Action::Notice(Some(Notice::done(unfolded.words()))));
            changed
        });
    }

    /// Closes all rows of the tree.
    pub(crate) fn fold(&self) {
        self.open_or_close(ask::Fold { row: self.tree_row().unwrap_or_default() }, |changed| changed);
    }

    /// Reads the `str` of Python 2 in another way.
    pub(crate) fn read_python2_as(&self, reading: Python2Reading) {
        self.change_tree(ask::ReadPython2As(reading));
    }

    fn change_tree(&self, question: impl Ask<Reply = Changed>) {
        self.open_or_close(question, |changed| changed);
    }

    fn open_or_close<A: Ask>(&self, question: A, changed: impl FnOnce(A::Reply) -> Changed + 'static) {
        let generation = self.generation();
        let actions = self.clone();
        let stood = self.tree_row();
        self.ask(question, move |reply| {
            let Changed { total, row } = changed(reply);
            // Whoever went on meanwhile is not called back.
            let row = (actions.tree_row() == stood).then_some(row);
            actions.dispatch(Action::TreeChanged { generation, total, row, redraw: true });
            row.into_iter().for_each(|row| actions.select(Target::Row(row)));
        });
    }

    /// The row of the tree that has the keyboard.
    fn tree_row(&self) -> Option<u64> {
        self.now(|state| state.shown().map(|open| open.tree.row))
    }
}
