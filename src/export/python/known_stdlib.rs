//! Calls of the standard library in their constructors' words.

use super::maker::Maker;
use super::names::is_identifier;
use super::plan::{Item, Plan, elided};
use crate::graph::{CallKind, Edge, Node, NodeId, RunKind, Symbol};
use crate::lens::{Call, ShapeKind};
use crate::opcode::{self, PyText};

/// A text as a literal.
fn quoted(text: &str) -> Plan {
    Plan::string(opcode::repr_str(&PyText::from(text)))
}

fn number(value: impl ToString) -> Plan {
    Plan::number(value.to_string())
}

impl<'a> Maker<'a> {
    /// A call of a known type with everything that was added to the result.
    pub(super) fn known_call(&self, id: NodeId) -> Option<Plan> {
        let call = self.lens.call(id)?;
        let bare = self.graph.runs(id).next().is_none();
        let Some(symbol) = call.symbol else { return if bare { self.computed(&call) } else { None } };
        let callee = || Plan::Edge(call.callee);
        match symbol.module.as_str() {
            "collections" => self.collection(&call, symbol),
            "functools" if symbol.name == "partial" => self.partial(&call),
            "uuid" if symbol.name == "UUID" => Some(Plan::call(callee(), vec![self.shape_text(id)?])),
            "copyreg" => self.reconstructed(&call),
            _ if !bare => None,
            "builtins" => self.builtin(&call, symbol),
            "datetime" => self.time(&call, symbol),
            "_codecs" => Some(self.bytes_literal(&self.lens.bytes_of(Edge::to(id))?)),
            "pathlib" | "pathlib._local" | "ipaddress" => {
                matches!(self.lens.shape(id).kind, ShapeKind::Scalar(_)).then_some(())?;
                Some(Plan::call(callee(), vec![self.shape_text(id)?]))
            }
            "re" if symbol.name == "_compile" => self.regex(&call),
            "zoneinfo" if symbol.name == "ZoneInfo._unpickle" => self.zone(&call),
            "numpy" => self.numpy(id),
            module if module.starts_with("numpy.") => self.numpy(id),
            _ => None,
        }
    }

    fn shape_text(&self, id: NodeId) -> Option<Plan> {
        Some(quoted(&self.lens.shape(id).text?))
    }

    /// The values of a list or tuple that is used here only.
    fn own_values(&self, edge: Edge) -> Option<(Vec<Edge>, u64)> {
        let id = edge.node();
        let runs_are_items = || self.graph.runs(id).all(|run| run.kind == RunKind::Items);
        match self.graph.node(id) {
            Node::List if !edge.is_fetched() && runs_are_items() => {
                Some((self.window(id, RunKind::Items), self.graph.run_length(id, RunKind::Items)))
            }
            Node::Tuple if !edge.is_fetched() && self.graph.runs(id).next().is_none() => {
                let total = self.graph.items(id).len() as u64;
                Some((self.graph.items(id).take(self.budget.items).collect(), total))
            }
            _ => None,
        }
    }

    fn builtin(&self, call: &Call<'_>, symbol: &Symbol) -> Option<Plan> {
        match (symbol.name.as_str(), &call.args[..]) {
            ("set", &[items]) if self.own_values(items).is_some_and(|(_, total)| total > 0) => {
                let (edges, total) = self.own_values(items)?;
                Some(Plan::group("{", self.values(edges, total), "}"))
            }
            ("set" | "frozenset", &[items]) => {
                let (edges, total) = self.own_values(items)?;
                let set = (total > 0).then(|| Plan::group("{", self.values(edges, total), "}"));
                Some(Plan::call(Plan::Edge(call.callee), set.into_iter().collect()))
            }
            ("bytes", _) => Some(self.bytes_literal(&self.lens.bytes_of(Edge::to(call.id))?)),
            ("bytearray", &[text, encoding])
                if matches!(self.lens.string(encoding)?.as_str(), "latin1" | "latin-1") =>
            {
                let bytes: Option<Vec<u8>> =
                    self.lens.string(text)?.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
                Some(Plan::call(Plan::Edge(call.callee), vec![self.bytes_literal(&bytes?)]))
            }
            ("getattr", &[object, name]) => self.attribute(object, name),
            _ => None,
        }
    }

    /// `getattr(Class, 'name')` as `Class.name`.
    fn attribute(&self, object: Edge, name: Edge) -> Option<Plan> {
        let name = self.lens.string(name).filter(|name| is_identifier(name))?;
        self.lens.symbol(object)?;
        Some(Plan::Seq(vec![Plan::Edge(object), Plan::plain(format!(".{name}"))]))
    }

