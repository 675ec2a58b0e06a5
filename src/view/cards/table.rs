//! The card of a table: a DataFrame, a Series, an index, an array of pandas.

use crate::bytes::sorting;
use crate::graph::{Edge, NodeId};
use crate::lens::{Dtype, Lens, Series, Table, TableColumn, TableKind, TableValue, ValueKind, Values, Vector, grouped};
use crate::view::card::{Body, Card, CardFact, Cell, CellKind, CellWindow, Cells, Column, Entry, Grid, Section};
use crate::view::cards::rows_of_grid::{GridColumn, GridColumns};
use crate::view::preview::preview;
use std::ops::Range;

/// Columns of which a card lists dtype and statistics.
const COLUMNS: usize = 500;
/// Entries of `attrs` in a card.
const ATTRS: usize = 100;
/// Remarks of a card.
const REMARKS: usize = 12;
/// Columns whose dtypes a card counts by name.
const DTYPES: usize = 12;

/// The card of a table.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let table = lens.table(node)?;
    let kind = match table.kind {
        TableKind::Frame => "DataFrame",
        TableKind::Series => "Series",
        TableKind::Index => "Index",
        TableKind::Array => table.class_name(),
    };
    let grid = Grid {
        id: 0,
        rows: table.rows,
        columns: table.columns,
        slices: Vec::new(),
        row_heads: if table.kind == TableKind::Index { vec![String::new()] } else { table.level_names() },
        can_arrange: true,
    };
    let note = format!("{} x {}", counted(table.rows, "row"), counted(table.columns, "column"));
    let mut sections = Vec::new();
    let columns = table.columns_from(0, COLUMNS);
    let mut remarks = table.remarks.clone();
    for column in &columns {
        let problem = column.values.problem().map(|problem| format!("Column {}: {problem}.", column.name));
        remarks.extend(problem.filter(|_| remarks.len() < REMARKS && table.kind != TableKind::Array));
    }
    const NUMBERS: [&str; 6] = ["int", "uint", "float", "Int", "UInt", "Float"];
    let is_number =
        columns.first().is_some_and(|column| NUMBERS.iter().any(|name| column.values.dtype.starts_with(name)));
    let line = super::array::plot(table.rows).filter(|_| table.kind == TableKind::Series && is_number);
    sections.extend(line);
    sections.push(Section::new("Values", note, Body::Grid(grid)));
    let has_rows = table.kind == TableKind::Frame;
    let columns: Vec<Column> = (0..).zip(columns).map(|(number, found)| column(number, found, has_rows)).collect();
    if !columns.is_empty() {
        let left_out = table.columns - columns.len() as u64;
        let note = if left_out > 0 {
            format!("the first {} of {}", columns.len(), grouped(table.columns))
        } else {
            String::new()
        };
        sections.push(Section::new("Columns", note, Body::Columns(columns)));
    }
    if let Some(attrs) = table.attrs {
        let entry = |(name, value): (String, Edge)| {
            let node = value.node();
            let value = preview(lens, node, &lens.shape(node));
            Entry { name, value, note: String::new(), node: Some(node.0) }
        };
        let entries = lens.named_values(attrs).into_iter().take(ATTRS).map(entry).collect();
        sections.push(Section::new("attrs", "", Body::Entries(entries)));
    }
    Some(Card { kind: kind.to_owned(), facts: facts(&table), remarks, sections, ..Card::default() })
}

fn column(part: u32, column: TableColumn<'_>, has_row: bool) -> Column {
    Column { name: column.name, dtype: column.values.dtype, part, has_row }
}

