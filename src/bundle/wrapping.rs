//! What is to be said of the wrappings around the member on show.

use super::Bundle;
use super::member::{MemberId, Origin};
use crate::bytes::Source;
use crate::container::{Ending, Format};
use crate::view::{Crumb, NoteFacts, Pending, Wrapping, preview};

/// Notes that are kept for each member on the way.
const NOTES: usize = 50;

impl Bundle {
    /// The wrappings around a member, with everything odd about them.
    pub(super) fn wrapping(&self, id: MemberId, children: &[MemberId]) -> Wrapping {
        let mut way = vec![id];
        while let Some(above) = way.last().and_then(|&id| self.wrapper(id)) {
            way.push(above);
        }
        way.reverse();
        let root = way[0];
        let mut chain: Vec<Crumb> = way.windows(2).flat_map(|pair| self.crumbs(pair[0], pair[1])).collect();
        // An archive that is something more: the document's own word says what.
        if let (Some(Some(Format::Archive(archive))), Some(_)) = (self.at(id).format, self.at(id).flavour) {
            chain.push(self.crumb(id, archive.name()));
        }
        Wrapping {
            chain,
            member: id.0,
            members: self.members.len() as u64,
            file_size: self.at(root).size(),
            itself: self.itself(id, children),
            choose: children.len() > 1 || self.unrelated_files() > 1,
            partial: way.iter().filter_map(|&id| self.partial(id)).collect(),
            notes: way.iter().flat_map(|&id| self.notes(id)).collect(),
            others: Vec::new(),
            accident: false,
            pending: self.pending(id).and_then(|id| self.pending_facts(id)),
        }
    }

    /// What a member is as the wrapping of another.
    fn crumbs(&self, id: MemberId, inside: MemberId) -> Vec<Crumb> {
        let member = self.at(id);
        if let Origin::Spelled(coding) = self.at(inside).origin {
            return vec![self.crumb(id, coding)];
        }
        let words = match member.format {
            Some(Some(Format::Packed(packing))) => vec![packing.name()],
            Some(Some(Format::Archive(archive))) => {
                let mut words = vec![archive.name()];
                words.extend(member.flavour);
                words
            }
            // An archive may stand behind anything.
            _ if matches!(self.at(inside).origin, Origin::Tail(_) | Origin::Part(_)) => Vec::new(),
            Some(Some(Format::Npy)) => vec!["npy"],
            _ => vec!["value"],
        };
        words.into_iter().map(|word| self.crumb(id, word)).collect()
    }

    fn crumb(&self, id: MemberId, word: &str) -> Crumb {
        Crumb { word: word.to_owned(), member: id.0, name: self.at(id).name.clone() }
    }

    /// A wrapping on show has nothing to read itself.
    fn itself(&self, id: MemberId, children: &[MemberId]) -> Option<(String, String)> {
        let member = self.at(id);
        if let Some(Err(_)) = &member.source {
            let advice = "Unpack it with the tool that packed it, and open what comes out.";
            return Some(("not readable".to_owned(), advice.to_owned()));
        }
        let inside = preview::plural(children.len() as u64, "entry", "entries");
        match member.format {
            Some(Some(Format::Archive(archive))) => {
                let what = match member.flavour {
                    Some(flavour) => format!("{} {flavour} archive ({})", article(flavour), archive.name()),
                    None => format!("{} {} archive", article(archive.name()), archive.name()),
                };
                let sentence = if children.is_empty() {
                    format!("This is {what} without entries.")
                } else {
                    format!("This is {what} with {inside} at its top. Choose what to look at in Contents.")
                };
                Some((member.flavour.unwrap_or(archive.name()).to_owned(), sentence))
            }
            Some(Some(Format::Packed(packing))) => {
                let sentence = format!("This is the {} stream itself. What it holds is in Contents.", packing.name());
                Some((packing.name().to_owned(), sentence))
            }
            _ => None,
        }
    }

    /// Why not all bytes of a member are there.
    fn partial(&self, id: MemberId) -> Option<String> {
        let member = self.at(id);
        if let Some(Err(why)) = &member.source {
            return Some(format!("{}.", why.trim_end_matches('.')));
        }
        if !member.listed_whole {
            return Some(format!("The directory of {} is damaged, so entries may be missing.", member.name));
        }
        if let Some(why) = member.left_over.as_ref().and_then(|left| left.unread.as_ref()) {
            return Some(format!("{}: {why}.", member.name));
        }
        let unpacked = member.unpacked.as_ref()?;
        let bytes = preview::plural(unpacked.len(), "byte", "bytes");
        match unpacked.ending() {
            Ending::Complete => None,
            Ending::Unfinished => Some(format!("{bytes} of {} were unpacked so far; more follow.", member.name)),
            Ending::Damaged { message, packed_offset } => Some(format!(
                "The compressed data of {} is damaged at its byte {}: {message}. {bytes} came out before that.",
                member.name,
                preview::grouped(packed_offset)
            )),
        }
    }

    fn notes(&self, id: MemberId) -> Vec<NoteFacts> {
        let member = self.at(id);
        let (own, wrapper) = (member.notes.iter().cloned(), self.wrapper(id).unwrap_or(id));
        let unpacked = member.unpacked.iter().flat_map(|unpacked| unpacked.notes());
        // Offsets are places in the bytes of whatever is around: of the archive for an entry.
        let place = |is_inside: bool| if is_inside { wrapper } else { id };
        let is_entry = matches!(member.origin, Origin::Entry(_));
        let fact = |note: crate::container::Note, at: MemberId| NoteFacts {
            member: at.0,
            name: member.name.clone(),
            offset: note.offset,
            message: note.text,
        };
        let own = own.map(|note| fact(note, place(is_entry)));
        own.chain(unpacked.map(|note| fact(note, place(true)))).take(NOTES).collect()
    }

    fn pending_facts(&self, id: MemberId) -> Option<Pending> {
        let unpacked = self.at(id).unpacked.as_ref()?;
        Some(Pending {
            name: self.at(id).name.clone(),
            unpacked: unpacked.len(),
            read: self.at(id).packed_read,
            total: self.packed_len(id),
        })
    }
}

/// By the sound of the word: an npz, a 7z.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) || word.starts_with("np") { "an" } else { "a" }
}
