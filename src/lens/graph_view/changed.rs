//! A bytearray that opcodes changed after it was made, as a loader has it in the end.

use super::view::GraphView;
use crate::graph::{Edge, Node, NodeId, Run, RunKind};

impl GraphView<'_> {
    /// The bytes of a bytearray to which APPEND and SETITEM did something; `None` for one that is as it was made, for what
    /// only loading can tell, and for what a loader refuses.
    #[must_use]
    pub fn changed_bytes(&self, id: NodeId) -> Option<Vec<u8>> {
        self.graph.runs(id).next()?;
        let bytes = match self.graph.node(id) {
            Node::ByteArray(span) if span.len() <= self.limits.value => self.payload(span).ok()?,
            _ => return None,
        };
        self.with_changes(id, bytes)
    }

    /// What was done to `id` done to its bytes.
    pub(in crate::lens) fn with_changes(&self, id: NodeId, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        for run in self.graph.runs(id) {
            if bytes.len() as u64 > self.limits.value {
                return None;
            }
            self.change(run, &mut bytes)?;
        }
        Some(bytes)
    }

    fn change(&self, run: &Run, bytes: &mut Vec<u8>) -> Option<()> {
        let byte = |edge: Edge| u8::try_from(self.int(edge)?).ok();
        let edges = self.graph.run_edges(run);
        match run.kind {
            RunKind::Items => {
                for item in edges {
                    bytes.push(byte(item)?);
                }
            }
            RunKind::Pairs => {
                let edges: Vec<Edge> = edges.collect();
                for pair in edges.chunks_exact(2) {
                    let index = self.int(pair[0])?;
                    let index = if index < 0 { index + bytes.len() as i64 } else { index };
                    *bytes.get_mut(usize::try_from(index).ok()?)? = byte(pair[1])?;
                }
            }
            // A state of None changes nothing; others are refused.
            RunKind::State | RunKind::Members => {}
        }
        Some(())
    }
}
