//! One array as numpy's `.npy` file, byte for byte as `numpy.save` of numpy 1.26 and 2 writes it.
//!
//! Source: `numpy/lib/_format_impl.py` (`write_array`, `_write_array_header`, `dtype_to_descr`), `numpy/_core/_internal.py`
//! (`_array_descr`).

use super::writer::{Origin, PIECE, REPEATED, Remarks, Writer};
use crate::graph::NodeId;
use crate::lens::{Array, Data, Dtype, Kind, Lens, shape_text};
use crate::opcode::{PyText, repr_str};

/// Headers are filled up to a multiple of so many bytes.
const ALIGN: usize = 64;
/// Characters that numpy leaves for the growth of the first dimension (`GROWTH_AXIS_MAX_DIGITS`).
const GROWTH: usize = 21;

/// An array on its way into a file: what does not change from piece to piece.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    node: NodeId,
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<u64>,
    pub(super) fortran: bool,
    pub(super) count: u64,
}

impl Outline {
    /// The array of a value, if `.npy` can hold it; else why not.
    pub(super) fn of(lens: &Lens<'_>, node: NodeId, remarks: &mut Remarks) -> Result<Self, String> {
        let array = lens.array(node).ok_or("this value is no array")?;
        Self::of_array(&array, node, remarks)
    }

    pub(super) fn of_array(array: &Array<'_>, node: NodeId, remarks: &mut Remarks) -> Result<Self, String> {
        match &array.data {
            Data::Bytes(_) => {}
            Data::Items(_) => {
                return Err("its elements are Python objects, which a .npy file holds only as a pickle".to_owned());
            }
            Data::Missing(reason) => return Err(reason.clone()),
        }
        descr(&array.dtype)?;
        if array.repeats_beyond(REPEATED) && array.dtype.itemsize > 0 {
            return Err(format!("its {} elements repeat few bytes", crate::lens::grouped(array.len())));
        }
        if let Some(problem) = &array.problem {
            remarks.say(problem);
        }
        if array.mask.is_some() {
            remarks.say("the mask is not in the file: masked elements have the values that were below it");
        }
        if let Some((wide, _)) = array.dtype.widened() {
            remarks.say(format!("numpy has no {}: written as {wide}, which holds every value", array.dtype.name));
        }
        if matches!(array.dtype.name.as_str(), "qint8" | "quint8" | "qint32") {
            remarks.say(format!("{} became its integers: scale and zero point are not in the file", array.dtype.name));
        }
        Ok(Self {
            node,
            dtype: array.dtype.clone(),
            shape: array.grid().to_vec(),
            fortran: array.is_fortran(),
            count: array.len(),
        })
    }

    /// The header of the file.
    pub(super) fn header(&self) -> Result<Vec<u8>, String> {
        header(&descr(&self.dtype)?, self.fortran, &self.shape)
    }

    /// Bytes of an element in the file.
    fn itemsize(&self) -> u64 {
        self.dtype.widened().map_or(self.dtype.itemsize, |(_, size)| size)
    }

    /// Bytes of all elements in the file.
    pub(super) fn bytes(&self) -> Result<u64, String> {
        self.count.checked_mul(self.itemsize()).ok_or_else(|| "the array has more than 2^64 bytes".to_owned())
    }

    /// Adds elements from `first` on; gives the number of the next one.
    pub(super) fn piece(&self, lens: &Lens<'_>, first: u64, out: &mut Vec<u8>) -> Result<u64, String> {
        if self.dtype.itemsize == 0 {
            return Ok(self.count);
        }
        let array = lens.array(self.node).ok_or("this value is no array any more")?;
        let size = usize::try_from(self.itemsize()).unwrap_or(usize::MAX).max(1);
        // Bytes that are spelled as text are read from the beginning each time.
        let piece = if array.is_random_access() { PIECE } else { 16 * PIECE };
        let count = (piece / size).max(1).min(usize::try_from(self.count - first).unwrap_or(usize::MAX));
        let bytes = array.piece(first, count, self.fortran)?;
        if self.dtype.widened().is_some() {
            out.extend(self.dtype.widen(&bytes))
        } else {
            out.extend(bytes)
        }
        Ok(first + count as u64)
    }
}

/// Writes a `.npy` file.
pub struct Npy {
    outline: Outline,
    /// Whether the header was written, and elements that were.
    begun: bool,
    done: u64,
    remarks: Remarks,
}

impl Npy {
    /// The file of an array.
    ///
    /// # Errors
    /// Why `.npy` cannot hold it, in words.
    pub fn new(lens: &Lens<'_>, node: NodeId) -> Result<Self, String> {
        let mut remarks = Remarks::default();
        let outline = Outline::of(lens, node, &mut remarks)?;
        outline.bytes()?;
        Ok(Self { outline, begun: false, done: 0, remarks })
    }
}

