//! Expressions of nodes: in a constructor's words where the type is known, else as the opcodes have it.

use super::maker::{Fill, Maker};
use super::names::is_identifier;
use super::plan::{Group, Item, Plan, elided};
use crate::graph::{CallKind, Edge, Node, NodeId, Run, RunKind};
use crate::lens::{Lens, ShapeKind};

/// Types of the standard library whose `__setstate__` takes a dict.
const SETSTATE: [(&str, &str); 5] = [
    ("uuid", "UUID"),
    ("random", "Random"),
    ("xml.etree.ElementTree", "Element"),
    ("decimal", "Context"),
    ("functools", "partial"),
];

/// Packages nearly all of whose classes have a `__setstate__`.
const SETSTATE_PACKAGES: [&str; 6] = ["numpy", "pandas", "sklearn", "torch", "xgboost", "lightgbm"];

impl<'a> Maker<'a> {
    /// The expression that makes a node with everything that was added to it; `None` when no expression can.
    pub(super) fn whole(&self, id: NodeId) -> Option<Plan> {
        if let Some(plan) = self.container(id) {
            return Some(plan);
        }
        if let Some(plan) = self.array(id) {
            return Some(plan);
        }
        if let Node::Call { .. } = self.graph.node(id)
            && let Some(plan) = self.known_call(id)
        {
            return Some(Plan::Seq(vec![Plan::Mark(id), plan]));
        }
        self.graph.runs(id).next().is_none().then(|| self.make(id))
    }

    /// The expression that makes a node, without what was added to it.
    pub(super) fn make(&self, id: NodeId) -> Plan {
        if let Some(plan) = self.literal(id) {
            return plan;
        }
        let tuple = || {
            let edges: Vec<Edge> = self.graph.items(id).take(self.budget.items).collect();
            self.values(edges, self.graph.items(id).len() as u64)
        };
        match self.graph.node(id) {
            Node::Tuple => Plan::Group(Group { open: "(", close: ")", items: tuple(), is_tuple: true }),
            Node::FrozenSet => {
                let items = tuple();
                let arguments = if items.is_empty() { Vec::new() } else { vec![Plan::group("{", items, "}")] };
                Plan::call(Plan::plain("frozenset"), arguments)
            }
            Node::List => Plan::plain("[]"),
            Node::Dict => Plan::plain("{}"),
            Node::Set => Plan::plain("set()"),
            Node::Call { kind, callee, args, kwargs } => self.call(id, kind, callee, args, kwargs),
            Node::ComputedGlobal { module, name } => {
                Plan::call(Plan::plain("find_class"), vec![Plan::Edge(module), Plan::Edge(name)])
            }
            Node::PersistentId(edge) => Plan::call(Plan::plain("persistent_load"), vec![Plan::Edge(edge)]),
            Node::Extension(code) => Plan::call(Plan::plain("extension"), vec![Plan::number(code.to_string())]),
            Node::Buffer(index) => Plan::Seq(vec![
                Plan::plain("buffers"),
                Plan::plain("["),
                Plan::number(index.to_string()),
                Plan::plain("]"),
            ]),
            Node::ReadonlyBuffer(edge) => Plan::call(Plan::plain("readonly"), vec![Plan::Edge(edge)]),
            Node::InlineArray { data, .. } => elided(data.len()),
            Node::InlinePickle { value, .. } => Plan::Edge(value),
            _ => Plan::plain("..."),
        }
    }

    fn call(&self, id: NodeId, kind: CallKind, callee: Edge, args: Edge, kwargs: Option<Edge>) -> Plan {
        let mut items = Vec::new();
        let is_new = match kind {
            CallKind::NewObj | CallKind::NewObjEx => true,
            // Without arguments a class is instantiated without its __init__.
            CallKind::Inst | CallKind::Obj => self.graph.items(args.node()).len() == 0,
            CallKind::Reduce => false,
        };
        if is_new {
            items.push(Item::from(Plan::Edge(callee)));
        }
        items.extend(self.arguments(args));
        items.extend(kwargs.into_iter().flat_map(|kwargs| self.keywords(kwargs)));
        let mut parts = vec![Plan::Mark(id), self.callable(callee)];
        if is_new {
            parts.push(Plan::plain(".__new__"));
        }
        parts.push(Plan::group("(", items, ")"));
        Plan::Seq(parts)
    }

