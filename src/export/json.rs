//! The whole graph as JSON: typed, lossless, shared objects by reference. `docs/json.md` is the schema.
//!
//! Values nest as they do in the pickle, down to [`DEPTH`] levels. What is referred to more than once, or stands deeper,
//! is written under `objects` and referred to by number, so that cycles end, nothing is written twice, and readers that
//! recurse survive 200,000 nested lists.

use super::json_scalars::{self, float, has_surrogate, hexadecimal};
use super::json_text::{characters, plain_string};
use super::writer::{Origin, PIECE, Writer};
use crate::bytes::Span;
use crate::graph::{Edge, Graph, Node, NodeId, RunKind, Symbol, SymbolId, TextEncoding, partition};
use crate::lens::{Lens, ShapeKind};
use crate::machine::{Reading, Stream};
use crate::opcode;
use data_encoding::BASE64;
use std::collections::HashMap;
use std::io::{self, Write};

/// Levels that nest before a reference takes their place.
/// A dict takes three levels of JSON, and readers with a limit (serde_json has 128) must not reach theirs.
const DEPTH: u32 = 30;

/// A payload so short is written wherever it is used, even when it is shared.
const SHORT: u64 = 256;

/// An int of more bytes is written in hexadecimal: its decimal digits would take minutes.
const INT_BYTES: u64 = 16 * 1024;

/// Ints below this are JSON numbers: every reader holds them exactly.
const EXACT: u64 = 1 << 53;

/// Bytes of a payload that are read at once. A multiple of three has no padding in base64.
const BYTES: u64 = 48 * 1024;

/// Tasks and marks of one step.
const WORK: usize = 200_000;

const SEEN: u8 = 1;
const TABLE: u8 = 2;
const QUEUED: u8 = 4;
/// Something that was not met refers to it.
const BELOW: u8 = 8;

/// Writes everything that was read.
///
/// # Errors
/// When `out` cannot be written.
pub fn json(reading: &Reading, lens: &Lens<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Json::document(lens);
    let origin = Origin { reading, lens: *lens };
    let mut piece = Vec::new();
    loop {
        let finished = writer.step(&origin, &mut piece).map_err(io::Error::other)?;
        out.write_all(&piece)?;
        piece.clear();
        if finished {
            return Ok(());
        }
    }
}

/// Writes typed, lossless JSON.
pub struct Json {
    /// One byte a node: whether it was met, stands in the table, waits to be written there.
    marks: Vec<u8>,
    waiting: Vec<NodeId>,
    tasks: Vec<Task>,
    /// What was met of the stream that is being written, and what is still to be gone over.
    visited: Vec<NodeId>,
    to_visit: Vec<NodeId>,
    /// Of the stream that is being written: what neither its result nor its stack leads to.
    unreferenced: Vec<NodeId>,
    /// Of the stream that is being written: the global that stands for all of one long name.
    long_named: HashMap<SymbolId, NodeId>,
    done: u64,
    total: u64,
}

