//! A table of any size in both directions: the ARIA grid pattern over cells that mostly do not exist.

use super::cell_bar::CellBar;
use super::slicer::Slicer;
use super::small_table::kind_class;
use crate::protocol::Target;
use crate::view::card::{CellKind, Cells, Grid};
use crate::web::actions::{Actions, use_actions};
use crate::web::axis::{Columns, MEASURED, column_characters};
use crate::web::cells::{GridOf, Table, use_cells};
use crate::web::components::text::marked;
use crate::web::hits::{FoundElement, use_cell_hits};
use crate::web::plane::Plane;
use crate::web::resize::use_resize;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

/// Rows that a grid is high at most.
const ROWS: u64 = 14;
/// Characters of padding on both sides of a text.
const PADDING: f64 = 2.0;
/// Characters of a column that was not measured, at least.
const UNMEASURED: f64 = 10.0;
/// Part of the width that the heads of rows take at most.
const HEADS: f64 = 0.45;

/// Properties of [`GridView`].
#[derive(Properties, PartialEq)]
pub struct GridViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Node of the card.
    pub node: u32,
    /// The grid.
    pub grid: Grid,
    /// Accessible name.
    pub label: AttrValue,
}

/// A table of any size.
#[component]
pub fn GridView(props: &GridViewProps) -> Html {
    let actions = use_actions();
    let grid = &props.grid;
    let slice = use_state_eq(|| vec![0_u64; grid.slices.len()]);
    let cursor = use_state_eq(|| (0_u64, 0_u64));
    let update = use_force_update();
    let (viewport, probe) = (use_node_ref(), use_node_ref());
    let plane = {
        let viewport = viewport.clone();
        use_memo((), |()| Plane::new(viewport))
    };
    let of = GridOf { generation: props.generation, node: props.node, grid: grid.id, size: (grid.rows, grid.columns) };
    let table = use_cells(of, &slice);
    let lengths = use_memo((), |()| RefCell::<Lengths>::default());
    if let Some(first) = table.first() {
        lengths.borrow_mut().take(&first, grid);
    }
    lengths.borrow().lay_out(&plane, grid);
    {
        let (plane, update) = (Rc::clone(&plane), update.clone());
        use_resize([viewport.clone(), probe.clone()], move |[viewport, probe]| {
            let unit = probe.get_bounding_client_rect();
            let view = (f64::from(viewport.client_height()), f64::from(viewport.client_width()));
            if plane.measure((unit.height(), unit.width() / 10.0), view) {
                update.force_update();
            }
        });
    }
    let (window, shift_down) = plane.down().window(plane.top());
    let (first_column, column_count, shift_right) = plane.columns();
    let visible = plane.draw();
    let hits = use_cell_hits(of, &slice, visible);
    {
        let table = table.clone();
        use_effect_with((visible, (*slice).clone()), move |(visible, _)| {
            table.want(*visible);
        });
    }
    {
        // Where columns stand is known with the first cells.
        let found = use_context::<FoundElement>().unwrap_or_default();
        let cell = table.first().and_then(|_| found.cell(props.node, grid));
        let (slice, cursor, plane, update) = (slice.clone(), cursor.clone(), Rc::clone(&plane), update.clone());
        use_effect_with((found, cell), move |(_, cell)| {
            let Some((found, (row, column))) = cell.clone() else { return };
            slice.set(found);
            cursor.set((row, column));
            if plane.reveal(row, column) {
                update.force_update();
            }
        });
    }
    let handlers = Handlers { grid: grid.clone(), table: table.clone(), plane: Rc::clone(&plane), update, cursor };
    let (row, column) = *handlers.cursor;
    let drawn = Drawn {
        id: grid.id,
        heads: grid.row_heads.len() as u64,
        lengths: &lengths.borrow(),
        plane: &plane,
        table: &table,
        hits: &hits,
        size: of.size,
        cursor: (row, column),
        columns: (first_column, column_count),
        track: track(&plane, (first_column, column_count, shift_right)),
        head_widths: lengths.borrow().head_widths(&plane),
    };
    let in_sight = (window.first..window.first + window.count).contains(&row)
        && (first_column..first_column + column_count).contains(&column);
    let (height, width) = plane.view();
    let (spacer_height, spacer_width) = plane.spacer();
    let lines = grid.rows.min(ROWS) as f64 + 1.8;
    let on_slice = {
        let slice = slice.clone();
        Callback::from(move |chosen| slice.set(chosen))
    };
    let on_again = {
        let table = table.clone();
        Callback::from(move |_: MouseEvent| table.ask_again())
    };
    let active = (grid.rows > 0 && grid.columns > 0).then(|| cell_id(grid.id, row, column));
    html! {
        <div class="grid-frame">
            <Slicer id={format!("slice-{}", grid.id)} slices={grid.slices.clone()} chosen={(*slice).clone()} onchange={on_slice} />
            <div ref={viewport} id={format!("grid-{}", grid.id)} class={classes!("grid", table.is_stale().then_some("grid-stale"))}
                role="grid" tabindex="0" aria-label={props.label.clone()} aria-readonly="true"
                aria-rowcount={(grid.rows + 1).to_string()} aria-colcount={(grid.columns + grid.row_heads.len() as u64).to_string()}
                aria-activedescendant={active} ~style={format!("height:calc({lines} * var(--row) + 0.9rem)")}
                data-first-row={window.first.to_string()} data-first-column={first_column.to_string()}
                onscroll={handlers.on_scroll()} onwheel={handlers.on_wheel()} onkeydown={handlers.on_key(&actions)}
                onclick={handlers.on_click()} ondblclick={handlers.on_double_click(&actions)}>
                <div ref={probe} class="grid-probe" aria-hidden="true" key="probe" />
                <div key="spacer" class="grid-spacer" role="presentation" ~style={format!("height:{spacer_height}px;width:{spacer_width}px")}>
                    <div class="grid-layer" role="presentation" ~style={format!("height:{height}px;width:{width}px")}>
                        <div class="grid-header" role="presentation" key="head">{ drawn.head(&grid.row_heads) }</div>
                        <div class="grid-body" role="presentation" key="body">
                            <div role="presentation" ~style={format!("transform:translateY({shift_down}px)")}>
                                { for (window.first..window.first + window.count).map(|row| drawn.row(row)) }
                            </div>
                        </div>
                        <div class="list-away" role="presentation" key="away">
                            { for (!in_sight && grid.rows > 0 && grid.columns > 0).then(|| drawn.away()) }
                        </div>
                    </div>
                </div>
            </div>
            <p class="grid-problem" role="status" hidden={table.problem().is_none()}>
                { for table.problem().map(|why| marked(&why)) }{ " " }
                <button class="button button-small" onclick={on_again} data-act="again">{ "Try again" }</button>
            </p>
            <CellBar row={row} {column} row_head={table.row_head(row).unwrap_or_default()}
                head={table.head(column).map(|(name, _)| name).unwrap_or_default()} cell={table.cell(row, column)} />
        </div>
    }
}

