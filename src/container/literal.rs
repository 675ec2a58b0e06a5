//! The part of Python's literals that `.npy` headers are written in.

use crate::bytes::Span;

/// A value and the bytes it was read from.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// A text, quotes included in the span.
    Str(Span, String),
    /// An int.
    Int(Span, i128),
    /// `True` or `False`.
    Bool(Span, bool),
    /// `None`.
    None(Span),
    /// A tuple.
    Tuple(Span, Vec<Literal>),
    /// A list.
    List(Span, Vec<Literal>),
    /// A dict, in the order of the text.
    Dict(Span, Vec<(Literal, Literal)>),
}

impl Literal {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Str(span, _)
            | Self::Int(span, _)
            | Self::Bool(span, _)
            | Self::None(span)
            | Self::Tuple(span, _)
            | Self::List(span, _)
            | Self::Dict(span, _) => *span,
        }
    }
}

/// How deep brackets may nest. numpy's own types nest a few levels.
const DEPTH: usize = 32;

/// Where, and what.
type Error = (u64, String);

/// A bracket that is open.
struct Open {
    bracket: u8,
    start: usize,
    items: Vec<Literal>,
    /// Whether a value has to come next, may come, or cannot.
    expect: Expect,
    commas: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A value, or the end.
    Value,
    /// In a dict: the colon behind a key.
    Colon,
    /// In a dict: the value behind a colon.
    Mapped,
    /// A comma, or the end.
    Comma,
}

impl Open {
    /// The text that another one may follow: Python takes both for one.
    fn string_before(&mut self) -> Option<&mut Literal> {
        let is_behind = matches!(self.expect, Expect::Colon | Expect::Comma);
        self.items.last_mut().filter(|last| is_behind && matches!(last, Literal::Str(..)))
    }
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    base: u64,
}

/// Parses one literal, with blanks around it. `base` is the offset of `text` in its file.
pub(super) fn parse(text: &[u8], base: u64) -> Result<Literal, Error> {
    let mut parser = Parser { text, at: 0, base };
    let value = parser.value()?;
    parser.blanks();
    match parser.text.get(parser.at) {
        None => Ok(value),
        Some(_) => Err(parser.error(parser.at, "something follows the header's literal")),
    }
}