/// The card of one column: how its values spread, and all of them beside the labels of their rows.
pub(super) fn column_card(lens: &Lens<'_>, node: NodeId, number: u64) -> Option<Card> {
    let table = lens.table(node)?;
    let column = table.column(number)?;
    let part = u32::try_from(number).ok()?;
    let mut facts = vec![CardFact::new("dtype", column.values.dtype.clone())];
    facts.push(CardFact::new("values", grouped(table.rows)));
    facts.extend(column.values.categories().map(|all| CardFact::new("categories", grouped(all.len()))));
    facts.push(CardFact::new("column", format!("{} of {}", grouped(number + 1), grouped(table.columns))));
    let grid = Grid {
        id: part.checked_add(1)?,
        rows: table.rows,
        columns: 1,
        slices: Vec::new(),
        row_heads: table.level_names(),
        ..Grid::default()
    };
    let note = counted(table.rows, "row");
    Some(Card {
        kind: "column".to_owned(),
        facts,
        remarks: column.values.problem().map(|problem| format!("{problem}.")).into_iter().collect(),
        sections: vec![
            Section::new("Distribution", "", Body::Statistics { part }),
            Section::new("Values", note, Body::Grid(grid)),
        ],
        ..Card::default()
    })
}

fn facts(table: &Table<'_>) -> Vec<CardFact> {
    let mut facts = vec![CardFact::new("class", table.class.clone())];
    let shape = match table.kind {
        TableKind::Frame => format!("({}, {})", table.rows, table.columns),
        TableKind::Index if table.columns != 1 => format!("({}, {})", table.rows, table.columns),
        _ => format!("({},)", table.rows),
    };
    facts.push(CardFact::new("shape", shape));
    let (mut dtypes, bytes) = table.summary();
    match table.kind {
        TableKind::Frame => {
            sorting::by_key(&mut dtypes, |(_, columns)| std::cmp::Reverse(*columns));
            let more = dtypes.len().saturating_sub(DTYPES);
            let mut words: Vec<String> =
                dtypes.iter().take(DTYPES).map(|(name, count)| format!("{name} ({})", grouped(*count))).collect();
            if more > 0 {
                words.push(format!("{more} more"));
            }
            if !words.is_empty() {
                facts.push(CardFact::new("columns by dtype", words.join(", ")));
            }
        }
        _ => facts
            .extend(dtypes.first().filter(|_| dtypes.len() == 1).map(|(name, _)| CardFact::new("dtype", name.clone()))),
    }
    if table.kind == TableKind::Series
        && let Some(column) = table.column(0).filter(|column| !column.name.is_empty())
    {
        facts.push(CardFact::new("name", column.name));
    }
    if let Some(column) = table.column(0).filter(|_| table.columns == 1)
        && let Some(categories) = column.values.categories()
        && table.kind != TableKind::Index
    {
        facts.push(CardFact::new("categories", grouped(categories.len())));
    }
    if let Some(bytes) = bytes {
        facts.push(CardFact::new("bytes of values", grouped(bytes)));
    }
    if let Some(index) = &table.index {
        let names: Vec<&str> =
            index.levels.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty()).collect();
        let mut words = vec![index.class.clone()];
        words.extend(Some(index.dtype().to_owned()).filter(|_| index.levels.len() == 1 && index.class != "RangeIndex"));
        words.extend(Some(format!("{} levels", index.levels.len())).filter(|_| index.levels.len() > 1));
        words.extend(Some(format!("named {}", names.join(", "))).filter(|_| !names.is_empty()));
        words.extend(index.freq.as_ref().map(|freq| format!("frequency {freq}")));
        facts.push(CardFact::new("index", words.join(", ")));
    }
    if let Some(names) = table.column_index.as_ref().filter(|names| names.levels.len() > 1) {
        facts.push(CardFact::new("column names", format!("{}, {} levels", names.class, names.levels.len())));
    }
    if !table.format.is_empty() {
        facts.push(CardFact::new("stored as", format!("{}, {}", table.manager, table.format)));
    }
    facts
}