fn cell_id(grid: u32, row: u64, column: u64) -> String {
    format!("cell-{grid}-{row}-{column}")
}

/// Characters of the longest texts met in the first window.
#[derive(Default)]
struct Lengths {
    heads: Vec<f64>,
    columns: Vec<f64>,
    has_dtypes: bool,
}

impl Lengths {
    /// Grows to what `first` needs; a grid that was laid out does not become narrower when another slice is chosen.
    fn take(&mut self, first: &Cells, grid: &Grid) {
        let characters = |text: &str| text.chars().count();
        let count = grid.columns.min(MEASURED) as usize;
        let column = |index: usize| {
            let head = first.heads.get(index).map(|(name, dtype)| characters(name).max(characters(dtype)));
            let cells = first.rows.iter().filter_map(|row| row.get(index)).map(|cell| characters(&cell.text));
            column_characters(cells.chain(head))
        };
        let last = grid.rows.saturating_sub(1).to_string().len();
        let head = |index: usize| {
            let texts = first.row_heads.iter().filter_map(|row| row.get(index));
            let is_counted = texts.clone().enumerate().all(|(row, text)| *text == row.to_string());
            let name = grid.row_heads.get(index).map(|name| characters(name));
            let longest = texts.map(|text| characters(text)).chain(name).chain(is_counted.then_some(last));
            longest.max().unwrap_or_default().clamp(2, 24) as f64
        };
        grow(&mut self.columns, (0..count).map(column));
        grow(&mut self.heads, (0..grid.row_heads.len()).map(head));
        // An array has one dtype for all its numbered columns, which the facts say already.
        let is_numbered = first.heads.iter().enumerate().all(|(index, (name, _))| *name == index.to_string());
        let is_one = first.heads.windows(2).all(|pair| pair[0].1 == pair[1].1);
        self.has_dtypes |= !(is_numbered && is_one) && first.heads.iter().any(|(_, dtype)| !dtype.is_empty());
    }

