//! Pickles inside values: bytes that hold one, text that stands for such bytes.

use super::{Document, paste};
use crate::bytes::{MemorySource, Slice, Source, Span};
use crate::container;
use crate::format::pickle::announced_at;
use crate::graph::{Node, NodeId};
use crate::opcode;
use std::sync::Arc;

/// Characters of a text that are looked at before it is taken for encoded bytes.
const PREFIX: u64 = 64;
/// Instructions that must read on before bytes are taken for a pickle.
const CONVINCING: usize = 8;
/// Longest text that is decoded.
const LONGEST: u64 = 256 << 20;

impl Document {
    /// What bytes or text hold that can be opened: `a pickle`, `a gzip stream`. Judged by the first bytes.
    #[must_use]
    pub fn embedded(&self, node: NodeId) -> Option<String> {
        let head = match self.reading.graph.node(node) {
            Node::Bytes(span) | Node::ByteArray(span) => self.part(span),
            Node::Text { span, .. } => Arc::new(MemorySource::new(self.decoded_prefix(node, span)?)),
            _ => return None,
        };
        self.holds(&*head)
    }

    /// The bytes that [`Document::embedded`] speaks of.
    ///
    /// # Errors
    /// Why there are none, for people.
    pub fn embedded_source(&self, node: u32) -> Result<Arc<dyn Source>, String> {
        let nothing = || "this value holds nothing that can be opened".to_owned();
        if node as usize >= self.reading.graph.len() {
            return Err(nothing());
        }
        let node = NodeId(node);
        match self.reading.graph.node(node) {
            Node::Bytes(span) | Node::ByteArray(span) => Ok(self.part(span)),
            Node::Text { span, .. } if span.len() > LONGEST => Err("the text is too long to be decoded".to_owned()),
            Node::Text { span, .. } => {
                let bytes = self.bytes_of_text(node, span.len()).unwrap_or_else(|| Err(nothing()))?;
                Ok(Arc::new(MemorySource::new(bytes)))
            }
            _ => Err(nothing()),
        }
    }

    /// Where a value is, as a name for what was found in it.
    #[must_use]
    pub fn place_of(&self, node: NodeId) -> String {
        self.first_path(node).unwrap_or_else(|| format!("value at offset {}", self.reading.graph.offset(node)))
    }

    fn part(&self, span: Span) -> Arc<dyn Source> {
        Arc::new(Slice::new(Arc::clone(&self.source), span))
    }

    /// The bytes that the first characters of a text stand for.
    fn decoded_prefix(&self, node: NodeId, span: Span) -> Option<Vec<u8>> {
        self.bytes_of_text(node, span.len().min(PREFIX))?.ok()
    }

    /// What the first `length` bytes of a text stand for; `None` when it is not ASCII, or too short to mean anything.
    fn bytes_of_text(&self, node: NodeId, length: u64) -> Option<Result<Vec<u8>, String>> {
        const SHORTEST: usize = 8;
        let Node::Text { span, .. } = self.reading.graph.node(node) else { return None };
        let raw = self.lens().payload(span.prefix(length)).ok()?;
        let text = std::str::from_utf8(&raw).ok()?;
        (text.len() >= SHORTEST && text.is_ascii()).then(|| paste::spelled(text).map(|(_, bytes)| bytes))
    }

    fn holds(&self, source: &dyn Source) -> Option<String> {
        use container::Format;
        match container::sniff(source) {
            Some(Format::Packed(packing)) => return Some(format!("a {} stream", packing.name())),
            Some(Format::Archive(archive)) => return Some(format!("a {} archive", archive.name())),
            Some(Format::Npy) => return Some("a .npy array".to_owned()),
            Some(Format::Other(_)) => return None,
            None => {}
        }
        let protocol = announced_at(source, 0)?;
        let mut offset = 0;
        for read in 0..CONVINCING {
            match opcode::decode(source, offset, &self.limits) {
                Ok(instruction) if instruction.opcode == opcode::Opcode::Stop => break,
                Ok(instruction) => offset = instruction.end,
                // The prefix of a text ends in the middle of something.
                Err(_) if read > 1 => break,
                Err(_) => return None,
            }
        }
        Some(format!("a pickle of protocol {protocol}"))
    }
}
