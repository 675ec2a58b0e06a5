//! The header: packed streams, blocks, and the files in them.

use crate::bytes::Span;
use crate::container::format::Packing;
use crate::container::unpack::Codec;
use lzma_rust2::{FilterConfig, FilterType};
use std::collections::HashSet;

/// Bytes packed as a whole.
#[derive(Clone, Debug)]
pub(in crate::container) struct Block {
    pub(super) packed: Span,
    /// What it unpacks to.
    pub(super) size: u64,
    /// How it is packed, or why it cannot be unpacked.
    pub(super) codec: Result<Codec, String>,
    pub(super) encrypted: bool,
}

/// Size and CRC-32 of an entry's content.
type Stream = (u64, Option<u32>);

#[derive(Default)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) folder: bool,
    pub(super) has_stream: bool,
}

#[derive(Default)]
pub(super) struct Header {
    /// Blocks and the contents in them, in order.
    pub(super) blocks: Vec<(Block, Vec<Stream>)>,
    pub(super) files: Vec<File>,
    /// All packed bytes that the header knows of.
    pub(super) packed: Vec<Span>,
}

pub(super) enum Parsed {
    Header(Header),
    /// The header is in this block; with it come all packed bytes that are known of so far.
    Packed(Block, Vec<Span>),
}

/// Blocks, packed streams and contents that a header may have, and files: a small header may unpack to millions of them.
const MOST: usize = 1 << 20;

const END: u8 = 0x00;
const HEADER: u8 = 0x01;
const ARCHIVE_PROPERTIES: u8 = 0x02;
const STREAMS: u8 = 0x04;
const FILES: u8 = 0x05;
const PACK_INFO: u8 = 0x06;
const UNPACK_INFO: u8 = 0x07;
const SUBSTREAMS: u8 = 0x08;
const SIZE: u8 = 0x09;
const CRC: u8 = 0x0a;
const FOLDER: u8 = 0x0b;
const UNPACK_SIZE: u8 = 0x0c;
const STREAM_COUNT: u8 = 0x0d;
const EMPTY_STREAM: u8 = 0x0e;
const EMPTY_FILE: u8 = 0x0f;
const NAMES: u8 = 0x11;
const ENCODED: u8 = 0x17;

/// Reads a header. The message of an error is for people.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, String> {
    let mut reader = Reader(bytes);
    match reader.byte()? {
        ENCODED => {
            let (blocks, packed) = streams(&mut reader)?;
            let first = blocks.into_iter().next().ok_or_else(damaged)?;
            Ok(Parsed::Packed(first.0, packed))
        }
        HEADER => {
            let mut header = Header::default();
            loop {
                match reader.byte()? {
                    END => return Ok(Parsed::Header(header)),
                    ARCHIVE_PROPERTIES => while reader.property()?.is_some() {},
                    STREAMS => (header.blocks, header.packed) = streams(&mut reader)?,
                    FILES => header.files = files(&mut reader)?,
                    _ => return Err(damaged()),
                }
            }
        }
        _ => Err(damaged()),
    }
}

fn damaged() -> String {
    "the directory of the archive is damaged".to_owned()
}

