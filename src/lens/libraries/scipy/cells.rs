//! The elements of a window of a sparse matrix.

use super::entries::places;
use super::{Parts, Sparse, SparseFormat};
use crate::graph::{Edge, RunKind};
use crate::lens::numbers::Array;
use std::collections::BTreeMap;
use std::ops::Range;

/// Entries that are looked through for one window.
const LOOKED_AT: u64 = 8 << 20;
/// Entries of a dict, whose keys are dear to read.
const KEYS: usize = 1 << 16;
/// Entries read at once.
const PIECE: u64 = 1 << 16;
/// Characters of an element.
const TEXT: usize = 120;

/// A stored element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SparseCell {
    /// Its text; where a place is stored several times, all of them: their sum is the element.
    pub text: String,
    /// Its value in the graph, when it has a node.
    pub node: Option<u32>,
}

type Cells = BTreeMap<(u64, u64), SparseCell>;

impl Sparse<'_> {
    /// The stored elements of a window, by row and column; all others are zero. `problem` is told when there are more
    /// entries to be looked through than one window is worth.
    ///
    /// # Errors
    /// When the numbers cannot be read, in words.
    pub fn window(&self, rows: Range<u64>, columns: Range<u64>) -> Result<(Cells, Option<String>), String> {
        let mut found = Cells::new();
        let mut is_cut = false;
        match &self.parts {
            Parts::Compressed { data, indices, starts } => {
                let by_rows = self.format == SparseFormat::Csr;
                let (lines, across) = if by_rows { (rows, columns) } else { (columns, rows) };
                let mut at = Vec::new();
                is_cut = compressed(indices, starts, lines, across, &mut |line, place, entry| {
                    at.push((if by_rows { (line, place) } else { (place, line) }, entry));
                })?;
                fetch(data, &at, &mut found)?;
            }
            Parts::Blocks { data, indices, starts, rows: tall, columns: wide } => {
                let (tall, wide) = ((*tall).max(1), (*wide).max(1));
                let lines = rows.start / tall..rows.end.div_ceil(tall);
                let across = columns.start / wide..columns.end.div_ceil(wide);
                let mut blocks = Vec::new();
                is_cut = compressed(indices, starts, lines, across, &mut |line, place, entry| {
                    blocks.push((line.saturating_mul(tall), place.saturating_mul(wide), entry));
                })?;
                let mut at = Vec::new();
                for (top, left, entry) in blocks {
                    for row in rows.start.max(top)..rows.end.min(top.saturating_add(tall)) {
                        for column in columns.start.max(left)..columns.end.min(left.saturating_add(wide)) {
                            let inside = (row - top).saturating_mul(wide).saturating_add(column - left);
                            let before = entry.saturating_mul(tall.saturating_mul(wide));
                            at.push(((row, column), before.saturating_add(inside)));
                        }
                    }
                }
                fetch(data, &at, &mut found)?;
            }
            Parts::Triplets { data, coordinates } => {
                let mut at = Vec::new();
                let total = data.len().min(LOOKED_AT);
                is_cut = total < data.len();
                for first in (0..total).step_by(PIECE as usize) {
                    let count = PIECE.min(total - first);
                    let (row, column) = match &coordinates[..] {
                        [column] => (vec![0; count as usize], places(column, first, count)?),
                        [row, column] => (places(row, first, count)?, places(column, first, count)?),
                        _ => return Err("more than two dimensions".to_owned()),
                    };
                    for (entry, place) in (first..).zip(row.into_iter().zip(column)) {
                        if rows.contains(&place.0) && columns.contains(&place.1) {
                            at.push((place, entry));
                        }
                    }
                }
                fetch(data, &at, &mut found)?;
            }
            Parts::Diagonals { data, offsets } => {
                let length = data.grid().last().copied().unwrap_or(0);
                let wanted = offsets.len().min(LOOKED_AT / (rows.end - rows.start).max(1));
                is_cut = wanted < offsets.len();
                let mut at = Vec::new();
                for (diagonal, offset) in (0u64..).zip(offsets.integers(0, wanted as usize)?) {
                    for row in rows.clone() {
                        let Ok(column) = u64::try_from(i128::from(row) + offset) else { continue };
                        if columns.contains(&column) && column < length {
                            at.push(((row, column), diagonal.saturating_mul(length).saturating_add(column)));
                        }
                    }
                }
                fetch(data, &at, &mut found)?;
            }
            Parts::Lists { data, rows: lists } => {
                for row in rows {
                    let (Some(&places), Some(&values)) = (lists.items(row, 1).first(), data.items(row, 1).first())
                    else {
                        break;
                    };
                    self.list_row(row, places, values, &columns, &mut found);
                }
            }
            Parts::Keys { dict } => {
                let graph = self.lens.graph;
                is_cut = graph.run_length(*dict, RunKind::Pairs) > 2 * KEYS as u64;
                let pairs: Vec<Edge> = graph.run_window(*dict, RunKind::Pairs, 0).take(2 * KEYS).collect();
                for pair in pairs.chunks_exact(2) {
                    if let Some((row, column)) = self.key(pair[0])
                        && rows.contains(&row)
                        && columns.contains(&column)
                    {
                        let cell = SparseCell { text: self.number(pair[1]), node: Some(pair[1].node().0) };
                        found.insert((row, column), cell);
                    }
                }
            }
        }
        let problem = is_cut.then(|| "there are too many entries here to look through them all".to_owned());
        Ok((found, problem))
    }

    fn list_row(&self, row: u64, places: Edge, values: Edge, columns: &Range<u64>, found: &mut Cells) {
        let graph = self.lens.graph;
        let places = graph.run_window(places.node(), RunKind::Items, 0);
        let values = graph.run_window(values.node(), RunKind::Items, 0);
        for (place, value) in places.zip(values).take(KEYS) {
            if let Some(column) = self.index(place).filter(|column| columns.contains(column)) {
                let cell = SparseCell { text: self.number(value), node: Some(value.node().0) };
                found.insert((row, column), cell);
            }
        }
    }

    /// Row and column of a key of a dict.
    pub(super) fn key(&self, key: Edge) -> Option<(u64, u64)> {
        let items: Vec<Edge> = self.lens.graph.items(key.node()).take(3).collect();
        match items[..] {
            [row, column] => Some((self.index(row)?, self.index(column)?)),
            [column] => Some((0, self.index(column)?)),
            _ => self.index(key).map(|column| (0, column)),
        }
    }
}