/// What is still to be written, the next thing last.
enum Task {
    Text(&'static str),
    Written(String),
    Value(Edge, u32),
    /// The object of the table itself, not a reference to it.
    Define(NodeId),
    Values(Box<Values>),
    /// One step after another.
    Steps {
        steps: Vec<StepOf>,
        node: NodeId,
        next: usize,
        depth: u32,
    },
    Base64(Span),
    /// Bytes as hexadecimal digits from the last one to the first one.
    Hex(Span),
    Characters {
        node: NodeId,
        at: u64,
    },
    /// The generalised UTF-8 of a text as hexadecimal digits.
    CodePoints {
        node: NodeId,
        at: u64,
    },
    Stream(usize),
    /// What a pickle threw away or left on the stack, from one of them on.
    Strays {
        stream: usize,
        discarded: bool,
        next: usize,
    },
    /// Finds what nothing in a stream leads to.
    Unreferenced(usize),
    StreamValues(usize),
    /// Goes over what can be reached.
    Visit,
    /// The objects of the table, after `first`.
    Table {
        first: bool,
    },
    Tail,
}

/// What opcodes added to an object.
#[derive(Clone, Copy)]
struct StepOf {
    kind: RunKind,
    /// Edges of the same kind before it, and its own.
    before: u64,
    length: u64,
    /// How many of the object's own items came before, when others came after.
    after: Option<u64>,
}

/// Values with commas between them; in pairs, each pair is an array.
struct Values {
    node: NodeId,
    /// Which edges of the node: of a run, or its items.
    kind: Option<RunKind>,
    next: u64,
    left: u64,
    batch: Vec<Edge>,
    pairs: bool,
    first: bool,
    depth: u32,
}

impl Values {
    fn pop(&mut self, graph: &Graph) -> Option<Edge> {
        /// Edges that are looked up at once.
        const BATCH: u64 = 64;
        if self.batch.is_empty() {
            let count = self.left.min(BATCH) as usize;
            self.batch = match self.kind {
                Some(kind) => graph.run_window(self.node, kind, self.next).take(count).collect(),
                None => graph.items_window(self.node, self.next).take(count).collect(),
            };
            self.next += self.batch.len() as u64;
            self.left -= self.batch.len() as u64;
            self.batch.reverse();
        }
        self.batch.pop()
    }
}

impl Json {
    fn new(lens: &Lens<'_>, tasks: Vec<Task>) -> Self {
        let nodes = lens.graph.len();
        Self {
            marks: vec![0; nodes],
            waiting: Vec::new(),
            tasks,
            visited: Vec::new(),
            to_visit: Vec::new(),
            unreferenced: Vec::new(),
            long_named: HashMap::new(),
            done: 0,
            total: 2 * nodes as u64,
        }
    }

    /// The file of everything that was read.
    #[must_use]
    pub fn document(lens: &Lens<'_>) -> Self {
        Self::new(lens, vec![Task::Tail, Task::Stream(0)])
    }

    /// The file of one value and what it refers to.
    #[must_use]
    pub fn value(lens: &Lens<'_>, node: NodeId) -> Self {
        let tasks = vec![
            Task::Text("}}\n"),
            Task::Table { first: true },
            Task::Text(",\n\"objects\":{"),
            Task::Value(Edge::to(node), 0),
            Task::Text("{\"format\":\"picklescope\",\"version\":1,\"value\":"),
            Task::Visit,
        ];
        let mut json = Self::new(lens, tasks);
        json.visit(Edge::to(node));
        json
    }

