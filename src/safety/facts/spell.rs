//! Nodes in the spelling of Python, shortened.

use super::reading::Facts;
use crate::graph::{CallKind, Edge, Node, NodeId, RunKind};
use crate::safety::values::AbstractValue;

/// Characters of a call as Python spells it.
const CALL: usize = 400;
/// Arguments and items of it.
const WIDTH: usize = 12;
/// Calls inside calls of it.
const DEPTH: u32 = 5;

impl Facts<'_> {
    /// A node in the spelling of Python; where a call comes to a name, that name.
    pub(in crate::safety) fn spelled(&self, id: NodeId) -> String {
        let mut out = String::new();
        self.spell(Edge::to(id), DEPTH, &mut out);
        shortened(out)
    }

    /// A call in the spelling of Python, whatever it comes to.
    pub(in crate::safety) fn spelled_call(&self, id: NodeId) -> String {
        let mut out = String::new();
        self.spell_call(id, DEPTH, &mut out);
        shortened(out)
    }

    /// Goes at most `depth` calls down and stops writing when the text is long enough, whatever the data.
    fn spell(&self, edge: Edge, depth: u32, out: &mut String) {
        if out.len() > CALL {
            return;
        }
        let graph = self.graph;
        let node = edge.node();
        if depth == 0 {
            return out.push_str(&self.lens.inline(edge));
        }
        match graph.node(node) {
            Node::Call { .. } => match self.worked_out(node) {
                // The name that the call comes to says more than the way to it.
                Some(AbstractValue::Global(named)) => out.push_str(&named.full()),
                _ => self.spell_call(node, depth, out),
            },
            Node::ComputedGlobal { module, name } => {
                out.push_str("import(");
                self.spell_all(&[module, name], depth - 1, false, out);
                out.push(')');
            }
            Node::Tuple => {
                out.push('(');
                let edges: Vec<Edge> = graph.items(node).take(WIDTH + 1).collect();
                self.spell_all(&edges, depth - 1, false, out);
                out.push_str(if edges.len() == 1 { ",)" } else { ")" });
            }
            Node::List => {
                out.push('[');
                let edges: Vec<Edge> = graph.run_window(node, RunKind::Items, 0).take(WIDTH + 1).collect();
                self.spell_all(&edges, depth - 1, false, out);
                out.push(']');
            }
            Node::Extension(code) => out.push_str(&format!("extension({code})")),
            Node::PersistentId(id) => {
                out.push_str("persistent_load(");
                self.spell(id, depth - 1, out);
                out.push(')');
            }
            _ => out.push_str(&self.lens.inline(edge)),
        }
    }

    fn spell_call(&self, id: NodeId, depth: u32, out: &mut String) {
        let Node::Call { callee, args, kwargs, kind } = self.graph.node(id) else { return };
        self.spell(callee, depth - 1, out);
        let is_new = matches!(kind, CallKind::NewObj | CallKind::NewObjEx);
        out.push_str(if is_new { ".__new__(" } else { "(" });
        if is_new {
            self.spell(callee, depth - 1, out);
        }
        let mut edges: Vec<Edge> = self.graph.items(args.node()).take(WIDTH + 1).collect();
        if !matches!(self.graph.node(args.node()), Node::Tuple) {
            out.push('*');
            edges.push(args);
        }
        self.spell_all(&edges, depth - 1, is_new, out);
        if let Some(kwargs) = kwargs {
            out.push_str(", **");
            self.spell(kwargs, depth - 1, out);
        }
        out.push(')');
    }

    fn spell_all(&self, edges: &[Edge], depth: u32, continued: bool, out: &mut String) {
        for (index, &edge) in edges.iter().enumerate() {
            if index > 0 || continued {
                out.push_str(", ");
            }
            if index == WIDTH {
                return out.push('…');
            }
            self.spell(edge, depth, out);
        }
    }
}

/// The beginning of a text that may be of any length.
fn shortened(mut text: String) -> String {
    if text.len() > CALL {
        let end = (0..=CALL).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
