//! A reader of the lossless JSON that knows nothing but `docs/json.md`: it rebuilds what was written and compares it with the
//! graph, node by node, edge by edge.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file takes what it needs")]

use data_encoding::{BASE64, HEXLOWER};
use picklescope::bytes::read_span;
use picklescope::document::Document;
use picklescope::graph::{Edge, Node, NodeId, RunKind, TextEncoding};
use picklescope::opcode;
use serde_json::Value;
use std::collections::HashMap;

/// What was rebuilt: nodes by number.
#[derive(Default)]
pub struct Rebuilt {
    nodes: Vec<Made>,
}

/// One node: what it is without its children, the children, and what was done to it.
#[derive(Default, Debug)]
struct Made {
    head: String,
    children: Vec<usize>,
    steps: Vec<(RunKind, Vec<usize>)>,
}

struct Reader<'j> {
    objects: &'j Value,
    by_number: HashMap<String, usize>,
    waiting: Vec<(usize, &'j Value)>,
    rebuilt: Rebuilt,
}

fn text_of(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        other => match other["type"].as_str().unwrap() {
            "str" => HEXLOWER.decode(other["utf8_surrogatepass"].as_str().unwrap().as_bytes()).unwrap(),
            "unreadable" => base64(&other["base64"]),
            kind => panic!("{kind} is no text"),
        },
    }
}

fn base64(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

impl<'j> Reader<'j> {
    fn value(&mut self, value: &'j Value) -> usize {
        if let Some(number) = value.get("ref") {
            let number = number.as_str().unwrap();
            if let Some(&known) = self.by_number.get(number) {
                return known;
            }
            let made = self.make(&self.objects[number]);
            self.by_number.insert(number.to_owned(), made);
            return made;
        }
        self.make(value)
    }

    fn make(&mut self, value: &'j Value) -> usize {
        self.rebuilt.nodes.push(Made::default());
        let number = self.rebuilt.nodes.len() - 1;
        self.waiting.push((number, value));
        number
    }

    fn values(&mut self, values: &'j Value, pairs: bool) -> Vec<usize> {
        let values = values.as_array().unwrap();
        if !pairs {
            return values.iter().map(|value| self.value(value)).collect();
        }
        let mut flat = Vec::new();
        for pair in values {
            flat.extend(pair.as_array().unwrap().iter().map(|value| self.value(value)));
        }
        flat
    }

    fn fill(&mut self, number: usize, value: &'j Value) {
        let mut made = Made::default();
        let (mut own, mut own_kind) = (Vec::new(), RunKind::Items);
        made.head = match value {
            Value::Null => "None".to_owned(),
            Value::Bool(value) => format!("bool {value}"),
            Value::Number(number) => format!("int {number}"),
            Value::String(_) => format!("str {:?}", text_of(value)),
            _ => match value["type"].as_str().unwrap() {
                "changed" => {
                    self.fill(number, &value["value"]);
                    std::mem::take(&mut self.rebuilt.nodes[number].head)
                }
                "str" => format!("str {:?}", text_of(value)),
                "int" if value.get("value").is_some() => format!("int {}", value["value"].as_str().unwrap()),
                "int" => format!("int hex {}", value["twos_complement"].as_str().unwrap()),
                "float" => {
                    let text = value["value"].as_str().unwrap();
                    let bits = match value.get("bits") {
                        Some(bits) => u64::from_str_radix(bits.as_str().unwrap(), 16).unwrap(),
                        None if text == "nan" => 0x7ff8_0000_0000_0000,
                        None => text.parse::<f64>().unwrap().to_bits(),
                    };
                    format!("float {bits:016x}")
                }
                kind @ ("bytes" | "bytearray" | "python2-str") => format!("{kind} {:?}", base64(&value["base64"])),
                "unreadable" => format!("unreadable {:?}", base64(&value["base64"])),
                kind @ ("tuple" | "frozenset") => {
                    made.children = self.values(&value["items"], false);
                    kind.to_owned()
                }
                kind @ ("list" | "set" | "dict") => {
                    own_kind = match kind {
                        "list" => RunKind::Items,
                        "set" => RunKind::Members,
                        _ => RunKind::Pairs,
                    };
                    own = self.values(&value["items"], kind == "dict");
                    kind.to_owned()
                }
                "global" => {
                    let module = text_of(value.get("raw_module").unwrap_or(&value["module"]));
                    let name = text_of(value.get("raw_name").unwrap_or(&value["name"]));
                    format!("global {module:?} {name:?}")
                }
                "computed-global" => {
                    made.children = vec![self.value(&value["module"]), self.value(&value["name"])];
                    "computed-global".to_owned()
                }
                "call" => {
                    made.children = vec![self.value(&value["callee"]), self.value(&value["args"])];
                    made.children.extend(value.get("kwargs").map(|kwargs| self.value(kwargs)));
                    format!("call {}", value["opcode"].as_str().unwrap())
                }
                "persistent-id" => {
                    made.children = vec![self.value(&value["id"])];
                    "persistent-id".to_owned()
                }
                "extension" => format!("extension {}", value["code"]),
                "buffer" => format!("buffer {}", value["index"]),
                "readonly-buffer" => {
                    made.children = vec![self.value(&value["of"])];
                    "readonly-buffer".to_owned()
                }
                "inline-array" => {
                    made.children = vec![self.value(&value["wrapper"])];
                    format!("inline-array {:?}", base64(&value["base64"]))
                }
                "inline-pickle" => {
                    made.children = vec![self.value(&value["wrapper"]), self.value(&value["value"])];
                    "inline-pickle".to_owned()
                }
                other => panic!("docs/json.md has no type {other}"),
            },
        };
        let each = if own_kind == RunKind::Pairs { 2 } else { 1 };
        let mut done = 0;
        for step in value.get("steps").and_then(Value::as_array).into_iter().flatten() {
            let after = step.get("after").map_or(own.len(), |after| after.as_u64().unwrap() as usize * each);
            made.add(own_kind, &own[done..after]);
            done = after;
            let (kind, edges) = match step["op"].as_str().unwrap() {
                "state" => (RunKind::State, vec![self.value(&step["value"])]),
                "append" => (RunKind::Items, self.values(&step["items"], false)),
                "setitems" => (RunKind::Pairs, self.values(&step["items"], true)),
                "add" => (RunKind::Members, self.values(&step["items"], false)),
                other => panic!("docs/json.md has no step {other}"),
            };
            made.add(kind, &edges);
        }
        made.add(own_kind, &own[done..]);
        self.rebuilt.nodes[number] = made;
    }
}

impl Made {
    /// Adds a step; what was done twice in a row is one.
    fn add(&mut self, kind: RunKind, edges: &[usize]) {
        match self.steps.last_mut() {
            _ if edges.is_empty() && kind != RunKind::State => {}
            Some((last, known)) if *last == kind && kind != RunKind::State => known.extend(edges),
            _ => self.steps.push((kind, edges.to_vec())),
        }
    }
}

/// The nodes of the graph and of what was rebuilt, paired.
struct Compare<'d> {
    document: &'d Document,
    rebuilt: Rebuilt,
    pairs: HashMap<NodeId, usize>,
    back: HashMap<usize, NodeId>,
    waiting: Vec<(NodeId, usize)>,
    met: Vec<bool>,
}

