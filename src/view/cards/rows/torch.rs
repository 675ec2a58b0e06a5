//! Rows of torch's compounds.

use crate::graph::{NodeId, RunKind};
use crate::lens::{Lens, Optimizer, TensorKind};
use crate::opcode::printable;
use crate::view::cards::torch::facts::summary;
use crate::view::preview::{plural, size_text};
use crate::view::{TextKind, TextPart};

/// Submodules up to which a row of the tree counts everything below its value.
const SUBMODULES: u64 = 1024;

/// Members up to which a row of the tree counts everything below its value.
const MEMBERS: usize = 4096;

/// The type and the preview of its row in the tree, in place of those that any dict has.
#[must_use]
pub(super) fn row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    match lens.tensor_kind(node) {
        Some(TensorKind::Module) => module_row(lens, node),
        Some(TensorKind::OptimizerState) => optimizer_row(lens, node),
        Some(TensorKind::Tensors) => None,
        Some(kind) => state_dict_row(lens, node, kind),
        None => scheduler_row(lens, node),
    }
}

/// The row of the tree: class, settings and size.
fn module_row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    let dicts = lens.module_dicts(node)?;
    let class = lens.object(node)?.class.short_name().to_owned();
    let children = lens.graph.run_length(dicts.modules.node(), RunKind::Pairs) / 2;
    if children > SUBMODULES {
        return None;
    }
    let tree = lens.module_tree(node)?;
    let whole = tree.modules.first()?;
    let mut words = Vec::new();
    if !whole.settings.is_empty() && children == 0 {
        words.push(whole.settings.clone());
    }
    if children > 0 {
        words.push(plural(tree.modules.len() as u64 - 1, "submodule", "submodules"));
    }
    if whole.parameters.elements > 0 {
        words.push(plural(whole.parameters.elements, "parameter", "parameters"));
    }
    Some((class, vec![TextPart::new(TextKind::Number, words.join(" · "))]))
}

/// The row of the tree: `Adam state`, `12 tensors, 1.2 MB`.
fn optimizer_row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    let optimizer = lens.optimizer(node)?;
    let what = if optimizer.class.is_some() {
        optimizer_name(&optimizer)
    } else {
        format!("{} state", optimizer_name(&optimizer))
    };
    let all = optimizer.tensors.measure(&optimizer.tensors.all());
    let mut text = plural(optimizer.groups.len() as u64, "group", "groups");
    text.push_str(&format!(", {}, {}", plural(all.tensors, "tensor", "tensors"), size_text(all.bytes)));
    if let Some(step) = &optimizer.step {
        text.push_str(&format!(", step {step}"));
    }
    Some((what, vec![TextPart::new(TextKind::Number, text)]))
}

/// `Adam`, `torch.optim.sgd.SGD`, `optimizer`.
fn optimizer_name(optimizer: &Optimizer) -> String {
    match (&optimizer.class, &optimizer.guess) {
        (Some(class), _) => printable(class.rsplit('.').next().unwrap_or(class)).into_owned(),
        (None, Some((guess, _))) => guess.clone(),
        (None, None) => "optimizer".to_owned(),
    }
}

/// The row of a scheduler's state.
fn scheduler_row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    let (name, _) = lens.scheduler_state(node)?;
    let epoch = lens.pairs(node).find(|(key, _)| lens.string(*key).as_deref() == Some("last_epoch"))?.1;
    let text = format!("last epoch {}", lens.inline(epoch));
    Some((format!("{name} state"), vec![TextPart::new(TextKind::Number, text)]))
}

/// The row of the tree.
fn state_dict_row(lens: &Lens<'_>, node: NodeId, kind: TensorKind) -> Option<(String, Vec<TextPart>)> {
    // A row is drawn at once, so what is huge is not gone through for it.
    if lens.pairs(node).nth(MEMBERS).is_some() {
        return None;
    }
    let named = lens.named_tensors(node)?;
    let text = match kind {
        TensorKind::Arrays => {
            let all = named.measure(&named.all());
            format!("{}, {}", plural(all.tensors, "array", "arrays"), size_text(all.bytes))
        }
        // Its optimiser has no parameters of its own.
        TensorKind::Checkpoint => {
            let all = named.measure(&named.all());
            format!("{}, {}", plural(all.tensors, "tensor", "tensors"), size_text(all.bytes))
        }
        _ => summary(&named, "tensor"),
    };
    Some((kind_word(kind).to_owned(), vec![TextPart::new(TextKind::Number, text)]))
}

/// The words for a kind.
pub(in crate::view::cards) fn kind_word(kind: TensorKind) -> &'static str {
    match kind {
        TensorKind::StateDict => "state dict",
        TensorKind::Arrays => "arrays by name",
        TensorKind::Checkpoint => "checkpoint",
        TensorKind::Tensors => "tensors",
        TensorKind::OptimizerState => "optimizer state",
        TensorKind::Module => "module",
    }
}
