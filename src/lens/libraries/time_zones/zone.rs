//! Time zones: how far east of UTC, where the file or its name says.

use super::tzif;
use crate::graph::{Edge, Node};
use crate::lens::graph_view::Object;
use crate::lens::numbers::moment;
use crate::lens::recogniser::Lens;

/// The time zone of a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::lens) enum Zone {
    /// None: clock time.
    Naive,
    /// Always so many seconds east of UTC; its name.
    Fixed(i64, String),
    /// By name, with the offset that the file has for one moment of it.
    Named(String, Option<i64>),
    /// By name, as pytz has it, with the offset before its first change.
    Pytz(String, i64),
    /// dateutil's reading of a file of the database: as its repr has it, and the zone's name.
    File(String, String),
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Where the files of the database are, in the paths of most systems.
const FOLDER: &str = "zoneinfo/";

/// pytz knows no changes before this moment (32 bits of seconds), and none after this one.
const PYTZ: (i64, i64) = (i32::MIN as i64, 2_145_916_800);

impl Zone {
    /// Its name, as dtypes have it.
    pub(in crate::lens) fn name(&self) -> &str {
        match self {
            Self::Naive => "",
            Self::Fixed(_, name) | Self::Named(name, _) | Self::Pytz(name, _) | Self::File(name, _) => name,
        }
    }

    /// Seconds east of UTC at a moment; `None` without a zone. A zone that nobody knows is shown in UTC.
    pub(in crate::lens) fn offset_at(&self, seconds: i64) -> Option<i64> {
        match self {
            Self::Naive => None,
            Self::Fixed(offset, _) => Some(*offset),
            Self::Named(name, _) | Self::File(_, name) => Some(tzif::offset_at(name, seconds).unwrap_or(0)),
            Self::Pytz(_, first) if seconds < PYTZ.0 => Some(*first),
            // In whole minutes.
            Self::Pytz(name, _) => {
                Some((tzif::offset_at(name, seconds.min(PYTZ.1)).unwrap_or(0) + 30).div_euclid(60) * 60)
            }
        }
    }

    /// Whether moments are shown in UTC because the zone is not known.
    pub(in crate::lens) fn is_unknown(&self) -> bool {
        matches!(self, Self::Named(name, _) | Self::Pytz(name, _) | Self::File(_, name)
            if tzif::offset_at(name, 0).is_none())
    }

    /// A moment in this zone, with its offset.
    pub(in crate::lens) fn moment(&self, count: i64, unit: moment::Unit) -> String {
        match self.offset_at(unit.seconds(count)) {
            Some(offset) if count != moment::NAT => moment::moment(count, unit, offset) + &moment::offset(offset),
            _ => moment::moment(count, unit, 0),
        }
    }
}

/// The offset that a zone has when its clocks show `wall` (seconds since 1970 as if they showed UTC, and whether it is the
/// second of two equal times), or at all times; `None` for a zone that is not known, or that needs to know the date.
pub(in crate::lens) fn wall_offset(lens: &Lens<'_>, edge: Edge, wall: Option<(i64, bool)>) -> Option<i64> {
    match zone(lens, edge) {
        Zone::Naive => None,
        Zone::Fixed(offset, _) | Zone::Named(_, Some(offset)) | Zone::Pytz(_, offset) => Some(offset),
        Zone::Named(name, None) | Zone::File(_, name) => {
            let (wall, fold) = wall?;
            // What held a day before and a day after: between them there is one change at most.
            let (before, after) =
                (tzif::offset_at(&name, wall.checked_sub(DAY)?)?, tzif::offset_at(&name, wall.checked_add(DAY)?)?);
            let holds = |offset: i64| tzif::offset_at(&name, wall - offset) == Some(offset);
            Some(match (holds(before), holds(after)) {
                (true, false) => before,
                (false, true) => after,
                // Twice, or never where clocks were put forward: PEP 495 takes the earlier offset first in both.
                _ => {
                    if fold {
                        after
                    } else {
                        before
                    }
                }
            })
        }
    }
}

/// The name of the zone that a value is.
pub(in crate::lens) fn zone_name(lens: &Lens<'_>, edge: Edge) -> String {
    zone(lens, edge).name().to_owned()
}

/// The zone that a value is.
pub(in crate::lens) fn zone(lens: &Lens<'_>, edge: Edge) -> Zone {
    if lens.is_none(edge) {
        return Zone::Naive;
    }
    known(lens, edge).unwrap_or_else(|| Zone::Named(lens.inline(edge), None))
}

