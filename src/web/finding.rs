//! What the find bar shows, as plain data: no browser in here, so that it is tested on the host.

use crate::view::{FindAsk, FindScope, FoundCount, FoundProgress};
use std::rc::Rc;

/// Where to look, as the bar offers it: what is below a value is the value that is selected when the search begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Scope {
    /// The document on show.
    #[default]
    Document,
    /// The selected value and what it leads to.
    Selection,
    /// Everything that was opened.
    Everything,
}

/// What was typed and what was found.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Finding {
    /// Whether the bar is open.
    pub is_open: bool,
    /// Raised when the box should have the keyboard.
    pub asked: u32,
    /// What stands in the box.
    pub text: String,
    /// Whether it was typed since the search began: what was found is of another text.
    pub is_typed: bool,
    /// Whether small letters and capitals differ.
    pub case: bool,
    /// Whether only whole words count.
    pub word: bool,
    /// Whether it is a regular expression.
    pub regex: bool,
    /// Where to look.
    pub scope: Scope,
    /// Whether that is everything because nothing was found in the document.
    pub is_widened: bool,
    /// Number of the search, raised with each one: what belongs to an older one is dropped.
    pub search: u32,
    /// How far it has come.
    pub found: FoundProgress,
    /// Raised when lines of the list change their places.
    pub version: u32,
    /// The line of the list that was gone to last.
    pub line: Option<u64>,
    /// At which of its places the hit in that line is shown, from 0, and at how many it stands, once somebody went to another one.
    pub place: Option<(u64, u64)>,
    /// Raised to bring that line into sight.
    pub reveal: u32,
    /// The element that was gone to.
    pub element: Option<Element>,
    /// Whether somebody asked for the next hit (or the one before) while there was none.
    pub wanted: Option<bool>,
}

/// An element of an array or a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element {
    /// The member that the array is in.
    pub member: u32,
    /// Node of the array or table there.
    pub node: u32,
    /// Its index.
    pub at: Rc<[u64]>,
}

/// What can happen to a search.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// The bar is wanted.
    Opened,
    /// It is not wanted any more.
    Closed,
    /// Other text in the box.
    Typed(String),
    /// Small letters and capitals differ, or not.
    Case(bool),
    /// Only whole words, or not.
    Word(bool),
    /// A regular expression, or not.
    Regex(bool),
    /// Another place to look.
    Scope(Scope),
    /// Nothing is in the document: look in everything until something else is looked for.
    Widened,
    /// The search begins anew.
    Begun,
    /// The search with this number has come so far.
    Came(u32, FoundProgress),
    /// The search with this number cannot go on, and why.
    Stopped(u32, String),
    /// A line of the list was gone to.
    Went(u64),
    /// The hit that was gone to is this element.
    Element(Element),
    /// The hit that was gone to is shown at another of its places: which of how many.
    Placed(u64, u64),
    /// The next hit, or the one before, is wanted as soon as there is one.
    Wanted(bool),
}

impl Finding {
    /// The state after a change.
    #[must_use]
    pub fn after(mut self, change: Change) -> Self {
        match change {
            Change::Opened => {
                self.is_open = true;
                self.asked = self.asked.wrapping_add(1);
            }
            Change::Closed => self.is_open = false,
            Change::Typed(text) => {
                self.text = text;
                self.is_typed = true;
            }
            Change::Case(case) => self.case = case,
            Change::Word(word) => self.word = word,
            Change::Regex(regex) => self.regex = regex,
            Change::Scope(scope) => (self.scope, self.is_widened) = (scope, false),
            Change::Widened => (self.scope, self.is_widened) = (Scope::Everything, true),
            Change::Begun => {
                if self.is_typed && self.is_widened {
                    (self.scope, self.is_widened) = (Scope::Document, false);
                }
                self.search = self.search.wrapping_add(1);
                self.is_typed = false;
                self.found = FoundProgress { finished: self.text.trim().is_empty(), ..FoundProgress::default() };
                self.version = self.version.wrapping_add(1);
                self.line = None;
                self.place = None;
                self.element = None;
                self.wanted = None;
            }
            Change::Came(search, found) if search == self.search => {
                if found.counts != self.found.counts {
                    self.version = self.version.wrapping_add(1);
                    self.line = self.line.map(|line| moved(line, &self.found.counts, &found.counts));
                }
                self.found = found;
            }
            Change::Stopped(search, why) if search == self.search => {
                self.found.finished = true;
                self.found.remarks.push(why);
            }
            Change::Came(..) | Change::Stopped(..) => {}
            Change::Went(line) => {
                self.line = Some(line);
                self.place = None;
                self.element = None;
                self.reveal = self.reveal.wrapping_add(1);
                self.wanted = None;
            }
            Change::Element(element) => self.element = Some(element),
            Change::Placed(place, places) => self.place = Some((place, places)),
            Change::Wanted(forward) => self.wanted = Some(forward),
        }
        self
    }

