//! Where the values stand that the truth files speak of.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file takes what it needs")]

use picklescope::bytes::{MemorySource, Span};
use picklescope::graph::{Edge, Node, NodeId, RunKind};
use picklescope::lens::{Attached, Blob, Lens};
use serde_json::Value;
use std::sync::Arc;

/// What stands under a key or at a position.
pub fn step(lens: &Lens<'_>, node: NodeId, by: &Value) -> NodeId {
    let found = match by {
        Value::String(key) => lens.value_of(Edge::to(node), key),
        index => {
            let index = index.as_u64().unwrap();
            match lens.graph.node(node) {
                Node::List => lens.graph.run_window(node, RunKind::Items, index).next(),
                _ => lens.graph.items_window(node, index).next(),
            }
        }
    };
    found.unwrap_or_else(|| panic!("nothing under {by}")).node()
}

/// The out-of-band buffers that a line of the manifest has.
pub fn buffers(row: &Value) -> Attached {
    let decode = |one: &Value| data_encoding::BASE64.decode(one[0].as_str().unwrap().as_bytes()).unwrap();
    let blob = |(index, one): (usize, &Value)| {
        let bytes = decode(one);
        let span = Span::new(0, bytes.len() as u64);
        Blob { source: Arc::new(MemorySource::new(bytes)), span, place: format!("buffer {index}"), member: None }
    };
    let list = row["buffers"].as_array().map(Vec::as_slice).unwrap_or_default();
    Attached { buffers: list.iter().enumerate().map(blob).collect(), ..Attached::default() }
}
