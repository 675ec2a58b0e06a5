//! One element of an array, or a scalar, from its bytes: printed as `str` of numpy's scalar, text and bytes as their repr.
//!
//! Floats have numpy's digits, the fewest for their width, in the layout of Python's repr. numpy's own layout of float16 and
//! float32 differs between its versions (`65500.0` up to 1.26, `6.55e+04` in 2.4).

use super::datetime::time;
use super::dtype::{Dtype, Field, Float8, Kind, product};
use super::shortest::shortest;
use crate::lens::graph_view::ScalarKind;
use crate::opcode;
use crate::opcode::{PyText, Quotes};

/// What stands for what is not there or would be too long.
const MORE: char = '…';

/// What an element is, for its colour.
pub(in crate::lens) fn scalar_kind(dtype: &Dtype) -> ScalarKind {
    match dtype.kind {
        Kind::Bytes | Kind::Text => ScalarKind::Text,
        _ => ScalarKind::Number,
    }
}

/// The text of one element in about `budget` characters. `bytes` may be only the first ones of a large element; what they
/// do not reach is `…`.
pub(in crate::lens) fn text(dtype: &Dtype, bytes: &[u8], budget: usize) -> String {
    let mut out = String::new();
    write(&mut out, dtype, bytes, budget);
    out
}

/// The characters of an element that is text, without quotes and escapes, and without the NULs that fill it up.
pub(in crate::lens) fn label(dtype: &Dtype, bytes: &[u8]) -> Option<String> {
    match dtype.kind {
        Kind::Text => {
            let codes = bytes.chunks_exact(4).map(|four| code(wide(&ordered(four, dtype.big_endian), 0)));
            let text: Option<String> = codes.map(char::from_u32).collect();
            Some(text?.trim_end_matches('\0').to_owned())
        }
        Kind::Bytes => {
            let length = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            let is_plain = bytes[..length].iter().all(|byte| matches!(byte, b' '..=b'~'));
            is_plain.then(|| String::from_utf8_lossy(&bytes[..length]).into_owned())
        }
        _ => None,
    }
}

impl Dtype {
    /// The text of an element with these bytes, in about `budget` characters.
    #[must_use]
    pub fn element_text(&self, bytes: &[u8], budget: usize) -> String {
        text(self, bytes, budget)
    }
}

/// Dtypes nest a few levels only (`GraphView::dtype` sees to that), so this may call itself.
fn write(out: &mut String, dtype: &Dtype, bytes: &[u8], budget: usize) {
    match (dtype.kind, &dtype.base) {
        (Kind::Struct, _) => write_fields(out, dtype, bytes, budget),
        (Kind::Subarray, Some((base, shape))) => write_items(out, base, shape, bytes, budget),
        _ => match plain(dtype, bytes, budget.saturating_sub(out.len())) {
            Some(text) => out.push_str(&text),
            None => out.push(MORE),
        },
    }
}

/// `(1, 2.5, b'x')`
fn write_fields(out: &mut String, dtype: &Dtype, bytes: &[u8], budget: usize) {
    out.push('(');
    for (i, Field { offset, dtype, .. }) in dtype.fields.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        if out.len() >= budget {
            out.push(MORE);
            break;
        }
        write(out, dtype, part(bytes, *offset, dtype.itemsize), budget);
    }
    if dtype.more_fields {
        out.push_str(", …");
    } else if dtype.fields.len() == 1 {
        out.push(',');
    }
    out.push(')');
}

/// `[[1.0, 2.0], [3.0, 4.0]]`
fn write_items(out: &mut String, base: &Dtype, shape: &[u64], bytes: &[u8], budget: usize) {
    let count = product(shape).unwrap_or(u64::MAX);
    if count == 0 {
        out.push_str("[]");
        return;
    }
    for index in 0..count {
        if out.len() >= budget {
            out.push(MORE);
            break;
        }
        let (opened, closed) = brackets(shape, index);
        out.extend(std::iter::repeat_n('[', opened));
        write(out, base, part(bytes, index.saturating_mul(base.itemsize), base.itemsize), budget);
        out.extend(std::iter::repeat_n(']', closed));
        out.push_str(if index + 1 < count { ", " } else { "" });
    }
}