impl Writer for Npy {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        if !self.begun {
            out.extend(self.outline.header()?);
            self.begun = true;
        }
        if self.done < self.outline.count {
            self.done = self.outline.piece(&origin.lens, self.done, out)?;
        }
        Ok(self.done >= self.outline.count)
    }

    fn progress(&self) -> (u64, u64) {
        (self.done, self.outline.count)
    }

    fn remarks(&self) -> Vec<String> {
        self.remarks.sentences()
    }
}

/// Whether `.npy` can hold an array.
pub(super) fn fits(array: &Array<'_>) -> bool {
    let is_endless = array.repeats_beyond(REPEATED) && array.dtype.itemsize > 0;
    matches!(array.data, Data::Bytes(_)) && descr(&array.dtype).is_ok() && !is_endless
}

/// The dtype as the header of a `.npy` file spells it, a Python literal: `'<f8'`, a list of fields.
///
/// # Errors
/// Why numpy has no such dtype, in words.
pub fn descr(dtype: &Dtype) -> Result<String, String> {
    if let Some((wide, size)) = dtype.widened() {
        return Ok(format!("'<{}{size}'", &wide[..1]));
    }
    match dtype.kind {
        Kind::Struct => fields(dtype),
        Kind::Object => Err("its elements are Python objects, which a .npy file holds only as a pickle".to_owned()),
        Kind::Other | Kind::Subarray => Err(format!("numpy has no type for {}", dtype.name)),
        _ => Ok(format!("'{}'", dtype.code())),
    }
}

/// Dtypes nest a few levels only (`Lens::dtype` sees to that), so this may call itself.
fn fields(dtype: &Dtype) -> Result<String, String> {
    if dtype.more_fields {
        return Err("not all of its fields are understood".to_owned());
    }
    let mut entries = Vec::new();
    let mut offset = 0u64;
    let padding = |size: u64| format!("('', '|V{size}')");
    for field in &dtype.fields {
        if field.offset < offset {
            return Err("its fields overlap or are not in their order, which a .npy file cannot say".to_owned());
        }
        if field.offset > offset {
            entries.push(padding(field.offset - offset));
        }
        let name = repr_str(&PyText::from(field.name.as_str()));
        let name = match &field.title {
            Some(title) => format!("({}, {name})", repr_str(&PyText::from(title.as_str()))),
            None => name,
        };
        entries.push(match &field.dtype.base {
            Some((base, shape)) => format!("({name}, {}, {})", descr(base)?, shape_text(shape)),
            None if field.dtype.widened().is_some() => return Err(format!("numpy has no {}", field.dtype.name)),
            None => format!("({name}, {})", descr(&field.dtype)?),
        });
        offset = field.offset.saturating_add(field.dtype.itemsize);
    }
    if dtype.itemsize > offset {
        entries.push(padding(dtype.itemsize - offset));
    }
    Ok(format!("[{}]", entries.join(", ")))
}

fn header(descr: &str, fortran: bool, shape: &[u64]) -> Result<Vec<u8>, String> {
    let order = if fortran { "True" } else { "False" };
    let mut text = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {}, }}", shape_text(shape));
    let growing = if fortran { shape.last() } else { shape.first() };
    if let Some(size) = growing {
        text.push_str(&" ".repeat(GROWTH.saturating_sub(size.to_string().len())));
    }
    let latin1: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    // Versions 2 and 3 have four bytes for the length; version 3 is UTF-8.
    let (bytes, mut version) = match latin1 {
        Some(bytes) => (bytes, 1),
        None => (text.into_bytes(), 3),
    };
    let padded = |before: usize| {
        let length = bytes.len() + 1;
        length + ALIGN - (before + length) % ALIGN
    };
    if version == 1 && padded(10) > usize::from(u16::MAX) {
        version = 2;
    }
    let mut out = vec![0x93, b'N', b'U', b'M', b'P', b'Y', version, 0];
    let length = if version == 1 { padded(10) } else { padded(12) };
    if version == 1 {
        out.extend_from_slice(&(length as u16).to_le_bytes());
    } else {
        let length = u32::try_from(length).map_err(|_| "the header is longer than 4 GiB")?;
        out.extend_from_slice(&length.to_le_bytes());
    }
    let blanks = length - bytes.len() - 1;
    out.extend_from_slice(&bytes);
    out.extend(std::iter::repeat_n(b' ', blanks));
    out.push(b'\n');
    Ok(out)
}
