//! The values of numpy's scalars from their bytes, printed as numpy prints them.

use super::ScalarKind;
use super::stdlib::complex;
use crate::opcode::{self, PyText};

/// The value of a scalar of this dtype; text and bytes to about `budget` characters.
pub(super) fn read(dtype: &str, big_endian: bool, bytes: &[u8], budget: usize) -> Option<(ScalarKind, String)> {
    if let Some((unit, is_date)) = time_dtype(dtype) {
        let count = i64::from_le_bytes(ordered(bytes, big_endian).try_into().ok()?);
        return Some((ScalarKind::Number, time(count, unit, is_date)?));
    }
    let sized = |letter| dtype.strip_prefix(letter).is_some_and(|size| size.parse::<u32>().is_ok());
    if sized('S') {
        return Some((ScalarKind::Text, cut(opcode::repr_bytes_prefix(bytes, budget))));
    }
    if sized('U') {
        return Some((ScalarKind::Text, cut(opcode::repr_str_prefix(&utf32(bytes, big_endian)?, budget))));
    }
    let text = match dtype {
        "complex64" | "complex128" => {
            let (real, imaginary) = bytes.split_at_checked(bytes.len() / 2)?;
            let part = |half: &[u8]| float(&ordered(half, big_endian));
            complex(&part(real)?, &part(imaginary)?)
        }
        _ => number(dtype, &ordered(bytes, big_endian))?,
    };
    Some((ScalarKind::Number, text))
}

fn cut((text, truncated): (String, bool)) -> String {
    if truncated { text + "…" } else { text }
}

/// The bytes with the lowest first.
fn ordered(bytes: &[u8], big_endian: bool) -> Vec<u8> {
    let mut little = bytes.to_vec();
    if big_endian {
        little.reverse();
    }
    little
}

/// Text is padded with NULs to the size of its type.
fn utf32(bytes: &[u8], big_endian: bool) -> Option<PyText<'static>> {
    let unit = |four: &[u8]| char::from_u32(u32::from_le_bytes(ordered(four, big_endian).try_into().ok()?));
    let text: String = bytes.chunks(4).map(unit).collect::<Option<_>>()?;
    Some(PyText::from(text.trim_end_matches('\0')).into_owned())
}

fn number(dtype: &str, little: &[u8]) -> Option<String> {
    let wide = |fill: u8| {
        let mut number = [fill; 8];
        number.get_mut(..little.len())?.copy_from_slice(little);
        Some(number)
    };
    let negative = little.last().is_some_and(|byte| byte & 0x80 != 0);
    match dtype {
        "float16" | "float32" | "float64" => float(little),
        "bool" => Some(if little.first()? == &0 { "False" } else { "True" }.to_owned()),
        name if name.starts_with("int") => Some(i64::from_le_bytes(wide(if negative { 0xff } else { 0 })?).to_string()),
        name if name.starts_with("uint") => Some(u64::from_le_bytes(wide(0)?).to_string()),
        _ => None,
    }
}

/// A float of two, four or eight bytes with the shortest digits that give the same bits.
fn float(little: &[u8]) -> Option<String> {
    match *little {
        [low, high] => Some(half(u16::from_le_bytes([low, high]))),
        [a, b, c, d] => {
            let value = f32::from_le_bytes([a, b, c, d]);
            let shortest = if value.is_finite() { value.to_string().parse().ok()? } else { f64::from(value) };
            Some(opcode::repr_float(shortest))
        }
        _ => Some(opcode::repr_float(f64::from_le_bytes(little.try_into().ok()?))),
    }
}

fn half(bits: u16) -> String {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    if exponent == 0x1f {
        return opcode::repr_float(if fraction == 0.0 { sign * f64::INFINITY } else { f64::NAN });
    }
    let step = 2f64.powi(exponent.max(1) - 25);
    let size = if exponent == 0 { fraction } else { fraction + 1024.0 } * step;
    // Whatever is closer than half of a step is read as this number; below a power of two the steps are half as wide.
    let below = if fraction == 0.0 && exponent > 1 { step / 4.0 } else { step / 2.0 };
    let reads_back = |text: &f64| *text - size < step / 2.0 && size - *text < below;
    let shortest = (0..6).filter_map(|digits| format!("{size:.digits$e}").parse().ok()).find(reads_back);
    opcode::repr_float(sign * shortest.unwrap_or(size))
}

