//! What stands in the middle of the page.

use super::failure::Failure;
use super::open::{Open, Tab};
use std::rc::Rc;

/// What stands in the middle of the page.
#[derive(Clone, Debug, Default)]
pub enum Phase {
    /// The drop zone.
    #[default]
    Empty,
    /// A file is being decoded.
    Loading(Loading),
    /// A document.
    Open(Box<Open>),
    /// Something went wrong with a file.
    Failed(Failure),
}

/// A file on its way.
#[derive(Clone, Debug)]
pub struct Loading {
    /// Number of the file.
    pub generation: u32,
    /// Its name.
    pub name: Rc<str>,
    /// Bytes decoded so far.
    pub read: u64,
    /// Bytes in all.
    pub total: u64,
    /// Bytes that came out, while something is being unpacked.
    pub unpacked: Option<u64>,
    /// Whether it is another part of what is open already.
    pub is_part: bool,
    /// Whether it takes so long that progress is shown.
    pub slow: bool,
    /// When it was dropped, chosen or pasted, on the clock of the page.
    pub began: f64,
    /// The document before, shown until this one is there or turns out to be slow.
    pub previous: Option<Box<Open>>,
}

impl Loading {
    /// The tab to begin with: who looked at opcodes goes on with opcodes.
    pub(super) fn tab_for(&self, home: Tab) -> Tab {
        match self.previous.as_ref().map(|open| open.tab) {
            Some(before) if before != Tab::Contents && home != Tab::Contents => before,
            _ => home,
        }
    }
}
