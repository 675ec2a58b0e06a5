//! Texts that stand for the bytes of a pickle, in the codings that the standard library undoes.
//!
//! Each is looked for by what PROTO and the protocol, the first two bytes of a pickle, come to in it. Base64 may also begin as a
//! compressed stream does, or as a pickle of the old protocols that names something first.

use crate::bytes::{MemorySource, Source, Span, read_span};
use crate::container::{Packing, Unpacked, holds_known};
use crate::format::pickle::is_announced;
use crate::opcode::unescape;
use data_encoding::BASE64_NOPAD;
use std::sync::Arc;

/// Shortest run of digits that can name and call something, and the bytes that it stands for.
const SHORTEST: usize = 24;
const FEWEST: usize = 12;
/// Bytes of a text that say whether the rest is decoded.
const HEAD: usize = 128;
/// Longest text that is decoded, and the bytes that a compressed one may unpack to.
pub(super) const LONGEST: u64 = 4 << 20;

/// A way to write bytes as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Coding {
    Base64,
    /// Pairs of hexadecimal digits, with or without signs between them.
    Hexadecimal,
    Base32,
    /// `base64.b85encode`.
    Base85,
    /// `base64.a85encode`.
    Ascii85,
    Uuencode,
    QuotedPrintable,
    Percent,
    /// The escapes of Python's literals.
    Escapes,
    /// The same in a text that was quoted once more.
    QuotedEscapes,
    /// Characters up to U+00FF in JSON.
    Json,
    /// Decimal numbers.
    Numbers,
}

use Coding::{
    Ascii85, Base32, Base64, Base85, Escapes, Hexadecimal, Json, Numbers, Percent, QuotedEscapes, QuotedPrintable,
    Uuencode,
};

/// What a pickle begins with in a coding.
const SIGNS: [(&[u8], Coding); 26] = [
    (b"gA", Base64),
    // zlib, by its levels, and gzip.
    (b"eA", Base64),
    (b"eF", Base64),
    (b"eJ", Base64),
    (b"eN", Base64),
    (b"H4sI", Base64),
    // GLOBAL and the first letter of a module, without and with a MARK in front.
    (b"Y2", Base64),
    (b"Y3", Base64),
    (b"KGM", Base64),
    (b"800", Hexadecimal),
    (b"80 0", Hexadecimal),
    (b"80:0", Hexadecimal),
    (b"80-0", Hexadecimal),
    (b"80, 0x0", Hexadecimal),
    (b"80,0x0", Hexadecimal),
    (b"QAB", Base32),
    (b"QAC", Base32),
    (b"fC", Base85),
    (b"J-", Ascii85),
    (b"@ ", Uuencode),
    (b"=80=0", QuotedPrintable),
    (b"%80%0", Percent),
    (b"\\x80\\x0", Escapes),
    (b"\\\\x80\\\\x0", QuotedEscapes),
    (b"\\u0080\\u000", Json),
    (b"128", Numbers),
];

/// A place where a text begins that may stand for a pickle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) coding: Coding,
}

/// All such places, in order.
pub(super) fn places(bytes: &[u8]) -> Vec<Place> {
    let of_sign = |&(sign, coding): &(&'static [u8], Coding)| {
        let places = memchr::memmem::find_iter(bytes, sign).filter_map(move |at| {
            // The length of a line stands before its digits.
            let at = if coding == Uuencode { at.checked_sub(1)? } else { at };
            coding.begins_at(bytes, at).then_some(Place { at, coding })
        });
        places.collect::<Vec<_>>()
    };
    let mut places: Vec<Place> = SIGNS.iter().flat_map(of_sign).collect();
    places.sort_unstable_by_key(|place| place.at);
    places
}

