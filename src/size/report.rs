//! All answers about sizes in one.

use super::Sizes;
use crate::document::Document;
use crate::view::{Savings, SizeLine, SizeOutline, SizeReport};

/// Bytes that are read to find equal payloads.
const READ: u64 = 8 << 30;

impl SizeReport {
    /// What is large in a document, the outline down to `depth` levels and at most `most` rows of each.
    #[must_use]
    pub fn of(document: &Document, sizes: &Sizes, depth: usize, most: usize) -> Self {
        Self {
            total: sizes.total(),
            summary: sizes.summary(document),
            savings: Savings::of(document, sizes, READ),
            values: lines(document, sizes, depth, most),
        }
    }
}

/// Values in each other that are followed without counting as a level.
const FOLLOWED: usize = 64;

/// The outline. A value that holds nearly all of what it is in is no level of its own: what is large is below it.
fn lines(document: &Document, sizes: &Sizes, depth: usize, most: usize) -> Vec<SizeLine> {
    let mut lines = Vec::new();
    if depth == 0 {
        return lines;
    }
    let mut followed = 0;
    // Lines, each with the levels that count down to it.
    let mut waiting: Vec<(SizeLine, usize)> = Vec::new();
    let mut open =
        |outline: SizeOutline, depth: usize, counted: usize, of: u64, waiting: &mut Vec<(SizeLine, usize)>| {
            if outline.rest > 0 {
                waiting.push((SizeLine::Rest { depth, more: outline.more, rest: outline.rest }, counted));
            }
            for row in outline.rows.into_iter().rev() {
                let is_followed = row.holds && row.retained > of / 10 * 9 && followed < FOLLOWED;
                followed += usize::from(is_followed);
                waiting.push((SizeLine::Row { depth, row }, counted - usize::from(is_followed)));
            }
        };
    open(sizes.outline(document, None, most), 0, 1, u64::MAX, &mut waiting);
    while let Some((line, counted)) = waiting.pop() {
        if let SizeLine::Row { depth: level, row } = &line
            && row.holds
            && counted < depth
        {
            open(sizes.outline(document, Some(row.node), most), level + 1, counted + 1, row.retained, &mut waiting);
        }
        lines.push(line);
    }
    lines
}
