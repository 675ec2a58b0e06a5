//! Searching: the worker goes on a step for each question, so a new search can begin at any time, and what is found is shown at once.

use super::actions::Actions;
use super::address::Link;
use super::dom;
use super::finding::{Change, Element, Scope};
use super::state::{Action, Notice};
use crate::protocol::ask::{self, PlaceShown};
use crate::protocol::{Part, Target};
use crate::view::{FoundItem, FoundKind, FoundProgress, FoundRow};
use std::rc::Rc;

/// Milliseconds without a key after which the search begins.
const TYPED: i32 = 60;

impl Actions {
    fn found(&self, change: Change) {
        let changed = self.searcher.finding.take().after(change);
        self.searcher.finding.replace(changed.clone());
        self.dispatch(Action::Finding(Rc::new(changed)));
    }

    /// Opens the find bar, or gives its box the keyboard again.
    pub(crate) fn open_find(&self) {
        if !self.searcher.finding.borrow().is_open {
            self.searcher.before.replace(dom::active_element());
        }
        let is_new = !self.searcher.finding.borrow().is_open;
        self.found(Change::Opened);
        if is_new {
            self.begin_search();
        }
    }

    /// Closes the find bar; what had the keyboard before has it again.
    pub(crate) fn close_find(&self) {
        self.found(Change::Closed);
        self.found(Change::Begun);
        self.inquire(ask::FindEnd, |_| ());
        let before = self.searcher.before.take().filter(|element| element.is_connected());
        match before {
            Some(element) => drop(element.focus()),
            None => dom::focus_view(),
        }
    }

    /// Nothing is open any more.
    pub(super) fn forget_search(&self) {
        self.found(Change::Closed);
        self.found(Change::Begun);
        self.searcher.before.take();
    }

    /// Somebody types: the search begins once they pause.
    pub(crate) fn type_query(&self, text: String) {
        self.found(Change::Typed(text));
        let actions = self.clone();
        self.searcher.typing.run(TYPED, move || actions.begin_search());
    }

    /// Another way to search.
    pub(crate) fn change_search(&self, change: Change) {
        self.found(change);
        self.begin_search();
    }

    /// A document is there: of another one, what was found in the one before means nothing. What was found in all that is open
    /// stays while that is the same.
    pub(super) fn search_again(&self, is_part: bool) {
        let (is_open, scope) = {
            let finding = self.searcher.finding.borrow();
            (finding.is_open, finding.scope)
        };
        if is_open && !(is_part && scope == Scope::Everything) {
            self.begin_search();
        }
    }

    fn begin_search(&self) {
        self.searcher.typing.run(0, || ());
        self.found(Change::Begun);
        let asked = {
            let finding = self.searcher.finding.borrow();
            finding.ask(self.searcher.selected.get()).map(|asked| (finding.search, asked))
        };
        let Some((number, asked)) = asked else { return };
        let (actions, generation) = (self.clone(), self.generation());
        self.inquire(ask::Find(asked), move |reply| actions.came(number, generation, reply));
    }

    fn go_on(&self, number: u32) {
        let (actions, generation) = (self.clone(), self.generation());
        self.inquire(ask::FindMore, move |reply| actions.came(number, generation, reply));
    }

    fn came(&self, number: u32, generation: u32, reply: Result<FoundProgress, String>) {
        if self.searcher.finding.borrow().search != number {
            return;
        }
        match reply {
            Ok(found) => {
                let is_over = found.finished;
                self.found(Change::Came(number, found));
                if is_over && self.is_to_widen() {
                    let wanted = self.searcher.finding.borrow().wanted;
                    self.change_search(Change::Widened);
                    wanted.into_iter().for_each(|forward| self.found(Change::Wanted(forward)));
                    return;
                }
                let wanted = self.searcher.finding.borrow().wanted;
                if let Some(forward) = wanted {
                    self.walk(forward);
                }
                if !is_over {
                    self.go_on(number);
                }
            }
            // Another member came on show: a search in all of them goes on, another one begins anew.
            Err(_) if generation != self.generation() => {
                let scope = self.searcher.finding.borrow().scope;
                if scope == Scope::Everything {
                    self.go_on(number);
                }
            }
            Err(why) => self.found(Change::Stopped(number, why)),
        }
    }

    /// Whether nothing was found in the document on show, and there are others.
    fn is_to_widen(&self) -> bool {
        let finding = self.searcher.finding.borrow();
        let is_empty = finding.hits() == 0 && finding.found.problem.is_none() && !finding.is_typed;
        let has_members = || self.now(|state| state.shown().is_some_and(|open| open.overview.members > 1));
        is_empty && finding.scope == Scope::Document && has_members()
    }

    /// Goes to the next hit, or to the one before. Where there is none yet, to the first that comes.
    pub(crate) fn walk(&self, forward: bool) {
        let (is_open, is_typed, next) = {
            let finding = self.searcher.finding.borrow();
            (finding.is_open, finding.is_typed, finding.next(forward))
        };
        if !is_open {
            return self.open_find();
        }
        if is_typed {
            self.begin_search();
            return self.found(Change::Wanted(forward));
        }
        match next {
            Some(line) => self.go_to_line(line),
            None => self.found(Change::Wanted(forward)),
        }
    }

    /// Goes to the hit in a line of the list.
    pub(crate) fn go_to_line(&self, line: u64) {
        if self.searcher.finding.borrow().is_group(line) {
            return;
        }
        self.found(Change::Went(line));
        let (actions, number) = (self.clone(), self.searcher.finding.borrow().search);
        self.inquire(ask::Found { first: line, count: 1 }, move |reply| {
            let is_newest = actions.searcher.finding.borrow().search == number;
            if let (true, Some(FoundItem::Hit(row))) =
                (is_newest, reply.ok().and_then(|window| window.rows.into_iter().next()))
            {
                actions.go_to_hit(&row);
            }
        });
    }

    /// Shows the hit that was gone to at the next of its places, or at the one before. Where none was gone to, goes to the first.
    pub(crate) fn walk_places(&self, forward: bool) {
        let (line, place, search) = {
            let finding = self.searcher.finding.borrow();
            (finding.line, finding.next_place(forward), finding.search)
        };
        let Some(line) = line else { return self.walk(true) };
        let (actions, generation) = (self.clone(), self.generation());
        self.inquire(ask::FoundPlace { line, place }, move |reply| {
            if actions.searcher.finding.borrow().search != search || actions.generation() != generation {
                return;
            }
            match reply {
                Ok(PlaceShown { place, places, total, row }) => {
                    actions.found(Change::Placed(place, places));
                    actions.dispatch(Action::TreeChanged { generation, total, row: Some(row), redraw: true });
                    actions.select(Target::Row(row));
                }
                // A hit in another member is gone to first.
                Err(_) => {
                    actions.dispatch(Action::Notice(Some(Notice::done("This hit stands at no other place here."))))
                }
            }
        });
    }

    fn go_to_hit(&self, row: &FoundRow) {
        if let (Some(node), false) = (row.node, row.at.is_empty()) {
            let member = row.member.unwrap_or_else(|| self.member());
            self.found(Change::Element(Element { member, node, at: (*row.at).into() }));
        }
        match (row.kind, row.member) {
            (FoundKind::Entry, Some(member)) if member != self.member() => {
                self.show(Part::Inside(member), &row.entry, None)
            }
            (FoundKind::Entry, _) => {}
            (_, member) => self.go_to(Link { member: member.or(Some(self.member())), offset: row.offset }),
        }
    }
}
