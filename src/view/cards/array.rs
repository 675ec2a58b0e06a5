//! Arrays and tensors: facts, a grid of the last two dimensions, statistics.

use super::array_picture;
use crate::graph::{Edge, NodeId};
use crate::lens::{Array, Data, Dtype, Kind, Lens, Order, PartLabel, ScalarKind, Series, grouped, shape_text};
use crate::view::card::{
    Body, Card, CardFact, Cell, CellKind, CellWindow, Cells, Column, Entry, Grid, Picture, Section,
};
use crate::view::cards::rows_of_grid::CELL;
use crate::view::preview::{self, plural};
use std::ops::Range;

/// Characters of a value in a fact, and of one of a short row.
const VALUE: usize = 120;
/// Fields of a structure that have columns.
const FIELDS: usize = 4096;

/// The card of an array.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let array = lens.array(node)?;
    let mut card = array_card(&array);
    let shape = lens.shape(node);
    let mut more = Vec::new();
    for part in &shape.parts {
        let Some(edge) = part.window(lens.graph, 0, 1).first().map(|child| child.value) else { continue };
        match &part.label {
            // None stands for the default of the dtype.
            PartLabel::Named(name) if name == "fill_value" && !lens.is_none(edge) => {
                let value = lens.array(edge.node()).and_then(|array| array.value(0, VALUE).ok());
                card.facts.push(CardFact::new("fill value", value.unwrap_or_else(|| lens.inline(edge))));
            }
            PartLabel::Role(name) if name.starts_with("state ") => more.push(entry(lens, name, edge)),
            _ => {}
        }
    }
    if array.mask.is_some() {
        card.facts.push(CardFact::new("masked elements", "shown as --"));
    }
    if !more.is_empty() {
        card.sections.push(Section::new("More in the state", "of a subclass", Body::Entries(more)));
    }
    card.kind = shape.type_name;
    Some(card)
}

/// A value by name, in one line.
pub(super) fn entry(lens: &Lens<'_>, name: &str, edge: Edge) -> Entry {
    let (node, shape) = (edge.node(), lens.shape(edge.node()));
    let mut value = preview::preview(lens, node, &shape);
    value.truncate(3);
    Entry { name: name.to_owned(), value, note: preview::row_type(&shape), node: Some(node.0) }
}

/// Cells of the grid of an array, of these runs of rows.
pub(super) fn cells(lens: &Lens<'_>, window: &CellWindow, runs: &[Range<u64>], budget: usize) -> Option<Cells> {
    runs_of_array(lens, &lens.array(NodeId(window.node))?, window, (runs, budget))
}

/// The elements of an array, or those of one field.
pub(super) fn series<'a>(lens: &Lens<'a>, node: NodeId, part: u32) -> Option<Box<dyn Series + 'a>> {
    let series = lens.array(node)?.series(part)?;
    Some(Box::new(series))
}

/// A picture of an array.
pub(super) fn picture(lens: &Lens<'_>, node: NodeId, part: u32, slice: &[u64], width: u32) -> Option<Picture> {
    array_picture::picture(&lens.array(node)?, part, slice, width)
}

/// What there is to say of an array, whatever holds it. Reads none of its elements.
#[must_use]
pub fn array_card(array: &Array<'_>) -> Card {
    let mut card = Card { kind: "ndarray".to_owned(), facts: facts(array), ..Card::default() };
    card.remarks.extend(array.problem.clone());
    if let Data::Missing(reason) = &array.data {
        card.remarks.push(reason.clone());
        return card;
    }
    if let Some(slot) = array_picture::slot(array) {
        let title = if slot.is_heat_map { "Heat map" } else { "Image" };
        // Rows first, as the shape has them; of pixels people say the width first.
        let (height, width) = (grouped(slot.height), grouped(slot.width));
        let note = if slot.is_heat_map { format!("{height} x {width}") } else { format!("{width} x {height} pixels") };
        card.sections.push(Section::new(title, note, Body::Picture(slot)));
    }
    let is_number = matches!(array.dtype.kind, Kind::Int | Kind::Uint | Kind::Float | Kind::Brain | Kind::Float8(_));
    if is_number && array.grid().len() == 1 {
        card.sections.extend(plot(array.len()));
    }
    let layout = Layout::of(array);
    let note = plural(array.len(), "element", "elements");
    card.sections.push(Section::new("Values", note, Body::Grid(layout.grid(array))));
    card.sections.extend(statistics(array));
    card
}