/// How many brackets open before an element, counted in C order, and how many close after it.
pub(in crate::lens) fn brackets(shape: &[u64], index: u64) -> (usize, usize) {
    let (mut opened, mut closed, mut row) = (0, 0, 1u64);
    for &size in shape.iter().rev() {
        let Some(longer) = row.checked_mul(size) else {
            opened += usize::from(index == 0);
            continue;
        };
        row = longer.max(1);
        opened += usize::from(index.is_multiple_of(row));
        closed += usize::from((index + 1).is_multiple_of(row));
    }
    (opened, closed)
}

/// The bytes of an item, as far as they are there.
fn part(bytes: &[u8], offset: u64, size: u64) -> &[u8] {
    let end = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
    &bytes[end(offset)..end(offset.saturating_add(size))]
}

/// The text of an element without parts; `None` when its bytes are not all there.
fn plain(dtype: &Dtype, bytes: &[u8], budget: usize) -> Option<String> {
    let whole = bytes.len() as u64 >= dtype.itemsize;
    let cut = |(text, truncated): (String, bool)| if truncated || !whole { text + "…" } else { text };
    match dtype.kind {
        Kind::Bytes => {
            let length = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            return Some(cut(opcode::repr_bytes_prefix(&bytes[..length], budget)));
        }
        Kind::Text => return Some(cut(utf32(bytes, dtype.big_endian, budget))),
        Kind::Void | Kind::Other => return Some(cut(opcode::repr_bytes_prefix(bytes, budget))),
        _ if !whole => return None,
        _ => {}
    }
    let little = ordered(bytes, dtype.big_endian);
    match dtype.kind {
        Kind::Complex => {
            let (real, imaginary) = bytes.split_at_checked(bytes.len() / 2)?;
            let half = |bytes| float(&ordered(bytes, dtype.big_endian));
            Some(opcode::repr_complex(&half(real)?, &half(imaginary)?))
        }
        Kind::Datetime | Kind::Timedelta => {
            let count = i64::from_le_bytes(little.try_into().ok()?);
            let shown = time(count, &dtype.unit, dtype.kind == Kind::Datetime);
            Some(shown.unwrap_or_else(|| count.to_string()))
        }
        Kind::Bool => Some(if little.first()? == &0 { "False" } else { "True" }.to_owned()),
        Kind::Int => {
            let negative = little.last()? & 0x80 != 0;
            Some(i64::from_le_bytes(wide(&little, if negative { 0xff } else { 0 })?).to_string())
        }
        Kind::Uint => Some(u64::from_le_bytes(wide(&little, 0)?).to_string()),
        Kind::Float => float(&little),
        Kind::Brain => Some(small_float(u16::from_le_bytes(little.try_into().ok()?), 8)),
        Kind::Float8(format) => Some(opcode::repr_float(float8(*little.first()?, format))),
        _ => None,
    }
}

/// The bytes with the lowest first.
fn ordered(bytes: &[u8], big_endian: bool) -> Vec<u8> {
    let mut little = bytes.to_vec();
    if big_endian {
        little.reverse();
    }
    little
}

fn wide(little: &[u8], fill: u8) -> Option<[u8; 8]> {
    let mut number = [fill; 8];
    number.get_mut(..little.len())?.copy_from_slice(little);
    Some(number)
}

/// The repr of text of four bytes a character, without the NULs that fill it up. A number that is no code point is shown
/// as Python would escape it.
fn utf32(bytes: &[u8], big_endian: bool, budget: usize) -> (String, bool) {
    let mut codes: Vec<u32> = bytes.chunks_exact(4).map(|four| wide(&ordered(four, big_endian), 0)).map(code).collect();
    codes.truncate(codes.iter().rposition(|code| *code != 0).map_or(0, |last| last + 1));
    let truncated = codes.len() > budget;
    codes.truncate(budget);
    let mut quotes = Quotes::default();
    for code in codes.iter().filter(|code| **code < 0x80) {
        quotes.see(&[*code as u8]);
    }
    let quote = quotes.quote();
    let mut out = String::from(quote);
    for code in codes {
        // Writing to a String cannot fail.
        let _ = match char::from_u32(code) {
            Some(c) => opcode::write_str_body(&mut out, &PyText::from(&*c.encode_utf8(&mut [0; 4])), quote),
            None => {
                out.push_str(&if code <= 0xffff { format!("\\u{code:04x}") } else { format!("\\U{code:08x}") });
                Ok(())
            }
        };
    }
    out.push(quote);
    (out, truncated)
}

