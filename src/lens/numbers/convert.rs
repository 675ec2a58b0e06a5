//! Bytes of many elements as numbers, in bulk: one loop for each way of storing them.

use super::dtype::{Dtype, Kind};
use super::element;
use super::series::Value;

/// The elements as floats; NaN for what is no number. Integers of more than 53 bits are rounded.
pub(in crate::lens) fn floats(dtype: &Dtype, bytes: &[u8]) -> Vec<f64> {
    match (dtype.kind, dtype.itemsize) {
        (Kind::Float, 8) => numbers(bytes, dtype, f64::from_le_bytes, f64::from_be_bytes, |value| value),
        (Kind::Float, 4) => numbers(bytes, dtype, f32::from_le_bytes, f32::from_be_bytes, f64::from),
        (Kind::Float, 2) => numbers(bytes, dtype, u16::from_le_bytes, u16::from_be_bytes, half),
        (Kind::Brain, 2) => numbers(bytes, dtype, u16::from_le_bytes, u16::from_be_bytes, brain),
        (Kind::Float8(format), 1) => {
            let table: Vec<f64> = (0..=u8::MAX).map(|bits| element::float8(bits, format)).collect();
            bytes.iter().map(|&bits| table[usize::from(bits)]).collect()
        }
        (Kind::Float, 10 | 12 | 16) => each(dtype, bytes).map(|one| extended(one, dtype.big_endian)).collect(),
        (Kind::Bool, 1) => bytes.iter().map(|&byte| f64::from(byte != 0)).collect(),
        (Kind::Int, 1) => bytes.iter().map(|&byte| f64::from(byte as i8)).collect(),
        (Kind::Uint, 1) => bytes.iter().map(|&byte| f64::from(byte)).collect(),
        (Kind::Int, 2) => numbers(bytes, dtype, i16::from_le_bytes, i16::from_be_bytes, f64::from),
        (Kind::Uint, 2) => numbers(bytes, dtype, u16::from_le_bytes, u16::from_be_bytes, f64::from),
        (Kind::Int, 4) => numbers(bytes, dtype, i32::from_le_bytes, i32::from_be_bytes, f64::from),
        (Kind::Uint, 4) => numbers(bytes, dtype, u32::from_le_bytes, u32::from_be_bytes, f64::from),
        (Kind::Int | Kind::Datetime | Kind::Timedelta, 8) => {
            numbers(bytes, dtype, i64::from_le_bytes, i64::from_be_bytes, |value| value as f64)
        }
        (Kind::Uint, 8) => numbers(bytes, dtype, u64::from_le_bytes, u64::from_be_bytes, |value| value as f64),
        _ => vec![f64::NAN; each(dtype, bytes).len()],
    }
}

impl Dtype {
    /// The number of this type that is nearest to `value`; `value` itself for what has no fractions or at least its precision.
    #[must_use]
    pub fn nearest(&self, value: f64) -> f64 {
        if (self.kind, self.itemsize) == (Kind::Float, 4) {
            return f64::from(value as f32);
        }
        if !matches!((self.kind, self.itemsize), (Kind::Float | Kind::Brain, 2) | (Kind::Float8(_), 1)) {
            return value;
        }
        let little = Self { big_endian: false, ..self.clone() };
        let all: Vec<u8> = match self.itemsize {
            1 => (0..=u8::MAX).collect(),
            _ => (0..=u16::MAX).flat_map(u16::to_le_bytes).collect(),
        };
        let closer = |one: &f64, other: &f64| (one - value).abs().total_cmp(&(other - value).abs());
        floats(&little, &all).into_iter().filter(|found| found.is_finite()).min_by(closer).unwrap_or(value)
    }
}

impl Dtype {
    /// The number that an element is, when it is one; truth values, times and complex numbers are none.
    #[must_use]
    pub fn number(&self, bytes: &[u8]) -> Option<Value> {
        match self.kind {
            Kind::Int | Kind::Uint => integers(self, bytes)?.first().copied().map(Value::Integer),
            Kind::Float | Kind::Brain | Kind::Float8(_) => floats(self, bytes).first().copied().map(Value::Float),
            _ => None,
        }
    }
}

/// The elements as integers: of integers, truth values and times (in their unit). `None` for other types.
pub(in crate::lens) fn integers(dtype: &Dtype, bytes: &[u8]) -> Option<Vec<i128>> {
    Some(match (dtype.kind, dtype.itemsize) {
        (Kind::Bool, 1) => bytes.iter().map(|&byte| i128::from(byte != 0)).collect(),
        (Kind::Int, 1) => bytes.iter().map(|&byte| i128::from(byte as i8)).collect(),
        (Kind::Uint, 1) => bytes.iter().map(|&byte| i128::from(byte)).collect(),
        (Kind::Int, 2) => numbers(bytes, dtype, i16::from_le_bytes, i16::from_be_bytes, i128::from),
        (Kind::Uint, 2) => numbers(bytes, dtype, u16::from_le_bytes, u16::from_be_bytes, i128::from),
        (Kind::Int, 4) => numbers(bytes, dtype, i32::from_le_bytes, i32::from_be_bytes, i128::from),
        (Kind::Uint, 4) => numbers(bytes, dtype, u32::from_le_bytes, u32::from_be_bytes, i128::from),
        (Kind::Int | Kind::Datetime | Kind::Timedelta, 8) => {
            numbers(bytes, dtype, i64::from_le_bytes, i64::from_be_bytes, i128::from)
        }
        (Kind::Uint, 8) => numbers(bytes, dtype, u64::from_le_bytes, u64::from_be_bytes, i128::from),
        _ => return None,
    })
}

