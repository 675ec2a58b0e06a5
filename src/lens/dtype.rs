//! What the elements of an array are: numpy's dtypes, and the types of torch's tensors.
//!
//! Sources: `numpy/_core/src/multiarray/descriptor.c` (`arraydescr_reduce`, `arraydescr_setstate`),
//! `numpy/lib/_format_impl.py` (`dtype_to_descr`), `torch/storage.py`, `c10/core/ScalarType.h`.

use super::call::Call;
use super::view::GraphView;
use crate::graph::{Edge, Node, RunKind};
use std::collections::HashMap;

/// What makes a `StringDType` (`numpy/_core/_internal.py`).
pub(super) const STRING_DTYPE: &str = "_convert_to_stringdtype_kwargs";

/// Fields of one dtype, nested ones included. A dtype may hold itself a thousandfold without being long in the file.
const FIELDS: usize = 4096;
/// Levels of dtypes in dtypes.
const LEVELS: usize = 16;
/// Dimensions of an array (`NPY_MAXDIMS` of numpy 2).
pub(super) const DIMENSIONS: usize = 64;
/// `NPY_ALIGNED_STRUCT` among the flags of a dtype.
const ALIGNED: i64 = 0x80;

/// How the bytes of an element are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One byte, false when it is 0.
    Bool,
    /// An integer in two's complement.
    Int,
    /// An integer without sign.
    Uint,
    /// A float of IEEE 754, or of 80 bits in 10 to 16 bytes.
    Float,
    /// The high half of a float32 (bfloat16).
    Brain,
    /// A float of eight bits.
    Float8(Float8),
    /// Two floats.
    Complex,
    /// A count of units since 1970.
    Datetime,
    /// A count of units.
    Timedelta,
    /// Bytes, filled up with NULs.
    Bytes,
    /// Code points of four bytes each, filled up with NULs.
    Text,
    /// Bytes without meaning.
    Void,
    /// Named fields.
    Struct,
    /// An array in each element; only as the dtype of a field.
    Subarray,
    /// Python objects, which are pickled one by one.
    Object,
    /// Anything else; its bytes are shown.
    Other,
}

/// The floats of eight bits (`torch.float8_e4m3fn` and so on), named by the bits of exponent and fraction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Float8 {
    /// Without infinities; all ones is NaN.
    E4m3fn,
    /// As IEEE 754 would have it.
    E5m2,
    /// Without infinities and -0, whose place NaN has.
    E4m3fnuz,
    /// Without infinities and -0, whose place NaN has.
    E5m2fnuz,
    /// A power of two.
    E8m0fnu,
}

/// A dtype.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dtype {
    /// How an element is read.
    pub kind: Kind,
    /// Its name to a person: `float64`, `datetime64[ns]`, `U8`, `structured [name, age]`.
    pub name: String,
    /// Bytes of an element.
    pub itemsize: u64,
    /// Whether numbers have their highest byte first.
    pub big_endian: bool,
    /// Unit of a date or duration: `ns`, `25s`; empty for the generic one.
    pub unit: String,
    /// Fields in their order.
    pub fields: Vec<Field>,
    /// Whether there are more fields, which were too many or not understood.
    pub more_fields: bool,
    /// Dtype and shape of a subarray.
    pub base: Option<(Box<Dtype>, Vec<u64>)>,
    /// Whether fields are laid out as a C compiler does (`align=True`).
    pub aligned: bool,
}

/// A field of a structured dtype.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Another name for it.
    pub title: Option<String>,
    /// Bytes before it in the element.
    pub offset: u64,
    /// Its dtype.
    pub dtype: Dtype,
}

impl Dtype {
    pub(super) fn plain(kind: Kind, name: impl Into<String>, itemsize: u64) -> Self {
        Self {
            kind,
            name: name.into(),
            itemsize,
            big_endian: false,
            unit: String::new(),
            fields: Vec::new(),
            more_fields: false,
            base: None,
            aligned: false,
        }
    }

