//! Questions about dates: `>= 2024-03-01`, `2024-03..2024-05`. A date is compared as a row shows it, in the time zone that it is shown in.

use super::compare::Operator;
use super::problem::QueryError;
use std::cmp::Ordering;

/// Year, month, day, hour, minute, second, and a fraction of it in 10^-18.
const FIELDS: usize = 7;
const FRACTION_DIGITS: usize = 18;

/// A moment, or what begins with it: a day, a month, a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Moment {
    fields: [i64; FIELDS],
    /// How many of the fields are said.
    known: usize,
}

impl Moment {
    /// The moment that a text begins with, and what stands behind it.
    fn read(text: &str) -> Option<(Self, &str)> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (year, rest) = number(digits, 4, 12)?;
        let mut moment = Self { fields: [sign * year, 1, 1, 0, 0, 0, 0], known: 1 };
        // `2024Q1` is what begins with January.
        if let Some(quarter) = rest.strip_prefix('Q') {
            let (quarter, rest) = number(quarter, 1, 1)?;
            moment.fields[1] = 3 * quarter - 2;
            moment.known = 2;
            return Some((moment, rest));
        }
        let mut rest = rest;
        for (field, before) in [(1, "-"), (2, "-"), (3, " T"), (4, ":"), (5, ":")] {
            let Some(behind) = rest.strip_prefix(|c| before.contains(c)) else { return Some((moment, rest)) };
            let Some((value, behind)) = number(behind, 2, 2) else { return Some((moment, rest)) };
            moment.fields[field] = value;
            moment.known = field + 1;
            rest = behind;
        }
        let digits = rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        if digits > 0 && digits <= FRACTION_DIGITS {
            moment.fields[6] = rest[1..=digits].parse::<i64>().ok()? * 10_i64.pow((FRACTION_DIGITS - digits) as u32);
            moment.known = FIELDS;
            rest = &rest[digits + 1..];
        }
        Some((moment, rest))
    }

    /// A whole text that somebody typed: at least a month of a year.
    fn typed(text: &str) -> Option<Self> {
        let (moment, rest) = Self::read(text)?;
        let [_, month, day, hour, minute, second, _] = moment.fields;
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
        let is_time = hour < 24 && minute < 60 && second < 61;
        (rest.is_empty() && moment.known >= 2 && is_date && is_time).then_some(moment)
    }

    /// A moment that a row shows: behind it may be its time zone, or the end of a period.
    fn shown(text: &str) -> Option<Self> {
        let (moment, rest) = Self::read(text)?;
        let is_end = rest.is_empty() || rest.starts_with(['+', '-', '/', ' ', 'Z', '[']);
        (is_end && moment.known >= 2).then_some(moment)
    }

    /// How another moment lies to what begins with this one.
    fn order_of(&self, other: &Self) -> Ordering {
        other.fields[..self.known].cmp(&self.fields[..self.known])
    }
}

/// Digits at the beginning, so many at least and at most.
fn number(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = if digits > most && most == least { most } else { digits };
    (least..=most).contains(&digits).then_some(())?;
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

/// A question about dates: all of it has to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Dates(Vec<(Operator, Moment)>);

impl Dates {
    /// An operator and its operand, when that is a date.
    pub(super) fn compared(operator: Operator, operand: &str) -> Option<Self> {
        Some(Self(vec![(operator, Moment::typed(operand)?)]))
    }

    /// `2024-03..2024-05`, both ends included.
    pub(super) fn range(text: &str) -> Result<Option<Self>, QueryError> {
        let ends = |(low, high): (&str, &str)| Some((Moment::typed(low.trim())?, Moment::typed(high.trim())?));
        let Some((low, high)) = text.split_once("..").and_then(ends) else { return Ok(None) };
        let known = low.known.min(high.known);
        if low.fields[..known] > high.fields[..known] {
            let message = "nothing is in this range, whose first end is the later one".to_owned();
            return Err(QueryError { message, at: 0..text.len() });
        }
        Ok(Some(Self(vec![(Operator::GreaterOrEqual, low), (Operator::LessOrEqual, high)])))
    }

    /// Whether it holds for the date that a row shows.
    pub(super) fn hold_for(&self, shown: &str) -> bool {
        let Some(shown) = Moment::shown(shown) else { return false };
        self.0.iter().all(|(operator, moment)| operator.allows(moment.order_of(&shown)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(operator: Operator, operand: &str, shown: &str) -> bool {
        Dates::compared(operator, operand).unwrap().hold_for(shown)
    }

    #[test]
    fn a_date_stands_for_all_that_begins_with_it() {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        for shown in
            ["2024-03-05", "2024-03-05 10:00:01.5", "2024-03-05T10:00:01+01:00", "2024-03-05 00:00:00 Europe/Berlin"]
        {
            assert!(holds(Equal, "2024-03", shown) && holds(Equal, "2024-03-05", shown), "{shown}");
            assert!(holds(GreaterOrEqual, "2024-03-05", shown) && !holds(Greater, "2024-03-05", shown), "{shown}");
            assert!(holds(LessOrEqual, "2024-03-05", shown) && !holds(Less, "2024-03-05", shown), "{shown}");
            assert!(holds(Less, "2024-03-06", shown) && holds(NotEqual, "2023-03-05", shown), "{shown}");
        }
        assert!(holds(Greater, "2024-03-05 10:00", "2024-03-05 10:01:00"));
        assert!(holds(Equal, "2024-03-05 10:00:01.5", "2024-03-05 10:00:01.500000000"));
        assert!(holds(Less, "1999-01", "-0044-03-15") && holds(Greater, "9999-01", "12024-01-01"));
        assert!(holds(GreaterOrEqual, "2024-04", "2024Q2") && holds(Less, "2024-04", "2024Q1"));
        for other in ["NaT", "", "1 days 02:00:00", "2024", "22/7", "2024-0", "x2024-03-05"] {
            assert!(!holds(GreaterOrEqual, "0001-01", other), "{other}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_compared_as_one() {
        for text in ["2024", "2024-13", "2024-03-32", "24-03-05", "2024-03-05x", "3.5", "2024-03-05 25:00"] {
            assert_eq!(Dates::compared(Operator::Less, text), None, "{text}");
        }
        assert!(Dates::range("2024-03..2024-05").unwrap().unwrap().hold_for("2024-05-31 23:59"));
        assert!(Dates::range("1..2").unwrap().is_none() && Dates::range("2024-05..2024-03").is_err());
        assert!(Dates::range("2024-03..2024-03-05").is_ok());
    }
}
