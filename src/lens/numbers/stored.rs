//! Bytes and elements on their way out of the file, in pieces: what exports are made from.

use super::array::{Array, Data, Order};
use super::dtype::{Dtype, Float8, Kind};
use super::payload::Payload;
use super::{convert, element};
use crate::bytes::Span;
use crate::graph::{Edge, Node, NodeId, TextEncoding};
use crate::lens::graph_view::GraphView;
use crate::opcode;
use crate::opcode::PyText;

/// Bytes that one call gives at most.
const PIECE: u64 = 64 << 20;

/// An element as other formats have it.
#[derive(Clone, PartialEq, Debug)]
pub enum Plain {
    /// Nothing: `NaT`, a masked element.
    Missing,
    /// A truth value.
    Bool(bool),
    /// A number in Python's spelling, `nan` and `inf` included.
    Number(String),
    /// Text, without quotes.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Plain {
    /// The element that these bytes are, when it has no parts.
    #[must_use]
    pub fn of(dtype: &Dtype, bytes: &[u8]) -> Self {
        let without_end = || bytes[..bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)].to_vec();
        match dtype.kind {
            Kind::Bytes => Self::Bytes(without_end()),
            Kind::Void | Kind::Other => Self::Bytes(bytes.to_vec()),
            Kind::Text => Self::Text(utf32(bytes, dtype.big_endian)),
            Kind::Bool => Self::Bool(bytes.first().is_some_and(|byte| *byte != 0)),
            Kind::Datetime | Kind::Timedelta => match element::text(dtype, bytes, usize::MAX) {
                text if text == "NaT" => Self::Missing,
                text if dtype.kind == Kind::Timedelta && dtype.unit.is_empty() => {
                    Self::Number(text.split(' ').next().unwrap_or_default().to_owned())
                }
                text => Self::Text(text),
            },
            Kind::Complex => Self::Text(element::text(dtype, bytes, usize::MAX)),
            _ => Self::Number(element::text(dtype, bytes, usize::MAX)),
        }
    }
}

