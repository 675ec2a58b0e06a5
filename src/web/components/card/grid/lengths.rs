//! How wide the columns of a grid are.

use crate::view::card::{Cells, Grid};
use crate::web::axis::{Columns, MEASURED, column_characters};
use crate::web::plane::Plane;
use std::collections::BTreeMap;

/// Characters of padding on both sides of a text.
const PADDING: f64 = 2.0;
/// Pixels for the line between columns, and for what rounding takes.
const LINE: f64 = 2.0;
/// Characters of a column that was not measured, at least.
const UNMEASURED: f64 = 10.0;
/// Part of the width that the heads of rows take at most.
const HEADS: f64 = 0.45;
/// Part of the rest that frozen columns take at most, so that there is room to scroll in.
const FROZEN: f64 = 0.6;
/// Rows that a histogram in the head of a column is high, with the space around it.
const STATISTICS: f64 = 1.0;
/// Characters of a column that the reader made narrower or wider.
const OWN: (f64, f64) = (4.0, 200.0);

/// Characters of the longest texts met in the first window, and of the columns that the reader resized.
#[derive(Default)]
pub(super) struct Lengths {
    heads: Vec<f64>,
    columns: Vec<f64>,
    own: BTreeMap<u64, f64>,
    pub(super) has_dtypes: bool,
    /// Whether something stands below the names that tells how values spread.
    pub(super) has_statistics: bool,
}

impl Lengths {
    /// Grows to what `first` needs; a grid that was laid out does not become narrower when another slice is chosen.
    pub(super) fn take(&mut self, first: &Cells, grid: &Grid) {
        let characters = |text: &str| text.chars().count();
        let count = grid.columns.min(MEASURED) as usize;
        let column = |index: usize| {
            let head = first.heads.get(index).map(|(name, dtype)| characters(name).max(characters(dtype)));
            let cells = first.rows.iter().filter_map(|row| row.get(index)).map(|cell| characters(&cell.text));
            column_characters(cells.chain(head))
        };
        let last = grid.rows.saturating_sub(1).to_string().len();
        let head = |index: usize| {
            let texts = first.row_heads.iter().filter_map(|row| row.get(index));
            let is_counted = texts.clone().enumerate().all(|(row, text)| *text == row.to_string());
            let name = grid.row_heads.get(index).map(|name| characters(name));
            let longest = texts.map(|text| characters(text)).chain(name).chain(is_counted.then_some(last));
            longest.max().unwrap_or_default().clamp(2, 24) as f64
        };
        grow(&mut self.columns, (0..count).map(column));
        grow(&mut self.heads, (0..grid.row_heads.len()).map(head));
        // An array has one dtype for all its numbered columns, which the facts say already.
        let is_numbered = first.heads.iter().enumerate().all(|(index, (name, _))| *name == index.to_string());
        let is_one = first.heads.windows(2).all(|pair| pair[0].1 == pair[1].1);
        self.has_dtypes |= !(is_numbered && is_one) && first.heads.iter().any(|(_, dtype)| !dtype.is_empty());
    }

    /// Makes a column so many characters wider than it is.
    pub(super) fn widen(&mut self, column: u64, characters: f64, plane: &Plane) {
        let unit = plane.unit().1;
        self.set_width(column, plane.width(column) + characters * unit, unit);
    }

    /// Gives a column so many pixels, where a character has `unit`.
    pub(super) fn set_width(&mut self, column: u64, width: f64, unit: f64) {
        let characters = (width - LINE) / unit.max(1.0) - PADDING;
        self.own.insert(column, characters.clamp(OWN.0, OWN.1));
    }

    /// Gives a column its measured width again.
    pub(super) fn reset(&mut self, column: u64) {
        self.own.remove(&column);
    }

    /// Rows that the heads of the columns take.
    pub(super) fn head_rows(&self) -> f64 {
        (if self.has_dtypes { 1.8 } else { 1.0 }) + (if self.has_statistics { STATISTICS } else { 0.0 })
    }

    /// Width of the head of a row, one for each level.
    pub(super) fn head_widths(&self, plane: &Plane) -> Vec<f64> {
        let (unit, room) = (plane.unit().1, plane.view().1 * HEADS);
        let all: f64 = self.heads.iter().map(|characters| (characters + PADDING) * unit).sum();
        let scale = if all > room { room / all } else { 1.0 };
        self.heads.iter().map(|characters| ((characters + PADDING) * unit * scale).ceil() + 2.0).collect()
    }

    /// Tells the plane where columns are, how many of them are to be frozen, and how many rows there are.
    pub(super) fn lay_out(&self, plane: &Plane, grid: &Grid, frozen: u64) {
        let (row, unit) = plane.unit();
        let width = |characters: f64| ((characters + PADDING) * unit).ceil() + LINE;
        let widths: Vec<f64> = self.columns.iter().map(|characters| width(*characters)).collect();
        let rest = self.columns.iter().copied().fold(UNMEASURED, f64::max).min(16.0);
        let heads: f64 = self.head_widths(plane).into_iter().sum();
        let columns = Columns::new(&widths, width(rest), grid.columns);
        // Rounded, so that as many characters more and then less are nothing.
        let own = |characters: f64| ((characters + PADDING) * unit).round() + LINE;
        let columns = self.own.iter().fold(columns, |columns, (column, wanted)| columns.resize(*column, own(*wanted)));
        let columns = columns.freeze(frozen, (plane.view().1 - heads) * FROZEN);
        plane.update(grid.rows, (self.head_rows() * row, heads), columns);
    }
}

fn grow(lengths: &mut Vec<f64>, new: impl Iterator<Item = f64>) {
    for (index, length) in new.enumerate() {
        match lengths.get_mut(index) {
            Some(before) => *before = before.max(length),
            None => lengths.push(length),
        }
    }
}
