//! lz4: frames of blocks, those of the legacy format too. Source: `lz4_Frame_format.md` and `lz4_Block_format.md`.
//!
//! The blocks are decoded here, because what a damaged block gave before the damage is kept.

use super::decode::{Decode, Step, note_trailing};
use crate::bytes::SpanKind;
use crate::container::feed::Feed;
use crate::container::note::Note;
use std::hash::Hasher;
use twox_hash::XxHash32;

/// How far back a match may reach.
const HISTORY: usize = 64 * 1024;
/// What a block of the legacy format may unpack to.
const LEGACY_BLOCK: usize = 8 << 20;

/// What the header of a frame says.
struct Frame {
    /// Blocks may reach back into earlier ones.
    linked: bool,
    block_checksums: bool,
    checksum: bool,
    size: Option<u64>,
    /// Bytes that a block may unpack to.
    block: usize,
    legacy: bool,
}

/// A decoder of one lz4 frame after the other.
pub(super) struct Lz4 {
    frame: Option<Frame>,
    /// History, and the block that is being given.
    buffer: Vec<u8>,
    given: usize,
    hash: XxHash32,
    length: u64,
    frames: u64,
    /// Set at damage; what the block gave is given before it is told.
    failed: Option<String>,
}

impl Lz4 {
    pub(super) fn new() -> Self {
        let hash = XxHash32::with_seed(0);
        Self { frame: None, buffer: Vec::new(), given: 0, hash, length: 0, frames: 0, failed: None }
    }

