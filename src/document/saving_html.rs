//! The report on the whole document as one HTML file. What is open on the screen stays as it is.

use super::Document;
use super::html_report::{HtmlReport, HtmlTree};
use super::tree::Tree;
use super::visits::Walk;
use std::io;

/// Levels of the tree that a report has, and rows below one.
const DEPTH: u64 = 6;
const ITEMS: u64 = 100;

impl Document {
    pub(super) fn html_report(&mut self) -> Vec<u8> {
        let screen = std::mem::replace(&mut self.tree, Tree::new(self.roots.len() as u64));
        let mut tree = HtmlTree::default();
        // It ends early when the report is full.
        let _ = self.walk(DEPTH, ITEMS, &mut |event| {
            let has_room = match event {
                Walk::Row(row) => tree.row(&row),
                Walk::More { level, left } => tree.more(level, left),
            };
            if has_room { Ok(()) } else { Err(io::Error::other("the report is full")) }
        });
        self.tree = screen;
        let (overview, environment, audit) = (self.overview(), self.environment(), self.audit());
        let report = HtmlReport {
            overview: &overview,
            findings: &audit.findings,
            finding_count: audit.finding_count,
            environment: &environment,
            tree,
        };
        report.file().into_bytes()
    }
}
