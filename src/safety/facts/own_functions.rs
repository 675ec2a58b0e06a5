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

impl Facts<'_> {
    /// The names, of those that would be dangerous or lead anywhere, to which nothing but functions of the file refers.
    pub(in crate::safety) fn named_by_own_functions(&self) -> HashSet<SymbolId> {
        let is_told = |symbol: &SymbolId| {
            let named = &self.names[symbol.0 as usize];
            match named.known {
                // A function of the file may be called by ways that are not followed: what runs commands or code stays what it is.
                Known::Sink(capability) => !matches!(capability, Shell | Process | Code | Native | Import),
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
        let (mut seen, mut edges) = (HashSet::new(), Vec::new());
        for id in self.graph.reaching_out() {
            self.referred_to(id, &mut seen, &mut edges);
            for symbol in edges.drain(..).filter_map(|edge: Edge| nodes.get(&edge.node())) {
                *inside.entry(*symbol).or_default() += 1;
            }
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

    /// What a call that makes or fills a function, or a cell of one, refers to.
    fn referred_to(&self, id: NodeId, seen: &mut HashSet<NodeId>, edges: &mut Vec<Edge>) {
        let Node::Call { callee, args, .. } = self.graph.node(id) else { return };
        if !self.makes_function(callee) {
            return;
        }
        let states = self.graph.run_window(id, RunKind::State, 0).take(ARGUMENTS);
        let given = self.graph.items(args.node()).take(ARGUMENTS);
        let mut level: Vec<Edge> = given.chain(states).collect();
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for edge in level.drain(..) {
                edges.push(edge);
                let held = edge.node();
                match self.graph.node(held) {
                    Node::Tuple if seen.insert(held) => next.extend(self.graph.items(held)),
                    Node::Dict if seen.insert(held) => {
                        next.extend(self.graph.run_window(held, RunKind::Pairs, 0).skip(1).step_by(2));
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