fn code(number: Option<[u8; 8]>) -> u32 {
    number.map_or(0, |number| u64::from_le_bytes(number) as u32)
}

/// A float of two to sixteen bytes with the shortest digits that give the same bits.
fn float(little: &[u8]) -> Option<String> {
    match *little {
        [low, high] => Some(small_float(u16::from_le_bytes([low, high]), 5)),
        [a, b, c, d] => {
            let value = f32::from_le_bytes([a, b, c, d]);
            let shortest = if value.is_finite() { value.to_string().parse().ok()? } else { f64::from(value) };
            Some(opcode::repr_float(shortest))
        }
        [_, _, _, _, _, _, _, _] => Some(opcode::repr_float(f64::from_le_bytes(little.try_into().ok()?))),
        _ => extended(little),
    }
}

/// A float of 16 bits with so many bits of exponent: 5 of float16, 8 of bfloat16.
fn small_float(bits: u16, exponent_bits: u32) -> String {
    let fraction_bits = 15 - exponent_bits;
    let (fraction, exponent) =
        (u64::from(bits & ((1 << fraction_bits) - 1)), i32::from(bits & 0x7fff) >> fraction_bits);
    let top = (1 << exponent_bits) - 1;
    let smallest = 2 - (1 << (exponent_bits - 1)) - fraction_bits as i32;
    let mantissa = if exponent == 0 { fraction } else { fraction | 1 << fraction_bits };
    let special = (exponent == top).then_some(fraction == 0);
    number(bits >> 15 != 0, mantissa, smallest + exponent.max(1) - 1, special, fraction == 0 && exponent > 1)
}

/// The x87 format in the first 10 bytes: 64 bits of mantissa, the leading one included, then exponent and sign. This is
/// the long double of numpy on x86; other machines have other ones, which the file does not tell apart.
fn extended(little: &[u8]) -> Option<String> {
    let mantissa = u64::from_le_bytes(little.get(..8)?.try_into().ok()?);
    let top = u16::from_le_bytes(little.get(8..10)?.try_into().ok()?);
    let exponent = i32::from(top & 0x7fff);
    let special = (exponent == 0x7fff).then_some(mantissa << 1 == 0);
    let narrow = mantissa == 1 << 63 && exponent > 1;
    Some(number(top >> 15 != 0, mantissa, exponent.max(1) - 16_446, special, narrow))
}

/// `special` says of what is no number whether it is infinite.
fn number(negative: bool, mantissa: u64, exponent: i32, special: Option<bool>, narrow_below: bool) -> String {
    let sign = if negative { "-" } else { "" };
    match special {
        Some(true) => return format!("{sign}inf"),
        Some(false) => return "nan".to_owned(),
        None => {}
    }
    let (digits, first) = if mantissa == 0 { ("0".to_owned(), 0) } else { shortest(mantissa, exponent, narrow_below) };
    let mut out = sign.to_owned();
    // Writing to a String cannot fail.
    let _ = opcode::write_digits(&mut out, &digits, first);
    out
}

