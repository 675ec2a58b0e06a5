//! What texts of each coding stand for, as far as they go.

use crate::opcode::unescape;
use data_encoding::BASE64_NOPAD;

/// Shortest run of digits that can name and call something.
const SHORTEST: usize = 24;

pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// A text without the ends of lines at its beginning, also as JSON spells these.
fn without_line_ends(mut text: &[u8]) -> &[u8] {
    while let [b'\n' | b'\r', rest @ ..] | [b'\\', b'n' | b'r', rest @ ..] = text {
        text = rest;
    }
    text
}

pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
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

/// The same from digits behind others, of whose first so many bits belong to the byte before.
pub(super) fn base64_from(text: &[u8], bits: u8) -> Option<Vec<u8>> {
    // Digits in front bring it to the beginning of a byte.
    let skipped = usize::from(bits / 2);
    let mut bytes = base64(&[&b"AA"[..skipped], text].concat())?;
    bytes.drain(..skipped);
    Some(bytes)
}

/// What a digit of base64 stands for.
pub(super) fn sextet(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// What a hexadecimal digit stands for.
fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn pair(digits: [u8; 2]) -> Option<u8> {
    Some(nibble(digits[0])? << 4 | nibble(digits[1])?)
}

/// Pairs of hexadecimal digits: `80049531`, `80 04 95`, `80:04:95`, `0x80, 0x04`.
pub(super) fn pairs(text: &[u8]) -> Vec<u8> {
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

pub(super) fn base32(text: &[u8]) -> Vec<u8> {
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
pub(super) const BASE85: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// Five digits for four bytes; at the end a digit more than bytes. With `is_ascii85`, `z` is four zeros and blanks do not count.
pub(super) fn base85(text: &[u8], digit: impl Fn(u8) -> Option<usize>, is_ascii85: bool) -> Vec<u8> {
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
pub(super) fn uuencode(text: &[u8]) -> Vec<u8> {
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
pub(super) fn escaped_pairs(text: &[u8], sign: u8, is_plain: impl Fn(u8) -> bool) -> Vec<u8> {
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
pub(super) fn escapes(text: &[u8], quote: Option<u8>) -> Option<Vec<u8>> {
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
pub(super) fn once_less(text: &[u8]) -> Vec<u8> {
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
pub(super) fn json(text: &[u8]) -> Vec<u8> {
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
pub(super) fn numbers(text: &[u8]) -> Vec<u8> {
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
