//! Tensors by name: state dicts, checkpoints and whatever else nests dicts, lists and modules around tensors.
//!
//! Sources: `torch/nn/modules/module.py` (`state_dict`, `_save_to_state_dict`), `torch/serialization.py`.

use super::tensor::{StorageId, Tensor};
use crate::bytes::sorting;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::recogniser::Lens;
use std::collections::{HashMap, HashSet};

/// Tensors that are gathered; the rest is counted in [`NamedTensors::is_cut`].
const TENSORS: usize = 1 << 16;
/// Edges that are looked at for one value.
const STEPS: usize = 1 << 20;
/// Names in names.
const LEVELS: usize = 64;
/// Bytes of all names together.
const NAMES: usize = 1 << 24;
/// Values beside the tensors that are named.
const OTHERS: usize = 4096;

/// What a tensor is to the module that it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TensorRole {
    /// Learned, as the file says.
    Parameter,
    /// Kept, as the file says.
    Buffer,
    /// Kept by an optimizer for a parameter: moments, steps.
    OptimizerState,
    /// A dict of tensors does not say.
    Unknown,
}

/// A tensor with its name.
#[derive(Clone, Debug)]
pub struct NamedTensor {
    /// Keys, positions and names of attributes on the way to it, joined by dots: `layer1.0.conv1.weight`.
    pub name: String,
    /// The value in the graph that stands under the name; [`Lens::array`] and [`Lens::tensor`] read it.
    pub value: NodeId,
    /// What it is.
    pub tensor: Tensor,
    /// What it is to its module.
    pub role: TensorRole,
    /// The storages that it is made of, by position in [`NamedTensors::storages`].
    pub storages: Vec<usize>,
}

/// A storage with everything that views it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedStorage {
    /// Which it is.
    pub id: StorageId,
    /// The device that it was on, when the file says.
    pub location: Option<String>,
    /// Its bytes, as declared.
    pub bytes: u64,
    /// Whether its bytes are in this file.
    pub is_there: bool,
    /// The tensors that view it, by position in [`NamedTensors::tensors`].
    pub views: Vec<usize>,
}

/// The tensors below a value.
#[derive(Clone, Debug, Default)]
pub struct NamedTensors {
    /// The tensors in the order of the file.
    pub tensors: Vec<NamedTensor>,
    /// The storages that they view, each once.
    pub storages: Vec<SharedStorage>,
    /// Names of the values that are no tensors, the first few thousand.
    pub others: Vec<(String, NodeId)>,
    /// How many values are no tensors.
    pub other_count: u64,
    /// Whether there is more than was gathered.
    pub is_cut: bool,
}

impl NamedTensors {
    /// The first tensor, other than the `index`-th itself, that shares a storage with it.
    #[must_use]
    pub fn shares_with(&self, index: usize) -> Option<&NamedTensor> {
        let storages = self.tensors.get(index)?.storages.iter();
        let views = storages.flat_map(|&storage| self.storages[storage].views.iter());
        let other = views.copied().find(|&view| view != index)?;
        self.tensors.get(other)
    }

    /// Elements and bytes of some of the tensors, with what several of them view counted once. Where views step over the
    /// elements of others, as columns of one matrix do, it may be a little more.
    #[must_use]
    pub fn measure(&self, tensors: &[usize]) -> Measure {
        let mut measure = Measure::default();
        let mut shared: HashMap<usize, Reaches> = HashMap::new();
        for &index in tensors {
            let Some(named) = self.tensors.get(index) else { continue };
            measure.tensors += 1;
            let tensor = &named.tensor;
            let is_alone = |storage: &usize| self.storages[*storage].views.len() < 2;
            match tensor.storages.as_slice() {
                // An expanded tensor has more elements than places.
                [part] if is_alone(&named.storages[0]) => {
                    let (first, end) = part.reach;
                    let bytes = part.used.min(end.saturating_sub(first));
                    let all = if bytes == part.used { tensor.elements() } else { bytes / tensor.dtype.itemsize.max(1) };
                    measure.add(all, bytes);
                    continue;
                }
                _ if named.storages.iter().all(is_alone) => {
                    measure.add(tensor.elements(), tensor.bytes());
                    continue;
                }
                _ => {}
            }
            for (&storage, part) in named.storages.iter().zip(&tensor.storages) {
                let reaches = shared.entry(storage).or_default();
                reaches.ranges.push(part.reach);
                reaches.bytes = reaches.bytes.saturating_add(part.used);
                reaches.itemsize = tensor.dtype.itemsize.max(1);
            }
        }
        for reaches in shared.into_values() {
            let bytes = reaches.once();
            measure.add(bytes / reaches.itemsize, bytes);
        }
        measure
    }

    /// The positions of all tensors.
    #[must_use]
    pub fn all(&self) -> Vec<usize> {
        (0..self.tensors.len()).collect()
    }

    /// The dtypes with their number of tensors, the most frequent first.
    #[must_use]
    pub fn dtypes(&self) -> Vec<(String, u64)> {
        let mut counts: Vec<(String, u64)> = Vec::new();
        for named in &self.tensors {
            let name = &named.tensor.dtype.name;
            match counts.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name.clone(), 1)),
            }
        }
        sorting::by_key(&mut counts, |&(_, count)| std::cmp::Reverse(count));
        counts
    }
}