/// A count from the file, refused above the most that is kept.
fn bounded(count: usize) -> Result<usize, String> {
    let text = || format!("the directory of the archive has {count} parts, of which {MOST} are read at most");
    (count <= MOST).then_some(count).ok_or_else(text)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], String> {
        let count = usize::try_from(count).map_err(|_| damaged())?;
        let (head, rest) = self.0.split_at_checked(count).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    /// A number: the ones that the first byte begins with say how many bytes follow, its other bits are the highest.
    fn number(&mut self) -> Result<u64, String> {
        let first = self.byte()?;
        let count = first.leading_ones();
        let mut bytes = [0; 8];
        bytes[..count as usize].copy_from_slice(self.take(u64::from(count))?);
        let low = u64::from_le_bytes(bytes);
        let high = if count < 7 { u64::from(first & (0x7f >> count)) } else { 0 };
        Ok(low | high << (8 * count % 64))
    }

    /// A number of things that take at least a byte each in what follows.
    fn count(&mut self) -> Result<usize, String> {
        let count = self.number()?;
        usize::try_from(count).ok().filter(|count| *count <= self.0.len()).ok_or_else(damaged)
    }

    fn bits(&mut self, count: usize) -> Result<Vec<bool>, String> {
        let bytes = self.take(count.div_ceil(8) as u64)?;
        Ok((0..count).map(|index| bytes[index / 8] & (0x80 >> (index % 8)) != 0).collect())
    }

    /// CRCs of which some may be missing.
    fn digests(&mut self, count: usize) -> Result<Vec<Option<u32>>, String> {
        let defined = if self.byte()? == 0 { self.bits(count)? } else { vec![true; count.min(self.0.len())] };
        if defined.len() < count {
            return Err(damaged());
        }
        let digest = |is_defined: bool| {
            if !is_defined {
                return Ok(None);
            }
            let bytes = self.take(4)?;
            Ok(Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
        };
        defined.into_iter().map(digest).collect()
    }

    /// A property with its length: type and content; `None` at the end.
    fn property(&mut self) -> Result<Option<(u8, &'a [u8])>, String> {
        match self.byte()? {
            END => Ok(None),
            kind => {
                let length = self.number()?;
                Ok(Some((kind, self.take(length)?)))
            }
        }
    }
}

/// A block before the places of packed streams are known.
struct Unplaced {
    codec: Result<Codec, String>,
    encrypted: bool,
    outputs: usize,
    /// The coder whose output is the block's.
    main: usize,
    packed_streams: usize,
    size: u64,
    crc: Option<u32>,
}

/// Blocks with their contents, and the places of all packed streams.
type Streams = (Vec<(Block, Vec<Stream>)>, Vec<Span>);

fn streams(reader: &mut Reader) -> Result<Streams, String> {
    let mut packed: Vec<Span> = Vec::new();
    let mut unplaced = Vec::new();
    let mut contents = None;
    loop {
        match reader.byte()? {
            END => break,
            PACK_INFO => packed = pack_info(reader)?,
            UNPACK_INFO => unplaced = unpack_info(reader)?,
            SUBSTREAMS => contents = Some(substreams(reader, &unplaced)?),
            _ => return Err(damaged()),
        }
    }
    let contents = contents.unwrap_or_else(|| unplaced.iter().map(|block| vec![(block.size, block.crc)]).collect());
    let all = packed.clone();
    let mut packed = packed.into_iter();
    let place = |(block, contents): (Unplaced, Vec<Stream>)| {
        let span = packed.next().ok_or_else(damaged)?;
        for _ in 1..block.packed_streams {
            packed.next().ok_or_else(damaged)?;
        }
        let Unplaced { codec, encrypted, size, .. } = block;
        Ok((Block { packed: span, size, codec, encrypted }, contents))
    };
    let blocks = unplaced.into_iter().zip(contents).map(place).collect::<Result<_, String>>()?;
    Ok((blocks, all))
}

fn pack_info(reader: &mut Reader) -> Result<Vec<Span>, String> {
    // Counted from behind the first header.
    let mut at = reader.number()?.saturating_add(32);
    let count = bounded(reader.count()?)?;
    let mut spans = Vec::new();
    loop {
        match reader.byte()? {
            END => return Ok(spans),
            SIZE => {
                for _ in 0..count {
                    let end = at.saturating_add(reader.number()?);
                    spans.push(Span::new(at, end));
                    at = end;
                }
            }
            CRC => {
                reader.digests(count)?;
            }
            _ => return Err(damaged()),
        }
    }
}

fn unpack_info(reader: &mut Reader) -> Result<Vec<Unplaced>, String> {
    if reader.byte()? != FOLDER {
        return Err(damaged());
    }
    let count = bounded(reader.count()?)?;
    if reader.byte()? != 0 {
        return Err("the directory of the archive refers to another stream, which is not read here".to_owned());
    }
    let mut blocks = Vec::new();
    for _ in 0..count {
        blocks.push(block(reader)?);
    }
    loop {
        match reader.byte()? {
            END => return Ok(blocks),
            UNPACK_SIZE => {
                for block in &mut blocks {
                    for output in 0..block.outputs {
                        let size = reader.number()?;
                        if output == block.main {
                            block.size = size;
                        }
                    }
                }
            }
            CRC => {
                for (block, crc) in blocks.iter_mut().zip(reader.digests(count)?) {
                    block.crc = crc;
                }
            }
            _ => return Err(damaged()),
        }
    }
}

/// The coders of a block and how they are joined.
fn block(reader: &mut Reader) -> Result<Unplaced, String> {
    const COMPLEX: u8 = 0x10;
    const PROPERTIES: u8 = 0x20;
    let count = reader.count()?;
    let (mut coders, mut inputs, mut outputs) = (Vec::new(), 0, 0);
    for _ in 0..count {
        let flags = reader.byte()?;
        let id = reader.take(u64::from(flags & 0x0f))?;
        let (ins, outs) = if flags & COMPLEX != 0 { (reader.count()?, reader.count()?) } else { (1, 1) };
        let properties = if flags & PROPERTIES != 0 {
            let length = reader.number()?;
            reader.take(length)?
        } else {
            &[]
        };
        inputs += ins;
        outputs += outs;
        coders.push((id, properties));
    }
    let pairs = outputs.checked_sub(1).filter(|pairs| *pairs <= inputs).ok_or_else(damaged)?;
    let mut bound = HashSet::new();
    for _ in 0..pairs {
        reader.number()?;
        bound.insert(reader.number()?);
    }
    let packed_streams = inputs - pairs;
    if packed_streams > 1 {
        for _ in 0..packed_streams {
            reader.number()?;
        }
    }
    let main = (0..outputs).find(|output| !bound.contains(&(*output as u64))).unwrap_or(0);
    let encrypted = coders.iter().any(|(id, _)| *id == [0x06, 0xf1, 0x07, 0x01]);
    let is_chain = inputs == count && outputs == count && packed_streams == 1;
    let codec = if is_chain { codec(&coders) } else { Err("it is packed in several streams at once".to_owned()) };
    let codec = codec.map_err(|why| if encrypted { "it is encrypted".to_owned() } else { why });
    Ok(Unplaced { codec, encrypted, outputs, main, packed_streams, size: 0, crc: None })
}

/// A codec, and perhaps a filter whose output is the block's. Source: `DOC/Methods.txt`.
fn codec(coders: &[(&[u8], &[u8])]) -> Result<Codec, String> {
    let (mut codec, mut filter) = (None, None);
    for (id, properties) in coders {
        let found = match id {
            [0x00] => Codec::Copy,
            [0x03, 0x01, 0x01] => match properties.first_chunk() {
                Some(properties) => Codec::Lzma { properties: *properties, filter: None },
                None => return Err("the properties of its LZMA are damaged".to_owned()),
            },
            [0x21] => Codec::Lzma2 { properties: properties.first().copied().unwrap_or(40), filter: None },
            [0x04, 0x02, 0x02] => Codec::Other(Packing::Bzip2),
            [0x04, 0x01, 0x08] => Codec::Other(Packing::Deflate),
            [0x04, 0xf7, 0x11, 0x01] => Codec::Other(Packing::Zstd),
            [0x04, 0xf7, 0x11, 0x04] => Codec::Other(Packing::Lz4),
            _ => {
                let Some(known) = filter_of(id, properties).filter(|_| filter.is_none()) else {
                    return Err(format!("it is compressed with {}, which Picklescope cannot unpack", method_name(id)));
                };
                filter = Some(known);
                continue;
            }
        };
        if codec.replace(found).is_some() {
            return Err("it is packed twice, which is not read here".to_owned());
        }
    }
    match (codec, filter) {
        (Some(codec), None) => Ok(codec),
        (Some(Codec::Lzma { properties, .. }), filter) => Ok(Codec::Lzma { properties, filter }),
        (Some(Codec::Lzma2 { properties, .. }), filter) => Ok(Codec::Lzma2 { properties, filter }),
        _ => Err("it is filtered but not packed with LZMA, which is not read here".to_owned()),
    }
}

fn filter_of(id: &[u8], properties: &[u8]) -> Option<FilterConfig> {
    let filter_type = match id {
        [0x03] => {
            let distance = properties.first().map_or(1, |byte| u32::from(*byte) + 1);
            return Some(FilterConfig::new_delta(distance));
        }
        [0x03, 0x03, 0x01, 0x03] | [0x04] => FilterType::BcjX86,
        [0x03, 0x03, 0x02, 0x05] | [0x05] => FilterType::BcjPpc,
        [0x03, 0x03, 0x04, 0x01] | [0x06] => FilterType::BcjIa64,
        [0x03, 0x03, 0x05, 0x01] | [0x07] => FilterType::BcjArm,
        [0x03, 0x03, 0x07, 0x01] | [0x08] => FilterType::BcjArmThumb,
        [0x03, 0x03, 0x08, 0x05] | [0x09] => FilterType::BcjSparc,
        [0x0a] => FilterType::BcjArm64,
        [0x0b] => FilterType::BcjRiscv,
        _ => return None,
    };
    Some(FilterConfig { filter_type, property: 0 })
}

/// How many contents each block has, their sizes (the last is what is left), and CRCs that the blocks have not given.
fn substreams(reader: &mut Reader, blocks: &[Unplaced]) -> Result<Vec<Vec<Stream>>, String> {
    let mut counts = vec![1; blocks.len()];
    let mut contents: Option<Vec<Vec<Stream>>> = None;
    loop {
        match reader.byte()? {
            END => break,
            STREAM_COUNT => {
                for count in &mut counts {
                    // The sizes of all but one follow.
                    *count = usize::try_from(reader.number()?).map_err(|_| damaged())?;
                    if *count > reader.0.len() + 1 {
                        return Err(damaged());
                    }
                }
            }
            SIZE => contents = Some(sizes(Some(reader), blocks, &counts)?),
            CRC => {
                let contents = match &mut contents {
                    Some(contents) => contents,
                    None => contents.insert(sizes(None, blocks, &counts)?),
                };
                let known = |contents: &[Stream], block: &Unplaced| contents.len() == 1 && block.crc.is_some();
                let unknown = contents.iter().zip(blocks).filter(|(contents, block)| !known(contents, block));
                let count = unknown.map(|(contents, _)| contents.len()).sum();
                let mut digests = reader.digests(count)?.into_iter();
                for (contents, block) in contents.iter_mut().zip(blocks) {
                    if !known(contents, block) {
                        contents.iter_mut().for_each(|content| content.1 = digests.next().flatten());
                    }
                }
            }
            _ => return Err(damaged()),
        }
    }
    contents.map_or_else(|| sizes(None, blocks, &counts), Ok)
}

fn sizes(mut reader: Option<&mut Reader>, blocks: &[Unplaced], counts: &[usize]) -> Result<Vec<Vec<Stream>>, String> {
    bounded(counts.iter().fold(0, |sum: usize, count| sum.saturating_add(*count)))?;
    let mut contents = Vec::new();
    for (block, count) in blocks.iter().zip(counts) {
        let mut left = block.size;
        let mut of_block = Vec::new();
        for index in 0..*count {
            let size = match &mut reader {
                Some(reader) if index + 1 < *count => reader.number()?,
                None if index + 1 < *count => return Err(damaged()),
                _ => left,
            };
            left = left.checked_sub(size).ok_or_else(damaged)?;
            of_block.push((size, block.crc.filter(|_| *count == 1)));
        }
        contents.push(of_block);
    }
    Ok(contents)
}

fn files(reader: &mut Reader) -> Result<Vec<File>, String> {
    let count = reader.count()?;
    // More than that are not listed.
    let kept = count.min(MOST);
    let mut files: Vec<File> = (0..kept).map(|_| File { has_stream: true, ..File::default() }).collect();
    let mut empty_files = Vec::new();
    while let Some((kind, content)) = reader.property()? {
        let mut content = Reader(content);
        match kind {
            EMPTY_STREAM => {
                for (file, is_empty) in files.iter_mut().zip(content.bits(count)?) {
                    file.has_stream = !is_empty;
                }
            }
            EMPTY_FILE => {
                let empty = files.iter().filter(|file| !file.has_stream).count();
                empty_files = content.bits(empty)?;
            }
            NAMES => {
                if content.byte()? != 0 {
                    return Err("the names of the archive are in another stream, which is not read here".to_owned());
                }
                names(content.0, &mut files);
            }
            _ => {}
        }
    }
    let mut empty_files = empty_files.into_iter();
    for file in files.iter_mut().filter(|file| !file.has_stream) {
        // What has no content is a folder, unless it is said to be an empty file.
        file.folder = !empty_files.next().unwrap_or(false);
    }
    Ok(files)
}

/// What 7-Zip calls a method (`Methods.txt` of its sources), or its number.
fn method_name(id: &[u8]) -> String {
    match id {
        [0x03, 0x04, 0x01] => "PPMd".to_owned(),
        [0x04, 0x01, 0x09] => "Deflate64".to_owned(),
        [0x04, 0xf7, 0x11, 0x02] => "Brotli".to_owned(),
        [0x06, 0xf1, 0x07, 0x01] => "AES encryption".to_owned(),
        _ => format!("method {id:02x?}"),
    }
}

/// Names in UTF-16, each with a zero at the end.
fn names(bytes: &[u8], files: &mut [File]) {
    let mut units = bytes.as_chunks::<2>().0.iter().copied().map(u16::from_le_bytes);
    for file in files {
        let name = units.by_ref().take_while(|unit| *unit != 0);
        file.name = char::decode_utf16(name).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
}
