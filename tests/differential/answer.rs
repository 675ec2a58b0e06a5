//! What Picklescope says about one stream, in the form in which `scripts/differential/truth.py` writes what CPython says:
//! the value of each pickle as text without recursion, where it ends, and the problems.

use crate::ascii::ascii;
use picklescope::bytes::{Limits, MemorySource, Source, read_span};
use picklescope::export::{DisOptions, dis};
use picklescope::graph::{CallKind, Edge, Graph, Node, NodeId, RunKind, TextEncoding};
use picklescope::lens::{Attached, GraphView, Lens, Part, PartLabel, Python2Reading, found_in_values};
use picklescope::machine::{Problem, ProblemKind, Reading, Stream, read};
use picklescope::opcode;
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// How the loader is set up; the same bits as in `truth.py`.
pub(crate) const LATIN1: u8 = 4;
pub(crate) const BYTES: u8 = 8;
pub(crate) const LISTING: u8 = 32;

/// One pickle of the input.
#[derive(Debug, Default)]
pub(crate) struct Pickle {
    /// Offset after its last instruction.
    pub(crate) end: u64,
    /// Whether its STOP was reached.
    pub(crate) complete: bool,
    /// Whether keys or members that are equal were left out of the value.
    pub(crate) collapsed: bool,
    /// Its value.
    pub(crate) value: String,
}

/// One problem.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) offset: u64,
    /// Offset after the instruction it is about.
    pub(crate) end: u64,
    /// What CPython's C loader raises there, by what the problem says.
    pub(crate) raised: Option<String>,
    pub(crate) fatal: bool,
    pub(crate) opcode: &'static str,
    pub(crate) message: String,
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) pickles: Vec<Pickle>,
    pub(crate) said: Vec<Said>,
    pub(crate) listing: Option<String>,
}

pub(crate) fn answer(bytes: &[u8], flags: u8) -> Answer {
    let source = MemorySource::new(bytes.to_vec());
    let limits = Limits::default();
    let mut reading = read(&source, &limits, &mut |_, _| {});
    let attached = Attached::default();
    let python2 = match flags & (LATIN1 | BYTES) {
        LATIN1 => Python2Reading::Latin1,
        BYTES => Python2Reading::Bytes,
        _ => Python2Reading::Ascii,
    };
    let lens =
        Lens::new(GraphView { graph: &reading.graph, source: &source, limits: &limits, python2, attached: &attached });
    let values = Values { lens, changed: globals_changed(&reading.graph), collapsed: Cell::new(false) };
    let pickle = |stream: &Stream| Pickle {
        end: stream.span.end,
        complete: stream.complete,
        value: stream.root.filter(|_| stream.complete).map(|root| values.text(root)).unwrap_or_default(),
        collapsed: values.collapsed.take(),
    };
    let pickles = reading.streams.iter().map(pickle).collect();
    let found = found_in_values(&lens);
    reading.problems.insert(found, &reading.graph, limits.problems);
    let listing = (flags & LISTING != 0).then(|| {
        let mut out = Vec::new();
        let _ = dis(&source, &DisOptions::default(), &mut out);
        String::from_utf8_lossy(&out).into_owned()
    });
    Answer { pickles, said: said(&reading, &source, python2), listing }
}

impl Answer {
    /// One line each: `V end complete collapsed value`, `P offset end fatal opcode message TAB what C raises`, then the listing.
    pub(crate) fn to_text(&self) -> String {
        let mut out = String::new();
        for pickle in &self.pickles {
            let _ = writeln!(
                out,
                "V {} {} {} {}",
                pickle.end,
                u8::from(pickle.complete),
                u8::from(pickle.collapsed),
                pickle.value
            );
        }
        for problem in &self.said {
            let Said { offset, end, raised, fatal, opcode, message } = problem;
            let raised = raised.as_deref().unwrap_or("-").replace(['\t', '\n'], " ");
            let _ = writeln!(out, "P {offset} {end} {} {opcode} {message}\t{raised}", u8::from(*fatal));
        }
        if let Some(listing) = &self.listing {
            out.push_str("D\n");
            out.push_str(listing);
        }
        out
    }
}

