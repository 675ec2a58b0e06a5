//! What else the bytes around the document on show are: a pickle at once, an archive behind, a stream in front. Whoever asks
//! what a file is hears of all that a scan of it reports.

use super::member::{MemberId, Origin};
use super::report::is_pickle_too;
use super::skim::skim;
use super::{Bundle, OnProgress};
use crate::container::Format;
use crate::opcode;
use crate::safety::Level;
use crate::view::{OtherReading, ReadingStatus};

/// Parts that are judged; the others are counted.
const JUDGED: usize = 20;
/// Bytes that are read and unpacked to judge what is not on show.
const BUDGET: u64 = 64 << 20;

impl Bundle {
    /// The other readings that a scan has of the members around the one on show.
    pub(super) fn other_readings(&mut self, id: MemberId, progress: OnProgress<'_>) -> Vec<OtherReading> {
        let mut way = vec![id];
        while let Some(above) = way.last().and_then(|&id| self.wrapper(id)) {
            way.push(above);
        }
        let mut readings = Vec::new();
        for &id in &way {
            readings.extend(self.read_as_pickle(id, progress));
            readings.extend(self.disguise(id));
        }
        let is_part = |bundle: &Self, id: MemberId| matches!(bundle.at(id).origin, Origin::Part(_) | Origin::Tail(_));
        let below = way.iter().flat_map(|&id| self.at(id).children.iter().flatten().copied());
        let parts: Vec<MemberId> = below.filter(|id| !way.contains(id) && is_part(self, *id)).collect();
        for &part in parts.iter().take(JUDGED) {
            readings.push(self.judged(part, progress));
        }
        if parts.len() > JUDGED {
            let text = format!("{} more parts are beside it and were not judged here", parts.len() - JUDGED);
            readings.push(OtherReading { member: id.0, level: Level::UnknownCode, text });
        }
        readings
    }

    /// What readers of archives take differently around a pickle.
    fn disguise(&self, id: MemberId) -> Option<OtherReading> {
        let is_pickle = self.document.reading().opcodes > 0 || id == self.shown;
        let note = self.at(id).notes.iter().find(|note| note.disguise).filter(|_| is_pickle)?;
        Some(OtherReading { member: id.0, level: Level::Suspicious, text: note.text.clone() })
    }

    /// The pickle that an archive, a stream or a known format is at once.
    fn read_as_pickle(&mut self, id: MemberId, progress: OnProgress<'_>) -> Option<OtherReading> {
        let format = self.at(id).format??;
        let is_shown_as_pickle = id == self.shown && self.document.reading().opcodes > 0;
        if matches!(format, Format::Npy) || is_shown_as_pickle || matches!(self.at(id).origin, Origin::Tail(_)) {
            return None;
        }
        let source = self.source(id, progress).ok()?;
        if !skim(&*source, 0, &self.limits).imports {
            return None;
        }
        let document = self.read(id, source, progress);
        let level = document.audit().level;
        let text = format!(
            "{} is {} and a pickle at once: {}. A loader of pickles that is given it runs the pickle",
            self.at(id).name,
            format.kind().name,
            level.word().to_lowercase()
        );
        is_pickle_too(&document).then(|| OtherReading { member: id.0, level: level.max(Level::Suspicious), text })
    }

    fn judged(&mut self, part: MemberId, progress: OnProgress<'_>) -> OtherReading {
        let (outcome, reading) = self.judge(part, BUDGET.min(self.limits.unpacked), progress);
        let partly = if reading == ReadingStatus::Partial { ", not all of it was read" } else { "" };
        let (name, word) = (&self.at(part).name, outcome.word().to_lowercase());
        let is_of_shelf = self.at(part).parent.is_some_and(|above| self.is_shelf(above));
        let text = match is_of_shelf {
            true => format!("the shelf has another value under the key {}: {word}{partly}", opcode::printable(name)),
            false => format!("beside what is shown there is a {name}: {word}{partly}"),
        };
        OtherReading { member: part.0, level: outcome.into(), text }
    }
}
