//! One pass over the nodes in the order of the file: texts, numbers, imports, objects; in another pass bytes.

use super::compare::{Comparison, Number};
use super::haystack::{Context, Feed, characters, is_as_it_stands};
use super::hits::Hits;
use super::matcher::Matcher;
use super::pass::Pass;
use super::raw::Payload;
use crate::bytes::{Source, Span, read_span};
use crate::graph::{Edge, Node, NodeId, Symbol, SymbolId, TextEncoding};
use crate::lens::{Lens, ScalarKind, Shape, ShapeKind, Value};
use crate::opcode::{self, Int};
use crate::view::{FoundKind, preview};
use std::borrow::Cow;

/// Bytes that are read at once. A longer payload is searched in pieces.
const PIECE: u64 = 1 << 20;
/// Bytes of a longer payload that are read at once: in a browser each read has a cost of its own.
const LONG_PIECE: u64 = 4 << 20;
/// What a node costs, in bytes that are searched, and what a text adds that is searched one by one.
const NODE: u64 = 4;
const UNPREPARED: u64 = 16;
/// What it costs to tell an object in a line.
const LINE: u64 = 200;
/// Bytes of an int that it is compared by: as many as have 4300 digits, and as a line with room for underscores.
const INT_BYTES: u64 = 1785;
const INT_LINE: u64 = 8700;

/// Hits that are ranked, and what one of them costs. To find its row takes a look at all that stand beside it.
const RANKED: u32 = 32;
const RANKING: u64 = 1 << 14;

/// Arguments of an object that are looked at, and values behind one among which the object is looked for that it belongs to.
const ARGUMENTS: usize = 8;
const AHEAD: u32 = 12;

/// What is known of a global.
struct SymbolFacts {
    context: Option<Context>,
    /// Whether its first argument is the class: `copyreg._reconstructor` and its kin.
    is_reconstructor: bool,
    /// Whether it makes a scalar of numpy.
    is_scalar: bool,
    /// Whether it was counted as an import.
    is_counted: bool,
}

/// A pass over the nodes.
#[derive(Default)]
pub(super) struct NodePass {
    next: u32,
    /// Whether bytes are searched instead of everything else.
    is_of_bytes: bool,
    /// Where bytes begin that are the numbers of an array; in order.
    pub(super) numbers: Vec<u64>,
    symbols: Option<Vec<SymbolFacts>>,
    uses: Vec<u64>,
    long: Option<Long>,
    /// Long bytes that the pass over the file counts in.
    pub(super) left: Vec<Payload>,
    /// Hits of which it was asked whether they have a row.
    ranked: u32,
}

/// A payload that is searched in pieces.
struct Long {
    id: NodeId,
    kind: FoundKind,
    at: u64,
    span: Span,
    feed: Feed,
}

/// A part of the file, and where in it a literal matches next.
struct Window<'s> {
    source: &'s dyn Source,
    span: Span,
    bytes: Cow<'s, [u8]>,
    searched_from: usize,
    candidate: usize,
}

impl<'s> Window<'s> {
    fn new(source: &'s dyn Source) -> Self {
        let bytes = Cow::Borrowed(&[][..]);
        Self { source, span: Span::default(), bytes, searched_from: 0, candidate: 0 }
    }

    /// The bytes of a span of at most a piece.
    fn get(&mut self, span: Span, budget: &mut u64) -> Option<&[u8]> {
        if span.start < self.span.start || span.end > self.span.end {
            let end = span.start.saturating_add(PIECE).min(self.source.len());
            self.span = Span::new(span.start.min(end), end);
            self.bytes = read_span(self.source, self.span).ok()?;
            (self.searched_from, self.candidate) = (1, 0);
            *budget = budget.saturating_sub(self.span.len());
        }
        self.bytes.get((span.start - self.span.start) as usize..(span.end.checked_sub(self.span.start)?) as usize)
    }

