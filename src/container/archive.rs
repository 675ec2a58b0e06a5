//! What all archives have in common: a directory of entries, each opened when someone asks for it.

use super::note::Note;
use super::sevenz::Part;
use super::unpack::Unpacked;
use super::zip::Listed;
use crate::bytes::{Slice, Source, Span, read_span};
use std::collections::HashMap;
use std::sync::Arc;

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
            Self::Other(number) => zip_method(number),
        }
    }
}

/// The name of a method that is not read here (APPNOTE 4.4.5).
fn zip_method(number: u16) -> &'static str {
    match number {
        1 => "shrink",
        2..=5 => "reduce",
        6 => "implode",
        9 => "deflate64",
        10 => "PKWARE DCL implode",
        94 => "mp3",
        96 => "JPEG",
        97 => "WavPack",
        98 => "PPMd",
        99 => "AES encryption",
        _ => "an unknown method",
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

impl Entry {
    /// Where its content stands in the archive, when it stands there as it is and the directory says where.
    #[must_use]
    pub fn stored_at(&self) -> Option<Span> {
        match self.place {
            Place::At(span) if self.method == Method::Stored => Some(span),
            _ => None,
        }
    }
}

/// How to get at the content of an entry.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Behind the entry's local header.
    Zip(Listed),
    /// These bytes of the archive.
    At(Span),
    /// A part of a packed block.
    SevenZip(Part),
}

/// The content of an entry.
pub enum Opened {
    /// It lies in the archive as it is.
    Stored(Slice),
    /// It has to be unpacked.
    Packed(Unpacked),
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
