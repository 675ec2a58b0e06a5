//! JSON and UBJSON as models are stored in them: parsed into a list of items without recursion. Numbers that stand in a row stay
//! where they are until they are asked for, so that a model of many trees is gone over quickly.
//!
//! Sources: RFC 8259; ubjson.org (draft 12), as xgboost's `src/common/json.cc` writes it.

use memchr::{memchr, memchr3};

/// Items of one document.
const ITEMS: usize = 1 << 22;
/// Containers in containers.
const LEVELS: usize = 256;

/// From and to, in the bytes of the document.
type Place = (usize, usize);

#[derive(Clone, Debug)]
enum Item {
    Null,
    Number(f64),
    Text(Place),
    /// Numbers of JSON between brackets.
    Flat(Place),
    /// Numbers of one type of UBJSON: its marker, and where they are.
    Typed(u8, Place),
    List(Vec<u32>),
    Object(Vec<(Place, u32)>),
}

/// A document.
pub(super) struct Document {
    bytes: Vec<u8>,
    items: Vec<Item>,
    is_json: bool,
}

/// An item of a document.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    document: &'a Document,
    item: u32,
}

impl Document {
    /// Reads JSON or UBJSON, whichever it is.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, String> {
        let mut marks = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        let is_json = matches!((marks.next(), marks.next()), (Some(b'{'), Some(b'"' | b'}')));
        let mut reader = Reader { document: Self { bytes, items: Vec::new(), is_json }, at: 0, open: Vec::new() };
        let at = |reader: &Reader, reason: String| format!("{reason} at byte {} of the model", reader.at);
        let done = if is_json { reader.json() } else { reader.ubjson() };
        done.map_err(|reason| at(&reader, reason))?;
        Ok(reader.document)
    }

    pub(super) fn root(&self) -> Value<'_> {
        Value { document: self, item: 0 }
    }
}