    fn task(&mut self, origin: &Origin<'_>, task: Task, out: &mut Vec<u8>) -> Result<(), String> {
        let lens = &origin.lens;
        match task {
            Task::Text(text) => out.extend(text.as_bytes()),
            Task::Written(text) => out.extend(text.as_bytes()),
            Task::Value(edge, depth) => match self.referred(lens, edge.node(), depth) {
                Some(object) => self.reference(object, out),
                None => self.node(lens, edge.node(), depth, out)?,
            },
            Task::Define(node) => self.node(lens, node, 0, out)?,
            Task::Values(mut values) => {
                let Some(edge) = values.pop(lens.graph) else { return Ok(()) };
                if !std::mem::take(&mut values.first) {
                    out.push(b',');
                }
                let depth = values.depth;
                let second = if values.pairs { values.pop(lens.graph) } else { None };
                self.tasks.push(Task::Values(values));
                if let Some(second) = second {
                    out.push(b'[');
                    self.tasks.extend([Task::Text("]"), Task::Value(second, depth), Task::Text(",")]);
                }
                self.tasks.push(Task::Value(edge, depth));
            }
            Task::Steps { steps, node, next, depth } => self.step_of(steps, node, next, depth, out),
            Task::Base64(span) => {
                let piece = span.prefix(BYTES);
                out.extend(BASE64.encode(&lens.payload(piece)?).as_bytes());
                if piece.end < span.end {
                    self.tasks.push(Task::Base64(Span::new(piece.end, span.end)));
                }
            }
            Task::Hex(span) => {
                let start = span.end.saturating_sub(BYTES).max(span.start);
                for byte in lens.payload(Span::new(start, span.end))?.iter().rev() {
                    // Writing to a vector cannot fail.
                    let _ = write!(out, "{byte:02x}");
                }
                if start > span.start {
                    self.tasks.push(Task::Hex(Span::new(span.start, start)));
                }
            }
            Task::Characters { node, at } => {
                let (text, next) = lens.text_piece(node, at, BYTES)?;
                characters(&text, out);
                self.tasks.extend(next.map(|at| Task::Characters { node, at }));
            }
            Task::CodePoints { node, at } => {
                let (text, next) = lens.text_piece(node, at, BYTES)?;
                hexadecimal(text.as_bytes(), out);
                self.tasks.extend(next.map(|at| Task::CodePoints { node, at }));
            }
            Task::Stream(index) => self.stream(origin, index, out),
            Task::Unreferenced(index) => self.find_unreferenced(&origin.reading.streams[index..], lens.graph),
            Task::StreamValues(index) => self.stream_values(&origin.reading.streams[index], index, out),
            Task::Strays { stream, discarded, next } => {
                let read = &origin.reading.streams[stream];
                let edge = if discarded {
                    read.discarded.get(next).map(|&node| Edge::to(node))
                } else {
                    read.leftover.get(next).copied()
                };
                let Some(edge) = edge else {
                    out.push(b']');
                    return Ok(());
                };
                out.extend(if next > 0 { &b","[..] } else { b"" });
                let next = next + 1;
                self.tasks.extend([Task::Strays { stream, discarded, next }, Task::Value(edge, 0)]);
            }
            Task::Visit => self.go_over(lens.graph),
            Task::Table { first } => match self.waiting.pop() {
                Some(node) => {
                    let _ = write!(out, "{}\n\"{}\":", if first { "" } else { "," }, node.0);
                    self.tasks.extend([Task::Table { first: false }, Task::Define(node)]);
                }
                // A pickle written by the same Pickler may refer to the same objects; its table is its own.
                None => {
                    self.visited.drain(..).for_each(|node| self.marks[node.index()] = 0);
                    self.long_named.clear();
                }
            },
            Task::Tail => tail(origin.reading, out),
        }
        Ok(())
    }

    /// Begins a stream, or ends the list of them.
    fn stream(&mut self, origin: &Origin<'_>, index: usize, out: &mut Vec<u8>) {
        if index == 0 {
            let size = origin.lens.source.len();
            let _ = write!(out, "{{\"format\":\"picklescope\",\"version\":1,\"size\":{size},\"streams\":[");
        }
        let Some(stream) = origin.reading.streams.get(index) else { return };
        out.extend(if index > 0 { &b",\n"[..] } else { b"\n" });
        let discarded = stream.discarded.iter().map(|&node| Edge::to(node));
        let roots = stream.root.into_iter().chain(stream.leftover.iter().copied()).chain(discarded);
        roots.for_each(|edge| self.visit(edge));
        let after = [Task::Stream(index + 1), Task::StreamValues(index)];
        self.tasks.extend(after.into_iter().chain([Task::Unreferenced(index), Task::Visit]));
    }

