//! Compressed streams as sources: decoded once, in pieces, on demand.

mod bzip2;
mod decode;
mod decoders;
mod deflate;
mod lz4;
mod lzma;
mod part;
mod xz;
mod zstd;

use super::feed::Feed;
use super::format::Packing;
use super::note::Note;
use super::pieces::Pieces;
use crate::bytes::{Locked, ReadError, Source, Span, SpanKind};
use decode::{Decode, Step};
use decoders::decoder;
use std::sync::Arc;

pub(super) use decode::Expected;
pub(super) use part::Codec;

/// How many decoded bytes lie together.
const PAGE: usize = 256 * 1024;

/// How the decoding of a stream stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The limit was reached, or nothing was asked for yet; more may follow.
    Unfinished,
    /// The stream was decoded to its end.
    Complete,
    /// The packed bytes stop making sense, or stop. What was decoded before stays readable.
    Damaged {
        /// What is wrong, in plain words.
        message: String,
        /// Offset in the packed source.
        packed_offset: u64,
    },
}

/// A compressed stream as a source over what has been decoded of it so far.
///
/// [`Unpacked::advance`] decodes; reading never does. Decoded bytes are kept in pages, once, so memory is bounded by the
/// limit that `advance` is given, plus a page and the window that the format needs (256 MiB at most).
///
/// What comes out, and how it ends, does not depend on the steps it is asked for in: a decoder is given rooms of sizes that
/// only its own output decides, because what some of them give before damage depends on the room that they have.
pub struct Unpacked {
    packing: Packing,
    state: Locked<Box<State>>,
}

struct State {
    feed: Feed,
    /// Where the feed began.
    start: u64,
    /// `None` when the decoding is over.
    decoder: Option<Box<dyn Decode>>,
    /// All but the last are full.
    pages: Vec<Vec<u8>>,
    /// Bytes in the pages.
    decoded: u64,
    /// Bytes that were asked for and are there.
    total: u64,
    /// How it ends behind the decoded bytes.
    ending: Ending,
    /// What follows the end of the stream and belongs to nothing.
    behind: Option<Span>,
    notes: Vec<Note>,
    expected: Expected,
    crc: flate2::Crc,
}

impl Unpacked {
    /// The stream packed in `span` of `packed`. Decodes nothing yet. When `packed` is an `Unpacked` itself, it has to be
    /// decoded before: what it gets later is not seen.
    #[must_use]
    pub fn new(packing: Packing, packed: Arc<dyn Source>, span: Span) -> Self {
        Self::with_expected(packing, packed, span, Expected::default())
    }

    /// The same, for an archive that knows what should come out; a difference becomes a note.
    pub(super) fn with_expected(packing: Packing, packed: Arc<dyn Source>, span: Span, expected: Expected) -> Self {
        let feed = Feed::new(packed, span);
        let decoder = decoder(packing, feed.left(), &expected);
        Self::from_parts(packing, feed, decoder, expected)
    }

    /// A stream of which only a first piece will be asked for: no window is larger than that.
    pub(super) fn tried(packing: Packing, packed: Arc<dyn Source>) -> Self {
        const PIECE: u64 = 8;
        let span = Span::new(0, packed.len());
        let decoder = decoder(packing, PIECE, &Expected::default());
        Self::from_parts(packing, Feed::new(packed, span), decoder, Expected::default())
    }

    /// The bytes `kept` of what a block of a 7z archive unpacks to; the whole has `size` bytes.
    pub(super) fn part(
        codec: &Codec,
        packed: Arc<dyn Source>,
        span: Span,
        size: u64,
        kept: Span,
        crc: Option<u32>,
    ) -> Result<Self, String> {
        let feed = Feed::new(packed, span);
        let decoder = Box::new(part::Part::new(codec.decoder(feed.left(), size)?, kept.start, kept.len()));
        let expected = Expected { crc, ..Expected::default() };
        Ok(Self::from_parts(codec.packing(), feed, decoder, expected))
    }

    fn from_parts(packing: Packing, feed: Feed, decoder: Box<dyn Decode>, expected: Expected) -> Self {
        let state = State {
            start: feed.position(),
            feed,
            decoder: Some(decoder),
            pages: Vec::new(),
            decoded: 0,
            total: 0,
            ending: Ending::Unfinished,
            behind: None,
            notes: Vec::new(),
            expected,
            crc: flate2::Crc::new(),
        };
        Self { packing, state: Locked::new(Box::new(state)) }
    }

