//! Questions of which only the newest matters: while one is being answered, later ones replace each other.

use super::actions::Actions;
use crate::protocol::Ask;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// Who hears the answer to a question.
type Then<A> = Callback<Result<<A as Ask>::Reply, String>>;

/// Asks one question at a time.
pub(crate) struct Latest<A: Ask> {
    busy: Cell<bool>,
    next: RefCell<Option<(A, Then<A>)>>,
    closed: Cell<bool>,
}

impl<A: Ask> Default for Latest<A> {
    fn default() -> Self {
        Self { busy: Cell::default(), next: RefCell::default(), closed: Cell::default() }
    }
}

impl<A: Ask + 'static> Latest<A> {
    /// Asks, now or when the question before is answered; `then` hears the answer if no later question came.
    pub(crate) fn ask(self: &Rc<Self>, actions: &Actions, question: A, then: Then<A>) {
        if self.busy.replace(true) {
            self.next.replace(Some((question, then)));
            return;
        }
        let (this, again) = (Rc::clone(self), actions.clone());
        actions.inquire(question, move |reply| {
            this.busy.set(false);
            if this.closed.get() {
                return;
            }
            match this.next.take() {
                Some((question, then)) => this.ask(&again, question, then),
                None => then.emit(reply),
            }
        });
    }

    /// Whether nobody wants to know any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Nobody wants to know any more.
    pub(crate) fn close(&self) {
        self.closed.set(true);
    }
}