impl Compare<'_> {
    fn edges(&mut self, edges: &[Edge], made: &[usize], at: &str) {
        assert_eq!(edges.len(), made.len(), "{at}");
        self.waiting.extend(edges.iter().map(|edge| edge.node()).zip(made.iter().copied()));
    }

    fn node(&mut self, id: NodeId, made: usize) {
        let graph = &self.document.reading().graph;
        self.met[id.0 as usize] = true;
        let head = self.head(id);
        assert_eq!(head, self.rebuilt.nodes[made].head, "node {}", id.0);
        let may_repeat = matches!(
            graph.node(id),
            Node::None
                | Node::Bool(_)
                | Node::Int(_)
                | Node::Float(_)
                | Node::LongBinary(_)
                | Node::LongText(_)
                | Node::Text { .. }
                | Node::Bytes(_)
                | Node::Global(_)
                | Node::Extension(_)
        ) && graph.runs(id).next().is_none();
        if !may_repeat {
            match (self.pairs.insert(id, made), self.back.insert(made, id)) {
                (None, None) => {}
                (Some(known), Some(back)) if known == made && back == id => return,
                other => panic!("node {} is one object, or several: {other:?}", id.0),
            }
        }
        let mut children: Vec<Edge> = match graph.node(id) {
            Node::ComputedGlobal { module, name } => vec![module, name],
            Node::Call { callee, args, kwargs, .. } => {
                [Some(callee), Some(args), kwargs].into_iter().flatten().collect()
            }
            Node::PersistentId(of) | Node::ReadonlyBuffer(of) | Node::InlineArray { wrapper: of, .. } => vec![of],
            Node::InlinePickle { wrapper, value } => vec![wrapper, value],
            _ => Vec::new(),
        };
        children.extend(graph.items(id));
        let mut steps: Vec<(RunKind, Vec<Edge>)> = Vec::new();
        for run in graph.runs(id) {
            let edges = graph.run_edges(run);
            match steps.last_mut() {
                _ if edges.len() == 0 => {}
                Some((last, known)) if *last == run.kind && run.kind != RunKind::State => known.extend(edges),
                _ => steps.push((run.kind, edges.collect())),
            }
        }
        let found = std::mem::take(&mut self.rebuilt.nodes[made]);
        let at = format!("node {}: {head}", id.0);
        self.edges(&children, &found.children, &at);
        assert_eq!(steps.len(), found.steps.len(), "{at}");
        for ((kind, edges), (found_kind, found)) in steps.iter().zip(&found.steps) {
            assert_eq!(kind, found_kind, "{at}");
            self.edges(edges, found, &at);
        }
        self.rebuilt.nodes[made] = Made { head: found.head, ..Made::default() };
        if may_repeat {
            return;
        }
        self.rebuilt.nodes[made].children = found.children;
        self.rebuilt.nodes[made].steps = found.steps;
    }

    fn head(&self, id: NodeId) -> String {
        let graph = &self.document.reading().graph;
        let payload = |span| read_span(self.document.source(), span).unwrap().into_owned();
        match graph.node(id) {
            Node::None => "None".to_owned(),
            Node::Bool(value) => format!("bool {value}"),
            Node::Int(value) => format!("int {value}"),
            Node::LongBinary(span) if span.len() > 16 * 1024 => {
                let hex: String = payload(span).iter().rev().map(|byte| format!("{byte:02x}")).collect();
                format!("int hex {hex}")
            }
            Node::LongBinary(span) => format!("int {}", opcode::long_bytes(&payload(span))),
            Node::LongText(span) => match opcode::long_line(&payload(span)) {
                Ok(read) => format!("int {}", read.value),
                // More digits than Python takes: they stand as they are.
                Err(opcode::NumberError::TooManyDigits(_)) => {
                    let digits = payload(span);
                    let digits = std::str::from_utf8(&digits).unwrap().trim_end_matches('L');
                    format!("int {digits}")
                }
                Err(_) => format!("unreadable {:?}", payload(span)),
            },
            Node::Float(value) => format!("float {:016x}", value.to_bits()),
            Node::Text { span, encoding } => match encoding.decode(&payload(span)) {
                Ok(text) if encoding.is_python2() => {
                    format!("python2-str {:?}", text.code_points().map(|code| code as u8).collect::<Vec<u8>>())
                }
                Ok(text) => format!("str {:?}", text.as_bytes()),
                Err(_) => format!("unreadable {:?}", payload(span)),
            },
            Node::Bytes(span) => format!("bytes {:?}", payload(span)),
            Node::ByteArray(span) => format!("bytearray {:?}", payload(span)),
            Node::Global(symbol) => {
                let symbol = graph.symbols.get(symbol);
                let (module, name) = symbol.spelled().unwrap_or((symbol.module.as_bytes(), symbol.name.as_bytes()));
                format!("global {module:?} {name:?}")
            }
            Node::ComputedGlobal { .. } => "computed-global".to_owned(),
            Node::Tuple => "tuple".to_owned(),
            Node::List => "list".to_owned(),
            Node::Dict => "dict".to_owned(),
            Node::Set => "set".to_owned(),
            Node::FrozenSet => "frozenset".to_owned(),
            Node::Call { kind, .. } => format!("call {}", kind.opcode_name()),
            Node::PersistentId(_) => "persistent-id".to_owned(),
            Node::Extension(code) => format!("extension {code}"),
            Node::Buffer(index) => format!("buffer {index}"),
            Node::ReadonlyBuffer(_) => "readonly-buffer".to_owned(),
            Node::InlineArray { data, .. } => format!("inline-array {:?}", payload(data)),
            Node::InlinePickle { .. } => "inline-pickle".to_owned(),
        }
    }
}

