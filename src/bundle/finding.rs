//! The search that somebody looks at: it goes on when more of it is asked for, and its hits are given by windows.

use super::search::{BundleSearch, Finding};
use super::{Bundle, OnProgress};
use crate::find::{Options, Query, Search};
use crate::graph::NodeId;
use crate::view::{FindAsk, FindScope, FoundItem, FoundKind, FoundProblem, FoundProgress, FoundRow, shown};
use std::collections::BTreeMap;

/// What one question goes over, in bytes: some tens of milliseconds in a browser.
const STEP: u64 = 16 << 20;
/// Hits of each kind that are kept of one document, whose places are looked up when they are shown, and of everything.
const KEPT: u64 = 10_000;
const KEPT_OF_EVERYTHING: u64 = 1_000;
/// Members that one question opens at most: most of them are small.
const MEMBERS: usize = 64;

impl Bundle {
    /// Begins to search; what was searched for before is forgotten.
    pub fn find_begin(&mut self, ask: &FindAsk) -> FoundProgress {
        let before = self.finding.take();
        let options = Options { case: ask.case, word: ask.word, regex: ask.regex, kinds: None };
        let query = match Query::parse(&ask.text, &options) {
            Ok(query) => query,
            Err(error) => {
                let characters = |end: usize| ask.text.get(..end).map_or(0, |text| text.chars().count() as u64);
                let at = (characters(error.at.start), characters(error.at.end));
                let problem = Some(FoundProblem { message: error.message, at });
                return shown(FoundProgress { problem, finished: true, ..FoundProgress::default() });
            }
        };
        let below = match ask.scope {
            FindScope::Below(node) => {
                Some(NodeId(node)).filter(|_| (node as usize) < self.document.reading().graph.len())
            }
            FindScope::Document | FindScope::Everything => None,
        };
        let (progress, finished) = ((0, 1), false);
        let finding = match ask.scope {
            FindScope::Everything => {
                let search = BundleSearch::new(self, query, None, None, KEPT_OF_EVERYTHING);
                Finding::Everything { search: Box::new(search), rows: BTreeMap::new(), progress, finished }
            }
            FindScope::Document | FindScope::Below(_) => {
                let search = Search::new(query, below).keeping(KEPT);
                let search = Box::new(match before {
                    Some(Finding::Document { search: before, .. }) => search.knowing(*before),
                    _ => search,
                });
                Finding::Document { search, hits: BTreeMap::new(), progress, finished }
            }
        };
        self.finding = Some(finding);
        self.find_more(&mut |_| {}).unwrap_or_default()
    }

    /// Goes on with the search. `None` when there is none, because another document is on show.
    pub fn find_more(&mut self, progress: OnProgress<'_>) -> Option<FoundProgress> {
        let mut finding = self.finding.take()?;
        match &mut finding {
            Finding::Document { search, hits, progress, finished } => {
                let step = search.step(&self.document, STEP);
                step.hits.into_iter().for_each(|hit| hits.entry(hit.kind).or_default().push(hit));
                (*progress, *finished) = (step.progress, step.finished);
            }
            Finding::Everything { search, rows, progress: reached, finished } => {
                for _ in 0..MEMBERS {
                    let step = search.step(self, STEP, progress);
                    let is_large = search.is_inside();
                    step.hits.into_iter().for_each(|row| rows.entry(row.kind).or_default().push(row));
                    (*reached, *finished) = (step.progress, step.finished);
                    if step.finished || is_large {
                        break;
                    }
                }
            }
        }
        let so_far = shown(finding.so_far());
        self.finding = Some(finding);
        Some(so_far)
    }

    /// Lines of the list of results: all of them, and those from `first` on, at most `count`. The place of each hit in the tree is
    /// looked up here.
    #[must_use]
    pub fn found(&self, first: u64, count: usize) -> (u64, Vec<FoundItem>) {
        let Some(finding) = &self.finding else { return (0, Vec::new()) };
        let counts = finding.counts();
        let total = counts.iter().map(|count| 1 + count.kept).sum();
        let (mut items, mut before) = (Vec::new(), 0);
        for group in counts {
            let end = before + 1 + group.kept;
            while items.len() < count && (before..end).contains(&(first + items.len() as u64)) {
                let item = match (first + items.len() as u64 - before).checked_sub(1) {
                    None => Some(FoundItem::Group(group)),
                    Some(index) => self.hit(finding, group.kind, index).map(FoundItem::Hit),
                };
                let Some(item) = item else { break };
                items.push(item);
            }
            before = end;
        }
        (total, items)
    }

    fn hit(&self, finding: &Finding, kind: FoundKind, index: u64) -> Option<FoundRow> {
        let index = usize::try_from(index).ok()?;
        match finding {
            Finding::Document { hits, .. } => hits.get(&kind)?.get(index).map(|hit| Search::row(&self.document, hit)),
            Finding::Everything { rows, .. } => rows.get(&kind)?.get(index).cloned(),
        }
    }

    /// Forgets the search.
    pub fn find_end(&mut self) {
        self.finding = None;
    }
}
