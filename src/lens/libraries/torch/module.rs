//! Whole modules (`torch.save(model)`): the tree of submodules with their settings.
//!
//! Sources: `torch/nn/modules/module.py` (`__init__`, `__setstate__`), `extra_repr` of the classes in `torch/nn/modules/`.

use super::named::{Measure, ModuleDicts, NamedTensors, TensorRole};
use crate::graph::{Edge, NodeId};
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;
use std::collections::{HashMap, HashSet};

/// Modules in one tree.
const MODULES: usize = 1 << 15;
/// Levels of a tree.
const LEVELS: u32 = 64;
/// Kinds of hooks that are counted; torch has about ten.
const HOOKS: usize = 64;
/// Settings of a class that is not known.
const SETTINGS: usize = 8;

/// A module in a tree of modules.
#[derive(Clone, Debug)]
pub struct Module {
    /// Modules around it.
    pub level: u32,
    /// Its name in the module around it.
    pub name: String,
    /// Its node.
    pub node: NodeId,
    /// Its class, in full.
    pub class: String,
    /// What it was set to, as `extra_repr` of its class has it; of a class that is not torch's, its plain attributes.
    pub settings: String,
    /// Parameters and buffers of its own, by position in [`NamedTensors::tensors`].
    pub own: Vec<usize>,
    /// Parameters in it and below it, each counted once.
    pub parameters: Measure,
    /// Bytes of everything in it and below it.
    pub bytes: u64,
    /// Whether it stands further above in the tree as well.
    pub is_repeated: bool,
}

/// A module with everything below it.
#[derive(Clone, Debug)]
pub struct ModuleTree {
    /// The modules in the order of a walk; the first is the whole.
    pub modules: Vec<Module>,
    /// Its tensors.
    pub tensors: NamedTensors,
    /// Whether some modules were left out.
    pub is_cut: bool,
    /// What hooks are registered under, with how many: `_forward_hooks`.
    pub hooks: Vec<(String, u64)>,
}

struct Waiting {
    node: NodeId,
    name: String,
    prefix: usize,
    level: u32,
}

impl Lens<'_> {
    /// The tree of a module; `None` for what has no `_parameters` and `_modules`.
    #[must_use]
    pub fn module_tree(&self, node: NodeId) -> Option<ModuleTree> {
        self.module_dicts(node)?;
        let tensors = self.named_tensors(node).unwrap_or_default();
        let by_name: HashMap<&str, usize> =
            tensors.tensors.iter().enumerate().map(|(index, named)| (named.name.as_str(), index)).collect();
        let mut tree =
            Growing { lens: self, by_name, modules: Vec::new(), below: Vec::new(), is_cut: false, hooks: Vec::new() };
        tree.walk(node);
        let Growing { mut modules, below, is_cut, hooks, .. } = tree;
        for (module, below) in modules.iter_mut().zip(&below) {
            let is_parameter = |index: &usize| tensors.tensors[*index].role == TensorRole::Parameter;
            let parameters: Vec<usize> = below.iter().copied().filter(is_parameter).collect();
            module.parameters = tensors.measure(&parameters);
            module.bytes = tensors.measure(below).bytes;
        }
        Some(ModuleTree { modules, tensors, is_cut, hooks })
    }
}

struct Growing<'l, 'a, 'n> {
    lens: &'l Lens<'a>,
    by_name: HashMap<&'n str, usize>,
    modules: Vec<Module>,
    /// For each module the tensors in it and below it.
    below: Vec<Vec<usize>>,
    is_cut: bool,
    hooks: Vec<(String, u64)>,
}

