//! Walking through the guided sample.

use super::actions::Actions;
use super::dom;
use super::file::Incoming;
use super::state::{Action, Tour};
use super::tour::{NAME, SAMPLE, STEPS};
use crate::protocol::Target;

impl Actions {
    /// Opens the sample at the first step.
    pub(crate) fn start_tour(&self) {
        let generation = self.open_at(Incoming::bytes(NAME, SAMPLE), STEPS[0].offset);
        self.dispatch(Action::Tour(generation.map(|generation| Tour { generation, step: 0 })));
    }

    /// Goes to a step, or ends the tour: the sample stays open, and the keyboard goes on in the view.
    pub(crate) fn go_on_tour(&self, to: Option<Tour>) {
        self.dispatch(Action::Tour(to));
        if to.is_none() {
            dom::focus_view();
        }
    }

    /// Shows the place of a step.
    pub(crate) fn show_step(&self, tour: Tour) {
        if let Some(step) = STEPS.get(tour.step) {
            self.dispatch(Action::Show(step.tab));
            self.select(Target::Offset(step.offset));
        }
    }
}
