//! The rows of the object tree, and what opens and closes them.

use super::Document;
use super::content::{Child, Content, Place, RANGE, Root, Target};
use super::paths::PathStep;
use super::tree::{BranchId, Spot, Way};
use crate::bytes::Span;
use crate::graph::{Edge, Node, NodeId, Step};
use crate::lens::{Array, PartLabel, Series, Shape, ShapeKind, grouped};
use crate::machine::Layout;
use crate::opcode;
use crate::safety::rules::DANGEROUS_CALL;
use crate::safety::{self, Finding, Known, Level};
use crate::view::{LabelKind, RowMark, TextKind, TextPart, TreeRow, WayRow, cards, preview, shown, sparkline};
use std::collections::HashMap;

/// Elements of arrays that are read for one answer to draw how they spread: 16 arrays of the largest that have it.
const DRAWN: u64 = 16 * sparkline::ELEMENTS;

/// What the pickles of `torch.save` before version 1.6 are for.
const LEGACY_TORCH: [&str; 5] = ["magic number", "format version", "system", "object", "keys of the storages"];

impl Document {
    /// All visible rows.
    #[must_use]
    pub fn row_count(&self) -> u64 {
        self.tree.len()
    }

    /// Rows from `first` on, at most `count`.
    #[must_use]
    pub fn rows(&self, first: u64, count: usize) -> Vec<TreeRow> {
        let spots = self.tree.window(first, count);
        let mut rows = Vec::with_capacity(spots.len());
        let mut owners: HashMap<BranchId, Option<u64>> = HashMap::new();
        let mut drawn = DRAWN;
        let mut at = 0;
        while at < spots.len() {
            // Neighbours in one branch are read together.
            let run = spots[at..]
                .iter()
                .zip(spots[at].index..)
                .take_while(|(spot, index)| spot.branch == spots[at].branch && spot.index == *index);
            let length = run.count();
            let branch = spots[at].branch;
            let Some(content) = self.tree.branch(branch).map(|branch| branch.content) else { break };
            let owner = *owners.entry(branch).or_insert_with(|| self.owner_row(branch));
            for (i, child) in self.window(content, spots[at].index, length).into_iter().enumerate() {
                let spot = spots[at + i];
                let row = first + (at + i) as u64;
                if let Some(below) = self.tree.opened(spot) {
                    owners.insert(below, Some(row));
                }
                rows.push(self.row(spot, &child, (row, owner), &mut drawn));
            }
            at += length;
        }
        shown(rows)
    }

    pub(super) fn row_at(&self, spot: Spot) -> Option<TreeRow> {
        self.child_at(spot).map(|child| shown(self.row(spot, &child, (0, None), &mut 0)))
    }

    fn owner_row(&self, branch: BranchId) -> Option<u64> {
        let (parent, index) = self.tree.branch(branch)?.parent?;
        Some(self.tree.position(Spot { branch: parent, index }))
    }

    /// `place` is its number and that of the row above it; `drawn` how many elements may still be read.
    fn row(&self, spot: Spot, child: &Child, (row, parent): (u64, Option<u64>), drawn: &mut u64) -> TreeRow {
        let depth = self.tree.branch(spot.branch).map_or(0, |branch| branch.depth);
        let expanded = self.content_below(child).map(|_| self.tree.opened(spot).is_some());
        let (label_kind, label) = self.label(&child.place);
        let mut tree_row = TreeRow {
            row,
            level: depth + 1,
            position: spot.index + 1,
            siblings: self.tree.children(spot.branch),
            parent,
            expanded,
            label_kind,
            label,
            type_name: String::new(),
            preview: Vec::new(),
            bars: Vec::new(),
            marks: Vec::new(),
            size: None,
            offset: None,
            key: match &child.place {
                Place::Part(_, _, Some(key)) => Some(self.reading.graph.offset(key.node())),
                _ => None,
            },
        };
        match child.target {
            Target::Value(edge) => self.describe_value(&mut tree_row, spot, edge, drawn),
            Target::Content(content) => {
                self.describe_content(&mut tree_row, content);
                if expanded == Some(false) {
                    tree_row.marks.extend(self.danger_in_content(content));
                }
            }
            Target::Column(column) => self.describe_column(&mut tree_row, column),
            Target::Bytes(span) => {
                tree_row.size = Some(span.len());
                tree_row.offset = Some(span.start);
                let text = format!("{} at offset {}", preview::plural(span.len(), "byte", "bytes"), span.start);
                tree_row.preview.push(TextPart::new(TextKind::Dim, text));
            }
            Target::Nothing => {
                // Why is said where the file's reading is: here it would be the same sentence once more.
                let fatal = self.reading.problems.fatal();
                tree_row.preview.push(TextPart::new(TextKind::Error, "no value"));
                tree_row.marks.extend(fatal.map(|problem| {
                    let text = format!("the reading stopped at offset {}", problem.offset);
                    RowMark::Problem { text }
                }));
            }
        }
        tree_row
    }

