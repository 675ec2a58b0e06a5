//! Time zones: how far east of UTC, where the file or its name says.

use super::time;
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
}

impl Zone {
    /// Its name, as dtypes have it.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Naive => "",
            Self::Fixed(_, name) | Self::Named(name, _) => name,
        }
    }

    /// Seconds east of UTC at a moment; `None` without a zone.
    pub(super) fn offset_at(&self, seconds: i64) -> Option<i64> {
        let _ = seconds;
        match self {
            Self::Naive => None,
            Self::Fixed(offset, _) => Some(*offset),
            Self::Named(..) => Some(0),
        }
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
            let offset = call.args.get(1).and_then(|&seconds| lens.int(seconds));
            // What a zone has before its first change is that of no moment.
            let is_moment = call.args.get(3).and_then(|&name| lens.string(name)).is_some_and(|name| name != "LMT");
            Some(Zone::Named(name, offset.filter(|_| is_moment)))
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