fn said(reading: &Reading, source: &dyn Source, python2: Python2Reading) -> Vec<Said> {
    let limits = Limits::default();
    let said = |problem: &Problem| Said {
        offset: problem.offset,
        end: opcode::decode(source, problem.offset, &limits).map_or(source.len(), |found| found.span().end),
        raised: raised(problem, python2).map(|text| ascii(&text)),
        fatal: problem.fatal,
        opcode: problem.opcode.map_or("-", |opcode| opcode.info().name),
        message: problem.kind.to_string(),
    };
    reading.problems.list.iter().map(said).collect()
}

/// What a loader raises at a problem when it is told this encoding, by what the problem says.
fn raised(problem: &Problem, python2: Python2Reading) -> Option<String> {
    match &problem.kind {
        ProblemKind::NotAscii { .. } if python2 == Python2Reading::Ascii => {
            let message = problem.kind.to_string();
            message.split_once("CPython stops here: ").map(|(_, raised)| raised.to_owned())
        }
        ProblemKind::RefusedAsText(_) if python2 == Python2Reading::Bytes => None,
        _ => problem.raised().map(|raised| raised.to_string()),
    }
}

/// Module and name as the file spells them.
type Name = (Vec<u8>, Vec<u8>);

/// What opcodes did to globals, by the name of the global: a loader has one object for it, the graph a node for each use.
fn globals_changed(graph: &Graph) -> HashMap<Name, Vec<NodeId>> {
    let mut changed: HashMap<_, Vec<NodeId>> = HashMap::new();
    for id in graph.oddly_changed() {
        if let Some(name) = global_name(graph, id) {
            changed.entry(name).or_default().push(id);
        }
    }
    changed
}

fn global_name(graph: &Graph, id: NodeId) -> Option<Name> {
    match graph.node(id) {
        Node::Global(symbol) => {
            let symbol = graph.symbols.get(symbol);
            let (module, name) = symbol.spelled().unwrap_or((symbol.module.as_bytes(), symbol.name.as_bytes()));
            Some((module.to_vec(), name.to_vec()))
        }
        // As the loader of the other side is set up.
        Node::Extension(code @ 1..=4) => Some((b"extension".to_vec(), format!("code{code}").into_bytes())),
        _ => None,
    }
}

struct Values<'a> {
    lens: Lens<'a>,
    changed: HashMap<Name, Vec<NodeId>>,
    /// Whether a key or member was left out that another one is equal to.
    collapsed: Cell<bool>,
}

/// What is still to be written.
enum Work {
    Value(NodeId),
    Text(String),
}

