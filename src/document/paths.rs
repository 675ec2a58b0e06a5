//! Accessor paths: how a person writes the way to a value in Python, `obj['model'].steps[0]`.

use super::content::RANGE;
use super::tree::Spot;
use super::{Child, Content, Document, Place, Target};
use crate::graph::{Edge, NodeId, Step};
use crate::lens::{Part, PartLabel};
use crate::opcode;

/// Levels that are walked for the sake of a path.
const DEEP: usize = 2000;

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum PathStep {
    /// Python for it: `['a']`, `.b`, `[0]`.
    Accessor(String),
    /// Words for what Python has no accessor for: `arg 0`.
    Words(String),
    /// Nothing to write: a range of a container.
    Silent,
}

/// A step of the way to a node: which child of what, and the child.
pub(super) type WayStep = ((Content, u64), Child);

/// Where a person finds a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ValuePlace {
    /// In a row of its own, at this path.
    At(String),
    /// In the row of another value, at this path: a key, the arguments of a call, a state.
    In(String),
    /// Too far down for a path, or at no place of the tree.
    Nowhere,
}

impl Document {
    /// The path to the row that shows a node first, or that shows what it is a part of.
    #[must_use]
    pub fn value_place(&self, node: NodeId) -> ValuePlace {
        if self.parents().step(node) == Step::Unreached || self.parents().is_deeper(node, DEEP) {
            return ValuePlace::Nowhere;
        }
        let Some((root, steps)) = self.way_to(node) else { return ValuePlace::Nowhere };
        let shows = match steps.last() {
            Some((_, child)) => matches!(child.target, Target::Value(edge) if edge.node() == node),
            None => self.parents().chain(node).is_some_and(|chain| chain.len() == 1),
        };
        let path = self.spell(root, steps.into_iter().map(|(_, child)| self.path_step(&child.place))).0;
        if shows { ValuePlace::At(path) } else { ValuePlace::In(path) }
    }

    /// The step from a parent to a child.
    pub(super) fn path_step(&self, place: &Place) -> PathStep {
        match self.plain_step(place) {
            PathStep::Accessor(text) => PathStep::Accessor(opcode::visible(&text).into_owned()),
            PathStep::Words(text) => PathStep::Words(opcode::visible(&text).into_owned()),
            PathStep::Silent => PathStep::Silent,
        }
    }

    fn plain_step(&self, place: &Place) -> PathStep {
        match place {
            Place::Root(_) | Place::Range(..) | Place::AsPickled => PathStep::Silent,
            Place::Column(column) => PathStep::Accessor(format!("[{}]", self.column_label(*column))),
            Place::Part(label, index, key) => self.part_step(label, *index, *key),
            Place::PairKey => PathStep::Words("key".to_owned()),
            Place::PairValue => PathStep::Silent,
            Place::Item(index) => PathStep::Words(format!("item {index}")),
            Place::Memo(index) => PathStep::Words(format!("memo {index}")),
            Place::Storage(_) => PathStep::Words(self.label(place).1),
        }
    }

    fn part_step(&self, label: &PartLabel, index: u64, key: Option<Edge>) -> PathStep {
        match (label, key) {
            (PartLabel::Index, _) => PathStep::Accessor(format!("[{index}]")),
            (PartLabel::Key, Some(key)) => match self.lens().scalar(key.node(), 200) {
                Some(scalar) if !scalar.truncated => PathStep::Accessor(format!("[{}]", scalar.text)),
                // Its place tells it from others that are as long.
                Some(_) => PathStep::Words(format!("long key {index}")),
                None => PathStep::Words(format!("key {index}")),
            },
            (PartLabel::Attribute, Some(key)) => match self.lens().string(key) {
                Some(name) if is_identifier(&name) => PathStep::Accessor(format!(".{name}")),
                Some(_) => PathStep::Words(format!("attribute {}", self.lens().inline(key))),
                None => PathStep::Words("an attribute whose name is no text".to_owned()),
            },
            (PartLabel::Named(name), _) => PathStep::Accessor(format!(".{name}")),
            (PartLabel::Role(name), _) => PathStep::Words(name.clone()),
            (PartLabel::Member, _) => PathStep::Words(format!("member {index}")),
            (PartLabel::Key | PartLabel::Attribute, None) => PathStep::Silent,
        }
    }

