//! What is in an entry, whichever format lists it.

use super::archive::{Entry, Method, Opened, Place};
use super::note::Note;
use super::{sevenz, zip};
use crate::bytes::{Slice, Source, Span, read_span};
use std::sync::Arc;

/// What decides what an entry of a zip archive is unpacked to, and whether that is what was promised.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Content {
    header: u64,
    span: Span,
    size: u64,
    method: Method,
    encrypted: bool,
    crc: Option<u32>,
    flags: u16,
}

impl Entry {
    /// The content of the entry as a source.
    ///
    /// # Errors
    /// When it cannot be: in words that say why.
    pub fn open(&self, source: &Arc<dyn Source>) -> Result<Opened, String> {
        if let Some(special) = &self.special {
            return Err(format!("{} is {special}; it has no content", self.name));
        }
        match &self.place {
            Place::Zip(listed) => zip::open(self, listed, source, zip::place(self, listed, source)?.0),
            Place::SevenZip(part) => sevenz::open(self, part, source),
            Place::At(span) => Ok(Opened::Stored(Slice::new(Arc::clone(source), *span))),
        }
    }

    /// The same entry as its own header has it, where that packs its content otherwise than the directory says: readers that
    /// go forward take that.
    #[must_use]
    pub fn by_own_header(&self, source: &Arc<dyn Source>) -> Option<Self> {
        let Place::Zip(_) = self.place else { return None };
        let own = zip::own(source, self)?;
        let differs = (own.method, own.packed) != (self.method, self.packed);
        (differs && own.packed > 0).then_some(own)
    }

    /// What the content is made of, where entries may share it: two of one archive with the same are unpacked to the same,
    /// with the same to be said of it. With it comes what the entry's own header shows that is odd.
    #[must_use]
    pub fn content(&self, source: &Arc<dyn Source>) -> Option<(Content, Vec<Note>)> {
        let Place::Zip(listed) = &self.place else { return None };
        let (span, notes) = zip::place(self, listed, source).ok()?;
        let Self { header, size, method, encrypted, crc, .. } = *self;
        Some((Content { header, span, size, method, encrypted, crc, flags: listed.flags }, notes))
    }

    /// Bytes that unpacking takes to give all of the content: in a 7z archive those before it in its block, too.
    #[must_use]
    pub fn work(&self) -> u64 {
        match (&self.place, self.method) {
            (_, Method::Stored) => 0,
            (Place::SevenZip(part), _) => part.offset.saturating_add(self.size),
            _ => self.size,
        }
    }

    /// Where the bytes of the entry lie in the archive, packed or not, and what reading its own header shows that is odd.
    ///
    /// # Errors
    /// When there is no header of the entry where the directory says.
    pub fn data(&self, source: &Arc<dyn Source>) -> Result<(Span, Vec<Note>), String> {
        match &self.place {
            Place::Zip(listed) => zip::data(self, listed, source),
            Place::At(span) => Ok((*span, Vec::new())),
            Place::SevenZip(part) => Ok((sevenz::data(part), sevenz::check(self, part, source))),
        }
    }

    /// Holds the whole of a stored content against its checksum, whatever its size; what is packed is held against it while
    /// it is unpacked. Zero stands for none: torch may be told to write none.
    #[must_use]
    pub fn check(&self, source: &Arc<dyn Source>) -> Option<Note> {
        const PIECE: u64 = 1 << 20;
        let crc = self.crc.filter(|crc| *crc != 0 && self.method == Method::Stored)?;
        let (span, _) = self.data(source).ok()?;
        let mut sum = flate2::Crc::new();
        let mut at = span.start;
        while at < span.end {
            let piece = Span::new(at, span.end.min(at + PIECE));
            sum.update(&read_span(source, piece).ok()?);
            at = piece.end;
        }
        let text = format!(
            "the directory says CRC-32 {crc:08x}, the content has {:08x}: Python's zipfile refuses it, torch does not look",
            sum.sum()
        );
        (sum.sum() != crc && span.len() == self.size).then(|| Note::at(self.header, text))
    }
}
