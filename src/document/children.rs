//! The children of what is open in the tree.

use super::Document;
use super::content::{Child, Column, Content, Place, RANGE, Root, Target};
use crate::bytes::Span;
use crate::graph::{Edge, NodeId};
use crate::lens::{Components, Part};
use std::sync::Arc;

impl Document {
    /// The rows at the top: each pickle, followed by what else is known of it; at the end what is no pickle.
    pub(super) fn find_roots(&self) -> Vec<Root> {
        let mut roots = Vec::new();
        for (stream, read) in self.reading.streams.iter().enumerate() {
            roots.push(Root::Pickle { stream, value: read.root });
            if !read.leftover.is_empty() {
                roots.push(Root::Stack { stream });
            }
            if !read.complete && !self.reading.memo(stream).is_empty() {
                roots.push(Root::Memo { stream });
            }
            if !read.discarded.is_empty() {
                roots.push(Root::Discarded { stream });
            }
        }
        roots.extend(self.legacy.as_ref().map(|_| Root::Storages));
        roots.extend(self.trailing().map(Root::Trailing));
        roots
    }

    /// The values that a root leads to, in order. A hundred million may be left on a stack: they are not copied.
    pub(super) fn root_nodes(&self, root: &Root) -> Box<dyn ExactSizeIterator<Item = Edge> + '_> {
        match *root {
            Root::Pickle { value, .. } => Box::new(value.into_iter()),
            Root::Stack { stream } => Box::new(self.reading.streams[stream].leftover.iter().copied()),
            Root::Memo { stream } => Box::new(self.memo_entries(stream).iter().map(|(_, node)| Edge::to(*node))),
            Root::Discarded { stream } => {
                Box::new(self.reading.streams[stream].discarded.iter().map(|&node| Edge::to(node)))
            }
            Root::Storages | Root::Trailing(_) => Box::new(std::iter::empty()),
        }
    }

    /// The memo where the reading stopped, which it does once; of a very large one its first entries.
    fn memo_entries(&self, stream: usize) -> &[(u64, NodeId)] {
        const LISTED: usize = 1_000_000;
        self.memo_at_stop.get_or_init(|| self.reading.memo(stream).entries(LISTED))
    }

    pub(super) fn content_of_root(&self, index: usize) -> Content {
        match self.roots[index] {
            Root::Pickle { value: Some(value), .. } => Content::Node(value.node()),
            root => Content::Group(root),
        }
    }

    /// Number of children.
    #[must_use]
    pub fn children_of(&self, content: Content) -> u64 {
        match content {
            Content::Top => self.roots.len() as u64,
            Content::Node(node) => match self.node_children(node) {
                many if many > RANGE => many.div_ceil(RANGE),
                few => few,
            },
            Content::AsPickled(node) => self.pickled_children(node),
            Content::Range { count, .. } => count,
            Content::Pair { .. } => 2,
            Content::Group(root) => match root {
                Root::Pickle { value, .. } => u64::from(value.is_some()),
                Root::Stack { stream } => self.reading.streams[stream].leftover.len() as u64,
                Root::Memo { stream } => self.memo_entries(stream).len() as u64,
                Root::Discarded { stream } => self.reading.streams[stream].discarded.len() as u64,
                Root::Storages => self.legacy.as_ref().map_or(0, |legacy| legacy.storages.len() as u64),
                Root::Trailing(_) => 0,
            },
        }
    }

    /// Values that stand in a group, those that are not listed included.
    pub(super) fn values_in(&self, content: Content) -> u64 {
        match content {
            Content::Group(Root::Memo { stream }) => self.reading.memo(stream).len(),
            other => self.children_of(other),
        }
    }

    /// Children of a value before they are grouped in ranges: those that its users speak of, and the row behind which it is as it
    /// is pickled; or those that are pickled.
    pub(super) fn node_children(&self, node: NodeId) -> u64 {
        match self.components(node) {
            Some(components) => self.components_of(&components) + 1,
            None => self.pickled_children(node),
        }
    }

    /// The same without the row that leads to what is pickled.
    pub(super) fn own_children(&self, node: NodeId) -> u64 {
        self.components(node).map_or_else(|| self.pickled_children(node), |components| self.components_of(&components))
    }

    fn components_of(&self, components: &Components) -> u64 {
        components.columns + self.length_of(&components.parts)
    }

    /// Children of a value as it is pickled.
    pub(super) fn pickled_children(&self, node: NodeId) -> u64 {
        self.length_of(&self.lens().shape(node).parts)
    }

    fn length_of(&self, parts: &[Part]) -> u64 {
        parts.iter().map(|part| part.len(&self.reading.graph)).sum()
    }

    /// What a value consists of for its users. A look at a table or a model costs, and each of its rows asks.
    pub(super) fn components(&self, node: NodeId) -> Option<Arc<Components>> {
        const KEPT: usize = 1 << 16;
        if let Some(known) = self.components.borrow().get(&node) {
            return known.clone();
        }
        let found = self.lens().components(node).map(Arc::new);
        let mut kept = self.components.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(node, found.clone());
        found
    }

    /// Children from `first` on, at most `count`.
    #[must_use]
    pub fn window(&self, content: Content, first: u64, count: usize) -> Vec<Child> {
        match content {
            Content::Top => self.root_window(first, count),
            Content::Node(node) => {
                let all = self.node_children(node);
                if all <= RANGE {
                    return self.node_window(node, first, count);
                }
                let ranges = (first * RANGE..all).step_by(RANGE as usize).take(count);
                let range = |begin: u64| {
                    let length = RANGE.min(all - begin);
                    let content = Content::Range { node, first: begin, count: length };
                    Child { place: Place::Range(begin, length), target: Target::Content(content) }
                };
                ranges.map(range).collect()
            }
            Content::AsPickled(node) => self.pickled_window(node, first, count),
            Content::Range { node, first: begin, count: length } => {
                let count = count.min(length.saturating_sub(first) as usize);
                self.node_window(node, begin + first, count)
            }
            Content::Pair { key, value } => {
                let both = [(Place::PairKey, key), (Place::PairValue, value)];
                let children = both.map(|(place, edge)| Child { place, target: Target::Value(edge) });
                children.into_iter().skip(first as usize).take(count).collect()
            }
            Content::Group(root) => self.group_window(root, first, count),
        }
    }

    fn root_window(&self, first: u64, count: usize) -> Vec<Child> {
        let window = self.roots.iter().enumerate().skip(first as usize).take(count);
        let child = |(index, &root): (usize, &Root)| {
            let target = match root {
                Root::Pickle { value: Some(value), .. } => Target::Value(value),
                Root::Pickle { .. } => Target::Nothing,
                Root::Trailing(span) => Target::Bytes(span),
                _ => Target::Content(self.content_of_root(index)),
            };
            Child { place: Place::Root(root), target }
        };
        window.map(child).collect()
    }

    fn group_window(&self, root: Root, first: u64, count: usize) -> Vec<Child> {
        if root == Root::Storages {
            let storages = self.legacy.iter().flat_map(|legacy| legacy.storages.iter().enumerate());
            let child = |(index, (_, span)): (usize, &(String, Span))| Child {
                place: Place::Storage(index),
                target: Target::Bytes(*span),
            };
            return storages.skip(first as usize).take(count).map(child).collect();
        }
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let item =
            |(index, edge): (usize, Edge)| Child { place: Place::Item(index as u64), target: Target::Value(edge) };
        match root {
            Root::Memo { stream } => {
                // The memo only refers to values; where they were made is elsewhere.
                let child = |&(index, node): &(u64, NodeId)| Child {
                    place: Place::Memo(index),
                    target: Target::Value(Edge(node.0 | Edge::FETCHED)),
                };
                self.memo_entries(stream).iter().skip(first).take(count).map(child).collect()
            }
            Root::Stack { stream } => {
                let edges = self.reading.streams[stream].leftover.iter().copied();
                edges.enumerate().skip(first).take(count).map(item).collect()
            }
            Root::Discarded { stream } => {
                let edges = self.reading.streams[stream].discarded.iter().map(|&node| Edge::to(node));
                edges.enumerate().skip(first).take(count).map(item).collect()
            }
            _ => self.root_nodes(&root).enumerate().skip(first).take(count).map(item).collect(),
        }
    }

    /// Children of a value by their number before grouping.
    pub(super) fn node_window(&self, node: NodeId, first: u64, count: usize) -> Vec<Child> {
        let Some(components) = self.components(node) else { return self.pickled_window(node, first, count) };
        let columns = first..components.columns.min(first.saturating_add(count as u64));
        let column = |number: u64| {
            let column = Column { table: node, number };
            Child { place: Place::Column(column), target: Target::Column(column) }
        };
        let mut children: Vec<Child> = columns.map(column).collect();
        let behind = first.saturating_sub(components.columns);
        children.extend(self.parts_window(&components.parts, behind, count - children.len()));
        let all = self.components_of(&components);
        if children.len() < count && first + children.len() as u64 == all {
            children.push(Child { place: Place::AsPickled, target: Target::Content(Content::AsPickled(node)) });
        }
        children
    }

    /// The same as they are pickled.
    pub(super) fn pickled_window(&self, node: NodeId, first: u64, count: usize) -> Vec<Child> {
        self.parts_window(&self.lens().shape(node).parts, first, count)
    }

    fn parts_window(&self, parts: &[Part], first: u64, count: usize) -> Vec<Child> {
        let graph = &self.reading.graph;
        let lens = self.lens();
        let mut children = Vec::new();
        let mut before = 0;
        for part in parts {
            let length = part.len(graph);
            let from = (first + children.len() as u64).saturating_sub(before).min(length);
            if first + (children.len() as u64) >= before && children.len() < count {
                for child in part.window(graph, from, count - children.len()) {
                    // A key that has children itself gets a row of its own.
                    let plain = child.key.is_none_or(|key| lens.scalar(key.node(), 0).is_some());
                    let target = match child.key {
                        Some(key) if !plain => Target::Content(Content::Pair { key, value: child.value }),
                        _ => Target::Value(child.value),
                    };
                    children.push(Child { place: Place::Part(part.label.clone(), child.index, child.key), target });
                }
            }
            before += length;
        }
        children
    }

    /// What opening a child shows; `None` when there is nothing below it.
    #[must_use]
    pub fn content_below(&self, child: &Child) -> Option<Content> {
        let content = match child.target {
            Target::Value(edge) => Content::Node(edge.node()),
            Target::Content(content) => content,
            Target::Column(_) | Target::Bytes(_) | Target::Nothing => return None,
        };
        (self.children_of(content) > 0).then_some(content)
    }
}
