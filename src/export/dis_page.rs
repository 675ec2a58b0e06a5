//! The output of a listing, with the columns of the line that is being written.

use std::fmt::{self, Write as _};
use std::io;

/// The output with the line that is being written.
pub(super) struct Page<'a> {
    pub(super) out: &'a mut dyn io::Write,
    pub(super) buffer: String,
    /// Whether `column` is needed.
    pub(super) counting: bool,
    /// Characters of the line so far, its offset left out.
    pub(super) column: usize,
    /// Bytes that were given to `out`.
    pub(super) flushed: usize,
    /// The first refusal of `out`; nothing is written after it.
    pub(super) error: Option<io::Error>,
}

impl Page<'_> {
    pub(super) fn flush(&mut self) {
        if self.error.is_none() {
            self.error = self.out.write_all(self.buffer.as_bytes()).err();
        }
        self.flushed += self.buffer.len();
        self.buffer.clear();
    }

    /// Bytes that were written.
    pub(super) fn written(&self) -> usize {
        self.flushed + self.buffer.len()
    }

    pub(super) fn line(&mut self, text: &str) {
        // What goes wrong is kept in `error`.
        let _ = self.write_str(text);
        let _ = self.write_char('\n');
    }

    pub(super) fn blanks(&mut self, count: usize) -> fmt::Result {
        const BLANKS: &str = "                                                                ";
        let mut left = count;
        while left > 0 {
            let now = left.min(BLANKS.len());
            self.write_str(&BLANKS[..now])?;
            left -= now;
        }
        if self.error.is_some() { Err(fmt::Error) } else { Ok(()) }
    }
}

impl fmt::Write for Page<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.buffer.push_str(text);
        if self.counting {
            self.column += text.chars().count();
        }
        if self.buffer.len() > 1 << 16 {
            self.flush();
        }
        if self.error.is_some() { Err(fmt::Error) } else { Ok(()) }
    }
}
