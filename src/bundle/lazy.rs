//! An entry of an archive whose place is looked up when something is read from it.
//!
//! A torch archive may hold ten thousand storages. Finding where one begins takes a read of its own header, which is only
//! worth it for those that are looked at.

use crate::bytes::{ReadError, Source};
use crate::container::{Entry, Opened};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

/// The content of an entry, opened by the first read.
pub(super) struct LazyEntry {
    archive: Rc<dyn Source>,
    entry: Rc<Entry>,
    budget: Rc<Cell<u64>>,
    opened: OnceCell<Result<Rc<dyn Source>, String>>,
}

impl LazyEntry {
    /// The content of `entry` of `archive`; a compressed one is unpacked up to `budget` bytes, which all that have that
    /// budget share.
    pub(super) fn new(archive: Rc<dyn Source>, entry: Rc<Entry>, budget: Rc<Cell<u64>>) -> Self {
        Self { archive, entry, budget, opened: OnceCell::new() }
    }

    fn opened(&self) -> Result<&Rc<dyn Source>, ReadError> {
        let open = || match self.entry.open(&self.archive)? {
            Opened::Stored(slice) => Ok(Rc::new(slice) as Rc<dyn Source>),
            Opened::Packed(unpacked) => {
                unpacked.advance(self.budget.get(), &mut |_, _| {});
                self.budget.set(self.budget.get().saturating_sub(unpacked.len()));
                Ok(Rc::new(unpacked) as Rc<dyn Source>)
            }
        };
        self.opened.get_or_init(open).as_ref().map_err(|why| ReadError { offset: 0, message: why.clone() })
    }
}

impl Source for LazyEntry {
    fn len(&self) -> u64 {
        match self.opened.get() {
            Some(Ok(source)) => source.len(),
            _ => self.entry.size,
        }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.opened()?.read_at(offset, buffer)
    }

    fn peek(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        self.opened()?.peek(offset, buffer)
    }
}
