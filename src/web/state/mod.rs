//! What the page shows, as plain data: no browser in here, so that it is tested on the host.
//!
//! The document itself is in the worker. The state holds facts, positions and the one selection.

mod action;
mod dialog;
mod failure;
mod notice;
mod open;
mod phase;

pub use action::{Action, Tour};
pub use dialog::{Dialog, ExportOf};
pub use failure::{Cause, Failure};
pub use notice::{Notice, NoticeKind};
pub use open::{Open, Place, Tab};
pub use phase::{Loading, Phase};

use super::finding::Finding;
use open::home;
use std::rc::Rc;

/// Everything the page shows.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What stands in the middle.
    pub phase: Phase,
    /// A file that could not be opened, while another one is on screen.
    pub failure: Option<Failure>,
    /// A line that needs no answer: what became of the other files, what could not be opened.
    pub notice: Option<Notice>,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// Whether something is being dragged over the window.
    pub dragging: bool,
    /// Whether the page went back to its start: what had the keyboard is gone then.
    pub returned: bool,
    /// What was searched for and found.
    pub finding: Rc<Finding>,
    /// Where the reader is in the guided sample.
    pub tour: Option<Tour>,
}

impl State {
    /// The document on screen, which may be the one before while the next is loading.
    #[must_use]
    pub fn shown(&self) -> Option<&Open> {
        match &self.phase {
            Phase::Open(open) => Some(open),
            Phase::Loading(Loading { slow: false, previous, .. }) => previous.as_deref(),
            _ => None,
        }
    }

    /// Where the reader is in the guided sample, while it is on screen.
    #[must_use]
    pub fn on_tour(&self) -> Option<Tour> {
        self.tour.filter(|tour| self.shown().is_some_and(|open| open.generation == tour.generation))
    }

