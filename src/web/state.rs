//! What the page shows, as plain data: no browser in here, so that it is tested on the host.
//!
//! The document itself is in the worker. The state holds facts, positions and the one selection.

use crate::protocol::Timings;
use crate::view::card::Format;
use crate::view::{Environment, FileReport, Inspection, Overview, TreeRow};
use std::rc::Rc;

/// Everything the page shows.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What stands in the middle.
    pub phase: Phase,
    /// A line that needs no answer: what became of the other files, what could not be opened.
    pub notice: Option<Rc<str>>,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// Whether something is being dragged over the window.
    pub dragging: bool,
}

/// What stands in the middle of the page.
#[derive(Clone, Debug, Default)]
pub enum Phase {
    /// The drop zone.
    #[default]
    Empty,
    /// A file is being decoded.
    Loading(Loading),
    /// A document.
    Open(Box<Open>),
    /// Something went wrong with a file.
    Failed(Failure),
}

/// A file on its way.
#[derive(Clone, Debug)]
pub struct Loading {
    /// Number of the file.
    pub generation: u32,
    /// Its name.
    pub name: Rc<str>,
    /// Bytes decoded so far.
    pub read: u64,
    /// Bytes in all.
    pub total: u64,
    /// Bytes that came out, while something is being unpacked.
    pub unpacked: Option<u64>,
    /// Whether it is another part of what is open already.
    pub is_part: bool,
    /// Whether it takes so long that progress is shown.
    pub slow: bool,
    /// When it was dropped, chosen or pasted, on the clock of the page.
    pub began: f64,
    /// The document before, shown until this one is there or turns out to be slow.
    pub previous: Option<Box<Open>>,
}

/// A file that could not be shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    /// Its name; empty when there was no file.
    pub name: Rc<str>,
    /// What happened.
    pub message: Rc<str>,
    /// Whether only loading the page again helps.
    pub reload: bool,
}

/// A document and where the reader is in it.
#[derive(Clone, Debug)]
pub struct Open {
    /// Number of the file.
    pub generation: u32,
    /// Facts.
    pub overview: Rc<Overview>,
    /// When it was dropped, chosen or pasted, on the clock of the page.
    pub began: f64,
    /// When what happened in the worker.
    pub timings: Timings,
    /// The rows that came with the document.
    pub first_rows: Rc<[Rc<TreeRow>]>,
    /// Rows of the tree.
    pub total: u64,
    /// Raised when rows of the tree change their places.
    pub version: u32,
    /// Rows of the tree of members.
    pub members: u64,
    /// The audit of every pickle in what was opened, once it is there.
    pub report: Option<Rc<FileReport>>,
    /// What wrote the document, once it is known.
    pub environment: Option<Rc<Environment>>,
    /// Raised when rows of the tree of members change their places.
    pub members_version: u32,
    /// Row of the tree of members that has the keyboard.
    pub member: Place,
    /// The tab on the left.
    pub tab: Tab,
    /// Row of the tree that has the keyboard.
    pub tree: Place,
    /// Row of the listing that has the keyboard.
    pub listing: Place,
    /// Row of the tree that is selected.
    pub selected: Option<u64>,
    /// What is selected.
    pub inspection: Option<Rc<Inspection>>,
}

/// A row to keep in sight.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The row.
    pub row: u64,
    /// Raised to scroll to it.
    pub reveal: u32,
}

impl Place {
    fn go(&mut self, row: u64) {
        self.row = row;
        self.reveal = self.reveal.wrapping_add(1);
    }
}

/// The views on the left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tab {
    /// The object tree.
    #[default]
    Objects,
    /// The files that were opened, and what is in them.
    Contents,
    /// The disassembly.
    Opcodes,
    /// What would run: findings, calls, imports.
    Audit,
    /// The file as Python source.
    Python,
}

