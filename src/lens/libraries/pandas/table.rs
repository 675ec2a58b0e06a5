//! Frames, series, indexes and arrays of pandas as tables: named columns of values, read by windows.

use super::arrays::{read_index, vector};
use super::index::{Index, name_text};
use super::manager::Manager;
use super::object_text::TableValue;
use super::vector::{Store, Vector};
use super::{is_pandas, manager};
use crate::graph::{Edge, NodeId};
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;
use std::rc::Rc;

/// Characters of the name of a column.
const NAME: usize = 500;
/// Blocks that are read for a summary.
const SUMMARY: usize = 4096;
/// Blocks of which one must be as long as the index.
const HELD_AGAINST: usize = 16;

/// What a table is in pandas.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TableKind {
    /// A DataFrame.
    Frame,
    /// A Series: one column.
    Series,
    /// An index: a column for each level.
    Index,
    /// An array: one column without an index.
    Array,
}

/// A table.
#[derive(Clone)]
pub struct Table<'a> {
    lens: Lens<'a>,
    /// Its node.
    pub node: NodeId,
    /// What it is.
    pub kind: TableKind,
    /// The full name of its class, which may be a subclass of pandas' own.
    pub class: String,
    /// Number of rows.
    pub rows: u64,
    /// Number of columns.
    pub columns: u64,
    /// What the rows are called; `None` where they are only numbered.
    pub index: Option<Index<'a>>,
    /// What the columns of a frame are called.
    pub column_index: Option<Index<'a>>,
    /// How the values are written: `blocks and axes`.
    pub format: &'static str,
    /// The class of what holds the values: `BlockManager`.
    pub manager: String,
    /// `DataFrame.attrs`, when there are some.
    pub attrs: Option<Edge>,
    /// What was not understood or does not fit together, a sentence each.
    pub remarks: Vec<String>,
    body: Body<'a>,
}

#[derive(Clone)]
enum Body<'a> {
    Blocks(Rc<Manager>),
    Columns(Vec<(String, Vector<'a>)>),
}

/// A column of a table.
#[derive(Clone)]
pub struct TableColumn<'a> {
    /// Its name; of several levels as a tuple.
    pub name: String,
    /// Its values, with their dtype.
    pub values: Vector<'a>,
}

impl<'a> Lens<'a> {
    /// The table that a value is: a DataFrame or Series of pandas or a subclass of them, an index, an array of pandas.
    #[must_use]
    pub fn table(&self, node: NodeId) -> Option<Table<'a>> {
        let object = self.object(node)?;
        if let Some(manager) = manager_of(self, &object) {
            return framed(self, &object, manager);
        }
        if !is_pandas(object.class) {
            return None;
        }
        if let Some(found) = read_index(self, node, 0) {
            return Some(of_index(self, &object, found));
        }
        of_array(self, &object)
    }
}

/// The manager of a frame or series: pandas calls it `_mgr` since 1.1.
pub(super) fn manager_of(lens: &Lens<'_>, object: &Object<'_>) -> Option<Edge> {
    let found = object.attribute("_mgr").or_else(|| object.attribute("_data"))?;
    Some(found).filter(|&edge| manager::is_manager(lens, edge))
}

fn framed<'a>(lens: &Lens<'a>, object: &Object<'a>, manager: Edge) -> Option<Table<'a>> {
    let manager = manager::read(lens, manager)?;
    let is_series = manager.class.starts_with("Single");
    let mut remarks = manager.remarks.clone();
    let mut axis = |number: usize| {
        let read = manager.axes.get(number).and_then(|edge| read_index(lens, edge.node(), 0));
        if read.is_none() {
            remarks.push(format!("Axis {number} is not understood."));
        }
        read
    };
    let (column_index, index) = if is_series { (None, axis(0)) } else { (axis(0), axis(1)) };
    let name = object.attribute("_name").or_else(|| object.attribute("name"));
    let name = name.map_or_else(String::new, |name| name_text(lens, name));
    let attrs = object.attribute("attrs").filter(|edge| !lens.named_values(*edge).is_empty());
    let (format, class) = (manager.format, manager.class.clone());
    let body = if is_series {
        let values = match manager.blocks.first() {
            Some(&values) => vector(lens, values, 0, 0),
            None => Vector::missing(*lens, "?", "there is no block"),
        };
        Body::Columns(vec![(name, values)])
    } else {
        Body::Blocks(Rc::new(manager))
    };
    let mut table = Table {
        lens: *lens,
        node: object.node,
        kind: if is_series { TableKind::Series } else { TableKind::Frame },
        class: object.class.full_name(),
        rows: 0,
        columns: 0,
        index,
        column_index,
        format,
        manager: class,
        attrs,
        remarks,
        body,
    };
    table.measure();
    Some(table)
}

