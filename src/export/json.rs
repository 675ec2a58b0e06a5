//! The whole graph as JSON: typed, lossless, shared objects by reference. `docs/json.md` is the schema.
//!
//! Values nest as they do in the pickle, down to [`DEPTH`] levels. What is referred to more than once, or stands deeper,
//! is written under `objects` and referred to by number, so that cycles end, nothing is written twice, and readers that
//! recurse survive 200,000 nested lists.

use crate::bytes::Span;
use crate::graph::{Edge, Graph, Node, NodeId, RunKind, TextEncoding};
use crate::lens::{Lens, ShapeKind};
use crate::machine::{Reading, Stream};
use crate::opcode::{self, PyText};
use data_encoding::BASE64;
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

const SEEN: u8 = 1;
const TABLE: u8 = 2;
const QUEUED: u8 = 4;

/// Writes everything that was read.
///
/// # Errors
/// When `out` cannot be written.
pub fn json(reading: &Reading, lens: &Lens<'_>, out: &mut dyn Write) -> io::Result<()> {
    let marks = vec![0; reading.graph.len()];
    let mut writer = Writer { graph: &reading.graph, lens, marks, waiting: Vec::new(), out };
    writer.document(reading)
}

struct Writer<'a> {
    graph: &'a Graph,
    lens: &'a Lens<'a>,
    /// One byte a node: whether it was met, stands in the table, waits to be written there.
    marks: Vec<u8>,
    waiting: Vec<NodeId>,
    out: &'a mut dyn Write,
}

/// What is still to be written, the next thing last.
enum Task<'a> {
    Text(&'static str),
    Value(Edge, u32),
    /// Values with commas between them; in pairs, each pair is an array.
    Values {
        edges: Box<dyn Iterator<Item = Edge> + 'a>,
        pairs: bool,
        first: bool,
        depth: u32,
    },
    /// One step after another: kind, edges of that kind before it, its edges.
    Steps {
        runs: Vec<(RunKind, u64, u64)>,
        node: NodeId,
        next: usize,
        depth: u32,
    },
}

impl<'a> Writer<'a> {
    fn document(&mut self, reading: &Reading) -> io::Result<()> {
        write!(
            self.out,
            "{{\"format\":\"picklescope\",\"version\":1,\"size\":{},\"streams\":[",
            self.lens.source.len()
        )?;
        for (i, stream) in reading.streams.iter().enumerate() {
            self.out.write_all(if i > 0 { b",\n" } else { b"\n" })?;
            self.stream(stream)?;
        }
        self.out.write_all(b"],\n\"trailing\":")?;
        match reading.trailing {
            Some(span) => write!(self.out, "{{\"offset\":{},\"length\":{}}}", span.start, span.len())?,
            None => self.out.write_all(b"null")?,
        }
        self.out.write_all(b",\n\"problems\":[")?;
        for (i, problem) in reading.problems.list.iter().enumerate() {
            self.out.write_all(if i > 0 { b",\n" } else { b"\n" })?;
            write!(self.out, "{{\"offset\":{},\"opcode\":", problem.offset)?;
            match problem.opcode {
                Some(opcode) => write!(self.out, "\"{}\"", opcode.info().name)?,
                None => self.out.write_all(b"null")?,
            }
            self.out.write_all(b",\"message\":")?;
            self.string(&PyText::from(problem.kind.to_string().as_str()))?;
            write!(self.out, ",\"fatal\":{}}}", problem.fatal)?;
        }
        writeln!(self.out, "],\n\"problem_count\":{}}}", reading.problems.total)
    }

