//! Sequences of equal records as tables: dicts with the same keys, instances with the same attributes, rows of plain values.

use super::Document;
use super::content::{Place, Target};
use crate::graph::{Edge, NodeId};
use crate::lens::{PartLabel, ScalarKind, ShapeKind, Values, grouped};
use crate::view::card::{Cell, CellKind, CellWindow, Cells, Grid};
use crate::view::cards::rows_of_grid::{GridColumn, GridColumns};
use crate::view::outline::outline;
use std::ops::Range;

/// Records that are compared before a sequence is shown as a table.
const COMPARED: usize = 20;
/// Fields of a record.
const FIELDS: u64 = 200;

/// The fields of one record: their names, whatever is not told by them, and the values.
struct Record {
    type_name: String,
    names: Vec<String>,
    values: Vec<Edge>,
}

impl Document {
    /// The table of a sequence of records, when the first of them are equal in type and names.
    pub(super) fn records(&self, node: NodeId) -> Option<Grid> {
        let total = self.pickled_children(node);
        let first = self.record_values(node, 0, COMPARED)?;
        if first.len() < 2 {
            return None;
        }
        let mut records = first.into_iter().map(|value| self.record(value));
        let example = records.next()??;
        for record in records {
            let record = record?;
            if record.names != example.names || record.type_name != example.type_name {
                return None;
            }
        }
        let columns = example.names.len() as u64;
        Some(Grid {
            id: 0,
            rows: total,
            columns,
            slices: Vec::new(),
            row_heads: vec![String::new()],
            can_arrange: true,
        })
    }

    /// Items of a list or tuple.
    fn record_values(&self, node: NodeId, first: u64, count: usize) -> Option<Vec<Edge>> {
        if self.lens().shape(node).kind != ShapeKind::Items {
            return None;
        }
        let children = self.pickled_window(node, first, count).into_iter();
        let value = |place: &Place, target: Target| match (place, target) {
            (Place::Part(PartLabel::Index, ..), Target::Value(edge)) => Some(edge),
            _ => None,
        };
        children.map(|child| value(&child.place, child.target)).collect()
    }

    fn record(&self, edge: Edge) -> Option<Record> {
        let (lens, node) = (self.lens(), edge.node());
        let shape = lens.shape(node);
        let is_fit = match shape.kind {
            ShapeKind::Mapping | ShapeKind::Items => true,
            ShapeKind::Instance => shape.text.is_none(),
            _ => false,
        };
        if !is_fit || !(1..=FIELDS).contains(&self.pickled_children(node)) {
            return None;
        }
        let mut record = Record { type_name: shape.full_name, names: Vec::new(), values: Vec::new() };
        for child in self.pickled_window(node, 0, FIELDS as usize) {
            let (Place::Part(label, index, key), Target::Value(value)) = (&child.place, child.target) else {
                return None;
            };
            record.names.push(match (label, key) {
                (PartLabel::Key | PartLabel::Attribute, Some(key)) => lens.string(*key)?,
                (PartLabel::Named(name), _) => name.clone(),
                // A row of plain values; a sequence of anything else is a tree, not a table.
                (PartLabel::Index, _) => lens.scalar(value.node(), 0).map(|_| index.to_string())?,
                _ => return None,
            });
            record.values.push(value);
        }
        let is_row = shape.kind == ShapeKind::Items;
        (!is_row || record.names.len() > 1).then_some(record)
    }