impl Parser<'_> {
    fn error(&self, at: usize, message: &str) -> Error {
        (self.base + at as u64, message.to_owned())
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.base + start as u64, self.base + self.at as u64)
    }

    /// Steps over blanks and the zero bytes that some writers pad with.
    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == 0) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<Literal, Error> {
        let mut stack: Vec<Open> = Vec::new();
        loop {
            self.blanks();
            let Some(&byte) = self.text.get(self.at) else {
                return Err(self.error(self.at, "the header's literal ends early"));
            };
            let done = match byte {
                b'(' | b'[' | b'{' => {
                    self.expect_value(stack.last())?;
                    if stack.len() == DEPTH {
                        return Err(self.error(self.at, "the header's literal is nested too deep"));
                    }
                    let start = self.at;
                    stack.push(Open { bracket: byte, start, items: Vec::new(), expect: Expect::Value, commas: 0 });
                    self.at += 1;
                    None
                }
                b')' | b']' | b'}' => Some(self.close(stack.pop(), byte)?),
                b',' | b':' => {
                    self.separator(stack.last_mut(), byte)?;
                    None
                }
                _ => {
                    if self.begins_string()
                        && let Some(before) = stack.last_mut().and_then(Open::string_before)
                    {
                        self.join(before)?;
                        continue;
                    }
                    self.expect_value(stack.last())?;
                    Some(self.scalar(byte)?)
                }
            };
            let Some(done) = done else { continue };
            let Some(open) = stack.last_mut() else { return Ok(done) };
            open.expect = match (open.bracket, open.expect) {
                (b'{', Expect::Value) => Expect::Colon,
                _ => Expect::Comma,
            };
            open.items.push(done);
        }
    }

    fn expect_value(&self, open: Option<&Open>) -> Result<(), Error> {
        match open.map(|open| open.expect) {
            None | Some(Expect::Value | Expect::Mapped) => Ok(()),
            Some(Expect::Colon) => Err(self.error(self.at, "a colon is missing")),
            Some(Expect::Comma) => Err(self.error(self.at, "a comma is missing")),
        }
    }

    fn separator(&mut self, open: Option<&mut Open>, byte: u8) -> Result<(), Error> {
        let Some(open) = open else { return Err(self.error(self.at, "a value is missing")) };
        open.expect = match (byte, open.expect) {
            (b',', Expect::Comma) => Expect::Value,
            (b':', Expect::Colon) => Expect::Mapped,
            _ => return Err(self.error(self.at, "a value is missing")),
        };
        open.commas += usize::from(byte == b',');
        self.at += 1;
        Ok(())
    }

    fn close(&mut self, open: Option<Open>, byte: u8) -> Result<Literal, Error> {
        let Some(mut open) = open else { return Err(self.error(self.at, "a bracket closes that was not opened")) };
        let pairs = matches!((open.bracket, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}'));
        if !pairs || matches!(open.expect, Expect::Colon | Expect::Mapped) {
            return Err(self.error(self.at, "the wrong bracket closes here, or a value is missing"));
        }
        self.at += 1;
        let span = self.span(open.start);
        Ok(match open.bracket {
            b'[' => Literal::List(span, open.items),
            b'{' => {
                let mut items = open.items.into_iter();
                let mut entries = Vec::with_capacity(items.len() / 2);
                while let (Some(key), Some(value)) = (items.next(), items.next()) {
                    entries.push((key, value));
                }
                Literal::Dict(span, entries)
            }
            // Brackets around one value, without a comma, are no tuple.
            _ if open.commas == 0 && open.items.len() == 1 => open.items.remove(0),
            _ => Literal::Tuple(span, open.items),
        })
    }

    fn scalar(&mut self, first: u8) -> Result<Literal, Error> {
        let start = self.at;
        if self.begins_string() {
            if !matches!(first, b'\'' | b'"') {
                self.at += 1;
            }
            return self.string(start, self.text[self.at]);
        }
        let is_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'_');
        let length = self.text[start..].iter().take_while(is_word).count();
        let word = std::str::from_utf8(&self.text[start..start + length]).unwrap_or_default();
        self.at += length;
        let span = self.span(start);
        match word {
            "True" => return Ok(Literal::Bool(span, true)),
            "False" => return Ok(Literal::Bool(span, false)),
            "None" => return Ok(Literal::None(span)),
            _ => {}
        }
        // Python 2 wrote longs with an L.
        let digits = word.strip_suffix(['L', 'l']).unwrap_or(word);
        match digits.parse() {
            Ok(number) => Ok(Literal::Int(span, number)),
            Err(_) => Err(self.error(start, "this is no value that a header may have")),
        }
    }

    /// Whether a text begins here: with a quote, or a letter and a quote.
    fn begins_string(&self) -> bool {
        let letter = usize::from(matches!(self.text.get(self.at), Some(b'u' | b'U' | b'b' | b'B')));
        matches!(self.text.get(self.at + letter), Some(b'\'' | b'"'))
    }

    /// Adds the text that begins here to the one before it.
    fn join(&mut self, before: &mut Literal) -> Result<(), Error> {
        let first = self.text[self.at];
        if let (Literal::Str(span, text), Literal::Str(more_span, more)) = (before, self.scalar(first)?) {
            *span = Span::new(span.start, more_span.end);
            text.push_str(&more);
        }
        Ok(())
    }

    /// A text in quotes, `self.at` at the first.
    fn string(&mut self, start: usize, quote: u8) -> Result<Literal, Error> {
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            let Some(&byte) = self.text.get(self.at) else {
                return Err(self.error(start, "the text that begins here does not end"));
            };
            self.at += 1;
            match byte {
                b'\\' => self.escape(&mut bytes)?,
                byte if byte == quote => break,
                byte => bytes.push(byte),
            }
        }
        // Versions 1 and 2 are Latin-1, version 3 is UTF-8; what is no UTF-8 was Latin-1.
        let text =
            String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
        Ok(Literal::Str(self.span(start), text))
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let start = self.at - 1;
        let Some(&code) = self.text.get(self.at) else {
            return Err(self.error(start, "the escape that begins here does not end"));
        };
        self.at += 1;
        let digits = match code {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let character = match code {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'a' => '\x07',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'v' => '\x0b',
            b'\\' | b'\'' | b'"' => char::from(code),
            b'0'..=b'7' => {
                let is_octal = |byte: &&u8| matches!(byte, b'0'..=b'7');
                let count = self.text[start + 1..].iter().take(3).take_while(is_octal).count();
                self.at = start + 1 + count;
                let digits = &self.text[start + 1..self.at];
                let number = digits.iter().fold(0, |number, digit| number * 8 + u32::from(digit - b'0'));
                char::from_u32(number).unwrap_or_default()
            }
            _ if digits > 0 => {
                let hex = self.text.get(self.at..self.at + digits).and_then(|hex| std::str::from_utf8(hex).ok());
                self.at += digits;
                let number = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
                match number.and_then(char::from_u32) {
                    Some(character) => character,
                    None => return Err(self.error(start, "this escape is no character")),
                }
            }
            _ => return Err(self.error(start, "this escape is not known")),
        };
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }
}
