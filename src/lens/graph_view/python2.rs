//! The `str` of Python 2 that a file holds, and whether Python 3 reads them without being told an encoding.

use super::view::GraphView;
use crate::graph::{Node, NodeId};

/// Texts that are looked at, and their bytes.
const TEXTS: usize = 100_000;
const BYTES: u64 = 1 << 20;

/// The `str` of Python 2 in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Python2Texts {
    /// The first.
    pub(crate) first: NodeId,
    /// What Python 3 makes of them, where it is told no encoding: its default is ASCII.
    pub(crate) ascii: IsAscii,
}

/// Whether all of some texts are ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum IsAscii {
    /// All are.
    Yes,
    /// This one is not.
    No(NodeId),
    /// There are too many to look at them all, or one cannot be read.
    Unknown,
}

impl GraphView<'_> {
    /// The `str` of Python 2 in a file, if there are any.
    pub(crate) fn python2_texts(&self) -> Option<Python2Texts> {
        if !self.graph.has_python2_text() {
            return None;
        }
        let text = |id: NodeId| match self.graph.node(id) {
            Node::Text { span, encoding } if encoding.is_python2() => Some((id, span, encoding)),
            _ => None,
        };
        let mut texts = (0..self.graph.len() as u32).map(NodeId).filter_map(text).peekable();
        let first = texts.peek()?.0;
        let mut left = BYTES;
        for (count, (id, span, encoding)) in texts.enumerate() {
            if count == TEXTS || span.len() > left {
                return Some(Python2Texts { first, ascii: IsAscii::Unknown });
            }
            left -= span.len();
            let is_ascii = self
                .payload(span)
                .ok()
                .and_then(|bytes| encoding.decode(&bytes).ok().map(|text| text.code_points().all(|code| code <= 0x7f)));
            match is_ascii {
                Some(true) => {}
                Some(false) => return Some(Python2Texts { first, ascii: IsAscii::No(id) }),
                None => return Some(Python2Texts { first, ascii: IsAscii::Unknown }),
            }
        }
        Some(Python2Texts { first, ascii: IsAscii::Yes })
    }
}
