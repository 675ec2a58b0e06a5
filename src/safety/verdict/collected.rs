//! Findings while passes make them: of many that are alike the first are kept, of more than can be kept the worst.

use super::audit::{Audit, CALLS, CallSite, FINDINGS};
use crate::bytes::sorting;
use crate::graph::{Node, NodeId};
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Finding, Rule};
use crate::safety::level::Level;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Findings of one rule about one name; further ones are counted.
pub(in crate::safety) const ALIKE: u32 = 20;

/// What was found so far.
#[derive(Default)]
pub(in crate::safety) struct Findings {
    pub(in crate::safety) out: Audit,
    /// Level of each node that something was found about.
    raised: HashMap<NodeId, Level>,
    /// Level of the least finding that is kept, once the list is full.
    least_kept: Level,
    /// How many findings there were of a rule, a level and a name, by their hash.
    alike: HashMap<u64, u32>,
}

impl Findings {
    /// Records a finding.
    pub(in crate::safety) fn find(&mut self, facts: &Facts<'_>, rule: &'static Rule, level: Level, draft: Draft) {
        self.count(level);
        if let Some(node) = draft.node
            && self.lists_calls()
        {
            let raised = self.raised.entry(node).or_default();
            *raised = level.max(*raised);
        }
        let count = self.alike.entry(alike_key(rule, level, &draft)).or_default();
        *count += 1;
        if *count <= ALIKE && self.has_room(level) {
            self.keep(facts.finding(rule, level, draft));
        }
    }

    /// Takes over what was found in a pickle inside this one.
    pub(in crate::safety) fn adopt(&mut self, finding: Finding) {
        self.count(finding.level);
        if self.has_room(finding.level) {
            self.keep(finding);
        }
    }

    /// Counts one that is not kept.
    pub(in crate::safety) fn count(&mut self, level: Level) {
        self.out.level = self.out.level.max(level);
        self.out.finding_count += 1;
    }

    /// Whether a finding of that level is kept. When the list is full, worse ones take the place of lesser ones: a file
    /// could be full of small things to hide a great one.
    pub(in crate::safety) fn has_room(&self, level: Level) -> bool {
        self.out.findings.len() < FINDINGS || level > self.least_kept
    }

    fn keep(&mut self, finding: Finding) {
        let findings = &mut self.out.findings;
        if findings.len() < FINDINGS {
            return findings.push(finding);
        }
        let least =
            findings.iter().enumerate().min_by_key(|(_, kept)| kept.level).map(|(index, kept)| (index, kept.level));
        let Some((index, level)) = least else { return };
        self.least_kept = level;
        if finding.level > level {
            findings[index] = finding;
        }
    }

    /// The level that was found for a node.
    pub(in crate::safety) fn level_of(&self, node: NodeId) -> Level {
        self.raised.get(&node).copied().unwrap_or_default()
    }

    /// Whether the list of calls has room for more than what matters.
    pub(in crate::safety) fn lists_calls(&self) -> bool {
        self.out.calls.len() < CALLS
    }

    /// Lists a call; its findings have been made.
    pub(in crate::safety) fn list_call(&mut self, facts: &Facts<'_>, id: NodeId, level: Level) {
        self.out.call_count += 1;
        // Calls that matter have places of their own.
        if self.out.calls.len() >= CALLS && (level < Level::Suspicious || self.out.calls.len() >= 2 * CALLS) {
            return;
        }
        let offset = facts.graph.offset(id);
        let Node::Call { kind, .. } = facts.graph.node(id) else { return };
        self.out.calls.push(CallSite {
            offset,
            opcode: kind.opcode_name(),
            stream: facts.stream_of(offset),
            text: facts.spelled_call(id),
            level,
            discarded: facts.discarded.contains(&id),
            node: id,
        });
    }

    /// Says why not everything was judged.
    pub(in crate::safety) fn partial(&mut self, why: impl Into<String>) {
        self.out.partial.push(why.into());
    }

    /// The audit, when all passes are done.
    pub(in crate::safety) fn finish(self) -> Audit {
        let Self { mut out, raised, .. } = self;
        for call in &mut out.calls {
            call.level = call.level.max(raised.get(&call.node).copied().unwrap_or_default());
        }
        sorting::by_key(&mut out.findings, |finding| finding.offset);
        for (index, finding) in out.findings.iter().enumerate() {
            let Some(node) = finding.node else { continue };
            let best = out.by_node.entry(node).or_insert(index);
            if out.findings[*best].level < finding.level {
                *best = index;
            }
        }
        out
    }
}

fn alike_key(rule: &Rule, level: Level, draft: &Draft) -> u64 {
    let mut hasher = DefaultHasher::new();
    (rule.id, level, &draft.module, &draft.name).hash(&mut hasher);
    hasher.finish()
}
