//! A table of any size in both directions: the ARIA grid pattern over cells that mostly do not exist.

mod arranging;
mod column_tools;
mod drawn;
mod edge;
mod filter;
pub mod finder;
mod handlers;
mod lengths;
pub mod range;
mod resizing;

use super::cell_bar::CellBar;
use super::column_statistics::{Shows, use_column_statistics};
use super::slicer::Slicer;
use crate::view::CellFormat;
use crate::view::card::{Arrangement, Grid, RowFilter};
use crate::web::actions::use_actions;
use crate::web::axis::MEASURED;
use crate::web::cells::{GridOf, Table, use_cells};
use crate::web::components::text::marked;
use crate::web::hits::{FoundElement, use_cell_hits};
use crate::web::plane::Plane;
use crate::web::resize::use_resize;
use arranging::use_arranged;
use column_tools::column_tools;
use drawn::{Drawn, cell_id, frozen_track, full_id, track};
use filter::{FilterBar, words};
use finder::ColumnFinder;
use handlers::{Handlers, next_sort};
use lengths::Lengths;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// Rows that a grid is high at most.
const ROWS: u64 = 14;

/// Columns up to which nobody needs help to find one.
const FEW: u64 = 8;

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
    let whole = &props.grid;
    let slice = use_state_eq(|| vec![0_u64; whole.slices.len()]);
    let wanted = use_state_eq(Arrangement::default);
    let attempt = use_state_eq(|| 0_u32);
    let cursor = use_state_eq(|| (0_u64, 0_u64));
    let anchor = use_state_eq(|| None::<(u64, u64)>);
    let frozen = use_state_eq(|| 0_u64);
    let drag = use_memo((), |()| Rc::new(Cell::new(None)));
    let held = use_memo((), |()| Rc::new(Cell::new(None)));
    let update = use_force_update();
    let (viewport, probe) = (use_node_ref(), use_node_ref());
    let plane = {
        let viewport = viewport.clone();
        use_memo((), |()| Plane::new(viewport))
    };
    let of =
        GridOf { generation: props.generation, node: props.node, grid: whole.id, size: (whole.rows, whole.columns) };
    let arranging = use_arranged(of, &slice, &wanted, *attempt);
    let shown = arranging.shown.clone();
    let grid = &Grid { rows: shown.rows, ..whole.clone() };
    let table = use_cells(of, &shown);
    let lengths = use_memo((), |()| RefCell::<Lengths>::default());
    // Those of the columns of a table: grids of one column have others.
    let statistics = use_column_statistics(Shows::Heads).filter(|_| whole.id == 0);
    lengths.borrow_mut().has_statistics = statistics.is_some();
    if let Some(first) = table.first() {
        lengths.borrow_mut().take(&first, whole);
    }
    lengths.borrow().lay_out(&plane, grid, *frozen);
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
    {
        // Another order begins at its first row.
        let (plane, update, cursor, anchor) = (Rc::clone(&plane), update.clone(), cursor.clone(), anchor.clone());
        let last = whole.columns.saturating_sub(1);
        use_effect_with(shown.arrangement.clone(), move |_| {
            anchor.set(None);
            let column = cursor.1.min(last);
            cursor.set((0, column));
            if plane.reveal(0, column) {
                update.force_update();
            }
        });
    }
    {
        // Columns that are released stand where the others are scrolled to.
        let (plane, update, (row, column)) = (Rc::clone(&plane), update.clone(), *cursor);
        use_effect_with(*frozen, move |_| {
            if plane.reveal(row, column) {
                update.force_update();
            }
        });
    }
    let (window, shift_down) = plane.down().window(plane.top());
    let (first_column, column_count, shift_right) = plane.columns();
    let visible = plane.draw();
    let hits = use_cell_hits(of, &shown, visible);
    {
        let table = table.clone();
        use_effect_with((visible, shown.clone()), move |(visible, _)| {
            table.want(*visible);
        });
    }
    {
        let visible = (statistics.clone(), visible.columns, visible.frozen);
        use_effect_with(visible, move |(statistics, (first, count), frozen)| {
            let Some(statistics) = statistics else { return };
            let columns = (0..*frozen).chain(*first..first + count);
            let column = |column: u64| statistics.columns().get(usize::try_from(column).ok()?);
            statistics.want(Shows::Heads, columns.filter_map(column).map(|column| column.part).collect());
        });
    }
    use_found_cell(props, &table, (slice.clone(), wanted.clone(), cursor.clone()), &plane, &update);
    let sort = {
        let wanted = wanted.clone();
        Callback::from(move |column| {
            wanted.set(Arrangement { sort: next_sort(wanted.sort, column), ..(*wanted).clone() });
        })
    };
    let handlers = Handlers {
        grid: grid.clone(),
        node: props.node,
        actions,
        table: table.clone(),
        plane: Rc::clone(&plane),
        shown: shown.clone(),
        update,
        cursor,
        anchor,
        drag: Rc::clone(&drag),
        lengths: Rc::clone(&lengths),
        held: Rc::clone(&held),
        frozen,
        sort,
    };
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
        chosen: handlers.chosen(),
        columns: (first_column, column_count),
        track: track(&plane, (first_column, column_count, shift_right)),
        frozen: plane.frozen(),
        frozen_track: frozen_track(&plane),
        statistics: statistics.as_ref(),
        head_widths: lengths.borrow().head_widths(&plane),
        sort: whole.can_arrange.then_some(shown.arrangement.sort),
    };
    let has_cells = grid.rows > 0 && grid.columns > 0;
    let in_sight = (window.first..window.first + window.count).contains(&row) && plane.shows_column(column);
    let (height, width) = plane.view();
    let (spacer_height, spacer_width) = plane.spacer();
    let lines = whole.rows.min(ROWS) as f64 + lengths.borrow().head_rows().max(1.8);
    let on_slice = {
        let slice = slice.clone();
        Callback::from(move |chosen| slice.set(chosen))
    };
    let on_again = {
        let (table, attempt) = (table.clone(), attempt.clone());
        let is_arranged = !shown.arrangement.is_plain();
        Callback::from(move |_: MouseEvent| match is_arranged {
            true => attempt.set(*attempt + 1),
            false => table.ask_again(),
        })
    };
    let active = has_cells.then(|| cell_id(grid.id, row, column));
    let is_stale = table.is_stale() || arranging.progress.is_some_and(|(done, _)| done > 0);
    html! {
        <div class="grid-frame">
            <Slicer id={format!("slice-{}", grid.id)} slices={grid.slices.clone()} chosen={(*slice).clone()} onchange={on_slice} />
            <div class="grid-tools">
                { for (whole.can_arrange && whole.rows > 1).then(|| filter_bar(whole, &table, &arranging, &wanted)) }
                <div class="grid-columns">
                    { for (whole.columns > FEW).then(|| html! { <ColumnFinder {of} {column} ongo={handlers.on_column()} /> }) }
                    { for has_cells.then(|| column_tools(&handlers)) }
                </div>
            </div>
            <div ref={viewport} id={format!("grid-{}", grid.id)} class={classes!("grid", is_stale.then_some("grid-stale"))}
                role="grid" tabindex="0" aria-label={props.label.clone()} aria-readonly="true" aria-multiselectable="true"
                aria-rowcount={(grid.rows + 1).to_string()} aria-colcount={(grid.columns + grid.row_heads.len() as u64).to_string()}
                aria-activedescendant={active} ~style={format!("height:calc({lines} * var(--row) + 0.9rem)")}
                data-first-row={window.first.to_string()} data-first-column={first_column.to_string()}
                onscroll={handlers.on_scroll()} onwheel={handlers.on_wheel()} onkeydown={handlers.on_key()}
                onclick={handlers.on_click()} ondblclick={handlers.on_double_click()}
                onmousedown={handlers.on_mouse_down()} onmousemove={handlers.on_mouse_move()}
                onpointerdown={handlers.on_pointer_down()} onpointermove={handlers.on_pointer_move()}
                onlostpointercapture={handlers.on_lost_pointer_capture()}>
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
                            { for (!in_sight && has_cells).then(|| drawn.away()) }
                        </div>
                    </div>
                </div>
            </div>
            <p class="grid-problem" role="status" hidden={table.problem().is_none()}>
                { for table.problem().map(|why| marked(&why)) }{ " " }
                <button class="button button-small" onclick={on_again} data-act="again">{ "Try again" }</button>
            </p>
            { cell_bar(grid, &handlers) }
        </div>
    }
}

