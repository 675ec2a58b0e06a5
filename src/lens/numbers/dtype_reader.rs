//! Dtypes as pickles and `.npy` headers have them: calls of `numpy.dtype` with a state, types by name, codes, lists of fields.
//!
//! Sources: `numpy/_core/src/multiarray/descriptor.c` (`arraydescr_reduce`, `arraydescr_setstate`),
//! `numpy/lib/_format_impl.py` (`dtype_to_descr`).

use super::dtype::{Dtype, Field, Kind, product};
use crate::format::numpy::{DIMENSIONS, STRING_DTYPE};
use crate::graph::{Edge, Node, RunKind};
use crate::lens::graph_view::{Call, GraphView};
use std::collections::HashMap;

/// Fields of one dtype. As many stand in the file.
pub(super) const FIELDS: usize = 1 << 18;
/// Fields of the dtypes in it: one may hold another a thousandfold without being long in the file.
const NESTED: usize = 4096;
/// Levels of dtypes in dtypes.
const LEVELS: usize = 16;
/// `NPY_ALIGNED_STRUCT` among the flags of a dtype.
const ALIGNED: i64 = 0x80;

impl GraphView<'_> {
    /// The dtype that a value is: a call of `numpy.dtype` with its state, a type by name, or what a `.npy` header has (a
    /// code, or a list of fields). `None` when it is none of these.
    #[must_use]
    pub fn dtype(&self, edge: Edge) -> Option<Dtype> {
        Parser { view: self, fields: FIELDS, nested: NESTED }.dtype(edge, 0)
    }

    /// Sizes in a tuple, or one alone; `None` when one is negative or there are more than an array has.
    pub(in crate::lens) fn sizes(&self, edge: Edge) -> Option<Vec<u64>> {
        let size = |edge| u64::try_from(self.int(edge)?).ok();
        match self.graph.node(edge.node()) {
            Node::Tuple if self.graph.items(edge.node()).len() <= DIMENSIONS => {
                self.graph.items(edge.node()).map(size).collect()
            }
            Node::List => {
                let items: Vec<Edge> =
                    self.graph.run_window(edge.node(), RunKind::Items, 0).take(DIMENSIONS + 1).collect();
                if items.len() > DIMENSIONS { None } else { items.into_iter().map(size).collect() }
            }
            _ => Some(vec![size(edge)?]),
        }
    }

    /// A tuple of sizes as it stands in the file, whatever its items are.
    pub(in crate::lens) fn sizes_text(&self, shape: Edge) -> Option<String> {
        if self.graph.node(shape.node()) != Node::Tuple {
            return None;
        }
        let sizes: Vec<String> = self.graph.items(shape.node()).take(65).map(|edge| self.inline(edge)).collect();
        Some(match &sizes[..] {
            [one] => format!("({one},)"),
            more => format!("({})", more.join(", ")),
        })
    }
}

/// Reads dtypes within a budget.
struct Parser<'a, 'b> {
    view: &'b GraphView<'a>,
    /// Fields that may still be read.
    fields: usize,
    /// Of dtypes in others.
    nested: usize,
}

impl Parser<'_, '_> {
    /// Takes a field of a dtype at this level; whether there may be one.
    fn take_field(&mut self, level: usize) -> bool {
        let left = if level == 0 { &mut self.fields } else { &mut self.nested };
        *left = left.saturating_sub(1);
        *left > 0
    }

    /// Dtypes nest no deeper than `LEVELS`, so this may call itself.
    fn dtype(&mut self, edge: Edge, level: usize) -> Option<Dtype> {
        if level > LEVELS {
            return None;
        }
        let view = self.view;
        match view.graph.node(edge.node()) {
            Node::Call { .. } => self.call(&view.call(edge.node())?, level),
            Node::Global(_) => view.symbol(edge).map(|symbol| Dtype::from_type_name(symbol.short_name())),
            Node::Text { .. } => Some(Dtype::from_code(&view.string(edge)?)),
            Node::List => Some(self.descr(edge, level)),
            _ => None,
        }
    }

