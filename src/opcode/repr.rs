//! Python's `repr` of text, bytes and floats, to the digit.

use super::PyText;
use super::printable::is_printable;
use std::borrow::Cow;
use std::fmt::{self, Write};

/// Which quote Python puts around a literal: the double one only where it saves escaping single ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Quotes {
    single: bool,
    double: bool,
}

impl Quotes {
    /// Takes note of the quotes in one more piece of the content (of text, its generalised UTF-8).
    pub fn see(&mut self, bytes: &[u8]) {
        self.single = self.single || memchr::memchr(b'\'', bytes).is_some();
        self.double = self.double || memchr::memchr(b'"', bytes).is_some();
    }

    /// The quote for everything seen so far.
    #[must_use]
    pub fn quote(self) -> char {
        if self.single && !self.double { '"' } else { '\'' }
    }
}

/// The `repr` of a `str`.
#[must_use]
pub fn repr_str(text: &PyText<'_>) -> String {
    let mut out = String::with_capacity(text.as_bytes().len() + 2);
    // Writing to a String cannot fail.
    let _ = write_str(&mut out, text);
    out
}

/// Writes the `repr` of a `str`.
///
/// # Errors
/// Those of `out`.
pub fn write_str(out: &mut (impl Write + ?Sized), text: &PyText<'_>) -> fmt::Result {
    let mut quotes = Quotes::default();
    quotes.see(text.as_bytes());
    let quote = quotes.quote();
    out.write_char(quote)?;
    write_str_body(out, text, quote)?;
    out.write_char(quote)
}

/// Writes what stands between the quotes of the `repr` of a `str`.
///
/// # Errors
/// Those of `out`.
pub fn write_str_body(out: &mut (impl Write + ?Sized), text: &PyText<'_>, quote: char) -> fmt::Result {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let plain = plain_length(&bytes[at..], quote);
        if plain > 0 {
            if let Ok(run) = std::str::from_utf8(&bytes[at..at + plain]) {
                out.write_str(run)?;
            }
            at += plain;
            continue;
        }
        let width = sequence_length(bytes[at]);
        let character = &bytes[at..(at + width).min(bytes.len())];
        write_code_point(out, first_code_point(character), quote)?;
        at += width;
    }
    Ok(())
}

/// Length of the run of ASCII characters at the beginning that `repr` leaves alone.
fn plain_length(bytes: &[u8], quote: char) -> usize {
    let special = |byte: &u8| !(0x20..0x7f).contains(byte) || *byte == b'\\' || char::from(*byte) == quote;
    bytes.iter().position(special).unwrap_or(bytes.len())
}