fn facts(array: &Array<'_>) -> Vec<CardFact> {
    let mut facts = vec![
        CardFact::new("dtype", dtype_text(&array.dtype)),
        CardFact::new("shape", shape_text(&array.shape)),
        CardFact::new("elements", grouped(array.len())),
    ];
    let order = match &array.order {
        Order::C if array.shape.len() > 1 => Some("C (rows one after the other)".to_owned()),
        Order::Fortran => Some("Fortran (columns one after the other)".to_owned()),
        Order::Strided { offset, strides } => {
            let before = if *offset > 0 { format!(", from element {}", grouped(*offset)) } else { String::new() };
            (!strides.is_empty() || *offset > 0).then(|| format!("strides {} in elements{before}", shape_text(strides)))
        }
        Order::C => None,
    };
    facts.extend(order.map(|order| CardFact::new("order", order)));
    if let (Data::Bytes(_), Some(bytes)) = (&array.data, array.bytes()) {
        facts.push(CardFact::new("bytes", grouped(bytes)));
    }
    if let Some((place, span)) = array.place() {
        let place = place.map_or_else(String::new, |place| format!(" of {place}"));
        facts.push(CardFact::new("place", format!("{} … {}{place}", span.start, span.end)));
    }
    if let Data::Items(_) = array.data {
        facts.push(CardFact::new("place", "as objects in the pickle"));
    }
    facts
}

/// `float64, little-endian (<f8)`.
pub(super) fn dtype_text(dtype: &Dtype) -> String {
    let code = dtype.code();
    let order = match code.chars().next() {
        Some('<') => ", little-endian",
        Some('>') => ", big-endian",
        _ => "",
    };
    let is_plain = !matches!(dtype.kind, Kind::Struct | Kind::Subarray | Kind::Object | Kind::Other);
    let name = dtype.native_name();
    let code = if is_plain && code != name { format!(" ({code})") } else { String::new() };
    let size = if dtype.kind == Kind::Struct { format!(", {} bytes each", dtype.itemsize) } else { String::new() };
    let aligned = if dtype.aligned { ", aligned" } else { "" };
    format!("{name}{order}{code}{size}{aligned}")
}

/// Numbers in a row as a line, which needs at least two of them.
pub(super) fn plot(count: u64) -> Option<Section> {
    (count > 1).then(|| Section::new("Line", "by index", Body::Plot { part: 0, count }))
}

fn statistics(array: &Array<'_>) -> Option<Section> {
    if array.is_empty() || array.series(0).is_none() {
        return None;
    }
    if array.dtype.kind != Kind::Struct {
        return Some(Section::new("Statistics", "", Body::Statistics { part: 0 }));
    }
    let column = |(part, field): (usize, &crate::lens::Field)| Column {
        name: field.name.clone(),
        dtype: field.dtype.name.clone(),
        part: part as u32,
        has_row: false,
    };
    let columns: Vec<Column> = array.dtype.fields.iter().take(FIELDS).enumerate().map(column).collect();
    let note = plural(columns.len() as u64, "field", "fields");
    (!columns.is_empty()).then(|| Section::new("Fields", note, Body::Columns(columns)))
}

/// Which dimensions are rows and columns of the grid.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) rows: u64,
    pub(super) columns: u64,
    /// Dimensions that the reader chooses an index of.
    slices: usize,
    /// Whether the columns are the fields of a structure.
    pub(super) has_fields: bool,
}

impl Layout {
    pub(super) fn of(array: &Array<'_>) -> Self {
        let (shape, fields) = (array.grid(), array.dtype.fields.len());
        let has_fields = array.dtype.kind == Kind::Struct && fields > 0;
        let columns = if has_fields { fields.min(FIELDS) as u64 } else { 1 };
        match *shape {
            [] => Self { rows: 1, columns, slices: 0, has_fields },
            [rows] => Self { rows, columns, slices: 0, has_fields },
            [ref slices @ .., rows] if has_fields => Self { rows, columns, slices: slices.len(), has_fields },
            [ref slices @ .., rows, columns] => Self { rows, columns, slices: slices.len(), has_fields },
        }
    }

    fn grid(self, array: &Array<'_>) -> Grid {
        let slices = array.grid()[..self.slices].iter().enumerate();
        Grid {
            id: 0,
            rows: self.rows,
            columns: self.columns,
            slices: slices.map(|(dimension, &size)| (format!("axis {dimension}"), size)).collect(),
            row_heads: vec![String::new()],
            can_arrange: true,
        }
    }

    /// Number of the first element of a slice, counted in C order.
    pub(super) fn start(self, array: &Array<'_>, slice: &[u64]) -> u64 {
        let (shape, mut start) = (array.grid(), 0u64);
        for (dimension, &size) in shape[..self.slices].iter().enumerate() {
            let index = slice.get(dimension).copied().unwrap_or(0).min(size.saturating_sub(1));
            start = start.saturating_mul(size).saturating_add(index);
        }
        let below: u64 = shape[self.slices..].iter().fold(1, |product, &size| product.saturating_mul(size));
        start.saturating_mul(below)
    }
}

/// Cells of the grid that [`array_card`] names.
#[must_use]
pub fn array_cells(lens: &Lens<'_>, array: &Array<'_>, window: &CellWindow) -> Option<Cells> {
    let run = window.row..window.row.saturating_add(u64::from(window.rows));
    runs_of_array(lens, array, window, (&[run], CELL))
}

