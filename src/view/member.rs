//! One row of the tree of members: files, what is in them, entries of archives.

use crate::safety::Level;
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
    /// What is in it, as far as that is known: `float64 (30, 4)`, `12 entries`, `1,204 objects`.
    pub holds: String,
    /// Of a pickle that was read, the worst that loading it would do; of one that was partly read, at least
    /// [`Level::UnknownCode`]. Of what holds others the worst of them, as far as they were read.
    pub verdict: Option<Level>,
    /// Whether the verdict is worse than what was found, because not all was read.
    pub is_partial: bool,
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

impl MemberRow {
    /// The verdict in a word or two, as the strip has it when the member is on show.
    #[must_use]
    pub fn verdict_word(&self) -> Option<&'static str> {
        if self.is_partial { Some("Partly read") } else { self.verdict.map(Level::word) }
    }

    /// What it is without what it holds, which for an array is all that is said of it.
    #[must_use]
    pub fn kind(&self) -> &str {
        if self.word == self.holds && !self.holds.is_empty() { "npy" } else { &self.word }
    }
}

/// What members of one archive or folder are sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum MemberSort {
    /// Their place.
    #[default]
    Place,
    /// Their names, without regard to case.
    Name,
    /// Their bytes as they are packed.
    Packed,
    /// Their bytes when unpacked.
    Size,
    /// What loading them would do.
    Verdict,
}

/// The order of members.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MemberOrder {
    /// What they are sorted by.
    pub by: MemberSort,
    /// Whether the last comes first.
    pub descending: bool,
}

impl MemberOrder {
    /// Members that are sorted at most.
    pub const MOST: u64 = 10_000;

    /// The order after the head of a column was pressed: numbers from the largest on, then the other way, then as they stand.
    #[must_use]
    pub fn pressed(self, by: MemberSort) -> Self {
        let first = by != MemberSort::Name;
        match self {
            now if now.by != by => Self { by, descending: first },
            now if now.descending == first => Self { by, descending: !first },
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_sorts_then_turns_around_then_lets_go() {
        let order = |by, descending| MemberOrder { by, descending };
        let sizes = MemberOrder::default().pressed(MemberSort::Size);
        assert_eq!(sizes, order(MemberSort::Size, true));
        assert_eq!(sizes.pressed(MemberSort::Size), order(MemberSort::Size, false));
        assert_eq!(sizes.pressed(MemberSort::Size).pressed(MemberSort::Size), MemberOrder::default());
        assert_eq!(sizes.pressed(MemberSort::Name), order(MemberSort::Name, false));
    }
}