/// How much some tensors are together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Measure {
    /// How many tensors.
    pub tensors: u64,
    /// Their elements.
    pub elements: u64,
    /// Bytes of these elements.
    pub bytes: u64,
}

impl Measure {
    fn add(&mut self, elements: u64, bytes: u64) {
        self.elements = self.elements.saturating_add(elements);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// What several tensors reach in one storage.
#[derive(Default)]
struct Reaches {
    ranges: Vec<(u64, u64)>,
    bytes: u64,
    itemsize: u64,
}

impl Reaches {
    /// Bytes in any of the ranges; less where the tensors step over some.
    fn once(&self) -> u64 {
        let mut ranges = self.ranges.clone();
        ranges.sort_unstable();
        let (mut total, mut at) = (0u64, 0u64);
        for (first, end) in ranges {
            let first = first.max(at);
            total = total.saturating_add(end.saturating_sub(first));
            at = at.max(end);
        }
        total.min(self.bytes)
    }
}

impl Lens<'_> {
    /// The tensors (of torch, or arrays of numpy) below a value, through dicts, lists, tuples and modules. `None` when there
    /// is none. Reads no numbers.
    #[must_use]
    pub fn named_tensors(&self, node: NodeId) -> Option<NamedTensors> {
        if !self.has_tensors() {
            return None;
        }
        let mut walk =
            Walk { lens: self, found: NamedTensors::default(), storages: HashMap::new(), steps: STEPS, names: NAMES };
        walk.run(node);
        Some(walk.found).filter(|found| !found.tensors.is_empty())
    }

    /// Whether the file names anything that makes tensors or arrays.
    pub(in crate::lens) fn has_tensors(&self) -> bool {
        let has = |package: &&str| self.graph.symbols.has_package(package);
        !self.attached.tensors.is_empty() || ["torch", "numpy", "joblib", "sklearn"].iter().any(has)
    }

    /// `{'state': {…}, 'param_groups': [{…}]}`
    #[must_use]
    pub fn is_optimizer_state(&self, node: NodeId) -> bool {
        let has = |wanted: &str, fits: fn(Node) -> bool| {
            self.pairs(node)
                .take(8)
                .any(|(key, value)| self.string(key).as_deref() == Some(wanted) && fits(self.graph.node(value.node())))
        };
        has("param_groups", |node| node == Node::List)
            && has("state", |node| matches!(node, Node::Dict | Node::Call { .. }))
    }

    /// The dicts of a module: `_parameters`, `_buffers` and `_modules`; `None` when the value is none.
    #[must_use]
    pub fn module_dicts(&self, node: NodeId) -> Option<ModuleDicts> {
        let Node::Call { .. } = self.graph.node(node) else { return None };
        let object = self.object(node)?;
        let dict = |name: &str| object.attribute(name).filter(|dict| self.graph.node(dict.node()) != Node::None);
        let parameters = dict("_parameters")?;
        Some(ModuleDicts { parameters, buffers: dict("_buffers"), modules: dict("_modules")? })
    }
}

/// What the parts of a module are kept in.
#[derive(Clone, Copy, Debug)]
pub struct ModuleDicts {
    /// Name and Parameter.
    pub parameters: Edge,
    /// Name and tensor.
    pub buffers: Option<Edge>,
    /// Name and module.
    pub modules: Edge,
}

/// A value that is waiting to be looked at.
struct Waiting {
    node: NodeId,
    /// Bytes of the name before this one.
    prefix: usize,
    name: String,
    level: usize,
    role: TensorRole,
}

struct Walk<'l, 'a> {
    lens: &'l Lens<'a>,
    found: NamedTensors,
    storages: HashMap<StorageId, usize>,
    steps: usize,
    names: usize,
}

impl Walk<'_, '_> {
    /// Goes over everything below a value in the order of the file.
    fn run(&mut self, root: NodeId) {
        let mut path = String::new();
        // The containers that the value at hand is in: one that holds itself is not entered again.
        let mut around: Vec<NodeId> = Vec::new();
        let mut inside: HashSet<NodeId> = HashSet::new();
        let mut waiting =
            vec![Waiting { node: root, prefix: 0, name: String::new(), level: 0, role: TensorRole::Unknown }];
        while let Some(Waiting { node, prefix, name, level, role }) = waiting.pop() {
            for left in around.drain(level.min(around.len())..) {
                inside.remove(&left);
            }
            path.truncate(prefix);
            join(&mut path, &name);
            if let Some(tensor) = self.lens.tensor(node) {
                self.tensor(&path, node, tensor, role);
                continue;
            }
            // The state of an optimizer has tensors as large as the parameters, and is not counted among them.
            let is_beside = level > 0 && self.lens.is_optimizer_state(node);
            let role = if is_beside { TensorRole::OptimizerState } else { role };
            let mut below = Below { path: &path, level: level + 1, role, children: Vec::new() };
            if level >= LEVELS {
                self.found.is_cut = true;
            } else if inside.contains(&node) || !self.children(node, &mut below) {
                self.other(&path, "", node);
            } else {
                waiting.extend(below.children.into_iter().rev());
                inside.insert(node);
                around.push(node);
            }
        }
    }

