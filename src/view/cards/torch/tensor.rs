//! Tensors whose numbers are not their elements: sparse ones with places and values, quantised ones with what the integers
//! stand for.

use super::facts::shape_of;
use crate::graph::NodeId;
use crate::lens::{Array, Lens, Quantized, Scale, SparseTensor, shape_text};
use crate::opcode::repr_float;
use crate::view::card::{Body, Card, CardFact, Cell, CellKind, CellWindow, Cells, Grid, Section};
use crate::view::preview::{grouped, plural, size_text};

/// Rows up to which the values of a sparse tensor are also shown densely.
const DENSE_COLUMNS: u64 = 200;

pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    if let Some(sparse) = lens.sparse_tensor(node) {
        return sparse_card(lens, node, &sparse);
    }
    quantized_card(lens, node, &lens.quantized(node)?)
}

pub(super) fn cells(lens: &Lens<'_>, window: &CellWindow) -> Option<Cells> {
    let node = NodeId(window.node);
    if let Some(sparse) = lens.sparse_tensor(node) {
        return match window.grid {
            0 => Some(place_cells(&sparse, window)),
            1 => Some(dense_cells(&sparse, window)),
            _ => None,
        };
    }
    let quantized = lens.quantized(node)?;
    match window.grid {
        0 => Some(grid_cells(&quantized.stored.shape, window, |first, count| {
            Ok(quantized.values(first, count)?.into_iter().map(|value| format!("{value:?}")).collect())
        })),
        1 => {
            Some(grid_cells(&quantized.stored.shape, window, |first, count| quantized.stored.values(first, count, 40)))
        }
        _ => None,
    }
}

/// Dimensions of a tensor as a grid: the last two as rows and columns, those before as slices.
fn grid(id: u32, shape: &[u64]) -> Grid {
    let (rows, columns, before) = match shape {
        [] => (1, 1, shape),
        &[size] => (size, 1, &shape[..0]),
        &[ref before @ .., rows, columns] => (rows, columns, before),
    };
    let slices = before.iter().enumerate().map(|(at, &size)| (format!("dimension {at}"), size)).collect();
    Grid { id, rows, columns, slices, row_heads: vec![String::new()], ..Grid::default() }
}

/// Cells of a grid of all dimensions.
fn grid_cells(shape: &[u64], window: &CellWindow, read: impl Fn(u64, usize) -> Result<Vec<String>, String>) -> Cells {
    let Grid { rows, columns, slices, .. } = grid(0, shape);
    let mut slice = 0u64;
    for (at, (_, size)) in slices.iter().enumerate() {
        let index = window.slice.get(at).copied().unwrap_or(0).min(size.saturating_sub(1));
        slice = slice.saturating_mul(*size).saturating_add(index);
    }
    let last_row = window.row.saturating_add(u64::from(window.rows)).min(rows);
    let last_column = window.column.saturating_add(u64::from(window.columns)).min(columns);
    let heads = (window.column..last_column).map(|column| (column.to_string(), String::new())).collect();
    let mut found = Cells { heads, ..Cells::default() };
    for row in window.row..last_row {
        let first =
            slice.saturating_mul(rows).saturating_add(row).saturating_mul(columns).saturating_add(window.column);
        let count = usize::try_from(last_column.saturating_sub(window.column)).unwrap_or(0);
        match read(first, count) {
            Ok(values) => {
                found.row_heads.push(vec![row.to_string()]);
                found.rows.push(values.into_iter().map(number).collect());
            }
            Err(problem) => {
                found.problem = Some(problem);
                break;
            }
        }
    }
    found
}

fn number(text: String) -> Cell {
    let kind = if text == "nan" { CellKind::Missing } else { CellKind::Number };
    Cell { text, kind, ..Cell::default() }
}

fn sparse_card(lens: &Lens<'_>, node: NodeId, sparse: &SparseTensor<'_>) -> Option<Card> {
    let tensor = lens.tensor(node)?;
    let mut card = Card { kind: "sparse tensor".to_owned(), ..Card::default() };
    let mut fact = |name: &str, value: String| card.facts.push(CardFact::new(name, value));
    fact("dtype", tensor.dtype.name.clone());
    fact("shape", shape_of(&tensor));
    fact("layout", sparse.layout.clone());
    let kept = sparse.places().saturating_mul(sparse.in_place());
    fact("values kept", grouped(kept));
    if sparse.is_blocked() {
        fact(
            "blocks",
            format!("{} of {}", grouped(sparse.places()), shape_text(sparse.values.shape.get(1..).unwrap_or_default())),
        );
    } else if sparse.in_place() != 1 {
        fact(
            "places",
            format!(
                "{} of {} each",
                grouped(sparse.places()),
                shape_text(sparse.values.shape.get(1..).unwrap_or_default())
            ),
        );
    }
    let all = tensor.elements();
    if all > 0 {
        fact("density", format!("{:.4}", kept as f64 / all as f64));
    }
    if let Some(is_coalesced) = sparse.is_coalesced {
        fact("coalesced", if is_coalesced { "True" } else { "False" }.to_owned());
    }
    fact("bytes", size_text(tensor.bytes()));
    for array in sparse.indices.iter().chain([&sparse.values]) {
        card.remarks.extend(array.problem.clone());
    }
    let dimensions = sparse_dimensions(sparse);
    let places = Grid {
        id: 0,
        rows: sparse.places(),
        columns: dimensions + 1,
        row_heads: vec![String::new()],
        ..Grid::default()
    };
    card.sections.push(Section::new("Places", plural(sparse.places(), "place", "places"), Body::Grid(places)));
    if sparse.shape.len() == 2 && sparse.shape[1] <= DENSE_COLUMNS && all <= crate::lens::DENSE && all > 0 {
        card.sections.push(Section::new("Dense", shape_of(&tensor), Body::Grid(grid(1, &sparse.shape))));
    }
    Some(card)
}

