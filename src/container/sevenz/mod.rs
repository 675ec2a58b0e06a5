//! 7z archives. Source: `DOC/7zFormat.txt` of the LZMA SDK.
//!
//! Entries lie one behind the other in blocks ("folders"), each packed as a whole, so an entry is reached by unpacking
//! what lies before it in its block; that is thrown away, not kept.

mod header;
mod part;
mod spans;

use super::archive::{self, Directory, Entry, Method, Opened, Place};
use super::format::Packing;
use super::note::Note;
use super::unpack::{Codec, Ending, Unpacked};
use crate::bytes::{Limits, MemorySource, Slice, Source, Span, read_span, sorting};
use header::{Block, Header, Parsed};
use std::sync::Arc;

pub(super) use part::Part;
pub(super) use spans::BlockPlaces;

/// Bytes before the packed streams: where the directory is.
const START: u64 = 32;
/// The longest header that is read, packed or not.
const HEADER: u64 = 64 << 20;
/// A header may be packed, and the header of that, too; nobody does more.
const NESTED: usize = 4;

/// Reads the directory. It is at the end and in one piece: when it is damaged, nothing can be listed.
#[must_use]
pub fn read(source: &Arc<dyn Source>, limits: &Limits) -> Directory {
    let mut notes = Vec::new();
    match header(source, &mut notes) {
        Ok((header, used)) => Directory { rest: rest(source, used), ..list(header, notes, limits) },
        Err(text) => {
            notes.push(Note { offset: None, text, disguise: false });
            Directory { notes, complete: false, ..Directory::default() }
        }
    }
}

/// Bytes of no entry and no directory.
fn rest(source: &Arc<dyn Source>, mut used: Vec<Span>) -> Vec<Span> {
    sorting::by_key(&mut used, |span| span.start);
    let mut rest = Vec::new();
    let mut reach = START;
    for span in used.into_iter().chain([Span::new(source.len(), source.len())]) {
        if span.start.min(source.len()) > reach {
            rest.push(Span::new(reach, span.start.min(source.len())));
        }
        reach = reach.max(span.end);
    }
    rest
}

/// Finds the header and unpacks it as often as it is packed. With it comes what bytes are of something.
fn header(source: &Arc<dyn Source>, notes: &mut Vec<Note>) -> Result<(Header, Vec<Span>), String> {
    let mut start = [0; 32];
    let count = source.read_at(0, &mut start).map_err(|error| error.to_string())?;
    if count < start.len() {
        return Err("the archive is cut off in its first header".to_owned());
    }
    let number = |at: usize| start[at..].first_chunk().copied().map_or(0, u64::from_le_bytes);
    let (offset, size) = (number(12), number(20));
    if size == 0 {
        return Ok((Header::default(), Vec::new()));
    }
    let at = offset.saturating_add(START);
    if at.saturating_add(size) > source.len() {
        return Err("the directory of the archive lies behind the end of the file: it is cut off".to_owned());
    }
    if size > HEADER {
        return Err(format!("the archive says that its directory is {size} bytes long"));
    }
    let mut bytes = read_span(source, Span::new(at, at + size)).map_err(|error| error.to_string())?.into_owned();
    let mut crc = flate2::Crc::new();
    crc.update(&bytes);
    if start[28..] != crc.sum().to_le_bytes() {
        notes.push(Note {
            offset: Some(at),
            text: "the checksum of the directory does not hold".to_owned(),
            disguise: false,
        });
    }
    let mut used = vec![Span::new(at, at + size)];
    for _ in 0..NESTED {
        match header::parse(&bytes)? {
            Parsed::Header(header) => {
                used.extend(&header.packed);
                return Ok((header, used));
            }
            Parsed::Packed(block, packed) => {
                used.extend(packed);
                bytes = unpacked_header(source, block)?;
            }
        }
    }
    Err("the directory of the archive is packed too often".to_owned())
}

fn unpacked_header(source: &Arc<dyn Source>, block: Block) -> Result<Vec<u8>, String> {
    if block.size > HEADER {
        return Err(format!("the archive says that its directory is {} bytes long", block.size));
    }
    let size = block.size;
    let opened = open_part(&Part { block: Arc::new(block), offset: 0 }, size, None, source)?;
    let content = match &opened {
        Opened::Stored(slice) => read_span(slice, Span::new(0, size)),
        Opened::Packed(unpacked) => {
            if let Ending::Damaged { message, .. } = unpacked.advance(size, &mut |_, _| {}) {
                return Err(format!("the directory of the archive: {message}"));
            }
            read_span(unpacked, Span::new(0, size))
        }
    };
    content.map(std::borrow::Cow::into_owned).map_err(|error| error.to_string())
}

