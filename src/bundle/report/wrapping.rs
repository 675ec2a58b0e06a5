//! What is to be said of a member as an entry, and as a wrapping of others.

use super::draft::Draft;
use crate::bundle::Bundle;
use crate::bundle::endings::{has_pickle_name, is_packed_name};
use crate::bundle::member::{MemberId, Origin};
use crate::bundle::open::NESTING;
use crate::container::{Ending, Format};

impl Bundle {
    /// What is odd about a member as an entry or as a wrapping of others, and why that is not all of it.
    pub(super) fn report_wrapping(&mut self, id: MemberId, format: Option<Format>, container: &str, draft: &mut Draft) {
        let member = self.at(id);
        let is_chance = self.is_found_in_program(id);
        if !member.listed_whole {
            let text = "its directory is damaged or too long, entries may be missing";
            if is_chance { draft.note(container, text) } else { draft.partial(container, text) }
        }
        if let Some(why) = member.left_over.as_ref().and_then(|left| left.unread.as_ref()) {
            draft.partial(container, why);
        }
        let is_wrapping = matches!(format, Some(Format::Packed(_) | Format::Archive(_)));
        if is_wrapping && self.depth(id) >= NESTING {
            draft.partial(container, "it is nested too deeply to be opened");
        }
        if let Some(Format::Other(kind)) = format {
            if kind.is_unread() {
                draft.partial(container, &format!("it is {}. {}", kind.name, kind.advice));
            } else if has_pickle_name(&member.name) {
                draft.partial(container, &format!("it is named like a pickle, but is {}", kind.name));
            }
        }
        match member.unpacked.as_ref().map(|unpacked| unpacked.ending()) {
            None | Some(Ending::Complete) => {}
            Some(Ending::Unfinished) => draft.partial(container, "it was unpacked only in part, to its budget"),
            Some(Ending::Damaged { message, .. }) if is_chance => draft.note(container, &message),
            Some(Ending::Damaged { message, .. }) => draft.partial(container, &message),
        }
        let mut notes = member.notes.clone();
        notes.extend(member.unpacked.iter().flat_map(|unpacked| unpacked.notes()));
        for note in notes {
            match note.disguise {
                true => draft.oddity(id, container, note.offset, &note.text),
                false => draft.note(container, &note.text),
            }
        }
    }

    /// Whether a member is, or was unpacked from, what a search found in compiled code. Megabytes of it hold the signs of compressed
    /// streams and archives by chance, and no loader looks for them there: what they are damaged behind is nothing that is missing.
    fn is_found_in_program(&self, id: MemberId) -> bool {
        let found = match self.at(id).origin {
            Origin::Content(_) => self.at(id).parent,
            _ => Some(id),
        };
        let Some(found) = found.filter(|&found| matches!(self.at(found).origin, Origin::Part(_))) else { return false };
        let above = self.at(found).parent.and_then(|above| self.at(above).format);
        matches!(above, Some(Some(Format::Other(kind))) if kind.is_program())
    }

    /// Loaders that go by names take what is named like a compressed file for one.
    pub(super) fn say_no_stream(&self, id: MemberId, container: &str, draft: &mut Draft) {
        let member = self.at(id);
        let is_unknown = matches!(member.format, Some(None)) && member.size().is_some_and(|size| size > 0);
        if is_unknown && is_packed_name(&member.name) && !self.starts_behind(id) {
            draft.partial(container, "it is named like a compressed file, but is of no known format");
        }
    }
}