    /// Cells of a table of records, of these runs of rows. Fields that a record lacks are empty.
    pub(super) fn record_cells(&self, window: &CellWindow, runs: &[Range<u64>], budget: usize) -> Option<Cells> {
        let node = self.node(window.node)?;
        let example = self.record(*self.record_values(node, 0, 1)?.first()?)?;
        let first = usize::try_from(window.column).unwrap_or(usize::MAX);
        let names: Vec<&String> = example.names.iter().skip(first).take(window.columns as usize).collect();
        let heads = names.iter().map(|name| ((*name).clone(), String::new())).collect();
        let mut cells = Cells { heads, ..Cells::default() };
        for run in runs {
            let count = usize::try_from(run.end.saturating_sub(run.start)).unwrap_or(0);
            for (value, row) in self.record_values(node, run.start, count)?.into_iter().zip(run.start..) {
                let record = self.record(value);
                let cell = |(at, name): (usize, &&String)| self.field_cell(record.as_ref(), (first + at, name), budget);
                cells.row_heads.push(vec![grouped(row)]);
                cells.rows.push(names.iter().enumerate().map(cell).collect());
            }
        }
        Some(cells)
    }

    /// The field of a record that is expected at a place.
    fn field_cell(&self, record: Option<&Record>, (at, name): (usize, &String), budget: usize) -> Cell {
        let found = record.and_then(|record| {
            let is_there = record.names.get(at) == Some(name);
            let at = if is_there { at } else { record.names.iter().position(|other| other == name)? };
            record.values.get(at)
        });
        found.map_or_else(
            || Cell { kind: CellKind::Missing, ..Cell::default() },
            |&value| self.record_cell(value, budget),
        )
    }

    /// The columns of a table of records.
    pub(super) fn record_columns(&self, node: NodeId) -> Option<RecordColumns<'_>> {
        let example = self.record(*self.record_values(node, 0, 1)?.first()?)?;
        Some(RecordColumns { document: self, node, names: example.names })
    }

    fn record_cell(&self, edge: Edge, budget: usize) -> Cell {
        let (lens, node) = (self.lens(), edge.node());
        let Some(scalar) = lens.scalar(node, budget) else {
            let text = lens.plain_value(edge).unwrap_or_else(|| outline(&lens, node, budget));
            let text = text.chars().take(budget).collect();
            return Cell { text, kind: CellKind::Object, node: Some(node.0), ..Cell::default() };
        };
        let kind = match scalar.kind {
            _ if lens.is_none(edge) => CellKind::Missing,
            ScalarKind::Constant | ScalarKind::Number => CellKind::Number,
            ScalarKind::Text => CellKind::Text,
            ScalarKind::Unreadable => CellKind::Object,
        };
        // In a column of texts quotes say nothing.
        let text = match lens.string(edge).filter(|_| !scalar.truncated && scalar.kind == ScalarKind::Text) {
            Some(text) => text,
            None => scalar.text + if scalar.truncated { "…" } else { "" },
        };
        Cell { text, kind, ..Cell::default() }
    }
}

/// The columns of a table of records: the fields of the first one.
pub(super) struct RecordColumns<'d> {
    document: &'d Document,
    node: NodeId,
    names: Vec<String>,
}

struct RecordColumn<'c> {
    of: &'c RecordColumns<'c>,
    at: usize,
}

impl GridColumns for RecordColumns<'_> {
    fn size(&self) -> (u64, u64) {
        (self.document.node_children(self.node), self.names.len() as u64)
    }

    fn column(&self, number: u64) -> Option<Box<dyn GridColumn + '_>> {
        let at = usize::try_from(number).ok().filter(|&at| at < self.names.len())?;
        Some(Box::new(RecordColumn { of: self, at }))
    }
}

impl GridColumn for RecordColumn<'_> {
    fn numbers(&self, _: u64, _: usize) -> Result<Option<Values>, String> {
        Ok(None)
    }

    /// The whole record is read for one of its fields.
    fn cell_cost(&self) -> usize {
        16 + self.of.names.len()
    }

    fn cells(&self, first: u64, count: usize, budget: usize) -> Result<Vec<Cell>, String> {
        let RecordColumns { document, node, names } = self.of;
        let values = document.record_values(*node, first, count).ok_or("some rows are no records")?;
        let cell = |value| document.field_cell(document.record(value).as_ref(), (self.at, &names[self.at]), budget);
        Ok(values.into_iter().map(cell).collect())
    }
}
