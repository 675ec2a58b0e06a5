//! scipy's sparse matrices and arrays in all seven formats.
//!
//! Sources: `scipy/sparse/_compressed.py`, `_coo.py`, `_bsr.py`, `_dia.py`, `_lil.py`, `_dok.py` and what they were called before
//! 1.8 (`compressed.py` ...). What pickles is the `__dict__`; of DOK, which is a `dict` or has one, its items.

mod cells;
mod entries;

use crate::graph::{Edge, Node, NodeId, RunKind, Symbol};
use crate::lens::graph_view::Object;
use crate::lens::numbers::{Array, Data, Dtype, numpy_scalar, shape_text};
use crate::lens::recogniser::{Lens, Library};
use crate::lens::text::grouped;

pub use cells::SparseCell;

/// Rows of a LIL matrix whose lengths are added up.
const LISTS: u64 = 1 << 20;

/// A way of storing only what is not zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SparseFormat {
    /// Compressed sparse rows.
    Csr,
    /// Compressed sparse columns.
    Csc,
    /// Coordinates.
    Coo,
    /// Blocks in compressed rows.
    Bsr,
    /// Diagonals.
    Dia,
    /// A list for each row.
    Lil,
    /// A dict of coordinates.
    Dok,
}

impl SparseFormat {
    fn of(class: &Symbol) -> Option<Self> {
        let is_scipy = class.module == "scipy.sparse" || class.module.starts_with("scipy.sparse.");
        let word = class.name.strip_suffix("_matrix").or_else(|| class.name.strip_suffix("_array"));
        match word.filter(|_| is_scipy)? {
            "csr" => Some(Self::Csr),
            "csc" => Some(Self::Csc),
            "coo" => Some(Self::Coo),
            "bsr" => Some(Self::Bsr),
            "dia" => Some(Self::Dia),
            "lil" => Some(Self::Lil),
            "dok" => Some(Self::Dok),
            _ => None,
        }
    }

    /// What it is in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Csr => "CSR, compressed sparse rows",
            Self::Csc => "CSC, compressed sparse columns",
            Self::Coo => "COO, coordinates",
            Self::Bsr => "BSR, blocks in compressed rows",
            Self::Dia => "DIA, diagonals",
            Self::Lil => "LIL, a list for each row",
            Self::Dok => "DOK, a dict of coordinates",
        }
    }
}

/// What a sparse matrix is made of.
#[derive(Clone)]
pub(super) enum Parts<'a> {
    /// CSR and CSC: of each line the places of its entries.
    Compressed { data: Array<'a>, indices: Array<'a>, starts: Array<'a> },
    /// BSR: the same of blocks with so many rows and columns.
    Blocks { data: Array<'a>, indices: Array<'a>, starts: Array<'a>, rows: u64, columns: u64 },
    /// COO: of each entry its index in each dimension.
    Triplets { data: Array<'a>, coordinates: Vec<Array<'a>> },
    /// DIA: rows of `data` are diagonals.
    Diagonals { data: Array<'a>, offsets: Array<'a> },
    /// LIL: of each row a list of columns and one of values.
    Lists { data: Array<'a>, rows: Array<'a> },
    /// DOK: keys are tuples of indices.
    Keys { dict: NodeId },
}

/// A sparse matrix or array.
#[derive(Clone)]
pub struct Sparse<'a> {
    lens: Lens<'a>,
    /// Its class.
    pub class: &'a Symbol,
    /// Its format.
    pub format: SparseFormat,
    /// Its shape.
    pub shape: Vec<u64>,
    /// What its elements are.
    pub dtype: Option<Dtype>,
    /// Number of stored elements, zeros among them; `None` when they are too many to count.
    pub stored: Option<u64>,
    /// What of it is an object of its own, by name.
    pub attributes: Vec<(String, Edge)>,
    pub(super) parts: Parts<'a>,
}

/// Sparse matrices and arrays.
pub(in crate::lens) const LIBRARY: Library = Library { packages: &["scipy"], text: Some(text), ..Library::NOTHING };

