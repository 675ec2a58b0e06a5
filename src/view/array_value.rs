//! The elements of an array as text, by windows: in brackets by rows as numpy's repr has them, but not aligned and not
//! shortened.

use super::ValueChunk;
use super::outline::outline;
use crate::lens::{Array, Data, Lens};

/// Elements of one piece.
const ELEMENTS: u64 = 2000;
/// Characters of one element.
const ELEMENT: usize = 1000;

/// Numbers up to here reach the page as they are.
const SAFE: u64 = 1 << 53;

/// One piece of the elements, from `from` on: bytes of the elements before it, in the order in which they are shown.
pub(super) fn chunk(lens: &Lens<'_>, array: &Array<'_>, from: u64) -> ValueChunk {
    let size = array.dtype.itemsize.max(1);
    let first = from / size;
    let total = array.len().saturating_mul(size).min(SAFE);
    let count = (lens.limits.value / size).clamp(1, ELEMENTS) as usize;
    let values = match &array.data {
        Data::Items(_) => Ok(objects(lens, array, first, count)),
        _ => array.values(first, count, ELEMENT),
    };
    let values = match values {
        Ok(values) => values,
        Err(reason) => return ValueChunk { text: reason, next: None, total },
    };
    let mut text = String::new();
    if first == 0 {
        text.extend(array.problem.iter().map(|problem| format!("{problem}\n")));
    }
    if array.is_empty() {
        text.push_str("[]");
    }
    let mut end = first;
    for (index, value) in (first..).zip(values) {
        let (opened, closed) = array.brackets(index);
        if opened > 0 {
            text.extend(std::iter::repeat_n(' ', if index > 0 { array.grid().len() - opened } else { 0 }));
            text.extend(std::iter::repeat_n('[', opened));
        }
        text.push_str(&value);
        text.extend(std::iter::repeat_n(']', closed));
        if index + 1 < array.len() {
            text.push(',');
            text.extend(std::iter::repeat_n('\n', closed));
            text.push_str(if closed == 0 { " " } else { "" });
        }
        end = index + 1;
        if text.len() as u64 > lens.limits.value {
            break;
        }
    }
    let next = Some(end.saturating_mul(size)).filter(|next| end > first && *next < total);
    ValueChunk { text, next, total }
}

fn objects(lens: &Lens<'_>, array: &Array<'_>, first: u64, count: usize) -> Vec<String> {
    let items = array.items(first, count);
    items.into_iter().map(|edge| outline(lens, edge.node(), ELEMENT)).collect()
}