    /// Rows that the heads of the columns take.
    fn head_rows(&self) -> f64 {
        if self.has_dtypes { 1.8 } else { 1.0 }
    }

    /// Width of the head of a row, one for each level.
    fn head_widths(&self, plane: &Plane) -> Vec<f64> {
        let (unit, room) = (plane.unit().1, plane.view().1 * HEADS);
        let all: f64 = self.heads.iter().map(|characters| (characters + PADDING) * unit).sum();
        let scale = if all > room { room / all } else { 1.0 };
        self.heads.iter().map(|characters| ((characters + PADDING) * unit * scale).ceil() + 2.0).collect()
    }

    fn lay_out(&self, plane: &Plane, grid: &Grid) {
        let (row, unit) = plane.unit();
        // A pixel for the line between columns, one for what rounding takes.
        let width = |characters: f64| ((characters + PADDING) * unit).ceil() + 2.0;
        let widths: Vec<f64> = self.columns.iter().map(|characters| width(*characters)).collect();
        let rest = self.columns.iter().copied().fold(UNMEASURED, f64::max).min(16.0);
        let heads = self.head_widths(plane).into_iter().sum();
        plane.update(grid.rows, (self.head_rows() * row, heads), Columns::new(&widths, width(rest), grid.columns));
    }
}

fn grow(lengths: &mut Vec<f64>, new: impl Iterator<Item = f64>) {
    for (index, length) in new.enumerate() {
        match lengths.get_mut(index) {
            Some(before) => *before = before.max(length),
            None => lengths.push(length),
        }
    }
}

/// Rows that tell what a column holds.
const FIRST_ROWS: u64 = 8;

/// What rows are drawn with.
struct Drawn<'a> {
    id: u32,
    /// Columns that the head of a row has.
    heads: u64,
    lengths: &'a Lengths,
    plane: &'a Plane,
    table: &'a Table,
    /// Rows and columns of the grid.
    size: (u64, u64),
    /// Cells that the search in the find bar found, numbered row by row.
    hits: &'a HashSet<u64>,
    cursor: (u64, u64),
    /// The first column and how many.
    columns: (u64, u64),
    /// Where columns stand: the same in all rows.
    track: String,
    /// Widths of the heads of rows.
    head_widths: Vec<f64>,
}

/// A style that places columns: the first one, how many, and where the first begins.
fn track(plane: &Plane, (first, count, shift): (u64, u64, f64)) -> String {
    use std::fmt::Write as _;
    let mut style = format!("transform:translateX({shift}px);grid-template-columns:");
    for column in first..first + count {
        let _ = write!(style, "{}px ", plane.width(column));
    }
    style
}