    /// What was made in a stream and was not met: only the memo holds it, or it named a global and was changed as well. First
    /// what nothing refers to, then what is only in circles.
    fn find_unreferenced(&mut self, streams: &[Stream], graph: &Graph) {
        let first_of = |stream: Option<&Stream>| match stream {
            Some(stream) => partition(graph.len(), |at| graph.offset(NodeId(at as u32)) < stream.span.start),
            None => graph.len(),
        };
        // A text that nothing refers to has named a global, which has the name.
        let is_name = |node| matches!(graph.node(node), Node::Text { .. }) && graph.runs(node).next().is_none();
        let nodes = first_of(streams.first())..first_of(streams.get(1));
        for at in nodes.clone().filter(|&at| self.marks[at] & SEEN == 0).collect::<Vec<usize>>() {
            for child in graph.children(NodeId(at as u32)) {
                let mark = &mut self.marks[child.node().index()];
                *mark |= if *mark & SEEN == 0 { BELOW } else { 0 };
            }
        }
        for skipped in [SEEN | BELOW, SEEN] {
            for at in nodes.clone() {
                let node = NodeId(at as u32);
                if self.marks[at] & skipped != 0 || is_name(node) {
                    continue;
                }
                self.unreferenced.push(node);
                self.visit(Edge::to(node));
                while let Some(node) = self.to_visit.pop() {
                    self.visited.push(node);
                    graph.children(node).for_each(|child| self.visit(child));
                }
            }
        }
    }

    fn stream_values(&mut self, stream: &Stream, index: usize, out: &mut Vec<u8>) {
        let status = if stream.complete { "complete" } else { "stopped" };
        // Writing to a vector cannot fail.
        let _ = write!(out, "{{\"offset\":{},\"end\":{}", stream.span.start, stream.span.end);
        // Without a PROTO opcode a loader assumes 0.
        let _ = write!(out, ",\"protocol\":{}", stream.declared_protocol.unwrap_or(0));
        let _ = write!(out, ",\"opcode_protocol\":{},\"status\":\"{status}\",\n\"root\":", stream.opcode_protocol);
        self.tasks.extend([Task::Text("}}"), Task::Table { first: true }, Task::Text(",\n\"objects\":{")]);
        if !self.unreferenced.is_empty() {
            self.tasks.push(Task::Text("]"));
            for (i, node) in std::mem::take(&mut self.unreferenced).into_iter().enumerate().rev() {
                let open = format!("{}[\"{}\",", if i > 0 { "," } else { ",\n\"unreferenced\":[" }, node.0);
                self.tasks.extend([Task::Text("]"), Task::Value(Edge::to(node), 0), Task::Written(open)]);
            }
        }
        if !stream.discarded.is_empty() {
            let strays = Task::Strays { stream: index, discarded: true, next: 0 };
            self.tasks.extend([strays, Task::Text(",\n\"discarded\":[")]);
        }
        if !stream.leftover.is_empty() {
            let strays = Task::Strays { stream: index, discarded: false, next: 0 };
            self.tasks.extend([strays, Task::Text(",\n\"stack\":[")]);
        }
        self.tasks.push(stream.root.map_or(Task::Text("null"), |root| Task::Value(root, 0)));
    }

    fn visit(&mut self, edge: Edge) {
        let node = edge.node();
        let mark = &mut self.marks[node.index()];
        if *mark & SEEN != 0 {
            *mark |= TABLE;
        } else {
            *mark |= SEEN;
            self.to_visit.push(node);
        }
    }

    /// Marks what is referred to more than once.
    fn go_over(&mut self, graph: &Graph) {
        for _ in 0..WORK {
            let Some(node) = self.to_visit.pop() else { return };
            self.visited.push(node);
            self.done += 1;
            graph.children(node).for_each(|child| self.visit(child));
        }
        self.tasks.push(Task::Visit);
    }

    /// The object of the table that a value is written as a reference to.
    fn referred(&mut self, lens: &Lens<'_>, node: NodeId, depth: u32) -> Option<NodeId> {
        let is_changed = || lens.graph.runs(node).next().is_some();
        match lens.graph.node(node) {
            // One name of n bytes makes n globals from two texts: they are one object, and written once.
            Node::Global(symbol) if is_long(lens.graph.symbols.get(symbol)) && !is_changed() => {
                Some(*self.long_named.entry(symbol).or_insert(node))
            }
            _ => self.is_reference(lens, node, depth).then_some(node),
        }
    }

