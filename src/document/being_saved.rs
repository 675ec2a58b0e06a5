//! What is being saved, as far as it has come.

use super::digest::FileDigest;
use super::tree::Tree;
use super::visits::Task;
use crate::export::Writer;
use crate::graph::NodeId;
use crate::view::html_report::{HtmlFigure, HtmlRows};
use crate::view::{FileReport, MemberRow};

/// Reasons that are said beside a report.
const REMARKS: usize = 3;

/// A file that is being saved.
pub(super) struct Saving {
    pub(super) name: String,
    pub(super) job: Job,
}

pub(super) enum Job {
    Writer(Box<dyn Writer>),
    /// The rows of the tree are the document's own.
    Tree(Box<TreeFile>),
    /// So are those of the report.
    Report(Box<ReportFile>),
}

/// A tree on its way into a file.
pub(super) struct TreeFile {
    pub(super) tree: Tree,
    pub(super) tasks: Vec<Task>,
    /// Levels that the lines leave out.
    pub(super) above: u32,
    pub(super) done: u64,
    pub(super) left_out: u64,
}

impl TreeFile {
    pub(super) fn progress(&self) -> (u64, u64) {
        (self.done, self.done + self.tasks.len() as u64)
    }

    pub(super) fn remarks(&self) -> Vec<String> {
        match self.left_out {
            0 => Vec::new(),
            left => vec![format!("{} rows of very long values are only counted", crate::lens::grouped(left))],
        }
    }
}

/// A report on its way into a file.
pub(super) struct ReportFile {
    pub(super) report: FileReport,
    pub(super) digest: FileDigest,
    pub(super) stage: ReportStage,
    pub(super) tree: Tree,
    pub(super) tasks: Vec<Task>,
    pub(super) rows: HtmlRows,
    /// Arrays that the tree shows.
    pub(super) arrays: Vec<NodeId>,
    pub(super) figures: Vec<HtmlFigure>,
    /// Whether pictures may be made: not where the bytes come from elsewhere.
    pub(super) is_near: bool,
    /// Why not all of what was opened is here.
    pub(super) cut: String,
    /// What was opened and what is in it, where that is more than the document.
    pub(super) members: Vec<MemberRow>,
    pub(super) done: u64,
}

/// What comes next of a report.
pub(super) enum ReportStage {
    Digest,
    Tree,
    /// The picture of one of the arrays.
    Figures(usize),
    Done,
}

impl ReportFile {
    pub(super) fn progress(&self) -> (u64, u64) {
        let (hashed, all) = self.digest.progress();
        (hashed + self.done, all + self.done + self.tasks.len() as u64 + 1)
    }

    pub(super) fn remarks(&self) -> Vec<String> {
        self.report.why.iter().take(REMARKS).map(|why| format!("not everything was read: {why}")).collect()
    }
}
