//! Keys, clicks and scrolling of a grid.

use super::edge::{Held, STEP, edge_of};
use super::lengths::Lengths;
use super::range::{Range, moved};
use crate::protocol::{Target, ask};
use crate::view::CellFormat;
use crate::view::card::{CellWindow, Grid, RowSort};
use crate::web::actions::Actions;
use crate::web::cells::{Shown, Table};
use crate::web::dom;
use crate::web::plane::Plane;
use crate::web::state::{Action, Notice};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

/// What events work with.
#[derive(Clone)]
pub(super) struct Handlers {
    /// The grid, with the rows that are shown.
    pub(super) grid: Grid,
    /// Node of the card.
    pub(super) node: u32,
    pub(super) actions: Actions,
    pub(super) table: Table,
    pub(super) plane: Rc<Plane>,
    pub(super) shown: Shown,
    pub(super) update: UseForceUpdateHandle,
    pub(super) cursor: UseStateHandle<(u64, u64)>,
    /// The corner of the chosen range that is opposite to the cursor.
    pub(super) anchor: UseStateHandle<Option<(u64, u64)>>,
    /// The cell on which the mouse went down.
    pub(super) drag: Rc<Cell<Option<(u64, u64)>>>,
    pub(super) lengths: Rc<RefCell<Lengths>>,
    /// The edge of a column that is being dragged.
    pub(super) held: Rc<Cell<Option<Held>>>,
    /// How many of the first columns are to be frozen.
    pub(super) frozen: UseStateHandle<u64>,
    /// Sorts by a column: ascending, descending, as in the file.
    pub(super) sort: Callback<u64>,
}

/// What sorting by a column once more makes of an order.
pub(super) fn next_sort(sort: Option<RowSort>, column: u64) -> Option<RowSort> {
    match sort.filter(|sort| sort.column == column) {
        None => Some(RowSort { column, descending: false }),
        Some(RowSort { descending: false, .. }) => Some(RowSort { column, descending: true }),
        Some(_) => None,
    }
}

impl Handlers {
    pub(super) fn on_scroll(&self) -> Callback<Event> {
        let (plane, update, table) = (Rc::clone(&self.plane), self.update.clone(), self.table.clone());
        Callback::from(move |_| {
            if plane.scrolled() {
                let update = update.clone();
                plane.redraw(|visible| table.want(visible), move || update.force_update());
            }
        })
    }

    /// Where a pixel of a scroll bar is many rows or columns, a notch of the wheel is still a few.
    pub(super) fn on_wheel(&self) -> Callback<WheelEvent> {
        let (plane, update) = (Rc::clone(&self.plane), self.update.clone());
        Callback::from(move |event: WheelEvent| {
            let (down, across) = (plane.down().scale() > 1.0, plane.across().scale() > 1.0);
            if event.ctrl_key() || !(down || across) {
                return;
            }
            let unit = match event.delta_mode() {
                WheelEvent::DOM_DELTA_LINE => plane.unit().0,
                WheelEvent::DOM_DELTA_PAGE => plane.view().0,
                _ => 1.0,
            };
            let (x, y) = (event.delta_x() * unit, event.delta_y() * unit);
            let (x, y) = if event.shift_key() && x == 0.0 { (y, 0.0) } else { (x, y) };
            if plane.move_by(y, x) {
                event.prevent_default();
                update.force_update();
            }
        })
    }

    /// The cells that are chosen, when they are several.
    pub(super) fn chosen(&self) -> Option<Range> {
        (*self.anchor).filter(|anchor| *anchor != *self.cursor).map(|anchor| Range::between(anchor, *self.cursor))
    }

    /// Copies what is chosen.
    pub(super) fn copy(&self, format: CellFormat) {
        let (row, column) = *self.cursor;
        let Some(range) = self.chosen() else {
            let cell = self.table.cell(row, column);
            return cell.into_iter().for_each(|cell| self.actions.copy("Cell", cell.full_text()));
        };
        let size = range.size();
        let few = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let window = CellWindow {
            node: self.node,
            grid: self.grid.id,
            slice: self.shown.slice.clone(),
            row: range.first.0,
            rows: few(size.0),
            column: range.first.1,
            columns: few(size.1),
            arrangement: self.shown.arrangement.clone(),
        };
        let (copying, row_heads) = (self.actions.clone(), self.grid.row_heads.clone());
        self.actions.inquire(ask::CopyCells { window, row_heads, format }, move |reply| match reply {
            Ok(text) => copying.copy("Cells", &text),
            Err(why) => copying.dispatch(Action::Notice(Some(Notice::failed(why)))),
        });
    }