/// Number of bytes of the generalised UTF-8 sequence that `first` opens.
fn sequence_length(first: u8) -> usize {
    match first {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

fn first_code_point(sequence: &[u8]) -> u32 {
    let mask = [0x7f, 0x1f, 0x0f, 0x07][sequence.len().clamp(1, 4) - 1];
    let (first, rest) = sequence.split_first().unwrap_or((&0, &[]));
    rest.iter().fold(u32::from(first & mask), |code, byte| code << 6 | u32::from(byte & 0x3f))
}

fn write_code_point(out: &mut (impl Write + ?Sized), code: u32, quote: char) -> fmt::Result {
    match code {
        0x09 => out.write_str("\\t"),
        0x0a => out.write_str("\\n"),
        0x0d => out.write_str("\\r"),
        0x5c => out.write_str("\\\\"),
        _ if code == quote as u32 => write!(out, "\\{quote}"),
        _ if is_printable(code) => out.write_char(char::from_u32(code).unwrap_or('\u{fffd}')),
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    }
}

/// The `repr` of at most `max_chars` characters of a `str`, closed by its quote, and whether any were left out. Looks
/// at no more of the text than that, so the choice of quote, too, rests on what is shown.
#[must_use]
pub fn repr_str_prefix(text: &PyText<'_>, max_chars: usize) -> (String, bool) {
    let bytes = text.as_bytes();
    let mut end = 0;
    for _ in 0..max_chars {
        let Some(first) = bytes.get(end) else { break };
        end += sequence_length(*first);
    }
    let end = end.min(bytes.len());
    // The cut is at the end of a sequence, so this does decode.
    let shown = PyText::from_utf8_surrogatepass(&bytes[..end]).unwrap_or_default();
    (repr_str(&shown), end < bytes.len())
}

/// The `repr` of a bytes object, `b` included.
#[must_use]
pub fn repr_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    let _ = write_bytes(&mut out, bytes);
    out
}

/// Writes the `repr` of a bytes object, `b` included.
///
/// # Errors
/// Those of `out`.
pub fn write_bytes(out: &mut (impl Write + ?Sized), bytes: &[u8]) -> fmt::Result {
    let mut quotes = Quotes::default();
    quotes.see(bytes);
    let quote = quotes.quote();
    write!(out, "b{quote}")?;
    write_bytes_body(out, bytes, quote)?;
    out.write_char(quote)
}

/// The `repr` of a bytearray. It escapes every single quote, even between double ones, where bytes do not.
#[must_use]
pub fn repr_bytearray(bytes: &[u8]) -> String {
    repr_bytearray_prefix(bytes, bytes.len()).0
}

/// The `repr` of at most `max_bytes` bytes of a bytearray, and whether any were left out: then its parenthesis stays open.
#[must_use]
pub fn repr_bytearray_prefix(bytes: &[u8], max_bytes: usize) -> (String, bool) {
    let shown = &bytes[..bytes.len().min(max_bytes)];
    let mut out = String::with_capacity(shown.len() + 14);
    let mut quotes = Quotes::default();
    quotes.see(shown);
    let quote = quotes.quote();
    let _ = write!(out, "bytearray(b{quote}");
    let _ = write_bytes_body(&mut out, shown, '\'');
    out.push(quote);
    let truncated = shown.len() < bytes.len();
    if !truncated {
        out.push(')');
    }
    (out, truncated)
}

/// Writes what stands between the quotes of the `repr` of a bytes object; the quote is the character to escape.
///
/// # Errors
/// Those of `out`.
pub fn write_bytes_body(out: &mut (impl Write + ?Sized), bytes: &[u8], quote: char) -> fmt::Result {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut at = 0;
    while at < bytes.len() {
        let plain = plain_length(&bytes[at..], quote);
        if let Ok(run) = std::str::from_utf8(&bytes[at..at + plain]) {
            out.write_str(run)?;
        }
        at += plain;
        let Some(&byte) = bytes.get(at) else { break };
        at += 1;
        match byte {
            b'\t' => out.write_str("\\t")?,
            b'\n' => out.write_str("\\n")?,
            b'\r' => out.write_str("\\r")?,
            0x20..0x7f => write!(out, "\\{}", char::from(byte))?,
            _ => {
                let digits = [b'\\', b'x', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                out.write_str(std::str::from_utf8(&digits).unwrap_or_default())?;
            }
        }
    }
    Ok(())
}

/// The `repr` of at most `max_bytes` bytes, closed by its quote, and whether any were left out.
#[must_use]
pub fn repr_bytes_prefix(bytes: &[u8], max_bytes: usize) -> (String, bool) {
    let shown = &bytes[..bytes.len().min(max_bytes)];
    (repr_bytes(shown), shown.len() < bytes.len())
}

/// The `repr` of a complex number from those of its parts.
#[must_use]
pub fn repr_complex(real: &str, imaginary: &str) -> String {
    let imaginary = imaginary.strip_suffix(".0").unwrap_or(imaginary);
    match real {
        "0.0" => format!("{imaginary}j"),
        _ => {
            let real = real.strip_suffix(".0").unwrap_or(real);
            let sign = if imaginary.starts_with('-') { "" } else { "+" };
            format!("({real}{sign}{imaginary}j)")
        }
    }
}

/// The `repr` of a float: the shortest digits that read back as the same number.
#[must_use]
pub fn repr_float(value: f64) -> String {
    let mut out = String::new();
    let _ = write_float(&mut out, value);
    out
}

/// Writes the `repr` of a float.
///
/// # Errors
/// Those of `out`.
pub fn write_float(out: &mut (impl Write + ?Sized), value: f64) -> fmt::Result {
    if value.is_nan() {
        return out.write_str("nan");
    }
    if value.is_infinite() {
        return out.write_str(if value > 0.0 { "inf" } else { "-inf" });
    }
    let (digits, exponent) = shortest(value.abs());
    if value.is_sign_negative() {
        out.write_char('-')?;
    }
    write_digits(out, &digits, exponent)
}

/// Writes decimal digits as `repr` lays out a float: `exponent` is the power of ten of the first of them, which alone
/// may be a 0. Plain from 1e-4 to below 1e16, else with an exponent.
///
/// # Errors
/// Those of `out`.
pub fn write_digits(out: &mut (impl Write + ?Sized), digits: &str, exponent: i32) -> fmt::Result {
    let point = exponent + 1;
    let count = digits.len() as i32;
    if !(-3..=16).contains(&point) {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{first}{dot}{rest}e{sign}{:02}", exponent.unsigned_abs())
    } else if point <= 0 {
        write!(out, "0.{:0>1$}", digits, (count - point) as usize)
    } else if point >= count {
        write!(out, "{:0<1$}.0", digits, point as usize)
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        write!(out, "{whole}.{fraction}")
    }
}

/// The fewest significant digits that read back as `value`, and the power of ten of the first. The value is not negative.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse().unwrap_or(0);
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    // Where two shortest numbers lie equally near, Python takes the even one and Rust the upper one.
    if is_tied(value, digits.len() as i32, exponent) {
        let exact = format!("{value:.*e}", digits.len());
        let below = exact.bytes().filter(u8::is_ascii_digit).nth(digits.len() - 1);
        let last = digits.pop().map_or(b'0', |digit| digit as u8);
        let other = if below == Some(last) { last + 1 } else { last - 1 };
        let even = format!("{digits}{}e{}", char::from(other), exponent - digits.len() as i32);
        // Below a power of two the numbers lie closer, so the other one need not read back.
        let replace = last % 2 == 1 && even.parse() == Ok(value);
        digits.push(char::from(if replace { other } else { last }));
    }
    (digits, exponent)
}

/// Whether `value` lies exactly between two numbers of `count` digits: its own digits are one more, and that is a 5.
fn is_tied(value: f64, count: i32, exponent: i32) -> bool {
    let bits = value.to_bits();
    let mantissa = bits & ((1 << 52) - 1) | u64::from(bits >> 52 != 0) << 52;
    if mantissa == 0 {
        return false;
    }
    // The value is an odd number times this power of two.
    let power = (bits >> 52).max(1) as i32 - 1075 + mantissa.trailing_zeros() as i32;
    if power < 0 {
        // So its last decimal, a 5, stands at this power of ten.
        return exponent - power == count;
    }
    // 53 bits hold at most 22 factors of five, and without them a large number ends in no such zeros.
    if exponent >= 40 {
        return false;
    }
    let exact = format!("{value:.0}");
    let rest = exact.as_bytes().get(count as usize..).unwrap_or_default();
    rest.first() == Some(&b'5') && rest[1..].iter().all(|digit| *digit == b'0')
}

/// A name as it can be shown anywhere: characters that do not print are escaped as `repr` escapes them.
#[must_use]
pub fn printable(name: &str) -> Cow<'_, str> {
    if name.chars().all(|c| is_printable(u32::from(c))) {
        return Cow::Borrowed(name);
    }
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_str_body(&mut out, &PyText::from(name), '\\');
    Cow::Owned(out)
}

/// [`printable`] for bytes that should be UTF-8: surrogates and bytes that do not decode are escaped too.
#[must_use]
pub fn printable_bytes(name: &[u8]) -> Cow<'_, str> {
    if let Ok(name) = std::str::from_utf8(name) {
        return printable(name);
    }
    let mut out = String::new();
    let mut rest = name;
    while let Some(&first) = rest.first() {
        let end = match PyText::from_utf8_surrogatepass(rest) {
            Ok(_) => rest.len(),
            Err(error) => error.position,
        };
        // What stands before the place of the error does decode.
        let text = PyText::from_utf8_surrogatepass(&rest[..end]).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = match end {
            0 => write!(out, "\\x{first:02x}"),
            _ => write_str_body(&mut out, &text, '\\'),
        };
        rest = &rest[end.max(1)..];
    }
    Cow::Owned(out)
}
