//! Getting at the bytes of a member: through every wrapping above it.

use super::member::{Member, MemberId, Origin};
use super::{Bundle, OnProgress, Progress};
use crate::bytes::{Slice, Source, Span};
use crate::container::{Ending, Opened, Unpacked};
use std::sync::Arc;

impl Bundle {
    /// The bytes of a member; opens and unpacks what is around it as far as the budget goes.
    ///
    /// # Errors
    /// Why there are none, in a sentence for people.
    pub(super) fn source(&mut self, id: MemberId, progress: OnProgress<'_>) -> Result<Arc<dyn Source>, String> {
        let mut missing = Vec::new();
        let mut at = id;
        while self.at(at).source.is_none() {
            missing.push(at);
            match self.wrapper(at) {
                Some(above) => at = above,
                None => break,
            }
        }
        for id in missing.into_iter().rev() {
            let made = self.make_source(id, progress);
            self.at_mut(id).source = Some(made);
        }
        match &self.at(id).source {
            Some(made) => made.clone(),
            None => Err("This is a folder; it has no bytes of its own.".to_owned()),
        }
    }

    /// Makes the source of a member whose wrapper has one.
    fn make_source(&mut self, id: MemberId, progress: OnProgress<'_>) -> Result<Arc<dyn Source>, String> {
        let above = self.wrapper(id).and_then(|above| self.at(above).source.clone());
        let packed = above.unwrap_or_else(|| Err("What it was in cannot be read.".to_owned()))?;
        match self.at(id).origin.clone() {
            Origin::Content(packing) => {
                let span = Span::new(0, packed.len());
                Ok(self.unpack(id, Unpacked::new(packing, packed, span), progress))
            }
            Origin::Entry(entry) => {
                // Its own header is read now, and may say something else than the directory.
                if let Ok((_, notes)) = entry.data(&packed) {
                    let known = &mut self.at_mut(id).notes;
                    known.extend(notes.into_iter().filter(|note| !known.contains(note)).collect::<Vec<_>>());
                }
                match entry.open(&packed)? {
                    Opened::Stored(slice) => Ok(Arc::new(slice)),
                    Opened::Packed(unpacked) => Ok(self.unpack(id, unpacked, progress)),
                }
            }
            Origin::Part(span) => Ok(part(packed, span)),
            Origin::Tail(_) => Ok(packed),
            _ => Err("It was made from a value that is no longer on show.".to_owned()),
        }
    }

    fn unpack(&mut self, id: MemberId, unpacked: Unpacked, progress: OnProgress<'_>) -> Arc<dyn Source> {
        self.at_mut(id).budget = self.at(id).budget.or(self.lent_budget(id));
        let budget = self.allowed(id);
        let unpacked = self.lent_unpacked(id, budget).unwrap_or_else(|| Arc::new(unpacked));
        self.at_mut(id).unpacked = Some(Arc::clone(&unpacked));
        self.unpacked.push(id);
        self.advance(id, budget, progress);
        unpacked
    }

    /// Bytes that other members have unpacked and keep: streams in streams share one budget.
    fn unpacked_others(&mut self, id: MemberId) -> u64 {
        let mut unpacked = std::mem::take(&mut self.unpacked);
        unpacked.retain(|&other| self.at(other).unpacked.is_some());
        let length = |other: &MemberId| self.at(*other).unpacked.as_ref().map_or(0, |unpacked| unpacked.len());
        let others = unpacked.iter().filter(|other| **other != id).map(length).sum();
        self.unpacked = unpacked;
        others
    }

    /// Lets go of unpacked bytes that are neither around a member nor around the one on show.
    fn release_beside(&mut self, id: MemberId) {
        let mut kept = Vec::new();
        for id in [id, self.shown] {
            kept.push(id);
            while let Some(above) = kept.last().and_then(|&id| self.wrapper(id)) {
                kept.push(above);
            }
        }
        for other in self.unpacked.clone() {
            if !kept.contains(&other) {
                self.at_mut(other).release();
            }
        }
    }

    /// Bytes that a member may unpack to, beside those that others keep.
    fn allowed(&mut self, id: MemberId) -> u64 {
        let mut others = self.unpacked_others(id);
        if others > self.limits.unpacked / 2 {
            self.release_beside(id);
            others = self.unpacked_others(id);
        }
        self.at(id).budget.unwrap_or(self.limits.unpacked).saturating_sub(others)
    }

    /// Unpacks a member as far as the budget goes.
    fn advance(&mut self, id: MemberId, budget: u64, progress: OnProgress<'_>) {
        let Some(unpacked) = self.at(id).unpacked.clone() else { return };
        let total = self.packed_len(id);
        let mut last = 0;
        unpacked.advance(budget, &mut |read, unpacked| {
            last = read;
            progress(Progress::Unpacking { read, total, unpacked });
        });
        self.at_mut(id).packed_read = last;
    }

    /// Bytes of the compressed stream that a member is unpacked from.
    pub(super) fn packed_len(&self, id: MemberId) -> u64 {
        match (&self.at(id).origin, self.wrapper(id)) {
            (Origin::Entry(entry), _) => entry.packed,
            (_, Some(above)) => self.at(above).size().unwrap_or_default(),
            _ => 0,
        }
    }

    /// The outermost compressed stream on the way to a member that grew past its budget.
    pub(super) fn pending(&self, id: MemberId) -> Option<MemberId> {
        let mut found = None;
        let mut next = Some(id);
        while let Some(id) = next {
            let ending = self.at(id).unpacked.as_ref().map(|unpacked| unpacked.ending());
            if let Some(Ending::Unfinished) = ending {
                found = Some(id);
            }
            next = self.wrapper(id);
        }
        found
    }

    /// The reader agreed: unpacks as much again of what grew past its budget, and shows what is then there.
    pub fn go_on(&mut self, progress: OnProgress<'_>) {
        let Some(id) = self.pending(self.shown) else { return };
        let so_far = self.at(id).budget.unwrap_or(self.limits.unpacked);
        self.at_mut(id).budget = Some(so_far.saturating_mul(2));
        let budget = self.allowed(id);
        self.advance(id, budget, progress);
        // What was found in the shorter bytes is looked at again.
        let was_main = self.shown == self.main;
        self.forget_below(id);
        let shown = self.main_below(id, progress);
        if was_main {
            self.main = shown;
        }
        self.show(shown, progress);
    }

    /// Forgets what a member is and what is in it. Numbers of members below are not used again.
    fn forget_below(&mut self, id: MemberId) {
        let member = self.at_mut(id);
        member.format = None;
        member.flavour = None;
        member.notes.clear();
        let mut gone = member.children.take().unwrap_or_default();
        while let Some(id) = gone.pop() {
            let member = self.at_mut(id);
            gone.extend(member.children.take().unwrap_or_default());
            *member = Member::folder(String::new(), MemberId(0));
        }
        self.visible.clear();
    }

    /// Lets go of unpacked bytes that are not needed for what is on show. They can be unpacked again.
    pub(super) fn release_others(&mut self) {
        let mut kept = vec![self.shown];
        while let Some(above) = kept.last().and_then(|&id| self.wrapper(id)) {
            kept.push(above);
        }
        for (index, member) in self.members.iter_mut().enumerate() {
            if !kept.contains(&MemberId(index as u32)) {
                member.release();
            }
        }
    }
}

/// A part of a source as a member's bytes.
pub(super) fn part(source: Arc<dyn Source>, span: Span) -> Arc<dyn Source> {
    Arc::new(Slice::new(source, span))
}