    /// A callee, so that brackets or an attribute can follow.
    fn callable(&self, callee: Edge) -> Plan {
        match self.graph.node(callee.node()) {
            Node::Global(_) | Node::Call { .. } | Node::PersistentId(_) | Node::ComputedGlobal { .. } => {
                Plan::Edge(callee)
            }
            _ => Plan::group("(", vec![Plan::Edge(callee).into()], ")"),
        }
    }

    /// The items of an argument tuple, or all of it with a star.
    pub(super) fn arguments(&self, args: Edge) -> Vec<Item> {
        let is_plain = matches!(self.graph.node(args.node()), Node::Tuple)
            && self.graph.runs(args.node()).next().is_none()
            && (!args.is_fetched() || self.graph.items(args.node()).len() == 0);
        if !is_plain {
            return vec![Plan::Seq(vec![Plan::plain("*"), Plan::Edge(args)]).into()];
        }
        let edges: Vec<Edge> = self.graph.items(args.node()).take(self.budget.items).collect();
        self.values(edges, self.graph.items(args.node()).len() as u64)
    }

    /// `name=value` for each key that can be written so, or the whole dict with two stars.
    pub(super) fn keywords(&self, kwargs: Edge) -> Vec<Item> {
        let node = kwargs.node();
        let named = || -> Option<Vec<Item>> {
            let is_plain = self.graph.node(node) == Node::Dict
                && !kwargs.is_fetched()
                && self.graph.runs(node).all(|run| run.kind == RunKind::Pairs)
                && self.graph.run_length(node, RunKind::Pairs) <= 200;
            let edges = is_plain.then(|| self.window(node, RunKind::Pairs))?;
            let keyword = |pair: &[Edge]| {
                let name = self.lens.string(pair[0]).filter(|name| is_identifier(name))?;
                let name = Plan::Seq(vec![Plan::Mark(pair[0].node()), Plan::plain(name)]);
                Some(Item::pair(name, "=", Plan::Edge(pair[1])))
            };
            edges.chunks_exact(2).map(keyword).collect()
        };
        named().unwrap_or_else(|| vec![Plan::Seq(vec![Plan::plain("**"), Plan::Edge(kwargs)]).into()])
    }

    /// An array or tensor: its numbers are for other views.
    fn array(&self, id: NodeId) -> Option<Plan> {
        if !matches!(self.graph.node(id), Node::Call { .. } | Node::InlineArray { .. } | Node::InlinePickle { .. }) {
            return None;
        }
        let array = self.lens.array(id)?;
        let class = match self.lens.call(id).and_then(|call| call.symbol) {
            Some(symbol) if symbol.module.starts_with("torch") => ("torch", "Tensor"),
            _ => ("numpy", "ndarray"),
        };
        let callee = Plan::member(class.0, class.1);
        let call = Plan::call(callee, vec![Plan::plain("...")]);
        Some(Plan::Comment(Box::new(Plan::Seq(vec![Plan::Mark(id), call])), array.text()))
    }

    /// The statements that change a node after it was made.
    pub(super) fn fills(&self, id: NodeId) -> Vec<Fill> {
        let offsets = self.graph.run_offsets(id);
        let mut fills = Vec::new();
        let more = offsets.len().saturating_sub(self.budget.items);
        for (run, &(_, time)) in self.graph.runs(id).zip(&offsets).take(self.budget.items) {
            self.fill(id, run, time, &mut fills);
        }
        if more > 0
            && let Some(&(_, time)) = offsets.get(self.budget.items)
        {
            let plan = Plan::Comment(Box::new(Plan::Seq(Vec::new())), format!("{more} more changes are left out"));
            fills.push(Fill { time, plan });
        }
        fills
    }

