//! What components can do: a context with the worker and the state behind it.

use super::address::Link;
use super::client::{Client, Report};
use super::dom::{self, Debounce};
use super::file::{self, Dropped, Incoming, IncomingFile};
use super::format::plural;
use super::history;
use super::menu::Does;
use super::searcher::Searcher;
use super::selection::Selecting;
use super::state::{Action, Cause, Dialog, Notice, Open, State, Tab};
use crate::opcode::visible;
use crate::protocol::ask;
use crate::protocol::{Ask, Event, Part, Target};
use crate::safety::Level;
use crate::view::MemberSort;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

/// Milliseconds after which a load counts as slow.
const SLOW: i32 = 200;

/// Handle on everything that can be done; clones share it.
#[derive(Clone)]
pub(crate) struct Actions {
    client: Client,
    dispatch: UseReducerDispatcher<State>,
    state: UseReducerHandle<State>,
    pub(super) selecting: Rc<Selecting>,
    pub(super) settling: Debounce,
    files: Rc<Files>,
    pub(super) place: Rc<Where>,
    pub(super) searcher: Rc<Searcher>,
    /// The error message that was explained last: who went to see a place in the file comes back to it.
    pub(crate) explained: Rc<RefCell<Rc<str>>>,
    /// What was done by name or key, the last first.
    pub(super) recent: Rc<RefCell<Vec<Does>>>,
}

/// The files that can be opened again: a `File` is a handle, whose bytes stay where they are.
#[derive(Default)]
struct Files {
    /// Those of what is on screen.
    shown: RefCell<Rc<[IncomingFile]>>,
    /// Those that were handed in last.
    newest: RefCell<Rc<[IncomingFile]>>,
    /// Raised with each drop, so that a folder that is still being looked through does not come after a later file.
    drops: Cell<u32>,
}

/// Where the reader is among the members.
#[derive(Default)]
pub(super) struct Where {
    /// The member on show.
    pub(super) member: Cell<u32>,
    /// The member that opening chose.
    pub(super) main: Cell<u32>,
    /// An offset to select in the part that is being opened.
    offset: Cell<Option<u64>>,
    /// The view to show of the part that is being opened; inside, nothing is the one that it opens with.
    pub(super) view: Cell<Option<Option<Tab>>>,
    /// Whether what is being opened is a part of what is open.
    is_part: Cell<bool>,
    /// Whether what is being opened was on screen before, so that the place in the address is one in it.
    is_again: Cell<bool>,
    /// The place of the selection, for the history.
    pub(super) link: Cell<Option<Link>>,
    /// Findings that are worth going to: member and offset, in the order of the report.
    findings: RefCell<Vec<(u32, u64)>>,
    /// Which of them was gone to last.
    finding: Cell<Option<usize>>,
}

impl PartialEq for Actions {
    fn eq(&self, other: &Self) -> bool {
        self.client == other.client
    }
}

impl Actions {
    /// Starts a worker whose reports change this state.
    pub(crate) fn connect(state: UseReducerHandle<State>) -> Self {
        let itself: Rc<RefCell<Option<Self>>> = Rc::default();
        let receiver = Rc::clone(&itself);
        let client = Client::new(move |report| {
            let actions = receiver.borrow().clone();
            if let Some(actions) = actions {
                actions.receive(report);
            }
        });
        let actions = Self {
            client,
            dispatch: state.dispatcher(),
            state,
            selecting: Rc::default(),
            settling: Debounce::default(),
            files: Rc::default(),
            place: Rc::default(),
            searcher: Rc::default(),
            explained: Rc::new(RefCell::new(Rc::from(""))),
            recent: Rc::default(),
        };
        itself.replace(Some(actions.clone()));
        actions
    }

    fn receive(&self, report: Report) {
        match report {
            Report::Event(Event::Progress { generation, read, total, unpacked }) => {
                self.dispatch(Action::Progress { generation, read, total, unpacked });
            }
            Report::Event(Event::Opened { generation, overview, members, total, rows, landing, timings }) => {
                let rows = rows.into_iter().map(Rc::new).collect();
                let (member, instructions) = (overview.member, overview.opcodes);
                let overview = Rc::from(overview);
                self.dispatch(Action::Opened { generation, overview, members, total, rows, timings });
                self.arrive(member, landing);
                self.prepare_early(instructions);
            }
            Report::Event(Event::Refused { message, .. }) => {
                self.dispatch(Action::Notice(Some(Notice::failed(message))))
            }
            Report::Event(_) => {}
            Report::Ended { generation, cause, message } => self.failed(generation, cause, &message),
            Report::OtherVersion => self.failed(self.generation(), Cause::OtherVersion, ""),
            Report::Quiet { generation, quiet } => self.dispatch(Action::Quiet { generation, quiet }),
        }
    }

