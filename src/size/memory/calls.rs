//! What calls make: instances, arrays, and the containers of the standard library.

use super::cpython;
use super::loaded::Loaded;
use crate::graph::{CallKind, Edge, Node, NodeId, RunKind, Symbol};
use crate::lens::{Call, Data};

/// Values of a fixed size that keep nothing of what they are made from.
const FIXED: [(&str, &str, u64); 19] = [
    ("datetime", "datetime", 42),
    ("datetime", "date", 32),
    ("datetime", "time", 40),
    ("datetime", "timedelta", 40),
    ("decimal", "Decimal", 104),
    ("builtins", "complex", 32),
    ("builtins", "getattr", 0),
    ("builtins", "object", 16),
    ("re", "_compile", 0),
    ("pathlib", "PurePosixPath", 224),
    ("pathlib", "PosixPath", 224),
    ("numpy.random", "__randomstate_ctor", 3400),
    ("numpy.random._pickle", "__randomstate_ctor", 3400),
    ("numpy.random._pickle", "__generator_ctor", 900),
    ("numpy.random._pickle", "__bit_generator_ctor", 400),
    ("pandas._libs.tslibs.timedeltas", "_timedelta_unpickle", 168),
    ("random", "Random", 2900),
    ("builtins", "slice", 96),
    ("torch._utils", "_get_layout", 0),
];