    fn fill(&self, id: NodeId, run: &Run, time: u64, fills: &mut Vec<Fill>) {
        let mut push = |plan: Plan| fills.push(Fill { time, plan: Plan::Seq(vec![Plan::Mark(id), plan]) });
        let node = self.graph.node(id);
        let name = || self.owner(id);
        let total = self.graph.run_edges(run).len() as u64;
        let limit = self.budget.items * if run.kind == RunKind::Pairs { 2 } else { 1 };
        let edges: Vec<Edge> = self.graph.run_edges(run).take(limit).collect();
        match (run.kind, &edges[..]) {
            (RunKind::State, &[state]) => self.state(id, state).into_iter().for_each(push),
            (RunKind::Items, &[one]) => push(name().method(".append", vec![Plan::Edge(one)])),
            (RunKind::Items, _) => push(name().method(".extend", vec![self.list(edges, total)])),
            (RunKind::Members, _) if node == Node::Set => {
                push(name().method(".update", vec![Plan::group("{", self.values(edges, total), "}")]));
            }
            (RunKind::Members, _) => {
                edges.iter().for_each(|&edge| push(name().method(".add", vec![Plan::Edge(edge)])));
            }
            (RunKind::Pairs, _) if node == Node::Dict && edges.len() > 2 => {
                push(name().method(".update", vec![self.dict(&edges, total)]));
            }
            (RunKind::Pairs, _) => {
                for pair in edges.chunks_exact(2) {
                    let index = Plan::group("[", vec![Plan::Edge(pair[0]).into()], "]");
                    push(Plan::Seq(vec![name(), index, Plan::plain(" = "), Plan::Edge(pair[1])]));
                }
            }
            (RunKind::State, _) => {}
        }
        let left = total.saturating_sub(edges_shown(run, limit, total));
        if left > 0 && node != Node::Dict && node != Node::Set && run.kind != RunKind::Items {
            let text = format!("{left} more are left out");
            fills.push(Fill { time, plan: Plan::Comment(Box::new(Plan::Seq(Vec::new())), text) });
        }
    }

    /// The object that a statement changes.
    fn owner(&self, id: NodeId) -> Plan {
        match self.graph.node(id) {
            Node::Global(symbol) => Plan::Symbol(symbol),
            _ => Plan::Name(id),
        }
    }

    /// What BUILD does: `__setstate__`, where the class has one, else attributes.
    fn state(&self, id: NodeId, state: Edge) -> Vec<Plan> {
        let update = |half: Edge| self.owner(id).method(".__dict__.update", vec![Plan::Edge(half)]);
        let set = || vec![self.owner(id).method(".__setstate__", vec![Plan::Edge(state)])];
        if has_setstate(&self.lens, id) {
            return set();
        }
        match self.graph.node(state.node()) {
            Node::Dict => vec![update(state)],
            Node::None => {
                let text = "its state is None: only a __setstate__ does something with it".to_owned();
                vec![Plan::Comment(Box::new(Plan::Seq(Vec::new())), text)]
            }
            Node::Tuple => {
                let halves: Vec<Edge> = self.graph.items(state.node()).collect();
                let is_half = |edge: &Edge| matches!(self.graph.node(edge.node()), Node::Dict | Node::None);
                let &[dict, slots] = &halves[..] else { return set() };
                if state.is_fetched() || !halves.iter().all(is_half) || self.graph.node(slots.node()) == Node::None {
                    return set();
                }
                let mut plans = Vec::new();
                if self.graph.node(dict.node()) == Node::Dict {
                    plans.push(update(dict));
                }
                for pair in self.window(slots.node(), RunKind::Pairs).chunks_exact(2) {
                    plans.push(self.slot(id, pair[0], pair[1]));
                }
                plans
            }
            _ => set(),
        }
    }

    fn slot(&self, id: NodeId, key: Edge, value: Edge) -> Plan {
        match self.lens.string(key).filter(|name| is_identifier(name)) {
            Some(name) => {
                let target = Plan::plain(format!(".{name} = "));
                Plan::Seq(vec![self.owner(id), Plan::Mark(key.node()), target, Plan::Edge(value)])
            }
            None => Plan::call(Plan::plain("setattr"), vec![self.owner(id), Plan::Edge(key), Plan::Edge(value)]),
        }
    }
}

fn edges_shown(run: &Run, limit: usize, total: u64) -> u64 {
    match run.kind {
        RunKind::State => total,
        _ => total.min(limit as u64),
    }
}

/// Whether the class is known to have a `__setstate__` of its own.
fn has_setstate(lens: &Lens<'_>, id: NodeId) -> bool {
    let Some(object) = lens.object(id) else { return false };
    let class = object.class;
    let is_exception = class.module == "builtins" && lens.shape(id).kind == ShapeKind::Instance;
    is_exception
        || SETSTATE.iter().any(|(module, name)| class.is(module, name))
        || SETSTATE_PACKAGES.iter().any(|package| object.is_in(package))
}