    fn stream(&mut self, stream: &Stream) -> io::Result<()> {
        let discarded = stream.discarded.iter().map(|&node| Edge::to(node));
        let roots: Vec<Edge> =
            stream.root.into_iter().chain(stream.leftover.iter().copied()).chain(discarded).collect();
        let visited = self.find_shared(&roots);
        let status = if stream.complete { "complete" } else { "stopped" };
        write!(self.out, "{{\"offset\":{},\"end\":{}", stream.span.start, stream.span.end)?;
        // Without a PROTO opcode a loader assumes 0.
        write!(self.out, ",\"protocol\":{}", stream.declared_protocol.unwrap_or(0))?;
        write!(self.out, ",\"opcode_protocol\":{},\"status\":\"{status}\",\n\"root\":", stream.opcode_protocol)?;
        match stream.root {
            Some(root) => self.value(root)?,
            None => self.out.write_all(b"null")?,
        }
        for (name, edges) in
            [("stack", &stream.leftover), ("discarded", &roots[roots.len() - stream.discarded.len()..].to_vec())]
        {
            if edges.is_empty() {
                continue;
            }
            write!(self.out, ",\n\"{name}\":[")?;
            for (i, &edge) in edges.iter().enumerate() {
                self.out.write_all(if i > 0 { b"," } else { b"" })?;
                self.value(edge)?;
            }
            self.out.write_all(b"]")?;
        }
        self.out.write_all(b",\n\"objects\":{")?;
        let mut first = true;
        while let Some(node) = self.waiting.pop() {
            write!(self.out, "{}\n\"{}\":", if first { "" } else { "," }, node.0)?;
            first = false;
            self.run(vec![Task::Value(Edge::to(node), 0)], Some(node))?;
        }
        // A pickle written by the same Pickler may refer to the same objects; its table is its own.
        visited.into_iter().for_each(|node| self.marks[node.index()] = 0);
        self.out.write_all(b"}}")
    }

    /// Marks what is referred to more than once, and gives everything that can be reached.
    fn find_shared(&mut self, roots: &[Edge]) -> Vec<NodeId> {
        let mut visited: Vec<NodeId> = Vec::new();
        let mut stack: Vec<NodeId> = Vec::new();
        let mut visit = |edge: Edge, stack: &mut Vec<NodeId>| {
            let node = edge.node();
            let mark = &mut self.marks[node.index()];
            if *mark & SEEN != 0 {
                *mark |= TABLE;
            } else {
                *mark |= SEEN;
                stack.push(node);
            }
        };
        for &root in roots {
            visit(root, &mut stack);
            while let Some(node) = stack.pop() {
                visited.push(node);
                for child in self.graph.children(node) {
                    visit(child, &mut stack);
                }
            }
        }
        visited
    }

    fn value(&mut self, edge: Edge) -> io::Result<()> {
        self.run(vec![Task::Value(edge, 0)], None)
    }

    /// Writes tasks until none is left; `defining` is the object of the table that is being written.
    fn run(&mut self, mut tasks: Vec<Task<'a>>, defining: Option<NodeId>) -> io::Result<()> {
        let mut defining = defining;
        while let Some(task) = tasks.pop() {
            match task {
                Task::Text(text) => self.out.write_all(text.as_bytes())?,
                Task::Value(edge, depth) => {
                    let is_definition = defining.take().is_some();
                    if !is_definition && self.is_reference(edge.node(), depth) {
                        self.reference(edge.node())?;
                    } else {
                        self.node(edge.node(), depth, &mut tasks)?;
                    }
                }
                Task::Values { mut edges, pairs, first, depth } => {
                    let Some(edge) = edges.next() else { continue };
                    if !first {
                        self.out.write_all(b",")?;
                    }
                    let second = if pairs { edges.next() } else { None };
                    tasks.push(Task::Values { edges, pairs, first: false, depth });
                    if let Some(second) = second {
                        self.out.write_all(b"[")?;
                        tasks.push(Task::Text("]"));
                        tasks.push(Task::Value(second, depth));
                        tasks.push(Task::Text(","));
                    }
                    tasks.push(Task::Value(edge, depth));
                }
                Task::Steps { runs, node, next, depth } => self.step(runs, node, next, depth, &mut tasks)?,
            }
        }
        Ok(())
    }

    fn is_reference(&self, node: NodeId, depth: u32) -> bool {
        let shared = self.marks[node.index()] & TABLE != 0;
        match self.graph.node(node) {
            Node::None | Node::Bool(_) | Node::Int(_) | Node::Float(_) => false,
            // A name may be repeated; what was done to it may not.
            Node::Global(_) | Node::Extension(_) => shared && self.graph.runs(node).next().is_some(),
            Node::Text { span, .. } | Node::Bytes(span) | Node::LongBinary(span) | Node::LongText(span) => {
                shared && span.len() > SHORT
            }
            Node::Buffer(_) => shared,
            _ => shared || depth > DEPTH,
        }
    }