impl<'a> Value<'a> {
    fn get_item(self) -> &'a Item {
        &self.document.items[self.item as usize]
    }

    /// The value under a key.
    pub(super) fn get(self, key: &str) -> Option<Value<'a>> {
        let Item::Object(pairs) = self.get_item() else { return None };
        let found = pairs.iter().find(|((start, end), _)| self.document.bytes[*start..*end] == *key.as_bytes())?;
        Some(Value { item: found.1, ..self })
    }

    /// The value under a key in a value under a key, and so on.
    pub(super) fn at(self, keys: &[&str]) -> Option<Value<'a>> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// Keys and values of an object.
    pub(super) fn pairs(self) -> Vec<(String, Value<'a>)> {
        let Item::Object(pairs) = self.get_item() else { return Vec::new() };
        pairs.iter().map(|(key, item)| (self.string(*key), Value { item: *item, ..self })).collect()
    }

    fn string(self, (start, end): Place) -> String {
        let text = String::from_utf8_lossy(&self.document.bytes[start..end]);
        if self.document.is_json && text.contains('\\') { unescaped(&text) } else { text.into_owned() }
    }

    /// Text, or a number as text.
    pub(super) fn text(self) -> Option<String> {
        match self.get_item() {
            Item::Text(place) => Some(self.string(*place)),
            Item::Number(value) if value.fract() == 0.0 && value.abs() < 1e15 => Some(format!("{value:.0}")),
            Item::Number(value) => Some(crate::opcode::repr_float(*value)),
            _ => None,
        }
    }

    /// Number of values of a list.
    pub(super) fn len(self) -> usize {
        match self.get_item() {
            Item::List(items) => items.len(),
            Item::Typed(marker, (start, end)) => (end - start) / size_of_type(*marker).unwrap_or(1),
            Item::Flat(_) => self.numbers().len(),
            _ => 0,
        }
    }

    /// A value of a list.
    pub(super) fn index(self, index: usize) -> Option<Value<'a>> {
        let Item::List(items) = self.get_item() else { return None };
        Some(Value { item: *items.get(index)?, ..self })
    }

    /// The texts of a list.
    pub(super) fn texts(self) -> Vec<String> {
        (0..self.len()).filter_map(|index| self.index(index)?.text()).collect()
    }

    /// The numbers of a list; NaN for what is none.
    pub(super) fn numbers(self) -> Vec<f64> {
        let bytes = &self.document.bytes;
        match self.get_item() {
            Item::Typed(marker, (start, end)) => {
                let size = size_of_type(*marker).unwrap_or(1);
                bytes[*start..*end].chunks_exact(size).map(|number| typed(*marker, number)).collect()
            }
            Item::Flat((start, end)) => {
                let words = bytes[*start..*end].split(|byte| *byte == b',');
                words.map(|word| json_number(word.trim_ascii())).collect()
            }
            Item::List(items) => {
                items.iter().map(|&item| Value { item, ..self }.number().unwrap_or(f64::NAN)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A number.
    pub(super) fn number(self) -> Option<f64> {
        match self.get_item() {
            Item::Number(value) => Some(*value),
            Item::Text(place) => self.string(*place).parse().ok(),
            _ => None,
        }
    }
}

fn json_number(word: &[u8]) -> f64 {
    match word {
        b"true" => 1.0,
        b"false" => 0.0,
        _ => std::str::from_utf8(word).ok().and_then(|word| word.parse().ok()).unwrap_or(f64::NAN),
    }
}

/// Escapes of JSON; halves of pairs of surrogates become replacement characters.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                out.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

/// Bytes of a number of a type of UBJSON.
fn size_of_type(marker: u8) -> Option<usize> {
    match marker {
        b'i' | b'U' => Some(1),
        b'I' => Some(2),
        b'l' | b'd' => Some(4),
        b'L' | b'D' => Some(8),
        _ => None,
    }
}

/// A number of UBJSON, the highest byte first.
fn typed(marker: u8, bytes: &[u8]) -> f64 {
    let word = bytes.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
    match marker {
        b'd' => f64::from(f32::from_bits(word as u32)),
        b'D' => f64::from_bits(word),
        _ => integer(marker, word) as f64,
    }
}

fn integer(marker: u8, word: u64) -> i64 {
    match marker {
        b'i' => i64::from(word as u8 as i8),
        b'U' => word as i64,
        b'I' => i64::from(word as u16 as i16),
        b'l' => i64::from(word as u32 as i32),
        _ => word as i64,
    }
}

/// A container that is not complete.
struct Open {
    item: u32,
    is_object: bool,
    /// Of UBJSON: how many values are to come, when it says so.
    rest: Option<u64>,
}

struct Reader {
    document: Document,
    at: usize,
    open: Vec<Open>,
}

impl Reader {
    fn peek(&self) -> Option<u8> {
        self.document.bytes.get(self.at).copied()
    }

    fn byte(&mut self) -> Result<u8, String> {
        let byte = self.peek().ok_or("the end was not expected")?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, length: usize) -> Result<Place, String> {
        let end = self.at.checked_add(length).filter(|&end| end <= self.document.bytes.len());
        let place = (self.at, end.ok_or_else(|| format!("{length} bytes were expected"))?);
        self.at = place.1;
        Ok(place)
    }

    /// Puts an item where it belongs. Of an object, `key` is where its key is.
    fn add(&mut self, key: Option<Place>, item: Item) -> Result<u32, String> {
        let number = self.document.items.len();
        if number >= ITEMS {
            return Err(format!("more than {ITEMS} values"));
        }
        self.document.items.push(item);
        if let Some(open) = self.open.last_mut() {
            open.rest = open.rest.map(|rest| rest.saturating_sub(1));
            match (&mut self.document.items[open.item as usize], key) {
                (Item::Object(pairs), Some(key)) => pairs.push((key, number as u32)),
                (Item::List(items), _) => items.push(number as u32),
                _ => {}
            }
        }
        Ok(number as u32)
    }

    fn begin(&mut self, key: Option<Place>, is_object: bool, rest: Option<u64>) -> Result<(), String> {
        if self.open.len() == LEVELS {
            return Err(format!("more than {LEVELS} levels"));
        }
        let item = self.add(key, if is_object { Item::Object(Vec::new()) } else { Item::List(Vec::new()) })?;
        self.open.push(Open { item, is_object, rest });
        Ok(())
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn json(&mut self) -> Result<(), String> {
        loop {
            self.space();
            let is_object = self.open.last().is_some_and(|open| open.is_object);
            match self.peek() {
                Some(b'}' | b']') => {
                    self.at += 1;
                    self.open.pop().ok_or("a bracket closes nothing")?;
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let key = if is_object { Some(self.json_key()?) } else { None };
                    self.json_value(key)?;
                }
                None => return Err("the end was not expected".to_owned()),
            }
            if self.open.is_empty() && !self.document.items.is_empty() {
                return Ok(());
            }
        }
    }

    fn json_key(&mut self) -> Result<Place, String> {
        let key = self.json_text()?;
        self.space();
        match self.byte()? {
            b':' => self.space(),
            _ => return Err("a colon was expected".to_owned()),
        }
        Ok(key)
    }

    /// The characters between quotes.
    fn json_text(&mut self) -> Result<Place, String> {
        if self.byte()? != b'"' {
            return Err("text was expected".to_owned());
        }
        let start = self.at;
        loop {
            let found = memchr::memchr2(b'"', b'\\', &self.document.bytes[self.at..]);
            self.at += found.ok_or("text does not end")?;
            if self.byte()? == b'"' {
                return Ok((start, self.at - 1));
            }
            self.byte()?;
        }
    }

    fn json_value(&mut self, key: Option<Place>) -> Result<(), String> {
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                self.begin(key, true, None)
            }
            Some(b'[') => {
                self.at += 1;
                let bytes = &self.document.bytes[self.at..];
                // Numbers alone have no quotes or brackets between them.
                let end = memchr3(b']', b'[', b'"', bytes).filter(|&end| bytes[end] == b']');
                let flat = end.filter(|&end| memchr(b'{', &bytes[..end]).is_none());
                match flat {
                    Some(length) => {
                        let (start, end) = self.take(length)?;
                        self.at += 1;
                        let is_empty = self.document.bytes[start..end].trim_ascii().is_empty();
                        self.add(key, if is_empty { Item::List(Vec::new()) } else { Item::Flat((start, end)) })?;
                        Ok(())
                    }
                    None => self.begin(key, false, None),
                }
            }
            Some(b'"') => {
                let place = self.json_text()?;
                self.add(key, Item::Text(place)).map(|_| ())
            }
            _ => {
                let rest = &self.document.bytes[self.at..];
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                let word = &rest[..length];
                let item = match word {
                    b"null" => Item::Null,
                    word => match json_number(word) {
                        number if number.is_nan() && !word.eq_ignore_ascii_case(b"nan") => {
                            return Err("a value was expected".to_owned());
                        }
                        number => Item::Number(number),
                    },
                };
                self.at += length;
                self.add(key, item).map(|_| ())
            }
        }
    }

    fn ubjson(&mut self) -> Result<(), String> {
        loop {
            if let Some(open) = self.open.last() {
                let closes = match open.rest {
                    Some(rest) => rest == 0,
                    None => {
                        let end = if open.is_object { b'}' } else { b']' };
                        self.peek() == Some(end)
                    }
                };
                if closes {
                    self.at += usize::from(open.rest.is_none());
                    self.open.pop();
                    if self.open.is_empty() {
                        return Ok(());
                    }
                    continue;
                }
            }
            let key = match self.open.last() {
                Some(open) if open.is_object => {
                    let marker = self.byte()?;
                    let length = self.ubjson_length(marker)?;
                    Some(self.take(length)?)
                }
                _ => None,
            };
            let marker = self.byte()?;
            self.ubjson_value(key, marker)?;
            if self.open.is_empty() && !self.document.items.is_empty() {
                return Ok(());
            }
        }
    }

    fn ubjson_word(&mut self, marker: u8) -> Result<u64, String> {
        let size = size_of_type(marker).ok_or_else(|| format!("a number cannot have type {}", char::from(marker)))?;
        let (start, end) = self.take(size)?;
        Ok(self.document.bytes[start..end].iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
    }

    fn ubjson_length(&mut self, marker: u8) -> Result<usize, String> {
        if matches!(marker, b'd' | b'D') {
            return Err("a length cannot be a fraction".to_owned());
        }
        let word = self.ubjson_word(marker)?;
        usize::try_from(integer(marker, word)).map_err(|_| "a length is negative or too large".to_owned())
    }

    fn ubjson_value(&mut self, key: Option<Place>, marker: u8) -> Result<(), String> {
        let item = match marker {
            b'N' => return Ok(()),
            b'Z' => Item::Null,
            b'T' => Item::Number(1.0),
            b'F' => Item::Number(0.0),
            b'C' => Item::Text(self.take(1)?),
            b'S' | b'H' => {
                let marker = self.byte()?;
                let length = self.ubjson_length(marker)?;
                Item::Text(self.take(length)?)
            }
            b'[' | b'{' => return self.ubjson_container(key, marker == b'{'),
            number => {
                let word = self.ubjson_word(number)?;
                let bytes = word.to_be_bytes();
                let size = size_of_type(number).unwrap_or(8);
                Item::Number(typed(number, &bytes[8 - size..]))
            }
        };
        self.add(key, item).map(|_| ())
    }

    fn ubjson_container(&mut self, key: Option<Place>, is_object: bool) -> Result<(), String> {
        let mut of = None;
        if self.peek() == Some(b'$') {
            self.at += 1;
            of = Some(self.byte()?);
        }
        let mut count = None;
        if self.peek() == Some(b'#') {
            self.at += 1;
            let marker = self.byte()?;
            count = Some(self.ubjson_length(marker)?);
        }
        match (of, count) {
            (None, count) => self.begin(key, is_object, count.map(|count| count as u64)),
            (Some(marker), Some(count)) if !is_object => {
                let size =
                    size_of_type(marker).ok_or_else(|| format!("rows of type {} are not read", char::from(marker)))?;
                let place = self.take(count.checked_mul(size).ok_or("a row is too long")?)?;
                self.add(key, Item::Typed(marker, place)).map(|_| ())
            }
            _ => Err("a typed container without a count, or of pairs".to_owned()),
        }
    }
}
