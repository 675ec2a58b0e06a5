//! The bytes themselves: of a whole source, of bytes and text, of the elements of an array.

use super::writer::{Origin, PIECE, REPEATED, Remarks, Writer};
use crate::bytes::{Span, read_span};
use crate::graph::{Node, NodeId};
use crate::lens::{Data, Lens};

enum Of {
    /// Bytes of the source.
    Span(Span),
    /// A value of bytes.
    Bytes(NodeId),
    /// Text, as UTF-8.
    Text(NodeId),
    /// Elements of an array.
    Array(NodeId),
}

/// Writes bytes as they are.
pub struct Raw {
    of: Of,
    at: u64,
    total: u64,
    remarks: Remarks,
}

impl Raw {
    /// The whole source.
    #[must_use]
    pub fn whole(lens: &Lens<'_>) -> Self {
        let total = lens.source.len();
        Self { of: Of::Span(Span::new(0, total)), at: 0, total, remarks: Remarks::default() }
    }

    /// What a value is as bytes: its own, text as UTF-8, the elements of an array.
    ///
    /// # Errors
    /// When it is nothing of the kind, or its bytes are not there.
    pub fn new(lens: &Lens<'_>, node: NodeId) -> Result<Self, String> {
        let mut remarks = Remarks::default();
        if let Node::Text { span, encoding } = lens.graph.node(node) {
            if encoding.is_python2() {
                remarks.say("a str of Python 2, as its bytes");
            } else {
                remarks.say("text, as UTF-8");
            }
            return Ok(Self { of: Of::Text(node), at: 0, total: span.len(), remarks });
        }
        if let Some(payload) = lens.bytes_value(node) {
            return Ok(Self { of: Of::Bytes(node), at: 0, total: payload.at_most(), remarks });
        }
        let array = lens.array(node).ok_or("this value has no bytes of its own")?;
        match &array.data {
            Data::Bytes(_) => {}
            Data::Items(_) => return Err("its elements are Python objects".to_owned()),
            Data::Missing(reason) => return Err(reason.clone()),
        }
        if let Some(problem) = &array.problem {
            remarks.say(problem);
        }
        if array.repeats_beyond(REPEATED) {
            return Err("its elements repeat few bytes".to_owned());
        }
        let order = if array.is_fortran() { "in Fortran order" } else { "in C order" };
        remarks.say(format!(
            "elements of type {} {}, {order}",
            array.dtype.code(),
            crate::lens::shape_text(array.grid())
        ));
        Ok(Self { of: Of::Array(node), at: 0, total: array.len(), remarks })
    }
}

/// Whether a value has bytes of its own.
pub(super) fn fits(lens: &Lens<'_>, node: NodeId) -> bool {
    matches!(lens.graph.node(node), Node::Text { .. }) || lens.bytes_value(node).is_some()
}

impl Writer for Raw {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        let lens = &origin.lens;
        match self.of {
            Of::Span(span) => {
                let piece = Span::new(span.start + self.at, span.end).prefix(PIECE as u64);
                let bytes = read_span(lens.source, piece).map_err(|error| error.to_string())?;
                if bytes.len() as u64 != piece.len() {
                    return Err(format!("the file ends at {}", piece.start + bytes.len() as u64));
                }
                out.extend_from_slice(&bytes);
                self.at += piece.len();
            }
            Of::Bytes(node) => {
                let payload = lens.bytes_value(node).ok_or("this value has no bytes any more")?;
                let bytes = payload.piece(self.at, PIECE as u64)?;
                // What is spelled as text has fewer bytes than characters.
                let ends = bytes.len() < PIECE;
                out.extend_from_slice(&bytes);
                self.at = if ends { self.total } else { self.at + bytes.len() as u64 };
            }
            Of::Text(node) => {
                let is_python2 = matches!(lens.graph.node(node), Node::Text { encoding, .. } if encoding.is_python2());
                let (text, next) = lens.text_piece(node, self.at, PIECE as u64)?;
                if is_python2 {
                    out.extend(text.code_points().map(|code| code as u8));
                } else {
                    if text.as_str().is_none() {
                        self.remarks.say("surrogates are in it, three bytes each (surrogatepass), which is no UTF-8");
                    }
                    out.extend_from_slice(text.as_bytes());
                }
                self.at = next.unwrap_or(self.total);
            }
            Of::Array(node) => {
                let array = lens.array(node).ok_or("this value is no array any more")?;
                let size = usize::try_from(array.dtype.itemsize).unwrap_or(usize::MAX).max(1);
                let left = usize::try_from(self.total - self.at).unwrap_or(usize::MAX);
                let count = (PIECE / size).max(1).min(left);
                if array.dtype.itemsize > 0 {
                    out.extend(array.piece(self.at, count, array.is_fortran())?);
                    self.at += count as u64;
                } else {
                    self.at = self.total;
                }
            }
        }
        Ok(self.at >= self.total)
    }

    fn progress(&self) -> (u64, u64) {
        (self.at, self.total)
    }

    fn remarks(&self) -> Vec<String> {
        self.remarks.sentences()
    }
}