    /// Moves the cursor; with `extends`, the other corner stays.
    fn go(&self, to: (u64, u64), extends: bool) {
        match (extends, *self.anchor) {
            (true, None) => self.anchor.set(Some(*self.cursor)),
            (false, Some(_)) => self.anchor.set(None),
            _ => {}
        }
        self.cursor.set(to);
        if self.plane.reveal(to.0, to.1) {
            self.update.force_update();
        }
    }

    /// Goes to a column, in the row of the cursor.
    pub(super) fn on_column(&self) -> Callback<u64> {
        let this = self.clone();
        Callback::from(move |column| this.go((this.cursor.0, column), false))
    }

    pub(super) fn on_key(&self) -> Callback<KeyboardEvent> {
        let this = self.clone();
        Callback::from(move |event: KeyboardEvent| {
            if !event.alt_key() && this.grid.columns > 0 && this.key(&event) {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    }

    /// Does what a key asks for; whether it asks for something.
    fn key(&self, event: &KeyboardEvent) -> bool {
        let ((row, column), grid) = (*self.cursor, &self.grid);
        let control = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "s" if !control && grid.can_arrange => self.sort.emit(column),
            "+" | "=" if !control => self.widen(column, STEP),
            "-" if !control => self.widen(column, -STEP),
            "0" if !control => self.reset_width(column),
            "f" if !control && grid.columns > 1 => self.toggle_frozen(column),
            _ if grid.rows == 0 => return false,
            "c" | "C" if control => self.copy(CellFormat::Tsv),
            "Escape" if self.chosen().is_some() => self.anchor.set(None),
            "Enter" if !control => {
                let node = self.table.cell(row, column).and_then(|cell| cell.node);
                node.into_iter().for_each(|node| self.actions.select(Target::Node(node)));
            }
            key => {
                let page = self.plane.down().window(self.plane.top()).0.page;
                let columns = self.plane.columns().1.saturating_sub(1).max(1);
                let last = (grid.rows - 1, grid.columns - 1);
                let Some(to) = moved(key, control, (row, column), last, page, columns) else { return false };
                self.go(to, event.shift_key());
            }
        }
        true
    }

    pub(super) fn on_click(&self) -> Callback<MouseEvent> {
        let this = self.clone();
        Callback::from(move |event: MouseEvent| {
            if edge_of(&event).is_some() {
                // Ends a drag, and sorts nothing.
            } else if let Some(column) = dom::data_of(&event, "spread").and_then(|column| column.parse().ok()) {
                this.actions.select(Target::Column { node: this.node, column });
            } else if let Some(column) = dom::data_of(&event, "sort").and_then(|column| column.parse().ok()) {
                this.sort.emit(column);
            } else if let Some(to) = place_of(&event) {
                this.cursor.set(to);
            }
        })
    }

    pub(super) fn on_mouse_down(&self) -> Callback<MouseEvent> {
        let this = self.clone();
        Callback::from(move |event: MouseEvent| {
            let place = place_of(&event).filter(|_| event.button() == 0);
            this.drag.set(place);
            if let Some(to) = place {
                match (event.shift_key(), *this.anchor) {
                    (true, None) => this.anchor.set(Some(*this.cursor)),
                    (true, Some(anchor)) => this.drag.set(Some(anchor)),
                    (false, _) => this.anchor.set(None),
                }
                this.cursor.set(to);
            }
        })
    }

    pub(super) fn on_mouse_move(&self) -> Callback<MouseEvent> {
        let this = self.clone();
        Callback::from(move |event: MouseEvent| {
            let Some(start) = this.drag.get() else { return };
            if event.buttons() & 1 == 0 {
                return this.drag.set(None);
            }
            if let Some(to) = place_of(&event).filter(|to| *to != *this.cursor) {
                this.anchor.set(Some(start));
                this.cursor.set(to);
            }
        })
    }

    pub(super) fn on_double_click(&self) -> Callback<MouseEvent> {
        let this = self.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(column) = edge_of(&event) {
                return this.reset_width(column);
            }
            let cell = place_of(&event).and_then(|(row, column)| this.table.cell(row, column));
            cell.and_then(|cell| cell.node).into_iter().for_each(|node| this.actions.select(Target::Node(node)));
        })
    }
}

/// Row and column of the cell that an event is on, which its id says.
fn place_of(event: &MouseEvent) -> Option<(u64, u64)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let id = target.closest("[role=gridcell]").ok()??.id();
    let mut numbers = id.rsplit('-').map(|number| number.parse().ok());
    let (column, row) = (numbers.next()??, numbers.next()??);
    Some((row, column))
}
