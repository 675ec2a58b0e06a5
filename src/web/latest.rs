//! Questions of which only the newest matters: while one is being answered, later ones replace each other.

use super::actions::Actions;
use crate::protocol::{Request, Response};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// Asks one question at a time.
#[derive(Default)]
pub(crate) struct Latest {
    busy: Cell<bool>,
    next: RefCell<Option<Request>>,
    closed: Cell<bool>,
}

impl Latest {
    /// Asks, now or when the question before is answered; `then` hears the answers that are still wanted.
    pub(crate) fn ask(self: &Rc<Self>, actions: &Actions, request: Request, then: Callback<Response>) {
        if self.busy.replace(true) {
            self.next.replace(Some(request));
            return;
        }
        let (this, again) = (Rc::clone(self), actions.clone());
        actions.inquire(request, move |response| {
            this.busy.set(false);
            if this.closed.get() {
                return;
            }
            match this.next.take() {
                Some(request) => this.ask(&again, request, then),
                None => then.emit(response),
            }
        });
    }

    /// Nobody wants to know any more.
    pub(crate) fn close(&self) {
        self.closed.set(true);
    }
}