impl Values<'_> {
    /// The value in prefix order. Containers are numbered as they are met, `@n` stands for one that was.
    fn text(&self, root: Edge) -> String {
        let mut out = String::new();
        let mut known: HashMap<NodeId, usize> = HashMap::new();
        let mut done: HashSet<Name> = HashSet::new();
        let mut work = vec![Work::Value(root.node())];
        while let Some(next) = work.pop() {
            let id = match next {
                Work::Text(text) => {
                    out.push_str(&text);
                    continue;
                }
                Work::Value(id) => self.transparent(id),
            };
            if let Some(name) = global_name(self.lens.graph, id) {
                let _ = write!(out, "g{}.{} ", name_hex(&name.0), name_hex(&name.1));
                if let Some(nodes) = self.changed.get(&name).filter(|_| done.insert(name.clone())) {
                    let first = work.len();
                    self.added(nodes, &mut work);
                    work[first..].reverse();
                }
                continue;
            }
            if let Some(atom) = self.atom(id) {
                out.push_str(&atom);
                continue;
            }
            let number = known.len();
            if let Some(number) = known.get(&id) {
                let _ = write!(out, "@{number} ");
                continue;
            }
            known.insert(id, number);
            let first = work.len();
            self.container(id, &mut out, &mut work);
            work[first..].reverse();
        }
        out
    }

    /// READONLY_BUFFER leaves what is read-only as it is.
    fn transparent(&self, mut id: NodeId) -> NodeId {
        while let Node::ReadonlyBuffer(inner) = self.lens.graph.node(id) {
            match self.lens.graph.node(inner.node()) {
                Node::Bytes(_) | Node::ReadonlyBuffer(_) => id = inner.node(),
                _ => break,
            }
        }
        id
    }

    /// Values whose identity nobody can see.
    fn atom(&self, id: NodeId) -> Option<String> {
        let graph = self.lens.graph;
        Some(match graph.node(id) {
            Node::None => "N ".to_owned(),
            Node::Bool(value) => if value { "T " } else { "F " }.to_owned(),
            Node::Int(value) => format!("i{value} "),
            Node::LongBinary(_) | Node::LongText(_) => {
                let scalar = self.lens.scalar(id, 1 << 20)?;
                if scalar.truncated || scalar.text.contains(|c: char| !c.is_ascii_digit() && c != '-') {
                    "ibig ".to_owned()
                } else {
                    format!("i{} ", scalar.text)
                }
            }
            Node::Float(value) => format!("f{:016x} ", value.to_bits()),
            Node::Text { .. } => self.string(id),
            Node::Bytes(span) => format!("b{} ", hex(&read_span(self.lens.source, span).unwrap_or_default())),
            Node::Tuple if graph.items(id).len() == 0 => "() ".to_owned(),
            Node::FrozenSet if graph.items(id).len() == 0 => "z0 ".to_owned(),
            _ => return None,
        })
    }

    fn string(&self, id: NodeId) -> String {
        let Node::Text { span, encoding } = self.lens.graph.node(id) else { return String::new() };
        let payload = read_span(self.lens.source, span).unwrap_or_default();
        let as_bytes = |payload: &[u8]| match encoding {
            TextEncoding::Python2Quoted => opcode::unescape(payload).unwrap_or_default(),
            _ => payload.to_vec(),
        };
        if encoding.is_python2() && self.lens.python2 == Python2Reading::Bytes {
            return format!("b{} ", hex(&as_bytes(&payload)));
        }
        match encoding.decode(&payload) {
            Ok(text) => format!("s{} ", hex(text.as_bytes())),
            Err(reason) => format!("!undecodable:{} ", reason.replace(' ', "_")),
        }
    }

    fn container(&self, id: NodeId, out: &mut String, work: &mut Vec<Work>) {
        let graph = self.lens.graph;
        let list = |name: &str, edges: Vec<NodeId>, out: &mut String, work: &mut Vec<Work>| {
            let _ = write!(out, "{name}{} ", edges.len());
            work.extend(edges.into_iter().map(Work::Value));
        };
        match graph.node(id) {
            Node::Tuple => list("t", self.children(id, &PartLabel::Index), out, work),
            Node::List => list("l", self.children(id, &PartLabel::Index), out, work),
            Node::Set | Node::FrozenSet => {
                let name = if graph.node(id) == Node::Set { "e" } else { "z" };
                let (members, tie) = self.members(id);
                list(&format!("{}{name}", if tie { "!tie " } else { "" }), members, out, work);
            }
            Node::Dict => {
                let pairs = self.pairs(id);
                let _ = write!(out, "d{} ", pairs.len());
                work.extend(pairs.into_iter().flat_map(|(key, value)| [Work::Value(key), Work::Value(value)]));
            }
            Node::ByteArray(_) => {
                let shown = self.lens.scalar(id, 1 << 20).map(|scalar| scalar.text).unwrap_or_default();
                let _ = write!(out, "y{} ", hex(shown.as_bytes()));
            }
            Node::Buffer(index) => {
                let _ = write!(out, "u{index} ");
                self.added(&[id], work);
            }
            Node::ReadonlyBuffer(inner) => {
                out.push_str("m ");
                work.push(Work::Value(inner.node()));
            }
            Node::PersistentId(of) => {
                out.push_str("p ");
                work.push(Work::Value(of.node()));
                self.added(&[id], work);
            }
            Node::Call { kind, callee, args, kwargs } => {
                let args: Vec<NodeId> = graph.items(args.node()).map(Edge::node).collect();
                let named = kwargs.map(|kwargs| self.pairs(kwargs.node())).unwrap_or_default();
                let _ =
                    write!(out, "{}{},{} ", self.call_word(kind, callee.node(), args.len()), args.len(), named.len());
                work.push(Work::Value(callee.node()));
                work.extend(args.into_iter().map(Work::Value));
                work.extend(named.into_iter().flat_map(|(key, value)| [Work::Value(key), Work::Value(value)]));
                self.added(&[id], work);
            }
            Node::ComputedGlobal { .. } => out.push_str("!computed "),
            Node::InlineArray { .. } | Node::InlinePickle { .. } => out.push_str("!array "),
            Node::Extension(code) => {
                let _ = write!(out, "x{code} ");
                self.added(&[id], work);
            }
            _ => out.push_str("!other "),
        }
    }

    /// OBJ and INST make an instance without calling the class when there are no arguments (`instantiate` in `_pickle.c`).
    fn call_word(&self, kind: CallKind, callee: NodeId, args: usize) -> char {
        match kind {
            CallKind::NewObj | CallKind::NewObjEx => 'n',
            CallKind::Obj | CallKind::Inst if args == 0 && global_name(self.lens.graph, callee).is_some() => 'n',
            _ => 'c',
        }
    }

    /// What later opcodes gave to objects that are not plain containers, in the order of the file.
    fn added(&self, nodes: &[NodeId], work: &mut Vec<Work>) {
        let graph = self.lens.graph;
        let mut runs = Vec::new();
        for &id in nodes {
            for (run, (at, _)) in graph.runs(id).zip(graph.run_offsets(id)) {
                runs.push((at, run));
            }
        }
        runs.sort_by_key(|&(at, _)| at);
        for (_, run) in runs {
            let edges: Vec<NodeId> = graph.run_edges(run).map(Edge::node).collect();
            let (word, stride) = match run.kind {
                RunKind::Items => ("+", 1),
                RunKind::Pairs => ("=", 2),
                RunKind::Members => ("&", 1),
                RunKind::State => ("%", 1),
            };
            for chunk in edges.chunks(stride) {
                work.push(Work::Text(format!("{word} ")));
                work.extend(chunk.iter().map(|&id| Work::Value(id)));
            }
        }
    }

    /// The children that are shown under one kind of label.
    fn children(&self, id: NodeId, label: &PartLabel) -> Vec<NodeId> {
        let parts = self.lens.shape(id).parts;
        let wanted = parts.iter().filter(|part| part.label == *label);
        wanted.flat_map(|part| self.window(part)).map(|(_, value)| value).collect()
    }

    fn window(&self, part: &Part) -> Vec<(Option<NodeId>, NodeId)> {
        if part.dropped() > 0 {
            self.collapsed.set(true);
        }
        let children = part.window(self.lens.graph, 0, usize::MAX >> 8);
        children.into_iter().map(|child| (child.key.map(Edge::node), child.value.node())).collect()
    }

    /// Keys and values in the order in which they are shown.
    fn pairs(&self, id: NodeId) -> Vec<(NodeId, NodeId)> {
        let parts = self.lens.shape(id).parts;
        let shown = parts.iter().filter(|part| part.label == PartLabel::Key).flat_map(|part| self.window(part));
        shown.filter_map(|(key, value)| Some((key?, value))).collect()
    }

    /// Members in an order of their own; and whether that order leaves anything open.
    fn members(&self, id: NodeId) -> (Vec<NodeId>, bool) {
        let shown = self.children(id, &PartLabel::Member).into_iter();
        let mut keyed: Vec<(String, NodeId)> = shown.map(|id| (self.order(id, 0), id)).collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        let tie = keyed.windows(2).any(|pair| pair[0].0 == pair[1].0);
        (keyed.into_iter().map(|(_, id)| id).collect(), tie)
    }

    /// A text to sort members by, the same on both sides.
    fn order(&self, id: NodeId, depth: usize) -> String {
        let graph = self.lens.graph;
        let id = self.transparent(id);
        if let Some((module, name)) = global_name(graph, id) {
            return format!("g{}.{} ", name_hex(&module), name_hex(&name));
        }
        match graph.node(id) {
            Node::Tuple if graph.items(id).len() > 0 && depth < 20 => {
                let items: String = graph.items(id).map(|item| self.order(item.node(), depth + 1)).collect();
                format!("({items}) ")
            }
            Node::FrozenSet if graph.items(id).len() > 0 && depth < 20 => {
                let (members, _) = self.members(id);
                let items: String = members.into_iter().map(|item| self.order(item, depth + 1)).collect();
                format!("{{{items}}} ")
            }
            _ => self.atom(id).unwrap_or_else(|| "o ".to_owned()),
        }
    }
}

/// A name with lone surrogates as Python's `backslashreplace` spells them.
fn name_hex(name: &[u8]) -> String {
    let mut out = Vec::new();
    let mut rest = name;
    while let Some(&first) = rest.first() {
        let surrogate = match *rest {
            [0xed, high @ 0xa0..=0xbf, low @ 0x80..=0xbf, ..] => {
                Some(0xd000 | u32::from(high & 0x3f) << 6 | u32::from(low & 0x3f))
            }
            _ => None,
        };
        match surrogate {
            Some(code) => out.extend(format!("\\u{code:04x}").bytes()),
            None => out.push(first),
        }
        rest = &rest[if surrogate.is_some() { 3 } else { 1 }..];
    }
    hex(&out)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
