//! What a walk over the tree meets, and what it has before it.

use super::tree::Spot;
use crate::view::TreeRow;

/// What a walk meets.
pub enum Walk {
    /// A row.
    Row(Box<TreeRow>),
    /// Rows that were left out.
    More {
        /// Their level, from 1.
        level: u32,
        /// How many.
        left: u64,
    },
}

/// What is still to be visited.
pub(super) enum Task {
    Visit(Spot),
    Close(Spot),
    More(u32, u64),
}
