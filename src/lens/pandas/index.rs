//! Indexes: what the rows or columns of a frame are called.
//!
//! Sources: `pandas/core/indexes/base.py` (`_new_Index`, `__reduce__`), `datetimes.py`, `interval.py`, `multi.py`,
//! `range.py`.

use super::arrays::{interval_vector, period_vector, vector};
use super::object_text::{self, TableValue};
use super::period::{Frequency, offset_code};
use super::vector::{Part, Store, Vector};
use super::zone::{Zone, zone};
use super::{LEVELS, is_pandas};
use crate::graph::{Edge, NodeId};
use crate::lens::{Lens, Object};
use std::rc::Rc;

/// Levels of an index that are read.
const DEPTH: usize = 64;
/// Characters of the name of a level.
const NAME: usize = 200;

/// An index: one level, or several that belong together.
#[derive(Clone)]
pub struct Index<'a> {
    /// Its node.
    pub node: NodeId,
    /// The class without its module: `RangeIndex`.
    pub class: String,
    /// Names and labels of its levels; a name is empty where there is none.
    pub levels: Vec<(String, Vector<'a>)>,
    /// Code of its frequency: `D`.
    pub freq: Option<String>,
    /// Number of labels.
    pub len: u64,
}

impl<'a> Index<'a> {
    /// Labels from `first` on, at most `count`: for each row one of every level.
    ///
    /// # Errors
    /// When they are not there or cannot be read, in words.
    pub fn labels(&self, first: u64, count: usize, budget: usize) -> Result<Vec<Vec<TableValue>>, String> {
        let count = (count as u64).min(self.len.saturating_sub(first)) as usize;
        let mut rows: Vec<Vec<TableValue>> = Vec::new();
        for (level, (_, labels)) in self.levels.iter().enumerate() {
            for (row, label) in labels.cells(first, count, budget)?.into_iter().enumerate() {
                if level == 0 {
                    rows.push(Vec::with_capacity(self.levels.len()));
                }
                if let Some(row) = rows.get_mut(row) {
                    row.push(label);
                }
            }
        }
        Ok(rows)
    }

    /// Labels from `first` on in one text each: those of several levels as a tuple.
    ///
    /// # Errors
    /// As [`Index::labels`].
    pub fn names(&self, first: u64, count: usize, budget: usize) -> Result<Vec<String>, String> {
        let text = |labels: Vec<TableValue>| match &labels[..] {
            [label] => label.text.clone(),
            labels => format!("({})", labels.iter().map(TableValue::repr).collect::<Vec<_>>().join(", ")),
        };
        Ok(self.labels(first, count, budget)?.into_iter().map(text).collect())
    }

    /// The dtype as pandas writes it.
    #[must_use]
    pub fn dtype(&self) -> &str {
        match &self.levels[..] {
            [(_, labels)] => &labels.dtype,
            _ => "object",
        }
    }

    /// What does not fit together, in words.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        self.levels.iter().find_map(|(_, labels)| labels.problem())
    }

    /// The labels as values, when they have one level.
    pub(super) fn into_vector(mut self, lens: &Lens<'a>) -> Vector<'a> {
        match self.levels.len() {
            1 => self.levels.remove(0).1,
            levels => Vector::missing(*lens, "object", format!("an index of {levels} levels")),
        }
    }
}

/// Whether an instance of pandas is an index: by the function that makes it or by its class.
pub(super) fn is_index(class: &str, object: &Object<'_>) -> bool {
    (class.starts_with("_new_") && class.ends_with("Index")) || (class.ends_with("Index") && !object.args.is_empty())
}

