//! Runs: what opcodes added to an object after it was made, in batches.

use super::arena::Graph;
use super::node::{Edge, NodeId};
use super::record::{NIL, Tag, partition};
use super::run::{Kept, KeptPlace, Run, RunIndex, RunKind};
use std::sync::Arc;

impl Graph {
    /// The batches that later opcodes added to an object, in order.
    pub fn runs(&self, id: NodeId) -> impl Iterator<Item = &Run> {
        self.runs_from(self.first_run(id))
    }

    /// The batches of all objects from the `first`-th on, each with the object that it was added to, in the order of the file.
    pub(crate) fn all_runs(&self, first: usize) -> impl Iterator<Item = (NodeId, &Run)> {
        self.runs.get(first..).unwrap_or_default().iter().map(|run| (NodeId(run.owner), run))
    }

    fn runs_from(&self, first: u32) -> impl Iterator<Item = &Run> {
        let mut next = first;
        std::iter::from_fn(move || {
            let run = self.runs.get(next as usize)?;
            next = run.next;
            Some(run)
        })
    }

    /// Offset of the first opcode that changed a node after it was made, if one did.
    #[must_use]
    pub fn first_change(&self, id: NodeId) -> Option<u64> {
        let first = self.first_run(id) as usize;
        self.runs.get(first).map(|run| self.run_offset(first, run.at))
    }

    pub(super) fn first_run(&self, id: NodeId) -> u32 {
        let record = &self.records[id.index()];
        match record.tag {
            Tag::List | Tag::Dict | Tag::Set | Tag::Call => record.b,
            _ => self.odd_runs.get(&id.0).copied().unwrap_or(NIL),
        }
    }

    /// The nodes that something was added to although nothing belongs in them: globals, numbers, tuples. In order.
    #[must_use]
    pub fn oddly_changed(&self) -> Vec<NodeId> {
        let mut owners: Vec<NodeId> = self.odd_runs.keys().map(|&owner| NodeId(owner)).collect();
        owners.sort_unstable();
        owners
    }

    /// The edges of a run.
    pub fn run_edges(&self, run: &Run) -> impl ExactSizeIterator<Item = Edge> + DoubleEndedIterator + Clone {
        self.edges[run.start as usize..run.start as usize + run.len as usize].iter().map(|&edge| Edge(edge))
    }

    /// The first edges of `kind`, when they are in one of an object's first runs. For whoever looks while runs are still
    /// added: it costs the same however many there are, and keeps nothing that a change would make wrong.
    pub(crate) fn first_added(&self, id: NodeId, kind: RunKind) -> impl Iterator<Item = Edge> {
        const RUNS: usize = 64;
        self.runs(id).take(RUNS).filter(move |run| run.kind == kind).flat_map(|run| self.run_edges(run))
    }

    /// What was added last, when it was of `kind`: all edges of that run.
    pub(crate) fn last_added(&self, id: NodeId, kind: RunKind) -> impl Iterator<Item = Edge> {
        let head = self.runs.get(self.first_run(id) as usize);
        let last = head.map(|head| &self.runs[head.tail as usize]).filter(|run| run.kind == kind);
        last.into_iter().flat_map(|run| self.run_edges(run))
    }

    /// What `put_together` leaves of the edges of an object: of its items, or of what was added to it as `kind`. It is asked once
    /// for each place. What is left comes first, then the values that were replaced. `None` when nothing is equal, and when there are too many or the budget for comparing is used up.
    pub(crate) fn kept(
        &self,
        place: KeptPlace,
        put_together: impl FnOnce(&[Edge], usize) -> Option<(Vec<Edge>, Vec<Edge>)>,
    ) -> Option<Arc<Kept>> {
        let (id, kind, _) = place;
        let stride = if kind == RunKind::Pairs { 2 } else { 1 };
        let is_frozen = matches!(self.records[id.index()].tag, Tag::Tuple | Tag::FrozenSet);
        let count = if is_frozen { self.items(id).len() as u64 } else { self.run_length(id, kind) };
        if count < 2 * stride {
            return None;
        }
        self.kept_of(place, count / stride, || {
            let edges: Vec<Edge> =
                if is_frozen { self.items(id).collect() } else { self.run_window(id, kind, 0).collect() };
            let (edges, replaced) = put_together(&edges, stride as usize)?;
            Some(Kept { dropped: (count - edges.len() as u64) / stride, edges, replaced })
        })
    }

