//! The address: where the reader stays is kept in it, and what it names is shown.

use super::actions::Actions;
use super::address::{self, Address, Link};
use super::dom;
use super::history;
use super::state::{Action, Notice, Tab};
use crate::protocol::{Part, Target, ask};

/// Milliseconds that somebody must stay for a place to become an entry of the history.
const SETTLED: i32 = 400;

impl Actions {
    /// What is on the screen, for the address.
    pub(super) fn address(&self) -> Address {
        let before = history::address();
        self.now(|state| Address {
            // While nothing is open the address may be a link to what will be.
            link: self.place.link.get().filter(|_| state.shown().is_some()).or(before.link),
            view: state.shown().map_or(before.view, |open| Some(open.tab).filter(|tab| *tab != open.home)),
            dialog: state
                .dialog
                .as_ref()
                .and_then(address::name_of)
                .or_else(|| before.dialog.filter(|name| state.shown().is_none() && address::is_about_file(name))),
        })
    }

    /// Keeps in the address where the reader stays.
    pub(crate) fn settle(&self) {
        let actions = self.clone();
        self.settling.run(SETTLED, move || {
            // The first selection of a document settles by itself: until then the place in the address is not one in it.
            let is_waiting = actions.now(|state| state.shown().is_some_and(|open| open.inspection.is_none()));
            if !is_waiting {
                history::push_address(&actions.address());
            }
        });
    }

    /// Copies an address that holds the file itself and the place that is on the screen.
    pub(crate) fn copy_link(&self) {
        let actions = self.clone();
        self.inquire(ask::PackedForLink, move |reply| match reply {
            Ok(file) => {
                let location = dom::window().location();
                let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let place = actions.address().text().replacen('#', "&", 1);
                actions.copy("Link", &format!("{origin}{folder}/#{file}{place}"));
            }
            Err(why) => actions.dispatch(Action::Notice(Some(Notice::failed(why)))),
        });
    }

    /// Shows what an entry of the history names.
    pub(crate) fn go_to_address(&self, address: &Address) {
        self.dispatch(Action::Dialog(address.dialog()));
        let here = Some(self.place.member.get());
        match address.link {
            Some(link) if Some(link.member.unwrap_or(self.place.main.get())) != here => {
                self.go_to(link);
                self.place.view.set(Some(address.view));
            }
            link => {
                self.show_view(address.view);
                link.into_iter().for_each(|link| self.go_to(link));
            }
        }
    }

    /// Shows a view, if the document has it; without one, the view that it opens with.
    pub(super) fn show_view(&self, view: Option<Tab>) {
        let view = view.or_else(|| self.now(|state| state.shown().map(|open| open.home)));
        let has = |tab: Tab| {
            tab != Tab::Contents || self.now(|state| state.shown().is_some_and(|open| open.overview.members > 1))
        };
        view.into_iter().filter(|tab| has(*tab)).for_each(|tab| self.dispatch(Action::Show(tab)));
    }

    /// Opens the dialog that an address names: with a file one that is about the file, without one another.
    pub(crate) fn open_dialog_of(&self, address: &Address) {
        let has_file = self.now(|state| state.shown().is_some());
        if address.dialog.is_some_and(|name| address::is_about_file(name) == has_file) {
            self.dialog(address.dialog());
        }
    }

    /// Goes to a place that the address names.
    pub(crate) fn go_to(&self, link: Link) {
        self.place.link.set(None);
        let member = link.member.unwrap_or(self.place.main.get());
        if member == self.place.member.get() {
            self.select(Target::Offset(link.offset));
        } else {
            self.show(Part::Member(member), "", Some(link.offset));
        }
    }
}
