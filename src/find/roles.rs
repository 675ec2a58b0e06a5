//! What texts are for: which are keys, which are names of attributes, which only name an import. And what is below a value.

use crate::graph::{Edge, Graph, Node, NodeId, RunKind};
use crate::machine::Reading;

/// A set of nodes.
#[derive(Debug, Default)]
pub(super) struct Nodes(Vec<u64>);

impl Nodes {
    fn new(graph: &Graph) -> Self {
        Self(vec![0; graph.len().div_ceil(64)])
    }

    pub(super) fn has(&self, node: NodeId) -> bool {
        self.0.get(node.0 as usize / 64).is_some_and(|bits| bits >> (node.0 % 64) & 1 != 0)
    }

    /// Adds a node; whether it is new.
    fn add(&mut self, node: NodeId) -> bool {
        let Some(bits) = self.0.get_mut(node.0 as usize / 64) else { return false };
        let bit = 1 << (node.0 % 64);
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }

    fn remove(&mut self, node: NodeId) {
        if let Some(bits) = self.0.get_mut(node.0 as usize / 64) {
            *bits &= !(1 << (node.0 % 64));
        }
    }
}

/// What the texts of a document are for.
#[derive(Debug, Default)]
pub(super) struct Roles {
    stage: Stage,
    /// Where the stage has come to: a run and an edge in it, a node.
    at: (usize, usize),
    /// Dicts that are the state of an object: their keys are names of attributes.
    states: Nodes,
    keys: Nodes,
    attributes: Nodes,
    /// Texts that STACK_GLOBAL took from the stack, and nothing else refers to.
    names: Nodes,
    has_names: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Stage {
    #[default]
    Begin,
    States,
    Names,
    Pairs,
    Fetched,
    Done,
}

impl Roles {
    pub(super) fn is_key(&self, node: NodeId) -> bool {
        self.keys.has(node)
    }

    pub(super) fn is_attribute(&self, node: NodeId) -> bool {
        self.attributes.has(node)
    }

    pub(super) fn is_name_of_import(&self, node: NodeId) -> bool {
        self.names.has(node)
    }

    /// Looks at some more of the graph; whether all of it was looked at.
    pub(super) fn step(&mut self, reading: &Reading, budget: &mut u64) -> bool {
        let graph = &reading.graph;
        while *budget > 0 && self.stage != Stage::Done {
            let is_done = match self.stage {
                Stage::Begin => {
                    self.states = Nodes::new(graph);
                    self.keys = Nodes::new(graph);
                    self.attributes = Nodes::new(graph);
                    self.names = Nodes::new(graph);
                    true
                }
                Stage::States => self.find_states(graph, budget),
                Stage::Names => self.find_names(graph, budget),
                Stage::Pairs => self.find_keys(graph, budget),
                Stage::Fetched => self.keep_what_is_fetched(reading, budget),
                Stage::Done => true,
            };
            if is_done {
                self.at = (0, 0);
                self.stage = match self.stage {
                    Stage::Begin => Stage::States,
                    Stage::States => Stage::Names,
                    Stage::Names => Stage::Pairs,
                    Stage::Pairs => Stage::Fetched,
                    Stage::Fetched | Stage::Done => Stage::Done,
                };
            }
        }
        self.stage == Stage::Done
    }

    fn find_states(&mut self, graph: &Graph, budget: &mut u64) -> bool {
        for (_, run) in graph.all_runs(self.at.0) {
            if *budget == 0 {
                return false;
            }
            self.at.0 += 1;
            *budget = budget.saturating_sub(1);
            if run.kind != RunKind::State {
                continue;
            }
            for state in graph.run_edges(run).map(Edge::node) {
                match graph.node(state) {
                    Node::Dict => {
                        self.states.add(state);
                    }
                    Node::Tuple if graph.items(state).len() == 2 => {
                        let dicts = graph.items(state).map(Edge::node).filter(|&half| graph.node(half) == Node::Dict);
                        dicts.for_each(|half| {
                            self.states.add(half);
                        });
                    }
                    _ => {}
                }
            }
        }
        true
    }

    fn find_names(&mut self, graph: &Graph, budget: &mut u64) -> bool {
        for index in self.at.0..graph.len() {
            if *budget == 0 {
                return false;
            }
            self.at.0 += 1;
            *budget = budget.saturating_sub(1);
            let id = NodeId(index as u32);
            if !matches!(graph.node(id), Node::Global(_)) {
                continue;
            }
            let start = graph.start(id);
            for before in (index.saturating_sub(2)..index).map(|index| NodeId(index as u32)) {
                if matches!(graph.node(before), Node::Text { .. }) && graph.offset(before) >= start {
                    self.has_names |= self.names.add(before);
                }
            }
        }
        true
    }

    fn find_keys(&mut self, graph: &Graph, budget: &mut u64) -> bool {
        for (owner, run) in graph.all_runs(self.at.0) {
            if run.kind == RunKind::Pairs {
                let role = if self.states.has(owner) { &mut self.attributes } else { &mut self.keys };
                for key in graph.run_edges(run).step_by(2).skip(self.at.1) {
                    if *budget == 0 {
                        return false;
                    }
                    *budget = budget.saturating_sub(1);
                    self.at.1 += 1;
                    role.add(key.node());
                }
            }
            *budget = budget.saturating_sub(1);
            self.at = (self.at.0 + 1, 0);
        }
        true
    }

    /// What named an import and is a value, too, is one.
    fn keep_what_is_fetched(&mut self, reading: &Reading, budget: &mut u64) -> bool {
        if !self.has_names {
            return true;
        }
        if self.at.0 == 0 {
            let results = reading.streams.iter().flat_map(|stream| stream.root.iter().chain(&stream.leftover));
            let discarded = reading.streams.iter().flat_map(|stream| stream.discarded.iter().copied());
            results.map(|edge| edge.node()).chain(discarded).for_each(|node| self.names.remove(node));
        }
        for edge in reading.graph.all_edges().skip(self.at.0) {
            if *budget == 0 {
                return false;
            }
            *budget = budget.saturating_sub(1);
            self.at.0 += 1;
            if edge.is_fetched() {
                self.names.remove(edge.node());
            }
        }
        true
    }
}

/// Everything that a value leads to.
#[derive(Debug)]
pub(super) struct Below {
    nodes: Nodes,
    waiting: Vec<NodeId>,
}

impl Below {
    pub(super) fn new(graph: &Graph, top: NodeId) -> Self {
        let mut nodes = Nodes::new(graph);
        nodes.add(top);
        Self { nodes, waiting: vec![top] }
    }

    pub(super) fn has(&self, node: NodeId) -> bool {
        self.nodes.has(node)
    }

    /// Goes on; whether everything was met.
    pub(super) fn step(&mut self, graph: &Graph, budget: &mut u64) -> bool {
        while let Some(node) = self.waiting.pop() {
            for child in graph.children(node).map(Edge::node) {
                *budget = budget.saturating_sub(4);
                if self.nodes.add(child) {
                    self.waiting.push(child);
                }
            }
            if *budget == 0 {
                return self.waiting.is_empty();
            }
        }
        true
    }
}