/// The index that a value is.
pub(super) fn read<'a>(lens: &Lens<'a>, node: NodeId, level: usize) -> Option<Index<'a>> {
    let object = lens.object(node).filter(|object| is_pandas(object.class))?;
    let function = object.class.short_name();
    if level > LEVELS || !(function.starts_with("_new_") && function.ends_with("Index")) {
        return None;
    }
    // `_new_Index(class, {name: value})`; a subclass may stand in its place.
    let &[class, dict, ..] = &object.args[..] else { return None };
    let class = lens.symbol(class)?.short_name().to_owned();
    let entries = lens.small_dict(dict);
    let get = |name: &str| {
        let found = entries.iter().rev().find(|(key, _)| key == name).map(|&(_, value)| value);
        found.filter(|&edge| !lens.is_none(edge))
    };
    let name = get("name").map_or_else(String::new, |name| name_text(lens, name));
    let mut freq = get("freq").and_then(|freq| offset_code(lens, freq).or_else(|| lens.string(freq)));
    let one = |labels: Vector<'a>| vec![(name.clone(), labels)];
    let levels = if let Some(levels) = get("levels") {
        // A level of an index, or values of a block, are no index of several levels: such would multiply.
        if level > 0 {
            return None;
        }
        multi(lens, levels, get("codes").or_else(|| get("labels"))?, get("names"), level)
    } else if let Some(stop) = get("stop") {
        let number =
            |name: &str, otherwise| get(name).map_or(Some(otherwise), |edge| super::scalars::whole(lens, edge));
        let stop = super::scalars::whole(lens, stop)?;
        one(range(lens, number("start", 0)?, stop, number("step", 1)?)?)
    } else if let (Some(left), Some(right)) = (get("left"), get("right")) {
        let closed = get("closed").and_then(|edge| lens.string(edge)).unwrap_or_else(|| "right".to_owned());
        let ends = [left, right].map(|end| vector(lens, end, 0, level + 1));
        let [left, right] = ends;
        one(interval_vector(lens, left, right, closed, String::new()))
    } else {
        let data = get("data")?;
        freq = freq.or_else(|| array_freq(lens, data));
        let mut labels = vector(lens, data, 0, level + 1);
        if let (Store::Times(part, unit, Zone::Naive), Some(tz)) = (&labels.store, get("tz")) {
            let zone = zone(lens, tz);
            labels.dtype = format!("datetime64[ns, {}]", zone.name());
            labels.store = Store::Times(part.clone(), *unit, zone);
        }
        if let (Store::Plain(_), "PeriodIndex", Some(code)) = (&labels.store, class.as_str(), &freq) {
            labels = period_vector(lens, data, Frequency::of_code(code)?)?;
        }
        one(labels)
    };
    let len = levels.iter().map(|(_, labels)| labels.len()).min().unwrap_or(0);
    Some(Index { node, class, levels, freq, len })
}

/// The frequency that the array of an index has among its attributes.
fn array_freq(lens: &Lens<'_>, data: Edge) -> Option<String> {
    let object = lens.object(data.node())?;
    let of_state = || lens.value_of(lens.graph.items(object.state()?.node()).nth(2)?, "_freq");
    offset_code(lens, object.attribute("_freq").or_else(of_state)?)
}

/// A name: text as it is, anything else as Python writes it.
pub(super) fn name_text(lens: &Lens<'_>, name: Edge) -> String {
    if lens.is_none(name) { String::new() } else { object_text::value(lens, name, NAME).text }
}

fn multi<'a>(
    lens: &Lens<'a>,
    levels: Edge,
    codes: Edge,
    names: Option<Edge>,
    level: usize,
) -> Vec<(String, Vector<'a>)> {
    let items = |edge: Edge| lens.sequence(edge).unwrap_or_default();
    let (codes, names) = (items(codes), names.map(items).unwrap_or_default());
    let mut found = Vec::new();
    for (number, labels) in items(levels).into_iter().take(DEPTH).enumerate() {
        let name = names.get(number).map_or_else(String::new, |&name| name_text(lens, name));
        let labels = vector(lens, labels, 0, level + 1);
        let part = codes.get(number).and_then(|codes| Part::of(lens.array(codes.node())?, 0));
        let vector = match part {
            Some(part) => Vector {
                lens: *lens,
                dtype: labels.dtype.clone(),
                node: labels.node,
                len: part.len,
                missing: labels.missing,
                store: Store::Codes(part, Rc::new(labels)),
            },
            None => Vector::missing(*lens, labels.dtype, format!("level {number} has no codes")),
        };
        found.push((name, vector));
    }
    found
}

fn range<'a>(lens: &Lens<'a>, start: i64, stop: i64, step: i64) -> Option<Vector<'a>> {
    let (from, to, by) = (i128::from(start), i128::from(stop), i128::from(step));
    let count = match step {
        0 => return None,
        1.. if to > from => (to - from + by - 1) / by,
        ..0 if to < from => (from - to - by - 1) / -by,
        _ => 0,
    };
    let store = Store::Range(start, step);
    let len = u64::try_from(count).ok()?;
    Some(Vector { lens: *lens, dtype: "int64".to_owned(), node: None, store, len, missing: "nan" })
}