/// Text of four bytes a character, without the NULs that fill it up.
fn utf32(bytes: &[u8], big_endian: bool) -> String {
    let code = |four: &[u8]| {
        let four = [four[0], four[1], four[2], four[3]];
        if big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
    };
    let mut codes: Vec<u32> = bytes.chunks_exact(4).map(code).collect();
    codes.truncate(codes.iter().rposition(|code| *code != 0).map_or(0, |last| last + 1));
    codes.into_iter().map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

impl Array<'_> {
    /// Whether the elements are stored in Fortran order, and C order would be another one.
    #[must_use]
    pub fn is_fortran(&self) -> bool {
        self.order == Order::Fortran && !self.is_empty() && self.grid().iter().filter(|size| **size > 1).count() > 1
    }

    /// Whether there are more elements than the file holds, and more than `many`: a few bytes that strides of 0 repeat, or
    /// elements without bytes. Writing them out could take for ever.
    #[must_use]
    pub fn repeats_beyond(&self, many: u64) -> bool {
        let there = match &self.data {
            Data::Bytes(payload) => payload.at_most() / self.dtype.itemsize.max(1),
            Data::Items(_) | Data::Missing(_) => return false,
        };
        self.len() > there.max(many)
    }

    /// The bytes of elements from `first` on, `count` at most, one after the other: in the order of storage with
    /// `as_stored` (for what is not strided), else in C order. Elements that lie side by side are read at once.
    ///
    /// # Errors
    /// When they are not there or cannot be read, in words.
    pub fn piece(&self, first: u64, count: usize, as_stored: bool) -> Result<Vec<u8>, String> {
        let payload = match &self.data {
            Data::Bytes(payload) => payload,
            Data::Items(_) => return Err("the elements are objects".to_owned()),
            Data::Missing(reason) => return Err(reason.clone()),
        };
        let size = self.dtype.itemsize;
        let count = (count as u64).min(self.len().saturating_sub(first)).min((PIECE / size.max(1)).max(1));
        let end = first + count;
        let mut bytes = Vec::new();
        let block = if as_stored { self.len() } else { self.block() };
        let place = |index| (if as_stored { index } else { self.position(index) }).saturating_mul(size);
        let mut at = first;
        while at < end {
            let run = (block - at % block).min(end - at);
            let whole = if run == block { (end - at) / block } else { 1 };
            let offsets: Vec<u64> = (0..whole).map(|number| place(at + number * block)).collect();
            for piece in payload.gather(&offsets, run.saturating_mul(size))? {
                bytes.extend_from_slice(&piece);
            }
            at += run * whole;
        }
        match bytes.len() as u64 == count * size {
            true => Ok(bytes),
            false => Err(format!("the bytes of the elements end {} bytes early", count * size - bytes.len() as u64)),
        }
    }

    /// How many elements in C order always lie side by side.
    fn block(&self) -> u64 {
        let strides = match &self.order {
            Order::C => return self.len().max(1),
            Order::Fortran => {
                let many = self.grid().iter().filter(|size| **size > 1).count();
                return if many <= 1 { self.len().max(1) } else { 1 };
            }
            Order::Strided { strides, .. } => strides,
        };
        let mut block = 1u64;
        for (&size, &stride) in self.grid().iter().zip(strides).rev() {
            match size {
                1 => {}
                _ if stride == block => block = block.saturating_mul(size),
                _ => break,
            }
        }
        block.max(1)
    }

    /// Elements from `first` on in C order that have no parts, as other formats have them.
    ///
    /// # Errors
    /// As [`Array::piece`].
    pub fn plain(&self, first: u64, count: usize) -> Result<Vec<Plain>, String> {
        let size = usize::try_from(self.dtype.itemsize).unwrap_or(usize::MAX);
        let bytes = self.piece(first, count, false)?;
        let mut values: Vec<Plain> = match size {
            0 => {
                let there = self.len().saturating_sub(first).min(count as u64);
                (0..there).map(|_| Plain::of(&self.dtype, &[])).collect()
            }
            _ => bytes.chunks_exact(size).map(|element| Plain::of(&self.dtype, element)).collect(),
        };
        for (value, hidden) in values.iter_mut().zip(self.hidden(&self.positions(first, count))?) {
            if hidden {
                *value = Plain::Missing;
            }
        }
        Ok(values)
    }
}

impl Dtype {
    /// The type of numpy that holds all values of a type that it has not, and its size in bytes: float32 of bfloat16 and floats of
    /// eight bits, complex64 of complex32.
    #[must_use]
    pub fn widened(&self) -> Option<(&'static str, u64)> {
        match (self.kind, self.itemsize) {
            (Kind::Brain | Kind::Float8(_), _) => Some(("float32", 4)),
            (Kind::Complex, 4) => Some(("complex64", 8)),
            _ => None,
        }
    }

    /// The bytes of such elements in that type, lowest byte first.
    #[must_use]
    pub fn widen(&self, bytes: &[u8]) -> Vec<u8> {
        match self.kind {
            Kind::Brain => {
                let wide =
                    |pair: &[u8]| if self.big_endian { [0, 0, pair[1], pair[0]] } else { [0, 0, pair[0], pair[1]] };
                bytes.chunks_exact(2).flat_map(wide).collect()
            }
            Kind::Float8(format) => {
                let table = table(format);
                bytes.iter().flat_map(|byte| table[usize::from(*byte)]).collect()
            }
            // Two halves a number.
            Kind::Complex => {
                let half = Self { kind: Kind::Float, itemsize: 2, ..self.clone() };
                convert::floats(&half, bytes).into_iter().flat_map(|value| (value as f32).to_le_bytes()).collect()
            }
            _ => bytes.to_vec(),
        }
    }
}

