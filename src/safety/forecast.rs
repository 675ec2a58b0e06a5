//! What torch's own restricted loader would say: would `torch.load(weights_only=True)` take this pickle, and if not, what
//! stops it.
//!
//! The rules are those of torch 2.6, the first version in which they are the default (`torch/_weights_only_unpickler.py`):
//! a subset of the opcodes, a list of globals by name (`names/data/torch_allowed.tsv`), calls of these only, BUILD on
//! instances of these and APPEND on lists only, persistent ids of storages only. Where other versions differ, the reason
//! says so.

use super::names::is_allowed_by_torch;
use crate::bytes::{Span, read_span, sorting};
use crate::graph::{CallKind, Edge, Graph, Node, NodeId, RunKind, Symbol};
use crate::lens::{Dtype, Kind, Lens};
use crate::machine::{Raised, Reading, map_to_python3};
use crate::opcode::{Arg, Opcode, decode};

/// Stops that are kept.
const STOPS: usize = 100;

/// What `torch.load(weights_only=True)` would make of a pickle.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Forecast {
    /// Whether it takes it, whatever the version from 2.6 on.
    pub accepts: bool,
    /// What stops it, in the order of the file; the loader gets to the first. At most a hundred.
    pub stops: Vec<Stop>,
    /// The globals that `torch.serialization.add_safe_globals` would have to be given.
    pub needs: Vec<String>,
    /// Whether more than those stands in the way.
    pub is_final: bool,
}

/// What the loader does not take.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    /// Offset of the instruction.
    pub offset: u64,
    /// Its opcode.
    pub opcode: &'static str,
    /// The global that it is about, if it is about one.
    pub name: String,
    /// Why, in words.
    pub reason: String,
}

impl Stop {
    /// What torch's loader raises there, where that is in its own words; else why it does.
    #[must_use]
    pub fn message(&self) -> String {
        let module = self.name.split('.').next().unwrap_or_default();
        match Opcode::ALL.iter().find(|opcode| opcode.name() == self.opcode) {
            Some(opcode) if !torch_knows(*opcode) => {
                format!("UnpicklingError: Unsupported operand {}", opcode.info().byte)
            }
            // A name that does not decode.
            Some(Opcode::Global) if self.name.is_empty() => self.reason.clone(),
            Some(Opcode::Global) if NEVER.contains(&module) => format!(
                "UnpicklingError: Trying to load unsupported GLOBAL {} whose module {module} is blocked.",
                self.name
            ),
            Some(Opcode::Global) => format!(
                "UnpicklingError: Unsupported global: GLOBAL {} was not an allowed global by default.",
                self.name.strip_prefix("builtins.").unwrap_or(&self.name)
            ),
            _ => self.reason.clone(),
        }
    }
}

impl Forecast {
    /// One sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Some(first) = self.stops.first() else {
            return "torch.load(weights_only=True) takes it, as far as its rules go (torch 2.6 and later).".to_owned();
        };
        if self.is_final {
            let stop = format!("{} at offset {}: {}", first.opcode, first.offset, first.reason);
            return format!("torch.load(weights_only=True) refuses it; it stops at {stop}.");
        }
        let names = self.needs.iter().take(8).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = self.needs.len().saturating_sub(8);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("torch.load(weights_only=True) refuses it unless add_safe_globals names {names}{more}.")
    }
}

/// Says what `torch.load(weights_only=True)` would make of a reading. `lens` reads the same graph.
#[must_use]
pub fn forecast(reading: &Reading, lens: &Lens<'_>) -> Forecast {
    let mut forecaster = Forecaster { reading, lens: *lens, graph: &reading.graph, out: Forecast::default() };
    forecaster.opcodes();
    forecaster.globals();
    forecaster.calls();
    forecaster.changes();
    forecaster.damage();
    let mut out = forecaster.out;
    sorting::by_key(&mut out.stops, |stop| stop.offset);
    out.stops.truncate(STOPS);
    out.accepts = out.stops.is_empty();
    out
}

