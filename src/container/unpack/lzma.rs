//! LZMA: the `.lzma` format ("LZMA alone"), the bare form in zip entries, and LZMA2 for xz. Source: the LZMA
//! specification in the LZMA SDK; APPNOTE 5.8 for zip.

use super::decode::{Decode, Expected, Step, note_trailing};
use crate::bytes::SpanKind;
use crate::container::feed::Feed;
use crate::container::note::Note;
use lzma_rust2::{Action, FilterConfig, Lzma2Stream, LzmaStream, Status};

/// The largest dictionary that is kept. Encoders use 64 MiB or less unless they are asked for more.
const DICTIONARY: u64 = 256 << 20;
/// No code of LZMA gives more for a byte: a repeat of 273 bytes takes 14 bits of 0.022 bits each.
const BEST_RATIO: u64 = 8192;
/// Codes are looked at in pieces this small, because what one piece gives before damage in it is lost.
const PIECE: usize = 512;

/// The dictionary to decode with: what the header says, as far as the packed bytes can make use of it.
pub(super) fn dictionary(stated: u32, packed: u64) -> Result<u32, String> {
    let needed = u64::from(stated).min(packed.saturating_mul(BEST_RATIO)).max(4096);
    if needed > DICTIONARY {
        return Err(format!("the stream needs a dictionary of {} MiB; 256 are allowed", needed >> 20));
    }
    // At most 256 MiB now.
    Ok(needed as u32)
}

/// A dictionary as LZMA2 has it: in halves of powers of two (xz 5.3.1).
pub(super) fn dictionary_of(properties: u32) -> u32 {
    match properties {
        0..=39 => (2 | properties & 1) << (properties / 2 + 11),
        _ => u32::MAX,
    }
}

/// Either kind of codes.
pub(super) enum Codes {
    One(Box<LzmaStream>),
    Two(Box<Lzma2Stream>),
}

impl Codes {
    /// LZMA with what a header says; a size of `u64::MAX` ends by a marker. `filter` undoes what was done before packing.
    pub(super) fn one(
        size: u64,
        properties: u8,
        dictionary: u32,
        filter: Option<FilterConfig>,
    ) -> Result<Self, String> {
        let damaged = |error| format!("the lzma header is damaged: {error}");
        let mut stream = LzmaStream::new_with_props(size, properties, dictionary, None).map_err(damaged)?;
        let filters: Vec<FilterConfig> = filter.into_iter().collect();
        stream.set_filters(&filters).map_err(|error| error.to_string())?;
        Ok(Self::One(Box::new(stream)))
    }

    /// LZMA2 with what the block's header says. `filter` undoes what was done before packing.
    pub(super) fn two(dictionary: u32, filter: Option<FilterConfig>) -> Result<Self, String> {
        let mut stream = Lzma2Stream::new(dictionary);
        let filters: Vec<FilterConfig> = filter.into_iter().collect();
        stream.set_filters(&filters).map_err(|error| error.to_string())?;
        Ok(Self::Two(Box::new(stream)))
    }

    fn total_out(&self) -> u64 {
        match self {
            Self::One(stream) => stream.total_out(),
            Self::Two(stream) => stream.total_out(),
        }
    }

    /// Bytes taken from the feed that were not needed: they lie behind the stream.
    fn unused(&self) -> usize {
        match self {
            Self::One(stream) => stream.unused_input().len(),
            Self::Two(_) => 0,
        }
    }

    /// Decodes into `room`; the flag says that the codes are over.
    pub(super) fn decode(&mut self, feed: &mut Feed, room: &mut [u8], what: &str) -> (usize, Result<bool, String>) {
        let mut done = 0;
        loop {
            if done == room.len() {
                return (done, Ok(false));
            }
            let input = feed.peek(1);
            let input = &input[..input.len().min(PIECE)];
            let at_end = input.is_empty();
            let action = if at_end { Action::Finish } else { Action::Run };
            let before = self.total_out();
            let result = match self {
                Self::One(stream) => stream.process(input, &mut room[done..], action),
                Self::Two(stream) => stream.process(input, &mut room[done..], action),
            };
            let wrote = (self.total_out() - before) as usize;
            done += wrote;
            match result {
                Ok(result) => {
                    feed.consume(result.bytes_consumed);
                    if result.status == Status::StreamEnd {
                        feed.give_back(self.unused());
                        return (done, Ok(true));
                    }
                    if wrote == 0 && result.bytes_consumed == 0 {
                        let message = if at_end { feed.cut_short(what) } else { damaged(what) };
                        return (done, Err(message));
                    }
                }
                Err(_) if at_end => return (done, Err(feed.cut_short(what))),
                Err(_) => return (done, Err(damaged(what))),
            }
        }
    }
}

