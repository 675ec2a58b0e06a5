//! Dates and times of the standard library as their `isoformat()` writes them.
//!
//! Source: `Lib/datetime.py` (`isoformat`, `_format_offset`), PEP 495 (fold).

use super::time;
use crate::graph::{Edge, NodeId};
use crate::lens::libraries::time_zones::{wall_offset, zone_name};
use crate::lens::recogniser::Lens;

/// A date, a time, or both.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Iso {
    /// As `isoformat()` writes it.
    pub text: String,
    /// A time zone that the text does not tell: one that nobody knows, or that has no one offset for a time without date.
    pub zone: Option<String>,
}

impl Lens<'_> {
    /// The text that `isoformat()` of a date, time or datetime gives; `None` for every other value.
    #[must_use]
    pub fn iso(&self, node: NodeId) -> Option<Iso> {
        let call = self.call(node)?;
        let symbol = call.symbol.filter(|symbol| symbol.module == "datetime")?;
        let packed = self.bytes_of(*call.args.first()?)?;
        let zone = call.args.get(1).copied();
        match (symbol.name.as_str(), packed.len()) {
            ("date", 4) => Some(Iso { text: time::date(&packed)?, zone: None }),
            ("time", 6) => {
                let text = time::time(&packed)?;
                Some(self.with_offset(text, zone, None))
            }
            ("datetime", 10) => {
                let (day, clock) = packed.split_at(4);
                let text = format!("{}T{}", time::date(day)?, time::time(clock)?);
                let wall = (wall_seconds(day, clock), day[2] & 0x80 != 0);
                Some(self.with_offset(text, zone, Some(wall)))
            }
            _ => None,
        }
    }

    /// `wall` is the moment by the clock on the wall, and whether it is the second of two equal ones.
    fn with_offset(&self, text: String, zone: Option<Edge>, wall: Option<(i64, bool)>) -> Iso {
        let Some(zone) = zone.filter(|&zone| !self.is_none(zone)) else { return Iso { text, zone: None } };
        if let Some(micros) = self.fixed_micros(zone) {
            return Iso { text: text + &offset_text(micros), zone: None };
        }
        match wall_offset(self, zone, wall) {
            Some(seconds) => Iso { text: text + &offset_text(seconds.saturating_mul(1_000_000)), zone: None },
            None => Iso { text, zone: Some(zone_name(self, zone)) },
        }
    }

    /// The offset of a `datetime.timezone`.
    fn fixed_micros(&self, zone: Edge) -> Option<i64> {
        let call = self.call(zone.node())?;
        call.symbol.filter(|symbol| symbol.is("datetime", "timezone"))?;
        let delta = self.call(call.args.first()?.node())?;
        let &[days, seconds, micros] = &delta.args[..] else { return None };
        let seconds = self.int(days)?.checked_mul(86_400)?.checked_add(self.int(seconds)?)?;
        seconds.checked_mul(1_000_000)?.checked_add(self.int(micros)?)
    }
}

/// `+05:30`, with seconds and microseconds where there are some.
fn offset_text(micros: i64) -> String {
    let sign = if micros < 0 { '-' } else { '+' };
    let (seconds, micros) = (micros.unsigned_abs() / 1_000_000, micros.unsigned_abs() % 1_000_000);
    let mut text = format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 || micros != 0 {
        text.push_str(&format!(":{:02}", seconds % 60));
    }
    if micros != 0 {
        text.push_str(&format!(".{micros:06}"));
    }
    text
}

/// Seconds since 1970 as if the clock on the wall were UTC, of packed bytes that are a date and a time.
fn wall_seconds(day: &[u8], clock: &[u8]) -> i64 {
    let (year, month) = (i64::from(day[0]) << 8 | i64::from(day[1]), i64::from(day[2] & 0x7f));
    // By years that begin in March (as `time::civil` of pandas, the other way).
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = days + (153 * month + 2) / 5 + i64::from(day[3]) - 719_469;
    days * 86_400 + i64::from(clock[0] & 0x7f) * 3600 + i64::from(clock[1]) * 60 + i64::from(clock[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_as_fine_as_they_must_be() {
        assert_eq!(offset_text(0), "+00:00");
        assert_eq!(offset_text(19_800_000_000), "+05:30");
        assert_eq!(offset_text(-12_345_000_000), "-03:25:45");
        assert_eq!(offset_text(1), "+00:00:00.000001");
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(wall_seconds(&[0x07, 0xb2, 1, 1], &[0, 0, 0]), 0);
        assert_eq!(wall_seconds(&[0x07, 0xd0, 2, 29], &[1, 2, 3]), 951_786_123);
        assert_eq!(wall_seconds(&[0, 1, 1, 1], &[0, 0, 0]), -62_135_596_800);
    }
}