/// `datetime64[25s]` is `25s` of a date.
fn time_dtype(dtype: &str) -> Option<(&str, bool)> {
    let (name, unit) = dtype.split_once('[').unwrap_or((dtype, "]"));
    let is_date = match name {
        "datetime64" => true,
        "timedelta64" => false,
        _ => return None,
    };
    Some((unit.strip_suffix(']')?, is_date))
}

fn time(count: i64, unit: &str, is_date: bool) -> Option<String> {
    if count == i64::MIN {
        return Some("NaT".to_owned());
    }
    let digits = unit.find(|c: char| !c.is_ascii_digit()).unwrap_or(unit.len());
    let (multiple, unit) = unit.split_at(digits);
    let multiple: i128 = if multiple.is_empty() { 1 } else { multiple.parse().ok()? };
    let count = i128::from(count).checked_mul(multiple)?;
    if is_date { date(count, unit) } else { Some(format!("{count} {}", unit_word(unit, count == 1))) }
}

fn unit_word(unit: &str, one: bool) -> String {
    let word = match unit {
        "Y" => "year",
        "M" => "month",
        "W" => "week",
        "D" => "day",
        "h" => "hour",
        "m" => "minute",
        "s" => "second",
        "" => return "generic units".to_owned(),
        short => return short.to_owned(),
    };
    if one { word.to_owned() } else { format!("{word}s") }
}

/// A count of units since 1970 as the ISO text that is as fine as the unit.
fn date(count: i128, unit: &str) -> Option<String> {
    let (days, rest) = match unit {
        "Y" => return Some((1970 + count).to_string()),
        "M" => return Some(format!("{}-{:02}", 1970 + count.div_euclid(12), count.rem_euclid(12) + 1)),
        "W" => (count * 7, String::new()),
        "D" => (count, String::new()),
        "h" => (count.div_euclid(24), format!("T{:02}", count.rem_euclid(24))),
        "m" => {
            let minutes = count.rem_euclid(1440);
            (count.div_euclid(1440), format!("T{:02}:{:02}", minutes / 60, minutes % 60))
        }
        _ => {
            let places = ["s", "ms", "us", "ns", "ps", "fs", "as"].iter().position(|known| *known == unit)? * 3;
            let second = 10i128.pow(u32::try_from(places).ok()?);
            let (seconds, parts) = (count.div_euclid(second), count.rem_euclid(second));
            let clock = seconds.rem_euclid(86_400);
            let mut text = format!("T{:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60);
            if places > 0 {
                text.push_str(&format!(".{parts:0places$}"));
            }
            (seconds.div_euclid(86_400), text)
        }
    };
    Some(civil(days) + &rest)
}

/// The Gregorian date of a day since 1970, by eras of 400 years that begin in March.
fn civil(days: i128) -> String {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i128::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_print_the_shortest_digits() {
        let shown = [0x3800, 0x2e66, 0x7bff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x7e00, 0x3c00, 0x3555].map(half);
        assert_eq!(shown, ["0.5", "0.1", "65500.0", "6e-08", "-0.0", "inf", "-inf", "nan", "1.0", "0.3333"]);
    }

    #[test]
    fn dates_are_as_fine_as_their_unit() {
        let date = |count, unit| time(count, unit, true);
        assert_eq!(date(0, "D").as_deref(), Some("1970-01-01"));
        assert_eq!(date(-1, "D").as_deref(), Some("1969-12-31"));
        assert_eq!(date(11_016, "D").as_deref(), Some("2000-02-29"));
        assert_eq!(date(2, "25s").as_deref(), Some("1970-01-01T00:00:50"));
        assert_eq!(date(-1, "ns").as_deref(), Some("1969-12-31T23:59:59.999999999"));
        assert_eq!(date(i64::MIN, "s").as_deref(), Some("NaT"));
        assert_eq!(date(13, "M").as_deref(), Some("1971-02"));
        assert_eq!(time(5, "h", false).as_deref(), Some("5 hours"));
    }
}
