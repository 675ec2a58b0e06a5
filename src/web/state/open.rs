//! A document and where the reader is in it.

use super::failure::Failure;
use crate::protocol::Timings;
use crate::view::{Environment, FileReport, Inspection, MemberOrder, Overview, TreeRow};
use std::rc::Rc;

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
    /// How members are sorted.
    pub member_order: MemberOrder,
    /// Row of the tree of members that has the keyboard.
    pub member: Place,
    /// The tab on the left.
    pub tab: Tab,
    /// The tab that it opens with for somebody who comes from nowhere.
    pub home: Tab,
    /// Row of the tree that has the keyboard.
    pub tree: Place,
    /// Row of the listing that has the keyboard.
    pub listing: Place,
    /// Row of the tree that is selected.
    pub selected: Option<u64>,
    /// What is selected.
    pub inspection: Option<Rc<Inspection>>,
    /// Why nothing more of it can be asked for; what is on screen stays.
    pub stopped: Option<Failure>,
    /// Whether its worker has not answered for long.
    pub quiet: bool,
    /// Why there is no audit.
    pub no_report: Option<Rc<str>>,
}

impl Open {
    /// A document at its beginning.
    pub(super) fn new(
        generation: u32,
        overview: Rc<Overview>,
        members: (u64, Option<u64>),
        total: u64,
        first_rows: Rc<[Rc<TreeRow>]>,
        timings: Timings,
    ) -> Self {
        Self {
            generation,
            overview,
            began: 0.0,
            timings,
            first_rows,
            total,
            version: 0,
            report: None,
            environment: None,
            members: members.0,
            members_version: 0,
            member_order: MemberOrder::default(),
            member: Place { row: members.1.unwrap_or_default(), reveal: 1 },
            tab: Tab::default(),
            home: Tab::default(),
            tree: Place::default(),
            listing: Place::default(),
            selected: None,
            inspection: None,
            stopped: None,
            quiet: false,
            no_report: None,
        }
    }

    pub(super) fn resize(&mut self, total: u64, redraw: bool) {
        if redraw || total != self.total {
            self.version = self.version.wrapping_add(1);
        }
        self.total = total;
    }
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
    pub(super) fn go(&mut self, row: u64) {
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
    /// The unpickling machine at the selected instruction.
    Machine,
    /// What would run: findings, calls, imports.
    Audit,
    /// The file as Python source.
    Python,
    /// What is large.
    Size,
    /// All bytes, and what each is for.
    Bytes,
}

/// The tab that a document opens with. What there is to choose from comes first; whoever chose wants to see it.
pub(super) fn home(overview: &Overview, is_part: bool) -> Tab {
    if overview.is_wrapping || (overview.choose && !is_part) { Tab::Contents } else { Tab::Objects }
}
