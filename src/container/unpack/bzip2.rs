//! bzip2: streams of blocks of up to 900 kB, each of which has to be whole to give anything.

use super::decode::{Decode, Step, note_trailing};
use crate::bytes::SpanKind;
use crate::container::feed::Feed;
use crate::container::note::Note;
use bzip2::{Decompress, Status};

/// A decoder of one bzip2 stream after the other.
pub(super) struct Bzip2 {
    stream: Option<Decompress>,
    streams: u64,
    /// What a small stream gave, and how much of that was taken.
    small: (Vec<u8>, usize),
}

/// Packed bytes of a small stream, and bytes that it may give.
const SMALL: usize = 4096;
const SMALL_OUT: usize = 64 * 1024;
/// How a stream begins behind its first four bytes: with the sign of a block.
const BLOCK: &[u8] = b"1AY&SY";

impl Bzip2 {
    pub(super) fn new() -> Self {
        Self { stream: None, streams: 0, small: (Vec::new(), 0) }
    }

    /// Begins the next stream; `false` when there is none.
    fn begin(&mut self, feed: &mut Feed) -> bool {
        let at = feed.position();
        if let Some(out) = small(feed) {
            begin_stream(feed, at);
            self.small = (out, 0);
            self.streams += 1;
            return true;
        }
        let is_stream = matches!(feed.peek(4), [b'B', b'Z', b'h', b'1'..=b'9', ..]);
        if is_stream || self.streams == 0 {
            begin_stream(feed, at);
            self.stream = Some(Decompress::new(false));
            self.streams += 1;
        }
        self.stream.is_some()
    }
}

impl Decode for Bzip2 {
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], notes: &mut Vec<Note>) -> (usize, Step) {
        let mut done = 0;
        while done < room.len() {
            let (bytes, taken) = &mut self.small;
            if *taken < bytes.len() {
                let count = (bytes.len() - *taken).min(room.len() - done);
                room[done..done + count].copy_from_slice(&bytes[*taken..*taken + count]);
                *taken += count;
                done += count;
                continue;
            }
            let Some(stream) = self.stream.as_mut() else {
                if self.begin(feed) {
                    continue;
                }
                note_trailing(feed, "bzip2 stream", notes);
                return (done, Step::Done);
            };
            let before = (stream.total_in(), stream.total_out());
            let input = feed.peek(1);
            let at_end = input.is_empty();
            let result = stream.decompress(input, &mut room[done..]);
            let read = (stream.total_in() - before.0) as usize;
            let wrote = (stream.total_out() - before.1) as usize;
            feed.consume(read);
            done += wrote;
            match result {
                Ok(Status::StreamEnd) => self.stream = None,
                Ok(_) if read == 0 && wrote == 0 && at_end => {
                    return (done, Step::Failed(feed.cut_short("bzip2 stream")));
                }
                Ok(_) if read == 0 && wrote == 0 => return (done, Step::Failed(damaged())),
                Ok(_) => {}
                Err(_) => return (done, Step::Failed(damaged())),
            }
        }
        (done, Step::More)
    }
}

/// The format goes on in bits behind its first four bytes: no other piece of it begins at a byte.
fn begin_stream(feed: &mut Feed, at: u64) {
    feed.begin_at(at, SpanKind::Header, "bzip2 stream header");
    feed.begin_at(at + 4, SpanKind::Data, "bzip2 blocks and their checksum");
}

/// The content of the next stream when it is small and whole, as most are in a file of a hundred thousand of them. The
/// decoder takes four megabytes for each, because its header says how large a block may be; a smaller number does for a
/// block that is smaller.
fn small(feed: &mut Feed) -> Option<Vec<u8>> {
    let window = feed.peek(SMALL + BLOCK.len() + 4);
    let is_stream = matches!(window, [b'B', b'Z', b'h', b'2'..=b'9', rest @ ..] if rest.starts_with(BLOCK));
    if !is_stream {
        return None;
    }
    let next = memchr::memmem::find_iter(&window[4..], b"BZh").map(|at| at + 4);
    let mut next = next.filter(|at| window.get(at + 4..).is_some_and(|rest| rest.starts_with(BLOCK)));
    let is_rest = window.len() < SMALL + BLOCK.len() + 4;
    let end = next.next().or_else(|| is_rest.then_some(window.len())).filter(|end| *end <= SMALL)?;
    let mut input = window[..end].to_vec();
    input[3] = b'1';
    let mut out = vec![0; SMALL_OUT];
    let mut stream = Decompress::new(false);
    match stream.decompress(&input, &mut out) {
        Ok(Status::StreamEnd) => {
            out.truncate(stream.total_out() as usize);
            feed.consume(stream.total_in() as usize);
            Some(out)
        }
        _ => None,
    }
}

fn damaged() -> String {
    "the bzip2 stream is damaged: a block makes no sense or its checksum does not hold".to_owned()
}
