//! Where a table that scrolls in two directions is. This changes between two renders, so it is kept outside the state.

use super::axis::{Axis, Columns};
use super::dom::DrawnPart;
use super::scroll::{Geometry, are_apart};
use std::cell::{Cell, RefCell};
use web_sys::Element;
use yew::html::NodeRef;

/// Rows and columns that are visible.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Visible {
    /// First row and how many.
    pub(crate) rows: (u64, u64),
    /// First column and how many.
    pub(crate) columns: (u64, u64),
    /// How many of the first columns stand still beside them.
    pub(crate) frozen: u64,
}

impl Visible {
    /// Whether no cell of it is one of `other`.
    pub(crate) fn is_apart(self, other: Self) -> bool {
        are_apart(self.rows, other.rows) || are_apart(self.columns, other.columns)
    }
}

/// Position and measures of one table.
pub(crate) struct Plane {
    /// The element that scrolls.
    pub(crate) viewport: NodeRef,
    /// How far it is scrolled down and to the right, in its own pixels.
    place: Cell<(f64, f64)>,
    /// The positions of the scroll bars that the table itself has set.
    bars: Cell<(i32, i32)>,
    /// Height and width of the visible part.
    view: Cell<(f64, f64)>,
    /// Height of a row, width of a character.
    unit: Cell<(f64, f64)>,
    rows: Cell<u64>,
    /// Height of the heads of columns, width of those of rows and of the frozen columns.
    heads: Cell<(f64, f64)>,
    columns: RefCell<Columns>,
    /// The cells that are drawn.
    drawn: DrawnPart<Visible>,
}

impl Plane {
    /// A table at its beginning; the measures are guesses until it is laid out.
    pub(crate) fn new(viewport: NodeRef) -> Self {
        Self {
            viewport,
            place: Cell::default(),
            bars: Cell::default(),
            view: Cell::new((300.0, 700.0)),
            unit: Cell::new((24.0, 8.0)),
            rows: Cell::new(0),
            heads: Cell::default(),
            columns: RefCell::new(Columns::new(&[], 80.0, 0)),
            drawn: DrawnPart::new(Visible::is_apart),
        }
    }

    /// What is visible.
    fn visible(&self) -> Visible {
        let (window, (first, count, _)) = (self.down().window(self.top()).0, self.columns());
        Visible { rows: (window.first, window.count), columns: (first, count), frozen: self.frozen() }
    }

    /// The cells to draw now.
    pub(crate) fn draw(&self) -> Visible {
        self.drawn.draw(self.visible())
    }

    /// Calls `update` so that the table is drawn where it is now: after a leap to cells that `is_here` denies, in a while.
    pub(crate) fn redraw(&self, is_here: impl FnOnce(Visible) -> bool, update: impl FnOnce() + 'static) {
        self.drawn.redraw(self.visible(), is_here, update);
    }

    /// Height of a row, width of a character.
    pub(crate) fn unit(&self) -> (f64, f64) {
        self.unit.get()
    }

    /// Height and width of the visible part.
    pub(crate) fn view(&self) -> (f64, f64) {
        self.view.get()
    }

    /// Takes over what the table is now: its rows, height and width of its heads, its columns.
    pub(crate) fn update(&self, rows: u64, heads: (f64, f64), columns: Columns) {
        self.rows.set(rows);
        self.heads.set((heads.0, heads.1 + columns.frozen_width()));
        self.columns.replace(columns);
        let (top, left) = self.place.get();
        self.place.set((self.down().clamp(top), self.across().clamp(left)));
    }

    /// How the rows scroll.
    pub(crate) fn down(&self) -> Geometry {
        let (view, head) = (self.view.get().0, self.heads.get().0);
        Geometry { rows: self.rows.get(), row_height: self.unit.get().0, view: (view - head).max(0.0) }
    }

    /// How the columns scroll.
    pub(crate) fn across(&self) -> Axis {
        self.columns.borrow().axis(self.room())
    }

