//! xz: streams of blocks of LZMA2, each with a check, and an index behind them. Source: "The .xz File Format" 1.2.1,
//! whose sections are named where they matter.

use super::decode::{Decode, Step, note_trailing};
use super::lzma::{self, Codes};
use crate::bytes::SpanKind;
use crate::container::feed::Feed;
use crate::container::note::Note;
use flate2::Crc;
use lzma_rust2::{FilterConfig, FilterType};

const MAGIC: &[u8; 6] = b"\xfd7zXZ\0";

enum Phase {
    Stream,
    Block,
    Data { codes: Codes, start: u64 },
    Check { length: u64 },
    Index,
    Behind,
    Over,
}

/// A decoder of one xz stream after the other.
pub(super) struct Xz {
    /// Bytes of the stream that is being read, at most: what lies further back is never asked for.
    packed: u64,
    phase: Phase,
    check: Check,
    blocks: u64,
}

impl Xz {
    pub(super) fn new(packed: u64) -> Self {
        Self { packed, phase: Phase::Stream, check: Check::new(0), blocks: 0 }
    }

    /// 2.1.1: magic, flags, CRC-32 of the flags.
    fn stream(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<Phase, String> {
        let offset = feed.position();
        feed.begin(SpanKind::Header, "xz stream header");
        let head = feed.take::<12>().ok_or_else(|| feed.cut_short("xz header"))?;
        if !head.starts_with(MAGIC) {
            return Err("this is no xz header".to_owned());
        }
        note_crc(&head[6..8], &head[8..], offset, "header", notes);
        self.check = Check::new(head[7] & 0x0f);
        self.packed = length(feed, &head[6..8]);
        self.blocks = 0;
        Ok(Phase::Block)
    }

    /// 3.1: size, flags, sizes that may be there, filters, padding, CRC-32. A size of zero is the index.
    fn block(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<Phase, String> {
        let short = |feed: &Feed| feed.cut_short("xz stream");
        let offset = feed.position();
        let size = feed.peek(1).first().copied().ok_or_else(|| short(feed))?;
        if size == 0 {
            return Ok(Phase::Index);
        }
        feed.begin(SpanKind::Header, "xz block header");
        let length = (usize::from(size) + 1) * 4;
        let head = feed.peek(length).get(..length).map(<[u8]>::to_vec);
        let head = head.ok_or_else(|| short(feed))?;
        feed.consume(length);
        let (fields, crc) = head.split_at(length - 4);
        note_crc(fields, crc, offset, "block header", notes);
        let codes = filters(fields, self.packed)?;
        self.blocks += 1;
        self.check = Check::new(self.check.kind);
        feed.begin(SpanKind::Data, "xz block: LZMA2 data");
        Ok(Phase::Data { codes, start: feed.position() })
    }

    /// 3.3 and 3.4: padding to four bytes, and the check.
    fn end_of_block(&mut self, feed: &mut Feed, length: u64, notes: &mut Vec<Note>) -> Result<Phase, String> {
        let padding = (4 - length % 4) % 4;
        let offset = feed.position() + padding;
        if padding > 0 {
            feed.begin(SpanKind::Padding, "padding of an xz block");
        }
        if self.check.size() > 0 {
            feed.begin_at(offset, SpanKind::Trailer, "check of an xz block");
        }
        let size = padding as usize + self.check.size();
        let stated = feed.peek(size).get(padding as usize..size).map(<[u8]>::to_vec);
        let stated = stated.ok_or_else(|| feed.cut_short("xz stream"))?;
        feed.consume(size);
        if let Some(text) = self.check.compare(&stated) {
            notes.push(Note { offset: Some(offset), text, disguise: false });
        }
        Ok(Phase::Block)
    }

    /// 4 and 2.1.2: the sizes of the blocks once more, and the footer.
    fn index(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<Phase, String> {
        let short = |feed: &Feed| feed.cut_short("xz index");
        let start = feed.position();
        feed.begin(SpanKind::Directory, "xz index: sizes of the blocks");
        let mut crc = Crc::new();
        let mut byte = |feed: &mut Feed| {
            let byte = feed.take::<1>().ok_or_else(|| feed.cut_short("xz index"))?;
            crc.update(&byte);
            Ok(byte[0])
        };
        byte(feed)?;
        let records = number(|| byte(feed))?;
        for _ in 0..records {
            number(|| byte(feed))?;
            number(|| byte(feed))?;
        }
        while !(feed.position() - start).is_multiple_of(4) {
            byte(feed)?;
        }
        let offset = feed.position();
        let stated = feed.take::<4>().ok_or_else(|| short(feed))?;
        if u32::from_le_bytes(stated) != crc.sum() || records != self.blocks {
            let text = "the xz index does not agree with itself or the blocks".to_owned();
            notes.push(Note { offset: Some(offset), text, disguise: false });
        }
        feed.begin(SpanKind::Trailer, "xz stream footer");
        let footer = feed.take::<12>().ok_or_else(|| short(feed))?;
        if !footer.ends_with(b"YZ") {
            return Err("the xz stream has no footer".to_owned());
        }
        note_crc(&footer[4..10], &footer[..4], offset + 4, "footer", notes);
        Ok(Phase::Behind)
    }

    /// 2.2: another stream after zeros, four at a time.
    fn behind(feed: &mut Feed, notes: &mut Vec<Note>) -> Phase {
        loop {
            let bytes = feed.peek(MAGIC.len());
            if bytes.starts_with(MAGIC) {
                return Phase::Stream;
            }
            if !bytes.starts_with(&[0; 4]) {
                note_trailing(feed, "xz stream", notes);
                return Phase::Over;
            }
            feed.begin(SpanKind::Padding, "padding behind an xz stream");
            feed.consume(4);
        }
    }
}

impl Decode for Xz {
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], notes: &mut Vec<Note>) -> (usize, Step) {
        let mut done = 0;
        loop {
            let next = match &mut self.phase {
                Phase::Stream => self.stream(feed, notes),
                Phase::Block => self.block(feed, notes),
                Phase::Data { codes, start } => {
                    let (count, result) = codes.decode(feed, &mut room[done..], "xz stream");
                    self.check.update(&room[done..done + count]);
                    done += count;
                    match result {
                        Ok(false) => return (done, Step::More),
                        Ok(true) => Ok(Phase::Check { length: feed.position() - *start }),
                        Err(message) => Err(message),
                    }
                }
                Phase::Check { length } => {
                    let length = *length;
                    self.end_of_block(feed, length, notes)
                }
                Phase::Index => self.index(feed, notes),
                Phase::Behind => Ok(Self::behind(feed, notes)),
                Phase::Over => return (done, Step::Done),
            };
            match next {
                Ok(phase) => self.phase = phase,
                Err(message) => return (done, Step::Failed(message)),
            }
        }
    }
}

/// Bytes of the stream behind its header: to the footer before another header of the same kind (2.1.2), when one is near.
/// Small streams by the hundred thousand are not worth the dictionary that each asks for.
fn length(feed: &mut Feed, flags: &[u8]) -> u64 {
    const NEAR: usize = 1024;
    let left = feed.left();
    let window = feed.peek(NEAR + MAGIC.len());
    let ends = |at: &usize| *at >= 12 && window[..*at].ends_with(b"YZ") && &window[at - 4..at - 2] == flags;
    memchr::memmem::find_iter(window, MAGIC).find(ends).map_or(left, |at| at as u64)
}

/// 1.2: a number in groups of seven bits, nine bytes at most.
fn number(mut byte: impl FnMut() -> Result<u8, String>) -> Result<u64, String> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let next = byte()?;
        value |= u64::from(next & 0x7f) << shift;
        if next & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("a number in the xz stream is too long".to_owned())
}

