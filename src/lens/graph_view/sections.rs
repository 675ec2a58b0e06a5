//! The children of a value as sections: items, pairs, arguments, states; and the shapes that need no library to be known.

use super::call::{ARGUMENTS, Call, looks_like_class};
use super::parts::{Part, PartLabel};
use super::shape::{Shape, ShapeKind};
use super::view::GraphView;
use crate::graph::{CallKind, Edge, Node, NodeId, RunKind, Symbol};

impl GraphView<'_> {
    /// What a node is that no call made, no library stores and no loader is asked for.
    pub(in crate::lens) fn own_shape(&self, id: NodeId) -> Shape {
        if let Some(scalar) = self.scalar(id, self.limits.preview) {
            let mut text = scalar.text;
            if scalar.truncated {
                text.push('…');
            }
            return Shape::builtin(ShapeKind::Scalar(scalar.kind), scalar.type_name, self.odd_parts(id))
                .with_text(text);
        }
        let shape = match self.graph.node(id) {
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
            Node::PersistentId(edge) => {
                let mut shape = Shape::builtin(ShapeKind::External, "persistent id", vec![Part::role("id", edge)]);
                shape.text = self.scalar(edge.node(), 0).map(|_| self.inline(edge));
                shape
            }
            Node::Extension(code) => Shape::builtin(ShapeKind::External, "extension", Vec::new())
                .with_text(format!("#{code}, not in the file")),
            Node::Buffer(index) => {
                let place = self.attached.buffers.get(index as usize).map_or("not in the file", |blob| &blob.place);
                Shape::builtin(ShapeKind::External, "buffer", Vec::new()).with_text(format!("#{index}, {place}"))
            }
            Node::ReadonlyBuffer(edge) => {
                Shape::builtin(ShapeKind::External, "read-only buffer", vec![Part::role("buffer", edge)])
            }
            _ => Shape::builtin(ShapeKind::Call, "call", Vec::new()),
        };
        self.with_odd_parts(shape, id)
    }

    /// The same with what is there twice, and what opcodes added that a value of this kind does not take.
    pub(in crate::lens) fn with_odd_parts(&self, shape: Shape, id: NodeId) -> Shape {
        let mut shape = shape.with_replaced();
        shape.parts.extend(self.odd_parts(id));
        shape
    }

    /// The pairs of a dict, or of an object that keeps them as one does.
    pub(in crate::lens) fn pair_part(&self, label: PartLabel, id: NodeId) -> Part {
        match self.kept(id, RunKind::Pairs) {
            Some(kept) => Part::kept(label, kept),
            None => Part::run(label, id, RunKind::Pairs),
        }
    }

    /// The children of a mapping that is made of `items`: of a dict or of a list or tuple of pairs.
    pub(in crate::lens) fn mapping_part(&self, items: Edge) -> Option<Part> {
        let id = items.node();
        match self.graph.node(id) {
            Node::Dict => return Some(self.pair_part(PartLabel::Key, id)),
            Node::List | Node::Tuple => {}
            _ => return None,
        }
        if let Some(kept) = self.listed_pairs(id) {
            return Some(Part::kept(PartLabel::Key, kept));
        }
        let is_list = self.graph.node(id) == Node::List;
        Some(if is_list { Part::run(PartLabel::Index, id, RunKind::Items) } else { Part::items(PartLabel::Index, id) })
    }

    /// The members of a set: its own, or the items of the tuple or list that it is made of.
    pub(in crate::lens) fn member_part(&self, id: NodeId) -> Part {
        let kind = if self.graph.node(id) == Node::List { RunKind::Items } else { RunKind::Members };
        match (self.kept(id, kind), self.graph.node(id)) {
            (Some(kept), _) => Part::kept(PartLabel::Member, kept),
            (None, Node::Tuple | Node::FrozenSet) => Part::items(PartLabel::Member, id),
            (None, _) => Part::run(PartLabel::Member, id, kind),
        }
    }
    /// The shape that every call has.
    pub(in crate::lens) fn plain_call(&self, call: &Call<'_>) -> Shape {
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
    pub(in crate::lens) fn instance(&self, symbol: &Symbol, args: Vec<Part>, id: NodeId) -> Shape {
        let mut parts = args;
        parts.extend(self.added_parts(id));
        Shape::named(ShapeKind::Instance, &symbol.module, &symbol.name, parts)
    }

    pub(in crate::lens) fn argument_parts(&self, call: &Call<'_>) -> Vec<Part> {
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

    pub(in crate::lens) fn keyword_parts(&self, kwargs: Edge) -> Vec<Part> {
        match self.graph.node(kwargs.node()) {
            Node::Dict => self.small_dict(kwargs).into_iter().map(|(key, value)| Part::role(key, value)).collect(),
            _ => vec![Part::role("keyword arguments", kwargs)],
        }
    }

    /// State and items that opcodes added: attributes where the state is a dict, or a dict and one of slots.
    pub(in crate::lens) fn added_parts(&self, id: NodeId) -> Vec<Part> {
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
}

impl Shape {
    /// The same with what is there twice: how often, and the values that equal keys replaced.
    pub(in crate::lens) fn with_replaced(mut self) -> Self {
        let dropped: u64 = self.parts.iter().map(Part::dropped).sum();
        if dropped > 0 {
            self.text = Some(equal_text(self.kind, dropped));
            let replaced: Vec<Part> = self.parts.iter().filter_map(Part::replaced).collect();
            self.parts.extend(replaced);
        }
        self
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