/// One line about an instance, when it is a sparse matrix.
fn text(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    lens.sparse(node).map(|sparse| sparse.text())
}

impl<'a> Lens<'a> {
    /// The sparse matrix or array of scipy that a value is.
    #[must_use]
    pub fn sparse(&self, node: NodeId) -> Option<Sparse<'a>> {
        let object = self.object(node)?;
        let format = SparseFormat::of(object.class)?;
        let attributes = object.attributes();
        let get = |name: &str| attributes.iter().rev().find(|(key, _)| key == name).map(|&(_, value)| value);
        let array = |name: &str| self.array(get(name)?.node()).filter(|array| array.problem.is_none());
        let parts = match format {
            SparseFormat::Csr | SparseFormat::Csc => {
                Parts::Compressed { data: array("data")?, indices: array("indices")?, starts: array("indptr")? }
            }
            SparseFormat::Bsr => {
                let data = array("data")?;
                let &[_, rows, columns] = data.grid() else { return None };
                Parts::Blocks { data, indices: array("indices")?, starts: array("indptr")?, rows, columns }
            }
            SparseFormat::Coo => Parts::Triplets { data: array("data")?, coordinates: self.coordinates(&attributes)? },
            SparseFormat::Dia => Parts::Diagonals {
                data: array("data").filter(|data| data.grid().len() == 2)?,
                offsets: array("offsets")?,
            },
            SparseFormat::Lil => {
                let (data, rows) = (array("data")?, array("rows")?);
                let are_lists = [&data, &rows].iter().all(|part| matches!(part.data, Data::Items(_)));
                are_lists.then_some(Parts::Lists { data, rows })?
            }
            SparseFormat::Dok => Parts::Keys { dict: self.dict_of(&object, get("_dict")) },
        };
        let dtype = match &parts {
            Parts::Lists { .. } | Parts::Keys { .. } => {
                get("dtype").or_else(|| get("_dtype")).and_then(|edge| self.dtype(edge))
            }
            Parts::Compressed { data, .. }
            | Parts::Blocks { data, .. }
            | Parts::Triplets { data, .. }
            | Parts::Diagonals { data, .. } => Some(data.dtype.clone()),
        };
        let shape = self.sizes(get("_shape").or_else(|| get("shape"))?)?;
        let mut sparse =
            Sparse { lens: *self, class: object.class, format, shape, dtype, stored: None, parts, attributes };
        sparse.stored = sparse.count();
        Some(sparse)
    }

    /// `coords` since 1.13, `row` and `col` before.
    fn coordinates(&self, attributes: &[(String, Edge)]) -> Option<Vec<Array<'a>>> {
        let get = |name: &str| attributes.iter().rev().find(|(key, _)| key == name).map(|&(_, value)| value);
        let edges = match get("coords") {
            Some(coordinates) => self.sequence(coordinates)?,
            None => vec![get("row")?, get("col")?],
        };
        let found: Option<Vec<Array<'a>>> = edges.into_iter().take(64).map(|edge| self.array(edge.node())).collect();
        found.filter(|found| found.iter().all(|array| array.problem.is_none() && array.grid().len() == 1))
    }

    /// The dict with the items of a DOK matrix: an attribute, the object itself, or the dict that it was made from.
    fn dict_of(&self, object: &Object<'a>, attribute: Option<Edge>) -> NodeId {
        let is_dict = |edge: &Edge| self.graph.node(edge.node()) == Node::Dict;
        if let Some(dict) = attribute.filter(is_dict) {
            return dict.node();
        }
        if self.graph.run_length(object.node, RunKind::Pairs) > 0 {
            return object.node;
        }
        // `_reconstructor(class, dict, {...})`
        let call = self.call(object.node);
        let made_from = call.and_then(|call| call.args.get(2).copied()).filter(is_dict);
        made_from.map_or(object.node, Edge::node)
    }
}

