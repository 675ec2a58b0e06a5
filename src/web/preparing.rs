//! What the machine needs at any instruction is made before somebody asks for it: without it, a far one takes a pass over all before it.

use super::actions::Actions;
use super::dom;
use crate::protocol::ask;
use std::rc::Rc;

/// Milliseconds after a file was opened: first comes what is on the screen.
const LATER: i32 = 500;

/// Instructions up to which it is made for every file: half a second of an idle worker. More wait until the machine is on the screen.
const EARLY: u64 = 10_000_000;

impl Actions {
    /// Prepares the machine of a file that was opened, while nothing else is to be done.
    pub(super) fn prepare_early(&self, instructions: u64) {
        if instructions > EARLY {
            return;
        }
        let (this, generation) = (self.clone(), self.generation());
        dom::after(LATER, move || {
            let again = this.clone();
            this.prepare_machine(move || again.generation() == generation);
        });
    }

    /// Goes on with what any instruction needs, a piece for each question, as long as that is wanted.
    pub(crate) fn prepare_machine(&self, is_wanted: impl Fn() -> bool + 'static) {
        self.prepare_next(Rc::new(is_wanted));
    }

    fn prepare_next(&self, is_wanted: Rc<dyn Fn() -> bool>) {
        if !is_wanted() {
            return;
        }
        let this = self.clone();
        self.inquire(ask::PrepareMachine, move |reply| {
            if reply.is_ok_and(|is_complete| !is_complete) {
                dom::after(0, move || this.prepare_next(is_wanted));
            }
        });
    }
}
