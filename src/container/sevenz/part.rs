//! Where an entry is in a packed block.

use super::header::Block;
use std::sync::Arc;

/// Where the bytes of an entry are.
#[derive(Clone, Debug)]
pub(in crate::container) struct Part {
    pub(super) block: Arc<Block>,
    /// Offset in what the block unpacks to.
    pub(in crate::container) offset: u64,
}
