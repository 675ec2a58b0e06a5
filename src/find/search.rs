//! A search: what is to be gone over, how far it has come, what was found.

use super::arrays::{ArrayPass, ElementPass};
use super::haystack::Context;
use super::hits::{Hit, Hits};
use super::nodes::NodePass;
use super::offsets::{self, OpcodePass};
use super::others::Others;
use super::pass::Pass;
use super::query::Query;
use super::raw::RawPass;
use super::roles::{Below, Roles};
use crate::bytes::Span;
use crate::document::{Document, ValuePlace};
use crate::graph::NodeId;
use crate::opcode::Opcode;
use crate::view::{FoundCount, FoundKind, FoundRow, shown};

/// Hits of one kind that are kept, unless somebody asks for another number.
const KEPT: u64 = 10_000;

/// What is gone over, in this order: what is small comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Phase {
    Below,
    Place,
    Roles,
    Others,
    Nodes,
    Arrays,
    Bytes,
    Elements,
    Near,
    Opcodes,
    Raw,
    Last,
    Done,
}

const PHASES: [Phase; 12] = [
    Phase::Below,
    Phase::Place,
    Phase::Roles,
    Phase::Others,
    Phase::Nodes,
    Phase::Arrays,
    Phase::Bytes,
    Phase::Elements,
    Phase::Near,
    Phase::Opcodes,
    Phase::Raw,
    Phase::Last,
];

/// A search in one document. The document has to be the same in every step.
pub struct Search {
    query: Query,
    phase: Phase,
    top: Option<NodeId>,
    below: Option<Below>,
    roles: Roles,
    others: Others,
    /// A search for what rounds to the number that is looked for.
    near: Option<Box<Search>>,
    nodes: NodePass,
    arrays: ArrayPass,
    elements: ElementPass,
    opcodes: OpcodePass,
    raw: RawPass,
    hits: Hits,
    remarks: Vec<String>,
}

/// What a step gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The hits that are new. In the order of the file, except that bytes, arrays and opcodes come after all else, and last what has no
    /// row of its own.
    pub hits: Vec<Hit>,
    /// How much of the work is done, and how much there is; more may turn up.
    pub progress: (u64, u64),
    /// Whether it was the last one.
    pub finished: bool,
}

impl Search {
    /// A search that has not begun, in everything or below a value.
    #[must_use]
    pub fn new(query: Query, below: Option<NodeId>) -> Self {
        let near = query.for_near().map(|query| Box::new(Self::new(query, below)));
        Self {
            query,
            phase: Phase::Below,
            top: below,
            below: None,
            roles: Roles::default(),
            others: Others::default(),
            near,
            nodes: NodePass::default(),
            arrays: ArrayPass::default(),
            elements: ElementPass::default(),
            opcodes: OpcodePass::default(),
            raw: RawPass::default(),
            hits: Hits::keeping(KEPT),
            remarks: Vec::new(),
        }
    }

    /// Keeps so many hits of each kind; others are only counted.
    #[must_use]
    pub fn keeping(mut self, most: u64) -> Self {
        self.hits = Hits::keeping(most);
        self
    }

    /// Reuses what an earlier search worked out about the same document, which does not depend on its query.
    #[must_use]
    pub fn knowing(mut self, before: Self) -> Self {
        (self.roles, self.others) = (before.roles, before.others);
        self
    }

    /// Leaves out bytes of the file that are searched as those of an entry. In order.
    #[must_use]
    pub fn without_bytes(mut self, spans: Vec<Span>) -> Self {
        self.raw = RawPass::without(spans);
        self
    }

    /// What is searched for.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Goes on for about so many bytes. Whoever has seen enough just does not go on.
    pub fn step(&mut self, document: &Document, budget: u64) -> Step {
        let mut budget = budget.max(1);
        while budget > 0 && self.phase != Phase::Done {
            if self.is_needed(self.phase) && !self.advance(document, &mut budget) {
                continue;
            }
            let next = PHASES.iter().position(|&phase| phase == self.phase).map_or(PHASES.len(), |at| at + 1);
            self.phase = PHASES.get(next).copied().unwrap_or(Phase::Done);
        }
        let mut hits = self.hits.take();
        for hit in &mut hits {
            // What the query itself names is found before it is known what stands where.
            let is_asked = hit.more.is_none() && hit.kind != FoundKind::Place;
            if let Some(node) = hit.node.filter(|_| is_asked) {
                hit.more = self.others.of(node);
            }
        }
        Step { hits, progress: self.progress(document), finished: self.phase == Phase::Done }
    }

