//! An array whose numbers are read when they are asked for: dtype, shape, order, and where the bytes are.

use super::dtype::{Dtype, Field, Kind, product};
use super::element;
use super::payload::Payload;
use crate::bytes::{Source, Span, sorting};
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::graph_view::GraphView;

/// Bytes that are read for the elements of one window.
const WINDOW: u64 = 64 << 20;

/// In which order the elements are stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Order {
    /// The last index changes fastest.
    C,
    /// The first index changes fastest.
    Fortran,
    /// As the strides say, in elements.
    Strided {
        /// Elements before the first one.
        offset: u64,
        /// Elements from one to the next in each dimension.
        strides: Vec<u64>,
    },
}

/// Where the elements are.
#[derive(Clone)]
pub enum Data<'a> {
    /// As bytes.
    Bytes(Payload<'a>),
    /// As objects of the graph: this list, in C order.
    Items(NodeId),
    /// Nowhere; why, in words.
    Missing(String),
}

/// An array.
#[derive(Clone)]
pub struct Array<'a> {
    pub(in crate::lens) view: GraphView<'a>,
    /// What the elements are.
    pub dtype: Dtype,
    /// Sizes of the dimensions, as the file says.
    pub shape: Vec<u64>,
    /// How the elements follow each other.
    pub order: Order,
    /// Where they are.
    pub data: Data<'a>,
    /// One truth value for each element (of a structure: for each field), in the order of the elements; true hides it.
    pub mask: Option<Payload<'a>>,
    /// What does not fit together, in words. The elements are then shown as they are stored, in one row.
    pub problem: Option<String>,
    /// The shape in which the elements are shown.
    grid: Vec<u64>,
}

impl<'a> Array<'a> {
    /// The array of these bytes of a source, as joblib and `.npy` files have it.
    #[must_use]
    pub fn from_parts(
        view: GraphView<'a>,
        dtype: Dtype,
        shape: Vec<u64>,
        fortran: bool,
        source: &'a dyn Source,
        span: Span,
    ) -> Self {
        let order = if fortran { Order::Fortran } else { Order::C };
        Self::new(view, dtype, shape, order, Data::Bytes(Payload::plain(source, span, None)))
    }

    /// The array of this data, which is held against the shape.
    pub(in crate::lens) fn new(
        view: GraphView<'a>,
        dtype: Dtype,
        shape: Vec<u64>,
        order: Order,
        data: Data<'a>,
    ) -> Self {
        let mut array = Self { view, dtype, grid: shape.clone(), shape, order, data, mask: None, problem: None };
        if let Data::Bytes(_) = array.data
            && (array.dtype.has_objects() || (array.dtype.kind == Kind::Other && array.dtype.itemsize == 0))
        {
            array.data = Data::Missing(format!("bytes are no elements of type {}", array.dtype.name));
        }
        array.check();
        array
    }

    /// Compares what the shape needs with what is there.
    fn check(&mut self) {
        let (there, unit) = match &self.data {
            Data::Bytes(payload) => (payload.at_most(), self.dtype.itemsize),
            Data::Items(list) => (self.view.graph.run_length(*list, RunKind::Items), 1),
            Data::Missing(_) => return,
        };
        let needed = self.stored().and_then(|count| count.checked_mul(unit));
        if needed.is_some_and(|needed| needed <= there) && product(&self.shape).is_some() {
            return;
        }
        let words = if unit == 1 && matches!(self.data, Data::Items(_)) { "items" } else { "bytes" };
        let needed = needed.map_or_else(|| "more than 2^64".to_owned(), |needed| needed.to_string());
        self.problem = Some(format!("the shape needs {needed} {words}, there are {there}: shown as they are stored"));
        let before = if let Order::Strided { offset, .. } = self.order { offset } else { 0 };
        self.grid = vec![there.checked_div(unit).unwrap_or(0).saturating_sub(before)];
        self.order = match self.order {
            Order::Strided { offset, .. } => Order::Strided { offset, strides: vec![1] },
            _ => Order::C,
        };
    }