fn damaged(what: &str) -> String {
    format!("the {what} is damaged: its codes make no sense")
}

/// A decoder of a single LZMA stream.
pub(super) struct Lzma {
    /// Bytes of the packed stream, for the dictionary.
    packed: u64,
    head: Head,
    codes: Option<Codes>,
    /// Properties and dictionary of the first of several streams.
    first: Option<[u8; 5]>,
}

enum Head {
    /// 13 bytes: properties, dictionary, unpacked size.
    Alone,
    /// Nine bytes: version of the SDK, length of the properties, properties, dictionary. The size is the directory's.
    Zip { size: Option<u64> },
}

impl Lzma {
    pub(super) fn alone(packed: u64) -> Self {
        Self { packed, head: Head::Alone, codes: None, first: None }
    }

    pub(super) fn zip(packed: u64, expected: &Expected) -> Self {
        let size = expected.size.filter(|_| expected.ends_by_size);
        Self { packed, head: Head::Zip { size }, codes: None, first: None }
    }

    fn begin(&mut self, feed: &mut Feed) -> Result<Codes, String> {
        let short = |feed: &Feed| feed.cut_short("lzma header");
        let mut packed = self.packed;
        feed.begin(SpanKind::Header, "lzma header: properties, dictionary and size of the content");
        let (properties, dictionary, size) = match self.head {
            Head::Alone => {
                let [properties, a, b, c, d] = feed.take::<5>().ok_or_else(|| short(feed))?;
                let size = feed.take::<8>().ok_or_else(|| short(feed))?;
                let first = *self.first.get_or_insert([properties, a, b, c, d]);
                packed = packed.min(near(feed, first));
                (properties, [a, b, c, d], u64::from_le_bytes(size))
            }
            Head::Zip { size } => {
                let [_, _, length, zero, properties, a, b, c, d] = feed.take::<9>().ok_or_else(|| short(feed))?;
                if [length, zero] != [5, 0] {
                    return Err("the lzma header of the entry has not the length that it should".to_owned());
                }
                (properties, [a, b, c, d], size.unwrap_or(u64::MAX))
            }
        };
        feed.begin(SpanKind::Data, "lzma data");
        let dictionary = self::dictionary(u32::from_le_bytes(dictionary), packed)?;
        Codes::one(size, properties, dictionary, None)
    }
}

/// Bytes to the header of another stream of the same kind, when one is near: see `length` in `xz.rs`.
fn near(feed: &mut Feed, header: [u8; 5]) -> u64 {
    const NEAR: usize = 1024;
    const HEADER: usize = 13;
    let left = feed.left();
    let window = feed.peek(NEAR + HEADER + 1);
    let is_header = |at: &usize| window.get(at + HEADER) == Some(&0);
    memchr::memmem::find_iter(window, &header).find(is_header).map_or(left, |at| at as u64)
}

impl Lzma {
    /// Whether another stream of the same kind follows: `lzma.open` reads one after the other.
    fn goes_on(&self, feed: &mut Feed) -> bool {
        const HEADER: usize = 13;
        let next = feed.peek(HEADER + 1);
        self.first.is_some_and(|first| next.starts_with(&first)) && next.get(HEADER) == Some(&0)
    }
}

impl Decode for Lzma {
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], notes: &mut Vec<Note>) -> (usize, Step) {
        let mut all = 0;
        loop {
            let codes = match self.codes.take().map_or_else(|| self.begin(feed), Ok) {
                Ok(codes) => codes,
                Err(message) => return (all, Step::Failed(message)),
            };
            let (done, result) = self.codes.insert(codes).decode(feed, &mut room[all..], "lzma stream");
            all += done;
            match result {
                Ok(false) => return (all, Step::More),
                Ok(true) if self.goes_on(feed) => {
                    self.codes = None;
                }
                Ok(true) => {
                    note_trailing(feed, "lzma stream", notes);
                    return (all, Step::Done);
                }
                Err(message) => return (all, Step::Failed(message)),
            }
        }
    }
}
