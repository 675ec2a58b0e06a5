//! What a member's format leaves over: archives, streams and pickles before it, behind it, in between.
//!
//! Loaders seek, skip a time stamp, take one record after the other; so what a format leaves over is looked into, and what
//! is found becomes a member of its own beside the rest.

use super::member::{LeftOver, Member, MemberId, Origin};
use super::recoded::{has_byte_order_mark, recoded};
use super::signs::places_of_signs;
use super::skim::{Skimmed, skim};
use super::{Bundle, OnProgress};
use crate::bytes::{Limits, MemorySource, Slice, Source, Span};
use crate::container::{self, Archive, Format, Note, Packing};
use crate::format::pickle::{PROTO, is_announced};
use std::sync::Arc;

/// Bytes that may stand in front of something: a time, a length, a header of one's own.
const PREFIX: u64 = 64;
/// Bytes in which signs are searched for, and those that are looked at together, with what a sign may need of the next.
const SEARCHED: u64 = 64 << 20;
pub(super) const WINDOW: u64 = 4 << 20;
pub(super) const OVERLAP: u64 = 512;
/// Zeros that are read over.
const ZEROS: u64 = 256 << 20;
/// Parts that one member may have.
pub(super) const PARTS: usize = 10_000;
/// Bytes in which a pickle without PROTO has to end: text may begin like one anywhere.
const UNANNOUNCED: u64 = 64 * 1024;
/// Instructions in a row that are hardly an accident.
const CONVINCING: u64 = 32;
/// Places that look like something and are tried.
const TRIES: u32 = 4096;
/// What looking at a place takes, and unpacking a first piece.
pub(super) const PLACE: u64 = 4;
pub(super) const TRY: u64 = 1 << 14;

/// What was found in bytes that were left over.
pub(super) struct Found {
    pub(super) parts: Vec<Span>,
    /// What text stands for.
    pub(super) decoded: Vec<Decoded>,
    /// Why that may not be all.
    pub(super) unread: Option<String>,
}

/// What digits in a text stand for.
pub(super) struct Decoded {
    /// Where its first digit is.
    pub(super) at: u64,
    /// How it is written.
    pub(super) coding: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Looks for parts in a region of a source.
pub(super) struct Search<'s> {
    pub(super) source: &'s Arc<dyn Source>,
    pub(super) limits: &'s Limits,
    pub(super) tries: u32,
    /// What is left of the effort of all searches.
    pub(super) effort: &'s mut u64,
    /// The window that was searched last: what is found next is mostly in the same.
    pub(super) window: Option<Searched>,
}

/// A window of bytes, where it begins, and the places in it that look like something.
#[derive(Clone)]
pub(super) struct Searched {
    at: u64,
    bytes: Arc<Vec<u8>>,
    places: Arc<Vec<usize>>,
}

/// What a place holds.
enum Part {
    /// A pickle, to this offset.
    Pickle(u64),
    /// Something whose end is only known once it is opened.
    Other,
}

