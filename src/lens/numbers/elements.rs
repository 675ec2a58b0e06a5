//! Elements of an array as numbers, for those who compute with them instead of showing them.

use super::array::{Array, Data, Order};
use super::dtype::{Dtype, Field, Kind};
use super::moment::NAT;
use super::series::Values;
use super::{convert, element};

/// Bytes that one call gives at most.
const PIECE: u64 = 64 << 20;

impl Array<'_> {
    /// The bytes of elements from `first` on in C order, `count` at most, one after the other. Where they lie so in the
    /// file they are read at once.
    ///
    /// # Errors
    /// When they are not there or cannot be read, in words.
    pub fn raw(&self, first: u64, count: usize) -> Result<Vec<u8>, String> {
        let payload = match &self.data {
            Data::Bytes(payload) => payload,
            Data::Items(_) => return Err("the elements are objects".to_owned()),
            Data::Missing(reason) => return Err(reason.clone()),
        };
        let size = self.dtype.itemsize;
        let count = (count as u64).min(self.len().saturating_sub(first)).min(PIECE / size.max(1));
        if count == 0 {
            return Ok(Vec::new());
        }
        if self.order == Order::C {
            return payload.read(first.saturating_mul(size), count * size);
        }
        // Both are bounded by a piece.
        let (count, size) = (count as usize, size as usize);
        let mut offsets = self.positions(first, count);
        offsets.iter_mut().for_each(|offset| *offset = offset.saturating_mul(size as u64));
        payload.gather_flat(&offsets, size)
    }

    /// Elements from `first` on as floats; NaN for what is no number.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn floats(&self, first: u64, count: usize) -> Result<Vec<f64>, String> {
        Ok(convert::floats(&self.dtype, &self.raw(first, count)?))
    }

    /// Elements at any places, counted in C order, as floats.
    ///
    /// # Errors
    /// As [`Array::raw`], and when there is no such element.
    pub fn floats_at(&self, indices: &[u64]) -> Result<Vec<f64>, String> {
        Ok(convert::floats(&self.dtype, &self.raw_at(indices)?))
    }

    /// The bytes of elements at any places, counted in C order.
    ///
    /// # Errors
    /// As [`Array::raw`], and when there is no such element.
    pub fn raw_at(&self, indices: &[u64]) -> Result<Vec<u8>, String> {
        let payload = match &self.data {
            Data::Bytes(payload) => payload,
            Data::Items(_) => return Err("the elements are objects".to_owned()),
            Data::Missing(reason) => return Err(reason.clone()),
        };
        let (length, size) = (self.len(), self.dtype.itemsize);
        if let Some(index) = indices.iter().find(|&&index| index >= length) {
            return Err(format!("there is no element {index}"));
        }
        if (indices.len() as u64).saturating_mul(size) > PIECE {
            return Err("more bytes than are read at once".to_owned());
        }
        let offsets: Vec<u64> = indices.iter().map(|&index| self.position(index).saturating_mul(size)).collect();
        payload.gather_flat(&offsets, size as usize)
    }

    /// Elements along a line of the storage, as floats: `count` of them from position `start` on, `stride` apart. NaN for
    /// what the mask hides.
    ///
    /// # Errors
    /// As [`Array::raw`], and when the line leaves the storage.
    pub fn line(&self, start: u64, stride: u64, count: usize) -> Result<Vec<f64>, String> {
        let payload = match &self.data {
            Data::Bytes(payload) => payload,
            Data::Items(_) => return Err("the elements are objects".to_owned()),
            Data::Missing(reason) => return Err(reason.clone()),
        };
        let size = self.dtype.itemsize;
        if (count as u64).saturating_mul(size) > PIECE {
            return Err("more bytes than are read at once".to_owned());
        }
        let bytes = if stride == 1 {
            payload.read(start.saturating_mul(size), count as u64 * size)?
        } else {
            let offset = |at: u64| start.saturating_add(at.saturating_mul(stride)).saturating_mul(size);
            payload.gather_flat(&(0..count as u64).map(offset).collect::<Vec<_>>(), size as usize)?
        };
        let mut values = convert::floats(&self.dtype, &bytes);
        if self.mask.is_some() {
            let positions: Vec<u64> =
                (0..count as u64).map(|at| start.saturating_add(at.saturating_mul(stride))).collect();
            for (value, hidden) in values.iter_mut().zip(self.hidden(&positions)?) {
                if hidden {
                    *value = f64::NAN;
                }
            }
        }
        Ok(values)
    }

    /// Two dimensions of the array, `rows` and `columns` by their numbers, at these indices of all dimensions (those of the
    /// two are not looked at). `None` when there are no such dimensions.
    #[must_use]
    pub fn plane(&self, rows: usize, columns: usize, indices: &[u64]) -> Option<Plane> {
        let (grid, strides) = (self.grid(), self.strides());
        let mut start = if let Order::Strided { offset, .. } = self.order { offset } else { 0 };
        for (dimension, &index) in indices.iter().enumerate().filter(|(at, _)| *at != rows && *at != columns) {
            let index = index.min(grid.get(dimension)?.saturating_sub(1));
            start = start.saturating_add(index.saturating_mul(*strides.get(dimension)?));
        }
        Some(Plane {
            start,
            rows: *grid.get(rows)?,
            columns: *grid.get(columns)?,
            row_stride: *strides.get(rows)?,
            column_stride: *strides.get(columns)?,
        })
    }

    /// Elements from `first` on as integers: of integers, truth values and times (in their unit).
    ///
    /// # Errors
    /// As [`Array::raw`], or when the elements are no integers.
    pub fn integers(&self, first: u64, count: usize) -> Result<Vec<i128>, String> {
        let found = convert::integers(&self.dtype, &self.raw(first, count)?);
        found.ok_or_else(|| format!("elements of type {} are no integers", self.dtype.name))
    }

    /// Elements at any places, counted in C order, as numbers; `None` for other elements, and for complex numbers, which have no order.
    ///
    /// # Errors
    /// As [`Array::raw_at`].
    pub fn numbers_at(&self, indices: &[u64]) -> Result<Option<Values>, String> {
        if !has_order(&self.dtype) || matches!(self.data, Data::Items(_)) {
            return Ok(None);
        }
        let values = numbers(&self.dtype, &self.raw_at(indices)?);
        let positions: Vec<u64> = indices.iter().map(|&index| self.position(index)).collect();
        Ok(Some(without(values, &self.hidden(&positions)?)))
    }

    /// One field of elements from `first` on as text, each in about `budget` characters; a masked one is `--`.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn field_texts(&self, field: &Field, first: u64, count: usize, budget: usize) -> Result<Vec<String>, String> {
        let size = usize::try_from(self.dtype.itemsize).unwrap_or(usize::MAX).max(1);
        let end = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(size);
        let (start, stop) = (end(field.offset), end(field.offset.saturating_add(field.dtype.itemsize)));
        let bytes = self.raw(first, count)?;
        let mut texts: Vec<String> = bytes
            .chunks_exact(size)
            .map(|element| element::text(&field.dtype, &element[start..stop], budget))
            .collect();
        for (text, hidden) in texts.iter_mut().zip(self.hidden_field(field, first, count)?) {
            if hidden {
                "--".clone_into(text);
            }
        }
        Ok(texts)
    }

    /// One field of all elements, when they are structures: the name and dtype of each with a view of its own.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<FieldView<'_>> {
        let field = self.dtype.fields.iter().find(|field| field.name == name)?;
        Some(FieldView { array: self, field })
    }
}