    fn describe_content(&self, row: &mut TreeRow, content: Content) {
        match content {
            Content::Pair { key, value } => {
                let lens = self.lens();
                row.type_name = "key and value".to_owned();
                let text = format!("{} → {}", preview::brief(&lens, key.node()), preview::brief(&lens, value.node()));
                row.preview.push(TextPart::new(TextKind::Dim, text));
            }
            Content::Range { .. } => {}
            Content::AsPickled(node) => {
                let text = preview::plural(self.pickled_children(node), "row", "rows");
                row.preview.push(TextPart::new(TextKind::Dim, text));
            }
            other => {
                let count = self.children_of(other);
                let all = self.values_in(other);
                let which = if count < all { format!("the first {} of ", grouped(count)) } else { String::new() };
                let text = which + &preview::plural(all, "value", "values");
                row.preview.push(TextPart::new(TextKind::Dim, text));
            }
        }
    }

    fn describe_value(&self, row: &mut TreeRow, spot: Spot, edge: Edge, drawn: &mut u64) {
        let lens = self.lens();
        let node = edge.node();
        let shape = lens.shape(node);
        row.preview = preview::preview(&lens, node, &shape);
        row.marks = self.marks(spot, edge, &shape);
        row.type_name = preview::row_type(&shape);
        if matches!(shape.kind, ShapeKind::Instance) && shape.text.is_some() {
            row.bars = lens.array(node).and_then(|array| bars(&array, drawn)).unwrap_or_default();
        }
        if let Some((type_name, preview)) = cards::row(&lens, node) {
            (row.type_name, row.preview) = (type_name, preview);
        }
        if !edge.is_fetched() {
            let span = self.extent(node);
            row.size = Some(span.len());
            if row.expanded == Some(false) && !row.marks.iter().any(|mark| matches!(mark, RowMark::Danger { .. })) {
                row.marks.extend(self.danger_within(span));
            }
        }
        row.offset = Some(self.reading.graph.offset(node));
    }

    /// What a row has to say beside its value.
    pub(super) fn marks(&self, spot: Spot, edge: Edge, shape: &Shape) -> Vec<RowMark> {
        let mut marks = Vec::new();
        marks.extend(self.danger(edge.node()).map(|(level, text)| RowMark::Danger { level, text }));
        let has_children =
            !matches!(shape.kind, ShapeKind::Scalar(_) | ShapeKind::Reference) || !shape.parts.is_empty();
        if has_children {
            let above = self.open_above(spot, edge);
            if let Some(above) = above {
                marks.push(RowMark::Cycle { ancestor: self.ancestor(above, spot) });
            } else if edge.is_fetched() && !self.is_met_first(spot, edge.node())
                || self.is_shown_above(spot, edge.node())
            {
                marks.extend(self.first_path(edge.node()).map(|first| RowMark::Shared { first }));
            }
        }
        if let ShapeKind::Scalar(crate::lens::ScalarKind::Unreadable) = shape.kind {
            marks.push(RowMark::Problem { text: shape.text.clone().unwrap_or_default() });
        }
        marks
    }

    /// What the mark of a cycle calls the row above that shows the same object: its path, or deep down how far up it is. Each
    /// level of a deep value may have such a mark.
    fn ancestor(&self, above: Spot, spot: Spot) -> String {
        /// Levels of a path that is written for a mark.
        const DEEP: u32 = 100;
        let depth = |spot: Spot| self.tree.branch(spot.branch).map_or(0, |branch| branch.depth);
        match depth(above) {
            0..=DEEP => self.path_of(above).0,
            deep => {
                format!("the object {} up", preview::plural(u64::from(depth(spot) - deep), "level", "levels"))
            }
        }
    }

    /// The closest row above that shows the same object. Without a way from the memo there is none.
    fn open_above(&self, spot: Spot, edge: Edge) -> Option<Spot> {
        let fetched = edge.is_fetched() || self.tree.branch(spot.branch).is_some_and(|branch| branch.fetched);
        if fetched { self.tree.row_above_showing(edge.node(), spot.branch) } else { None }
    }

