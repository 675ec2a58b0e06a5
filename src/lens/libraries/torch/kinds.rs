//! Which of torch's compounds a value is: told by looking at a few of its members.

use super::tensor::Layout;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::recogniser::Lens;

/// Members that are looked at to tell what a dict is, and members of those.
const LOOKED: usize = 64;
const LOOKED_INSIDE: usize = 16;
/// Levels below a dict that are looked at: `{'model': {'state_dict': {…}}}`.
const LEVELS: u32 = 2;

/// A compound of tensors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TensorKind {
    /// Names with tensors, nested or not: what `Module.state_dict()` gives.
    StateDict,
    /// Names with arrays of numpy.
    Arrays,
    /// State dicts beside other things: what training scripts save.
    Checkpoint,
    /// Tensors without names, or among other things.
    Tensors,
    /// What `Optimizer.state_dict()` gives.
    OptimizerState,
    /// A whole module.
    Module,
}

/// What the members of a container are.
#[derive(Default)]
struct Members {
    looked: usize,
    tensors: usize,
    arrays: usize,
    state_dicts: usize,
    modules: usize,
    others: usize,
}

impl Lens<'_> {
    /// Which compound of tensors a value is. Looks at a few members only.
    #[must_use]
    pub fn tensor_kind(&self, node: NodeId) -> Option<TensorKind> {
        if !self.has_tensors() {
            return None;
        }
        match self.graph.node(node) {
            Node::Call { .. } if self.module_dicts(node).is_some() => Some(TensorKind::Module),
            Node::Call { .. } if self.tensor(node).is_some() => None,
            Node::Call { .. } if self.is_optimizer(node) => Some(TensorKind::OptimizerState),
            Node::Dict | Node::Call { .. } => self.dict_kind(node, LEVELS),
            Node::List | Node::Tuple => {
                let members =
                    self.members(self.graph.run_window(node, RunKind::Items, 0).chain(self.graph.items(node)), 0);
                (members.tensors > 0 && members.others == 0).then_some(TensorKind::Tensors)
            }
            _ => None,
        }
    }

    /// The kind of a dict, by its values and by theirs down to a few levels.
    fn dict_kind(&self, node: NodeId, levels: u32) -> Option<TensorKind> {
        if self.is_optimizer_state(node) {
            return Some(TensorKind::OptimizerState);
        }
        let members = self.members(self.pairs(node).map(|(_, value)| value), levels);
        // The state of an optimiser is kept by numbers.
        let is_named = self.pairs(node).next().is_some_and(|(key, _)| self.string(key).is_some());
        if members.looked == 0 {
            return None;
        }
        if members.arrays == members.looked {
            return Some(TensorKind::Arrays);
        }
        let named = members.tensors + members.arrays;
        if members.others + members.modules == 0 && members.tensors + members.state_dicts > 0 {
            return Some(if is_named { TensorKind::StateDict } else { TensorKind::Tensors });
        }
        // The inside of a module, or several modules by name.
        if members.modules == members.looked {
            return Some(TensorKind::Tensors);
        }
        // A state dict may have extra state that is no tensor (`_extra_state`).
        match (members.state_dicts + members.modules, named) {
            (1.., _) => Some(TensorKind::Checkpoint),
            (0, named) if members.tensors > 0 && named > members.others * 4 => Some(TensorKind::StateDict),
            (0, _) if members.tensors > 0 => Some(TensorKind::Tensors),
            _ => None,
        }
    }

    fn members(&self, values: impl Iterator<Item = Edge>, levels: u32) -> Members {
        let mut members = Members::default();
        let looked = if levels == LEVELS { LOOKED } else { LOOKED_INSIDE };
        for value in values.take(looked) {
            members.looked += 1;
            let node = value.node();
            match self.tensor(node) {
                Some(tensor) if tensor.layout == Layout::Numpy => members.arrays += 1,
                Some(_) => members.tensors += 1,
                None if self.module_dicts(node).is_some() => members.modules += 1,
                None if levels > 0 && self.is_compound(node, levels) => members.state_dicts += 1,
                None => members.others += 1,
            }
        }
        members
    }

    /// Whether a member is itself something with tensors. Goes a level or two down, so it may call itself.
    fn is_compound(&self, node: NodeId, levels: u32) -> bool {
        match self.graph.node(node) {
            Node::Dict | Node::Call { .. } => matches!(
                self.dict_kind(node, levels - 1),
                Some(TensorKind::StateDict | TensorKind::OptimizerState | TensorKind::Checkpoint)
            ),
            _ => false,
        }
    }

    /// A whole optimiser: an object with `state` and `param_groups` (and `defaults`).
    fn is_optimizer(&self, node: NodeId) -> bool {
        let Some(object) = self.object(node) else { return false };
        let has = |name: &str| object.attribute(name).is_some();
        has("param_groups") && has("state") && has("defaults")
    }
}