    /// Elements up to the last one in the order of storage; `None` above 64 bits.
    pub(in crate::lens) fn stored(&self) -> Option<u64> {
        let count = product(&self.shape)?;
        match &self.order {
            Order::Strided { offset, strides } if count > 0 => {
                let reach =
                    |last: u64, (&size, &stride): (&u64, &u64)| last.checked_add((size - 1).checked_mul(stride)?);
                self.shape.iter().zip(strides).try_fold(*offset, reach)?.checked_add(1)
            }
            _ => Some(count),
        }
    }

    /// The shape in which the elements are shown: that of the file, or one row where the file does not hold so many.
    #[must_use]
    pub fn grid(&self) -> &[u64] {
        &self.grid
    }

    /// Number of elements in [`Array::grid`].
    #[must_use]
    pub fn len(&self) -> u64 {
        product(&self.grid).unwrap_or(u64::MAX)
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of all elements of the shape; `None` above 64 bits.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        product(&self.shape)?.checked_mul(self.dtype.itemsize)
    }

    /// dtype and shape in one line: `float32 (64, 3, 7, 7)`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {}", self.dtype.name, shape_text(&self.shape))
    }

    /// Whether any place of the storage can be read without what is before it: not when bytes are spelled as text.
    #[must_use]
    pub fn is_random_access(&self) -> bool {
        matches!(&self.data, Data::Bytes(payload) if payload.is_direct())
    }

    /// Whether the numbers are bytes in memory, the mask included.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        let is_number = !matches!(
            self.dtype.kind,
            Kind::Text | Kind::Bytes | Kind::Void | Kind::Object | Kind::Struct | Kind::Subarray | Kind::Other
        );
        is_number
            && matches!(&self.data, Data::Bytes(payload) if payload.is_in_memory())
            && self.mask.as_ref().is_none_or(Payload::is_in_memory)
    }

    /// Position in the storage of an element counted in C order.
    pub(in crate::lens) fn position(&self, index: u64) -> u64 {
        let (mut rest, mut position) = (index, 0u64);
        match &self.order {
            Order::C => return index,
            Order::Fortran => {
                let mut stride = product(&self.grid).unwrap_or(0);
                // From the last dimension on, whose stride is the longest.
                for &size in self.grid.iter().rev() {
                    stride /= size.max(1);
                    position += rest % size.max(1) * stride;
                    rest /= size.max(1);
                }
            }
            Order::Strided { offset, strides } => {
                position = *offset;
                for (&size, stride) in self.grid.iter().zip(strides).rev() {
                    position = position.saturating_add((rest % size.max(1)).saturating_mul(*stride));
                    rest /= size.max(1);
                }
            }
        }
        position
    }

    /// Elements from one to the next in each dimension of [`Array::grid`], in the storage.
    #[must_use]
    pub fn strides(&self) -> Vec<u64> {
        let after = |sizes: &mut dyn Iterator<Item = &u64>| -> Vec<u64> {
            let step = |stride: &mut u64, &size: &u64| {
                let own = *stride;
                *stride = own.saturating_mul(size.max(1));
                Some(own)
            };
            sizes.scan(1, step).collect()
        };
        match &self.order {
            Order::C => {
                let mut strides = after(&mut self.grid.iter().rev());
                strides.reverse();
                strides
            }
            Order::Fortran => after(&mut self.grid.iter()),
            Order::Strided { strides, .. } => strides.clone(),
        }
    }

    /// Positions in the storage of elements from `first` on, counted in C order.
    pub(in crate::lens) fn positions(&self, first: u64, count: usize) -> Vec<u64> {
        let end = first.saturating_add(count as u64).min(self.len());
        if self.order == Order::C || self.grid.is_empty() {
            return (first.min(end)..end).map(|index| self.position(index)).collect();
        }
        let strides = self.strides();
        let mut index = vec![0; self.grid.len()];
        let mut rest = first;
        for (at, &size) in index.iter_mut().zip(&self.grid).rev() {
            *at = rest % size.max(1);
            rest /= size.max(1);
        }
        let mut position = self.position(first);
        let mut positions = Vec::with_capacity(usize::try_from(end.saturating_sub(first)).unwrap_or(0).min(count));
        for _ in first..end {
            positions.push(position);
            for dimension in (0..index.len()).rev() {
                index[dimension] += 1;
                if index[dimension] < self.grid[dimension] {
                    position = position.saturating_add(strides[dimension]);
                    break;
                }
                let back = (self.grid[dimension] - 1).saturating_mul(strides[dimension]);
                position = position.saturating_sub(back);
                index[dimension] = 0;
            }
        }
        positions
    }

    /// The same elements with the dimension first whose stride is the longest: gone over in C order, they come as they are
    /// stored. The indices are those of the array that this gives.
    #[must_use]
    pub fn as_stored(&self) -> Self {
        let mut array = self.clone();
        match &self.order {
            Order::C => {}
            Order::Fortran => {
                array.grid.reverse();
                array.shape.reverse();
                array.order = Order::C;
            }
            Order::Strided { offset, strides } => {
                let mut dimensions: Vec<usize> = (0..self.grid.len()).collect();
                sorting::by_key(&mut dimensions, |&at| std::cmp::Reverse(strides.get(at).copied().unwrap_or(0)));
                array.grid = dimensions.iter().map(|&at| self.grid[at]).collect();
                if self.shape.len() == self.grid.len() {
                    array.shape = dimensions.iter().map(|&at| self.shape[at]).collect();
                }
                let strides: Vec<u64> = dimensions.iter().map(|&at| strides.get(at).copied().unwrap_or(0)).collect();
                array.order = Order::Strided { offset: *offset, strides };
                if *offset == 0 && array.strides() == (Self { order: Order::C, ..array.clone() }).strides() {
                    array.order = Order::C;
                }
            }
        }
        array
    }

    /// The indices of the element that comes as the `index`-th when the elements are gone over as they are stored.
    #[must_use]
    pub fn stored_index(&self, index: u64) -> Vec<u64> {
        let mut dimensions: Vec<usize> = (0..self.grid.len()).collect();
        let mut repeated = vec![false; self.grid.len()];
        match &self.order {
            Order::C => {}
            Order::Fortran => dimensions.reverse(),
            Order::Strided { strides, .. } => {
                let stride = |at: usize| strides.get(at).copied().unwrap_or(0);
                sorting::by_key(&mut dimensions, |&at| std::cmp::Reverse(stride(at)));
                repeated.iter_mut().enumerate().for_each(|(at, repeated)| *repeated = stride(at) == 0);
            }
        }
        let (mut rest, mut indices) = (index, vec![0; self.grid.len()]);
        for &at in dimensions.iter().rev().filter(|&&at| !repeated[at]) {
            indices[at] = rest % self.grid[at].max(1);
            rest /= self.grid[at].max(1);
        }
        indices
    }

    /// The elements without those that a stride of 0 shows again, and how often each was shown.
    pub(in crate::lens) fn without_repeats(mut self) -> (Self, u64) {
        let mut repeats = 1u64;
        if let Order::Strided { strides, .. } = &self.order {
            for (size, _) in self.grid.iter_mut().zip(strides).filter(|(size, stride)| **stride == 0 && **size > 1) {
                repeats = repeats.saturating_mul(*size);
                *size = 1;
            }
        }
        (self, repeats)
    }

    /// The element at `index`, counted in C order, as `str` of numpy's scalar has it.
    ///
    /// # Errors
    /// When it is not there or cannot be read, in words.
    pub fn value(&self, index: u64, budget: usize) -> Result<String, String> {
        let values = self.values(index, 1, budget)?;
        values.into_iter().next().ok_or_else(|| format!("there is no element {index}"))
    }

    /// Elements from `first` on in C order, at most `count`, each in about `budget` characters; a masked one is `--`. Reads
    /// these elements and little more.
    ///
    /// # Errors
    /// When the bytes are not there or cannot be read, in words.
    pub fn values(&self, first: u64, count: usize, budget: usize) -> Result<Vec<String>, String> {
        let end = first.saturating_add(count as u64).min(self.len());
        let indices: Vec<u64> = (first.min(end)..end).collect();
        self.values_at(&indices, budget)
    }

    /// Elements at any places, counted in C order; what is behind the last one is left out.
    ///
    /// # Errors
    /// When the bytes are not there or cannot be read, in words.
    pub fn values_at(&self, indices: &[u64], budget: usize) -> Result<Vec<String>, String> {
        let length = self.len();
        let indices: Vec<u64> = indices.iter().copied().filter(|&index| index < length).collect();
        let positions: Vec<u64> = indices.iter().map(|&index| self.position(index)).collect();
        let mut values: Vec<String> = match &self.data {
            Data::Bytes(payload) => {
                // Of many large elements the beginnings are enough.
                let each = (WINDOW / (positions.len() as u64).max(1)).max((budget as u64).saturating_mul(8));
                let elements = self.elements(payload, &positions, self.dtype.itemsize.min(each))?;
                elements.iter().map(|bytes| element::text(&self.dtype, bytes, budget)).collect()
            }
            Data::Items(_) => indices.iter().map(|&index| self.item_text(index)).collect(),
            Data::Missing(reason) => return Err(reason.clone()),
        };
        for (value, hidden) in values.iter_mut().zip(self.hidden(&positions)?) {
            if hidden {
                "--".clone_into(value);
            }
        }
        Ok(values)
    }

    /// Which of the elements at these positions of the storage the mask hides; nothing without a mask.
    ///
    /// # Errors
    /// When the mask cannot be read, in words.
    pub fn hidden(&self, positions: &[u64]) -> Result<Vec<bool>, String> {
        let Some(mask) = &self.mask else { return Ok(Vec::new()) };
        let size = usize::try_from(mask_size(&self.dtype)).map_err(|error| error.to_string())?;
        if size != 1 {
            let hidden = self.elements(mask, positions, size as u64)?;
            return Ok(hidden.iter().map(|one| !one.is_empty() && one.iter().all(|byte| *byte != 0)).collect());
        }
        Ok(mask.gather_flat(positions, size)?.into_iter().map(|byte| byte != 0).collect())
    }

    /// The same of one field: the mask has bytes for each field, in their order.
    pub(in crate::lens) fn hidden_field(&self, field: &Field, first: u64, count: usize) -> Result<Vec<bool>, String> {
        let Some(mask) = &self.mask else { return Ok(Vec::new()) };
        let before = self.dtype.fields.iter().take_while(|one| one.name != field.name);
        let start = before.map(|one| mask_size(&one.dtype)).fold(0, u64::saturating_add);
        let end = start.saturating_add(mask_size(&field.dtype));
        let masks = self.elements(mask, &self.positions(first, count), mask_size(&self.dtype))?;
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let is_hidden = |one: &Vec<u8>| {
            let own = one.get(index(start)..index(end)).unwrap_or_default();
            !own.is_empty() && own.iter().all(|byte| *byte != 0)
        };
        Ok(masks.iter().map(is_hidden).collect())
    }

    fn item_text(&self, index: u64) -> String {
        self.items(index, 1).first().map_or_else(|| "…".to_owned(), |&edge| self.view.inline(edge))
    }

    /// The bytes of elements; of very large ones the first.
    fn elements(&self, payload: &Payload<'a>, positions: &[u64], size: u64) -> Result<Vec<Vec<u8>>, String> {
        let offsets: Vec<u64> = positions.iter().map(|position| position.saturating_mul(size)).collect();
        payload.gather(&offsets, size.min(self.view.limits.value))
    }

    /// The objects from `first` on, when elements are objects.
    #[must_use]
    pub fn items(&self, first: u64, count: usize) -> Vec<Edge> {
        match self.data {
            Data::Items(list) => {
                let count = count.min(usize::try_from(self.len().saturating_sub(first)).unwrap_or(usize::MAX));
                self.view.graph.run_window(list, RunKind::Items, first).take(count).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Where the first element stands in the file that was opened, when all elements stand there as they are and fit the
    /// shape: a reader that has the file needs no copy of them. Not for what was unpacked, decoded or negated on the way.
    #[must_use]
    pub fn in_file(&self) -> Option<u64> {
        let Data::Bytes(payload) = &self.data else { return None };
        let place = payload.in_file().filter(|_| self.problem.is_none())?;
        let first = if let Order::Strided { offset, .. } = self.order { offset } else { 0 };
        place.start.checked_add(first.checked_mul(self.dtype.itemsize)?)
    }

    /// How many brackets open before an element, counted in C order, and how many close after it.
    #[must_use]
    pub fn brackets(&self, index: u64) -> (usize, usize) {
        element::brackets(&self.grid, index)
    }

    /// Where the bytes are: what holds them (nothing for the file of the pickle itself), and from where to where in it.
    /// Nothing for elements that are no bytes.
    #[must_use]
    pub fn place(&self) -> Option<(Option<&'a str>, Span)> {
        let Data::Bytes(payload) = &self.data else { return None };
        let (span, size) = (payload.span, self.dtype.itemsize);
        let Some(place) = payload.place else { return Some((None, span)) };
        let first = if let Order::Strided { offset, .. } = self.order { offset } else { 0 };
        let end = self.stored().unwrap_or(u64::MAX).saturating_mul(size).min(span.len());
        Some((Some(place), Span::new(first.saturating_mul(size).min(end), end)))
    }
}

/// Bytes of the mask of one element: one for each field that has no fields itself.
fn mask_size(dtype: &Dtype) -> u64 {
    match (dtype.kind, &dtype.base) {
        (Kind::Struct, _) => dtype.fields.iter().map(|field| mask_size(&field.dtype)).fold(0, u64::saturating_add),
        (Kind::Subarray, Some((base, shape))) => product(shape).unwrap_or(u64::MAX).saturating_mul(mask_size(base)),
        _ => 1,
    }
}

/// A shape as Python writes a tuple.
#[must_use]
pub fn shape_text(shape: &[u64]) -> String {
    match shape {
        [one] => format!("({one},)"),
        more => format!("({})", more.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
    }
}

impl<'a> GraphView<'a> {
    /// The data of an array: a list of objects, or bytes.
    pub(in crate::lens) fn data_of(&self, edge: Edge) -> Data<'a> {
        match self.graph.node(edge.node()) {
            Node::List => Data::Items(edge.node()),
            _ => self.payload_of(edge).map_or_else(Data::Missing, Data::Bytes),
        }
    }

    /// The items of a list as an array of objects, where there are several and the first ones are all numbers.
    #[must_use]
    pub fn number_list(&self, node: NodeId) -> Option<Array<'a>> {
        const LEAST: u64 = 8;
        const LOOKED_AT: usize = 1000;
        let count = self.graph.run_length(node, RunKind::Items);
        if self.graph.node(node) != Node::List || count < LEAST {
            return None;
        }
        let mut first = self.graph.run_window(node, RunKind::Items, 0).take(LOOKED_AT);
        let is_number = |edge: Edge| matches!(self.graph.node(edge.node()), Node::Int(_) | Node::Float(_));
        let object = Dtype::plain(Kind::Object, "object", 8);
        first.all(is_number).then(|| Array::new(*self, object, vec![count], Order::C, Data::Items(node)))
    }
}
