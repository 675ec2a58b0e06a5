//! The tensors of a tar of torch 0.1, which stand in members of their own: `storages` and `tensors` have a number, and then
//! for each a small pickle with numbers behind it (`torch/serialization.py`, `legacy_load`).

use super::storage::storage_dtype;
use crate::bytes::{Limits, Slice, Source, Span, read_span};
use crate::graph::{Edge, RunKind};
use crate::lens::graph_view::{Attached, Blob, GraphView, Part, Python2Reading, Shape, ShapeKind, TarTensor};
use crate::lens::numbers::{Array, Data, Order, Payload};
use crate::lens::recogniser::Lens;
use crate::machine;
use crate::machine::Reading;
use std::collections::HashMap;
use std::sync::Arc;

/// Dimensions of a tensor; more are damage.
const DIMENSIONS: usize = 64;

/// The tensor that a persistent id stands for.
pub(in crate::lens) fn named<'a>(view: &GraphView<'a>, id: Edge) -> Option<&'a TarTensor> {
    if view.attached.tensors.is_empty() {
        return None;
    }
    let number = view.string(id).unwrap_or_else(|| view.inline(id));
    view.attached.tensors.get(&number)
}

/// The numbers of the tensor that a persistent id stands for.
pub(in crate::lens) fn array<'a>(lens: &Lens<'a>, id: Edge) -> Option<Array<'a>> {
    let tensor = named(lens, id)?;
    let order = Order::Strided { offset: tensor.offset, strides: tensor.strides.clone() };
    let blob = &tensor.blob;
    let data = Data::Bytes(Payload::plain(&*blob.source, blob.span, Some(&blob.place)));
    Some(Array::new(**lens, storage_dtype(&tensor.storage_class)?, tensor.shape.clone(), order, data))
}

/// The shape of a persistent id, when it stands for a tensor.
pub(in crate::lens) fn shape(lens: &Lens<'_>, id: Edge) -> Option<Shape> {
    let text = array(lens, id)?.text();
    Some(Shape::named(ShapeKind::Instance, "torch", "Tensor", vec![Part::role("id", id)]).with_text(text))
}

/// Pickles and numbers in turn.
struct Turns<'l> {
    source: Arc<dyn Source>,
    limits: &'l Limits,
    at: u64,
}

impl Turns<'_> {
    /// Lets `read` look at the value of the next pickle.
    fn pickle<T>(&mut self, read: impl Fn(&GraphView<'_>, Edge) -> Option<T>) -> Option<T> {
        let rest = Slice::new(Arc::clone(&self.source), Span::new(self.at, self.source.len()));
        let one = Limits { streams: 1, ..self.limits.clone() };
        let reading: Reading = machine::read(&rest, &one, &mut |_, _| {});
        let stream = reading.streams.first().filter(|stream| stream.complete)?;
        self.at = self.at.checked_add(stream.span.end)?;
        let attached = Attached::default();
        let python2 = Python2Reading::default();
        let view =
            GraphView { graph: &reading.graph, source: &rest, limits: self.limits, python2, attached: &attached };
        read(&view, stream.root?)
    }

    /// The next integer of eight bytes.
    fn number(&mut self) -> Option<u64> {
        let bytes = read_span(&*self.source, Span::new(self.at, self.at.checked_add(8)?)).ok()?;
        self.at += 8;
        Some(u64::from_le_bytes(<[u8; 8]>::try_from(&*bytes).ok()?))
    }
}

/// Three items of a tuple: two as text, and the name of a class, given as that of its storage.
fn entry(view: &GraphView<'_>, value: Edge) -> Option<(Vec<String>, String)> {
    let items: Vec<Edge> = view.graph.items(value.node()).take(3).collect();
    let storage_class = view.symbol(*items.get(2)?)?.short_name().replace("Tensor", "Storage");
    storage_dtype(&storage_class)?;
    Some((items.iter().map(|&item| view.inline(item)).collect(), storage_class))
}