    /// Hits of each kind so far, of kinds that have some.
    #[must_use]
    pub fn counts(&self) -> Vec<FoundCount> {
        FoundKind::ALL.map(|kind| self.hits.count(kind)).into_iter().filter(|count| count.count > 0).collect()
    }

    /// What else is to be said: why a path leads nowhere, which arrays could not be read.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        self.remarks.iter().cloned().chain(self.elements.remark()).chain(self.raw.remark()).collect()
    }

    /// A hit with its place in the tree, which is looked up here.
    #[must_use]
    pub fn row(document: &Document, hit: &Hit) -> FoundRow {
        let node = hit.node.or_else(|| Self::value_at(document, hit));
        let mut path = node.map_or_else(String::new, |node| document.path_to(node.0).0);
        if let Some(element) = &hit.element {
            path.push_str(&element.index);
        }
        let Context { before, matched, after } = hit.context.clone();
        let (more, more_at) = match (hit.more, hit.node) {
            // A value that stands twice in another one has but one path there.
            (Some((count, owner)), Some(node)) => (u64::from(count), document.path_in(owner, node)),
            _ => (0, String::new()),
        };
        let more_at = if more_at == path { String::new() } else { more_at };
        shown(FoundRow {
            kind: hit.kind,
            member: None,
            entry: String::new(),
            offset: hit.offset,
            node: node.map(|node| node.0),
            path,
            before,
            matched,
            after,
            count: hit.count,
            of: hit.element.as_ref().map(|element| element.of),
            at: hit.element.as_ref().map(|element| element.at.as_slice().into()).unwrap_or_default(),
            more,
            more_at,
        })
    }

    /// The value that bytes of the file belong to.
    fn value_at(document: &Document, hit: &Hit) -> Option<NodeId> {
        if hit.kind != FoundKind::Raw {
            return None;
        }
        let instruction = document.instruction_covering(hit.offset);
        let made = instruction.and_then(|found| document.reading().graph.made_at(found.offset));
        let value = made.or_else(|| document.value_covering(hit.offset))?;
        let is_shown = document.value_place(value) != ValuePlace::Nowhere;
        let import = || instruction.and_then(|found| Self::import_named_by(document, found.end));
        Some(if is_shown { value } else { import().unwrap_or(value) })
    }

    /// What a text names that STACK_GLOBAL takes at once, `at` the instruction behind it: the text itself is in no row.
    fn import_named_by(document: &Document, mut at: u64) -> Option<NodeId> {
        /// Instructions up to it: the other name, and where both are stored.
        const STEPS: usize = 4;
        for _ in 0..=STEPS {
            let instruction = document.instruction_covering(at)?;
            match instruction.opcode {
                Opcode::StackGlobal => return document.reading().graph.made_at(instruction.offset),
                Opcode::ShortBinUnicode
                | Opcode::BinUnicode
                | Opcode::Memoize
                | Opcode::BinPut
                | Opcode::LongBinPut => {
                    at = instruction.end;
                }
                _ => return None,
            }
        }
        None
    }

    fn is_needed(&self, phase: Phase) -> bool {
        let Query { kinds, matcher, bytes, comparison, dates, constant, offset, is_path, opcodes, .. } = &self.query;
        let texts = [FoundKind::Key, FoundKind::Attribute, FoundKind::Text];
        let names = [FoundKind::Import, FoundKind::Object];
        let (has_text, has_bytes) = (matcher.is_some(), matcher.is_some() || bytes.is_some());
        let is_of_numbers = (comparison.is_some() || dates.is_some()) && kinds.has(FoundKind::Number)
            || constant.is_some() && kinds.has(FoundKind::Constant);
        let is_of_bytes = has_bytes && kinds.has(FoundKind::Bytes);
        match phase {
            Phase::Below => self.top.is_some(),
            Phase::Place => offset.is_some() || *is_path,
            Phase::Roles => has_bytes && kinds.has_any(&texts),
            Phase::Others => has_text && kinds.has_any(&texts) || is_of_numbers,
            Phase::Nodes => {
                let is_in_line = has_text && kinds.has(FoundKind::Number);
                has_bytes && kinds.has_any(&texts) || has_text && kinds.has_any(&names) || is_of_numbers || is_in_line
            }
            Phase::Arrays => is_of_bytes || kinds.has(FoundKind::Element),
            Phase::Bytes => is_of_bytes,
            Phase::Elements => kinds.has(FoundKind::Element) && (has_bytes || comparison.is_some() || dates.is_some()),
            Phase::Opcodes => !opcodes.is_empty() && kinds.has(FoundKind::Opcode),
            Phase::Raw => bytes.is_some() && kinds.has(FoundKind::Raw),
            Phase::Near => self.near.is_some(),
            Phase::Last => true,
            Phase::Done => false,
        }
    }

    /// Goes on with the phase; whether it is over.
    fn advance(&mut self, document: &Document, budget: &mut u64) -> bool {
        let graph = &document.reading().graph;
        if self.phase == Phase::Below {
            let Some(top) = self.top else { return true };
            return self.below.get_or_insert_with(|| Below::new(graph, top)).step(graph, budget);
        }
        if self.phase == Phase::Roles {
            return self.roles.step(document.reading(), budget);
        }
        if self.phase == Phase::Others {
            return self.others.step(graph, budget);
        }
        let pass = Pass {
            document,
            lens: document.lens(),
            query: &self.query,
            roles: &self.roles,
            top: self.top,
            below: self.below.as_ref(),
        };
        match self.phase {
            Phase::Place => {
                self.remarks.extend(offsets::place(&pass, &mut self.hits));
                true
            }
            Phase::Nodes => self.nodes.step(&pass, &mut self.hits, budget),
            Phase::Arrays => {
                let is_done = self.arrays.step(&pass, budget);
                if is_done {
                    let found = std::mem::take(&mut self.arrays).finish();
                    self.nodes = NodePass::of_bytes(found.numbers.clone());
                    self.elements = ElementPass::new(found);
                }
                is_done
            }
            Phase::Bytes => {
                let is_done = self.nodes.step(&pass, &mut self.hits, budget);
                if is_done {
                    self.raw.count_in(std::mem::take(&mut self.nodes.left));
                }
                is_done
            }
            Phase::Elements => self.elements.step(&pass, &mut self.hits, budget),
            Phase::Opcodes => self.opcodes.step(&pass, &mut self.hits, budget),
            Phase::Near => self.step_near(document, budget),
            Phase::Last => {
                let others = &self.others;
                self.hits.end(|node| others.of(node).is_some());
                true
            }
            Phase::Raw => self.raw.step(&pass, &mut self.hits, budget),
            Phase::Below | Phase::Roles | Phase::Others | Phase::Done => true,
        }
    }

    /// Goes on with what rounds to the number; whether that is over.
    fn step_near(&mut self, document: &Document, budget: &mut u64) -> bool {
        let Some(near) = &mut self.near else { return true };
        near.hits.keep(self.hits.most());
        let step = near.step(document, *budget);
        *budget = 0;
        for hit in step.hits {
            self.hits.push(Hit { kind: FoundKind::Near, ..hit });
        }
        if step.finished {
            let unkept: u64 = near.counts().iter().map(|count| count.count - count.kept).sum();
            self.hits.count_unkept(FoundKind::Near, unkept);
        }
        step.finished
    }

    /// The work in bytes that are searched: the phases cost about that.
    fn progress(&self, document: &Document) -> (u64, u64) {
        let (size, nodes) = (document.source().len(), document.reading().graph.len() as u64);
        let (mut done, mut total) = (0, 0);
        for phase in PHASES.into_iter().filter(|&phase| self.is_needed(phase)) {
            let all = match phase {
                Phase::Below | Phase::Roles | Phase::Others | Phase::Arrays => nodes,
                Phase::Place | Phase::Last => 1,
                Phase::Near => self.near.as_ref().map_or(0, |near| near.progress(document).1),
                Phase::Nodes | Phase::Bytes | Phase::Opcodes | Phase::Raw => size,
                Phase::Elements => self.elements.total(),
                Phase::Done => 0,
            };
            let here = match phase {
                phase if phase < self.phase => all,
                phase if phase > self.phase => 0,
                Phase::Nodes | Phase::Bytes => self.reached(document),
                Phase::Arrays => self.arrays.reached(),
                Phase::Elements => self.elements.reached(),
                Phase::Opcodes => self.opcodes.reached,
                Phase::Raw => self.raw.reached,
                Phase::Near => self.near.as_ref().map_or(0, |near| near.progress(document).0),
                _ => 0,
            };
            total += all;
            done += here.min(all);
        }
        (done, total)
    }

    fn reached(&self, document: &Document) -> u64 {
        self.nodes.reached(&document.lens())
    }
}
