//! Questions about numbers: `== 3.5`, `> 1e6`, `isnan`.

use crate::lens::{Dtype, Kind};
use num_bigint::BigInt;
use std::cmp::Ordering;

/// A number that somebody typed.
#[derive(Clone, PartialEq, Debug)]
pub enum Number {
    /// Digits, of any number.
    Int(BigInt),
    /// With a point or an exponent, `inf` or `nan`.
    Float(f64),
}

/// What a number is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `isnan`
    IsNan,
    /// `isinf`
    IsInfinite,
}

impl Operator {
    /// Whether it holds for what stands in this order to the operand.
    pub(super) fn allows(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
            Self::IsNan | Self::IsInfinite => false,
        }
    }
}

/// A question about numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// What is asked.
    pub operator: Operator,
    /// What the number is compared with; not looked at by `isnan` and `isinf`.
    pub number: Number,
    float: f64,
    /// The number, when it is a whole one of 128 bits.
    int: Option<i128>,
    /// What has to hold as well.
    and: Option<Box<Comparison>>,
}

impl Number {
    /// The number in a text as Python reads it, underscores included.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        match digits.to_ascii_lowercase().as_str() {
            "inf" | "infinity" => {
                return Some(Self::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }));
            }
            "nan" => return Some(Self::Float(f64::NAN)),
            _ => {}
        }
        // Rust reads `infinity` and the like, which are words here.
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || digits.len() > 4300 {
            return None;
        }
        let plain: String = text.chars().filter(|&c| c != '_').collect();
        if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
            return plain.parse().ok().map(Self::Int);
        }
        plain.parse().ok().map(Self::Float)
    }

    /// Whether it is more than another one, to the digit.
    pub(super) fn is_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(one), Self::Int(other)) => one > other,
            _ => self.as_f64() > other.as_f64(),
        }
    }

    pub(super) fn as_f64(&self) -> f64 {
        match self {
            Self::Int(value) => value.to_string().parse().unwrap_or(f64::NAN),
            Self::Float(value) => *value,
        }
    }
}

impl Comparison {
    /// Compares with a number.
    #[must_use]
    pub fn new(operator: Operator, number: Number) -> Self {
        let float = number.as_f64();
        let int = match &number {
            Number::Int(value) => i128::try_from(value).ok(),
            Number::Float(value) if value.fract() == 0.0 && value.abs() < 1e38 => Some(*value as i128),
            Number::Float(_) => None,
        };
        Self { operator, number, float, int, and: None }
    }

