//! The shape of a node: scalars and containers here, calls by the recognisers.

use super::shape::{Shape, ShapeKind};
use super::{Attached, Part, PartLabel, joblib, numpy, pandas, polynomial, scipy, stdlib, torch};
use crate::bytes::{Limits, Source};
use crate::graph::{CallKind, Edge, Graph, Node, NodeId, RunKind, Symbol, ends};
use crate::opcode;
use serde::{Deserialize, Serialize};

/// How a Python 2 `str` is shown: `pickle.load(encoding=...)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Python2Reading {
    /// As text where it is ASCII, else as bytes.
    #[default]
    Ascii,
    /// As text, every byte one character.
    Latin1,
    /// As bytes.
    Bytes,
}

/// Reads nodes of one graph.
#[derive(Clone, Copy)]
pub struct Lens<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// The bytes its payloads are in.
    pub source: &'a dyn Source,
    /// Budgets.
    pub limits: &'a Limits,
    /// How to read `str` of Python 2.
    pub python2: Python2Reading,
    /// What the pickle refers to outside itself.
    pub attached: &'a Attached,
}

/// Characters of a scalar inside the text of another value.
const INNER: usize = 200;

/// Arguments of a call that have a meaning by their place; what is beyond is listed. Calls can be many and share one tuple.
const ARGUMENTS: usize = 256;

/// A call, unpacked.
pub(crate) struct Call<'a> {
    pub(crate) id: NodeId,
    pub(crate) kind: CallKind,
    pub(crate) callee: Edge,
    /// The global that is called, when the callee is one, or stands for one with its source (torch before 1.6).
    pub(crate) symbol: Option<&'a Symbol>,
    pub(crate) args_edge: Edge,
    /// The arguments, when they are a tuple, as far as they have a meaning by their place.
    pub(crate) args: Vec<Edge>,
    pub(crate) kwargs: Option<Edge>,
}

impl<'a> Lens<'a> {
    /// What a node is to a person.
    #[must_use]
    pub fn shape(&self, id: NodeId) -> Shape {
        if let Some(scalar) = self.scalar(id, self.limits.preview) {
            let mut text = scalar.text;
            if scalar.truncated {
                text.push('…');
            }
            return Shape::builtin(ShapeKind::Scalar(scalar.kind), scalar.type_name, self.odd_parts(id))
                .with_text(text);
        }
        let mut shape = match self.graph.node(id) {
            Node::Tuple => Shape::builtin(ShapeKind::Items, "tuple", vec![Part::items(PartLabel::Index, id)]),
            Node::FrozenSet => Shape::builtin(ShapeKind::Items, "frozenset", vec![self.member_part(id)]),
            Node::List => {
                Shape::builtin(ShapeKind::Items, "list", vec![Part::run(PartLabel::Index, id, RunKind::Items)])
            }
            Node::Dict => Shape::builtin(ShapeKind::Mapping, "dict", vec![self.pair_part(PartLabel::Key, id)]),
            Node::Set => Shape::builtin(ShapeKind::Items, "set", vec![self.member_part(id)]),
            Node::Global(symbol) => {
                let name = self.graph.symbols.get(symbol).full_name();
                Shape::builtin(ShapeKind::Reference, "global", Vec::new()).with_text(name)
            }
            Node::ComputedGlobal { module, name } => {
                let parts = vec![Part::role("module", module), Part::role("name", name)];
                Shape::builtin(ShapeKind::Reference, "computed global", parts)
            }
            Node::PersistentId(edge) => torch::persistent(self, edge).unwrap_or_else(|| {
                let mut shape = Shape::builtin(ShapeKind::External, "persistent id", vec![Part::role("id", edge)]);
                shape.text = self.scalar(edge.node(), INNER).map(|_| self.inline(edge));
                shape
            }),
            Node::Extension(code) => Shape::builtin(ShapeKind::External, "extension", Vec::new())
                .with_text(format!("#{code}, not in the file")),
            Node::Buffer(index) => {
                let place = self.attached.buffers.get(index as usize).map_or("not in the file", |blob| &blob.place);
                Shape::builtin(ShapeKind::External, "buffer", Vec::new()).with_text(format!("#{index}, {place}"))
            }
            Node::ReadonlyBuffer(edge) => {
                Shape::builtin(ShapeKind::External, "read-only buffer", vec![Part::role("buffer", edge)])
            }
            Node::InlineArray { wrapper, .. } => joblib::shape(self, wrapper, None),
            Node::InlinePickle { wrapper, value } => joblib::shape(self, wrapper, Some(value)),
            _ => return self.call_shape(id),
        };
        let dropped: u64 = shape.parts.iter().map(Part::dropped).sum();
        if dropped > 0 {
            shape.text = Some(equal_text(shape.kind, dropped));
            let replaced: Vec<Part> = shape.parts.iter().filter_map(Part::replaced).collect();
            shape.parts.extend(replaced);
        }
        shape.parts.extend(self.odd_parts(id));
        shape
    }