fn of_index<'a>(lens: &Lens<'a>, object: &Object<'a>, index: Index<'a>) -> Table<'a> {
    let class = object.args.first().and_then(|&class| lens.symbol(class)).unwrap_or(object.class);
    Table {
        lens: *lens,
        node: object.node,
        kind: TableKind::Index,
        class: class.full_name(),
        rows: index.len,
        columns: index.levels.len() as u64,
        column_index: None,
        format: "",
        manager: String::new(),
        attrs: None,
        remarks: index.problem().into_iter().map(|problem| format!("The labels: {problem}.")).collect(),
        body: Body::Columns(index.levels.clone()),
        index: Some(index),
    }
}

fn of_array<'a>(lens: &Lens<'a>, object: &Object<'a>) -> Option<Table<'a>> {
    let class = match object.class.short_name() {
        name if name.starts_with("__pyx_unpickle_") => lens.symbol(*object.args.first()?)?,
        name if name.ends_with("Array") || name == "Categorical" => object.class,
        _ => return None,
    };
    let values = vector(lens, Edge::to(object.node), 0, 0);
    Some(Table {
        lens: *lens,
        node: object.node,
        kind: TableKind::Array,
        class: class.full_name(),
        rows: values.len(),
        columns: 1,
        index: None,
        column_index: None,
        format: "",
        manager: String::new(),
        attrs: None,
        remarks: values.problem().into_iter().map(|problem| format!("The values: {problem}.")).collect(),
        body: Body::Columns(vec![(String::new(), values)]),
    })
}

impl<'a> Table<'a> {
    /// The class without its module: `DataFrame`.
    #[must_use]
    pub fn class_name(&self) -> &str {
        self.class.rsplit('.').next().unwrap_or(&self.class)
    }

    /// Rows and columns: those that the axes name, as far as there can be values for them.
    fn measure(&mut self) {
        let (lengths, reach): (Vec<u64>, u64) = match &self.body {
            Body::Blocks(manager) => {
                let blocks = manager.blocks.iter().take(HELD_AGAINST).map(|&block| vector(&self.lens, block, 0, 0));
                (blocks.filter(Vector::is_readable).map(|values| values.len()).collect(), manager.reach())
            }
            Body::Columns(columns) => {
                let readable = columns.iter().filter(|(_, values)| values.is_readable());
                (readable.map(|(_, values)| values.len()).collect(), columns.len() as u64)
            }
        };
        let longest = lengths.iter().copied().max();
        self.rows = match (&self.index, longest) {
            (Some(index), Some(longest)) => {
                if lengths.iter().any(|length| *length != index.len) {
                    let (labels, count) = (index.len, if longest < index.len { "fewer" } else { "other numbers of" });
                    self.remarks.push(format!("The index has {labels} labels, some columns have {count} values."));
                }
                // A range needs no bytes for its labels.
                if index.class == "RangeIndex" { index.len.min(longest.max(1)) } else { index.len }
            }
            (Some(index), None) => index.len,
            (None, longest) => longest.unwrap_or(0),
        };
        self.columns = match &self.column_index {
            Some(names) => {
                if names.len != reach {
                    self.remarks
                        .push(format!("The columns have {} names, the blocks hold {reach} columns.", names.len));
                }
                if names.class == "RangeIndex" { names.len.min(reach) } else { names.len }
            }
            None => reach,
        };
        if let Some(problem) = self.index.as_ref().and_then(Index::problem) {
            self.remarks.push(format!("The index: {problem}."));
        }
    }

