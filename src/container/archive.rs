//! What all archives have in common: a directory of entries, each opened when someone asks for it.

use super::{Unpacked, sevenz, zip};
use crate::bytes::{Slice, Source, Span, read_span};
use std::collections::HashMap;
use std::sync::Arc;

/// An anomaly, in plain words. It never keeps anything from being shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// Where in the archive or the packed file, when it is somewhere.
    pub offset: Option<u64>,
    /// What is odd.
    pub text: String,
    /// Whether readers may see something else because of it: not a slip of a tool, but a way to hide.
    pub disguise: bool,
}

/// What an archive holds.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// In the order of the directory, or of the file where there is none.
    pub entries: Vec<Entry>,
    /// What is odd about the archive as a whole.
    pub notes: Vec<Note>,
    /// Whether the directory was read to its end. When not, a note says why.
    pub complete: bool,
    /// Bytes that belong to none of the entries, in order: before, between, behind.
    pub rest: Vec<Span>,
}

/// How the content of an entry is stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Method {
    /// As it is.
    Stored,
    /// Zip method 8.
    Deflate,
    /// Zip method 12.
    Bzip2,
    /// Zip method 14.
    Lzma,
    /// Zip method 93 (and 20, its first number).
    Zstd,
    /// Zip method 95.
    Xz,
    /// LZMA2, in 7z.
    Lzma2,
    /// A zip method that is not read here, by its number.
    Other(u16),
}

impl Method {
    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Deflate => "deflate",
            Self::Bzip2 => "bzip2",
            Self::Lzma => "lzma",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Lzma2 => "lzma2",
            Self::Other(number) => zip::method_name(number),
        }
    }
}

/// One entry of an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As the directory has it, decoded. Nothing is made of it: it may be absolute or lead out by `..`.
    pub name: String,
    /// Whether it is a folder.
    pub folder: bool,
    /// What a symbolic or hard link points to; for devices and the like what they are. Such entries have no content.
    pub special: Option<String>,
    /// Bytes of the content.
    pub size: u64,
    /// Bytes it takes in the archive.
    pub packed: u64,
    /// How it is stored.
    pub method: Method,
    /// Offset of its own header in the archive.
    pub header: u64,
    /// Whether the directory says that it is encrypted. Python's zipfile refuses such entries, torch ignores the bit.
    pub encrypted: bool,
    /// CRC-32 of the content, where the archive has one.
    pub crc: Option<u32>,
    /// What is odd about it, as far as the directory shows.
    pub notes: Vec<Note>,
    pub(super) place: Place,
}

/// How to get at the content of an entry.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Behind the entry's local header.
    Zip(zip::Listed),
    /// These bytes of the archive.
    At(Span),
    /// A part of a packed block.
    SevenZip(sevenz::Part),
}

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

/// The content of an entry.
pub enum Opened {
    /// It lies in the archive as it is.
    Stored(Slice),
    /// It has to be unpacked.
    Packed(Unpacked),
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
        Some((Content { header, span, size, method, encrypted, crc, flags: listed.flags() }, notes))
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
}

impl Entry {
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
        (sum.sum() != crc && span.len() == self.size).then_some(Note {
            offset: Some(self.header),
            text,
            disguise: false,
        })
    }
}

/// Longest stored content that is held against its checksum when it is opened; more would take the whole of it.
pub const CHECKED: u64 = 1 << 20;

/// The CRC-32 that a small content has, when the directory gives another.
pub(super) fn other_crc(entry: &Entry, source: &Arc<dyn Source>, span: Span) -> Option<u32> {
    let crc = entry.crc?;
    if span.len() > CHECKED || span.len() != entry.size {
        return None;
    }
    let bytes = read_span(source, span).ok()?;
    let mut sum = flate2::Crc::new();
    sum.update(&bytes);
    (sum.sum() != crc).then(|| sum.sum())
}

/// Notes names that occur twice and names that lead out of the folder they are unpacked into.
pub(super) fn note_names(entries: &mut [Entry]) {
    let mut first: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    let mut twice = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(earlier) = first.insert(entry.name.clone(), index) {
            twice.push((earlier, index));
        }
    }
    drop(first);
    for (earlier, later) in twice {
        for (this, other) in [(earlier, later), (later, earlier)] {
            let at = entries[other].header;
            let text = format!("another entry, at offset {at}, has the same name; readers differ in which they take");
            entries[this].notes.push(Note { offset: Some(entries[this].header), text, disguise: true });
        }
    }
    for entry in entries {
        let is_absolute = entry.name.starts_with(['/', '\\']) || entry.name.as_bytes().get(1) == Some(&b':');
        if is_absolute || entry.name.split(['/', '\\']).any(|part| part == "..") {
            let text = "the name leads out of the folder that the archive is unpacked into".to_owned();
            entry.notes.push(Note { offset: Some(entry.header), text, disguise: false });
        }
    }
}