/// The dialogs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Dialog {
    /// A place to paste; with text that was not understood, and why.
    Paste {
        /// The text to begin with.
        text: Rc<str>,
        /// What is wrong with it.
        error: Option<Rc<str>>,
    },
    /// The keys.
    Keys,
    /// How to check that nothing leaves the device.
    Privacy,
    /// What the file imports.
    Imports,
    /// What wrote the file.
    Environment,
    /// In which formats something can be saved.
    Export(ExportOf),
}

/// What is to be saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportOf {
    /// The value; nothing for the document.
    pub node: Option<u32>,
    /// Its name for people.
    pub name: Rc<str>,
    /// The format, when it was chosen already.
    pub format: Option<Format>,
}

/// Everything that can happen.
#[derive(Clone, Debug)]
pub enum Action {
    /// A file was handed in.
    Begin {
        /// Number of the file.
        generation: u32,
        /// Its name.
        name: Rc<str>,
        /// Its size.
        size: u64,
        /// When, on the clock of the page.
        began: f64,
        /// Whether it is another part of what is open already.
        is_part: bool,
    },
    /// It takes long.
    Slow {
        /// Number of the file.
        generation: u32,
    },
    /// Some of it was decoded.
    Progress {
        /// Number of the file.
        generation: u32,
        /// Bytes read.
        read: u64,
        /// Bytes in all.
        total: u64,
        /// While unpacking: bytes that came out.
        unpacked: Option<u64>,
    },
    /// It is there.
    Opened {
        /// Number of the file.
        generation: u32,
        /// Facts.
        overview: Rc<Overview>,
        /// Rows of the tree of members, and the one on show.
        members: (u64, Option<u64>),
        /// Rows of the tree.
        total: u64,
        /// The first of them.
        rows: Rc<[Rc<TreeRow>]>,
        /// When what happened.
        timings: Timings,
    },
    /// It cannot be shown, or the worker died over it.
    Failed {
        /// Why.
        message: Rc<str>,
        /// Whether only loading the page again helps.
        reload: bool,
    },
    /// The user stopped it, or closed the document.
    Closed,
    /// The keyboard moved to a row of the tree, whose inspection is on its way.
    TreeMoved {
        /// The row.
        row: u64,
    },
    /// The keyboard moved to a row of the listing.
    ListingMoved {
        /// The row.
        row: u64,
    },
    /// The keyboard moved to a row of the tree of members.
    MemberMoved {
        /// The row.
        row: u64,
    },
    /// The audit of every pickle is there.
    Reported {
        /// Number of the file.
        generation: u32,
        /// The report.
        report: Rc<FileReport>,
    },
    /// It is known what wrote the document.
    Fingerprinted {
        /// Number of the file.
        generation: u32,
        /// What wrote it.
        environment: Rc<Environment>,
    },
    /// Members were opened or closed.
    MembersChanged {
        /// Number of the file.
        generation: u32,
        /// Rows of the tree of members.
        total: u64,
    },
    /// Rows were opened or closed.
    TreeChanged {
        /// Number of the file.
        generation: u32,
        /// Rows of the tree.
        total: u64,
        /// The row to focus, if it should move.
        row: Option<u64>,
        /// Whether rows changed although their number did not.
        redraw: bool,
    },
    /// The worker placed the selection.
    Selected {
        /// Number of the file.
        generation: u32,
        /// Rows of the tree.
        total: u64,
        /// What it is.
        inspection: Rc<Inspection>,
    },
    /// Another tab.
    Show(Tab),
    /// A line to read, or none.
    Notice(Option<Rc<str>>),
    /// A dialog, or none.
    Dialog(Option<Dialog>),
    /// Something is dragged over the window.
    Dragging(bool),
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
            }
            Action::Slow { generation } => self.loading(generation, |loading| loading.slow = true),
            Action::Progress { generation, read, total, unpacked } => self.loading(generation, |loading| {
                loading.read = read;
                loading.total = total;
                loading.unpacked = unpacked;
            }),
            Action::Opened { generation, overview, members, total, rows, timings } => {
                if let Phase::Loading(loading) = &self.phase
                    && loading.generation == generation
                {
                    let tab = loading.tab_for(&overview);
                    let report =
                        loading.previous.as_ref().filter(|_| loading.is_part).and_then(|open| open.report.clone());
                    self.phase = Phase::Open(Box::new(Open {
                        generation,
                        overview,
                        began: loading.began,
                        timings,
                        first_rows: rows,
                        total,
                        version: 0,
                        report,
                        environment: None,
                        members: members.0,
                        members_version: 0,
                        member: Place { row: members.1.unwrap_or_default(), reveal: 1 },
                        tab,
                        tree: Place::default(),
                        listing: Place::default(),
                        selected: None,
                        inspection: None,
                    }));
                }
            }
            Action::Failed { message, reload } => {
                let name = match &self.phase {
                    Phase::Loading(loading) => Rc::clone(&loading.name),
                    Phase::Open(open) => Rc::from(open.overview.name.as_str()),
                    Phase::Failed(failure) => Rc::clone(&failure.name),
                    Phase::Empty => Rc::from(""),
                };
                self.phase = Phase::Failed(Failure { name, message, reload });
                self.dialog = None;
            }
            Action::Closed => self.phase = Phase::Empty,
            Action::TreeMoved { row } => self.open(None, |open| {
                open.tree.go(row);
                open.selected = Some(row);
            }),
            Action::ListingMoved { row } => self.open(None, |open| open.listing.go(row)),
            Action::Reported { generation, report } => {
                self.open(Some(generation), |open| open.report = Some(report));
            }
            Action::Fingerprinted { generation, environment } => {
                self.open(Some(generation), |open| open.environment = Some(environment));
            }
            Action::MemberMoved { row } => self.open(None, |open| open.member.go(row)),
            Action::MembersChanged { generation, total } => self.open(Some(generation), |open| {
                open.members = total;
                open.members_version = open.members_version.wrapping_add(1);
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

    fn open(&mut self, generation: Option<u32>, change: impl FnOnce(&mut Open)) {
        if let Phase::Open(open) = &mut self.phase
            && generation.is_none_or(|generation| generation == open.generation)
        {
            change(open);
        }
    }
}

impl Loading {
    /// The tab to begin with. What there is to choose from comes first; whoever chose wants to see it.
    fn tab_for(&self, overview: &Overview) -> Tab {
        let before = self.previous.as_ref().map(|open| open.tab).unwrap_or_default();
        match before {
            _ if overview.is_wrapping || (overview.choose && !self.is_part) => Tab::Contents,
            Tab::Contents => Tab::Objects,
            other => other,
        }
    }
}

impl Open {
    fn resize(&mut self, total: u64, redraw: bool) {
        if redraw || total != self.total {
            self.version = self.version.wrapping_add(1);
        }
        self.total = total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{ValueChunk, VerdictFacts};

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
                title: String::new(),
                type_name: String::new(),
                path: String::new(),
                summary: Vec::new(),
                marks: Vec::new(),
                facts: Vec::new(),
                embedded: None,
                numbers_in: None,
                value: ValueChunk::default(),
                opcodes: Vec::new(),
                opcode_count: 0,
                span: (0, 1),
                own: (0, 1),
                asked: None,
            }),
        }
    }

    #[test]
    fn a_quick_second_file_replaces_the_first_without_a_flash() {
        let state = State::default().after(begin(1, "a")).after(opened(1, "a"));
        let state = state.after(begin(2, "b"));
        assert_eq!(state.shown().map(|open| open.overview.name.as_str()), Some("a"));
        let state = state.after(opened(1, "late reply of a"));
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
        assert!(matches!(state.after(Action::Closed).phase, Phase::Empty));
    }

    #[test]
    fn a_crash_names_the_file() {
        let crash = Action::Failed { message: Rc::from("out of memory"), reload: false };
        for state in [
            State::default().after(begin(1, "a.pkl")),
            State::default().after(begin(1, "a.pkl")).after(opened(1, "a.pkl")),
        ] {
            let Phase::Failed(failure) = state.after(crash.clone()).phase else { panic!("not failed") };
            assert_eq!((&*failure.name, &*failure.message), ("a.pkl", "out of memory"));
        }
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