    /// Whether a walk from the top meets the object here first. The row's parent must be met here first too, the object
    /// must be met below it, and no sibling before may show it.
    fn is_met_first(&self, spot: Spot, node: NodeId) -> bool {
        let Some(branch) = self.tree.branch(spot.branch).filter(|branch| branch.first) else { return false };
        let (owner, before) = match branch.content {
            Content::Node(owner) => (owner, if self.node_children(owner) > RANGE { u64::MAX } else { spot.index }),
            Content::Range { node, first, .. } => (node, first + spot.index),
            // What its users speak of was shown before.
            Content::AsPickled(owner) => (owner, u64::MAX),
            _ => return matches!(self.parents().step(node), Step::Root(_)),
        };
        // A shape may skip nodes between a row and the row above it.
        let mut current = node;
        for _ in 0..6 {
            match self.parents().step(current) {
                Step::Child(parent) if parent == owner => return self.first_child_showing(owner, node, before),
                Step::Child(parent) => current = parent,
                Step::Root(_) | Step::Unreached => return false,
            }
        }
        false
    }

    /// Whether a row stands in what a value is pickled as, and its object among what the value consists of, which is before.
    fn is_shown_above(&self, spot: Spot, node: NodeId) -> bool {
        let pickled = self.tree.branch(spot.branch).and_then(|branch| branch.pickled);
        let Some(components) = pickled.and_then(|owner| self.components(owner)) else { return false };
        components.parts.iter().any(|part| part.position(&self.reading.graph, node).is_some())
    }

    /// What opening a child's row has to know of the way to it.
    fn way_of(&self, spot: Spot, target: &Target) -> Way {
        let above = self.tree.branch(spot.branch).is_some_and(|branch| branch.first);
        match target {
            Target::Value(edge) if edge.is_fetched() => {
                Way { fetched: true, first: above && self.is_met_first(spot, edge.node()) }
            }
            other => Way { fetched: other.is_fetched(), first: above },
        }
    }

    /// What loading would do at this node, when it is more than making plain values.
    pub(super) fn danger(&self, node: NodeId) -> Option<(Level, String)> {
        if let Some(finding) = self.audit.at(node).filter(|finding| finding.level >= Level::Suspicious) {
            return Some((finding.level, danger_words(finding)));
        }
        // The name of a finding may stand in many places.
        let graph = &self.reading.graph;
        let (symbol, is_call) = match graph.node(node) {
            Node::Global(symbol) => (symbol, false),
            Node::Call { callee, .. } => match graph.node(callee.node()) {
                Node::Global(symbol) => (symbol, true),
                _ => return None,
            },
            _ => return None,
        };
        let id = symbol;
        let symbol = graph.symbols.get(id);
        let judge = || safety::judge(&symbol.module, &symbol.name);
        let known = *self.judged.borrow_mut().entry(id).or_insert_with(judge);
        let Known::Sink(capability) = known else { return None };
        let text = if is_call {
            format!("would {}", capability.verb())
        } else {
            format!("{} can {}", symbol.full_name(), capability.verb())
        };
        Some((Level::Dangerous, text))
    }

    /// The same for a closed row that is no value itself: a range of a large value, a key with its value, a group.
    fn danger_in_content(&self, content: Content) -> Option<RowMark> {
        const LOOKED_AT: usize = RANGE as usize;
        if self.audit.level < Level::Suspicious {
            return None;
        }
        let within = |edge: Edge| if edge.is_fetched() { None } else { self.danger_within(self.extent(edge.node())) };
        match content {
            Content::Range { node, first, count } => {
                let own = |child: &Child| match child.target {
                    Target::Value(edge) | Target::Content(Content::Pair { value: edge, .. }) if !edge.is_fetched() => {
                        Some(self.extent(edge.node()))
                    }
                    _ => None,
                };
                // The bytes of children lie one behind the other; those that stand elsewhere have none here.
                let ends = [self.node_window(node, first, 1), self.node_window(node, first + count - 1, 1)];
                let all = || self.node_window(node, first, LOOKED_AT);
                let start = ends[0].iter().find_map(own).or_else(|| all().iter().find_map(own))?;
                let end = ends[1].iter().find_map(own).or_else(|| all().iter().rev().find_map(own))?;
                self.danger_within(Span::new(start.start, end.end.max(start.start)))
            }
            Content::AsPickled(node) => self.danger_within(self.extent(node)),
            Content::Pair { key, value } => within(key).or_else(|| within(value)),
            Content::Group(root) => self.root_nodes(&root).take(LOOKED_AT).find_map(within),
            Content::Top | Content::Node(_) => None,
        }
    }