/// Two dimensions of an array, by positions in its storage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plane {
    /// Position of the first element.
    pub start: u64,
    /// Number of rows.
    pub rows: u64,
    /// Number of columns.
    pub columns: u64,
    /// From one row to the next.
    pub row_stride: u64,
    /// From one column to the next.
    pub column_stride: u64,
}

/// A field of an array of structures.
#[derive(Clone, Copy)]
pub struct FieldView<'a> {
    array: &'a Array<'a>,
    /// Name, offset and dtype.
    pub field: &'a Field,
}

impl FieldView<'_> {
    /// The bytes of the field of elements from `first` on, one after the other; as far as the elements reach.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn raw(&self, first: u64, count: usize) -> Result<Vec<u8>, String> {
        let size = usize::try_from(self.array.dtype.itemsize).unwrap_or(usize::MAX).max(1);
        let start = usize::try_from(self.field.offset).unwrap_or(usize::MAX).min(size);
        let length = usize::try_from(self.field.dtype.itemsize).unwrap_or(usize::MAX);
        let end = start.saturating_add(length).min(size);
        let bytes = self.array.raw(first, count)?;
        let mut found = Vec::with_capacity(bytes.len() / size * (end - start));
        bytes.chunks_exact(size).for_each(|element| found.extend_from_slice(&element[start..end]));
        Ok(found)
    }

    /// The field of elements from `first` on, as floats.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn floats(&self, first: u64, count: usize) -> Result<Vec<f64>, String> {
        self.check()?;
        Ok(convert::floats(&self.field.dtype, &self.raw(first, count)?))
    }

    /// The field of elements from `first` on, as integers; 0 for what is none.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn integers(&self, first: u64, count: usize) -> Result<Vec<i128>, String> {
        self.check()?;
        let bytes = self.raw(first, count)?;
        Ok(convert::integers(&self.field.dtype, &bytes).unwrap_or_else(|| vec![0; count]))
    }

    /// The field of elements from `first` on, as numbers; `None` for a field of another kind, and for complex numbers.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn numbers(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        if !has_order(&self.field.dtype) || matches!(self.array.data, Data::Items(_)) {
            return Ok(None);
        }
        self.check()?;
        let values = numbers(&self.field.dtype, &self.raw(first, count)?);
        Ok(Some(without(values, &self.array.hidden_field(self.field, first, count)?)))
    }

    pub(in crate::lens) fn check(&self) -> Result<(), String> {
        match self.field.offset.checked_add(self.field.dtype.itemsize) {
            Some(end) if end <= self.array.dtype.itemsize => Ok(()),
            _ => Err(format!("the field {} reaches beyond its element", self.field.name)),
        }
    }

    /// The field of one element as text.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn text(&self, index: u64, budget: usize) -> Result<String, String> {
        let bytes = self.raw(index, 1)?;
        if index >= self.array.len() {
            return Err(format!("there is no element {index}"));
        }
        Ok(element::text(&self.field.dtype, &bytes, budget))
    }
}