    fn reference(&mut self, node: NodeId) -> io::Result<()> {
        let mark = &mut self.marks[node.index()];
        if *mark & QUEUED == 0 {
            *mark |= QUEUED;
            self.waiting.push(node);
        }
        write!(self.out, "{{\"ref\":\"{}\"}}", node.0)
    }

    fn node(&mut self, node: NodeId, depth: u32, tasks: &mut Vec<Task<'a>>) -> io::Result<()> {
        let graph = self.graph;
        match graph.node(node) {
            Node::None => self.out.write_all(b"null"),
            Node::Bool(value) => write!(self.out, "{value}"),
            Node::Int(value) if value.unsigned_abs() < EXACT => write!(self.out, "{value}"),
            Node::Int(value) => write!(self.out, "{{\"type\":\"int\",\"value\":\"{value}\"}}"),
            Node::Float(value) => {
                write!(self.out, "{{\"type\":\"float\",\"value\":\"{}\"}}", opcode::repr_float(value))
            }
            Node::LongBinary(span) => self.long_binary(span),
            Node::LongText(span) => self.long_text(span),
            Node::Text { span, encoding } => self.text(span, encoding),
            Node::Bytes(span) => self.bytes("bytes", span),
            Node::ByteArray(span) => {
                self.steps(node, None, depth, tasks, "}");
                self.bytes_open("bytearray", span)
            }
            Node::Global(symbol) => {
                self.steps(node, None, depth, tasks, "}");
                self.global(symbol)
            }
            Node::ComputedGlobal { module, name } => {
                let field = (",\"name\":", name);
                self.fields("{\"type\":\"computed-global\",\"module\":", module, node, depth, tasks, Some(field))
            }
            Node::Tuple => self.items("tuple", node, Box::new(graph.items(node)), None, depth, tasks),
            Node::FrozenSet => self.items("frozenset", node, Box::new(graph.items(node)), None, depth, tasks),
            Node::List => self.container("list", node, RunKind::Items, depth, tasks),
            Node::Set => self.container("set", node, RunKind::Members, depth, tasks),
            Node::Dict => self.container("dict", node, RunKind::Pairs, depth, tasks),
            Node::Call { .. } => self.call(node, depth, tasks),
            Node::PersistentId(id) => self.fields("{\"type\":\"persistent-id\",\"id\":", id, node, depth, tasks, None),
            Node::Extension(code) => {
                self.steps(node, None, depth, tasks, "}");
                write!(self.out, "{{\"type\":\"extension\",\"code\":{code}")
            }
            Node::Buffer(index) => {
                self.steps(node, None, depth, tasks, "}");
                write!(self.out, "{{\"type\":\"buffer\",\"index\":{index}")
            }
            Node::ReadonlyBuffer(of) => {
                self.fields("{\"type\":\"readonly-buffer\",\"of\":", of, node, depth, tasks, None)
            }
            Node::InlineArray { wrapper, data } => {
                self.bytes_open("inline-array", data)?;
                self.fields(",\"wrapper\":", wrapper, node, depth, tasks, None)
            }
            Node::InlinePickle { wrapper, value } => {
                let field = (",\"value\":", value);
                self.fields("{\"type\":\"inline-pickle\",\"wrapper\":", wrapper, node, depth, tasks, Some(field))
            }
        }
    }

