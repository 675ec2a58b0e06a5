//! Periods: an ordinal in a frequency, as `str(Period)` has it.
//!
//! Sources: `pandas/_libs/tslibs/period.pyx` (`period_format`, `asfreq_WtoDT`, `asfreq_BtoDT`), `dtypes.pyx`.

use crate::bytes::sorting;
use crate::graph::Edge;
use crate::lens::graph_view::Object;
use crate::lens::numbers::NAT;
use crate::lens::numbers::moment;
use crate::lens::recogniser::Lens;

/// The frequency of a period: its code as pandas writes it, and what it counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Frequency {
    /// `M`, `Q-DEC`, `2D`.
    pub(super) code: String,
    base: Base,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Base {
    Year,
    Quarter,
    Month,
    /// The day on which it ends, from Sunday on.
    Week(i128),
    Business,
    Day,
    Hour,
    Minute,
    /// A second parted into so many digits.
    Second(u32),
}

const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

impl Frequency {
    /// The frequency of a code: `M`, `Q-DEC`, `W-SUN`, `2h`, in the letters of any version.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        let letters = code.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        let (name, anchor) = letters.split_once('-').unwrap_or((letters, ""));
        let base = match name {
            "A" | "Y" | "YE" => Base::Year,
            "Q" | "QE" => Base::Quarter,
            "M" | "ME" => Base::Month,
            "W" => Base::Week(DAYS.iter().position(|day| *day == anchor).unwrap_or(0) as i128),
            "B" => Base::Business,
            "D" | "C" => Base::Day,
            "H" | "h" => Base::Hour,
            "T" | "min" => Base::Minute,
            "S" | "s" => Base::Second(0),
            "L" | "ms" => Base::Second(3),
            "U" | "us" => Base::Second(6),
            "N" | "ns" => Base::Second(9),
            _ => return None,
        };
        Some(Self { code: code.to_owned(), base })
    }

    /// The frequency that an offset stands for: `MonthEnd(1, False)`.
    pub(super) fn of_offset(lens: &Lens<'_>, edge: Edge) -> Option<Self> {
        Self::of_code(&offset_code(lens, edge)?)
    }

    /// A period by its ordinal.
    pub(super) fn text(&self, ordinal: i64) -> String {
        if ordinal == NAT {
            return "NaT".to_owned();
        }
        let count = i128::from(ordinal);
        match self.base {
            Base::Year => (1970 + count).to_string(),
            Base::Quarter => format!("{}Q{}", 1970 + count.div_euclid(4), count.rem_euclid(4) + 1),
            Base::Month => format!("{}-{:02}", 1970 + count.div_euclid(12), count.rem_euclid(12) + 1),
            Base::Week(end) => {
                let last = count * 7 + end - 4;
                format!("{}/{}", moment::day(last - 6), moment::day(last))
            }
            Base::Business => moment::day((count + 3).div_euclid(5) * 7 + (count + 3).rem_euclid(5) - 3),
            Base::Day => moment::day(count),
            Base::Hour => format!("{} {:02}:00", moment::day(count.div_euclid(24)), count.rem_euclid(24)),
            Base::Minute => {
                let minutes = count.rem_euclid(1440);
                format!("{} {:02}:{:02}", moment::day(count.div_euclid(1440)), minutes / 60, minutes % 60)
            }
            Base::Second(digits) => {
                let one = 10i128.pow(digits);
                let (seconds, part) = (count.div_euclid(one), count.rem_euclid(one));
                let clock = moment::clock_text(seconds.rem_euclid(86_400));
                let fraction =
                    if digits == 0 { String::new() } else { format!(".{part:0width$}", width = digits as usize) };
                format!("{} {clock}{fraction}", moment::day(seconds.div_euclid(86_400)))
            }
        }
    }
}