/// Whether elements are numbers, truth values or times.
fn has_order(dtype: &Dtype) -> bool {
    matches!(
        dtype.kind,
        Kind::Bool
            | Kind::Int
            | Kind::Uint
            | Kind::Float
            | Kind::Brain
            | Kind::Float8(_)
            | Kind::Datetime
            | Kind::Timedelta
    )
}

fn numbers(dtype: &Dtype, bytes: &[u8]) -> Values {
    if matches!(dtype.kind, Kind::Float | Kind::Brain | Kind::Float8(_)) {
        return Values::Floats(convert::floats(dtype, bytes));
    }
    let is_time = matches!(dtype.kind, Kind::Datetime | Kind::Timedelta);
    let found = convert::integers(dtype, bytes).unwrap_or_default().into_iter();
    Values::Integers(found.map(|value| Some(value).filter(|&value| !is_time || value != i128::from(NAT))).collect())
}

/// The numbers without those that a mask hides.
fn without(mut values: Values, hidden: &[bool]) -> Values {
    for at in (0..hidden.len()).filter(|&at| hidden[at]) {
        match &mut values {
            Values::Floats(values) => values[at] = f64::NAN,
            Values::Integers(values) => values[at] = None,
            Values::Texts(_) | Values::Missing(_) => {}
        }
    }
    values
}
