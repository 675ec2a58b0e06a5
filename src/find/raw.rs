//! The bytes of the document themselves, whatever they are for: a pass in windows, whose matches may lie on both sides of an end.

use super::haystack::{AFTER, BEFORE, Context};
use super::hits::Hits;
use super::matcher::Matcher;
use super::pass::Pass;
use crate::bytes::{Span, read_span};
use crate::view::FoundKind;

/// Bytes that are read at once.
const PIECE: u64 = 1 << 20;

/// A pass over the bytes.
#[derive(Default)]
pub(super) struct RawPass {
    /// Where it goes on; nothing before the first step.
    next: Option<u64>,
    pub(super) reached: u64,
    unread: Option<String>,
    /// Bytes that are searched elsewhere.
    left_out: Vec<Span>,
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
            let window = Span::new(next.saturating_sub(BEFORE as u64), reach);
            *budget = budget.saturating_sub(window.len());
            match read_span(source, window) {
                Ok(bytes) => next = self.search(&bytes, (window.start, next, end, scope.end), matcher, pass, hits),
                Err(error) => {
                    self.unread = Some(format!("the bytes from offset {next} on cannot be read: {error}"));
                    next = scope.end;
                }
            }
        }
        self.next = Some(next);
        self.reached = if next >= scope.end { all.end } else { next };
        next >= scope.end
    }

    /// Matches that begin in a piece; gives where the next piece begins.
    fn search(
        &self,
        bytes: &[u8],
        (start, next, end, last): (u64, u64, u64, u64),
        matcher: &Matcher,
        pass: &Pass<'_>,
        hits: &mut Hits,
    ) -> u64 {
        let mut from = (next - start) as usize;
        while let Some(found) = matcher.find(bytes, from) {
            let offset = start + found.start as u64;
            if offset >= end || start + found.end as u64 > last {
                break;
            }
            let more = start + (bytes.len() as u64) < pass.document.source().len();
            if self.is_left_out(offset, start + found.end as u64) {
                from = found.end;
                continue;
            }
            hits.add(FoundKind::Raw, offset, None, || Context::of_bytes(bytes, &found, more), 1);
            from = found.end;
        }
        end.max(start + from as u64)
    }

    /// Why it did not come to the end, if it did not.
    pub(super) fn remark(&self) -> Option<String> {
        self.unread.clone()
    }
}
