//! Columns made narrower and wider, and frozen.

use super::edge::{Held, edge_of};
use super::handlers::Handlers;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

impl Handlers {
    pub(super) fn on_pointer_down(&self) -> Callback<PointerEvent> {
        let (held, plane) = (Rc::clone(&self.held), Rc::clone(&self.plane));
        Callback::from(move |event: PointerEvent| {
            let (Some(column), Some(edge)) = (edge_of(&event), event.target_dyn_into::<Element>()) else { return };
            if event.button() == 0 && edge.set_pointer_capture(event.pointer_id()).is_ok() {
                held.set(Some(Held { column, base: plane.width(column) - f64::from(event.client_x()) }));
            }
        })
    }

    pub(super) fn on_pointer_move(&self) -> Callback<PointerEvent> {
        let this = self.clone();
        Callback::from(move |event: PointerEvent| {
            let Some(Held { column, base }) = this.held.get() else { return };
            // An edge that left the page took its capture with it.
            if event.buttons() & 1 == 0 {
                return this.held.set(None);
            }
            this.lengths.borrow_mut().set_width(column, base + f64::from(event.client_x()), this.plane.unit().1);
            this.update.force_update();
        })
    }

    pub(super) fn on_lost_pointer_capture(&self) -> Callback<PointerEvent> {
        let held = Rc::clone(&self.held);
        Callback::from(move |_| held.set(None))
    }

    /// Makes a column wider by so many characters, or narrower.
    pub(super) fn widen(&self, column: u64, characters: f64) {
        self.lengths.borrow_mut().widen(column, characters, &self.plane);
        self.update.force_update();
    }

    /// Gives a column the width that its texts need.
    pub(super) fn reset_width(&self, column: u64) {
        self.lengths.borrow_mut().reset(column);
        self.update.force_update();
    }

    /// Freezes the columns up to this one; releases them if it is the last of those that are frozen.
    pub(super) fn toggle_frozen(&self, column: u64) {
        let wanted = column.saturating_add(1);
        self.frozen.set(if *self.frozen == wanted { 0 } else { wanted });
    }
}
