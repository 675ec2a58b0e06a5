//! A part of a source, read forward by windows.

use super::pieces::{Piece, Pieces};
use crate::bytes::{ReadError, Source, Span, SpanKind};
use std::io::{self, Read};
use std::sync::Arc;

const WINDOW: u64 = 64 * 1024;

/// Reads a span of a source from its start to its end.
pub(super) struct Feed {
    source: Arc<dyn Source>,
    /// Offset in the source of the first byte that is not in `buffer` yet.
    next: u64,
    end: u64,
    buffer: Vec<u8>,
    used: usize,
    /// Set when the host cannot read; the feed ends there.
    error: Option<ReadError>,
    window: u64,
    /// Where the reader of the feed said that something begins.
    pieces: Pieces,
}

impl Feed {
    pub(super) fn new(source: Arc<dyn Source>, span: Span) -> Self {
        let end = span.end.min(source.len());
        let (next, buffer, pieces) = (span.start.min(end), Vec::new(), Pieces::default());
        Self { source, next, end, buffer, used: 0, error: None, window: WINDOW, pieces }
    }

    /// The same, read by larger windows.
    pub(super) fn with_window(source: Arc<dyn Source>, span: Span, window: u64) -> Self {
        Self { window, ..Self::new(source, span) }
    }

    /// Offset in the source of the next byte.
    pub(super) fn position(&self) -> u64 {
        self.next - (self.buffer.len() - self.used) as u64
    }

    /// Says that a piece of the format begins at the position.
    pub(super) fn begin(&mut self, kind: SpanKind, words: &'static str) {
        self.begin_at(self.position(), kind, words);
    }

    /// The same of another offset, which may be behind the position or before it.
    pub(super) fn begin_at(&mut self, at: u64, kind: SpanKind, words: &'static str) {
        self.pieces.push(Piece { at, kind, words });
    }

    /// The pieces so far.
    pub(super) fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> u64 {
        self.end - self.position()
    }

    /// Why the feed ended before its span did.
    pub(super) fn error(&self) -> Option<&ReadError> {
        self.error.as_ref()
    }

    /// The next bytes, `least` of them or as many as are left; empty at the end.
    pub(super) fn peek(&mut self, least: usize) -> &[u8] {
        if self.buffer.len() - self.used < least.max(1) && self.next < self.end && self.error.is_none() {
            self.buffer.drain(..self.used);
            self.used = 0;
            let kept = self.buffer.len();
            // Both are small: a window is a MiB at most and what is kept is less than a decoder's unit.
            let count = (self.end - self.next).min(self.window.max(least as u64)) as usize;
            self.buffer.resize(kept + count, 0);
            let read = self.fill(kept);
            self.buffer.truncate(kept + read);
            self.next += read as u64;
            if read < count {
                self.end = self.next;
            }
        }
        &self.buffer[self.used..]
    }

    /// Reads into the buffer from `kept` on, in as many reads as the source needs.
    fn fill(&mut self, kept: usize) -> usize {
        let mut read = 0;
        while kept + read < self.buffer.len() {
            match self.source.read_at(self.next + read as u64, &mut self.buffer[kept + read..]) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            }
        }
        read
    }

    /// Steps over bytes that [`Feed::peek`] gave.
    pub(super) fn consume(&mut self, count: usize) {
        self.used = (self.used + count).min(self.buffer.len());
    }

    /// Steps back over bytes that were consumed since the last [`Feed::peek`]; no further than its window reaches.
    pub(super) fn give_back(&mut self, count: usize) {
        self.used = self.used.saturating_sub(count);
    }

    /// Steps over bytes without reading them.
    pub(super) fn skip(&mut self, count: u64) {
        let target = self.position().saturating_add(count).min(self.end);
        if target <= self.next {
            self.used = self.buffer.len() - (self.next - target) as usize;
        } else {
            self.buffer.clear();
            self.used = 0;
            self.next = target;
        }
    }

    /// The next `N` bytes, consumed; `None` when fewer are left.
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let bytes = self.peek(N).first_chunk::<N>().copied()?;
        self.consume(N);
        Some(bytes)
    }

    /// Gives the window's memory back.
    pub(super) fn close(&mut self) {
        self.next = self.position();
        self.end = self.next;
        self.buffer = Vec::new();
        self.used = 0;
    }

    /// What to say when the packed bytes ended too early.
    pub(super) fn cut_short(&self, what: &str) -> String {
        match &self.error {
            Some(error) => error.to_string(),
            None => format!("the {what} ends before its end"),
        }
    }
}

impl Read for Feed {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let bytes = self.peek(1);
        let count = bytes.len().min(target.len());
        target[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}
