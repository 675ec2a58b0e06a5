//! The bytes of a value in the spellings of all protocols.

use super::view::GraphView;
use crate::graph::{Edge, Node};

impl GraphView<'_> {
    /// The bytes of a bytes value however it is spelled: BINBYTES, a Python 2 `str`, `_codecs.encode(text, 'latin1')`.
    pub(crate) fn bytes_of(&self, edge: Edge) -> Option<Vec<u8>> {
        let short =
            |span: crate::bytes::Span| if span.len() <= self.limits.value { self.payload(span).ok() } else { None };
        match self.graph.node(edge.node()) {
            Node::Bytes(span) => short(span),
            Node::ByteArray(span) => self.changed_bytes(edge.node()).or_else(|| short(span)),
            Node::Text { span, encoding } if encoding.is_python2() => {
                let bytes = short(span)?;
                encoding.decode(&bytes).ok().map(|text| text.code_points().map(|code| code as u8).collect())
            }
            Node::Call { .. } => {
                let call = self.call(edge.node())?;
                let symbol = call.symbol?;
                if symbol.is("builtins", "bytes") && call.args.is_empty() {
                    return Some(Vec::new());
                }
                let is_encode = symbol.is("_codecs", "encode");
                match call.args[..] {
                    [text, encoding]
                        if is_encode && matches!(self.string(encoding)?.as_str(), "latin1" | "latin-1") =>
                    {
                        self.latin1(text)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn latin1(&self, edge: Edge) -> Option<Vec<u8>> {
        let Node::Text { span, encoding } = self.graph.node(edge.node()) else { return None };
        if span.len() > self.limits.value {
            return None;
        }
        let bytes = self.payload(span).ok()?;
        let text = encoding.decode(&bytes).ok()?;
        text.code_points().map(|code| u8::try_from(code).ok()).collect()
    }
}