    /// The dtype of a code as pickles and `.npy` headers have it: `f8`, `<i4`, `>U5`, `<M8[ns]`, `|O`, `?`. What is no code
    /// keeps its name and has no bytes.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        let big_endian = code.starts_with('>');
        let code = code.trim_start_matches(['<', '>', '=', '|']);
        let (code, unit) = match code.split_once('[') {
            Some((code, unit)) => (code, unit.trim_end_matches(']')),
            None => (code, ""),
        };
        let letter = code.chars().next().unwrap_or_default();
        let size = code.get(letter.len_utf8()..).and_then(|size| size.parse::<u64>().ok());
        let bits = size.map(|size| size.saturating_mul(8));
        let sized = |word: &str| bits.map_or_else(|| code.to_owned(), |bits| format!("{word}{bits}"));
        let bytes = size.unwrap_or(0);
        let one_of = |kind, sizes: &[u64]| if sizes.contains(&bytes) { kind } else { Kind::Other };
        let mut dtype = match letter {
            'f' => Self::plain(one_of(Kind::Float, &[2, 4, 8, 10, 12, 16]), sized("float"), bytes),
            'i' => Self::plain(one_of(Kind::Int, &[1, 2, 4, 8]), sized("int"), bytes),
            'u' => Self::plain(one_of(Kind::Uint, &[1, 2, 4, 8]), sized("uint"), bytes),
            'c' => Self::plain(one_of(Kind::Complex, &[4, 8, 16, 20, 24, 32]), sized("complex"), bytes),
            'b' | '?' => Self::plain(Kind::Bool, "bool", 1),
            'O' => Self::plain(Kind::Object, "object", 8),
            'M' => Self::plain(Kind::Datetime, "datetime64", 8).with_unit(unit),
            'm' => Self::plain(Kind::Timedelta, "timedelta64", 8).with_unit(unit),
            'S' | 'a' if size.is_some() => Self::plain(Kind::Bytes, code, bytes),
            'U' if size.is_some() => Self::plain(Kind::Text, code, bytes.saturating_mul(4)),
            'V' if size.is_some() => Self::plain(Kind::Void, code, bytes),
            _ => Self::plain(Kind::Other, code, bytes),
        };
        dtype.big_endian = big_endian;
        dtype.with_byte_order()
    }

    /// The same with a name that says the byte order, where it is not the usual one: numpy prints `>f8`, not `float64`.
    fn with_byte_order(mut self) -> Self {
        let has_order = matches!(
            self.kind,
            Kind::Int | Kind::Uint | Kind::Float | Kind::Complex | Kind::Datetime | Kind::Timedelta | Kind::Text
        );
        if self.big_endian && has_order && self.itemsize > 1 {
            self.name = self.code();
        }
        self
    }

    /// The name in the usual byte order: `int32` of `>i4`.
    #[must_use]
    pub fn native_name(&self) -> String {
        if !self.big_endian {
            return self.name.clone();
        }
        Self::from_code(self.code().trim_start_matches('>')).name
    }

    /// The dtype that the class of a scalar stands for: `numpy.float32`, `torch.bfloat16`.
    #[must_use]
    pub fn from_type_name(name: &str) -> Self {
        let (kind, itemsize) = match name {
            "bool" | "bool_" => (Kind::Bool, 1),
            "object_" | "object" => (Kind::Object, 8),
            "half" => (Kind::Float, 2),
            "float" => (Kind::Float, 4),
            "double" => (Kind::Float, 8),
            "bfloat16" => (Kind::Brain, 2),
            "float8_e4m3fn" => (Kind::Float8(Float8::E4m3fn), 1),
            "float8_e5m2" => (Kind::Float8(Float8::E5m2), 1),
            "float8_e4m3fnuz" => (Kind::Float8(Float8::E4m3fnuz), 1),
            "float8_e5m2fnuz" => (Kind::Float8(Float8::E5m2fnuz), 1),
            "float8_e8m0fnu" => (Kind::Float8(Float8::E8m0fnu), 1),
            "quint8" => (Kind::Uint, 1),
            "qint8" => (Kind::Int, 1),
            "qint32" => (Kind::Int, 4),
            _ => {
                let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
                let (word, bits) = name.split_at(digits);
                let letter = match word {
                    "float" => "f",
                    "int" => "i",
                    "uint" => "u",
                    "complex" => "c",
                    _ => "",
                };
                let code = format!("{letter}{}", bits.parse::<u64>().unwrap_or(0) / 8);
                let dtype = Self::from_code(if letter.is_empty() { "" } else { &code });
                (dtype.kind, if dtype.kind == Kind::Other { 0 } else { dtype.itemsize })
            }
        };
        Self::plain(kind, name, itemsize)
    }

    fn with_unit(mut self, unit: &str) -> Self {
        if !unit.is_empty() && unit != "generic" {
            self.name = format!("{}[{unit}]", self.name);
            self.unit = unit.to_owned();
        }
        self
    }

    /// numpy's code: `<f8`, `|b1`, `>U5`, `<M8[ns]`, `|V16` for a structure (`numpy.dtype.str`).
    #[must_use]
    pub fn code(&self) -> String {
        let (letter, size) = match self.kind {
            Kind::Bool => ('b', self.itemsize),
            Kind::Int => ('i', self.itemsize),
            Kind::Uint => ('u', self.itemsize),
            Kind::Float => ('f', self.itemsize),
            Kind::Complex => ('c', self.itemsize),
            Kind::Datetime => ('M', self.itemsize),
            Kind::Timedelta => ('m', self.itemsize),
            Kind::Bytes => ('S', self.itemsize),
            Kind::Text => ('U', self.itemsize / 4),
            Kind::Object => return "|O".to_owned(),
            Kind::Brain | Kind::Float8(_) | Kind::Other => return self.name.clone(),
            Kind::Void | Kind::Struct | Kind::Subarray => ('V', self.itemsize),
        };
        let order = match self.kind {
            Kind::Bytes | Kind::Void | Kind::Struct | Kind::Subarray => '|',
            _ if self.itemsize == 1 => '|',
            _ if self.big_endian => '>',
            _ => '<',
        };
        let unit = if self.unit.is_empty() { String::new() } else { format!("[{}]", self.unit) };
        format!("{order}{letter}{size}{unit}")
    }

    /// Whether elements are Python objects or hold some, so that no bytes can stand for them.
    #[must_use]
    pub fn has_objects(&self) -> bool {
        match self.kind {
            Kind::Object => true,
            Kind::Struct => self.fields.iter().any(|field| field.dtype.has_objects()),
            Kind::Subarray => self.base.as_ref().is_some_and(|(base, _)| base.has_objects()),
            _ => false,
        }
    }
}

