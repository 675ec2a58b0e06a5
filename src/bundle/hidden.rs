//! Pickles hidden inside other data: a database, for example, keeps them between its own bytes.

use super::member::{Member, MemberId, Origin};
use super::parts::{Decoded, Found, OVERLAP, PARTS, PLACE, Search, TRY, WINDOW};
use super::report::{calls_code, runs_code};
use super::signs::{places_of_holders, places_of_names, places_of_pickles};
use super::skim::skim_up_to;
use super::{Bundle, OnProgress};
use crate::bytes::{MemorySource, Slice, Source, Span, read_span};
use crate::container::{self, Archive, Format};
use crate::document::Document;
use crate::safety::Level;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// Largest part of a non-pickle file that is searched for hidden pickles, in bytes.
pub(super) const INSIDE: u64 = 4 << 30;
/// Bytes of it that cost as much as an instruction: all that is done is to find a byte.
const PASSED: u64 = 64;

impl Search<'_> {
    /// A pickle that begins at a place where nothing has to: it runs something that Python could import. It need not end:
    /// what a loader has run when it comes to what it cannot read is run.
    pub(super) fn hidden_pickle_at(&mut self, place: u64, end: u64) -> Option<Span> {
        let rest = Slice::new(Arc::clone(self.source), Span::new(place, end));
        let skimmed = skim_up_to(&rest, 0, self.limits, *self.effort);
        self.spend(skimmed.read);
        if !skimmed.imports {
            return None;
        }
        let span = Span::new(place, place + skimmed.reached);
        let rest: Arc<dyn Source> = Arc::new(Slice::new(Arc::clone(self.source), span));
        let document = Document::read(String::new(), rest, self.limits.clone(), &mut |_, _| {});
        self.spend(document.reading().opcodes * TRY / 1024);
        // Words of ordinary text read as names and opcodes by chance. Without PROTO only a name that is known to act counts.
        let audit = document.audit();
        let acts = || audit.imports.iter().any(|import| import.level == Level::Dangerous);
        let is_meant = if skimmed.announced { runs_code(audit) } else { acts() && calls_code(audit) };
        is_meant.then_some(span)
    }

    /// What begins at a place with the sign of a format and holds a pickle, as far as its first piece tells.
    pub(super) fn holder_at(&mut self, place: u64, end: u64) -> Option<Span> {
        let span = Span::new(place, end);
        let rest: Arc<dyn Source> = Arc::new(Slice::new(Arc::clone(self.source), span));
        let holds = match container::sniff(&*rest)? {
            Format::Packed(packing) => self.spend(TRY / 16) && container::holds_known(packing, &*rest),
            Format::Npy => container::npy::read(&*rest).is_ok_and(|header| header.has_objects),
            Format::Archive(archive) => archive == Archive::Tar && container::tar::begins_soundly(&*rest),
            Format::Other(_) => false,
        };
        holds.then_some(span)
    }

    /// Pickles that run something anywhere in bytes that are something else: databases keep them between their own. Of the
    /// region, `most` bytes are searched.
    fn hidden_pickles(&mut self, region: Span, most: u64) -> Found {
        let mut found = Found { parts: Vec::new(), decoded: Vec::new(), unread: None };
        let searched = region.prefix(most);
        let mut at = searched.start;
        while at < searched.end && found.unread.is_none() {
            let window = Span::new(at, searched.end.min(at + WINDOW + OVERLAP));
            match read_span(&**self.source, window).map(Cow::into_owned) {
                Ok(bytes) => self.hidden_in_window(&bytes, at, region.end, &mut found),
                Err(error) => found.unread = Some(error.to_string()),
            }
            at += WINDOW;
        }
        if searched.end < region.end && found.unread.is_none() {
            found.unread = Some(format!("only its first {most} bytes were searched for pickles inside"));
        }
        found
    }

    /// Those that begin in a window of bytes, which is at `at`.
    fn hidden_in_window(&mut self, bytes: &[u8], at: u64, end: u64, found: &mut Found) {
        self.spend(bytes.len() as u64 / PASSED);
        for (place, is_pickle) in places_in(bytes) {
            let place = at + place as u64;
            if found.parts.last().is_some_and(|last| place < last.end) {
                continue;
            }
            if !self.spend(PLACE) {
                found.unread =
                    Some(format!("too much in it looks like a pickle to try all of it; tried up to byte {place}"));
                return;
            }
            found.parts.extend(match is_pickle {
                true => self.hidden_pickle_at(place, end),
                false => self.holder_at(place, end),
            });
            if found.parts.len() >= PARTS {
                found.unread = Some(format!("only the first {PARTS} pickles inside were looked at"));
                return;
            }
        }
        self.encoded_in_window(bytes, at, end, found);
    }
}

