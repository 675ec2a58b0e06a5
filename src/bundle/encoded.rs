//! Pickles that text holds as base64, hexadecimal digits or in another coding (`codings.rs`): settings in JSON, cells of tables and
//! notebooks, cookies, columns of databases.

use super::codings::{LONGEST, Place, is_pickle, places};
use super::parts::{Decoded, Found, PLACE, Search, TRY, WINDOW};
use super::report::{calls_code, runs_code};
use crate::bytes::{MemorySource, Source, Span, read_span};
use crate::document::Document;
use crate::format::pickle::is_announced;
use crate::safety::Level;
use std::sync::Arc;

/// Bytes of text that are decoded first; of no coding do more than eight stand for one.
const SHORT: u64 = 4096;
/// Bytes of all that is kept of one member.
pub(super) const KEPT: usize = 16 << 20;
/// Pickles of one member.
pub(super) const MOST: usize = 64;

impl Search<'_> {
    /// Those that begin in a window of bytes, which is at `at`. Where they are too many to try, that is said.
    pub(super) fn encoded_in_window(&mut self, bytes: &[u8], at: u64, end: u64, found: &mut Found) {
        for found_at in places(bytes).into_iter().filter(|place| (place.at as u64) < WINDOW) {
            let place = at + found_at.at as u64;
            let kept: usize = found.decoded.iter().map(|one| one.bytes.len()).sum();
            if found.decoded.len() >= MOST || kept >= KEPT || !self.spend(PLACE) {
                found.unread = Some(format!(
                    "too much in it looks like pickles in base64 or another coding of text to try all of it; tried up to byte {place}"
                ));
                return;
            }
            let before = found_at.at.checked_sub(1).map(|before| bytes[before]);
            let decoded = self.decoded_at(found_at, before, place, end);
            found.decoded.extend(decoded);
        }
    }

    /// Decodes the text of this length at this offset.
    fn decoded_within(
        &mut self,
        most: u64,
        found: Place,
        before: Option<u8>,
        place: u64,
        end: u64,
    ) -> Option<(&'static str, Vec<u8>)> {
        let text = read_span(&**self.source, Span::new(place, end.min(place + most))).ok()?;
        let effort = text.len() as u64 / 16 + if found.is_packed(&text) { TRY / 16 } else { 0 };
        if !self.spend(effort) {
            return None;
        }
        found.decode(&text, before)
    }

    /// The pickle that the text at a place stands for, if it runs something.
    fn decoded_at(&mut self, found: Place, before: Option<u8>, place: u64, end: u64) -> Option<Decoded> {
        let (coding, bytes) = match self.decoded_within(SHORT, found, before, place, end)? {
            // It may go on behind the piece.
            (_, bytes) if bytes.len() as u64 > SHORT / 8 => self.decoded_within(LONGEST, found, before, place, end)?,
            short => short,
        };
        if !is_pickle(&bytes) {
            return None;
        }
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes.clone()));
        let document = Document::read(String::new(), source, self.limits.clone(), &mut |_, _| {});
        self.spend(document.reading().opcodes * TRY / 1024);
        let audit = document.audit();
        // Without PROTO only a name that is known to act counts.
        let acts = || audit.imports.iter().any(|import| import.level == Level::Dangerous);
        let is_meant = if is_announced(&bytes) { runs_code(audit) } else { acts() && calls_code(audit) };
        is_meant.then_some(Decoded { at: place, coding, bytes })
    }
}
