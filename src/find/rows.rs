//! The rows of a grid in another order, or some of them, in steps: each goes over some values and can be dropped.
//!
//! Rows that match a condition come first, then what they are sorted by, then pieces of them that are sorted are merged. A step
//! costs about [`STEP`] numbers in each of the three.

mod condition;
mod keys;
mod merge;

use crate::document::Document;
use crate::view::card::{ArrangeAsk, Arranged, RowFilter};
use crate::view::cards::rows_of_grid::GridColumns;
use crate::view::preview::grouped;
pub use condition::Condition;
use keys::Keys;
use merge::Merge;
use std::ops::Range;

/// Rows of a grid that is arranged.
const ROWS: u64 = 5_000_000;
/// Cells that a condition is held against.
const CELLS: u64 = 200_000_000;
/// Rows that are gone over at once.
const PIECE: usize = 1 << 13;
/// What one step may cost, in numbers.
const STEP: usize = 1 << 20;

/// A grid that is being arranged.
#[derive(Debug)]
pub struct Arranging {
    ask: ArrangeAsk,
    condition: Option<Condition>,
    total: u64,
    stage: Stage,
    /// The rows that match, in the order of the file.
    rows: Vec<u32>,
    keys: Keys,
}

#[derive(Debug)]
enum Stage {
    /// Rows are held against the condition, from this one on; of the piece there, the columns before this one were gone over.
    Match {
        row: u64,
        column: u64,
        matched: Vec<bool>,
    },
    /// The keys of the rows from this one of the file on are read.
    Read {
        row: u64,
    },
    /// Sorted pieces are merged.
    Merge(Merge),
    Done,
}

impl Arranging {
    /// Begins.
    ///
    /// # Errors
    /// Why the rows cannot be arranged so: they are too many, the condition cannot be understood.
    pub fn begin(document: &Document, ask: ArrangeAsk) -> Result<Self, String> {
        let columns = document.grid_columns(ask.node, ask.grid, &ask.slice);
        let (rows, columns) = columns.ok_or("the rows of this table cannot be arranged")?.size();
        if rows > ROWS {
            let most = grouped(ROWS);
            return Err(format!("tables of up to {most} rows are sorted and filtered; this one has {}", grouped(rows)));
        }
        let (sort, filter) = (ask.arrangement.sort, &ask.arrangement.filter);
        let column = sort.map(|sort| sort.column).into_iter().chain(filter.iter().filter_map(|filter| filter.column));
        if column.into_iter().any(|column| column >= columns) {
            return Err("there is no such column".to_owned());
        }
        if matches!(filter, Some(RowFilter { column: None, .. })) && rows.saturating_mul(columns) > CELLS {
            let most = grouped(CELLS);
            return Err(format!("any column is looked at in tables of up to {most} values; choose one column"));
        }
        let condition = match filter {
            Some(filter) => Some(Condition::parse(&filter.condition)?),
            None => None,
        };
        let stage = match condition {
            Some(_) => Stage::Match { row: 0, column: 0, matched: Vec::new() },
            None => Stage::Read { row: 0 },
        };
        let all = if condition.is_some() { Vec::new() } else { (0..rows as u32).collect() };
        Ok(Self { ask, condition, total: rows, stage, rows: all, keys: Keys::default() })
    }

    /// What is arranged, and how.
    #[must_use]
    pub fn ask(&self) -> &ArrangeAsk {
        &self.ask
    }