    /// `dtype(code, align, copy)` and BUILD `(version, order, subarray, names, fields, itemsize, alignment, flags, metadata)`.
    fn call(&mut self, call: &Call<'_>, level: usize) -> Option<Dtype> {
        let view = self.view;
        let symbol = call.symbol?;
        if symbol.name == STRING_DTYPE {
            return Some(Dtype::plain(Kind::Object, "StringDType", 16));
        }
        if symbol.name != "dtype" {
            // DType classes of numpy 2.
            return symbol.name.ends_with("DType").then(|| Dtype::plain(Kind::Other, symbol.short_name(), 0));
        }
        let state: Vec<Edge> = match view.states(call.id).next() {
            Some(state) => view.graph.items(state.node()).take(9).collect(),
            None => Vec::new(),
        };
        let &class = call.args.first()?;
        let mut dtype = match view.symbol(class) {
            // `dtype(numpy.record)` instead of a code.
            Some(symbol) => Dtype::from_type_name(symbol.short_name()),
            None => Dtype::from_code(&view.string(class)?),
        };
        dtype.big_endian |= state.get(1).and_then(|&order| view.string(order)).is_some_and(|order| order == ">");
        let size = state.get(5).and_then(|&size| u64::try_from(view.int(size)?).ok());
        if let (Kind::Bytes | Kind::Text | Kind::Void | Kind::Other, Some(size)) = (dtype.kind, size) {
            dtype.itemsize = size;
        }
        dtype.aligned = state.get(7).and_then(|&flags| view.int(flags)).is_some_and(|flags| flags & ALIGNED != 0);
        if let Some(&names) = state.get(3).filter(|names| view.graph.node(names.node()) == Node::Tuple) {
            dtype.kind = Kind::Struct;
            dtype.itemsize = size.unwrap_or(dtype.itemsize);
            dtype.name = format!("structured [{}]", field_names(view, names));
            (dtype.fields, dtype.more_fields) = self.fields(names, state.get(4).copied(), level);
        } else if let Some(base) = state.get(2).and_then(|&pair| self.subarray(pair, level)) {
            dtype.kind = Kind::Subarray;
            dtype.base = Some(base);
        }
        if matches!(dtype.kind, Kind::Datetime | Kind::Timedelta)
            && let Some(unit) = state.get(8).and_then(|&metadata| time_unit(view, metadata))
        {
            dtype = dtype.with_unit(&unit);
        }
        Some(dtype.with_byte_order())
    }

    /// The fields by their names, and whether some were left out: `{name: (dtype, offset[, title])}`.
    fn fields(&mut self, names: Edge, fields: Option<Edge>, level: usize) -> (Vec<Field>, bool) {
        let view = self.view;
        let pairs = fields.map(|fields| view.graph.run_window(fields.node(), RunKind::Pairs, 0));
        let edges: Vec<Edge> = pairs.into_iter().flatten().take(4 * if level == 0 { FIELDS } else { NESTED }).collect();
        let by_name: HashMap<String, Edge> =
            edges.chunks_exact(2).filter_map(|pair| Some((view.string(pair[0])?, pair[1]))).collect();
        let mut found = Vec::new();
        for name in view.graph.items(names.node()) {
            let field = || {
                let name = view.string(name)?;
                let entry = view.graph.items(by_name.get(&name)?.node()).take(3).collect::<Vec<_>>();
                let (&dtype, &offset) = (entry.first()?, entry.get(1)?);
                let title = entry.get(2).and_then(|&title| view.string(title));
                Some((name, title, u64::try_from(view.int(offset)?).ok()?, dtype))
            };
            let may_be_read = self.take_field(level);
            let Some((name, title, offset, dtype)) = field().filter(|_| may_be_read) else {
                return (found, true);
            };
            let Some(dtype) = self.dtype(dtype, level + 1) else { return (found, true) };
            found.push(Field { name, title, offset, dtype });
        }
        (found, false)
    }