impl<'a> Sparse<'a> {
    /// The numbers that are stored, when they are an array, without the rest.
    #[must_use]
    pub fn into_data(self) -> Option<Array<'a>> {
        match self.parts {
            Parts::Compressed { data, .. }
            | Parts::Blocks { data, .. }
            | Parts::Triplets { data, .. }
            | Parts::Diagonals { data, .. } => Some(data),
            Parts::Lists { .. } | Parts::Keys { .. } => None,
        }
    }

    /// The numbers that are stored, when they are an array.
    #[must_use]
    pub fn data(&self) -> Option<&Array<'a>> {
        match &self.parts {
            Parts::Compressed { data, .. }
            | Parts::Blocks { data, .. }
            | Parts::Triplets { data, .. }
            | Parts::Diagonals { data, .. } => Some(data),
            Parts::Lists { .. } | Parts::Keys { .. } => None,
        }
    }

    /// Rows and columns; an array of one dimension is one row.
    #[must_use]
    pub fn sides(&self) -> (u64, u64) {
        match *self.shape {
            [] => (1, 1),
            [columns] => (1, columns),
            [rows, columns, ..] => (rows, columns),
        }
    }

    /// The share of the elements that are stored, from 0 to 1.
    #[must_use]
    pub fn density(&self) -> Option<f64> {
        let all: f64 = self.shape.iter().map(|&size| size as f64).product();
        (all > 0.0).then_some(self.stored? as f64 / all)
    }

    /// `float64 (1000, 200), 1,234 stored`
    #[must_use]
    pub fn text(&self) -> String {
        let dtype = self.dtype.as_ref().map_or_else(String::new, |dtype| format!("{} ", dtype.name));
        let stored = self.stored.map_or_else(String::new, |stored| format!(", {} stored", grouped(stored)));
        format!("{dtype}{}{stored}", shape_text(&self.shape))
    }

    /// What scipy's `nnz` says.
    fn count(&self) -> Option<u64> {
        let last = |starts: &Array<'_>| {
            let found = starts.integers(starts.len().checked_sub(1)?, 1).ok()?;
            u64::try_from(*found.first()?).ok()
        };
        match &self.parts {
            Parts::Compressed { starts, .. } => last(starts),
            Parts::Blocks { starts, rows, columns, .. } => last(starts)?.checked_mul(rows.checked_mul(*columns)?),
            Parts::Triplets { data, .. } => Some(data.len()),
            Parts::Diagonals { data, offsets } => {
                let ((rows, columns), length) = (self.sides(), *data.grid().last()?);
                let offsets = offsets.integers(0, usize::try_from(offsets.len().min(LISTS)).ok()?).ok()?;
                let on = |offset: i128| {
                    let end = i128::from(rows).saturating_add(offset).min(i128::from(columns.min(length)));
                    u64::try_from(end - offset.max(0)).unwrap_or(0)
                };
                Some(offsets.into_iter().map(on).fold(0, u64::saturating_add))
            }
            Parts::Lists { rows, .. } => {
                let count = usize::try_from(rows.len()).ok().filter(|_| rows.len() <= LISTS)?;
                let lists = rows.items(0, count).into_iter();
                Some(lists.map(|list| self.lens.graph.run_length(list.node(), RunKind::Items)).sum())
            }
            Parts::Keys { dict } => Some(self.lens.graph.run_length(*dict, RunKind::Pairs) / 2),
        }
    }

    /// An index that is an int or one of numpy's.
    fn index(&self, edge: Edge) -> Option<u64> {
        match self.lens.int(edge) {
            Some(value) => u64::try_from(value).ok(),
            None => u64::try_from(numpy_scalar::integer(&self.lens, edge)?).ok(),
        }
    }

    /// A number of the graph: Python's or numpy's.
    fn number(&self, edge: Edge) -> String {
        let text = numpy_scalar::text(&self.lens, edge);
        // A complex number is a call.
        text.or_else(|| self.lens.shape(edge.node()).text).unwrap_or_else(|| self.lens.inline(edge))
    }
}
