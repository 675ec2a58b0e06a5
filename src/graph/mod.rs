//! The object graph: what a loader would build, recorded and not built.
//!
//! Nodes are compact records in one arena, in the order in which opcodes made them, which is also the order of their
//! offsets in the file. Children are runs of edges in one flat array. Nothing here is recursive, because pickles nest
//! hundreds of thousands of levels deep, share objects and contain themselves.

mod arena;
mod journal;
mod node;
mod parents;
mod record;
mod rollback;
mod run;
mod runs;
mod symbol;

pub use arena::Graph;
pub use node::{CallKind, Edge, Node, NodeId, TextEncoding};
pub use parents::{Parents, Step};
pub use run::{Kept, Run, RunKind};
pub use symbol::{Symbol, SymbolId, Symbols, ends};

pub(crate) use arena::CallGlance;
pub(crate) use record::{FAR, Record, Tag, partition};
pub(crate) use rollback::GraphMark;
