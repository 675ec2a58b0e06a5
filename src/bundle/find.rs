//! Finding things in everything that was opened: names of entries, and every pickle and array, one after the other.

use super::member::{MemberId, Origin};
use super::search::{BundleSearch, BundleStep, Extent, Open};
use super::{Bundle, OnProgress};
use crate::bytes::{Source, Span, sorting};
use crate::container::{Method, Opened};
use crate::document::Document;
use crate::find::{Query, Search};
use crate::graph::NodeId;
use crate::machine::Reading;
use crate::view::{FoundKind, FoundRow, shown};
use std::collections::BTreeMap;
use std::sync::Arc;

impl BundleSearch {
    /// A search that has not begun. `kept` hits of each kind are given, others are only counted.
    #[must_use]
    pub fn new(bundle: &Bundle, query: Query, within: Option<MemberId>, below: Option<String>, kept: u64) -> Self {
        let waiting = within.map_or_else(|| bundle.roots.iter().rev().copied().collect(), |member| vec![member]);
        Self {
            query,
            below,
            below_found: false,
            below_missing: None,
            waiting,
            open: None,
            counts: BTreeMap::new(),
            kept,
            remarks: Vec::new(),
            gone_over: 0,
            unread: Vec::new(),
            extent: Extent::default(),
        }
    }

    /// Goes on for about so many bytes, or opens the next member.
    pub fn step(&mut self, bundle: &mut Bundle, budget: u64, progress: OnProgress<'_>) -> BundleStep {
        let mut hits = Vec::new();
        match self.open.take() {
            Some(open) => self.search(open, bundle, budget, &mut hits),
            None => {
                if let Some(member) = self.waiting.pop() {
                    self.enter(member, bundle, &mut hits, progress);
                }
            }
        }
        let finished = self.open.is_none() && self.waiting.is_empty();
        if finished && !self.below_found {
            self.remarks.extend(self.below_missing.take());
        }
        let total = self.gone_over + self.waiting.len() as u64 + u64::from(self.open.is_some());
        BundleStep { hits, progress: (self.gone_over, total), finished }
    }

    /// Looks at the name of a member, and opens it if it is something to search in.
    fn enter(&mut self, id: MemberId, bundle: &mut Bundle, hits: &mut Vec<FoundRow>, progress: OnProgress<'_>) {
        self.gone_over += 1;
        self.look_at_name(id, bundle, hits);
        let children = bundle.children(id, progress);
        self.waiting.extend(children.iter().rev().copied());
        let is_any_bytes = self.query.looks_into_any_bytes() && self.below.is_none();
        if !self.query.looks_into_documents() || bundle.is_storage(id) && !is_any_bytes {
            return;
        }
        let stored = if is_any_bytes { bundle.stored_in(id, children) } else { Vec::new() };
        match bundle.searched(id, is_any_bytes, progress) {
            Searched::Nothing => {}
            Searched::Unread(why) => self.note_unread(format!("{}: {why}", bundle.container(id))),
            Searched::Shown => self.begin(id, None, stored, bundle),
            Searched::Document(document) => self.begin(id, Some(*document), stored, bundle),
        }
        if self.open.is_none() {
            bundle.release_members(id, &self.waiting);
        }
    }

    fn look_at_name(&mut self, id: MemberId, bundle: &Bundle, hits: &mut Vec<FoundRow>) {
        let member = bundle.at(id);
        if self.below.is_some() || !matches!(member.origin, Origin::Entry(_) | Origin::Folder) {
            return;
        }
        self.extent.names += 1;
        let Some(found) = self.query.find_in_name(&member.name) else { return };
        let most = self.kept;
        let count = self.count_of(FoundKind::Entry);
        count.count += 1;
        if count.count > most {
            return;
        }
        count.kept += 1;
        let part = |range: std::ops::Range<usize>| String::from_utf8_lossy(&member.name.as_bytes()[range]).into_owned();
        let entry = bundle.container(id);
        let row = shown(FoundRow {
            kind: FoundKind::Entry,
            member: Some(id.0),
            entry: entry.clone(),
            offset: match &member.origin {
                Origin::Entry(entry) => entry.header,
                _ => 0,
            },
            node: None,
            path: entry,
            before: part(0..found.start),
            matched: part(found.clone()),
            after: part(found.end..member.name.len()),
            count: 1,
            of: None,
            at: Box::default(),
            more: 0,
            more_at: String::new(),
        });
        hits.push(row);
    }

