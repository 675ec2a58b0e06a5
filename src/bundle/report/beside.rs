//! What is beside the bytes that a member is read from: behind its stream, at its end, under its own header.

use super::draft::Draft;
use crate::bundle::member::{Member, MemberId, Origin};
use crate::bundle::skim::skim;
use crate::bundle::unpack::part;
use crate::bundle::{Bundle, OnProgress};
use crate::bytes::{Source, Span};
use crate::container::{self, Format, Packing};
use crate::document::Document;
use crate::machine::Reading;
use crate::safety::Level;
use std::sync::Arc;

/// What is behind the name of an entry that is read as its own header has it.
const OWN: &str = " (as its own header has it)";

fn member_is_own(name: &str) -> bool {
    name.ends_with(OWN)
}

impl Bundle {
    /// The entry as its own header has it, where that packs it otherwise than the directory says.
    pub(super) fn other_version(&mut self, id: MemberId, progress: OnProgress<'_>) -> Vec<MemberId> {
        let member = self.at(id);
        let (Origin::Entry(entry), Some(archive)) = (&member.origin, self.wrapper(id)) else { return Vec::new() };
        let (entry, parent) = (Arc::clone(entry), member.parent.unwrap_or(archive));
        let Ok(source) = self.source(archive, progress) else { return Vec::new() };
        // A thousand entries may have one header, whose end has to be searched for.
        if !self.owns.insert((archive, entry.header)) {
            return Vec::new();
        }
        let Some(own) = entry.by_own_header(&source) else { return Vec::new() };
        if member_is_own(&self.at(id).name) {
            return Vec::new();
        }
        let name = format!("{}{OWN}", self.at(id).name);
        let made = self.add(Member::new(name, parent, Origin::Entry(Arc::new(own))));
        self.at_mut(parent).children.get_or_insert_default().push(made);
        self.visible.clear();
        vec![made]
    }

    /// Whether a member begins with nothing known, and what it is about begins behind that.
    pub(in crate::bundle) fn starts_behind(&self, id: MemberId) -> bool {
        self.at(id).left_over.as_ref().is_some_and(|left| left.starts_behind)
    }

    /// The zip archive at the end of a member, and where it lies there.
    pub(super) fn zip_behind(&mut self, id: MemberId, progress: OnProgress<'_>) -> Option<(MemberId, Span)> {
        let children = self.at(id).children.clone().unwrap_or_default();
        let zip = children.into_iter().find(|&child| matches!(self.at(child).origin, Origin::Tail(_)))?;
        let source = self.source(zip, progress).ok()?;
        let end = container::end_of_zip(&source).unwrap_or(source.len());
        let entries = self.files_below(zip, progress);
        let header = |id: MemberId| match &self.at(id).origin {
            Origin::Entry(entry) => Some(entry.header),
            _ => None,
        };
        let start = entries.into_iter().filter_map(header).min().unwrap_or(end);
        Some((zip, Span::new(start.min(end), end)))
    }

    /// Judges the bytes behind the compressed stream that a member was unpacked from, and gives what they hold.
    pub(super) fn look_behind(&mut self, id: MemberId, draft: &mut Draft, progress: OnProgress<'_>) -> Vec<MemberId> {
        let Some((above, span)) = self.behind_stream(id) else { return Vec::new() };
        self.report_joined(id, above, span, draft);
        let found = self.add_parts(above, span, progress);
        if !found.is_empty() {
            return found;
        }
        let Some(Ok(source)) = &self.at(above).source else { return Vec::new() };
        let rest = part(Arc::clone(source), span);
        let mut audit =
            Document::new(String::new(), rest, Reading::unread(span.len()), self.limits.clone()).audit().clone();
        if audit.level <= Level::Recognised {
            return Vec::new();
        }
        for finding in &mut audit.findings {
            finding.offset += span.start;
            finding.start += span.start;
        }
        let container = self.container(above);
        draft.add(&audit, &container, above);
        Vec::new()
    }

    /// Says that a stream goes on in another one for loaders that join them: joblib joins zlib streams, Python's `lzma` the
    /// two formats it knows. What they hold is read apart, which comes to the same where the first ends with its pickle.
    fn report_joined(&self, id: MemberId, above: MemberId, span: Span, draft: &mut Draft) {
        let (Origin::Content(packing), Some(Ok(packed))) = (&self.at(id).origin, &self.at(above).source) else {
            return;
        };
        let next = match container::sniff(&*part(Arc::clone(packed), span)) {
            Some(Format::Packed(next)) => next,
            _ => return,
        };
        let is_lzma = |packing: Packing| matches!(packing, Packing::Xz | Packing::Lzma);
        let is_joined = is_lzma(*packing) && is_lzma(next) || *packing == Packing::Zlib && next == Packing::Zlib;
        let Some(Ok(content)) = self.at(id).source.as_ref().filter(|_| is_joined) else { return };
        let skimmed = skim(&**content, 0, &self.limits);
        if !(skimmed.stops && skimmed.end == content.len()) {
            let text = format!(
                "a {} stream follows, which some loaders take for more of the same; it was read apart",
                next.name()
            );
            draft.partial(&self.container(above), &text);
        }
    }

    /// The bytes behind the compressed stream that a member was unpacked from, and the member that they are in.
    pub(in crate::bundle) fn behind_stream(&self, id: MemberId) -> Option<(MemberId, Span)> {
        let above = self.wrapper(id).filter(|_| matches!(self.at(id).origin, Origin::Content(_)))?;
        Some((above, self.at(id).unpacked.as_ref()?.behind()?))
    }
}
