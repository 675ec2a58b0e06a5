//! The audit of everything in a bundle: every member is looked at, every pickle is read.

mod adopt;
mod afresh;
mod beside;
mod budget;
mod draft;
mod kind;
mod lent;
mod look;
mod seen;
mod wrapping;

use super::endings::{has_pickle_name, may_be_path_file};
use super::member::MemberId;
use super::{Bundle, OnProgress};
use crate::bytes::{Source, Span, read_span};
use crate::container::{Format, TEXT_FILE, describe};
use crate::graph::ends;
use crate::view::{FileReport, Outcome, ReadingStatus, preview, shown};
use budget::Budget;
use draft::Draft;
use kind::Known;
pub(super) use kind::{calls_code, is_pickle_too, runs_code};
pub(super) use lent::Lent;

impl Bundle {
    /// Reads every pickle in everything that was opened, whatever it is wrapped in, and reports what loading them would do.
    /// `path` is what the report calls the file; `budget` the bytes that are read for it. The report is one of the files,
    /// whatever was shown of them; numbers of members in it are its own.
    ///
    /// A member is a pickle when it reads as one and that is no accident; see `is_pickle`. Names of files help it to be
    /// one, they never keep it from being one. What is an archive or of a known format is read as a pickle, too: bytes can
    /// be both.
    pub fn report(&mut self, path: &str, budget: u64, progress: OnProgress<'_>) -> FileReport {
        let mut fresh = self.afresh(false);
        let report = fresh.report_all(path, budget, progress);
        self.take_back(&mut fresh);
        report
    }

    /// The same for whoever looks at this bundle: the document on show costs nothing of the budget, what was found are members
    /// of this bundle, and numbers in the report are theirs.
    pub fn report_here(&mut self, path: &str, budget: u64, progress: OnProgress<'_>) -> FileReport {
        let mut fresh = self.afresh(true);
        let mut report = fresh.report_all(path, budget, progress);
        self.take_back(&mut fresh);
        let numbers = self.adopt(fresh);
        for member in report.members_mut() {
            *member = numbers[*member as usize].0;
        }
        report
    }

    fn report_all(&mut self, path: &str, budget: u64, progress: OnProgress<'_>) -> FileReport {
        let size: u64 = self.roots.iter().filter_map(|&root| self.at(root).size()).fold(0, u64::saturating_add);
        let mut draft = Draft::new(path, Budget::of_file(size, budget, &self.limits));
        let todo: Vec<MemberId> = self.roots.iter().rev().copied().collect();
        self.look_through(todo, &mut draft, progress);
        shown(draft.finish())
    }

    /// What a report says of one member and what is in it, in a word, and whether all of it was read. `budget` bounds what
    /// is read and unpacked for it.
    pub(super) fn judge(&mut self, id: MemberId, budget: u64, progress: OnProgress<'_>) -> (Outcome, ReadingStatus) {
        let mut draft = Draft::new("", Budget::within(budget, 0));
        self.look_through(vec![id], &mut draft, progress);
        let report = draft.finish();
        (report.level, report.reading)
    }

    /// Looks at members, the last first, and at everything in them.
    fn look_through(&mut self, mut todo: Vec<MemberId>, draft: &mut Draft, progress: OnProgress<'_>) {
        while let Some(id) = todo.pop() {
            if let Err(why) = draft.budget.take_member() {
                draft.partial("", &why);
                break;
            }
            if self.is_storage(id) && !draft.budget.take_storage() && !self.may_be_pickle(id, progress) {
                self.check_storage(id, draft, progress);
                continue;
            }
            if self.was_judged(id, draft, progress) || !self.can_be_checked(id, draft) {
                continue;
            }
            self.children(id, progress);
            let beside = self.look_into(id, draft, progress);
            let work = self.at(id).unpacked.as_ref().map_or(0, |unpacked| unpacked.len());
            draft.budget.spend_unpacked(work);
            // What was found behind it is beside it when it is a part itself: then it comes after all that is in it.
            let children = self.children(id, progress);
            todo.extend(beside.into_iter().filter(|part| !children.contains(part)).rev());
            todo.extend(children.into_iter().rev());
            self.release_members(id, &todo);
        }
        let (count, bytes) = draft.budget.unchecked();
        if count > 0 {
            let (what, bytes) =
                (preview::plural(count, "storage", "storages"), preview::plural(bytes, "byte", "bytes"));
            draft.note("", &format!("the checksums of {what} with {bytes} were not checked"));
        }
    }

    /// What is known of a member before it is read.
    pub(super) fn known(&self, id: MemberId, format: Option<Format>) -> Known {
        Known {
            format,
            is_root: self.at(id).parent.is_none(),
            is_named: format.is_none() && has_pickle_name(&self.at(id).name) && !self.is_path_file(id),
            starts_behind: self.starts_behind(id),
        }
    }

    /// Whether a member is one of Python's lists of paths: site-packages has them by the name that torch gives its files.
    fn is_path_file(&self, id: MemberId) -> bool {
        /// `site` reads them whole each time Python starts.
        const LONGEST: u64 = 64 << 10;
        let member = self.at(id);
        let Some(Ok(source)) = member.source.as_ref().filter(|_| may_be_path_file(&member.name)) else { return false };
        source.len() <= LONGEST
            && describe(&**source).is_some_and(|kind| kind.name == TEXT_FILE)
            && read_span(&**source, Span::new(0, source.len())).is_ok_and(|bytes| std::str::from_utf8(&bytes).is_ok())
    }

    /// What a report calls a member: nothing for the file itself, when it is the only one. Names of entries may have 64 KiB, and
    /// thousands of lines say in which they are: of a very long path the ends.
    pub(super) fn container(&self, id: MemberId) -> String {
        let root = self.root_of(id);
        match (self.roots.len() > 1, root == id) {
            (false, true) => String::new(),
            (true, false) => ends(&format!("{}/{}", self.path(root), self.path(id))).into_owned(),
            _ => ends(&self.path(id)).into_owned(),
        }
    }

    /// Lets go of what was unpacked for a member, once nothing that is still to be looked at lies in it.
    pub(super) fn release_members(&mut self, done: MemberId, todo: &[MemberId]) {
        let mut kept: Vec<MemberId> = Vec::new();
        for &id in todo.iter().rev().take(1).chain(std::iter::once(&self.shown)) {
            kept.push(id);
            while let Some(above) = kept.last().and_then(|&id| self.wrapper(id)) {
                kept.push(above);
            }
        }
        let mut next = Some(done);
        while let Some(id) = next.filter(|id| !kept.contains(id)) {
            next = self.wrapper(id);
            self.at_mut(id).release();
        }
    }
}