    fn is_reference(&self, lens: &Lens<'_>, node: NodeId, depth: u32) -> bool {
        let shared = self.marks[node.index()] & TABLE != 0;
        let short = match lens.graph.node(node) {
            Node::None | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Global(_) | Node::Extension(_) => true,
            Node::Text { span, .. } | Node::Bytes(span) | Node::LongBinary(span) | Node::LongText(span) => {
                !shared || span.len() <= SHORT
            }
            Node::Buffer(_) => !shared,
            _ => false,
        };
        // A value may be repeated; what was done to it may not.
        let is_whole = short && lens.graph.runs(node).next().is_none();
        !is_whole && (shared || depth > DEPTH)
    }

    fn reference(&mut self, node: NodeId, out: &mut Vec<u8>) {
        let mark = &mut self.marks[node.index()];
        if *mark & QUEUED == 0 {
            *mark |= QUEUED;
            self.waiting.push(node);
        }
        let _ = write!(out, "{{\"ref\":\"{}\"}}", node.0);
    }

    fn node(&mut self, lens: &Lens<'_>, node: NodeId, depth: u32, out: &mut Vec<u8>) -> Result<(), String> {
        let graph = lens.graph;
        self.done += 1;
        if is_changed_scalar(graph, node) {
            self.steps(lens, node, None, depth, "}");
            out.extend(b"{\"type\":\"changed\",\"value\":");
        }
        // Writing to a vector cannot fail.
        let _ = match graph.node(node) {
            Node::None => out.write_all(b"null"),
            Node::Bool(value) => write!(out, "{value}"),
            Node::Int(value) if value.unsigned_abs() < EXACT => write!(out, "{value}"),
            Node::Int(value) => write!(out, "{{\"type\":\"int\",\"value\":\"{value}\"}}"),
            Node::Float(value) => {
                float(value, out);
                Ok(())
            }
            Node::Extension(code) => {
                self.steps(lens, node, None, depth, "}");
                write!(out, "{{\"type\":\"extension\",\"code\":{code}")
            }
            Node::Buffer(index) => {
                self.steps(lens, node, None, depth, "}");
                write!(out, "{{\"type\":\"buffer\",\"index\":{index}")
            }
            other => {
                self.compound(lens, node, other, depth, out);
                Ok(())
            }
        };
        Ok(())
    }

    fn compound(&mut self, lens: &Lens<'_>, id: NodeId, node: Node, depth: u32, out: &mut Vec<u8>) {
        match node {
            Node::LongBinary(span) => self.long_binary(lens, span, out),
            Node::LongText(span) => self.long_text(lens, span, out),
            Node::Text { span, encoding } => self.text(lens, id, span, encoding, out),
            Node::Bytes(span) => self.bytes("{\"type\":\"bytes\",\"base64\":\"", span, "\"}"),
            Node::ByteArray(span) => {
                self.steps(lens, id, None, depth, "}");
                self.bytes("{\"type\":\"bytearray\",\"base64\":\"", span, "\"");
            }
            Node::Global(symbol) => {
                self.steps(lens, id, None, depth, "}");
                json_scalars::global(lens.graph.symbols.get(symbol), out);
            }
            Node::ComputedGlobal { module, name } => {
                let field = (",\"name\":", name);
                self.fields(lens, "{\"type\":\"computed-global\",\"module\":", module, id, depth, Some(field));
            }
            Node::Tuple => self.items(lens, "{\"type\":\"tuple\",\"items\":[", id, None, depth),
            Node::FrozenSet => self.items(lens, "{\"type\":\"frozenset\",\"items\":[", id, None, depth),
            Node::List => self.items(lens, "{\"type\":\"list\",\"items\":[", id, Some(RunKind::Items), depth),
            Node::Set => self.items(lens, "{\"type\":\"set\",\"items\":[", id, Some(RunKind::Members), depth),
            Node::Dict => self.items(lens, "{\"type\":\"dict\",\"items\":[", id, Some(RunKind::Pairs), depth),
            Node::Call { .. } => self.call(lens, id, depth, out),
            Node::PersistentId(of) => self.fields(lens, "{\"type\":\"persistent-id\",\"id\":", of, id, depth, None),
            Node::ReadonlyBuffer(of) => {
                self.fields(lens, "{\"type\":\"readonly-buffer\",\"of\":", of, id, depth, None);
            }
            Node::InlineArray { wrapper, data } => {
                self.fields(lens, ",\"wrapper\":", wrapper, id, depth, None);
                self.bytes("{\"type\":\"inline-array\",\"base64\":\"", data, "\"");
            }
            Node::InlinePickle { wrapper, value } => {
                let field = (",\"value\":", value);
                self.fields(lens, "{\"type\":\"inline-pickle\",\"wrapper\":", wrapper, id, depth, Some(field));
            }
            Node::None | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Extension(_) | Node::Buffer(_) => {}
        }
    }