fn table(format: Float8) -> [[u8; 4]; 256] {
    let mut table = [[0; 4]; 256];
    for (bits, value) in (0..=u8::MAX).zip(&mut table) {
        *value = (element::float8(bits, format) as f32).to_le_bytes();
    }
    table
}

impl Payload<'_> {
    /// `count` bytes from `first` on; fewer at the end.
    ///
    /// # Errors
    /// When they cannot be read, in words.
    pub fn piece(&self, first: u64, count: u64) -> Result<Vec<u8>, String> {
        Ok(self.gather(&[first], count)?.pop().unwrap_or_default())
    }
}

impl<'a> GraphView<'a> {
    /// The bytes of `bytes`, `bytearray` and out-of-band buffers however they are spelled. A `str` of Python 2 is none.
    #[must_use]
    pub fn bytes_value(&self, node: NodeId) -> Option<Payload<'a>> {
        match self.graph.node(node) {
            Node::Bytes(_) | Node::ByteArray(_) | Node::Buffer(_) | Node::ReadonlyBuffer(_) => {}
            Node::Call { .. } => {
                let symbol = self.call(node)?.symbol?;
                let named = symbol.is("builtins", "bytes") || symbol.is("builtins", "bytearray");
                if !named && !symbol.is("_codecs", "encode") {
                    return None;
                }
            }
            _ => return None,
        }
        self.payload_of(Edge::to(node)).ok()
    }

    /// The value of a scalar of numpy, when it has no parts.
    #[must_use]
    pub fn plain_scalar(&self, node: NodeId) -> Option<Plain> {
        let (dtype, bytes) = self.numpy_scalar_bytes(node)?;
        let has_parts = matches!(dtype.kind, Kind::Struct | Kind::Subarray | Kind::Object | Kind::Other);
        (!has_parts && bytes.len() as u64 == dtype.itemsize).then(|| Plain::of(&dtype, &bytes))
    }

    /// The characters of a text of any length, from the byte `at` of its payload on: about `budget` bytes, and where it
    /// goes on, if it does.
    ///
    /// # Errors
    /// When it cannot be read or does not decode, in words.
    pub fn text_piece(&self, node: NodeId, at: u64, budget: u64) -> Result<(PyText<'static>, Option<u64>), String> {
        let Node::Text { span, encoding } = self.graph.node(node) else { return Err("this is no text".to_owned()) };
        let start = span.start.saturating_add(at).min(span.end);
        let piece = Span::new(start, span.end).prefix(budget.max(16));
        let last = piece.end == span.end;
        let bytes = self.payload(piece)?;
        let (text, used) = decode(encoding, &bytes, last)?;
        let next = at + used as u64;
        let ends = last && used == bytes.len() || used == 0;
        Ok((text, (!ends).then_some(next)))
    }
}

/// The characters of a piece of a payload, and the length of the piece used.
fn decode(encoding: TextEncoding, piece: &[u8], last: bool) -> Result<(PyText<'static>, usize), String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    match encoding {
        _ if last => encoding.decode(piece).map(|text| (text.into_owned(), piece.len())),
        TextEncoding::Utf8 => match PyText::utf8_prefix(piece) {
            Ok((text, used)) => Ok((text.into_owned(), used)),
            Err(error) => Err(words(&error)),
        },
        TextEncoding::RawUnicodeEscape => match opcode::raw_unicode_escape_prefix(piece, false) {
            Ok((text, used)) => Ok((text.into_owned(), used)),
            Err(error) => Err(words(&error)),
        },
        TextEncoding::Python2Quoted => match opcode::unescape_prefix(piece, false) {
            Ok((bytes, used)) => Ok((PyText::from_latin1(&bytes).into_owned(), used)),
            Err(error) => Err(words(&error)),
        },
        TextEncoding::Python2 | TextEncoding::Line => Ok((PyText::from_latin1(piece).into_owned(), piece.len())),
    }
}
