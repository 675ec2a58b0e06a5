//! Saving what was opened. A report is on everything in it; other formats are of the document on show alone.

use super::{Bundle, OnProgress};
use crate::document::ReportAsk;
use crate::view::card::Format;
use crate::view::{ExportAsk, Exported, FileReport, MemberRow};

/// How a report is made.
pub struct ReportScope<'a> {
    /// Bytes that are read for it.
    pub budget: u64,
    /// Why some files are not here to their end, a sentence each.
    pub cut: &'a [String],
}

/// Members of a file of which the document says it all: the file, and what it is packed in.
const ALONE: usize = 2;
/// Members that a report names, and some more, so that it says that there are more.
const MEMBERS: usize = 1000;

impl Bundle {
    /// Begins to save a value of the document on show, or everything: the first piece. [`Document::export_more`] has the others.
    ///
    /// # Errors
    /// Why it cannot be saved in the format, in words.
    ///
    /// [`Document::export_more`]: crate::document::Document::export_more
    pub fn export(
        &mut self,
        ask: ExportAsk,
        scope: &ReportScope<'_>,
        progress: OnProgress<'_>,
    ) -> Result<Exported, String> {
        if ask.format != Format::Html || ask.node.is_some() {
            return self.document_mut().export(ask);
        }
        let report = self.report_on_show(scope, progress);
        let file = match self.roots[..] {
            _ if !scope.cut.is_empty() => Err("not all of the file was read".to_owned()),
            [root] => self.bytes(root, progress),
            _ => Err("several files were opened".to_owned()),
        };
        let members =
            if self.roots.len() > 1 || self.members.len() > ALONE { self.known_rows(MEMBERS) } else { Vec::new() };
        self.document_mut().export_report(ReportAsk { report, file, cut: scope.cut.join(" "), members })
    }

    /// The first members that are known, with what is in them below each.
    fn known_rows(&self, most: usize) -> Vec<MemberRow> {
        let mut rows = Vec::new();
        self.every_known_row(&mut |row| {
            rows.push(row.clone());
            rows.len() < most
        });
        rows
    }

    /// The report on everything for whoever looks at this bundle, by the name of what is on show.
    pub fn report_on_show(&mut self, scope: &ReportScope<'_>, progress: OnProgress<'_>) -> FileReport {
        let name = self.document().overview().name;
        let mut report = self.report_here(&name, scope.budget, progress);
        scope.cut.iter().rev().for_each(|why| report.not_whole(why));
        report
    }
}