    /// Width that is left for columns.
    fn room(&self) -> f64 {
        (self.view.get().1 - self.heads.get().1).max(0.0)
    }

    /// Height and width of the scrolled element.
    pub(crate) fn spacer(&self) -> (f64, f64) {
        (self.down().spacer() + self.heads.get().0, self.across().spacer() + self.heads.get().1)
    }

    /// The columns that are visible: the first, how many, and how far left of the visible part the first begins.
    pub(crate) fn columns(&self) -> (u64, u64, f64) {
        self.columns.borrow().window(self.place.get().1, self.room())
    }

    /// How many of the first columns stand still.
    pub(crate) fn frozen(&self) -> u64 {
        self.columns.borrow().frozen()
    }

    /// Width of a column.
    pub(crate) fn width(&self, column: u64) -> f64 {
        self.columns.borrow().width(column)
    }

    /// Whether a column is in sight, in part or in whole.
    pub(crate) fn shows_column(&self, column: u64) -> bool {
        let (first, count, _) = self.columns();
        column < self.frozen() || (first..first + count).contains(&column)
    }

    /// How far it is scrolled down.
    pub(crate) fn top(&self) -> f64 {
        self.place.get().0
    }

    /// Scrolls; says whether anything moved.
    pub(crate) fn move_to(&self, top: f64, left: f64) -> bool {
        let Some(element) = self.viewport.cast::<Element>() else { return false };
        let (down, across) = (self.down(), self.across());
        let (top, left) = (down.clamp(top), across.clamp(left));
        element.set_scroll_top(down.scroll_of_top(top).round() as i32);
        element.set_scroll_left((left / across.scale()).round() as i32);
        let (bar_top, bar_left) = (element.scroll_top(), element.scroll_left());
        self.bars.set((bar_top, bar_left));
        // Without scale it is where its scroll bars are; with one it can stand between two pixels of them.
        let exact = |scale: f64, wanted: f64, bar: i32| if scale > 1.0 { wanted } else { f64::from(bar) };
        let place =
            (down.clamp(exact(down.scale(), top, bar_top)), across.clamp(exact(across.scale(), left, bar_left)));
        self.place.replace(place) != place
    }

    /// Moves by pixels of its own; says whether anything moved.
    pub(crate) fn move_by(&self, down: f64, right: f64) -> bool {
        let (top, left) = self.place.get();
        self.move_to(top + down, left + right)
    }

    /// Brings a cell into sight; says whether anything moved.
    pub(crate) fn reveal(&self, row: u64, column: u64) -> bool {
        let (top, left) = self.place.get();
        let wanted = (self.down().reveal(top, row), self.columns.borrow().reveal(left, self.room(), column));
        wanted != (top, left) && self.move_to(wanted.0, wanted.1)
    }

    /// Reads a scroll event; says whether the user has scrolled.
    pub(crate) fn scrolled(&self) -> bool {
        let Some(element) = self.viewport.cast::<Element>() else { return false };
        let bars = (element.scroll_top(), element.scroll_left());
        let before = self.bars.replace(bars);
        let (mut top, mut left) = self.place.get();
        if bars.0 != before.0 {
            top = self.down().top_of_scroll(f64::from(bars.0));
        }
        if bars.1 != before.1 {
            let across = self.across();
            left = across.clamp(f64::from(bars.1) * across.scale());
        }
        self.place.set((top, left));
        bars != before
    }

    /// Takes new measures; says whether they differ.
    pub(crate) fn measure(&self, unit: (f64, f64), view: (f64, f64)) -> bool {
        if unit.0 <= 0.0 || unit.1 <= 0.0 || (unit, view) == (self.unit.get(), self.view.get()) {
            return false;
        }
        let (top, left) = self.place.get();
        let before = self.unit.replace(unit);
        self.view.set(view);
        // The same cells stay at the corner when the text is zoomed.
        self.place.set((top / before.0 * unit.0, left / before.1 * unit.1));
        true
    }
}
