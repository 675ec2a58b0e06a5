//! Rows that are objects: a list of lists, tuples or dicts, a list of plain values, a dict of columns.

use super::array_cell;
use super::csv_lines::{Field, Lines};
use super::plain_scalars::{iso, key_text};
use super::writer::{PIECE, Remarks};
use crate::graph::{Edge, Node, NodeId};
use crate::lens::{Array, Data, Lens, Part, PartLabel, Shape, ShapeKind};
use std::collections::HashMap;

/// Rows that are looked at for the names of columns, or to see whether they are rows at all.
const SAMPLE: u64 = 10_000;
const GLANCE: u64 = 100;
/// Items of a list in a cell, and characters of each.
const ITEMS: usize = 1000;
/// Columns of a table of objects.
const COLUMNS: usize = 16_384;
/// Rows that one step goes over at most.
const STEP: u64 = 4096;
/// Bytes that rows of objects take for each byte of the pickle, and those that come on top. Objects that are used again are
/// written again: n rows that are one list of n items have n * n cells.
const WIDENED: u64 = 16;
const REPEATED: u64 = 64 << 20;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// One plain value a row.
    Values,
    /// A list or tuple a row.
    Lists,
    /// A dict a row.
    Dicts,
}

enum Source {
    /// The items of a value, by the parts that have them.
    Items { parts: Vec<Part>, kind: Kind },
    /// Columns: a list, or an array of one dimension.
    Columns(Vec<(NodeId, bool)>),
}

/// Rows of objects.
pub(super) struct Rows {
    source: Source,
    names: Option<Vec<String>>,
    by_name: HashMap<String, usize>,
    count: u64,
    /// Bytes that may still be written.
    left: u64,
    /// Bytes of a row of columns, as the last step found them.
    row_bytes: usize,
}

/// Fields of a row.
pub(super) struct Row;

impl Rows {
    /// The rows that a value holds.
    pub(super) fn of(lens: &Lens<'_>, node: NodeId, remarks: &mut Remarks) -> Result<Self, String> {
        let shape = lens.shape(node);
        match shape.kind {
            ShapeKind::Items => Self::items(lens, &shape, SAMPLE, remarks),
            ShapeKind::Mapping => Self::columns(lens, &shape),
            _ => Err("this value is no table".to_owned()),
        }
    }

    /// Whether a value holds rows, as far as its beginning tells.
    pub(super) fn fits(lens: &Lens<'_>, node: NodeId) -> bool {
        let shape = lens.shape(node);
        match shape.kind {
            ShapeKind::Items => Self::items(lens, &shape, GLANCE, &mut Remarks::default()).is_ok(),
            ShapeKind::Mapping => Self::columns(lens, &shape).is_ok(),
            _ => false,
        }
    }

