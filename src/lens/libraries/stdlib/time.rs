//! `datetime`: its types pickle as a few packed bytes (`Lib/datetime.py`, `_getstate` and `__setstate`).

use crate::graph::{Edge, Symbol};
use crate::lens::graph_view::{Call, Part, ScalarKind, Shape, ShapeKind};
use crate::lens::recogniser::Lens;

pub(in crate::lens) fn read(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let text = match symbol.name.as_str() {
        "date" => date(&packed(lens, call, 4)?)?,
        "time" => time(&packed(lens, call, 6)?)?,
        "datetime" => {
            let bytes = packed(lens, call, 10)?;
            format!("{} {}", date(&bytes[..4])?, time(&bytes[4..])?)
        }
        "timedelta" => timedelta(lens, &call.args)?,
        "timezone" => timezone(lens, &call.args)?,
        _ => return None,
    };
    let parts = match call.args[..] {
        [_, zone] if symbol.name != "timezone" && symbol.name != "timedelta" => vec![Part::named("tzinfo", zone)],
        _ => Vec::new(),
    };
    let fold = if has_fold(lens, call, symbol) { " (fold 1)" } else { "" };
    let text = match parts.first() {
        Some(_) => format!("{text} {}", zone_text(lens, call.args[1])),
        None => text,
    } + fold;
    let kind = ShapeKind::Scalar(ScalarKind::Number);
    Some(Shape::named(kind, &symbol.module, &symbol.name, parts).with_text(text))
}

/// Whether it is the second of two equal times at the end of summer time: a bit of the packed bytes.
fn has_fold(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> bool {
    let byte = match symbol.name.as_str() {
        "time" => 0,
        "datetime" => 2,
        _ => return false,
    };
    let bytes = call.args.first().and_then(|&edge| lens.bytes_of(edge));
    bytes.is_some_and(|bytes| bytes.get(byte).is_some_and(|byte| byte & 0x80 != 0))
}

fn packed(lens: &Lens<'_>, call: &Call<'_>, length: usize) -> Option<Vec<u8>> {
    let bytes = lens.bytes_of(*call.args.first()?)?;
    (bytes.len() == length).then_some(bytes)
}

/// Year (big-endian), month, day. In a time-zone-aware value of 3.6 and later the fold is the top bit of the month.
pub(in crate::lens) fn date(bytes: &[u8]) -> Option<String> {
    let [high, low, month, day] = *bytes else { return None };
    let month = month & 0x7f;
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day);
    valid.then(|| format!("{:04}-{month:02}-{day:02}", u16::from_be_bytes([high, low])))
}

/// Hour, minute, second, microseconds (big-endian, three bytes). The fold of a `time` is the top bit of the hour.
pub(in crate::lens) fn time(bytes: &[u8]) -> Option<String> {
    let [hour, minute, second, high, middle, low] = *bytes else { return None };
    let hour = hour & 0x7f;
    let micro = u32::from_be_bytes([0, high, middle, low]);
    if hour > 23 || minute > 59 || second > 59 || micro > 999_999 {
        return None;
    }
    let fraction = if micro == 0 { String::new() } else { format!(".{micro:06}") };
    Some(format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
}

/// Days, seconds, microseconds, printed as `str(timedelta)` does.
fn timedelta(lens: &Lens<'_>, args: &[Edge]) -> Option<String> {
    let &[days, seconds, micros] = args else { return None };
    let (days, seconds, micros) = (lens.int(days)?, lens.int(seconds)?, lens.int(micros)?);
    if !(0..86_400).contains(&seconds) || !(0..1_000_000).contains(&micros) {
        return None;
    }
    let clock = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    Some(match days {
        0 => format!("{clock}{fraction}"),
        1 | -1 => format!("{days} day, {clock}{fraction}"),
        _ => format!("{days} days, {clock}{fraction}"),
    })
}

fn timezone(lens: &Lens<'_>, args: &[Edge]) -> Option<String> {
    match *args {
        [offset] => {
            let seconds = offset_seconds(lens, offset)?;
            Some(if seconds == 0 { "UTC".to_owned() } else { offset_text(seconds) })
        }
        [offset, name] => Some(format!("{} ({})", lens.string(name)?, offset_text(offset_seconds(lens, offset)?))),
        _ => None,
    }
}

pub(in crate::lens) fn offset_seconds(lens: &Lens<'_>, edge: Edge) -> Option<i64> {
    let call = lens.call(edge.node())?;
    if !call.symbol?.is("datetime", "timedelta") {
        return None;
    }
    let &[days, seconds, _] = &call.args[..] else { return None };
    lens.int(days)?.checked_mul(86_400)?.checked_add(lens.int(seconds)?)
}

fn offset_text(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Only the two usual kinds of zones: a zone in a zone in a zone must not become a recursion.
fn zone_text(lens: &Lens<'_>, zone: Edge) -> String {
    let known = || {
        let call = lens.call(zone.node())?;
        match call.symbol {
            Some(symbol) if symbol.is("datetime", "timezone") => timezone(lens, &call.args),
            Some(symbol) if !symbol.is("zoneinfo", "ZoneInfo._unpickle") => None,
            _ => lens.string(*call.args.first()?),
        }
    };
    known().unwrap_or_else(|| lens.inline(zone))
}
