//! The arrays in a value, by name: of dicts, lists, attributes, and what is nested in them.

use super::plain_scalars::key_text;
use super::writer::Remarks;
use crate::graph::{Node, NodeId};
use crate::lens::{Array, Lens, Part, PartLabel, ShapeKind};
use std::collections::{HashMap, HashSet};

/// Values that are looked at, however often they are shared.
const VISITS: usize = 2_000_000;
/// Values that are looked at to see whether there is an array at all.
const GLANCE: usize = 2_000;
/// Arrays in one file.
const ARRAYS: usize = 1 << 20;
/// Bytes of a name.
const NAME: usize = 1000;

/// A value with its name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) node: NodeId,
}

/// What was found in a value.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) arrays: Vec<Named>,
    pub(super) texts: Vec<Named>,
}

struct Frame {
    node: NodeId,
    name: String,
    parts: Vec<Part>,
    part: usize,
    next: u64,
    /// Whether children have no name of their own: the dicts that a module keeps its tensors in.
    silent: bool,
}

/// All arrays in a value, in the order of the file, with unique names. What is neither an array nor text is said.
pub(super) fn find(lens: &Lens<'_>, root: NodeId, remarks: &mut Remarks) -> Found {
    let mut found = Found::default();
    let mut other: HashMap<String, u64> = HashMap::new();
    let complete = walk(lens, root, VISITS, &mut |name, node, what| {
        match what {
            What::Array(_) if found.arrays.len() < ARRAYS => found.arrays.push(Named { name, node }),
            What::Array(_) => return false,
            What::Text => found.texts.push(Named { name, node }),
            What::Other(type_name) => *other.entry(type_name).or_default() += 1,
        }
        true
    });
    if !complete {
        remarks.say("not everything was gone over: there is too much of it");
    }
    let mut other: Vec<(String, u64)> = other.into_iter().collect();
    other.sort();
    for (type_name, count) in other {
        let type_name = crate::opcode::printable(&type_name).into_owned();
        remarks.say(format!("left out, as they are no arrays: {} of type {type_name}", crate::lens::grouped(count)));
    }
    found
}

/// Whether there is an array that `fits` near the top of a value, which is none itself.
pub(super) fn any(lens: &Lens<'_>, root: NodeId, fits: &dyn Fn(&Array<'_>) -> bool) -> bool {
    let mut has = false;
    walk(lens, root, GLANCE, &mut |_, node, what| {
        has = node != root && matches!(what, What::Array(array) if fits(array));
        !has && node != root
    });
    has
}

enum What<'a, 'b> {
    Array(&'b Array<'a>),
    Text,
    Other(String),
}

/// Visits arrays, texts and what has nothing in it; until `visit` is false. Whether the end was reached.
fn walk<'a>(
    lens: &Lens<'a>,
    root: NodeId,
    visits: usize,
    visit: &mut dyn FnMut(String, NodeId, What<'a, '_>) -> bool,
) -> bool {
    let mut around = HashSet::new();
    let mut frames: Vec<Frame> = Vec::new();
    let mut waiting = vec![(root, String::new())];
    for _ in 0..visits {
        let (node, name) = match waiting.pop() {
            Some(next) => next,
            None => match refill(lens, &mut frames, &mut waiting, &mut around) {
                true => continue,
                false => return true,
            },
        };
        if around.contains(&node) {
            continue;
        }
        let is_compound = !matches!(
            lens.graph.node(node),
            Node::None | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text { .. } | Node::Bytes(_)
        );
        if let Node::Text { encoding, .. } = lens.graph.node(node)
            && !encoding.is_python2()
        {
            if !visit(name, node, What::Text) {
                return false;
            }
            continue;
        }
        if is_compound && let Some(array) = lens.array(node) {
            if !visit(name, node, What::Array(&array)) {
                return false;
            }
            continue;
        }
        let shape = lens.shape(node);
        // What these are made of are arrays, but not theirs to those who use them: the blocks
        // of a frame, the indices of a sparse tensor.
        let is_whole = is_compound && (lens.table(node).is_some() || lens.tensor(node).is_some());
        let opens = is_compound
            && !is_whole
            && matches!(shape.kind, ShapeKind::Items | ShapeKind::Mapping | ShapeKind::Instance)
            && name.len() < NAME;
        if !opens {
            if !visit(name, node, What::Other(shape.full_name)) {
                return false;
            }
            continue;
        }
        let parts = module_parts(lens, &shape.parts);
        around.insert(node);
        let silent = parts.is_some();
        // What a list or dict has besides its items is of no use to anybody here.
        let wanted = |part: &Part| match shape.kind {
            ShapeKind::Items => matches!(part.label, PartLabel::Index | PartLabel::Member),
            ShapeKind::Mapping => part.label == PartLabel::Key,
            _ => true,
        };
        let parts = parts.unwrap_or_else(|| shape.parts.iter().filter(|part| wanted(part)).cloned().collect());
        frames.push(Frame { node, name, parts, part: 0, next: 0, silent });
    }
    false
}