    /// The worst of what loading would do within these bytes, for a row that hides them.
    pub(super) fn danger_within(&self, span: Span) -> Option<RowMark> {
        let findings = &self.audit.findings;
        let first = findings.partition_point(|finding| finding.offset < span.start);
        let within = findings[first..].iter().take_while(|finding| finding.offset < span.end);
        let worst = within.filter(|finding| finding.level >= Level::Suspicious).max_by_key(|finding| finding.level)?;
        Some(RowMark::Danger { level: worst.level, text: format!("inside: {}", danger_words(worst)) })
    }

    pub(super) fn label(&self, place: &Place) -> (LabelKind, String) {
        let lens = self.lens();
        match place {
            Place::Root(root) => (LabelKind::Part, self.root_label(root)),
            Place::Range(first, 1) => (LabelKind::Range, first.to_string()),
            Place::Range(first, count) => (LabelKind::Range, format!("{} … {}", first, first + count - 1)),
            Place::PairKey => (LabelKind::Role, "key".to_owned()),
            Place::PairValue => (LabelKind::Role, "value".to_owned()),
            Place::Item(index) => (LabelKind::Index, index.to_string()),
            Place::Memo(index) => (LabelKind::Role, format!("memo {index}")),
            Place::Column(column) => (LabelKind::Key, self.column_label(*column)),
            Place::AsPickled => (LabelKind::Role, "as pickled".to_owned()),
            Place::Storage(index) => {
                let key =
                    self.legacy.as_ref().and_then(|legacy| legacy.storages.get(*index)).map(|(key, _)| key.as_str());
                (LabelKind::Key, format!("'{}'", opcode::printable(key.unwrap_or_default())))
            }
            Place::Part(label, index, key) => match (label, key) {
                (PartLabel::Attribute, Some(key)) => match lens.string(*key) {
                    // What stands for a surrogate in a Rust string would hide which one it is.
                    Some(name) if !name.contains(char::REPLACEMENT_CHARACTER) => {
                        (LabelKind::Attribute, one_line(&name))
                    }
                    _ => (LabelKind::Key, lens.inline(*key)),
                },
                (_, Some(key)) => match lens.scalar(key.node(), 80) {
                    Some(scalar) if scalar.truncated => (LabelKind::Key, scalar.text + "…"),
                    Some(scalar) => (LabelKind::Key, scalar.text),
                    None => (LabelKind::Key, preview::brief(&lens, key.node())),
                },
                (PartLabel::Role(name), None) => (LabelKind::Role, name.clone()),
                (PartLabel::Named(name), None) => (LabelKind::Attribute, name.clone()),
                (_, None) => (LabelKind::Index, index.to_string()),
            },
        }
    }

    pub(super) fn root_label(&self, root: &Root) -> String {
        let several = self.reading.streams.len() > 1;
        let of = |stream: usize| if several { format!(" in pickle {}", stream + 1) } else { String::new() };
        match *root {
            Root::Pickle { stream, .. } => match (self.reading.layout, LEGACY_TORCH.get(stream)) {
                (Layout::LegacyTorch, Some(role)) => format!("pickle {}, {role}", stream + 1),
                (Layout::Npy, _) => "array".to_owned(),
                _ if several => format!("pickle {}", stream + 1),
                _ => "pickle".to_owned(),
            },
            Root::Stack { stream } if self.reading.streams[stream].complete => {
                format!("left on the stack{}", of(stream))
            }
            Root::Stack { stream } => format!("read, not yet put together (stack){}", of(stream)),
            Root::Memo { stream } => format!("values remembered so far (memo){}", of(stream)),
            Root::Discarded { stream } => format!("made and thrown away{}", of(stream)),
            Root::Storages => "storages".to_owned(),
            Root::Trailing(_) if self.is_unread() => "bytes".to_owned(),
            Root::Trailing(_) if self.reading.is_complete() => "trailing bytes".to_owned(),
            Root::Trailing(_) => "unread bytes".to_owned(),
        }
    }

    /// The path to a spot, and whether Python could follow it.
    pub(super) fn path_of(&self, spot: Spot) -> (String, bool) {
        self.path_along(&self.trail(spot))
    }

    /// The path along the children from a root down, and whether Python could follow it.
    pub(super) fn path_along(&self, trail: &[(Spot, Child)]) -> (String, bool) {
        let root = trail.first().map_or(0, |(spot, _)| spot.index as usize);
        self.spell(root, trail.iter().map(|(_, child)| self.path_step(&child.place)))
    }

