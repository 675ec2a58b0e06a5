//! The canonical value of a document, as `tests/fixtures/containers/MANIFEST.md` describes it, from what the lens says of its
//! nodes alone. Recursion is fine here: the fixtures are small.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use super::sha256::sha256;
use picklescope::bytes::read_span;
use picklescope::graph::{Edge, Node, NodeId};
use picklescope::lens::{Array, Data, Dtype, Kind, Lens, Order, Part, PartLabel, Scalar, Shape, ShapeKind};
use serde_json::{Value, json};

/// Longest text that is taken whole.
const ALL: usize = 1 << 20;
/// Objects in objects that the truth goes into.
const DEPTH: usize = 4;

pub struct Canonical<'a> {
    lens: Lens<'a>,
    path: Vec<NodeId>,
}

impl<'a> Canonical<'a> {
    pub fn new(lens: Lens<'a>) -> Self {
        Self { lens, path: Vec::new() }
    }

    /// The value that an edge leads to.
    pub fn of(&mut self, edge: Edge) -> Value {
        self.value(edge, 0)
    }

    fn value(&mut self, edge: Edge, depth: usize) -> Value {
        let id = edge.node();
        if let Some(plain) = self.plain(id) {
            return plain;
        }
        if self.path.contains(&id) {
            return cut();
        }
        self.path.push(id);
        let value = self.container(id, depth);
        self.path.pop();
        value
    }

    /// Values without children.
    fn plain(&self, id: NodeId) -> Option<Value> {
        let lens = &self.lens;
        Some(match lens.graph.node(id) {
            Node::None => Value::Null,
            Node::Bool(value) => json!(value),
            Node::Int(_) | Node::LongBinary(_) | Node::LongText(_) => json!({"int": self.scalar(id).text}),
            Node::Float(_) => json!({"float": self.scalar(id).text}),
            Node::Text { .. } => json!({"str": lens.string(Edge::to(id)).unwrap()}),
            Node::Bytes(_) => blob("bytes", &bytes_of_repr(&self.scalar(id).text)),
            Node::ByteArray(_) => blob("bytearray", &bytes_of_repr(&self.scalar(id).text)),
            Node::Global(_) => json!({"global": lens.shape(id).text.unwrap()}),
            _ => return None,
        })
    }

    fn scalar(&self, id: NodeId) -> Scalar {
        let scalar = self.lens.scalar(id, ALL).unwrap();
        assert!(!scalar.truncated, "{}", scalar.text);
        scalar
    }

    fn container(&mut self, id: NodeId, depth: usize) -> Value {
        if let Some(array) = self.lens.array(id) {
            return self.array(id, &array, depth);
        }
        let shape = self.lens.shape(id);
        let text = shape.text.clone().unwrap_or_default();
        match (shape.kind, shape.full_name.as_str()) {
            (_, name @ ("list" | "tuple")) => json!({name: self.items(&shape, depth)}),
            (_, name @ ("set" | "frozenset")) => json!({name: self.members(&shape, depth)}),
            (_, "dict") => json!({"dict": self.pairs(&shape.parts, depth)}),
            (_, "bytes" | "bytearray") => blob(&shape.type_name, &bytes_of_repr(&text)),
            (_, "complex") => json!({"complex": text}),
            (ShapeKind::Reference, _) => json!({"global": text}),
            (_, "module source") => json!({"global": text.split(", source from").next().unwrap()}),
            (_, "numpy.dtype") => json!({"dtype": text}),
            (_, "torch.device") => json!({"device": text}),
            (_, "torch.Size") => json!({"size": self.items(&shape, depth)}),
            (ShapeKind::Scalar(_), name) if name.starts_with("numpy.") => {
                json!({"scalar": {"dtype": shape.type_name, "value": text}})
            }
            (ShapeKind::External, "buffer") => self.buffer(id, "bytearray"),
            (ShapeKind::External, "read-only buffer") => match self.part(&shape, "buffer") {
                Some(inner) => self.buffer(inner.node(), "bytes"),
                None => Value::Null,
            },
            (ShapeKind::External, name) if name.ends_with("Storage") => storage(&shape),
            (_, name) if name.starts_with("torch.") && text.contains("sparse") => self.sparse(&shape),
            _ => self.object(&shape, depth),
        }
    }

    fn items(&mut self, shape: &Shape, depth: usize) -> Vec<Value> {
        let edges = self.edges(&shape.parts, |label| matches!(label, PartLabel::Index | PartLabel::Member));
        edges.into_iter().map(|(_, edge)| self.value(edge, depth)).collect()
    }

    /// Members of a set in the order of their JSON as Python writes it.
    fn members(&mut self, shape: &Shape, depth: usize) -> Vec<Value> {
        let mut members = self.items(shape, depth);
        members.sort_by_key(Value::to_string);
        members
    }