fn count(view: &GraphView<'_>, value: Edge) -> Option<i64> {
    view.int(value)
}

/// Reads the members `storages` and `tensors` as far as they make sense. Tensors by the number that the pickle has for them.
#[must_use]
pub fn tar_tensors(storages: &Blob, tensors: &Blob, limits: &Limits) -> HashMap<String, TarTensor> {
    let mut found = HashMap::new();
    let storages = tar_storages(storages, limits);
    let mut turns = Turns { source: Arc::clone(&tensors.source), limits, at: 0 };
    let number = turns.pickle(count).unwrap_or_default();
    for _ in 0..number {
        let Some((key, tensor)) = tensor(&mut turns, &storages) else { break };
        found.extend(tensor.map(|tensor| (key, tensor)));
    }
    found
}

/// One tensor; its storage may be missing.
fn tensor(turns: &mut Turns<'_>, storages: &HashMap<String, Blob>) -> Option<(String, Option<TarTensor>)> {
    let (words, storage_class) = turns.pickle(entry)?;
    // The number of dimensions has four bytes, and four that mean nothing.
    let dimensions = usize::try_from(turns.number()? & 0xffff_ffff).ok().filter(|count| *count <= DIMENSIONS)?;
    let shape: Vec<u64> = (0..dimensions).map(|_| turns.number()).collect::<Option<_>>()?;
    let strides: Vec<u64> = (0..dimensions).map(|_| turns.number()).collect::<Option<_>>()?;
    let offset = turns.number()?;
    let [key, storage, _] = <[String; 3]>::try_from(words).ok()?;
    let blob = storages.get(&storage).cloned();
    Some((key, blob.map(|blob| TarTensor { storage_class, shape, strides, offset, blob })))
}

/// The bytes of each storage by its number; those that are a part of another one come last.
fn tar_storages(member: &Blob, limits: &Limits) -> HashMap<String, Blob> {
    let mut found: HashMap<String, Blob> = HashMap::new();
    let mut sizes: HashMap<String, u64> = HashMap::new();
    let mut turns = Turns { source: Arc::clone(&member.source), limits, at: 0 };
    let number = turns.pickle(count).unwrap_or_default();
    for _ in 0..number {
        let Some((words, class)) = turns.pickle(entry) else { return found };
        let Some(size) = storage_dtype(&class).map(|dtype| dtype.itemsize) else { return found };
        let Some(elements) = turns.number() else { return found };
        let end = elements.checked_mul(size).and_then(|bytes| turns.at.checked_add(bytes));
        let Some((key, end)) = words.into_iter().next().zip(end) else { return found };
        let span = Span::new(turns.at, end.min(turns.source.len()).max(turns.at));
        turns.at = end;
        sizes.insert(key.clone(), size);
        found.insert(key, Blob { span, ..member.clone() });
    }
    // `(number, number of the root, first element, elements)`
    let views = |view: &GraphView<'_>, list: Edge| -> Option<Vec<Vec<String>>> {
        let words = |part: Edge| view.graph.items(part.node()).map(|item| view.inline(item)).collect();
        Some(view.graph.run_window(list.node(), RunKind::Items, 0).map(words).collect())
    };
    for view in turns.pickle(views).unwrap_or_default() {
        let [key, root, first, elements] = &view[..] else { continue };
        let (Some(blob), Some(size)) = (found.get(root), sizes.get(root)) else { continue };
        let bytes = |text: &str| text.parse::<u64>().ok()?.checked_mul(*size);
        let (Some(first), Some(length)) = (bytes(first), bytes(elements)) else { continue };
        let start = blob.span.start.saturating_add(first).min(blob.span.end);
        let span = Span::new(start, start.saturating_add(length).min(blob.span.end));
        let part = Blob { span, ..blob.clone() };
        found.insert(key.clone(), part);
    }
    found
}