impl Coding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Base64 => "base64",
            Hexadecimal => "hexadecimal",
            Base32 => "base32",
            Base85 => "base85",
            Ascii85 => "ascii85",
            Uuencode => "uuencode",
            QuotedPrintable => "quoted-printable",
            Percent => "percent-encoding",
            Escapes | QuotedEscapes => "escapes",
            Json => "JSON escapes",
            Numbers => "decimal numbers",
        }
    }

    /// Whether a text begins here, and not in the middle of another, whose first bytes may be those of a pickle.
    fn begins_at(self, bytes: &[u8], at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let is_begin = before.is_none_or(|before| match self {
            Base64 => !is_base64(before),
            Hexadecimal => !before.is_ascii_hexdigit(),
            Base32 | Numbers => !before.is_ascii_alphanumeric() && before != b'.',
            Base85 | Ascii85 => before.is_ascii_whitespace() || b"\"',:=~([{>;".contains(&before),
            Uuencode => before == b'\n',
            QuotedPrintable | Percent | Escapes | QuotedEscapes | Json => true,
        }) && (!matches!(self, Escapes | QuotedEscapes) || is_field(bytes, at));
        let head = &bytes[at..bytes.len().min(at + HEAD)];
        is_begin && self.decode(head, quote(bytes, at)).is_some_and(|bytes| self.may_be_pickle(&bytes))
    }

    /// Whether bytes may be those of a pickle, or of a compressed one.
    fn may_be_pickle(self, bytes: &[u8]) -> bool {
        let is_possible = || is_announced(bytes) || self == Base64 && (names_first(bytes) || packing(bytes).is_some());
        bytes.len() >= FEWEST && is_possible()
    }

    /// The bytes that a text stands for, from its beginning to what is of no such text.
    fn decode(self, text: &[u8], quote: Option<u8>) -> Option<Vec<u8>> {
        match self {
            Base64 => base64(text),
            Hexadecimal => Some(pairs(text)),
            Base32 => Some(base32(text)),
            Base85 => Some(base85(text, |byte| BASE85.iter().position(|digit| *digit == byte), false)),
            Ascii85 => Some(base85(text, |byte| (b'!'..=b'u').contains(&byte).then(|| usize::from(byte - b'!')), true)),
            Uuencode => Some(uuencode(text)),
            QuotedPrintable => {
                Some(escaped_pairs(text, b'=', |byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e)))
            }
            Percent => Some(escaped_pairs(text, b'%', |byte| byte.is_ascii_graphic() && !b"&\"'<>".contains(&byte))),
            Escapes => escapes(text, quote),
            QuotedEscapes => escapes(&once_less(text), quote),
            Json => Some(json(text)),
            Numbers => Some(numbers(text)),
        }
    }
}

impl Place {
    /// The pickle that the text stands for, of which `before` are the bytes before the place, if any.
    pub(super) fn decode(self, text: &[u8], before: Option<u8>) -> Option<(&'static str, Vec<u8>)> {
        let bytes = self.coding.decode(text, before.filter(|before| is_quote(*before)))?;
        match packing(&bytes).filter(|_| self.coding == Base64) {
            Some(packing) => Some(("compressed base64", unpacked(packing, bytes)?)),
            None => Some((self.coding.name(), bytes)),
        }
    }

    /// Whether what it stands for is compressed, as far as its first bytes tell.
    pub(super) fn is_packed(self, text: &[u8]) -> bool {
        let head = &text[..text.len().min(HEAD)];
        self.coding == Base64 && base64(head).is_some_and(|bytes| packing(&bytes).is_some())
    }
}

/// Whether decoded bytes are a pickle that says so, or one of the old protocols that names something first.
pub(super) fn is_pickle(bytes: &[u8]) -> bool {
    is_announced(bytes) || names_first(bytes)
}

/// Whether bytes begin with GLOBAL and two names, as pickles of the old protocols do that call something.
fn names_first(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"(").unwrap_or(bytes).strip_prefix(b"c") else { return false };
    let is_name = |line: &[u8]| {
        line.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
            && line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
    };
    let mut lines = rest.splitn(3, |byte| *byte == b'\n');
    let (module, name, behind) = (lines.next(), lines.next(), lines.next());
    module.is_some_and(is_name) && name.is_some_and(is_name) && behind.is_some()
}

fn packing(bytes: &[u8]) -> Option<Packing> {
    match bytes {
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some(Packing::Zlib),
        [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
        _ => None,
    }
}

fn unpacked(packing: Packing, bytes: Vec<u8>) -> Option<Vec<u8>> {
    let packed: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    if !holds_known(packing, &*packed) {
        return None;
    }
    let span = Span::new(0, packed.len());
    let unpacked = Unpacked::new(packing, packed, span);
    unpacked.advance(LONGEST, &mut |_, _| {});
    let bytes = read_span(&unpacked, Span::new(0, unpacked.len())).ok()?;
    Some(bytes.into_owned())
}

/// The quote before a place.
fn quote(bytes: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).map(|before| bytes[before]).filter(|before| is_quote(*before))
}

