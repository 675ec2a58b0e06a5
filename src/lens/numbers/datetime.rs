//! Dates and durations as numpy prints them (`numpy/_core/src/multiarray/datetime_strings.c`).

use super::moment::day;

/// A count of units since 1970, or of units. The unit may have a multiple: `25s`.
pub(in crate::lens) fn time(count: i64, unit: &str, is_date: bool) -> Option<String> {
    if count == i64::MIN {
        return Some("NaT".to_owned());
    }
    let digits = unit.find(|c: char| !c.is_ascii_digit()).unwrap_or(unit.len());
    let (multiple, unit) = unit.split_at(digits);
    let multiple: i128 = if multiple.is_empty() { 1 } else { multiple.parse().ok()? };
    let count = i128::from(count).checked_mul(multiple)?;
    if is_date { date(count, unit) } else { Some(format!("{count} {}", unit_words(unit))) }
}

fn unit_words(unit: &str) -> &str {
    match unit {
        "Y" => "years",
        "M" => "months",
        "W" => "weeks",
        "D" => "days",
        "h" => "hours",
        "m" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" | "μs" => "microseconds",
        "ns" => "nanoseconds",
        "ps" => "picoseconds",
        "fs" => "femtoseconds",
        "as" => "attoseconds",
        _ => "generic time units",
    }
}

/// A count of units since 1970 as the ISO text that is as fine as the unit.
fn date(count: i128, unit: &str) -> Option<String> {
    let (days, rest) = match unit {
        "Y" => return Some(format!("{:04}", 1970 + count)),
        "M" => return Some(format!("{:04}-{:02}", 1970 + count.div_euclid(12), count.rem_euclid(12) + 1)),
        "W" => (count * 7, String::new()),
        "D" => (count, String::new()),
        "h" => (count.div_euclid(24), format!("T{:02}", count.rem_euclid(24))),
        "m" => {
            let minutes = count.rem_euclid(1440);
            (count.div_euclid(1440), format!("T{:02}:{:02}", minutes / 60, minutes % 60))
        }
        _ => {
            let unit = if unit == "μs" { "us" } else { unit };
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
    Some(day(days) + &rest)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(date(-1969, "Y").as_deref(), Some("0001"));
        assert_eq!(date(-800_000, "D").as_deref(), Some("-221-09-04"));
        assert_eq!(date(-25_000, "M").as_deref(), Some("-114-09"));
        assert_eq!(date(5, ""), None);
        assert_eq!(time(5, "h", false).as_deref(), Some("5 hours"));
        assert_eq!(time(1, "D", false).as_deref(), Some("1 days"));
        assert_eq!(time(3, "", false).as_deref(), Some("3 generic time units"));
    }
}