fn counted(number: u64, word: &str) -> String {
    format!("{} {word}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Cells of the grid of a table, of these runs of rows; or of one of its columns, whose grid has the number behind that of the column.
pub(super) fn cells(lens: &Lens<'_>, window: &CellWindow, runs: &[Range<u64>], budget: usize) -> Option<Cells> {
    let table = lens.table(NodeId(window.node))?;
    let columns = match window.grid.checked_sub(1) {
        None => table.columns_from(window.column, window.columns as usize),
        Some(column) => table.columns_from(u64::from(column), 1),
    };
    let mut cells = Cells::default();
    for run in runs {
        let rows = usize::try_from(run.end.min(table.rows).saturating_sub(run.start)).unwrap_or(0);
        let (row_heads, rows, problem) = run_cells(&table, &columns, (run.start, rows), budget);
        cells.row_heads.extend(row_heads);
        cells.rows.extend(rows);
        cells.problem = cells.problem.or(problem);
    }
    cells.heads = columns.into_iter().map(|column| (column.name, column.values.dtype)).collect();
    Some(cells)
}

type RunCells = (Vec<Vec<String>>, Vec<Vec<Cell>>, Option<String>);

/// Heads and cells of rows that follow each other, and why some are not there.
fn run_cells(table: &Table<'_>, columns: &[TableColumn<'_>], (first, rows): (u64, usize), budget: usize) -> RunCells {
    let labels = match table.kind {
        TableKind::Index => Ok((first..).take(rows).map(|row| vec![row.to_string()]).collect()),
        _ => table.labels(first, rows, budget).map(|labels| {
            labels.into_iter().map(|levels| levels.into_iter().map(|label| label.text).collect()).collect()
        }),
    };
    let mut problem = None;
    let row_heads = labels.unwrap_or_else(|reason| {
        problem = Some(format!("index: {reason}"));
        Vec::new()
    });
    let mut cells = vec![Vec::with_capacity(columns.len()); rows];
    for column in columns {
        let found = column.values.cells(first, rows, budget).unwrap_or_else(|reason| {
            problem.get_or_insert_with(|| format!("column {}: {reason}", column.name));
            Vec::new()
        });
        let mut found = found.into_iter();
        for row in &mut cells {
            row.push(found.next().map_or_else(absent, cell));
        }
    }
    (row_heads, cells, problem)
}

/// A cell for which the file has no value.
fn absent() -> Cell {
    Cell { kind: CellKind::Missing, ..Cell::default() }
}

fn cell(value: TableValue) -> Cell {
    let kind = match value.kind {
        ValueKind::Number => CellKind::Number,
        ValueKind::Text => CellKind::Text,
        ValueKind::Missing => CellKind::Missing,
        ValueKind::Object => CellKind::Object,
    };
    let text = if value.is_cut { value.text + "…" } else { value.text };
    Cell { text, kind, node: value.node.map(|node| node.0), ..Cell::default() }
}

/// The values of a column.
pub(super) fn series<'a>(lens: &Lens<'a>, node: NodeId, part: u32) -> Option<Box<dyn Series + 'a>> {
    let column = lens.table(node)?.column(u64::from(part))?;
    Some(Box::new(column.values))
}

/// The columns of the grid of a table.
pub(super) fn columns<'a>(lens: &Lens<'a>, node: NodeId) -> Option<Box<dyn GridColumns + 'a>> {
    lens.table(node).map(|table| Box::new(table) as Box<dyn GridColumns>)
}

impl GridColumns for Table<'_> {
    fn size(&self) -> (u64, u64) {
        (self.rows, self.columns)
    }

    fn column(&self, number: u64) -> Option<Box<dyn GridColumn + '_>> {
        Some(Box::new(self.column(number)?.values))
    }
}

impl GridColumn for Vector<'_> {
    fn ranks(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        self.ranks(first, count)
    }

    fn numbers(&self, first: u64, count: usize) -> Result<Option<Values>, String> {
        self.numbers(first, count)
    }

    fn cells(&self, first: u64, count: usize, budget: usize) -> Result<Vec<Cell>, String> {
        Ok(self.cells(first, count, budget)?.into_iter().map(cell).collect())
    }

    fn is_counted(&self) -> bool {
        self.is_counted()
    }

    fn dtype(&self) -> Option<&Dtype> {
        self.element_dtype()
    }
}
