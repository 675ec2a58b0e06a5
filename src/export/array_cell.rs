//! An array in a cell of a table: `[1 2 3]` as Python prints it, `[1,2,3]` in JSON.

use super::plain_scalars::element;
use super::writer::Remarks;
use crate::graph::NodeId;
use crate::lens::{Array, Data, Kind, Lens};

/// Elements of an array in a cell. A few bytes may put the same one in every row.
const ELEMENTS: u64 = 4096;
/// Characters of one element.
const ELEMENT: usize = 1000;

/// The array that a value is, when a cell has room for its elements.
fn small<'a>(lens: &Lens<'a>, node: NodeId) -> Option<Array<'a>> {
    let array = lens.array(node)?;
    let is_plain = matches!(array.data, Data::Bytes(_)) && !matches!(array.dtype.kind, Kind::Object | Kind::Struct);
    (is_plain && array.len() <= ELEMENTS && array.problem.is_none()).then_some(array)
}

/// The elements with blanks between them, as `str` of the array has them on one line.
pub(super) fn text(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    let array = small(lens, node)?;
    if array.is_empty() {
        return Some("[]".to_owned());
    }
    let mut text = String::new();
    for (index, value) in (0..).zip(array.values(0, ELEMENTS as usize, ELEMENT).ok()?) {
        let (opened, closed) = brackets(&array, index);
        if index > 0 {
            text.push(' ');
        }
        text.extend(std::iter::repeat_n('[', opened));
        text.push_str(&value);
        text.extend(std::iter::repeat_n(']', closed));
    }
    Some(text)
}

/// Adds the elements as lists; false when the value is no array that a cell has room for.
pub(super) fn json(lens: &Lens<'_>, node: NodeId, out: &mut Vec<u8>, remarks: &mut Remarks) -> bool {
    let Some(array) = small(lens, node) else { return false };
    let values = match array.plain(0, ELEMENTS as usize) {
        Ok(values) if !array.is_empty() => values,
        Ok(_) => {
            out.extend(b"[]");
            return true;
        }
        Err(_) => return false,
    };
    for (index, value) in (0..).zip(&values) {
        let (opened, closed) = brackets(&array, index);
        if index > 0 {
            out.push(b',');
        }
        out.extend(std::iter::repeat_n(b'[', opened));
        element(value, out, remarks);
        out.extend(std::iter::repeat_n(b']', closed));
    }
    remarks.say("arrays in cells became nested lists, without their dtype");
    true
}

/// Brackets around an element; none around the one of an array without dimensions.
fn brackets(array: &Array<'_>, index: u64) -> (usize, usize) {
    if array.grid().is_empty() { (0, 0) } else { array.brackets(index) }
}