    /// What the path of a root begins with.
    pub(super) fn root_path(&self, index: usize) -> String {
        use super::Root;
        let several = self.reading.streams.len() > 1;
        let of = |stream: usize| if several { format!("objs[{stream}]") } else { "obj".to_owned() };
        match self.roots[index] {
            Root::Pickle { stream, .. } => of(stream),
            Root::Stack { stream } => format!("stack of {}", of(stream)),
            Root::Memo { stream } => format!("memo of {}", of(stream)),
            Root::Discarded { stream } => format!("discarded by {}", of(stream)),
            Root::Storages => "storages".to_owned(),
            ref root @ Root::Trailing(_) => self.root_label(root),
        }
    }

    /// The children from the root down to a spot of the tree.
    pub(super) fn trail(&self, spot: Spot) -> Vec<(Spot, Child)> {
        let mut spots = vec![spot];
        let mut current = spot;
        while let Some((branch, index)) = self.tree.branch(current.branch).and_then(|branch| branch.parent) {
            current = Spot { branch, index };
            spots.push(current);
        }
        spots.reverse();
        spots.into_iter().filter_map(|spot| Some((spot, self.child_at(spot)?))).collect()
    }

    pub(super) fn child_at(&self, spot: Spot) -> Option<Child> {
        let content = self.tree.branch(spot.branch)?.content;
        self.window(content, spot.index, 1).into_iter().next()
    }

    /// Writes steps one after the other; whether Python could follow them.
    pub(super) fn spell(&self, root: usize, steps: impl Iterator<Item = PathStep>) -> (String, bool) {
        let mut text = self.root_path(root);
        let mut is_python = matches!(self.roots[root], super::Root::Pickle { value: Some(_), .. });
        for step in steps {
            match step {
                PathStep::Accessor(accessor) => text.push_str(&accessor),
                PathStep::Words(words) => {
                    is_python = false;
                    text.push_str(" › ");
                    text.push_str(&words);
                }
                PathStep::Silent => {}
            }
        }
        (shorten(text), is_python)
    }

    /// The path to the row that shows a node first; `None` when no row shows the node itself.
    pub(super) fn first_path(&self, node: NodeId) -> Option<String> {
        if let Some(path) = self.first_paths.borrow().get(&node) {
            return path.clone();
        }
        let path = match self.parents().step(node) {
            Step::Unreached => Some("a place outside the tree".to_owned()),
            _ if self.parents().is_deeper(node, DEEP) => Some(format!("an object more than {DEEP} levels down")),
            _ => self.way_to(node).and_then(|(root, steps)| {
                let shows = match steps.last() {
                    Some((_, child)) => matches!(child.target, Target::Value(edge) if edge.node() == node),
                    None => true,
                };
                let steps = steps.into_iter().map(|(_, child)| self.path_step(&child.place));
                shows.then(|| self.spell(root, steps).0)
            }),
        };
        self.first_paths.borrow_mut().insert(node, path.clone());
        path
    }

    /// Where a node stands first, as the tree prints it: the path of the row that shows it, or for a key and whatever else has no
    /// row of its own that of the row around it. Whether Python could follow it.
    #[must_use]
    pub fn path_to(&self, node: u32) -> (String, bool) {
        /// Levels that are walked for a path that is read at a glance.
        const DEEP: usize = 2000;
        let Some(node) = self.node(node) else { return (String::new(), false) };
        match self.parents().step(node) {
            Step::Unreached => ("not in the tree".to_owned(), false),
            _ if self.parents().is_deeper(node, DEEP) => (format!("more than {DEEP} levels down"), false),
            _ => self.way_to(node).map_or_else(Default::default, |(root, steps)| {
                self.spell(root, steps.into_iter().map(|(_, child)| self.path_step(&child.place)))
            }),
        }
    }

