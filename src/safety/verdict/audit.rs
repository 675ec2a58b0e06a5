//! What an audit gives: the level, findings with their evidence, imports, calls. Plain data.

use super::super::finding::Finding;
use super::super::level::Level;
use super::super::names::Capability;
use crate::graph::NodeId;
use std::collections::HashMap;

/// What an audit found. Offsets are those of the source that was read.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// The highest level met. It says nothing of how far the reading went: see `partial`.
    pub level: Level,
    /// What was found, in the order of the file; at most [`FINDINGS`].
    pub findings: Vec<Finding>,
    /// Number of findings, those not kept included.
    pub finding_count: u64,
    /// The globals that the file names, judged, in the order of their first appearance; at most [`IMPORTS`].
    pub imports: Vec<Import>,
    /// What would be called, in order: the first [`CALLS`], and as many further ones that are at least suspicious.
    pub calls: Vec<CallSite>,
    /// Number of all calls.
    pub call_count: u64,
    /// Why the reading is not all of the file; empty when it is.
    pub partial: Vec<String>,
    pub(super) by_node: HashMap<NodeId, usize>,
}

/// Findings that are kept.
pub const FINDINGS: usize = 2000;
/// Imports that are kept.
pub const IMPORTS: usize = 10_000;
/// Calls that are kept.
pub const CALLS: usize = 2000;
/// A global that the file names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// Module as a Python 3 loader imports it.
    pub module: String,
    /// Qualified name.
    pub name: String,
    /// `module.name` as the file spells it, when `fix_imports` maps it to another.
    pub raw: Option<String>,
    /// Level of naming it.
    pub level: Level,
    /// Why, for reviewed and dangerous names.
    pub reason: String,
    /// What it can do.
    pub capability: Option<Capability>,
    /// Offset of the first opcode that names it.
    pub offset: u64,
}

/// A call that loading makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallSite {
    /// Offset of the opcode.
    pub offset: u64,
    /// Its name.
    pub opcode: &'static str,
    /// Which pickle, counted from 0.
    pub stream: usize,
    /// The call, in the spelling of Python; shortened.
    pub text: String,
    /// Level of the call, that of the name included.
    pub level: Level,
    /// Whether the result is thrown away.
    pub discarded: bool,
    /// The node of its result.
    pub node: NodeId,
}

impl Audit {
    /// The worst finding about a node.
    #[must_use]
    pub fn at(&self, node: NodeId) -> Option<&Finding> {
        self.findings.get(*self.by_node.get(&node)?)
    }
}
