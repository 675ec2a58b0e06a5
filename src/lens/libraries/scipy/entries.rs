//! Where the stored entries are, for a picture of them.

use super::{Parts, Sparse, SparseFormat};
use crate::graph::RunKind;
use crate::lens::numbers::Array;

/// Entries read at once, and lines of a compressed format.
const PIECE: usize = 1 << 16;
const LINES: u64 = 1 << 12;

/// Numbers of an array as places: a negative one is none.
pub(super) fn places(array: &Array<'_>, first: u64, count: u64) -> Result<Vec<u64>, String> {
    let count = usize::try_from(count).map_err(|error| error.to_string())?;
    let found = array.integers(first, count)?;
    Ok(found.into_iter().map(|place| u64::try_from(place).unwrap_or(u64::MAX)).collect())
}

impl Sparse<'_> {
    /// Row and column of stored entries, about `budget` of them spread over all; how many were gone over.
    ///
    /// # Errors
    /// When the numbers cannot be read, in words.
    pub fn entries(&self, budget: u64, visit: &mut dyn FnMut(u64, u64)) -> Result<u64, String> {
        match &self.parts {
            Parts::Compressed { indices, starts, .. } => {
                let by_rows = self.format == SparseFormat::Csr;
                lines(indices, starts, budget, &mut |line, place| {
                    if by_rows { visit(line, place) } else { visit(place, line) }
                })
            }
            Parts::Blocks { indices, starts, rows, columns, .. } => {
                let size = rows.saturating_mul(*columns).max(1);
                lines(indices, starts, budget / size, &mut |line, place| {
                    let (top, left) = (line.saturating_mul(*rows), place.saturating_mul(*columns));
                    // A large block is seen by a few of its entries.
                    let step = |size: u64| usize::try_from(size / 64).unwrap_or(usize::MAX).max(1);
                    for row in (0..*rows).step_by(step(*rows)) {
                        for column in (0..*columns).step_by(step(*columns)) {
                            visit(top.saturating_add(row), left.saturating_add(column));
                        }
                    }
                })
                .map(|blocks| blocks.saturating_mul(size))
            }
            Parts::Triplets { data, coordinates } => self.triplets(data.len(), coordinates, budget, visit),
            Parts::Diagonals { offsets, data } => {
                let length = data.grid().last().copied().unwrap_or(0);
                self.diagonals(offsets, length, budget, visit)
            }
            Parts::Lists { rows, .. } => {
                let count = rows.len().min(budget);
                let mut read = 0;
                for row in 0..count {
                    let list = rows.items(row, 1);
                    let Some(list) = list.first() else { break };
                    for place in self.lens.graph.run_window(list.node(), RunKind::Items, 0) {
                        if read >= budget {
                            return Ok(read);
                        }
                        read += 1;
                        if let Some(column) = self.index(place) {
                            visit(row, column);
                        }
                    }
                }
                Ok(read)
            }
            Parts::Keys { dict } => {
                let mut read = 0;
                // A key is a tuple of scalars, each of which is a call with bytes: dear.
                let keys = self.lens.graph.run_window(*dict, RunKind::Pairs, 0).step_by(2);
                for key in keys.take(usize::try_from(budget / 16).unwrap_or(usize::MAX)) {
                    read += 1;
                    if let Some((row, column)) = self.key(key) {
                        visit(row, column);
                    }
                }
                Ok(read)
            }
        }
    }

    fn triplets(
        &self,
        total: u64,
        coordinates: &[Array<'_>],
        budget: u64,
        visit: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, String> {
        let (rows, columns) = match coordinates {
            [columns] => (None, columns),
            [rows, columns, ..] => (Some(rows), columns),
            [] => return Ok(0),
        };
        let pieces = total.div_ceil(PIECE as u64);
        let step = pieces.div_ceil((budget / PIECE as u64).max(1)).max(1);
        let mut read = 0;
        for piece in (0..pieces).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            let first = piece * PIECE as u64;
            let count = (total - first).min(PIECE as u64);
            let columns = places(columns, first, count)?;
            let rows = match rows {
                Some(rows) => places(rows, first, count)?,
                None => vec![0; columns.len()],
            };
            read += columns.len() as u64;
            rows.into_iter().zip(columns).for_each(|(row, column)| visit(row, column));
        }
        Ok(read)
    }

    fn diagonals(
        &self,
        offsets: &Array<'_>,
        length: u64,
        budget: u64,
        visit: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, String> {
        let (rows, columns) = self.sides();
        let offsets = offsets.integers(0, usize::try_from(offsets.len().min(budget)).unwrap_or(usize::MAX))?;
        let each = (budget / (offsets.len() as u64).max(1)).max(1);
        let mut read = 0;
        for offset in offsets {
            let first = u64::try_from(offset.max(0)).unwrap_or(u64::MAX);
            let end = i128::from(rows).saturating_add(offset).min(i128::from(columns.min(length)));
            let end = u64::try_from(end).unwrap_or(0);
            let step = usize::try_from(end.saturating_sub(first).div_ceil(each).max(1)).unwrap_or(usize::MAX);
            for column in (first..end).step_by(step) {
                read += 1;
                visit(u64::try_from(i128::from(column) - offset).unwrap_or(u64::MAX), column);
            }
        }
        Ok(read)
    }
}

/// Lines and the places of their entries; of very many some, spread evenly.
fn lines(indices: &Array<'_>, starts: &Array<'_>, budget: u64, visit: &mut dyn FnMut(u64, u64)) -> Result<u64, String> {
    let count = starts.len().saturating_sub(1);
    let stored = indices.len();
    let pieces = count.div_ceil(LINES);
    // In every piece of lines so many entries.
    let each = (budget / pieces.max(1)).max(1);
    let step = pieces.div_ceil(budget.max(1)).max(1);
    let mut read = 0;
    for piece in (0..pieces).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        let first = piece * LINES;
        let starts = places(starts, first, LINES.min(count - first) + 1)?;
        let (begin, end) = (starts.first().copied().unwrap_or(0), starts.last().copied().unwrap_or(0));
        if starts.is_sorted() && end <= stored && end - begin <= each {
            let mut found = places(indices, begin, end - begin)?.into_iter();
            for (line, pair) in (first..).zip(starts.windows(2)) {
                let own = usize::try_from(pair[1] - pair[0]).unwrap_or(usize::MAX);
                found.by_ref().take(own).for_each(|place| visit(line, place));
            }
            read += end - begin;
            continue;
        }
        let mut left = each;
        let share = each / LINES.min(count - first).max(1) + 1;
        for (line, pair) in (first..).zip(starts.windows(2)) {
            let (start, end) = (pair[0].min(stored), pair[1].min(stored));
            let wanted = end.saturating_sub(start).min(share).min(left);
            if wanted == 0 {
                continue;
            }
            left -= wanted;
            let found = places(indices, start, wanted)?;
            read += found.len() as u64;
            found.into_iter().for_each(|place| visit(line, place));
        }
    }
    Ok(read)
}
