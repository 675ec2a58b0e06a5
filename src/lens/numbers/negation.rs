//! What stands between the bytes of a storage and the numbers of a view of it: torch marks tensors as conjugated or negated and
//! leaves their storage as it is.
//!
//! Source: `torch/_utils.py` (`_rebuild_tensor_v2` gives its `metadata` to `torch._C._set_math_bits`: `conj`, `neg`).

use super::dtype::{Dtype, Kind};

/// Bytes of the largest element that there is: two long doubles.
const LARGEST: u64 = 32;

/// What is done to the numbers of a storage before they are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::lens) struct Negation {
    /// Bytes of an element.
    pub(super) size: u64,
    /// Bytes of each of its numbers: half of the element for complex ones.
    number: usize,
    is_integer: bool,
    big_endian: bool,
    /// Whether the first number of an element is negated: the only one, or the real part.
    first: bool,
    /// The same of the imaginary part.
    second: bool,
}

impl Negation {
    /// The negation of elements of this type; nothing where the marks change nothing. `Err` is a type that cannot be negated.
    pub(in crate::lens) fn of(dtype: &Dtype, conjugate: bool, negative: bool) -> Result<Option<Self>, String> {
        let is_complex = dtype.kind == Kind::Complex;
        let conjugate = conjugate && is_complex;
        if !conjugate && !negative {
            return Ok(None);
        }
        let is_integer = matches!(dtype.kind, Kind::Int | Kind::Uint);
        let has_sign = is_integer || matches!(dtype.kind, Kind::Float | Kind::Brain | Kind::Complex);
        let size = dtype.itemsize;
        if !has_sign || !(1..=LARGEST).contains(&size) {
            return Err(format!("negated elements of type {} are not read", dtype.name));
        }
        let number = size as usize / if is_complex { 2 } else { 1 };
        let second = is_complex && (negative != conjugate);
        Ok(Some(Self { size, number, is_integer, big_endian: dtype.big_endian, first: negative, second }))
    }

    /// Negates whole elements in place.
    pub(super) fn apply(&self, elements: &mut [u8]) {
        for element in elements.chunks_mut(self.size as usize) {
            for (number, is_negated) in element.chunks_mut(self.number).zip([self.first, self.second]) {
                if is_negated {
                    self.negate(number);
                }
            }
        }
    }

    fn negate(&self, number: &mut [u8]) {
        // Of a number that is cut the lowest bytes are negated as far as they are there; a sign that is missing stays so.
        if !self.is_integer {
            let sign = if self.big_endian { number.first_mut() } else { number.get_mut(self.number - 1) };
            if let Some(byte) = sign {
                *byte ^= 0x80;
            }
            return;
        }
        let mut carry = true;
        let mut step = |byte: &mut u8| {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        };
        if self.big_endian {
            number.iter_mut().rev().for_each(&mut step)
        } else {
            number.iter_mut().for_each(&mut step)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negated<const N: usize>(code: &str, conjugate: bool, negative: bool, bytes: [u8; N]) -> [u8; N] {
        let mut bytes = bytes;
        let negation = Negation::of(&Dtype::from_code(code), conjugate, negative).unwrap();
        negation.unwrap().apply(&mut bytes);
        bytes
    }

    #[test]
    fn numbers_of_every_type_are_negated() {
        assert_eq!(negated("<f4", false, true, 2f32.to_le_bytes()), (-2f32).to_le_bytes());
        assert_eq!(negated(">f8", false, true, 2f64.to_be_bytes()), (-2f64).to_be_bytes());
        assert_eq!(negated("<f8", false, true, 0f64.to_le_bytes()), (-0f64).to_le_bytes());
        for number in [0i32, 1, -1, 256, i32::MIN] {
            assert_eq!(negated("<i4", false, true, number.to_le_bytes()), number.wrapping_neg().to_le_bytes());
            assert_eq!(negated(">i4", false, true, number.to_be_bytes()), number.wrapping_neg().to_be_bytes());
        }
        let pair = |a: f32, b: f32| [a.to_le_bytes(), b.to_le_bytes()].concat().try_into().unwrap();
        let of = |conjugate, negative| negated::<8>("<c8", conjugate, negative, pair(1.0, 2.0));
        assert_eq!(of(true, false), pair(1.0, -2.0));
        assert_eq!(of(false, true), pair(-1.0, -2.0));
        assert_eq!(of(true, true), pair(-1.0, 2.0));
    }

    #[test]
    fn what_has_no_sign_is_not_negated() {
        assert_eq!(Negation::of(&Dtype::from_code("<f4"), true, false), Ok(None));
        assert!(Negation::of(&Dtype::from_code("?"), false, true).is_err());
    }
}