/// Whether a literal is the whole of a field, as in CSV and JSON. In programs literals stand in expressions, and tests of pickles are
/// full of them.
fn is_field(bytes: &[u8], at: usize) -> bool {
    let before = &bytes[..at];
    let without_quote = before.strip_suffix(b"'").or(before.strip_suffix(b"\"")).unwrap_or(before);
    let without_sign = without_quote.strip_suffix(b"b").filter(|_| without_quote.len() < before.len());
    let before = without_sign.unwrap_or(without_quote);
    before.last().is_none_or(|byte| b"\",;\t\n".contains(byte)) || before.trim_ascii_end().ends_with(b"\":")
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// A text without the ends of lines at its beginning, also as JSON spells these.
fn without_line_ends(mut text: &[u8]) -> &[u8] {
    while let [b'\n' | b'\r', rest @ ..] | [b'\\', b'n' | b'r', rest @ ..] = text {
        text = rest;
    }
    text
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let (mut digits, mut rest) = (Vec::new(), text);
    while let [byte, behind @ ..] = rest
        && is_base64(*byte)
    {
        digits.push(match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => *byte,
        });
        rest = without_line_ends(behind);
    }
    // One digit alone is no byte; the last bits of the last one may be anything.
    digits.truncate(digits.len() - usize::from(digits.len() % 4 == 1));
    let whole = digits.len() / 4 * 4;
    let bytes = BASE64_NOPAD.decode(&digits).or_else(|_| BASE64_NOPAD.decode(&digits[..whole]));
    bytes.ok().filter(|_| digits.len() >= SHORTEST)
}

/// What a hexadecimal digit stands for.
fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn pair(digits: [u8; 2]) -> Option<u8> {
    Some(nibble(digits[0])? << 4 | nibble(digits[1])?)
}

/// Pairs of hexadecimal digits: `80049531`, `80 04 95`, `80:04:95`, `0x80, 0x04`.
fn pairs(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text);
    while let [high, low, behind @ ..] = rest
        && let Some(byte) = pair([*high, *low])
    {
        bytes.push(byte);
        rest = without_line_ends(behind);
        if let [b':' | b'-', behind @ ..] = rest {
            rest = behind;
        }
        while let [b' ' | b'\t' | b'\n' | b'\r' | b',', behind @ ..] = rest {
            rest = behind;
        }
        rest = rest.strip_prefix(b"0x").unwrap_or(rest);
    }
    bytes
}

fn base32(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest, mut bits, mut count) = (Vec::new(), text, 0_u32, 0);
    while let [digit, behind @ ..] = rest {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => break,
        };
        (bits, count) = (bits << 5 | u32::from(value), count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
        rest = without_line_ends(behind);
    }
    bytes
}

/// The digits of `base64.b85encode`.
const BASE85: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// Five digits for four bytes; at the end a digit more than bytes. With `is_ascii85`, `z` is four zeros and blanks do not count.
fn base85(text: &[u8], digit: impl Fn(u8) -> Option<usize>, is_ascii85: bool) -> Vec<u8> {
    let (mut bytes, mut value, mut count) = (Vec::new(), 0_u64, 0);
    for &byte in text {
        match digit(byte) {
            Some(digit) => {
                value = value * 85 + digit as u64;
                count += 1;
            }
            None if is_ascii85 && byte == b'z' && count == 0 => bytes.extend([0; 4]),
            None if is_ascii85 && byte.is_ascii_whitespace() => {}
            None => break,
        }
        if count == 5 {
            let Ok(whole) = u32::try_from(value) else { return bytes };
            bytes.extend(whole.to_be_bytes());
            (value, count) = (0, 0);
        }
    }
    if count > 1 {
        let filled = (count..5).fold(value, |value, _| value * 85 + 84);
        let whole = u32::try_from(filled).unwrap_or_default();
        bytes.extend(&whole.to_be_bytes()[..count - 1]);
    }
    bytes
}

/// Lines that begin with their length.
fn uuencode(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some((length, digits)) = line.split_first() else { break };
        if !(0x21..=0x60).contains(length) || digits.iter().any(|digit| !(0x20..=0x60).contains(digit)) {
            break;
        }
        let length = usize::from((length - 0x20) & 0x3f);
        let start = bytes.len();
        for four in digits.chunks(4) {
            let value = (0..4).fold(0_u32, |value, index| {
                value << 6 | u32::from(four.get(index).map_or(0, |digit| (digit - 0x20) & 0x3f))
            });
            bytes.extend(&value.to_be_bytes()[1..]);
        }
        // Blanks at the end of a line are often lost.
        bytes.resize(start + length, 0);
    }
    bytes
}

