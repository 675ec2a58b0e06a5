//! Names that only functions of the file refer to. A function that is pickled by value brings the globals that its code
//! uses, dill all those of its module: they let it do no more than its code could, which may import anything.

use super::reading::Facts;
use crate::graph::{Edge, Node, NodeId, RunKind, SymbolId};
use crate::safety::names::Capability::{Code, Import, Native, Process, Shell};
use crate::safety::names::{Check, Known, Traits};
use crate::safety::values::ARGUMENTS;
use std::collections::{HashMap, HashSet};

/// Containers in each other between a function and its globals.
const DEPTH: u32 = 4;
/// Members of a module among which its name is looked for.
const MEMBERS: usize = 1 << 14;

/// A value that a function of the file refers to.
struct Reference {
    value: NodeId,
    /// The globals of the function that hold it, and its key there.
    place: Option<(NodeId, Edge)>,
    /// Whether it is the globals themselves.
    is_globals: bool,
}

impl Facts<'_> {
    /// The names, of those that would be dangerous or lead anywhere, to which nothing but functions of the file refers.
    pub(in crate::safety) fn named_by_own_functions(&self) -> HashSet<SymbolId> {
        let is_told = |symbol: &SymbolId| {
            let named = &self.names[symbol.0 as usize];
            match named.known {
                Known::Sink(_) => true,
                _ => named.has(Traits::LEADS_ANYWHERE),
            }
        };
        let told: HashSet<SymbolId> = (0..self.names.len() as u32).map(SymbolId).filter(is_told).collect();
        if !self.has_functions || told.is_empty() || !self.reading.is_complete() {
            return HashSet::new();
        }
        let nodes: HashMap<NodeId, SymbolId> =
            self.graph.globals().filter(|(_, symbol)| told.contains(symbol)).collect();
        let mut inside = HashMap::<SymbolId, u64>::new();
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        let mut modules = HashMap::new();
        let mut globals = HashMap::<NodeId, u64>::new();
        let mut in_globals: Vec<(SymbolId, NodeId)> = Vec::new();
        for id in self.graph.reaching_out() {
            self.referred_to(id, &mut seen, &mut found);
            for reference in found.drain(..) {
                if reference.is_globals && self.graph.node(reference.value) == Node::Dict {
                    *globals.entry(reference.value).or_default() += 1;
                }
                let Some(&symbol) = nodes.get(&reference.value) else { continue };
                match reference.place {
                    _ if !self.is_strong(symbol) => *inside.entry(symbol).or_default() += 1,
                    Some(place) if self.is_in_its_module(symbol, place, &mut modules) => {
                        in_globals.push((symbol, place.0));
                    }
                    _ => {}
                }
            }
        }
        // Whoever else has the dict has what is in it.
        let mut held = HashMap::<NodeId, u64>::new();
        for node in self.graph.all_edges().map(Edge::node).filter(|node| globals.contains_key(node)) {
            *held.entry(node).or_default() += 1;
        }
        for (symbol, _) in in_globals.into_iter().filter(|(_, dict)| held.get(dict) == globals.get(dict)) {
            *inside.entry(symbol).or_default() += 1;
        }
        let mut everywhere = HashMap::<SymbolId, u64>::new();
        let streams = self.reading.streams.iter();
        let roots = streams.flat_map(|stream| stream.root.iter().chain(&stream.leftover).map(|edge| edge.node()));
        let thrown_away = self.reading.streams.iter().flat_map(|stream| stream.discarded.iter().copied());
        for node in self.graph.all_edges().map(Edge::node).chain(roots).chain(thrown_away) {
            if let Some(symbol) = nodes.get(&node) {
                *everywhere.entry(*symbol).or_default() += 1;
            }
        }
        inside.retain(|symbol, count| everywhere.get(symbol) == Some(count));
        inside.into_keys().collect()
    }

    /// Whether it runs commands or code. A function of the file may be called by ways that are not followed, so that these stay
    /// what they are; but for what makes code, where it is among the names of its module, which came whole.
    fn is_strong(&self, symbol: SymbolId) -> bool {
        matches!(self.names[symbol.0 as usize].known, Known::Sink(Shell | Process | Code | Native | Import))
    }

    /// Whether a name among the globals of a function is what its own module calls it, and the globals are that module's: dill writes the globals of a function
    /// with all that their module holds, as `dataclasses` for the methods of a data class.
    fn is_in_its_module(
        &self,
        symbol: SymbolId,
        (namespace, key): (NodeId, Edge),
        modules: &mut HashMap<NodeId, Option<String>>,
    ) -> bool {
        let named = &self.names[symbol.0 as usize];
        if !matches!(named.known, Known::Sink(Code | Import)) {
            return false;
        }
        let module = modules.entry(namespace).or_insert_with(|| {
            let pairs: Vec<Edge> = self.graph.run_window(namespace, RunKind::Pairs, 0).take(2 * MEMBERS).collect();
            let is_name = |pair: &&[Edge]| self.lens.string(pair[0]).as_deref() == Some("__name__");
            // dill sets it first for the function itself, then with all of the module.
            pairs.chunks_exact(2).rfind(is_name).and_then(|pair| self.lens.string(pair[1]))
        });
        module.as_deref() == Some(&named.module) && self.lens.string(key).as_deref() == Some(&named.name)
    }

    /// What a call that makes or fills a function, or a cell of one, refers to.
    fn referred_to(&self, id: NodeId, seen: &mut HashSet<NodeId>, found: &mut Vec<Reference>) {
        let Node::Call { callee, args, .. } = self.graph.node(id) else { return };
        if !self.makes_function(callee) {
            return;
        }
        let states = self.graph.run_window(id, RunKind::State, 0).take(ARGUMENTS);
        let given = self.graph.items(args.node()).take(ARGUMENTS);
        let plain = |edge: Edge| Reference { value: edge.node(), place: None, is_globals: false };
        // `(code, globals, …)`: what else a function is given is not where its code looks names up.
        let given_as = |(at, edge): (usize, Edge)| Reference { is_globals: at == 1, ..plain(edge) };
        let mut level: Vec<Reference> = given.enumerate().map(given_as).chain(states.map(plain)).collect();
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for reference in level.drain(..) {
                let (held, is_globals) = (reference.value, reference.is_globals);
                found.push(reference);
                match self.graph.node(held) {
                    Node::Tuple if seen.insert(held) => next.extend(self.graph.items(held).map(plain)),
                    Node::Dict if seen.insert(held) => {
                        let mut pairs = self.graph.run_window(held, RunKind::Pairs, 0);
                        while let (Some(key), Some(value)) = (pairs.next(), pairs.next()) {
                            let place = is_globals.then_some((held, key));
                            next.push(Reference { value: value.node(), place, is_globals: false });
                        }
                    }
                    _ => {}
                }
            }
            level = next;
        }
    }

    fn makes_function(&self, callee: Edge) -> bool {
        match self.graph.node(callee.node()) {
            Node::Global(symbol) => {
                let named = &self.names[symbol.0 as usize];
                let makes = |check| matches!(check, Check::MakeFunction | Check::FillFunction | Check::Setstate);
                named.has(Traits::CELL) || matches!(named.known, Known::Reviewed(review) if makes(review.check))
            }
            // `_builtin_type('LambdaType')(code, globals)`
            Node::Call { callee, .. } => match self.graph.node(callee.node()) {
                Node::Global(symbol) => {
                    let named = &self.names[symbol.0 as usize];
                    matches!(named.known, Known::Reviewed(review) if review.check == Check::TypeByName)
                }
                _ => false,
            },
            _ => false,
        }
    }
}