    /// Whether a literal matches somewhere within a span that was got: neighbours are searched at once.
    fn may_match(&mut self, span: Span, matcher: &Matcher) -> bool {
        let (start, end) = ((span.start - self.span.start) as usize, (span.end - self.span.start) as usize);
        if self.candidate < start || start < self.searched_from {
            self.searched_from = start;
            self.candidate = matcher.candidate(&self.bytes, start).unwrap_or(usize::MAX);
        }
        self.candidate < end
    }
}

/// What a step reads, finds and spends.
struct Work<'w, 's> {
    window: Window<'s>,
    hits: &'w mut Hits,
    budget: &'w mut u64,
}

impl Work<'_, '_> {
    fn get(&mut self, span: Span) -> Option<&[u8]> {
        self.window.get(span, self.budget)
    }

    fn spend(&mut self, cost: u64) {
        *self.budget = self.budget.saturating_sub(cost);
    }
}

impl NodePass {
    pub(super) fn of_bytes(numbers: Vec<u64>) -> Self {
        Self { is_of_bytes: true, numbers, ..Self::default() }
    }

    /// Offset that was reached.
    pub(super) fn reached(&self, lens: &Lens<'_>) -> u64 {
        match &self.long {
            Some(long) => long.at,
            None if (self.next as usize) < lens.graph.len() => lens.graph.offset(NodeId(self.next)),
            None => lens.source.len(),
        }
    }

    /// Goes over some more nodes; whether all were gone over.
    pub(super) fn step(&mut self, pass: &Pass<'_>, hits: &mut Hits, budget: &mut u64) -> bool {
        if self.symbols.is_none() && !self.is_of_bytes {
            let symbols: Vec<SymbolFacts> = pass.lens.graph.symbols.iter().map(|symbol| facts(symbol, pass)).collect();
            *budget = budget.saturating_sub(100 * symbols.len() as u64);
            if symbols.iter().any(|facts| facts.context.is_some()) {
                self.uses = pass.lens.graph.global_uses();
            }
            self.symbols = Some(symbols);
        }
        let mut work = Work { window: Window::new(pass.lens.source), hits, budget };
        while *work.budget > 0 {
            if self.long.is_some() {
                self.long_step(pass, &mut work);
                continue;
            }
            if self.next as usize >= pass.lens.graph.len() {
                return true;
            }
            let id = NodeId(self.next);
            self.next += 1;
            work.spend(NODE);
            if pass.is_in_scope(id) {
                self.look_at(id, pass, &mut work);
            }
        }
        false
    }

    fn look_at(&mut self, id: NodeId, pass: &Pass<'_>, work: &mut Work<'_, '_>) {
        let node = pass.lens.graph.node(id);
        if self.is_of_bytes {
            if let Node::Bytes(span) | Node::ByteArray(span) = node
                && self.numbers.binary_search(&span.start).is_err()
            {
                self.payload((id, FoundKind::Bytes), span, None, pass, work);
            }
            return;
        }
        match node {
            Node::Text { span, encoding } => {
                let kind = match id {
                    id if pass.roles.is_attribute(id) => FoundKind::Attribute,
                    id if pass.roles.is_key(id) => FoundKind::Key,
                    id if pass.roles.is_name_of_import(id) => return,
                    _ => FoundKind::Text,
                };
                if pass.query.kinds.has(kind) {
                    self.payload((id, kind), span, Some(encoding), pass, work);
                }
            }
            Node::Global(symbol) => self.import(id, symbol, pass, work.hits),
            Node::Call { callee, args, .. } => {
                if !self.call(id, callee, args, pass, work.hits) {
                    self.line(id, pass, work);
                }
                for hit in work.hits.release(parts(id, pass)) {
                    let is_later = hit.node.is_some_and(|node| self.is_internal(node, pass, work.budget));
                    work.hits.add_back(hit, is_later);
                }
            }
            Node::None | Node::Bool(_) => {
                if pass.wants(FoundKind::Constant) && pass.query.constant == Some(node) {
                    self.scalar(id, FoundKind::Constant, pass, work);
                }
            }
            _ => {
                if let Some(comparison) = pass.comparison()
                    && holds(comparison, node, work)
                {
                    self.scalar(id, FoundKind::Number, pass, work);
                }
            }
        }
    }