/// Bytes as they are and pairs of digits behind a sign; a sign at the end of a line joins it with the next.
fn escaped_pairs(text: &[u8], sign: u8, is_plain: impl Fn(u8) -> bool) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text);
    loop {
        rest = match rest {
            [first, b'\n', behind @ ..] | [first, b'\r', b'\n', behind @ ..] if *first == sign => behind,
            [first, high, low, behind @ ..] if *first == sign => {
                let Some(byte) = pair([*high, *low]) else { return bytes };
                bytes.push(byte);
                behind
            }
            [byte, behind @ ..] if *byte != sign && is_plain(*byte) => {
                bytes.push(*byte);
                behind
            }
            _ => return bytes,
        };
    }
}

/// A literal up to its quote, or the end of the line.
fn escapes(text: &[u8], quote: Option<u8>) -> Option<Vec<u8>> {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let ends = quote.map_or_else(|| is_quote(byte) || byte == b'\n', |quote| byte == quote);
        if ends {
            break;
        }
        at += if byte == b'\\' { 2 } else { 1 };
    }
    let body = &text[..at.min(text.len())];
    // The head of a text may end in an escape.
    let cut = body.len().saturating_sub(4);
    let is_cut = || body[cut..].iter().position(|byte| *byte == b'\\').map(|place| &body[..cut + place]);
    unescape(body).ok().or_else(|| unescape(is_cut()?).ok())
}

/// A text with each pair of backslashes made one.
fn once_less(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter().peekable();
    while let Some(&byte) = bytes.next() {
        if byte == b'\\' && bytes.peek() == Some(&&b'\\') {
            bytes.next();
        }
        plain.push(byte);
    }
    plain
}

/// The characters of a text in JSON, each a byte.
fn json(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text);
    loop {
        let (byte, behind) = match rest {
            [b'\\', b'u', b'0', b'0', high, low, behind @ ..] => (pair([*high, *low]), behind),
            [b'\\', code, behind @ ..] => (plain_escape(*code), behind),
            [lead @ (0xc2 | 0xc3), next @ 0x80..=0xbf, behind @ ..] => (Some((lead & 3) << 6 | next & 0x3f), behind),
            [byte @ 0x20..=0x7f, behind @ ..] if *byte != b'"' => (Some(*byte), behind),
            _ => return bytes,
        };
        let Some(byte) = byte else { return bytes };
        bytes.push(byte);
        rest = behind;
    }
}