impl Loaded<'_> {
    /// The result of a call.
    pub(super) fn call(&mut self, id: NodeId) {
        let Some(call) = self.lens.call(id) else { return };
        let Some(symbol) = call.symbol else { return self.unknown(&call) };
        let fixed = FIXED.iter().find(|(module, name, _)| symbol.is(module, name));
        if let Some(&(_, _, bytes)) = fixed {
            self.objects += bytes;
            return;
        }
        let done = match symbol.module.split('.').next().unwrap_or_default() {
            "numpy" => self.numpy(&call, symbol),
            "torch" => self.torch(&call),
            "builtins" | "_codecs" | "collections" => self.builtin(&call, symbol),
            "sklearn" => self.tree(&call, symbol),
            "joblib" => self.side_file(&call),
            "pandas" => self.pandas(&call, symbol),
            "uuid" => self.uuid(&call),
            "scipy" => self.distribution(symbol),
            "xgboost" | "lightgbm" if symbol.name == "Booster" => self.booster(&call),
            _ => false,
        };
        if !done {
            self.unknown(&call);
        }
    }

    fn numpy(&mut self, call: &Call<'_>, symbol: &Symbol) -> bool {
        if symbol.is("numpy", "dtype") {
            const FIELD: u64 = 100;
            let state = self.lens.states(call.id).last();
            let fields = state.map(|state| self.lens.graph.items(state.node()).nth(3));
            let names = fields.flatten().map_or(0, |names| self.lens.graph.items(names.node()).len() as u64);
            self.objects += if names > 0 { 400 + FIELD * names } else { 96 };
            return true;
        }
        if symbol.name == "scalar" {
            let size = self.lens.numpy_scalar_bytes(call.id).map_or(8, |(_, bytes)| bytes.len() as u64);
            self.objects += 16 + size.max(8);
            return true;
        }
        let Some(array) = self.lens.array(call.id) else { return false };
        self.array(&array);
        // Of what it was made from, the description stays.
        let lens = self.lens;
        for edge in lens.states(call.id).last().into_iter().flat_map(|state| lens.graph.items(state.node())) {
            if lens.call(edge.node()).is_some_and(|call| call.symbol.is_some_and(|of| of.is("numpy", "dtype"))) {
                self.keep([edge]);
            }
        }
        if symbol.name == "_frombuffer" {
            // The bytes are kept as they are, and seen through a view of a view.
            const VIEWS: u64 = 440;
            self.objects += VIEWS;
            for &edge in &call.args {
                match lens.graph.node(edge.node()) {
                    Node::Call { .. } => self.keep([edge]),
                    _ => self.objects += self.taken_over(edge),
                }
            }
        } else if matches!(array.data, Data::Bytes(_)) {
            /// Longer data is not copied: the array keeps the bytes of its state (`array_setstate`).
            const COPIED: u64 = 1000;
            let data = lens.states(call.id).last().and_then(|state| lens.graph.items(state.node()).last());
            if let Some(data) = data.filter(|_| array.bytes().is_some_and(|bytes| bytes > COPIED)) {
                self.objects += self.taken_over(data);
            }
        }
        if symbol.name == "_mareconstruct" {
            const MASKED: u64 = 1000;
            self.objects += MASKED;
        }
        true
    }

    /// What bytes take beside the numbers in them, which are counted with their array.
    fn taken_over(&mut self, data: Edge) -> u64 {
        match self.lens.graph.node(data.node()) {
            Node::Bytes(_) | Node::ByteArray(_) if self.meet(data.node()) => 33,
            _ => 0,
        }
    }

    fn torch(&mut self, call: &Call<'_>) -> bool {
        let Some(tensor) = self.lens.tensor(call.id) else { return false };
        /// Objects of Python for a tensor and its storage.
        const TENSOR: u64 = 304;
        self.objects += TENSOR * tensor.storages.len().max(1) as u64;
        // Its storages are a few steps below.
        let mut waiting = call.args.clone();
        let mut steps = 0;
        while let Some(edge) = waiting.pop() {
            steps += 1;
            if steps > 64 {
                break;
            }
            match self.lens.graph.node(edge.node()) {
                Node::PersistentId(_) => self.keep([edge]),
                Node::Call { .. }
                    if self.lens.call(edge.node()).is_some_and(|call| call.symbol.is_some_and(is_torch)) =>
                {
                    self.loaded_storage(edge.node());
                    waiting.extend(self.lens.call(edge.node()).into_iter().flat_map(|call| call.args));
                }
                Node::Tuple => waiting.extend(self.lens.graph.items(edge.node()).take(8)),
                _ => {}
            }
        }
        true
    }

    /// A storage whose file is the bytes of a value.
    fn loaded_storage(&mut self, node: NodeId) {
        if self.lens.attached.loaded.contains_key(&node) && self.meet(node) {
            let bytes = self.first_payload(Edge::to(node));
            self.numbers += bytes;
            self.native += bytes;
        }
    }

    /// Length of the text or bytes that a call is given first.
    fn first_payload(&self, call: Edge) -> u64 {
        let first = self.lens.call(call.node()).and_then(|call| call.args.first().copied());
        first.map_or(0, |edge| match self.lens.graph.node(edge.node()) {
            Node::Bytes(span) | Node::Text { span, .. } => span.len(),
            _ => 0,
        })
    }

    fn builtin(&mut self, call: &Call<'_>, symbol: &Symbol) -> bool {
        let graph = self.lens.graph;
        let first = call.args.first().copied();
        let count = |edge: Edge| match graph.node(edge.node()) {
            Node::List => graph.run_length(edge.node(), RunKind::Items),
            _ => graph.items(edge.node()).len() as u64,
        };
        match (symbol.name.as_str(), first) {
            ("set" | "frozenset", first) => {
                self.objects += cpython::set(first.map_or(0, count));
                if let Some(list) = first {
                    self.keep(graph.run_window(list.node(), RunKind::Items, 0));
                    self.keep(graph.items(list.node()));
                }
            }
            ("bytearray" | "bytes" | "encode", Some(text)) => {
                let length = match graph.node(text.node()) {
                    Node::Text { span, .. } | Node::Bytes(span) => span.len(),
                    _ => 0,
                };
                self.objects +=
                    if symbol.name == "bytearray" { cpython::bytearray(length) } else { cpython::bytes(length) };
            }
            ("OrderedDict", _) => {
                let count = graph.run_length(call.id, RunKind::Pairs) / 2;
                // A node of the order for each, and the table of these.
                self.objects +=
                    136 + 32 * count + if count > 0 { 8 * (count * 2).next_power_of_two().max(8) } else { 0 };
                self.pairs(call.id);
                self.attributes_of(call.id);
            }
            ("defaultdict", _) => {
                self.objects += 72;
                self.pairs(call.id);
                self.attributes_of(call.id);
            }
            ("deque", _) => {
                let count = graph.run_length(call.id, RunKind::Items);
                self.objects += 232 + 528 * count.div_ceil(64).max(1);
                self.keep(graph.run_window(call.id, RunKind::Items, 0));
            }
            _ => return false,
        }
        true
    }

    /// A decision tree of scikit-learn: its arrays are copied to memory of its own.
    fn tree(&mut self, call: &Call<'_>, symbol: &Symbol) -> bool {
        if symbol.name != "Tree" || !symbol.module.ends_with("_tree") {
            return false;
        }
        const TREE: u64 = 180;
        self.objects += TREE;
        let state = self.lens.states(call.id).last();
        for (_, value) in state.map(|state| self.lens.named_values(state)).unwrap_or_default() {
            if let Some(array) = self.lens.array(value.node()) {
                let bytes = array.bytes().unwrap_or(0).min(self.lens.source.len());
                self.numbers += bytes;
                self.native += bytes;
            }
        }
        // The numbers of classes stay an array.
        self.keep(call.args.iter().copied());
        true
    }

    /// Indexes and blocks have more parts than their state shows; managers of one block keep less.
    fn pandas(&mut self, call: &Call<'_>, symbol: &Symbol) -> bool {
        let graph = self.lens.graph;
        let class = call.args.first().and_then(|&class| self.lens.symbol(class)).map_or("", |class| &class.name);
        self.objects += match symbol.name.as_str() {
            "_new_Index" if class == "RangeIndex" => 175,
            "_new_Index" => 400,
            "_new_DatetimeIndex" => 600,
            "_new_PeriodIndex" => 900,
            "_unpickle_block" => 250,
            _ => 0,
        };
        if symbol.name != "SingleBlockManager" {
            return false;
        }
        const MANAGER: u64 = 700;
        self.objects += MANAGER;
        // `(axes, values, items, {'0.14.1': …})`: the first two say all.
        let state = self.lens.states(call.id).last();
        for part in state.into_iter().flat_map(|state| graph.items(state.node())).take(2) {
            self.keep(graph.run_window(part.node(), RunKind::Items, 0));
        }
        true
    }

    /// A distribution of scipy makes its functions anew.
    fn distribution(&mut self, symbol: &Symbol) -> bool {
        const FUNCTIONS: u64 = 4500;
        let is_one =
            matches!(symbol.module.as_str(), "scipy.stats._continuous_distns" | "scipy.stats._discrete_distns");
        self.objects += if is_one { FUNCTIONS } else { 0 };
        false
    }

    fn uuid(&mut self, call: &Call<'_>) -> bool {
        const UUID: u64 = 96;
        self.objects += UUID;
        if let Some(state) = self.lens.states(call.id).last() {
            self.attributes(state);
        }
        true
    }

    /// A boosted model: what is a text or bytes in the file, the library has in memory of its own, in about as much.
    fn booster(&mut self, call: &Call<'_>) -> bool {
        let graph = self.lens.graph;
        let Some(state) = self.lens.states(call.id).last() else { return false };
        /// What the library's constructor adds.
        const BOOSTER: u64 = 1500;
        let is_light = call.symbol.is_some_and(|symbol| symbol.module.starts_with("lightgbm"));
        self.objects += if is_light { BOOSTER } else { 0 };
        self.objects += cpython::instance(graph.run_length(state.node(), RunKind::Pairs) / 2);
        for (name, value) in self.lens.named_values(state) {
            match graph.node(value.node()) {
                Node::Text { span, .. } | Node::Bytes(span) | Node::ByteArray(span) if name.ends_with("handle") => {
                    self.numbers += span.len();
                    self.native += span.len();
                }
                Node::Call { .. } if name.ends_with("handle") => {
                    let bytes = self.first_payload(value);
                    self.numbers += bytes;
                    self.native += bytes;
                }
                _ => self.keep([value]),
            }
        }
        true
    }

    fn side_file(&mut self, call: &Call<'_>) -> bool {
        let Some(array) = self.lens.array(call.id) else { return false };
        self.array(&array);
        true
    }

    /// An instance of a class, or the result of a function, of which nothing more is known: it keeps what it is given.
    fn unknown(&mut self, call: &Call<'_>) {
        let graph = self.lens.graph;
        let is_of_copyreg = call.symbol.is_some_and(|symbol| symbol.module == "copyreg");
        let args = if is_of_copyreg { call.args.get(1..).unwrap_or_default() } else { &call.args[..] };
        for &edge in args {
            match graph.node(edge.node()) {
                // Words for the constructor, gone when it is done.
                Node::Dict if call.kind == CallKind::Reduce => self.attributes(edge),
                _ => self.keep([edge]),
            }
        }
        if let Some(edge) = call.kwargs {
            self.attributes(edge);
        }
        self.objects += self.state(call.id);
        let items = graph.run_length(call.id, RunKind::Items);
        if items > 0 {
            self.objects += cpython::list(items).saturating_sub(cpython::GC + 16);
            self.keep(graph.run_window(call.id, RunKind::Items, 0));
        }
        self.pairs(call.id);
        self.keep(graph.run_window(call.id, RunKind::Members, 0));
    }

    /// The object and its attributes, by the state that BUILD gives.
    fn state(&mut self, id: NodeId) -> u64 {
        let graph = self.lens.graph;
        let Some(state) = self.lens.states(id).last() else { return cpython::instance(0) };
        match graph.node(state.node()) {
            Node::Dict => {
                self.attributes(state);
                cpython::instance(graph.run_length(state.node(), RunKind::Pairs) / 2)
            }
            Node::Tuple => {
                let halves: Vec<Edge> = graph.items(state.node()).take(3).collect();
                match halves[..] {
                    [dict, slots] if matches!(graph.node(slots.node()), Node::Dict) => {
                        let count = |edge: Edge| graph.run_length(edge.node(), RunKind::Pairs) / 2;
                        self.attributes(dict);
                        self.attributes(slots);
                        let own = if count(dict) > 0 { cpython::instance(count(dict)) } else { cpython::slots(0) };
                        own + 8 * count(slots)
                    }
                    _ => {
                        self.keep(graph.items(state.node()));
                        cpython::instance(1)
                    }
                }
            }
            _ => {
                self.keep([state]);
                cpython::instance(1)
            }
        }
    }

    /// Attributes of a container.
    fn attributes_of(&mut self, id: NodeId) {
        if let Some(state) = self.lens.states(id).last() {
            self.objects += cpython::dict(self.lens.graph.run_length(state.node(), RunKind::Pairs) / 2, true);
            self.attributes(state);
        }
    }

    /// The values of a dict that is not kept itself; the names are the class's.
    fn attributes(&mut self, dict: Edge) {
        let pairs = self.lens.graph.run_window(dict.node(), RunKind::Pairs, 0);
        self.keep(pairs.enumerate().filter(|(at, _)| at % 2 == 1).map(|(_, value)| value));
    }
}

fn is_torch(symbol: &Symbol) -> bool {
    symbol.module.split('.').next() == Some("torch")
}
