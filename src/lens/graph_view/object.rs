//! An instance as nearly every library pickles one: a class, the arguments it was made with, attributes.
//!
//! Sources: PEP 307 (`copyreg._reconstructor`, `copyreg.__newobj__`, `__reduce_ex__`), `copyreg.py`.

use super::call::Call;
use super::view::GraphView;
use crate::graph::{Edge, Node, NodeId, RunKind, Symbol, TextEncoding};

/// Attributes that are looked at in one object; more is no instance but data.
const ATTRIBUTES: usize = 4096;
/// Items of a list that a view takes at once.
const ITEMS: usize = 1 << 16;
/// States that BUILD gave, of which the last ones count.
const STATES: usize = 16;

/// An instance of a class that the file names.
#[derive(Clone)]
pub struct Object<'a> {
    view: GraphView<'a>,
    /// Its node.
    pub node: NodeId,
    /// Its class, or the function that makes it.
    pub class: &'a Symbol,
    /// What the class or function was given, without the class itself.
    pub args: Vec<Edge>,
}

impl<'a> Object<'a> {
    /// Whether its class is in a package, given by the first component of the module: `sklearn`.
    #[must_use]
    pub fn is_in(&self, package: &str) -> bool {
        self.class.module.split('.').next() == Some(package)
    }

    /// The value of an attribute: of the last state that has it.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Edge> {
        self.dicts().into_iter().rev().find_map(|dict| self.view.value_of(dict, name))
    }

    /// Names and values of the attributes in the order of the file, dict before slots; at most a few thousand.
    #[must_use]
    pub fn attributes(&self) -> Vec<(String, Edge)> {
        self.dicts().into_iter().flat_map(|dict| self.view.named_values(dict)).take(ATTRIBUTES).collect()
    }

    /// The last state that BUILD gave, whatever it is.
    #[must_use]
    pub fn state(&self) -> Option<Edge> {
        self.view.states(self.node).take(STATES).last()
    }

    /// The dicts among the states: each state that is one, or the halves of a pair of dict and slots.
    fn dicts(&self) -> Vec<Edge> {
        let graph = self.view.graph;
        let mut dicts = Vec::new();
        for state in self.view.states(self.node).take(STATES) {
            match graph.node(state.node()) {
                Node::Dict => dicts.push(state),
                Node::Tuple if graph.items(state.node()).len() == 2 => {
                    dicts.extend(graph.items(state.node()).filter(|half| graph.node(half.node()) == Node::Dict));
                }
                _ => {}
            }
        }
        dicts
    }
}

impl<'a> GraphView<'a> {
    /// The instance that a value is: by NEWOBJ and its kin, by a call of a class or function by name, by
    /// `copyreg._reconstructor` and `copyreg.__newobj__` of old protocols.
    #[must_use]
    pub fn object(&self, node: NodeId) -> Option<Object<'a>> {
        let Call { symbol, mut args, .. } = self.call(node)?;
        let mut class = symbol?;
        if class.module == "copyreg" {
            let stands_for = args.first().and_then(|&first| self.symbol(first));
            match (class.name.as_str(), stands_for) {
                // `(class, base, state of the base)`; `object` has no state, and the None there is no argument.
                ("_reconstructor", Some(symbol)) => {
                    let is_plain = args
                        .get(1)
                        .and_then(|&base| self.symbol(base))
                        .is_some_and(|base| base.is("builtins", "object"));
                    (class, args) = (symbol, if is_plain { Vec::new() } else { args.split_off(args.len().min(2)) });
                }
                ("__newobj__" | "__newobj_ex__", Some(symbol)) => (class, args) = (symbol, args.split_off(1)),
                _ => {}
            }
        }
        Some(Object { view: *self, node, class, args })
    }

    /// The value under a text key of a dict, the last one set.
    #[must_use]
    pub fn value_of(&self, dict: Edge, key: &str) -> Option<Edge> {
        let pairs: Vec<(Edge, Edge)> = self.pairs(dict.node()).take(ATTRIBUTES).collect();
        pairs.into_iter().rev().find_map(|(name, value)| self.is_text(name, key).then_some(value))
    }

    /// Whether a value is this text. Others are told by their length, as a rule.
    fn is_text(&self, edge: Edge, text: &str) -> bool {
        match self.graph.node(edge.node()) {
            Node::Text { span, encoding: TextEncoding::Utf8 } if span.len() != text.len() as u64 => false,
            Node::Text { .. } => self.string(edge).as_deref() == Some(text),
            _ => false,
        }
    }

    /// Text keys of a dict (`dict`, `OrderedDict`, `defaultdict` and other objects that items were set in) with their
    /// values, in order; at most a few thousand.
    #[must_use]
    pub fn named_values(&self, dict: Edge) -> Vec<(String, Edge)> {
        let named = |(key, value)| Some((self.string(key)?, value));
        self.pairs(dict.node()).take(ATTRIBUTES).filter_map(named).collect()
    }

    /// The items of a list or tuple; `None` when it is neither, or has more than a view takes at once.
    #[must_use]
    pub fn sequence(&self, edge: Edge) -> Option<Vec<Edge>> {
        let node = edge.node();
        let items: Vec<Edge> = match self.graph.node(node) {
            Node::Tuple => self.graph.items(node).take(ITEMS + 1).collect(),
            Node::List => self.graph.run_window(node, RunKind::Items, 0).take(ITEMS + 1).collect(),
            _ => return None,
        };
        (items.len() <= ITEMS).then_some(items)
    }
}
