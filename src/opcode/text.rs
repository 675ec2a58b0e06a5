//! Text as Python has it, and the encodings in which pickles write it.
//!
//! Everything here is a pure function of bytes. Each decoder also exists as a `*_prefix` form that stops before an
//! incomplete sequence at the end, so that long payloads can be decoded window by window.

use std::borrow::Cow;
use std::fmt;

/// A Python `str`: code points 0 to 10FFFF, lone surrogates included.
///
/// Kept as generalised UTF-8: a surrogate has the three bytes UTF-8 would give it, and two surrogates that happen to
/// form a pair stay two code points, as they do in Python.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct PyText<'a>(Cow<'a, [u8]>);

/// Bytes that are no UTF-8, not even with surrogates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Utf8Error {
    /// Number of bytes before the sequence that cannot be decoded; CPython's `UnicodeDecodeError.start`.
    pub position: usize,
}

impl fmt::Display for Utf8Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected UTF-8, found none at byte {} of the text", self.position)
    }
}

impl std::error::Error for Utf8Error {}

impl<'a> PyText<'a> {
    /// Decodes as CPython's `bytes.decode("utf-8", "surrogatepass")`, without copying.
    ///
    /// # Errors
    /// Where CPython raises `UnicodeDecodeError`, with the same position.
    pub fn from_utf8_surrogatepass(bytes: &'a [u8]) -> Result<Self, Utf8Error> {
        let (text, used) = Self::utf8_prefix(bytes)?;
        if used < bytes.len() { Err(Utf8Error { position: used }) } else { Ok(text) }
    }

    /// As [`Self::from_utf8_surrogatepass`] but leaves out a sequence that is only cut off by the end of `bytes`;
    /// also gives the number of bytes used.
    ///
    /// # Errors
    /// When the bytes are wrong whatever may follow.
    pub fn utf8_prefix(bytes: &'a [u8]) -> Result<(Self, usize), Utf8Error> {
        let mut position = 0;
        loop {
            let rest = &bytes[position..];
            let Err(error) = std::str::from_utf8(rest) else {
                return Ok((Self(Cow::Borrowed(bytes)), bytes.len()));
            };
            position += error.valid_up_to();
            match bytes[position..] {
                [0xed, 0xa0..=0xbf, 0x80..=0xbf, ..] => position += 3,
                [0xed, 0xa0..=0xbf] => break,
                _ if error.error_len().is_none() => break,
                _ => return Err(Utf8Error { position }),
            }
        }
        Ok((Self(Cow::Borrowed(&bytes[..position])), position))
    }

    /// Every byte as the character of the same number.
    #[must_use]
    pub fn from_latin1(bytes: &'a [u8]) -> Self {
        if bytes.is_ascii() {
            return Self(Cow::Borrowed(bytes));
        }
        Self(Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()))
    }

    /// The same text with its bytes owned.
    #[must_use]
    pub fn into_owned(self) -> PyText<'static> {
        PyText(Cow::Owned(self.0.into_owned()))
    }

    /// The generalised UTF-8.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether there is no character.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of code points: Python's `len`. Takes time in proportion to the text.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
    }

    /// The code points in order.
    #[must_use]
    pub fn code_points(&self) -> CodePoints<'_> {
        CodePoints(&self.0)
    }

    /// The text as Rust's `str`, or `None` if it holds a surrogate.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The text with every surrogate replaced by U+FFFD.
    #[must_use]
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        match self.as_str() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.code_points().map(|code| char::from_u32(code).unwrap_or('\u{fffd}')).collect()),
        }
    }
}

impl<'a> From<&'a str> for PyText<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text.as_bytes()))
    }
}

/// The code points of a [`PyText`].
#[derive(Clone, Debug)]
pub struct CodePoints<'a>(&'a [u8]);

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (&first, rest) = self.0.split_first()?;
        let (mut code, extra) = match first {
            0..=0x7f => (u32::from(first), 0),
            0x80..=0xdf => (u32::from(first & 0x1f), 1),
            0xe0..=0xef => (u32::from(first & 0x0f), 2),
            _ => (u32::from(first & 0x07), 3),
        };
        // The bytes were checked when the text was made.
        let extra = extra.min(rest.len());
        for byte in &rest[..extra] {
            code = code << 6 | u32::from(byte & 0x3f);
        }
        self.0 = &rest[extra..];
        Some(code)
    }
}

