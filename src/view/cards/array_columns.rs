//! The columns of the grid of an array: of a matrix its own, of structures their fields.

use super::array::{Layout, element_cells, field_cells};
use crate::graph::NodeId;
use crate::lens::{Array, Dtype, Field, Kind, Lens, Values};
use crate::view::card::Cell;
use crate::view::cards::rows_of_grid::{GridColumn, GridColumns};
use std::ops::Range;

/// The columns of the grid of an array.
pub(super) fn columns<'a>(lens: &Lens<'a>, node: NodeId, slice: &[u64]) -> Option<Box<dyn GridColumns + 'a>> {
    let array = lens.array(node)?;
    let layout = Layout::of(&array);
    let start = layout.start(&array, slice);
    Some(Box::new(ArrayColumns { lens: *lens, array, layout, start }))
}

/// The columns of the grid of an array, from the first element of a slice on.
struct ArrayColumns<'a> {
    lens: Lens<'a>,
    array: Array<'a>,
    layout: Layout,
    start: u64,
}

struct ArrayColumn<'c, 'a> {
    of: &'c ArrayColumns<'a>,
    column: u64,
    /// The field that it is.
    field: Option<&'c Field>,
}

impl GridColumns for ArrayColumns<'_> {
    fn size(&self) -> (u64, u64) {
        (self.layout.rows, self.layout.columns)
    }

    fn column(&self, number: u64) -> Option<Box<dyn GridColumn + '_>> {
        let field = match self.layout.has_fields {
            true => Some(self.array.dtype.fields.get(usize::try_from(number).ok()?)?),
            false => None,
        };
        (number < self.layout.columns).then(|| Box::new(ArrayColumn { of: self, column: number, field }) as Box<_>)
    }
}

impl ArrayColumn<'_, '_> {
    fn rows(&self, first: u64, count: usize) -> Range<u64> {
        let end = first.saturating_add(count as u64).min(self.of.layout.rows);
        first.min(end)..end
    }

    fn indices(&self, first: u64, count: usize) -> Vec<u64> {
        let index = |row: u64| row.saturating_mul(self.of.layout.columns).saturating_add(self.column);
        self.rows(first, count).map(|row| self.of.start.saturating_add(index(row))).collect()
    }
}

impl GridColumn for ArrayColumn<'_, '_> {
    fn ranks(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        if self.dtype().is_some_and(|dtype| dtype.kind == Kind::Complex) {
            return Err("complex numbers have no order".to_owned());
        }
        self.numbers(first, count)
    }

    fn numbers(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        let array = &self.of.array;
        match self.field {
            None => array.numbers_at(&self.indices(first, count)),
            Some(field) => {
                let rows = self.rows(first, count);
                let count = usize::try_from(rows.end - rows.start).unwrap_or(0);
                let view = array.field(&field.name).ok_or_else(|| format!("there is no field {}", field.name))?;
                view.numbers(self.of.start.saturating_add(rows.start), count)
            }
        }
    }

    fn cells(&self, first: u64, count: usize, budget: usize) -> Result<Vec<Cell>, String> {
        let (lens, array) = (&self.of.lens, &self.of.array);
        if self.field.is_none() {
            return element_cells(lens, array, &self.indices(first, count), budget);
        }
        let columns = self.column..self.column + 1;
        let rows = field_cells(lens, array, (self.of.start, budget), self.rows(first, count), columns)?;
        Ok(rows.into_iter().flatten().collect())
    }

    fn is_counted(&self) -> bool {
        self.dtype().is_some_and(|dtype| matches!(dtype.kind, Kind::Datetime | Kind::Timedelta))
    }

    fn dtype(&self) -> Option<&Dtype> {
        Some(self.field.map_or(&self.of.array.dtype, |field| &field.dtype))
    }
}