    fn failed(&self, generation: u32, cause: Cause, message: &str) {
        self.dispatch(Action::Failed { generation, cause, message: Rc::from(visible(message)) });
        self.forget_if_nothing_is_open();
    }

    /// Without a file there is nothing that going back could lose.
    fn forget_if_nothing_is_open(&self) {
        if self.files.shown.borrow().is_empty() {
            history::leave(false);
        }
    }

    /// The member on show.
    pub(super) fn member(&self) -> u32 {
        self.place.member.get()
    }

    /// Changes the state.
    pub(crate) fn dispatch(&self, action: Action) {
        self.dispatch.dispatch(action);
    }

    /// Reads what is so now. What a component was drawn with can be older: keys come faster than drawing, and a step that begins
    /// where an earlier one began is lost.
    pub(crate) fn now<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.handle())
    }

    /// Yew's handle keeps all that was ever read through it, whole documents among them: a new one is gone at once.
    #[inline(never)]
    fn handle(&self) -> UseReducerHandle<State> {
        self.state.clone()
    }

    /// Number of the open file.
    pub(crate) fn generation(&self) -> u32 {
        self.client.generation()
    }

    /// Asks the worker; failures become a notice, as long as what was asked about is on screen.
    pub(crate) fn ask<A: Ask>(&self, question: A, then: impl FnOnce(A::Reply) + 'static) {
        let (actions, generation) = (self.clone(), self.generation());
        self.client.ask(question, move |reply| match reply {
            Ok(reply) => then(reply),
            Err(why) => actions.notice_failure(generation, &why),
        });
    }

    /// Says what could not be answered. That a worker has ended is said by the bar over the document.
    pub(super) fn notice_failure(&self, generation: u32, message: &str) {
        if self.client.is_running() && generation == self.generation() {
            self.dispatch(Action::Notice(Some(Notice::failed(message))));
        }
    }

    /// Asks the worker; the caller says itself what it thinks of a failure.
    pub(crate) fn inquire<A: Ask>(&self, question: A, then: impl FnOnce(Result<A::Reply, String>) + 'static) {
        self.client.ask(question, then);
    }

    /// A document is there. A shared link names a place; otherwise begin at the top. The rows are shown first: drawing the
    /// inspector and its bytes in the same frame would hold them back.
    fn arrive(&self, member: u32, landing: u64) {
        let place = &self.place;
        place.member.set(member);
        if !place.is_part.get() {
            self.files.shown.replace(Rc::clone(&self.files.newest.borrow()));
            // A place in the file before may be about to settle into the address: it means nothing in this one.
            self.settling.run(0, || ());
            history::enter(self.generation(), place.is_again.get());
            place.findings.take();
        }
        let mut wanted = place.offset.take();
        if !place.is_part.get() {
            place.main.set(member);
            // A place that was asked for goes before the one in the address.
            if wanted.is_none() {
                let address = history::address();
                self.open_dialog_of(&address);
                match address.link {
                    Some(Link { member: Some(other), offset }) if other != member => {
                        place.view.set(Some(address.view));
                        return self.show(Part::Member(other), "", Some(offset));
                    }
                    link => wanted = link.map(|link| link.offset),
                }
                place.view.set(address.view.map(Some));
            }
        }
        place.view.take().into_iter().for_each(|view| self.show_view(view));
        let actions = self.clone();
        let is_part = place.is_part.get();
        let select = move || {
            // What the selection shows comes before what takes long.
            let later = actions.clone();
            actions.selecting.then.set(Some(Box::new(move || {
                later.ask_for_environment();
                if !is_part {
                    later.ask_for_report();
                }
            })));
            actions.select(actions.if_there(wanted).map_or(Target::Row(landing), Target::Offset));
            actions.search_again(is_part);
        };
        dom::next_frame(move || dom::after(0, select));
    }

    /// An offset that a link names, unless the document ends before it.
    fn if_there(&self, offset: Option<u64>) -> Option<u64> {
        let size = self.now(|state| state.shown().map_or(0, |open| open.overview.size));
        offset.filter(|&offset| {
            let is_there = offset < size;
            if !is_there {
                let notice = format!(
                    "The link points to byte {offset}, but this has {}: it may belong to another file.",
                    plural(size, "byte", "bytes")
                );
                self.dispatch(Action::Notice(Some(Notice::failed(notice))));
            }
            is_there
        })
    }

    /// Every other pickle in what was opened is judged, too, once the first one is on the screen.
    pub(crate) fn ask_for_report(&self) {
        let generation = self.generation();
        let (dispatch, place) = (self.dispatch.clone(), Rc::clone(&self.place));
        self.dispatch(Action::NotReported { generation, why: None });
        self.inquire(ask::Report, move |reply| match reply {
            Ok(report) => {
                let worth = report.findings.iter().filter(|finding| finding.level >= Level::UnknownCode);
                place.findings.replace(worth.map(|finding| (finding.member, finding.offset)).collect());
                place.finding.set(None);
                dispatch.dispatch(Action::Reported { generation, report: Rc::new(report) });
            }
            Err(why) => dispatch.dispatch(Action::NotReported { generation, why: Some(Rc::from(why)) }),
        });
    }

    /// What wrote the document, for the chips in the header.
    fn ask_for_environment(&self) {
        let generation = self.generation();
        let dispatch = self.dispatch.clone();
        self.ask(ask::Environment, move |environment| {
            dispatch.dispatch(Action::Fingerprinted { generation, environment: Rc::new(environment) });
        });
    }

    /// Goes to the next finding, or the one before, in whichever member it is.
    pub(crate) fn next_finding(&self, forward: bool) {
        let findings = self.place.findings.borrow();
        if findings.is_empty() {
            return self.dispatch(Action::Notice(Some(Notice::done("There is no finding to go to."))));
        }
        let next = match (self.place.finding.get(), forward) {
            (None, true) => 0,
            (None, false) => findings.len() - 1,
            (Some(at), true) => (at + 1) % findings.len(),
            (Some(at), false) => (at + findings.len() - 1) % findings.len(),
        };
        let (member, offset) = findings[next];
        drop(findings);
        self.place.finding.set(Some(next));
        self.go_to(Link { member: Some(member), offset });
    }

    /// Opens what was dropped. A folder is looked through first.
    pub(crate) fn drop_in(&self, dropped: Dropped) {
        let drop = self.files.drops.get().wrapping_add(1);
        self.files.drops.set(drop);
        match dropped {
            Dropped::Files(incoming) => self.open(incoming),
            Dropped::Text(text) => self.paste(&text),
            Dropped::Entries(entries) => {
                self.dispatch(Action::Notice(Some(Notice::going("Looking through the folder…"))));
                let actions = self.clone();
                entries.files(move |incoming| {
                    if actions.files.drops.get() == drop {
                        actions.open(incoming);
                    }
                });
            }
        }
    }

    /// Opens what was dropped, chosen or pasted.
    pub(crate) fn open(&self, incoming: Incoming) {
        self.files.drops.set(self.files.drops.get().wrapping_add(1));
        self.dispatch(Action::Notice(incoming.remark.map(Notice::failed)));
        if incoming.files.is_empty() {
            return;
        }
        self.open_files(incoming.files.into(), false);
    }

    /// Opens again what is on screen and has lost its worker, at the same place.
    pub(crate) fn open_again(&self) {
        let files = Rc::clone(&self.files.shown.borrow());
        self.open_files(files, true);
    }

    /// Tries once more to open what could not be opened.
    pub(crate) fn try_again(&self) {
        let files = Rc::clone(&self.files.newest.borrow());
        self.open_files(files, false);
    }

    /// Opens something at a place in it, whichever place the address names. Gives the number of the file.
    pub(super) fn open_at(&self, incoming: Incoming, offset: u64) -> Option<u32> {
        self.files.drops.set(self.files.drops.get().wrapping_add(1));
        let generation = self.open_files(incoming.files.into(), false);
        self.place.offset.set(Some(offset));
        generation
    }

    fn open_files(&self, incoming: Rc<[IncomingFile]>, is_again: bool) -> Option<u32> {
        let began = dom::now();
        let Some(first) = incoming.first() else {
            self.close();
            return None;
        };
        self.selecting.path.take();
        self.place.is_part.set(false);
        self.place.view.set(None);
        self.place.is_again.set(is_again);
        self.place.offset.set(None);
        self.place.link.set(None);
        let name = match incoming.len() {
            1 => first.name.clone(),
            several => format!("{} and {} more", first.name, several - 1),
        };
        let size = incoming.iter().map(|file| file.size).sum();
        let files: Vec<_> = incoming.iter().map(|file| (file.name.clone(), file.payload.clone())).collect();
        self.files.newest.replace(incoming);
        history::begin();
        let generation = self.client.open(&files);
        self.begin(Action::Begin { generation, name: Rc::from(name), size, began, is_part: false }, generation);
        Some(generation)
    }

    /// Back to the start, with nothing open.
    pub(crate) fn close(&self) {
        self.client.close();
        self.settling.run(0, || ());
        self.place.link.set(None);
        history::leave(true);
        self.files.shown.replace(Rc::default());
        self.files.newest.replace(Rc::default());
        self.dispatch(Action::Notice(None));
        self.forget_search();
        self.dispatch(Action::Closed);
    }

    /// Shows another part of what is open, at an offset or at its top.
    pub(crate) fn show(&self, part: Part, name: &str, offset: Option<u64>) {
        if !self.client.is_running() {
            let notice = "The decoder has stopped. Open the file again to go on.";
            return self.dispatch(Action::Notice(Some(Notice::failed(notice))));
        }
        self.dispatch(Action::Notice(None));
        // Whoever goes on from a place at once wants to come back to it, too.
        if self.place.link.get().is_some() {
            history::push_address(&self.address());
            self.place.link.set(None);
        }
        self.selecting.path.take();
        self.place.is_part.set(true);
        self.place.view.set(None);
        self.place.offset.set(offset);
        let generation = self.client.show(part);
        let (name, began) = (Rc::from(name), dom::now());
        self.begin(Action::Begin { generation, name, size: 0, began, is_part: true }, generation);
    }

    fn begin(&self, action: Action, generation: u32) {
        self.dispatch(action);
        let dispatch = self.dispatch.clone();
        dom::after(SLOW, move || dispatch.dispatch(Action::Slow { generation }));
    }

    /// Opens or closes a row of the tree of members.
    pub(crate) fn toggle_member(&self, row: u64, open: bool) {
        let generation = self.generation();
        self.dispatch(Action::MemberMoved { row });
        let dispatch = self.dispatch.clone();
        self.ask(ask::ToggleMember { row, open }, move |total| {
            dispatch.dispatch(Action::MembersChanged { generation, total });
        });
    }

    /// Sorts members by what the head of a column says.
    pub(crate) fn sort_members(&self, by: MemberSort) {
        let generation = self.generation();
        let place = |open: &Open| (open.member_order.pressed(by), open.member.row);
        let Some((order, row)) = self.now(|state| state.shown().map(place)) else { return };
        let dispatch = self.dispatch.clone();
        self.ask(ask::SortMembers { order, row }, move |row| {
            dispatch.dispatch(Action::MembersSorted { generation, order, row });
        });
    }

    /// Gives up what is being opened.
    pub(crate) fn cancel(&self, name: &str) {
        self.client.cancel();
        self.files.newest.replace(Rc::clone(&self.files.shown.borrow()));
        self.forget_if_nothing_is_open();
        self.dispatch(Action::Cancelled);
        self.dispatch(Action::Notice(Some(Notice::done(format!("Cancelled {name}.")))));
    }

    /// Ends the worker of what is on screen, which stays there.
    pub(crate) fn stop(&self) {
        self.client.stop();
    }

    /// Copies text and says so.
    pub(crate) fn copy(&self, what: &'static str, text: &str) {
        let dispatch = self.dispatch.clone();
        let report = move |copied: bool| {
            let notice = match copied {
                true => Notice::done(format!("{what} copied.")),
                false => Notice::failed("The browser did not allow copying."),
            };
            dispatch.dispatch(Action::Notice(Some(notice)));
        };
        file::copy(text, report);
    }

    /// Copies the accessor path of the selection.
    pub(crate) fn copy_path(&self) {
        let path = self.selecting.path.borrow().clone();
        if path.is_empty() {
            self.dispatch(Action::Notice(Some(Notice::done("This selection has no path in Python."))));
        } else {
            self.copy("Path", &path);
        }
    }

    /// Opens a dialog, or closes it.
    pub(crate) fn dialog(&self, dialog: Option<Dialog>) {
        self.dispatch(Action::Dialog(dialog));
    }
}

/// The actions of the page, from any component in it.
#[hook]
pub(crate) fn use_actions() -> Actions {
    use_context::<Actions>().expect_throw("components stand inside the page")
}
