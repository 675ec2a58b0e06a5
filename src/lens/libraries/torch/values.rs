//! Tensors whose numbers are not their elements: quantised ones and sparse ones.
//!
//! Sources: `torch/_utils.py` (`_rebuild_qtensor`, `_rebuild_sparse_tensor`), `aten/src/ATen/native/quantized/AffineQuantizerBase.cpp`.

use super::storage::tensor_size;
use super::tensor::sparse_layout;
use crate::graph::{Edge, Node, NodeId};
use crate::lens::graph_view::Call;
use crate::lens::numbers::{Array, product};
use crate::lens::recogniser::Lens;

/// Elements of a sparse tensor that is shown densely.
pub const DENSE: u64 = 1 << 14;

/// A tensor of integers that stand for real numbers: `(stored - zero_point) * scale`.
#[derive(Clone)]
pub struct Quantized<'a> {
    /// The integers.
    pub stored: Array<'a>,
    /// `per_tensor_affine`, `per_channel_affine` …
    pub scheme: String,
    /// Scale and zero point: one for all, or one for each index of a dimension.
    pub scale: Scale<'a>,
}

/// Scales and zero points.
#[derive(Clone)]
pub enum Scale<'a> {
    /// The same for all elements.
    One {
        /// Scale.
        scale: f64,
        /// The integer that stands for zero.
        zero_point: f64,
    },
    /// One for each index of a dimension.
    Each {
        /// Scales.
        scales: Box<Array<'a>>,
        /// Zero points.
        zero_points: Box<Array<'a>>,
        /// The dimension.
        axis: usize,
    },
}

impl Quantized<'_> {
    /// The real numbers from `first` on in C order, as torch computes them (in 32 bits).
    ///
    /// # Errors
    /// When the numbers are not there, in words.
    pub fn values(&self, first: u64, count: usize) -> Result<Vec<f32>, String> {
        let stored = self.stored.floats(first, count)?;
        match &self.scale {
            Scale::One { scale, zero_point } => {
                Ok(stored.into_iter().map(|value| ((value - zero_point) * scale) as f32).collect())
            }
            Scale::Each { scales, zero_points, axis } => {
                let size = self.stored.shape.get(*axis).copied().unwrap_or(0).max(1);
                let below = self.stored.shape.get(axis + 1..).and_then(product).unwrap_or(1).max(1);
                let mut found = Vec::with_capacity(stored.len());
                // Neighbours often have the same channel.
                let mut known: Option<(u64, f64, f64)> = None;
                for (index, value) in (first..).zip(stored) {
                    let channel = index / below % size;
                    let (scale, zero) = match known {
                        Some((last, scale, zero)) if last == channel => (scale, zero),
                        _ => (one(scales, channel)?, one(zero_points, channel)?),
                    };
                    known = Some((channel, scale, zero));
                    found.push(((value - zero) * scale) as f32);
                }
                Ok(found)
            }
        }
    }
}

fn one(array: &Array<'_>, index: u64) -> Result<f64, String> {
    array.floats(index, 1)?.first().copied().ok_or_else(|| format!("there is no scale for channel {index}"))
}

/// A sparse tensor.
#[derive(Clone)]
pub struct SparseTensor<'a> {
    /// `sparse_coo`, `sparse_csr`, `sparse_csc`, `sparse_bsr`, `sparse_bsc`.
    pub layout: String,
    /// Its shape.
    pub shape: Vec<u64>,
    /// The indices: of all dimensions in one array, or beginnings and indices of the compressed layouts.
    pub indices: Vec<Array<'a>>,
    /// The values that are kept: one, or a block, or a dense tensor for each.
    pub values: Array<'a>,
    /// Whether each place is kept once, as the file says.
    pub is_coalesced: Option<bool>,
}