    /// The path at which `owner` refers to a node, which may stand elsewhere first.
    #[must_use]
    pub fn path_in(&self, owner: NodeId, node: NodeId) -> String {
        self.way_in(owner, node).map_or_else(String::new, |(root, steps)| {
            self.spell(root, steps.into_iter().map(|(_, child)| self.path_step(&child.place))).0
        })
    }

    /// The way to the place at which `owner` refers to a node first; nothing for what lies too far down.
    pub(super) fn way_in(&self, owner: NodeId, node: NodeId) -> Option<(usize, Vec<WayStep>)> {
        if self.parents().step(owner) == Step::Unreached || self.parents().is_deeper(owner, DEEP) {
            return None;
        }
        let mut chain = self.parents().chain(owner)?;
        chain.push(node);
        self.way_along(&chain)
    }

    /// Whether a value has no row of its own, as an argument or the state by which another one is pickled. Not asked far down.
    #[must_use]
    pub fn is_internal(&self, node: NodeId) -> bool {
        const LEVELS: usize = 50;
        !self.parents().is_deeper(node, LEVELS) && matches!(self.value_place(node), ValuePlace::In(_))
    }

    /// The way to a node through what the tree shows: the root, then in each content the number of the child and the child.
    /// A node that has no row of its own (a key, a tuple of arguments) ends at the row that shows it.
    pub(super) fn way_to(&self, node: NodeId) -> Option<(usize, Vec<WayStep>)> {
        self.way_along(&self.parents().chain(node)?)
    }

    /// The same through certain nodes, from a root down.
    fn way_along(&self, chain: &[NodeId]) -> Option<(usize, Vec<WayStep>)> {
        let (root, at_root) = self.root_of(*chain.first()?)?;
        let mut content = self.content_of_root(root);
        let mut steps = Vec::new();
        let mut at = 0;
        if let Content::Group(_) = content {
            let child = self.window(content, at_root, 1).into_iter().next()?;
            steps.push(((content, at_root), child));
            content = Content::Node(chain[0]);
        }
        while at + 1 < chain.len() {
            // A shape may skip nodes: the attributes of an instance are below its state, which has no row.
            let ahead = &chain[at + 1..(at + 6).min(chain.len())];
            let Some((index, child, found)) = self.child_towards(content, ahead) else { break };
            content = match child.target {
                Target::Content(below) => {
                    steps.push(((content, index), child));
                    below
                }
                _ => {
                    let is_key = matches!(&child.place, Place::Part(_, _, Some(key)) if key.node() == ahead[found]);
                    let below = Content::Node(ahead[found]);
                    steps.push(((content, index), child));
                    at += found + 1;
                    if is_key {
                        break;
                    }
                    below
                }
            };
        }
        Some((root, steps))
    }

    /// The root that leads to a node first, and as which of its values.
    fn root_of(&self, node: NodeId) -> Option<(usize, u64)> {
        let Step::Root(number) = self.parents().step(node) else { return None };
        // The roots before lead to so many objects.
        let ends = self.root_ends.get_or_init(|| {
            let counts = self.roots.iter().map(|root| self.root_nodes(root).len() as u32);
            counts.scan(0, |end, count| Some(*end + count).inspect(|sum| *end = *sum)).collect()
        });
        let index = ends.partition_point(|&end| end <= number);
        let before = index.checked_sub(1).map_or(0, |root| ends[root]);
        Some((index, u64::from(number - before)))
    }