fn known(lens: &Lens<'_>, edge: Edge) -> Option<Zone> {
    let utc = || Some(Zone::Fixed(0, "UTC".to_owned()));
    if let Node::Text { .. } = lens.graph.node(edge.node()) {
        let name = lens.string(edge)?;
        return match clock(&name) {
            _ if name == "UTC" => utc(),
            Some(seconds) => Some(Zone::Fixed(seconds, name)),
            None => Some(Zone::Named(name, None)),
        };
    }
    if let Some(symbol) = lens.symbol(edge) {
        return if symbol.short_name() == "utc" || symbol.short_name() == "UTC" { utc() } else { None };
    }
    if let Some(object) = lens.object(edge.node()).filter(|object| object.is_in("dateutil")) {
        return dateutil(lens, &object);
    }
    let call = lens.call(edge.node())?;
    let Some(symbol) = call.symbol else {
        // `getattr(ZoneInfo, '_unpickle')(key, from_cache)`
        let maker = lens.call(call.callee.node())?;
        let is_zone = lens.symbol(*maker.args.first()?)?.is("zoneinfo", "ZoneInfo");
        return if is_zone { named(lens.string(*call.args.first()?)?) } else { None };
    };
    match (symbol.module.split('.').next()?, symbol.short_name()) {
        ("pytz", "_UTC") => utc(),
        ("pytz", "_p") => {
            let name = lens.string(*call.args.first()?)?;
            let Some(offset) = call.args.get(1).and_then(|&seconds| lens.int(seconds)) else { return named(name) };
            // What a zone has before its first change is that of no moment.
            let is_first = call.args.get(3).and_then(|&name| lens.string(name)).is_some_and(|name| name == "LMT");
            Some(if is_first { Zone::Pytz(name, offset) } else { Zone::Named(name, Some(offset)) })
        }
        ("pytz", "FixedOffset" | "_FixedOffset") => {
            let minutes = lens.int(*call.args.first()?)?;
            Some(Zone::Fixed(minutes.checked_mul(60)?, format!("pytz.FixedOffset({minutes})")))
        }
        ("datetime", "timezone") => {
            let seconds = whole_seconds(lens, *call.args.first()?)?;
            let name = call.args.get(1).and_then(|&name| lens.string(name));
            let plain = if seconds == 0 { "UTC".to_owned() } else { format!("UTC{}", moment::offset(seconds)) };
            Some(Zone::Fixed(seconds, name.unwrap_or(plain)))
        }
        ("zoneinfo", _) => named(lens.string(*call.args.first()?)?),
        _ => None,
    }
}

/// The zones of dateutil, with the names that their repr has (`dateutil/tz/tz.py`).
fn dateutil(lens: &Lens<'_>, object: &Object<'_>) -> Option<Zone> {
    match object.class.short_name() {
        "tzutc" => Some(Zone::Fixed(0, "tzutc()".to_owned())),
        // `(name, delta)`; before 4.0 attributes.
        "tzoffset" => {
            let (name, delta) = match object.attribute("_offset") {
                Some(delta) => (object.attribute("_name"), delta),
                None => (object.args.first().copied(), *object.args.get(1)?),
            };
            let seconds = whole_seconds(lens, delta)?;
            let name = name.and_then(|name| lens.string(name));
            let name = name.map_or_else(|| "None".to_owned(), |name| format!("'{name}'"));
            Some(Zone::Fixed(seconds, format!("tzoffset({name}, {seconds})")))
        }
        // `(None, path)`; from 3.0 on `_unpickle(tzfile, key, path, …)`.
        "tzfile" | "_unpickle" => {
            let texts: Vec<String> = object.args.iter().filter_map(|&edge| lens.string(edge)).collect();
            let path = texts.last()?;
            let key = path.rsplit_once(FOLDER).map_or(texts.first()?.as_str(), |(_, key)| key);
            Some(Zone::File(format!("tzfile('{path}')"), key.to_owned()))
        }
        _ => None,
    }
}

/// The seconds of a `timedelta`, or a number of them.
fn whole_seconds(lens: &Lens<'_>, edge: Edge) -> Option<i64> {
    let Some(delta) = lens.call(edge.node()) else { return lens.int(edge) };
    let &[days, seconds, _] = &delta.args[..] else { return None };
    lens.int(days)?.checked_mul(86_400)?.checked_add(lens.int(seconds)?)
}

/// `+05:30`, which Arrow takes for a zone.
fn clock(name: &str) -> Option<i64> {
    let sign = if name.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = name.strip_prefix(['+', '-'])?.split_once(':')?;
    let number = |text: &str| text.parse::<u8>().ok().filter(|_| text.len() == 2).map(i64::from);
    Some(sign * (number(hours)? * 3600 + number(minutes)? * 60))
}

fn named(name: String) -> Option<Zone> {
    Some(if name == "UTC" { Zone::Fixed(0, name) } else { Zone::Named(name, None) })
}
