//! What all decoders have in common.

use crate::container::feed::Feed;
use crate::container::note::Note;

/// What one call of a decoder came to.
pub(super) enum Step {
    /// The room is filled.
    More,
    /// The stream is over, everything behind it included.
    Done,
    /// The stream is damaged at the position of the feed.
    Failed(String),
}

/// One format's decoder. It keeps its state between calls.
pub(super) trait Decode: Send {
    /// Decodes into `room` until it is full or the stream ends, and says how many bytes it wrote. Bytes that were
    /// decoded before damage are written first.
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], notes: &mut Vec<Note>) -> (usize, Step);
}

/// What an archive's directory says about a stream.
#[derive(Clone, Copy, Default)]
pub(in crate::container) struct Expected {
    pub(in crate::container) size: Option<u64>,
    pub(in crate::container) crc: Option<u32>,
    /// Whether a bare LZMA stream ends by its size, not by a marker.
    pub(in crate::container) ends_by_size: bool,
}

/// Notes bytes that follow the end of a stream and belong to nothing.
pub(super) fn note_trailing(feed: &Feed, what: &str, notes: &mut Vec<Note>) {
    let left = feed.left();
    if left > 0 {
        let text = format!("{left} bytes after the end of the {what} belong to nothing");
        notes.push(Note { offset: Some(feed.position()), text, disguise: false });
    }
}