    pub(super) fn header(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    pub(super) fn len(&self) -> u64 {
        self.count
    }

    fn items(lens: &Lens<'_>, shape: &Shape, sample: u64, remarks: &mut Remarks) -> Result<Self, String> {
        let is_item = |part: &&Part| matches!(part.label, PartLabel::Index | PartLabel::Member);
        let parts: Vec<Part> = shape.parts.iter().filter(is_item).cloned().collect();
        let count = parts.iter().map(|part| part.len(lens.graph)).sum();
        let kind = |edge: Edge| match lens.graph.node(edge.node()) {
            Node::Tuple | Node::List => Some(Kind::Lists),
            Node::Dict => Some(Kind::Dicts),
            _ if lens.array(edge.node()).is_some() => None,
            _ if lens.is_pandas_missing(edge) => Some(Kind::Values),
            _ => match lens.shape(edge.node()).kind {
                ShapeKind::Mapping => Some(Kind::Dicts),
                ShapeKind::Items => Some(Kind::Lists),
                ShapeKind::Scalar(_) => Some(Kind::Values),
                _ => None,
            },
        };
        let mut rows = Self {
            source: Source::Columns(Vec::new()),
            names: None,
            by_name: HashMap::new(),
            count,
            left: most(lens),
            row_bytes: PIECE,
        };
        let Some(first) = window(lens, &parts, 0, 1).first().and_then(|&edge| kind(edge)) else {
            return Err("this value is no table: it has no rows".to_owned());
        };
        let mut names = Vec::new();
        let mut at = 0;
        while at < count.min(sample) {
            let edges = window(lens, &parts, at, 256);
            if edges.is_empty() {
                break;
            }
            at += edges.len() as u64;
            for edge in edges {
                // What is no plain value stands in its cell as text; what is no row does not.
                let same = kind(edge) == Some(first) || lens.is_none(edge) || lens.is_pandas_missing(edge);
                if !same {
                    return Err("this value is no table: its items are not alike".to_owned());
                }
                if first == Kind::Dicts {
                    for (key, _) in pairs(lens, edge.node()) {
                        let name = name(lens, key);
                        if names.len() < COLUMNS && !rows.by_name.contains_key(&name) {
                            rows.by_name.insert(name.clone(), names.len());
                            names.push(name);
                        }
                    }
                }
            }
        }
        if first == Kind::Dicts {
            if count > sample {
                remarks.say(format!("columns are those of the first {} rows", crate::lens::grouped(sample)));
            }
            rows.names = Some(names);
        }
        rows.source = Source::Items { parts, kind: first };
        Ok(rows)
    }

    /// A dict whose values are lists or arrays of one length.
    fn columns(lens: &Lens<'_>, shape: &Shape) -> Result<Self, String> {
        let part = shape.parts.iter().find(|part| part.label == PartLabel::Key);
        let part = part.filter(|part| part.len(lens.graph) <= COLUMNS as u64).ok_or("this value is no table")?;
        let mut columns = Vec::new();
        let mut names = Vec::new();
        let mut count = None;
        for child in part.window(lens.graph, 0, COLUMNS) {
            let node = child.value.node();
            let (length, is_array) = match lens.graph.node(node) {
                Node::List => (lens.graph.run_length(node, crate::graph::RunKind::Items), false),
                Node::Tuple => (lens.graph.items(node).len() as u64, false),
                _ => match lens.array(node) {
                    Some(array) if is_column(&array) => (array.len(), true),
                    _ => return Err("this value is no table: not every value is a column".to_owned()),
                },
            };
            if count.is_some_and(|count| count != length) {
                return Err("this value is no table: its columns differ in length".to_owned());
            }
            count = Some(length);
            columns.push((node, is_array));
            names.push(child.key.map_or_else(String::new, |key| name(lens, key)));
        }
        let count = count.filter(|count| *count > 0).ok_or("this value is no table: it has no rows")?;
        Ok(Self {
            source: Source::Columns(columns),
            names: Some(names),
            by_name: HashMap::new(),
            count,
            left: most(lens),
            row_bytes: PIECE,
        })
    }

    /// Writes rows from `row` on; gives the number of the next one.
    pub(super) fn step(
        &mut self,
        lens: &Lens<'_>,
        row: u64,
        lines: &mut Lines,
        out: &mut Vec<u8>,
    ) -> Result<u64, String> {
        let before = out.len();
        let next = match &self.source {
            Source::Items { parts, kind } => self.items_step(lens, parts, *kind, row, lines, out),
            Source::Columns(columns) => self.columns_step(lens, columns, row, lines, out)?,
        };
        self.row_bytes = (out.len() - before) / (next - row).max(1) as usize;
        if self.repeats() {
            self.left = self.left.saturating_sub((out.len() - before) as u64);
        }
        if self.left == 0 && next < self.count {
            let rows = crate::lens::grouped(next);
            lines
                .remarks
                .say(format!("only the first {rows} rows are in the file: they repeat what the pickle holds once"));
            return Ok(self.count);
        }
        Ok(next)
    }

    /// Whether all that is written is in the pickle itself, so that its size says how much that can be. Arrays have theirs
    /// elsewhere, and a measure of their own for what they repeat.
    fn repeats(&self) -> bool {
        match &self.source {
            Source::Items { .. } => true,
            Source::Columns(columns) => columns.iter().all(|(_, is_array)| !is_array),
        }
    }

    fn items_step(
        &self,
        lens: &Lens<'_>,
        parts: &[Part],
        kind: Kind,
        row: u64,
        lines: &mut Lines,
        out: &mut Vec<u8>,
    ) -> u64 {
        let (begun, mut next) = (out.len(), row);
        let is_enough = |out: &[u8]| out.len() >= PIECE || (out.len() - begun) as u64 >= self.left;
        while next < self.count.min(row + STEP) && !is_enough(out) {
            let edges = window(lens, parts, next, 64);
            if edges.is_empty() {
                return self.count;
            }
            for edge in edges {
                let fields = self.row(lens, kind, edge, lines);
                lines.line(&fields, out);
                next += 1;
                if is_enough(out) {
                    break;
                }
            }
        }
        next
    }

    fn columns_step(
        &self,
        lens: &Lens<'_>,
        columns: &[(NodeId, bool)],
        row: u64,
        lines: &mut Lines,
        out: &mut Vec<u8>,
    ) -> Result<u64, String> {
        let per_row = columns.len().max(1) as u64;
        let rows =
            (STEP * 4 / per_row).min((PIECE / self.row_bytes.max(1)) as u64).clamp(1, STEP).min(self.count - row);
        let mut read = Vec::with_capacity(columns.len());
        for &(node, is_array) in columns {
            read.push(column(lens, node, is_array, row, rows as usize, lines)?.into_iter());
        }
        let begun = out.len();
        for written in 1..=rows {
            let fields: Vec<Field> = read.iter_mut().map(|column| column.next().unwrap_or(Field::Missing)).collect();
            lines.line(&fields, out);
            // Rows may be longer than those before them.
            if out.len() - begun >= PIECE {
                return Ok(row + written);
            }
        }
        Ok(row + rows)
    }

    fn row(&self, lens: &Lens<'_>, kind: Kind, edge: Edge, lines: &mut Lines) -> Vec<Field> {
        let node = edge.node();
        match kind {
            Kind::Values => vec![Row::field(lens, edge, lines)],
            Kind::Lists => {
                let shape = lens.shape(node);
                let mut fields = Vec::new();
                for part in &shape.parts {
                    for child in part.window(lens.graph, 0, COLUMNS - fields.len().min(COLUMNS)) {
                        fields.push(Row::field(lens, child.value, lines));
                    }
                }
                fields
            }
            Kind::Dicts => {
                let mut fields = vec![Field::Missing; self.by_name.len()];
                for (key, value) in pairs(lens, node) {
                    match self.by_name.get(&name(lens, key)) {
                        Some(&column) => fields[column] = Row::field(lens, value, lines),
                        None => lines.remarks.say("a key that the first rows do not have was left out"),
                    }
                }
                fields
            }
        }
    }
}

impl Row {
    /// What stands in a cell for a value.
    pub(super) fn field(lens: &Lens<'_>, edge: Edge, lines: &mut Lines) -> Field {
        let node = edge.node();
        match lens.graph.node(node) {
            Node::None => return Field::Missing,
            Node::Bool(value) => return Field::Bare(if value { "True" } else { "False" }.to_owned()),
            Node::Int(value) => return Field::Bare(value.to_string()),
            Node::Float(value) => return Field::Bare(crate::opcode::repr_float(value)),
            Node::Text { encoding, .. } if !encoding.is_python2() || lens.scalar(node, 64).is_some_and(is_text) => {
                return match lens.string(edge) {
                    Some(text) => Field::Text(text),
                    None => {
                        lines.remarks.say("a long text was cut");
                        let cut = lens
                            .text_piece(node, 0, lens.limits.value)
                            .map(|(text, _)| text.to_string_lossy().into_owned());
                        Field::Text(cut.unwrap_or_default())
                    }
                };
            }
            _ => {}
        }
        if let Some(value) = lens.plain_scalar(node) {
            return lines.element(value);
        }
        if let Some(payload) = lens.bytes_value(node)
            && let Ok(bytes) = payload.piece(0, lens.limits.value)
        {
            return lines.bytes(&bytes);
        }
        if lens.is_pandas_missing(edge) {
            return Field::Missing;
        }
        if let Some(text) = array_cell::text(lens, node) {
            lines.remarks.say("arrays in cells became text, without their dtype");
            return Field::Text(text);
        }
        if let Some(text) = lens.whole_sequence(edge, ITEMS) {
            lines.remarks.say("lists and tuples in cells became text, as Python writes them");
            return Field::Text(text);
        }
        let shape = lens.shape(node);
        match (shape.kind, shape.text) {
            (ShapeKind::Scalar(_), _) if let Some(text) = iso(lens, node, &mut lines.remarks) => Field::Text(text),
            (ShapeKind::Scalar(crate::lens::ScalarKind::Number), Some(text)) => Field::Bare(text),
            (ShapeKind::Scalar(_), Some(text)) => Field::Text(text),
            _ => {
                lines.remarks.say("what is no plain value became text, containers only in outline");
                Field::Text(lens.inline(edge))
            }
        }
    }
}

/// Bytes that rows of the objects in a pickle may take.
fn most(lens: &Lens<'_>) -> u64 {
    lens.source.len().saturating_mul(WIDENED).saturating_add(REPEATED)
}

fn is_text(scalar: crate::lens::Scalar) -> bool {
    scalar.type_name == "str"
}

fn is_column(array: &Array<'_>) -> bool {
    !matches!(array.data, Data::Missing(_)) && array.grid().len() == 1 && array.dtype.kind != crate::lens::Kind::Struct
}

/// Values of a column from `first` on.
fn column(
    lens: &Lens<'_>,
    node: NodeId,
    is_array: bool,
    first: u64,
    count: usize,
    lines: &mut Lines,
) -> Result<Vec<Field>, String> {
    if !is_array {
        let part = match lens.graph.node(node) {
            Node::Tuple => Part::items(PartLabel::Index, node),
            _ => Part::run(PartLabel::Index, node, crate::graph::RunKind::Items),
        };
        let window = part.window(lens.graph, first, count);
        return Ok(window.into_iter().map(|child| Row::field(lens, child.value, lines)).collect());
    }
    let array = lens.array(node).ok_or("this value is no array any more")?;
    match array.data {
        Data::Items(_) => Ok(array.items(first, count).into_iter().map(|edge| Row::field(lens, edge, lines)).collect()),
        _ => Ok(array.plain(first, count)?.into_iter().map(|value| lines.element(value)).collect()),
    }
}

/// Items from `first` on, over all parts.
fn window(lens: &Lens<'_>, parts: &[Part], first: u64, count: usize) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut before = 0;
    for part in parts {
        let length = part.len(lens.graph);
        let from = (first + edges.len() as u64).saturating_sub(before);
        if from < length && edges.len() < count {
            edges.extend(part.window(lens.graph, from, count - edges.len()).into_iter().map(|child| child.value));
        }
        before += length;
    }
    edges
}

fn pairs(lens: &Lens<'_>, node: NodeId) -> Vec<(Edge, Edge)> {
    let shape = lens.shape(node);
    let parts = shape.parts.iter().filter(|part| part.label == PartLabel::Key);
    let children = parts.flat_map(|part| part.window(lens.graph, 0, COLUMNS));
    children.filter_map(|child| Some((child.key?, child.value))).collect()
}

fn name(lens: &Lens<'_>, key: Edge) -> String {
    lens.string(key).unwrap_or_else(|| key_text(lens, key))
}