/// Appends a code point in generalised UTF-8; numbers above 10FFFF are the caller's to refuse.
fn push_code_point(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xe0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3f) as u8,
            0x80 | (code & 0x3f) as u8,
        ]),
    }
}

/// A backslash escape that CPython refuses, or quotes that are missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EscapeError {
    /// Number of bytes before the escape.
    pub position: usize,
    /// What is wrong with it.
    pub kind: EscapeErrorKind,
}

/// What can be wrong with a literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EscapeErrorKind {
    /// `\u` without four hexadecimal digits.
    ShortUnicode,
    /// `\U` without eight hexadecimal digits.
    LongUnicode,
    /// `\U` beyond 10FFFF.
    OutOfRange,
    /// `\x` without two hexadecimal digits.
    Hex,
    /// A backslash with nothing after it.
    TrailingBackslash,
    /// No matching pair of quotes around a STRING.
    Quotes,
}

impl fmt::Display for EscapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match self.kind {
            EscapeErrorKind::ShortUnicode => "four hexadecimal digits after \\u",
            EscapeErrorKind::LongUnicode => "eight hexadecimal digits after \\U",
            EscapeErrorKind::OutOfRange => "a code point up to 10FFFF after \\U",
            EscapeErrorKind::Hex => "two hexadecimal digits after \\x",
            EscapeErrorKind::TrailingBackslash => "something after the last backslash",
            EscapeErrorKind::Quotes => "the same quote at both ends",
        };
        write!(f, "expected {expected} at byte {} of the line", self.position)
    }
}

impl std::error::Error for EscapeError {}

/// Decodes the line of a UNICODE opcode: `\uXXXX` and `\UXXXXXXXX` after an odd number of backslashes are characters,
/// all other bytes are Latin-1. CPython's `raw-unicode-escape`.
///
/// # Errors
/// Where CPython raises `UnicodeDecodeError`.
pub fn raw_unicode_escape(bytes: &[u8]) -> Result<PyText<'_>, EscapeError> {
    raw_unicode_escape_prefix(bytes, true).map(|(text, _)| text)
}

/// As [`raw_unicode_escape`]; unless these are the `last` bytes it stops before an escape they cut off. Also gives the
/// number of bytes used.
///
/// # Errors
/// Where CPython raises `UnicodeDecodeError`.
pub fn raw_unicode_escape_prefix(bytes: &[u8], last: bool) -> Result<(PyText<'_>, usize), EscapeError> {
    let Some(first) = memchr::memchr(b'\\', bytes) else {
        return Ok((PyText::from_latin1(bytes), bytes.len()));
    };
    let mut out = PyText::from_latin1(&bytes[..first]).0.into_owned();
    let mut at = first;
    while at < bytes.len() {
        let escape = &bytes[at..];
        // The longest escape has ten bytes; a shorter rest may be a piece of one.
        if escape[0] == b'\\' && !last && escape.len() < 10 {
            break;
        }
        match escape {
            [b'\\', b'u', ..] => {
                push_code_point(&mut out, hex_digits(escape, 4, at, EscapeErrorKind::ShortUnicode)?);
                at += 6;
            }
            [b'\\', b'U', ..] => {
                let code = hex_digits(escape, 8, at, EscapeErrorKind::LongUnicode)?;
                if code > 0x10_ffff {
                    return Err(EscapeError { position: at, kind: EscapeErrorKind::OutOfRange });
                }
                push_code_point(&mut out, code);
                at += 10;
            }
            [b'\\', other, ..] => {
                out.push(b'\\');
                push_code_point(&mut out, u32::from(*other));
                at += 2;
            }
            _ => {
                push_code_point(&mut out, u32::from(escape[0]));
                at += 1;
            }
        }
    }
    Ok((PyText(Cow::Owned(out)), at))
}