/// Dimensions that have indices.
fn sparse_dimensions(sparse: &SparseTensor<'_>) -> u64 {
    match sparse.indices.as_slice() {
        [all] => all.shape.first().copied().unwrap_or(0).min(64),
        _ => 2,
    }
}

/// Indices and the first values of each place.
fn place_cells(sparse: &SparseTensor<'_>, window: &CellWindow) -> Cells {
    const VALUES: u64 = 8;
    let dimensions = sparse_dimensions(sparse);
    let heads = (0..dimensions).map(|dimension| (format!("index {dimension}"), String::new()));
    let heads = heads.chain([("value".to_owned(), sparse.values.dtype.name.clone())]).collect();
    let mut found = Cells { heads, ..Cells::default() };
    let each = sparse.in_place();
    let last = window.row.saturating_add(u64::from(window.rows)).min(sparse.places());
    for place in window.row..last {
        let row = || -> Result<Vec<Cell>, String> {
            let mut cells: Vec<Cell> =
                sparse.index(place)?.into_iter().map(|index| number(index.to_string())).collect();
            let count = usize::try_from(each.min(VALUES)).unwrap_or(0);
            let values = sparse.values.values(place.saturating_mul(each), count, 24)?;
            let more = if each > VALUES { ", …" } else { "" };
            cells.push(number(if each == 1 { values.concat() } else { format!("[{}{more}]", values.join(", ")) }));
            Ok(cells)
        };
        match row() {
            Ok(cells) => {
                found.row_heads.push(vec![place.to_string()]);
                found.rows.push(cells);
            }
            Err(problem) => {
                found.problem = Some(problem);
                break;
            }
        }
    }
    // The reader may have scrolled to the right.
    let first = usize::try_from(window.column).unwrap_or(usize::MAX);
    let count = window.columns as usize;
    found.heads = found.heads.into_iter().skip(first).take(count).collect();
    for row in &mut found.rows {
        *row = std::mem::take(row).into_iter().skip(first).take(count).collect();
    }
    found
}

fn dense_cells(sparse: &SparseTensor<'_>, window: &CellWindow) -> Cells {
    let dense = match sparse.dense() {
        Ok(dense) => dense,
        Err(problem) => return Cells { problem: Some(problem), ..Cells::default() },
    };
    grid_cells(&sparse.shape, window, |first, count| {
        let first = usize::try_from(first).unwrap_or(usize::MAX).min(dense.len());
        Ok(dense[first..].iter().take(count).map(|&value| repr_float(value)).collect())
    })
}

fn quantized_card(lens: &Lens<'_>, node: NodeId, quantized: &Quantized<'_>) -> Option<Card> {
    let tensor = lens.tensor(node)?;
    let mut card = Card { kind: "quantised tensor".to_owned(), ..Card::default() };
    let mut fact = |name: &str, value: String| card.facts.push(CardFact::new(name, value));
    fact("dtype", tensor.dtype.name.clone());
    fact("shape", shape_of(&tensor));
    fact("scheme", quantized.scheme.clone());
    match &quantized.scale {
        Scale::One { scale, zero_point } => {
            fact("scale", repr_float(*scale));
            fact("zero point", format!("{zero_point}"));
        }
        Scale::Each { scales, zero_points, axis } => {
            fact("axis", axis.to_string());
            fact("scales", few(scales));
            fact("zero points", few(zero_points));
        }
    }
    fact("bytes", size_text(tensor.bytes()));
    card.remarks.extend(quantized.stored.problem.clone());
    let shape = &quantized.stored.shape;
    let note = "(stored - zero point) * scale";
    card.sections.push(Section::new("Real values", note, Body::Grid(grid(0, shape))));
    card.sections.push(Section::new("Stored integers", tensor.dtype.name, Body::Grid(grid(1, shape))));
    Some(card)
}

/// The first numbers of an array in one line.
fn few(array: &Array<'_>) -> String {
    const FEW: usize = 8;
    match array.values(0, FEW, 24) {
        Ok(values) if array.len() > FEW as u64 => {
            format!("{} and {} more", values.join(", "), grouped(array.len() - FEW as u64))
        }
        Ok(values) => values.join(", "),
        Err(problem) => problem,
    }
}