    /// Goes on for a step.
    ///
    /// # Errors
    /// Why it ends: values cannot be read, or their texts are too long.
    pub fn advance(&mut self, document: &Document) -> Result<(), String> {
        let columns = document.grid_columns(self.ask.node, self.ask.grid, &self.ask.slice);
        let columns = columns.ok_or("the rows of this table cannot be arranged")?;
        let mut left = STEP;
        while left > 0 {
            let cost = match &mut self.stage {
                Stage::Match { .. } => self.match_piece(&*columns)?,
                Stage::Read { .. } => self.read_piece(&*columns)?,
                Stage::Merge(merge) => {
                    let descending = self.ask.arrangement.sort.is_some_and(|sort| sort.descending);
                    let keys = &self.keys;
                    let is_over = merge.advance(left, &|one, other| keys.order(one, other, descending));
                    if is_over {
                        self.take_order();
                    }
                    left
                }
                Stage::Done => break,
            };
            left = left.saturating_sub(cost.max(1));
        }
        Ok(())
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Arranged {
        let has_sort = self.ask.arrangement.sort.is_some();
        let (matching, sorting) = (u64::from(self.condition.is_some()), u64::from(has_sort));
        let all = self.total * (matching + 2 * sorting) + 1;
        let done = match &self.stage {
            Stage::Match { row, .. } => *row,
            Stage::Read { row } => self.total * matching + row,
            Stage::Merge(merge) => {
                let (done, of) = merge.progress();
                self.total * (matching + 1) + (self.total * done).checked_div(of).unwrap_or(0)
            }
            Stage::Done => all,
        };
        Arranged { progress: (done.min(all), all), rows: self.rows.len() as u64, problem: None }
    }

    /// The rows, once all is done.
    #[must_use]
    pub fn finish(self) -> Option<(ArrangeAsk, Vec<u32>)> {
        matches!(self.stage, Stage::Done).then_some((self.ask, self.rows))
    }

    /// Holds a piece of one column against the condition.
    fn match_piece(&mut self, columns: &dyn GridColumns) -> Result<usize, String> {
        let (Stage::Match { row, column, matched }, Some(condition)) = (&mut self.stage, &self.condition) else {
            return Ok(0);
        };
        if *row >= self.total {
            self.stage = Stage::Read { row: 0 };
            return Ok(1);
        }
        let count = (self.total - *row).min(PIECE as u64) as usize;
        if *column == 0 {
            *matched = vec![condition.is_negative(); count];
        }
        let chosen = self.ask.arrangement.filter.as_ref().and_then(|filter| filter.column);
        let mut cost = count;
        if let Some(values) = columns.column(chosen.unwrap_or(*column)) {
            cost = condition.see(&*values, *row, matched)?;
        }
        *column += 1;
        if chosen.is_some() || *column >= columns.size().1 {
            let first = *row as u32;
            self.rows.extend((first..).zip(matched.iter()).filter(|(_, matched)| **matched).map(|(row, _)| row));
            *row += count as u64;
            *column = 0;
        }
        Ok(cost)
    }

    /// Reads the keys of a piece.
    fn read_piece(&mut self, columns: &dyn GridColumns) -> Result<usize, String> {
        let Stage::Read { row } = &mut self.stage else { return Ok(0) };
        let Some(sort) = self.ask.arrangement.sort else {
            self.stage = Stage::Done;
            return Ok(0);
        };
        let first = *row;
        if first >= self.total {
            self.stage = Stage::Merge(Merge::new(self.rows.len()));
            return Ok(0);
        }
        let count = (self.total - first).min(PIECE as u64) as usize;
        *row += count as u64;
        let wanted = self.between(first..first + count as u64);
        if wanted.is_empty() {
            return Ok(1);
        }
        let values = columns.column(sort.column).ok_or("there is no such column")?;
        let offsets: Vec<usize> = self.rows[wanted].iter().map(|&row| (u64::from(row) - first) as usize).collect();
        self.keys.read(&*values, (first, count), &offsets)
    }

    /// Which of the rows that match are among these of the file.
    fn between(&self, rows: Range<u64>) -> Range<usize> {
        let at = |row: u64| self.rows.partition_point(|&one| u64::from(one) < row);
        at(rows.start)..at(rows.end)
    }

    fn take_order(&mut self) {
        let Stage::Merge(merge) = std::mem::replace(&mut self.stage, Stage::Done) else { return };
        let order = merge.into_order();
        self.rows = order.into_iter().filter_map(|at| self.rows.get(at as usize).copied()).collect();
        self.keys = Keys::default();
    }
}