/// The number in the `count` hexadecimal digits after the two bytes that open an escape.
fn hex_digits(escape: &[u8], count: usize, position: usize, kind: EscapeErrorKind) -> Result<u32, EscapeError> {
    let digits = escape.get(2..2 + count).ok_or(EscapeError { position, kind })?;
    digits.iter().try_fold(0, |code: u32, digit| {
        let value = char::from(*digit).to_digit(16).ok_or(EscapeError { position, kind })?;
        Ok(code << 4 | value)
    })
}

/// The body of a STRING line: what stands between its quotes.
///
/// # Errors
/// When the line is not enclosed in a pair of equal quotes, as CPython's loaders demand.
pub fn strip_quotes(line: &[u8]) -> Result<&[u8], EscapeError> {
    match line {
        [b'\'', body @ .., b'\''] | [b'"', body @ .., b'"'] => Ok(body),
        _ => Err(EscapeError { position: 0, kind: EscapeErrorKind::Quotes }),
    }
}

/// Undoes the backslash escapes of a Python 2 string literal: CPython's `codecs.escape_decode`. An unknown escape
/// stays as it is, an octal one keeps its low eight bits.
///
/// # Errors
/// On a `\x` without two hexadecimal digits and on a backslash at the very end.
pub fn unescape(bytes: &[u8]) -> Result<Vec<u8>, EscapeError> {
    unescape_prefix(bytes, true).map(|(out, _)| out)
}

/// Undoes the backslash escapes of a string literal of Python 3. An unknown escape stays as it is. Nothing where the literal is wrong,
/// or has half of a surrogate pair.
#[must_use]
pub fn unescape_text(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let code = rest[at + 1..].chars().next()?;
        rest = &rest[at + 1 + code.len_utf8()..];
        let (digits, base) = match code {
            'x' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            '0'..='7' => {
                rest = &text[text.len() - rest.len() - 1..];
                (rest.bytes().take(3).take_while(|digit| matches!(digit, b'0'..=b'7')).count(), 8)
            }
            _ => {
                match code {
                    '\n' => {}
                    '\\' | '\'' | '"' => out.push(code),
                    'b' => out.push('\u{8}'),
                    'f' => out.push('\u{c}'),
                    't' => out.push('\t'),
                    'n' => out.push('\n'),
                    'r' => out.push('\r'),
                    'v' => out.push('\u{b}'),
                    'a' => out.push('\u{7}'),
                    other => out.extend(['\\', other]),
                }
                continue;
            }
        };
        let number = rest.get(..digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        out.push(char::from_u32(u32::from_str_radix(number, base).ok()?)?);
        rest = &rest[digits..];
    }
    out.push_str(rest);
    Some(out)
}

/// As [`unescape`]; unless these are the `last` bytes it stops before an escape they cut off. Also gives the number of
/// bytes used.
///
/// # Errors
/// As [`unescape`].
pub fn unescape_prefix(bytes: &[u8], last: bool) -> Result<(Vec<u8>, usize), EscapeError> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(skip) = memchr::memchr(b'\\', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + skip]);
        at += skip;
        let escape = &bytes[at..];
        // The longest escape has four bytes; a shorter rest may be a piece of one.
        if !last && escape.len() < 4 {
            return Ok((out, at));
        }
        let Some(&code) = escape.get(1) else {
            return Err(EscapeError { position: at, kind: EscapeErrorKind::TrailingBackslash });
        };
        at += 2;
        match code {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(code),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b't' => out.push(b'\t'),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b'v' => out.push(11),
            b'a' => out.push(7),
            b'0'..=b'7' => {
                let digits = escape[1..].iter().take(3).take_while(|digit| matches!(digit, b'0'..=b'7'));
                let (count, value) = digits.fold((0, 0), |(n, v), d| (n + 1, v << 3 | u32::from(d - b'0')));
                out.push(value as u8);
                at += count - 1;
            }
            b'x' => {
                out.push(hex_digits(escape, 2, at - 2, EscapeErrorKind::Hex)? as u8);
                at += 2;
            }
            _ => out.extend_from_slice(&[b'\\', code]),
        }
    }
    out.extend_from_slice(&bytes[at..]);
    Ok((out, bytes.len()))
}