    /// How the stream is packed.
    #[must_use]
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// Decodes until `limit` bytes are there in all, or the stream ends. A later call with a higher limit goes on where
    /// this one stopped. `progress` is told the packed bytes read and the bytes decoded so far, about every 256 KiB.
    pub fn advance(&self, limit: u64, progress: &mut dyn FnMut(u64, u64)) -> Ending {
        loop {
            let mut state = self.state.take();
            state.total = state.decoded.min(limit.max(state.total));
            if state.total >= limit || state.decoder.is_none() {
                return state.ending();
            }
            state.step();
            state.total = state.decoded.min(limit);
            let (packed, total) = (state.feed.position() - state.start, state.total);
            // Whoever is told may look at what is there.
            drop(state);
            progress(packed, total);
        }
    }

    /// How the decoding stands.
    #[must_use]
    pub fn ending(&self) -> Ending {
        self.state.take().ending()
    }

    /// The packed bytes that follow the end of the stream and belong to nothing.
    #[must_use]
    pub fn behind(&self) -> Option<Span> {
        self.state.take().behind
    }

    /// The pieces of the stream that were met so far, by their offsets in the packed source.
    #[must_use]
    pub fn pieces(&self) -> Pieces {
        let state = self.state.take();
        let pieces = state.feed.pieces().clone();
        if state.decoder.is_some() { pieces.up_to(state.feed.position()) } else { pieces }
    }

    /// What is odd about the stream so far: checksums that do not match, bytes behind its end.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        self.state.take().notes.clone()
    }
}

impl State {
    /// How it ends behind the bytes that were asked for.
    fn ending(&self) -> Ending {
        if self.total < self.decoded { Ending::Unfinished } else { self.ending.clone() }
    }

    /// Fills the last page, or a new one, and takes note of an end.
    fn step(&mut self) {
        let Some(decoder) = self.decoder.as_mut() else { return };
        let mut page = match self.pages.pop() {
            Some(page) if page.len() < PAGE => page,
            full => {
                self.pages.extend(full);
                Vec::new()
            }
        };
        let kept = page.len();
        // Pages begin small, because most entries of an archive are.
        let room = (PAGE - kept).min((kept * 3).max(16 * 1024));
        page.resize(kept + room, 0);
        let (count, step) = decoder.decode(&mut self.feed, &mut page[kept..], &mut self.notes);
        page.truncate(kept + count);
        self.decoded += count as u64;
        if self.expected.crc.is_some() {
            self.crc.update(&page[kept..]);
        }
        if !page.is_empty() {
            self.pages.push(page);
        }
        match step {
            Step::More => {}
            Step::Done => self.finish(Ending::Complete),
            Step::Failed(message) => {
                let packed_offset = self.feed.position();
                self.feed.begin(SpanKind::Rest, "not decompressed: the stream is damaged or ends before this");
                let message = self.feed.error().map_or(message, ToString::to_string);
                self.finish(Ending::Damaged { message, packed_offset });
            }
        }
    }

    fn finish(&mut self, ending: Ending) {
        self.decoder = None;
        if ending == Ending::Complete && self.feed.left() > 0 {
            let start = self.feed.position();
            self.feed.begin(SpanKind::Rest, "behind the end of the stream");
            self.behind = Some(Span::new(start, start + self.feed.left()));
        }
        self.feed.close();
        if let Some(last) = self.pages.last_mut() {
            last.shrink_to_fit();
        }
        if ending == Ending::Complete {
            self.compare();
        }
        self.ending = ending;
    }

    /// Holds what came out against what the archive said.
    fn compare(&mut self) {
        if let Some(size) = self.expected.size.filter(|size| *size != self.decoded) {
            let text = format!("the directory says {size} bytes, unpacking gives {}", self.decoded);
            self.notes.push(Note { offset: None, text, disguise: false });
        }
        if let Some(crc) = self.expected.crc.filter(|crc| *crc != self.crc.sum()) {
            let text = format!("the directory says CRC-32 {crc:08x}, the content has {:08x}", self.crc.sum());
            self.notes.push(Note { offset: None, text, disguise: false });
        }
    }
}

impl Source for Unpacked {
    fn len(&self) -> u64 {
        self.state.take().total
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let state = self.state.take();
        // What was decoded beyond what was asked for is not there yet.
        let there = usize::try_from(state.total.saturating_sub(offset)).unwrap_or(usize::MAX);
        let length = buffer.len().min(there);
        let buffer = &mut buffer[..length];
        let mut done = 0;
        while done < buffer.len() {
            let at = offset.saturating_add(done as u64);
            let page = usize::try_from(at / PAGE as u64).ok().and_then(|number| state.pages.get(number));
            let bytes = page.and_then(|page| page.get((at % PAGE as u64) as usize..)).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            let count = bytes.len().min(buffer.len() - done);
            buffer[done..done + count].copy_from_slice(&bytes[..count]);
            done += count;
        }
        Ok(done)
    }

    fn is_in_memory(&self) -> bool {
        true
    }
}
