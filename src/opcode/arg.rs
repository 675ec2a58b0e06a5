//! The argument of an instruction as `pickletools` prints it: Python's `repr`.
//!
//! A payload may be larger than memory, so it is read by windows and written piece by piece. What `pickletools` refuses
//! to print is still printed here, as a loader would read it or else as raw bytes, and an [`ArgNote`] says so.

use super::number::{self, Dialect, NumberError};
use super::text::{self, EscapeErrorKind, PyText};
use super::{Arg, ArgKind, Instruction, Quotes};
use super::{
    repr_bytearray, repr_bytes, repr_bytes_prefix, repr_str_prefix, write_bytes_body, write_float, write_str_body,
};
use crate::bytes::{ReadError, Source, Span, read_span};
use std::fmt::{self, Write};

/// Bytes of a payload in memory at a time.
const WINDOW: u64 = 64 * 1024;

/// Bytes of a payload that are looked at before the first of them is written, for the quotes around it and to see whether it
/// decodes. A file of a few bytes may hold a hole of a terabyte.
pub const LOOKED_AHEAD: u64 = 1 << 30;

/// Longest binary integer, in bytes, that is printed in decimal; the conversion is quadratic. CPython prints no more
/// than 4300 digits, which are 1786 bytes.
const LONGEST_DECIMAL: u64 = 16 * 1024;

/// Digits up to which Python converts between text and int (`sys.int_info.default_max_str_digits`).
const PYTHON_DIGITS: usize = 4300;

/// Longest line, in bytes, that is read as a number.
const LONGEST_NUMBER: u64 = 16 << 20;

/// What is odd about an argument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArgNote {
    /// What was expected, in lower case and without a final dot.
    pub message: String,
    /// Whether some CPython loader reads the argument all the same.
    pub loadable: bool,
}

/// The text of an argument.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ArgText {
    /// The `repr`; empty if the opcode has no argument.
    pub text: String,
    /// Whether a part was left out.
    pub truncated: bool,
    /// What is odd about it.
    pub note: Option<ArgNote>,
}

/// Why an argument could not be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteArgError {
    /// The input could not be read.
    Read(ReadError),
    /// The output refused the text.
    Write,
}

impl From<ReadError> for WriteArgError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<fmt::Error> for WriteArgError {
    fn from(_: fmt::Error) -> Self {
        Self::Write
    }
}

impl fmt::Display for WriteArgError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Write => f.write_str("the output refused the text"),
        }
    }
}

impl std::error::Error for WriteArgError {}

type Written = Result<Option<ArgNote>, WriteArgError>;

/// The whole argument as `pickletools` prints it. It is as long as the payload and more: for the screen there is
/// [`arg_text_prefix`], for files [`write_arg`].
///
/// # Errors
/// When the input cannot be read.
pub fn arg_text(instruction: &Instruction, source: &dyn Source) -> Result<ArgText, ReadError> {
    let mut text = String::new();
    match write_arg(instruction, source, &mut text) {
        Ok(note) => Ok(ArgText { text, truncated: false, note }),
        Err(WriteArgError::Read(error)) => Err(error),
        // A String refuses nothing.
        Err(WriteArgError::Write) => Ok(ArgText { text, truncated: true, note: None }),
    }
}

/// Writes the whole argument as `pickletools` prints it, in pieces; nothing if there is none.
///
/// # Errors
/// When the input cannot be read or the output refuses.
pub fn write_arg(instruction: &Instruction, source: &dyn Source, out: &mut dyn Write) -> Written {
    let kind = instruction.opcode.info().arg;
    match instruction.arg {
        Arg::None => return Ok(None),
        Arg::Int(value) => write!(out, "{value}")?,
        Arg::UInt(value) => write!(out, "{value}")?,
        Arg::Float(value) => write_float(out, value)?,
        Arg::Pair(first, second) => return write_text(source, &[first, second], kind, out),
        Arg::Payload(span) => return write_payload(source, span, kind, out),
    }
    Ok(None)
}