/// The code of an offset: `<2 * MonthEnds>` is `2M`. As pandas writes it for periods.
pub(super) fn offset_code(lens: &Lens<'_>, edge: Edge) -> Option<String> {
    let object = lens.object(edge.node())?;
    if !super::is_pandas(object.class) {
        return None;
    }
    let number = |index: usize, name: &str| part(lens, &object, index, name);
    let month = |name: &str, otherwise: usize| {
        let month = number(2, name).and_then(|month| usize::try_from(month.checked_sub(1)?).ok()).unwrap_or(otherwise);
        MONTHS.get(month).copied()
    };
    let letters = match object.class.short_name() {
        "Day" => "D".to_owned(),
        "Hour" => "h".to_owned(),
        "Minute" => "min".to_owned(),
        "Second" => "s".to_owned(),
        "Milli" => "ms".to_owned(),
        "Micro" => "us".to_owned(),
        "Nano" => "ns".to_owned(),
        "BusinessDay" => "B".to_owned(),
        "MonthEnd" => "M".to_owned(),
        "MonthBegin" => "MS".to_owned(),
        "QuarterEnd" => format!("Q-{}", month("startingMonth", 11)?),
        "QuarterBegin" => format!("QS-{}", month("startingMonth", 0)?),
        "YearEnd" => format!("Y-{}", month("month", 11)?),
        "YearBegin" => format!("YS-{}", month("month", 0)?),
        "Week" => match number(2, "weekday") {
            // pandas counts from Monday.
            Some(day) => format!("W-{}", DAYS.get(usize::try_from(day.checked_add(1)?).ok()? % 7)?),
            None => "W".to_owned(),
        },
        _ => return None,
    };
    Some(match number(0, "n") {
        Some(1) | None => letters,
        Some(many) => format!("{many}{letters}"),
    })
}

/// A number of an offset: an argument, before pandas 1.1 an attribute.
fn part(lens: &Lens<'_>, object: &Object<'_>, index: usize, name: &str) -> Option<i64> {
    object.args.get(index).copied().or_else(|| object.attribute(name)).and_then(|edge| lens.int(edge))
}

/// An offset as its repr has it: `<2 * MonthEnds>`, `<Week: weekday=2>`.
pub(super) fn offset_text(lens: &Lens<'_>, edge: Edge) -> Option<String> {
    let object = lens.object(edge.node()).filter(|object| super::is_pandas(object.class))?;
    let class = object.class.short_name();
    let count = part(lens, &object, 0, "n")?;
    let attribute = match class {
        "Day" | "Hour" | "Minute" | "Second" | "Milli" | "Micro" | "Nano" | "MonthEnd" | "MonthBegin" => "",
        "BusinessDay" | "BusinessMonthEnd" | "BusinessMonthBegin" => "",
        "QuarterEnd" | "QuarterBegin" | "BQuarterEnd" | "BQuarterBegin" => "startingMonth",
        "YearEnd" | "YearBegin" | "BYearEnd" | "BYearBegin" => "month",
        "Week" => "weekday",
        "DateOffset" => return Some(repr(class, count, &date_parts(lens, &object))),
        _ => return None,
    };
    let words = if attribute.is_empty() {
        String::new()
    } else {
        format!(
            ": {attribute}={}",
            part(lens, &object, 2, attribute).map_or_else(|| "None".to_owned(), |number| number.to_string())
        )
    };
    Some(repr(class, count, &words))
}

fn repr(class: &str, count: i64, words: &str) -> String {
    if count == 1 { format!("<{class}{words}>") } else { format!("<{count} * {class}s{words}>") }
}

/// `: days=2, months=1`: what a `DateOffset` was made with (`_relativedelta_kwds` in `pandas/_libs/tslibs/offsets.pyx`).
fn date_parts(lens: &Lens<'_>, object: &Object<'_>) -> String {
    const UNITS: [&str; 11] = [
        "year",
        "month",
        "week",
        "day",
        "weekday",
        "hour",
        "minute",
        "second",
        "microsecond",
        "millisecond",
        "nanosecond",
    ];
    let is_unit = |name: &str| UNITS.contains(&name) || name.strip_suffix('s').is_some_and(|one| UNITS.contains(&one));
    let mut parts: Vec<(String, Edge)> = object.attributes();
    parts.retain(|(name, _)| is_unit(name));
    sorting::by(&mut parts, |(a, _), (b, _)| a.cmp(b));
    let words: Vec<String> = parts.into_iter().map(|(name, value)| format!("{name}={}", lens.inline(value))).collect();
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_as_their_frequency_has_them() {
        let text = |code: &str, ordinal| Frequency::of_code(code).map(|frequency| frequency.text(ordinal));
        assert_eq!(text("M", 600).as_deref(), Some("2020-01"));
        assert_eq!(text("Q-DEC", -1).as_deref(), Some("1969Q4"));
        assert_eq!(text("W-SUN", 1).as_deref(), Some("1969-12-29/1970-01-04"));
        assert_eq!(text("B", 0).as_deref(), Some("1970-01-01"));
        assert_eq!(text("2h", 25).as_deref(), Some("1970-01-02 01:00"));
        assert_eq!(text("ms", -1).as_deref(), Some("1969-12-31 23:59:59.999"));
        assert_eq!(text("D", NAT).as_deref(), Some("NaT"));
        assert_eq!(text("unheard", 1), None);
    }
}