    fn collection(&self, call: &Call<'_>, symbol: &Symbol) -> Option<Plan> {
        let id = call.id;
        let only = |kind: RunKind| self.graph.runs(id).all(|run| run.kind == kind);
        let callee = || Plan::Edge(call.callee);
        let pairs = || (self.window(id, RunKind::Pairs), self.graph.run_length(id, RunKind::Pairs));
        match (symbol.name.as_str(), &call.args[..]) {
            ("OrderedDict", []) if only(RunKind::Pairs) && call.kind == CallKind::Reduce => {
                let (edges, total) = pairs();
                if edges.is_empty() {
                    return Some(Plan::call(callee(), Vec::new()));
                }
                let tuple = |pair: &[Edge]| Item::from(Plan::tuple(vec![Plan::Edge(pair[0]), Plan::Edge(pair[1])]));
                let mut items: Vec<Item> = edges.chunks_exact(2).map(tuple).collect();
                let left = (total / 2).saturating_sub(items.len() as u64);
                if left > 0 {
                    items.push(Plan::Seq(vec![Plan::plain("*"), elided(left)]).into());
                }
                Some(Plan::call(callee(), vec![Plan::group("[", items, "]")]))
            }
            ("defaultdict", factory) if only(RunKind::Pairs) && factory.len() < 2 && call.kind == CallKind::Reduce => {
                let (edges, total) = pairs();
                let mut arguments: Vec<Plan> = factory.iter().map(|&edge| Plan::Edge(edge)).collect();
                if !edges.is_empty() {
                    if arguments.is_empty() {
                        arguments.push(Plan::plain("None"));
                    }
                    arguments.push(self.dict(&edges, total));
                }
                Some(Plan::call(callee(), arguments))
            }
            ("deque", arguments) if only(RunKind::Items) && call.kind == CallKind::Reduce => {
                let edges = self.window(id, RunKind::Items);
                let is_empty = |edge: Edge| self.own_values(edge).is_some_and(|(_, total)| total == 0);
                if edges.is_empty() || !arguments.first().is_none_or(|&edge| is_empty(edge)) {
                    return edges.is_empty().then(|| self.make(id));
                }
                let items = self.list(edges, self.graph.run_length(id, RunKind::Items));
                let rest = arguments.iter().skip(1).map(|&edge| Item::keyword("maxlen", Plan::Edge(edge)));
                let items = std::iter::once(items.into()).chain(rest).collect();
                Some(Plan::Seq(vec![callee(), Plan::group("(", items, ")")]))
            }
            _ => None,
        }
    }

    fn partial(&self, call: &Call<'_>) -> Option<Plan> {
        let states: Vec<Edge> = self.lens.states(call.id).collect();
        let &[state] = &states[..] else { return None };
        if state.is_fetched() || self.graph.runs(call.id).any(|run| run.kind != RunKind::State) {
            return None;
        }
        let state: Vec<Edge> = self.graph.items(state.node()).collect();
        let &[function, args, kwargs, attributes] = &state[..] else { return None };
        let is_empty = |edge: Edge| match self.graph.node(edge.node()) {
            Node::None => true,
            Node::Dict => self.graph.runs(edge.node()).next().is_none(),
            _ => false,
        };
        if !is_empty(attributes) {
            return None;
        }
        let mut items = vec![Item::from(Plan::Edge(function))];
        items.extend(self.arguments(args));
        if !is_empty(kwargs) {
            items.extend(self.keywords(kwargs));
        }
        Some(Plan::Seq(vec![Plan::Edge(call.callee), Plan::group("(", items, ")")]))
    }

    /// `copyreg._reconstructor(UUID, object, None)` is the one with a constructor's words.
    fn reconstructed(&self, call: &Call<'_>) -> Option<Plan> {
        let &[class, _, _] = &call.args[..] else { return None };
        if !self.lens.symbol(class)?.is("uuid", "UUID") {
            return None;
        }
        let shape = self.lens.shape(call.id);
        matches!(shape.kind, ShapeKind::Scalar(_)).then_some(())?;
        Some(Plan::call(Plan::Edge(class), vec![quoted(&shape.text?)]))
    }

    fn regex(&self, call: &Call<'_>) -> Option<Plan> {
        let &[pattern, flags] = &call.args[..] else { return None };
        // Text is matched as Unicode without being told.
        let is_text = matches!(self.graph.node(pattern.node()), Node::Text { .. });
        let flags = self.lens.int(flags)? & !if is_text { 32 } else { 0 };
        let callee = Plan::member("re", "compile");
        let mut arguments = vec![Plan::Edge(pattern)];
        if flags != 0 {
            arguments.push(regex_flags(flags));
        }
        Some(Plan::call(callee, arguments))
    }

    /// Callees that are made by calls themselves.
    fn computed(&self, call: &Call<'_>) -> Option<Plan> {
        let maker = self.lens.call(call.callee.node())?;
        let &[object, name] = &maker.args[..] else { return None };
        let is_zone = maker.symbol?.is("builtins", "getattr") && self.lens.symbol(object)?.is("zoneinfo", "ZoneInfo");
        if is_zone && self.lens.string(name)? == "_unpickle" { self.zone(call) } else { None }
    }