    fn scalar(&mut self, id: NodeId, kind: FoundKind, pass: &Pass<'_>, work: &mut Work<'_, '_>) {
        let text = || Context::whole(pass.lens.scalar(id, 60).map_or_else(String::new, |scalar| scalar.text));
        let offset = pass.lens.graph.offset(id);
        if may_be_argument(id, pass) {
            work.hits.hold(kind, offset, id, text(), 1);
        } else if self.is_internal(id, pass, work.budget) {
            work.hits.add_later(kind, offset, id, text(), 1);
        } else {
            work.hits.add(kind, offset, Some(id), text, 1);
        }
    }

    /// Whether a value belongs to the way another one is pickled, and has no row of its own. Of many hits it is asked of the first.
    fn is_internal(&mut self, id: NodeId, pass: &Pass<'_>, budget: &mut u64) -> bool {
        if self.ranked == RANKED {
            return false;
        }
        self.ranked += 1;
        *budget = budget.saturating_sub(RANKING);
        pass.document.is_internal(id)
    }

    fn payload(
        &mut self,
        (id, kind): (NodeId, FoundKind),
        span: Span,
        encoding: Option<TextEncoding>,
        pass: &Pass<'_>,
        work: &mut Work<'_, '_>,
    ) {
        // A `str` of Python 2 may be bytes.
        let is_bytes = encoding.is_none_or(|encoding| encoding == TextEncoding::Python2);
        let of_bytes = pass.query.bytes.as_ref().filter(|_| is_bytes);
        let Some(matcher) = pass.query.matcher.as_ref().or(of_bytes) else { return };
        let encoding = encoding.filter(|_| of_bytes.is_none() || pass.query.matcher.is_some());
        if span.len() > PIECE {
            if encoding.is_none() && self.is_gone_over_anyway(span, pass) {
                self.left.push(Payload::new(id, span));
                return;
            }
            self.long = Some(Long { id, kind, at: span.start, span, feed: Feed::new(encoding) });
            return;
        }
        let Some(payload) = work.get(span) else { return };
        if matcher.is_literal() && encoding.is_none_or(|encoding| is_as_it_stands(encoding, payload, matcher)) {
            if !work.window.may_match(span, matcher) {
                return;
            }
        } else {
            work.spend(UNPREPARED);
        }
        let Work { window, hits, budget } = work;
        let Some(payload) = window.get(span, budget) else { return };
        let hay = encoding.map_or(Cow::Borrowed(payload), |encoding| characters(encoding, payload));
        let Some(first) = matcher.find(&hay, 0) else { return };
        let (mut count, mut from) = (1, first.end.max(first.start + 1));
        while let Some(next) = matcher.find(&hay, from) {
            count += 1;
            from = next.end.max(next.start + 1);
        }
        let context = || Context::of(&hay, &first, false);
        let offset = pass.lens.graph.offset(id);
        // Keys and names of attributes have the rows of their values.
        if kind == FoundKind::Text && may_be_argument(id, pass) {
            hits.hold(kind, offset, id, context(), count);
        } else if matches!(kind, FoundKind::Text | FoundKind::Bytes) && self.is_internal(id, pass, budget) {
            hits.add_later(kind, offset, id, context(), count);
        } else {
            hits.add(kind, offset, Some(id), context, count);
        }
    }

    /// Whether the pass over the bytes of the file comes to a payload, so that it can count in it.
    fn is_gone_over_anyway(&self, span: Span, pass: &Pass<'_>) -> bool {
        let is_in_order = self.left.last().is_none_or(|before| before.span.end <= span.start);
        is_in_order && pass.top.is_none() && pass.query.matcher.is_none() && pass.wants(FoundKind::Raw)
    }

