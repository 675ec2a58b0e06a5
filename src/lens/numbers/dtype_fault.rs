//! What numpy's C code believes of a dtype in a pickle without looking: flags, offsets, sizes and the alignment are taken as
//! they stand, and elements are read and written by them.
//!
//! Source: `arraydescr_setstate` in `numpy/_core/src/multiarray/descriptor.c`; the flags are in `numpy/ndarraytypes.h`.

use super::dtype::{Dtype, Kind, product};
use super::dtype_reader::FIELDS;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::graph_view::GraphView;
use std::collections::HashMap;

/// `NPY_ITEM_REFCOUNT` and `NPY_LIST_PICKLE`: elements are objects, and a pickle has them as a list.
const OBJECTS: i64 = 0b11;
/// `NPY_ITEM_REFCOUNT` and `NPY_ITEM_IS_POINTER`.
const POINTERS: i64 = 0b101;
impl GraphView<'_> {
    /// What is wrong with the state of a dtype, so that numpy reads or writes memory outside of an element, or takes bytes of
    /// the file for pointers. `None` when that is sound, and for calls of anything else.
    #[must_use]
    pub fn dtype_fault(&self, call: NodeId) -> Option<String> {
        let given = self.call(call)?;
        let class = *given.args.first()?;
        let plain = match self.symbol(class) {
            // A class of void: `dtype(numpy.record)` in the place of a code.
            Some(symbol) if matches!(symbol.short_name(), "record" | "void") => Dtype::plain(Kind::Void, "void", 0),
            Some(symbol) => Dtype::from_type_name(symbol.short_name()),
            None => Dtype::from_code(&self.string(class)?),
        };
        self.states(call).find_map(|state| {
            let state: Vec<Edge> = self.graph.items(state.node()).take(9).collect();
            State { view: self, plain: &plain, whole: self.dtype(Edge::to(call)), state }.fault()
        })
    }
}

/// `(version, order, subarray, names, fields, itemsize, alignment[, flags[, metadata]])`.
struct State<'a, 'b> {
    view: &'b GraphView<'a>,
    /// The dtype by its code alone.
    plain: &'b Dtype,
    /// The same with fields and subarray, as far as they can be read.
    whole: Option<Dtype>,
    state: Vec<Edge>,
}

impl State<'_, '_> {
    fn fault(&self) -> Option<String> {
        // The states of the first versions were shorter, and had no flags.
        if self.state.len() < 7 || self.int(0).is_none() {
            return None;
        }
        let is_sized = matches!(self.plain.kind, Kind::Bytes | Kind::Text | Kind::Void);
        let size = match self.int(5) {
            Some(size) if is_sized => match u64::try_from(size) {
                Ok(size) => size,
                Err(_) => return Some(format!("an element has {size} bytes")),
            },
            _ => self.plain.itemsize,
        };
        if is_sized && self.int(6).is_some_and(|alignment| alignment < 1) {
            return Some("its alignment is less than one byte".to_owned());
        }
        if self.plain.kind == Kind::Text && size % 4 != 0 {
            return Some(format!("an element of characters of four bytes has {size}"));
        }
        self.field_outside(size).or_else(|| self.subarray_outside(size)).or_else(|| self.lying_flags())
    }

    fn int(&self, index: usize) -> Option<i64> {
        self.state.get(index).and_then(|&edge| self.view.int(edge))
    }

    /// A field that does not lie within an element: `{name: (dtype, offset[, title])}`.
    fn field_outside(&self, size: u64) -> Option<String> {
        let graph = self.view.graph;
        let fields = self.state[4].node();
        if graph.node(fields) != Node::Dict {
            return None;
        }
        let pairs: Vec<Edge> = graph.run_window(fields, RunKind::Pairs, 0).take(2 * FIELDS).collect();
        // Thousands of fields have few dtypes.
        let mut sizes: HashMap<NodeId, u64> = HashMap::new();
        pairs.chunks_exact(2).find_map(|pair| {
            let entry: Vec<Edge> = graph.items(pair[1].node()).take(2).collect();
            let (&dtype, offset) = (entry.first()?, self.view.int(*entry.get(1)?)?);
            let size_of = || self.view.dtype(dtype).map_or(0, |dtype| dtype.itemsize);
            let needs = *sizes.entry(dtype.node()).or_insert_with(size_of);
            let end = u64::try_from(offset).ok().and_then(|offset| offset.checked_add(needs));
            let is_inside = end.is_some_and(|end| end <= size);
            let name = self.view.inline(pair[0]);
            (!is_inside).then(|| format!("the field {name} of {needs} bytes is at {offset} of an element of {size}"))
        })
    }

    /// A subarray that is longer than an element: `(dtype, shape)`.
    fn subarray_outside(&self, size: u64) -> Option<String> {
        let &[dtype, shape] = &self.view.graph.items(self.state[2].node()).collect::<Vec<_>>()[..] else { return None };
        let (dtype, shape) = (self.view.dtype(dtype)?, self.view.sizes(shape)?);
        let needs = product(&shape).and_then(|count| count.checked_mul(dtype.itemsize));
        let is_inside = needs.is_some_and(|needs| needs <= size);
        (!is_inside).then(|| format!("its subarray is longer than an element of {size} bytes"))
    }

    /// Flags that deny objects, or claim them.
    fn lying_flags(&self) -> Option<String> {
        let flags = self.int(7)?;
        match self.whole.as_ref().map_or((false, true), objects) {
            (true, _) if flags & OBJECTS != OBJECTS => Some(format!(
                "its flags ({flags}) deny that it holds objects: bytes of the file are taken for pointers"
            )),
            (false, false) if flags & POINTERS != 0 => {
                Some(format!("its flags ({flags}) say that it holds pointers: numbers of the file are taken for them"))
            }
            _ => None,
        }
    }
}

/// Whether any element is an object, and whether that cannot be said of all.
fn objects(dtype: &Dtype) -> (bool, bool) {
    let (mut holds, mut unknown) = (false, false);
    let mut waiting = vec![dtype];
    while let Some(dtype) = waiting.pop() {
        holds |= dtype.kind == Kind::Object;
        unknown |= dtype.kind == Kind::Other || dtype.more_fields;
        waiting.extend(dtype.fields.iter().map(|field| &field.dtype));
        waiting.extend(dtype.base.iter().map(|(base, _)| &**base));
    }
    (holds, unknown)
}
