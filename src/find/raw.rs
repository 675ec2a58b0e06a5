//! The bytes of the document themselves, whatever they are for: a pass in windows, whose matches may lie on both sides of an end.
//! Long bytes objects are not gone over twice: what lies within one of them is counted as a hit of it, too.

use super::haystack::{AFTER, BEFORE, Context};
use super::hits::Hits;
use super::matcher::Matcher;
use super::pass::Pass;
use crate::bytes::{Span, read_span};
use crate::graph::NodeId;
use crate::view::FoundKind;
use std::ops::Range;

/// Bytes that are read at once: in a browser each read has a cost of its own.
pub(super) const PIECE: u64 = 4 << 20;

/// A pass over the bytes.
#[derive(Default)]
pub(super) struct RawPass {
    /// Where it goes on; nothing before the first step.
    next: Option<u64>,
    pub(super) reached: u64,
    unread: Option<String>,
    /// Bytes that are searched elsewhere.
    left_out: Vec<Span>,
    /// Bytes objects whose matches are counted here, in order, and the number of those that are done.
    payloads: Vec<Payload>,
    done: usize,
    /// Where the last match that counts as one of the file ends.
    taken: u64,
}

/// A bytes object, and what of it was found.
pub(super) struct Payload {
    pub(super) node: NodeId,
    pub(super) span: Span,
    first: Option<Context>,
    count: u64,
}

impl Payload {
    pub(super) fn new(node: NodeId, span: Span) -> Self {
        Self { node, span, first: None, count: 0 }
    }
}

/// A part of the file that was read.
struct Window<'b> {
    bytes: &'b [u8],
    start: u64,
}

impl Window<'_> {
    fn offsets(&self, found: &Range<usize>) -> Span {
        Span::new(self.start + found.start as u64, self.start + found.end as u64)
    }

    /// What is around a match, within a span of the file.
    fn context(&self, found: &Range<usize>, within: Span) -> Context {
        let end = self.start + self.bytes.len() as u64;
        let (from, to) = (within.start.max(self.start), within.end.min(end));
        let skipped = (from - self.start) as usize;
        let bytes = self.bytes.get(skipped..(to - self.start) as usize).unwrap_or_default();
        Context::of_bytes(bytes, &(found.start - skipped..found.end - skipped), from > within.start, to < within.end)
    }
}

impl RawPass {
    /// A pass that leaves out what lies wholly in one of these spans, which are in order.
    pub(super) fn without(left_out: Vec<Span>) -> Self {
        Self { left_out, ..Self::default() }
    }

    fn is_left_out(&self, start: u64, end: u64) -> bool {
        let at = self.left_out.partition_point(|span| span.start <= start);
        at.checked_sub(1).and_then(|at| self.left_out.get(at)).is_some_and(|span| end <= span.end)
    }

    /// Counts what lies within these bytes objects, which are in order, as found in them.
    pub(super) fn count_in(&mut self, payloads: Vec<Payload>) {
        self.payloads = payloads;
    }

    /// Goes over some more bytes; whether all were gone over.
    pub(super) fn step(&mut self, pass: &Pass<'_>, hits: &mut Hits, budget: &mut u64) -> bool {
        let Some(matcher) = &pass.query.bytes else { return true };
        let Some(longest) = matcher.longest() else { return true };
        let source = pass.document.source();
        let all = Span::new(0, source.len());
        let scope = pass.top.map_or(all, |top| pass.document.extent(top));
        let mut next = self.next.unwrap_or(scope.start);
        while *budget > 0 && next < scope.end {
            // A match may begin at any byte before `end`.
            let end = next.saturating_add(PIECE).min(scope.end);
            let reach = end.saturating_add((longest + AFTER) as u64).min(all.end);
            let span = Span::new(next.saturating_sub(BEFORE as u64), reach);
            *budget = budget.saturating_sub(span.len());
            match read_span(source, span) {
                Ok(bytes) => {
                    let window = Window { bytes: &bytes, start: span.start };
                    next = self.search(&window, (next, end, scope.end), matcher, pass, hits);
                }
                Err(error) => {
                    self.unread = Some(format!("the bytes from offset {next} on cannot be read: {error}"));
                    next = scope.end;
                }
            }
        }
        self.next = Some(next);
        let is_over = next >= scope.end;
        self.finish_payloads(if is_over { u64::MAX } else { next }, pass, hits);
        self.reached = if is_over { all.end } else { next };
        is_over
    }

    /// Matches that begin in a piece; gives where the next piece begins.
    fn search(
        &mut self,
        window: &Window<'_>,
        (next, end, last): (u64, u64, u64),
        matcher: &Matcher,
        pass: &Pass<'_>,
        hits: &mut Hits,
    ) -> u64 {
        let all = Span::new(0, pass.document.source().len());
        let mut from = (next - window.start) as usize;
        while let Some(found) = matcher.find(window.bytes, from) {
            let span = window.offsets(&found);
            if span.start >= end || span.end > last {
                break;
            }
            if span.start >= self.taken && !self.is_left_out(span.start, span.end) {
                hits.add(FoundKind::Raw, span.start, None, || window.context(&found, all), 1);
            }
            self.taken = self.taken.max(span.end);
            self.finish_payloads(span.start, pass, hits);
            // A match that begins before a payload is not in it, and may overlap one that is.
            from = match self.payloads.get_mut(self.done) {
                Some(payload) if span.start < payload.span.start && payload.span.start < span.end => {
                    (payload.span.start - window.start) as usize
                }
                Some(payload) if payload.span.start <= span.start && span.end <= payload.span.end => {
                    payload.count += 1;
                    payload.first.get_or_insert_with(|| window.context(&found, payload.span));
                    found.end
                }
                _ => found.end,
            };
        }
        end.max(window.start + from as u64)
    }

    /// Ends the payloads that lie before an offset.
    fn finish_payloads(&mut self, offset: u64, pass: &Pass<'_>, hits: &mut Hits) {
        while let Some(payload) = self.payloads.get_mut(self.done).filter(|payload| payload.span.end <= offset) {
            self.done += 1;
            if let Some(first) = payload.first.take() {
                let at = pass.lens.graph.offset(payload.node);
                hits.add(FoundKind::Bytes, at, Some(payload.node), || first, payload.count);
            }
        }
    }

    /// Why it did not come to the end, if it did not.
    pub(super) fn remark(&self) -> Option<String> {
        self.unread.clone()
    }
}
