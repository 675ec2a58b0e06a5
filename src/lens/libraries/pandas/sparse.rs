//! Sparse arrays: the values that differ from one, and where they stand.
//!
//! Sources: `pandas/core/arrays/sparse/array.py`, `pandas/_libs/sparse.pyx` (`IntIndex`, `BlockIndex`).

use super::object_text::{TableValue, ValueKind};
use super::scalars::whole;
use super::vector::{Part, Stored, Vector};
use crate::graph::Edge;
use crate::lens::numbers::{Series, Values};
use crate::lens::recogniser::Lens;

/// Blocks of a block index that are read.
const BLOCKS: usize = 1 << 22;

/// Where the stored values stand.
enum Places<'a> {
    /// Each by its position, in order.
    Each(Part<'a>),
    /// In runs: position, length, and the stored values before.
    Runs(Vec<(u64, u64, u64)>),
}

/// A sparse array.
pub(super) struct Sparse<'a> {
    places: Places<'a>,
    stored: Vector<'a>,
    fill: TableValue,
}

impl<'a> Sparse<'a> {
    /// The array of these parts, `index` saying where the stored values stand, with its length.
    pub(super) fn of(lens: &Lens<'a>, index: Edge, stored: Vector<'a>, fill: TableValue) -> Option<(Self, u64)> {
        let index = lens.object(index.node())?;
        let part = |edge: Edge| Part::of(lens.array(edge.node())?, 0);
        let len = u64::try_from(whole(lens, *index.args.first()?)?).ok()?;
        let places = match (index.class.short_name(), &index.args[1..]) {
            ("IntIndex", &[places, ..]) => Places::Each(part(places)?),
            ("BlockIndex", &[starts, lengths, ..]) => {
                let (starts, lengths) =
                    (part(starts)?.integers(0, BLOCKS).ok()?, part(lengths)?.integers(0, BLOCKS).ok()?);
                let mut before = 0u64;
                let run = |(start, length): (i64, i64)| {
                    let run = (u64::try_from(start).ok()?, u64::try_from(length).ok()?, before);
                    before = before.saturating_add(run.1);
                    Some(run)
                };
                Places::Runs(starts.into_iter().zip(lengths).map_while(run).collect())
            }
            _ => return None,
        };
        Some((Self { places, stored, fill }, len))
    }

    /// Number of values that are stored.
    fn count(&self) -> u64 {
        match &self.places {
            Places::Each(part) => part.len,
            Places::Runs(runs) => runs.last().map_or(0, |&(_, length, before)| before.saturating_add(length)),
        }
    }

    /// Position of a stored value.
    fn place(&self, index: u64) -> Result<u64, String> {
        match &self.places {
            Places::Each(part) => {
                let found = part.integers(index, 1)?;
                let place = found.first().and_then(|&place| u64::try_from(place).ok());
                place.ok_or_else(|| format!("there is no position {index}"))
            }
            Places::Runs(runs) => {
                let run = runs.partition_point(|&(_, _, before)| before <= index).saturating_sub(1);
                let &(start, _, before) = runs.get(run).ok_or("there is no run")?;
                Ok(start.saturating_add(index - before))
            }
        }
    }

    /// For each position of a window the number of its stored value; with the first of these numbers.
    fn window(&self, first: u64, count: usize) -> Result<(u64, Vec<Option<usize>>), String> {
        let (mut low, mut high) = (0, self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.place(middle)? < first { low = middle + 1 } else { high = middle }
        }
        let mut found = vec![None; count];
        let places: Vec<u64> = match &self.places {
            Places::Each(part) => {
                part.integers(low, count)?.into_iter().map_while(|place| u64::try_from(place).ok()).collect()
            }
            Places::Runs(_) => {
                (low..self.count()).take(count).map(|index| self.place(index)).collect::<Result<_, _>>()?
            }
        };
        for (number, place) in places.into_iter().enumerate() {
            let slot = place.checked_sub(first).and_then(|at| found.get_mut(usize::try_from(at).ok()?));
            match slot {
                Some(slot) => *slot = Some(number),
                None => break,
            }
        }
        Ok((low, found))
    }
}

impl Stored for Sparse<'_> {
    fn problem(&self) -> Option<String> {
        self.stored.problem()
    }

    fn cells(&self, first: u64, count: usize, budget: usize) -> Result<Vec<TableValue>, String> {
        let (low, window) = self.window(first, count)?;
        let needed = window.iter().flatten().count();
        let stored = self.stored.cells(low, needed, budget)?;
        let fill = |slot: Option<usize>| slot.and_then(|at| stored.get(at)).unwrap_or(&self.fill).clone();
        Ok(window.into_iter().map(fill).collect())
    }

    fn values(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        let (low, window) = self.window(first, count)?;
        let needed = window.iter().flatten().count();
        let is_missing = self.fill.kind == ValueKind::Missing;
        Ok(match self.stored.values(low, needed)? {
            Values::Floats(stored) => {
                let fill = self.fill.text.parse().unwrap_or(f64::NAN);
                let value = |slot: Option<usize>| slot.and_then(|at| stored.get(at)).copied().unwrap_or(fill);
                Some(Values::Floats(window.into_iter().map(value).collect()))
            }
            Values::Integers(stored) => {
                let fill = match self.fill.text.as_str() {
                    _ if is_missing => None,
                    "True" => Some(1),
                    "False" => Some(0),
                    text => text.parse().ok(),
                };
                let value = |slot: Option<usize>| slot.and_then(|at| stored.get(at)).copied().unwrap_or(fill);
                Some(Values::Integers(window.into_iter().map(value).collect()))
            }
            _ => None,
        })
    }
}