    fn pairs(&mut self, parts: &[Part], depth: usize) -> Vec<Value> {
        let edges = self.edges(parts, |label| *label == PartLabel::Key);
        self.unique(edges, depth)
    }

    /// Keys and values as a dict has them: a later one replaces the value of an earlier one.
    fn unique(&mut self, edges: Vec<(Option<Edge>, Edge)>, depth: usize) -> Vec<Value> {
        let mut pairs: Vec<Value> = Vec::new();
        for (key, edge) in edges {
            let (key, value) = (self.value(key.unwrap(), depth), self.value(edge, depth));
            match pairs.iter_mut().find(|pair| pair[0] == key) {
                Some(known) => known[1] = value,
                None => pairs.push(json!([key, value])),
            }
        }
        pairs
    }

    /// The children of those parts whose labels are wanted.
    fn edges(&self, parts: &[Part], wanted: impl Fn(&PartLabel) -> bool) -> Vec<(Option<Edge>, Edge)> {
        let graph = self.lens.graph;
        let parts = parts.iter().filter(|part| wanted(&part.label));
        let children = parts.flat_map(|part| part.window(graph, 0, ALL));
        children.map(|child| (child.key, child.value)).collect()
    }

    fn part(&self, shape: &Shape, name: &str) -> Option<Edge> {
        let is_named =
            |label: &PartLabel| matches!(label, PartLabel::Role(known) | PartLabel::Named(known) if known == name);
        self.edges(&shape.parts, is_named).first().map(|&(_, edge)| edge)
    }

    /// An instance: its class, what it holds as a container, its attributes. Of pandas the class alone.
    fn object(&mut self, shape: &Shape, depth: usize) -> Value {
        if depth >= DEPTH {
            return cut();
        }
        let mut form = serde_json::Map::new();
        form.insert("class".to_owned(), json!(shape.full_name));
        if !shape.full_name.starts_with("pandas.") {
            let inside = depth + 1;
            let mut items = self.pairs(&shape.parts, inside);
            items.extend(self.items(shape, inside).into_iter().map(|item| match &item["list"] {
                // Python 2 gives an OrderedDict the list of its pairs.
                Value::Array(_) if shape.full_name == "collections.OrderedDict" => item["list"].clone(),
                _ => item,
            }));
            if shape.kind == ShapeKind::Mapping || shape.kind == ShapeKind::Items || !items.is_empty() {
                form.insert("items".to_owned(), json!(items));
            }
            let attributes = self.edges(&shape.parts, |label| *label == PartLabel::Attribute);
            // A state inside a state counts as an object more, as in the truth.
            let mut state = self.unique(attributes, inside);
            // `__setstate__` of scikit-learn compares it and throws it away.
            state.retain(|pair| pair[0] != json!({"str": "_sklearn_version"}));
            if !state.is_empty() {
                form.insert("state".to_owned(), json!({"dict": state}));
            }
        }
        json!({"object": form})
    }

    fn array(&mut self, id: NodeId, array: &Array<'_>, depth: usize) -> Value {
        assert_eq!(array.problem, None, "{}", array.text());
        if let Data::Missing(reason) = &array.data
            && let Some(place) = reason.strip_prefix("open ")
        {
            return json!({"beside": place.split(' ').next().unwrap()});
        }
        let shape = self.lens.shape(id);
        if shape.full_name.starts_with("torch.") {
            return self.tensor(&shape, array);
        }
        let values: Vec<Value> = match array.data {
            Data::Items(_) => {
                let is_record = !array.dtype.fields.is_empty();
                let items = array.items(0, ALL).into_iter();
                let value = |edge| if is_record { json!(self.repr(edge)) } else { self.value(edge, depth) };
                items.map(value).collect()
            }
            _ => array.values(0, ALL, ALL).unwrap().into_iter().map(|text| json!(text_of(array, text))).collect(),
        };
        json!({"ndarray": {"class": shape.full_name, "dtype": dtype_text(&array.dtype), "shape": array.shape, "values": values}})
    }

    /// Python's `str` of a tuple of plain values.
    fn repr(&self, edge: Edge) -> String {
        match self.lens.graph.node(edge.node()) {
            Node::Tuple => {
                let items: Vec<String> = self.lens.graph.items(edge.node()).map(|item| self.repr(item)).collect();
                if items.len() == 1 { format!("({},)", items[0]) } else { format!("({})", items.join(", ")) }
            }
            _ => self.lens.inline(edge),
        }
    }