    fn zone(&self, call: &Call<'_>) -> Option<Plan> {
        let &[key, cached] = &call.args[..] else { return None };
        let name = if self.lens.int(cached)? != 0 { "ZoneInfo" } else { "ZoneInfo.no_cache" };
        Some(Plan::call(Plan::import("zoneinfo", name), vec![Plan::Edge(key)]))
    }

    fn time(&self, call: &Call<'_>, symbol: &Symbol) -> Option<Plan> {
        let callee = Plan::Edge(call.callee);
        match symbol.name.as_str() {
            "timedelta" => {
                let &[days, seconds, micros] = &call.args[..] else { return None };
                let parts = [("days", days), ("seconds", seconds), ("microseconds", micros)];
                let mut items = Vec::new();
                for (name, edge) in parts {
                    let value = self.lens.int(edge)?;
                    if value != 0 {
                        items.push(Item::keyword(name, number(value)));
                    }
                }
                if items.is_empty() {
                    items.push(number(0).into());
                }
                Some(Plan::Seq(vec![callee, Plan::group("(", items, ")")]))
            }
            "timezone" => {
                let &[offset] = &call.args[..] else { return None };
                let maker = self.lens.call(offset.node())?;
                let is_zero = |&edge: &Edge| self.lens.int(edge) == Some(0);
                let is_utc = maker.symbol?.is("datetime", "timedelta") && maker.args.iter().all(is_zero);
                is_utc.then(|| Plan::Seq(vec![callee, Plan::plain(".utc")]))
            }
            "date" | "time" | "datetime" => {
                // What does not read as a time stays bytes.
                matches!(self.lens.shape(call.id).kind, ShapeKind::Scalar(_)).then_some(())?;
                let bytes = self.lens.bytes_of(*call.args.first()?)?;
                let mut items = time_items(&symbol.name, &bytes)?;
                let fold = match symbol.name.as_str() {
                    "time" => bytes[0] & 0x80 != 0,
                    _ => bytes[2] & 0x80 != 0,
                };
                items.extend(call.args.get(1).map(|&zone| Item::keyword("tzinfo", Plan::Edge(zone))));
                if fold {
                    items.push(Item::keyword("fold", number(1)));
                }
                Some(Plan::Seq(vec![callee, Plan::group("(", items, ")")]))
            }
            _ => None,
        }
    }

    /// Scalars and dtypes of numpy, which their lens reads in one line.
    fn numpy(&self, id: NodeId) -> Option<Plan> {
        let shape = self.lens.shape(id);
        let text = shape.text?;
        if !matches!(shape.kind, ShapeKind::Scalar(_)) || text.contains('…') {
            return None;
        }
        let name = shape.full_name.strip_prefix("numpy.").filter(|name| is_identifier(name))?;
        let callee = Plan::member("numpy", name.to_owned());
        let is_number = text.parse::<f64>().is_ok_and(f64::is_finite) || text == "True" || text == "False";
        let argument = if is_number || text.starts_with(['\'', '"']) || text.starts_with("b'") {
            Plan::number(text)
        } else {
            quoted(&text)
        };
        Some(Plan::call(callee, vec![argument]))
    }
}

/// Flags by the names that `re` has for them; those without one as a number.
fn regex_flags(flags: i64) -> Plan {
    let names = [(2, "IGNORECASE"), (4, "LOCALE"), (8, "MULTILINE"), (16, "DOTALL"), (64, "VERBOSE"), (256, "ASCII")];
    let mut parts: Vec<Plan> = Vec::new();
    let mut rest = flags;
    for (bit, name) in names.into_iter().filter(|(bit, _)| flags & bit != 0) {
        parts.push(Plan::member("re", name));
        rest &= !bit;
    }
    if rest != 0 {
        parts.push(number(rest));
    }
    let mut alternatives = Vec::new();
    for part in parts {
        if !alternatives.is_empty() {
            alternatives.push(Plan::plain(" | "));
        }
        alternatives.push(part);
    }
    Plan::Seq(alternatives)
}

/// The arguments of `date`, `time` and `datetime` as their repr has them.
fn time_items(name: &str, bytes: &[u8]) -> Option<Vec<Item>> {
    let (date, time) = match (name, bytes.len()) {
        ("date", 4) => (Some(bytes), None),
        ("time", 6) => (None, Some(bytes)),
        ("datetime", 10) => (Some(&bytes[..4]), Some(&bytes[4..])),
        _ => return None,
    };
    let mut numbers: Vec<u32> = Vec::new();
    if let Some(&[high, low, month, day]) = date {
        numbers.extend([u32::from(high) << 8 | u32::from(low), u32::from(month & 0x7f), u32::from(day)]);
    }
    if let Some(&[hour, minute, second, high, middle, low]) = time {
        let micro = u32::from_be_bytes([0, high, middle, low]);
        let hour = if name == "time" { hour & 0x7f } else { hour };
        numbers.extend([u32::from(hour), u32::from(minute)]);
        if second != 0 || micro != 0 {
            numbers.push(u32::from(second));
        }
        if micro != 0 {
            numbers.push(micro);
        }
    }
    Some(numbers.into_iter().map(|value| number(value).into()).collect())
}