    fn begin(&mut self, member: MemberId, document: Option<Document>, stored: Vec<Span>, bundle: &Bundle) {
        let is_shown = document.is_none();
        let below = match &self.below {
            None => None,
            Some(path) => match document.as_ref().unwrap_or(bundle.document()).find_path(path) {
                Ok(node) => {
                    self.below_found = true;
                    Some(NodeId(node))
                }
                Err(why) => {
                    self.below_missing.get_or_insert(why);
                    return;
                }
            },
        };
        let reading = document.as_ref().unwrap_or(bundle.document());
        self.extent.documents += u64::from(!reading.reading().graph.is_empty());
        self.extent.values += reading.reading().graph.len() as u64;
        self.extent.bytes += reading.source().len();
        let query = if is_shown { self.query.clone() } else { self.query.clone().without_places() };
        // What is kept is decided over all members.
        let search = Search::new(query, below).keeping(self.kept).without_bytes(stored);
        self.open = Some(Open { member, search, document });
    }

    fn search(&mut self, mut open: Open, bundle: &mut Bundle, budget: u64, hits: &mut Vec<FoundRow>) {
        let document = open.document.as_ref().unwrap_or(bundle.document());
        let before: BTreeMap<FoundKind, u64> =
            open.search.counts().into_iter().map(|count| (count.kind, count.count)).collect();
        let step = open.search.step(document, budget);
        let entry = bundle.container(open.member);
        for hit in &step.hits {
            let most = self.kept;
            let count = self.count_of(hit.kind);
            if count.kept < most {
                count.kept += 1;
                let row = Search::row(document, hit);
                hits.push(shown(FoundRow { member: Some(open.member.0), entry: entry.clone(), ..row }));
            }
        }
        for count in open.search.counts() {
            let new = count.count - before.get(&count.kind).copied().unwrap_or(0);
            self.count_of(count.kind).count += new;
        }
        if !step.finished {
            self.open = Some(open);
            return;
        }
        self.note_remarks(open.search.remarks());
        // Of bytes alone nothing was to be read.
        let is_read = |document: &Document| !document.reading().streams.is_empty();
        if let Some(document) = open.document.filter(|document| is_read(document) && !document.is_complete()) {
            let reading = document.overview().reading;
            self.note_unread(format!("{entry}: {reading}"));
        }
        bundle.release_members(open.member, &self.waiting);
    }
}

/// What there is to search in a member.
enum Searched {
    Nothing,
    /// Why it cannot be read.
    Unread(String),
    /// The document on show.
    Shown,
    Document(Box<Document>),
}

impl Bundle {
    /// Where the content of entries lies in the bytes of a member as it is: they are searched as those of the entries. In order.
    fn stored_in(&self, id: MemberId, children: Vec<MemberId>) -> Vec<Span> {
        let Some(Ok(source)) = &self.at(id).source else { return Vec::new() };
        let mut waiting = children;
        let mut spans = Vec::new();
        while let Some(child) = waiting.pop() {
            let member = self.at(child);
            let stored = match &member.origin {
                Origin::Folder => {
                    waiting.extend(member.children.iter().flatten());
                    None
                }
                Origin::Entry(entry) if entry.method == Method::Stored && !entry.folder && entry.special.is_none() => {
                    match entry.open(source) {
                        Ok(Opened::Stored(slice)) => Some(slice.span()),
                        _ => None,
                    }
                }
                _ => None,
            };
            spans.extend(stored.filter(|span| !span.is_empty()));
        }
        sorting::by_key(&mut spans, |span| (span.start, std::cmp::Reverse(span.end)));
        // Of spans in one another the outer one, so that those before a place are not longer.
        spans.dedup_by(|next, before| next.end <= before.end);
        spans
    }

    /// Reads a member for a search, with what it refers to outside itself.
    /// A member that is not a pickle is searched only if bytes are, and then only for bytes.
    fn searched(&mut self, id: MemberId, is_any_bytes: bool, progress: OnProgress<'_>) -> Searched {
        if id == self.shown {
            return Searched::Shown;
        }
        match &self.at(id).origin {
            // Its bytes are those of the member above.
            Origin::Folder | Origin::Tail(_) => return Searched::Nothing,
            Origin::Entry(entry) if entry.folder || entry.special.is_some() => return Searched::Nothing,
            _ => {}
        }
        let format = self.format(id, progress);
        let source = match self.source(id, progress) {
            Ok(source) => source,
            Err(why) => return Searched::Unread(why),
        };
        let bytes_alone = |source: Arc<dyn Source>, limits| {
            let reading = Reading::unread(source.len());
            Searched::Document(Box::new(Document::new(String::new(), source, reading, limits)))
        };
        if is_any_bytes && self.is_storage(id) {
            return bytes_alone(source, self.limits.clone());
        }
        let known = self.known(id, format);
        let document = self.read(id, Arc::clone(&source), progress);
        if !known.is_pickle(&document) {
            return if is_any_bytes { bytes_alone(source, self.limits.clone()) } else { Searched::Nothing };
        }
        let unchecked = self.unchecked;
        let shown = std::mem::replace(&mut self.document, document);
        self.attach(id, progress);
        let document = std::mem::replace(&mut self.document, shown);
        self.unchecked = unchecked;
        Searched::Document(Box::new(document))
    }
}
