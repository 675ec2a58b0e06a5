//! Everything that can happen to the page.

use super::dialog::Dialog;
use super::failure::Cause;
use super::notice::Notice;
use super::open::Tab;
use crate::protocol::Timings;
use crate::view::{Environment, FileReport, Inspection, MemberOrder, Overview, TreeRow};
use crate::web::finding::Finding;
use std::rc::Rc;

/// A place on the way through the guided sample.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tour {
    /// Number of the file that the sample was opened as.
    pub generation: u32,
    /// Number of the step, from 0.
    pub step: usize,
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
    /// It cannot be shown, or its worker has ended.
    Failed {
        /// Number of the file.
        generation: u32,
        /// What kind of failure.
        cause: Cause,
        /// What the decoder or the browser said.
        message: Rc<str>,
    },
    /// The reader gave up what was being opened: back to what was there before.
    Cancelled,
    /// The reader closed the document, or has read why there is none.
    Closed,
    /// The reader has read why a file could not be opened.
    Dismissed,
    /// The worker has not answered for long, or does again.
    Quiet {
        /// Number of the file.
        generation: u32,
        /// Whether it is quiet.
        quiet: bool,
    },
    /// There is no audit.
    NotReported {
        /// Number of the file.
        generation: u32,
        /// Why; nothing while it is asked for again.
        why: Option<Rc<str>>,
    },
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
    /// Members were sorted.
    MembersSorted {
        /// Number of the file.
        generation: u32,
        /// Their order.
        order: MemberOrder,
        /// The row that has the keyboard.
        row: u64,
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
    Notice(Option<Notice>),
    /// A dialog, or none.
    Dialog(Option<Dialog>),
    /// Something is dragged over the window.
    Dragging(bool),
    /// The search came further, or is another one.
    Finding(Rc<Finding>),
    /// Another step of the guided sample, or its end.
    Tour(Option<Tour>),
}