/// The entries of some lines whose places lie in a range: line, place, number of the entry. Whether some were left out.
fn compressed(
    indices: &Array<'_>,
    starts: &Array<'_>,
    lines: Range<u64>,
    across: Range<u64>,
    keep: &mut dyn FnMut(u64, u64, u64),
) -> Result<bool, String> {
    let count = starts.len().saturating_sub(1);
    let lines = lines.start.min(count)..lines.end.min(count);
    if lines.is_empty() {
        return Ok(false);
    }
    let bounds = places(starts, lines.start, lines.end - lines.start + 1)?;
    let mut budget = LOOKED_AT;
    for (line, pair) in lines.zip(bounds.windows(2)) {
        let (mut at, end) = (pair[0].min(indices.len()), pair[1].min(indices.len()));
        while at < end {
            let piece = PIECE.min(end - at).min(budget);
            if piece == 0 {
                return Ok(true);
            }
            budget -= piece;
            for (entry, place) in (at..).zip(places(indices, at, piece)?) {
                if across.contains(&place) {
                    keep(line, place, entry);
                }
            }
            at += piece;
        }
    }
    Ok(false)
}

/// Texts of entries into their places.
fn fetch(data: &Array<'_>, at: &[((u64, u64), u64)], found: &mut Cells) -> Result<(), String> {
    let length = data.len();
    let at: Vec<&((u64, u64), u64)> = at.iter().filter(|(_, entry)| *entry < length).collect();
    let entries: Vec<u64> = at.iter().map(|(_, entry)| *entry).collect();
    for ((place, _), text) in at.into_iter().zip(data.values_at(&entries, TEXT)?) {
        let cell = found.entry(*place).or_insert_with(|| SparseCell { text: String::new(), node: None });
        if !cell.text.is_empty() {
            if cell.text.len() > TEXT {
                continue;
            }
            cell.text.push_str(" + ");
        }
        cell.text.push_str(&text);
    }
    Ok(())
}