impl Search<'_> {
    /// Everything in a region that was left over behind something.
    fn behind(&mut self, region: Span) -> Found {
        let mut found = Found { parts: Vec::new(), decoded: Vec::new(), unread: None };
        let mut at = region.start;
        loop {
            let Some(first) = self.behind_zeros(Span::new(at, region.end)) else {
                found.unread =
                    Some(format!("behind it are more than {ZEROS} zeros, and what follows was not looked at"));
                return found;
            };
            at = first;
            if at >= region.end {
                return found;
            }
            if found.parts.len() >= PARTS {
                found.unread = Some(format!("only the first {PARTS} parts behind it were looked at"));
                return found;
            }
            let near = (0..=PREFIX).map(|step| at + step).take_while(|place| *place < region.end);
            let next = near.into_iter().find_map(|place| Some((place, self.part_at(place, region.end, place == at)?)));
            match next.or_else(|| self.by_sign(Span::new(at, region.end))) {
                Some((place, Part::Pickle(end))) => {
                    found.parts.push(Span::new(place, end));
                    at = end;
                }
                Some((place, Part::Other)) => {
                    found.parts.push(Span::new(place, region.end));
                    return found;
                }
                None => {
                    if region.end - at > SEARCHED {
                        found.unread =
                            Some(format!("only {SEARCHED} bytes behind it were searched for something else"));
                    }
                    if self.tries >= TRIES || *self.effort == 0 {
                        found.unread = Some("too much behind it looks like something else to try all of it".to_owned());
                    }
                    return found;
                }
            }
        }
    }

    /// What begins a few bytes behind the beginning of a file that begins with nothing known.
    fn in_front(&mut self) -> Option<u64> {
        const HEAD: u64 = 4096;
        let length = self.source.len();
        let places = 1..=PREFIX.min(length.saturating_sub(1));
        // Most files have no such thing, which a piece of them in memory shows.
        let head = crate::bytes::read_span(&**self.source, Span::new(0, length.min(HEAD))).ok()?.into_owned();
        let end = head.len() as u64;
        let head: Arc<dyn Source> = Arc::new(MemorySource::new(head));
        let mut glance =
            Search { source: &head, limits: self.limits, tries: 0, effort: &mut *self.effort, window: None };
        let mut may_begin = |place: u64| {
            let rest = Slice::new(Arc::clone(&head), Span::new(place, end));
            glance.part_at(place, end, false).is_some() || end < length && skim(&rest, 0, self.limits).is_cut
        };
        let places: Vec<u64> = places.filter(|&place| may_begin(place)).collect();
        places.into_iter().find(|&place| self.part_at(place, length, false).is_some())
    }

    /// The first place in a region with something else than zeros, or its end; `None` when that is too far off.
    fn behind_zeros(&self, region: Span) -> Option<u64> {
        const PIECE: usize = 64 * 1024;
        let mut piece = vec![0; PIECE.min(usize::try_from(region.len()).unwrap_or(PIECE))];
        let mut at = region.start;
        while at < region.end {
            let count = self.source.read_at(at, &mut piece).unwrap_or_default();
            if let Some(first) = piece[..count].iter().position(|byte| *byte != 0) {
                return Some((at + first as u64).min(region.end));
            }
            if count == 0 {
                break;
            }
            at += count as u64;
            if at - region.start > ZEROS {
                return None;
            }
        }
        Some(region.end)
    }

    /// What begins at a place. `expected` says that something has to begin there: the one before ended.
    fn part_at(&mut self, place: u64, end: u64, expected: bool) -> Option<Part> {
        if !self.spend(PLACE) {
            return None;
        }
        let mut head = [0; 16];
        let count = self.source.read_at(place, &mut head).ok()?.min((end - place) as usize);
        let head = &head[..count];
        if is_announced(head) {
            return self.pickle_at(place, end);
        }
        if may_be_format(head) || expected {
            let rest: Arc<dyn Source> = Arc::new(Slice::new(Arc::clone(self.source), Span::new(place, end)));
            let is_part = match container::sniff(&*rest) {
                Some(Format::Packed(packing)) => expected && is_strong(packing) || self.unpacks(packing, &rest),
                Some(Format::Archive(Archive::Zip)) => !head.starts_with(b"PK\x05\x06"),
                Some(Format::Archive(_) | Format::Npy) => true,
                Some(Format::Other(kind)) => expected && kind.is_unread(),
                None => false,
            };
            if is_part {
                return Some(Part::Other);
            }
        }
        // Without PROTO only what names something can do anything.
        let may_name = matches!(head.first(), Some(b'c' | b'(' | b'i' | b']' | b'}' | b'N' | b'S' | b'V' | b'I'));
        if may_name { self.pickle_at(place, end.min(place + UNANNOUNCED)) } else { None }
    }

    fn pickle_at(&mut self, place: u64, end: u64) -> Option<Part> {
        let skimmed = self.skim(place, end);
        skimmed.is_convincing().then(|| Part::Pickle(place + skimmed.end))
    }

    pub(super) fn skim(&mut self, place: u64, end: u64) -> Skimmed {
        let rest = Slice::new(Arc::clone(self.source), Span::new(place, end));
        let skimmed = skim(&rest, 0, self.limits);
        self.spend(skimmed.read);
        skimmed
    }

    /// Takes some of the effort; whether there is any left.
    pub(super) fn spend(&mut self, effort: u64) -> bool {
        *self.effort = self.effort.saturating_sub(effort);
        *self.effort > 0
    }

    /// Whether a first piece of a stream unpacks.
    fn unpacks(&mut self, packing: Packing, rest: &Arc<dyn Source>) -> bool {
        self.tries += 1;
        self.tries < TRIES && self.spend(TRY) && container::unpacks(packing, &**rest)
    }

    /// The first place in a region that has the sign of a format and is no accident.
    fn by_sign(&mut self, region: Span) -> Option<(u64, Part)> {
        let searched = region.prefix(SEARCHED);
        let mut at = searched.start;
        while at < searched.end {
            let window = self.window_at(at, searched.end)?;
            let first = window.places.partition_point(|&place| window.at + (place as u64) < at);
            for &in_window in &window.places[first..] {
                let place = window.at + in_window as u64;
                if self.tries >= TRIES || !self.spend(PLACE) {
                    return None;
                }
                if let Some(part) = self.signed_part_at(&window.bytes[in_window..], place, region.end) {
                    return Some((place, part));
                }
            }
            at = window.at + WINDOW;
        }
        None
    }

    /// The window that holds `at`: the one that was searched last, or a new one.
    fn window_at(&mut self, at: u64, end: u64) -> Option<Searched> {
        if let Some(last) = self.window.as_ref().filter(|last| (last.at..last.at + WINDOW).contains(&at)) {
            return Some(last.clone());
        }
        let span = Span::new(at, end.min(at + WINDOW + OVERLAP));
        let bytes = crate::bytes::read_span(&**self.source, span).ok()?.into_owned();
        let mut places = places_of_signs(&bytes);
        places.retain(|place| (*place as u64) < WINDOW);
        self.window = Some(Searched { at, bytes: Arc::new(bytes), places: Arc::new(places) });
        self.window.clone()
    }

    /// What begins at a place that looks like something; `bytes` are those there.
    fn signed_part_at(&mut self, bytes: &[u8], place: u64, end: u64) -> Option<Part> {
        if bytes.starts_with(&[0x78]) {
            return self.holder_at(place, end).map(|_| Part::Other);
        }
        if may_be_format(bytes) {
            return self.part_at(place, end, false);
        }
        if matches!(bytes.first(), Some(&PROTO | b'c' | b'(' | b'V' | b'X' | 0x8c)) && !is_tar_at(bytes) {
            return self.hidden_pickle_at(place, end).map(|span| Part::Pickle(span.end));
        }
        let rest = Slice::new(Arc::clone(self.source), Span::new(place, end));
        (container::sniff(&rest) == Some(Format::Archive(Archive::Tar))).then_some(Part::Other)
    }
}

