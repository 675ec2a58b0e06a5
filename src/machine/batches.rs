//! What a pickle that is cut off holds of its last list or dict.
//!
//! Source: `Lib/pickle.py` (`_batch_appends`, `_batch_setitems`): containers are written a thousand items at a time, each batch
//! behind a MARK right above its container.

use super::problem::{Problem, ProblemKind};
use super::run::Machine;
use crate::graph::RunKind;
use crate::graph::{Edge, Node, NodeId};
use crate::opcode::Opcode;

/// Items, or pairs, of a batch (`_BATCHSIZE`).
const BATCH: u64 = 1000;

impl Machine<'_> {
    /// Adds what stands above open MARKs to the containers right below, where these have whole batches already: no pickler
    /// begins anything else there. What a tuple would take is left on the stack.
    pub(super) fn close_batches(&mut self) {
        while let Some(mark) = self.stack.pop_mark() {
            let Some(container) = mark.below.checked_sub(1).and_then(|index| self.stack.at(index)) else { return };
            let owner = NodeId(container & !Edge::FETCHED);
            let (kind, each) = match self.graph.node(owner) {
                Node::List => (RunKind::Items, 1),
                Node::Dict => (RunKind::Pairs, 2),
                _ => return,
            };
            let had = self.graph.run_length(owner, kind);
            let mut items: Vec<u32> = self.stack.above(mark).iter().map(|slot| slot.edge).collect();
            // A key whose value is missing stays where it is.
            items.truncate(items.len() / each * each);
            if had == 0 || !had.is_multiple_of(BATCH * each as u64) || items.is_empty() {
                return;
            }
            let (start, count) = (self.graph.edges.len() as u32, items.len() as u32);
            self.graph.edges.extend(&items);
            self.graph.add_run(owner.0, kind, start, count, mark.at);
            self.stack.remove(mark, items.len());
            let kind = ProblemKind::OpenBatch(u64::from(count) / each as u64);
            let problem = Problem { offset: mark.at, opcode: Some(Opcode::Mark), kind, fatal: false };
            self.problems.push(problem, self.limits.problems);
        }
    }
}
