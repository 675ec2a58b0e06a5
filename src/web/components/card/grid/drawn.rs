//! Heads and rows of a grid.

use super::lengths::Lengths;
use super::range::Range;
use crate::view::card::{CellKind, RowSort, Statistics};
use crate::web::cells::Table;
use crate::web::components::card::column_statistics::ColumnStatistics;
use crate::web::components::card::columns::{head_statistics, statistics_words};
use crate::web::components::card::small_table::kind_class;
use crate::web::components::text::marked;
use crate::web::plane::Plane;
use std::collections::HashSet;
use std::rc::Rc;
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
    /// The first column that scrolls and is visible, and how many.
    pub(super) columns: (u64, u64),
    /// Where these stand: the same in all rows.
    pub(super) track: String,
    /// How many of the first columns are frozen.
    pub(super) frozen: u64,
    /// Where these stand.
    pub(super) frozen_track: String,
    /// How the values of columns spread, where that is known.
    pub(super) statistics: Option<&'a ColumnStatistics>,
    /// Widths of the heads of rows.
    pub(super) head_widths: Vec<f64>,
    /// Whether rows can be sorted, and by what they are.
    pub(super) sort: Option<Option<RowSort>>,
}

/// A style that places columns: the first one, how many, and where the first begins.
pub(super) fn track(plane: &Plane, (first, count, shift): (u64, u64, f64)) -> String {
    format!("transform:translateX({shift}px);{}", columns_style(plane, first..first + count))
}

/// A style that places the frozen columns.
pub(super) fn frozen_track(plane: &Plane) -> String {
    columns_style(plane, 0..plane.frozen())
}

fn columns_style(plane: &Plane, columns: std::ops::Range<u64>) -> String {
    use std::fmt::Write as _;
    let mut style = "grid-template-columns:".to_owned();
    for column in columns {
        let _ = write!(style, "{}px ", plane.width(column));
    }
    style
}

/// Whether a column has a card of its own, which its small histogram leads to.
fn leads(known: &ColumnStatistics, column: u64) -> bool {
    usize::try_from(column).is_ok_and(|column| known.columns().get(column).is_some_and(|column| column.has_row))
}

impl Drawn<'_> {
    /// What stands behind the head of a row: frozen columns, then those that scroll.
    fn columns(&self, draw: impl Fn(u64) -> Html) -> Html {
        let frozen = (self.frozen > 0).then(|| {
            html! {
                <span class="grid-frozen" role="presentation" ~style={self.frozen_track.as_str()}>
                    { for (0..self.frozen).map(&draw) }
                </span>
            }
        });
        html! {
            <>
                { for frozen }
                <span class="grid-clip" role="presentation">
                    <span class="grid-cells" role="presentation" ~style={self.track.as_str()}>
                        { for (self.columns.0..self.columns.0 + self.columns.1).map(&draw) }
                    </span>
                </span>
            </>
        }
    }

    fn statistics(&self, column: u64) -> Option<Rc<Statistics>> {
        let known = self.statistics?;
        known.of(known.columns().get(usize::try_from(column).ok()?)?.part)
    }

    /// The last head of a row has a line behind it.
    fn head_class(&self, index: usize) -> Classes {
        classes!("grid-row-head", (index as u64 + 1 == self.heads).then_some("grid-row-head-last"))
    }

    /// The heads of the columns.
    pub(super) fn head(&self, names: &[String]) -> Html {
        let corner = |(index, name): (usize, &String)| {
            let width = self.head_widths.get(index).copied().unwrap_or_default();
            html! {
                <span role="columnheader" class={self.head_class(index)} aria-colindex={(index + 1).to_string()} ~style={format!("width:{width}px")}>
                    { if name.is_empty() { html! { <span class="visually-hidden">{ "row" }</span> } } else { marked(name) } }
                </span>
            }
        };
        let column = |column: u64| {
            let (name, dtype) = self.table.head(column).unwrap_or_default();
            let statistics = self.statistics(column);
            let words = statistics.as_deref().map(statistics_words).filter(|words| !words.is_empty());
            let title = format!("{name} {dtype}{}", words.map(|words| format!("\n{words}")).unwrap_or_default());
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
                    { for self.statistics.map(|known| html! {
                        <span class="grid-statistics" aria-hidden="true" data-spread={leads(known, column).then(|| column.to_string())}>{ for statistics.as_deref().map(head_statistics) }</span>
                    }) }
                    <span class="grid-edge" data-edge={column.to_string()} aria-hidden="true"
                        title="Drag to resize the column. Double-click for the measured width." />
                </span>
            }
        };
        html! {
            <div class="grid-row" role="row" aria-rowindex="1" ~style={format!("height:calc({} * var(--row))", self.lengths.head_rows())}>
                { for names.iter().enumerate().map(corner) }
                { self.columns(column) }
            </div>
        }
    }

    /// A row.
    pub(super) fn row(&self, row: u64) -> Html {
        let heads = self.table.row_head(row);
        let head = |(index, width): (usize, &f64)| {
            let text = heads.as_ref().and_then(|heads| heads.get(index)).cloned().unwrap_or_default();
            html! {
                <span role="rowheader" class={self.head_class(index)} aria-colindex={(index + 1).to_string()} title={text.clone()}
                    ~style={format!("width:{width}px")}>{ marked(&text) }</span>
            }
        };
        html! {
            <div key={row % self.plane.down().slots()} class="grid-row" role="row" aria-rowindex={(row + 2).to_string()}>
                { for self.head_widths.iter().enumerate().map(head) }
                { self.columns(|column| self.cell(row, column)) }
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