    fn tensor(&mut self, shape: &Shape, array: &Array<'_>) -> Value {
        let mut form = serde_json::Map::new();
        let dtype = array.dtype.name.clone();
        form.insert("dtype".to_owned(), json!(dtype));
        form.insert("shape".to_owned(), json!(array.shape));
        if shape.full_name != "torch.Tensor" {
            form.insert("class".to_owned(), json!(shape.full_name));
        }
        if self.part(shape, "requires_grad").is_some_and(|edge| self.is_true(edge)) {
            form.insert("requires_grad".to_owned(), json!(true));
        }
        if let Data::Missing(reason) = &array.data {
            assert_eq!(reason, "a meta tensor has no numbers");
            form.insert("device".to_owned(), json!("meta"));
            return json!({"tensor": form});
        }
        let values = array.values(0, ALL, ALL).unwrap();
        // A parameter has the tensor as its data.
        let inner = self.part(shape, "data").map(|data| self.lens.shape(data.node()));
        let plain = inner.as_ref().unwrap_or(shape);
        if let Some(quantizer) = self.part(plain, "quantizer_params") {
            self.quantized(&mut form, quantizer, array, &values);
            return json!({"tensor": form});
        }
        form.insert("values".to_owned(), json!(values));
        if let Order::Strided { offset, strides } = &array.order {
            form.insert("stride".to_owned(), json!(strides));
            form.insert("offset".to_owned(), json!(offset));
        }
        if let Some(edge) = self.part(plain, "storage") {
            let of = storage(&self.lens.shape(edge.node()));
            let (key, bytes) = (&of["storage"]["key"], of["storage"]["bytes"].as_u64().unwrap());
            let numel = bytes / array.dtype.itemsize;
            form.insert("storage".to_owned(), json!({"numel": numel, "dtype": dtype, "key": key}));
        }
        json!({"tensor": form})
    }

    /// `(scheme, scale, zero point)`, or `(scheme, scales, zero points, axis)`.
    fn quantized(&self, form: &mut serde_json::Map<String, Value>, params: Edge, array: &Array<'_>, stored: &[String]) {
        let params: Vec<Edge> = self.lens.graph.items(params.node()).collect();
        let scheme = self.lens.symbol(params[0]).unwrap().short_name();
        let numbers = |edge: Edge| -> Vec<f64> {
            match self.lens.array(edge.node()) {
                Some(array) => array.values(0, ALL, ALL).unwrap().iter().map(|text| text.parse().unwrap()).collect(),
                None => vec![self.scalar(edge.node()).text.parse().unwrap()],
            }
        };
        let (scales, zeros) = (numbers(params[1]), numbers(params[2]));
        let axis = params.get(3).map_or(0, |&axis| self.scalar(axis.node()).text.parse().unwrap());
        let below: u64 = array.shape[axis + 1..].iter().product();
        let value = |(i, text): (usize, &String)| {
            let channel = if scales.len() == 1 { 0 } else { (i as u64 / below % array.shape[axis]) as usize };
            format!("{:?}", (text.parse::<f64>().unwrap() - zeros[channel]) * scales[channel])
        };
        form.insert("qscheme".to_owned(), json!(scheme));
        form.insert("integers".to_owned(), json!(stored));
        form.insert("values".to_owned(), json!(stored.iter().enumerate().map(value).collect::<Vec<_>>()));
    }

    fn is_true(&self, edge: Edge) -> bool {
        self.lens.graph.node(edge.node()) == Node::Bool(true)
    }

    /// A sparse tensor as the truth has it: dense.
    fn sparse(&self, shape: &Shape) -> Value {
        let text = shape.text.as_ref().unwrap();
        let layout = text.rsplit("torch.").next().unwrap();
        let data = self.part(shape, "data").unwrap();
        let data: Vec<Edge> = self.lens.graph.items(data.node()).collect();
        let array = |edge: Edge| self.lens.array(edge.node()).unwrap();
        let all = |edge: Edge| array(edge).values(0, ALL, ALL).unwrap();
        let numbers = |edge: Edge| -> Vec<u64> { all(edge).iter().map(|text| text.parse().unwrap()).collect() };
        let values_at = if layout == "sparse_coo" { 1 } else { 2 };
        let values = all(data[values_at]);
        let sizes = self.lens.shape(data[values_at + 1].node());
        let sizes: Vec<u64> = self
            .edges(&sizes.parts, |label| *label == PartLabel::Index)
            .iter()
            .map(|(_, edge)| self.scalar(edge.node()).text.parse().unwrap())
            .collect();
        let (first, second) = (numbers(data[0]), if values_at == 1 { Vec::new() } else { numbers(data[1]) });
        let mut dense = vec!["0.0".to_owned(); sizes.iter().product::<u64>() as usize];
        for (i, value) in values.iter().enumerate() {
            let (row, column) = match values_at {
                1 => (first[i], first[values.len() + i]),
                _ => (first.iter().rposition(|&begin| begin <= i as u64).unwrap() as u64, second[i]),
            };
            dense[(row * sizes[1] + column) as usize].clone_from(value);
        }
        json!({"tensor": {"dtype": array(data[values_at]).dtype.name, "shape": sizes, "layout": layout, "values": dense}})
    }