    fn long_step(&mut self, pass: &Pass<'_>, work: &mut Work<'_, '_>) {
        let (Some(long), Some(matcher)) = (&mut self.long, pass.query.matcher.as_ref().or(pass.query.bytes.as_ref()))
        else {
            self.long = None;
            return;
        };
        let piece = Span::new(long.at, long.span.end).prefix(LONG_PIECE);
        work.spend(piece.len());
        let bytes = read_span(pass.lens.source, piece).unwrap_or_default();
        let is_last = piece.end == long.span.end || bytes.is_empty();
        long.feed.next(&bytes, is_last, matcher);
        long.at = piece.end;
        if !is_last {
            return;
        }
        if let Some(Long { id, kind, feed, .. }) = self.long.take()
            && let Some(first) = feed.first
        {
            work.hits.add(kind, pass.lens.graph.offset(id), Some(id), || first, feed.count);
        }
    }

    /// A global counts once, however often the file names it.
    fn import(&mut self, id: NodeId, symbol: SymbolId, pass: &Pass<'_>, hits: &mut Hits) {
        let Some(facts) = self.symbols.as_mut().and_then(|all| all.get_mut(symbol.0 as usize)) else { return };
        if let Some(context) = facts.context.as_ref().filter(|_| !facts.is_counted && pass.wants(FoundKind::Import)) {
            facts.is_counted = true;
            let uses = self.uses.get(symbol.0 as usize).copied().unwrap_or(1);
            hits.add(FoundKind::Import, pass.lens.graph.offset(id), Some(id), || context.clone(), uses);
        }
    }

    /// A call whose class, or whose number, is what is looked for; whether it is.
    fn call(&self, id: NodeId, callee: Edge, args: Edge, pass: &Pass<'_>, hits: &mut Hits) -> bool {
        let graph = pass.lens.graph;
        let facts = |edge: Edge| match graph.node(edge.node()) {
            Node::Global(symbol) => self.symbols.as_ref()?.get(symbol.0 as usize),
            _ => None,
        };
        let Some(called) = facts(callee) else { return false };
        if called.is_scalar
            && let Some(comparison) = pass.comparison()
            && let Some((dtype, bytes)) = pass.lens.numpy_scalar_bytes(id)
            && let Some(number) = dtype.number(&bytes)
        {
            let comparison = comparison.in_precision_of(&dtype);
            let holds = match number {
                Value::Float(value) => comparison.holds_for(value),
                Value::Integer(value) => comparison.holds_for_int(value),
            };
            if holds {
                let text = || Context::whole(dtype.element_text(&bytes, 60));
                hits.add(FoundKind::Number, graph.offset(id), Some(id), text, 1);
                return true;
            }
        }
        if !pass.wants(FoundKind::Object) {
            return false;
        }
        let class = if called.is_reconstructor { graph.items(args.node()).next().and_then(facts) } else { None };
        if let Some(context) = &class.unwrap_or(called).context {
            hits.add(FoundKind::Object, graph.offset(id), Some(id), || context.clone(), 1);
            return true;
        }
        false
    }

    /// An object that its row tells in a line: a date, a fraction, a path.
    fn line(&mut self, id: NodeId, pass: &Pass<'_>, work: &mut Work<'_, '_>) {
        work.spend(LINE);
        let shape = pass.lens.shape(id);
        let Some(text) = &shape.text else { return self.summary(id, &shape, pass, work) };
        let kind = match shape.kind {
            ShapeKind::Scalar(ScalarKind::Number) => FoundKind::Number,
            _ => FoundKind::Object,
        };
        if !pass.wants(kind) {
            return;
        }
        let is_number = || {
            let holds = |comparison: &Comparison| match Number::parse(text) {
                Some(number) => comparison.holds_for_number(&number),
                None => text == "NaT" && comparison.asks_for_missing(),
            };
            (kind == FoundKind::Number || text == "NaT") && pass.query.comparison.as_ref().is_some_and(holds)
        };
        let context = match pass.query.find_in_line(text) {
            Some(found) => Context::of(text.as_bytes(), &found, false),
            None if is_number() => Context::whole(text.clone()),
            None => return,
        };
        let offset = pass.lens.graph.offset(id);
        if matches!(shape.kind, ShapeKind::Scalar(_)) {
            work.hits.tell_whole(parts(id, pass));
        }
        if self.is_internal(id, pass, work.budget) {
            work.hits.add_later(kind, offset, id, context, 1);
        } else {
            work.hits.add(kind, offset, Some(id), || context, 1);
        }
    }

