//! Numbers as pickles write them: lines of text in the dialects of the different loaders, and binary integers.
//!
//! CPython's loaders disagree about these lines. The C loader of 3.11 hands INT to `strtol` with base 0 and LONG to
//! `int(…, 0)`, stops at a NUL and takes `+0` for False; `pickle.py` uses `int(…, 0)` with underscores; newer loaders and
//! `pickletools` use base 10. Whatever one of them accepts is accepted here, and [`Dialect`] says who disagrees.

use num_bigint::BigInt;
use std::borrow::Cow;
use std::fmt;

/// Longest integer, in digits of its line, that is made into a number: to make one takes more than its digits, and CPython
/// itself refuses more than 4300.
pub const MAX_DIGITS: usize = 100_000;

/// A Python int or bool.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Int {
    /// `True` or `False`.
    Bool(bool),
    /// A number of 64 bits.
    Small(i64),
    /// A number that does not fit 64 bits.
    Big(BigInt),
}

impl Int {
    /// A big number, or a small one if it fits.
    #[must_use]
    pub fn from_big(value: BigInt) -> Self {
        match i64::try_from(&value) {
            Ok(small) => Self::Small(small),
            Err(_) => Self::Big(value),
        }
    }
}

impl fmt::Display for Int {
    /// Python's `repr`, all digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Small(value) => value.fmt(f),
            Self::Big(value) => value.fmt(f),
        }
    }
}

/// Who reads a number line, and who reads it otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// All loaders and `pickletools` agree.
    Common,
    /// Leading zeros: an octal number to the C loader up to 3.13, an error to `pickle.py`, decimal to others.
    LeadingZeros,
    /// Leading zeros that make no octal number: an error to CPython's loaders up to 3.13, decimal to others.
    DecimalOnly,
    /// A prefix such as `0x`: loaders of base 0 read it, those of base 10 and `pickletools` refuse it.
    Prefixed,
    /// A float with underscores or blanks, which the C loader refuses.
    Loose,
    /// The number ends at a NUL: only C loaders accept it.
    CutAtNul,
    /// Two characters such as `+1`, whose value is 0 or 1: a bool to the C loader up to 3.13, an int to others.
    BoolInC,
    /// A float too large for the C loader, infinite to others.
    Overflow,
}

/// What a line with an integer means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IntLine {
    /// The value a loader gives it: CPython 3.11's C loader if that accepts the line.
    pub value: Int,
    /// Who disagrees.
    pub dialect: Dialect,
    /// What `pickletools` (base 10) reads, or `None` if it refuses the line.
    pub decimal: Option<Int>,
}

/// What a line with a float means.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FloatLine {
    /// The value.
    pub value: f64,
    /// Who disagrees.
    pub dialect: Dialect,
}

/// What a line with a memo index means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IndexLine {
    /// The index.
    pub index: u64,
    /// Who disagrees.
    pub dialect: Dialect,
}

/// A line that no CPython reads as a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumberError {
    /// No integer in any dialect.
    NotAnInteger,
    /// No float in any dialect.
    NotAFloat,
    /// A memo index below zero.
    NegativeIndex(i64),
    /// A memo index that 63 bits and a sign do not hold.
    IndexTooLarge,
    /// More than [`MAX_DIGITS`] digits.
    TooManyDigits(usize),
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnInteger => f.write_str("expected an integer"),
            Self::NotAFloat => f.write_str("expected a float"),
            Self::NegativeIndex(_) => f.write_str("expected a memo index of 0 or more"),
            Self::IndexTooLarge => f.write_str("expected a memo index from 0 to 2^63 - 1"),
            Self::TooManyDigits(count) => write!(f, "expected at most {MAX_DIGITS} digits, found {count}"),
        }
    }
}

impl std::error::Error for NumberError {}

/// Reads the line of INT.
///
/// # Errors
/// When no loader accepts it.
pub fn int_line(line: &[u8]) -> Result<IntLine, NumberError> {
    match line {
        b"00" => return Ok(common(Int::Bool(false))),
        b"01" => return Ok(common(Int::Bool(true))),
        _ => {}
    }
    if let Some(value) = plain_small(line) {
        return Ok(common(Int::Small(value)));
    }
    let mut read = integer(line, true)?;
    // C looks at the value and at the length of the line only.
    let is_bool = match (line, &read.value) {
        ([_, _], Int::Small(0 | 1)) if read.dialect == Dialect::CutAtNul => true,
        ([_, _], _) => matches!(c_int_value(line), Some(0 | 1)),
        _ => false,
    };
    if is_bool {
        read.value = Int::Bool(read.value == Int::Small(1));
        if read.dialect != Dialect::CutAtNul {
            read.dialect = Dialect::BoolInC;
        }
    }
    Ok(read)
}

