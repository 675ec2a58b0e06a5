//! What an audit gives: findings with their evidence, imports, calls. Plain data.

use super::rules;
use super::{Capability, Level};
use crate::graph::NodeId;
use std::collections::HashMap;
use std::fmt;

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
/// One thing that was found, with its evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule's id, in kebab-case.
    pub rule: &'static str,
    /// How bad.
    pub level: Level,
    /// The rule in a few words.
    pub title: &'static str,
    /// One plain sentence about this very place.
    pub explanation: String,
    /// Module of the name that it is about, if it is about one.
    pub module: String,
    /// The name.
    pub name: String,
    /// Opcode that does it.
    pub opcode: &'static str,
    /// Offset of the opcode.
    pub offset: u64,
    /// Bytes of the instruction.
    pub length: u64,
    /// Offset of the first byte of what the opcode works on.
    pub start: u64,
    /// Which pickle, counted from 0.
    pub stream: usize,
    /// What happens, in the spelling of Python; shortened.
    pub call: String,
    /// The node, when it is one of the reading and not of a pickle inside it.
    pub node: Option<NodeId>,
    /// What the name can do.
    pub capability: Option<Capability>,
    /// How the name comes to be.
    pub how_named: HowNamed,
    /// What to do next.
    pub advice: &'static str,
}

impl Finding {
    /// Puts it where it is in the file, when it was found in a pickle inside another one, or in another reading.
    pub(super) fn moved(&mut self, place: impl Fn(u64) -> u64) {
        self.offset = place(self.offset);
        self.start = place(self.start);
        self.how_named.0.iter_mut().for_each(|step| {
            if let Step::At(offset) = step {
                *offset = place(*offset);
            }
        });
        self.node = None;
    }
}

/// How a name comes to be: where its texts stand, and what they go through.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HowNamed(Vec<Step>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    Words(String),
    /// An offset in the source.
    At(u64),
}

impl HowNamed {
    /// Words alone.
    pub(super) fn words(words: impl Into<String>) -> Self {
        Self(vec![Step::Words(words.into())])
    }

    /// Adds words.
    pub(super) fn say(&mut self, words: impl Into<String>) {
        self.0.push(Step::Words(words.into()));
    }

    /// Adds words about an offset: `constant at 12`.
    pub(super) fn say_at(&mut self, words: impl Into<String>, offset: u64) {
        self.say(words);
        self.0.push(Step::At(offset));
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Says that the offsets are those of a pickle that is nowhere in the file as it is.
    pub(super) fn of_pickle_inside(&mut self) {
        if self.0.iter().any(|step| matches!(step, Step::At(_))) {
            self.say(" of the pickle inside");
        }
    }
}

impl fmt::Display for HowNamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| match step {
            Step::Words(words) => f.write_str(words),
            Step::At(offset) => write!(f, " at {offset}"),
        })
    }
}

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

    /// The worst finding; of equals what is called before what is only named, then the earliest.
    #[must_use]
    pub fn worst(&self) -> Option<&Finding> {
        let is_call = |finding: &Finding| finding.rule == rules::dangerous_call::RULE.id;
        self.findings.iter().rev().max_by_key(|finding| (finding.level, is_call(finding)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_pickle_inside_are_those_of_the_file() {
        let mut how = HowNamed::default();
        how.say_at("memo 3", 45);
        how.say_at(", made", 12);
        how.say("; spelled x at 5.system");
        let mut finding = Finding {
            rule: "",
            level: Level::Dangerous,
            title: "",
            explanation: String::new(),
            module: String::new(),
            name: String::new(),
            opcode: "",
            offset: 50,
            length: 1,
            start: 12,
            stream: 0,
            call: String::new(),
            node: None,
            capability: None,
            how_named: how.clone(),
            advice: "",
        };
        finding.moved(|offset| offset + 100);
        assert_eq!((finding.offset, finding.start), (150, 112));
        assert_eq!(finding.how_named.to_string(), "memo 3 at 145, made at 112; spelled x at 5.system");
        how.of_pickle_inside();
        assert!(how.to_string().ends_with("x at 5.system of the pickle inside"));
        let mut computed = HowNamed::words("computed");
        computed.of_pickle_inside();
        assert_eq!(computed.to_string(), "computed");
    }
}
