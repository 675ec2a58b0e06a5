//! Asking for the machine at an instruction: of many questions that follow each other quickly only the last matters.

use crate::protocol::{Target, ask};
use crate::view::{MachineAt, MachineReply, MachineStep, MachineWindow};
use crate::web::actions::Actions;
use crate::web::dom::{self, Debounce};
use crate::web::latest::Latest;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// Places of the stack and indexes of the memo that are shown at once.
pub(super) const SHOWN: u32 = 40;
pub(super) const ENTRIES: u32 = 12;

/// Milliseconds after which the selection of the page follows. Who drags the scrubber sees stack and memo at each place; all the rest
/// of the page would be drawn for nothing.
const FOLLOWS: i32 = 90;

/// What the panel shows of an instruction.
#[derive(Clone, PartialEq)]
pub(super) enum Shown {
    Nothing,
    Preparing(u64, u64),
    Step(Rc<MachineStep>),
    Failed(Rc<str>),
}

/// Which part of stack and memo is in sight.
#[derive(Clone, Copy, PartialEq, Default)]
pub(super) struct View {
    pub(super) skip: u64,
    pub(super) memo_from: Option<u64>,
}

impl View {
    fn window(self) -> MachineWindow {
        MachineWindow { skip: self.skip, places: SHOWN, memo_from: self.memo_from, entries: ENTRIES }
    }
}

/// Where the next step goes on from. Keys and clicks come faster than answers, so it is not what is on the screen.
#[derive(Default)]
pub(super) struct Place {
    /// The instruction that was asked for last.
    pub(super) number: Cell<u64>,
    /// Counts what was asked for: a longer way ends when somebody went elsewhere.
    pub(super) turn: Cell<u32>,
}

impl Place {
    /// A new way begins.
    pub(super) fn turn(&self) -> u32 {
        self.turn.set(self.turn.get().wrapping_add(1));
        self.turn.get()
    }
}

/// A way through the instructions.
#[derive(Clone, Copy)]
pub(super) enum Way {
    To(u64),
    Back,
    Forward,
}

/// Asks for the machine and shows it; long files are gone over first, a piece for each question.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) actions: Actions,
    pub(super) latest: Rc<Latest<ask::Machine>>,
    pub(super) shown: UseStateSetter<(u32, Shown)>,
    /// Rows that were selected here and have not become the selection yet.
    pub(super) sent: Rc<RefCell<Vec<u64>>>,
    pub(super) place: Rc<Place>,
    /// The selection that is to follow.
    pub(super) following: Rc<Debounce>,
    pub(super) generation: u32,
}

impl Asking {
    /// `selects` when the instruction becomes the selection of the page.
    pub(super) fn ask(&self, at: MachineAt, view: View, selects: bool) {
        if let MachineAt::Number(number) = at {
            self.place.number.set(number);
        }
        self.ask_on(at, view, selects, self.place.turn());
    }

    /// Makes a row the selection of the page, unless another one follows at once.
    fn follow(&self, row: u64) {
        let this = self.clone();
        self.following.run(FOLLOWS, move || {
            if this.actions.generation() == this.generation {
                this.sent.borrow_mut().push(row);
                this.actions.select(Target::Opcode(row));
            }
        });
    }

    /// What was selected elsewhere is not taken back.
    pub(super) fn forget_following(&self) {
        self.following.run(0, || ());
    }

    /// Makes what any instruction needs while the panel is there: who goes far then need not wait.
    pub(super) fn prepare(&self) {
        let this = self.clone();
        self.actions.prepare_machine(move || !this.latest.is_closed() && this.actions.generation() == this.generation);
    }

    fn ask_on(&self, at: MachineAt, view: View, selects: bool, turn: u32) {
        let this = self.clone();
        let then = Callback::from(move |reply: Result<MachineReply, String>| {
            let shown = match reply {
                Ok(MachineReply::Step(step)) => {
                    // Behind the last instruction there is nothing to select.
                    if selects && step.number < step.total {
                        this.follow(step.row);
                    }
                    this.place.number.set(step.number);
                    Shown::Step(Rc::from(step))
                }
                Ok(MachineReply::Preparing { reached, total }) => {
                    let again = this.clone();
                    dom::after(0, move || {
                        if again.place.turn.get() == turn {
                            again.ask_on(at, view, selects, turn);
                        }
                    });
                    Shown::Preparing(reached, total)
                }
                Ok(MachineReply::Unknown(why)) | Err(why) => Shown::Failed(Rc::from(why)),
            };
            this.shown.set((this.generation, shown));
        });
        self.latest.ask(&self.actions, ask::Machine { at, window: view.window() }, then);
    }
}