impl Drawn<'_> {
    fn visible_columns(&self) -> std::ops::Range<u64> {
        self.columns.0..self.columns.0 + self.columns.1
    }

    fn head(&self, names: &[String]) -> Html {
        let corner = |(index, name): (usize, &String)| {
            let width = self.head_widths.get(index).copied().unwrap_or_default();
            html! {
                <span role="columnheader" class="grid-row-head" aria-colindex={(index + 1).to_string()} ~style={format!("width:{width}px")}>
                    { if name.is_empty() { html! { <span class="visually-hidden">{ "row" }</span> } } else { marked(name) } }
                </span>
            }
        };
        let column = |column: u64| {
            let (name, dtype) = self.table.head(column).unwrap_or_default();
            let title = format!("{name} {dtype}");
            // On the side of its values.
            let mut first = (0..FIRST_ROWS).filter_map(|row| self.table.cell(row, column).map(|cell| cell.kind));
            let kind = first.find(|kind| *kind != CellKind::Missing);
            let is_text = matches!(kind, Some(CellKind::Text | CellKind::Object));
            html! {
                <span key={column} role="columnheader" class={classes!("grid-column-head", is_text.then_some("grid-head-text"))} title={title}
                    aria-colindex={(self.heads + column + 1).to_string()}>
                    <span class="grid-name">{ marked(&name) }</span>
                    <span class="grid-dtype" hidden={!self.lengths.has_dtypes}>{ marked(&dtype) }</span>
                </span>
            }
        };
        html! {
            <div class="grid-row" role="row" aria-rowindex="1" ~style={format!("height:calc({} * var(--row))", self.lengths.head_rows())}>
                { for names.iter().enumerate().map(corner) }
                <span class="grid-clip" role="presentation">
                    <span class="grid-cells" role="presentation" ~style={self.track.as_str()}>
                        { for self.visible_columns().map(column) }
                    </span>
                </span>
            </div>
        }
    }

    fn row(&self, row: u64) -> Html {
        let heads = self.table.row_head(row);
        let head = |(index, width): (usize, &f64)| {
            let text = heads.as_ref().and_then(|heads| heads.get(index)).cloned().unwrap_or_default();
            html! {
                <span role="rowheader" class="grid-row-head" aria-colindex={(index + 1).to_string()} title={text.clone()}
                    ~style={format!("width:{width}px")}>{ marked(&text) }</span>
            }
        };
        html! {
            <div key={row % self.plane.down().slots()} class="grid-row" role="row" aria-rowindex={(row + 2).to_string()}>
                { for self.head_widths.iter().enumerate().map(head) }
                <span class="grid-clip" role="presentation">
                    <span class="grid-cells" role="presentation" ~style={self.track.as_str()}>
                        { for self.visible_columns().map(|column| self.cell(row, column)) }
                    </span>
                </span>
            </div>
        }
    }

    /// The cell that has the keyboard, when it is scrolled out of sight: assistive technology still finds it.
    fn away(&self) -> Html {
        let (row, column) = self.cursor;
        html! { <div class="grid-row" role="row" aria-rowindex={(row + 2).to_string()}>{ self.cell(row, column) }</div> }
    }

    fn cell(&self, row: u64, column: u64) -> Html {
        let focused = self.cursor == (row, column);
        let colindex = (self.heads + column + 1).to_string();
        let id = cell_id(self.id, row, column);
        let Some(cell) = self.table.cell(row, column) else {
            let class = if focused { "grid-cell grid-waits grid-focused" } else { "grid-cell grid-waits" };
            return html! { <span key={column} {id} role="gridcell" {class} aria-colindex={colindex}>{ "" }</span> };
        };
        let number = row.wrapping_mul(self.size.1).wrapping_add(column);
        let is_hit = self.hits.contains(&number).then_some("cell-hit");
        let class = classes!("grid-cell", kind_class(cell.kind), is_hit, focused.then_some("grid-focused"));
        html! {
            <span key={column} {id} role="gridcell" {class} aria-colindex={colindex} aria-selected={focused.then_some("true")} title={cell.text.clone()}>
                { match cell.node {
                    Some(node) => html! { <span class="node-link" data-node-link={node.to_string()}>{ marked(&cell.text) }</span> },
                    None => marked(&cell.text),
                } }
            </span>
        }
    }
}

