//! The largest values as an outline: what each holds, largest first.

use super::account::RestKind;
use super::sizes::Sizes;
use crate::bytes::sorting;
use crate::document::{Document, ValuePlace};
use crate::graph::{Node, NodeId};
use crate::view::{SizeOutline, SizeRow, SizeTile, preview, shown};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Values that are looked at for one row's children: keys, states and arguments have no row of their own, and what they hold
/// is shown in their place.
const LOOKED_AT: usize = 4096;

impl Sizes {
    /// What a value holds (without one: what the file holds), at most `count` rows. Keys, states and the arguments of calls have
    /// no rows: what they hold is shown instead.
    #[must_use]
    pub fn outline(&self, document: &Document, holder: Option<u32>, count: usize) -> SizeOutline {
        let mut found = SizeOutline::default();
        let rank = |node: u32| (self.retained(node), Reverse(node));
        let mut waiting: BinaryHeap<(u64, Reverse<u32>)> = BinaryHeap::new();
        let take = |of: Option<u32>, found: &mut SizeOutline, waiting: &mut BinaryHeap<_>| {
            let all = self.held_by(of);
            let taken = self.largest(of, count.min(LOOKED_AT));
            let bytes: u64 = all.iter().map(|&node| self.retained(node)).sum();
            let kept: u64 = taken.iter().map(|&node| self.retained(node)).sum();
            found.more += (all.len() - taken.len()) as u64;
            found.rest += bytes - kept;
            waiting.extend(taken.into_iter().map(rank));
        };
        take(holder, &mut found, &mut waiting);
        let mut looked_at = 0;
        while let Some((retained, Reverse(node))) = waiting.pop() {
            looked_at += 1;
            if found.rows.len() >= count || looked_at > LOOKED_AT {
                found.more += 1;
                found.rest += retained;
                continue;
            }
            match self.row(document, holder, node) {
                Some(row) => found.rows.push(row),
                None => {
                    // Without a row its own bytes are in what is left.
                    found.rest += self.own(node);
                    found.more += u64::from(self.held_by(Some(node)).is_empty());
                    take(Some(node), &mut found, &mut waiting);
                }
            }
        }
        shown(found)
    }

    /// The largest values below `holder` as tiles in tiles, at most `most`. A tile stands behind the one that it lies in.
    #[must_use]
    pub fn map(&self, document: &Document, holder: Option<u32>, most: usize) -> Vec<SizeTile> {
        /// Tiles in one tile, levels, and the smallest part of everything that a tile is divided at.
        const EACH: usize = 24;
        const LEVELS: u8 = 4;
        /// Tiles that lie in each other: of a chain in which each holds nearly all of the one before, too.
        const DEEPEST: u8 = 12;
        const PART: u64 = 150;
        let mut tiles: Vec<SizeTile> = Vec::new();
        let total = holder.map_or(self.total(), |holder| self.retained(holder));
        let mut waiting: BinaryHeap<(u64, Reverse<u32>, (u8, u8))> = BinaryHeap::new();
        let mut divided = Some((holder, None::<u32>, (0_u8, 0_u8)));
        while let Some((of, above, (level, depth))) = divided {
            let whole = above.map_or(total, |above| tiles[above as usize].row.retained);
            let below = self.outline(document, of, EACH.min(most.saturating_sub(tiles.len())));
            for row in below.rows {
                // What holds nearly all of it is no level of its own: what is large is inside.
                let level = if row.retained > whole / 10 * 9 { level } else { level + 1 };
                if row.holds && level < LEVELS && depth + 1 < DEEPEST && row.retained > total / PART {
                    waiting.push((row.retained, Reverse(tiles.len() as u32), (level, depth + 1)));
                }
                tiles.push(SizeTile { row, above });
            }
            divided = waiting
                .pop()
                .filter(|_| tiles.len() < most)
                .map(|(_, Reverse(at), level)| (Some(tiles[at as usize].row.node), Some(at), level));
        }
        tiles
    }

    /// The row of a value; nothing for one that is a part of the row above.
    #[must_use]
    pub fn row(&self, document: &Document, holder: Option<u32>, node: u32) -> Option<SizeRow> {
        let (path, what) = match self.outside_of(node) {
            // What one value refers to is a part of that; what several share is not.
            Some(_) if holder.is_some() && self.holder(node).is_some_and(|above| self.refers(document, above)) => {
                return None;
            }
            Some(outside) => (outside.blob.place.clone(), "storage".to_owned()),
            None if self.refers(document, node) && self.holder(node).is_some() => return None,
            None => match document.value_place(NodeId(node)) {
                ValuePlace::At(path) => (path, self.what(document, node)),
                ValuePlace::In(_) if self.holder(node).is_some() => return None,
                ValuePlace::In(path) => (format!("part of {path}"), self.what(document, node)),
                ValuePlace::Nowhere => {
                    let offset = document.reading().graph.offset(NodeId(node));
                    (format!("at offset {offset}"), self.what(document, node))
                }
            },
        };
        Some(SizeRow {
            node,
            is_value: node < self.values(),
            path,
            what,
            retained: self.retained(node),
            own: self.own(node),
            holds: !self.held_by(Some(node)).is_empty(),
        })
    }

    /// Where a value is, in one line.
    #[must_use]
    pub fn place(&self, document: &Document, node: u32) -> String {
        if let Some(outside) = self.outside_of(node) {
            return outside.blob.place.clone();
        }
        match document.value_place(NodeId(node)) {
            ValuePlace::At(path) => path,
            ValuePlace::In(path) => format!("in {path}"),
            ValuePlace::Nowhere => format!("at offset {}", document.reading().graph.offset(NodeId(node))),
        }
    }

    /// Whether a value stands for something outside the pickles.
    fn refers(&self, document: &Document, node: u32) -> bool {
        node < self.values()
            && matches!(document.reading().graph.node(NodeId(node)), Node::PersistentId(_) | Node::Buffer(_))
    }

    fn what(&self, document: &Document, node: u32) -> String {
        preview::brief(&document.lens(), NodeId(node))
    }

    /// The bytes that belong to no value, largest first.
    #[must_use]
    pub fn rests(&self) -> Vec<(RestKind, u64)> {
        let mut rests: Vec<(RestKind, u64)> =
            RestKind::ALL.into_iter().map(|kind| (kind, self.rest(kind))).filter(|&(_, bytes)| bytes > 0).collect();
        sorting::by_key(&mut rests, |&(kind, bytes)| (Reverse(bytes), kind));
        rests
    }
}
