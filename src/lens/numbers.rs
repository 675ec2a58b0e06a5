//! Elements of an array as numbers, for those who compute with them instead of showing them.

use super::array::{Array, Data, Order};
use super::dtype::{Dtype, Field, Kind};
use super::element;

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
            let found = payload.gather(&[first.saturating_mul(size)], count * size)?;
            return Ok(found.into_iter().next().unwrap_or_default());
        }
        let offsets: Vec<u64> = (first..first + count).map(|index| self.position(index).saturating_mul(size)).collect();
        Ok(payload.gather(&offsets, size)?.concat())
    }

    /// Elements from `first` on as floats; NaN for what is no number.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn floats(&self, first: u64, count: usize) -> Result<Vec<f64>, String> {
        let size = self.dtype.itemsize.max(1) as usize;
        let bytes = self.raw(first, count)?;
        Ok(bytes.chunks_exact(size).map(|element| float(&self.dtype, element)).collect())
    }

    /// Elements from `first` on as integers: of integers, truth values and times (in their unit).
    ///
    /// # Errors
    /// As [`Array::raw`], or when the elements are no integers.
    pub fn integers(&self, first: u64, count: usize) -> Result<Vec<i128>, String> {
        let size = self.dtype.itemsize.max(1) as usize;
        let bytes = self.raw(first, count)?;
        let read = |element| integer(&self.dtype, element);
        let found: Option<Vec<i128>> = bytes.chunks_exact(size).map(read).collect();
        found.ok_or_else(|| format!("elements of type {} are no integers", self.dtype.name))
    }

    /// One field of all elements, when they are structures: the name and dtype of each with a view of its own.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<FieldView<'_>> {
        let field = self.dtype.fields.iter().find(|field| field.name == name)?;
        Some(FieldView { array: self, field })
    }
}

/// A field of an array of structures.
#[derive(Clone, Copy)]
pub struct FieldView<'a> {
    array: &'a Array<'a>,
    /// Name, offset and dtype.
    pub field: &'a Field,
}

impl FieldView<'_> {
    fn each<T>(&self, first: u64, count: usize, read: impl Fn(&[u8]) -> T) -> Result<Vec<T>, String> {
        let size = self.array.dtype.itemsize.max(1) as usize;
        let start = usize::try_from(self.field.offset).unwrap_or(usize::MAX).min(size);
        let length = usize::try_from(self.field.dtype.itemsize).unwrap_or(usize::MAX);
        let end = start.saturating_add(length).min(size);
        let bytes = self.array.raw(first, count)?;
        Ok(bytes.chunks_exact(size).map(|element| read(&element[start..end])).collect())
    }

    /// The field of elements from `first` on, as floats.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn floats(&self, first: u64, count: usize) -> Result<Vec<f64>, String> {
        self.each(first, count, |bytes| float(&self.field.dtype, bytes))
    }

    /// The field of elements from `first` on, as integers; 0 for what is none.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn integers(&self, first: u64, count: usize) -> Result<Vec<i128>, String> {
        self.each(first, count, |bytes| integer(&self.field.dtype, bytes).unwrap_or(0))
    }

    /// The field of one element as text.
    ///
    /// # Errors
    /// As [`Array::raw`].
    pub fn text(&self, index: u64, budget: usize) -> Result<String, String> {
        let found = self.each(index, 1, |bytes| element::text(&self.field.dtype, bytes, budget))?;
        found.into_iter().next().ok_or_else(|| format!("there is no element {index}"))
    }
}

/// An element as a float; NaN for what is no number. Integers of more than 53 bits are rounded.
fn float(dtype: &Dtype, bytes: &[u8]) -> f64 {
    let exact = || -> Option<f64> {
        match (dtype.kind, bytes.len()) {
            (Kind::Float, 8) => Some(f64::from_bits(word(bytes, dtype.big_endian)? as u64)),
            (Kind::Float, 4) => Some(f64::from(f32::from_bits(word(bytes, dtype.big_endian)? as u32))),
            (Kind::Brain, 2) => Some(f64::from(f32::from_bits((word(bytes, dtype.big_endian)? as u32) << 16))),
            (Kind::Float | Kind::Float8(_), _) => element::text(dtype, bytes, 64).parse().ok(),
            _ => integer(dtype, bytes).map(|value| value as f64),
        }
    };
    exact().unwrap_or(f64::NAN)
}

fn integer(dtype: &Dtype, bytes: &[u8]) -> Option<i128> {
    let word = word(bytes, dtype.big_endian)?;
    match dtype.kind {
        Kind::Bool => Some(i128::from(word != 0)),
        Kind::Uint => Some(word as i128),
        Kind::Int | Kind::Datetime | Kind::Timedelta => {
            let unused = 128 - 8 * bytes.len() as u32;
            Some(((word << unused) as i128) >> unused)
        }
        _ => None,
    }
}

/// Up to eight bytes as a number.
fn word(bytes: &[u8], big_endian: bool) -> Option<u128> {
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    let add = |word: u128, byte: &u8| word << 8 | u128::from(*byte);
    Some(if big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) })
}
