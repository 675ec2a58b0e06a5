//! One row of the tree of members: files, what is in them, entries of archives.

use serde::{Deserialize, Serialize};

/// A member of what was opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MemberRow {
    /// Position among all visible rows, from 0.
    pub row: u64,
    /// Number of the member.
    pub member: u32,
    /// Depth, from 1.
    pub level: u32,
    /// Position among its siblings, from 1.
    pub position: u64,
    /// Number of siblings.
    pub siblings: u64,
    /// Row of the parent, when there is one.
    pub parent: Option<u64>,
    /// `None` when nothing is inside, else whether the row is open.
    pub expanded: Option<bool>,
    /// Name without the folders above.
    pub name: String,
    /// What it is, as far as that is known: `gzip`, `pickle 4`, `npy`, `folder`.
    pub word: String,
    /// Bytes when unpacked, where known.
    pub size: Option<u64>,
    /// Bytes that it takes in what it is in, where that is packed or an archive.
    pub packed: Option<u64>,
    /// What is unusual about it.
    pub notes: Vec<String>,
    /// Whether it is on show.
    pub shown: bool,
    /// Whether it can be shown: a folder cannot.
    pub can_show: bool,
}
