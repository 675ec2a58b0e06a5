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

fn lines(document: &Document, sizes: &Sizes, depth: usize, most: usize) -> Vec<SizeLine> {
    let mut lines = Vec::new();
    let mut waiting: Vec<SizeLine> = Vec::new();
    let open = |outline: SizeOutline, depth: usize, waiting: &mut Vec<SizeLine>| {
        if outline.rest > 0 {
            waiting.push(SizeLine::Rest { depth, more: outline.more, rest: outline.rest });
        }
        waiting.extend(outline.rows.into_iter().rev().map(|row| SizeLine::Row { depth, row }));
    };
    if depth > 0 {
        open(sizes.outline(document, None, most), 0, &mut waiting);
    }
    while let Some(line) = waiting.pop() {
        if let SizeLine::Row { depth: level, row } = &line
            && row.holds
            && level + 1 < depth
        {
            open(sizes.outline(document, Some(row.node), most), level + 1, &mut waiting);
        }
        lines.push(line);
    }
    lines
}
