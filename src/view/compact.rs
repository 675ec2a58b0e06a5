//! Floats of a column with as many digits as tell them apart on the screen, so that their points stand below each other.

use crate::view::card::{Cell, CellKind};

/// Significant digits of the largest number of a column.
const DIGITS: i32 = 6;
/// Significant digits that a number has at least.
const LEAST: i32 = 3;
/// Characters of a number without its sign; what would be longer has an exponent.
const WIDTH: i32 = 14;

/// How the floats of a column are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// So many digits behind the point.
    Decimals(usize),
    /// So many digits behind the point of the mantissa, and an exponent.
    Exponent(usize),
}

/// A float as its repr says it.
struct Float {
    value: f64,
    /// The power of ten of the first digit.
    exponent: i32,
    /// Digits behind the point, written without an exponent.
    decimals: i32,
    /// Digits behind the point of the mantissa, written with one.
    mantissa: i32,
}

impl Float {
    /// The float that a text is: one that has a point or an exponent, and no word.
    fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.contains(['.', 'e']) {
            return None;
        }
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite())?;
        let (mantissa, power) = digits.split_once('e').unwrap_or((digits, "0"));
        let power: i32 = power.parse().ok()?;
        let fraction = mantissa.split_once('.').map_or("", |(_, fraction)| fraction);
        let decimals = i32::try_from(fraction.len()).ok()?.saturating_sub(power);
        let written = format!("{value:e}");
        let (shortest, exponent) = written.split_once('e')?;
        let mantissa = shortest.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32);
        Some(Self { value, exponent: exponent.parse().ok()?, decimals: decimals.max(0), mantissa })
    }
}

impl Precision {
    /// The precision for a column of which these are some cells; `None` when no float is among them.
    pub fn of<'c>(cells: impl Iterator<Item = &'c Cell>) -> Option<Self> {
        let numbers = cells.filter(|cell| cell.kind == CellKind::Number);
        let floats: Vec<Float> = numbers.filter_map(|cell| Float::read(&cell.text)).collect();
        let needed = floats.iter().map(|float| float.decimals).max()?;
        let mut exponents: Vec<i32> =
            floats.iter().filter(|float| float.value != 0.0).map(|float| float.exponent).collect();
        exponents.sort_unstable();
        // A few small numbers do not make all others long.
        let (Some(&largest), Some(&small)) = (exponents.last(), exponents.get(exponents.len() / 4)) else {
            return Some(Self::Decimals(1));
        };
        let decimals = (DIGITS - 1 - largest).max(LEAST - 1 - small).min(needed).max(1);
        if largest.max(0) + 2 + decimals <= WIDTH {
            return Some(Self::Decimals(decimals as usize));
        }
        let mantissa = floats.iter().map(|float| float.mantissa).max().unwrap_or(0);
        Some(Self::Exponent(mantissa.clamp(1, DIGITS - 1) as usize))
    }

    /// A text in this precision, where that is another one.
    #[must_use]
    pub fn shortened(self, text: &str) -> Option<String> {
        let float = Float::read(text)?;
        let short = match self {
            Self::Decimals(decimals) => {
                let places = decimals as i32;
                let has_digits = float.value == 0.0 || float.exponent + places >= LEAST - 1 || float.decimals <= places;
                let is_short = float.exponent.max(0) + 2 + places <= WIDTH + LEAST;
                match has_digits && is_short {
                    true => format!("{:.decimals$}", float.value),
                    false => with_exponent(float.value, (LEAST - 1) as usize),
                }
            }
            Self::Exponent(_) if float.value == 0.0 => return None,
            Self::Exponent(mantissa) => with_exponent(float.value, mantissa),
        };
        (short != text).then_some(short)
    }
}

/// As `format(value, '.2e')` of Python has it.
fn with_exponent(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, power) = exponent.strip_prefix('-').map_or(('+', exponent), |power| ('-', power));
    format!("{mantissa}e{sign}{power:0>2}")
}

/// Writes a cell in the precision of its column; its full text is kept beside.
pub fn shorten(cell: &mut Cell, precision: Precision) {
    if cell.kind != CellKind::Number {
        return;
    }
    if let Some(short) = precision.shortened(&cell.text) {
        cell.full = Some(std::mem::replace(&mut cell.text, short));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(texts: &[&str]) -> Vec<String> {
        let cell = |text: &&str| Cell { text: (*text).to_owned(), ..Cell::default() };
        let mut cells: Vec<Cell> = texts.iter().map(cell).collect();
        let precision = Precision::of(cells.iter());
        cells.iter_mut().for_each(|cell| precision.into_iter().for_each(|precision| shorten(cell, precision)));
        for (cell, text) in cells.iter().zip(texts) {
            assert_eq!(cell.full_text(), *text);
            assert_eq!(cell.full.is_some(), cell.text != *text);
        }
        cells.into_iter().map(|cell| cell.text).collect()
    }

    #[test]
    fn points_stand_below_each_other() {
        assert_eq!(column(&["1.5", "0.25", "100.0"]), ["1.50", "0.25", "100.00"]);
        assert_eq!(column(&["0.3333333333333333", "12.0", "-2.7182818284590455"]), ["0.3333", "12.0000", "-2.7183"]);
        assert_eq!(column(&["0.0", "0.5", "59999.5"]), ["0.0", "0.5", "59999.5"]);
        assert_eq!(column(&["1234567.891", "2.0"]), ["1234567.89", "2.00"]);
    }

    #[test]
    fn what_is_no_float_stays() {
        let texts = ["1", "nan", "inf", "2020-01-01", "True", "(1+2j)", "1 days 02:00:00.5", "-"];
        assert_eq!(column(&texts), texts);
        assert_eq!(column(&["inf", "1.25", "nan", "7"]), ["inf", "1.25", "nan", "7"]);
    }

    #[test]
    fn large_and_small_numbers_have_exponents() {
        assert_eq!(column(&["1e+22", "2.5e+20"]), ["1.0e+22", "2.5e+20"]);
        assert_eq!(column(&["1.23456789e-10", "0.0"]), ["1.23457e-10", "0.0"]);
        let mut texts = vec!["1.25"; 9];
        texts.push("1.5e-12");
        assert_eq!(column(&texts)[9], "1.50e-12", "a single one");
        let mut texts = vec!["1.25"; 100];
        texts.push("1.7e+308");
        assert_eq!(column(&texts)[100], "1.70e+308", "two digits, as the others have");
    }

    #[test]
    fn no_number_becomes_zero() {
        let texts = ["1000.5", "0.001953125", "-0.001953125", "5e-324"];
        for text in column(&texts) {
            assert_ne!(text.parse::<f64>().unwrap(), 0.0, "{text}");
        }
    }
}
