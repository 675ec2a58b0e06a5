//! What is to be said of a member as an entry, and as a wrapping of others.

use super::draft::Draft;
use crate::bundle::Bundle;
use crate::bundle::main_member::has_pickle_name;
use crate::bundle::member::MemberId;
use crate::bundle::open::NESTING;
use crate::bundle::unpack::is_packed_name;
use crate::container::{Ending, Format};

impl Bundle {
    /// What is odd about a member as an entry or as a wrapping of others, and why that is not all of it.
    pub(super) fn report_wrapping(&mut self, id: MemberId, format: Option<Format>, container: &str, draft: &mut Draft) {
        let member = self.at(id);
        if !member.listed_whole {
            draft.partial(container, "its directory is damaged or too long, entries may be missing");
        }
        if let Some(why) = member.left_over.as_ref().and_then(|left| left.unread.as_ref()) {
            draft.partial(container, why);
        }
        let is_wrapping = matches!(format, Some(Format::Packed(_) | Format::Archive(_)));
        if is_wrapping && self.depth(id) >= NESTING {
            draft.partial(container, "it lies in too many other files to be opened");
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

    /// Loaders that go by names take what is named like a compressed file for one.
    pub(super) fn say_no_stream(&self, id: MemberId, container: &str, draft: &mut Draft) {
        let member = self.at(id);
        let is_unknown = matches!(member.format, Some(None)) && member.size().is_some_and(|size| size > 0);
        if is_unknown && is_packed_name(&member.name) && !self.starts_behind(id) {
            draft.partial(container, "it is named like a compressed file, but is of no known format");
        }
    }
}
