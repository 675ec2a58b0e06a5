//! One member of a bundle.

use crate::bytes::{Source, Span};
use crate::container::{Entry, Format, Note, Packing, Unpacked};
use crate::document::Document;
use crate::safety::Level;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Number of a member in its bundle.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MemberId(pub u32);

impl MemberId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where the bytes of a member come from.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// From outside.
    File,
    /// What the compressed member above holds.
    Content(Packing),
    /// An entry of the archive above.
    Entry(Arc<Entry>),
    /// A part of the path of entries; it has no bytes.
    Folder,
    /// An archive at the end of the member above, and the bytes of that which are its own. Its offsets are those of the
    /// member above.
    Tail(Span),
    /// Bytes that the format of the member above leaves over.
    Part(Span),
    /// The payload of a value in the member above, or what its text stands for.
    Value,
    /// What the text of the member above stands for, and how it spells that.
    Spelled(&'static str),
}

/// What reading a pickle came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Judged {
    /// The worst that loading it would do.
    pub(super) level: Level,
    /// Its objects.
    pub(super) objects: u64,
    /// Whether it was read to its end.
    pub(super) is_complete: bool,
}

impl Judged {
    /// What is said of it: the rest of a pickle that was partly read may do anything.
    pub(super) fn verdict(self) -> Level {
        if self.is_complete { self.level } else { self.level.max(Level::UnknownCode) }
    }
}

/// What is known of a member.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) parent: Option<MemberId>,
    pub(super) origin: Origin,
    /// Its bytes, once something needed them; `Err` says why there are none.
    pub(super) source: Option<Result<Arc<dyn Source>, String>>,
    /// The compressed stream behind `source`, when it is one.
    pub(super) unpacked: Option<Arc<Unpacked>>,
    /// Bytes of the compressed stream that were read.
    pub(super) packed_read: u64,
    /// Bytes it may unpack to, when the reader agreed to more than the budget.
    pub(super) budget: Option<u64>,
    /// What its bytes are, once that was looked at.
    pub(super) format: Option<Option<Format>>,
    /// What its first bytes are in a word, where they are of no format.
    pub(super) first_word: &'static str,
    /// What its header says of the array in it: `float64 (30, 4)`.
    pub(super) array: Option<String>,
    /// What was found when it was read as the pickle that it is.
    pub(super) judged: Option<Judged>,
    /// What an archive is by the names in it: `torch`.
    pub(super) flavour: Option<&'static str>,
    /// What is in it, once that was looked at.
    pub(super) children: Option<Vec<MemberId>>,
    /// What is unusual about it as a wrapping.
    pub(super) notes: Vec<Note>,
    /// Whether its listing is all there.
    pub(super) listed_whole: bool,
    /// Whether its row is open.
    pub(super) is_open: bool,
    /// What is known of bytes that its format leaves over; empty for most members.
    pub(super) left_over: Option<Box<LeftOver>>,
}

/// What is known of bytes that the format of a member leaves over.
#[derive(Default)]
pub(super) struct LeftOver {
    /// Where regions begin that were looked into.
    pub(super) looked_at: BTreeSet<u64>,
    /// Why there may be more in them than was found.
    pub(super) unread: Option<String>,
    /// Whether the member begins with nothing known, and what it is about begins behind that.
    pub(super) starts_behind: bool,
    /// Whether the member begins with a time, and what it is about follows in a stream.
    pub(super) is_cached: bool,
    /// Whether a directory beside the member lists what is in it.
    pub(super) is_shelf: bool,
}

impl Member {
    pub(super) fn new(name: String, parent: MemberId, origin: Origin) -> Self {
        Self {
            name,
            parent: Some(parent),
            origin,
            source: None,
            unpacked: None,
            packed_read: 0,
            budget: None,
            format: None,
            first_word: "",
            array: None,
            judged: None,
            flavour: None,
            children: None,
            notes: Vec::new(),
            listed_whole: true,
            is_open: false,
            left_over: None,
        }
    }

    pub(super) fn file(name: String, source: Arc<dyn Source>) -> Self {
        Self { parent: None, source: Some(Ok(source)), ..Self::new(name, MemberId(0), Origin::File) }
    }

    pub(super) fn folder(name: String, parent: MemberId) -> Self {
        Self { children: Some(Vec::new()), format: Some(None), ..Self::new(name, parent, Origin::Folder) }
    }

    /// What was found when it was read as the pickle that it is.
    pub(super) fn judge(&mut self, document: &Document) {
        self.judged = Some(Judged {
            level: document.audit().level,
            objects: document.reading().graph.len() as u64,
            is_complete: document.is_complete(),
        });
    }

    /// A part of another member's bytes, or bytes that were made from it.
    pub(super) fn with_source(mut self, source: Arc<dyn Source>) -> Self {
        self.source = Some(Ok(source));
        self
    }

    /// Lets go of bytes that can be made again. What is a part of something unpacked keeps all of that.
    pub(super) fn release(&mut self) {
        let can_be_made =
            matches!(self.origin, Origin::Content(_) | Origin::Entry(_) | Origin::Part(_) | Origin::Tail(_));
        if can_be_made && matches!(self.source, Some(Ok(_))) {
            self.unpacked = None;
            self.source = None;
        }
    }

    /// Bytes that it has or will have; `None` while a compressed stream was not unpacked.
    pub(super) fn size(&self) -> Option<u64> {
        match (&self.source, &self.origin) {
            (Some(Ok(source)), _) => Some(source.len()),
            (_, Origin::Entry(entry)) => Some(entry.size),
            (_, Origin::Part(span) | Origin::Tail(span)) => Some(span.len()),
            _ => None,
        }
    }
}

/// A member as a visible row.
#[derive(Clone, Copy)]
pub(super) struct Visible {
    pub(super) id: MemberId,
    pub(super) level: u32,
    /// Row of the one above.
    pub(super) parent: Option<u32>,
    /// Position among its siblings, from 1.
    pub(super) position: u32,
}
