//! Running on to the next instruction of a kind.

use super::asking::Place;
use crate::protocol::{Target, ask};
use crate::view::{MachineGoal, MachineRun};
use crate::web::actions::Actions;
use crate::web::state::{Action, Notice};
use std::rc::Rc;

/// Goes on until there is something, and selects it; ends when somebody goes elsewhere meanwhile.
pub(super) struct Run {
    pub(super) actions: Actions,
    pub(super) place: Rc<Place>,
    pub(super) turn: u32,
    pub(super) goal: MachineGoal,
    pub(super) is_forward: bool,
}

impl Run {
    pub(super) fn go_on(self, from: u64) {
        let generation = self.actions.generation();
        let actions = self.actions.clone();
        let question = ask::RunMachine { goal: self.goal, is_forward: self.is_forward, from };
        actions.ask(question, move |run| {
            let notice = |notice: Notice| self.actions.dispatch(Action::Notice(Some(notice)));
            match run {
                _ if generation != self.actions.generation() || self.turn != self.place.turn.get() => {}
                MachineRun::Row(row) => self.actions.select(Target::Opcode(row)),
                MachineRun::GoOn(from) => self.go_on(from),
                MachineRun::Nowhere => notice(Notice::done(self.nowhere())),
                MachineRun::Unknown(why) => notice(Notice::failed(why)),
            }
        });
    }

    fn nowhere(&self) -> String {
        let what = match self.goal {
            MachineGoal::Call => "call",
            MachineGoal::Global => "name",
            MachineGoal::Problem => "problem",
            MachineGoal::Use(_) => "use of this value",
            MachineGoal::MemoWrite(_) => "write to this memo slot",
            MachineGoal::Made(_) => "instruction that makes this value",
        };
        let place = if self.is_forward { "after" } else { "before" };
        format!("There is no {what} {place} this instruction.")
    }
}
