//! The characters of payloads, and what is shown of them around a match.

use super::matcher::Matcher;
use crate::graph::TextEncoding;
use crate::opcode::{self, PyText, printable_bytes, repr_bytes};
use memchr::memchr;
use std::borrow::Cow;
use std::ops::Range;

/// Bytes that are shown before a match, of it, and behind it.
pub(super) const BEFORE: usize = 40;
const MATCH: usize = 200;
pub(super) const AFTER: usize = 80;

/// A match with the text around it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Context {
    pub(super) before: String,
    pub(super) matched: String,
    pub(super) after: String,
}

impl Context {
    /// What is around a match; `more` says whether the text goes on behind `hay`.
    pub(super) fn of(hay: &[u8], found: &Range<usize>, more: bool) -> Self {
        let begin = boundary(hay, found.start.saturating_sub(BEFORE));
        let end = boundary(hay, found.end.min(found.start + MATCH)).max(found.start);
        let stop = boundary(hay, (found.end + AFTER).min(hay.len())).max(found.end);
        let cut = |is_cut: bool| if is_cut { "…" } else { "" };
        Self {
            before: format!("{}{}", cut(begin > 0), printable_bytes(&hay[begin..found.start])),
            matched: format!("{}{}", printable_bytes(&hay[found.start..end]), cut(end < found.end)),
            after: format!("{}{}", printable_bytes(&hay[found.end..stop]), cut(more || stop < hay.len())),
        }
    }

    /// The context of a match in bytes, which may be cut anywhere; `less` and `more` say whether they go on before and behind `hay`.
    pub(super) fn of_bytes(hay: &[u8], found: &Range<usize>, less: bool, more: bool) -> Self {
        Self::around(hay, found, (less, more), |bytes| printable_bytes(bytes).into_owned())
    }

    /// The same in a value of type bytes: as Python writes it, for what looks like a character may be a coincidence.
    fn of_value(hay: &[u8], found: &Range<usize>, more: bool) -> Self {
        Self::around(hay, found, (false, more), |bytes| {
            let repr = repr_bytes(bytes);
            repr.get(2..repr.len() - 1).unwrap_or_default().to_owned()
        })
    }

    fn around(hay: &[u8], found: &Range<usize>, (less, more): (bool, bool), print: impl Fn(&[u8]) -> String) -> Self {
        let begin = found.start.saturating_sub(BEFORE);
        let end = found.end.min(found.start + MATCH);
        let stop = (found.end + AFTER).min(hay.len());
        let cut = |is_cut: bool| if is_cut { "…" } else { "" };
        Self {
            before: format!("{}{}", cut(less || begin > 0), print(&hay[begin..found.start])),
            matched: format!("{}{}", print(&hay[found.start..end]), cut(end < found.end)),
            after: format!("{}{}", print(&hay[found.end..stop]), cut(more || stop < hay.len())),
        }
    }

    /// A value that matches as a whole.
    pub(super) fn whole(text: impl Into<String>) -> Self {
        Self { matched: text.into(), ..Self::default() }
    }
}

/// The start of the character that the byte at `at` belongs to.
fn boundary(hay: &[u8], at: usize) -> usize {
    let is_inside = |at: usize| hay.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    (at.saturating_sub(3)..=at).rev().find(|&at| !is_inside(at)).unwrap_or(at)
}

/// What a payload is searched as: its characters in generalised UTF-8. What does not decode is searched as it stands there. A `str` of
/// Python 2 is read as UTF-8 where it is that, and else as latin-1.
pub(super) fn characters(encoding: TextEncoding, payload: &[u8]) -> Cow<'_, [u8]> {
    match encoding {
        TextEncoding::Utf8 => Cow::Borrowed(payload),
        TextEncoding::Python2 | TextEncoding::Line => python2(Cow::Borrowed(payload)),
        TextEncoding::RawUnicodeEscape => match opcode::raw_unicode_escape(payload) {
            Ok(text) => Cow::Owned(text.as_bytes().to_vec()),
            Err(_) => Cow::Borrowed(payload),
        },
        TextEncoding::Python2Quoted => match opcode::unescape(payload) {
            Ok(bytes) => python2(Cow::Owned(bytes)),
            Err(_) => Cow::Borrowed(payload),
        },
    }
}

