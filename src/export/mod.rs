//! Writers: what a file holds, as text or in another format.

pub mod dis;
mod dis_inlays;
mod dis_page;
mod dis_stack;
mod json;
pub mod python;
mod json_text;
mod npy;
mod plain_elements;
mod plain_json;
mod raw;
mod writer;

pub use dis::{DisOptions, DisProblem, DisProblemKind, DisReport, dis, dis_with};
pub use dis_stack::Memo;
pub use json::json;
pub use npy::Npy;
pub use plain_json::PlainJson;
pub use raw::Raw;
pub use writer::{Origin, PIECE, Remarks, Writer};

use crate::graph::NodeId;
use crate::lens::Lens;

/// What a value can be written as, besides JSON, which takes everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fits {
    /// One array.
    pub npy: bool,
    /// Its bytes.
    pub raw: bool,
}

impl Fits {
    /// Looks at a value, and not far into it.
    #[must_use]
    pub fn of(lens: &Lens<'_>, node: NodeId) -> Self {
        let array = lens.array(node);
        let npy = array.as_ref().is_some_and(npy::fits);
        Self { npy, raw: npy || raw::fits(lens, node) }
    }
}