struct Forecaster<'a> {
    reading: &'a Reading,
    lens: Lens<'a>,
    graph: &'a Graph,
    out: Forecast,
}

/// Why SETITEM(S) on anything else is refused.
const ITEMS_OF_DICTS: &str = "since torch 2.10 items are set in dicts only";

/// Modules of which nothing is taken, whatever the loading program adds (since 2.4).
const NEVER: [&str; 4] = ["sys", "os", "posix", "nt"];

/// Whether the loader knows an opcode.
#[must_use]
pub fn torch_knows(opcode: Opcode) -> bool {
    use Opcode::{
        Append, Appends, BinFloat, BinGet, BinInt, BinInt1, BinInt2, BinPersId, BinPut, BinUnicode, Build, EmptyDict,
        EmptyList, EmptySet, EmptyTuple, Global, Long1, LongBinGet, LongBinPut, Mark, NewFalse, NewObj, NewTrue, None,
        Proto, Reduce, SetItem, SetItems, ShortBinString, Stop, Tuple, Tuple1, Tuple2, Tuple3,
    };
    matches!(
        opcode,
        Append
            | Appends
            | BinFloat
            | BinGet
            | BinInt
            | BinInt1
            | BinInt2
            | BinPersId
            | BinPut
            | BinUnicode
            | Build
            | EmptyDict
            | EmptyList
            | EmptySet
            | EmptyTuple
            | Global
            | Long1
            | LongBinGet
            | LongBinPut
            | Mark
            | NewFalse
            | NewObj
            | NewTrue
            | None
            | Proto
            | Reduce
            | SetItem
            | SetItems
            | ShortBinString
            | Stop
            | Tuple
            | Tuple1
            | Tuple2
            | Tuple3
    )
}