/// 3.1.2 to 3.1.5 and 5.3: what a block was packed with.
fn filters(fields: &[u8], packed: u64) -> Result<Codes, String> {
    let flags = fields[1];
    let mut rest = fields[2..].iter().copied();
    let mut next = move || rest.next().ok_or_else(|| "the xz block header is damaged".to_owned());
    for flag in [0x40, 0x80] {
        if flags & flag != 0 {
            number(&mut next)?;
        }
    }
    let mut filter = None;
    for _ in 0..=flags & 3 {
        let id = number(&mut next)?;
        let length = number(&mut next)?;
        let mut property = 0;
        for index in 0..length {
            property |= u32::from(next()?) << (8 * (index & 3));
        }
        match FilterType::try_from(id) {
            Ok(FilterType::Lzma2) => {
                let stated = lzma::dictionary_of(property);
                return Codes::two(lzma::dictionary(stated, packed)?, filter);
            }
            Ok(filter_type) if filter.is_none() => {
                let property = if filter_type == FilterType::Delta { (property & 0xff) + 1 } else { property };
                filter = Some(FilterConfig { filter_type, property });
            }
            Ok(_) => return Err("the xz stream is packed with several filters, which is not read here".to_owned()),
            Err(()) => return Err(format!("the xz stream is packed with filter {id:#x}, which is not known")),
        }
    }
    Err("the xz stream is packed without LZMA2, which is not read here".to_owned())
}

/// What a CRC-32 says of bytes around the data is no reason not to go on.
fn note_crc(bytes: &[u8], stated: &[u8], offset: u64, what: &str, notes: &mut Vec<Note>) {
    let mut crc = Crc::new();
    crc.update(bytes);
    if stated != crc.sum().to_le_bytes() {
        notes.push(Note {
            offset: Some(offset),
            text: format!("the checksum of the xz {what} does not hold"),
            disguise: false,
        });
    }
}

/// 2.1.1.2: the check of the unpacked data, by its id.
struct Check {
    kind: u8,
    crc32: Crc,
    crc64: u64,
}

impl Check {
    fn new(kind: u8) -> Self {
        Self { kind, crc32: Crc::new(), crc64: !0 }
    }

    fn size(&self) -> usize {
        match self.kind {
            0 => 0,
            1..=3 => 4,
            4..=6 => 8,
            7..=9 => 16,
            10..=12 => 32,
            _ => 64,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self.kind {
            1 => self.crc32.update(bytes),
            4 => {
                for byte in bytes {
                    let index = (self.crc64 as u8 ^ byte) as usize;
                    self.crc64 = CRC64[index] ^ (self.crc64 >> 8);
                }
            }
            _ => {}
        }
    }

    /// What to say, if anything.
    fn compare(&self, stated: &[u8]) -> Option<String> {
        let holds = match self.kind {
            0 => true,
            1 => stated == self.crc32.sum().to_le_bytes(),
            4 => stated == (!self.crc64).to_le_bytes(),
            10 => return Some("the SHA-256 of the xz block was not checked".to_owned()),
            kind => return Some(format!("the check of the xz block is of kind {kind}, which is not known")),
        };
        (!holds).then(|| "the checksum of an xz block does not hold for its content".to_owned())
    }
}

/// The table of the CRC-64 of ECMA-182, bits reflected (section 6).
const CRC64: [u64; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u64;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { value >> 1 ^ 0xc96c_5795_d787_0f42 } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
};