    /// Two comparisons that both have to hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let and = match self.and {
            Some(more) => more.and(other),
            None => other,
        };
        Self { and: Some(Box::new(and)), ..self }
    }

    /// What is not the number in a text but rounds to it at the digits behind its point: `0.983` for 0.98333. Nothing for a number
    /// without such digits.
    #[must_use]
    pub fn rounding_to(text: &str) -> Option<Self> {
        let number = Number::parse(text)?;
        let value = number.as_f64();
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let digits = mantissa.split_once('.')?.1.bytes().filter(u8::is_ascii_digit).count();
        let exponent = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(digits).ok()?)?;
        let half = 0.5 * 10_f64.powi(exponent);
        if digits == 0 || !value.is_finite() || half <= 0.0 {
            return None;
        }
        let at_least = Self::new(Operator::GreaterOrEqual, Number::Float(value - half));
        let at_most = Self::new(Operator::LessOrEqual, Number::Float(value + half));
        Some(at_least.and(at_most).and(Self::new(Operator::NotEqual, number)))
    }

    /// The ends of `a..b`.
    #[must_use]
    pub fn ends(text: &str) -> Option<(Number, Number)> {
        text.match_indices("..").find_map(|(at, dots)| {
            let low = Number::parse(text[..at].trim())?;
            Some((low, Number::parse(text[at + dots.len()..].trim())?))
        })
    }

    /// From one number to another, both included.
    #[must_use]
    pub fn between(low: Number, high: Number) -> Self {
        Self::new(Operator::GreaterOrEqual, low).and(Self::new(Operator::LessOrEqual, high))
    }

    /// The same for elements of an array: numpy compares a number with them in their own precision, so that `== 0.1` finds what
    /// prints as `0.1`.
    #[must_use]
    pub fn in_precision_of(&self, dtype: &Dtype) -> Self {
        let is_float = matches!(dtype.kind, Kind::Float | Kind::Brain | Kind::Float8(_));
        let is_exact = dtype.kind == Kind::Float && dtype.itemsize >= 8;
        if !is_float || is_exact {
            return self.clone();
        }
        self.rounded(&|value| dtype.nearest(value))
    }

    /// The same for floats of 32 bits.
    #[must_use]
    pub fn in_single_precision(&self) -> Self {
        self.rounded(&|value| f64::from(value as f32))
    }

    fn rounded(&self, nearest: &dyn Fn(f64) -> f64) -> Self {
        let mut rounded = match self.float.is_finite() {
            true => Self::new(self.operator, Number::Float(nearest(self.float))),
            false => Self { and: None, ..self.clone() },
        };
        rounded.and = self.and.as_ref().map(|and| Box::new(and.rounded(nearest)));
        rounded
    }

    /// Whether it asks for what is no number.
    #[must_use]
    pub fn asks_for_missing(&self) -> bool {
        self.operator == Operator::IsNan
    }

    /// Whether it holds for a float.
    #[must_use]
    pub fn holds_for(&self, value: f64) -> bool {
        let holds = match self.operator {
            Operator::Equal => value == self.float,
            Operator::NotEqual => value != self.float,
            Operator::Less => value < self.float,
            Operator::LessOrEqual => value <= self.float,
            Operator::Greater => value > self.float,
            Operator::GreaterOrEqual => value >= self.float,
            Operator::IsNan => value.is_nan(),
            Operator::IsInfinite => value.is_infinite(),
        };
        holds && self.and.as_ref().is_none_or(|and| and.holds_for(value))
    }

    /// Whether it holds for a number.
    #[must_use]
    pub fn holds_for_number(&self, number: &Number) -> bool {
        match number {
            Number::Int(value) => self.holds_for_big(value),
            Number::Float(value) => self.holds_for(*value),
        }
    }

    /// Whether it holds for an int, to the digit.
    #[must_use]
    pub fn holds_for_int(&self, value: i128) -> bool {
        self.holds_for_this_int(value) && self.and.as_ref().is_none_or(|and| and.holds_for_int(value))
    }

    fn holds_for_this_int(&self, value: i128) -> bool {
        let order = match (self.int, &self.number) {
            (Some(int), _) => value.cmp(&int),
            (None, Number::Int(int)) => BigInt::from(value).cmp(int),
            (None, Number::Float(float)) if float.is_nan() => return self.operator == Operator::NotEqual,
            // A fraction lies between whole numbers; what is not within 128 bits lies outside.
            (None, Number::Float(float)) if *float < -1e38 => Ordering::Greater,
            (None, Number::Float(float)) if *float > 1e38 => Ordering::Less,
            (None, Number::Float(float)) if value <= float.floor() as i128 => Ordering::Less,
            (None, Number::Float(_)) => Ordering::Greater,
        };
        self.operator.allows(order)
    }

    /// The same for an int of more than 64 bits.
    #[must_use]
    pub fn holds_for_big(&self, value: &BigInt) -> bool {
        self.holds_for_this_big(value) && self.and.as_ref().is_none_or(|and| and.holds_for_big(value))
    }

    fn holds_for_this_big(&self, value: &BigInt) -> bool {
        let order = match &self.number {
            Number::Int(int) => value.cmp(int),
            Number::Float(float) if float.is_nan() => return self.operator == Operator::NotEqual,
            Number::Float(float) if float.is_infinite() => {
                if *float > 0.0 {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            Number::Float(float) => value.cmp(&whole(*float)),
        };
        self.operator.allows(order)
    }
}

/// The whole number that a float is; of a smaller one than 2^53, which may have a fraction, what is before its point. No int that it is
/// compared with is so small.
fn whole(value: f64) -> BigInt {
    let (bits, exponent) = (value.to_bits() & ((1 << 52) - 1) | 1 << 52, (value.to_bits() >> 52 & 0x7ff) as i64 - 1075);
    let magnitude = if exponent >= 0 { BigInt::from(bits) << exponent } else { BigInt::from(value.abs() as u64) };
    if value < 0.0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(operator: Operator, text: &str) -> Comparison {
        Comparison::new(operator, Number::parse(text).unwrap())
    }

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        assert_eq!(Number::parse("1_000"), Some(Number::Int(1000.into())));
        assert_eq!(Number::parse("-0.5e3"), Some(Number::Float(-500.0)));
        assert_eq!(Number::parse("-inf"), Some(Number::Float(f64::NEG_INFINITY)));
        for text in ["", "-", "1x", "0x1f", "x", "e5", "..", "1.2.3", "--1", "infinite"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_rounds_to_a_number_is_near_it() {
        let near = |text: &str, value: f64| Comparison::rounding_to(text).unwrap().holds_for(value);
        for text in ["0.98", "0.983", "0.9833", "0.98333333333333", "98.3e-2"] {
            assert!(near(text, 0.983_333_333_333_333_3), "{text}");
        }
        assert!(!near("0.983", 0.983) && !near("0.984", 0.983_333_333) && !near("0.983", 0.9836));
        assert!(near("-3.07", -3.0716) && !near("1.0", 1.0) && !near("1.0", f64::NAN));
        for text in ["1", "1e3", "x", "inf", "1."] {
            assert_eq!(Comparison::rounding_to(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_holds_its_ends() {
        let range = |text: &str| Comparison::ends(text).map(|(low, high)| Comparison::between(low, high)).unwrap();
        assert!(range("0.983..0.984").holds_for(0.9833) && !range("0.983..0.984").holds_for(0.9841));
        let (ints, big) = (range("-3 .. 5"), BigInt::from(5));
        assert!(ints.holds_for_int(-3) && ints.holds_for_int(5) && !ints.holds_for_int(6) && ints.holds_for_big(&big));
        for text in ["..", "1..", "..2", "a..b", "1.2.3", "1"] {
            assert_eq!(Comparison::ends(text), None, "{text}");
        }
    }

    #[test]
    fn ints_are_compared_to_the_digit() {
        let big = i128::from(i64::MAX);
        assert!(comparison(Operator::Equal, "9223372036854775807").holds_for_int(big));
        assert!(!comparison(Operator::Equal, "9223372036854775808").holds_for_int(big));
        assert!(!comparison(Operator::Equal, "9223372036854775807.0").holds_for_int(big), "it is 2^63");
        assert!(
            comparison(Operator::Less, "0.5").holds_for_int(0) && !comparison(Operator::Less, "0.5").holds_for_int(1)
        );
        assert!(comparison(Operator::Greater, "-0.5").holds_for_int(0));
        assert!(!comparison(Operator::Greater, "-0.5").holds_for_int(-1));
        assert!(comparison(Operator::Less, "1e300").holds_for_int(i128::MAX));
        assert!(comparison(Operator::Greater, "-inf").holds_for_int(i128::MIN));
        assert!(comparison(Operator::NotEqual, "nan").holds_for_int(0));
        let long: BigInt = "100000000000000000000000000000000000000000".parse().unwrap();
        assert!(comparison(Operator::Equal, "100000000000000000000000000000000000000000").holds_for_big(&long));
        assert!(comparison(Operator::Greater, "1e40").holds_for_big(&long));
        assert!(comparison(Operator::Less, "1e42").holds_for_big(&long));
        assert!(comparison(Operator::Greater, "2.5").holds_for_big(&long));
    }
}
