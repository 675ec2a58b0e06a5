//! zstd: frames of blocks. Source: RFC 8878.

use super::decode::{Decode, Step, note_trailing};
use crate::bytes::SpanKind;
use crate::container::feed::Feed;
use crate::container::note::Note;
use ruzstd::decoding::errors::{FrameDecoderError, FrameHeaderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::Read;

/// The largest window that is kept; `zstd` itself refuses more than 128 MiB unless it is told.
const WINDOW: u64 = 256 << 20;

/// A decoder of one zstd frame after the other.
pub(super) struct Zstd {
    frame: Option<FrameDecoder>,
    /// Bytes that the frame has given.
    length: u64,
    frames: u64,
    /// Set at damage; what the window holds is given before it is told.
    failed: Option<String>,
}

impl Zstd {
    pub(super) fn new() -> Self {
        Self { frame: None, length: 0, frames: 0, failed: None }
    }

    /// Begins the next frame; `false` when there is none.
    fn begin(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<bool, String> {
        loop {
            match feed.peek(8) {
                [0x28, 0xb5, 0x2f, 0xfd, ..] => break,
                [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, ..] => {
                    let length = u32::from_le_bytes([*a, *b, *c, *d]);
                    feed.begin(SpanKind::Rest, "skippable zstd frame");
                    feed.skip(8 + u64::from(length));
                    self.frames += 1;
                }
                [] if self.frames > 0 => return Ok(false),
                _ if self.frames > 0 => {
                    note_trailing(feed, "zstd frame", notes);
                    return Ok(false);
                }
                _ => return Err("this is no zstd frame".to_owned()),
            }
        }
        feed.begin(SpanKind::Header, "zstd frame header");
        // A new decoder for each, because one that is used again would reserve the whole window of the next frame.
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(WINDOW);
        frame.reset(&mut *feed).map_err(|error| self::error(&error, feed))?;
        feed.begin(SpanKind::Data, "zstd blocks");
        self.frame = Some(frame);
        self.frames += 1;
        self.length = 0;
        Ok(true)
    }

    fn finish(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) {
        let Some(frame) = self.frame.take() else { return };
        let offset = Some(feed.position());
        let (stated, sum) = (frame.get_checksum_from_data(), frame.get_calculated_checksum());
        if stated.is_some() {
            feed.begin_at(feed.position().saturating_sub(4), SpanKind::Trailer, "checksum of a zstd frame");
        }
        if stated.is_some() && stated != sum {
            notes.push(Note {
                offset,
                text: "the checksum of a zstd frame does not hold for its content".to_owned(),
                disguise: false,
            });
        }
        let size = frame.content_size();
        if size != 0 && size != self.length {
            let text = format!("a zstd frame says {size} bytes, its content has {}", self.length);
            notes.push(Note { offset, text, disguise: false });
        }
    }

    /// The decoder keeps a window back until the frame is over, and after damage gives no more. So the frame is ended
    /// for it: by a last block without content (RFC 8878, 3.1.1.2), and a checksum that nobody asks for.
    fn fail(&mut self, message: String) {
        const LAST: &[u8] = &[1, 0, 0, 0, 0, 0, 0];
        if let Some(frame) = self.frame.as_mut().filter(|frame| !frame.is_finished())
            && frame.decode_blocks(LAST, BlockDecodingStrategy::All).is_err()
        {
            self.frame = None;
        }
        self.failed = Some(message);
    }
}

impl Decode for Zstd {
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], notes: &mut Vec<Note>) -> (usize, Step) {
        let mut done = 0;
        while done < room.len() {
            let Some(frame) = self.frame.as_mut() else {
                if let Some(message) = self.failed.take() {
                    return (done, Step::Failed(message));
                }
                match self.begin(feed, notes) {
                    Ok(true) => continue,
                    Ok(false) => return (done, Step::Done),
                    Err(message) => return (done, Step::Failed(message)),
                }
            };
            let count = frame.read(&mut room[done..]).unwrap_or(0);
            done += count;
            self.length += count as u64;
            if count > 0 {
                continue;
            }
            if let Some(message) = self.failed.take() {
                return (done, Step::Failed(message));
            }
            if frame.is_finished() {
                self.finish(feed, notes);
            } else if let Err(error) = frame.decode_blocks(&mut *feed, BlockDecodingStrategy::UptoBlocks(1)) {
                let message = self::error(&error, feed);
                self.fail(message);
            }
        }
        (done, Step::More)
    }
}

fn error(error: &FrameDecoderError, feed: &Feed) -> String {
    match error {
        FrameDecoderError::WindowSizeTooBig { requested, .. }
        | FrameDecoderError::FrameHeaderError(FrameHeaderError::WindowTooBig { got: requested }) => {
            format!("the zstd frame needs a window of {} MiB; 256 are allowed", requested >> 20)
        }
        FrameDecoderError::DictNotProvided { dict_id } => {
            format!("the zstd frame needs dictionary {dict_id}, which it does not carry")
        }
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::InvalidFrameDescriptor(_)) => {
            "the zstd frame's header is damaged".to_owned()
        }
        _ if feed.left() == 0 => feed.cut_short("zstd frame"),
        error => format!("the zstd frame is damaged: {error}"),
    }
}