    fn bytes(&mut self, open: &'static str, span: Span, close: &'static str) {
        self.tasks.extend([Task::Text(close), Task::Base64(span), Task::Text(open)]);
    }

    fn fields(
        &mut self,
        lens: &Lens<'_>,
        open: &'static str,
        first: Edge,
        node: NodeId,
        depth: u32,
        second: Option<(&'static str, Edge)>,
    ) {
        self.steps(lens, node, None, depth, "}");
        if let Some((name, value)) = second {
            self.tasks.push(Task::Value(value, depth + 1));
            self.tasks.push(Task::Text(name));
        }
        self.tasks.push(Task::Value(first, depth + 1));
        self.tasks.push(Task::Text(open));
    }

    fn items(&mut self, lens: &Lens<'_>, open: &'static str, node: NodeId, own: Option<RunKind>, depth: u32) {
        self.steps(lens, node, own, depth, "}");
        self.tasks.push(Task::Text("]"));
        let pairs = own == Some(RunKind::Pairs);
        self.tasks.push(Task::Values(Box::new(Values {
            node,
            kind: own,
            next: 0,
            left: u64::MAX,
            batch: Vec::new(),
            pairs,
            first: true,
            depth: depth + 1,
        })));
        self.tasks.push(Task::Text(open));
    }

    fn call(&mut self, lens: &Lens<'_>, node: NodeId, depth: u32, out: &mut Vec<u8>) {
        let Node::Call { kind, callee, args, kwargs } = lens.graph.node(node) else { return };
        // Writing to a vector cannot fail.
        let _ = write!(out, "{{\"type\":\"call\",\"opcode\":\"{}\",", kind.opcode_name());
        let shape = lens.shape(node);
        if let (ShapeKind::Scalar(_), Some(text)) = (shape.kind, &shape.text) {
            out.extend(b"\"reading\":{\"type\":");
            plain_string(&shape.full_name, out);
            out.extend(b",\"text\":");
            plain_string(text, out);
            out.extend(b"},");
        }
        out.extend(b"\"callee\":");
        self.steps(lens, node, None, depth, "}");
        if let Some(kwargs) = kwargs {
            self.tasks.push(Task::Value(kwargs, depth + 1));
            self.tasks.push(Task::Text(",\"kwargs\":"));
        }
        self.tasks.push(Task::Value(args, depth + 1));
        self.tasks.push(Task::Text(",\"args\":"));
        self.tasks.push(Task::Value(callee, depth + 1));
    }

    /// Puts `close` behind what opcodes added to an object, its own items (of kind `own`) left out.
    fn steps(&mut self, lens: &Lens<'_>, node: NodeId, own: Option<RunKind>, depth: u32, close: &'static str) {
        self.tasks.push(Task::Text(close));
        let mut before = [0_u64; 4];
        let mut steps = Vec::new();
        for run in lens.graph.runs(node) {
            let length = lens.graph.run_edges(run).len() as u64;
            if Some(run.kind) != own {
                let after = own.map(|own| before[own as usize]);
                steps.push(StepOf { kind: run.kind, before: before[run.kind as usize], length, after });
            }
            before[run.kind as usize] += length;
        }
        if let Some(own) = own {
            let all = before[own as usize];
            let each = if own == RunKind::Pairs { 2 } else { 1 };
            for step in &mut steps {
                step.after = step.after.filter(|&after| after < all).map(|after| after / each);
            }
        }
        if !steps.is_empty() {
            self.tasks.push(Task::Steps { steps, node, next: 0, depth: depth + 1 });
        }
    }

    fn step_of(&mut self, steps: Vec<StepOf>, node: NodeId, next: usize, depth: u32, out: &mut Vec<u8>) {
        let Some(&StepOf { kind, before, length, after }) = steps.get(next) else { return out.push(b']') };
        out.extend(if next == 0 { &b",\"steps\":["[..] } else { b"," });
        let op = match kind {
            RunKind::State => "state",
            RunKind::Items => "append",
            RunKind::Pairs => "setitems",
            RunKind::Members => "add",
        };
        // Writing to a vector cannot fail.
        let _ = write!(out, "{{\"op\":\"{op}\"");
        if let Some(after) = after {
            let _ = write!(out, ",\"after\":{after}");
        }
        out.extend(if kind == RunKind::State { &b",\"value\":"[..] } else { b",\"items\":[" });
        self.tasks.push(Task::Steps { steps, node, next: next + 1, depth });
        self.tasks.push(Task::Text(if kind == RunKind::State { "}" } else { "]}" }));
        self.tasks.push(Task::Values(Box::new(Values {
            node,
            kind: Some(kind),
            next: before,
            left: length,
            batch: Vec::new(),
            pairs: kind == RunKind::Pairs,
            first: true,
            depth: depth + 1,
        })));
    }

    fn long_binary(&mut self, lens: &Lens<'_>, span: Span, out: &mut Vec<u8>) {
        if span.len() > INT_BYTES {
            let open = Task::Text("{\"type\":\"int\",\"twos_complement\":\"");
            return self.tasks.extend([Task::Text("\"}"), Task::Hex(span), open]);
        }
        match lens.payload(span) {
            Ok(bytes) => {
                let _ = write!(out, "{{\"type\":\"int\",\"value\":\"{}\"}}", opcode::long_bytes(&bytes));
            }
            Err(reason) => self.unreadable(span, &reason, out),
        }
    }

    fn long_text(&mut self, lens: &Lens<'_>, span: Span, out: &mut Vec<u8>) {
        let read = lens.payload(span).and_then(|line| {
            // Many digits are taken as they stand.
            match opcode::plain_decimal(line.strip_suffix(b"L").unwrap_or(&line)) {
                Some(digits) => Ok(digits.to_owned()),
                None => opcode::long_line(&line).map(|read| read.value.to_string()).map_err(|error| error.to_string()),
            }
        });
        match read {
            Ok(value) => {
                let _ = write!(out, "{{\"type\":\"int\",\"value\":\"{value}\"}}");
            }
            Err(reason) => self.unreadable(span, &reason, out),
        }
    }

    fn text(&mut self, lens: &Lens<'_>, node: NodeId, span: Span, encoding: TextEncoding, out: &mut Vec<u8>) {
        if encoding == TextEncoding::Python2 {
            return self.bytes("{\"type\":\"python2-str\",\"base64\":\"", span, "\"}");
        }
        if span.len() > BYTES && !encoding.is_python2() {
            if span.len() > opcode::LOOKED_AHEAD {
                let reason = format!("more than {} bytes: not looked at whether it decodes", opcode::LOOKED_AHEAD);
                return self.unreadable(span, &reason, out);
            }
            // Whether it decodes, and to what, has to be known before it is begun.
            let mut at = Some(0);
            let mut is_plain = true;
            while let Some(from) = at {
                match lens.text_piece(node, from, 1 << 20) {
                    Ok((text, next)) => {
                        is_plain = is_plain && !has_surrogate(&text);
                        at = next;
                    }
                    Err(reason) => return self.unreadable(span, &reason, out),
                }
            }
            let (open, body, close) = match is_plain {
                true => ("\"", Task::Characters { node, at: 0 }, "\""),
                false => (json_scalars::CODE_POINTS, Task::CodePoints { node, at: 0 }, "\"}"),
            };
            return self.tasks.extend([Task::Text(close), body, Task::Text(open)]);
        }
        let bytes = match lens.payload(span) {
            Ok(bytes) => bytes,
            Err(reason) => return self.unreadable(span, &reason, out),
        };
        match encoding.decode(&bytes) {
            Ok(text) if encoding.is_python2() => {
                let bytes: Vec<u8> = text.code_points().map(|code| code as u8).collect();
                let _ = write!(out, "{{\"type\":\"python2-str\",\"base64\":\"{}\"}}", BASE64.encode(&bytes));
            }
            Ok(text) => json_scalars::text(&text, out),
            Err(reason) => self.unreadable(span, &reason, out),
        }
    }

    /// A payload that does not decode: its bytes and why.
    fn unreadable(&mut self, span: Span, reason: &str, out: &mut Vec<u8>) {
        out.extend(b"{\"type\":\"unreadable\",\"reason\":");
        plain_string(reason, out);
        self.bytes(",\"base64\":\"", span, "\"}");
    }
}

/// Whether something was done to a value that takes nothing: a state given to `None`.
fn is_changed_scalar(graph: &Graph, node: NodeId) -> bool {
    let is_scalar = matches!(
        graph.node(node),
        Node::None
            | Node::Bool(_)
            | Node::Int(_)
            | Node::Float(_)
            | Node::LongBinary(_)
            | Node::LongText(_)
            | Node::Text { .. }
            | Node::Bytes(_)
    );
    is_scalar && graph.runs(node).next().is_some()
}

/// What follows the streams.
fn tail(reading: &Reading, out: &mut Vec<u8>) {
    out.extend(b"],\n\"trailing\":");
    // Writing to a vector cannot fail.
    let _ = match reading.trailing {
        Some(span) => write!(out, "{{\"offset\":{},\"length\":{}}}", span.start, span.len()),
        None => out.write_all(b"null"),
    };
    out.extend(b",\n\"problems\":[");
    for (i, problem) in reading.problems.list.iter().enumerate() {
        out.extend(if i > 0 { &b",\n"[..] } else { b"\n" });
        let _ = write!(out, "{{\"offset\":{},\"opcode\":", problem.offset);
        let _ = match problem.opcode {
            Some(opcode) => write!(out, "\"{}\"", opcode.info().name),
            None => out.write_all(b"null"),
        };
        out.extend(b",\"message\":");
        plain_string(&problem.kind.to_string(), out);
        let _ = write!(out, ",\"fatal\":{}}}", problem.fatal);
    }
    let _ = writeln!(out, "],\n\"problem_count\":{}}}", reading.problems.total);
}

impl Writer for Json {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        let mut work = 0;
        while out.len() < PIECE && work < WORK {
            let Some(task) = self.tasks.pop() else { return Ok(true) };
            work += if matches!(task, Task::Visit) { WORK } else { 1 };
            self.task(origin, task, out)?;
        }
        Ok(false)
    }

    fn progress(&self) -> (u64, u64) {
        (if self.tasks.is_empty() { self.total } else { self.done.min(self.total) }, self.total)
    }
}

fn is_long(symbol: &Symbol) -> bool {
    symbol.module.len() + symbol.name.len() > SHORT as usize
}
