//! Numbers for people.

pub use crate::view::preview::{grouped, plural, size_text};

/// `81k`: short enough for a tab.
#[must_use]
pub fn short_count(number: u64) -> String {
    match number {
        0..=9_999 => grouped(number),
        10_000..=999_999 => format!("{}k", number / 1000),
        _ => format!("{:.1}M", number as f64 / 1e6),
    }
}

/// `0x1f3a2`.
#[must_use]
pub fn hex(offset: u64) -> String {
    format!("{offset:#x}")
}

/// An offset as people type it: `127906`, `127,906`, `0x1f3a2`, `1f3a2h` is not one of them.
#[must_use]
pub fn parse_offset(text: &str) -> Option<u64> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) if !digits.starts_with('+') => u64::from_str_radix(digits, 16).ok(),
        Some(_) => None,
        None if text.starts_with('+') => None,
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_three_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 KB"),
            (99_949, "99.9 KB"),
            (99_950, "100 KB"),
            (999_949, "1000 KB"),
            (999_950, "1.0 MB"),
            (4_200_000, "4.2 MB"),
            (20_000_000_000_000_000, "20.0 PB"),
        ] {
            assert_eq!(size_text(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (81_442, "81,442"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(plural(1, "pickle", "pickles"), "1 pickle");
        assert_eq!(plural(0, "pickle", "pickles"), "0 pickles");
        assert_eq!((short_count(9_999), short_count(81_442), short_count(1_250_000)).2, "1.2M");
    }

    #[test]
    fn offsets_are_read_as_typed() {
        for text in ["127906", "127,906", "0x1f3a2", " 0X1F3A2 ", "127_906"] {
            assert_eq!(parse_offset(text), Some(127_906), "{text}");
        }
        for text in ["", "0x", "-1", "+1", "0x+1", "12 34x", "99999999999999999999"] {
            assert_eq!(parse_offset(text), None, "{text}");
        }
    }
}