/// What events work with.
struct Handlers {
    grid: Grid,
    table: Table,
    plane: Rc<Plane>,
    update: UseForceUpdateHandle,
    cursor: UseStateHandle<(u64, u64)>,
}

impl Handlers {
    fn on_scroll(&self) -> Callback<Event> {
        let (plane, update, table) = (Rc::clone(&self.plane), self.update.clone(), self.table.clone());
        Callback::from(move |_| {
            if plane.scrolled() {
                let update = update.clone();
                plane.redraw(|visible| table.want(visible), move || update.force_update());
            }
        })
    }

    /// Where a pixel of a scroll bar is many rows or columns, a notch of the wheel is still a few.
    fn on_wheel(&self) -> Callback<WheelEvent> {
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

    fn on_key(&self, actions: &Actions) -> Callback<KeyboardEvent> {
        let (grid, table, plane, update) =
            (self.grid.clone(), self.table.clone(), Rc::clone(&self.plane), self.update.clone());
        let (cursor, actions) = (self.cursor.clone(), actions.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (row, column) = *cursor;
            let control = event.ctrl_key() || event.meta_key();
            if event.alt_key() || grid.rows == 0 || grid.columns == 0 {
                return;
            }
            let cell = || table.cell(row, column);
            match event.key().as_str() {
                "c" if control => cell().into_iter().for_each(|cell| actions.copy("Cell", &cell.text)),
                "Enter" if !control => {
                    cell().and_then(|cell| cell.node).into_iter().for_each(|node| actions.select(Target::Node(node)));
                }
                key => {
                    let page = plane.down().window(plane.top()).0.page;
                    let columns = plane.columns().1.saturating_sub(1).max(1);
                    let Some(to) = moved(key, control, (row, column), (grid.rows - 1, grid.columns - 1), page, columns)
                    else {
                        return;
                    };
                    cursor.set(to);
                    if plane.reveal(to.0, to.1) {
                        update.force_update();
                    }
                }
            }
            event.prevent_default();
            event.stop_propagation();
        })
    }

    fn on_click(&self) -> Callback<MouseEvent> {
        let cursor = self.cursor.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(to) = place_of(&event) {
                cursor.set(to);
            }
        })
    }

    fn on_double_click(&self, actions: &Actions) -> Callback<MouseEvent> {
        let (table, actions) = (self.table.clone(), actions.clone());
        Callback::from(move |event: MouseEvent| {
            let node = place_of(&event).and_then(|(row, column)| table.cell(row, column)).and_then(|cell| cell.node);
            node.into_iter().for_each(|node| actions.select(Target::Node(node)));
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

/// Where a key moves the cursor; nothing for keys that do not.
fn moved(
    key: &str,
    control: bool,
    (row, column): (u64, u64),
    (last_row, last_column): (u64, u64),
    page: u64,
    columns: u64,
) -> Option<(u64, u64)> {
    let (row, column) = match (key, control) {
        ("ArrowDown", false) => (row + 1, column),
        ("ArrowUp", false) => (row.saturating_sub(1), column),
        ("ArrowRight", false) => (row, column + 1),
        ("ArrowLeft", false) => (row, column.saturating_sub(1)),
        ("ArrowDown", true) => (last_row, column),
        ("ArrowUp", true) => (0, column),
        ("ArrowRight", true) => (row, last_column),
        ("ArrowLeft", true) => (row, 0),
        ("PageDown", false) => (row.saturating_add(page), column),
        ("PageUp", false) => (row.saturating_sub(page), column),
        ("PageDown", true) => (row, column.saturating_add(columns)),
        ("PageUp", true) => (row, column.saturating_sub(columns)),
        ("Home", false) => (row, 0),
        ("End", false) => (row, last_column),
        ("Home", true) => (0, 0),
        ("End", true) => (last_row, last_column),
        _ => return None,
    };
    Some((row.min(last_row), column.min(last_column)))
}