    /// A buffer as what the truth's loader was given: a bytearray, or bytes when it is read-only.
    fn buffer(&self, id: NodeId, name: &str) -> Value {
        let Node::Buffer(index) = self.lens.graph.node(id) else { return Value::Null };
        let blob_of = &self.lens.attached.buffers[index as usize];
        blob(name, &read_span(&*blob_of.source, blob_of.span).unwrap())
    }
}

/// `'0', 9,408 float32 on cpu, archive/data/0`
fn storage(shape: &Shape) -> Value {
    let text = shape.text.clone().unwrap();
    assert!(!text.contains("missing") && !text.contains("which has only"), "{text}");
    let (key, rest) = text.strip_prefix('\'').unwrap().split_once("', ").unwrap();
    let mut words = rest.split(' ');
    let numel: u64 = words.next().unwrap().replace(',', "").parse().unwrap();
    let size = match words.next().unwrap() {
        "bytes" => 1,
        name => Dtype::from_type_name(name).itemsize,
    };
    json!({"storage": {"class": shape.type_name, "numel": numel, "key": key, "bytes": numel * size}})
}

/// `str(dtype)` of numpy.
fn dtype_text(dtype: &Dtype) -> String {
    match dtype.kind {
        Kind::Struct => fields_text(dtype),
        Kind::Text | Kind::Bytes | Kind::Void => dtype.code(),
        _ if dtype.big_endian && dtype.itemsize > 1 => dtype.code(),
        _ => dtype.name.clone(),
    }
}

/// The list of fields, or the dict where they leave gaps.
fn fields_text(dtype: &Dtype) -> String {
    let format = |of: &Dtype| match of.kind {
        Kind::Struct => fields_text(of),
        _ => format!("'{}'", of.code().trim_start_matches('|')),
    };
    let name = |name: &str| format!("'{name}'");
    let ends = dtype.fields.iter().map(|field| field.offset + field.dtype.itemsize);
    let starts = std::iter::once(0).chain(ends.clone());
    let packed = dtype.fields.iter().zip(starts).all(|(field, start)| field.offset == start);
    if packed && ends.max() == Some(dtype.itemsize) {
        let field = |field: &picklescope::lens::Field| match &field.dtype.base {
            Some((base, shape)) => {
                format!("({}, {}, {})", name(&field.name), format(base), picklescope::lens::shape_text(shape))
            }
            None => format!("({}, {})", name(&field.name), format(&field.dtype)),
        };
        return format!("[{}]", dtype.fields.iter().map(field).collect::<Vec<_>>().join(", "));
    }
    let list = |texts: Vec<String>| format!("[{}]", texts.join(", "));
    let names = list(dtype.fields.iter().map(|field| name(&field.name)).collect());
    let formats = list(dtype.fields.iter().map(|field| format(&field.dtype)).collect());
    let offsets = list(dtype.fields.iter().map(|field| field.offset.to_string()).collect());
    let size = dtype.itemsize;
    format!("{{'names': {names}, 'formats': {formats}, 'offsets': {offsets}, 'itemsize': {size}}}")
}

/// Texts without their quotes, as `str` has them.
fn text_of(array: &Array<'_>, text: String) -> String {
    match array.dtype.kind {
        Kind::Text => text.trim_matches(['\'', '"']).to_owned(),
        _ => text,
    }
}

fn cut() -> Value {
    json!({"…": true})
}

fn blob(name: &str, data: &[u8]) -> Value {
    if data.len() > 200 {
        return json!({format!("{name}_sha256"): sha256(data), "len": data.len()});
    }
    json!({name: data.iter().map(|byte| format!("{byte:02x}")).collect::<String>()})
}

/// The bytes that `b'\x00a'` or `bytearray(b'')` spells.
fn bytes_of_repr(text: &str) -> Vec<u8> {
    let text = text.strip_prefix("bytearray(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
    let text = text.strip_prefix('b').unwrap();
    let quote = text.chars().next().unwrap();
    let body = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)).unwrap().as_bytes();
    let mut bytes = Vec::new();
    let mut at = 0;
    while let Some(&byte) = body.get(at) {
        at += 1;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        at += 1;
        bytes.push(match body[at - 1] {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => {
                at += 2;
                u8::from_str_radix(std::str::from_utf8(&body[at - 2..at]).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    bytes
}