fn is_tar_at(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

/// The time that the four bytes before something can be: between 2001 and 2096, as cachelib packs it.
fn time_before(source: &dyn Source, start: u64) -> Option<u32> {
    let mut bytes = [0; 4];
    (start == 4 && source.peek(0, &mut bytes) == Ok(4)).then_some(())?;
    Some(u32::from_le_bytes(bytes)).filter(|time| (1_000_000_000..4_000_000_000).contains(time))
}

/// Whether a sign alone is enough.
fn is_strong(packing: Packing) -> bool {
    matches!(packing, Packing::Gzip | Packing::Xz | Packing::Bzip2 | Packing::Zstd | Packing::Lz4)
}

/// Whether a format may begin so. An `.lzma` file with a header that nobody writes may begin in any way.
fn may_be_format(head: &[u8]) -> bool {
    match head {
        [0x1f, 0x8b, 8, ..] | [0xfd, b'7', b'z', ..] | [b'B', b'Z', b'h', ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => true,
        [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] | [0x5d, 0, 0, ..] | [b'Z', b'F', b'0', ..] => true,
        [b'P', b'K', 3, 4, ..] | [b'7', b'z', 0xbc, 0xaf, ..] | [0x93, b'N', b'U', b'M', ..] => true,
        [cmf, flags, ..] => cmf & 0x8f == 8 && u16::from_be_bytes([*cmf, *flags]).is_multiple_of(31),
        _ => false,
    }
}

impl Bundle {
    /// Looks into bytes of a member that nothing has accounted for, and adds what is there as members: beside the member
    /// when that is a part itself, else below it.
    pub(super) fn add_parts(&mut self, id: MemberId, region: Span, progress: OnProgress<'_>) -> Vec<MemberId> {
        let (owner, region) = match self.at(id).origin {
            Origin::Part(span) | Origin::Tail(span) => match self.at(id).parent {
                Some(above) => (above, Span::new(span.start + region.start, span.start + region.end)),
                None => (id, region),
            },
            _ => (id, region),
        };
        let Ok(source) = self.source(owner, progress) else { return Vec::new() };
        if self.is_storage(owner) || self.is_shelf(owner) {
            return Vec::new();
        }
        // An archive at the end is known already.
        let tail = self.tail(owner).map(|extent| extent.start.clamp(region.start, region.end));
        let region = Span::new(region.start, tail.unwrap_or(region.end));
        if region.is_empty() || !self.left_over_of(owner).looked_at.insert(region.start) {
            return Vec::new();
        }
        let mut search =
            Search { source: &source, limits: &self.limits, tries: 0, effort: &mut self.effort, window: None };
        let found = search.behind(region);
        if let Some(why) = found.unread {
            self.left_over_of(owner).unread = Some(why);
        }
        found.parts.into_iter().map(|span| self.add_part(owner, span, &source)).collect()
    }

    /// The bytes of the archive at the end of a member.
    fn tail(&self, id: MemberId) -> Option<Span> {
        self.at(id).children.iter().flatten().find_map(|&child| match self.at(child).origin {
            Origin::Tail(extent) => Some(extent),
            _ => None,
        })
    }

    /// What begins behind a few bytes of a member that begins with nothing known.
    pub(super) fn part_in_front(&mut self, id: MemberId, progress: OnProgress<'_>) -> Option<MemberId> {
        let source = self.source(id, progress).ok()?;
        if let Some(first) = self.parts_of_renpy(id, &source) {
            return Some(first);
        }
        let mut head = [0; 2];
        let count = source.peek(0, &mut head).ok()?;
        if count < 2 || is_announced(&head) || self.is_storage(id) || matches!(self.at(id).origin, Origin::Part(_)) {
            return None;
        }
        let mut search =
            Search { source: &source, limits: &self.limits, tries: 0, effort: &mut self.effort, window: None };
        let start = search.in_front()?;
        // A pickle of the old protocols may begin in any way, and hold anything.
        let own = skim(&*source, 0, &self.limits);
        if own.stops && own.end > start
            || own.read >= CONVINCING
            || self.tail(id).is_some_and(|tail| tail.start <= start)
        {
            return None;
        }
        if recoded(&*source, &self.limits).is_some() {
            return None;
        }
        self.left_over_of(id).starts_behind = true;
        let text = match time_before(&*source, start) {
            Some(time) => format!(
                "its first 4 bytes can be a time, as caches write it ({time} seconds since 1970); what begins behind them is read"
            ),
            None if start == 3 && has_byte_order_mark(&*source) => {
                "it begins with the byte order mark of UTF-8 (ef bb bf), which \
                 programs put before text, so loaders refuse it as it is; what begins behind it is read"
                    .to_owned()
            }
            None => format!("its first {start} bytes are of no known format; reading starts after them"),
        };
        self.at_mut(id).notes.push(Note { offset: Some(0), text, disguise: false });
        self.add_parts(id, Span::new(start, source.len()), progress).first().copied()
    }

    /// Adds the pickles of a file of Ren'Py; gives the first.
    fn parts_of_renpy(&mut self, id: MemberId, source: &Arc<dyn Source>) -> Option<MemberId> {
        if matches!(self.at(id).origin, Origin::Part(_) | Origin::Tail(_)) {
            return None;
        }
        let mut head = [0; container::RENPY_HEAD];
        let count = source.peek(0, &mut head).ok()?;
        let (what, spans) = container::renpy(&head[..count], source.len())?;
        self.left_over_of(id).starts_behind = true;
        let text = format!("it is {what}; its pickle begins at offset {}", spans[0].start);
        self.at_mut(id).notes.push(Note { offset: Some(0), text, disguise: false });
        let made: Vec<MemberId> = spans.into_iter().map(|span| self.add_part(id, span, source)).collect();
        made.first().copied()
    }

    /// Whether a region of a member's bytes has nothing but zeros.
    pub(super) fn is_blank(&self, id: MemberId, region: Span) -> bool {
        let Some(Ok(source)) = &self.at(id).source else { return true };
        let search = Search { source, limits: &self.limits, tries: 0, effort: &mut 0, window: None };
        search.behind_zeros(region).is_none_or(|first| first >= region.end)
    }

    fn left_over_of(&mut self, id: MemberId) -> &mut LeftOver {
        self.at_mut(id).left_over.get_or_insert_default()
    }

    pub(super) fn add_part(&mut self, owner: MemberId, span: Span, source: &Arc<dyn Source>) -> MemberId {
        let rest = Slice::new(Arc::clone(source), span);
        let what = match container::sniff(&rest) {
            Some(Format::Packed(packing)) => format!("{} stream", packing.name()),
            Some(Format::Archive(archive)) => format!("{} archive", archive.name()),
            Some(Format::Npy) => "npy array".to_owned(),
            Some(Format::Other(kind)) => kind.name.split_once(' ').map_or(kind.name, |(_, name)| name).to_owned(),
            None => "pickle".to_owned(),
        };
        let made = self.add(Member::new(format!("{what} at offset {}", span.start), owner, Origin::Part(span)));
        let children = self.at_mut(owner).children.get_or_insert_default();
        children.push(made);
        self.visible.clear();
        made
    }

    /// Archives before the one at the end, which begins at `end`: one behind the other, as long as one ends where the next
    /// begins. Gives where the first begins.
    pub(super) fn add_archives_before(&mut self, id: MemberId, end: u64, progress: OnProgress<'_>) -> u64 {
        let Ok(source) = self.source(id, progress) else { return end };
        let mut spans = Vec::new();
        let mut end = end;
        while end > 0 && spans.len() < PARTS {
            let before: Arc<dyn Source> = Arc::new(Slice::new(Arc::clone(&source), Span::new(0, end)));
            let Some(extent) = container::extent_of_zip(&before, &self.limits).filter(|extent| extent.start < end)
            else {
                break;
            };
            spans.push(Span::new(extent.start, end));
            end = extent.start;
        }
        spans.reverse();
        for span in spans {
            self.add_part(id, span, &source);
        }
        end
    }
}