/// Reads the line of LONG, whose `L` at the end is optional.
///
/// # Errors
/// When no loader accepts it.
pub fn long_line(line: &[u8]) -> Result<IntLine, NumberError> {
    let digits = line.strip_suffix(b"L").unwrap_or(line);
    match plain_small(digits) {
        Some(value) => Ok(common(Int::Small(value))),
        None => integer(digits, false),
    }
}

/// Reads the line of GET or PUT.
///
/// # Errors
/// When no loader accepts it as an index.
pub fn index_line(line: &[u8]) -> Result<IndexLine, NumberError> {
    if let Some(value) = plain_small(line) {
        let index = u64::try_from(value).map_err(|_| NumberError::NegativeIndex(value))?;
        return Ok(IndexLine { index, dialect: Dialect::Common });
    }
    let text = cut_at_nul(line);
    // An index is base 10 everywhere, and leading zeros mean nothing.
    let value = python_int(text, 10)?.ok_or(NumberError::NotAnInteger)?;
    let index = match value {
        Int::Small(value) => u64::try_from(value).map_err(|_| NumberError::NegativeIndex(value))?,
        _ => return Err(NumberError::IndexTooLarge),
    };
    let dialect = if text.len() < line.len() { Dialect::CutAtNul } else { Dialect::Common };
    Ok(IndexLine { index, dialect })
}

/// Reads the line of FLOAT.
///
/// # Errors
/// When no loader accepts it.
pub fn float_line(line: &[u8]) -> Result<FloatLine, NumberError> {
    let cut = cut_at_nul(line);
    let trimmed = trim(cut);
    let text = without_underscores(trimmed, 10).ok_or(NumberError::NotAFloat)?;
    let value = parse_float(&text).ok_or(NumberError::NotAFloat)?;
    let loose = trimmed.len() < cut.len() || text.len() < trimmed.len();
    let is_too_large = value.is_infinite() && text.iter().any(u8::is_ascii_digit);
    // Python's float() refuses a NUL, C's reader blanks, underscores and what is too large: both at once is read by nobody.
    let dialect = match (cut.len() < line.len(), loose) {
        (true, loose) if loose || is_too_large => return Err(NumberError::NotAFloat),
        (true, _) => Dialect::CutAtNul,
        (false, true) => Dialect::Loose,
        (false, false) if is_too_large => Dialect::Overflow,
        (false, false) => Dialect::Common,
    };
    Ok(FloatLine { value, dialect })
}