/// The exact value of a float of eight bits (OCP 8-bit Floating Point Specification; ONNX for the `fnuz` ones).
pub(in crate::lens) fn float8(bits: u8, format: Float8) -> f64 {
    let (fraction_bits, bias) = match format {
        Float8::E8m0fnu if bits == 0xff => return f64::NAN,
        Float8::E8m0fnu => return 2f64.powi(i32::from(bits) - 127),
        Float8::E4m3fn => (3, 7),
        Float8::E4m3fnuz => (3, 8),
        Float8::E5m2 => (2, 15),
        Float8::E5m2fnuz => (2, 16),
    };
    let sign = if bits & 0x80 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits & 0x7f) >> fraction_bits, bits & ((1 << fraction_bits) - 1));
    match format {
        Float8::E4m3fn if bits & 0x7f == 0x7f => return f64::NAN,
        Float8::E4m3fnuz | Float8::E5m2fnuz if bits == 0x80 => return f64::NAN,
        Float8::E5m2 if exponent == 0x1f => return if fraction == 0 { sign * f64::INFINITY } else { f64::NAN },
        _ => {}
    }
    let mantissa = if exponent == 0 { fraction } else { fraction | 1 << fraction_bits };
    sign * f64::from(mantissa) * 2f64.powi(exponent.max(1) - bias - fraction_bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_print_the_shortest_digits() {
        let shown = [0x3800, 0x2e66, 0x7bff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x7e00, 0x3c00, 0x3555];
        let shown = shown.map(|bits| small_float(bits, 5));
        assert_eq!(shown, ["0.5", "0.1", "65500.0", "6e-08", "-0.0", "inf", "-inf", "nan", "1.0", "0.3333"]);
    }

    #[test]
    fn bfloat16_prints_the_shortest_digits() {
        let shown = [0x3f80, 0x3dcd, 0xc000, 0x7f7f, 0x7f80, 0x7fc0, 0x0001, 0x4380].map(|bits| small_float(bits, 8));
        assert_eq!(shown, ["1.0", "0.1", "-2.0", "3.39e+38", "inf", "nan", "1e-40", "256.0"]);
    }

    #[test]
    fn floats_of_eight_bits_are_exact() {
        let values = |format, bits: [u8; 5]| bits.map(|bits| opcode::repr_float(float8(bits, format)));
        let shown = values(Float8::E4m3fn, [0x38, 0x7e, 0x7f, 0x01, 0x80]);
        assert_eq!(shown, ["1.0", "448.0", "nan", "0.001953125", "-0.0"]);
        let shown = values(Float8::E5m2, [0x3c, 0x7b, 0x7c, 0xfc, 0x7f]);
        assert_eq!(shown, ["1.0", "57344.0", "inf", "-inf", "nan"]);
        let shown = values(Float8::E4m3fnuz, [0x40, 0x7f, 0x80, 0xff, 0x01]);
        assert_eq!(shown, ["1.0", "240.0", "nan", "-240.0", "0.0009765625"]);
        assert_eq!(values(Float8::E8m0fnu, [127, 128, 126, 0xff, 134]), ["1.0", "2.0", "0.5", "nan", "128.0"]);
    }

    #[test]
    fn rows_open_and_close_where_they_begin_and_end() {
        let shown: Vec<_> = (0..6).map(|index| brackets(&[1, 2, 3], index)).collect();
        assert_eq!(shown, [(3, 0), (0, 0), (0, 1), (1, 0), (0, 0), (0, 3)]);
        assert_eq!(brackets(&[], 0), (0, 0));
        assert_eq!(brackets(&[u64::MAX, u64::MAX], 0), (2, 0));
    }

    #[test]
    fn text_that_is_no_text_is_shown() {
        let dtype = Dtype::from_code("<U3");
        let bytes: Vec<u8> = [0x61u32, 0xd800, 0x11_0000].iter().flat_map(|code| code.to_le_bytes()).collect();
        assert_eq!(text(&dtype, &bytes, 100), "'a\\ud800\\U00110000'");
        assert_eq!(text(&dtype, &bytes[..4], 100), "'a'…");
    }

    #[test]
    fn nested_elements_stay_in_their_budget() {
        let mut wide = Dtype::from_code("V0");
        for _ in 0..3 {
            let mut array = Dtype::plain(Kind::Subarray, "", 0);
            array.base = Some((Box::new(wide), vec![1 << 40]));
            wide = array;
        }
        assert!(text(&wide, &[], 200).len() < 400);
    }
}