impl Forecaster<'_> {
    /// Notes what stops the loader; what only a missing name does is not final.
    fn stop(&mut self, offset: u64, opcode: &'static str, name: &str, reason: String) {
        self.out.is_final = true;
        self.keep(offset, opcode, name, reason);
    }

    fn keep(&mut self, offset: u64, opcode: &'static str, name: &str, reason: String) {
        // Each kind of stop comes in its own pass, in order: the first ones of each are enough.
        let alike = self.out.stops.iter().filter(|stop| stop.opcode == opcode).count();
        if alike < STOPS {
            self.out.stops.push(Stop { offset, opcode, name: name.to_owned(), reason });
        }
    }

    /// The opcodes that it does not know, each where it comes first.
    fn opcodes(&mut self) {
        let mut seen = [false; 256];
        for stream in &self.reading.streams {
            let mut offset = stream.span.start;
            while offset < stream.span.end {
                let Ok(instruction) = decode(self.lens.source, offset, self.lens.limits) else { break };
                let opcode = instruction.opcode;
                if let (Opcode::ShortBinString, Arg::Payload(text)) = (opcode, &instruction.arg) {
                    self.python2_text(offset, *text);
                }
                let known = std::mem::replace(&mut seen[opcode as usize], true);
                if !known && !torch_knows(opcode) {
                    let name = opcode.info().name;
                    let reason = match opcode.info().proto {
                        protocol @ 3.. => format!("{name}, an opcode of protocol {protocol}, is not one that it knows"),
                        _ => format!("{name} is not one of the opcodes that it knows"),
                    };
                    self.stop(offset, name, "", reason);
                }
                offset = instruction.end;
            }
        }
    }

    /// torch.load has `str` of Python 2 decoded as UTF-8.
    fn python2_text(&mut self, offset: u64, text: Span) {
        let is_text = read_span(self.lens.source, text).is_ok_and(|bytes| std::str::from_utf8(&bytes).is_ok());
        if !is_text {
            let reason = "a str of Python 2 that is no UTF-8; torch.load takes it with encoding='latin1'".to_owned();
            self.stop(offset, "SHORT_BINSTRING", "", reason);
        }
    }

    fn globals(&mut self) {
        let graph = self.graph;
        for symbol in graph.symbols.iter() {
            // Names that other opcodes give are not looked up at all.
            if !self.is_by_global(symbol) {
                continue;
            }
            if let Some(raised) = undecoded(symbol) {
                self.stop(symbol.offset, "GLOBAL", "", raised);
                continue;
            }
            let (module, name) = torch_name(symbol);
            let full = format!("{module}.{name}");
            if NEVER.contains(&module) {
                let reason = format!("nothing of the module {module} is taken, whatever is added");
                self.stop(symbol.offset, "GLOBAL", &full, reason);
            } else if !is_allowed_by_torch(&full) {
                self.keep(symbol.offset, "GLOBAL", &full, format!("{full} is not one of the globals that it takes"));
                if !self.out.needs.contains(&full) && self.out.needs.len() < STOPS {
                    self.out.needs.push(full);
                }
            }
        }
    }

    fn is_by_global(&self, symbol: &Symbol) -> bool {
        matches!(decode(self.lens.source, symbol.offset, self.lens.limits), Ok(found) if found.opcode == Opcode::Global)
    }

    /// Calls of anything but a global that was taken, and persistent ids.
    fn calls(&mut self) {
        let graph = self.graph;
        for id in graph.reaching_out() {
            match graph.node(id) {
                Node::Call { callee, kind, .. } if !matches!(graph.node(callee.node()), Node::Global(_)) => {
                    let reason = match kind {
                        CallKind::Reduce => "it calls what is no global",
                        _ => "it makes an instance of what is no global",
                    };
                    self.stop(graph.offset(id), kind.opcode_name(), "", reason.to_owned());
                }
                Node::PersistentId(edge) if !self.is_storage_id(edge) => {
                    let reason = "only persistent ids of storages are taken".to_owned();
                    self.stop(graph.offset(id), "BINPERSID", "", reason);
                }
                _ => {}
            }
        }
    }

    /// Whether all versions take the id: 2.6 refuses an int and takes any text, later ones the other way round.
    fn is_storage_id(&self, edge: Edge) -> bool {
        match self.graph.node(edge.node()) {
            Node::Tuple => match self.graph.items(edge.node()).next() {
                Some(first) => self.lens.string(first).as_deref() == Some("storage"),
                None => true,
            },
            _ => false,
        }
    }

    /// BUILD, APPEND(S) and SETITEM(S) on what does not take them.
    fn changes(&mut self) {
        let graph = self.graph;
        if let Some(&offset) = self.reading.list_items_set.first() {
            self.stop(offset, "SETITEM", "", ITEMS_OF_DICTS.to_owned());
        }
        let idle = &self.reading.idle;
        let refused = idle.iter().find_map(|idle| Some((idle.offset, self.refused(idle.target, idle.kind)?)));
        if let Some((offset, (opcode, reason))) = refused {
            self.stop(offset, opcode, "", reason);
        }
        let odd = graph.oddly_changed();
        let others = (0..graph.len() as u32)
            .map(NodeId)
            .filter(|&id| matches!(graph.node(id), Node::List | Node::Dict | Node::Set | Node::Call { .. }));
        for id in others.chain(odd) {
            let refused =
                graph.runs(id).enumerate().find_map(|(index, run)| Some((index, self.refused(id, run.kind)?)));
            if let Some((index, (opcode, reason))) = refused {
                let offset = graph.run_offsets(id).get(index).map_or(graph.offset(id), |run| run.0);
                self.stop(offset, opcode, "", reason);
            } else {
                self.dtype(id);
            }
        }
    }

    /// BUILD asks for the class of what it fills, and since numpy 1.25 each kind of dtype has one.
    fn dtype(&mut self, id: NodeId) {
        if self.made_by(id).as_deref() != Some("numpy.dtype") {
            return;
        }
        let Some(class) = self.lens.dtype(Edge::to(id)).and_then(|dtype| dtype_class(&dtype)) else { return };
        let full = format!("numpy.dtypes.{class}");
        if !is_allowed_by_torch(&full) && !self.out.needs.contains(&full) && self.out.needs.len() < STOPS {
            let runs = self.graph.run_offsets(id);
            let offset = runs.first().map_or(self.graph.offset(id), |run| run.0);
            self.keep(
                offset,
                "BUILD",
                &full,
                format!("{full} is not one of the classes that it fills (numpy 1.25 and later)"),
            );
            self.out.needs.push(full);
        }
    }

    /// Why a change of that kind is refused, if it is.
    fn refused(&self, id: NodeId, kind: RunKind) -> Option<(&'static str, String)> {
        let node = self.graph.node(id);
        let made_by = self.made_by(id);
        let made_by = made_by.as_deref();
        match kind {
            RunKind::Items => {
                let is_list = node == Node::List || made_by == Some("builtins.list");
                (!is_list).then(|| ("APPEND", "only lists are appended to".to_owned()))
            }
            RunKind::Pairs => {
                let dicts = ["builtins.dict", "collections.OrderedDict", "collections.Counter"];
                let is_dict = node == Node::Dict || made_by.is_some_and(|name| dicts.contains(&name));
                (!is_dict).then(|| ("SETITEM", ITEMS_OF_DICTS.to_owned()))
            }
            RunKind::State => {
                let takes = match node {
                    Node::Call { .. } => !matches!(made_by, Some("_codecs.encode" | "torch.serialization._get_layout")),
                    Node::PersistentId(_) | Node::Set => true,
                    _ => false,
                };
                let reason = "BUILD fills tensors, parameters, OrderedDicts and instances of the globals taken only";
                (!takes).then(|| ("BUILD", reason.to_owned()))
            }
            // ADDITEMS is no opcode that it knows.
            RunKind::Members => None,
        }
    }

    /// The global whose call a node is.
    fn made_by(&self, id: NodeId) -> Option<String> {
        let Node::Call { callee, .. } = self.graph.node(id) else { return None };
        let Node::Global(symbol) = self.graph.node(callee.node()) else { return None };
        let (module, name) = torch_name(self.graph.symbols.get(symbol));
        Some(format!("{module}.{name}"))
    }

    fn damage(&mut self) {
        if let Some(problem) = self.reading.problems.fatal() {
            let opcode = problem.opcode.map_or("", |opcode| opcode.info().name);
            self.stop(problem.offset, opcode, "", "the reading stops there".to_owned());
        }
    }
}