fn write_payload(source: &dyn Source, span: Span, kind: ArgKind, out: &mut dyn Write) -> Written {
    match kind {
        ArgKind::DecimalNlShort | ArgKind::DecimalNlLong | ArgKind::FloatNl => {
            if span.len() > LONGEST_NUMBER {
                write_raw(source, &[span], out)?;
                return refused(format!("expected a number, found a line of {} bytes", span.len()), false);
            }
            write_number(&read_span(source, span)?, kind, out)
        }
        ArgKind::Long1 | ArgKind::Long4 => write_long(source, span, out),
        ArgKind::Bytes1 | ArgKind::Bytes4 | ArgKind::Bytes8 => write_raw(source, &[span], out).map(|()| None),
        ArgKind::ByteArray8 => {
            // A bytearray escapes single quotes whatever stands around them.
            out.write_str("bytearray(")?;
            write_quoted(source, span, Some('\''), out)?;
            out.write_char(')')?;
            Ok(None)
        }
        ArgKind::StringNl => write_string(source, span, out),
        _ => write_text(source, &[span], kind, out),
    }
}

fn refused(message: String, loadable: bool) -> Written {
    Ok(Some(ArgNote { message, loadable }))
}

/// A line with a number.
fn write_number(line: &[u8], kind: ArgKind, out: &mut dyn Write) -> Written {
    if kind == ArgKind::FloatNl {
        return match number::float_line(line) {
            Ok(read) => {
                write_float(out, read.value)?;
                match read.dialect {
                    Dialect::CutAtNul => refused("expected a float, found one that ends at a NUL".into(), true),
                    _ => Ok(None),
                }
            }
            Err(error) => raw_number(line, error, out),
        };
    }
    let long = kind == ArgKind::DecimalNlLong;
    let digits = if long { line.strip_suffix(b"L").unwrap_or(line) } else { line };
    if let Some(text) = number::plain_decimal(digits).filter(|text| text.len() > PYTHON_DIGITS) {
        out.write_str(text)?;
        return Ok(None);
    }
    match if long { number::long_line(line) } else { number::int_line(line) } {
        Ok(read) => {
            let shown = read.decimal.as_ref().unwrap_or(&read.value);
            write!(out, "{shown}")?;
            if read.decimal.is_none() {
                refused(format!("expected a decimal integer, found one only some loaders read, as {shown}"), true)
            } else if *shown != read.value {
                refused(format!("read as {} by loaders that take leading zeros for octal", read.value), true)
            } else {
                Ok(None)
            }
        }
        Err(error @ NumberError::TooManyDigits(_)) => match number::decimal_text(digits) {
            Some(text) => {
                out.write_str(&text)?;
                Ok(None)
            }
            None => raw_number(line, error, out),
        },
        Err(error) => raw_number(line, error, out),
    }
}

fn raw_number(line: &[u8], error: NumberError, out: &mut dyn Write) -> Written {
    super::write_bytes(out, line)?;
    refused(error.to_string(), false)
}

/// A binary integer. One that is too long for decimal is written as the Python expression that makes it.
fn write_long(source: &dyn Source, span: Span, out: &mut dyn Write) -> Written {
    if span.len() > LONGEST_DECIMAL {
        out.write_str("int.from_bytes(")?;
        write_raw(source, &[span], out)?;
        out.write_str(", 'little', signed=True)")?;
        return refused(format!("expected an integer to print in decimal, found one of {} bytes", span.len()), true);
    }
    let digits = number::long_bytes(&read_span(source, span)?).to_string();
    out.write_str(&digits)?;
    if digits.trim_start_matches('-').len() > PYTHON_DIGITS {
        return refused(format!("expected an integer of at most {PYTHON_DIGITS} digits to print in decimal"), true);
    }
    Ok(None)
}

