//! Indexes: what the rows or columns of a frame are called.
//!
//! Sources: `pandas/core/indexes/base.py` (`_new_Index`, `__reduce__`), `datetimes.py`, `interval.py`, `multi.py`,
//! `range.py`.

use super::object_text;
use super::object_text::TableValue;
use super::period::offset_code;
use super::vector::{Store, Vector};
use crate::graph::{Edge, NodeId};
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Characters of the name of a level.
const NAME: usize = 200;

/// An index: one level, or several that belong together.
#[derive(Clone)]
pub struct Index<'a> {
    /// Its node.
    pub node: NodeId,
    /// The class without its module: `RangeIndex`.
    pub class: String,
    /// Names and labels of its levels; an unnamed level has an empty name.
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

/// The frequency that the array of an index has among its attributes.
pub(super) fn array_freq(lens: &Lens<'_>, data: Edge) -> Option<String> {
    let object = lens.object(data.node())?;
    let of_state = || lens.value_of(lens.graph.items(object.state()?.node()).nth(2)?, "_freq");
    offset_code(lens, object.attribute("_freq").or_else(of_state)?)
}

/// A name: text as it is, anything else as Python writes it.
pub(super) fn name_text(lens: &Lens<'_>, name: Edge) -> String {
    if lens.is_none(name) { String::new() } else { object_text::value(lens, name, NAME).text }
}

/// The index that counts.
pub(super) fn range<'a>(lens: &Lens<'a>, start: i64, stop: i64, step: i64) -> Option<Vector<'a>> {
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