/// The class of a dtype in `numpy.dtypes`.
fn dtype_class(dtype: &Dtype) -> Option<String> {
    let bits = dtype.itemsize.checked_mul(8)?;
    Some(match dtype.kind {
        Kind::Bool => "BoolDType".to_owned(),
        Kind::Int => format!("Int{bits}DType"),
        Kind::Uint => format!("UInt{bits}DType"),
        Kind::Float if bits > 64 => "LongDoubleDType".to_owned(),
        Kind::Float => format!("Float{bits}DType"),
        Kind::Complex if bits > 128 => "CLongDoubleDType".to_owned(),
        Kind::Complex => format!("Complex{bits}DType"),
        Kind::Datetime => "DateTime64DType".to_owned(),
        Kind::Timedelta => "TimeDelta64DType".to_owned(),
        Kind::Bytes => "BytesDType".to_owned(),
        Kind::Text => "StrDType".to_owned(),
        Kind::Void | Kind::Struct | Kind::Subarray => "VoidDType".to_owned(),
        Kind::Object => "ObjectDType".to_owned(),
        Kind::Brain | Kind::Float8(_) | Kind::Other => return None,
    })
}

/// What Python raises for a name that is no UTF-8.
fn undecoded(symbol: &Symbol) -> Option<String> {
    let (module, name) = symbol.spelled()?;
    let wrong = |line: &[u8]| {
        let position = std::str::from_utf8(line).err()?.valid_up_to();
        Some(Raised::utf8(&line[position..], position as u64).to_string())
    };
    wrong(module).or_else(|| wrong(name))
}

/// Module and name as torch looks them up: as Python 3 has them, whatever the protocol.
fn torch_name(symbol: &Symbol) -> (&str, &str) {
    map_to_python3(&symbol.module, &symbol.name)
}