/// The line of STRING. Its quotes are looked at on their own, so that the rest can be read by windows.
fn write_string(source: &dyn Source, span: Span, out: &mut dyn Write) -> Written {
    let first = read_span(source, span.prefix(1))?.first().copied();
    let last_at = span.end.saturating_sub(1).max(span.start);
    let last = read_span(source, Span::new(last_at, span.end))?.first().copied();
    if !matches!(first, Some(b'\'' | b'"')) || first != last {
        write_raw(source, &[span], out)?;
        return refused(quotes_message(), false);
    }
    if span.len() == 1 {
        // One quote is both the first and the last to pickletools, and not enough for loaders.
        out.write_str("''")?;
        return refused(quotes_message(), false);
    }
    write_text(source, &[Span::new(span.start + 1, span.end - 1)], ArgKind::StringNl, out)
}

fn quotes_message() -> String {
    text::EscapeError { position: 0, kind: EscapeErrorKind::Quotes }.to_string()
}

/// How the bytes of a text argument become characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    RawUnicodeEscape,
    /// Escapes undone, then ASCII.
    EscapedAscii,
    /// Escapes undone, then Latin-1.
    EscapedLatin1,
}

impl Encoding {
    /// What `pickletools` does, then what loaders do.
    fn attempts(kind: ArgKind) -> &'static [Self] {
        match kind {
            ArgKind::StringNl => &[Self::EscapedAscii, Self::EscapedLatin1],
            ArgKind::StringNlNoEscapePair => &[Self::EscapedAscii, Self::Utf8],
            ArgKind::StringNlNoEscape => &[Self::EscapedAscii],
            ArgKind::UnicodeStringNl => &[Self::RawUnicodeEscape],
            ArgKind::String1 | ArgKind::String4 => &[Self::Latin1],
            _ => &[Self::Utf8],
        }
    }

    /// Most bytes one character takes.
    fn width(self) -> u64 {
        match self {
            Self::Latin1 => 1,
            Self::RawUnicodeEscape => 10,
            _ => 4,
        }
    }

    /// The characters of `bytes` and the number of bytes they took: all, or up to a sequence that is cut off if these
    /// are not the `last` bytes. The error is a message.
    fn decode(self, bytes: &[u8], last: bool) -> Result<(PyText<'_>, usize), String> {
        match self {
            Self::Latin1 => Ok((PyText::from_latin1(bytes), bytes.len())),
            Self::RawUnicodeEscape => text::raw_unicode_escape_prefix(bytes, last).map_err(|error| error.to_string()),
            Self::Utf8 => {
                let read = if last {
                    PyText::from_utf8_surrogatepass(bytes).map(|text| (text, bytes.len()))
                } else {
                    PyText::utf8_prefix(bytes)
                };
                read.map_err(|error| error.to_string())
            }
            Self::EscapedAscii if bytes.is_ascii() && memchr::memchr(b'\\', bytes).is_none() => {
                Ok((PyText::from_latin1(bytes), bytes.len()))
            }
            Self::EscapedAscii | Self::EscapedLatin1 => {
                let (plain, used) = text::unescape_prefix(bytes, last).map_err(|error| error.to_string())?;
                if self == Self::EscapedAscii && !plain.is_ascii() {
                    return Err("expected ASCII, found other bytes".into());
                }
                Ok((PyText::from_latin1(&plain).into_owned(), used))
            }
        }
    }
}

