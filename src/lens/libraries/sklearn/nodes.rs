//! The nodes of scikit-learn's trees: arrays of structures.
//!
//! Sources: `sklearn/tree/_tree.pyx` (`Tree.__reduce__`, `__getstate__`, `NODE_DTYPE`),
//! `sklearn/ensemble/_hist_gradient_boosting/common.pyx` (`PREDICTOR_RECORD_DTYPE`).

use crate::graph::{Edge, NodeId};
use crate::lens::libraries::tree_model::{NODES, Topology};
use crate::lens::numbers::{Array, Dtype, Kind};
use crate::lens::recogniser::Lens;

/// Elements that are read at once.
const PIECE: usize = 1 << 14;

/// A field of 1 to 8 bytes in a structure.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    offset: usize,
    size: usize,
    kind: Kind,
    big_endian: bool,
}

impl Slot {
    /// The field of one of these names.
    pub(super) fn of(dtype: &Dtype, names: &[&str]) -> Option<Self> {
        let field = dtype.fields.iter().find(|field| names.contains(&field.name.as_str()))?;
        let (offset, size) = (usize::try_from(field.offset).ok()?, usize::try_from(field.dtype.itemsize).ok()?);
        let is_number = matches!(field.dtype.kind, Kind::Int | Kind::Uint | Kind::Bool) && size <= 8
            || field.dtype.kind == Kind::Float && matches!(size, 4 | 8);
        let fits = size > 0 && offset.checked_add(size)? as u64 <= dtype.itemsize;
        (is_number && fits).then_some(Self { offset, size, kind: field.dtype.kind, big_endian: field.dtype.big_endian })
    }

    fn word(self, element: &[u8]) -> u64 {
        let bytes = element.get(self.offset..self.offset + self.size).unwrap_or_default();
        let add = |word: u64, byte: &u8| word << 8 | u64::from(*byte);
        if self.big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }

    pub(super) fn integer(self, element: &[u8]) -> i64 {
        let word = self.word(element);
        match self.kind {
            Kind::Int => {
                let unused = 64 - 8 * self.size as u32;
                ((word << unused) as i64) >> unused
            }
            Kind::Float => self.float(element) as i64,
            _ => i64::try_from(word).unwrap_or(i64::MAX),
        }
    }

    pub(super) fn float(self, element: &[u8]) -> f64 {
        let word = self.word(element);
        match (self.kind, self.size) {
            (Kind::Float, 8) => f64::from_bits(word),
            (Kind::Float, _) => f64::from(f32::from_bits(word as u32)),
            _ => self.integer(element) as f64,
        }
    }
}

/// The array of nodes of one tree.
pub(super) struct Nodes<'a> {
    pub(super) array: Array<'a>,
    left: Slot,
    right: Slot,
    /// Only the newer format says it outright.
    is_leaf: Option<Slot>,
}

impl<'a> Nodes<'a> {
    /// The array that a value is, when it has the fields that make it a tree.
    pub(super) fn of(lens: &Lens<'a>, value: Edge) -> Result<Self, String> {
        let array = lens.array(value.node()).ok_or("the nodes are no array")?;
        let slot = |names: &[&str]| {
            Slot::of(&array.dtype, names)
                .ok_or_else(|| format!("the nodes have no field {} that is a number", names[0]))
        };
        let (left, right) = (slot(&["left_child", "left"])?, slot(&["right_child", "right"])?);
        let is_leaf = Slot::of(&array.dtype, &["is_leaf"]);
        Ok(Self { left, right, is_leaf, array })
    }

    pub(super) fn slot(&self, names: &[&str]) -> Option<Slot> {
        Slot::of(&self.array.dtype, names)
    }

    /// Goes over the elements, as far as a budget goes.
    pub(super) fn each(&self, mut with: impl FnMut(&[u8])) -> Result<(), String> {
        let (size, total) = (self.array.dtype.itemsize as usize, self.array.len().min(NODES));
        let mut first = 0;
        while first < total {
            let count = PIECE.min((total - first) as usize);
            let bytes = self.array.raw(first, count)?;
            let elements = bytes.chunks_exact(size.max(1));
            let read = elements.len();
            elements.for_each(&mut with);
            if read == 0 {
                return Err(format!("node {first} cannot be read"));
            }
            first += read as u64;
        }
        Ok(())
    }

    pub(super) fn element(&self, node: u32) -> Result<Vec<u8>, String> {
        self.array.raw(u64::from(node), 1)
    }

    pub(super) fn topology(&self) -> Result<Topology, String> {
        let mut pairs = Vec::new();
        self.each(|element| {
            let is_leaf = self.is_leaf.is_some_and(|slot| slot.integer(element) != 0);
            pairs.push(if is_leaf { [-1; 2] } else { [self.left.integer(element), self.right.integer(element)] });
        })?;
        let mut topology = Topology::new(&pairs);
        if self.array.len() > NODES {
            let words = format!("only the first {NODES} of {} nodes were read", self.array.len());
            topology.problem = Some(words);
        } else if let Some(problem) = &self.array.problem {
            topology.problem.get_or_insert_with(|| problem.clone());
        }
        Ok(topology)
    }

    /// A field of a node as text, to the digit.
    pub(super) fn text(&self, names: &[&str], node: u32) -> Option<String> {
        let name = names.iter().find(|name| self.array.field(name).is_some())?;
        self.array.field(name)?.text(u64::from(node), 64).ok()
    }
}

/// `sklearn.tree._tree.Tree`: its nodes and the values in them.
pub(super) struct TreeState<'a> {
    pub(super) nodes: Edge,
    pub(super) values: Option<Array<'a>>,
    /// Levels and nodes as the tree says itself.
    pub(super) max_depth: Option<u64>,
    pub(super) node_count: Option<u64>,
}

impl<'a> TreeState<'a> {
    /// The tree that a value is.
    pub(super) fn of(lens: &Lens<'a>, tree: NodeId) -> Option<Self> {
        let object =
            lens.object(tree).filter(|object| object.is_in("sklearn") && object.class.short_name() == "Tree")?;
        let nodes = object.attribute("nodes")?;
        Some(Self {
            nodes,
            values: object.attribute("values").and_then(|values| lens.array(values.node())),
            max_depth: object.attribute("max_depth").and_then(|depth| lens.count(depth)),
            node_count: object.attribute("node_count").and_then(|count| lens.count(count)),
        })
    }
}