    /// `(dtype, shape)`.
    fn subarray(&mut self, pair: Edge, level: usize) -> Option<(Box<Dtype>, Vec<u64>)> {
        let &[dtype, shape] = &self.view.graph.items(pair.node()).collect::<Vec<_>>()[..] else { return None };
        if !self.take_field(level + 1) {
            return None;
        }
        Some((Box::new(self.dtype(dtype, level + 1)?), self.view.sizes(shape)?))
    }

    /// The fields of a `.npy` header, one after the other: `[(name or (title, name), dtype[, shape]), …]`. Those without a
    /// name are padding.
    fn descr(&mut self, list: Edge, level: usize) -> Dtype {
        let view = self.view;
        let mut dtype = Dtype::plain(Kind::Struct, "", 0);
        let mut shown = Vec::new();
        for entry in view.graph.run_window(list.node(), RunKind::Items, 0) {
            let may_be_read = self.take_field(level);
            let Some((name, title, field)) = self.descr_field(entry, level).filter(|_| may_be_read) else {
                dtype.more_fields = true;
                break;
            };
            let offset = dtype.itemsize;
            dtype.itemsize = offset.saturating_add(field.itemsize);
            if !name.is_empty() {
                shown.push(name.chars().take(NAME).collect::<String>());
                dtype.fields.push(Field { name, title, offset, dtype: field });
            }
        }
        let more = shown.len().saturating_sub(NAMES);
        shown.truncate(NAMES);
        dtype.name = format!("structured [{}]", with_more(shown, more));
        dtype
    }

    fn descr_field(&mut self, entry: Edge, level: usize) -> Option<(String, Option<String>, Dtype)> {
        let view = self.view;
        let entry: Vec<Edge> = view.graph.items(entry.node()).take(4).collect();
        let (&name, &dtype) = (entry.first()?, entry.get(1)?);
        let (title, name) = match view.graph.items(name.node()).collect::<Vec<_>>()[..] {
            [title, name] => (view.string(title), view.string(name)?),
            _ => (None, view.string(name)?),
        };
        let mut dtype = self.dtype(dtype, level + 1)?;
        if let Some(&shape) = entry.get(2) {
            let shape = view.sizes(shape)?;
            let count = product(&shape)?;
            let mut array = Dtype::plain(Kind::Subarray, dtype.name.clone(), dtype.itemsize.checked_mul(count)?);
            array.base = Some((Box::new(dtype), shape));
            dtype = array;
        }
        Some((name, title, dtype))
    }
}

/// Fields named in the name of a dtype, and characters of each.
const NAMES: usize = 4;
const NAME: usize = 24;

/// The first names of the fields, as they are.
fn field_names(view: &GraphView<'_>, names: Edge) -> String {
    let items = view.graph.items(names.node());
    let more = items.len().saturating_sub(NAMES);
    let name = |edge| view.string(edge).map_or_else(|| view.inline(edge), |name| name.chars().take(NAME).collect());
    with_more(items.take(NAMES).map(name).collect(), more)
}

fn with_more(mut names: Vec<String>, more: usize) -> String {
    if more > 0 {
        names.push(format!("… {more} more"));
    }
    names.join(", ")
}

/// The unit of a date: version 4 of the state ends with `(metadata, (unit, number, denominator, event))`.
fn time_unit(view: &GraphView<'_>, metadata: Edge) -> Option<String> {
    let &[_, unit] = &view.graph.items(metadata.node()).collect::<Vec<_>>()[..] else { return None };
    let &[unit, number, ..] = &view.graph.items(unit.node()).collect::<Vec<_>>()[..] else { return None };
    let unit = match view.bytes_of(unit) {
        Some(bytes) => String::from_utf8(bytes).ok()?,
        None => view.string(unit)?,
    };
    let known = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "μs", "ns", "ps", "fs", "as"].contains(&unit.as_str());
    match view.int(number)? {
        1 if known => Some(unit),
        number if known => Some(format!("{number}{unit}")),
        _ => None,
    }
}