impl GraphView<'_> {
    /// The dtype that a value is: a call of `numpy.dtype` with its state, a type by name, or what a `.npy` header has (a
    /// code, or a list of fields). `None` when it is none of these.
    #[must_use]
    pub fn dtype(&self, edge: Edge) -> Option<Dtype> {
        Parser { view: self, fields: FIELDS }.dtype(edge, 0)
    }

    /// Sizes in a tuple, or one alone; `None` when one is negative or there are more than an array has.
    pub(super) fn sizes(&self, edge: Edge) -> Option<Vec<u64>> {
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
    pub(super) fn sizes_text(&self, shape: Edge) -> Option<String> {
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
}

impl Parser<'_, '_> {
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
        let edges: Vec<Edge> = pairs.into_iter().flatten().take(4 * FIELDS).collect();
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
            self.fields = self.fields.saturating_sub(1);
            let Some((name, title, offset, dtype)) = field().filter(|_| self.fields > 0) else {
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
        self.fields = self.fields.checked_sub(1)?;
        Some((Box::new(self.dtype(dtype, level + 1)?), self.view.sizes(shape)?))
    }

    /// The fields of a `.npy` header, one after the other: `[(name or (title, name), dtype[, shape]), …]`. Those without a
    /// name are padding.
    fn descr(&mut self, list: Edge, level: usize) -> Dtype {
        let view = self.view;
        let mut dtype = Dtype::plain(Kind::Struct, "", 0);
        let mut shown = Vec::new();
        for entry in view.graph.run_window(list.node(), RunKind::Items, 0) {
            self.fields = self.fields.saturating_sub(1);
            let Some((name, title, field)) = self.descr_field(entry, level).filter(|_| self.fields > 0) else {
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

/// The product of sizes; `None` above 64 bits. A zero makes it zero whatever the others are.
pub(super) fn product(sizes: &[u64]) -> Option<u64> {
    if sizes.contains(&0) {
        return Some(0);
    }
    sizes.iter().try_fold(1u64, |product, &size| product.checked_mul(size))
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