fn runs_of_array(
    lens: &Lens<'_>,
    array: &Array<'_>,
    window: &CellWindow,
    (runs, budget): (&[Range<u64>], usize),
) -> Option<Cells> {
    let layout = Layout::of(array);
    let runs = runs.iter().map(|run| run.start.min(layout.rows)..run.end.min(layout.rows));
    let columns =
        window.column.min(layout.columns)..window.column.saturating_add(u64::from(window.columns)).min(layout.columns);
    let mut cells = Cells {
        heads: columns.clone().map(|column| head(array, layout, column)).collect(),
        row_heads: runs.clone().flatten().map(|row| vec![row.to_string()]).collect(),
        ..Cells::default()
    };
    let start = layout.start(array, &window.slice);
    let found = if layout.has_fields {
        let fields = |run| field_cells(lens, array, (start, budget), run, columns.clone());
        runs.map(fields).collect::<Result<Vec<_>, _>>().map(|runs| runs.into_iter().flatten().collect())
    } else {
        let row = |row: u64| {
            let first = start.saturating_add(row.saturating_mul(layout.columns));
            columns.clone().map(move |column| first.saturating_add(column))
        };
        let indices: Vec<u64> = runs.flatten().flat_map(row).collect();
        let width = usize::try_from(columns.end - columns.start).unwrap_or(usize::MAX).max(1);
        element_cells(lens, array, &indices, budget).map(|cells| cells.chunks(width).map(<[Cell]>::to_vec).collect())
    };
    match found {
        Ok(rows) => cells.rows = rows,
        Err(reason) => cells.problem = Some(reason),
    }
    Some(cells)
}

fn head(array: &Array<'_>, layout: Layout, column: u64) -> (String, String) {
    if layout.has_fields {
        let field = usize::try_from(column).ok().and_then(|column| array.dtype.fields.get(column));
        return field.map_or_else(Default::default, |field| (field.name.clone(), field.dtype.name.clone()));
    }
    // A single column without a number: nothing tells it from others.
    let is_alone = array.grid().len() < 2;
    (if is_alone { String::new() } else { column.to_string() }, array.dtype.name.clone())
}

pub(super) fn element_cells(
    lens: &Lens<'_>,
    array: &Array<'_>,
    indices: &[u64],
    budget: usize,
) -> Result<Vec<Cell>, String> {
    if let Data::Items(_) = array.data {
        let items = indices.iter().map(|&index| array.items(index, 1).first().copied());
        return Ok(items.map(|item| item.map_or_else(Cell::default, |item| object_cell(lens, item, budget))).collect());
    }
    let texts = array.values_at(indices, budget)?;
    Ok(texts.into_iter().map(|text| cell(&array.dtype, text)).collect())
}

pub(super) fn field_cells(
    lens: &Lens<'_>,
    array: &Array<'_>,
    (start, budget): (u64, usize),
    rows: Range<u64>,
    columns: Range<u64>,
) -> Result<Vec<Vec<Cell>>, String> {
    let first = start.saturating_add(rows.start);
    let count = usize::try_from(rows.end - rows.start).unwrap_or(usize::MAX);
    let (from, to) = (columns.start as usize, columns.end as usize);
    if let Data::Items(_) = array.data {
        let items = array.items(first, count).into_iter();
        let cells = items.map(|item| {
            let fields = lens.graph.items(item.node()).skip(from).take(to - from);
            fields.map(|field| object_cell(lens, field, budget)).collect()
        });
        return Ok(cells.collect());
    }
    let mut found = vec![Vec::with_capacity(to - from); count];
    for field in &array.dtype.fields[from..to] {
        let texts = array.field_texts(field, first, count, budget)?;
        for (row, text) in found.iter_mut().zip(texts) {
            row.push(cell(&field.dtype, text));
        }
    }
    Ok(found)
}

fn cell(dtype: &Dtype, text: String) -> Cell {
    let kind = match dtype.kind {
        _ if matches!(text.as_str(), "--" | "nan" | "NaT") && dtype.kind != Kind::Text => CellKind::Missing,
        Kind::Text | Kind::Bytes => CellKind::Text,
        Kind::Struct | Kind::Subarray | Kind::Void | Kind::Other => CellKind::Object,
        _ => CellKind::Number,
    };
    Cell { text, kind, ..Cell::default() }
}

/// A cell that shows a value of the graph.
pub(super) fn object_cell(lens: &Lens<'_>, edge: Edge, budget: usize) -> Cell {
    let node = edge.node();
    let kind = match lens.scalar(node, budget) {
        Some(scalar) => match scalar.kind {
            ScalarKind::Number if scalar.text == "nan" => CellKind::Missing,
            ScalarKind::Number => CellKind::Number,
            ScalarKind::Text => CellKind::Text,
            ScalarKind::Constant if scalar.text == "None" => CellKind::Missing,
            _ => CellKind::Object,
        },
        None => CellKind::Object,
    };
    let text = match kind {
        CellKind::Object => crate::view::outline::outline(lens, node, budget),
        _ => lens.inline(edge),
    };
    Cell { text: text.chars().take(2 * budget).collect(), kind, node: Some(node.0), ..Cell::default() }
}
