//! What a finding shows: the bytes, the opcode, the call as Python spells it, how the name came to be.

use super::audit::Auditor;
use super::known::Known;
use super::meaning::{Meaning, Named};
use super::outcome::{CALLS, CallSite, Finding, HowNamed};
use super::rules::Rule;
use super::{Capability, Level};
use crate::graph::{CallKind, Edge, Node, NodeId, RunKind};
use crate::opcode::{Arg, Opcode, decode, index_line};

/// Characters of a call as Python spells it.
const CALL: usize = 400;
/// Arguments and items of it.
const WIDTH: usize = 12;
/// Calls inside calls of it.
const DEPTH: u32 = 5;

/// A finding before its evidence is gathered.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) node: Option<NodeId>,
    pub(super) offset: u64,
    /// Offset of the opcode that changes the node, when the finding is about that and not about what made it.
    pub(super) change: Option<u64>,
    pub(super) module: String,
    pub(super) name: String,
    pub(super) capability: Option<Capability>,
    pub(super) explanation: String,
    /// Instead of the node as Python spells it.
    pub(super) call: Option<String>,
}

impl Draft {
    /// About a place that is no node.
    pub(super) fn place(offset: u64) -> Self {
        Self { offset, ..Self::default() }
    }

    pub(super) fn at(node: NodeId) -> Self {
        Self { node: Some(node), ..Self::default() }
    }

    pub(super) fn named(node: NodeId, named: &Named) -> Self {
        Self::about(Some(node), 0, named)
    }

    pub(super) fn about(node: Option<NodeId>, offset: u64, named: &Named) -> Self {
        let capability = if let Known::Sink(capability) = named.known { Some(capability) } else { None };
        Self { node, offset, module: named.module.clone(), name: named.name.clone(), capability, ..Self::default() }
    }
}

impl Auditor<'_> {
    pub(super) fn finding(&self, rule: &'static Rule, level: Level, draft: Draft) -> Finding {
        let made = draft.node.map_or(draft.offset, |node| self.graph.offset(node));
        let offset = draft.change.unwrap_or(made);
        let (opcode, length) = self.instruction(offset);
        let how_named =
            draft.node.map_or_else(HowNamed::default, |node| self.how_named(node, &draft.module, &draft.name));
        Finding {
            rule: rule.id,
            level,
            title: rule.title,
            explanation: draft.explanation,
            module: draft.module,
            name: draft.name,
            opcode,
            offset,
            length,
            start: draft.node.map_or(offset, |node| self.graph.start(node)),
            stream: self.stream_of(offset),
            call: draft.call.or_else(|| draft.node.map(|node| self.spelled(node))).unwrap_or_default(),
            node: draft.node,
            capability: draft.capability,
            how_named,
            advice: rule.advice,
        }
    }

    /// Name and length of the instruction at an offset.
    fn instruction(&self, offset: u64) -> (&'static str, u64) {
        match decode(self.lens.source, offset, self.lens.limits) {
            Ok(instruction) => (instruction.opcode.info().name, instruction.end - offset),
            Err(_) => ("", 0),
        }
    }

    pub(super) fn stream_of(&self, offset: u64) -> usize {
        self.reading.streams.partition_point(|stream| stream.span.start <= offset).saturating_sub(1)
    }

    /// Whether the list of calls has room for more than what matters.
    pub(super) fn lists_calls(&self) -> bool {
        self.out.calls.len() < CALLS
    }

    /// Lists a call; its findings have been made.
    pub(super) fn list_call(&mut self, id: NodeId, level: Level) {
        self.out.call_count += 1;
        // Calls that matter have places of their own.
        if self.out.calls.len() >= CALLS && (level < Level::Suspicious || self.out.calls.len() >= 2 * CALLS) {
            return;
        }
        let offset = self.graph.offset(id);
        let stream = self.stream_of(offset);
        let Node::Call { kind, .. } = self.graph.node(id) else { return };
        self.out.calls.push(CallSite {
            offset,
            opcode: kind.opcode_name(),
            stream,
            text: self.spelled_call(id),
            level,
            discarded: self.discarded.contains(&id),
            node: id,
        });
    }

    /// A node in the spelling of Python; where a call comes to a name, that name.
    pub(super) fn spelled(&self, id: NodeId) -> String {
        let mut out = String::new();
        self.spell(Edge::to(id), DEPTH, &mut out);
        shortened(out)
    }

    /// A call in the spelling of Python, whatever it comes to.
    fn spelled_call(&self, id: NodeId) -> String {
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
            Node::Call { .. } => match self.meanings.get(&node) {
                // The name that the call comes to says more than the way to it.
                Some(Meaning::Named(named)) => out.push_str(&named.full()),
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

    /// Where the texts of a global's name stand.
    fn how_named(&self, id: NodeId, module: &str, name: &str) -> HowNamed {
        let node = match self.graph.node(id) {
            Node::Call { callee, .. } => callee.node(),
            _ => id,
        };
        match self.graph.node(node) {
            Node::Global(symbol) => {
                let symbol = self.graph.symbols.get(symbol);
                // What the call finds, and not what it is a call of.
                if !module.is_empty() && (symbol.module != module || symbol.name != name) {
                    return HowNamed::words("computed");
                }
                let mut how = self.where_named(node);
                if let Some((module, name)) = symbol.mapped_from() {
                    how.say(format!("; spelled {module}.{name}, which fix_imports maps"));
                }
                if symbol.name.contains('.') {
                    how.say("; dots are walked only under protocol 4 and above");
                }
                how
            }
            Node::ComputedGlobal { .. } | Node::Call { .. } => HowNamed::words("computed"),
            Node::Extension(_) => HowNamed::words("by the loading program"),
            _ => HowNamed::default(),
        }
    }

    fn where_named(&self, node: NodeId) -> HowNamed {
        /// Instructions between the first operand and STACK_GLOBAL that are told.
        const STEPS: usize = 8;
        let (mut at, end) = (self.graph.start(node), self.graph.offset(node));
        let (mut how, mut steps) = (HowNamed::default(), 0);
        while at < end && steps < STEPS {
            let Ok(instruction) = decode(self.lens.source, at, self.lens.limits) else { break };
            let comma = if steps > 0 { ", " } else { "" };
            at = instruction.end;
            match (instruction.opcode, &instruction.arg) {
                (Opcode::Get | Opcode::BinGet | Opcode::LongBinGet, arg) => {
                    self.memo_entry(arg, instruction.offset, comma, &mut how);
                }
                (opcode, Arg::Payload(_)) => how.say_at(format!("{comma}{}", opcode.info().name), instruction.offset),
                _ => continue,
            }
            steps += 1;
        }
        if how.is_empty() {
            how.say_at("constant", end);
        }
        how
    }

    fn memo_entry(&self, arg: &Arg, at: u64, comma: &str, how: &mut HowNamed) {
        let index = match *arg {
            Arg::Int(index) => u64::try_from(index).ok(),
            Arg::Payload(line) => self.bytes(line).and_then(|line| index_line(&line).ok()).map(|line| line.index),
            _ => None,
        };
        let Some(index) = index else { return how.say_at(format!("{comma}the memo"), at) };
        how.say_at(format!("{comma}memo {index}"), at);
        if let Some(edge) = self.reading.streams[self.stream_of(at)].memo.get(index) {
            how.say_at(", made", self.graph.offset(edge.node()));
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
