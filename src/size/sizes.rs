//! The sizes of everything in one document.

use super::account::{Account, Outside, RestKind};
use super::dominators::{Dominators, Held, NONE, Network};
use crate::document::{Document, Root};
use crate::graph::{Graph, NodeId};
use std::cmp::Reverse;

/// Bytes of columns that a node needs while the holders are worked out: its number and eight facts of it.
const WORK: u64 = 4 * 9 + 8;

/// Own and retained sizes of a document's values, and of what they refer to outside the pickles.
///
/// Values go by the number of their node; numbers from [`Sizes::values`] on are those of [`Sizes::outside`].
#[derive(Debug)]
pub struct Sizes {
    account: Account,
    values: u32,
    dominators: Dominators,
    held: Held,
    retained: Vec<u64>,
}

/// The graph with what it refers to.
struct Everything<'a> {
    graph: &'a Graph,
    referring: &'a [(u32, u32)],
    outside: u32,
}

impl Network for Everything<'_> {
    fn len(&self) -> u32 {
        self.graph.len() as u32 + self.outside
    }

    fn successors(&self, node: u32, out: &mut Vec<u32>) {
        let values = self.graph.len() as u32;
        if node >= values {
            return;
        }
        out.extend(self.graph.children(NodeId(node)).map(|edge| edge.node().0));
        let first = self.referring.partition_point(|&(from, _)| from < node);
        let own = self.referring[first..].iter().take_while(|&&(from, _)| from == node);
        out.extend(own.map(|&(_, outside)| values + outside));
    }
}

impl Sizes {
    /// Measures a document: once over its instructions, once over its graph.
    ///
    /// # Errors
    /// When there are more values than the budget for memory lets it hold columns of.
    pub fn of(document: &Document) -> Result<Self, String> {
        let graph = &document.reading().graph;
        let needed = (graph.len() as u64).saturating_mul(WORK);
        if needed > document.limits().memory {
            return Err(format!(
                "{} values are too many to be measured: that takes {needed} bytes of memory, the limit is {}",
                graph.len(),
                document.limits().memory
            ));
        }
        let account = Account::of(document);
        let everything = Everything { graph, referring: &account.referring, outside: account.outside.len() as u32 };
        let dominators = Dominators::of(&everything, roots(document).into_iter());
        let retained = dominators.sums(|node| account.own.get(node));
        let held = Held::of(&dominators);
        Ok(Self { values: graph.len() as u32, account, dominators, held, retained })
    }

    /// Number of values; the first number of what is outside.
    #[must_use]
    pub fn values(&self) -> u32 {
        self.values
    }

    /// Number of values and of what they refer to outside the pickles.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.retained.len() as u32
    }

    /// Whether the document has no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.retained.is_empty()
    }

    /// Bytes of a value alone: its opcode with the payload, the opcodes that changed it, its numbers behind a wrapper.
    #[must_use]
    pub fn own(&self, node: u32) -> u64 {
        self.account.own.get(node)
    }

    /// Bytes of a value and of everything that only it holds.
    #[must_use]
    pub fn retained(&self, node: u32) -> u64 {
        self.retained[node as usize]
    }

    /// The value that holds another; `None` for what nothing holds but the file.
    #[must_use]
    pub fn holder(&self, node: u32) -> Option<u32> {
        Some(self.dominators.holder(node)).filter(|&holder| holder != NONE)
    }

    /// All values, each behind its holder.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        self.dominators.order()
    }

    /// What a value holds directly; without one, what only the file holds.
    #[must_use]
    pub fn held_by(&self, holder: Option<u32>) -> &[u32] {
        self.held.by(holder.unwrap_or(NONE))
    }

    /// The largest of those, at most `count`, largest first; of equal ones the earlier.
    #[must_use]
    pub fn largest(&self, holder: Option<u32>, count: usize) -> Vec<u32> {
        let key = |&node: &u32| (Reverse(self.retained(node)), node);
        let mut nodes = self.held_by(holder).to_vec();
        if nodes.len() > count {
            nodes.select_nth_unstable_by_key(count, key);
            nodes.truncate(count);
        }
        nodes.sort_unstable_by_key(key);
        nodes
    }

    /// What values refer to outside the pickles.
    #[must_use]
    pub fn outside(&self) -> &[Outside] {
        &self.account.outside
    }

    /// The outside bytes of a number.
    #[must_use]
    pub fn outside_of(&self, node: u32) -> Option<&Outside> {
        self.account.outside.get(node.checked_sub(self.values)? as usize)
    }

    /// Bytes of the file that belong to no value.
    #[must_use]
    pub fn rest(&self, kind: RestKind) -> u64 {
        self.account.rest_of(kind)
    }

    /// Size of the document's own bytes.
    #[must_use]
    pub fn file(&self) -> u64 {
        self.account.file
    }

    /// Bytes beside them that its values refer to, or that came with it.
    #[must_use]
    pub fn beside(&self) -> u64 {
        self.account.beside
    }

    /// Everything together: what shares are shares of.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.file().saturating_add(self.beside())
    }
}

/// What the file makes and leaves: the values of its pickles, what is on the stack, what was thrown away. The memo is not
/// counted as a holder; what only it knows hangs on the file.
fn roots(document: &Document) -> Vec<u32> {
    let reading = document.reading();
    let mut roots = Vec::new();
    for root in document.roots() {
        match *root {
            Root::Pickle { value, .. } => roots.extend(value.map(|edge| edge.node().0)),
            Root::Stack { stream } => roots.extend(reading.streams[stream].leftover.iter().map(|edge| edge.node().0)),
            Root::Discarded { stream } => roots.extend(reading.streams[stream].discarded.iter().map(|node| node.0)),
            Root::Memo { .. } | Root::Storages | Root::Trailing(_) => {}
        }
    }
    roots
}
