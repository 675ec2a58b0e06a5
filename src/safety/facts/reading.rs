//! What is known of a reading: its names, its texts, and what its calls come to.

use super::super::level::Level;
use super::super::names::{Check, Known, Traits, is_hook, is_plain_method, is_template, may_be_hook, source};
use super::super::values::{AbstractValue, Call, GlobalRef, StoredSize};
use crate::bytes::Span;
use crate::graph::{Edge, Graph, Node, NodeId, SymbolId};
use crate::lens::Lens;
use crate::machine::Reading;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Numbers up to here are ordinary as counts of items in memory.
pub(in crate::safety) const LARGE: u64 = 1 << 28;
/// Bytes that go into working out what the calls of one file put together.
const FOLDABLE: u64 = 64 << 20;

/// What is known of a reading.
pub(in crate::safety) struct Facts<'a> {
    pub(in crate::safety) reading: &'a Reading,
    pub(in crate::safety) lens: Lens<'a>,
    pub(in crate::safety) graph: &'a Graph,
    /// By symbol.
    pub(in crate::safety) names: Vec<Rc<GlobalRef>>,
    /// The same, as values.
    globals: Vec<AbstractValue>,
    /// Of nodes whose value is not plain from their record.
    values: HashMap<NodeId, AbstractValue>,
    /// What long texts and bytes mean: calls may be given the same one many times.
    constants: RefCell<HashMap<NodeId, AbstractValue>>,
    /// What a call of the file fills as a class; looked for when it is asked for.
    filled_classes: OnceCell<HashSet<NodeId>>,
    /// Bytes that may still go into working out what calls put together.
    pub(in crate::safety) foldable: Cell<u64>,
    /// Nodes inside instances that were looked at for what can be called.
    pub(in crate::safety) walked: Cell<u32>,
    /// Whether the file names the namespace of a module as a dict.
    pub(in crate::safety) has_namespaces: bool,
    /// Whether it has a way to a module as a whole.
    pub(in crate::safety) imports_modules: bool,
    /// Whether calls of the file put texts together.
    folds: bool,
    /// Whether the file brings functions of its own, which name modules.
    pub(in crate::safety) has_functions: bool,
    /// Whether calling anything that the file names could do harm: without such a name, what is no hook in itself needs no
    /// look.
    pub(in crate::safety) has_callables: bool,
    /// Whether the file can make what finds or calls something when it is called itself.
    pub(in crate::safety) has_getters: bool,
    /// Whether any class is known by the source of its library.
    pub(in crate::safety) has_library_code: bool,
    /// Whether any number in the file is too large to be that of items in memory.
    pub(in crate::safety) has_large_numbers: bool,
    /// How large what calls give is, where their arguments tell.
    pub(in crate::safety) sizes: RefCell<HashMap<NodeId, StoredSize>>,
    /// Whether any of it is huge: then whatever is given such a thing is looked at.
    pub(in crate::safety) has_huge: Cell<bool>,
    /// Items that the calls so far make at once.
    pub(in crate::safety) made_at_once: Cell<f64>,
    /// Calls whose results were thrown away.
    pub(in crate::safety) discarded: HashSet<NodeId>,
    /// Texts of the file that name hooks of Python.
    pub(in crate::safety) hooks: HashSet<NodeId>,
    /// Texts of the file that name methods which APPEND(S) and ADDITEMS look up.
    pub(in crate::safety) adders: HashSet<NodeId>,
    /// Results of calls that were changed, or that a hook may have been put into.
    pub(in crate::safety) changed: Vec<NodeId>,
}

impl<'a> Facts<'a> {
    /// The names of a reading. Its texts (`payloads`) and what its calls come to (`comes_to`) are next.
    pub(in crate::safety) fn new(reading: &'a Reading, lens: Lens<'a>) -> Self {
        let graph = &reading.graph;
        let names: Vec<Rc<GlobalRef>> =
            graph.symbols.iter().map(|symbol| GlobalRef::new(&symbol.module, &symbol.name)).collect();
        let globals: Vec<AbstractValue> = names.iter().map(|named| AbstractValue::of(Rc::clone(named))).collect();
        let has_check = |checks: &[Check]| {
            let is_one = |named: &Rc<GlobalRef>| matches!(named.known, Known::Reviewed(review) if checks.contains(&review.check));
            names.iter().any(is_one)
        };
        let mut facts = Self {
            has_namespaces: globals.iter().any(|global| matches!(global, AbstractValue::Namespace(_))),
            imports_modules: has_check(&[Check::ByName, Check::ModuleByName]),
            folds: names.iter().any(|named| named.has(Traits::FOLDS)),
            has_library_code: names.iter().any(|named| source(&named.module, &named.name).is_some()),
            has_getters: names.iter().any(|named| named.is_getter()),
            has_functions: has_check(&[Check::MakeFunction, Check::FillFunction, Check::Setstate]),
            has_callables: false,
            reading,
            lens,
            graph,
            names,
            globals,
            values: HashMap::new(),
            constants: RefCell::default(),
            filled_classes: OnceCell::new(),
            foldable: Cell::new(FOLDABLE),
            walked: Cell::new(0),
            has_large_numbers: graph.has_number_above(LARGE),
            sizes: RefCell::default(),
            has_huge: Cell::new(false),
            made_at_once: Cell::new(0.0),
            discarded: discarded_calls(reading),
            hooks: HashSet::new(),
            adders: HashSet::new(),
            changed: Vec::new(),
        };
        facts.has_callables = facts.globals.iter().any(|global| facts.when_called(global, None) >= Level::Suspicious);
        facts
    }