    /// The state after `action`.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Begin { generation, name, size, began, is_part } => {
                let previous = match self.phase {
                    Phase::Open(open) => Some(open),
                    Phase::Loading(loading) => loading.previous,
                    _ => None,
                };
                self.phase = Phase::Loading(Loading {
                    generation,
                    name,
                    read: 0,
                    total: size,
                    unpacked: None,
                    is_part,
                    slow: false,
                    began,
                    previous,
                });
                self.dialog = None;
                self.failure = None;
                // Something else than the sample, or than the part of it that the steps are in.
                self.tour = None;
            }
            Action::Slow { generation } => self.loading(generation, |loading| loading.slow = true),
            Action::Progress { generation, read, total, unpacked } => self.loading(generation, |loading| {
                loading.read = read;
                loading.total = total;
                loading.unpacked = unpacked;
            }),
            Action::Opened { generation, overview, members, total, rows, timings } => {
                let opened = Open::new(generation, overview, members, total, rows, timings);
                self.opened(opened);
            }
            Action::Failed { generation, cause, message } => self.failed(generation, cause, message),
            Action::Cancelled => {
                if let Phase::Loading(loading) = self.phase {
                    self.phase = loading.previous.map_or(Phase::Empty, Phase::Open);
                    self.returned = matches!(self.phase, Phase::Empty);
                }
            }
            Action::Closed => {
                self.phase = Phase::Empty;
                self.returned = true;
                self.dialog = None;
                self.failure = None;
            }
            Action::Dismissed => self.failure = None,
            Action::Quiet { generation, quiet } => self.document(generation, |open| open.quiet = quiet),
            Action::NotReported { generation, why } => self.open(Some(generation), |open| open.no_report = why),
            Action::TreeMoved { row } => self.open(None, |open| {
                open.tree.go(row);
                open.selected = Some(row);
            }),
            Action::ListingMoved { row } => self.open(None, |open| open.listing.go(row)),
            Action::Reported { generation, report } => {
                self.open(Some(generation), |open| {
                    open.report = Some(report);
                    // Rows say what was found in each.
                    open.members_version = open.members_version.wrapping_add(1);
                });
            }
            Action::Fingerprinted { generation, environment } => {
                self.open(Some(generation), |open| open.environment = Some(environment));
            }
            Action::MemberMoved { row } => self.open(None, |open| open.member.go(row)),
            Action::MembersChanged { generation, total } => self.open(Some(generation), |open| {
                open.members = total;
                open.members_version = open.members_version.wrapping_add(1);
            }),
            Action::MembersSorted { generation, order, row } => self.open(Some(generation), |open| {
                open.member_order = order;
                open.members_version = open.members_version.wrapping_add(1);
                open.member.go(row);
            }),
            Action::TreeChanged { generation, total, row, redraw } => self.open(Some(generation), |open| {
                open.resize(total, redraw);
                if let Some(row) = row {
                    open.tree.go(row);
                }
            }),
            Action::Selected { generation, total, inspection } => self.open(Some(generation), |open| {
                open.resize(total, false);
                open.selected = inspection.row;
                if let Some(row) = inspection.row {
                    open.tree.go(row);
                }
                if let Some(row) = inspection.opcode {
                    open.listing.go(row);
                }
                open.inspection = Some(inspection);
            }),
            Action::Show(tab) => self.open(None, |open| open.tab = tab),
            Action::Notice(notice) => self.notice = notice,
            Action::Dialog(dialog) => self.dialog = dialog,
            Action::Dragging(dragging) => self.dragging = dragging,
            Action::Finding(finding) => self.finding = finding,
            Action::Tour(tour) => self.tour = tour,
        }
        self
    }

    fn loading(&mut self, generation: u32, change: impl FnOnce(&mut Loading)) {
        if let Phase::Loading(loading) = &mut self.phase
            && loading.generation == generation
        {
            change(loading);
        }
    }

    /// What was on its way is there. When it is not what was asked for last, it is another part of the document before.
    fn opened(&mut self, mut open: Open) {
        let Phase::Loading(loading) = &mut self.phase else { return };
        let is_newest = loading.generation == open.generation;
        if is_newest || loading.previous.is_some() {
            open.began = loading.began;
            let is_part = loading.is_part || !is_newest;
            open.home = home(&open.overview, loading.is_part);
            open.tab = loading.tab_for(open.home);
            if let Some(before) = loading.previous.as_ref().filter(|_| is_part) {
                open.report = before.report.clone();
                open.member_order = before.member_order;
            }
            if is_newest {
                self.phase = Phase::Open(Box::new(open));
            } else {
                loading.previous = Some(Box::new(open));
            }
        }
    }

    /// A worker has ended. What is on screen stays; what was on its way gives its place back to what was there before.
    fn failed(&mut self, generation: u32, cause: Cause, message: Rc<str>) {
        let failure = |name: &str| Failure { name: Rc::from(name), cause, message };
        match std::mem::take(&mut self.phase) {
            Phase::Loading(loading) if loading.generation == generation => match loading.previous {
                // Both were of one worker.
                Some(mut open) if loading.is_part => {
                    open.stopped = Some(failure(&open.overview.name));
                    self.phase = Phase::Open(open);
                }
                Some(open) => {
                    self.failure = Some(failure(&loading.name));
                    self.phase = Phase::Open(open);
                }
                None => self.phase = Phase::Failed(failure(&loading.name)),
            },
            Phase::Empty if cause == Cause::OtherVersion => self.phase = Phase::Failed(failure("")),
            phase => {
                self.phase = phase;
                self.document(generation, |open| {
                    open.quiet = false;
                    open.stopped = Some(failure(&open.overview.name));
                });
            }
        }
    }

    /// The document with this number, on screen or waiting to come back.
    fn document(&mut self, generation: u32, change: impl FnOnce(&mut Open)) {
        let open = match &mut self.phase {
            Phase::Open(open) => Some(open),
            Phase::Loading(loading) => loading.previous.as_mut(),
            _ => None,
        };
        if let Some(open) = open.filter(|open| open.generation == generation) {
            change(open);
        }
    }

    fn open(&mut self, generation: Option<u32>, change: impl FnOnce(&mut Open)) {
        if let Phase::Open(open) = &mut self.phase
            && generation.is_none_or(|generation| generation == open.generation)
        {
            change(open);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Timings;
    use crate::view::{Inspection, Overview, VerdictFacts};

    fn overview(name: &str) -> Rc<Overview> {
        Rc::new(Overview {
            name: name.to_owned(),
            size: 10,
            file_size: 10,
            chain: Vec::new(),
            member: 0,
            members: 1,
            choose: false,
            is_wrapping: false,
            notes: Vec::new(),
            pending: None,
            protocol: Some(4),
            pickles: 1,
            streams: Vec::new(),
            opcodes: 3,
            objects: 1,
            frames: 0,
            imports: 0,
            import_list: Vec::new(),
            trailing: None,
            complete: true,
            reading: String::new(),
            verdict: VerdictFacts {
                level: crate::safety::Level::DataOnly,
                word: String::new(),
                sentence: Vec::new(),
                offset: None,
            },
            problems: Vec::new(),
            problem_count: 0,
            stops_at: None,
            listing_rows: 3,
            has_python2_str: false,
        })
    }

    fn begin(generation: u32, name: &str) -> Action {
        Action::Begin { generation, name: Rc::from(name), size: 10, began: 0.0, is_part: false }
    }

    fn opened(generation: u32, name: &str) -> Action {
        Action::Opened {
            generation,
            overview: overview(name),
            members: (1, Some(0)),
            total: 1,
            rows: Rc::from(Vec::new()),
            timings: Timings::default(),
        }
    }

    fn selected(generation: u32, total: u64, row: u64) -> Action {
        Action::Selected {
            generation,
            total,
            inspection: Rc::new(Inspection {
                node: Some(1),
                row: Some(row),
                opcode: Some(2),
                span: (0, 1),
                own: (0, 1),
                ..Inspection::default()
            }),
        }
    }

    #[test]
    fn a_quick_second_file_replaces_the_first_without_a_flash() {
        let state = State::default().after(begin(1, "a")).after(opened(1, "a"));
        let state = state.after(begin(2, "b"));
        assert_eq!(state.shown().map(|open| open.overview.name.as_str()), Some("a"));
        let state = state.after(opened(2, "b"));
        assert_eq!(state.shown().map(|open| open.overview.name.as_str()), Some("b"));
    }

    #[test]
    fn a_slow_file_shows_progress() {
        let state = State::default().after(begin(1, "a")).after(opened(1, "a")).after(begin(2, "b"));
        let state = state.after(Action::Slow { generation: 1 });
        assert!(state.shown().is_some(), "an old timer changes nothing");
        let state = state.after(Action::Slow { generation: 2 });
        assert!(state.shown().is_none());
        let state = state.after(Action::Progress { generation: 2, read: 4, total: 9, unpacked: None });
        assert!(matches!(state.phase, Phase::Loading(Loading { read: 4, total: 9, slow: true, .. })));
        let state = state.after(Action::Cancelled);
        assert_eq!(state.shown().map(|open| open.generation), Some(1), "what was there before comes back");
        let state = state.after(begin(3, "c")).after(Action::Closed);
        assert!(matches!(state.phase, Phase::Empty));
        assert!(matches!(state.after(begin(4, "d")).after(Action::Cancelled).phase, Phase::Empty));
    }

    fn crash(generation: u32) -> Action {
        Action::Failed { generation, cause: Cause::Memory, message: Rc::from("out of memory") }
    }

    fn show_part(generation: u32) -> Action {
        Action::Begin { generation, name: Rc::from("part"), size: 0, began: 0.0, is_part: true }
    }

    #[test]
    fn a_crash_names_the_file() {
        let Phase::Failed(failure) = State::default().after(begin(1, "a.pkl")).after(crash(1)).phase else {
            panic!("not failed")
        };
        assert_eq!((&*failure.name, &*failure.message, failure.cause), ("a.pkl", "out of memory", Cause::Memory));
    }

    #[test]
    fn what_is_on_screen_stays_when_its_worker_ends() {
        let open = State::default().after(begin(1, "a")).after(opened(1, "a"));
        let state = open.clone().after(crash(1));
        assert_eq!(state.shown().and_then(|open| open.stopped.as_ref()).map(|failure| &*failure.name), Some("a"));
        // While another part of it is on its way, and while another file is.
        let state = open.clone().after(show_part(2)).after(crash(2));
        assert!(state.shown().is_some_and(|open| open.stopped.is_some() && open.generation == 1));
        let state = open.clone().after(begin(2, "b")).after(crash(1));
        assert!(state.shown().is_some_and(|open| open.stopped.is_some()));
        let state = state.after(opened(2, "b"));
        assert!(state.shown().is_some_and(|open| open.stopped.is_none() && open.generation == 2));
        // Of a file that is gone nothing is said.
        assert!(state.after(crash(1)).shown().is_some_and(|open| open.stopped.is_none()));
    }

    #[test]
    fn a_file_that_cannot_be_opened_leaves_the_one_before() {
        let open = State::default().after(begin(1, "a")).after(opened(1, "a"));
        let state = open.after(begin(2, "b")).after(Action::Slow { generation: 2 }).after(crash(2));
        assert!(state.shown().is_some_and(|open| open.generation == 1 && open.stopped.is_none()));
        assert_eq!(state.failure.as_ref().map(|failure| &*failure.name), Some("b"));
        assert_eq!(state.clone().after(Action::Dismissed).failure, None);
        assert_eq!(state.after(begin(3, "c")).failure, None);
    }

    #[test]
    fn a_part_that_comes_while_another_file_is_on_its_way_is_the_document_before() {
        let state =
            State::default().after(begin(1, "a")).after(opened(1, "a")).after(show_part(2)).after(begin(3, "b"));
        let state = state.after(opened(2, "part of a"));
        assert_eq!(state.shown().map(|open| open.overview.name.as_str()), Some("part of a"));
        let state = state.after(Action::Cancelled);
        assert_eq!(state.shown().map(|open| open.generation), Some(2));
    }

    #[test]
    fn the_guided_sample_ends_with_its_file() {
        let tour = |step| Action::Tour(Some(Tour { generation: 1, step }));
        let state = State::default().after(begin(1, "sample")).after(tour(0));
        assert_eq!(state.on_tour(), None, "it is not there yet");
        let state = state.after(opened(1, "sample")).after(tour(1));
        assert_eq!(state.on_tour().map(|tour| tour.step), Some(1));
        assert_eq!(state.clone().after(Action::Tour(None)).on_tour(), None);
        let state = state.after(begin(2, "b"));
        assert_eq!(state.clone().after(opened(2, "b")).on_tour(), None);
        assert_eq!(state.after(Action::Cancelled).on_tour(), None, "back at the sample, without the words");
    }

    #[test]
    fn the_selection_is_placed_in_every_view() {
        let state = State::default().after(begin(1, "a")).after(opened(1, "a")).after(selected(1, 5, 3));
        let open = state.shown().expect("open");
        assert_eq!((open.tree.row, open.listing.row, open.selected, open.total), (3, 2, Some(3), 5));
        assert_eq!(open.version, 1, "rows were opened to reveal it");
        let (tree, version) = (open.tree, open.version);
        let state = state.after(selected(7, 9, 1));
        let open = state.shown().expect("open");
        assert_eq!((open.tree, open.version), (tree, version), "another file's reply changes nothing");
    }
}