/// The absolute values of complex elements; NaN for what is no complex number.
pub(in crate::lens) fn absolutes(dtype: &Dtype, bytes: &[u8]) -> Vec<f64> {
    let mut half = dtype.clone();
    half.kind = Kind::Float;
    half.itemsize = dtype.itemsize / 2;
    let parts = floats(&half, bytes);
    parts.chunks_exact(2).map(|pair| pair[0].hypot(pair[1])).collect()
}

fn numbers<const N: usize, T, U>(
    bytes: &[u8],
    dtype: &Dtype,
    little: impl Fn([u8; N]) -> T,
    big: impl Fn([u8; N]) -> T,
    convert: impl Fn(T) -> U,
) -> Vec<U> {
    let (chunks, _) = bytes.as_chunks::<N>();
    if dtype.big_endian {
        chunks.iter().map(|&chunk| convert(big(chunk))).collect()
    } else {
        chunks.iter().map(|&chunk| convert(little(chunk))).collect()
    }
}

fn each<'b>(dtype: &Dtype, bytes: &'b [u8]) -> std::slice::ChunksExact<'b, u8> {
    bytes.chunks_exact(usize::try_from(dtype.itemsize).unwrap_or(usize::MAX).max(1))
}

fn brain(bits: u16) -> f64 {
    f64::from(f32::from_bits(u32::from(bits) << 16))
}

/// A float of 16 bits: 5 of exponent, 10 of fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (fraction + 1024.0) * 2f64.powi(exponent - 25),
    }
}

/// The x87 format in the first 10 bytes (the last ones of big-endian elements).
fn extended(bytes: &[u8], big_endian: bool) -> f64 {
    let mut little = [0; 10];
    for (at, byte) in little.iter_mut().enumerate() {
        *byte = bytes[if big_endian { bytes.len() - 1 - at } else { at }];
    }
    let [a, b, c, d, e, f, g, h, low, high] = little;
    let (mantissa, top) = (u64::from_le_bytes([a, b, c, d, e, f, g, h]), u16::from_le_bytes([low, high]));
    let sign = if top & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(top & 0x7fff);
    let value = match exponent {
        0x7fff if mantissa << 1 == 0 => f64::INFINITY,
        0x7fff => f64::NAN,
        _ => {
            // In two steps: the power alone may be outside what a float64 holds.
            let power = exponent.max(1) - 16_446;
            let step = power.clamp(-1000, 900);
            mantissa as f64 * 2f64.powi(step) * 2f64.powi((power - step).clamp(-1000, 1000))
        }
    };
    sign * value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_storing_gives_the_number_that_its_text_is() {
        let mut bytes: Vec<u8> = (0..=u8::MAX).collect();
        bytes.extend((0..512u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8));
        for code in ["f2", "f4", "f8", "f16", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "b1"] {
            for order in ["<", ">"] {
                let dtype = Dtype::from_code(&format!("{order}{code}"));
                let found = floats(&dtype, &bytes);
                assert_eq!(found.len(), bytes.len() / dtype.itemsize as usize);
                for (value, one) in found.iter().zip(each(&dtype, &bytes)) {
                    let text = element::text(&dtype, one, 64);
                    let text = text.replace("True", "1").replace("False", "0");
                    let expected: f64 = text.parse().unwrap_or(f64::NAN);
                    // The text has the fewest digits that tell a number from its neighbours: half a step, at most, beside it.
                    let step = if code == "f2" { 2f64.powi(-25) } else { 0.0 };
                    let is_close = (value - expected).abs() <= step.max(expected.abs() * 5e-4);
                    assert!(
                        value == &expected || is_close || value.is_nan() && expected.is_nan(),
                        "{code} {text} {value}"
                    );
                }
                if let Some(found) = integers(&dtype, &bytes) {
                    for (value, one) in found.iter().zip(each(&dtype, &bytes)) {
                        let text = element::text(&dtype, one, 64).replace("True", "1").replace("False", "0");
                        assert_eq!(value.to_string(), text);
                    }
                }
            }
        }
    }

    #[test]
    fn halves_are_exact() {
        let values = [0x3c00, 0x0001, 0x7bff, 0xfc00, 0x8000, 0x3555].map(half);
        assert_eq!(values[..5], [1.0, 2f64.powi(-24), 65504.0, f64::NEG_INFINITY, 0.0]);
        assert_eq!(values[5], 0.333_251_953_125);
        assert!(half(0x7e00).is_nan());
    }
}