/// Rebuilds every stream of the JSON and compares: all nodes, all edges, sharing, order. A text that nothing refers to has
/// named a global.
pub fn assert_rebuilds(document: &Document, json: &Value) {
    let reading = document.reading();
    let streams = json["streams"].as_array().unwrap();
    assert_eq!(streams.len(), reading.streams.len());
    let mut met = vec![false; reading.graph.len()];
    for (stream, read) in streams.iter().zip(&reading.streams) {
        let by_number = HashMap::new();
        let mut reader =
            Reader { objects: &stream["objects"], by_number, waiting: Vec::new(), rebuilt: Rebuilt::default() };
        let mut roots: Vec<(NodeId, usize)> = Vec::new();
        let list = |name: &str| stream.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        match read.root {
            Some(root) => roots.push((root.node(), reader.value(&stream["root"]))),
            None => assert!(stream["root"].is_null()),
        }
        assert_eq!(list("stack").len(), read.leftover.len());
        roots.extend(read.leftover.iter().zip(list("stack")).map(|(edge, value)| (edge.node(), reader.value(value))));
        assert_eq!(list("discarded").len(), read.discarded.len());
        roots.extend(read.discarded.iter().zip(list("discarded")).map(|(&id, value)| (id, reader.value(value))));
        for entry in list("unreferenced") {
            let number = entry[0].as_str().unwrap().parse().unwrap();
            roots.push((NodeId(number), reader.value(&entry[1])));
        }
        while let Some((number, value)) = reader.waiting.pop() {
            reader.fill(number, value);
        }
        let mut compare = Compare {
            document,
            rebuilt: reader.rebuilt,
            pairs: HashMap::new(),
            back: HashMap::new(),
            waiting: roots,
            met: std::mem::take(&mut met),
        };
        while let Some((id, made)) = compare.waiting.pop() {
            compare.node(id, made);
        }
        met = compare.met;
    }
    for (number, met) in met.into_iter().enumerate() {
        let id = NodeId(number as u32);
        let graph = &reading.graph;
        let is_name = matches!(graph.node(id), Node::Text { encoding, .. } if encoding != TextEncoding::Line)
            && graph.runs(id).next().is_none();
        assert!(met || is_name, "node {number} is not in the JSON: {:?}", graph.node(id));
    }
}