/// The integer of LONG1 and LONG4: little-endian two's complement of any length; no byte at all is 0.
#[must_use]
pub fn long_bytes(bytes: &[u8]) -> Int {
    if bytes.len() > 8 {
        return Int::from_big(BigInt::from_signed_bytes_le(bytes));
    }
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut wide = [if negative { 0xff } else { 0 }; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    Int::Small(i64::from_le_bytes(wide))
}

/// The line as `pickletools` would print it, if it is a plain decimal integer: `-` or nothing, then its digits without
/// leading zeros and underscores. Takes time in proportion to the line, whatever the number.
#[must_use]
pub fn decimal_text(line: &[u8]) -> Option<String> {
    let (negative, digits) = sign(trim(line));
    let digits = without_underscores(digits, 10)?;
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let digits = if zeros == digits.len() { b"0" } else { &digits[zeros..] };
    let mut out = String::with_capacity(digits.len() + 1);
    if negative && digits != b"0" {
        out.push('-');
    }
    out.push_str(std::str::from_utf8(digits).ok()?);
    Some(out)
}

/// The line itself, if it is a decimal integer as every loader writes it: `-` or nothing, then digits of which the first is not
/// 0. To make a number of many digits takes the square of their count, and to write it again as long.
#[must_use]
pub fn plain_decimal(line: &[u8]) -> Option<&str> {
    match line.strip_prefix(b"-").unwrap_or(line) {
        [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => std::str::from_utf8(line).ok(),
        _ => None,
    }
}

/// Whether a line of INT, or of LONG without its `L`, is a decimal integer as every loader writes it that no 64 bits hold, so that what it is needs
/// no number to be made of it.
pub(crate) fn is_big_decimal(line: &[u8]) -> bool {
    const SURE: usize = 21;
    (SURE..=MAX_DIGITS).contains(&line.len()) && plain_decimal(line).is_some()
}

fn common(value: Int) -> IntLine {
    IntLine { decimal: Some(value.clone()), value, dialect: Dialect::Common }
}

/// The usual case, fast: an optional minus and up to 18 digits, the first of them not 0.
fn plain_small(line: &[u8]) -> Option<i64> {
    let (negative, digits) = match line {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [b'0'] if !negative => return Some(0),
        [] | [b'0', ..] => return None,
        _ if digits.len() > 18 => return None,
        _ => {}
    }
    let mut value = 0;
    for digit in digits {
        value = value * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    Some(if negative { -value } else { value })
}

/// An integer in any dialect. `strtol`: whether the C loader reads the line by `strtol`, so that `010` is octal.
fn integer(line: &[u8], strtol: bool) -> Result<IntLine, NumberError> {
    let text = cut_at_nul(line);
    let cut = text.len() < line.len();
    let decimal = if cut { None } else { python_int(text, 10)? };
    // Nothing before a NUL is 0 to strtol, nothing at all is an error before it is asked.
    let octal = if strtol && (cut || !text.is_empty()) { c_octal(text) } else { None };
    let loaded = match octal {
        Some(value) => Some(Int::Small(value)),
        None => python_int(text, 0)?,
    };
    let dialect = match (&loaded, &decimal) {
        (None, None) => return Err(NumberError::NotAnInteger),
        _ if cut => Dialect::CutAtNul,
        (_, None) => Dialect::Prefixed,
        (None, Some(_)) => Dialect::DecimalOnly,
        (Some(loaded), Some(decimal)) if loaded != decimal => Dialect::LeadingZeros,
        // `007` is octal 7 as well: the same number, but pickle.py refuses it.
        (Some(Int::Small(value)), _) if *value != 0 && octal.is_some() => Dialect::LeadingZeros,
        _ => Dialect::Common,
    };
    let value = loaded.or_else(|| decimal.clone()).ok_or(NumberError::NotAnInteger)?;
    Ok(IntLine { value, dialect, decimal })
}

/// What `int(text, base)` gives for base 10 or 0, `None` if it refuses.
///
/// # Errors
/// When it has more than [`MAX_DIGITS`] digits.
pub fn python_int(text: &[u8], base: u32) -> Result<Option<Int>, NumberError> {
    let (negative, digits) = sign(trim(text));
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] if base == 0 => (16, after_prefix(rest)),
        [b'0', b'o' | b'O', rest @ ..] if base == 0 => (8, after_prefix(rest)),
        [b'0', b'b' | b'B', rest @ ..] if base == 0 => (2, after_prefix(rest)),
        _ => (10, digits),
    };
    let Some(digits) = without_underscores(digits, radix) else { return Ok(None) };
    if digits.is_empty() || !digits.iter().all(|digit| char::from(*digit).is_digit(radix)) {
        return Ok(None);
    }
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    if base == 0 && radix == 10 && zeros > 0 && zeros < digits.len() {
        return Ok(None);
    }
    let significant = &digits[zeros..];
    if significant.len() > MAX_DIGITS {
        return Err(NumberError::TooManyDigits(significant.len()));
    }
    if significant.is_empty() {
        return Ok(Some(Int::Small(0)));
    }
    let magnitude = if radix == 10 { decimal(significant) } else { BigInt::parse_bytes(significant, radix) };
    Ok(magnitude.map(|value| Int::from_big(if negative { -value } else { value })))
}

/// The number of decimal digits, made in pieces that are joined in pairs: digit after digit takes the square of their count.
fn decimal(digits: &[u8]) -> Option<BigInt> {
    const PIECE: u32 = 512;
    let pieces = digits.rchunks(PIECE as usize).map(|piece| BigInt::parse_bytes(piece, 10));
    let mut parts = pieces.collect::<Option<Vec<BigInt>>>()?;
    let mut power = BigInt::from(10).pow(PIECE);
    while parts.len() > 1 {
        let mut lower_first = parts.into_iter();
        parts = std::iter::from_fn(|| {
            let low = lower_first.next()?;
            Some(lower_first.next().map_or_else(|| low.clone(), |high| &low + high * &power))
        })
        .collect();
        power = &power * &power;
    }
    parts.pop()
}

/// One underscore may stand between a prefix and the digits.
fn after_prefix(digits: &[u8]) -> &[u8] {
    digits.strip_prefix(b"_").unwrap_or(digits)
}

fn cut_at_nul(line: &[u8]) -> &[u8] {
    &line[..memchr::memchr(0, line).unwrap_or(line.len())]
}

/// Without the blanks of C's `isspace` at both ends.
fn trim(text: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | 0x09..=0x0d);
    let start = text.iter().position(|byte| !blank(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !blank(byte)).map_or(start, |at| at + 1);
    &text[start..end]
}

fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// The text without underscores, or `None` if one of them does not stand between two digits of `radix`.
fn without_underscores(text: &[u8], radix: u32) -> Option<Cow<'_, [u8]>> {
    if memchr::memchr(b'_', text).is_none() {
        return Some(text.into());
    }
    let is_digit = |at: usize| text.get(at).is_some_and(|byte| char::from(*byte).is_digit(radix));
    let separates = |at: usize| at > 0 && is_digit(at - 1) && is_digit(at + 1);
    let good = memchr::memchr_iter(b'_', text).all(separates);
    good.then(|| text.iter().copied().filter(|byte| *byte != b'_').collect::<Vec<_>>().into())
}

