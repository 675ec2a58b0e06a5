//! numpy's random generators: which algorithm, and where in its sequence it stands.
//!
//! Sources: `numpy/random/_pickle.py` (`__randomstate_ctor`, `__generator_ctor`, `__bit_generator_ctor`, and before 1.17
//! `__RandomState_ctor`), `numpy/random/bit_generator.pyx` (`SeedSequence`), the `state` of each bit generator.

use crate::graph::{Edge, Node, NodeId, Symbol};
use crate::lens::graph_view::{Call, Shape, ShapeKind};
use crate::lens::numbers::numpy_scalar;
use crate::lens::recogniser::Lens;

/// A generator of random numbers, or what seeds one.
#[derive(Clone, Debug, Default)]
pub struct Random {
    /// Its class: `RandomState`, `Generator`, `PCG64`, `SeedSequence`.
    pub class: String,
    /// The algorithm that makes the bits: `MT19937`.
    pub algorithm: Option<String>,
    /// What its state says, named as numpy does.
    pub facts: Vec<(String, String)>,
    /// The words of the state, when they are an array.
    pub words: Option<NodeId>,
    /// The bit generator or seed sequence inside.
    pub inside: Vec<(String, Edge)>,
}

/// The shape of a call that makes a generator.
pub(in crate::lens) fn read(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let random = of(lens, call, symbol)?;
    let mut parts = lens.argument_parts(call);
    parts.extend(lens.added_parts(call.id));
    Some(Shape::named(ShapeKind::Instance, "numpy.random", &random.class, parts).with_text(random.text()))
}

impl Random {
    /// `MT19937, position 624`
    #[must_use]
    pub fn text(&self) -> String {
        let shown = ["position", "entropy", "counter", "spawn key"];
        let algorithm = self.algorithm.clone().filter(|algorithm| *algorithm != self.class);
        let facts = self.facts.iter().filter(|(name, _)| shown.contains(&name.as_str()));
        let words: Vec<String> =
            algorithm.into_iter().chain(facts.map(|(name, value)| format!("{name} {value}"))).collect();
        if words.is_empty() { "random numbers".to_owned() } else { words.join(", ") }
    }
}

impl Lens<'_> {
    /// The random generator that a value is.
    #[must_use]
    pub fn random(&self, node: NodeId) -> Option<Random> {
        let call = self.call(node)?;
        of(self, &call, call.symbol?)
    }
}

fn of(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Random> {
    if !symbol.module.starts_with("numpy.random") && symbol.module != "mtrand" {
        return None;
    }
    let class = match symbol.name.as_str() {
        "__randomstate_ctor" | "__RandomState_ctor" => "RandomState",
        "__generator_ctor" => "Generator",
        "__bit_generator_ctor" => "",
        "__pyx_unpickle_SeedSequence" => return seed_sequence(lens, call),
        _ => return None,
    };
    let mut random = Random { class: class.to_owned(), ..Random::default() };
    // A name, a class, or the bit generator itself.
    if let Some(&first) = call.args.first() {
        let name = lens.string(first).or_else(|| Some(lens.symbol(first)?.short_name().to_owned()));
        random.algorithm = name.or_else(|| lens.random_inside(first).and_then(|inside| inside.algorithm));
        if matches!(lens.graph.node(first.node()), Node::Call { .. }) {
            random.inside.push(("bit generator".to_owned(), first));
        }
    }
    if let Some(state) = lens.states(call.id).last() {
        random.read_state(lens, state);
    }
    if random.class.is_empty() {
        random.class = random.algorithm.clone().unwrap_or_else(|| "BitGenerator".to_owned());
    }
    // A Generator of numpy 2 has everything in its bit generator.
    if random.facts.is_empty()
        && let Some(&first) = call.args.first()
        && let Some(inside) = lens.random_inside(first)
    {
        random.facts = inside.facts;
        random.words = inside.words;
    }
    Some(random)
}

/// Only a bit generator stands inside a generator, so this goes one level down.
impl Lens<'_> {
    fn random_inside(&self, edge: Edge) -> Option<Random> {
        let call = self.call(edge.node())?;
        let symbol = call.symbol.filter(|symbol| symbol.name == "__bit_generator_ctor")?;
        // What it is made with must not be a call again.
        let is_plain =
            call.args.first().is_none_or(|first| !matches!(self.graph.node(first.node()), Node::Call { .. }));
        if is_plain { of(self, &call, symbol) } else { None }
    }
}

