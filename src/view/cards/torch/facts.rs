//! What is said of tensors by name: how many, how large, where their numbers are.

use crate::lens::{Layout, Lens, Measure, NamedTensors, Tensor, TensorRole, shape_text};
use crate::view::card::CardFact;
use crate::view::preview::{grouped, plural, size_text};

/// dtype and layout of a tensor: `float32`, `qint8, per_tensor_affine`, `float32, sparse_csr`.
pub(super) fn dtype_text(tensor: &Tensor) -> String {
    let name = &tensor.dtype.name;
    match &tensor.layout {
        Layout::Strided | Layout::Numpy => name.clone(),
        Layout::Sparse(layout) | Layout::Quantized(layout) => format!("{name}, {layout}"),
        Layout::Nested => format!("{name}, nested"),
        Layout::None => format!("{name}, no numbers"),
    }
}

/// The shape, as Python writes a tuple.
pub(super) fn shape_of(tensor: &Tensor) -> String {
    shape_text(&tensor.shape)
}

/// `62 tensors, 11,689,512 parameters, 46.8 MB`
pub(in crate::view::cards) fn summary(named: &NamedTensors, word: &str) -> String {
    let (all, buffers) = parts(named);
    let elements = all.elements.saturating_sub(buffers.elements);
    let tensors = plural(all.tensors, word, &format!("{word}s"));
    let cut = if named.is_cut { " and more" } else { "" };
    format!("{tensors}{cut}, {}, {}", plural(elements, "parameter", "parameters"), size_text(all.bytes))
}

/// How much all tensors are, and how much those are that are no parameters.
pub(super) fn parts(named: &NamedTensors) -> (Measure, Measure) {
    (named.measure(&named.all()), named.measure(&named.buffers()))
}

/// Facts of tensors by name.
pub(super) fn facts(lens: &Lens<'_>, named: &NamedTensors) -> Vec<CardFact> {
    let (all, buffers) = parts(named);
    let mut facts = vec![CardFact::new("tensors", grouped(all.tensors))];
    let parameters = grouped(all.elements.saturating_sub(buffers.elements));
    if named.roles_are_known() {
        facts.push(CardFact::new("parameters", parameters));
        let has_state = named.tensors.iter().any(|tensor| tensor.role == TensorRole::OptimizerState);
        let others = if has_state { "elements of buffers and optimizer" } else { "elements of buffers" };
        facts.push(CardFact::new(others, grouped(buffers.elements)));
    } else if buffers.tensors > 0 {
        let evidence = "all elements but those of running_mean, running_var, num_batches_tracked and the state of an optimizer; a state \
             dict does not say";
        facts.push(CardFact::guess("parameters", parameters, evidence));
        facts.push(CardFact::new("elements", grouped(all.elements)));
    } else {
        facts.push(CardFact::new("elements", grouped(all.elements)));
    }
    facts.push(CardFact::new("bytes", format!("{} ({})", size_text(all.bytes), grouped(all.bytes))));
    let dtypes = named.dtypes().into_iter().take(8);
    let dtypes: Vec<String> = dtypes.map(|(name, count)| format!("{name} ({})", grouped(count))).collect();
    facts.push(CardFact::new("dtypes", dtypes.join(", ")));
    facts.extend(storages(lens, named));
    facts
}

/// The storages of the tensors, and where they were.
fn storages(lens: &Lens<'_>, named: &NamedTensors) -> Vec<CardFact> {
    let mut facts = Vec::new();
    let count = named.storages.len() as u64;
    let bytes = named.storage_bytes();
    facts.push(CardFact::new("storages", format!("{}, {}", grouped(count), size_text(bytes))));
    let shared = named.storages.iter().filter(|storage| storage.views.len() > 1).count() as u64;
    if shared > 0 {
        facts.push(CardFact::new("shared storages", grouped(shared)));
    }
    let mut locations: Vec<&str> = named.storages.iter().filter_map(|storage| storage.location.as_deref()).collect();
    locations.sort_unstable();
    locations.dedup();
    if !locations.is_empty() {
        let more = locations.len().saturating_sub(8);
        let mut text = locations[..locations.len() - more]
            .iter()
            .map(|text| crate::opcode::printable(text).into_owned())
            .collect::<Vec<_>>()
            .join(", ");
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
        facts.push(CardFact::new("devices", text));
    }
    if lens.attached.big_endian {
        facts.push(CardFact::new("byte order", "big"));
    }
    facts
}

/// What does not fit together in tensors by name, a sentence each.
pub(super) fn remarks(lens: &Lens<'_>, named: &NamedTensors) -> Vec<String> {
    let mut remarks = Vec::new();
    let missing = named.storages.iter().filter(|storage| !storage.is_there).count() as u64;
    if missing > 0 {
        let storages = plural(missing, "storage is", "storages are");
        remarks.push(format!("{storages} not in this file, so the numbers of their tensors are not either"));
    }
    let broken =
        |view: &crate::lens::NamedTensor| lens.array(view.tensor.node).is_some_and(|array| array.problem.is_some());
    let broken: Vec<&str> = named.tensors.iter().filter(|view| broken(view)).map(|view| view.name.as_str()).collect();
    if let Some(first) = broken.first() {
        let count = plural(broken.len() as u64, "tensor reaches", "tensors reach");
        remarks.push(format!("{count} beyond the storage, the first of them {}", crate::opcode::printable(first)));
    }
    if named.is_cut {
        remarks.push("there is more than is shown here: tensors, levels or names beyond what is gathered".to_owned());
    }
    remarks
}
