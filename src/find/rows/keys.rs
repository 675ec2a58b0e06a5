//! What rows are sorted by: numbers before texts, as exactly as they are there, and missing values behind all.

use crate::find::compare::Number;
use crate::lens::Values;
use crate::view::card::{Cell, CellKind};
use crate::view::cards::rows_of_grid::{COMPARED, GridColumn};
use num_bigint::BigInt;
use std::cmp::Ordering;

/// Bytes of all texts.
const TEXTS: usize = 64 << 20;

/// The key of a row. An integer of 64 bits is exact; a larger one is the nearest float.
#[derive(Clone, PartialEq, Debug)]
enum Key {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(Box<str>),
    Missing,
}

/// The keys of the rows that are sorted, by their place among them.
#[derive(Debug, Default)]
pub(super) struct Keys {
    keys: Vec<Key>,
    texts: usize,
}

impl Keys {
    /// Reads the keys of those of some rows that stand at these places from the first on. Gives what that costs.
    pub(super) fn read(
        &mut self,
        column: &dyn GridColumn,
        (first, count): (u64, usize),
        offsets: &[usize],
    ) -> Result<usize, String> {
        if let Some(values) = column.ranks(first, count)? {
            let key = |at: usize| match &values {
                Values::Floats(values) => values.get(at).map_or(Key::Missing, |&value| Key::of_float(value)),
                Values::Integers(values) => values.get(at).copied().flatten().map_or(Key::Missing, Key::of_int),
                Values::Texts(values) => values.get(at).cloned().flatten().map_or(Key::Missing, Key::of_text),
                Values::Missing(_) => Key::Missing,
            };
            self.keys.extend(offsets.iter().map(|&at| key(at)));
            return Ok(count);
        }
        let (cells, cost) = (column.cells(first, count, COMPARED)?, count * column.cell_cost());
        for &at in offsets {
            let key = cells.get(at).map_or(Key::Missing, Key::of_cell);
            if let Key::Text(text) = &key {
                self.texts += text.len();
            }
            self.keys.push(key);
        }
        if self.texts > TEXTS {
            return Err(format!("the texts of this column are longer than {} MB together", TEXTS >> 20));
        }
        Ok(cost)
    }

    /// Which of two rows comes first; missing ones last either way.
    pub(super) fn order(&self, one: u32, other: u32, descending: bool) -> Ordering {
        let key = |at: u32| self.keys.get(at as usize).unwrap_or(&Key::Missing);
        let (one, other) = (key(one), key(other));
        match (one, other) {
            (Key::Missing, Key::Missing) => Ordering::Equal,
            (Key::Missing, _) => Ordering::Greater,
            (_, Key::Missing) => Ordering::Less,
            _ if descending => other.order(one),
            _ => one.order(other),
        }
    }
}

impl Key {
    fn of_float(value: f64) -> Self {
        if value.is_nan() { Self::Missing } else { Self::Float(value) }
    }

    fn of_int(value: i128) -> Self {
        match (i64::try_from(value), u64::try_from(value)) {
            (Ok(value), _) => Self::Signed(value),
            (_, Ok(value)) => Self::Unsigned(value),
            _ => Self::Float(value as f64),
        }
    }

    fn of_text(text: String) -> Self {
        Self::Text(text.into_boxed_str())
    }

    fn of_cell(cell: &Cell) -> Self {
        let text = cell.full_text();
        match (cell.kind, text) {
            (CellKind::Missing, _) => Self::Missing,
            (CellKind::Number, "True" | "False") => Self::Signed(i64::from(text == "True")),
            (CellKind::Number, _) => match Number::parse(text) {
                Some(Number::Int(value)) => Self::of_big(&value),
                Some(Number::Float(value)) => Self::of_float(value),
                None => Self::of_text(text.to_owned()),
            },
            _ => Self::of_text(text.to_owned()),
        }
    }

    fn of_big(value: &BigInt) -> Self {
        match i128::try_from(value) {
            Ok(value) => Self::of_int(value),
            Err(_) => Self::Float(value.to_string().parse().unwrap_or(f64::INFINITY)),
        }
    }

    fn int(&self) -> Option<i128> {
        match self {
            Self::Signed(value) => Some(i128::from(*value)),
            Self::Unsigned(value) => Some(i128::from(*value)),
            _ => None,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Float(one), Self::Float(other)) => one.partial_cmp(other).unwrap_or(Ordering::Equal),
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            (Self::Text(_), _) => Ordering::Greater,
            (_, Self::Text(_)) => Ordering::Less,
            (Self::Float(float), int) => int.int().map_or(Ordering::Equal, |int| int_to_float(int, *float).reverse()),
            (int, Self::Float(float)) => int.int().map_or(Ordering::Equal, |int| int_to_float(int, *float)),
            _ => self.int().cmp(&other.int()),
        }
    }
}

/// How an int of 65 bits lies to a float, exactly: rounding would make an order that contradicts itself.
fn int_to_float(int: i128, float: f64) -> Ordering {
    if float >= 1e30 {
        return Ordering::Less;
    }
    if float <= -1e30 {
        return Ordering::Greater;
    }
    int.cmp(&(float.floor() as i128)).then(if float.fract() == 0.0 { Ordering::Equal } else { Ordering::Less })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_and_floats_have_one_order() {
        let two = 2_f64.powi(53);
        let keys = [
            Key::Float(f64::NEG_INFINITY),
            Key::Signed(i64::MIN),
            Key::Float(-1.5),
            Key::Signed(-1),
            Key::Float(-0.5),
            Key::Signed(0),
            Key::Float(0.5),
            Key::Float(two),
            Key::Signed(two as i64 + 1),
            Key::Float(two + 2.0),
            Key::Unsigned(u64::MAX),
            Key::Float(1e30),
            Key::Float(f64::INFINITY),
            Key::Text("".into()),
            Key::Text("a".into()),
        ];
        for (at, one) in keys.iter().enumerate() {
            for (to, other) in keys.iter().enumerate() {
                assert_eq!(one.order(other), at.cmp(&to), "{one:?} {other:?}");
            }
        }
        assert_eq!(Key::Signed(3).order(&Key::Float(3.0)), Ordering::Equal);
        assert_eq!(Key::Float(-0.0).order(&Key::Float(0.0)), Ordering::Equal);
    }
}