    /// The child of `content` that shows one of `nodes` or leads to it, and which of them.
    fn child_towards(&self, content: Content, nodes: &[NodeId]) -> Option<(u64, Child, usize)> {
        let find = |edge: Edge| nodes.iter().position(|&node| node == edge.node());
        let hit = |child: &Child| match (&child.target, &child.place) {
            (Target::Value(edge), Place::Part(_, _, key)) => find(*edge).or_else(|| key.and_then(find)),
            (Target::Value(edge), _) => find(*edge),
            (Target::Content(Content::Pair { key, value }), _) => find(*value).or_else(|| find(*key)),
            _ => None,
        };
        const STEP: usize = 4096;
        let total = match content {
            Content::Node(node) => self.node_children(node),
            other => self.children_of(other),
        };
        let components = if let Content::Node(node) = content { self.components(node) } else { None };
        // No column is a value, or leads to one.
        let columns = components.as_ref().map_or(0, |components| components.columns);
        let known = match (content, &components) {
            (Content::Node(_), Some(components)) => {
                self.child_at_edge(&components.parts, nodes).map(|index| components.columns + index)
            }
            (Content::Node(node), None) => self
                .child_at_edge(&self.lens().shape(node).parts, nodes)
                .or_else(|| self.first_child_towards(node, nodes, total)),
            (Content::AsPickled(node), _) => self.child_at_edge(&self.lens().shape(node).parts, nodes),
            _ => None,
        };
        let (mut first, step) = known.map_or((columns, STEP), |index| (index, 1));
        while first < total {
            let window = match content {
                Content::Node(node) => self.node_window(node, first, step),
                other => self.window(other, first, step),
            };
            if let Some(at) = window.iter().position(|child| hit(child).is_some()) {
                let index = first + at as u64;
                let child = window.into_iter().nth(at)?;
                let found = hit(&child)?;
                return Some(self.through_range(content, index, child, found, total));
            }
            if window.is_empty() {
                break;
            }
            first += window.len() as u64;
        }
        // What its users do not speak of stands in the last row.
        let Content::Node(node) = content else { return None };
        components.filter(|_| self.child_towards(Content::AsPickled(node), nodes).is_some())?;
        let child = self.node_window(node, total - 1, 1).into_iter().next()?;
        Some(self.through_range(content, total - 1, child, 0, total))
    }

    /// The first child of a value that is, or has in its key, the first of `nodes` that is one of its edges. The walk that `nodes` are
    /// a part of would have met the others earlier if they stood here, too.
    fn child_at_edge(&self, parts: &[Part], nodes: &[NodeId]) -> Option<u64> {
        let graph = &self.reading.graph;
        nodes.iter().find_map(|&node| {
            let mut before = 0;
            parts.iter().find_map(|part| {
                let found = part.position(graph, node).map(|index| before + index);
                before += part.len(graph);
                found
            })
        })
    }

    /// In a large container the child stands below a range: the way leads there first.
    fn through_range(
        &self,
        content: Content,
        index: u64,
        child: Child,
        found: usize,
        total: u64,
    ) -> (u64, Child, usize) {
        let Content::Node(node) = content else { return (index, child, found) };
        if total <= RANGE {
            return (index, child, found);
        }
        let range = index / RANGE;
        let first = range * RANGE;
        let count = RANGE.min(total - first);
        let target = Target::Content(Content::Range { node, first, count });
        (range, Child { place: Place::Range(first, count), target }, found)
    }
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_') && chars.all(|c| c.is_alphanumeric() || c == '_')
}

/// A path through 200,000 levels is of use to nobody; its ends are.
fn shorten(path: String) -> String {
    const LONGEST: usize = 4000;
    if path.len() <= LONGEST {
        return path;
    }
    let cut = |at: usize| (0..=at).rev().find(|&i| path.is_char_boundary(i)).unwrap_or(0);
    let (head, tail) = (cut(LONGEST / 2), cut(path.len() - LONGEST / 2));
    format!("{} … {}", &path[..head], &path[tail..])
}
