//! The elements of an array as nested lists of plain JSON.

use super::json_text;
use super::plain_scalars::element;
use super::writer::Remarks;
use crate::graph::{Edge, NodeId};
use crate::lens::{Array, Data, Dtype, Kind, Lens, Plain};

/// Elements that are written at once.
const COUNT: u64 = 4096;
/// Bytes of the lists of an array without elements.
const EMPTY: usize = 64 * 1024;

/// Writes the elements of one array.
pub(super) struct Elements {
    node: NodeId,
    shape: Vec<u64>,
    next: u64,
    total: u64,
    /// Whether they are objects, and the one that comes next.
    is_objects: bool,
    object: Option<Edge>,
    /// Brackets that close before anything else is written.
    closing: usize,
    begun: bool,
}

impl Elements {
    pub(super) fn new(array: &Array<'_>, node: NodeId, remarks: &mut Remarks) -> Self {
        if let Some(problem) = &array.problem {
            remarks.say(problem);
        }
        if array.mask.is_some() {
            remarks.say(match array.dtype.kind {
                Kind::Struct => "the mask of an array of structures was left out",
                _ => "masked elements became null",
            });
        }
        Self {
            node,
            shape: array.grid().to_vec(),
            next: 0,
            total: array.len(),
            is_objects: matches!(array.data, Data::Items(_)),
            object: None,
            closing: 0,
            begun: false,
        }
    }

    /// Whether everything was written.
    pub(super) fn is_done(&self) -> bool {
        self.begun && self.next >= self.total && self.closing == 0
    }

    /// The object that is to be written next, before the next step.
    pub(super) fn objects(&mut self) -> Option<Edge> {
        self.object.take()
    }

    /// Writes some elements; gives their number.
    pub(super) fn step(&mut self, lens: &Lens<'_>, out: &mut Vec<u8>, remarks: &mut Remarks) -> Result<u64, String> {
        out.extend(std::iter::repeat_n(b']', std::mem::take(&mut self.closing)));
        self.begun = true;
        if self.total == 0 {
            out.extend(empty(&self.shape, remarks));
            return Ok(0);
        }
        if self.next >= self.total {
            return Ok(0);
        }
        let array = lens.array(self.node).ok_or("this value is no array any more")?;
        let count = if self.is_objects { 1 } else { COUNT.min(self.total - self.next) };
        if self.is_objects {
            let (opened, closed) = self.separate(&array, 0, out);
            out.extend(std::iter::repeat_n(b'[', opened));
            match array.items(self.next, 1).first() {
                Some(&edge) => self.object = Some(edge),
                None => out.extend(b"null"),
            }
            self.closing = closed;
        } else if matches!(array.dtype.kind, Kind::Struct | Kind::Subarray) {
            let size = usize::try_from(array.dtype.itemsize).unwrap_or(usize::MAX);
            let bytes = array.piece(self.next, count as usize, false)?;
            for index in 0..count {
                let start = (index as usize * size).min(bytes.len());
                let one = &bytes[start..(start + size).min(bytes.len())];
                self.wrapped(&array, index, out, |out| write(&array.dtype, one, out, remarks));
            }
        } else {
            for (index, value) in array.plain(self.next, count as usize)?.iter().enumerate() {
                self.wrapped(&array, index as u64, out, |out| element(value, out, remarks));
            }
        }
        self.next += count;
        Ok(count)
    }

    /// Adds the comma before an element; gives the brackets around it.
    fn separate(&self, array: &Array<'_>, index: u64, out: &mut Vec<u8>) -> (usize, usize) {
        let at = self.next + index;
        if at > 0 {
            out.push(b',');
        }
        if self.shape.is_empty() { (0, 0) } else { array.brackets(at) }
    }

    fn wrapped(&self, array: &Array<'_>, index: u64, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
        let (opened, closed) = self.separate(array, index, out);
        out.extend(std::iter::repeat_n(b'[', opened));
        write(out);
        out.extend(std::iter::repeat_n(b']', closed));
    }
}

/// An element with parts. Dtypes nest a few levels only (`Lens::dtype` sees to that), so this may call itself.
fn write(dtype: &Dtype, bytes: &[u8], out: &mut Vec<u8>, remarks: &mut Remarks) {
    let part = |offset: u64, size: u64| {
        let end = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        &bytes[end(offset)..end(offset.saturating_add(size))]
    };
    match (dtype.kind, &dtype.base) {
        (Kind::Struct, _) => {
            out.push(b'{');
            for (index, field) in dtype.fields.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                json_text::plain_string(&field.name, out);
                out.push(b':');
                write(&field.dtype, part(field.offset, field.dtype.itemsize), out, remarks);
            }
            out.push(b'}');
            if dtype.more_fields {
                remarks.say("fields that are not understood were left out");
            }
        }
        (Kind::Subarray, Some((base, shape))) => list(base, shape, bytes, out, remarks),
        _ => element(&Plain::of(dtype, bytes), out, remarks),
    }
}

/// A subarray; it has as many levels as it has dimensions, 64 at most.
fn list(base: &Dtype, shape: &[u64], bytes: &[u8], out: &mut Vec<u8>, remarks: &mut Remarks) {
    let Some((&size, rest)) = shape.split_first() else { return write(base, bytes, out, remarks) };
    out.push(b'[');
    let row = rest.iter().fold(base.itemsize, |row, size| row.saturating_mul(*size));
    // What has no bytes could be repeated without end.
    let size = if row == 0 { 0 } else { size };
    for index in 0..size {
        let start = usize::try_from(index.saturating_mul(row)).unwrap_or(usize::MAX);
        if start >= bytes.len() {
            break;
        }
        if index > 0 {
            out.push(b',');
        }
        let end = start.saturating_add(usize::try_from(row).unwrap_or(usize::MAX)).min(bytes.len());
        list(base, rest, &bytes[start..end], out, remarks);
    }
    out.push(b']');
}

/// The lists of an array without elements: `[[],[]]` for `(2, 0)`.
fn empty(shape: &[u64], remarks: &mut Remarks) -> Vec<u8> {
    let zero = shape.iter().position(|size| *size == 0).unwrap_or(0);
    let mut text = b"[]".to_vec();
    for &size in shape[..zero].iter().rev() {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if text.len().saturating_add(1).saturating_mul(size) > EMPTY {
            remarks.say("an array without elements became an empty list, without its shape");
            return b"[]".to_vec();
        }
        let mut outer = vec![b'['];
        for index in 0..size {
            outer.extend(if index > 0 { &b","[..] } else { b"" });
            outer.extend(&text);
        }
        outer.push(b']');
        text = outer;
    }
    text
}