    /// Whether a call of the file fills the value as a class: `_rehydrate_skeleton_class(class, members)`.
    pub(super) fn is_filled_as_class(&self, id: NodeId) -> bool {
        let fills = |callee: Edge| match self.graph.node(callee.node()) {
            Node::Global(symbol) => matches!(self.names[symbol.0 as usize].known,
                Known::Reviewed(review) if matches!(review.check, Check::FillClass | Check::Setstate)),
            _ => false,
        };
        let filled = |call: NodeId| match self.graph.node(call) {
            Node::Call { callee, args, .. } if fills(callee) => self.graph.items(args.node()).next().map(Edge::node),
            _ => None,
        };
        self.filled_classes.get_or_init(|| self.graph.reaching_out().filter_map(filled).collect()).contains(&id)
    }

    /// A global as a value.
    pub(in crate::safety) fn global(&self, symbol: SymbolId) -> &AbstractValue {
        &self.globals[symbol.0 as usize]
    }

    pub(in crate::safety) fn named(&self, symbol: SymbolId) -> Rc<GlobalRef> {
        Rc::clone(&self.names[symbol.0 as usize])
    }

    /// Whether any text of the file can be the name of something that Python calls by itself.
    pub(in crate::safety) fn looks_for_hooks(&self) -> bool {
        !self.hooks.is_empty() || !self.adders.is_empty() || self.folds
    }

    /// Whether a text of the file can be the name of such a thing.
    pub(in crate::safety) fn may_be_hook(&self, name: &str) -> bool {
        let is_asked_for = || self.has_getters && is_plain_method(name);
        is_hook(name) || is_template(name) || self.has_callables && may_be_hook(name) || is_asked_for()
    }

    /// Remembers what a call of `what` came to. What every call of a global gives is not stored: a file may have millions.
    pub(in crate::safety) fn remember_result(&mut self, what: &AbstractValue, id: NodeId, result: AbstractValue) {
        let is_usual = matches!((&result, what), (AbstractValue::Instance(made), AbstractValue::Global(by))
            if made == by || by.has(Traits::RECONSTRUCTS) && *made == self.class_made(id, by));
        let is_plain =
            || self.callee(id).is_some_and(|callee| matches!(self.graph.node(callee.node()), Node::Global(_)));
        if !is_usual || !is_plain() {
            self.values.insert(id, result);
        }
    }

    /// What is called, of a call.
    pub(in crate::safety) fn callee(&self, id: NodeId) -> Option<Edge> {
        match self.graph.node(id) {
            Node::Call { callee, .. } => Some(callee),
            _ => None,
        }
    }

    /// Remembers what a node comes to that is no call.
    pub(in crate::safety) fn remember(&mut self, id: NodeId, value: AbstractValue) {
        self.values.insert(id, value);
    }

    /// What was worked out of a node.
    pub(in crate::safety) fn worked_out(&self, id: NodeId) -> Option<&AbstractValue> {
        self.values.get(&id)
    }

    /// Keeps the result of a call for the passes over changes, if there can be anything to say of it. A state is made after
    /// the object that it goes into, so they wait until every call has been worked out.
    pub(in crate::safety) fn note_change(&mut self, id: NodeId) {
        if self.looks_for_hooks() || self.graph.runs(id).next().is_some() {
            self.changed.push(id);
        }
    }

    /// Changes of things that take none: globals, and whatever else is neither a container nor a call.
    pub(in crate::safety) fn oddly_changed(&self) -> Vec<(NodeId, AbstractValue)> {
        let odd = self.graph.oddly_changed().into_iter().filter_map(|id| {
            let value = match self.graph.node(id) {
                Node::Global(symbol) => AbstractValue::of(self.named(symbol)),
                Node::ComputedGlobal { .. } => match self.value(Edge::to(id)) {
                    AbstractValue::Opaque => AbstractValue::Module("a computed name".into()),
                    other => other,
                },
                Node::Extension(_) => AbstractValue::Module("an extension".into()),
                _ => return None,
            };
            Some((id, value))
        });
        odd.collect()
    }

