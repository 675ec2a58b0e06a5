//! Which selection was asked for, and what comes after its answer.

use crate::protocol::Target;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Only the newest selection matters: while one is being answered, later ones replace each other.
#[derive(Default)]
pub(super) struct Selecting {
    pub(super) generation: Cell<u32>,
    pub(super) busy: Cell<bool>,
    pub(super) next: Cell<Option<Target>>,
    /// What is to be asked once the selection is shown.
    pub(super) then: Cell<Option<Box<dyn FnOnce()>>>,
    pub(super) path: RefCell<Rc<str>>,
}
