//! numpy's `.npy` files: the header of one array, then its bytes or, for object arrays, a pickle. Source:
//! `numpy/lib/format.py`.

use super::literal::{self, Literal};
use crate::bytes::{Source, Span, SpanKind, Tiles, read_span};
use crate::format::numpy::holds_objects;
use std::fmt;

/// The longest header that is read. numpy itself refuses more than 10,000 bytes unless told to trust the file; a record
/// type with thousands of fields needs more.
const HEADER: u64 = 4 << 20;

/// The header of a `.npy` file.
#[derive(Clone, PartialEq, Debug)]
pub struct Npy {
    /// Of the format: 1.0, 2.0 or 3.0.
    pub version: (u8, u8),
    /// The text of the header: a dict as a Python literal, padded with blanks.
    pub header: Span,
    /// The header as it was parsed, with the place of every piece; always a [`Literal::Dict`].
    pub literal: Literal,
    /// The element type: a string, or a list of fields.
    pub descr: Literal,
    /// Whether the first index moves fastest.
    pub fortran_order: bool,
    /// The length of each axis; empty for a single element.
    pub shape: Vec<u64>,
    /// What follows the header, to the end of the source.
    pub data: Span,
    /// Whether the element type, or a field of it, is an object: the data is a pickle.
    pub has_objects: bool,
}

/// Why a header cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// Where.
    pub offset: u64,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at offset {}", self.message, self.offset)
    }
}

impl std::error::Error for Malformed {}

fn malformed<T>(offset: u64, message: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed { offset, message: message.into() })
}

/// Reads the header.
///
/// # Errors
/// When it is none, is cut off, longer than 4 MiB, or says something that numpy could not have written.
pub fn read(source: &dyn Source) -> Result<Npy, Malformed> {
    let (version, header) = frame(source)?;
    if header.end > source.len() {
        return malformed(source.len(), format!("the .npy header ends early: it says {} bytes", header.len()));
    }
    if header.len() > HEADER {
        return malformed(header.start, format!("the .npy header says that it is {} bytes long", header.len()));
    }
    let bytes =
        read_span(source, header).map_err(|error| Malformed { offset: error.offset, message: error.message })?;
    let literal = literal::parse(&bytes, header.start).or_else(|(offset, message)| malformed(offset, message))?;
    let Literal::Dict(span, entries) = &literal else {
        return malformed(header.start, "the .npy header is no dict");
    };
    let get = |name: &str| {
        let found = entries.iter().rev().find(|(key, _)| matches!(key, Literal::Str(_, key) if key == name));
        found.map_or_else(|| malformed(span.start, format!("the .npy header has no {name:?}")), |(_, value)| Ok(value))
    };
    let descr = get("descr")?.clone();
    let fortran_order = match get("fortran_order")? {
        Literal::Bool(_, value) => *value,
        other => return malformed(other.span().start, "fortran_order is neither True nor False"),
    };
    let shape = shape(get("shape")?)?;
    let has_objects = has_objects(&descr);
    let data = Span::new(header.end, source.len());
    Ok(Npy { version, header, descr, fortran_order, shape, data, has_objects, literal })
}

/// Where the header of a `.npy` file says that it ends; whether what is in it makes sense is another matter.
#[must_use]
pub fn header_end(source: &dyn Source) -> Option<u64> {
    frame(source).ok().map(|(_, header)| header.end).filter(|&end| end < source.len())
}

/// Adds what the bytes of the header are to the tiles of a window, and gives the offset behind it. What is no header is left to
/// the caller.
pub fn describe_header(source: &dyn Source, tiles: &mut Tiles) -> u64 {
    const MAGIC: u64 = 6;
    let Ok(((major, minor), header)) = frame(source) else { return 0 };
    let text = read(source).map_or(header, |npy| npy.literal.span());
    let mut at = tiles.field(0, MAGIC, SpanKind::Header, || "magic of .npy".to_owned());
    at = tiles.field(at, 2, SpanKind::Header, || format!("version of .npy: {major}.{minor}"));
    tiles.add(Span::new(at, header.start), SpanKind::Length, || format!("length of the header: {}", header.len()));
    tiles.add(Span::new(header.start, text.end), SpanKind::Name, || "header: dtype, order and shape".to_owned());
    tiles.add(Span::new(text.end, header.end.max(text.end)), SpanKind::Padding, || "padding of the header".to_owned());
    header.end
}

/// The version, and where the header lies.
fn frame(source: &dyn Source) -> Result<((u8, u8), Span), Malformed> {
    let mut head = [0; 12];
    let count = source.read_at(0, &mut head).map_err(|e| Malformed { offset: e.offset, message: e.message })?;
    let [magic @ .., major, minor, a, b, c, d] = head;
    if magic != *b"\x93NUMPY" {
        return malformed(0, "this is no .npy file");
    }
    let (start, length) = match major {
        1 => (10, u64::from(u16::from_le_bytes([a, b]))),
        2 | 3 => (12, u64::from(u32::from_le_bytes([a, b, c, d]))),
        _ => return malformed(6, format!("version {major}.{minor} of .npy is not known")),
    };
    if (count as u64) < start {
        return malformed(count as u64, "the .npy header ends early");
    }
    Ok(((major, minor), Span::new(start, start + length)))
}

fn shape(literal: &Literal) -> Result<Vec<u64>, Malformed> {
    let Literal::Tuple(span, items) = literal else {
        return malformed(literal.span().start, "the shape is no tuple");
    };
    if items.len() > 64 {
        return malformed(span.start, format!("the shape has {} axes; numpy allows 64", items.len()));
    }
    let lengths = items.iter().map(|item| match item {
        Literal::Int(_, value) if (0..=i128::from(i64::MAX)).contains(value) => Ok(*value as u64),
        other => malformed(other.span().start, "an axis is no length"),
    });
    lengths.collect()
}

/// Whether a `descr` names objects: the string `|O`, alone or in a field.
fn has_objects(descr: &Literal) -> bool {
    let mut waiting = vec![descr];
    while let Some(next) = waiting.pop() {
        match next {
            Literal::Str(_, text) if holds_objects(text) => return true,
            Literal::List(_, fields) => {
                // A field is (name, descr) or (name, descr, shape); its name may be a pair of title and name.
                waiting.extend(fields.iter().filter_map(|field| match field {
                    Literal::Tuple(_, parts) => parts.get(1),
                    _ => None,
                }));
            }
            // A subarray is (descr, shape).
            Literal::Tuple(_, parts) => waiting.extend(parts.first()),
            _ => {}
        }
    }
    false
}
