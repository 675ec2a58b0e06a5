//! Persistent ids that stand for a class with its source, as torch wrote modules before 1.6.

use super::view::GraphView;
use crate::graph::{Edge, Node, Symbol};

/// `('module', class, source file, source)`: stands for the class of a module, whose source torch compares.
pub(in crate::lens) fn module_source<'a>(view: &GraphView<'a>, id: Edge) -> Option<(&'a Symbol, Edge)> {
    match view.graph.items(id.node()).take(5).collect::<Vec<_>>()[..] {
        [tag, class, file, _] if view.string(tag)? == "module" => Some((view.symbol(class)?, file)),
        _ => None,
    }
}

/// The class that a persistent id stands for.
pub(in crate::lens) fn module_class<'a>(view: &GraphView<'a>, edge: Edge) -> Option<&'a Symbol> {
    match view.graph.node(edge.node()) {
        Node::PersistentId(id) => Some(module_source(view, id)?.0),
        _ => None,
    }
}