/// Several spans as one text with single blanks between them.
fn write_text(source: &dyn Source, parts: &[Span], kind: ArgKind, out: &mut dyn Write) -> Written {
    let mut first_trouble = None;
    for encoding in Encoding::attempts(kind) {
        let mut quotes = Quotes::default();
        let seen = each_piece(source, parts, *encoding, LOOKED_AHEAD, &mut |piece| {
            quotes.see(piece.as_bytes());
            Ok(())
        })?;
        if let Err(trouble) = seen {
            first_trouble.get_or_insert(trouble);
            continue;
        }
        let quote = quotes.quote();
        out.write_char(quote)?;
        // What was looked at decoded once, so it does again.
        let written = each_piece(source, parts, *encoding, u64::MAX, &mut |piece| write_str_body(out, piece, quote))?;
        out.write_char(quote)?;
        if let Err(message) = written {
            return refused(format!("{message}; what follows is left out"), false);
        }
        return Ok(first_trouble.map(|message| ArgNote { message, loadable: true }));
    }
    write_raw(source, parts, out)?;
    refused(first_trouble.unwrap_or_default(), false)
}

/// Calls `see` with the characters of the parts, window by window, those of the first `most` bytes of each. The inner error is
/// a message about the bytes.
fn each_piece(
    source: &dyn Source,
    parts: &[Span],
    encoding: Encoding,
    most: u64,
    see: &mut dyn FnMut(&PyText<'_>) -> fmt::Result,
) -> Result<Result<(), String>, WriteArgError> {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            see(&PyText::from(" "))?;
        }
        let mut at = part.start;
        while at < part.end && at - part.start < most {
            let window = Span::new(at, part.end).prefix(WINDOW);
            let bytes = read_span(source, window)?;
            match encoding.decode(&bytes, window.end == part.end) {
                Ok((_, 0)) => return Ok(Err("expected text, found the end of the input".into())),
                Ok((piece, used)) => {
                    see(&piece)?;
                    at += used as u64;
                }
                Err(message) => return Ok(Err(message)),
            }
        }
    }
    Ok(Ok(()))
}

/// Several spans as one bytes object, joined by newlines as they stand in the input.
fn write_raw(source: &dyn Source, parts: &[Span], out: &mut dyn Write) -> Result<(), WriteArgError> {
    let whole = Span::new(parts.first().map_or(0, |span| span.start), parts.last().map_or(0, |span| span.end));
    write_quoted(source, whole, None, out)
}

/// A span as a bytes object in which `escaped`, or else the quote around it, is escaped.
fn write_quoted(
    source: &dyn Source,
    whole: Span,
    escaped: Option<char>,
    out: &mut dyn Write,
) -> Result<(), WriteArgError> {
    let windows = || {
        let starts = (whole.start..whole.end).step_by(WINDOW as usize);
        starts.map(|start| Span::new(start, whole.end).prefix(WINDOW))
    };
    let mut quotes = Quotes::default();
    for window in windows().take_while(|window| window.start - whole.start < LOOKED_AHEAD) {
        quotes.see(&read_span(source, window)?);
    }
    let quote = quotes.quote();
    write!(out, "b{quote}")?;
    for window in windows() {
        write_bytes_body(out, &read_span(source, window)?, escaped.unwrap_or(quote))?;
    }
    out.write_char(quote)?;
    Ok(())
}