    /// What to ask for; nothing for an empty box.
    #[must_use]
    pub fn ask(&self, selected: Option<u32>) -> Option<FindAsk> {
        let scope = match (self.scope, selected) {
            (Scope::Selection, Some(node)) => FindScope::Below(node),
            (Scope::Document | Scope::Selection, _) => FindScope::Document,
            (Scope::Everything, _) => FindScope::Everything,
        };
        let Self { case, word, regex, .. } = *self;
        (!self.text.trim().is_empty()).then(|| FindAsk { text: self.text.clone(), case, word, regex, scope })
    }

    /// Lines of the list: each kind has one of its own before its hits.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.found.counts.iter().map(|count| 1 + count.kept).sum()
    }

    /// Hits in all, those that are not kept included.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.found.counts.iter().map(|count| count.count).sum()
    }

    /// The line of the next hit, or of the one before, around the ends.
    #[must_use]
    pub fn next(&self, forward: bool) -> Option<u64> {
        let hits: u64 = self.found.counts.iter().map(|count| count.kept).sum();
        let last = hits.checked_sub(1)?;
        let here = self.line.map(|line| number(line, &self.found.counts));
        let next = match (here, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(here), true) if here >= last => 0,
            (Some(here), true) => here + 1,
            (Some(0), false) => last,
            (Some(here), false) => here - 1,
        };
        line(next, &self.found.counts)
    }

    /// Which of the hits was gone to, counted from 1, in the order of the list.
    #[must_use]
    pub fn at(&self) -> Option<u64> {
        let line = self.line?;
        Some(number(line, &self.found.counts) + 1)
    }

    /// The next place of the hit that was gone to, or the one before, around the ends. Before the first answer only the first place
    /// is known.
    #[must_use]
    pub fn next_place(&self, forward: bool) -> u64 {
        match (self.place, forward) {
            (Some((place, places)), true) => (place + 1) % places.max(1),
            (Some((place, places)), false) => (place + places.max(1) - 1) % places.max(1),
            (None, true) => 1,
            // The worker counts from the end.
            (None, false) => u64::MAX,
        }
    }

    /// Whether a line stands over the hits of a kind.
    #[must_use]
    pub fn is_group(&self, line: u64) -> bool {
        let mut begin = 0;
        self.found.counts.iter().any(|count| {
            let is_it = begin == line;
            begin += 1 + count.kept;
            is_it
        })
    }
}

/// The number of the hit in a line, from 0; of a line over a group, that of its first hit.
fn number(line: u64, counts: &[FoundCount]) -> u64 {
    let (mut begin, mut hits) = (0, 0);
    for count in counts {
        if line <= begin + count.kept {
            return hits + line.saturating_sub(begin).saturating_sub(1);
        }
        begin += 1 + count.kept;
        hits += count.kept;
    }
    hits.saturating_sub(1)
}

fn line(number: u64, counts: &[FoundCount]) -> Option<u64> {
    let (mut begin, mut hits) = (0, 0);
    for count in counts {
        if number < hits + count.kept {
            return Some(begin + 1 + number - hits);
        }
        begin += 1 + count.kept;
        hits += count.kept;
    }
    None
}

