//! A report is made of the files alone: it says the same whatever of them was opened, shown or agreed to before.
//!
//! So it goes over a bundle of its own. That of the page lends it what it has read and unpacked, where the report would get
//! the same, and takes over what was found.

use super::lent::{Lent, Place, Step};
use crate::bundle::Bundle;
use crate::bundle::member::{Member, MemberId};
use crate::bundle::open::base_name;
use crate::bytes::{MemorySource, Source};
use crate::container::{Ending, Unpacked};
use crate::document::Document;
use crate::machine::Reading;
use std::sync::Arc;

impl Bundle {
    /// The same files, of which nothing was opened yet, with what this bundle lends; [`Bundle::take_back`] ends that.
    pub(super) fn afresh(&mut self, is_free: bool) -> Self {
        let is_one = self.roots.len() == 1;
        let files = self.roots.iter().map(|&root| {
            let Member { name, source, .. } = self.at(root);
            // By its own name: the folders that it lies in say nothing of it.
            let name = if is_one { base_name(name) } else { name };
            let source = source.as_ref().and_then(|source| source.as_ref().ok());
            (name.to_owned(), source.map_or_else(|| Arc::new(MemorySource::default()) as _, Arc::clone))
        });
        let mut fresh = Self::new(files.collect(), self.limits.clone());
        fresh.lent = Some(Box::new(self.lend(is_free)));
        fresh
    }

    fn lend(&mut self, is_free: bool) -> Lent {
        let ids = self.way_up(self.shown);
        let root = self.roots.iter().position(|root| ids.last() == Some(root)).unwrap_or_default();
        let way = ids.into_iter().map(|id| {
            let member = self.at(id);
            let (name, unpacked) = (member.name.clone(), member.unpacked.clone());
            Step { place: Place::of(&member.origin), name, unpacked, budget: member.budget }
        });
        let way = way.collect();
        let nothing = Reading::unread(0);
        let nothing = Document::new(String::new(), Arc::new(MemorySource::default()), nothing, self.limits.clone());
        Lent { root, way, document: Some(std::mem::replace(&mut self.document, nothing)), is_free }
    }

    /// Takes back what was lent.
    pub(super) fn take_back(&mut self, fresh: &mut Self) {
        if let Some(document) = fresh.lent.take().and_then(|lent| lent.document) {
            self.document = document;
        }
    }

    /// A member and all above it, folders among them.
    fn way_up(&self, id: MemberId) -> Vec<MemberId> {
        let mut way = vec![id];
        while let Some(above) = way.last().and_then(|&id| self.at(id).parent) {
            way.push(above);
        }
        way
    }

    /// The step of the way to the document that was lent that a member is; 0 is the document's own.
    fn lent_step(&self, id: MemberId) -> Option<usize> {
        let lent = self.lent.as_ref()?;
        let ids = self.way_up(id);
        let step = lent.way.len().checked_sub(ids.len())?;
        let same = |(step, &id): (&Step, &MemberId)| {
            let member = self.at(id);
            let is_file = step.place == Place::File;
            step.place == Place::of(&member.origin) && step.place.says_all() && (is_file || step.name == member.name)
        };
        let is_there = ids.last() == self.roots.get(lent.root) && lent.way[step..].iter().zip(&ids).all(same);
        is_there.then_some(step)
    }

    /// Bytes that a member may unpack to beyond the budget, because the reader agreed to it.
    pub(in crate::bundle) fn lent_budget(&self, id: MemberId) -> Option<u64> {
        self.lent.as_ref()?.way[self.lent_step(id)?].budget
    }

    /// What was unpacked for a member, if unpacking as far as `budget` would give just that.
    pub(in crate::bundle) fn lent_unpacked(&self, id: MemberId, budget: u64) -> Option<Arc<Unpacked>> {
        let step = self.lent_step(id)?;
        let unpacked = self.lent.as_ref()?.way[step].unpacked.as_ref()?;
        let is_same = match unpacked.ending() {
            Ending::Unfinished => unpacked.len() == budget,
            Ending::Complete | Ending::Damaged { .. } => unpacked.len() < budget,
        };
        (is_same && self.has_lent_bytes(id, step + 1)).then(|| Arc::clone(unpacked))
    }

    /// Whether the members above one, from a step on, were unpacked as they were lent.
    fn has_lent_bytes(&self, id: MemberId, step: usize) -> bool {
        let Some(lent) = &self.lent else { return false };
        let same = |(step, id): (&Step, MemberId)| match (&step.unpacked, &self.at(id).unpacked) {
            (Some(lent), Some(own)) => Arc::ptr_eq(lent, own),
            (None, None) => true,
            _ => false,
        };
        let ids = self.way_up(id);
        let above = ids.len() + step;
        lent.way[step..].iter().zip(ids.into_iter().skip(above - lent.way.len())).all(same)
    }

    /// Whether the document that was lent is looked at however large it is.
    pub(super) fn lends_freely(&self) -> bool {
        self.lent.as_ref().is_some_and(|lent| lent.is_free)
    }

    /// The document of a member, if it is the one that was lent and was read; [`Bundle::give_back`] ends that.
    pub(super) fn borrow_document(&mut self, id: MemberId) -> Option<Document> {
        if self.lent_step(id) != Some(0) || !self.has_lent_bytes(id, 0) {
            return None;
        }
        let document = &mut self.lent.as_mut()?.document;
        document.take_if(|document| document.reading().opcodes > 0)
    }

    /// Gives a document back, if it was borrowed.
    pub(super) fn give_back(&mut self, document: Document) {
        if let Some(lent) = self.lent.as_mut().filter(|lent| lent.document.is_none()) {
            lent.document = Some(document);
        }
    }
}