fn plain_escape(code: u8) -> Option<u8> {
    Some(match code {
        b'"' | b'\\' | b'/' => code,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

/// Decimal numbers below 256 with signs between them.
fn numbers(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text);
    loop {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&rest[..digits.min(4)]).ok().and_then(|digits| digits.parse().ok());
        let Some(number) = number else { return bytes };
        bytes.push(number);
        rest = &rest[digits..];
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b';')).count();
        if blanks == 0 {
            return bytes;
        }
        rest = &rest[blanks..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICKLE: &[u8] = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04echo\x85R.";

    /// What stands at the first place of a text.
    fn first(text: &[u8]) -> Option<(usize, &'static str, Vec<u8>)> {
        let place = *places(text).first()?;
        let before = place.at.checked_sub(1).map(|before| text[before]);
        let (coding, bytes) = place.decode(&text[place.at..], before)?;
        Some((place.at, coding, bytes))
    }

    /// Every byte after what comes before it, as `each` writes it.
    fn spelled(between: &str, each: impl Fn(u8) -> String) -> String {
        PICKLE.iter().map(|byte| each(*byte)).collect::<Vec<_>>().join(between)
    }

    #[test]
    fn each_coding_is_found_where_it_begins() {
        // What base64, binascii, quopri, urllib and json of Python make of it; in pieces, so that this file spells nothing.
        let either = |byte: u8, escape: &dyn Fn(u8) -> String| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => escape(byte),
        };
        let texts = [
            (data_encoding::BASE64.encode(PICKLE), "base64"),
            (spelled("", |byte| format!("{byte:02x}")), "hexadecimal"),
            (spelled(" ", |byte| format!("{byte:02X}")), "hexadecimal"),
            (spelled(":", |byte| format!("{byte:02x}")), "hexadecimal"),
            (spelled(", ", |byte| format!("0x{byte:02x}"))[2..].to_owned(), "hexadecimal"),
            (data_encoding::BASE32.encode(PICKLE), "base32"),
            (["fCP*JZ*z", "<Wb9r-gWo", "?s;1Z87rZ-r7W"].concat(), "base85"),
            (["J-:f4Df^", "jAF*VhKAS", "mWi\"D)(VDhV(A"].concat(), "ascii85"),
            (spelled("", |byte| either(byte, &|byte| format!("={byte:02X}"))) + "=\n", "quoted-printable"),
            (spelled("", |byte| either(byte, &|byte| format!("%{byte:02X}"))), "percent-encoding"),
            (spelled("", |byte| either(byte, &|byte| format!("\\x{byte:02x}"))), "escapes"),
            (spelled("", |byte| either(byte, &|byte| format!("\\\\x{byte:02x}"))), "escapes"),
            (spelled("", |byte| either(byte, &|byte| format!("\\u00{byte:02x}"))), "JSON escapes"),
            (spelled(", ", |byte| byte.to_string()), "decimal numbers"),
            (spelled(",", |byte| byte.to_string()), "decimal numbers"),
        ];
        for (text, coding) in texts {
            for (at, text) in [(0, text.clone()), (6, format!("{{\"a\":\"{text}\", \"b\": 1}}"))] {
                let (place, found, bytes) = first(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
                assert_eq!((place, found), (at, coding), "{text}");
                assert!(bytes.starts_with(PICKLE), "{text}: {}", bytes.escape_ascii());
            }
        }
        let lines = ["begin 666 <data>\n8@ 2, ", "F]SC 9S>7-T9", "6V3C 1E8VAOA5(N\n \nend\n"].concat();
        assert_eq!(first(lines.as_bytes()), Some((17, "uuencode", PICKLE.to_vec())));
    }

    #[test]
    fn literals_count_as_fields_alone() {
        let literal = format!("b'{}'", spelled("", |byte| format!("\\x{byte:02x}")));
        assert_eq!(first(format!("id,p\n1,\"{literal}\"\n").as_bytes()).map(|(at, ..)| at), Some(10));
        assert_eq!(first(format!("    let pickle = read({literal});\n").as_bytes()), None);
        assert_eq!(first(format!("PICKLE = {literal}\n").as_bytes()), None);
    }

    #[test]
    fn base64_may_be_compressed_or_of_an_old_protocol() {
        let signed = [".eJxrYOlhyi_u", "YSuuLC5JzZ3cw5", "KanJHfGqQHAG39CPM=:1abcde:signature"].concat();
        assert_eq!(first(signed.as_bytes()).map(|(at, coding, _)| (at, coding)), Some((1, "compressed base64")));
        let old = ["\"Y29zCnN5c3Rl", "bQooUydlY2hvJwp0Ui4=\""].concat();
        assert_eq!(first(old.as_bytes()), Some((1, "base64", b"cos\nsystem\n(S'echo'\ntR.".to_vec())));
        assert_eq!(first(b"eJwVzLEKAyEQBNB+v2IqTVKEkC5FPiP1sh7snSvqCf59vGZghn"), None);
        assert!(names_first(b"(cos\nsystem\n") && !names_first(b"cos system\n\n") && !names_first(b"c\nname\nrest"));
    }

    #[test]
    fn other_texts_begin_no_pickle() {
        for text in [
            "xgASVgASVgASVgASVgASVgASVgASV, f8004, gAYV, 8006, gA",
            "Y29udGVudCBvZiBhIGZpbGUgdGhhdCBpcyBubyBwaWNrbGU=",
            "128, 4 and 128.4, 80:01, 80-02, fC, QAB, =80=0, %80%0",
            "1128, 4, 140, 2, 111, 115, 140, 6, 115, 121, 115, 116",
        ] {
            assert_eq!(places(text.as_bytes()), [], "{text}");
        }
    }

    #[test]
    fn digits_may_stand_in_lines() {
        let base64 = data_encoding::BASE64.encode(PICKLE);
        let lines = format!("{}\r\n{}\\n{}\", ", &base64[..10], &base64[10..20], &base64[20..]);
        for text in [&base64, &lines, &base64.replace('/', "_").replace('+', "-")] {
            assert_eq!(first(text.as_bytes()), Some((0, "base64", PICKLE.to_vec())), "{text}");
        }
    }

    #[test]
    fn digits_that_end_early_are_decoded_as_far_as_they_go() {
        assert_eq!(base85(b"fCP*J~~~~~", |byte| BASE85.iter().position(|digit| *digit == byte), false).len(), 4);
        assert_eq!(escapes(br"\x80\x04\x", None), Some(b"\x80\x04".to_vec()));
        assert_eq!(escaped_pairs(b"%80%0", b'%', |byte| byte.is_ascii_graphic()), b"\x80");
        assert_eq!(numbers(b"128, 4, 999, 1"), b"\x80\x04");
        assert_eq!(json(br"\u0080\u0104"), b"\x80");
        assert_eq!(uuencode(b"#@"), b"\x80\0\0");
    }
}
