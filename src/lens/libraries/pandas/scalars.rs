//! pandas' own scalars: Timestamp, Timedelta, Period, Interval, NaT, NA.
//!
//! Sources: `pandas/_libs/tslibs/timestamps.pyx` (`_unpickle_timestamp`), `timedeltas.pyx` (`_timedelta_unpickle`),
//! `period.pyx`, `nattype.pyx`, `pandas/_libs/interval.pyx`.

use super::is_pandas;
use super::period::Frequency;
use crate::graph::{Edge, Node, Symbol};
use crate::lens::graph_view::Call;
use crate::lens::libraries::time_zones::{Zone, zone};
use crate::lens::numbers::moment;
use crate::lens::numbers::{Unit, numpy_scalar};
use crate::lens::recogniser::Lens;

/// A scalar of pandas, by the name of its type, and its text.
pub(super) struct Scalar {
    pub(super) type_name: &'static str,
    pub(super) text: String,
}

/// The scalar that a call makes.
pub(super) fn scalar(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Scalar> {
    let (type_name, text) = match symbol.short_name() {
        "_unpickle_timestamp" | "Timestamp" => ("Timestamp", timestamp(lens, &call.args)?),
        "_timedelta_unpickle" | "Timedelta" => ("Timedelta", timedelta(lens, &call.args)?),
        "_nat_unpickle" | "__nat_unpickle" => ("NaTType", "NaT".to_owned()),
        "Period" => ("Period", period(lens, &call.args)?),
        "Interval" => ("Interval", interval(lens, &call.args)?),
        _ => return None,
    };
    Some(Scalar { type_name, text })
}

/// `(value, freq, tz[, unit])`; nanoseconds before pandas 2.
fn timestamp(lens: &Lens<'_>, args: &[Edge]) -> Option<String> {
    let count = whole(lens, *args.first()?)?;
    let zone = args.get(2).map_or(Zone::Naive, |&edge| zone(lens, edge));
    let unit = match args.get(3) {
        Some(&unit) => Unit::of_number(lens.int(unit)?)?,
        None => Unit::Nano,
    };
    Some(match zone {
        // The file has the offset of this very moment.
        Zone::Named(name, Some(offset)) => Zone::Fixed(offset, name).moment(count, unit),
        zone => zone.moment(count, unit),
    })
}

/// `(value[, unit])`
fn timedelta(lens: &Lens<'_>, args: &[Edge]) -> Option<String> {
    let unit = match args.get(1) {
        Some(&unit) => Unit::of_number(lens.int(unit)?)?,
        None => Unit::Nano,
    };
    Some(moment::duration(whole(lens, *args.first()?)?, unit))
}

/// `(None, freq, ordinal)`
fn period(lens: &Lens<'_>, args: &[Edge]) -> Option<String> {
    let &[_, freq, ordinal] = args else { return None };
    Some(Frequency::of_offset(lens, freq)?.text(whole(lens, ordinal)?))
}

/// `(left, right, closed)`
fn interval(lens: &Lens<'_>, args: &[Edge]) -> Option<String> {
    let &[left, right, closed] = args else { return None };
    Some(interval_text(&end_text(lens, left), &end_text(lens, right), &lens.string(closed)?))
}

/// `(0, 1]`
pub(super) fn interval_text(left: &str, right: &str, closed: &str) -> String {
    let open = if matches!(closed, "left" | "both") { '[' } else { '(' };
    let close = if matches!(closed, "right" | "both") { ']' } else { ')' };
    format!("{open}{left}, {right}{close}")
}

/// The end of an interval: a number or a moment, never again an interval.
fn end_text(lens: &Lens<'_>, edge: Edge) -> String {
    let moment = || {
        let call = lens.call(edge.node())?;
        let symbol = call.symbol.filter(|symbol| is_pandas(symbol))?;
        match symbol.short_name() {
            "_unpickle_timestamp" | "Timestamp" => timestamp(lens, &call.args),
            "_timedelta_unpickle" | "Timedelta" => timedelta(lens, &call.args),
            _ => None,
        }
    };
    moment().or_else(|| numpy_scalar::text(lens, edge)).unwrap_or_else(|| lens.inline(edge))
}

/// An integer of 64 bits, however it is written.
pub(super) fn whole(lens: &Lens<'_>, edge: Edge) -> Option<i64> {
    match lens.graph.node(edge.node()) {
        Node::LongBinary(_) | Node::LongText(_) => lens.scalar(edge.node(), 30)?.text.parse().ok(),
        _ => lens.int(edge),
    }
}

/// Whether a value is `pandas.NA`.
pub(super) fn is_na(lens: &Lens<'_>, edge: Edge) -> bool {
    lens.symbol(edge).is_some_and(|symbol| is_pandas(symbol) && symbol.short_name() == "NA")
}

impl Lens<'_> {
    /// Whether a value is one of those that stand for a missing one in pandas: `NaT`, `NA`.
    #[must_use]
    pub fn is_pandas_missing(&self, edge: Edge) -> bool {
        is_na(self, edge) || is_nat(self, edge)
    }
}

/// Whether a value is `pandas.NaT`.
pub(super) fn is_nat(lens: &Lens<'_>, edge: Edge) -> bool {
    let made = || lens.call(edge.node())?.symbol;
    made().is_some_and(|symbol| is_pandas(symbol) && symbol.name.ends_with("_nat_unpickle"))
}
