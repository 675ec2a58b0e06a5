//! What keyboard and mouse do in a list of bytes: the caret, ranges, the byte under the mouse.

use crate::protocol::Target;
use crate::view::Inspection;
use crate::web::actions::{Actions, use_actions};
use crate::web::byte_range::{Range, moved};
use crate::web::dom;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// Bytes of the selection itself, of everything that made it, and the byte that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Marked {
    /// Bytes of the selection itself.
    pub own: (u64, u64),
    /// Bytes of everything that made it.
    pub span: (u64, u64),
    /// The byte to show first, when it is not the first of these.
    pub asked: Option<u64>,
}

impl Marked {
    /// What is marked for a selection. To mark everything is to mark nothing; a byte that was asked for is.
    #[must_use]
    pub fn of(inspection: &Inspection, size: u64) -> Self {
        let asked = inspection.asked;
        let byte = asked.map_or((0, 0), |at| (at, at + 1));
        let is_whole = inspection.own == (0, size);
        let (own, span) = if is_whole { (byte, byte) } else { (inspection.own, inspection.span) };
        Self { own, span, asked }
    }
}

/// What a list of bytes is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct InputOf {
    pub(super) generation: u32,
    pub(super) marked: Marked,
    /// Raised to show what is asked for once more.
    pub(super) again: u32,
    /// Number of a layer around the document, whose bytes are of none of its values.
    pub(super) layer: Option<u32>,
    /// Whether ranges are selected.
    pub(super) is_tinted: bool,
    pub(super) size: u64,
    pub(super) per_row: u64,
}

/// Where the reader is in a list of bytes.
#[derive(Clone)]
pub(super) struct Input {
    of: InputOf,
    actions: Actions,
    pub(super) range: UseStateHandle<Range>,
    /// Raised to scroll to the caret.
    pub(super) reveal: UseStateHandle<u32>,
    /// The byte under the mouse.
    pub(super) hovered: UseStateHandle<Option<u64>>,
    /// A byte that was selected from here: it is in sight, and a range may have begun at it since.
    requested: Rc<Cell<Option<u64>>>,
}

/// The caret follows the selection.
#[hook]
pub(super) fn use_input(of: InputOf) -> Input {
    let actions = use_actions();
    let marked = of.marked;
    let range = use_state_eq(|| Range::at(marked.asked.unwrap_or(marked.own.0)));
    let reveal = use_state_eq(|| 0_u32);
    let hovered = use_state_eq(|| None::<u64>);
    let requested = use_memo((), |()| Cell::new(None::<u64>));
    {
        let (range, reveal, requested) = (range.clone(), reveal.clone(), Rc::clone(&requested));
        use_effect_with((marked.own, marked.asked, of.generation, of.again), move |&((start, _), asked, ..)| {
            let from_here = requested.take();
            if asked.is_some() && from_here == asked {
                return;
            }
            range.set(Range::at(asked.unwrap_or(start)));
            reveal.set(*reveal + 1);
        });
    }
    Input { of, actions, range, reveal, hovered, requested }
}

/// The byte under the mouse: a cell, or a place in a run of characters, which are all as wide. Cells have no numbers of their own: they
/// would have to be written anew with every step of scrolling.
fn byte_of(event: &MouseEvent) -> Option<u64> {
    let start: u64 = dom::data_of(event, "start")?.parse().ok()?;
    let hit = event.target()?.dyn_into::<Element>().ok()?;
    let is_run = hit.matches(".hex-run").unwrap_or(false);
    if !is_run && !hit.matches(".hex-digits").unwrap_or(false) {
        return None;
    }
    let length =
        |element: &Element| if is_run { element.text_content().map_or(0, |text| text.chars().count()) } else { 1 };
    let before = std::iter::successors(hit.previous_element_sibling(), Element::previous_element_sibling);
    let first: usize = before.map(|element| length(&element)).sum();
    let length = length(&hit).max(1);
    let place = hit.get_bounding_client_rect();
    let within = (f64::from(event.client_x()) - place.left()) / place.width().max(1.0);
    let within = ((within * length as f64).max(0.0) as usize).min(length - 1);
    Some(start + (first + within) as u64)
}

impl Input {
    /// Selects what a byte belongs to, in all views.
    fn select(&self, offset: u64) {
        if self.of.layer.is_none() {
            self.requested.set(Some(offset));
            self.actions.select(Target::Offset(offset));
        }
    }

    pub(super) fn mouse_down(&self, event: &MouseEvent) {
        if let Some(offset) = byte_of(event).filter(|_| event.button() == 0) {
            self.range.set(self.range.moved(offset, self.of.is_tinted && event.shift_key()));
        }
    }

    pub(super) fn mouse_move(&self, event: &MouseEvent) {
        let offset = byte_of(event);
        self.hovered.set(offset);
        if let Some(offset) = offset.filter(|_| self.of.is_tinted && event.buttons() & 1 != 0) {
            self.range.set(self.range.moved(offset, true));
        }
    }

    pub(super) fn click(&self, event: &MouseEvent) {
        // A drag ends with a click, too.
        let is_range = |offset: u64| *self.range != Range::at(offset) || self.of.is_tinted && event.shift_key();
        if let Some(offset) = byte_of(event).filter(|offset| !is_range(*offset)) {
            self.select(offset);
        }
    }

    /// `page` is the number of rows in sight.
    pub(super) fn key(&self, event: &KeyboardEvent, page: u64) {
        let InputOf { size, per_row, is_tinted, .. } = self.of;
        let is_control = event.ctrl_key() || event.meta_key();
        let is_whole = is_tinted && is_control && size > 0 && matches!(event.key().as_str(), "a" | "Home" | "End");
        if event.alt_key() || is_control && !is_whole {
            return;
        }
        let (caret, is_held) = (self.range.caret, is_tinted && event.shift_key());
        let next = match event.key().as_str() {
            "a" if is_whole => Range { anchor: size - 1, caret: 0 },
            "Home" if is_whole => self.range.moved(0, is_held),
            "End" if is_whole => self.range.moved(size - 1, is_held),
            "Escape" if *self.range != Range::at(caret) => Range::at(caret),
            "Enter" | " " => {
                self.select(caret);
                *self.range
            }
            key => {
                let Some(to) = moved(key, caret, size, per_row, page) else { return };
                self.range.moved(to, is_held)
            }
        };
        event.prevent_default();
        event.stop_propagation();
        self.hovered.set(None);
        self.range.set(next);
        self.reveal.set(*self.reveal + 1);
    }
}