    /// A column; `None` behind the last one.
    #[must_use]
    pub fn column(&self, number: u64) -> Option<TableColumn<'a>> {
        if number >= self.columns {
            return None;
        }
        Some(match &self.body {
            Body::Blocks(manager) => TableColumn {
                name: self.names(number, 1).into_iter().next().unwrap_or_else(|| number.to_string()),
                values: self.values_of(manager, number),
            },
            Body::Columns(columns) => {
                let (name, values) = columns.get(usize::try_from(number).ok()?)?;
                TableColumn { name: name.clone(), values: values.clone() }
            }
        })
    }

    /// Columns from `first` on, at most `count`.
    #[must_use]
    pub fn columns_from(&self, first: u64, count: usize) -> Vec<TableColumn<'a>> {
        let end = first.saturating_add(count as u64).min(self.columns);
        let Body::Blocks(manager) = &self.body else {
            return (first..end).filter_map(|number| self.column(number)).collect();
        };
        let mut names = self.names(first, count).into_iter();
        let column = |number: u64| TableColumn {
            name: names.next().unwrap_or_else(|| number.to_string()),
            values: self.values_of(manager, number),
        };
        (first..end).map(column).collect()
    }

    fn values_of(&self, manager: &Manager, column: u64) -> Vector<'a> {
        match manager.place_of(column) {
            Some((block, row)) => {
                let edge = manager.blocks[block as usize];
                vector(&self.lens, edge, row, 0)
            }
            None => Vector::missing(self.lens, "?", format!("no block holds column {column}")),
        }
    }

    /// The names of columns from `first` on, as far as they can be read.
    #[must_use]
    pub fn names(&self, first: u64, count: usize) -> Vec<String> {
        match (&self.body, &self.column_index) {
            (Body::Columns(columns), _) => {
                let skip = usize::try_from(first).unwrap_or(usize::MAX);
                columns.iter().skip(skip).take(count).map(|(name, _)| name.clone()).collect()
            }
            (_, Some(names)) => names.names(first, count, NAME).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// What stands in brackets after a frame to get each of its columns, from `first` on; less where they have no names.
    #[must_use]
    pub fn column_keys(&self, first: u64, count: usize) -> Vec<String> {
        let labels = self.column_index.as_ref().and_then(|index| index.labels(first, count, NAME).ok());
        let key = |labels: Vec<TableValue>| match &labels[..] {
            [label] => label.key(),
            labels => format!("({})", labels.iter().map(TableValue::key).collect::<Vec<_>>().join(", ")),
        };
        labels.unwrap_or_default().into_iter().map(key).collect()
    }

    /// Labels of rows from `first` on, one for each level of the index; the number of the row where there is no index.
    ///
    /// # Errors
    /// When they cannot be read, in words.
    pub fn labels(&self, first: u64, count: usize, budget: usize) -> Result<Vec<Vec<TableValue>>, String> {
        let count = (count as u64).min(self.rows.saturating_sub(first)) as usize;
        match &self.index {
            Some(index) => index.labels(first, count, budget),
            None => Ok((first..first + count as u64).map(|row| vec![TableValue::number(row.to_string())]).collect()),
        }
    }

    /// The names of the levels of the index; empty where they have none.
    #[must_use]
    pub fn level_names(&self) -> Vec<String> {
        match &self.index {
            Some(index) => index.levels.iter().map(|(name, _)| name.clone()).collect(),
            None => vec![String::new()],
        }
    }

    /// How many columns there are of each dtype, in the order of the blocks, and the bytes of their values where these
    /// are numbers. `None` for the bytes when some are objects or there are too many blocks.
    #[must_use]
    pub fn summary(&self) -> (Vec<(String, u64)>, Option<u64>) {
        let mut dtypes: Vec<(String, u64)> = Vec::new();
        let mut bytes = Some(0u64);
        let mut add = |values: &Vector<'a>, columns: u64| {
            match dtypes.iter_mut().find(|(name, _)| *name == values.dtype) {
                Some((_, count)) => *count = count.saturating_add(columns),
                None => dtypes.push((values.dtype.clone(), columns)),
            }
            bytes = bytes.and_then(|sum| sum.checked_add(values.bytes()?.checked_mul(columns)?));
        };
        let mut all = true;
        match &self.body {
            Body::Blocks(manager) => {
                all = manager.blocks.len() <= SUMMARY;
                for (&block, columns) in manager.blocks.iter().zip(manager.widths()).take(SUMMARY) {
                    add(&vector(&self.lens, block, 0, 0), columns);
                }
            }
            Body::Columns(columns) => columns.iter().for_each(|(_, values)| add(values, 1)),
        }
        (dtypes, bytes.filter(|_| all))
    }

    /// Whether the labels of the rows only count them from 0.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        match &self.index {
            Some(index) => {
                matches!(&index.levels[..], [(name, Vector { store: Store::Range(0, 1), .. })] if name.is_empty())
            }
            None => true,
        }
    }
}