    fn call_shape(&self, id: NodeId) -> Shape {
        match self.call(id) {
            Some(call) => {
                let shape = recognised(self, &call).unwrap_or_else(|| self.plain_call(&call));
                polynomial::named(self, scipy::named(self, shape, id), id)
            }
            None => Shape::builtin(ShapeKind::Call, "call", Vec::new()),
        }
    }

    /// The pairs of a dict, or of an object that keeps them as one does.
    pub(super) fn pair_part(&self, label: PartLabel, id: NodeId) -> Part {
        match self.kept(id, RunKind::Pairs) {
            Some(kept) => Part::kept(label, kept),
            None => Part::run(label, id, RunKind::Pairs),
        }
    }

    /// The members of a set: its own, or the items of the tuple or list that it is made of.
    pub(super) fn member_part(&self, id: NodeId) -> Part {
        let kind = if self.graph.node(id) == Node::List { RunKind::Items } else { RunKind::Members };
        match (self.kept(id, kind), self.graph.node(id)) {
            (Some(kept), _) => Part::kept(PartLabel::Member, kept),
            (None, Node::Tuple | Node::FrozenSet) => Part::items(PartLabel::Member, id),
            (None, _) => Part::run(PartLabel::Member, id, kind),
        }
    }

    /// The call that made a node, when one did.
    pub(crate) fn call(&self, id: NodeId) -> Option<Call<'a>> {
        let Node::Call { kind, callee, args: args_edge, kwargs } = self.graph.node(id) else { return None };
        let symbol = self.symbol(callee).or_else(|| torch::module_class(self, callee));
        let args = self.graph.items(args_edge.node()).take(ARGUMENTS).collect();
        Some(Call { id, kind, callee, symbol, args_edge, args, kwargs })
    }

    /// The global that an edge points to, when it does.
    #[must_use]
    pub fn symbol(&self, edge: Edge) -> Option<&'a Symbol> {
        match self.graph.node(edge.node()) {
            Node::Global(symbol) => Some(self.graph.symbols.get(symbol)),
            _ => None,
        }
    }

    /// The shape that every call has.
    pub(super) fn plain_call(&self, call: &Call<'_>) -> Shape {
        let Some(symbol) = call.symbol else {
            let mut parts = vec![Part::role("callee", call.callee)];
            parts.extend(self.argument_parts(call));
            parts.extend(self.added_parts(call.id));
            let text = self.attribute_text(call.callee).unwrap_or_else(|| "of a computed callee".to_owned());
            return Shape::builtin(ShapeKind::Call, "call", parts).with_text(text);
        };
        let mut parts = self.argument_parts(call);
        if self.symbol(call.callee).is_none() {
            parts.insert(0, Part::role("class", call.callee));
        }
        parts.extend(self.added_parts(call.id));
        let is_instance = call.kind != CallKind::Reduce || looks_like_class(symbol);
        if is_instance {
            return Shape::named(ShapeKind::Instance, &symbol.module, &symbol.name, parts);
        }
        let mut shape = Shape::builtin(ShapeKind::Call, "call", parts);
        shape.full_name = symbol.full_name();
        shape.with_text(symbol.full_name())
    }

    /// `package.Class.method` for the callee `getattr(package.Class, 'method')`.
    fn attribute_text(&self, callee: Edge) -> Option<String> {
        let maker = self.call(callee.node())?;
        match maker.args[..] {
            [object, name] if maker.symbol?.is("builtins", "getattr") => {
                Some(format!("{}.{}", self.inline(object), self.string(name)?))
            }
            _ => None,
        }
    }

    /// An instance of the class `symbol` that was made with `args` and filled by what was added to `id`.
    pub(super) fn instance(&self, symbol: &Symbol, args: Vec<Part>, id: NodeId) -> Shape {
        let mut parts = args;
        parts.extend(self.added_parts(id));
        Shape::named(ShapeKind::Instance, &symbol.module, &symbol.name, parts)
    }

    pub(super) fn argument_parts(&self, call: &Call<'_>) -> Vec<Part> {
        let mut parts: Vec<Part> = if matches!(self.graph.node(call.args_edge.node()), Node::Tuple) {
            let more = Part::items(PartLabel::Index, call.args_edge.node()).without_first(ARGUMENTS as u64);
            let first = call.args.iter().enumerate().map(|(i, &edge)| Part::role(format!("arg {i}"), edge));
            first.chain(Some(more).filter(|part| !part.is_empty(self.graph))).collect()
        } else {
            vec![Part::role("arguments", call.args_edge)]
        };
        parts.extend(call.kwargs.into_iter().flat_map(|kwargs| self.keyword_parts(kwargs)));
        parts
    }

    pub(super) fn keyword_parts(&self, kwargs: Edge) -> Vec<Part> {
        match self.graph.node(kwargs.node()) {
            Node::Dict => self.small_dict(kwargs).into_iter().map(|(key, value)| Part::role(key, value)).collect(),
            _ => vec![Part::role("keyword arguments", kwargs)],
        }
    }

    /// Up to a few hundred string keys of a dict with their values.
    pub(super) fn small_dict(&self, edge: Edge) -> Vec<(String, Edge)> {
        let edges: Vec<Edge> = self.graph.run_window(edge.node(), RunKind::Pairs, 0).take(512).collect();
        let named = |pair: &[Edge]| Some((self.string(pair[0])?, pair[1]));
        edges.chunks_exact(2).filter_map(named).collect()
    }

    /// State and items that opcodes added: attributes where the state is a dict, or a dict and one of slots.
    pub(super) fn added_parts(&self, id: NodeId) -> Vec<Part> {
        // Loaders set one state, two at the most; a file that sets thousands gets them as a plain list.
        const STATES: usize = 16;
        let mut parts = Vec::new();
        for state in self.states(id).take(STATES) {
            parts.extend(self.state_parts(state));
        }
        let more = Part::run(PartLabel::Role("state".to_owned()), id, RunKind::State).without_first(STATES as u64);
        parts.extend(Some(more).filter(|part| !part.is_empty(self.graph)));
        let items = Part::run(PartLabel::Index, id, RunKind::Items);
        // What keeps its pairs otherwise than a dict is rare, and its keys are not equal then.
        let pairs = self.pair_part(PartLabel::Key, id);
        let members = Part::run(PartLabel::Member, id, RunKind::Members);
        parts.extend([items, pairs, members].into_iter().filter(|part| !part.is_empty(self.graph)));
        parts
    }

    /// The states that BUILD gave to an object.
    pub(crate) fn states(&self, id: NodeId) -> impl Iterator<Item = Edge> {
        self.graph.run_window(id, RunKind::State, 0)
    }

    fn state_parts(&self, state: Edge) -> Vec<Part> {
        let graph = self.graph;
        let attributes = |edge: Edge| {
            let part = self.pair_part(PartLabel::Attribute, edge.node());
            let replaced = part.replaced();
            std::iter::once(part).chain(replaced)
        };
        match graph.node(state.node()) {
            Node::Dict => attributes(state).collect(),
            Node::Tuple => {
                let items: Vec<Edge> = graph.items(state.node()).collect();
                let is_half = |edge: Edge| matches!(graph.node(edge.node()), Node::Dict | Node::None);
                match items[..] {
                    [dict, slots] if is_half(dict) && is_half(slots) => {
                        let halves = [dict, slots].into_iter().filter(|edge| graph.node(edge.node()) == Node::Dict);
                        halves.flat_map(attributes).collect()
                    }
                    _ => vec![Part::role("state", state)],
                }
            }
            _ => vec![Part::role("state", state)],
        }
    }

    /// What opcodes added to a value that takes nothing of the kind: a state for a list, items for a number.
    fn odd_parts(&self, id: NodeId) -> Vec<Part> {
        let own = match self.graph.node(id) {
            Node::List => Some(RunKind::Items),
            Node::Dict => Some(RunKind::Pairs),
            Node::Set => Some(RunKind::Members),
            _ => None,
        };
        let kinds = [
            (RunKind::State, "state"),
            (RunKind::Items, "appended"),
            (RunKind::Pairs, "set"),
            (RunKind::Members, "added"),
        ];
        let parts = kinds.into_iter().filter(|(kind, _)| Some(*kind) != own).map(|(kind, name)| {
            let label = PartLabel::Role(name.to_owned());
            Part::run(label, id, kind)
        });
        parts.filter(|part| !part.is_empty(self.graph)).collect()
    }

    /// The characters of a text node, when it is a short one.
    #[must_use]
    pub fn string(&self, edge: Edge) -> Option<String> {
        let Node::Text { span, encoding } = self.graph.node(edge.node()) else { return None };
        if span.len() > self.limits.value {
            return None;
        }
        let bytes = self.payload(span).ok()?;
        encoding.decode(&bytes).ok().map(|text| text.to_string_lossy().into_owned())
    }

    /// The bytes of a bytes value however it is spelled: BINBYTES, a Python 2 `str`, `_codecs.encode(text, 'latin1')`.
    pub(crate) fn bytes_of(&self, edge: Edge) -> Option<Vec<u8>> {
        let short =
            |span: crate::bytes::Span| if span.len() <= self.limits.value { self.payload(span).ok() } else { None };
        match self.graph.node(edge.node()) {
            Node::Bytes(span) => short(span),
            Node::ByteArray(span) => self.changed_bytes(edge.node()).or_else(|| short(span)),
            Node::Text { span, encoding } if encoding.is_python2() => {
                let bytes = short(span)?;
                encoding.decode(&bytes).ok().map(|text| text.code_points().map(|code| code as u8).collect())
            }
            Node::Call { .. } => {
                let call = self.call(edge.node())?;
                let symbol = call.symbol?;
                if symbol.is("builtins", "bytes") && call.args.is_empty() {
                    return Some(Vec::new());
                }
                let is_encode = symbol.is("_codecs", "encode");
                match call.args[..] {
                    [text, encoding]
                        if is_encode && matches!(self.string(encoding)?.as_str(), "latin1" | "latin-1") =>
                    {
                        self.latin1(text)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn latin1(&self, edge: Edge) -> Option<Vec<u8>> {
        let Node::Text { span, encoding } = self.graph.node(edge.node()) else { return None };
        if span.len() > self.limits.value {
            return None;
        }
        let bytes = self.payload(span).ok()?;
        let text = encoding.decode(&bytes).ok()?;
        text.code_points().map(|code| u8::try_from(code).ok()).collect()
    }

    pub(crate) fn int(&self, edge: Edge) -> Option<i64> {
        match self.graph.node(edge.node()) {
            Node::Int(value) => Some(value),
            Node::Bool(value) => Some(i64::from(value)),
            _ => None,
        }
    }

    /// A short repr of a value inside the text of another; containers only by name.
    #[must_use]
    pub fn inline(&self, edge: Edge) -> String {
        match self.scalar(edge.node(), INNER) {
            Some(scalar) if scalar.truncated => scalar.text + "…",
            Some(scalar) => scalar.text,
            // Bytes in the spelling of protocols below 3.
            None if matches!(self.graph.node(edge.node()), Node::Call { .. })
                && let Some(bytes) = self.bytes_of(edge) =>
            {
                let (text, truncated) = opcode::repr_bytes_prefix(&bytes, INNER);
                if truncated { text + "…" } else { text }
            }
            None => match self.graph.node(edge.node()) {
                Node::Tuple if self.graph.items(edge.node()).len() == 0 => "()".to_owned(),
                Node::Tuple => "(…)".to_owned(),
                Node::List => "[…]".to_owned(),
                Node::Dict => "{…}".to_owned(),
                Node::Set | Node::FrozenSet => "{…}".to_owned(),
                Node::Global(symbol) => self.graph.symbols.get(symbol).full_name(),
                Node::Call { callee, .. } => self
                    .symbol(callee)
                    .map_or_else(|| "call(…)".to_owned(), |symbol| format!("{}(…)", ends(symbol.short_name()))),
                _ => "…".to_owned(),
            },
        }
    }
}

/// What a row says where keys or members are equal.
fn equal_text(kind: ShapeKind, dropped: u64) -> String {
    let (what, rule) = match kind {
        ShapeKind::Mapping => ("key", "of equal keys Python keeps the first and its last value"),
        _ => ("member", "of equal members Python keeps the first"),
    };
    let plural = if dropped == 1 { "" } else { "s" };
    format!("{dropped} more {what}{plural} in the file: {rule}")
}

/// The shape that one of the recognisers gives, by the package that the callee comes from.
fn recognised(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let mut shape = match call.symbol {
        Some(symbol) if symbol.module == "numpy" || symbol.module.starts_with("numpy.") => {
            numpy::read(lens, call, symbol)?
        }
        Some(symbol) if symbol.module == "torch" || symbol.module.starts_with("torch.") => {
            torch::read(lens, call, symbol)?
        }
        Some(symbol) if symbol.module == "pandas" || symbol.module.starts_with("pandas.") => {
            pandas::read(lens, call, symbol)?
        }
        Some(symbol) if symbol.name.ends_with("NDArrayWrapper") => joblib::read(lens, call, symbol)?,
        _ => match pandas::derived(lens, call) {
            Some(shape) => shape,
            None => stdlib::read(lens, call)?,
        },
    };
    // One line tells it, and nothing that it was made of is hidden.
    if let ShapeKind::Scalar(_) = shape.kind {
        if is_changed_oddly(lens, call) {
            return None;
        }
        shape.parts = lens.argument_parts(call);
        shape.parts.extend(lens.added_parts(call.id));
    }
    Some(shape)
}

/// Whether something was done to a value of one line that its line does not tell: items, or a state where none is read. Of
/// what the standard library makes only a UUID has one.
fn is_changed_oddly(lens: &Lens<'_>, call: &Call<'_>) -> bool {
    // What is appended to a bytearray is in its line.
    let is_bytearray = call.symbol.is_some_and(|symbol| symbol.is("builtins", "bytearray"));
    let is_stdlib = call.symbol.is_none_or(|symbol| {
        let package = symbol.module.split('.').next().unwrap_or_default();
        !matches!(package, "numpy" | "pandas" | "torch" | "scipy" | "copyreg" | "uuid")
    });
    lens.graph.runs(call.id).any(|run| match run.kind {
        RunKind::State => is_stdlib,
        _ => !is_bytearray,
    })
}

/// Whether a name is spelled as classes are, so that calling it is likely to make an instance.
fn looks_like_class(symbol: &Symbol) -> bool {
    let short = symbol.short_name().trim_start_matches('_');
    short.chars().next().is_some_and(char::is_uppercase)
}
