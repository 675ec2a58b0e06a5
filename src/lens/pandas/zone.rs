//! Time zones: how far east of UTC, where the file or its name says.

use super::{time, tzif};
use crate::graph::{Edge, Node};
use crate::lens::Lens;

/// The time zone of a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Zone {
    /// None: clock time.
    Naive,
    /// Always so many seconds east of UTC; its name.
    Fixed(i64, String),
    /// By name, with the offset that the file has for one moment of it.
    Named(String, Option<i64>),
    /// By name, as pytz has it, with the offset before its first change.
    Pytz(String, i64),
}

/// pytz knows no changes before this moment (32 bits of seconds), and none after this one.
const PYTZ: (i64, i64) = (i32::MIN as i64, 2_145_916_800);

impl Zone {
    /// Its name, as dtypes have it.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Naive => "",
            Self::Fixed(_, name) | Self::Named(name, _) | Self::Pytz(name, _) => name,
        }
    }

    /// Seconds east of UTC at a moment; `None` without a zone. A zone that nobody knows is shown in UTC.
    pub(super) fn offset_at(&self, seconds: i64) -> Option<i64> {
        match self {
            Self::Naive => None,
            Self::Fixed(offset, _) => Some(*offset),
            Self::Named(name, _) => Some(tzif::offset_at(name, seconds).unwrap_or(0)),
            Self::Pytz(_, first) if seconds < PYTZ.0 => Some(*first),
            // In whole minutes.
            Self::Pytz(name, _) => {
                Some((tzif::offset_at(name, seconds.min(PYTZ.1)).unwrap_or(0) + 30).div_euclid(60) * 60)
            }
        }
    }

    /// Whether moments are shown in UTC because the zone is not known.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Named(name, _) | Self::Pytz(name, _) if tzif::offset_at(name, 0).is_none())
    }

    /// A moment in this zone, with its offset.
    pub(super) fn moment(&self, count: i64, unit: time::Unit) -> String {
        match self.offset_at(unit.seconds(count)) {
            Some(offset) if count != time::NAT => time::moment(count, unit, offset) + &time::offset(offset),
            _ => time::moment(count, unit, 0),
        }
    }
}

/// The zone that a value is.
pub(super) fn zone(lens: &Lens<'_>, edge: Edge) -> Zone {
    if lens.is_none(edge) {
        return Zone::Naive;
    }
    known(lens, edge).unwrap_or_else(|| Zone::Named(lens.inline(edge), None))
}

fn known(lens: &Lens<'_>, edge: Edge) -> Option<Zone> {
    let utc = || Some(Zone::Fixed(0, "UTC".to_owned()));
    if let Node::Text { .. } = lens.graph.node(edge.node()) {
        let name = lens.string(edge)?;
        return if name == "UTC" { utc() } else { Some(Zone::Named(name, None)) };
    }
    if let Some(symbol) = lens.symbol(edge) {
        return if symbol.short_name() == "utc" || symbol.short_name() == "UTC" { utc() } else { None };
    }
    let call = lens.call(edge.node())?;
    let Some(symbol) = call.symbol else {
        // `getattr(ZoneInfo, '_unpickle')(key, from_cache)`
        let maker = lens.call(call.callee.node())?;
        let is_zone = lens.symbol(*maker.args.first()?)?.is("zoneinfo", "ZoneInfo");
        return if is_zone { named(lens.string(*call.args.first()?)?) } else { None };
    };
    match (symbol.module.split('.').next()?, symbol.short_name()) {
        ("pytz", "_UTC") | ("dateutil", "tzutc") => utc(),
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
            let delta = lens.call(call.args.first()?.node())?;
            let &[days, seconds, _] = &delta.args[..] else { return None };
            let seconds = lens.int(days)?.checked_mul(86_400)?.checked_add(lens.int(seconds)?)?;
            let name = call.args.get(1).and_then(|&name| lens.string(name));
            let plain = if seconds == 0 { "UTC".to_owned() } else { format!("UTC{}", time::offset(seconds)) };
            Some(Zone::Fixed(seconds, name.unwrap_or(plain)))
        }
        ("zoneinfo", _) => named(lens.string(*call.args.first()?)?),
        _ => None,
    }
}

fn named(name: String) -> Option<Zone> {
    Some(if name == "UTC" { Zone::Fixed(0, name) } else { Zone::Named(name, None) })
}
