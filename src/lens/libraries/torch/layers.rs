//! Names of tensors as a tree of layers, with totals and, from names and shapes alone, what the layers may be.

use super::named::{Measure, NamedTensors, TensorRole};
use std::collections::HashMap;

/// Layers in one tree.
const LAYERS: usize = 1 << 17;
/// Levels of a tree.
const LEVELS: usize = 64;

/// A layer, or a tensor in one.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Layers above it.
    pub level: u32,
    /// Its own name, without the names above it.
    pub name: String,
    /// The tensor, by position in [`NamedTensors::tensors`]; none for a layer.
    pub tensor: Option<usize>,
    /// Tensors in it, by position; of a tensor, itself.
    pub tensors: Vec<usize>,
    /// How much they are together.
    pub measure: Measure,
    /// What it may be: `Linear 784 -> 128`. A guess from names and shapes.
    pub guess: Option<String>,
}

/// A place in the tree while it grows.
struct Place {
    name: String,
    tensor: Option<usize>,
    children: Vec<usize>,
}

impl NamedTensors {
    /// The layers in the order of a walk, each before what is in it.
    #[must_use]
    pub fn layers(&self) -> Vec<Layer> {
        let places = self.places();
        let mut layers: Vec<Layer> = Vec::with_capacity(places.len());
        // Positions in `layers` of the layers around the one at hand.
        let mut around: Vec<usize> = Vec::new();
        let mut waiting: Vec<(usize, u32)> = places[0].children.iter().rev().map(|&child| (child, 0)).collect();
        while let Some((place, level)) = waiting.pop() {
            let Place { name, tensor, children } = &places[place];
            around.truncate(level as usize);
            around.push(layers.len());
            if let Some(tensor) = *tensor {
                for &layer in &around {
                    if let Some(layer) = layers.get_mut(layer) {
                        layer.tensors.push(tensor);
                    }
                }
            }
            layers.push(Layer {
                level,
                name: name.clone(),
                tensor: *tensor,
                tensors: tensor.iter().copied().collect(),
                measure: Measure::default(),
                guess: None,
            });
            waiting.extend(children.iter().rev().map(|&child| (child, level + 1)));
        }
        for layer in &mut layers {
            layer.measure = self.measure(&layer.tensors);
        }
        for index in 0..layers.len() {
            if layers[index].tensor.is_none() {
                layers[index].guess = self.guess_of(&layers, index);
            }
        }
        layers
    }

    /// The tree of names; the first place is the whole.
    fn places(&self) -> Vec<Place> {
        let mut places = vec![Place { name: String::new(), tensor: None, children: Vec::new() }];
        let mut known: HashMap<(usize, &str), usize> = HashMap::new();
        for (index, named) in self.tensors.iter().enumerate() {
            let mut at = 0;
            let mut names = named.name.splitn(LEVELS, '.').peekable();
            while let Some(name) = names.next() {
                let is_last = names.peek().is_none();
                let new = places.len();
                if new >= LAYERS {
                    return places;
                }
                // Two tensors of one name are two rows.
                let place = if is_last { new } else { *known.entry((at, name)).or_insert(new) };
                if place == new {
                    places[at].children.push(new);
                    places.push(Place {
                        name: name.to_owned(),
                        tensor: is_last.then_some(index),
                        children: Vec::new(),
                    });
                }
                at = place;
            }
        }
        places
    }

    /// What the layer at a position may be.
    fn guess_of(&self, layers: &[Layer], index: usize) -> Option<String> {
        let level = layers[index].level;
        let below = layers[index + 1..].iter().take_while(|layer| layer.level > level);
        let own: Vec<(&str, &[u64])> = below
            .filter(|layer| layer.level == level + 1)
            .filter_map(|layer| Some((layer.name.as_str(), &self.tensors[layer.tensor?].tensor.shape[..])))
            .take(256)
            .collect();
        guess(&layers[index].name, &own)
    }
}

/// What a layer with these tensors may be.
fn guess(name: &str, own: &[(&str, &[u64])]) -> Option<String> {
    let of = |wanted: &str| own.iter().find(|(name, _)| *name == wanted).map(|(_, shape)| *shape);
    if let (Some(input), Some(hidden)) = (of("weight_ih_l0"), of("weight_hh_l0")) {
        return recurrent(input, hidden, own);
    }
    if let Some(&[_, width]) = of("in_proj_weight") {
        return Some(format!("MultiheadAttention {width}"));
    }
    let has_bias = of("bias").is_some();
    let sides = |sides: &[u64]| sides.iter().map(u64::to_string).collect::<Vec<_>>().join("x");
    match *of("weight")? {
        [size] if of("running_mean").is_some() => Some(format!("BatchNorm {size}")),
        [size] if has_bias => Some(format!("LayerNorm {size}")),
        [size] if name.contains("norm") || name.starts_with("ln") => Some(format!("RMSNorm {size}")),
        [rows, width] if !has_bias && is_embedding(name) => Some(format!("Embedding {rows} x {width}")),
        [to, from] => Some(format!("Linear {from} -> {to}")),
        [to, from, ref kernel @ ..] if (1..=3).contains(&kernel.len()) => {
            Some(format!("Conv{}d {from} -> {to}, {}", kernel.len(), sides(kernel)))
        }
        _ => None,
    }
}

/// Names that layers of embeddings have in the libraries that write most models.
fn is_embedding(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("emb") || name.contains("lookup") || matches!(name.as_str(), "wte" | "wpe" | "shared" | "codebook")
}

/// An LSTM keeps four matrices in one, a GRU three.
fn recurrent(input: &[u64], hidden: &[u64], own: &[(&str, &[u64])]) -> Option<String> {
    let (&[rows, from], &[_, to]) = (input, hidden) else { return None };
    let kind = match rows.checked_div(to)? {
        1 => "RNN",
        3 => "GRU",
        4 => "LSTM",
        _ => return None,
    };
    let layers = own.iter().filter(|(name, _)| name.starts_with("weight_hh_l") && !name.ends_with("_reverse")).count();
    let both = own.iter().any(|(name, _)| name.ends_with("_reverse"));
    let mut text = format!("{kind} {from} -> {to}");
    if layers > 1 {
        text.push_str(&format!(", {layers} layers"));
    }
    if both {
        text.push_str(", bidirectional");
    }
    Some(text)
}

/// Names of the buffers that torch's own layers keep beside their parameters.
const BUFFERS: [&str; 3] = ["running_mean", "running_var", "num_batches_tracked"];

impl NamedTensors {
    /// The tensors that are no parameters: by what the file says, or by the names that torch's layers have for their
    /// buffers.
    #[must_use]
    pub fn buffers(&self) -> Vec<usize> {
        let is_buffer = |index: &usize| {
            let named = &self.tensors[*index];
            let last = named.name.rsplit('.').next().unwrap_or_default();
            match named.role {
                TensorRole::Parameter => false,
                TensorRole::Buffer | TensorRole::OptimizerState => true,
                TensorRole::Unknown => BUFFERS.contains(&last),
            }
        };
        (0..self.tensors.len()).filter(is_buffer).collect()
    }

    /// Whether the file says of every tensor what it is.
    #[must_use]
    pub fn roles_are_known(&self) -> bool {
        self.tensors.iter().all(|named| named.role != TensorRole::Unknown)
    }

    /// Bytes of the storages, each counted once; what no tensor reaches of them is counted too.
    #[must_use]
    pub fn storage_bytes(&self) -> u64 {
        self.storages.iter().fold(0, |sum, storage| sum.saturating_add(storage.bytes))
    }
}
