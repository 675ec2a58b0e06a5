//! Going back to how a graph was: what looked like one more pickle may be none, and one that is read with the memo of the
//! pickle before it may have changed that one's objects before it stopped.

use super::arena::Graph;
use super::journal::{Before, Journal};
use super::node::NodeId;
use super::record::{NIL, Tag};

/// How things stood at a mark: the counts of what only grows, and the flags.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GraphMark {
    records: usize,
    edges: usize,
    runs: usize,
    symbols: usize,
    epochs: usize,
    far: usize,
    flags: [bool; 3],
}

impl Graph {
    /// How things stand.
    pub(crate) fn mark(&self) -> GraphMark {
        GraphMark {
            records: self.records.len(),
            edges: self.edges.len(),
            runs: self.runs.len(),
            symbols: self.symbols.len(),
            epochs: self.epochs.len(),
            far: self.far.len(),
            flags: [self.reaches_out, self.has_python2_text, self.has_buffers],
        }
    }

    /// From here on, what happens to the objects that are there can be undone.
    pub(crate) fn guard(&mut self) {
        self.journal.guarded = self.records.len() as u32;
    }

    /// What was done since [`Graph::guard`] stays.
    pub(crate) fn keep(&mut self) {
        self.journal = Journal::default();
    }

    /// Keeps how a watched object is before it is changed.
    #[cold]
    pub(super) fn remember(&mut self, owner: u32) {
        if self.journal.before.contains_key(&owner) {
            return;
        }
        let head = self.first_run(NodeId(owner));
        let last = self.runs.get(head as usize).map(|first| (first.tail, self.runs[first.tail as usize]));
        self.journal.before.insert(owner, Before { head, last });
    }

    /// Makes the graph what it was at a mark. When objects of before the mark were in reach, [`Graph::guard`] was called there.
    pub(crate) fn truncate(&mut self, mark: GraphMark) {
        let journal = std::mem::take(&mut self.journal);
        for (place, edge) in journal.edges.into_iter().rev() {
            self.edges[place] = edge;
        }
        for (owner, before) in journal.before {
            let record = &mut self.records[owner as usize];
            match record.tag {
                Tag::List | Tag::Dict | Tag::Set | Tag::Call => record.b = before.head,
                _ if before.head == NIL => drop(self.odd_runs.remove(&owner)),
                _ => drop(self.odd_runs.insert(owner, before.head)),
            }
            if let Some((tail, last)) = before.last {
                self.runs[before.head as usize].tail = tail;
                self.runs[tail as usize] = last;
            }
        }
        // A file of many pickles comes by here for each: only what grew since is looked at.
        if self.records.len() > mark.records {
            self.odd_runs.retain(|node, _| (*node as usize) < mark.records);
        }
        self.records.truncate(mark.records);
        self.edges.truncate(mark.edges);
        self.runs.truncate(mark.runs);
        self.run_indices.get_mut().clear();
        self.symbols.truncate(mark.symbols);
        self.epochs.truncate(mark.epochs);
        self.far.truncate(mark.far);
        [self.reaches_out, self.has_python2_text, self.has_buffers] = mark.flags;
    }
}
