//! Where a virtual list is. This changes between two renders, so it is kept outside the state.

use super::dom::DrawnPart;
use super::scroll::{Geometry, Window};
use std::cell::Cell;
use web_sys::Element;
use yew::html::NodeRef;

/// Position and measures of one list.
pub(crate) struct Scroller {
    /// The element that scrolls.
    pub(crate) viewport: NodeRef,
    /// How far the list is scrolled, in its own pixels.
    top: Cell<f64>,
    /// The position of the scroll bar that the list itself has set, to tell its scroll events from the user's.
    bar: Cell<i32>,
    row_height: Cell<f64>,
    height: Cell<f64>,
    rows: Cell<u64>,
    header: Cell<bool>,
    focus: Cell<Option<u64>>,
    /// The rows that are drawn.
    drawn: DrawnPart<Window>,
}

impl Scroller {
    /// A list at its beginning; the measures are guesses until it is laid out.
    pub(crate) fn new(viewport: NodeRef) -> Self {
        Self {
            viewport,
            top: Cell::new(0.0),
            bar: Cell::new(0),
            row_height: Cell::new(24.0),
            height: Cell::new(600.0),
            rows: Cell::new(0),
            header: Cell::new(false),
            focus: Cell::new(None),
            drawn: DrawnPart::new(Window::is_apart),
        }
    }

    /// The rows to draw now, and how far above the visible part the first begins.
    pub(crate) fn draw(&self) -> (Window, f64) {
        let (window, shift) = self.geometry().window(self.top());
        (self.drawn.draw(window), shift)
    }

    /// Calls `update` so that the list is drawn where it is now: after a leap to rows that `is_here` denies, in a while.
    pub(crate) fn redraw(&self, is_here: impl FnOnce(Window) -> bool, update: impl FnOnce() + 'static) {
        self.drawn.redraw(self.geometry().window(self.top()).0, is_here, update);
    }

    /// Takes over what the list is now; a list that became shorter is scrolled to its end.
    pub(crate) fn update(&self, rows: u64, header: bool, focus: Option<u64>) {
        self.rows.set(rows);
        self.header.set(header);
        self.focus.set(focus.filter(|row| *row < rows));
        self.top.set(self.geometry().clamp(self.top.get()));
    }

    /// What the list looks like.
    pub(crate) fn geometry(&self) -> Geometry {
        Geometry {
            rows: self.rows.get(),
            row_height: self.row_height.get(),
            view: (self.height.get() - self.inset()).max(0.0),
        }
    }

    /// Height of the part that does not scroll.
    pub(crate) fn inset(&self) -> f64 {
        if self.header.get() { self.row_height.get() } else { 0.0 }
    }

    /// Height of the visible part, header included.
    pub(crate) fn height(&self) -> f64 {
        self.height.get()
    }

    /// How far the list is scrolled.
    pub(crate) fn top(&self) -> f64 {
        self.top.get()
    }

    /// Scrolls to `top`.
    pub(crate) fn move_to(&self, top: f64) {
        let Some(element) = self.viewport.cast::<Element>() else { return };
        let geometry = self.geometry();
        let top = geometry.clamp(top);
        element.set_scroll_top(geometry.scroll_of_top(top).round() as i32);
        self.bar.set(element.scroll_top());
        // A list without scale is where its scroll bar is; a scaled one can stand between two pixels of it.
        let exact = if geometry.scale() > 1.0 { top } else { f64::from(element.scroll_top()) };
        self.top.set(geometry.clamp(exact));
    }

    /// Brings the focused row into sight; says whether anything moved.
    pub(crate) fn reveal(&self) -> bool {
        let Some(row) = self.focus.get() else { return false };
        let top = self.geometry().reveal(self.top.get(), row);
        let moved = top != self.top.get();
        if moved {
            self.move_to(top);
        }
        moved
    }

    /// Reads a scroll event; says whether the user has scrolled.
    pub(crate) fn scrolled(&self, element: &Element) -> bool {
        let bar = element.scroll_top();
        let moved = self.bar.replace(bar) != bar;
        if moved {
            self.top.set(self.geometry().top_of_scroll(f64::from(bar)));
        }
        moved
    }

    /// Takes new measures; says whether they differ. A focused row that was in sight stays there when the list shrinks.
    pub(crate) fn measure(&self, row_height: f64, height: f64) -> bool {
        if row_height <= 0.0 || (row_height, height) == (self.row_height.get(), self.height.get()) {
            return false;
        }
        let visible = |geometry: Geometry, row: u64| geometry.reveal(self.top.get(), row) == self.top.get();
        let keep = self.focus.get().filter(|row| visible(self.geometry(), *row));
        // The same rows stay at the top when the text is zoomed.
        self.top.set(self.top.get() / self.row_height.get() * row_height);
        self.row_height.set(row_height);
        self.height.set(height);
        if let Some(row) = keep {
            self.top.set(self.geometry().reveal(self.geometry().clamp(self.top.get()), row));
        }
        true
    }
}