    /// An object whose row says how much is in it: `Pipeline 3 steps`. Looked for by several words only.
    fn summary(&mut self, id: NodeId, shape: &Shape, pass: &Pass<'_>, work: &mut Work<'_, '_>) {
        let is_of_words = pass.query.text().trim().contains(' ');
        if !is_of_words || !pass.wants(FoundKind::Object) || shape.kind != ShapeKind::Instance {
            return;
        }
        let parts = preview::preview(&pass.lens, id, shape).into_iter().map(|part| part.text);
        let row = std::iter::once(shape.type_name.clone()).chain(parts).collect::<Vec<_>>().join(" ");
        if let Some(found) = pass.query.find_in_line(&row) {
            let context = || Context::of(row.as_bytes(), &found, false);
            work.hits.add(FoundKind::Object, pass.lens.graph.offset(id), Some(id), context, 1);
        }
    }
}

/// The arguments that an object is made of, but for those that are objects themselves.
fn parts<'p>(id: NodeId, pass: &'p Pass<'_>) -> impl Iterator<Item = NodeId> + 'p {
    let graph = pass.lens.graph;
    let args = if let Node::Call { args, .. } = graph.node(id) { Some(args.node()) } else { None };
    let items = args.into_iter().flat_map(move |args| graph.items(args).take(ARGUMENTS)).map(Edge::node);
    items.filter(move |item| !matches!(graph.node(*item), Node::Call { .. }))
}

/// Whether a value is an argument of a call that comes soon after it.
fn may_be_argument(id: NodeId, pass: &Pass<'_>) -> bool {
    let graph = pass.lens.graph;
    let last = id.0.saturating_add(AHEAD).min(graph.len().saturating_sub(1) as u32);
    (id.0 + 1..=last).map(NodeId).any(|next| parts(next, pass).any(|part| part == id))
}

fn facts(symbol: &Symbol, pass: &Pass<'_>) -> SymbolFacts {
    let context = pass.query.matcher.as_ref().and_then(|matcher| {
        let spelled = symbol.mapped_from().map(|(module, name)| format!("{module}.{name}"));
        let names = std::iter::once(format!("{}.{}", symbol.module, symbol.name)).chain(spelled);
        names.into_iter().find_map(|name| {
            // A name is a whole one by itself, too, and so is its module.
            let parts = name.rsplit_once('.').filter(|_| pass.query.is_whole).map(|(module, name)| [module, name]);
            let is_part =
                || parts.is_some_and(|parts| parts.iter().any(|part| matcher.find(part.as_bytes(), 0).is_some()));
            match matcher.find(name.as_bytes(), 0) {
                Some(found) => Some(Context::of(name.as_bytes(), &found, false)),
                None => is_part().then(|| Context::whole(name.clone())),
            }
        })
    });
    let is_reconstructor =
        symbol.module == "copyreg" && matches!(symbol.name.as_str(), "_reconstructor" | "__newobj__" | "__newobj_ex__");
    let is_scalar = symbol.name == "scalar" && symbol.module.starts_with("numpy.");
    SymbolFacts { context, is_reconstructor, is_scalar, is_counted: false }
}

/// Whether a comparison holds for a number of the graph. Truth values do not count as numbers.
fn holds(comparison: &Comparison, node: Node, work: &mut Work<'_, '_>) -> bool {
    let int = match node {
        Node::Int(value) => return comparison.holds_for_int(i128::from(value)),
        Node::Float(value) => return comparison.holds_for(value),
        Node::LongBinary(span) if span.len() <= INT_BYTES => work.get(span).map(opcode::long_bytes),
        Node::LongText(span) if span.len() <= INT_LINE => {
            work.get(span).and_then(|line| opcode::long_line(line).ok()).map(|read| read.value)
        }
        _ => None,
    };
    match int {
        Some(Int::Small(value)) => comparison.holds_for_int(i128::from(value)),
        Some(Int::Big(value)) => comparison.holds_for_big(&value),
        Some(Int::Bool(_)) | None => false,
    }
}
