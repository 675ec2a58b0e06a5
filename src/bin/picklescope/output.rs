//! What a command prints: inert whatever a file holds, and not without end.
//!
//! Everything goes through [`Output`]. Commands spell out what is in a line (`picklescope::opcode::visible`); this is the net
//! below them: no character that acts or hides gets past it, in any command, as text or as JSON.

use picklescope::opcode::{is_visible, visible_up_to};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Stdout, Write};

/// Characters of a name that are printed.
pub(crate) const NAME: usize = 300;
/// Characters of a sentence that are printed.
pub(crate) const SENTENCE: usize = 2000;
/// Characters of a path that are printed: file systems end about there.
const PATH: usize = 4096;

/// How characters are spelled that are not visible.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Spelling {
    /// As in Python: `\x1b`, `\u202e`.
    Text,
    /// As in JSON: `\u001b`. Outside of strings JSON has no such character.
    Json,
    /// Not at all: these are bytes that were asked for.
    Raw,
}

/// Standard output, or a file, with a filter and an end.
pub(crate) struct Output<W: Write> {
    out: BufWriter<W>,
    spelling: Spelling,
    limit: u64,
    written: u64,
    /// The beginning of a character whose other bytes have not come yet.
    begun: Vec<u8>,
}

impl Output<Stdout> {
    /// Standard output, of which at most `limit` bytes are written.
    pub(crate) fn stdout(spelling: Spelling, limit: u64) -> Self {
        Self::new(io::stdout(), spelling, limit)
    }
}

impl<W: Write> Output<W> {
    pub(crate) fn new(out: W, spelling: Spelling, limit: u64) -> Self {
        let out = BufWriter::with_capacity(1 << 16, out);
        Self { out, spelling, limit, written: 0, begun: Vec::new() }
    }

    /// From here on, characters are spelled like this.
    pub(crate) fn spell(&mut self, spelling: Spelling) {
        self.spelling = spelling;
    }

    /// What was written to, everything written.
    pub(crate) fn into_inner(mut self) -> io::Result<W> {
        self.flush()?;
        self.out.into_inner().map_err(io::IntoInnerError::into_error)
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// The sentence that says that there would have been more, when there would.
    pub(crate) fn ended(&self) -> Option<String> {
        let limit = self.limit;
        let text = || format!("the output was stopped after {limit} bytes; --limit-output raises that");
        (self.written >= limit).then(text)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let left = usize::try_from(self.limit - self.written).unwrap_or(usize::MAX);
        let taken = bytes.len().min(left);
        self.out.write_all(&bytes[..taken])?;
        self.written += taken as u64;
        if taken < bytes.len() { Err(io::Error::other("the output is full")) } else { Ok(()) }
    }

    /// Writes text that holds something to be spelled.
    #[cold]
    fn spelled(&mut self, bytes: &[u8]) -> io::Result<()> {
        let joined = [&std::mem::take(&mut self.begun)[..], bytes].concat();
        let mut out = String::with_capacity(joined.len() + 16);
        let mut chunks = joined.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            chunk.valid().chars().for_each(|c| spell(&mut out, c, self.spelling));
            let is_cut = chunks.peek().is_none()
                && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
            if is_cut {
                self.begun = chunk.invalid().to_vec();
            } else {
                for byte in chunk.invalid() {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\x{byte:02x}");
                }
            }
        }
        self.put(out.as_bytes())
    }
}

fn spell(out: &mut String, c: char, spelling: Spelling) {
    if is_visible(c) || matches!(c, '\n' | '\t') {
        out.push(c);
    } else if spelling == Spelling::Json {
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    } else {
        out.push_str(&picklescope::opcode::visible(c.encode_utf8(&mut [0; 4])));
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
        if self.spelling == Spelling::Raw || self.begun.is_empty() && bytes.iter().all(is_plain) {
            self.put(bytes)?;
        } else {
            self.spelled(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        for byte in std::mem::take(&mut self.begun) {
            self.put(format!("\\x{byte:02x}").as_bytes())?;
        }
        self.out.flush()
    }
}

/// A line for whoever started the program, on standard error.
pub(crate) fn say(message: &str) {
    // Nobody is left to be told that this failed.
    let _ = writeln!(io::stderr(), "picklescope: {}", visible_up_to(message, PATH + SENTENCE));
}

/// A name of a file, a member, a global, as it is printed.
pub(crate) fn name(text: &str) -> Cow<'_, str> {
    visible_up_to(text, NAME)
}

/// A sentence that may hold such names.
pub(crate) fn sentence(text: &str) -> Cow<'_, str> {
    visible_up_to(text, SENTENCE)
}

/// The path of a file that was given or found.
pub(crate) fn path(text: &str) -> Cow<'_, str> {
    visible_up_to(text, PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(spelling: Spelling, pieces: &[&[u8]]) -> String {
        let mut bytes = Vec::new();
        let mut out = Output::new(&mut bytes, spelling, 1000);
        for piece in pieces {
            out.write_all(piece).unwrap();
        }
        out.flush().unwrap();
        drop(out);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn nothing_acts_in_any_spelling() {
        let text = "a\x1b\u{9b}\u{202e}\u{e0041}\x7f\tb\nä";
        assert_eq!(through(Spelling::Text, &[text.as_bytes()]), "a\\x1b\\x9b\\u202e\\U000e0041\\x7f\tb\nä");
        assert_eq!(through(Spelling::Json, &[text.as_bytes()]), "a\\u001b\\u009b\\u202e\\udb40\\udc41\\u007f\tb\nä");
        assert_eq!(through(Spelling::Raw, &[text.as_bytes()]), text);
    }

    #[test]
    fn characters_come_in_pieces() {
        let text = "x\u{202e}ä\u{1f600}y".as_bytes();
        let pieces: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(through(Spelling::Text, &pieces), "x\\u202eä\u{1f600}y");
        assert_eq!(through(Spelling::Text, &[b"a\xff\xe2\x80", b"b\xe2\x80"]), "a\\xff\\xe2\\x80b\\xe2\\x80");
    }

    #[test]
    fn the_output_ends() {
        let mut bytes = Vec::new();
        let mut out = Output::new(&mut bytes, Spelling::Text, 10);
        assert!(out.write_all(b"12345").is_ok() && out.ended().is_none());
        assert!(out.write_all(b"6789012").is_err() && out.ended().is_some());
        out.flush().unwrap();
        drop(out);
        assert_eq!(bytes, b"1234567890");
    }
}