/// Puts the next children in line, the first one on top; false when none are left. Children of the innermost frame come
/// before those that wait, so that the order is that of the file.
fn refill(
    lens: &Lens<'_>,
    frames: &mut Vec<Frame>,
    waiting: &mut Vec<(NodeId, String)>,
    around: &mut HashSet<NodeId>,
) -> bool {
    let Some(frame) = frames.last_mut() else { return false };
    let Some(part) = frame.parts.get(frame.part) else {
        around.remove(&frame.node);
        frames.pop();
        return true;
    };
    // One at a time: what a child opens has to come before the next child.
    let window = part.window(lens.graph, frame.next, 1);
    let Some(child) = window.first() else {
        frame.part += 1;
        frame.next = 0;
        return true;
    };
    frame.next += 1;
    let own = match (&part.label, child.key) {
        (_, Some(key)) => lens.string(key).unwrap_or_else(|| key_text(lens, key)),
        (PartLabel::Named(name) | PartLabel::Role(name), None) => name.clone(),
        _ => child.index.to_string(),
    };
    let name = match (frame.name.is_empty(), frame.silent) {
        (_, true) => frame.name.clone(),
        (true, _) => own,
        (false, _) => format!("{}.{own}", frame.name),
    };
    waiting.push((child.value.node(), name));
    true
}

/// Of a module of torch: the dicts of its parameters, buffers and modules.
fn module_parts(lens: &Lens<'_>, parts: &[Part]) -> Option<Vec<Part>> {
    const DICTS: [&str; 3] = ["_parameters", "_buffers", "_modules"];
    let attributes = parts.iter().find(|part| part.label == PartLabel::Attribute)?;
    let children = attributes.window(lens.graph, 0, 256);
    let named = |name: &&str| {
        let found =
            children.iter().rev().find(|child| child.key.and_then(|key| lens.string(key)).as_deref() == Some(name));
        found.map(|child| Part::role(*name, child.value))
    };
    let found: Vec<Part> = DICTS.iter().filter_map(named).collect();
    (found.len() == DICTS.len()).then_some(found)
}

/// Makes names unique: the second `a` is `a_2`.
pub(super) struct Names {
    taken: HashSet<String>,
    next: HashMap<String, u64>,
}

impl Names {
    pub(super) fn new() -> Self {
        Self { taken: HashSet::new(), next: HashMap::new() }
    }

    pub(super) fn unique(&mut self, name: String, remarks: &mut Remarks) -> String {
        if self.taken.insert(name.clone()) {
            return name;
        }
        remarks.say("two arrays had the same name: the second one got a number");
        let next = self.next.entry(name.clone()).or_insert(2);
        loop {
            let other = format!("{name}_{next}");
            *next += 1;
            if self.taken.insert(other.clone()) {
                return other;
            }
        }
    }
}