fn list(header: Header, notes: Vec<Note>, limits: &Limits) -> Directory {
    let mut directory = Directory { notes, complete: true, ..Directory::default() };
    let mut streams = header.blocks.into_iter().flat_map(|(block, streams)| {
        let block = Arc::new(block);
        let mut offset = 0;
        streams.into_iter().map(move |(size, crc)| {
            let part = Part { block: Arc::clone(&block), offset };
            offset = offset.saturating_add(size);
            (part, size, crc)
        })
    });
    for file in header.files {
        if directory.entries.len() >= limits.entries {
            directory.complete = false;
            let text = format!("only the first {} entries are listed", limits.entries);
            directory.notes.push(Note { offset: None, text, disguise: false });
            break;
        }
        let stream = if file.has_stream { streams.next() } else { None };
        if file.has_stream && stream.is_none() {
            directory.complete = false;
            let text = "the directory has more names than contents".to_owned();
            directory.notes.push(Note { offset: None, text, disguise: false });
            break;
        }
        directory.entries.push(entry(file.name, file.folder, stream));
    }
    archive::note_names(&mut directory.entries);
    directory
}

fn entry(name: String, folder: bool, stream: Option<(Part, u64, Option<u32>)>) -> Entry {
    let mut entry = Entry {
        name,
        folder,
        special: None,
        size: 0,
        packed: 0,
        method: Method::Stored,
        header: 0,
        encrypted: false,
        crc: None,
        notes: Vec::new(),
        place: Place::At(Span::default()),
    };
    if let Some((part, size, crc)) = stream {
        entry.size = size;
        // The packed bytes of a block belong to all of its entries; the first stands for them.
        entry.packed = if part.offset == 0 { part.block.packed.len() } else { 0 };
        entry.method = method(&part.block.codec);
        entry.header = part.block.packed.start;
        entry.encrypted = part.block.encrypted;
        entry.crc = crc;
        entry.place = Place::SevenZip(part);
    }
    entry
}

fn method(codec: &Result<Codec, String>) -> Method {
    match codec {
        Ok(Codec::Copy) => Method::Stored,
        Ok(Codec::Lzma { .. }) => Method::Lzma,
        Ok(Codec::Lzma2 { .. }) => Method::Lzma2,
        Ok(Codec::Other(Packing::Bzip2)) => Method::Bzip2,
        Ok(Codec::Other(Packing::Deflate)) => Method::Deflate,
        Ok(Codec::Other(Packing::Zstd)) => Method::Zstd,
        Ok(Codec::Other(_)) | Err(_) => Method::Other(u16::MAX),
    }
}

/// Opens the content of an entry.
pub(super) fn open(entry: &Entry, part: &Part, source: &Arc<dyn Source>) -> Result<Opened, String> {
    open_part(part, entry.size, entry.crc, source).map_err(|why| format!("{}: {why}", entry.name))
}

fn open_part(part: &Part, size: u64, crc: Option<u32>, source: &Arc<dyn Source>) -> Result<Opened, String> {
    let block = &part.block;
    let codec = block.codec.clone()?;
    if size == 0 {
        let empty: Arc<dyn Source> = Arc::new(MemorySource::default());
        return Ok(Opened::Stored(Slice::new(empty, Span::default())));
    }
    if matches!(codec, Codec::Copy) {
        let start = block.packed.start.saturating_add(part.offset).min(block.packed.end);
        let span = Span::new(start, start.saturating_add(size).min(block.packed.end));
        return Ok(Opened::Stored(Slice::new(Arc::clone(source), span)));
    }
    let kept = Span::new(part.offset, part.offset.saturating_add(size));
    Ok(Opened::Packed(Unpacked::part(&codec, Arc::clone(source), block.packed, block.size, kept, crc)?))
}

/// The packed bytes of the block that the entry is in.
pub(super) fn data(part: &Part) -> Span {
    part.block.packed
}

/// Holds a small content that lies in the archive as it is against its checksum; of a packed one that is seen to while it
/// is unpacked.
pub(super) fn check(entry: &Entry, part: &Part, source: &Arc<dyn Source>) -> Vec<Note> {
    let start = part.block.packed.start.saturating_add(part.offset);
    let span = Span::new(start, start.saturating_add(entry.size).min(part.block.packed.end).max(start));
    let sum = Some(span).filter(|_| entry.method == Method::Stored);
    let sum = sum.and_then(|span| archive::other_crc(entry, source, span));
    let text = |sum: u32| {
        format!("the directory says CRC-32 {:08x}, the content has {sum:08x}", entry.crc.unwrap_or_default())
    };
    sum.map(|sum| Note { offset: Some(start), text: text(sum), disguise: false }).into_iter().collect()
}
