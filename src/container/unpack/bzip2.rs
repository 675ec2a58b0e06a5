//! bzip2: streams of blocks of up to 900 kB, each of which has to be whole to give anything.

use super::{Decode, Feed, Note, Step};
use bzip2::{Decompress, Status};

/// A decoder of one bzip2 stream after the other.
pub(super) struct Bzip2 {
    stream: Option<Decompress>,
    streams: u64,
}

impl Bzip2 {
    pub(super) fn new() -> Self {
        Self { stream: None, streams: 0 }
    }

    /// Begins the next stream; `false` when there is none.
    fn begin(&mut self, feed: &mut Feed) -> bool {
        let is_stream = matches!(feed.peek(4), [b'B', b'Z', b'h', b'1'..=b'9', ..]);
        if is_stream || self.streams == 0 {
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
            let Some(stream) = self.stream.as_mut() else {
                if self.begin(feed) {
                    continue;
                }
                super::note_trailing(feed, "bzip2 stream", notes);
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

fn damaged() -> String {
    "the bzip2 stream is damaged: a block makes no sense or its checksum does not hold".to_owned()
}