fn python2(bytes: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if std::str::from_utf8(&bytes).is_ok() {
        return bytes;
    }
    Cow::Owned(PyText::from_latin1(&bytes).as_bytes().to_vec())
}

/// Whether a literal stands in the payload as it does in the characters.
pub(super) fn is_as_it_stands(encoding: TextEncoding, payload: &[u8], matcher: &Matcher) -> bool {
    match encoding {
        TextEncoding::Utf8 => true,
        TextEncoding::Python2 | TextEncoding::Line => matcher.is_ascii(),
        TextEncoding::RawUnicodeEscape | TextEncoding::Python2Quoted => {
            matcher.is_ascii() && memchr(b'\\', payload).is_none()
        }
    }
}

/// Searches a payload that comes in pieces.
#[derive(Debug)]
pub(super) struct Feed {
    encoding: Option<TextEncoding>,
    /// What of the payload was not decoded yet: the beginning of an escape.
    undecoded: Vec<u8>,
    held: Vec<u8>,
    /// Where in `held` the search goes on.
    from: usize,
    /// The first match.
    pub(super) first: Option<Context>,
    /// Matches so far.
    pub(super) count: u64,
}

impl Feed {
    /// Bytes that are kept so that a match of a regular expression may lie on both sides of the end of a piece. Longer ones are cut
    /// there.
    const OVERLAP: usize = 1 << 16;

    /// Of a text in this encoding, or of bytes.
    pub(super) fn new(encoding: Option<TextEncoding>) -> Self {
        Self { encoding, undecoded: Vec::new(), held: Vec::new(), from: 0, first: None, count: 0 }
    }

    /// Searches the next piece.
    pub(super) fn next(&mut self, piece: &[u8], last: bool, matcher: &Matcher) {
        self.decode(piece, last);
        while let Some(found) = matcher.find(&self.held, self.from) {
            // What touches the end may go on, and whether it is a word is not known.
            if found.end == self.held.len() && !last {
                break;
            }
            self.count += 1;
            self.first.get_or_insert_with(|| match self.encoding {
                Some(_) => Context::of(&self.held, &found, !last),
                // A byte of a text is a part of a character, a byte of bytes is not.
                None => Context::of_value(&self.held, &found, !last),
            });
            self.from = found.end.max(found.start + 1);
        }
        let overlap = matcher.longest().map_or(Self::OVERLAP, |longest| longest + 4);
        self.from = self.from.max(self.held.len().saturating_sub(overlap));
        self.held.drain(..self.from.saturating_sub(BEFORE));
        self.from = self.from.min(BEFORE);
    }

    fn decode(&mut self, piece: &[u8], last: bool) {
        let is_escaped = matches!(self.encoding, Some(TextEncoding::RawUnicodeEscape | TextEncoding::Python2Quoted));
        if !is_escaped {
            // Whether a `str` of Python 2 is UTF-8 is not known before its end: a piece of it is taken as what it looks like.
            match self.encoding {
                Some(TextEncoding::Python2 | TextEncoding::Line) if PyText::utf8_prefix(piece).is_err() => {
                    self.held.extend_from_slice(PyText::from_latin1(piece).as_bytes());
                }
                _ => self.held.extend_from_slice(piece),
            }
            return;
        }
        self.undecoded.extend_from_slice(piece);
        let used = match self.encoding {
            Some(TextEncoding::RawUnicodeEscape) => opcode::raw_unicode_escape_prefix(&self.undecoded, last)
                .map(|(text, used)| (text.as_bytes().to_vec(), used)),
            _ => opcode::unescape_prefix(&self.undecoded, last)
                .map(|(bytes, used)| (python2(Cow::Owned(bytes)).into_owned(), used)),
        };
        match used {
            Ok((bytes, used)) => {
                self.held.extend_from_slice(&bytes);
                self.undecoded.drain(..used);
            }
            Err(_) => self.held.append(&mut self.undecoded),
        }
    }
}
