//! Keys and values of whatever keeps them as a dict does.
//!
//! Nearly every pickle sets them one by one. Python 2 gave an `OrderedDict` a list of lists of two, one for each key (its
//! `collections.py`, `OrderedDict.__reduce__`), and `dict` takes the same.

use super::view::GraphView;
use crate::graph::{Edge, Node, NodeId, RunKind};

impl GraphView<'_> {
    /// Keys and values of a dict, of a mapping that was given a list of pairs, and of any object that items were set in; in order.
    pub fn pairs(&self, node: NodeId) -> impl Iterator<Item = (Edge, Edge)> {
        let listed = self.given_list(node).and_then(|list| self.listed_pairs(list));
        let mut set = self.graph.run_window(node, RunKind::Pairs, 0);
        let mut at = 0;
        std::iter::from_fn(move || {
            if let Some(&[key, value]) = listed.as_ref().and_then(|listed| listed.edges.get(at..at + 2)) {
                at += 2;
                return Some((key, value));
            }
            Some((set.next()?, set.next()?))
        })
    }

    /// The list or tuple that a mapping is made of.
    fn given_list(&self, node: NodeId) -> Option<NodeId> {
        let Node::Call { callee, args, .. } = self.graph.node(node) else { return None };
        let symbol = self.symbol(callee)?;
        if !(symbol.is("collections", "OrderedDict") || symbol.is("builtins", "dict")) {
            return None;
        }
        let given = self.graph.items(args.node()).next()?.node();
        matches!(self.graph.node(given), Node::List | Node::Tuple).then_some(given)
    }
}