    fn fields(
        &mut self,
        open: &'static str,
        first: Edge,
        node: NodeId,
        depth: u32,
        tasks: &mut Vec<Task<'a>>,
        second: Option<(&'static str, Edge)>,
    ) -> io::Result<()> {
        self.steps(node, None, depth, tasks, "}");
        if let Some((name, value)) = second {
            tasks.push(Task::Value(value, depth + 1));
            tasks.push(Task::Text(name));
        }
        tasks.push(Task::Value(first, depth + 1));
        self.out.write_all(open.as_bytes())
    }

    fn container(
        &mut self,
        name: &str,
        node: NodeId,
        own: RunKind,
        depth: u32,
        tasks: &mut Vec<Task<'a>>,
    ) -> io::Result<()> {
        let edges = Box::new(self.graph.run_window(node, own, 0));
        self.items(name, node, edges, Some(own), depth, tasks)
    }

    fn items(
        &mut self,
        name: &str,
        node: NodeId,
        edges: Box<dyn Iterator<Item = Edge> + 'a>,
        own: Option<RunKind>,
        depth: u32,
        tasks: &mut Vec<Task<'a>>,
    ) -> io::Result<()> {
        write!(self.out, "{{\"type\":\"{name}\",\"items\":[")?;
        self.steps(node, own, depth, tasks, "}");
        tasks.push(Task::Text("]"));
        tasks.push(Task::Values { edges, pairs: own == Some(RunKind::Pairs), first: true, depth: depth + 1 });
        Ok(())
    }

    fn call(&mut self, node: NodeId, depth: u32, tasks: &mut Vec<Task<'a>>) -> io::Result<()> {
        let Node::Call { kind, callee, args, kwargs } = self.graph.node(node) else { return Ok(()) };
        write!(self.out, "{{\"type\":\"call\",\"opcode\":\"{}\",", kind.opcode_name())?;
        let shape = self.lens.shape(node);
        if let (ShapeKind::Scalar(_), Some(text)) = (shape.kind, &shape.text) {
            self.out.write_all(b"\"reading\":{\"type\":")?;
            self.string(&PyText::from(shape.full_name.as_str()))?;
            self.out.write_all(b",\"text\":")?;
            self.string(&PyText::from(text.as_str()))?;
            self.out.write_all(b"},")?;
        }
        self.out.write_all(b"\"callee\":")?;
        self.steps(node, None, depth, tasks, "}");
        if let Some(kwargs) = kwargs {
            tasks.push(Task::Value(kwargs, depth + 1));
            tasks.push(Task::Text(",\"kwargs\":"));
        }
        tasks.push(Task::Value(args, depth + 1));
        tasks.push(Task::Text(",\"args\":"));
        tasks.push(Task::Value(callee, depth + 1));
        Ok(())
    }

    /// Puts `close` behind what opcodes added to an object, its own items (of kind `own`) left out.
    fn steps(&self, node: NodeId, own: Option<RunKind>, depth: u32, tasks: &mut Vec<Task<'a>>, close: &'static str) {
        tasks.push(Task::Text(close));
        let mut before = [0_u64; 4];
        let mut runs = Vec::new();
        for run in self.graph.runs(node) {
            let length = self.graph.run_edges(run).len() as u64;
            let seen = &mut before[run.kind as usize];
            if Some(run.kind) != own {
                runs.push((run.kind, *seen, length));
            }
            *seen += length;
        }
        if !runs.is_empty() {
            tasks.push(Task::Steps { runs, node, next: 0, depth: depth + 1 });
        }
    }

    fn step(
        &mut self,
        runs: Vec<(RunKind, u64, u64)>,
        node: NodeId,
        next: usize,
        depth: u32,
        tasks: &mut Vec<Task<'a>>,
    ) -> io::Result<()> {
        let Some(&(kind, skip, length)) = runs.get(next) else { return self.out.write_all(b"]") };
        self.out.write_all(if next == 0 { b",\"steps\":[" } else { b"," })?;
        let open = match kind {
            RunKind::State => "{\"op\":\"state\",\"value\":",
            RunKind::Items => "{\"op\":\"append\",\"items\":[",
            RunKind::Pairs => "{\"op\":\"setitems\",\"items\":[",
            RunKind::Members => "{\"op\":\"add\",\"items\":[",
        };
        self.out.write_all(open.as_bytes())?;
        tasks.push(Task::Steps { runs, node, next: next + 1, depth });
        tasks.push(Task::Text(if kind == RunKind::State { "}" } else { "]}" }));
        let edges = Box::new(self.graph.run_window(node, kind, skip).take(length as usize));
        tasks.push(Task::Values { edges, pairs: kind == RunKind::Pairs, first: true, depth: depth + 1 });
        Ok(())
    }

    fn global(&mut self, symbol: crate::graph::SymbolId) -> io::Result<()> {
        let symbol = self.graph.symbols.get(symbol);
        self.out.write_all(b"{\"type\":\"global\",\"module\":")?;
        self.string(&PyText::from(symbol.module.as_str()))?;
        self.out.write_all(b",\"name\":")?;
        self.string(&PyText::from(symbol.name.as_str()))?;
        if let Some((module, name)) = &symbol.raw {
            self.out.write_all(b",\"raw_module\":")?;
            self.string(&PyText::from(module.as_str()))?;
            self.out.write_all(b",\"raw_name\":")?;
            self.string(&PyText::from(name.as_str()))?;
        }
        Ok(())
    }

    fn long_binary(&mut self, span: Span) -> io::Result<()> {
        match self.lens.payload(span) {
            Ok(bytes) if span.len() <= INT_BYTES => {
                write!(self.out, "{{\"type\":\"int\",\"value\":\"{}\"}}", opcode::long_bytes(&bytes))
            }
            Ok(bytes) => {
                self.out.write_all(b"{\"type\":\"int\",\"twos_complement\":\"")?;
                for byte in bytes.iter().rev() {
                    write!(self.out, "{byte:02x}")?;
                }
                self.out.write_all(b"\"}")
            }
            Err(reason) => self.unreadable(span, &reason),
        }
    }

    fn long_text(&mut self, span: Span) -> io::Result<()> {
        let read = self.lens.payload(span).and_then(|line| opcode::long_line(&line).map_err(|error| error.to_string()));
        match read {
            Ok(read) => write!(self.out, "{{\"type\":\"int\",\"value\":\"{}\"}}", read.value),
            Err(reason) => self.unreadable(span, &reason),
        }
    }

    fn text(&mut self, span: Span, encoding: TextEncoding) -> io::Result<()> {
        let bytes = match self.lens.payload(span) {
            Ok(bytes) => bytes,
            Err(reason) => return self.unreadable(span, &reason),
        };
        match encoding.decode(&bytes) {
            Ok(text) if encoding.is_python2() => {
                let bytes: Vec<u8> = text.code_points().map(|code| code as u8).collect();
                write!(self.out, "{{\"type\":\"python2-str\",\"base64\":\"{}\"}}", BASE64.encode(&bytes))
            }
            Ok(text) => self.string(&text),
            Err(reason) => self.unreadable(span, &reason),
        }
    }

    /// A payload that does not decode: its bytes and why.
    fn unreadable(&mut self, span: Span, reason: &str) -> io::Result<()> {
        self.out.write_all(b"{\"type\":\"unreadable\",\"reason\":")?;
        self.string(&PyText::from(reason))?;
        let bytes = self.lens.payload(span).unwrap_or_default();
        write!(self.out, ",\"base64\":\"{}\"}}", BASE64.encode(&bytes))
    }

    fn bytes(&mut self, name: &str, span: Span) -> io::Result<()> {
        self.bytes_open(name, span)?;
        self.out.write_all(b"}")
    }

    /// Bytes by pieces, with the object left open.
    fn bytes_open(&mut self, name: &str, span: Span) -> io::Result<()> {
        // A multiple of three bytes has no padding in base64.
        const PIECE: u64 = 48 * 1024;
        write!(self.out, "{{\"type\":\"{name}\",\"base64\":\"")?;
        let mut start = span.start;
        while start < span.end {
            let piece = Span::new(start, span.end).prefix(PIECE);
            let bytes = self.lens.payload(piece).map_err(io::Error::other)?;
            self.out.write_all(BASE64.encode(&bytes).as_bytes())?;
            start = piece.end;
        }
        self.out.write_all(b"\"")
    }

    /// A JSON string; lone surrogates are escapes, which JSON allows and Python's reader gives back.
    fn string(&mut self, text: &PyText<'_>) -> io::Result<()> {
        let mut escaped = String::with_capacity(text.as_bytes().len() + 2);
        escaped.push('"');
        for code in text.code_points() {
            match char::from_u32(code) {
                Some('"') => escaped.push_str("\\\""),
                Some('\\') => escaped.push_str("\\\\"),
                Some('\n') => escaped.push_str("\\n"),
                Some('\t') => escaped.push_str("\\t"),
                // What does not print could drive a terminal.
                Some(c) if opcode::is_printable(code) => escaped.push(c),
                Some(c) => {
                    let mut units = [0; 2];
                    c.encode_utf16(&mut units).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}")));
                }
                None => escaped.push_str(&format!("\\u{code:04x}")),
            }
        }
        escaped.push('"');
        self.out.write_all(escaped.as_bytes())
    }
}