impl SparseTensor<'_> {
    /// Places that are kept.
    #[must_use]
    pub fn places(&self) -> u64 {
        self.values.shape.first().copied().unwrap_or(0)
    }

    /// Elements in each place: 1, or those of a block or a dense tensor.
    #[must_use]
    pub fn in_place(&self) -> u64 {
        self.values.shape.get(1..).and_then(product).unwrap_or(u64::MAX)
    }

    /// Whether a place is a block of the last two dimensions.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        matches!(self.layout.as_str(), "sparse_bsr" | "sparse_bsc")
    }

    /// Whether the compressed dimension is the rows.
    fn is_by_rows(&self) -> bool {
        matches!(self.layout.as_str(), "sparse_csr" | "sparse_bsr")
    }

    /// The indices of a place, in elements (of a block, of its first one). Of compressed layouts the row (or column) is the
    /// one whose beginning is the last at or before the place.
    ///
    /// # Errors
    /// When the numbers are not there, in words.
    pub fn index(&self, place: u64) -> Result<Vec<u64>, String> {
        let number = |array: &Array<'_>, at: u64| -> Result<u64, String> {
            let found = array.integers(at, 1)?.first().copied();
            found
                .and_then(|index| u64::try_from(index).ok())
                .ok_or_else(|| "an index is missing or negative".to_owned())
        };
        let [first, rest @ ..] = &self.indices[..] else { return Err("there are no indices".to_owned()) };
        let Some(second) = rest.first() else {
            let dimensions = first.shape.first().copied().unwrap_or(0).min(64);
            let places = first.shape.get(1).copied().unwrap_or(0);
            return (0..dimensions)
                .map(|dimension| number(first, dimension.saturating_mul(places).saturating_add(place)))
                .collect();
        };
        // The last beginning at or before the place.
        let (mut low, mut high) = (0, first.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if number(first, middle)? <= place { low = middle + 1 } else { high = middle }
        }
        let compressed = low.checked_sub(1).ok_or("the beginnings do not begin at 0")?;
        let plain = number(second, place)?;
        let (mut row, mut column) = if self.is_by_rows() { (compressed, plain) } else { (plain, compressed) };
        if self.is_blocked() {
            let block = |at: usize| self.values.shape.get(at).copied().unwrap_or(1);
            row = row.saturating_mul(block(1));
            column = column.saturating_mul(block(2));
        }
        Ok(vec![row, column])
    }

    /// All elements in C order, for small ones without batches; values of the same place are added up.
    ///
    /// # Errors
    /// When it is too large, or the numbers are not there or beyond the shape, in words.
    pub fn dense(&self) -> Result<Vec<f64>, String> {
        let count = product(&self.shape).filter(|count| *count <= DENSE).ok_or("too large to be shown densely")?;
        if self.layout != "sparse_coo" && self.shape.len() != 2 {
            return Err("batches of compressed tensors are not shown densely".to_owned());
        }
        let (places, each) = (self.places(), self.in_place());
        if places.saturating_mul(each) > 4 * DENSE {
            return Err("too many values to be shown densely".to_owned());
        }
        let mut dense = vec![0.0; usize::try_from(count).unwrap_or(0)];
        for place in 0..places {
            let index = self.index(place)?;
            let values = self.values.floats(place.saturating_mul(each), usize::try_from(each).unwrap_or(0))?;
            for (inner, value) in (0u64..).zip(values) {
                let at = self.element(&index, inner).ok_or("a place lies beyond the shape")?;
                *dense.get_mut(at).ok_or("a place lies beyond the shape")? += value;
            }
        }
        Ok(dense)
    }

    /// Position in C order of an element in a place.
    fn element(&self, index: &[u64], inner: u64) -> Option<usize> {
        let mut full = index.to_vec();
        if self.is_blocked() {
            let width = self.values.shape.get(2).copied()?.max(1);
            full = vec![index.first()?.checked_add(inner / width)?, index.get(1)?.checked_add(inner % width)?];
        } else {
            // The dimensions after the sparse ones are dense.
            let mut rest = inner;
            let mut below = Vec::new();
            for &size in self.shape.get(index.len()..)?.iter().rev() {
                below.push(rest % size.max(1));
                rest /= size.max(1);
            }
            full.extend(below.into_iter().rev());
        }
        if full.len() != self.shape.len() || full.iter().zip(&self.shape).any(|(index, size)| index >= size) {
            return None;
        }
        let position = full
            .iter()
            .zip(&self.shape)
            .try_fold(0u64, |sum, (index, size)| sum.checked_mul(*size)?.checked_add(*index));
        usize::try_from(position?).ok()
    }
}

impl<'a> Lens<'a> {
    /// The quantised tensor that a value is.
    #[must_use]
    pub fn quantized(&self, node: NodeId) -> Option<Quantized<'a>> {
        let found = self.tensor(node)?;
        let Call { symbol, args, .. } = self.call(found.node)?;
        (symbol?.name == "_rebuild_qtensor").then_some(())?;
        let stored = self.array(found.node)?;
        let params: Vec<Edge> = self.graph.items(args.get(4)?.node()).take(4).collect();
        let (&scheme, &scale, &zero_point) = (params.first()?, params.get(1)?, params.get(2)?);
        let number = |edge: Edge| match self.graph.node(edge.node()) {
            Node::Float(value) => Some(value),
            Node::Int(value) => Some(value as f64),
            _ => None,
        };
        let scale = match (self.array(scale.node()), self.array(zero_point.node())) {
            (Some(scales), Some(zero_points)) => {
                let axis = params.get(3).and_then(|&axis| usize::try_from(self.int(axis)?).ok()).unwrap_or(0);
                Scale::Each { scales: Box::new(scales), zero_points: Box::new(zero_points), axis }
            }
            _ => Scale::One { scale: number(scale)?, zero_point: number(zero_point)? },
        };
        Some(Quantized { stored, scheme: self.symbol(scheme)?.short_name().to_owned(), scale })
    }

    /// The sparse tensor that a value is.
    #[must_use]
    pub fn sparse_tensor(&self, node: NodeId) -> Option<SparseTensor<'a>> {
        let found = self.tensor(node)?;
        let Call { symbol, args, .. } = self.call(found.node)?;
        symbol?.name.starts_with("_rebuild_sparse").then_some(())?;
        let &[layout, data] = args.first_chunk::<2>()?;
        let layout = sparse_layout(self, layout)?;
        let kinds = if layout == "sparse_coo" { 1 } else { 2 };
        let data: Vec<Edge> = self.graph.items(data.node()).take(kinds + 3).collect();
        let array = |edge: &Edge| self.array(edge.node());
        let is_coalesced = match data.get(kinds + 2).map(|edge| self.graph.node(edge.node())) {
            Some(Node::Bool(value)) if kinds == 1 => Some(value),
            _ => None,
        };
        Some(SparseTensor {
            shape: tensor_size(self, *data.get(kinds + 1)?)?,
            indices: data[..kinds].iter().map(array).collect::<Option<_>>()?,
            values: array(data.get(kinds)?)?,
            layout,
            is_coalesced,
        })
    }
}
