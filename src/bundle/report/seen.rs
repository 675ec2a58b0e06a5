//! Contents that were judged: entries of an archive may share their bytes, a thousand of them one stream.

use crate::bundle::member::MemberId;
use crate::container::Content;
use std::collections::HashSet;

/// What the judgement of a content depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) archive: MemberId,
    pub(super) content: Content,
    /// Whether the name is a pickle's, a compressed file's, a storage's, one that lists of paths have, too: names help.
    pub(super) names: [bool; 4],
}

/// Contents that were judged so far.
pub(super) type Seen = HashSet<Key>;
