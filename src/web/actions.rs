//! What components can do: a context with the worker and the state behind it.

use super::client::{Client, Report};
use super::dom::{self, Debounce};
use super::file::{self, Incoming};
use super::state::{Action, Dialog, State};
use crate::protocol::{Event, MemberRequest, Part, Python2Reading, Question, Request, Response, Target};
use crate::safety::Level;
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
/// Milliseconds that a selection must stay to become an entry of the history.
const SETTLED: i32 = 400;

/// Milliseconds in which the page asks for what the first selection shows.
const AFTER_SELECTION: i32 = 40;

/// Handle on everything that can be done; clones share it.
#[derive(Clone)]
pub(crate) struct Actions {
    client: Client,
    dispatch: UseReducerDispatcher<State>,
    selecting: Rc<Selecting>,
    history: Debounce,
    opened: Rc<Cell<bool>>,
    place: Rc<Where>,
}

/// Where the reader is among the members.
#[derive(Default)]
struct Where {
    /// The member on show.
    member: Cell<u32>,
    /// The member that opening chose.
    main: Cell<u32>,
    /// An offset to select in the part that is being opened.
    offset: Cell<Option<u64>>,
    /// Whether what is being opened is a part of what is open.
    is_part: Cell<bool>,
    /// The place of the selection, for the history.
    link: Cell<Option<file::Link>>,
    /// Findings that are worth going to: member and offset, in the order of the report.
    findings: RefCell<Vec<(u32, u64)>>,
    /// Which of them was gone to last.
    finding: Cell<Option<usize>>,
}

/// Only the newest selection matters: while one is being answered, later ones replace each other.
#[derive(Default)]
struct Selecting {
    generation: Cell<u32>,
    busy: Cell<bool>,
    next: Cell<Option<Target>>,
    /// What is to be asked once the selection is shown.
    then: Cell<Option<Box<dyn FnOnce()>>>,
    path: RefCell<Rc<str>>,
}

impl PartialEq for Actions {
    fn eq(&self, other: &Self) -> bool {
        self.client == other.client
    }
}

