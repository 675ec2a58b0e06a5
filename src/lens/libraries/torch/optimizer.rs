//! State of optimisers and of schedulers of their learning rates, as state dicts or whole objects.
//!
//! Sources: `torch/optim/optimizer.py` (`state_dict`, `__getstate__`), the classes of `torch/optim/`, `torch/optim/lr_scheduler.py`.

use super::named::NamedTensors;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::recogniser::Lens;

/// Groups that are shown.
const GROUPS: usize = 64;

/// An optimiser: what it does with which parameters, and what it remembers of them.
#[derive(Clone, Debug)]
pub struct Optimizer {
    /// Its class, when the file names it.
    pub class: Option<String>,
    /// What it may be, by the names of its settings, and which of them say so.
    pub guess: Option<(String, String)>,
    /// The groups of parameters with their settings.
    pub groups: Vec<Group>,
    /// Parameters that something is remembered of.
    pub states: u64,
    /// Steps taken, when all parameters have the same number of them.
    pub step: Option<String>,
    /// The tensors of the state.
    pub tensors: NamedTensors,
}

/// A group of parameters.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its node.
    pub node: NodeId,
    /// How many parameters are in it.
    pub parameters: u64,
    /// What they are optimised with.
    pub settings: Vec<(String, Edge)>,
}

/// Optimisers by names of settings that only they have, in all versions of torch that save them.
const BY_SETTINGS: &[(&str, &[&str])] = &[
    ("SGD", &["momentum", "dampening", "nesterov"]),
    ("NAdam", &["betas", "momentum_decay"]),
    ("Adam or AdamW", &["betas", "eps", "amsgrad"]),
    ("RMSprop", &["alpha", "centered", "momentum"]),
    ("Adagrad", &["lr_decay", "initial_accumulator_value"]),
    ("Adadelta", &["rho", "eps"]),
    ("ASGD", &["lambd", "alpha", "t0"]),
    ("Rprop", &["etas", "step_sizes"]),
    ("LBFGS", &["max_iter", "history_size", "line_search_fn"]),
    ("Adafactor", &["beta2_decay", "d"]),
];

/// Schedulers by names of what they save.
const SCHEDULERS: &[(&str, &[&str])] = &[
    ("StepLR", &["step_size", "gamma"]),
    ("MultiStepLR", &["milestones", "gamma"]),
    ("CosineAnnealingWarmRestarts", &["T_0", "T_mult"]),
    ("CosineAnnealingLR", &["T_max", "eta_min"]),
    ("OneCycleLR", &["total_steps", "anneal_strategy"]),
    ("OneCycleLR", &["total_steps", "_schedule_phases"]),
    ("CyclicLR", &["total_size", "step_ratio"]),
    ("ReduceLROnPlateau", &["patience", "cooldown", "best"]),
    ("LambdaLR", &["lr_lambdas"]),
    ("LinearLR", &["start_factor", "end_factor"]),
    ("ConstantLR", &["factor", "total_iters"]),
    ("PolynomialLR", &["power", "total_iters"]),
    ("SequentialLR", &["_schedulers", "_milestones"]),
    ("ChainedScheduler", &["_schedulers"]),
    ("ExponentialLR", &["gamma"]),
];

/// The first entry all of whose names are among `names`.
fn by_names(table: &[(&'static str, &'static [&'static str])], names: &[&str]) -> Option<(String, String)> {
    let fits = |(_, wanted): &&(&str, &[&str])| wanted.iter().all(|name| names.contains(name));
    let (name, wanted) = table.iter().find(fits)?;
    Some(((*name).to_owned(), wanted.join(", ")))
}

impl Lens<'_> {
    /// The optimiser that a value is: the state dict of one, or a whole one.
    #[must_use]
    pub fn optimizer(&self, node: NodeId) -> Option<Optimizer> {
        let (class, state, groups) = if self.is_optimizer_state(node) {
            let entry = |name: &str| self.pairs(node).find(|(key, _)| self.string(*key).as_deref() == Some(name));
            (None, entry("state")?.1, entry("param_groups")?.1)
        } else {
            let object = self.object(node)?;
            let (state, groups) = (object.attribute("state")?, object.attribute("param_groups")?);
            (Some(object.class.full_name()), state, groups)
        };
        let groups = self.groups(groups)?;
        let names: Vec<&str> = groups.first()?.settings.iter().map(|(name, _)| name.as_str()).collect();
        let guess = by_names(BY_SETTINGS, &names).map(|guess| self.adam(guess, &groups[0]));
        Some(Optimizer {
            guess: guess.filter(|_| class.is_none()),
            class,
            states: self.graph.run_length(state.node(), RunKind::Pairs) / 2,
            step: self.step(state),
            tensors: self.named_tensors(state.node()).unwrap_or_default(),
            groups,
        })
    }

    /// Since torch 2.7 AdamW is Adam with a setting of its own.
    fn adam(&self, guess: (String, String), group: &Group) -> (String, String) {
        let decoupled = group.settings.iter().find(|(name, _)| name == "decoupled_weight_decay");
        match decoupled.map(|(_, value)| self.graph.node(value.node())) {
            Some(Node::Bool(decoupled)) => {
                (if decoupled { "AdamW" } else { "Adam" }.to_owned(), "decoupled_weight_decay".to_owned())
            }
            _ => guess,
        }
    }

    fn groups(&self, list: Edge) -> Option<Vec<Group>> {
        let mut groups = Vec::new();
        for group in self.graph.run_window(list.node(), RunKind::Items, 0).take(GROUPS) {
            let mut settings = self.named_values(group);
            let at = settings.iter().position(|(name, _)| name == "params")?;
            let (_, params) = settings.remove(at);
            let parameters = self.graph.run_length(params.node(), RunKind::Items);
            groups.push(Group { node: group.node(), parameters, settings });
        }
        (!groups.is_empty()).then_some(groups)
    }

    /// The number of steps, when the first and the last parameters have the same.
    fn step(&self, state: Edge) -> Option<String> {
        const LOOKED: usize = 64;
        let mut found: Option<String> = None;
        for (_, state) in self.pairs(state.node()).take(LOOKED) {
            let step = self.value_of(state, "step")?;
            let text = match self.array(step.node()) {
                Some(array) if array.len() == 1 => {
                    let text = array.value(0, 40).ok()?;
                    text.strip_suffix(".0").unwrap_or(&text).to_owned()
                }
                _ => self.plain_value(step)?,
            };
            if found.get_or_insert_with(|| text.clone()) != &text {
                return None;
            }
        }
        found
    }

    /// The scheduler whose state a dict is, and which of its keys say so. `None` when it is none.
    #[must_use]
    pub fn scheduler_state(&self, node: NodeId) -> Option<(String, String)> {
        const KEYS: usize = 64;
        if self.graph.node(node) != Node::Dict || self.graph.run_length(node, RunKind::Pairs) > 2 * KEYS as u64 {
            return None;
        }
        let names: Vec<String> = self.pairs(node).filter_map(|(key, _)| self.string(key)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let is_one = names.contains(&"last_epoch")
            && (names.contains(&"_step_count") || names.contains(&"base_lrs") || names.contains(&"patience"));
        is_one
            .then(|| by_names(SCHEDULERS, &names).unwrap_or_else(|| ("scheduler".to_owned(), "last_epoch".to_owned())))
    }
}
