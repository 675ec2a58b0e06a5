//! Objects that are small in the file and huge when something walks over them, and memos that are huge at once.

use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::names::Traits;
use crate::safety::values::AbstractValue;
use crate::safety::verdict::Findings;

/// Would use up memory or time.
pub const RESOURCE_BOMB: Rule = Rule {
    id: "resource-bomb",
    title: "Would use up memory or time",
    what: "The file asks for far more memory or time than its size can justify: a huge number, an endless iterator, objects that contain each other's copies many times over.",
    why: "The program that loads it, or prints or compares what was loaded, hangs or dies.",
    example: ("bytearray(2**40)", "builtins.bytearray(1099511627776)"),
    advice: "Do not load this file in a program that matters.",
    references: &[
        ("CWE-400: uncontrolled resource consumption", "https://cwe.mitre.org/data/definitions/400.html"),
        ("CWE-409: data amplification", "https://cwe.mitre.org/data/definitions/409.html"),
    ],
};

/// Levels that C code still follows by calling itself. Picklers stop at a thousand.
const DEEP: u32 = 10_000;
/// Values in an object written out, beyond which printing, comparing or hashing it does not end.
const WRITTEN_OUT: f32 = 1e9;
/// The size of what was not looked at: one value, marked by its sign.
const UNSEEN: f32 = -1.0;
/// Shared containers that hold shared ones, below which nothing grows that far.
const SHARED: usize = 2;

pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    memo_bomb(facts, found);
    if let Some(node) = facts.graph.deeper_than(DEEP) {
        let mut draft = Draft::at(node);
        draft.explanation = format!(
            "More than {DEEP} tuples, frozensets or calls in each other: hashing, comparing or dropping this recurses in C until the process crashes."
        );
        found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
    }
    if let Some((node, size)) = expansion(facts) {
        let mut draft = Draft::at(node);
        draft.explanation =
            format!("Objects that contain others many times over: written out, this is {size:.0e} values.");
        found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
    }
}

/// A C loader's memo is an array up to the largest index.
fn memo_bomb(facts: &Facts<'_>, found: &mut Findings) {
    const ORDINARY: u64 = 1 << 24;
    for (number, stream) in facts.reading.streams.iter().enumerate() {
        let Some(highest) = facts.reading.memo(number).highest() else { continue };
        if highest > ORDINARY && highest / 16 > stream.opcodes {
            let mut draft = Draft::place(stream.span.start);
            draft.explanation =
                format!("The memo index {highest} makes a loader reserve {} bytes.", highest.saturating_mul(16));
            found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
            return;
        }
    }
}

/// What hashing the keys and members of dicts and sets goes over, where tuples are shared: nothing keeps the hash of a tuple.
fn hashed(facts: &Facts<'_>, sizes: &[f32]) -> Option<(NodeId, f32)> {
    const ORDINARY: f32 = 1e8;
    /// Tuples that are no more than this are left out: the file holds them anyway.
    const SMALL: f32 = 1e5;
    let graph = facts.graph;
    if !sizes.iter().any(|&size| size > SMALL) {
        return None;
    }
    // What a tuple holds was made before it.
    let mut written = vec![1.0_f32; graph.len()];
    let mut together = 0.0;
    for id in (0..graph.len() as u32).map(NodeId) {
        if matches!(graph.node(id), Node::Tuple | Node::FrozenSet) {
            written[id.index()] = 1.0 + graph.items(id).map(|item| written[item.node().index()]).sum::<f32>();
        }
    }
    for id in (0..graph.len() as u32).map(NodeId) {
        let keys: Vec<Edge> = match graph.node(id) {
            Node::Dict => graph.run_window(id, RunKind::Pairs, 0).step_by(2).collect(),
            Node::Set => graph.run_window(id, RunKind::Members, 0).collect(),
            Node::FrozenSet => graph.items(id).collect(),
            // `frozenset([…])`, as protocols below 4 have it, `Counter([…])`, `set(…)`
            Node::Call { args, .. } => {
                let list = graph.items(args.node()).next();
                list.into_iter().flat_map(|list| graph.run_window(list.node(), RunKind::Items, 0)).collect()
            }
            _ => continue,
        };
        let size = |key: &Edge| match graph.node(key.node()) {
            Node::Tuple | Node::FrozenSet => written[key.node().index()],
            _ => 0.0,
        };
        together += keys.iter().map(size).filter(|&size| size > SMALL).sum::<f32>();
        if together > ORDINARY {
            return Some((id, together));
        }
    }
    None
}

/// The first container, wherever it is, that is larger than anything when written out. Objects of other classes count as one
/// value: theirs may well refer to each other.
fn expansion(facts: &Facts<'_>) -> Option<(NodeId, f32)> {
    let graph = facts.graph;
    let mut roots = graph.sharing_containers();
    roots.extend(facts.changed.iter().filter(|&&id| is_container(facts, id)));
    if roots.len() < SHARED {
        return None;
    }
    let mut sizes: Vec<f32> = vec![UNSEEN; graph.len()];
    for root in roots {
        let mut stack = vec![(root, false)];
        while let Some((node, done)) = stack.pop() {
            if done {
                let size = 1.0 + graph.children(node).map(|edge| sizes[edge.node().index()].abs()).sum::<f32>();
                if size > WRITTEN_OUT && size > 1000.0 * graph.len() as f32 {
                    return Some((node, size));
                }
                sizes[node.index()] = size;
                continue;
            }
            if sizes[node.index()] != UNSEEN || !is_container(facts, node) {
                continue;
            }
            // While it is on the way down it counts as one value, so that cycles end.
            sizes[node.index()] = 1.0;
            stack.push((node, true));
            let children = graph.children(node).map(|edge| edge.node());
            stack.extend(children.filter(|child| is_container(facts, *child)).map(|child| (child, false)));
        }
    }
    hashed(facts, &sizes)
}

/// A plain container, or what keeps items as one does: an `OrderedDict`, a `deque`.
fn is_container(facts: &Facts<'_>, id: NodeId) -> bool {
    match facts.graph.node(id) {
        Node::Tuple | Node::List | Node::Dict | Node::Set | Node::FrozenSet => true,
        Node::Call { callee, .. } => {
            matches!(facts.value(callee), AbstractValue::Global(class) if class.has(Traits::KEEPS_ITEMS))
        }
        _ => false,
    }
}

/// Decimal numbers are read in time that grows with the square of their digits.
pub(super) fn long_number(facts: &Facts<'_>, id: NodeId, digits: u64, found: &mut Findings) {
    const DIGITS: u64 = 100_000;
    if digits > DIGITS {
        let mut draft = Draft::at(id);
        draft.explanation = format!("A decimal number of {digits} digits takes a loader very long.");
        found.find(facts, &RESOURCE_BOMB, Level::Suspicious, draft);
    }
}