    /// What a value is.
    pub(in crate::safety) fn value(&self, edge: Edge) -> AbstractValue {
        self.value_within(edge, 0)
    }

    /// The same, for a value inside `depth` partials, each filled by its state.
    pub(in crate::safety) fn value_within(&self, edge: Edge, depth: u32) -> AbstractValue {
        /// Partials of partials that are followed.
        const DEPTH: u32 = 8;
        /// Bytes of a constant that are as soon read again as looked up.
        const SHORT: u64 = 128;
        let node = edge.node();
        match self.graph.node(node) {
            constant @ (Node::Text { span, .. } | Node::Bytes(span) | Node::ByteArray(span)) if span.len() > SHORT => {
                if let Some(known) = self.constants.borrow().get(&node) {
                    return known.clone();
                }
                let value = self.constant(&constant);
                self.constants.borrow_mut().insert(node, value.clone());
                value
            }
            constant @ (Node::Text { .. } | Node::Bytes(_) | Node::ByteArray(_)) => self.constant(&constant),
            Node::Global(symbol) => self.global(symbol).clone(),
            Node::Call { callee, .. } => match self.values.get(&node) {
                Some(AbstractValue::Partial(..)) if depth >= DEPTH => AbstractValue::Opaque,
                Some(made @ AbstractValue::Partial(..)) => self.partial_state(node, depth + 1).unwrap_or(made.clone()),
                Some(value) => value.clone(),
                None => match self.graph.node(callee.node()) {
                    Node::Global(symbol) => {
                        let by = self.named(symbol);
                        let reconstructs = by.has(Traits::RECONSTRUCTS);
                        AbstractValue::Instance(if reconstructs { self.class_made(node, &by) } else { by })
                    }
                    _ => AbstractValue::Opaque,
                },
            },
            Node::ComputedGlobal { .. } | Node::PersistentId(_) => {
                self.values.get(&node).cloned().unwrap_or(AbstractValue::Opaque)
            }
            Node::Extension(_) => AbstractValue::Opaque,
            _ => AbstractValue::Data,
        }
    }

    /// What a text or bytes value of the file means.
    fn constant(&self, node: &Node) -> AbstractValue {
        match *node {
            Node::Text { span, encoding } => {
                let Some(bytes) = self.bytes(span) else { return AbstractValue::Data };
                let text = encoding.decode(&bytes);
                text.map_or(AbstractValue::Data, |text| AbstractValue::Text(text.to_string_lossy().into_owned().into()))
            }
            Node::Bytes(span) | Node::ByteArray(span) => {
                self.bytes(span).map_or(AbstractValue::Data, |bytes| AbstractValue::Bytes(bytes.into()))
            }
            _ => AbstractValue::Data,
        }
    }

    /// A short payload.
    pub(in crate::safety) fn bytes(&self, span: Span) -> Option<Vec<u8>> {
        if span.len() > self.lens.limits.value {
            return None;
        }
        crate::bytes::read_span(self.lens.source, span).ok().map(|bytes| bytes.into_owned())
    }

    pub(in crate::safety) fn stream_of(&self, offset: u64) -> usize {
        self.reading.streams.partition_point(|stream| stream.span.start <= offset).saturating_sub(1)
    }

    /// The opcode that changed an object last.
    pub(in crate::safety) fn changed_by(&self, id: NodeId) -> u64 {
        self.graph.run_offsets(id).first().map_or_else(|| self.graph.offset(id), |(first, _)| *first)
    }

    /// The values of a dict.
    pub(in crate::safety) fn dict_values(&self, dict: NodeId) -> Vec<Edge> {
        /// Values that are looked at.
        const MOST: usize = 1 << 14;
        let pairs = self.graph.run_window(dict, crate::graph::RunKind::Pairs, 0);
        pairs.skip(1).step_by(2).take(MOST).collect()
    }

    /// Positional and keyword arguments.
    pub(in crate::safety) fn given(&self, call: &Call) -> Vec<Edge> {
        let mut given = call.args.to_vec();
        given.extend(call.kwargs.iter().flat_map(|kwargs| self.dict_values(kwargs.node())));
        given
    }
}

/// The calls among what POP and its kin threw away.
fn discarded_calls(reading: &Reading) -> HashSet<NodeId> {
    let is_call = |id: &NodeId| matches!(reading.graph.node(*id), Node::Call { .. });
    reading.streams.iter().flat_map(|stream| stream.discarded.iter().copied()).filter(is_call).collect()
}