    /// What `make` leaves of the `keys` of a place, asked once; `None` when there are too many or the budget for comparing is used
    /// up.
    pub(crate) fn kept_of(
        &self,
        place: KeptPlace,
        keys: u64,
        make: impl FnOnce() -> Option<Kept>,
    ) -> Option<Arc<Kept>> {
        /// Keys of one object. To look at more takes longer than whoever opens it should wait, and the first rows come from here.
        const MOST: u64 = 50_000;
        if keys > MOST {
            return None;
        }
        if let Some(found) = self.kept.borrow().found.get(&place) {
            return found.clone();
        }
        let left = self.kept.borrow().left.checked_sub(keys)?;
        self.kept.borrow_mut().left = left;
        let kept = make().map(Arc::new);
        // Millions of small dicts would fill it for nothing: it is only worth it where comparing took long.
        if kept.is_some() || keys > 32 {
            self.kept.borrow_mut().found.insert(place, kept.clone());
        }
        kept
    }

    /// Puts another edge in the place of the `item`-th of `kind`; gives the old one. `places` is kept by the caller from one time
    /// to the next: edges before a run, and the run, as far as they were looked up.
    pub(crate) fn replace_added(
        &mut self,
        id: NodeId,
        kind: RunKind,
        item: u64,
        edge: u32,
        places: &mut Vec<(u64, u32)>,
    ) -> Option<u32> {
        let (mut before, mut at) = match places.last() {
            Some(&(before, run)) => (before + u64::from(self.runs[run as usize].len), self.runs[run as usize].next),
            None => (0, self.first_run(id)),
        };
        while before <= item {
            let run = self.runs.get(at as usize)?;
            if run.kind == kind {
                places.push((before, at));
                before += u64::from(run.len);
            }
            at = run.next;
        }
        let (before, run) = places[places.partition_point(|&(before, _)| before <= item).checked_sub(1)?];
        let place = self.runs[run as usize].start as usize + usize::try_from(item - before).ok()?;
        if id.0 < self.journal.guarded {
            self.journal.edges.push((place, self.edges[place]));
        }
        Some(std::mem::replace(&mut self.edges[place], edge))
    }

    /// Number of edges in all runs of `kind`, counted on from where an earlier count came to; and where this one came to. More
    /// may be added to the last run, so it is counted anew.
    pub(crate) fn count_added(&self, id: NodeId, kind: RunKind, from: Option<(u32, u64)>) -> ((u32, u64), u64) {
        let (mut at, mut before) = from.filter(|&(run, _)| run != NIL).unwrap_or((self.first_run(id), 0));
        loop {
            let Some(run) = self.runs.get(at as usize) else { return ((at, before), before) };
            let here = if run.kind == kind { u64::from(run.len) } else { 0 };
            if run.next == NIL {
                return ((at, before), before + here);
            }
            before += here;
            at = run.next;
        }
    }

    /// Number of edges in all runs of `kind`.
    #[must_use]
    pub fn run_length(&self, id: NodeId, kind: RunKind) -> u64 {
        match self.run_index(id, kind) {
            Some(index) => index.last().map_or(0, |&(before, run)| before + u64::from(self.runs[run as usize].len)),
            None => self.runs(id).filter(|run| run.kind == kind).map(|run| u64::from(run.len)).sum(),
        }
    }

    /// The edges of all runs of `kind`, from the `skip`-th on; whole runs are stepped over, not walked.
    pub fn run_window(&self, id: NodeId, kind: RunKind, skip: u64) -> impl Iterator<Item = Edge> {
        let mut skip = skip;
        let index = self.run_index(id, kind).map(|index| {
            let at = index.partition_point(|&(before, _)| before <= skip).saturating_sub(1);
            skip -= index.get(at).map_or(0, |&(before, _)| before);
            (index, at)
        });
        // Among many runs of other kinds, too, only those that are asked for are passed.
        let (mut index, mut all) = (index, self.runs(id).filter(move |run| run.kind == kind));
        let runs = std::iter::from_fn(move || match &mut index {
            Some((index, at)) => {
                let &(_, run) = index.get(*at)?;
                *at += 1;
                self.runs.get(run as usize)
            }
            None => all.next(),
        });
        runs.flat_map(move |run| {
            let here = skip.min(u64::from(run.len));
            skip -= here;
            let (start, end) = (run.start as usize, run.start as usize + run.len as usize);
            // Not `skip` on the iterator: through `map` it would go over every edge before.
            self.edges[start + here as usize..end].iter().map(|&edge| Edge(edge))
        })
    }

    /// The first edge of `kind` that leads to `wanted`: how many stand before it. Edges to objects that were made where they
    /// stand are in the order of these; among them it is found by halves.
    pub(crate) fn position_in_runs(&self, id: NodeId, kind: RunKind, wanted: NodeId) -> Option<u64> {
        let mut before = 0;
        for run in self.runs(id).filter(|run| run.kind == kind) {
            let edges = &self.edges[run.start as usize..run.start as usize + run.len as usize];
            // Before it was made nothing refers to it.
            if let Some(at) = position_made(edges, wanted.0) {
                return Some(before + at as u64);
            }
            before += edges.len() as u64;
        }
        let mut all = self.runs(id).filter(|run| run.kind == kind).flat_map(|run| self.run_edges(run));
        all.position(|edge| edge.node() == wanted).map(|at| at as u64)
    }

