//! Saving what was opened. A report is one on everything in it; other formats are of the document on show alone.

use super::{Bundle, OnProgress};
use crate::document::ReportAsk;
use crate::view::card::Format;
use crate::view::{ExportAsk, Exported};

/// Bytes that are read for the audit in a report.
const AUDITED: u64 = 256 << 20;

impl Bundle {
    /// Begins to save a value of the document on show, or everything: the first piece. [`Document::export_more`] has the others.
    ///
    /// # Errors
    /// Why it cannot be saved in the format, in words.
    ///
    /// [`Document::export_more`]: crate::document::Document::export_more
    pub fn export(&mut self, ask: ExportAsk, progress: OnProgress<'_>) -> Result<Exported, String> {
        if ask.format != Format::Html || ask.node.is_some() {
            return self.document_mut().export(ask);
        }
        let name = self.document().overview().name;
        let report = self.report_here(&name, AUDITED, progress);
        let file = match self.roots[..] {
            [root] => self.bytes(root, progress).ok(),
            _ => None,
        };
        self.document_mut().export_report(ReportAsk { report, file })
    }
}
