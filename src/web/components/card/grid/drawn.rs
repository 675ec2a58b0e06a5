//! Heads and rows of a grid.

use super::lengths::Lengths;
use super::range::Range;
use crate::view::card::{CellKind, RowSort};
use crate::web::cells::Table;
use crate::web::components::card::small_table::kind_class;
use crate::web::components::text::marked;
use crate::web::plane::Plane;
use std::collections::HashSet;
use yew::prelude::*;

/// Id of the element of a cell.
pub(super) fn cell_id(grid: u32, row: u64, column: u64) -> String {
    format!("cell-{grid}-{row}-{column}")
}

/// Id of the element with all digits of the cell that has the keyboard.
pub(super) fn full_id(grid: u32) -> String {
    format!("cell-full-{grid}")
}

/// Rows that tell what a column holds.
const FIRST_ROWS: u64 = 8;

/// What rows are drawn with.
pub(super) struct Drawn<'a> {
    pub(super) id: u32,
    /// Columns that the head of a row has.
    pub(super) heads: u64,
    pub(super) lengths: &'a Lengths,
    pub(super) plane: &'a Plane,
    pub(super) table: &'a Table,
    /// Rows and columns of the grid.
    pub(super) size: (u64, u64),
    /// Cells that the search in the find bar found, numbered row by row.
    pub(super) hits: &'a HashSet<u64>,
    pub(super) cursor: (u64, u64),
    /// The cells that are chosen, when it is more than the one that has the keyboard.
    pub(super) chosen: Option<Range>,
    /// The first column and how many.
    pub(super) columns: (u64, u64),
    /// Where columns stand: the same in all rows.
    pub(super) track: String,
    /// Widths of the heads of rows.
    pub(super) head_widths: Vec<f64>,
    /// Whether rows can be sorted, and by what they are.
    pub(super) sort: Option<Option<RowSort>>,
}

/// A style that places columns: the first one, how many, and where the first begins.
pub(super) fn track(plane: &Plane, (first, count, shift): (u64, u64, f64)) -> String {
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

    /// The heads of the columns.
    pub(super) fn head(&self, names: &[String]) -> Html {
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
            let order = self.sort.map(|sort| match sort.filter(|sort| sort.column == column) {
                Some(RowSort { descending: true, .. }) => "descending",
                Some(_) => "ascending",
                None => "none",
            });
            html! {
                <span key={column} role="columnheader" class={classes!("grid-column-head", is_text.then_some("grid-head-text"))} title={title}
                    aria-colindex={(self.heads + column + 1).to_string()} aria-sort={order} data-sort={order.map(|_| column.to_string())}>
                    { if order.is_some() {
                        let label = name.is_empty().then_some("Sort");
                        html! { <button class="grid-name grid-sort" tabindex="-1" aria-label={label}>{ marked(&name) }</button> }
                    } else {
                        html! { <span class="grid-name">{ marked(&name) }</span> }
                    } }
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

    /// A row.
    pub(super) fn row(&self, row: u64) -> Html {
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
    pub(super) fn away(&self) -> Html {
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
        let is_chosen = self.chosen.is_some_and(|chosen| chosen.holds((row, column)));
        let class = classes!(
            "grid-cell",
            kind_class(cell.kind),
            is_hit,
            is_chosen.then_some("grid-chosen"),
            focused.then_some("grid-focused")
        );
        // A number that is shown with fewer digits has all of them here.
        let described = (focused && cell.full.is_some()).then(|| full_id(self.id));
        html! {
            <span key={column} {id} role="gridcell" {class} aria-colindex={colindex} aria-selected={(focused || is_chosen).then_some("true")}
                aria-describedby={described} title={cell.full_text().to_owned()}>
                { match cell.node {
                    Some(node) => html! { <span class="node-link" data-node-link={node.to_string()}>{ marked(&cell.text) }</span> },
                    None => marked(&cell.text),
                } }
            </span>
        }
    }
}
