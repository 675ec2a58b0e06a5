//! Files that begin with a time and hold a value behind it: what caches write, which know by it when the value is too old.
//!
//! Source: `django/core/cache/backends/filebased.py` (`_write_content`: the pickle of the time, then zlib of the pickled value).

use super::member::{MemberId, Origin};
use super::{Bundle, OnProgress};
use crate::bytes::Span;
use crate::container::{self, Format, Note, Packing};
use crate::graph::Node;

/// Longest pickle of a time.
const TIME: u64 = 64;

impl Bundle {
    /// Adds the value of a cache, where a member is one.
    pub(super) fn add_cached(&mut self, id: MemberId, progress: OnProgress<'_>) {
        if !matches!(self.at(id).origin, Origin::File | Origin::Entry(_) | Origin::Content(_)) || self.is_storage(id) {
            return;
        }
        let Some((expires, end)) = self.time_at_start(id, progress) else { return };
        let Ok(source) = self.source(id, progress) else { return };
        let rest = crate::bytes::Slice::new(source.clone(), Span::new(end, source.len()));
        let is_stream = container::sniff(&rest) == Some(Format::Packed(Packing::Zlib));
        if !is_stream || !container::unpacks(Packing::Zlib, &rest) {
            return;
        }
        let text = format!(
            "it is laid out like a file of Django's cache: the pickle of a time ({expires}), then the value, compressed"
        );
        self.at_mut(id).notes.push(Note { offset: Some(0), text, disguise: false });
        self.at_mut(id).left_over.get_or_insert_default().is_cached = true;
        self.add_parts(id, Span::new(end, source.len()), progress);
    }

    /// The time whose pickle a member begins with, in words, and where it ends.
    fn time_at_start(&mut self, id: MemberId, progress: OnProgress<'_>) -> Option<(String, u64)> {
        let source = self.source(id, progress).ok()?;
        let end = super::skim::skim_up_to(&*source, 0, &self.limits, 8);
        let end = (end.stops && end.end <= TIME && end.end < source.len()).then_some(end.end)?;
        let first = std::sync::Arc::new(crate::bytes::Slice::new(source, Span::new(0, end)));
        let document = self.read(id, first, progress);
        let stream = document.reading().streams.first()?;
        match document.reading().graph.node(stream.root?.node()) {
            Node::Float(seconds) => Some((format!("{seconds} seconds since 1970, when it expires"), end)),
            Node::Int(seconds) => Some((format!("{seconds} seconds since 1970, when it expires"), end)),
            Node::None => Some(("none: it does not expire".to_owned(), end)),
            _ => None,
        }
    }

    /// Whether a member begins with a time and holds a value behind it.
    pub(super) fn is_cached(&self, id: MemberId) -> bool {
        self.at(id).left_over.as_ref().is_some_and(|left| left.is_cached)
    }
}