    /// Takes what a container holds; false when the value is none.
    fn children(&mut self, node: NodeId, below: &mut Below<'_>) -> bool {
        let graph = self.lens.graph;
        if let Some(dicts) = self.lens.module_dicts(node) {
            for (dict, role) in [
                (Some(dicts.parameters), TensorRole::Parameter),
                (dicts.buffers, TensorRole::Buffer),
                (Some(dicts.modules), TensorRole::Unknown),
            ] {
                below.role = role;
                let pairs = dict.into_iter().flat_map(|dict| self.lens.pairs(dict.node()));
                // A module without a parameter keeps `None` in its place.
                let pairs: Vec<_> = pairs.filter(|(_, value)| !self.lens.is_none(*value)).take(self.steps).collect();
                self.take_pairs(pairs.into_iter(), below);
            }
            return true;
        }
        match graph.node(node) {
            Node::Dict => self.take_pairs(self.lens.pairs(node), below),
            Node::Tuple => self.take_items(graph.items(node), below),
            Node::List => self.take_items(graph.run_window(node, RunKind::Items, 0), below),
            // OrderedDict, defaultdict, the mapping of a ModuleDict …
            Node::Call { .. } if self.lens.pairs(node).next().is_some() => {
                self.take_pairs(self.lens.pairs(node), below);
            }
            Node::Call { .. } if graph.run_window(node, RunKind::Items, 0).next().is_some() => {
                self.take_items(graph.run_window(node, RunKind::Items, 0), below);
            }
            Node::InlinePickle { value, .. } => self.take(String::new(), value, below),
            _ => return false,
        }
        true
    }

    fn take_pairs(&mut self, pairs: impl Iterator<Item = (Edge, Edge)>, below: &mut Below<'_>) {
        for (key, value) in pairs {
            if !self.step() {
                return;
            }
            self.take(self.lens.string(key).unwrap_or_else(|| self.lens.inline(key)), value, below);
        }
    }

    fn take_items(&mut self, items: impl Iterator<Item = Edge>, below: &mut Below<'_>) {
        for (index, item) in items.enumerate() {
            if !self.step() {
                return;
            }
            self.take(index.to_string(), item, below);
        }
    }

    /// One value in a container: kept for later when there may be tensors in it.
    fn take(&mut self, name: String, value: Edge, below: &mut Below<'_>) {
        let node = value.node();
        match self.lens.graph.node(node) {
            Node::Dict
            | Node::List
            | Node::Tuple
            | Node::Call { .. }
            | Node::PersistentId(_)
            | Node::InlineArray { .. }
            | Node::InlinePickle { .. } => {
                let (prefix, level, role) = (below.path.len(), below.level, below.role);
                below.children.push(Waiting { node, prefix, name, level, role });
            }
            _ => self.other(below.path, &name, node),
        }
    }

    /// Whether one more value may be looked at.
    fn step(&mut self) -> bool {
        self.found.is_cut |= self.steps == 0;
        self.steps = self.steps.saturating_sub(1);
        !self.found.is_cut
    }

    fn tensor(&mut self, name: &str, value: NodeId, tensor: Tensor, role: TensorRole) {
        let Some(names) = self.names.checked_sub(name.len()).filter(|_| self.found.tensors.len() < TENSORS) else {
            self.found.is_cut = true;
            return;
        };
        self.names = names;
        let index = self.found.tensors.len();
        let mut storages = Vec::with_capacity(tensor.storages.len());
        for part in &tensor.storages {
            let all = &mut self.found.storages;
            let storage = *self.storages.entry(part.id.clone()).or_insert_with(|| {
                let (id, location) = (part.id.clone(), part.location.clone());
                all.push(SharedStorage { id, location, bytes: part.bytes, is_there: part.is_there, views: Vec::new() });
                all.len() - 1
            });
            let shared = &mut all[storage];
            shared.bytes = shared.bytes.max(part.bytes);
            if shared.views.last() != Some(&index) {
                shared.views.push(index);
            }
            storages.push(storage);
        }
        let role = if tensor.is_parameter() && role == TensorRole::Unknown { TensorRole::Parameter } else { role };
        self.found.tensors.push(NamedTensor { name: name.to_owned(), value, tensor, role, storages });
    }

    fn other(&mut self, path: &str, name: &str, node: NodeId) {
        self.found.other_count += 1;
        if self.found.others.len() < OTHERS
            && let Some(names) = self.names.checked_sub(path.len() + name.len() + 1)
        {
            self.names = names;
            let mut path = path.to_owned();
            join(&mut path, name);
            self.found.others.push((path, node));
        }
    }
}

/// Adds a name behind a path.
fn join(path: &mut String, name: &str) {
    if !path.is_empty() && !name.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// What a container gives to the walk.
struct Below<'p> {
    path: &'p str,
    level: usize,
    role: TensorRole,
    children: Vec<Waiting>,
}
