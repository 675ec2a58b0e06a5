//! Looking into one member.

use super::draft::Draft;
use super::kind::{Known, glance, runs_code};
use super::seen::Key;
use crate::bundle::endings::{has_pickle_name, is_packed_name, may_be_path_file};
use crate::bundle::hidden::INSIDE;
use crate::bundle::member::{MemberId, Origin};
use crate::bundle::{Bundle, OnProgress};
use crate::bytes::{Source, Span};
use crate::container::{CHECKED, Format, Method};
use crate::document::Document;
use std::sync::Arc;

impl Bundle {
    /// Whether what an entry is made of was judged under another name; says so.
    pub(super) fn was_judged(&mut self, id: MemberId, draft: &mut Draft, progress: OnProgress<'_>) -> bool {
        let Origin::Entry(entry) = &self.at(id).origin else { return false };
        let Some(archive) = self.wrapper(id) else { return false };
        let entry = Arc::clone(entry);
        let Ok(source) = self.source(archive, progress) else { return false };
        let Some((content, notes)) = entry.content(&source) else { return false };
        let name = &self.at(id).name;
        let names = [has_pickle_name(name), is_packed_name(name), self.is_storage(id), may_be_path_file(name)];
        if draft.seen.insert(Key { archive, content, names }) {
            return false;
        }
        let known = &mut self.at_mut(id).notes;
        known.extend(notes.into_iter().filter(|note| !known.contains(note)).collect::<Vec<_>>());
        let container = self.container(id);
        self.report_wrapping(id, None, &container, draft);
        draft.note(&container, "its bytes are those of another entry, and what is said of that holds for it");
        true
    }

    /// Whether a stored entry is held against its checksum within the budget; says when not.
    pub(super) fn can_be_checked(&self, id: MemberId, draft: &mut Draft) -> bool {
        let Origin::Entry(entry) = &self.at(id).origin else { return true };
        let can = entry.method != Method::Stored || entry.size > CHECKED || draft.budget.take_bytes(entry.size);
        if !can {
            draft.partial(&self.container(id), TOO_LARGE);
        }
        can
    }

    /// Whether the first bytes of a storage look like a pickle's, or like those of something that may hold one.
    pub(super) fn may_be_pickle(&mut self, id: MemberId, progress: OnProgress<'_>) -> bool {
        if self.format(id, progress).is_some() {
            return true;
        }
        let is_stored = matches!(&self.at(id).origin, Origin::Entry(entry) if entry.method == Method::Stored);
        let source = self.source(id, progress);
        source.is_ok_and(|source| !is_stored || !source.is_empty() && !glance(&*source, &self.limits).is_hopeless)
    }

    /// Holds a storage of torch against its checksum: nothing else reads its numbers.
    pub(super) fn check_storage(&mut self, id: MemberId, draft: &mut Draft, progress: OnProgress<'_>) {
        let (Origin::Entry(entry), Some(archive)) = (&self.at(id).origin, self.wrapper(id)) else { return };
        let entry = Arc::clone(entry);
        if entry.crc.is_none_or(|crc| crc == 0) || !draft.budget.take_checked(entry.size) {
            return;
        }
        let Ok(source) = self.source(archive, progress) else { return };
        if let Some(note) = entry.check(&source) {
            draft.note(&self.container(id), &note.text);
        }
    }

    /// Reads a member and adds what is to be said of it. Gives what was found behind what it reads.
    pub(super) fn look_into(&mut self, id: MemberId, draft: &mut Draft, progress: OnProgress<'_>) -> Vec<MemberId> {
        let container = self.container(id);
        match &self.at(id).origin {
            Origin::Folder => return Vec::new(),
            // A link or a device: what it stands for is elsewhere.
            Origin::Entry(entry) if entry.special.is_some() && entry.size == 0 => return Vec::new(),
            // Of a 7z archive, what lies before the entry in its block is unpacked along.
            Origin::Entry(entry) => draft.budget.spend_unpacked(entry.work().saturating_sub(entry.size)),
            _ => {}
        }
        let format = self.format(id, progress);
        self.report_wrapping(id, format, &container, draft);
        // Its bytes are those of the member above, which was read.
        if matches!(self.at(id).origin, Origin::Tail(_)) {
            return Vec::new();
        }
        let source = match self.source(id, progress) {
            Ok(source) => source,
            Err(why) => {
                draft.partial(&container, &why);
                return self.other_version(id, progress);
            }
        };
        // A small one was held against its checksum when it was opened.
        if self.is_storage(id) && source.len() > CHECKED {
            self.check_storage(id, draft, progress);
        }
        let mut beside = self.look_behind(id, draft, progress);
        beside.extend(self.other_version(id, progress));
        let zip = self.zip_behind(id, progress);
        let known = self.known(id, format);
        let Some(document) = self.read_along(id, known, source, draft, progress) else {
            beside.extend(self.look_for_hidden(id, format, draft, progress));
            return beside;
        };
        let trailing = document.trailing().filter(|_| document.reading().is_complete());
        let is_pickle = known.is_pickle(&document);
        if is_pickle {
            self.at_mut(id).judge(&document);
            self.report_pickle(id, known, &document, &container, draft);
            self.report_zip_behind(zip, &document, draft);
        } else {
            self.report_no_pickle(id, known, &document, &container, draft);
        }
        // A format that begins as a harmless pickle is both: whoever loads the pickle reads on behind it.
        let ends = document.reading().streams.first().is_some_and(|first| first.complete);
        let region = trailing.filter(|_| is_pickle || known.is_npy() || known.is_other() && ends);
        self.give_back(document);
        if !is_pickle {
            beside.extend(self.look_for_hidden(id, format, draft, progress));
        }
        if let Some(region) = region {
            beside.extend(self.add_parts(id, region, progress));
        }
        beside
    }