fn cell_bar(grid: &Grid, handlers: &Handlers) -> Html {
    let ((row, column), table) = (*handlers.cursor, &handlers.table);
    let oncopy = {
        let handlers = handlers.clone();
        Callback::from(move |format: CellFormat| handlers.copy(format))
    };
    let cell = (grid.rows > 0).then(|| table.cell(row, column)).flatten();
    html! {
        <CellBar id={full_id(grid.id)} {row} {column} row_head={table.row_head(row).unwrap_or_default()}
            head={table.head(column).map(|(name, _)| name).unwrap_or_default()} {cell} {oncopy}
            chosen={handlers.chosen().map(|range| range.size())} />
    }
}

fn filter_bar(
    whole: &Grid,
    table: &Table,
    arranging: &arranging::Arranging,
    wanted: &UseStateHandle<Arrangement>,
) -> Html {
    let name = |column: u64| table.head(column).map_or_else(|| column.to_string(), |(name, _)| name);
    let words = words(arranging, wanted, whole.rows, name);
    let onfilter = {
        let wanted = wanted.clone();
        Callback::from(move |filter: Option<RowFilter>| wanted.set(Arrangement { filter, ..(*wanted).clone() }))
    };
    let onreset = {
        let wanted = wanted.clone();
        Callback::from(move |()| wanted.set(Arrangement::default()))
    };
    let columns = (0..whole.columns.min(MEASURED)).map(name).collect::<Vec<String>>();
    html! {
        <FilterBar id={whole.id} {columns} filter={wanted.filter.clone()} is_arranged={!wanted.is_plain()} {words}
            has_failed={arranging.problem.is_some()} {onfilter} {onreset} />
    }
}

/// Slice, arrangement and cursor.
type States = (UseStateHandle<Vec<u64>>, UseStateHandle<Arrangement>, UseStateHandle<(u64, u64)>);

/// What the find bar goes to is shown where it stands in the file.
#[hook]
fn use_found_cell(
    props: &GridViewProps,
    table: &Table,
    states: States,
    plane: &Rc<Plane>,
    update: &UseForceUpdateHandle,
) {
    let (slice, wanted, cursor) = states;
    let found = use_context::<FoundElement>().unwrap_or_default();
    let went = use_mut_ref(FoundElement::default);
    // Where columns stand is known with the first cells.
    let cell = table.first().and_then(|_| found.cell(props.node, &props.grid));
    let (plane, update) = (Rc::clone(plane), update.clone());
    let is_plain = wanted.is_plain();
    use_effect_with((found, cell, is_plain), move |(found, cell, is_plain)| {
        let Some((at, (row, column))) = cell.clone() else { return };
        if *went.borrow() == *found {
            return;
        }
        if !is_plain {
            return wanted.set(Arrangement::default());
        }
        *went.borrow_mut() = found.clone();
        slice.set(at);
        cursor.set((row, column));
        if plane.reveal(row, column) {
            update.force_update();
        }
    });
}
