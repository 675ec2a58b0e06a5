//! A value as Python would spell it, within a budget.

use crate::graph::{Edge, Graph, NodeId};
use crate::lens::{Lens, Part, PartLabel, Shape, ShapeKind};

/// What is still to be written.
enum Task {
    Text(String),
    Value(Edge),
    /// The rest of the parts of a value: which part, which child.
    Parts {
        shape: Box<Shape>,
        part: usize,
        child: u64,
        first: bool,
        close: &'static str,
    },
    Leave,
}

/// A value as Python would spell it, as far as `budget` characters go. Calls read `Name(attribute=…)`; an object inside
/// itself is `…`.
#[must_use]
pub fn outline(lens: &Lens<'_>, id: NodeId, budget: usize) -> String {
    let mut out = String::new();
    let mut inside: Vec<NodeId> = Vec::new();
    let mut tasks = vec![Task::Value(Edge::to(id))];
    while let Some(task) = tasks.pop() {
        if out.len() >= budget || tasks.len() > 10_000 {
            out.push('…');
            break;
        }
        match task {
            Task::Text(text) => out.push_str(&text),
            Task::Leave => drop(inside.pop()),
            Task::Value(edge) => {
                let node = edge.node();
                // Only the innermost levels are compared: deeper cycles end with the budget.
                if inside.iter().rev().take(64).any(|&seen| seen == node) {
                    out.push('…');
                    continue;
                }
                if let Some(task) = open(lens, node, &mut out, budget) {
                    inside.push(node);
                    tasks.push(Task::Leave);
                    tasks.push(task);
                }
            }
            Task::Parts { shape, part, child, first, close } => {
                step(lens.graph, shape, part, child, first, close, &mut tasks, &mut out, lens);
            }
        }
    }
    out
}

/// Writes a scalar, or the beginning of anything else.
fn open(lens: &Lens<'_>, node: NodeId, out: &mut String, budget: usize) -> Option<Task> {
    if let Some(scalar) = lens.scalar(node, budget.saturating_sub(out.len()).max(16)) {
        out.push_str(&scalar.text);
        if scalar.truncated {
            out.push('…');
        }
        return None;
    }
    let mut shape = lens.shape(node);
    // The value as it is in the end; what was replaced has rows.
    shape.parts.retain(|part| !part.is_replaced());
    let (begin, close) = match (shape.kind, shape.type_name.as_str()) {
        (ShapeKind::Scalar(_), _) => {
            let text = shape.text.unwrap_or_default();
            let quoted = matches!(shape.type_name.as_str(), "bytes" | "bytearray" | "range" | "slice" | "complex");
            out.push_str(&if quoted { text } else { format!("{}({text})", shape.type_name) });
            return None;
        }
        // What a line tells well, its parts would only drown: an array's bytes, the state of a dtype.
        (ShapeKind::Instance, name) if shape.text.is_some() => {
            out.push_str(&format!("{name}({})", shape.text.as_deref().unwrap_or_default()));
            return None;
        }
        (ShapeKind::Reference, _) if shape.parts.is_empty() => {
            out.push_str(&shape.text.unwrap_or_default());
            return None;
        }
        (_, "list") => (String::new() + "[", "]"),
        (_, "tuple") if shape.parts.first().is_some_and(|part| part.len(lens.graph) == 1) => {
            (String::new() + "(", ",)")
        }
        (_, "tuple") => (String::new() + "(", ")"),
        (_, "dict" | "set") => (String::new() + "{", "}"),
        (ShapeKind::Call, _) => (shape.text.clone().unwrap_or_else(|| "call".to_owned()) + "(", ")"),
        (_, name) => (name.to_owned() + "(", ")"),
    };
    out.push_str(&begin);
    Some(Task::Parts { shape: Box::new(shape), part: 0, child: 0, first: true, close })
}

/// Writes one child of a value and puts the rest back.
#[expect(clippy::too_many_arguments, reason = "the fields of one task, unpacked")]
fn step(
    graph: &Graph,
    shape: Box<Shape>,
    part: usize,
    child: u64,
    first: bool,
    close: &'static str,
    tasks: &mut Vec<Task>,
    out: &mut String,
    lens: &Lens<'_>,
) {
    let Some(current) = shape.parts.get(part) else {
        out.push_str(close);
        return;
    };
    let Some(found) = current.window(graph, child, 1).first().copied() else {
        tasks.push(Task::Parts { shape, part: part + 1, child: 0, first, close });
        return;
    };
    if !first {
        out.push_str(", ");
    }
    let label = label(lens, current, found.key);
    tasks.push(Task::Parts { part, child: child + 1, first: false, close, shape });
    tasks.push(Task::Value(found.value));
    match (found.key, label) {
        (_, Some(text)) => tasks.push(Task::Text(text)),
        (Some(key), None) => {
            tasks.push(Task::Text(": ".to_owned()));
            tasks.push(Task::Value(key));
        }
        (None, None) => {}
    }
}

fn label(lens: &Lens<'_>, part: &Part, key: Option<Edge>) -> Option<String> {
    match &part.label {
        PartLabel::Named(name) => Some(format!("{name}=")),
        PartLabel::Role(name) if !name.starts_with("arg ") => Some(format!("{name}=")),
        PartLabel::Attribute => Some(format!("{}=", lens.string(key?)?)),
        _ => None,
    }
}