/// Places where a pickle may begin, and those where something may that holds one, in order.
fn places_in(bytes: &[u8]) -> Vec<(usize, bool)> {
    let pickles = places_of_pickles(bytes).chain(places_of_names(bytes)).map(|place| (place, true));
    let mut places: Vec<(usize, bool)> = pickles.chain(places_of_holders(bytes).map(|place| (place, false))).collect();
    places.retain(|(place, _)| (*place as u64) < WINDOW);
    places.sort_unstable();
    places.dedup();
    places
}

impl Bundle {
    /// Finds pickles that run something in the first bytes of a member that is something else, and adds them as members. Also
    /// returns why that may not be all.
    pub(super) fn add_hidden_pickles(
        &mut self,
        id: MemberId,
        most: u64,
        progress: OnProgress<'_>,
    ) -> (Vec<MemberId>, Option<String>) {
        let Ok(source) = self.source(id, progress) else { return (Vec::new(), None) };
        let known = self.at(id).children.iter().flatten();
        let starts: HashSet<u64> = known.filter_map(|&child| self.start_of_part(child)).collect();
        let mut search =
            Search { source: &source, limits: &self.limits, tries: 0, effort: &mut self.hidden, window: None };
        let Found { parts, decoded, unread } = search.hidden_pickles(Span::new(0, source.len()), most);
        // A part that begins where this one does would be found in itself.
        let is_part = matches!(self.at(id).origin, Origin::Part(_));
        let new = parts.into_iter().filter(|span| !(starts.contains(&span.start) || is_part && span.start == 0));
        let mut added: Vec<MemberId> = new.map(|span| self.add_part(id, span, &source)).collect();
        added.extend(decoded.into_iter().filter_map(|decoded| self.add_decoded(id, decoded)));
        (added, unread)
    }

    /// Adds what text stands for, unless that was done before.
    fn add_decoded(&mut self, id: MemberId, decoded: Decoded) -> Option<MemberId> {
        let name = format!("pickle in {} at offset {}", decoded.coding, decoded.at);
        if self.at(id).children.iter().flatten().any(|&child| self.at(child).name == name) {
            return None;
        }
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(decoded.bytes));
        let made = self.add(Member::new(name, id, Origin::Value).with_source(source));
        self.at_mut(id).children.get_or_insert_default().push(made);
        self.visible.clear();
        Some(made)
    }

    fn start_of_part(&self, id: MemberId) -> Option<u64> {
        match self.at(id).origin {
            Origin::Part(span) => Some(span.start),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{Limits, MemorySource};

    const PICKLE: &[u8] = b"\x80\x04cbuiltins\nprint\n)R.";

    fn search(bytes: Vec<u8>, most: u64, mut effort: u64) -> Found {
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
        let limits = Limits::default();
        let mut search = Search { source: &source, limits: &limits, tries: 0, effort: &mut effort, window: None };
        search.hidden_pickles(Span::new(0, source.len()), most)
    }

    #[test]
    fn what_ends_a_search_is_said() {
        let bytes = [b"\xfe".repeat(1000), PICKLE.to_vec(), b"\xfe".repeat(1000)].concat();
        let place = Span::new(1000, 1000 + PICKLE.len() as u64);
        let found = search(bytes.clone(), INSIDE, 1 << 20);
        assert_eq!((found.parts, found.unread), (vec![place], None));
        let found = search(bytes, 500, 1 << 20);
        assert_eq!(found.parts, []);
        assert!(found.unread.is_some_and(|why| why.contains("its first 500 bytes")));
    }

    /// Bytes in which a pickle seems to begin everywhere, each going on for long: the effort ends.
    #[test]
    fn beginnings_of_pickles_cost_no_more_than_the_effort() {
        let found = search(b"\x80\x04cos\n".repeat(10_000), INSIDE, 100_000);
        assert_eq!(found.parts, []);
        assert!(found.unread.is_some_and(|why| why.contains("looks like a pickle")));
    }
}