    /// Pickles in what is no pickle: databases keep them between their own. Of an array and a storage all is known.
    fn look_for_hidden(
        &mut self,
        id: MemberId,
        format: Option<Format>,
        draft: &mut Draft,
        progress: OnProgress<'_>,
    ) -> Vec<MemberId> {
        if !matches!(format, None | Some(Format::Other(_))) || self.is_storage(id) {
            return Vec::new();
        }
        let most = draft.budget.take_up_to(self.at(id).size().unwrap_or(INSIDE).min(INSIDE));
        let (found, unread) = self.add_hidden_pickles(id, most, progress);
        if let Some(why) = unread {
            draft.partial(&self.container(id), &why);
        }
        found
    }

    /// Reads a member as a pickle, unless its first bytes say that there is none or there is too much of it; says so then.
    fn read_along(
        &mut self,
        id: MemberId,
        known: Known,
        source: Arc<dyn Source>,
        draft: &mut Draft,
        progress: OnProgress<'_>,
    ) -> Option<Document> {
        let glance = glance(&*source, &self.limits);
        if glance.is_hopeless && !known.is_npy() && !known.is_root && !known.is_named {
            self.say_no_stream(id, &self.container(id), draft);
            return None;
        }
        let cost = if known.is_npy() { source.len() } else { glance.cost };
        let lent = self.borrow_document(id);
        let is_free = lent.is_some() && self.lends_freely();
        if !is_free && !draft.budget.take_bytes(cost) {
            draft.partial(&self.container(id), TOO_LARGE);
            lent.into_iter().for_each(|document| self.give_back(document));
            return None;
        }
        let document = lent.unwrap_or_else(|| self.read(id, source, progress));
        if !is_free {
            draft.budget.spend_opcodes(document.reading().opcodes);
        }
        Some(document)
    }

    /// Adds what is to be said of a member that is no pickle, after all.
    fn report_no_pickle(&self, id: MemberId, known: Known, document: &Document, container: &str, draft: &mut Draft) {
        let fatal = document.reading().problems.fatal();
        if let Some(problem) = fatal.filter(|problem| problem.kind.is_budget()) {
            // Bytes that a budget kept from being read may be a pickle. The name of the file does not matter.
            draft.partial(container, &problem.to_string());
        } else if document.source().is_empty() {
            // Of an archive all that there is was read.
            if known.is_named && known.is_root {
                draft.partial(container, "it is named like a pickle, but is empty");
            }
        } else if let Some(problem) = fatal.filter(|_| known.is_named && !known.starts_behind) {
            draft.partial(container, &format!("it is named like a pickle, but is not one: {problem}"));
        }
        self.say_no_stream(id, container, draft);
    }

    /// Adds what is to be said of a pickle.
    fn report_pickle(&self, id: MemberId, known: Known, document: &Document, container: &str, draft: &mut Draft) {
        let reading = document.reading();
        if let Some(format) = known.format.filter(|_| known.is_other()) {
            let text = format!("it is {} and a pickle at once", format.kind().name);
            draft.oddity(id, container, Some(0), &text);
        }
        if reading.is_complete() && document.storages_are_cut() {
            draft.partial(container, "the storages behind its pickles are cut off");
        }
        draft.add(document.audit(), container, id);
        if let Some(stop) = document.stops_at().filter(|_| reading.is_complete()) {
            draft.stops_at(container, &stop);
        }
        if let Some(facts) = self.forecast(id, document, container) {
            draft.forecast(facts);
        }
    }

    /// Says that a pickle is a zip archive at once. What is in one value was put there as it is.
    fn report_zip_behind(&self, zip: Option<(MemberId, Span)>, document: &Document, draft: &mut Draft) {
        let graph = &document.reading().graph;
        if let Some((zip, span)) = zip
            && runs_code(document.audit())
            && !graph.payloads(span.len()).any(|(_, value)| value.start <= span.start && span.end <= value.end)
        {
            let text = "it is a pickle and a zip archive at once";
            draft.oddity(zip, &self.path(zip), Some(span.start), text);
        }
    }
}

/// Why something is not read.
const TOO_LARGE: &str = "it is too large to be read along; open it to have it judged";