    /// For an object with many runs: how many edges of `kind` stand before each run of that kind. Kept once made, since a
    /// window in the middle of a million runs must not walk half of them.
    fn run_index(&self, id: NodeId, kind: RunKind) -> Option<Arc<RunIndex>> {
        const MANY: usize = 64;
        let first = self.first_run(id);
        // Few runs are the rule, and there are no more than from the first to the last of the object.
        let last = self.runs.get(first as usize)?.tail;
        if ((last - first) as usize) < MANY {
            return None;
        }
        if let Some(known) = self.run_indices.borrow().get(&(id.0, kind)) {
            return Some(Arc::clone(known));
        }
        self.runs(id).nth(MANY)?;
        let (mut before, mut next, mut index) = (0, first, Vec::new());
        while let Some(run) = self.runs.get(next as usize) {
            if run.kind == kind {
                index.push((before, next));
                before += u64::from(run.len);
            }
            next = run.next;
        }
        let index = Arc::new(index);
        self.run_indices.borrow_mut().insert((id.0, kind), Arc::clone(&index));
        Some(index)
    }

    /// Offset of the last opcode that made or changed a node.
    #[must_use]
    pub fn last_offset(&self, id: NodeId) -> u64 {
        let first = self.first_run(id);
        self.runs.get(first as usize).map_or(self.offset(id), |head| {
            let tail = head.tail;
            self.run_offset(tail as usize, self.runs[tail as usize].last_at)
        })
    }

    /// Offsets of the opcodes of a run: of the first and of the last that added to it.
    #[must_use]
    pub fn run_offsets(&self, id: NodeId) -> Vec<(u64, u64)> {
        let mut next = self.first_run(id);
        let mut offsets = Vec::new();
        while let Some(run) = self.runs.get(next as usize) {
            offsets.push((self.run_offset(next as usize, run.at), self.run_offset(next as usize, run.last_at)));
            next = run.next;
        }
        offsets
    }

    fn run_offset(&self, index: usize, at: u32) -> u64 {
        let epoch = self.epochs.partition_point(|&(_, run)| run as usize <= index) as u64;
        epoch << 32 | u64::from(at)
    }

    /// The object that the opcode at `offset` added something to.
    #[must_use]
    pub fn changed_at(&self, offset: u64) -> Option<NodeId> {
        let after = partition(self.runs.len(), |i| self.run_offset(i, self.runs[i].at) <= offset);
        let index = after.checked_sub(1)?;
        let run = &self.runs[index];
        (offset <= self.run_offset(index, run.last_at)).then_some(NodeId(run.owner))
    }

    /// Adds `len` edges from `start` on to what an object was given. Batches that follow each other without a gap are one.
    pub(crate) fn add_run(&mut self, owner: u32, kind: RunKind, start: u32, len: u32, at: u64) {
        if owner < self.journal.guarded {
            self.remember(owner);
        }
        let at = at as u32;
        let record = &mut self.records[owner as usize];
        let head = match record.tag {
            Tag::List | Tag::Dict | Tag::Set | Tag::Call => &mut record.b,
            _ => self.odd_runs.entry(owner).or_insert(NIL),
        };
        let new = self.runs.len() as u32;
        if *head == NIL {
            *head = new;
        } else {
            let first = *head as usize;
            let tail = self.runs[first].tail as usize;
            let last = &mut self.runs[tail];
            // In another epoch the halves of the offsets would no longer belong together.
            let same_epoch = self.epochs.last().is_none_or(|&(_, run)| run as usize <= tail);
            if kind != RunKind::State && last.kind == kind && last.start + last.len == start && same_epoch {
                last.len += len;
                last.last_at = at;
                return;
            }
            last.next = new;
            self.runs[first].tail = new;
        }
        self.runs.push(Run { start, len, next: NIL, tail: new, owner, at, last_at: at, kind });
    }
}

/// Where an edge to an object stands that was made there, if such edges are in order. What is fetched among them is passed over.
fn position_made(edges: &[u32], wanted: u32) -> Option<usize> {
    let (mut low, mut high) = (0, edges.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let fetched = edges[middle..high].iter().take_while(|&&edge| edge & Edge::FETCHED != 0).count();
        let at = middle + fetched;
        match edges[..high].get(at).map(|edge| edge.cmp(&wanted)) {
            Some(std::cmp::Ordering::Equal) => return Some(at),
            Some(std::cmp::Ordering::Less) => low = at + 1,
            Some(std::cmp::Ordering::Greater) | None => high = middle,
        }
    }
    None
}