impl Actions {
    /// Starts a worker whose reports change the state behind `dispatch`.
    pub(crate) fn connect(dispatch: UseReducerDispatcher<State>) -> Self {
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
            dispatch,
            selecting: Rc::default(),
            history: Debounce::default(),
            opened: Rc::default(),
            place: Rc::default(),
        };
        itself.replace(Some(actions.clone()));
        actions
    }

    fn receive(&self, report: Report) {
        match report {
            Report::Event(Event::Progress { generation, read, total, unpacked }) => {
                self.dispatch(Action::Progress { generation, read, total, unpacked });
            }
            Report::Event(Event::Opened { generation, overview, members, total, rows, timings }) => {
                let rows = rows.into_iter().map(Rc::new).collect();
                let member = overview.member;
                let overview = Rc::from(overview);
                self.dispatch(Action::Opened { generation, overview, members, total, rows, timings });
                self.arrive(member);
            }
            Report::Event(Event::Refused { message, .. }) => self.dispatch(Action::Notice(Some(Rc::from(message)))),
            Report::Event(Event::Failed { message, .. }) | Report::Crashed { message } => self.fail(&message),
            Report::Event(_) => {}
            Report::OtherVersion => {
                let message = Rc::from("The page and its decoder are of different versions, one of them from a cache.");
                self.dispatch(Action::Failed { message, reload: true });
            }
        }
    }

    /// Changes the state.
    pub(crate) fn dispatch(&self, action: Action) {
        self.dispatch.dispatch(action);
    }

    /// Number of the open file.
    pub(crate) fn generation(&self) -> u32 {
        self.client.generation()
    }

    /// Asks the worker; failures become a notice.
    pub(crate) fn ask(&self, question: impl Into<Question>, then: impl FnOnce(Response) + 'static) {
        let dispatch = self.dispatch.clone();
        self.client.ask(question, move |response| match response {
            Response::Failed { message } => dispatch.dispatch(Action::Notice(Some(Rc::from(message)))),
            response => then(response),
        });
    }

    /// Asks the worker; the caller says itself what it thinks of a failure.
    pub(crate) fn inquire(&self, question: impl Into<Question>, then: impl FnOnce(Response) + 'static) {
        self.client.ask(question, then);
    }

    /// A document is there. A shared link names a place; otherwise begin at the top. The rows are shown first: drawing the
    /// inspector and its bytes in the same frame would hold them back.
    fn arrive(&self, member: u32) {
        let place = &self.place;
        place.member.set(member);
        let mut wanted = place.offset.take();
        if !place.is_part.get() {
            place.main.set(member);
            if let Some(link) = file::fragment() {
                match link.member {
                    Some(other) if other != member => return self.show(Part::Member(other), "", Some(link.offset)),
                    _ => wanted = Some(link.offset),
                }
            }
        }
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
            actions.select(wanted.map_or(Target::Row(0), Target::Offset));
        };
        dom::next_frame(move || dom::after(0, select));
    }

    /// Every other pickle in what was opened is judged, too, once the first one is on the screen.
    fn ask_for_report(&self) {
        let generation = self.generation();
        let (dispatch, place) = (self.dispatch.clone(), Rc::clone(&self.place));
        self.ask(MemberRequest::Report, move |response| {
            if let Response::Report(report) = response {
                let worth = report.findings.iter().filter(|finding| finding.level >= Level::UnknownCode);
                place.findings.replace(worth.map(|finding| (finding.member, finding.offset)).collect());
                place.finding.set(None);
                dispatch.dispatch(Action::Reported { generation, report: Rc::from(report) });
            }
        });
    }

    /// What wrote the document, for the chips in the header.
    fn ask_for_environment(&self) {
        let generation = self.generation();
        let dispatch = self.dispatch.clone();
        self.inquire(Request::Environment, move |response| {
            if let Response::Environment(environment) = response {
                dispatch.dispatch(Action::Fingerprinted { generation, environment: Rc::from(environment) });
            }
        });
    }

    /// Goes to the next finding, or the one before, in whichever member it is.
    pub(crate) fn next_finding(&self, forward: bool) {
        let findings = self.place.findings.borrow();
        if findings.is_empty() {
            return self.dispatch(Action::Notice(Some(Rc::from("There is no finding to go to."))));
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
        self.go_to(file::Link { member: Some(member), offset });
    }

    /// Opens what was dropped, chosen or pasted.
    pub(crate) fn open(&self, incoming: Incoming) {
        let began = dom::now();
        self.dispatch(Action::Notice(incoming.remark.map(Rc::from)));
        let Some(first) = incoming.files.first() else { return };
        if self.opened.replace(true) {
            // A place in the file before may be about to settle into the address: it means nothing in this one.
            self.history.run(0, || ());
            file::clear_fragment();
        }
        self.selecting.path.take();
        self.place.is_part.set(false);
        self.place.offset.set(None);
        self.place.link.set(None);
        let name = match incoming.files.len() {
            1 => first.name.clone(),
            several => format!("{} and {} more", first.name, several - 1),
        };
        let size = incoming.files.iter().map(|file| file.size).sum();
        let files: Vec<_> = incoming.files.into_iter().map(|file| (file.name, file.payload)).collect();
        let generation = self.client.open(&files);
        self.begin(Action::Begin { generation, name: Rc::from(name), size, began, is_part: false }, generation);
    }

    /// Shows another part of what is open, at an offset or at its top.
    pub(crate) fn show(&self, part: Part, name: &str, offset: Option<u64>) {
        self.dispatch(Action::Notice(None));
        // Whoever goes on from a place at once wants to come back to it, too.
        self.place.link.take().into_iter().for_each(file::push_fragment);
        self.selecting.path.take();
        self.place.is_part.set(true);
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

    /// Goes to a place that the address names.
    pub(crate) fn go_to(&self, link: file::Link) {
        self.place.link.set(None);
        let member = link.member.unwrap_or(self.place.main.get());
        if member == self.place.member.get() {
            self.select(Target::Offset(link.offset));
        } else {
            self.show(Part::Member(member), "", Some(link.offset));
        }
    }

    /// Opens or closes a row of the tree of members.
    pub(crate) fn toggle_member(&self, row: u64, open: bool) {
        let generation = self.generation();
        self.dispatch(Action::MemberMoved { row });
        let dispatch = self.dispatch.clone();
        self.ask(MemberRequest::Toggle { row, open }, move |response| {
            if let Response::MemberTree { total } = response {
                dispatch.dispatch(Action::MembersChanged { generation, total });
            }
        });
    }

    /// Ends the worker; the next file gets a new one.
    pub(crate) fn cancel(&self, name: &str) {
        self.client.restart();
        self.dispatch(Action::Closed);
        self.dispatch(Action::Notice(Some(Rc::from(format!("Cancelled {name}.")))));
    }

    /// The worker died or gave up: show why, and have another ready.
    pub(crate) fn fail(&self, message: &str) {
        self.client.restart();
        self.dispatch(Action::Failed { message: Rc::from(message), reload: false });
    }

    /// Selects something in every view.
    pub(crate) fn select(&self, target: Target) {
        match target {
            Target::Row(row) => self.dispatch(Action::TreeMoved { row }),
            Target::Opcode(row) => self.dispatch(Action::ListingMoved { row }),
            Target::Offset(_) | Target::Node(_) => {}
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
        self.client.ask(Request::Select(target), move |response| {
            actions.selecting.busy.set(false);
            let next = actions.selecting.next.take();
            match response {
                Response::Selected { total, inspection } if next.is_none() => {
                    let inspection = Rc::from(inspection);
                    actions.remember(&inspection);
                    actions.dispatch(Action::Selected { generation, total, inspection });
                }
                Response::Selected { total, .. } => {
                    actions.dispatch(Action::TreeChanged { generation, total, row: None, redraw: false });
                }
                Response::Failed { message } => actions.dispatch(Action::Notice(Some(Rc::from(message)))),
                _ => {}
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
        let offset = inspection.asked.unwrap_or(inspection.own.0);
        let member = Some(self.place.member.get()).filter(|&member| member != self.place.main.get());
        let link = file::Link { member, offset };
        self.place.link.set(Some(link));
        self.history.run(SETTLED, move || file::push_fragment(link));
    }

    /// Opens or closes a row of the tree and selects it.
    pub(crate) fn toggle(&self, row: u64, open: bool) {
        self.dispatch(Action::TreeMoved { row });
        self.change_tree(Request::Toggle { row, open });
    }

    /// Opens the siblings of a row.
    pub(crate) fn open_siblings(&self, row: u64) {
        self.change_tree(Request::OpenAll { row, deep: false });
    }

    /// Reads the `str` of Python 2 in another way.
    pub(crate) fn read_python2_as(&self, reading: Python2Reading) {
        self.change_tree(Request::ReadPython2As(reading));
    }

    fn change_tree(&self, request: Request) {
        let generation = self.generation();
        let actions = self.clone();
        self.ask(request, move |response| {
            if let Response::Tree { total, row } = response {
                actions.dispatch(Action::TreeChanged { generation, total, row: Some(row), redraw: true });
                actions.select(Target::Row(row));
            }
        });
    }

    /// Copies text and says so.
    pub(crate) fn copy(&self, what: &'static str, text: &str) {
        let dispatch = self.dispatch.clone();
        let report = move |copied: bool| {
            let notice =
                if copied { format!("{what} copied.") } else { "The browser did not allow copying.".to_owned() };
            dispatch.dispatch(Action::Notice(Some(Rc::from(notice))));
        };
        file::copy(text, report);
    }

    /// Copies the accessor path of the selection.
    pub(crate) fn copy_path(&self) {
        let path = self.selecting.path.borrow().clone();
        if path.is_empty() {
            self.dispatch(Action::Notice(Some(Rc::from("This selection has no path in Python."))));
        } else {
            self.copy("Path", &path);
        }
    }

    /// Opens pasted text, or shows what is wrong with it.
    pub(crate) fn paste(&self, text: &str) {
        match crate::document::paste::parse(text) {
            Ok(bytes) if bytes.is_empty() => self.paste_failed(text, "there are no bytes in it"),
            Ok(bytes) => self.open(Incoming::bytes("Pasted bytes", &bytes)),
            Err(error) => self.paste_failed(text, &error),
        }
    }

    fn paste_failed(&self, text: &str, error: &str) {
        // A paste that was meant for something else can be long; the dialog needs only enough to recognise it.
        let text: String = text.chars().take(100_000).collect();
        let error = Some(Rc::from(error));
        self.dispatch(Action::Dialog(Some(Dialog::Paste { text: Rc::from(text), error })));
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
