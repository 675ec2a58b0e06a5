//! Values that no lens knows, as their fields: what most files consist of.

use super::Document;
use super::content::{Child, Content, Place, Target};
use crate::graph::NodeId;
use crate::lens::{Part, PartLabel, Shape, ShapeKind};
use crate::view::card::{Body, Card, Section};
use crate::view::{FieldOrder, FieldRow, FieldSort, Fields, RowMark, TextKind, TextPart, cards, preview, shown};

/// More fields than this are not sorted: every one would have to be looked at first.
const SORTED: u64 = 10_000;
/// Items that are looked at to tell whether a sequence has more than plain values.
const LOOKED_AT: usize = 100;

impl Document {
    /// The card of a value that no lens knows: a row for each key, attribute or item, or a table of records. Values that one
    /// line tells have none.
    pub(super) fn summary(&self, node: NodeId) -> Option<Card> {
        let shape = self.lens().shape(node);
        let total = self.pickled_children(node);
        if total == 0 || !self.has_fields(&shape) {
            return None;
        }
        let mut card = Card { kind: shape.type_name.clone(), is_summary: true, ..Card::default() };
        if let Some(grid) = self.records(node) {
            let note = format!(
                "{} by {}",
                preview::plural(grid.rows, "record", "records"),
                preview::plural(grid.columns, "field", "fields")
            );
            card.sections.push(Section::new("Records", note, Body::Grid(grid)));
            return Some(card);
        }
        let (title, one, many) = match shape.kind {
            ShapeKind::Mapping => ("Entries", "key", "keys"),
            ShapeKind::Items => ("Items", "item", "items"),
            _ => ("Attributes", "attribute", "attributes"),
        };
        let fields = Fields { total, sortable: total <= SORTED };
        card.sections.push(Section::new(title, preview::plural(total, one, many), Body::Fields(fields)));
        Some(card)
    }

    /// Whether the parts of a value say more than its text.
    fn has_fields(&self, shape: &Shape) -> bool {
        let graph = &self.reading.graph;
        let is_attribute = |part: &&Part| matches!(part.label, PartLabel::Attribute | PartLabel::Named(_));
        match shape.kind {
            ShapeKind::Mapping => true,
            ShapeKind::Instance => {
                let attributes: u64 = shape.parts.iter().filter(is_attribute).map(|part| part.len(graph)).sum();
                attributes > 0 || (shape.text.is_none() && self.has_values(shape))
            }
            ShapeKind::Items => self.has_values(shape),
            _ => false,
        }
    }

    /// Whether some of the first children are no plain values.
    fn has_values(&self, shape: &Shape) -> bool {
        let (lens, graph) = (self.lens(), &self.reading.graph);
        let mut first = shape.parts.iter().flat_map(|part| part.window(graph, 0, LOOKED_AT)).take(LOOKED_AT);
        first.any(|child| lens.scalar(child.value.node(), 0).is_none())
    }

    /// Fields of a value from `first` on, at most `count`.
    #[must_use]
    pub fn fields(&self, node: u32, first: u64, count: usize, order: FieldOrder) -> Option<Vec<FieldRow>> {
        let node = self.node(node)?;
        let whole = self.extent(node).len();
        let total = self.pickled_children(node);
        let children: Vec<Child> = if order == FieldOrder::default() || total > SORTED {
            self.pickled_window(node, first, count)
        } else {
            let first = usize::try_from(first).unwrap_or(usize::MAX);
            let numbers = self.in_order.window(node, order, first, count).or_else(|| {
                self.in_order.keep(node, order, self.order_of(node, total, order));
                self.in_order.window(node, order, first, count)
            });
            let numbers = numbers.unwrap_or_default().into_iter();
            numbers.flat_map(|number| self.pickled_window(node, u64::from(number), 1)).collect()
        };
        Some(shown(children.iter().map(|child| self.field(child, node, whole)).collect()))
    }

    fn offsets_of(&self, child: &Child) -> Vec<u64> {
        let edges = match (&child.target, &child.place) {
            (Target::Value(value), Place::Part(_, _, key)) => [Some(*value), *key],
            (Target::Value(value), _) => [Some(*value), None],
            (Target::Content(Content::Pair { key, value }), _) => [Some(*value), Some(*key)],
            _ => [None; 2],
        };
        edges.into_iter().flatten().map(|edge| self.reading.graph.offset(edge.node())).collect()
    }

    fn field(&self, child: &Child, parent: NodeId, whole: u64) -> FieldRow {
        let lens = self.lens();
        let (label_kind, name) = self.label(&child.place);
        let mut field = FieldRow {
            label_kind,
            name,
            type_name: String::new(),
            preview: Vec::new(),
            size: None,
            share: 0.0,
            node: None,
            offsets: self.offsets_of(child),
            danger: None,
        };
        match child.target {
            Target::Value(edge) => {
                let node = edge.node();
                let shape = lens.shape(node);
                field.node = Some(node.0);
                (field.type_name, field.preview) = cards::row(&lens, node)
                    .unwrap_or_else(|| (shape.type_name.clone(), preview::preview(&lens, node, &shape)));
                field.danger = self.danger(node);
                if node == parent {
                    field.preview.insert(0, TextPart::new(TextKind::Dim, "the value itself:"));
                } else if edge.is_fetched() {
                    field.preview.insert(0, TextPart::new(TextKind::Dim, "stands elsewhere:"));
                } else {
                    let span = self.extent(node);
                    field.size = Some(span.len());
                    field.share = if whole > 0 { (span.len() as f64 / whole as f64).min(1.0) } else { 0.0 };
                    if field.danger.is_none()
                        && let Some(RowMark::Danger { level, text }) = self.danger_within(span)
                    {
                        field.danger = Some((level, text));
                    }
                }
            }
            Target::Content(Content::Pair { key, value }) => {
                let text = format!("{} → {}", preview::brief(&lens, key.node()), preview::brief(&lens, value.node()));
                field.type_name = "key and value".to_owned();
                field.preview.push(TextPart::new(TextKind::Dim, text));
                field.node = Some(value.node().0);
            }
            _ => {}
        }
        field
    }

    /// The numbers of a value's fields in an order.
    fn order_of(&self, node: NodeId, total: u64, order: FieldOrder) -> Vec<u32> {
        let children = self.pickled_window(node, 0, usize::try_from(total).unwrap_or(usize::MAX));
        let mut numbers: Vec<u32> = (0..children.len() as u32).collect();
        match order.by {
            FieldSort::Position => {}
            FieldSort::Name => numbers.sort_by_cached_key(|&number| self.label(&children[number as usize].place).1),
            FieldSort::Type => {
                numbers.sort_by_cached_key(|&number| self.field(&children[number as usize], node, 0).type_name)
            }
            FieldSort::Size => numbers.sort_by_cached_key(|&number| match children[number as usize].target {
                Target::Value(edge) if !edge.is_fetched() => self.extent(edge.node()).len(),
                _ => 0,
            }),
        }
        if order.descending {
            numbers.reverse();
        }
        numbers
    }
}