impl Growing<'_, '_, '_> {
    fn walk(&mut self, root: NodeId) {
        let mut path = String::new();
        let mut around: Vec<usize> = Vec::new();
        let mut seen: HashSet<NodeId> = HashSet::new();
        let mut waiting = vec![Waiting { node: root, name: String::new(), prefix: 0, level: 0 }];
        while let Some(Waiting { node, name, prefix, level }) = waiting.pop() {
            let Some((dicts, object)) = self.lens.module_dicts(node).zip(self.lens.object(node)) else { continue };
            path.truncate(prefix);
            push_name(&mut path, &name);
            around.truncate(level as usize);
            let is_inside = around.iter().any(|&module| self.modules[module].node == node);
            if self.modules.len() >= MODULES || level > LEVELS || is_inside {
                self.is_cut = true;
                continue;
            }
            around.push(self.modules.len());
            let own = self.own(&dicts, &path);
            self.count_hooks(&object);
            self.modules.push(Module {
                level,
                name,
                node,
                class: object.class.full_name(),
                settings: settings(self.lens, &object, dicts.parameters),
                own: own.clone(),
                parameters: Measure::default(),
                bytes: 0,
                is_repeated: !seen.insert(node),
            });
            self.below.push(Vec::new());
            for &module in &around {
                self.below[module].extend_from_slice(&own);
            }
            let first = waiting.len();
            for (key, value) in self.lens.pairs(dicts.modules.node()).take(MODULES) {
                let name = self.lens.string(key).unwrap_or_else(|| self.lens.inline(key));
                waiting.push(Waiting { node: value.node(), name, prefix: path.len(), level: level + 1 });
            }
            waiting[first..].reverse();
        }
    }

    /// The tensors that are in a module itself.
    fn own(&self, dicts: &ModuleDicts, path: &str) -> Vec<usize> {
        let dicts = [Some(dicts.parameters), dicts.buffers];
        let mut own = Vec::new();
        for (key, _) in dicts.into_iter().flatten().flat_map(|dict| self.lens.pairs(dict.node()).take(MODULES)) {
            let mut name = path.to_owned();
            push_name(&mut name, &self.lens.string(key).unwrap_or_else(|| self.lens.inline(key)));
            own.extend(self.by_name.get(name.as_str()));
        }
        own
    }

    fn count_hooks(&mut self, object: &Object<'_>) {
        for (name, value) in object.attributes() {
            if !name.ends_with("hooks") || !name.starts_with('_') {
                continue;
            }
            let count = self.lens.pairs(value.node()).take(MODULES).count() as u64;
            if count == 0 {
                continue;
            }
            match self.hooks.iter().position(|(known, _)| *known == name) {
                Some(at) => self.hooks[at].1 += count,
                None if self.hooks.len() < HOOKS => self.hooks.push((name, count)),
                None => {}
            }
        }
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() && !name.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// `extra_repr` of torch's classes, by class: names of attributes in order. `name` is shown without its name, `name=` with
/// it, `name=?x` only when it is something else than x (or a tuple of nothing else), `name=!` only as `name=False`, and
/// `bias=` as whether there is such a parameter.
const KNOWN: &[(&str, &str)] = &[
    ("Linear", "in_features= out_features= bias="),
    ("LazyLinear", "in_features= out_features= bias="),
    ("NonDynamicallyQuantizableLinear", "in_features= out_features= bias="),
    ("Bilinear", "in1_features= in2_features= out_features= bias="),
    (
        "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d",
        "in_channels out_channels kernel_size= stride= padding=?0 dilation=?1 output_padding=?0 groups=?1 bias=! padding_mode=?'zeros'",
    ),
    (
        "BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm InstanceNorm1d InstanceNorm2d InstanceNorm3d",
        "num_features eps= momentum= affine= track_running_stats=",
    ),
    ("LayerNorm RMSNorm", "normalized_shape eps= elementwise_affine="),
    ("GroupNorm", "num_groups num_channels eps= affine="),
    (
        "Embedding",
        "num_embeddings embedding_dim padding_idx=?None max_norm=?None norm_type=?2.0 scale_grad_by_freq=?False sparse=?False",
    ),
    (
        "EmbeddingBag",
        "num_embeddings embedding_dim max_norm=?None norm_type=?2.0 scale_grad_by_freq=?False mode= padding_idx=?None",
    ),
    ("Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout", "p= inplace="),
    ("ReLU ReLU6 SiLU Mish Hardswish Hardsigmoid SELU", "inplace=?False"),
    ("ELU CELU", "alpha= inplace=?False"),
    ("GELU", "approximate="),
    ("LeakyReLU", "negative_slope= inplace=?False"),
    ("Hardtanh", "min_val= max_val= inplace=?False"),
    ("PReLU", "num_parameters="),
    ("Softplus", "beta= threshold="),
    ("Softmax LogSoftmax", "dim="),
    (
        "RNN LSTM GRU",
        "input_size hidden_size proj_size=?0 num_layers=?1 bias=? batch_first=?False dropout=?0 bidirectional=?False",
    ),
    ("MaxPool1d MaxPool2d MaxPool3d", "kernel_size= stride= padding= dilation= ceil_mode="),
    ("AvgPool1d AvgPool2d AvgPool3d", "kernel_size= stride= padding="),
    (
        "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d",
        "output_size=",
    ),
    ("Flatten", "start_dim= end_dim="),
    ("Unflatten", "dim= unflattened_size="),
    ("Upsample", "size=?None scale_factor=?None mode="),
    ("PixelShuffle", "upscale_factor="),
    ("ZeroPad2d ConstantPad1d ConstantPad2d ReflectionPad2d ReplicationPad2d", "padding"),
    (
        "Identity Sequential ModuleList ModuleDict ParameterList ParameterDict MultiheadAttention Sigmoid Tanh Transformer TransformerEncoder TransformerDecoder TransformerEncoderLayer TransformerDecoderLayer DataParallel DistributedDataParallel",
        "",
    ),
];

/// What a module was set to.
fn settings(lens: &Lens<'_>, object: &Object<'_>, parameters: Edge) -> String {
    let short = object.class.short_name();
    let is_known = |(names, _): &&(&str, &str)| names.split(' ').any(|name| name == short);
    match KNOWN.iter().find(is_known).filter(|_| object.is_in("torch")) {
        Some((_, wanted)) => {
            let words = wanted.split(' ').filter(|word| !word.is_empty());
            words.filter_map(|word| setting(lens, object, parameters, word)).collect::<Vec<_>>().join(", ")
        }
        None => {
            let shown = |(name, value): (String, Edge)| {
                let is_own = !name.starts_with('_') && name != "training";
                Some(format!("{name}={}", lens.plain_value(value).filter(|_| is_own)?))
            };
            object.attributes().into_iter().filter_map(shown).take(SETTINGS).collect::<Vec<_>>().join(", ")
        }
    }
}

/// One setting by its word in [`KNOWN`].
fn setting(lens: &Lens<'_>, object: &Object<'_>, parameters: Edge, word: &str) -> Option<String> {
    let (name, how) = match word.split_once('=') {
        Some((name, how)) => (name, Some(how)),
        None => (word, None),
    };
    let own = object.attribute(name).and_then(|value| lens.plain_value(value));
    let value = match own {
        // `bias` is a parameter: what matters is whether there is one.
        None if name == "bias" => {
            let bias = lens.value_of(parameters, "bias").filter(|bias| !lens.is_none(*bias));
            if bias.is_some() { "True" } else { "False" }.to_owned()
        }
        own => own?,
    };
    match how {
        None => Some(value),
        Some("") => Some(format!("{name}={value}")),
        Some("!") => (value == "False").then(|| format!("{name}=False")),
        // `bias` of recurrent layers is shown when it is not True.
        Some("?") => (value != "True").then(|| format!("{name}={value}")),
        Some(default) => {
            let default = &default[1..];
            let inner = value.trim_matches(['(', ')']).trim_end_matches(',');
            let is_default = inner
                .split(", ")
                .all(|one| one == default || one.parse::<f64>().is_ok_and(|a| default.parse() == Ok(a)));
            (!is_default).then(|| format!("{name}={value}"))
        }
    }
}