    /// The rows along the children from a root down, each with what it adds to the path.
    pub(super) fn way_down(&self, trail: &[(Spot, Child)]) -> Vec<WayRow> {
        // Rows of a longer way that are kept at its beginning and at its end.
        const FIRST: usize = 3;
        const LAST: usize = 20;
        let row = |(spot, child): &(Spot, Child)| WayRow {
            text: match (&child.place, self.path_step(&child.place)) {
                (Place::Root(_), _) => self.root_path(spot.index as usize),
                (_, PathStep::Accessor(text) | PathStep::Words(text)) => text,
                (place, PathStep::Silent) => self.label(place).1,
            },
            row: self.tree.position(*spot),
        };
        match trail.len().checked_sub(FIRST + LAST + 1) {
            None | Some(0) => trail.iter().map(row).collect(),
            Some(more) => {
                let gap = WayRow { text: "…".to_owned(), ..row(&trail[FIRST + more]) };
                trail[..FIRST].iter().map(row).chain([gap]).chain(trail[trail.len() - LAST..].iter().map(row)).collect()
            }
        }
    }

    /// Opens or closes a row.
    pub fn toggle(&mut self, row: u64, open: bool) {
        let Some(spot) = self.tree.find(row) else { return };
        if !open {
            self.tree.close(spot);
        } else if let Some(child) = self.child_at(spot)
            && let Some(content) = self.content_below(&child)
        {
            let children = self.children_of(content);
            let way = self.way_of(spot, &child.target);
            self.tree.open(spot, content, children, way);
        }
    }

    pub(super) fn open_spot(&mut self, spot: Spot) -> Option<BranchId> {
        let branch = self.insert_spot(spot)?;
        self.tree.settle(&[branch]);
        Some(branch)
    }

    /// Opens a closed row whose object is not open above, without counting its rows.
    pub(super) fn insert_spot(&mut self, spot: Spot) -> Option<BranchId> {
        let child = self.child_at(spot)?;
        let content = self.content_below(&child)?;
        if self.tree.opened(spot).is_some() {
            return None;
        }
        if let Target::Value(edge) = child.target
            && self.open_above(spot, edge).is_some()
        {
            return None;
        }
        let children = self.children_of(content);
        let way = self.way_of(spot, &child.target);
        Some(self.tree.insert(spot, content, children, way))
    }

    /// The next row after `from` whose label begins with `prefix`, around the end; the rows looked at are bounded.
    #[must_use]
    pub fn find_label(&self, from: u64, prefix: &str) -> Option<u64> {
        const LOOKED_AT: u64 = 20_000;
        const STEP: u64 = 500;
        let total = self.row_count();
        let from = from.min(total);
        let prefix = prefix.to_lowercase();
        let mut looked = 0;
        while looked < total.min(LOOKED_AT) {
            let first = (from + 1 + looked) % total;
            let count = STEP.min(total - first);
            let spots = self.tree.window(first, count as usize);
            let hit = spots.iter().position(|&spot| {
                let label =
                    self.child_at(spot).map(|child| self.label(&child.place).1.to_lowercase()).unwrap_or_default();
                label.trim_start_matches(['\'', '"']).starts_with(&prefix)
            });
            if let Some(hit) = hit {
                return Some(first + hit as u64);
            }
            looked += count;
        }
        None
    }
}

/// How the elements of an array spread, as far as they are few, in memory and still to be had.
fn bars(array: &Array<'_>, drawn: &mut u64) -> Option<Vec<u8>> {
    let count = array.len();
    if !(2..=sparkline::ELEMENTS).contains(&count) || !array.is_in_memory() {
        return None;
    }
    *drawn = drawn.checked_sub(count)?;
    Some(sparkline::bars(&array.series(0)?.values(0, count as usize).ok()?))
}

/// What loading would do, in a few words.
fn danger_words(finding: &Finding) -> String {
    match finding.capability {
        Some(capability) if finding.is_of(&DANGEROUS_CALL) => format!("would {}", capability.verb()),
        Some(capability) => format!("{}.{} can {}", finding.module, finding.name, capability.verb()),
        None => crate::lens::uncapitalised(finding.rule.title),
    }
}

/// Names come from the file: whatever would break the line is escaped.
fn one_line(name: &str) -> String {
    if name.chars().all(|c| opcode::is_printable(u32::from(c))) {
        return name.to_owned();
    }
    opcode::repr_str(&opcode::PyText::from(name))
}