/// The beginning of the argument, for the screen: at most about `max_chars` characters of the value, closed by its
/// quote. Reads no more of the payload than that takes, so the choice of quote and the note rest on what is shown.
///
/// # Errors
/// When the input cannot be read.
pub fn arg_text_prefix(instruction: &Instruction, source: &dyn Source, max_chars: usize) -> Result<ArgText, ReadError> {
    let kind = instruction.opcode.info().arg;
    let parts = match instruction.arg {
        Arg::Pair(first, second) => [first, second],
        Arg::Payload(span) => [span, Span::new(span.end, span.end)],
        _ => return arg_text(instruction, source),
    };
    let budget = max_chars as u64;
    let length = parts[1].end - parts[0].start;
    match kind {
        _ if length <= budget.min(WINDOW) => {
            let whole = arg_text(instruction, source)?;
            Ok(cut(whole, max_chars))
        }
        ArgKind::Bytes1 | ArgKind::Bytes4 | ArgKind::Bytes8 | ArgKind::ByteArray8 => {
            let bytes = read_span(source, parts[0].prefix(budget))?;
            let text = if kind == ArgKind::ByteArray8 { repr_bytearray(&bytes) } else { repr_bytes(&bytes) };
            Ok(ArgText { text, truncated: true, note: None })
        }
        ArgKind::Long1 | ArgKind::Long4 if length > LONGEST_DECIMAL => {
            let bytes = read_span(source, parts[0].prefix(budget))?;
            let text = format!("int.from_bytes({}, 'little', signed=True)", repr_bytes_prefix(&bytes, max_chars).0);
            Ok(ArgText { text, truncated: true, note: None })
        }
        ArgKind::Long1 | ArgKind::Long4 => Ok(cut(arg_text(instruction, source)?, max_chars)),
        ArgKind::DecimalNlShort | ArgKind::DecimalNlLong | ArgKind::FloatNl if length <= 4096 => {
            Ok(cut(arg_text(instruction, source)?, max_chars))
        }
        ArgKind::DecimalNlShort | ArgKind::DecimalNlLong | ArgKind::FloatNl => {
            let bytes = read_span(source, parts[0].prefix(budget))?;
            let text = PyText::from_latin1(&bytes).to_string_lossy().into_owned();
            Ok(ArgText { text, truncated: true, note: None })
        }
        ArgKind::StringNl => {
            // Without its opening quote; the closing one is out of sight or ends what is shown.
            let inside = Span::new(parts[0].start + 1, parts[0].end.saturating_sub(1).max(parts[0].start + 1));
            text_prefix(source, &[inside], kind, max_chars)
        }
        _ => text_prefix(source, &parts[..1 + usize::from(matches!(instruction.arg, Arg::Pair(..)))], kind, max_chars),
    }
}

/// At most `max_chars` characters of a text argument.
fn text_prefix(source: &dyn Source, parts: &[Span], kind: ArgKind, max_chars: usize) -> Result<ArgText, ReadError> {
    let mut trouble = None;
    for encoding in Encoding::attempts(kind) {
        let budget = (max_chars as u64).saturating_mul(encoding.width()).saturating_add(16);
        let mut joined = Vec::new();
        let mut cut_off = false;
        let mut failed = None;
        for (number, part) in parts.iter().enumerate() {
            if cut_off {
                break;
            }
            let shown = part.prefix(budget);
            let whole = shown == *part;
            match encoding.decode(&read_span(source, shown)?, whole) {
                Ok((piece, _)) => {
                    if number > 0 {
                        joined.push(b' ');
                    }
                    joined.extend_from_slice(piece.as_bytes());
                    cut_off = cut_off || !whole;
                }
                Err(message) => failed = failed.or(Some(message)),
            }
        }
        if let Some(message) = failed {
            trouble.get_or_insert(message);
            continue;
        }
        // Joined from texts, so it decodes.
        let text = PyText::from_utf8_surrogatepass(&joined).unwrap_or_default();
        let (text, truncated) = repr_str_prefix(&text, max_chars);
        let note = trouble.map(|message| ArgNote { message, loadable: true });
        return Ok(ArgText { text, truncated: truncated || cut_off, note });
    }
    let whole = Span::new(parts[0].start, parts[parts.len() - 1].end);
    let bytes = read_span(source, whole.prefix(max_chars as u64))?;
    let (text, _) = repr_bytes_prefix(&bytes, max_chars);
    let truncated = whole.len() > max_chars as u64;
    Ok(ArgText { text, truncated, note: trouble.map(|message| ArgNote { message, loadable: false }) })
}

/// Cuts a number that is longer than the screen allows; a text that short is left whole.
fn cut(mut whole: ArgText, max_chars: usize) -> ArgText {
    // A value of n bytes has a repr of at most 10 n characters and its frame; only digits can be much longer.
    let digits = whole.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if digits && whole.text.len() > max_chars {
        whole.text.truncate(max_chars);
        whole.truncated = true;
    }
    whole
}
