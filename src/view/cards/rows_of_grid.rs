//! The rows of a grid by columns, for those who sort and filter them.

use crate::lens::{Dtype, Values};
use crate::view::card::Cell;

/// Characters of a cell on the screen.
pub const CELL: usize = 200;

/// Characters by which cells are compared.
pub const COMPARED: usize = 1000;

/// The columns of a grid at one slice.
pub trait GridColumns {
    /// Rows and columns.
    fn size(&self) -> (u64, u64);

    /// A column.
    fn column(&self, number: u64) -> Option<Box<dyn GridColumn + '_>>;
}

/// A column of a grid.
pub trait GridColumn {
    /// Numbers in whose order rows from `first` on are sorted, `count` at most; `None` where their texts are compared.
    ///
    /// # Errors
    /// When they cannot be read, or have no order, in words.
    fn ranks(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        self.numbers(first, count)
    }

    /// The values of rows from `first` on, `count` at most, where all of them are numbers or missing.
    ///
    /// # Errors
    /// When they cannot be read, in words.
    fn numbers(&self, first: u64, count: usize) -> Result<Option<Values>, String>;

    /// The same as cells, in about `budget` characters each.
    ///
    /// # Errors
    /// When they cannot be read, in words.
    fn cells(&self, first: u64, count: usize, budget: usize) -> Result<Vec<Cell>, String>;

    /// What it costs to make a cell, in numbers read.
    fn cell_cost(&self) -> usize {
        16
    }

    /// Whether the numbers count something, as those of dates do, so that nobody compares with them.
    fn is_counted(&self) -> bool {
        false
    }

    /// The type whose precision the numbers have.
    fn dtype(&self) -> Option<&Dtype> {
        None
    }
}
