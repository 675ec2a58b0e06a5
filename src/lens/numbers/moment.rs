//! Moments and durations as `str(Timestamp)` and `str(Timedelta)` have them.
//!
//! Sources: `pandas/_libs/tslibs/timestamps.pyx`, `timedeltas.pyx` (`_repr_base`), `datetime.isoformat`.

/// What stands for no moment and no duration.
pub(in crate::lens) const NAT: i64 = i64::MIN;

/// A unit in which moments are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::lens) enum Unit {
    Second,
    Milli,
    Micro,
    Nano,
    Minute,
    Hour,
    Day,
}

impl Unit {
    /// The unit of a dtype: `ns`; pandas has no others than these.
    pub(in crate::lens) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "s" => Self::Second,
            "ms" => Self::Milli,
            "us" | "μs" => Self::Micro,
            "ns" => Self::Nano,
            "m" => Self::Minute,
            "h" => Self::Hour,
            "D" => Self::Day,
            _ => return None,
        })
    }

    /// By number (`NPY_DATETIMEUNIT`), as scalars have it.
    pub(in crate::lens) fn of_number(number: i64) -> Option<Self> {
        Some(match number {
            4 => Self::Day,
            5 => Self::Hour,
            6 => Self::Minute,
            7 => Self::Second,
            8 => Self::Milli,
            9 => Self::Micro,
            10 => Self::Nano,
            _ => return None,
        })
    }

    /// Nanoseconds of one.
    fn nanos(self) -> i128 {
        match self {
            Self::Nano => 1,
            Self::Micro => 1_000,
            Self::Milli => 1_000_000,
            Self::Second => NANOS,
            Self::Minute => 60 * NANOS,
            Self::Hour => 3600 * NANOS,
            Self::Day => 86_400 * NANOS,
        }
    }

    /// How many make a second, when it is a whole number.
    pub(in crate::lens) fn per_second(self) -> Option<i128> {
        (self.nanos() <= NANOS).then(|| NANOS / self.nanos())
    }

    /// Seconds since 1970 that a count of this unit is, rounded down.
    pub(in crate::lens) fn seconds(self, count: i64) -> i64 {
        // 64 bits of days are more seconds than 64 bits hold; pandas has no such moments.
        i64::try_from((i128::from(count) * self.nanos()).div_euclid(NANOS)).unwrap_or(i64::MAX)
    }
}

/// Nanoseconds of a second.
const NANOS: i128 = 1_000_000_000;

/// A moment without a zone, `offset` seconds east of what is counted: `2024-01-02 03:04:05.678901`.
pub(in crate::lens) fn moment(count: i64, unit: Unit, offset: i64) -> String {
    if count == NAT {
        return "NaT".to_owned();
    }
    let nanos = i128::from(count) * unit.nanos() + i128::from(offset) * NANOS;
    let (seconds, fraction) = (nanos.div_euclid(NANOS), nanos.rem_euclid(NANOS));
    let (days, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    format!("{} {}{}", day(days), clock_text(clock), fraction_text(fraction))
}

/// A moment in UTC, so many seconds or milliseconds after 1970 began; nothing outside of the years 1 to 9999.
#[must_use]
pub fn unix_moment(count: i64, is_milli: bool) -> Option<String> {
    const YEARS: std::ops::Range<i64> = -62_135_596_800..253_402_300_800;
    let unit = if is_milli { Unit::Milli } else { Unit::Second };
    YEARS.contains(&unit.seconds(count)).then(|| moment(count, unit, 0))
}

/// A duration: `1 days 02:00:00`, `-1 days +23:59:59`.
pub(in crate::lens) fn duration(count: i64, unit: Unit) -> String {
    if count == NAT {
        return "NaT".to_owned();
    }
    let nanos = i128::from(count) * unit.nanos();
    let (seconds, fraction) = (nanos.div_euclid(NANOS), nanos.rem_euclid(NANOS));
    let (days, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let sign = if days < 0 { "+" } else { "" };
    format!("{days} days {sign}{}{}", clock_text(clock), fraction_text(fraction))
}

/// An offset from UTC: `+01:00`, with seconds where there are some.
pub(in crate::lens) fn offset(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let size = seconds.unsigned_abs();
    let rest = if size.is_multiple_of(60) { String::new() } else { format!(":{:02}", size % 60) };
    format!("{sign}{:02}:{:02}{rest}", size / 3600, size / 60 % 60)
}

pub(in crate::lens) fn clock_text(seconds: i128) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Six digits, nine where nanoseconds need them, none where there is nothing.
fn fraction_text(nanos: i128) -> String {
    match nanos {
        0 => String::new(),
        _ if nanos % 1000 == 0 => format!(".{:06}", nanos / 1000),
        _ => format!(".{nanos:09}"),
    }
}

/// The Gregorian date of a day since 1970: `2024-01-02`.
pub(in crate::lens) fn day(days: i128) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month, day of a day since 1970, by eras of 400 years that begin in March.
pub(in crate::lens) fn civil(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    (year + era * 400 + i128::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_as_fine_as_they_must_be() {
        assert_eq!(moment(0, Unit::Second, 0), "1970-01-01 00:00:00");
        assert_eq!(moment(-1, Unit::Nano, 0), "1969-12-31 23:59:59.999999999");
        assert_eq!(moment(1_500, Unit::Milli, 3600), "1970-01-01 01:00:01.500000");
        assert_eq!(moment(NAT, Unit::Nano, 0), "NaT");
        assert_eq!(unix_moment(1_700_000_000, false).as_deref(), Some("2023-11-14 22:13:20"));
        assert_eq!(unix_moment(-1, true).as_deref(), Some("1969-12-31 23:59:59.999000"));
        assert_eq!([unix_moment(i64::MAX, false), unix_moment(i64::MIN, true)], [None, None]);
    }

    #[test]
    fn durations_have_one_sign() {
        assert_eq!(duration(93_600, Unit::Second), "1 days 02:00:00");
        assert_eq!(duration(-1, Unit::Nano), "-1 days +23:59:59.999999999");
        assert_eq!(duration(0, Unit::Nano), "0 days 00:00:00");
        assert_eq!(offset(-12_600), "-03:30");
        assert_eq!(offset(561), "+00:09:21");
    }
}
