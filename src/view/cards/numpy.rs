//! What numpy has beside arrays: dtypes, scalars, random generators, polynomials.

use super::array::{dtype_text, entry};
use crate::graph::NodeId;
use crate::lens::{Dtype, Kind, Lens, grouped, shape_text};
use crate::view::card::{Body, Card, CardFact, Cell, CellKind, CellWindow, Cells, Entry, Grid, Section, SmallTable};
use crate::view::preview;

/// Rows of the table of fields.
const FIELDS: usize = 500;
/// Characters of a scalar.
const VALUE: usize = 2000;

/// The card of a dtype, a scalar, a random generator or a polynomial.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    random(lens, node).or_else(|| polynomial(lens, node)).or_else(|| scalar(lens, node)).or_else(|| dtype(lens, node))
}

fn text_cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), kind: CellKind::Text, ..Cell::default() }
}

fn number_cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), kind: CellKind::Number, ..Cell::default() }
}

fn dtype(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let dtype = lens.numpy_dtype(node)?;
    let mut card = Card { kind: "dtype".to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("dtype", dtype_text(&dtype)));
    card.facts.push(CardFact::new("bytes of an element", grouped(dtype.itemsize)));
    if let Some((base, shape)) = &dtype.base {
        card.facts.push(CardFact::new("elements are", format!("{} {}", base.name, shape_text(shape))));
    }
    if dtype.kind == Kind::Struct {
        card.facts.push(CardFact::new(
            "laid out",
            if dtype.aligned { "as a C compiler does" } else { "packed, or by offsets" },
        ));
        if dtype.more_fields {
            card.remarks.push("there are more fields, too many or not understood".to_owned());
        }
        let note = preview::plural(dtype.fields.len() as u64, "field", "fields");
        card.sections.push(Section::new("Fields", note, Body::Table(fields(&dtype))));
    }
    Some(card)
}

fn fields(dtype: &Dtype) -> SmallTable {
    let heads = ["name", "dtype", "offset", "bytes", "title"].map(str::to_owned).to_vec();
    let rows = dtype.fields.iter().take(FIELDS).map(|field| {
        vec![
            text_cell(field.name.clone()),
            text_cell(dtype_text(&field.dtype)),
            number_cell(grouped(field.offset)),
            number_cell(grouped(field.dtype.itemsize)),
            text_cell(field.title.clone().unwrap_or_default()),
        ]
    });
    SmallTable { heads, rows: rows.collect() }
}

fn scalar(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let (dtype, bytes) = lens.numpy_scalar_bytes(node)?;
    let mut card = Card { kind: lens.shape(node).type_name, ..Card::default() };
    card.facts.push(CardFact::new("value", dtype.element_text(&bytes, VALUE)));
    card.facts.push(CardFact::new("dtype", dtype_text(&dtype)));
    let digits: String = bytes.iter().take(64).map(|byte| format!("{byte:02x}")).collect();
    let more = if bytes.len() > 64 { "…" } else { "" };
    card.facts.push(CardFact::new("bytes", format!("{digits}{more}")));
    if dtype.kind == Kind::Struct {
        let rows = dtype.fields.iter().take(FIELDS).map(|field| {
            let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
            let own = &bytes[index(field.offset)..index(field.offset.saturating_add(field.dtype.itemsize))];
            let value = field.dtype.element_text(own, VALUE);
            vec![text_cell(field.name.clone()), text_cell(field.dtype.name.clone()), number_cell(value)]
        });
        let heads = ["name", "dtype", "value"].map(str::to_owned).to_vec();
        let table = SmallTable { heads, rows: rows.collect() };
        card.sections.push(Section::new("Fields", "", Body::Table(table)));
    }
    Some(card)
}

fn random(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let random = lens.random(node)?;
    let mut card = Card { kind: random.class.clone(), ..Card::default() };
    card.facts.extend(random.algorithm.iter().map(|name| CardFact::new("algorithm", name.clone())));
    card.facts.extend(random.facts.iter().map(|(name, value)| CardFact::new(name.clone(), value.clone())));
    if let Some(words) = random.words.and_then(|words| lens.array(words)) {
        let grid = Grid { id: 0, rows: words.len(), columns: 1, row_heads: vec![String::new()], ..Grid::default() };
        let title = if random.class == "SeedSequence" { "Pool" } else { "Words of the state" };
        card.sections.push(Section::new(title, preview::plural(words.len(), "word", "words"), Body::Grid(grid)));
    }
    let entries: Vec<Entry> = random.inside.iter().map(|(name, edge)| entry(lens, name, *edge)).collect();
    if !entries.is_empty() {
        card.sections.push(Section::new("Made of", "", Body::Entries(entries)));
    }
    Some(card)
}

fn polynomial(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let polynomial = lens.polynomial(node)?;
    let mut card = Card { kind: polynomial.class.short_name().to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("degree", grouped(polynomial.degree())));
    let order = if polynomial.class.short_name() == "poly1d" { "highest power first" } else { "lowest degree first" };
    let rows = polynomial.coefficients.len();
    let grid = Grid { id: 0, rows, columns: 1, row_heads: vec![String::new()], ..Grid::default() };
    card.sections.push(Section::new("Coefficients", order, Body::Grid(grid)));
    let entries = polynomial.attributes.iter().take(64).map(|(name, edge)| entry(lens, name, *edge)).collect();
    card.sections.push(Section::new("Attributes", "", Body::Entries(entries)));
    Some(card)
}

/// The words of a generator's state, or the coefficients of a polynomial.
pub(super) fn cells(lens: &Lens<'_>, window: &CellWindow) -> Option<Cells> {
    let node = NodeId(window.node);
    let array = match lens.random(node) {
        Some(random) => lens.array(random.words?)?,
        None => lens.polynomial(node)?.coefficients,
    };
    super::array_cells(lens, &array, window)
}
