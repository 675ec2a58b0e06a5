//! A search in everything that was opened, and the one that somebody looks at: how far they have come, and what they found.

use super::member::MemberId;
use crate::document::Document;
use crate::find::{Hit, Query, Search};
use crate::view::{FoundCount, FoundKind, FoundProgress, FoundRow};
use std::collections::BTreeMap;

/// What a step gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleStep {
    /// The hits that are new. The path of an entry that is found by its name is that of the entry.
    pub hits: Vec<FoundRow>,
    /// Members that were gone over, and those that are known.
    pub progress: (u64, u64),
    /// Whether it was the last one.
    pub finished: bool,
}

/// What a search went over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Extent {
    /// Pickles and arrays, each read from a file, an entry or a part of one.
    pub documents: u64,
    /// Values in them.
    pub values: u64,
    /// Bytes they are read from.
    pub bytes: u64,
    /// Names of entries.
    pub names: u64,
}

/// A search in a member and everything in it, or in everything.
pub struct BundleSearch {
    pub(super) query: Query,
    /// The path of the value below which is searched, in each document that has one.
    pub(super) below: Option<String>,
    /// The path leads somewhere; why it leads nowhere in a document.
    pub(super) below_found: bool,
    pub(super) below_missing: Option<String>,
    pub(super) waiting: Vec<MemberId>,
    pub(super) open: Option<Open>,
    pub(super) counts: BTreeMap<FoundKind, FoundCount>,
    pub(super) kept: u64,
    pub(super) remarks: Vec<String>,
    pub(super) gone_over: u64,
    pub(super) unread: Vec<String>,
    pub(super) extent: Extent,
}

/// The member that is gone over.
pub(super) struct Open {
    pub(super) member: MemberId,
    pub(super) search: Search,
    /// Its document, when it is not the one on show.
    pub(super) document: Option<Document>,
}

impl BundleSearch {
    /// Hits of each kind so far, of kinds that have some.
    #[must_use]
    pub fn counts(&self) -> Vec<FoundCount> {
        self.counts.values().copied().collect()
    }

    /// What else is to be said.
    #[must_use]
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The members that were not searched to their ends, and why: a sentence each.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// What was gone over so far.
    #[must_use]
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// Whether a step was not enough for the member that is gone over.
    pub(super) fn is_inside(&self) -> bool {
        self.open.is_some()
    }

    /// Keeps a document that was on show and no longer is, when it is the one that is gone over.
    pub(super) fn keep(&mut self, member: MemberId, document: Document) {
        if let Some(open) = self.open.as_mut().filter(|open| open.member == member && open.document.is_none()) {
            open.document = Some(document);
        }
    }

    /// Keeps what is to be said of a member: of many the first.
    pub(super) fn note_unread(&mut self, text: String) {
        const MOST: usize = 100;
        match self.unread.len() {
            0..MOST => self.unread.push(text),
            MOST => self.unread.push("and more entries that were not searched to their ends".to_owned()),
            _ => {}
        }
    }

    /// The same of what a search in a member says.
    pub(super) fn note_remarks(&mut self, remarks: Vec<String>) {
        const MOST: usize = 100;
        let room = MOST.saturating_sub(self.remarks.len());
        self.remarks.extend(remarks.into_iter().take(room));
    }

    pub(super) fn count_of(&mut self, kind: FoundKind) -> &mut FoundCount {
        self.counts.entry(kind).or_insert(FoundCount { kind, count: 0, kept: 0 })
    }
}

/// A search and what it found.
pub(super) enum Finding {
    /// In the document on show.
    Document { search: Box<Search>, hits: BTreeMap<FoundKind, Vec<Hit>>, progress: (u64, u64), finished: bool },
    /// In everything that was opened.
    Everything {
        search: Box<BundleSearch>,
        rows: BTreeMap<FoundKind, Vec<FoundRow>>,
        progress: (u64, u64),
        finished: bool,
    },
}

impl Finding {
    /// What becomes of a search when another member is shown: that of a document ends with it.
    pub(super) fn after(self, member: MemberId, before: Document) -> Option<Self> {
        match self {
            Self::Document { .. } => None,
            Self::Everything { mut search, rows, progress, finished } => {
                search.keep(member, before);
                Some(Self::Everything { search, rows, progress, finished })
            }
        }
    }

    pub(super) fn counts(&self) -> Vec<FoundCount> {
        match self {
            Self::Document { search, .. } => search.counts(),
            Self::Everything { search, .. } => search.counts(),
        }
    }

    pub(super) fn so_far(&self) -> FoundProgress {
        let (progress, finished, remarks) = match self {
            Self::Document { search, progress, finished, .. } => (*progress, *finished, search.remarks()),
            Self::Everything { search, progress, finished, .. } => {
                let unread = search.unread().iter().take(20);
                (*progress, *finished, search.remarks().iter().chain(unread).cloned().collect())
            }
        };
        let counts = self.counts();
        let query = match self {
            Self::Document { search, .. } => search.query(),
            Self::Everything { search, .. } => &search.query,
        };
        let hint = query.hint().filter(|_| finished && counts.is_empty());
        let remarks: Vec<String> = remarks;
        let remarks = remarks.into_iter().chain(hint).collect();
        FoundProgress { counts, progress, finished, remarks, problem: None }
    }
}
