//! What a bundle lends to a report on its files.

use crate::bundle::member::Origin;
use crate::bytes::Span;
use crate::container::Unpacked;
use crate::document::Document;
use std::sync::Arc;

/// What a bundle lends to a report on its files.
pub(in crate::bundle) struct Lent {
    /// Which file the member on show is in.
    pub(super) root: usize,
    /// The member on show and those around it, the innermost first.
    pub(super) way: Vec<Step>,
    /// The document on show, unless the report has it just now.
    pub(super) document: Option<Document>,
    /// Whether the document on show is looked at however large it is.
    pub(super) is_free: bool,
}

/// One member on the way to the document on show.
pub(super) struct Step {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) unpacked: Option<Arc<Unpacked>>,
    pub(super) budget: Option<u64>,
}

/// Where the bytes of a member are in those of the one above.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    File,
    Content,
    /// Offset of its header, bytes packed and unpacked.
    Entry(u64, u64, u64),
    Folder,
    Tail(Span),
    Part(Span),
    Value,
    Spelled(&'static str),
}

impl Place {
    pub(super) fn of(origin: &Origin) -> Self {
        match origin {
            Origin::File => Self::File,
            Origin::Content(_) => Self::Content,
            Origin::Entry(entry) => Self::Entry(entry.header, entry.packed, entry.size),
            Origin::Folder => Self::Folder,
            Origin::Tail(span) => Self::Tail(*span),
            Origin::Part(span) => Self::Part(*span),
            Origin::Value => Self::Value,
            Origin::Spelled(coding) => Self::Spelled(coding),
        }
    }

    /// Whether the same place of the same file has the same bytes: a value is one of several by its name alone.
    pub(super) fn says_all(self) -> bool {
        !matches!(self, Self::Value | Self::Spelled(_))
    }
}
