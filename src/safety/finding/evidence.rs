//! What a finding shows: the bytes, the opcode, the call as Python spells it, how the name came to be.

use super::found::{Finding, HowNamed};
use super::rule::Rule;
use crate::graph::{Node, NodeId};
use crate::opcode::{Arg, Opcode, decode, index_line};
use crate::safety::facts::Facts;
use crate::safety::level::Level;
use crate::safety::names::{Capability, Known};
use crate::safety::values::GlobalRef;

/// A finding before its evidence is gathered.
#[derive(Default)]
pub(in crate::safety) struct Draft {
    pub(in crate::safety) node: Option<NodeId>,
    pub(in crate::safety) offset: u64,
    /// Offset of the opcode that changes the node, when the finding is about that and not about what made it.
    pub(in crate::safety) change: Option<u64>,
    pub(in crate::safety) module: String,
    pub(in crate::safety) name: String,
    pub(in crate::safety) capability: Option<Capability>,
    pub(in crate::safety) explanation: String,
    /// Instead of the node as Python spells it.
    pub(in crate::safety) call: Option<String>,
}

impl Draft {
    /// About a place that is no node.
    pub(in crate::safety) fn place(offset: u64) -> Self {
        Self { offset, ..Self::default() }
    }

    pub(in crate::safety) fn at(node: NodeId) -> Self {
        Self { node: Some(node), ..Self::default() }
    }

    pub(in crate::safety) fn named(node: NodeId, named: &GlobalRef) -> Self {
        Self::about(Some(node), 0, named)
    }

    pub(in crate::safety) fn about(node: Option<NodeId>, offset: u64, named: &GlobalRef) -> Self {
        let capability = if let Known::Sink(capability) = named.known { Some(capability) } else { None };
        Self { node, offset, module: named.module.clone(), name: named.name.clone(), capability, ..Self::default() }
    }
}

impl Facts<'_> {
    /// A finding with its evidence.
    pub(in crate::safety) fn finding(&self, rule: &'static Rule, level: Level, draft: Draft) -> Finding {
        let made = draft.node.map_or(draft.offset, |node| self.graph.offset(node));
        let offset = draft.change.unwrap_or(made);
        let (opcode, length) = self.instruction(offset);
        let how_named =
            draft.node.map_or_else(HowNamed::default, |node| self.how_named(node, &draft.module, &draft.name));
        Finding {
            rule,
            level,
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
        }
    }

    /// Name and length of the instruction at an offset.
    fn instruction(&self, offset: u64) -> (&'static str, u64) {
        match decode(self.lens.source, offset, self.lens.limits) {
            Ok(instruction) => (instruction.opcode.info().name, instruction.end - offset),
            Err(_) => ("", 0),
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
        if let Some(edge) = self.reading.memo(self.stream_of(at)).get(index) {
            how.say_at(", made", self.graph.offset(edge.node()));
        }
    }
}