/// The value of an octal number such as `-010`, or of nothing, that `strtol` reads to its end.
fn c_octal(text: &[u8]) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    // strtol skips blanks before the number; a blank after it makes the C loader fall back to int(…, 0).
    let start = text.iter().position(|byte| !matches!(byte, b' ' | 0x09..=0x0d))?;
    let (negative, digits) = sign(&text[start..]);
    if digits.len() < 2 || digits[0] != b'0' || !digits.iter().all(|digit| matches!(digit, b'0'..=b'7')) {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok()?;
    let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
    i64::from_str_radix(&signed, 8).ok()
}

/// The value `strtol` gives a line of two bytes, if it reads it to the end.
fn c_int_value(line: &[u8]) -> Option<i64> {
    match line {
        [b'+' | b'-' | b'0' | b' ' | 0x09..=0x0d, digit @ b'0'..=b'1'] => {
            let value = i64::from(digit - b'0');
            Some(if line[0] == b'-' { -value } else { value })
        }
        _ => None,
    }
}

/// A float in Python's grammar, spelled out so that nothing rests on what Rust's parser takes besides.
fn parse_float(text: &[u8]) -> Option<f64> {
    let (_, body) = sign(text);
    let word = [&b"inf"[..], b"infinity", b"nan"].iter().any(|word| body.eq_ignore_ascii_case(word));
    if !word {
        let exponent = memchr::memchr2(b'e', b'E', body);
        let mantissa = &body[..exponent.unwrap_or(body.len())];
        let digits = mantissa.iter().filter(|byte| byte.is_ascii_digit()).count();
        let dots = mantissa.iter().filter(|byte| **byte == b'.').count();
        if digits == 0 || dots > 1 || digits + dots != mantissa.len() {
            return None;
        }
        if let Some(at) = exponent {
            let (_, power) = sign(&body[at + 1..]);
            if power.is_empty() || !power.iter().all(u8::is_ascii_digit) {
                return None;
            }
        }
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{BigInt, Int, decimal, is_big_decimal, long_line};

    #[test]
    fn numbers_of_many_digits_are_what_their_digits_say() {
        for count in [1, 511, 512, 513, 1024, 1025, 5000, 12_345] {
            let digits: Vec<u8> = (0..count).map(|at| b'1' + (at * at % 9) as u8).collect();
            assert_eq!(decimal(&digits), BigInt::parse_bytes(&digits, 10), "{count} digits");
        }
        let zeros = [b"7".as_slice(), &[b'0'; 2000]].concat();
        assert_eq!(decimal(&zeros), BigInt::parse_bytes(&zeros, 10));
    }

    #[test]
    fn what_needs_no_number_is_beyond_64_bits_and_read_alike_by_all() {
        for line in ["123456789012345678901", "-12345678901234567890"] {
            assert!(is_big_decimal(line.as_bytes()), "{line}");
            assert!(matches!(long_line(line.as_bytes()).unwrap().value, Int::Big(_)), "{line}");
        }
        let others = [
            "99999999999999999999",
            "012345678901234567890123",
            "+12345678901234567890123",
            "1234567890123456789012_3",
            "0x12345678901234567890123",
            "123456789012345678901L",
        ];
        for line in others {
            assert!(!is_big_decimal(line.as_bytes()), "{line}");
        }
    }
}