impl Random {
    fn read_state(&mut self, lens: &Lens<'_>, state: Edge) {
        if lens.graph.node(state.node()) == Node::Dict {
            return self.read_dict(lens, state);
        }
        let items: Vec<Edge> = lens.graph.items(state.node()).take(6).collect();
        match items[..] {
            // `(state, seed sequence)` since 2.0
            [state, seed] if lens.graph.node(state.node()) == Node::Dict => {
                self.read_dict(lens, state);
                self.inside.push(("seed sequence".to_owned(), seed));
            }
            // `('MT19937', key, position, has_gauss, cached_gaussian)` before 1.17
            [name, key, position, ref gauss @ ..] if lens.string(name).is_some() => {
                self.algorithm = lens.string(name);
                self.words(lens, key);
                self.fact("position", lens.inline(position));
                self.gauss(lens, gauss.first().copied(), gauss.get(1).copied());
            }
            _ => {}
        }
    }

    fn read_dict(&mut self, lens: &Lens<'_>, dict: Edge) {
        if let Some(name) = lens.value_of(dict, "bit_generator").and_then(|name| lens.string(name)) {
            self.algorithm = Some(name);
        }
        let Some(state) = lens.value_of(dict, "state") else { return };
        for (name, value) in lens.named_values(state).into_iter().take(8) {
            let name = match name.as_str() {
                "pos" => "position",
                "inc" => "increment",
                "key" if self.algorithm.as_deref() == Some("MT19937") => "words",
                other => other,
            };
            if name == "words" {
                self.words(lens, value);
            } else {
                self.fact(name, number(lens, value));
            }
        }
        for (name, shown) in [("buffer_pos", "buffer position"), ("uinteger", "held 32 bits")] {
            let is_held =
                name != "uinteger" || lens.value_of(dict, "has_uint32").and_then(|has| lens.int(has)) == Some(1);
            if let Some(value) = lens.value_of(dict, name).filter(|_| is_held) {
                self.fact(shown, number(lens, value));
            }
        }
        self.gauss(lens, lens.value_of(dict, "has_gauss"), lens.value_of(dict, "gauss"));
    }

    fn words(&mut self, lens: &Lens<'_>, edge: Edge) {
        self.fact("words", number(lens, edge));
        self.words = lens.array(edge.node()).map(|_| edge.node());
    }

    /// The second number of a pair that a normal variate is taken from.
    fn gauss(&mut self, lens: &Lens<'_>, has: Option<Edge>, value: Option<Edge>) {
        if let (Some(has), Some(value)) = (has, value)
            && lens.int(has) == Some(1)
        {
            self.fact("held normal number", lens.inline(value));
        }
    }

    fn fact(&mut self, name: &str, value: String) {
        self.facts.push((name.to_owned(), value));
    }
}

/// `__pyx_unpickle_SeedSequence(class, checksum, None)` and BUILD
/// `(entropy, n_children_spawned, pool, pool_size, spawn_key)`, or the state as the third argument.
fn seed_sequence(lens: &Lens<'_>, call: &Call<'_>) -> Option<Random> {
    let state = lens.states(call.id).last().or_else(|| call.args.get(2).copied())?;
    let items: Vec<Edge> = lens.graph.items(state.node()).take(6).collect();
    let &[entropy, spawned, pool, size, key, ..] = &items[..] else { return None };
    let class = call.args.first().and_then(|&class| lens.symbol(class));
    let mut random = Random {
        class: class.map_or_else(|| "SeedSequence".to_owned(), |class| class.short_name().to_owned()),
        ..Random::default()
    };
    random.fact("entropy", number(lens, entropy));
    if lens.graph.items(key.node()).len() > 0 {
        random.fact("spawn key", number(lens, key));
    }
    random.fact("children spawned", number(lens, spawned));
    random.fact("pool", number(lens, pool));
    random.fact("pool size", number(lens, size));
    random.words = lens.array(pool.node()).map(|_| pool.node());
    Some(random)
}

/// A number, the first of several, or what else it is.
fn number(lens: &Lens<'_>, edge: Edge) -> String {
    const SHOWN: usize = 4;
    if let Some(array) = lens.array(edge.node()) {
        let values = array.values(0, SHOWN, 40).unwrap_or_default();
        let more = if array.len() > SHOWN as u64 { format!(", … ({} in all)", array.len()) } else { String::new() };
        return format!("[{}{more}]", values.join(", "));
    }
    if let Some(items) = lens.sequence(edge).filter(|items| !items.is_empty()) {
        let values: Vec<String> = items.iter().take(SHOWN).map(|&item| lens.inline(item)).collect();
        let more = if items.len() > SHOWN { format!(", … ({} in all)", items.len()) } else { String::new() };
        return format!("[{}{more}]", values.join(", "));
    }
    numpy_scalar::text(lens, edge).unwrap_or_else(|| lens.inline(edge))
}