/// Where a line is after hits were added: they come at the end of each kind.
fn moved(line: u64, before: &[FoundCount], after: &[FoundCount]) -> u64 {
    let mut begin = 0;
    for count in before {
        if line <= begin + count.kept {
            let mut start = 0;
            for now in after {
                if now.kind == count.kind {
                    return start + line - begin;
                }
                start += 1 + now.kept;
            }
        }
        begin += 1 + count.kept;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::FoundKind;

    fn count(kind: FoundKind, kept: u64) -> FoundCount {
        FoundCount { kind, count: kept, kept }
    }

    fn came(finding: Finding, counts: &[FoundCount]) -> Finding {
        let search = finding.search;
        finding.after(Change::Came(search, FoundProgress { counts: counts.to_vec(), ..FoundProgress::default() }))
    }

    fn searching() -> Finding {
        Finding::default().after(Change::Typed("x".to_owned())).after(Change::Begun)
    }

    #[test]
    fn hits_are_walked_around_and_lines_over_groups_are_stepped_over() {
        let finding = came(searching(), &[count(FoundKind::Key, 2), count(FoundKind::Text, 1)]);
        assert_eq!((finding.lines(), finding.hits()), (5, 3));
        let mut lines = Vec::new();
        let mut walked = finding.clone();
        for _ in 0..4 {
            let line = walked.next(true).unwrap();
            walked = walked.after(Change::Went(line));
            lines.push((line, walked.at().unwrap()));
        }
        assert_eq!(lines, [(1, 1), (2, 2), (4, 3), (1, 1)]);
        assert_eq!(walked.next(false), Some(4));
        assert_eq!(finding.next(false), Some(4));
        assert_eq!((0..5).filter(|&line| finding.is_group(line)).collect::<Vec<_>>(), [0, 3]);
        assert_eq!(searching().next(true), None);
    }

    #[test]
    fn places_of_a_hit_are_walked_around() {
        let finding = came(searching(), &[count(FoundKind::Text, 2)]).after(Change::Went(1));
        assert_eq!((finding.next_place(true), finding.next_place(false)), (1, u64::MAX));
        let finding = finding.after(Change::Placed(2, 3));
        assert_eq!((finding.next_place(true), finding.next_place(false)), (0, 1));
        assert_eq!(finding.after(Change::Went(2)).place, None, "another hit is shown at its first place");
    }

    #[test]
    fn a_search_that_was_widened_is_so_for_this_text_only() {
        let widened = searching().after(Change::Widened).after(Change::Begun);
        assert_eq!((widened.scope, widened.is_widened), (Scope::Everything, true));
        let typed = widened.clone().after(Change::Typed("other".to_owned())).after(Change::Begun);
        assert_eq!((typed.scope, typed.is_widened), (Scope::Document, false));
        let chosen = widened
            .after(Change::Scope(Scope::Everything))
            .after(Change::Typed("other".to_owned()))
            .after(Change::Begun);
        assert_eq!((chosen.scope, chosen.is_widened), (Scope::Everything, false));
    }

    #[test]
    fn the_line_stays_with_its_hit_while_others_come() {
        let finding = came(searching(), &[count(FoundKind::Text, 2)]).after(Change::Went(2));
        let version = finding.version;
        let finding = came(finding, &[count(FoundKind::Import, 3), count(FoundKind::Text, 5)]);
        assert_eq!((finding.line, finding.at()), (Some(6), Some(5)));
        assert_ne!(finding.version, version);
    }

    #[test]
    fn what_an_older_search_says_is_dropped() {
        let finding = came(searching(), &[count(FoundKind::Key, 2)]);
        let old = finding.search;
        let finding = finding.after(Change::Typed("y".to_owned())).after(Change::Begun);
        let finding = finding.after(Change::Came(old, FoundProgress { finished: true, ..FoundProgress::default() }));
        assert!(!finding.found.finished && finding.line.is_none());
        assert!(Finding::default().after(Change::Begun).found.finished, "an empty box has nothing to wait for");
    }

    #[test]
    fn a_scope_without_a_selection_is_the_document() {
        let finding = searching().after(Change::Scope(Scope::Selection));
        assert_eq!(finding.ask(Some(7)).unwrap().scope, FindScope::Below(7));
        assert_eq!(finding.ask(None).unwrap().scope, FindScope::Document);
        assert_eq!(Finding::default().ask(None), None);
    }
}