    /// Begins the next frame; `false` when there is none.
    fn begin(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<bool, String> {
        let frame = loop {
            match feed.peek(8) {
                [0x04, 0x22, 0x4d, 0x18, ..] => break header(feed, notes)?,
                [0x02, 0x21, 0x4c, 0x18, ..] => {
                    feed.begin(SpanKind::Header, "lz4 frame header (legacy format)");
                    feed.consume(4);
                    break Frame {
                        linked: false,
                        block_checksums: false,
                        checksum: false,
                        size: None,
                        block: LEGACY_BLOCK,
                        legacy: true,
                    };
                }
                [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, ..] => {
                    let length = u32::from_le_bytes([*a, *b, *c, *d]);
                    feed.begin(SpanKind::Rest, "skippable lz4 frame");
                    feed.skip(8 + u64::from(length));
                    self.frames += 1;
                }
                [] if self.frames > 0 => return Ok(false),
                _ if self.frames > 0 => {
                    note_trailing(feed, "lz4 frame", notes);
                    return Ok(false);
                }
                _ => return Err("this is no lz4 frame".to_owned()),
            }
        };
        self.frame = Some(frame);
        self.frames += 1;
        self.length = 0;
        self.hash = XxHash32::with_seed(0);
        self.buffer.clear();
        self.given = 0;
        Ok(true)
    }

    /// Decodes the next block into the buffer, or ends the frame.
    fn next(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<(), String> {
        const STORED: u32 = 1 << 31;
        let Some(frame) = &self.frame else { return Ok(()) };
        let keep = if frame.linked { self.buffer.len().min(HISTORY) } else { 0 };
        self.buffer.drain(..self.buffer.len() - keep);
        self.given = keep;
        let word = feed.peek(4).first_chunk().copied().map(u32::from_le_bytes);
        let Some(word) = word.filter(|word| !(frame.legacy && is_magic(*word))) else {
            if frame.legacy && (word.is_some() || feed.left() == 0) {
                self.frame = None;
                return Ok(());
            }
            return Err(feed.cut_short("lz4 frame"));
        };
        let is_end = word == 0 && !frame.legacy;
        feed.begin(SpanKind::Length, if is_end { "end mark of an lz4 frame" } else { "size of an lz4 block" });
        feed.consume(4);
        if is_end {
            return self.finish(feed, notes);
        }
        let (stored, packed) = if frame.legacy { (false, word) } else { (word & STORED != 0, word & !STORED) };
        let packed = packed as usize;
        // The most that a block can grow to when it is packed.
        if packed > frame.block + frame.block / 255 + 16 {
            return Err(format!("an lz4 block says that it is {packed} bytes long"));
        }
        let offset = feed.position();
        feed.begin(SpanKind::Data, if stored { "lz4 block, stored as it is" } else { "lz4 block" });
        let bytes = feed.peek(packed);
        let bytes = &bytes[..bytes.len().min(packed)];
        let is_whole = bytes.len() == packed;
        let result = if stored {
            self.buffer.extend_from_slice(&bytes[..bytes.len().min(frame.block)]);
            Ok(())
        } else {
            block(bytes, &mut self.buffer, frame.block)
        };
        let sum = frame.block_checksums.then(|| XxHash32::oneshot(0, bytes));
        let count = bytes.len();
        feed.consume(count);
        if frame.checksum {
            self.hash.write(&self.buffer[keep..]);
        }
        if !is_whole {
            return Err(feed.cut_short("lz4 frame"));
        }
        result.map_err(str::to_owned)?;
        if let Some(sum) = sum {
            feed.begin(SpanKind::Trailer, "checksum of an lz4 block");
            let stated = feed.take::<4>().ok_or_else(|| feed.cut_short("lz4 frame"))?;
            if u32::from_le_bytes(stated) != sum {
                let text = "the checksum of an lz4 block does not hold".to_owned();
                notes.push(Note { offset: Some(offset), text, disguise: false });
            }
        }
        Ok(())
    }

    fn finish(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<(), String> {
        let Some(frame) = self.frame.take() else { return Ok(()) };
        let offset = Some(feed.position());
        if frame.checksum {
            feed.begin(SpanKind::Trailer, "checksum of an lz4 frame");
            let stated = feed.take::<4>().ok_or_else(|| feed.cut_short("lz4 frame"))?;
            if u32::from_le_bytes(stated) != self.hash.finish_32() {
                let text = "the checksum of an lz4 frame does not hold for its content".to_owned();
                notes.push(Note { offset, text, disguise: false });
            }
        }
        if let Some(size) = frame.size.filter(|size| *size != self.length) {
            let text = format!("an lz4 frame says {size} bytes, its content has {}", self.length);
            notes.push(Note { offset, text, disguise: false });
        }
        Ok(())
    }
}

impl Decode for Lz4 {
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], notes: &mut Vec<Note>) -> (usize, Step) {
        let mut done = 0;
        while done < room.len() {
            let waiting = &self.buffer[self.given..];
            if !waiting.is_empty() {
                let count = waiting.len().min(room.len() - done);
                room[done..done + count].copy_from_slice(&waiting[..count]);
                self.given += count;
                self.length += count as u64;
                done += count;
                continue;
            }
            if let Some(message) = self.failed.take() {
                return (done, Step::Failed(message));
            }
            let result = match self.frame {
                Some(_) => self.next(feed, notes),
                None => match self.begin(feed, notes) {
                    Ok(true) => Ok(()),
                    Ok(false) => return (done, Step::Done),
                    Err(message) => Err(message),
                },
            };
            self.failed = result.err();
        }
        (done, Step::More)
    }
}

/// Whether a block's length is the beginning of the next frame: legacy frames have no end of their own.
fn is_magic(word: u32) -> bool {
    word == 0x184d_2204 || word == 0x184c_2102 || word & 0xffff_fff0 == 0x184d_2a50
}

/// Reads the header of a frame, which has from 7 to 19 bytes.
fn header(feed: &mut Feed, notes: &mut Vec<Note>) -> Result<Frame, String> {
    let short = |feed: &Feed| feed.cut_short("lz4 header");
    let offset = feed.position();
    feed.begin(SpanKind::Header, "lz4 frame header");
    let fixed = feed.peek(6).first_chunk::<6>().copied();
    let [_, _, _, _, flags, block] = fixed.ok_or_else(|| short(feed))?;
    if flags >> 6 != 1 {
        return Err(format!("version {} of lz4 frames is not known", flags >> 6));
    }
    let (has_size, has_dictionary) = (flags & 8 != 0, flags & 1 != 0);
    let length = 7 + if has_size { 8 } else { 0 } + if has_dictionary { 4 } else { 0 };
    let head = feed.peek(length).get(4..length).map(<[u8]>::to_vec);
    let head = head.ok_or_else(|| short(feed))?;
    feed.consume(length);
    if has_dictionary {
        return Err("the lz4 frame needs a dictionary, which it does not carry".to_owned());
    }
    if let Some((sum, fields)) = head.split_last()
        && (XxHash32::oneshot(0, fields) >> 8) as u8 != *sum
    {
        let text = "the checksum of the lz4 header does not hold".to_owned();
        notes.push(Note { offset: Some(offset), text, disguise: false });
    }
    let size = head.get(2..).filter(|_| has_size).and_then(|rest| rest.first_chunk()).copied();
    Ok(Frame {
        linked: flags & 0x20 == 0,
        block_checksums: flags & 0x10 != 0,
        checksum: flags & 4 != 0,
        size: size.map(u64::from_le_bytes),
        // 4 is 64 KiB, each step four times that. Less is not defined; it is read as the smallest.
        block: HISTORY << (2 * usize::from((block >> 4 & 7).saturating_sub(4))),
        legacy: false,
    })
}

/// Decodes one block behind what `out` has, `limit` bytes at most: sequences of literals and a match, the last without one.
fn block(input: &[u8], out: &mut Vec<u8>, limit: usize) -> Result<(), &'static str> {
    const SHORT: &str = "an lz4 block ends within a sequence";
    const LONG: &str = "an lz4 block unpacks to more than it may";
    let limit = out.len() + limit;
    let mut rest = input.iter();
    while let Some(token) = rest.next() {
        let literals = length(token >> 4, &mut rest).ok_or(SHORT)?;
        let bytes = rest.as_slice();
        let count = literals.min(bytes.len()).min(limit - out.len());
        out.extend_from_slice(&bytes[..count]);
        if count < literals {
            return Err(if count == bytes.len() { SHORT } else { LONG });
        }
        rest = bytes[count..].iter();
        let (Some(low), high) = (rest.next(), rest.next()) else { return Ok(()) };
        let offset = usize::from(u16::from_le_bytes([*low, *high.ok_or(SHORT)?]));
        let matched = length(token & 15, &mut rest).ok_or(SHORT)? + 4;
        let start = out.len().checked_sub(offset).filter(|_| offset > 0);
        let start = start.ok_or("a match in an lz4 block reaches back before the beginning")?;
        let mut left = matched.min(limit - out.len());
        if left < matched {
            return Err(LONG);
        }
        // A match may reach into what it makes itself: then what is there is repeated, twice as much each time.
        while left > 0 {
            let count = left.min(out.len() - start);
            out.extend_from_within(start..start + count);
            left -= count;
        }
    }
    Ok(())
}

/// A length of four bits; fifteen goes on in bytes until one is not 255.
fn length(nibble: u8, rest: &mut std::slice::Iter<'_, u8>) -> Option<usize> {
    let mut length = usize::from(nibble);
    if nibble == 15 {
        loop {
            let byte = *rest.next()?;
            length += usize::from(byte);
            if byte != 255 {
                break;
            }
        }
    }
    Some(length)
}
