//! Sparse matrices: how much is stored, where, and the matrix as it would be in full.

use super::array::entry;
use crate::graph::NodeId;
use crate::lens::{Data, Lens, Series, Sparse, SparseFormat, grouped, shape_text};
use crate::view::card::{
    Body, Card, CardFact, Cell, CellKind, CellWindow, Cells, Entry, Grid, Picture, PictureSlot, Section,
};
use crate::view::preview::plural;
use crate::view::raster::{self, Raster};

/// Entries gone over for the picture.
const ENTRIES: u64 = 4 << 20;

/// The card of a sparse matrix.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let sparse = lens.sparse(node)?;
    let mut card = Card { kind: sparse.class.short_name().to_owned(), facts: facts(&sparse), ..Card::default() };
    if sparse.shape.len() <= 2 {
        let (rows, columns) = sparse.sides();
        if rows > 0 && columns > 0 {
            let slot = PictureSlot {
                part: 0,
                width: columns,
                height: rows,
                description: format!("where the stored elements of {} x {} are", grouped(rows), grouped(columns)),
                slices: Vec::new(),
                is_heat_map: true,
            };
            card.sections.push(Section::new("Occupancy", stored_text(&sparse), Body::Picture(slot)));
        }
        let grid = Grid { id: 0, rows, columns, row_heads: vec![String::new()], ..Grid::default() };
        card.sections.push(Section::new("Values", plural(rows, "row", "rows"), Body::Grid(grid)));
    } else {
        card.remarks.push("arrays of more than two dimensions are not shown as a table".to_owned());
    }
    if sparse.data().is_some_and(|data| !data.is_empty()) {
        card.sections.push(Section::new("Statistics", "of the stored elements", Body::Statistics { part: 0 }));
    }
    card.sections.push(Section::new("Stored as", "", Body::Entries(entries(lens, &sparse))));
    Some(card)
}

fn stored_text(sparse: &Sparse<'_>) -> String {
    sparse.stored.map_or_else(|| "too many to count".to_owned(), |stored| format!("{} stored", grouped(stored)))
}

fn facts(sparse: &Sparse<'_>) -> Vec<CardFact> {
    let mut facts =
        vec![CardFact::new("format", sparse.format.words()), CardFact::new("shape", shape_text(&sparse.shape))];
    facts.extend(sparse.dtype.as_ref().map(|dtype| CardFact::new("dtype", dtype.name.clone())));
    facts.extend(sparse.stored.map(|stored| CardFact::new("stored", grouped(stored))));
    if let Some(density) = sparse.density() {
        facts.push(CardFact::new("density", percent(density)));
    }
    match (sparse.format, sparse.data()) {
        (SparseFormat::Bsr, Some(data)) => {
            let block = data.grid().get(1..).unwrap_or_default();
            facts.push(CardFact::new("blocks", format!("{} of {}", grouped(data.grid()[0]), shape_text(block))));
        }
        (SparseFormat::Dia, Some(data)) => {
            facts.push(CardFact::new("diagonals", grouped(data.grid().first().copied().unwrap_or(0))));
        }
        _ => {}
    }
    if let Some(bytes) = sparse.data().and_then(|data| data.bytes()) {
        facts.push(CardFact::new("bytes of values", grouped(bytes)));
    }
    facts
}

fn percent(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "0" if share > 0.0 => "below 0.001 %".to_owned(),
        text => format!("{text} %"),
    }
}

fn entries(lens: &Lens<'_>, sparse: &Sparse<'_>) -> Vec<Entry> {
    const SHOWN: usize = 64;
    sparse.attributes.iter().take(SHOWN).map(|(name, edge)| entry(lens, name, *edge)).collect()
}

/// Cells of a sparse matrix; what is not stored is zero.
pub(super) fn cells(lens: &Lens<'_>, window: &CellWindow) -> Option<Cells> {
    let sparse = lens.sparse(NodeId(window.node))?;
    let (rows, columns) = sparse.sides();
    let range = |first: u64, count: u32, size: u64| {
        let first = first.min(size);
        first..first.saturating_add(u64::from(count)).min(size)
    };
    let (rows, columns) = (range(window.row, window.rows, rows), range(window.column, window.columns, columns));
    let dtype = sparse.dtype.as_ref().map_or_else(String::new, |dtype| dtype.name.clone());
    let mut cells = Cells {
        heads: columns.clone().map(|column| (column.to_string(), dtype.clone())).collect(),
        row_heads: rows.clone().map(|row| vec![row.to_string()]).collect(),
        ..Cells::default()
    };
    match sparse.window(rows.clone(), columns.clone()) {
        Ok((found, problem)) => {
            let cell = |place: (u64, u64)| match found.get(&place) {
                Some(stored) => {
                    let kind = if stored.text == "nan" { CellKind::Missing } else { CellKind::Number };
                    Cell { text: stored.text.clone(), kind, node: stored.node, ..Cell::default() }
                }
                None => Cell { text: "0".to_owned(), ..Cell::default() },
            };
            cells.rows = rows.map(|row| columns.clone().map(|column| cell((row, column))).collect()).collect();
            cells.problem = problem;
        }
        Err(reason) => cells.problem = Some(reason),
    }
    Some(cells)
}

/// The stored elements.
pub(super) fn series<'a>(lens: &Lens<'a>, node: NodeId, part: u32) -> Option<Box<dyn Series + 'a>> {
    let sparse = lens.sparse(node)?;
    let data = sparse.into_data()?;
    if matches!(data.data, Data::Missing(_)) {
        return None;
    }
    Some(Box::new(data.series(part)?))
}

/// Where the stored elements are.
pub(super) fn picture(lens: &Lens<'_>, node: NodeId, part: u32, width: u32) -> Option<Picture> {
    let sparse = lens.sparse(node).filter(|sparse| part == 0 && sparse.shape.len() <= 2)?;
    let (rows, columns) = sparse.sides();
    if rows == 0 || columns == 0 {
        return None;
    }
    let mut raster = Raster::new(raster::size(rows, columns, width));
    let (across, down) = (u128::from(raster.width), u128::from(raster.height));
    let mut outside = 0u64;
    let read = sparse.entries(ENTRIES, &mut |row, column| {
        if row >= rows || column >= columns {
            outside += 1;
            return;
        }
        let x = u128::from(column) * across / u128::from(columns);
        let y = u128::from(row) * down / u128::from(rows);
        raster.add(x as u32, y as u32, 1.0);
    });
    let mut picture = raster::occupancy(&raster.counts(), raster.width, raster.height);
    let mut notes = Vec::new();
    match (read, sparse.stored) {
        (Err(reason), _) => notes.push(reason),
        (Ok(read), Some(stored)) if read < stored => {
            notes.push(format!("{} of {} entries were read", grouped(read), grouped(stored)));
        }
        _ => {}
    }
    if u64::from(raster.width) < columns || u64::from(raster.height) < rows {
        let (wide, tall) = (columns.div_ceil(u64::from(raster.width)), rows.div_ceil(u64::from(raster.height)));
        notes.push(format!("a pixel stands for up to {} x {} elements", grouped(tall), grouped(wide)));
    }
    if outside > 0 {
        notes.push(format!("{} entries lie outside the shape", grouped(outside)));
    }
    picture.note = notes.join("; ");
    Some(picture)
}
